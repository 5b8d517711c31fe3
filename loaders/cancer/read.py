"""Reads a cancer waiting times file: every table, every row, nothing left in silence.

Pure: bytes in, tables out; no connection, no clock.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from loaders.cancer import layout
from loaders.cancer.blocks import Block, BlockRows, classify, find_blocks, is_header
from loaders.cancer.blocks import is_noise
from loaders.cancer.content import (
    Facts,
    decide_basis,
    decide_period,
    decide_status,
    facts_of,
    table_in_name,
)
from loaders.cancer.layout import Layout
from loaders.errors import Quarantined
from loaders.model import FileRead, Period, SourceFile, TableRead
from loaders.sheets import csvtext, workbook
from loaders.sheets.layout import texts
from loaders.sheets.names import column_letter, without_marks
from loaders.sheets.values import (
    as_text,
    is_blank,
    number_array,
    repeated_numbers_as_text,
    text_array,
)
from loaders.sheets.workbook import Sheet

if TYPE_CHECKING:
    import pyarrow as pa

#: Marks the publisher prints for a figure that is withheld or too small to show.
SUPPRESSION_MARKS = frozenset(
    ("*", "-", "–", "—", "..", ":", "c", "z", "x", "[c]", "[z]", "[x]", "[low]")
)
_COUNT = re.compile(r"-?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d+)?")


@dataclass
class Page:
    """A sheet, what it says, and the tables on it."""

    sheet: Sheet
    where: str
    facts: Facts
    blocks: list[Block]


@dataclass
class Table:
    """A block whose columns and rows are known."""

    page: Page
    block: Block
    layout: Layout
    source_table: str
    rows: BlockRows
    title: str | None

    @property
    def where(self) -> str:
        """File and sheet, for messages."""
        return self.page.where

    @property
    def columns(self) -> list[tuple[int, layout.Col]]:
        """The named columns of the sheet and what they are."""
        return list(zip(self.block.names, self.layout.columns, strict=True))

    @property
    def notes(self) -> tuple[str, ...]:
        """The text below the table."""
        rows = self.page.sheet.rows
        return tuple(" ".join(texts(rows[i])) for i in self.rows.footers)


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
    found = survey(data, file)
    return FileRead(
        reader=found.reader,
        period=found.period,
        period_source=found.period_source,
        release_status=found.release_status,
        basis=found.basis,
        is_example=found.is_example,
        notes=tuple(n for page in found.pages for n in page.facts.notes),
        tables=_tables_read(found.tables, found.basis),
    )


def survey(data: bytes, file: SourceFile) -> Survey:
    """Finds the tables of a file, its period, status and basis.

    Raises:
        Quarantined: As :func:`read`, but for the figures.
    """
    reader, sheets = _sheets(data, file.name)
    pages = [_page(sheet, file.name) for sheet in sheets]
    if not any(page.blocks for page in pages):
        raise Quarantined(
            "cannot find a table",
            where=file.name,
            expected="at least one table of cancer waiting times",
            found=f"{len(pages)} sheets without a table",
            next_step="check that this is a cancer waiting times file and complete",
        )
    period, source = decide_period(
        [p for page in pages for p in page.facts.periods], file.claims, file.name
    )
    status = decide_status(
        [s for page in pages for s in page.facts.statuses], file.claims, file.name
    )
    headers = [_header_basis(page, b) for page in pages for b in page.blocks]
    stated = [b for page in pages for b in page.facts.bases]
    basis = decide_basis([*stated, *(h for h in headers if h)], file.name)
    tables = [_table(page, b, period) for page in pages for b in page.blocks]
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


def _sheets(data: bytes, name: str) -> tuple[str, Iterator[Sheet]]:
    kind = workbook.sniff(data)
    if kind == "text":
        rows: list[list[Any]] = list(csvtext.read_csv(data, name, is_header).rows)
        return csvtext.reader_name(), iter([Sheet(None, False, rows)])
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


def _table(page: Page, block: Block, period: Period) -> Table:
    place = f"{page.where}, row {block.header + 1}"
    names = block.clean
    if period.start.strftime("%Y-%m") < layout.CURRENT_STANDARDS_FROM:
        found = layout.match_legacy(names, place)
    else:
        _refuse_legacy(names, place, period)
        found = layout.match(names, place)
    at = {c.landed: i for i, c in zip(block.names, found.columns, strict=True)}
    dimensions = [
        c.landed
        for c in found.columns
        if c.role == "dimension" and c.landed not in ("ods_code", "ons_area_id")
    ]
    dimensions.sort(key=lambda landed: landed != "org_name")
    keys = [at[d] for d in dimensions]
    rows = classify(page.sheet.rows, block, at["ods_code"], keys, page.where)
    if not rows.emitted:
        raise Quarantined(
            "cannot read the table",
            where=place,
            expected="rows of organisations below the header",
            found="a header without a row",
            next_step="compare with the publisher's copy and download the file again",
        )
    source_table = found.source_table
    if found.table != "legacy_waits" and "cancer_type" in at:
        body = page.sheet.rows[rows.emitted[0] : rows.emitted[-1] + 1]
        values = set(map(itemgetter(at["cancer_type"]), body)) - {""}
        source_table = _by_content(source_table, values, place)
    title = block.part or (page.facts.notes[0] if page.facts.notes else None)
    return Table(page, block, found, source_table, rows, title)


def _refuse_legacy(names: Sequence[str], place: str, period: Period) -> None:
    old = layout.legacy_headers(names)
    if old:
        raise Quarantined(
            "cannot load a table of the standards before October 2023 under the "
            f"current ones: its period is {period.label}",
            where=place,
            expected="headers of the current standards, such as ACCOUNTABLE PROVIDER",
            found=f"headers of the earlier standards: {', '.join(old)}",
            next_step="check the period stated in the file against its publication; "
            "download the file again",
        )


def _by_content(source_table: str, values: Iterable[Any], place: str) -> str:
    kinds = {str(v).strip().upper() == "ALL CANCERS" for v in values}
    if len(kinds) > 1:
        raise Quarantined(
            "cannot tell which table this is",
            where=place,
            expected="cancer types each apart, or ALL CANCERS alone",
            found="both in one table, which would count every patient twice",
            next_step="compare with the publisher's copy and download the file again",
        )
    return source_table.replace("by_cancer", "all_cancers") if True in kinds else (
        source_table
    )


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
        key = (table.source_table, table.block.part and table.block.part.upper())
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


# ------------------------------------------------------------------ rows to batches


def _tables_read(tables: list[Table], basis: str | None) -> list[TableRead]:
    """The tables with their rows; those alike on a sheet are converted in one go."""
    alike: dict[tuple[Any, ...], list[Table]] = {}
    for table in tables:
        key = (id(table.page), table.layout.columns, tuple(table.block.names))
        alike.setdefault(key, []).append(table)
    result = {}
    for group in alike.values():
        arrays = _arrays(group)
        start = 0
        for table in group:
            count = len(table.rows.emitted)
            mine = {name: a.slice(start, count) for name, a in arrays.items()}
            result[id(table)] = _table_read(table, mine, basis)
            start += count
    return [result[id(table)] for table in tables]


def _table_read(
    table: Table, arrays: dict[str, pa.Array], basis: str | None
) -> TableRead:
    import pyarrow as pa

    emitted, page = table.rows.emitted, table.page
    first, last = emitted[0], emitted[-1]
    code = next(i for i, c in table.columns if c.landed == "ods_code")
    shared = {
        "_source_table": table.source_table,
        "_source_part": table.block.part,
        "basis": basis,
    }
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
        title=table.title,
        header_row=table.block.header + 1,
        first_row=first + 1,
        last_row=last + 1,
        rows_read=rows_between(page.sheet.rows, first, last, code),
        notes=(*page.facts.notes, *table.notes),
        batches=[pa.RecordBatch.from_pydict(constants | arrays)],
    )


def rows_between(rows: workbook.Rows, first: int, last: int, code: int) -> int:
    """Rows that are not blank, counted on the sheet whatever was made of them."""
    blank = [""] * len(rows[first])
    some = [row for row in rows[first : last + 1] if row != blank]
    return len(some) - sum(1 for row in some if not row[code] and is_noise(row))


def _arrays(alike: list[Table]) -> dict[str, pa.Array]:
    """The rows of tables with the same columns on the same sheet, one after another."""
    import pyarrow as pa

    table, rows = alike[0], alike[0].page.sheet.rows
    emitted = [i for t in alike for i in t.rows.emitted]
    columns = list(zip(*[rows[i] for i in emitted], strict=True))
    _check_unnamed(table, emitted, columns)
    counts = [(i, c.landed) for i, c in table.columns if c.role == "measure"]
    printed = _counts_as_text(table, emitted, [(i, columns[i]) for i, _ in counts])
    arrays: dict[str, pa.Array] = {}
    bands: list[tuple[str, pa.Array]] = []
    for (index, landed), texts_of_column in zip(counts, printed, strict=True):
        if landed == "bands":
            bands.append((without_marks(table.block.names[index]), texts_of_column))
        else:
            arrays[landed] = texts_of_column
    for index, column in table.columns:
        if column.role != "measure":
            arrays[column.landed] = text_array(columns[index])
    if bands:
        arrays["bands"] = pa.array(_as_json(bands), pa.string())
    arrays["_source_row"] = pa.array([i + 1 for i in emitted], pa.int64())
    return arrays


def _counts_as_text(
    table: Table, emitted: list[int], columns: list[tuple[int, Sequence[Any]]]
) -> list[pa.Array]:
    """The count columns as text, having checked that they are counts."""
    rows = len(emitted)
    # Arrow's cost is per call, not per cell: where all are numbers, one call does.
    numbers = number_array(list(chain.from_iterable(cells for _, cells in columns)))
    if numbers is not None:
        whole = repeated_numbers_as_text(numbers)
        return [whole.slice(i * rows, rows) for i in range(len(columns))]
    for index, cells in columns:
        _check_counts(table, emitted, index, cells)
    return [text_array(cells) for _, cells in columns]


def _as_json(bands: list[tuple[str, pa.Array]]) -> list[str]:
    names = [name for name, _ in bands]
    values = zip(*(array.to_pylist() for _, array in bands), strict=True)
    return [json.dumps(dict(zip(names, v, strict=True))) for v in values]


def _check_unnamed(
    table: Table, emitted: list[int], columns: list[tuple[Any, ...]]
) -> None:
    for index, cells in enumerate(columns):
        if index in table.block.names or not set(cells) - {""}:
            continue
        for i, cell in zip(emitted, cells, strict=True):
            if not is_blank(cell):
                raise _bad_cell(
                    table, i, index, "no value, because the column has no header", cell
                )


def _check_counts(
    table: Table, emitted: list[int], index: int, cells: Sequence[Any]
) -> None:
    bad = {cell for cell in set(cells) if not _is_count(cell)}
    if not bad:
        return
    at, cell = next(
        (i, c) for i, c in zip(emitted, cells, strict=True) if c in bad
    )
    raise _bad_cell(table, at, index, "a number or a mark for a withheld figure", cell)


def _is_count(cell: Any) -> bool:
    if isinstance(cell, str):
        plain = cell.strip()
        return bool(_COUNT.fullmatch(plain)) or plain.lower() in SUPPRESSION_MARKS
    return isinstance(cell, int | float) and not isinstance(cell, bool)


def _bad_cell(
    table: Table, row: int, column: int, expected: str, cell: Any
) -> Quarantined:
    header = table.block.names.get(column)
    name = f"column {column_letter(column)}"
    if header:
        name += f" '{without_marks(header)}'"
    if not is_blank(cell):
        found = f"'{as_text(cell)}'"
    elif table.page.sheet.name is None:
        found = "a blank"
    else:
        found = "a blank, or an error such as #DIV/0! (calamine reads errors as blank)"
    return Quarantined(
        "cannot read a figure of the table",
        where=f"{table.where}, row {row + 1}, {name}",
        expected=expected,
        found=found,
        next_step="compare the cell with the publisher's copy; download the file again",
    )
