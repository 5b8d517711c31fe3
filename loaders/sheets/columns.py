"""The columns of a found table: names, marks, roles and kinds of value."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from loaders.sheets import cells
from loaders.sheets.cells import BLANK, DATE, MARK, NUMBER, TEXT, kind
from loaders.sheets.grid import Grid
from loaders.sheets.headers import levels
from loaders.sheets.names import (
    column_letter,
    published_name,
    short_names,
    split_marks,
)
from loaders.sheets.profile import Block

#: Distinct values looked at for the kind of a column, from either end.
_MOST_VALUES = 1_000

#: Names whose numbers are labels: codes, and points in time.
_LABEL_NAME = re.compile(
    r"(?:^|_)(?:code|codes|id|ids|identifier|ods|lsoa|msoa|uprn|postcode|postal_code"
    r"|year|years|month|date|week|quarter|day|financial_year|period|phone|telephone)"
    r"(?:_(?:start|end|from|to|no|number|\d))?$|^(?:age|sex|gender|ethnicity)$"
)
_CODE_VALUE = re.compile(r"0\d+|[A-Z]\d\w*|\d{1,2}[A-Z]\w*")
_DATE_NUMBER = re.compile(r"(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")
_DATE_TEXT = re.compile(
    r"(?:\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|\d{4}-\d{2}-\d{2})"
    r"(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"
)


@dataclass(frozen=True)
class FoundColumn:
    """A column of a table.

    Attributes:
        index: 0-based column of the sheet.
        letter: The same as a spreadsheet letter.
        levels: Its header texts from the top level down, marks kept.
        level_names: The clean name of each.
        published_name: The levels joined with `` | ``; empty when it has no header.
        clean_name: The column it lands in, unique in the table.
        marks: Footnote marks of its header.
        role: ``dimension`` or ``measure``.
        value_kind: ``number``, ``text``, ``date``, ``mixed`` or ``empty``.
    """

    index: int
    letter: str
    levels: tuple[str, ...]
    level_names: tuple[str, ...]
    published_name: str
    clean_name: str
    marks: tuple[str, ...]
    role: str
    value_kind: str


def describe(
    grid: Grid,
    block: Block,
    raw: Sequence[Sequence[Any]],
    notes: frozenset[int],
    labels: int | None,
) -> tuple[FoundColumn, ...]:
    """Names the columns of a table and says what they hold.

    Args:
        grid: The sheet.
        block: Where the table stands.
        raw: The cells of each column.
        notes: Numbers of the notes on the sheet.
        labels: How many columns on the left are labels, when that is known.
    """
    over = levels(grid, block)
    said = {c: tuple(published_name(t, notes) for t in over[c]) for c in block.columns}
    names = [joined(said[c]) or invented(c) for c in block.columns]
    kinds = [kind_of_values(values) for values in raw]
    result = []
    for i, (c, name) in enumerate(zip(block.columns, short_names(names), strict=True)):
        value_kind, is_figures = kinds[i]
        is_label = bool(_LABEL_NAME.search(names[i])) or (
            labels is not None and i < labels
        )
        if value_kind == "empty":
            is_figures = is_figures or _is_beside_figures(kinds, i)
        is_measure = is_figures and not is_label
        marks = tuple(m for level in over[c] for m in split_marks(level, notes)[1])
        result.append(
            FoundColumn(
                index=c,
                letter=column_letter(c),
                levels=over[c],
                level_names=said[c],
                published_name=" | ".join(over[c]),
                clean_name=name,
                marks=marks,
                role="measure" if is_measure else "dimension",
                value_kind=_dated(value_kind, names[i], raw[i]),
            )
        )
    return tuple(result)


def _is_beside_figures(kinds: Sequence[tuple[str, bool]], i: int) -> bool:
    """Whether a column without a value yet stands among figures."""
    for neighbours in (kinds[i + 1 :], kinds[:i][::-1]):
        for value_kind, is_figures in neighbours:
            if value_kind != "empty":
                return is_figures
    return False


def joined(names: Sequence[str]) -> str:
    """One name of several levels; a level that says what the one above said is left."""
    parts: list[str] = []
    for name in names:
        if name and (not parts or parts[-1] != name):
            parts.append(name)
    return "_".join(parts)


def invented(column: int) -> str:
    """The name of a column without one."""
    return f"column_{column_letter(column).lower()}"


def kind_of_values(values: Sequence[Any]) -> tuple[str, bool]:
    """What a column holds, and whether that makes it one of figures.

    Marks do not count, yet a column of nothing but unmistakable ones is of figures.
    """
    counts = {NUMBER: 0, MARK: 0, DATE: 0, TEXT: 0}
    plain = codes = 0
    # Numbers of a workbook need no look at each; as text every distinct one does.
    types = set(map(type, values))
    if types <= {float, int}:
        return ("number", True) if values else ("empty", False)
    for value in _distinct(values):
        what = NUMBER if value.__class__ is float else kind(value)
        if what == BLANK:
            continue
        counts[what] += 1
        if what == MARK:
            plain += cells.is_plain_mark(value)
        elif what == TEXT and isinstance(value, str):
            codes += bool(_CODE_VALUE.fullmatch(value.strip()))
    numbers, marks, dates, texts = counts.values()
    if not any(counts.values()):
        return "empty", False
    if numbers and not texts and not dates:
        return "number", True
    if not numbers and not texts and not dates:
        is_figures = plain == marks
        return ("empty" if is_figures else "text"), is_figures
    if dates and not texts and not numbers:
        return "date", False
    if not numbers and not dates:
        return "text", False
    # Figures with a few remarks among them are figures; codes among numbers are codes.
    is_figures = numbers > 0 and not codes and texts + dates <= 0.1 * (numbers + marks)
    if not is_figures and not dates and texts and numbers <= 0.1 * texts:
        return "text", False
    return "mixed", is_figures


def _distinct(values: Sequence[Any]) -> list[Any]:
    """Distinct values in their order, of many the first and the last."""
    if bool in set(map(type, values)):
        # True equals 1 and hashes alike.
        values = [str(v) if v.__class__ is bool else v for v in values]
    found = list(dict.fromkeys(values))
    if len(found) <= 2 * _MOST_VALUES:
        return found
    return found[:_MOST_VALUES] + found[-_MOST_VALUES:]


def _dated(value_kind: str, name: str, values: Sequence[Any]) -> str:
    """``date`` for texts and numbers that are days, under a name that says so."""
    if value_kind not in ("number", "text") or "date" not in name:
        return value_kind
    held = [v for v in islice(values, 500) if kind(v) != BLANK]
    texts = [
        str(int(v)) if isinstance(v, float) and v.is_integer() else str(v).strip()
        for v in held
    ]
    is_dates = bool(texts) and all(
        _DATE_NUMBER.fullmatch(t) or _DATE_TEXT.fullmatch(t) for t in texts
    )
    return "date" if is_dates else value_kind
