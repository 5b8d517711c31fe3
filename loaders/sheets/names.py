"""Names of columns: what a header cell says, without its footnote marks."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable

#: (1), (12), (a), (iv): a number, one letter or a small roman numeral. Longer content,
#: such as ``(ICB)`` or ``(non-cancer)``, belongs to the name.
_MARK = re.compile(r"\((?:\d{1,2}|[A-Za-z]|[ivx]{1,4})\)")
_SUPERSCRIPT = re.compile("[¹²³⁰⁴-⁹]+")
_STAR = re.compile(r"\*+$")
_NOT_WORD = re.compile(r"[^a-z0-9]+")
_QUOTES = str.maketrans("", "", "'’‘\"“”")


def footnote_marks(header: str) -> tuple[str, ...]:
    """The footnote marks of a header, as printed: ``('(4)', '(5)')``."""
    found = [
        (m.start(), m.group())
        for pattern in (_MARK, _SUPERSCRIPT, _STAR)
        for m in pattern.finditer(header.strip())
    ]
    return tuple(mark for _, mark in sorted(found))


def without_marks(header: str) -> str:
    """The header without footnote marks, spaces collapsed."""
    plain = _STAR.sub("", _SUPERSCRIPT.sub("", _MARK.sub(" ", header)).strip())
    return " ".join(plain.split())


@functools.lru_cache(4096)
def clean_name(header: str) -> str:
    """A snake_case column name of a header cell; empty for a blank cell.

    ``ACCOUNTABLE PROVIDER (4) (5)`` becomes ``accountable_provider`` and
    ``% within 18 weeks`` becomes ``pct_within_18_weeks``.
    """
    plain = without_marks(header).lower().translate(_QUOTES)
    plain = plain.replace("%", " pct ").replace("&", " and ")
    return _NOT_WORD.sub("_", plain).strip("_")


def unique_names(names: Iterable[str]) -> list[str]:
    """The names with ``_2``, ``_3`` … after repeats; blank ones stay blank."""
    taken: set[str] = set()
    result = []
    for name in names:
        candidate, n = name, 1
        while candidate and candidate in taken:
            n += 1
            candidate = f"{name}_{n}"
        taken.add(candidate)
        result.append(candidate)
    return result


def column_letter(index: int) -> str:
    """The spreadsheet letter of a 0-based column: 0 is ``A``, 26 is ``AA``."""
    letters = ""
    number = index + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def column_index(letters: str) -> int:
    """The 0-based column of a spreadsheet letter: ``AA`` is 26."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1
