"""The tables of a part of a sheet: stacked ones, and those side by side."""

from __future__ import annotations

from loaders.sheets.build import build
from loaders.sheets.find import (
    DEEPEST,
    TRIES,
    header_at,
    is_header_like,
    is_index,
    parents_of,
)
from loaders.sheets.grid import Grid, Window
from loaders.sheets.profile import Block, groups_of

#: Rows that tables side by side are compared by.
_FAR = 2_000


def find_tables(grid: Grid, window: Window) -> list[Block]:
    """The tables inside a window, from top to bottom, then from left to right."""
    found: list[Block] = []
    row, first, tries = window.first, window.first, 0
    while row < window.last and tries < TRIES:
        if not is_header_like(grid, row, window):
            row += 1
            continue
        if is_index(grid, row, window):
            while row < window.last and grid.filled(row, window):
                row += 1
            continue
        block = _block_at(grid, row, first, window)
        if block is None:
            tries += 1
            row += 1
            continue
        end = block.end
        found.append(block)
        sides = _sides(grid, block, first, window)
        if sides:
            firsts = [_first_table(grid, side) for side in sides]
            end = max([block.end, *(b.end for b in firsts if b)])
            own = block.window
            found += find_tables(grid, Window(block.end, end, own.left, own.right))
            for side in sides:
                found += find_tables(grid, Window(first, end, side.left, side.right))
        row = first = end
    return found


def _first_table(grid: Grid, window: Window, last: int | None = None) -> Block | None:
    for row in range(window.first, min(last or window.last, window.last)):
        if is_header_like(grid, row, window):
            block = _block_at(grid, row, window.first, window)
            if block:
                return block
    return None


def _sides(grid: Grid, block: Block, first: int, window: Window) -> list[Window]:
    own = block.window
    sides = []
    if own.left > window.left:
        sides.append(Window(first, window.last, window.left, own.left))
    if own.right < window.right:
        sides.append(Window(first, window.last, own.right, window.right))
    return [
        side
        for side in sides
        if any(grid.filled(r, side) for r in range(side.first, side.last))
    ]


def _block_at(grid: Grid, row: int, first: int, window: Window) -> Block | None:
    """The table whose header begins in a row.

    Each part of a sheet is asked for again and again, once for each gap between
    columns that may part two tables: what was found there is kept.
    """
    key = row, first, window
    if key not in grid.found:
        grid.found[key] = _find_block(grid, row, first, window)
    found: Block | None = grid.found[key]
    return found


def _find_block(grid: Grid, row: int, first: int, window: Window) -> Block | None:
    header = header_at(grid, row, window)
    if header is None:
        return None
    named = {
        c for r in range(header.top, header.leaf + 1) for c in grid.filled(r, window)
    }
    held = header.profile.columns
    groups = groups_of(named | held)
    # A table of its own begins with labels: a group that begins with figures does not.
    labels = [g for g in groups if g[0] not in header.profile.measures]
    cut = _cut(grid, groups, labels, named, first, header.leaf, window)
    if cut is not None:
        return _block_at_cut(grid, row, first, cut, window)
    top = parents_of(grid, (header.top, header.leaf), first, window)
    named |= {c for r in range(top, header.top) for c in grid.filled(r, window)}
    return build(grid, window, (top, header.leaf), header.body, named, header.profile)


def _block_at_cut(
    grid: Grid, row: int, first: int, cut: tuple[int, int], window: Window
) -> Block | None:
    """The table of one side of a sheet, which the header row may reach beyond."""
    inside = Window(window.first, window.last, *cut)
    for r in range(row, min(row + DEEPEST, window.last)):
        if is_header_like(grid, r, inside):
            block = _block_at(grid, r, first, inside)
            if block:
                return block
    return None


def _cut(
    grid: Grid,
    groups: list[list[int]],
    beginning: list[list[int]],
    named: set[int],
    first: int,
    leaf: int,
    window: Window,
) -> tuple[int, int] | None:
    """The columns of the first table, when another one stands beside it."""
    last = min(window.last, leaf + _FAR)
    for i in range(1, len(groups)):
        if groups[i] not in beginning:
            continue
        left = Window(first, last, window.left, groups[i][0])
        right = Window(first, last, groups[i][0], window.right)
        if _stands_alone(grid, left, right, groups[i], leaf):
            left_is_named = any(c < groups[i][0] for c in named)
            return (
                (left.left, left.right)
                if left_is_named
                else (
                    right.left,
                    right.right,
                )
            )
    return None


def _stands_alone(
    grid: Grid, left: Window, right: Window, group: list[int], leaf: int
) -> bool:
    """Whether the columns right of a gap are a table of their own.

    Such a table begins with labels and is not just the rest of the rows on its left:
    its header is on another row, or its names repeat, or it is longer or shorter.
    """
    if len(group) < 2:
        return False
    other = _first_table(grid, right, leaf + DEEPEST + 2)
    if other is None or len(other.columns) < 2 or other.columns[0] in other.measures:
        return False
    own = _first_table(grid, left, leaf + DEEPEST + 2)
    if own is None or len(own.columns) < 2:
        return False
    if own.leaf != other.leaf:
        return True
    names = {grid.cell(own.leaf, c) for c in own.columns}
    if grid.cell(other.leaf, other.columns[0]) in names:
        return True
    longest = max(len(own.rows), len(other.rows))
    if abs(len(own.rows) - len(other.rows)) > max(1, 0.05 * longest):
        return True
    return bool(own.measures) and bool(other.measures)
