"""Every table on a sheet of any publication: the door to the layout engine.

Declared tables of a workbook come first, else the layout decides (``find``, ``body``,
``blocks``). What a publisher's file cannot tell is said by overrides.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from loaders.sheets import cells
from loaders.sheets.aggregates import aggregate_rows
from loaders.sheets.around import (
    Line,
    beside_of,
    columns_without_names,
    figures_left,
    figures_without_header,
    lines_around,
    lines_outside,
    note_numbers,
    rows_without_header,
    title_of,
)
from loaders.sheets.build import build
from loaders.sheets.cells import BLANK, MARK, NUMBER, TEXT, kind
from loaders.sheets.columns import FoundColumn, describe
from loaders.sheets.declared import with_declared
from loaders.sheets.grid import Grid, Window
from loaders.sheets.layout import ColumnRegion, SheetRegion, TableRegion
from loaders.sheets.names import column_index, column_letter
from loaders.sheets.profile import Block, Profile, sample
from loaders.sheets.workbook import Sheet

#: Lines of text kept as notes of a table; longer texts are prose of the publication.
_MOST_NOTES = 200


@dataclass(frozen=True)
class Overrides:
    """What detection cannot know of one table, from ``publications.yml``.

    Attributes:
        sheet: Pattern that the name of the sheet matches; empty for a csv or any sheet.
        skip: The sheet is not read.
        header_rows: First and last row of the header, 1-based.
        first_data_row: Its first row, 1-based.
        last_data_row: Its last row, 1-based.
        columns: Its columns as letters, ``B:Z``.
        labels: How many columns on its left are labels.
        keep_wide: Its period columns stay columns.
    """

    sheet: str = ""
    skip: bool = False
    header_rows: tuple[int, int] | None = None
    first_data_row: int | None = None
    last_data_row: int | None = None
    columns: str | None = None
    labels: int | None = None
    keep_wide: bool = False

    def matches(self, sheet: Sheet) -> bool:
        """Whether a sheet is the one spoken of."""
        return re.search(self.sheet, sheet.name or "", re.IGNORECASE) is not None

    @property
    def places(self) -> bool:
        """Whether it says where the table stands."""
        return bool(self.header_rows or self.first_data_row)


@dataclass
class FoundTable:
    """A table of a sheet, ready to be landed.

    Attributes:
        region: What the manifest tells of it.
        columns: Its columns, from left to right, spacers left out.
        row_numbers: 1-based rows that land: aggregates too, blank rows not.
        is_declared: Whether the file declares it as a table.
        title: The text above it that names it.
        notes: What the reader met and left out, in words.
        keep_wide: Whether its period columns stay columns.
    """

    region: TableRegion
    columns: tuple[FoundColumn, ...]
    row_numbers: list[int]
    is_declared: bool
    title: str | None
    notes: tuple[str, ...]
    keep_wide: bool = False
    _columns: list[list[Any]] = field(default_factory=list, repr=False)

    def cells(self, i: int) -> list[Any]:
        """The raw cells of a column, one per landed row, merged labels filled."""
        return self._columns[i]


@dataclass
class SheetTables:
    """A sheet, its tables and the text around them.

    Attributes:
        region: What the manifest tells of it.
        tables: Its tables.
        preamble: Rows of text above and outside the tables: row number and cells.
        reason: Why it is ``unrecognised``.
    """

    region: SheetRegion
    tables: tuple[FoundTable, ...]
    preamble: list[Line]
    reason: str | None = None


def read_tables(sheet: Sheet, overrides: Sequence[Overrides] = ()) -> SheetTables:
    """Finds the tables of a sheet.

    Args:
        sheet: A sheet of a workbook, or a csv as one.
        overrides: What is known of the publication's sheets; those that match count.

    Returns:
        The tables. A sheet of figures that no header names is ``unrecognised``, with
        the reason; nothing is raised for what a sheet holds.
    """
    own = [o for o in overrides if o.matches(sheet)]
    grid = Grid(sheet)
    if not any(grid.filled(r) for r in range(grid.height)):
        return _without_tables(sheet, "empty", [], None)
    if any(o.skip for o in own):
        return _without_tables(sheet, "notes", lines_outside(grid, set()), None)
    placed = [b for o in own if o.places and (b := _placed(grid, o))]
    blocks = placed or _whole_csv(sheet, grid) or with_declared(grid, sheet.tables)
    taken = {
        r for b in blocks for r in [*range(b.top, b.leaf + 1), *b.rows, *b.repeated]
    }
    lines = lines_outside(grid, taken)
    if not blocks:
        reason = figures_without_header(grid) or rows_without_header(grid)
        if sheet.name is None:
            reason = reason or columns_without_names(grid)
        kind_ = "unrecognised" if reason else "notes"
        return _without_tables(sheet, kind_, lines, reason)
    notes = note_numbers(lines)
    labels = next((o.labels for o in own if o.labels is not None), None)
    keep_wide = any(o.keep_wide for o in own)
    tables = tuple(
        _table(grid, blocks, i, lines, notes, labels, keep_wide)
        for i in range(len(blocks))
    )
    region = SheetRegion(
        sheet.name, sheet.hidden, "data", tuple(t.region for t in tables)
    )
    return SheetTables(region, tables, lines)


def _without_tables(
    sheet: Sheet,
    kind_: str,
    lines: list[Line],
    reason: str | None,
) -> SheetTables:
    region = SheetRegion(sheet.name, sheet.hidden, kind_, (), reason)
    return SheetTables(region, (), lines, reason)


# ------------------------------------------------------------- other ways to a block


def _whole_csv(sheet: Sheet, grid: Grid) -> list[Block] | None:
    """A csv whose first row is its header: all its other rows are data."""
    if sheet.name is not None or grid.height < 2:
        return None
    header = grid.filled(0)
    values = [grid.rows[0][c] for c in header]
    if len(header) < 2 or len(header) < 0.7 * grid.width:
        return None
    if any(kind(v) == NUMBER for v in values) and not (
        cells.are_header_numbers([v for v in values if kind(v) == NUMBER])
        and any(kind(v) == TEXT for v in values)
    ):
        return None
    if any(cells.is_plain_mark(v) for v in values):
        return None
    if cells.is_key(values[0]) and str(values[0]).strip().endswith(":"):
        return None
    last = _last_of_csv(grid)
    rows = [
        r
        for r in range(1, last)
        if any(grid.rows[r]) and (grid.rows[r][0].strip() or grid.filled(r))
    ]
    if not rows:
        return None
    profile = Profile(grid, rows[:40], grid.window)
    columns = [
        c
        for c in range(grid.width)
        if c in header or any(row[c] for row in grid.rows[1:last] if c < len(row))
    ]
    if len(header) < grid.width and any(
        c not in header and profile.filled(c) for c in range(header[0])
    ):
        # A gap on the left of the header may be a header of several levels.
        levels = [r for r in rows[:3] if not _has_figures(grid, r)]
        if levels and profile.measures:
            return None
    measures = profile.measures & set(columns)
    columns, strays = _apart(grid, columns, range(1, last))
    return [Block(grid.window, 0, 0, last, columns, measures, rows, strays=strays)]


def _apart(grid: Grid, columns: list[int], rows: range) -> tuple[list[int], list[int]]:
    """The columns of a csv without a last one that is a stray cell of its first row."""
    last = len(columns) - 1
    if last < 1 or columns[last] <= columns[last - 1] + 2:
        return columns, []
    if any(grid.cell(r, columns[last]) for r in rows):
        return columns, []
    return columns[:last], columns[last:]


def _has_figures(grid: Grid, row: int) -> bool:
    return any(grid.kind(row, c) in (NUMBER, MARK) for c in grid.filled(row))


def _last_of_csv(grid: Grid) -> int:
    """The end of the rows: notes at the end are no data, nor texts after a blank."""
    last = grid.height
    are_notes = True
    for row in range(grid.height - 1, max(grid.height - 60, 0), -1):
        found = grid.filled(row)
        if len(found) > 1:
            break
        text = str(grid.rows[row][found[0]]).strip() if found else ""
        are_notes = are_notes and (
            not text or cells.is_footer(text) or text[0] in "*†" or len(text) > 120
        )
        if not found or are_notes:
            last = row
    return last


def _placed(grid: Grid, override: Overrides) -> Block | None:
    """The table that an override places."""
    left, right = 0, grid.width
    if override.columns:
        first, _, end = override.columns.partition(":")
        left, right = column_index(first), column_index(end or first) + 1
    window = Window(0, grid.height, left, min(right, grid.width))
    if override.header_rows:
        top, leaf = override.header_rows[0] - 1, override.header_rows[1] - 1
    else:
        body = (override.first_data_row or 1) - 1
        top, leaf = body, body - 1
    start = (
        override.first_data_row - 1
        if override.first_data_row
        else grid.next_filled(leaf + 1, window)
    )
    if start is None or start >= grid.height or window.left >= window.right:
        return None
    profile = Profile(grid, sample(grid, start, window), window)
    named = {
        c
        for r in range(top, min(leaf + 1, grid.height))
        for c in grid.filled(r, window)
    } or profile.columns
    block = build(grid, window, (top, leaf), start, named, profile)
    if block is None:
        return None
    if override.last_data_row:
        last = min(override.last_data_row, grid.height)
        block.rows = [r for r in range(start, last) if grid.filled(r, window)]
        block.end = last
    return block


# ------------------------------------------------------------------ what is told of it


def _table(
    grid: Grid,
    blocks: list[Block],
    index: int,
    lines: list[Line],
    notes: frozenset[int],
    labels: int | None,
    keep_wide: bool,
) -> FoundTable:
    block = blocks[index]
    raw = [_cells(grid, block, c) for c in block.columns]
    columns = describe(grid, block, raw, notes, labels)
    aggregates = sorted({*aggregate_rows(block.rows, columns, raw), *block.totals})
    inside = [r for r in block.rows if r not in set(aggregates)] or block.rows
    above, below = lines_around(blocks, index, lines, grid)
    above = beside_of(grid, block, above)
    title = block.declared or title_of(above)
    footer = [row for row, _ in below]
    said = [f"row {r + 1} repeats or numbers the header" for r in block.repeated]
    if block.strays:
        said.append(
            "stray cells in columns without a header are not landed: columns "
            + ", ".join(column_letter(c) for c in block.strays)
        )
    if left := figures_left(below):
        said.append(left)
    region = TableRegion(
        name=title,
        header_rows=(block.top + 1, max(block.leaf, block.top) + 1),
        first_data_row=inside[0] + 1,
        last_data_row=inside[-1] + 1,
        data_rows=len(inside),
        columns=tuple(
            ColumnRegion(c.index, c.published_name, c.clean_name, c.role)
            for c in columns
        ),
        aggregate_rows=tuple(r + 1 for r in aggregates),
        footer_rows=(footer[0], footer[-1]) if footer else None,
        notes=tuple(" ".join(texts) for _, texts in below[:_MOST_NOTES]),
    )
    return FoundTable(
        region=region,
        columns=columns,
        row_numbers=[r + 1 for r in block.rows],
        is_declared=block.declared is not None,
        title=title if block.declared is None else title_of(above) or title,
        notes=tuple(said),
        keep_wide=keep_wide,
        _columns=raw,
    )


def _cells(grid: Grid, block: Block, column: int) -> list[Any]:
    rows = grid.rows
    try:
        found = [rows[r][column] for r in block.rows]
    except IndexError:
        found = [grid.cell(r, column) for r in block.rows]
    merges = [m for m in grid.merges_in(column) if block.leaf < m.top < grid.height]
    if column in block.measures or not merges:
        return found
    # A label merged downward holds for each of its rows.
    place = {r: i for i, r in enumerate(block.rows)}
    for merge in merges:
        label = grid.cell(merge.top, column)
        for r in range(merge.top + 1, min(merge.bottom + 1, block.end)):
            if r in place and kind(found[place[r]]) == BLANK:
                found[place[r]] = label
    return found
