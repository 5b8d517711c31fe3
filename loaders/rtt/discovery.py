"""The RTT files that NHS England's statistics pages link to.

Overview → pages of financial years → files. Of each month the full extract is taken, in
its latest revision, and beside them the newest Overview time series.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from loaders.errors import HindcastError
from loaders.files import Problem, Skipped
from loaders.files.http import file_name
from loaders.files.links import Link, links, same_site
from loaders.files.looking import (
    Found,
    Web,
    absent,
    newest_months,
    nothing,
    start_of,
    within,
)
from loaders.files.members import members
from loaders.model import Claims, Period, SourceFile
from loaders.rtt.content import choose_members, claims
from loaders.rtt.links import Published, chosen, classify, is_document, year_page

_SUFFIXES = (".csv", ".xlsx", ".xls")


def discover(
    client: Web,
    start_url: str,
    *,
    periods: Sequence[Period] = (),
    limit: int | None = None,
    known_urls: Collection[str] = frozenset(),
) -> Iterator[Found]:
    """Finds and fetches the files, newest months first.

    Args:
        client: Fetches pages and files.
        start_url: The overview, a page of a year, or one file.
        periods: Only files of these months; empty means all.
        limit: At most this many files that are not known yet.
        known_urls: Sources loaded before; files of older months among them are not
            fetched again, those of the two newest months are.

    Yields:
        Files, on disk; problems, each bound to its url; and what was left alone.

    Raises:
        UsageError: ``start_url`` is no web address.
    """
    start = start_of(start_url)
    if is_document(Link(start, "")):
        yield from _fetch(client, start, claims(file_name(start)), periods)
        return
    found: list[Published] = []
    for item in _published(client, start, periods):
        if isinstance(item, Published):
            found.append(item)
        else:
            yield item
    taken, rest = chosen(found)
    for one in rest:
        yield Skipped(one.url, f"a later release of {_what(one)} is taken")
    months = [one.period for one in taken if one.kind == "extract"]
    yield from absent(months, periods, start, "full extract")
    newest = newest_months(months)
    archives = {known.split("!", 1)[0] for known in known_urls}
    unknown = 0
    for one in taken:
        known = one.url in archives
        if periods and not within(one.period, periods):
            continue
        if known and one.kind == "extract" and one.period.start not in newest:
            yield Skipped(one.url, "loaded before, and of an older month")
            continue
        if not known:
            if limit is not None and unknown >= limit:
                continue
            unknown += 1
        said = Claims(
            period_by={"page": one.period},
            status_by={"page": "revised"} if one.revision else {},
        )
        yield from _fetch(client, one.url, said, periods)


def _what(one: Published) -> str:
    return f"{one.period.label}" if one.kind == "extract" else "the time series"


def _published(
    client: Web, start: str, periods: Sequence[Period]
) -> Iterator[Published | Problem | Skipped]:
    """The files of all pages of years, each url once; newest year first."""
    own = year_page(start)
    years = dict([own]) if own else {}
    if not own:
        try:
            top = client.page(start)
        except HindcastError as error:
            yield Problem(start, error)
            return
        inside = [one for one in links(top.text, top.url) if same_site(one.url, start)]
        years = dict(known for one in inside if (known := year_page(one.url)))
        if not years:
            yield Problem(start, nothing(start, "a link to a page of a financial year"))
    seen: set[str] = set()
    for url, year in sorted(years.items(), key=lambda y: y[1].start, reverse=True):
        # The months asked for may have been revised on a page of their own year alone.
        if periods and not any(_overlap(year, period) for period in periods):
            continue
        try:
            page = client.page(url)
        except HindcastError as error:
            yield Problem(url, error)
            continue
        extracts = 0
        for link in links(page.text, page.url):
            if not is_document(link) or link.url in seen:
                continue
            seen.add(link.url)
            kind = classify(link)
            if isinstance(kind, str):
                yield Skipped(link.url, kind)
                continue
            extracts += kind.kind == "extract"
            client.note_found_on(link.url, url)
            yield kind
        if not extracts:
            yield Problem(url, nothing(url, "a link to a full csv extract"))


def _overlap(one: Period, other: Period) -> bool:
    return one.start <= other.end and other.start <= one.end


def _fetch(
    client: Web, url: str, said: Claims, periods: Sequence[Period]
) -> Iterator[Found]:
    """One file; its name states the month, so a copy may lie in the inbox itself."""
    name = file_name(url)
    by_hand, advice = [], None
    if client.inbox:
        advice = client.inbox / name
        by_hand = [advice]
        if period := said.period_by.get("page"):
            by_hand.insert(0, client.inbox / period.label / name)
    try:
        fetched = client.fetch(url, by_hand=by_hand, advice=advice)
    except HindcastError as error:
        yield Problem(url, error)
        return
    given = Claims(said.period_by, said.status_by, tuple(periods))
    file = SourceFile(url, fetched.name, fetched.path, claims=given)
    if name.lower().endswith(".zip"):
        yield from choose_members(members(file, _SUFFIXES))
    else:
        yield file
