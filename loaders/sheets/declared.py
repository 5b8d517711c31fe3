"""Excel tables declared in the file, and all tables of a sheet around them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from loaders.sheets.blocks import find_tables
from loaders.sheets.body import Follower
from loaders.sheets.build import build
from loaders.sheets.cells import BLANK, TEXT
from loaders.sheets.find import parents_of
from loaders.sheets.grid import Grid, Window
from loaders.sheets.parts import DeclaredTable
from loaders.sheets.profile import Block, Profile, sample

#: What Excel calls the columns of a table that has no names of its own.
_GENERIC = re.compile(r"(?:column|field|header)\s*\d*", re.IGNORECASE)


def declared_block(grid: Grid, table: DeclaredTable) -> Block | None:
    """An Excel table as declared, made longer or wider where its range falls short.

    ``None`` when its header says nothing: then the layout is found like any other.
    """
    leaf = (table.header_row or 0) - 1
    if leaf < 0 or table.last_row > grid.height or leaf >= grid.height:
        return None
    columns = range(table.first_col, min(table.last_col + 1, grid.width))
    names = [grid.cell(leaf, c) for c in columns]
    texts = [str(n).strip() for n in names if str(n or "").strip()]
    said = [t for t in texts if not _GENERIC.fullmatch(t)]
    if not said or len(said) < 0.5 * len(columns):
        return None
    left, right = columns[0], columns[-1]
    while right + 1 < grid.width and _has_column(grid, leaf, right + 1):
        right += 1
    while left > 0 and _has_column(grid, leaf, left - 1):
        left -= 1
    window = Window(0, grid.height, left, right + 1)
    rows = sample(grid, table.first_row - 1, window)
    if not rows or table.last_row < table.first_row:
        return None
    profile = Profile(grid, rows, window)
    top = parents_of(grid, (leaf, leaf), 0, window)
    # Above a declared table only merged names are levels of its header: its own header
    # row is complete.
    if top < leaf and not any(
        m.right > m.left for r in range(top, leaf) for m in grid.merges_at(r)
    ):
        top = leaf
    named = {c for c in range(left, right + 1) if grid.kind(leaf, c) != BLANK}
    block = build(
        grid, window, (top, leaf), table.first_row - 1, named, profile, table.last_row
    )
    if block is None:
        return None
    block.declared = table.name
    inside = range(table.first_row - 1, table.last_row)
    block.rows = [r for r in inside if grid.filled(r, window)]
    block.end = table.last_row
    if table.totals_row and table.totals_row <= grid.height:
        block.totals = [table.totals_row - 1]
        block.rows.append(table.totals_row - 1)
        block.end = table.totals_row
    return block


def _has_column(grid: Grid, leaf: int, column: int) -> bool:
    below = range(leaf + 1, min(leaf + 4, grid.height))
    return grid.kind(leaf, column) == TEXT and any(
        not grid.is_blank(r, column) for r in below
    )


def _lengthen(grid: Grid, block: Block, last: int) -> None:
    """Adds what follows below the declared range: more rows, or totals after a blank.

    Only rows that go on with the same figures are taken, up to row ``last``.
    """
    window = block.window
    follower = Follower(
        grid, window, (block.top, block.leaf), block.columns, block.measures
    )
    body = follower.follow(block.end, last)
    for row in body.rows:
        held = set(grid.filled(row, window))
        is_full = len(held) >= max(2, 0.5 * len(block.columns))
        if not is_full or (row > block.end and not held & block.measures):
            break
        block.rows.append(row)
        block.end = row + 1


def with_declared(grid: Grid, tables: Sequence[DeclaredTable]) -> list[Block]:
    """All tables of a sheet, the declared ones first of all."""
    declared = [b for t in tables if (b := declared_block(grid, t))]
    for block in declared:
        below = [b.top for b in declared if b.top >= block.end]
        if not block.totals:
            _lengthen(grid, block, min(below, default=grid.height))
    if not declared:
        return find_tables(grid, grid.window)
    found = list(declared)
    first = 0
    for start, end in _bands(declared):
        found += find_tables(grid, Window(first, start, 0, grid.width))
        left = 0
        for block in sorted(
            (b for b in declared if start <= b.top < end), key=lambda b: b.columns[0]
        ):
            found += _beside(grid, Window(start, end, left, block.columns[0]))
            left = max(left, block.columns[-1] + 1)
        found += _beside(grid, Window(start, end, left, grid.width))
        first = end
    found += find_tables(grid, Window(first, grid.height, 0, grid.width))
    return sorted(found, key=lambda b: (b.top, b.columns[0]))


def _beside(grid: Grid, window: Window) -> list[Block]:
    return find_tables(grid, window) if window.left < window.right else []


def _bands(blocks: Sequence[Block]) -> list[tuple[int, int]]:
    """Runs of rows that declared tables take up, those that overlap joined."""
    bands: list[tuple[int, int]] = []
    for block in sorted(blocks, key=lambda b: b.top):
        if bands and block.top < bands[-1][1]:
            bands[-1] = bands[-1][0], max(bands[-1][1], block.end)
        else:
            bands.append((block.top, block.end))
    return bands
