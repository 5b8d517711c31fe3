"""Shapes of tables that tests need and few publications have: nothing published.

Each is a list of sheets for ``workbook()``, with figures that follow from their place,
so that a test knows which cell it reads.
"""

from __future__ import annotations

from collections.abc import Sequence

from examples.publications_sheets import Cell, Sheet


def plain(
    rows: int, figures: int = 3, *, name: str = "Table 1", start: int = 1
) -> Sheet:
    """A titled table: code, name and figures; ``rows`` may be any number.

    Args:
        rows: Rows of data.
        figures: Columns of figures.
        name: Of the sheet, and its title.
        start: Number of the first row.
    """
    names: list[Cell] = ["Org Code", "Org Name", *_measures(figures)]
    body = [_row(number, figures) for number in range(start, start + rows)]
    return Sheet(name, [[f"{name}: organisations"], [], names, *body], 3)


def text_only(rows: int = 25, *, name: str = "Mapping") -> Sheet:
    """A table without any number: no row of it looks like data by its figures."""
    names: list[Cell] = ["Practice Code", "Mapped To", "Reason"]
    body: list[list[Cell]] = [
        [f"C{82039 + number}", f"U{60000 + number}", "Closed"]
        for number in range(1, rows + 1)
    ]
    return Sheet(name, [[f"{name} of practices"], [], names, *body], 3)


def zeros_first(*, name: str = "Table 1") -> Sheet:
    """A table whose first rows hold nothing but zeros."""
    sheet = plain(4, name=name)
    for row in sheet.body[:2]:
        row[2:] = [0, 0, 0]
    return sheet


def stacked(rows: Sequence[int] = (4, 3), *, name: str = "Table 1") -> Sheet:
    """Tables one below the other, each with a title and names of its own."""
    cells: list[list[Cell]] = []
    for number, count in enumerate(rows, 1):
        table = plain(count, number + 1, name=f"Table {number}", start=number * 100)
        cells += [*table.rows, [], []]
    return Sheet(name, cells[:-2], 3)


def side_by_side(
    rows: Sequence[int] = (4, 3), *, gap: int = 2, name: str = "Table 1"
) -> Sheet:
    """Tables beside each other with blank columns between them."""
    tables = [
        plain(count, number + 1, name=f"Table {number}", start=number * 100)
        for number, count in enumerate(rows, 1)
    ]
    cells: list[list[Cell]] = []
    for at in range(max(len(table.rows) for table in tables)):
        line: list[Cell] = []
        for table in tables:
            row = table.rows[at] if at < len(table.rows) else []
            line += [*row, *[None] * (len(table.names) - len(row) + gap)]
        cells.append(line[:-gap])
    return Sheet(name, cells, 3)


def suppressed(marks: Sequence[str] = ("*", "-", "..", ":", "c", "z", "[x]")) -> Sheet:
    """A figure that is marked in each way, beside codes that look like marks."""
    names: list[Cell] = ["Ethnicity Code", "Ethnicity", "Referrals", "Open"]
    body: list[list[Cell]] = [
        ["C", "Any other White background", 12, 0],
        ["Z", "Not stated", None, 5],
        ["99", "Not known", 7, 1],
    ]
    body += [["A", "British", mark, 3] for mark in marks]
    return Sheet("Table 1", [["Table 1: referrals by ethnicity"], [], names, *body], 3)


def _measures(count: int) -> list[Cell]:
    return [f"Measure {number}" for number in range(1, count + 1)]


def _row(number: int, figures: int) -> list[Cell]:
    own: list[Cell] = [number * 10 + at for at in range(figures)]
    return [f"R{number:05d}", f"Organisation {number}", *own]
