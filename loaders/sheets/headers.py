"""The names of columns: which names of a header block stand over which column."""

from __future__ import annotations

import re

from loaders.sheets.cells import BLANK, DATE, is_error
from loaders.sheets.grid import Grid, Merge
from loaders.sheets.names import comparable
from loaders.sheets.periods_in import printed_dates
from loaders.sheets.profile import Block, groups_of
from loaders.sheets.values import as_text

_TITLE = re.compile(
    r"^\s*table\s+\w{1,4}\b|\b(?:data|table|statistics|figures|time ?series)\s*$",
    re.IGNORECASE,
)


def levels(grid: Grid, block: Block) -> dict[int, tuple[str, ...]]:
    """The header texts over each column, from the top level down, none said twice."""
    if block.leaf < block.top:
        return {c: () for c in block.columns}
    rows = range(block.top, block.leaf + 1)
    texts = {r: _texts(grid, block, r) for r in rows}
    over = {r: _spread(grid, block, r, texts) for r in rows}
    result = {}
    for column in block.columns:
        names: list[str] = []
        for r in rows:
            text = over[r].get(column)
            if text and not any(comparable(text) == comparable(n) for n in names):
                names.append(text)
        result[column] = tuple(names)
    return result


def _texts(grid: Grid, block: Block, row: int) -> dict[int, str]:
    """The filled cells of a header row as text, dates as their months."""
    inside = range(block.columns[0], block.columns[-1] + 1)
    cells = {
        c: value
        for c in inside
        if grid.kind(row, c) != BLANK and not is_error(value := grid.cell(row, c))
    }
    dates = {c: v for c, v in cells.items() if grid.kind(row, c) == DATE}
    printed = printed_dates(list(dates.values()))
    found = dict(zip(dates, printed, strict=True))
    return {
        c: found[c] if c in found else " ".join((as_text(v) or "").split())
        for c, v in cells.items()
    }


def _spread(
    grid: Grid, block: Block, row: int, texts: dict[int, dict[int, str]]
) -> dict[int, str]:
    """For each column the name that a header row gives it."""
    own = texts[row]
    result = dict(own)
    merged: set[int] = set()
    for column, text in own.items():
        merge = grid.merges.get((row, column))
        if merge and row < block.leaf and _is_title(block, merge, text):
            del result[column]
            merged |= set(range(merge.left, merge.right + 1))
            continue
        if merge and merge.right > merge.left:
            for c in range(merge.left, merge.right + 1):
                result[c] = text
                merged.add(c)
        elif merge:
            merged.add(column)
    if row == block.leaf:
        return {c: t for c, t in result.items() if c in own or c in merged}
    below = {c for r in range(row + 1, block.leaf + 1) for c in texts[r]}
    free = [c for c in own if c not in merged and c in below]
    runs = _runs(block, merged, below)
    leaf = {c: comparable(t) for c, t in texts[block.leaf].items()}
    for group, label in _groups(runs, free, leaf, block.measures):
        for c in group:
            result.setdefault(c, own[label])
    return result


def _is_title(block: Block, merge: Merge, text: str) -> bool:
    """Whether a name merged over the labels is the title: "Provider level data"."""
    over = range(merge.left, merge.right + 1)
    return (
        merge.left <= block.columns[0] < merge.right
        and not block.measures & set(over)
        and _TITLE.search(text) is not None
    )


def _runs(block: Block, merged: set[int], below: set[int]) -> list[list[int]]:
    """Columns side by side that one unmerged label may cover.

    Borders are merged areas, spacer columns, and names that reach down to the rows.
    """
    return groups_of(c for c in block.columns if c in below and c not in merged)


def _groups(
    runs: list[list[int]], free: list[int], leaf: dict[int, str], measures: set[int]
) -> list[tuple[list[int], int]]:
    """The columns under each unmerged label.

    A label stands at the left of its group, or in the middle of it: which, is told by
    the groups whose borders are known.
    """
    held = [(run, [c for c in free if c in run]) for run in runs]
    centred = any(
        len(labels) == 1 and labels[0] != run[0] and set(run) <= measures
        for run, labels in held
    )
    result: list[tuple[list[int], int]] = []
    for run, labels in held:
        parts = _repeated_parts(run, labels, leaf, measures)
        if parts:
            result += parts
        elif len(labels) == 1:
            result.append((_reach(run, labels[0], measures, centred), labels[0]))
        else:
            ends = [*labels[1:], run[-1] + 1]
            for label, end in zip(labels, ends, strict=bool(labels)):
                result.append(([c for c in run if label <= c < end], label))
    return result


def _repeated_parts(
    run: list[int], labels: list[int], leaf: dict[int, str], measures: set[int]
) -> list[tuple[list[int], int]]:
    """A run split where the names below begin again, one label over each part."""
    if len(labels) < 2:
        return []
    for start, column in enumerate(run):
        if column not in measures:
            continue
        size, rest = divmod(len(run) - start, len(labels))
        if rest or size < 2:
            continue
        parts = [run[i : i + size] for i in range(start, len(run), size)]
        names = [[leaf.get(c) for c in part] for part in parts]
        if all(n == names[0] for n in names) and all(
            label in part for label, part in zip(labels, parts, strict=True)
        ):
            return list(zip(parts, labels, strict=True))
    return []


def _reach(run: list[int], label: int, measures: set[int], centred: bool) -> list[int]:
    """The columns of a run that its only label covers."""
    left = [c for c in run if c < label and c in measures]
    right = [c for c in run if c > label]
    in_middle = bool(left) and abs(len(left) - len(right)) <= 1
    return [*left, label, *right] if centred and in_middle else [label, *right]
