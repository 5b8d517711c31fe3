"""Reads an RTT workbook: the Overview time series, or waits by organisation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from loaders.errors import Quarantined
from loaders.files.voices import agree
from loaders.model import FileRead, SourceFile, TableRead
from loaders.rtt import book_columns, overview, provider_book
from loaders.rtt.content import Identity, decide_file
from loaders.rtt.titles import Titles, titles_of
from loaders.sheets import workbook
from loaders.sheets.layout import TableRegion, looks_like_data
from loaders.sheets.workbook import Sheet


@dataclass(frozen=True)
class SheetTable:
    """A table of a sheet: what lands, and where it stands."""

    read: TableRead
    region: TableRegion


@dataclass
class Page:
    """A sheet, its titles, its table, and why it was passed over where it was."""

    sheet: Sheet
    where: str
    titles: Titles
    table: SheetTable | None = None
    passed_over: str | None = None


@dataclass
class Book:
    """Everything known of a workbook."""

    identity: Identity
    basis: str | None
    is_example: bool
    pages: list[Page]


def read_book(data: bytes, file: SourceFile, kind: str) -> FileRead:
    """Reads a workbook.

    Args:
        data: Its bytes.
        file: Its name and what is claimed about it.
        kind: What ``workbook.sniff`` said of it.

    Raises:
        Quarantined: Not an RTT workbook, or something in it cannot be trusted.
    """
    book = survey(data, file, kind)
    passed = [
        f"sheet '{page.sheet.name}' passed over: {page.passed_over}"
        for page in book.pages
        if page.passed_over
    ]
    return FileRead(
        reader=workbook.reader_name(),
        period=book.identity.period,
        period_source=book.identity.period_source,
        release_status=book.identity.release_status,
        basis=book.basis,
        is_example=book.is_example,
        notes=(*(n for page in book.pages for n in page.titles.notes), *passed),
        tables=[page.table.read for page in book.pages if page.table],
    )


def survey(data: bytes, file: SourceFile, kind: str) -> Book:
    """Finds the tables of a workbook, its month, status and basis.

    Raises:
        Quarantined: As :func:`read_book`.
    """
    pages = [
        _page(sheet, file) for sheet in workbook.open_workbook(data, file.name, kind)
    ]
    tables = [page for page in pages if page.table]
    if not tables:
        raise Quarantined(
            "cannot find a table",
            where=file.name,
            expected="the Overview time series, or waits by provider or commissioner",
            found=f"{len(pages)} sheets without one",
            next_step="check that this is an RTT workbook and complete",
        )
    _check_repeats(tables, file.name)
    said = [page.titles for page in pages]
    bases = [b for titles in said for b in titles.bases]
    agree("basis", [(b, b, place) for b, place in bases], file.name)
    identity = decide_file(
        [p for titles in said for p in titles.periods],
        [s for titles in said for s in titles.statuses],
        file,
    )
    basis = bases[0][0] if bases else provider_book.basis_in_name(file.name)
    provider_book.check_basis(basis, file)
    return Book(identity, basis, any(t.is_example for t in said), pages)


def _page(sheet: Sheet, file: SourceFile) -> Page:
    where = f"{file.name}, sheet '{sheet.name}'"
    found: Any = overview.find(sheet, where) or book_columns.find(sheet, where)
    above = sheet.rows if found is None else sheet.rows[: found.header]
    page = Page(sheet, where, titles_of(above, where, front=found is None))
    if found is None:
        if looks_like_data(sheet.rows):
            page.passed_over = "no table this reader knows"
        return page
    if isinstance(found, overview.Header):
        page.table = SheetTable(*overview.table(sheet, found, page.titles, where))
        return page
    level = provider_book.level_of(found, sheet, file)
    if isinstance(level, str):
        page.passed_over = level
        return page
    made = provider_book.table(sheet, found, level, page.titles, file, where)
    page.table = SheetTable(*made)
    return page


def _check_repeats(pages: list[Page], name: str) -> None:
    seen: dict[str, Page] = {}
    for page in pages:
        if page.table is None:
            continue
        first = seen.setdefault(page.table.read.source_table, page)
        if first is not page:
            raise Quarantined(
                "cannot load the same table twice from one file",
                where=page.where,
                expected=f"{page.table.read.source_table} once",
                found=f"it again, after sheet '{first.sheet.name}'",
                next_step="remove the copied sheet, or get the publisher's own copy",
            )
