"""The text around tables: lines above and below them, titles, notes, reasons."""

from __future__ import annotations

import re

from loaders.sheets import cells
from loaders.sheets.cells import NUMBER, kind
from loaders.sheets.grid import Grid
from loaders.sheets.profile import Block
from loaders.sheets.values import as_text

#: A row outside the tables: its number, 1-based, and its filled cells as text.
Line = tuple[int, tuple[str, ...]]

#: Figures in a row that make an unread sheet one of figures, and rows of them.
_SIDE_BY_SIDE, _FIGURE_ROWS = 2, 2
#: The same for lists of texts.
_WIDE_TEXT, _WIDE_ROWS = 4, 5

_TABLE_LINE = re.compile(r"\s*table\s+\w{1,4}\b.*", re.IGNORECASE | re.DOTALL)
_LONG_TITLE = 120
_TITLE_KEY = re.compile(r"title\s*:?\s*", re.IGNORECASE)


def lines_outside(grid: Grid, taken: set[int]) -> list[Line]:
    """Rows outside the tables that hold something."""
    found = []
    for row in range(grid.height):
        if row in taken:
            continue
        texts = tuple(
            text.strip()
            for c in grid.filled(row)
            if (text := as_text(grid.rows[row][c])) is not None
            and not cells.is_error(text)
        )
        if texts:
            found.append((row + 1, texts))
    return found


def figures_without_header(grid: Grid) -> str | None:
    """Why a sheet without a table is not just text: rows of figures, and where."""
    rows = []
    for row in range(grid.height):
        found = grid.filled(row)
        figures = [c for c in found if grid.kind(row, c) == NUMBER]
        first = grid.rows[row][found[0]] if found else None
        is_note = len(found) == 2 and cells.is_note_cell(first)
        if len(figures) >= _SIDE_BY_SIDE or (
            figures and len(found) == 2 and not is_note and found[-1] in figures
        ):
            rows.append(row)
    if len(rows) < _FIGURE_ROWS:
        return None
    return (
        f"rows {rows[0] + 1} to {rows[-1] + 1} hold figures, and no row above them "
        "names their columns"
    )


def columns_without_names(grid: Grid) -> str | None:
    """Why a csv without a table is none: nothing in it names two columns."""
    wide = [r for r in range(grid.height) if len(grid.filled(r)) > 1]
    if not wide:
        return "it has one column, so that it is a list and no table"
    return f"no row names the columns of rows {wide[0] + 1} to {wide[-1] + 1}"


def rows_without_header(grid: Grid) -> str | None:
    """Why a sheet without a table is more than prose: many rows of many cells."""
    wide = [r for r in range(grid.height) if len(grid.filled(r)) >= _WIDE_TEXT]
    if len(wide) < _WIDE_ROWS:
        return None
    return (
        f"rows {wide[0] + 1} to {wide[-1] + 1} hold lists side by side, and no row "
        "above them names their columns"
    )


def figures_left(below: list[Line]) -> str | None:
    """What to say of rows of figures below a table that are not its own."""
    rows = [
        row
        for row, texts in below
        if sum(kind(text) == NUMBER for text in texts) >= _SIDE_BY_SIDE
        and not cells.is_note_cell(texts[0])
    ]
    if not rows:
        return None
    return (
        f"rows {rows[0]} to {rows[-1]} hold figures below the table, without a header"
    )


def note_numbers(lines: list[Line]) -> frozenset[int]:
    """The numbers of the notes printed on a sheet."""
    in_text = (cells.note_number(t) for _, texts in lines for t in texts[:2])
    return frozenset(n for n in in_text if n) | frozenset(
        int(re.sub(r"\D", "", texts[0]))
        for _, texts in lines
        if len(texts) >= 2 and cells.is_note_cell(texts[0])
    )


def lines_around(
    blocks: list[Block],
    index: int,
    lines: list[Line],
    grid: Grid,
) -> tuple[list[Line], list[Line]]:
    """The lines of text above a table and those below it, as far as the next table.

    Between two tables the lines straight above the lower one are its own.
    """
    block = blocks[index]
    previous = max((b.end for b in blocks if b.end <= block.top), default=0)
    following = [b for b in blocks if b.top >= block.end]
    until = min((b.top for b in following), default=grid.height)
    above = [line for line in lines if previous < line[0] <= block.top]
    below = [line for line in lines if block.end < line[0] <= until]
    if following:
        cut = until
        while cut > block.end and not grid.filled(cut - 1):
            cut -= 1
        start = cut
        while cut > block.end and grid.filled(cut - 1):
            cut -= 1
        # A note between two tables belongs to the upper one, whatever the blank rows.
        own = [texts for row, texts in below if cut < row <= start]
        if any(cells.is_footer(t[0]) or cells.note_number(t[0]) for t in own):
            cut = start
        below = [line for line in below if line[0] <= cut]
    return above, below


def beside_of(grid: Grid, block: Block, above: list[Line]) -> list[Line]:
    """The lines above a table, only what stands over it when another stands beside."""
    window = block.window
    if window.left == 0 and window.right >= grid.width:
        return above
    over = []
    for row, _ in above:
        columns = grid.filled(row - 1, window)
        texts = (as_text(grid.cell(row - 1, c)) for c in columns)
        if held := tuple(t.strip() for t in texts if t):
            over.append((row, held))
    return over or above


def title_of(above: list[Line]) -> str | None:
    """The text above a table that names it.

    A line that begins with "Table", else the nearest short line that is no sentence,
    else the line "Title: …", else the first line.
    """
    for _, texts in reversed(above):
        if _TABLE_LINE.fullmatch(texts[0]):
            return " ".join(texts[0].split())
    for _, texts in reversed(above):
        if _is_title(texts):
            return " ".join(texts[0].split())
    for _, texts in above:
        key = _TITLE_KEY.match(texts[0])
        rest = texts[0][key.end() :] if key else ""
        if key and (rest or len(texts) > 1):
            return " ".join((rest or texts[1]).split())
    for _, texts in above:
        if any(ch.isalpha() for ch in texts[0]) and not cells.is_footer(texts[0]):
            return " ".join(texts[0].split())
    return None


def _is_title(texts: tuple[str, ...]) -> bool:
    """Whether a line is a short text that is no sentence, key, note or address."""
    text = texts[0]
    return (
        len(text) <= _LONG_TITLE
        and all(kind(t) == NUMBER for t in texts[1:])
        and any(ch.isalpha() for ch in text)
        and not text.endswith((".", ":"))
        and not text.startswith(("*", "http"))
        and not cells.is_footer(text)
        and not cells.is_key(text.partition(":")[0])
    )
