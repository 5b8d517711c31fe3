"""Layout: where on a sheet a table stands and what its columns are called.

Regions are what readers and the manifest share. ``detect`` finds plain tables (one
header row, then rows as wide); publications with a layout of their own find theirs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from loaders.sheets.names import clean_name, unique_names
from loaders.sheets.values import as_text, is_blank
from loaders.sheets.workbook import Rows, Sheet

#: Fewer named columns than this is a list or a text, not a table.
_NARROWEST = 2

#: What Excel and its exports leave in a cell whose formula failed.
ERROR_MARKS = frozenset(
    ("#DIV/0!", "#VALUE!", "#REF!", "#N/A", "#NAME?", "#NUM!", "#NULL!")
)


@dataclass(frozen=True)
class ColumnRegion:
    """A column of a table.

    Attributes:
        index: 0-based column of the sheet.
        name: Header levels joined with `` | ``, footnote marks kept.
        clean_name: The column it lands in; ``None`` for a spacer.
        role: ``dimension``, ``measure`` or ``spacer``.
    """

    index: int
    name: str
    clean_name: str | None
    role: str


@dataclass(frozen=True)
class TableRegion:
    """A table on a sheet; all rows 1-based and inclusive, as in a spreadsheet.

    Attributes:
        name: Its title, PART line or declared name.
        header_rows: First and last row of the column names.
        first_data_row: First row that is no aggregate.
        last_data_row: Last row that is no aggregate.
        data_rows: How many rows between them hold data.
        columns: The columns, from left to right.
        aggregate_rows: Rows of national or grand totals.
        footer_rows: First and last row of text below it, or ``None``.
        notes: That text, as published.
    """

    name: str | None
    header_rows: tuple[int, int]
    first_data_row: int
    last_data_row: int
    data_rows: int
    columns: tuple[ColumnRegion, ...]
    aggregate_rows: tuple[int, ...] = ()
    footer_rows: tuple[int, int] | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class SheetRegion:
    """A sheet and its tables.

    Attributes:
        sheet: Sheet name, ``None`` for a csv.
        hidden: Whether the workbook hides it.
        kind: ``data``, ``notes`` (text only), ``empty`` or ``unrecognised``.
        tables: The tables found.
    """

    sheet: str | None
    hidden: bool
    kind: str
    tables: tuple[TableRegion, ...] = field(default=())


def filled(row: Sequence[Any]) -> list[int]:
    """The 0-based columns of a row whose cells hold something."""
    return [i for i, cell in enumerate(row) if not is_blank(cell)]


def texts(row: Sequence[Any]) -> tuple[str, ...]:
    """The filled cells of a row as text, failed formulas left out."""
    cells = (as_text(cell) for cell in row)
    return tuple(c.strip() for c in cells if c is not None and c not in ERROR_MARKS)


def is_number(cell: object) -> bool:
    """Whether a cell is a number, or text of a csv that is one."""
    if isinstance(cell, str):
        plain = cell.strip().rstrip("%").replace(",", "")
        return plain.lstrip("-").replace(".", "", 1).isdigit()
    return isinstance(cell, int | float) and not isinstance(cell, bool)


def looks_like_data(rows: Rows) -> bool:
    """Whether rows hold figures side by side, so that skipping them would lose some."""
    return any(sum(map(is_number, row)) >= 3 for row in rows)


def detect(sheet: Sheet) -> SheetRegion:
    """The tables of a sheet of an unknown publication.

    Tables declared in the file are taken exactly. Without one, a header is the first
    row with at least two cells, all text and all different, above a row that fills
    columns under it; the table ends at the next blank row.
    """
    rows = sheet.rows
    if not any(filled(row) for row in rows):
        return SheetRegion(sheet.name, sheet.hidden, "empty")
    if sheet.tables:
        regions = tuple(
            _region(
                rows,
                t.name,
                (t.header_row or t.first_row) - 1,
                t.last_row,
                range(t.first_col, t.last_col + 1),
                has_header=t.header_row is not None,
            )
            for t in sheet.tables
        )
        return SheetRegion(sheet.name, sheet.hidden, "data", regions)
    found = _header_run(rows)
    if found:
        return SheetRegion(sheet.name, sheet.hidden, "data", (found,))
    kind = "unrecognised" if looks_like_data(rows) else "notes"
    return SheetRegion(sheet.name, sheet.hidden, kind)


def _header_run(rows: Rows) -> TableRegion | None:
    for i, row in enumerate(rows[:-1]):
        columns = filled(row)
        names = [row[c] for c in columns]
        if len(columns) < _NARROWEST or len(set(names)) < len(names):
            continue
        if any(not isinstance(n, str) or is_number(n) for n in names):
            continue
        below = filled(rows[i + 1])
        # A row that fills a column without a name means the real header is elsewhere,
        # or has levels this simple rule cannot read.
        if len(below) < _NARROWEST or not set(below) <= set(columns):
            continue
        end = i + 1
        while end < len(rows) and (cells := filled(rows[end])):
            if not set(cells) <= set(columns):
                return None
            end += 1
        title = texts(rows[0])[0] if i and texts(rows[0]) else None
        return _region(rows, title, i, end, range(columns[0], columns[-1] + 1))
    return None


def _region(
    rows: Rows,
    name: str | None,
    start: int,
    end: int,
    columns: range,
    *,
    has_header: bool = True,
) -> TableRegion:
    """Describes ``rows[start:end]``; ``start`` is the header row, ``end`` exclusive."""
    first = start + 1 if has_header else start
    body = rows[first:end]
    headers = [as_text(rows[start][c]) if has_header else None for c in columns]
    landed = unique_names(clean_name(h or "") for h in headers)
    described = tuple(
        ColumnRegion(c, h or "", n or None, _role([row[c] for row in body], h))
        for c, h, n in zip(columns, headers, landed, strict=True)
    )
    return TableRegion(
        name=name,
        header_rows=(start + 1, start + 1),
        first_data_row=first + 1,
        last_data_row=end,
        data_rows=sum(1 for row in body if filled(row)),
        columns=described,
    )


def _role(cells: list[Any], header: str | None) -> str:
    values = [c for c in cells if not is_blank(c)]
    if not values and not header:
        return "spacer"
    # Codes and years are numbers too; calling them measures does no harm here.
    return "measure" if values and all(map(is_number, values)) else "dimension"
