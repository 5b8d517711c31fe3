"""What the columns of some rows hold, and the table that is made of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from loaders.sheets import cells
from loaders.sheets.cells import MARK, NUMBER, kind
from loaders.sheets.grid import Grid, Window

#: Rows looked at to tell figures from labels.
SAMPLE = 40
#: A sample goes on over blank rows while it has fewer rows: a total may stand alone.
_SMALL_SAMPLE = 2
#: Share of figures and marks that makes a column one of figures.
_FIGURES = 0.7


@dataclass
class Block:
    """A table found on a sheet: rows and columns 0-based.

    Attributes:
        window: The part of the sheet it was looked for in.
        top: First header row.
        leaf: Last header row; less than ``top`` for a table without header.
        end: One after its last row.
        columns: Its columns, spacers left out.
        measures: Those that hold figures.
        rows: The rows of its body that hold something.
        repeated: Rows inside it that repeat the header, or number its columns.
        strays: Columns beside it that hold a few cells and no header.
        declared: Its name, when the file declares it.
        totals: Rows that the file declares as totals.
    """

    window: Window
    top: int
    leaf: int
    end: int
    columns: list[int]
    measures: set[int]
    rows: list[int]
    repeated: list[int] = field(default_factory=list)
    strays: list[int] = field(default_factory=list)
    declared: str | None = None
    totals: list[int] = field(default_factory=list)


class Profile:
    """What the columns of some rows hold."""

    def __init__(self, grid: Grid, rows: Sequence[int], window: Window) -> None:
        self.rows = len(rows)
        self._kinds: dict[int, dict[str, int]] = {}
        self._plain: dict[int, int] = {}
        for row in rows:
            for column in grid.filled(row, window):
                cell = grid.rows[row][column]
                what = kind(cell)
                counts = self._kinds.setdefault(column, {})
                counts[what] = counts.get(what, 0) + 1
                if what == MARK and cells.is_plain_mark(cell):
                    self._plain[column] = self._plain.get(column, 0) + 1
        self.measures = {c for c in self._kinds if self._is_measure(c)}

    @property
    def columns(self) -> set[int]:
        """The columns that hold something."""
        return set(self._kinds)

    def filled(self, column: int) -> int:
        """How many rows fill a column."""
        return sum(self._kinds.get(column, {}).values())

    def _is_measure(self, column: int) -> bool:
        counts = self._kinds[column]
        total, numbers = sum(counts.values()), counts.get(NUMBER, 0)
        if not numbers:
            return self._plain.get(column, 0) == total
        return numbers + counts.get(MARK, 0) >= _FIGURES * total


def sample(grid: Grid, row: int, window: Window) -> list[int]:
    """Filled rows from ``row`` on, a few over blank rows while there are too few."""
    found: list[int] = []
    blanks = 0
    for r in range(row, window.last):
        if grid.filled(r, window):
            found.append(r)
            blanks = 0
            if len(found) >= SAMPLE:
                break
        else:
            blanks += 1
            if len(found) >= _SMALL_SAMPLE or blanks > 2:
                break
    return found


def groups_of(columns: Iterable[int]) -> list[list[int]]:
    """Columns as runs without a gap."""
    groups: list[list[int]] = []
    for column in sorted(columns):
        if groups and groups[-1][-1] == column - 1:
            groups[-1].append(column)
        else:
            groups.append([column])
    return groups
