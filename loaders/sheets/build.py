"""A table from its header: its columns, its rows, and what is left out as stray."""

from __future__ import annotations

from collections.abc import Sequence

from loaders.sheets.body import Follower
from loaders.sheets.cells import BLANK, as_number
from loaders.sheets.grid import Grid, Window
from loaders.sheets.profile import Block, Profile, groups_of


def build(
    grid: Grid,
    window: Window,
    header: tuple[int, int],
    body: int,
    named: set[int],
    profile: Profile,
    last: int | None = None,
) -> Block | None:
    """A table from its header: its columns, then its rows.

    Args:
        grid: The sheet.
        window: The part of it that is looked at.
        header: First and last header row.
        body: The first row of data.
        named: Columns that the header names.
        profile: What the columns of the first rows hold.
        last: Where the body ends (exclusive) when that is known.
    """
    columns, strays = _columns(grid, window, header, named, profile)
    measures = profile.measures & set(columns)
    numbered = [body] if _numbers_columns(grid, body, columns) else []
    follower = Follower(grid, window, header, columns, measures)
    followed = follower.follow(body + len(numbered), last)
    if not followed.rows:
        return None
    held = _held(grid, window, header, followed.rows, columns)
    more, late = _late_columns(held, columns, len(followed.rows))
    found = sorted([*columns, *more])
    stray = _stray_columns(grid, header, found, held, len(followed.rows))
    return Block(
        window,
        header[0],
        header[1],
        followed.end,
        [c for c in found if c not in stray],
        measures - stray,
        followed.rows,
        numbered + followed.repeated,
        sorted({*strays, *late, *stray}),
    )


def _numbers_columns(grid: Grid, row: int, columns: list[int]) -> bool:
    """Whether the row below a header only counts its columns, as 1, 2, 3 do."""
    numbers = [as_number(grid.cell(row, c)) for c in columns]
    return len(numbers) >= 4 and numbers == list(range(1, len(numbers) + 1))


def _columns(
    grid: Grid,
    window: Window,
    header: tuple[int, int],
    named: set[int],
    profile: Profile,
) -> tuple[list[int], list[int]]:
    """The columns of a table, and stray ones without a name beside it."""
    covered = set(named)
    for row in range(header[0], header[1] + 1):
        for merge in grid.merges_at(row):
            covered |= {
                c for c in range(merge.left, merge.right + 1) if profile.filled(c)
            }
    groups = groups_of(covered | profile.columns)
    columns: list[int] = []
    strays: list[int] = []
    for group in groups:
        has_name = any(c in covered for c in group)
        fullest = max(profile.filled(c) for c in group)
        if has_name or fullest >= max(2, 0.3 * profile.rows):
            columns += group
        else:
            strays += group
    return [c for c in columns if window.left <= c < window.right], strays


def _is_named(grid: Grid, header: tuple[int, int], column: int) -> bool:
    return any(
        not grid.is_blank(r, column) for r in range(header[0], header[1] + 1)
    ) or any(
        m.left <= column <= m.right
        for r in range(header[0], header[1] + 1)
        for m in grid.merges_at(r)
    )


def _held(
    grid: Grid,
    window: Window,
    header: tuple[int, int],
    rows: Sequence[int],
    columns: list[int],
) -> dict[int, int]:
    """How many rows fill each column that is odd: one without a name or apart."""
    gaps = [b for a, b in zip(columns, columns[1:], strict=False) if b > a + 2]
    known = set(columns)
    odd = [
        c
        for c in range(window.left, window.right)
        if c not in known or c in gaps or not _is_named(grid, header, c)
    ]
    return {
        c: sum(
            1
            for r in rows
            if c < len(grid.rows[r])
            and grid.rows[r][c] != ""
            and grid.kind(r, c) != BLANK
        )
        for c in odd
    }


def _late_columns(
    held: dict[int, int], columns: list[int], rows: int
) -> tuple[list[int], list[int]]:
    """Columns without a name that only later rows fill: kept, unless hardly filled."""
    kept: list[int] = []
    strays: list[int] = []
    for c, count in held.items():
        if c in columns or not count:
            continue
        inside = columns[0] < c < columns[-1] or c in (columns[0] - 1, columns[-1] + 1)
        is_kept = count > 2 and (inside or count >= 0.3 * rows)
        (kept if is_kept else strays).append(c)
    return kept, strays


def _stray_columns(
    grid: Grid,
    header: tuple[int, int],
    columns: list[int],
    held: dict[int, int],
    rows: int,
) -> set[int]:
    """Columns that a stray cell makes: a zero in a spacer, a letter far off."""
    stray = set()
    for i, c in enumerate(columns):
        if c not in held:
            continue
        if not _is_named(grid, header, c):
            few = 2 if rows >= 50 else 1
            if rows >= 4 and held[c] <= few and grid.kind(header[1], c) == BLANK:
                stray.add(c)
        elif (
            i
            and c > columns[i - 1] + 2
            and not any(held.get(d, 1) for d in columns[i:])
        ):
            stray |= set(columns[i:])
    return stray
