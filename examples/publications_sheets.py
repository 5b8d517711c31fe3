"""Sheets in the layouts of publishers: cells, the row of names, what is merged.

A csv is a sheet without a name. Tests change sheets before they are written: a column
added, renamed, moved or dropped is the drift that the loader has to notice.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from examples.figures import read_csv
from examples.output import FIXED_TIME, MADE_BY, workbook_bytes

Cell = str | int | float | dt.date | None
#: Formats of the months that publishers write as dates.
MONTH_FORMAT = "mmm-yy"


@dataclass
class Sheet:
    """One sheet, or a csv.

    Attributes:
        name: Of the sheet; empty for a csv.
        rows: Cells from row 1 and column A.
        names_row: The row (from 1) that holds the column names; 0 without a table.
        merged: Merged cells: first row, first column, last row, last column, from 1.
        hidden: Whether Excel does not show it.
        months: Rows whose dates show their month only.
    """

    name: str
    rows: list[list[Cell]]
    names_row: int = 1
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden: bool = False
    months: frozenset[int] = frozenset()

    @property
    def names(self) -> list[Cell]:
        """The row of column names."""
        return self.rows[self.names_row - 1]

    @property
    def body(self) -> list[list[Cell]]:
        """The rows below the names: data, blanks, and notes."""
        return self.rows[self.names_row :]

    def rename(self, old: str, new: str) -> None:
        """Gives the first column of a name another one."""
        self.names[self.names.index(old)] = new

    def add(self, name: str, value: Cell, before: str | None = None) -> None:
        """Inserts a column with one value in all rows, at the end by default."""
        at = len(self.names) if before is None else self.names.index(before)
        self._insert(at, [name, *(value if any(row) else None for row in self.body)])

    def drop(self, name: str) -> None:
        """Takes the first column of a name out."""
        self._take(self.names.index(name))

    def move(self, name: str, before: str) -> None:
        """Puts the first column of a name before another."""
        cells = self._take(self.names.index(name))
        self._insert(self.names.index(before), cells)

    def _insert(self, at: int, cells: Sequence[Cell]) -> None:
        column = iter(cells)
        for number, row in enumerate(self.rows, 1):
            row += [None] * (at - len(row))
            row.insert(at, next(column) if number >= self.names_row else None)
        self.merged = [
            (r1, c1 + (c1 > at), r2, c2 + (c2 > at)) for r1, c1, r2, c2 in self.merged
        ]

    def _take(self, at: int) -> list[Cell]:
        taken: list[Cell] = []
        for number, row in enumerate(self.rows, 1):
            cell = row.pop(at) if at < len(row) else None
            if number >= self.names_row:
                taken.append(cell)
            elif cell is not None and at < len(row) and row[at] is None:
                row[at] = cell  # the parent of the columns that stay
        self.merged = [
            (r1, c1 - (c1 > at + 1), r2, c2 - (c2 > at))
            for r1, c1, r2, c2 in self.merged
            if not c1 == c2 == at + 1
        ]
        return taken


#: What a test does to the sheets of a file, by their names, before they are written.
Change = Callable[[Mapping[str, Sheet]], None]


def example_line(said: str) -> str:
    """How a file says that it is an example, and of what."""
    return f"EXAMPLE: {said}; {MADE_BY}"


def values(name: str) -> list[dict[str, str]]:
    """Published figures: rows of a file below ``examples/values/publications/``."""
    return read_csv(f"publications/{name}")


def cell(text: str) -> Cell:
    """A stored figure as the cell a workbook would hold: number, mark or blank."""
    try:
        number = float(text)
    except ValueError:
        return text or None
    return int(number) if number.is_integer() else number


def cells(texts: Iterable[str]) -> list[Cell]:
    """Stored figures as the cells of a row."""
    return [cell(text) for text in texts]


def lines(*rows: Sequence[Cell]) -> list[list[Cell]]:
    """Rows from column A."""
    return [list(row) for row in rows]


def titled(filled: Mapping[int, Sequence[Cell]], upto: int) -> list[list[Cell]]:
    """The rows above a table: some of them filled from column B, the others blank."""
    return [[None, *filled.get(row, ())] for row in range(1, upto + 1)]


def workbook(sheets: Sequence[Sheet], change: Change | None = None) -> bytes:
    """The sheets as xlsx, always the same bytes.

    Args:
        sheets: In their order.
        change: Changes them, by their names, before they are written.
    """
    if change:
        change({sheet.name: sheet for sheet in sheets})
    book = Workbook()
    book.remove(book.active)
    for sheet in sheets:
        page = book.create_sheet(sheet.name)
        for number, row in enumerate(sheet.rows, 1):
            page.append(row)
            if number in sheet.months:
                for column, content in enumerate(row, 1):
                    if isinstance(content, dt.date):
                        page.cell(number, column).number_format = MONTH_FORMAT
        for r1, c1, r2, c2 in sheet.merged:
            first, last = get_column_letter(c1), get_column_letter(c2)
            page.merge_cells(f"{first}{r1}:{last}{r2}")
        page.sheet_state = "hidden" if sheet.hidden else "visible"
    book.properties.creator = "hindcast examples/generate.py"
    book.properties.created = FIXED_TIME
    return workbook_bytes(book)


def csv_text(
    rows: Iterable[Sequence[Cell]],
    example: str | None,
    change: Change | None = None,
) -> bytes:
    """A csv of these rows, the names first.

    Args:
        rows: As published.
        example: What the line above the names says it is an example of; ``None``
            leaves the line out.
        change: Changes the rows, as the sheet ``""``, before they are written.
    """
    sheet = Sheet("", [list(row) for row in rows])
    if change:
        change({"": sheet})
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    if example:
        writer.writerow([example_line(example)])
    writer.writerows(sheet.rows)
    return out.getvalue().encode()
