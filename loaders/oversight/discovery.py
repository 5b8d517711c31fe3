"""The Oversight Framework csvs that a page of NHS England links to.

One page links to all of them, by names such as
``nhs-oversight-framework-acute-trust-data-q3-25-26-v2.csv``. They are few and small,
and a file says its own quarter, so each is looked at in every run.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from loaders.cancer.discovery import Web
from loaders.cancer.links import Link, absolute, is_document, links
from loaders.errors import Failed, HindcastError, UsageError
from loaders.files import Problem, Skipped
from loaders.files.http import file_name
from loaders.model import Period, SourceFile
from loaders.oversight.read import named
from loaders.periods import period_in_name

Found = SourceFile | Problem | Skipped

_OURS = re.compile(r"oversight[-_ ]framework.*\.csv$", re.IGNORECASE)


def discover(
    client: Web,
    start_url: str,
    *,
    periods: Sequence[Period] = (),
    limit: int | None = None,
    known_urls: Collection[str] = frozenset(),
) -> Iterator[Found]:
    """Finds and fetches the csvs.

    Args:
        client: Fetches pages and files.
        start_url: The page that links to them, or one of them.
        periods: Files whose name states another quarter are left; empty means all.
        limit: At most this many files that are not known yet.
        known_urls: Sources loaded before.

    Yields:
        Files, on disk; problems, each bound to its url; and what was left alone.

    Raises:
        UsageError: ``start_url`` is no web address.
    """
    start = absolute(start_url, start_url)
    if start is None:
        raise UsageError(
            "cannot look for files on the web",
            where=start_url,
            expected="an address that begins with https://",
            found="something else",
            next_step="give the address of the page, or a file or folder",
        )
    if is_document(Link(start, "")):
        yield from _fetch(client, start, [start])
        return
    try:
        page = client.page(start)
    except HindcastError as error:
        yield Problem(start, error)
        return
    ours: list[str] = []
    for link in links(page.text, page.url):
        if not is_document(link):
            continue
        name = file_name(link.url)
        if not _OURS.search(name):
            yield Skipped(link.url, "no csv of the Oversight Framework by its name")
        elif named(name) is None:
            yield Skipped(
                link.url, "its name states no trust type, data or league table"
            )
        else:
            ours.append(link.url)
    if not ours:
        yield Problem(start, _nothing(start))
    unknown = 0
    for url in ours:
        period = period_in_name(file_name(url))
        if periods and period and not _within(period, periods):
            continue
        unknown += url not in known_urls
        if limit is not None and unknown > limit and url not in known_urls:
            continue
        client.note_found_on(url, page.url)
        yield from _fetch(client, url, ours)


def _fetch(client: Web, url: str, all_: Sequence[str]) -> Iterator[Found]:
    by_hand, advice = [], None
    names = [file_name(one) for one in all_]
    if client.inbox and names.count(file_name(url)) == 1:
        advice = client.inbox / file_name(url)
        by_hand = [advice]
    try:
        fetched = client.fetch(url, by_hand=by_hand, advice=advice)
    except HindcastError as error:
        yield Problem(url, error)
        return
    yield SourceFile(url, fetched.name, fetched.path)


def _within(period: Period, periods: Sequence[Period]) -> bool:
    return any(p.start <= period.start <= p.end for p in periods)


def _nothing(url: str) -> Failed:
    return Failed(
        "cannot find what the page should link to",
        where=url,
        expected="links to csvs named nhs-oversight-framework-…",
        found="none",
        next_step="open the page in a browser: if its layout has changed, download the "
        "files by hand and load them with --from PATH",
    )
