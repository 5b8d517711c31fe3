"""Where tables stand: header blocks found by contrast of type, bodies followed down.

A header is where texts (or years, months, dates) stand above figures. Only a table of
texts has no such contrast; its header is the first of its rows, when that row does not
look like the rows below it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from loaders.sheets import cells
from loaders.sheets.cells import BLANK, DATE, NUMBER, TEXT, kind
from loaders.sheets.grid import Grid, Window
from loaders.sheets.profile import SAMPLE, Profile, groups_of, sample

#: Header rows of one table; a deeper block has not been seen.
DEEPEST = 4
#: Blank rows that may stand between a header and its first row.
_HEADER_GAP = 3
#: What a text over figures in the first row of data costs its header. One may say why
#: there are no figures; a row of them is a row of names.
_TEXT_COSTS = 1.5
#: Headers tried in vain on one sheet, before it is taken for one without tables.
TRIES = 400
_LONG_HEADER, _LONG_PARENT, _LONG_TEXT_HEADER = 400, 150, 150

_CODE = re.compile(r"(?=.*\d)[A-Z0-9]{2,12}|[A-Z]\d[A-Z0-9-]+")
_UPPER_CODE = re.compile(r"[A-Z0-9]{3}")
_HEADER_WORD = re.compile(
    r"code|name|org|icb|pcn|ccg|lsoa|type|sex|age|key|ics|stp|ods|gp", re.IGNORECASE
)
#: What the columns of a table of contents are called.
_INDEX_NAME = re.compile(
    r"(?:(?:work)?sheet|tab|table)s?(?: name| number| no\.?| title)?|contents?|links?"
)
_INDEX_DETAIL = re.compile(
    r"(?:title|name|description|detail|section|period|coverage|source|notes?)s?"
    r"(?: covered| of (?:table|sheet|worksheet))?"
)
#: A line of a cover page: what it says stands beside it, not below.
_COVER_LINE = re.compile(
    r"title|summary|period|(?:data )?source|basis|published|revised|status|contact"
    r"|frequency|coverage|(?:next )?(?:publication|release)(?: date)?|theme|author"
)
_TABLE_TITLE = re.compile(r"\s*table\s+\w{1,4}\b", re.IGNORECASE)


def is_header_like(grid: Grid, row: int, window: Window, least: int = 2) -> bool:
    """Whether every filled cell of a row may be the name of a column."""
    columns = grid.filled(row, window)
    if len(columns) < least:
        return False
    values = [grid.rows[row][c] for c in columns]
    numbers: list[object] = []
    for value in values:
        what = kind(value)
        if what == NUMBER:
            numbers.append(value)
            # Most rows of a sheet are figures, and two of them tell.
            if len(numbers) == 2 and not cells.may_count_on(*numbers):
                return False
        elif not _may_be_name(value):
            return False
    if numbers and not _are_names(grid, row, window, numbers, len(values)):
        return False
    first = values[0]
    if len(columns) <= 4 and isinstance(first, str) and cells.is_key(first):
        return not (first.strip().endswith(":") or _in_key_lines(grid, row, window))
    return True


def _may_be_name(value: object) -> bool:
    # Where a name is a failed formula, the others still are names.
    if cells.is_error(value):
        return True
    is_sign = isinstance(value, bool) or cells.is_sign(value)
    return not is_sign and len(str(value)) <= _LONG_HEADER


def _are_names(
    grid: Grid, row: int, window: Window, numbers: list[object], width: int
) -> bool:
    if not cells.are_header_numbers(numbers):
        return False
    if len(numbers) == 1:
        # A single year is a name only among texts: 2024 beside one text is a figure.
        return width >= 3
    if all(cells.is_year(n) for n in numbers) or len(str(numbers[0])) >= 6:
        return True
    # Ages and weeks that count on: only straight above figures, beside texts. Helpers
    # of charts and look-ups are such rows too, and stand above texts.
    below = grid.filled(row + 1, window) if row + 1 < window.last else []
    figures = sum(grid.kind(row + 1, c) == NUMBER for c in below)
    return width > len(numbers) and figures >= 2


def _in_key_lines(grid: Grid, row: int, window: Window) -> bool:
    column = grid.filled(row, window)[0]
    return any(
        cells.is_key(grid.cell(r, column))
        for r in range(max(row - 2, window.first), min(row + 3, window.last))
        if r != row
    )


@dataclass(frozen=True)
class _Header:
    top: int
    leaf: int
    body: int
    profile: Profile


def header_at(grid: Grid, row: int, window: Window) -> _Header | None:
    """The header whose first full row is ``row``, or ``None``."""
    if not is_header_like(grid, row, window):
        return None
    best: tuple[float, _Header] | None = None
    for depth in range(1, DEEPEST + 1):
        leaf = row + depth - 1
        if depth > 1 and not _continues(grid, row, leaf, window):
            break
        body = grid.next_filled(leaf + 1, window)
        if body is None or body - leaf - 1 > _HEADER_GAP:
            break
        profile = Profile(grid, sample(grid, body, window), window)
        score = _contrast(grid, row, leaf, body, profile)
        if score is None or (depth > 1 and not _adds(grid, row, leaf, window, profile)):
            continue
        if best is None or score > best[0]:
            best = score, _Header(row, leaf, body, profile)
    if best and best[0] > 0:
        return best[1]
    return _text_header(grid, row, window)


def is_index(grid: Grid, row: int, window: Window) -> bool:
    """Whether a row heads a table of contents."""
    texts = [str(grid.cell(row, c)).strip().lower() for c in grid.filled(row, window)]
    return any(_INDEX_NAME.fullmatch(t) for t in texts) and all(
        _INDEX_NAME.fullmatch(t) or _INDEX_DETAIL.fullmatch(t) for t in texts
    )


def _continues(grid: Grid, row: int, leaf: int, window: Window) -> bool:
    return leaf < window.last and is_header_like(grid, leaf, window, least=1)


def _contrast(
    grid: Grid, top: int, leaf: int, body: int, profile: Profile
) -> float | None:
    """How well a header splits texts from figures; ``None`` when it names too few."""
    measures = profile.measures
    named = sum(
        any(grid.kind(r, c) != BLANK for r in range(top, leaf + 1)) for c in measures
    )
    if not measures or named < max(1, 0.5 * len(measures)):
        return None
    texts = sum(
        grid.kind(body, c) in (TEXT, DATE) and _is_word(grid.cell(body, c))
        for c in measures
    )
    return named - _TEXT_COSTS * texts


def _is_word(cell: object) -> bool:
    return not isinstance(cell, str) or any(ch.isalpha() or ch == "%" for ch in cell)


def _adds(grid: Grid, top: int, leaf: int, window: Window, profile: Profile) -> bool:
    """Whether a row below the first one is a level of the header, not a row of data."""
    own = grid.filled(leaf, window)
    over_figures = [c for c in own if c in profile.measures]
    if not over_figures:
        return False
    above = {c for r in range(top, leaf) for c in grid.filled(r, window)}
    labels = above - profile.measures
    if labels & set(own) or len(own) >= len(above):
        # Two rows that name the same columns are a header in two languages, or one of
        # units, only when all figures say so.
        is_new = not set(own) <= above and not labels & set(own)
        return is_new or len(over_figures) >= max(2, 0.8 * len(profile.measures))
    return True


def _text_header(grid: Grid, row: int, window: Window) -> _Header | None:
    columns = grid.filled(row, window)
    values = [grid.rows[row][c] for c in columns]
    body = grid.next_filled(row + 1, window)
    if body is None or body - row - 1 > 2:
        return None
    names = [str(v).strip().casefold() for v in values]
    if len(columns) == 2 and _COVER_LINE.fullmatch(names[0]):
        return None
    if not grid.merges_at(row):
        # Tables side by side may have names in common, one table may not.
        for group in groups_of(columns):
            own = [n for n, c in zip(names, columns, strict=True) if c in group]
            if len(set(own)) < len(own):
                return None
    if any(len(n) > _LONG_TEXT_HEADER for n in names):
        return None
    leaf = row
    if _is_group_row(grid, row, window):
        leaf, body = row + 1, row + 2
        columns = sorted({*columns, *grid.filled(row + 1, window)})
        if body >= window.last:
            return None
    rows = []
    for r in range(body, min(body + SAMPLE, window.last)):
        if not grid.filled(r, window):
            break
        rows.append(r)
    if not rows or not _is_text_body(grid, rows, columns, window):
        return None
    if leaf == row and _looks_like_rows(grid, row, rows, columns):
        return None
    return _Header(row, leaf, body, Profile(grid, rows, window))


def _is_group_row(grid: Grid, row: int, window: Window) -> bool:
    """Whether a row of texts groups the names in the next one."""
    if row + 2 >= window.last:
        return False
    own, below = grid.filled(row, window), grid.filled(row + 1, window)
    if any(m.right > m.left and m.bottom == row for m in grid.merges_at(row)):
        return len(below) > 1 and any(c not in own for c in below)
    values = [grid.cell(row + 1, c) for c in below]
    under = range(row + 2, min(row + 2 + SAMPLE, window.last))
    return (
        len(below) >= 4
        and not _looks_like_rows(grid, row + 1, list(under), below)
        and len(own) <= len(below) / 2
        and len(set(map(str, values))) == len(values)
        and is_header_like(grid, row + 1, window)
        and set(own) <= set(below)
        and own[0] == below[0]
    )


def _is_text_body(
    grid: Grid, rows: list[int], columns: list[int], window: Window
) -> bool:
    wide = inside = total = keys = notes = index = 0
    for row in rows:
        found = grid.filled(row, window)
        held = [c for c in found if c in columns]
        total += len(found)
        inside += len(held)
        first = grid.rows[row][found[0]]
        if len(held) >= 2 and len({str(grid.rows[row][c]) for c in held}) > 1:
            wide += 1
        keys += isinstance(first, str) and first.strip().endswith(":")
        notes += cells.is_note_cell(first) and len(found) <= 3
        index += cells.is_index_cell(first) and len(found) <= 4
    size = len(rows)
    return (
        wide >= max(1, 0.5 * size)
        and inside >= 0.5 * total
        and keys < 0.3 * size
        and notes < 0.6 * size
        and index < 0.6 * size
    )


def _looks_like_rows(grid: Grid, row: int, rows: list[int], columns: list[int]) -> bool:
    """Whether a row of texts is one of the rows below it: a list without a header."""
    for column in columns[:4]:
        own = str(grid.cell(row, column)).strip()
        below = [str(grid.cell(r, column)).strip() for r in rows]
        below = [b for b in below if b]
        for pattern in (_CODE, _UPPER_CODE):
            alike = sum(bool(pattern.fullmatch(b)) for b in below)
            if below and alike >= 0.8 * len(below) and pattern.fullmatch(own):
                return not _HEADER_WORD.fullmatch(own)
    return False


def parents_of(grid: Grid, header: tuple[int, int], first: int, window: Window) -> int:
    """The first row of a header block: rows of group names above its full rows."""
    top, leaf = header
    own = sorted({c for r in range(top, leaf + 1) for c in grid.filled(r, window)})
    while top > first and leaf - top < DEEPEST - 1:
        row = top - 1
        found = grid.filled(row, window)
        if not found and row > first and _are_merged(grid, row - 1, window):
            # Names merged over their columns stay names above a blank row.
            row -= 1
            found = grid.filled(row, window)
        if not found or not _is_parent(grid, row, found, own, window):
            break
        top = row
    return top


def _are_merged(grid: Grid, row: int, window: Window) -> bool:
    merges = [grid.merges.get((row, c)) for c in grid.filled(row, window)]
    return len(merges) > 1 and all(m and m.right > m.left for m in merges)


def _is_parent(
    grid: Grid, row: int, found: list[int], own: list[int], window: Window
) -> bool:
    found = [c for c in found if not cells.is_error(grid.cell(row, c))]
    values = [grid.cell(row, c) for c in found]
    if not found or any(
        isinstance(v, str) and (len(v) > _LONG_PARENT or cells.is_footer(v))
        for v in values
    ):
        return False
    if not is_header_like(grid, row, window, least=1):
        return False
    if len(found) > 1:
        return found[-1] > own[0] and not _TABLE_TITLE.match(str(values[0]))
    merge = grid.merges.get((row, found[0]))
    right = merge.right if merge else found[0]
    is_title = found[0] <= own[0] or _TABLE_TITLE.match(str(values[0]))
    return not is_title and found[0] <= own[-1] and right <= max(own[-1], right)
