"""The files that the pages of publications link to, found and fetched.

A page of the registry leads to the pages of its periods (by the entry's pattern or
list) or is searched together with the pages below it. Any other page is searched too.
All pages are read before the first file is fetched: which months are the newest, and
which names stand for several urls, is only known then.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

from loaders.errors import HindcastError
from loaders.files import Problem, Skipped
from loaders.files.http import file_name
from loaders.files.links import Link, links
from loaders.files.looking import (
    Found,
    Web,
    absent,
    newest_months,
    nothing,
    start_of,
    within,
)
from loaders.files.members import is_zip_name, members
from loaders.model import Claims, Period, SourceFile
from loaders.periods import find_period
from loaders.publications.entries import Publication
from loaders.publications.linked import (
    SUFFIXES,
    Candidate,
    choose_members,
    classify,
    is_file,
    sub_pages,
    without_provisional,
)
from loaders.publications.pages import Due, pages_of, period_of_page
from loaders.publications.placing import by_hand_of, folder_of
from loaders.publications.registry import Registry, load, same_page

#: From a landing page to the page of a year, and from there to that of a month.
_DEEPEST = 2


@dataclass
class _Search:
    """What one search knows while it goes from page to page."""

    client: Web
    periods: Sequence[Period]
    limit: int | None
    known: frozenset[str]
    today: dt.date
    read: set[str] = field(default_factory=set)
    unknown: set[str] = field(default_factory=set)

    @property
    def is_full(self) -> bool:
        return self.limit is not None and len(self.unknown) >= self.limit

    def wants(self, period: Period | None) -> bool:
        """Whether a page of a period may hold what was asked for."""
        if not self.periods or period is None:
            return True
        return any(
            p.start <= period.end and period.start <= p.end for p in self.periods
        )

    def asks_for(self, one: Candidate) -> bool:
        """Whether a file is of a period that was asked for, as far as known."""
        if one.period is None or not self.periods:
            return True
        return within(one.period, self.periods)


def discover(
    client: Web,
    start_url: str,
    *,
    periods: Sequence[Period] = (),
    limit: int | None = None,
    known_urls: Collection[str] = frozenset(),
    registry: Registry | None = None,
    today: dt.date | None = None,
) -> Iterator[Found]:
    """Finds and fetches files, newest periods first.

    Args:
        client: Fetches pages and files.
        start_url: A landing page, a page of a period or any other, or one file.
        periods: Only files of these; empty means all.
        limit: At most this many files that are not known yet.
        known_urls: Sources loaded before; of the two newest periods they are fetched
            again, of older ones they are not.
        registry: The publications; those of the project by default.
        today: The day by which pages are due; today by default.

    Yields:
        Files, on disk; problems, each bound to its url; and what was left alone.

    Raises:
        UsageError: ``start_url`` is no web address, or the registry is wrong.
    """
    start = start_of(start_url)
    known = registry or load()
    archives = frozenset(one.split("!", 1)[0] for one in known_urls)
    search = _Search(client, periods, limit, archives, today or dt.date.today())
    if is_file(Link(start, "")):
        yield from _one_file(search, start, known)
        return
    entries = known.of_url(start)
    candidates: dict[str, Candidate] = {}
    for item in _candidates(search, start, entries):
        if not isinstance(item, Candidate):
            yield item
        elif item.url not in candidates:
            candidates[item.url] = item
    yield from _taken(search, start, list(candidates.values()))


def _taken(
    search: _Search, start: str, candidates: Sequence[Candidate]
) -> Iterator[Found]:
    """The files of some candidates: which are fetched, and why the others are not."""
    stated = [one.period for one in candidates if one.period]
    yield from absent(stated, search.periods, start, "file")
    taken, replaced = without_provisional(candidates)
    yield from replaced
    # The newest of each publication: several may share a page.
    newest = {
        code: newest_months(
            [one.period for one in taken if one.period and _code(one) == code]
        )
        for code in {_code(one) for one in taken}
    }
    unknown = 0
    taken.sort(key=lambda one: one.period.start if one.period else dt.date.max)
    for one in reversed(taken):
        if not search.asks_for(one):
            continue
        is_known = one.url in search.known
        if is_known and one.period and one.period.start not in newest[_code(one)]:
            yield Skipped(one.url, "loaded before, and of an older period")
            continue
        if not is_known:
            if search.limit is not None and unknown >= search.limit:
                continue
            unknown += 1
        yield from _fetch(search, one, taken)


def _code(one: Candidate) -> str:
    return one.publication.code if one.publication else ""


# ------------------------------------------------------------------------- the pages


def _candidates(
    search: _Search, start: str, entries: Sequence[Publication]
) -> Iterator[Candidate | Problem | Skipped]:
    landing = [
        e for e in entries if e.landing_page and same_page(e.landing_page, start)
    ]
    scheduled = [e for e in landing if e.schedule.mode != "discover"]
    searched = [e for e in landing if e.schedule.mode == "discover"]
    for entry in scheduled:
        yield from _scheduled(search, entry)
    if searched or not landing:
        period = _period_of(entries, start, search.today)
        yield from _searched(search, start, searched or entries, period)


def _period_of(
    entries: Sequence[Publication], page: str, today: dt.date
) -> Period | None:
    """The period of a page: by an entry's addresses, else by its own."""
    for entry in entries:
        if period := period_of_page(entry, page, today):
            return period
        if entry.landing_page and same_page(entry.landing_page, page):
            return None
    return find_period(page, uploaded=False)


def _scheduled(
    search: _Search, entry: Publication
) -> Iterator[Candidate | Problem | Skipped]:
    """The files of the pages that an entry lists or makes, newest first."""
    found_one = False
    for due in pages_of(entry, search.today):
        if search.is_full:
            return
        if not search.wants(due.period):
            continue
        if is_file(Link(due.url, "")):
            found_one = True
            yield from _noted(search, _listed(due))
            continue
        for item in _due_page(search, entry, due):
            found_one |= not isinstance(item, Skipped) or item.source != due.url
            yield item
    if not found_one and not search.is_full and entry.landing_page:
        # No page where the pattern expects them: the landing page may know better.
        yield from _searched(search, entry.landing_page, [entry], None)


def _listed(due: Due) -> Candidate:
    return Candidate(due.url, due.publication, due.period, due.period, None, due.url)


def _due_page(
    search: _Search, entry: Publication, due: Due
) -> Iterator[Candidate | Problem | Skipped]:
    try:
        page = search.client.page(due.url, into=folder_of(search.client, entry))
    except HindcastError as error:
        if not _is_absent(error):
            yield Problem(due.url, error)
            return
        missed = due.missed_since()
        late = missed is not None and missed < search.today
        reason = f"no page, though expected since {missed}" if late else "no page yet"
        yield Skipped(due.url, reason)
        return
    found = links(page.text, page.url)
    files = [link for link in found if is_file(link)]
    for link in files:
        kind = classify(link, [entry], due.url, due.period, certain=True)
        if isinstance(kind, str):
            yield Skipped(link.url, kind)
        else:
            yield from _noted(search, kind)
    if not any(_is_data(link) for link in files):
        yield Problem(due.url, nothing(due.url, "a link to a workbook, csv or zip"))


def _is_absent(error: HindcastError) -> bool:
    return error.found.startswith(("404", "410"))


def _is_data(link: Link) -> bool:
    return link.path.endswith((*SUFFIXES, ".zip"))


def _searched(
    search: _Search,
    start: str,
    entries: Sequence[Publication],
    period: Period | None,
) -> Iterator[Candidate | Problem | Skipped]:
    """The files of a page and of the pages below it, the newest first."""
    found = 0
    failed = False
    for item in _below(search, start, entries, period, depth=0):
        found += isinstance(item, Candidate)
        failed |= isinstance(item, Problem)
        yield item
    if not found and not failed:
        yield Problem(start, nothing(start, _wanted(entries)))


def _wanted(entries: Sequence[Publication]) -> str:
    patterns = [p.pattern for one in entries for p in one.files]
    named = f" named like {' or '.join(patterns)}" if patterns else ""
    return f"a link to a workbook, csv or zip{named}, on it or on a page below it"


def _below(
    search: _Search,
    url: str,
    entries: Sequence[Publication],
    period: Period | None,
    depth: int,
) -> Iterator[Candidate | Problem | Skipped]:
    if url in search.read:
        return
    search.read.add(url)
    entry = entries[0] if len(entries) == 1 else None
    try:
        page = search.client.page(url, into=folder_of(search.client, entry))
    except HindcastError as error:
        yield Problem(url, error)
        return
    here = links(page.text, page.url)
    files = [link for link in here if is_file(link)]
    for link in files:
        kind = classify(link, entries, url, period, certain=False)
        if isinstance(kind, str):
            yield Skipped(link.url, kind)
        elif search.is_full:
            return
        else:
            yield from _noted(search, kind)
    if depth >= _DEEPEST:
        return
    dated, others = sub_pages(here, page.url)
    # Pages without a period are worth a look only where nothing else leads on.
    following = dated or ([] if any(_is_data(link) for link in files) else others)
    for link in following:
        own = find_period(link.url, uploaded=False)
        if search.is_full:
            return
        if search.wants(own) and not _before(own, entries):
            yield from _below(search, link.url, entries, own or period, depth + 1)


def _before(period: Period | None, entries: Sequence[Publication]) -> bool:
    """Whether a page is older than the publications are taken from."""
    starts = [one.schedule.start for one in entries]
    return bool(
        period
        and starts
        and all(start and period.end < start.start for start in starts)
    )


def _noted(search: _Search, item: Candidate | Skipped) -> Iterator[Candidate | Skipped]:
    if isinstance(item, Candidate):
        if item.url not in search.known and not (
            item.period and search.periods and not within(item.period, search.periods)
        ):
            search.unknown.add(item.url)
        search.client.note_found_on(item.url, item.page)
    yield item


# ------------------------------------------------------------------------- the files


def _one_file(search: _Search, url: str, registry: Registry) -> Iterator[Found]:
    """A file named by its url; what its page said of it is known from earlier runs."""
    origin = search.client.found_on(url) or url
    entries = registry.of_url(origin)
    period = _period_of(entries, origin, search.today)
    certain = any(period_of_page(e, origin, search.today) for e in entries)
    kind = classify(Link(url, ""), entries, origin, period, certain=certain)
    if isinstance(kind, str):
        own = find_period(file_name(url), uploaded=False)
        kind = Candidate(url, None, own, None, None, origin)
    yield from _fetch(search, kind, [kind])


def _fetch(
    search: _Search, one: Candidate, all_: Sequence[Candidate]
) -> Iterator[Found]:
    by_hand, advice = by_hand_of(search.client, one, all_)
    try:
        fetched = search.client.fetch(one.url, by_hand=by_hand, advice=advice)
    except HindcastError as error:
        yield Problem(one.url, error)
        return
    claims = Claims(
        period_by={"page": one.page_period} if one.page_period else {},
        status_by={"page": one.status} if one.status else {},
        selected=tuple(search.periods),
    )
    code = one.publication.code if one.publication else None
    file = SourceFile(
        one.url, fetched.name, fetched.path, claims=claims, publication=code
    )
    if is_zip_name(file.name):
        yield from choose_members(members(file, SUFFIXES))
    else:
        yield file
