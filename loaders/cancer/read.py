"""Reads a cancer waiting times file: every table, every row, nothing left in silence.

Pure: bytes in, tables out; no connection, no clock.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from loaders.cancer import layout
from loaders.cancer.blocks import Block, columns_of, find_blocks, is_header
from loaders.cancer.content import (
    decide_basis,
    facts_of,
    table_in_name,
)
from loaders.cancer.convert import convert_tables
from loaders.cancer.tables import Page, Table, table_of
from loaders.errors import Quarantined
from loaders.files.voices import decide_period, decide_status
from loaders.model import FileRead, Period, SourceFile, TableRead
from loaders.sheets import csvtext, workbook
from loaders.sheets.workbook import Sheet


@dataclass
class Survey:
    """Everything known of a file before its rows are turned into batches."""

    reader: str
    period: Period
    period_source: str
    release_status: str
    basis: str | None
    is_example: bool
    pages: list[Page]
    tables: list[Table]


def read(data: bytes, file: SourceFile) -> FileRead:
    """Reads a workbook or csv of cancer waiting times.

    Args:
        data: Its bytes.
        file: Its name and what is claimed about it.

    Returns:
        The tables, each ready to land with ``_source_row``.

    Raises:
        Quarantined: Anything in it that cannot be trusted; the message says where.
    """
    found = survey(data, file, convert=True)
    return FileRead(
        reader=found.reader,
        period=found.period,
        period_source=found.period_source,
        release_status=found.release_status,
        basis=found.basis,
        is_example=found.is_example,
        notes=tuple(n for page in found.pages for n in page.facts.notes),
        tables=[_table_read(t, found.basis) for t in found.tables],
    )


def survey(data: bytes, file: SourceFile, *, convert: bool = False) -> Survey:
    """Finds the tables of a file, its period, status and basis.

    Args:
        data: Its bytes.
        file: Its name and what is claimed about it.
        convert: Also turn the rows into Arrow arrays, checking every figure.

    Raises:
        Quarantined: As :func:`read`; figures only when converting.
    """
    reader, sheets = _sheets(data, file.name)
    pages: list[Page] = []
    waiting: list[Page] = []
    tables: list[Table] = []
    periods: list[tuple[Period, str]] = []
    with closing(sheets):
        for sheet in sheets:
            page = _page(sheet, file.name)
            pages.append(page)
            waiting.append(page)
            periods += page.facts.periods
            # The period says which standards apply. As soon as one is stated, sheets
            # are worked on while the next is parsed; that all agree is checked below.
            while periods and waiting:
                tables += _page_tables(waiting.pop(0), periods[0][0], convert)
    if not any(page.blocks for page in pages):
        raise Quarantined(
            "cannot find a table",
            where=file.name,
            expected="at least one table of cancer waiting times",
            found=f"{len(pages)} sheets without a table",
            next_step="check that this is a cancer waiting times file and complete",
        )
    period, source = decide_period(periods, file.claims, file.name)
    for page in waiting:
        tables += _page_tables(page, period, convert)
    statuses = [s for page in pages for s in page.facts.statuses]
    status = decide_status(statuses, file.claims, file.name)
    headers = [_header_basis(page, b) for page in pages for b in page.blocks]
    stated = [b for page in pages for b in page.facts.bases]
    basis = decide_basis([*stated, *(h for h in headers if h)], file.name)
    _check_claimed_table(tables, file.name, period)
    _check_repeats(tables, file.name)
    return Survey(
        reader=reader,
        period=period,
        period_source=source,
        release_status=status,
        basis=basis,
        is_example=any(page.facts.is_example for page in pages),
        pages=pages,
        tables=tables,
    )


def _page_tables(page: Page, period: Period, convert: bool) -> list[Table]:
    if not page.blocks:
        return []
    columns = columns_of(page.sheet.rows)
    tables = [table_of(page, columns, block, period) for block in page.blocks]
    if convert:
        convert_tables(tables, columns)
        # The cells of this sheet make room for the next one's: memory that is used
        # again is faster than new memory.
        page.sheet.rows = []
    return tables


def _sheets(data: bytes, name: str) -> tuple[str, Generator[Sheet]]:
    kind = workbook.sniff(data)
    if kind == "text":
        rows: list[list[Any]] = list(csvtext.read_csv(data, name, is_header).rows)
        return csvtext.reader_name(), (s for s in [Sheet(None, False, rows)])
    return workbook.reader_name(), workbook.open_workbook(data, name, kind)


def _page(sheet: Sheet, name: str) -> Page:
    where = name if sheet.name is None else f"{name}, sheet '{sheet.name}'"
    blocks = find_blocks(sheet, where)
    above = sheet.rows[: blocks[0].start] if blocks else sheet.rows
    facts = facts_of(above, where, front=not blocks)
    return Page(sheet, where, facts, blocks)


def _header_basis(page: Page, block: Block) -> tuple[str, str] | None:
    for name in block.clean:
        if basis := layout.org_basis(name):
            return basis, f"{page.where}, row {block.header + 1}"
    return None


def _check_claimed_table(tables: list[Table], name: str, period: Period) -> None:
    claimed = table_in_name(name)
    for table in tables:
        if claimed and table.source_table != claimed:
            raise Quarantined(
                "cannot trust what the file is",
                where=f"{table.where}, row {table.block.header + 1}",
                expected=f"{claimed}, as its name says",
                found=f"{table.source_table} for {period.label}",
                next_step="find out which is right; download the file again under a "
                "name of its own",
            )


def _check_repeats(tables: list[Table], name: str) -> None:
    seen: dict[tuple[str | None, ...], Table] = {}
    for table in tables:
        # One title stands above several tables of the earlier standards, and one PART
        # line in many of their sheets; together they tell tables apart.
        part = table.block.part and table.block.part.upper()
        key: tuple[str | None, ...] = (table.source_table, part)
        if table.layout.table == "legacy_waits":
            key = (*key, *table.page.facts.notes[:1], table.page.sheet.name)
        first = seen.setdefault(key, table)
        if first is not table:
            raise Quarantined(
                "cannot load the same table twice from one file",
                where=f"{table.where}, row {table.block.header + 1}",
                expected=f"{table.source_table} ({table.title}) once",
                found=f"it again, after {first.where.removeprefix(name + ', ')}, "
                f"row {first.block.header + 1}",
                next_step="remove the copied sheet, or get the publisher's own copy",
            )


def _table_read(table: Table, basis: str | None) -> TableRead:
    import pyarrow as pa

    emitted, page = table.rows.emitted, table.page
    first, last = emitted[0], emitted[-1]
    shared: dict[str, str | None] = {}
    if table.layout.table == "legacy_waits":
        shared["published_title"] = page.facts.notes[0] if page.facts.notes else None
        shared["standard_days"] = table.source_table.split("_")[1]
    constants = {
        name: pa.repeat(pa.scalar(value, pa.string()), len(emitted))
        for name, value in shared.items()
    }
    return TableRead(
        table=table.layout.table,
        source_table=table.source_table,
        sheet=page.sheet.name,
        part=table.block.part,
        title=table.title,
        header_row=table.block.header + 1,
        first_row=first + 1,
        last_row=last + 1,
        rows_read=table.rows_read,
        notes=(*page.facts.notes, *table.notes),
        batches=[pa.RecordBatch.from_pydict(constants | table.arrays)],
    )
