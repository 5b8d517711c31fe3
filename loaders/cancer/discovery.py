"""The cancer waiting times files that NHS England's statistics pages link to.

Overview → pages of financial years → pages of a month and release → files. Provisional
and final pages are both taken: which of them counts is decided in SQL, where every
release stays visible.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from loaders.cancer.by_hand import Named, places
from loaders.cancer.links import (
    WORKBOOK_SUFFIXES,
    DataFile,
    PeriodPage,
    classify,
    is_document,
    period_page,
    year_of,
    year_page,
)
from loaders.errors import HindcastError
from loaders.files import Problem, Skipped
from loaders.files.http import file_name
from loaders.files.links import Link, links, page_url, same_site
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
from loaders.periods import period_in_name

_SUFFIXES = (*WORKBOOK_SUFFIXES, ".csv")


@dataclass(frozen=True)
class _Candidate:
    """A file worth fetching, and the page that links to it."""

    url: str
    data: DataFile
    page: PeriodPage | None
    workbooks: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        return file_name(self.url)

    @property
    def name_fits(self) -> bool:
        """Whether the name itself states the month of the page."""
        return self.page is not None and period_in_name(self.name) == self.page.period


def discover(
    client: Web,
    start_url: str,
    *,
    periods: Sequence[Period] = (),
    limit: int | None = None,
    known_urls: Collection[str] = frozenset(),
) -> Iterator[Found]:
    """Finds and fetches the files, newest months first.

    All pages are read before the first file is fetched: only then is it known whether a
    file name stands for one url or for several.

    Args:
        client: Fetches pages and files.
        start_url: The overview, a page of a year or of a month, or one file.
        periods: Only pages of these; empty means all.
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
        yield from _one_file(client, start, periods)
        return
    pages: list[PeriodPage] = []
    for item in _period_pages(client, start):
        if isinstance(item, PeriodPage):
            pages.append(item)
        else:
            yield item
    yield from absent((p.period for p in pages), periods, start)
    candidates: list[_Candidate] = []
    for found in _candidates(client, pages, periods, limit, known_urls):
        if isinstance(found, _Candidate):
            candidates.append(found)
        else:
            yield found
    chosen, doubles = _one_page_each(candidates)
    yield from doubles
    for one in chosen:
        months = limit is None
        yield from _fetch(client, one, chosen, periods, months and not periods, months)


# ------------------------------------------------------------------------- the pages


def _period_pages(client: Web, start: str) -> Iterator[PeriodPage | Problem | Skipped]:
    """The pages of months, newest first, final before provisional."""
    own = period_page(start)
    if own:
        yield own
        return
    pages: dict[str, PeriodPage] = {}
    if year_page(start) == page_url(start):
        years = [page_url(start)]
    else:
        try:
            top = client.page(start)
        except HindcastError as error:
            yield Problem(start, error)
            return
        inside = [one for one in links(top.text, top.url) if same_site(one.url, start)]
        pages = {p.url: p for one in inside if (p := period_page(one.url))}
        linked = {y for one in inside if (y := year_page(one.url))}
        years = sorted(linked, key=lambda y: (year_of(y), y), reverse=True)
        if not years:
            yield Problem(start, nothing(start, "a link to a page of a financial year"))
    for year in years:
        try:
            page = client.page(year)
        except HindcastError as error:
            yield Problem(year, error)
            continue
        here = links(page.text, page.url)
        of_year = {p.url: p for one in here if (p := period_page(one.url))}
        pages |= {u: p for u, p in of_year.items() if same_site(u, start)}
        if not of_year:
            yield Problem(year, nothing(year, "a link to a page of a month"))
        for one in here:
            if "cancer-waiting-times-for-" in one.path and not period_page(one.url):
                yield Skipped(one.url, "its address states no month and release")
    yield from sorted(
        pages.values(),
        key=lambda p: (-p.period.start.toordinal(), p.status != "final", p.url),
    )


def _candidates(
    client: Web,
    pages: Sequence[PeriodPage],
    periods: Sequence[Period],
    limit: int | None,
    known_urls: Collection[str],
) -> Iterator[_Candidate | Problem | Skipped]:
    """The files that the pages link to, until the limit is reached."""
    newest = newest_months(p.period for p in pages)
    archives = {known.split("!", 1)[0] for known in known_urls if "!" in known}
    unknown: set[str] = set()
    for page in pages:
        if periods and not within(page.period, periods):
            continue
        if limit is not None and len(unknown) >= limit:
            return
        try:
            content = client.page(page.url)
        except HindcastError as error:
            yield Problem(page.url, error)
            continue
        data = 0
        for found in _of_page(links(content.text, content.url), page):
            if isinstance(found, Skipped):
                yield found
                continue
            data += 1
            known = found.url in known_urls or found.url in archives
            if known and page.period.start not in newest:
                yield Skipped(found.url, "loaded before, and of an older month")
                continue
            if not known:
                if limit is not None and len(unknown | {found.url}) > limit:
                    continue
                unknown.add(found.url)
            client.note_found_on(found.url, page.url)
            yield found
        if not data:
            yield Problem(page.url, nothing(page.url, "a link to a file of data"))


def _of_page(found: Sequence[Link], page: PeriodPage) -> Iterator[_Candidate | Skipped]:
    """The files of one page; csvs of a workbook's sheets are left where it stands."""
    files: list[tuple[str, DataFile]] = []
    for link in found:
        if is_document(link):
            kind = classify(file_name(link.url), link.text, page.period)
            if isinstance(kind, str):
                yield Skipped(link.url, kind)
            else:
                files.append((link.url, kind))
    workbooks = frozenset(
        data.basis for _, data in files if data.kind == "workbook" and data.basis
    )
    for url, data in files:
        if data.kind != "workbook" and data.basis in workbooks:
            yield Skipped(url, _twin(data.basis))
        else:
            yield _Candidate(url, data, page, workbooks)


def _one_page_each(
    candidates: Sequence[_Candidate],
) -> tuple[list[_Candidate], list[Skipped]]:
    """Each url once: under the page whose month its name states, else the first."""
    best: dict[str, _Candidate] = {}
    for one in candidates:
        if one.url not in best or (one.name_fits and not best[one.url].name_fits):
            best[one.url] = one
    doubles = [
        Skipped(one.url, f"linked from {_page(best[one.url])} too, and taken there")
        for one in candidates
        if best[one.url] is not one
    ]
    return list(best.values()), doubles


# ------------------------------------------------------------------------- the files


def _one_file(client: Web, url: str, periods: Sequence[Period]) -> Iterator[Found]:
    """A file named by its url; what its page said of it is known from earlier runs."""
    origin = client.found_on(url)
    page = period_page(origin) if origin else None
    data = classify(file_name(url), "", page.period if page else None)
    if isinstance(data, str):
        # Its page may have said more than the name; the reader decides by content.
        data = DataFile("zip" if url.lower().endswith(".zip") else "workbook", None)
    one = _Candidate(url, data, page)
    yield from _fetch(client, one, [one], periods, whole=False, months=False)


def _fetch(
    client: Web,
    one: _Candidate,
    all_: Sequence[_Candidate],
    periods: Sequence[Period],
    whole: bool,
    months: bool,
) -> Iterator[Found]:
    by_hand: list[Path] = []
    advice = None
    if client.inbox:
        named = [Named(c.name, c.page) for c in all_]
        by_hand, advice = places(
            client.inbox, Named(one.name, one.page), named, whole=whole, months=months
        )
    try:
        fetched = client.fetch(one.url, by_hand=by_hand, advice=advice)
    except HindcastError as error:
        yield Problem(one.url, error)
        return
    claims = Claims(selected=tuple(periods))
    if one.page:
        claims = Claims(
            period_by={"page": one.page.period},
            status_by={"page": one.page.status},
            selected=tuple(periods),
        )
    file = SourceFile(one.url, fetched.name, fetched.path, claims=claims)
    if one.data.kind == "zip":
        yield from _inside(file, one)
    else:
        yield file


def _inside(archive: SourceFile, one: _Candidate) -> Iterator[Found]:
    """The files of a zip, judged by their names as those of a page are."""
    period = one.page.period if one.page else None
    found = list(members(archive, _SUFFIXES))
    kinds = {
        item.source: classify(item.name, one.data.basis or "", period)
        for item in found
        if isinstance(item, SourceFile)
    }
    workbooks = one.workbooks | {
        kind.basis
        for kind in kinds.values()
        if isinstance(kind, DataFile) and kind.kind == "workbook"
    }
    for item in found:
        kind = kinds.get(item.source)
        if not isinstance(item, SourceFile) or kind is None:
            yield item
        elif isinstance(kind, str):
            yield Skipped(item.source, kind)
        elif kind.basis in one.workbooks or (
            kind.kind == "sheet" and kind.basis in workbooks
        ):
            yield Skipped(item.source, _twin(kind.basis))
        else:
            yield item


# ------------------------------------------------------------------------ small things


def _page(one: _Candidate) -> str:
    return one.page.url if one.page else "another page"


def _twin(basis: str | None) -> str:
    return f"the {basis} workbook of this page holds the same tables"
