"""A sheet as a grid of filled cells and merged areas, looked at through windows."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from typing import Any

from loaders.sheets.cells import BLANK, kind
from loaders.sheets.workbook import Sheet


@dataclass(frozen=True)
class Window:
    """A rectangle of a sheet: rows and columns 0-based, ends exclusive."""

    first: int
    last: int
    left: int
    right: int


@dataclass(frozen=True)
class Merge:
    """A merged area, 0-based and inclusive."""

    top: int
    left: int
    bottom: int
    right: int


class Grid:
    """The cells of a sheet; which are filled is found out row by row, when asked."""

    def __init__(self, sheet: Sheet) -> None:
        self.rows = sheet.rows
        self.height = len(sheet.rows)
        self.width = max(map(len, sheet.rows), default=0)
        self._filled: list[list[int] | None] = [None] * self.height
        #: What was found where, for those who look at the same part again.
        self.found: dict[tuple[int, int, Window], Any] = {}
        self.merges = {
            (m[0][0], m[0][1]): Merge(m[0][0], m[0][1], m[1][0], m[1][1])
            for m in sheet.merges
            if m[1] > m[0]
        }
        self._merges_at: dict[int, list[Merge]] = {}
        for merge in self.merges.values():
            self._merges_at.setdefault(merge.top, []).append(merge)
        self._merges_in: dict[int, list[Merge]] = {}
        for merge in self.merges.values():
            if merge.bottom > merge.top:
                self._merges_in.setdefault(merge.left, []).append(merge)

    @property
    def window(self) -> Window:
        """The whole sheet."""
        return Window(0, self.height, 0, self.width)

    def cell(self, row: int, column: int) -> Any:
        """A cell; rows may be shorter than the sheet is wide."""
        cells = self.rows[row]
        return cells[column] if column < len(cells) else ""

    def filled(self, row: int, window: Window | None = None) -> list[int]:
        """The columns of a row that hold something, inside a window."""
        found = self._filled[row]
        if found is None:
            found = [
                i
                for i, cell in enumerate(self.rows[row])
                if cell != ""
                and cell is not None
                and not (cell.__class__ is str and cell.isspace())
            ]
            self._filled[row] = found
        if window is None or (window.left == 0 and window.right >= self.width):
            return found
        return found[bisect_left(found, window.left) : bisect_left(found, window.right)]

    def kind(self, row: int, column: int) -> str:
        """What a cell is."""
        return kind(self.cell(row, column))

    def next_filled(self, row: int, window: Window) -> int | None:
        """The first row from ``row`` on that holds something inside a window."""
        for r in range(row, window.last):
            if self.filled(r, window):
                return r
        return None

    def merges_at(self, row: int) -> list[Merge]:
        """The merged areas that begin in a row."""
        return self._merges_at.get(row, [])

    def merges_in(self, column: int) -> list[Merge]:
        """The areas merged downward that begin in a column."""
        return self._merges_in.get(column, [])

    def is_blank(self, row: int, column: int) -> bool:
        """Whether a cell holds nothing."""
        return self.kind(row, column) == BLANK
