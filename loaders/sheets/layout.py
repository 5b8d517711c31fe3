"""Layout: where on a sheet a table stands and what its columns are called.

Regions are what readers and the manifest share. ``tables.read_tables`` finds those of
any sheet; publications with a layout of their own find theirs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from loaders.sheets.values import as_text, is_blank
from loaders.sheets.workbook import Rows

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
        role: ``dimension``, ``measure``, ``period`` or ``spacer``.
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
        reason: Why it is ``unrecognised``.
    """

    sheet: str | None
    hidden: bool
    kind: str
    tables: tuple[TableRegion, ...] = field(default=())
    reason: str | None = None


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
