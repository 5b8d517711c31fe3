"""The body of a table: followed down from its header to where it ends."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from loaders.sheets import cells
from loaders.sheets.cells import MARK, NUMBER, TEXT, kind
from loaders.sheets.find import header_at, is_header_like
from loaders.sheets.grid import Grid, Window

#: Blank rows inside a table: before a total, between regions.
_BRIDGE = 3
#: The same in a table of texts, whose rows cannot be told from a new header's.
_TEXT_BRIDGE = 1
_LONG_LABEL = 120
#: Rows above a header that its title may stand in.
_TITLE_ROWS = 4
#: Rows looked back at to see what labels look like.
_SAMPLE = 40


@dataclass
class Body:
    """The rows of a table, 0-based."""

    rows: list[int] = field(default_factory=list)
    repeated: list[int] = field(default_factory=list)
    end: int = 0


class Follower:
    """Follows one table down; what a row is depends on the columns of figures."""

    def __init__(
        self,
        grid: Grid,
        window: Window,
        header: tuple[int, int],
        columns: list[int],
        measures: set[int],
    ) -> None:
        self.grid, self.window = grid, window
        self.columns, self.measures = set(columns), measures
        self.inside = Window(window.first, window.last, min(columns), max(columns) + 1)
        self.labels = [c for c in columns if c not in measures]
        self.names = {
            c: _plain(grid.cell(header[1], c))
            for c in columns
            if header[1] >= header[0] and not grid.is_blank(header[1], c)
        }
        self.has_number_names = any(
            kind(grid.cell(r, c)) != TEXT
            for r in range(header[0], header[1] + 1)
            for c in columns
            if not grid.is_blank(r, c)
        )
        self.upper = {
            tuple(_plain(grid.cell(r, c)) for c in columns)
            for r in range(header[0], header[1])
        }
        self.ordered = columns
        is_odd = self.has_number_names or not columns
        self.quick = None if is_odd else min(measures, default=None)
        is_text = not measures and not self.has_number_names and len(columns) > 1
        self.first_two = (columns[0], columns[1]) if is_text else None
        first = max(window.first, header[0] - _TITLE_ROWS)
        self.above = {text for r in range(first, header[0]) for text in self._texts(r)}
        self.first_names = {
            grid.cell(r, columns[0]) for r in range(header[0], header[1] + 1)
        }

    def follow(self, start: int, last: int | None = None) -> Body:
        """The body from row ``start`` on, to row ``last`` at most (exclusive)."""
        grid, body = self.grid, Body(end=start)
        limit = last if last is not None else self.window.last
        pending: list[int] = []
        beside: list[int] = []
        blanks = 0
        for r in range(start, limit):
            if not blanks and not pending and self._is_plainly_row(grid.rows[r]):
                body.rows.append(r)
                continue
            found = grid.filled(r, self.inside)
            if not found or self._is_nothing(r, found):
                blanks += 1
                if any(c < self.inside.left for c in grid.filled(r, self.window)):
                    beside.append(r)
                continue
            if self._is_repeat(r, found):
                if not self._is_page_break([*beside, *pending]):
                    break
                body.repeated.append(r)
                pending, beside, blanks = [], [], 0
                continue
            what = self._what(r, found, blanks, pending, body)
            if what == "end":
                break
            if what == "row":
                body.rows.extend(pending)
                body.rows.append(r)
                pending, beside, blanks = [], [], 0
            else:
                pending.append(r)
        body.end = body.rows[-1] + 1 if body.rows else start
        return body

    def _is_plainly_row(self, row: list[Any]) -> bool:
        """Whether a row shows at a glance that it goes on with the table.

        Almost all rows of a long table have a figure in the same column, or a text in
        each of the first two: looking at no more keeps 100,000 rows cheap.
        """
        if self.quick is not None:
            cell = row[self.quick] if self.quick < len(row) else ""
            return cell.__class__ is float or (cell != "" and kind(cell) == NUMBER)
        if self.first_two is None or self.first_two[1] >= len(row):
            return False
        first, second = row[self.first_two[0]], row[self.first_two[1]]
        return (
            first.__class__ is str
            and second.__class__ is str
            and first not in self.first_names
            and not (first.isspace() or second.isspace())
            and first != ""
            and second != ""
        )

    def _is_nothing(self, row: int, found: list[int]) -> bool:
        """Whether a row holds nothing but failed formulas."""
        return len(found) <= 2 and all(
            cells.is_error(self.grid.cell(row, c)) for c in found
        )

    def _is_repeat(self, row: int, found: list[int]) -> bool:
        same = [c for c in found if self.names.get(c) == _plain(self.grid.cell(row, c))]
        if len(same) >= 2 and len(same) >= 0.6 * len(found):
            # "Age" over the same years as "Region" begins another table.
            labels = [c for c in found if c in self.names and c not in self.measures]
            has_labels = all(c in same for c in labels)
            return has_labels and len(same) >= 0.5 * len(self.names)
        return bool(self.upper) and len(found) > 1 and self._cells(row) in self.upper

    def _is_page_break(self, pending: list[int]) -> bool:
        """Whether a header comes again on a new page, under no other title."""
        return all(
            self._cells(r) in self.upper
            or (texts := self._texts(r)) <= self.above
            or any("continued" in text or "cont." in text for text in texts)
            for r in pending
        )

    def _texts(self, row: int) -> set[str]:
        return {
            _plain(self.grid.cell(row, c))
            for c in self.grid.filled(row, self.window)
            if c < self.inside.right
        }

    def _cells(self, row: int) -> tuple[str, ...]:
        return tuple(_plain(self.grid.cell(row, c)) for c in self.ordered)

    def _what(
        self, row: int, found: list[int], blanks: int, pending: list[int], body: Body
    ) -> str:
        if self.measures:
            return self._what_of_figures(row, found, blanks, pending, body)
        return self._what_of_texts(row, found, blanks, pending, body)

    def _what_of_figures(
        self, row: int, found: list[int], blanks: int, pending: list[int], body: Body
    ) -> str:
        values = {c: self.grid.cell(row, c) for c in found}
        figures = [c for c in found if c in self.measures and _is_figure(values[c])]
        if all(cells.is_error(values[c]) for c in figures):
            figures = []
        texts = [c for c in found if c in self.measures and kind(values[c]) == TEXT]
        label = next((values[c] for c in self.labels if c in values), None)
        is_note = isinstance(label, str) and cells.is_footer(label)
        if figures and len(figures) >= len(texts):
            if self._is_new_header(row, texts):
                return "end"
            if (blanks or pending) and not self._goes_on(found, figures, blanks):
                return "end"
            return "row"
        if self._is_new_header(row, texts):
            return "end"
        if is_note and len(found) <= 2 and not figures:
            return "end" if self._is_over(row) else "wait"
        if len(found) >= 2 and not blanks and not pending and body.rows:
            # A row of labels whose figures are blank, or say why there are none.
            if self._fits(values) and len(found) >= min(2, len(self.labels) or 2):
                return "row"
            return "wait"
        if not body.rows and len(found) >= 2 and not texts:
            return "row"
        if not blanks and not pending and self._is_lone_label(row, found, body):
            return "row"
        return "wait"

    def _is_lone_label(self, row: int, found: list[int], body: Body) -> bool:
        """Whether a label straight below the rows is one whose figures are blank."""
        if found != self.labels[:1] or len(self.labels) > 1 or not body.rows:
            return False
        text = str(self.grid.cell(row, found[0])).strip()
        longest = max(
            len(str(self.grid.cell(r, found[0]))) for r in body.rows[-_SAMPLE:]
        )
        if len(text) > longest + 10 or text.endswith((".", ":")):
            return False
        if cells.is_footer(text) or text[0] in "*†[" or cells.note_number(text):
            return False
        below = row + 1
        return below >= self.window.last or not is_header_above(
            self.grid, below, self.inside
        )

    def _is_over(self, row: int) -> bool:
        """Whether no row of figures of the same columns follows a line of notes."""
        blanks = 0
        for r in range(row + 1, min(row + 30, self.window.last)):
            found = self.grid.filled(r, self.inside)
            blanks = 0 if found else blanks + 1
            if blanks > _BRIDGE:
                return True
            if sum(
                c in self.measures and _is_figure(self.grid.cell(r, c)) for c in found
            ) >= max(1, 0.5 * len(self.measures)):
                return blanks > 0 or len(self.measures) < 2
        return True

    def _is_new_header(self, row: int, texts: list[int]) -> bool:
        if self.has_number_names:
            numbers = [
                self.grid.cell(row, c)
                for c in self.measures
                if self.grid.kind(row, c) == NUMBER
            ]
            if (
                len(numbers) >= 2
                and all(map(cells.is_year, numbers))
                and cells.are_header_numbers(numbers)
                and len(set(numbers)) == len(numbers)
            ):
                return header_at(self.grid, row, self.inside) is not None
        if len(texts) < max(2, 0.5 * len(self.measures)) and len(self.measures) > 1:
            return False
        return bool(texts) and header_at(self.grid, row, self.inside) is not None

    def _goes_on(self, found: list[int], figures: list[int], blanks: int) -> bool:
        """Whether figures after blank rows or a line of text belong to the table."""
        if blanks > _BRIDGE:
            return False
        has_label = any(c in found for c in self.labels)
        return has_label or len(figures) >= 0.5 * len(self.measures)

    def _fits(self, values: dict[int, Any]) -> bool:
        first = next(iter(values.values()))
        if cells.is_note_cell(first) or (
            isinstance(first, str) and cells.note_number(first) and len(first) > 30
        ):
            return False
        return all(not isinstance(v, str) or len(v) <= 300 for v in values.values())

    def _what_of_texts(
        self, row: int, found: list[int], blanks: int, pending: list[int], body: Body
    ) -> str:
        if len(found) >= 2:
            if blanks > _TEXT_BRIDGE or (blanks and pending):
                return "end"
            if blanks and not self._is_like_rows(row, found, body):
                return "end"
            return "row"
        value = self.grid.cell(row, found[0])
        is_note = isinstance(value, str) and (
            cells.is_footer(value) or len(value) > _LONG_LABEL
        )
        if blanks or is_note:
            return "end"
        return "wait"

    def _is_like_rows(self, row: int, found: list[int], body: Body) -> bool:
        """Whether a row after a blank one has the look of the rows above it."""
        sizes = [len(self.grid.filled(r, self.inside)) for r in body.rows[-20:]]
        if len(found) < 0.5 * max(sizes, default=2):
            return False
        looks = {_look(self.grid.cell(r, self.ordered[0])) for r in body.rows[-20:]}
        own = _look(self.grid.cell(row, self.ordered[0]))
        return not (looks == {"code"} and own == "words") and not is_header_above(
            self.grid, row, self.inside
        )


def is_header_above(grid: Grid, row: int, window: Window) -> bool:
    """Whether a row names columns of figures below it."""
    header = header_at(grid, row, window) if is_header_like(grid, row, window) else None
    return header is not None and bool(header.profile.measures)


def _look(cell: object) -> str:
    text = str(cell).strip()
    if text and text.upper() == text and any(ch.isdigit() for ch in text):
        return "code"
    return "words"


def _is_figure(cell: object) -> bool:
    what = kind(cell)
    return what in (NUMBER, MARK)


def _plain(cell: object) -> str:
    return "" if cell is None else " ".join(str(cell).split()).casefold()
