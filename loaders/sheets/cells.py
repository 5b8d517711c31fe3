"""What a single cell is: a number, a mark, a date, text or nothing.

Marks are what publishers print where a figure is missing or hidden. They say something
only in a column of figures: ``C`` is an ethnic group in a column of codes.
"""

from __future__ import annotations

import datetime as dt
import functools
import re
from collections.abc import Sequence
from typing import Any

from loaders.periods import from_serial

BLANK, NUMBER, MARK, DATE, TEXT = "blank", "number", "mark", "date", "text"

#: Marks that are nothing else, wherever they stand.
_PLAIN_MARK = re.compile(
    r"\*{1,3}|-{1,2}|[–—…:~†]|\.{1,2}|\[(?:x|c|z|w|u|low|n/a|-)\]|n/a"
    r"|#(?:n/?a|div/0!|value!|ref!|name\?|num!|null!)"
)
#: Letters and words that are marks only beside figures.
_WORD_MARK = re.compile(r"[czxwus]|na|low|dq|null|n\.a\.|n/k")

_NUMBER = re.compile(
    r"[-+(]?\s*[£$€]?\s*(?:(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d*)?|\.\d+)"
    # 1.5E-05; a code such as E54000011 or 6E1 is no number.
    r"(?:(?<=\.)\d*|[eE][-+]\d+|(?<=\.\d)[eE]\d+)?\s*%?\)?"
)
#: 52+, <5, >95%, 100%*, ≤7: a number that says it is not exact.
_INEXACT = re.compile(r"[<>≤≥~]\s*\d[\d,.]*\s*%?\*?|\d[\d,.]*\s*%?\s*[+*†]+")
_LEADING_ZERO = re.compile(r"0\d+")
_FIRST_YEAR, _LAST_YEAR = 1900, 2100


def kind(cell: object) -> str:
    """What a cell is; codes with leading zeros are text, ``0`` is a number."""
    if isinstance(cell, str):
        return _kind_of_text(cell)
    if cell is None:
        return BLANK
    if isinstance(cell, bool):
        return TEXT
    if isinstance(cell, int | float):
        return NUMBER
    return DATE if isinstance(cell, dt.date) else TEXT


@functools.lru_cache(65536)
def _kind_of_text(text: str) -> str:
    plain = text.strip()
    if not plain:
        return BLANK
    if len(plain) <= 7 and _is_mark(plain.lower()):
        return MARK
    # Most texts are words: the patterns are for those with a digit.
    if len(plain) > 30 or not any(c.isdigit() for c in plain):
        return TEXT
    if _LEADING_ZERO.fullmatch(plain):
        return TEXT
    if _NUMBER.fullmatch(plain):
        return NUMBER
    return MARK if _INEXACT.fullmatch(plain) else TEXT


def _is_mark(plain: str) -> bool:
    return bool(_PLAIN_MARK.fullmatch(plain) or _WORD_MARK.fullmatch(plain))


def is_plain_mark(cell: object) -> bool:
    """Whether a cell is a mark that cannot be anything else, as ``*`` or ``52+``."""
    if not isinstance(cell, str):
        return False
    plain = cell.strip().lower()
    return bool(_PLAIN_MARK.fullmatch(plain) or _INEXACT.fullmatch(plain))


def is_sign(cell: object) -> bool:
    """Whether a cell is a mark without a number in it; ``10+`` may name a column."""
    return isinstance(cell, str) and bool(_PLAIN_MARK.fullmatch(cell.strip().lower()))


def is_error(cell: object) -> bool:
    """Whether a cell is what a failed formula left, such as ``#DIV/0!``."""
    return isinstance(cell, str) and cell.startswith("#") and is_sign(cell)


def as_number(cell: object) -> float | None:
    """The number in a cell, or ``None``; separators and a percent sign are dropped."""
    if isinstance(cell, bool) or kind(cell) != NUMBER:
        return None
    if isinstance(cell, int | float):
        return float(cell)
    plain = re.sub(r"[,£$€%()\s]", "", str(cell))
    try:
        return float(plain)
    except ValueError:
        return None


def is_year(cell: object) -> bool:
    """Whether a cell may be a calendar year: a whole number from 1900 to 2100."""
    number = as_number(cell)
    return (
        number is not None
        and number.is_integer()
        and _FIRST_YEAR <= number <= _LAST_YEAR
    )


def are_header_numbers(cells: Sequence[Any]) -> bool:
    """Whether the numbers of a row can be names of columns.

    Years that go up or down, months as ``202504`` or as serials of days, ages and weeks
    that count on by one. Any other numbers are figures.
    """
    found = [as_number(c) for c in cells]
    numbers = [n for n in found if n is not None]
    if not numbers or any(not n.is_integer() for n in numbers):
        return False
    steps = {b - a for a, b in zip(numbers, numbers[1:], strict=False)}
    if all(_FIRST_YEAR <= n <= _LAST_YEAR for n in numbers):
        return all(s >= 0 for s in steps) or all(s <= 0 for s in steps)
    if all(190001 <= n <= 210012 and 1 <= n % 100 <= 12 for n in numbers):
        return True
    # Months that lost their date format on the way.
    if len(numbers) > 1 and all(from_serial(n) for n in numbers):
        return all(28 <= abs(s) <= 31 for s in steps)
    return len(numbers) >= 3 and (steps in ({1.0}, {-1.0}))


def may_count_on(first: object, second: object) -> bool:
    """Whether two numbers may begin a row of years, months, ages or weeks."""
    return (
        are_header_numbers([first, second])
        or abs((as_number(second) or 0.0) - (as_number(first) or 0.0)) == 1.0
    )


# ------------------------------------------------------------ texts around tables

_KEY = re.compile(r".{1,60}:\s*")
#: First words of the lines that publishers print above a table, without a colon.
_KEY_WORD = re.compile(
    r"title|summary|period(?: covered)?|month|(?:data )?source|basis|published|revised"
    r"|status|contact|frequency|coverage|(?:next )?publication(?: date)?|theme|author"
    r"|date|units?|introduction|definitions|geography|notes?|description"
)
_FOOTER = re.compile(
    r"(?:foot)?notes?\s*:?|sources?\s*:.*|sources?|(?:\(c\)|©|copyright\b).*"
    r"|return to (?:the )?contents.*|back to contents.*|end of (?:work)?sheet.*",
    re.IGNORECASE | re.DOTALL,
)
_NOTE_NUMBER = re.compile(
    r"\s*(?:\[\s*(?:note\s*)?(\d{1,2})\s*\]|\((\d{1,2})\)|(?:note\s+)?(\d{1,2}))"
    r"(?:\s*[-–.:)]\s*|\s+)(?=\D)",
    re.IGNORECASE,
)
_NOTE_CELL = re.compile(r"[\[(]?\s*(?:note\s*)?\d{1,2}\s*[\])]?[.:)]?", re.IGNORECASE)
_INDEX_CELL = re.compile(
    r"(?:table|sheet|tab|figure|chart|annex|worksheet)\s*[\w.]{1,4}", re.IGNORECASE
)


def is_key(cell: object) -> bool:
    """Whether a cell is the key of a line such as ``Period: | April 2025``."""
    if not isinstance(cell, str):
        return False
    plain = cell.strip()
    return bool(_KEY.fullmatch(plain) or _KEY_WORD.fullmatch(plain.lower()))


def is_footer(text: str) -> bool:
    """Whether a whole line opens the notes below a table."""
    return bool(_FOOTER.fullmatch(text.strip()))


def note_number(text: str) -> int | None:
    """The number of a numbered note: 3 for ``[note 3] Rounded`` or ``3  Rounded``."""
    match = _NOTE_NUMBER.match(text)
    return int(next(g for g in match.groups() if g)) if match else None


def is_note_cell(cell: object) -> bool:
    """Whether a cell is nothing but the number of a note."""
    if isinstance(cell, str):
        return bool(_NOTE_CELL.fullmatch(cell.strip()))
    number = as_number(cell)
    return number is not None and number.is_integer() and 0 < number < 100


def is_index_cell(cell: object) -> bool:
    """Whether a cell names a table of the workbook, as a table of contents does."""
    return isinstance(cell, str) and bool(_INDEX_CELL.fullmatch(cell.strip()))


# ----------------------------------------------------------------------- aggregates

_AGGREGATE = re.compile(
    r"(?:grand |overall |national |england |all )?totals?(?: england| \(england\))?"
    r"|(?:england|national)(?: total| average| mean| median| - total)?|all england"
    r"|england \((?:total|incl\w*|excl\w*|all|nhs)\b.*\)"
    r"|(?:all|total)(?: english)? "
    r"(?:providers|commissioners|trusts|organisations|regions|icbs|practices)"
)
_TRAILING = re.compile(r"[\s\d*†¹²³:]+$|\s*\[[^\]]*\]\s*$")


@functools.lru_cache(4096)
def is_aggregate_label(text: str) -> bool:
    """Whether a label says total, England or national, and nothing more."""
    plain = " ".join(_TRAILING.sub("", text).lower().split())
    return bool(_AGGREGATE.fullmatch(plain))
