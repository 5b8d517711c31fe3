"""Names of columns: what a header cell says, without its footnote marks."""

from __future__ import annotations

import functools
import hashlib
import re
import unicodedata
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
    if not plain.isascii():
        # An accented letter is its letter and an accent, which is no word.
        plain = unicodedata.normalize("NFKD", plain)
        plain = "".join(c for c in plain if not unicodedata.combining(c))
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


# ------------------------------------------------- names of any publication's columns

#: [8], [4, 5, 6], [note 2], (see note 5), (see notes 3 and 4), (note 1)
_NOTE_MARK = re.compile(
    r"\[\s*(?:notes?\s*)?\d{1,2}(?:\s*(?:[,.;&/-]|and)\s*(?:note\s*)?\d{1,2})*\s*\]"
    r"|\(\s*(?:see\s+)?(?:foot)?notes?\s*\d{1,2}(?:\s*(?:[,.;&/-]|and)\s*\d{1,2})*\s*\)"
    r"|\(\s*see\s+(?:foot)?notes?[^)]*\)"
    r"|\[\s*(?:p|r|e)\s*\]",
    re.IGNORECASE,
)
#: (1), (4, 5) and (a) behind a name; before it they number or class what follows, as
#: in "(A) Audiology".
_TRAILING_MARK = re.compile(
    r"(?<=\S)\s*\((?:\d{1,2}(?:\s*,\s*\d{1,2})*|[A-Za-z]|[ivx]{2,4})\)(?=\s*(?:\(|$|\||\*))"
)
_TRAILING_SIGN = re.compile(r"[*†‡]+\s*$")
_GLUED = re.compile(r"(?<=[A-Za-z]{3})\s?(\d{1,2}(?:,\s?\d{1,2})*)$")
#: Words that a number belongs to: Type 1, Band 8, Table 3, Covid 19.
_NUMBERED = re.compile(
    r"type|band|table|tier|level|step|stage|phase|part|quarter|week|day|month|group"
    r"|grade|category|covid|class|question|section|line|address|age|year|years|weeks"
    r"|days|months|version|option|dose|code|column|field|wave|over|under|to|and"
)

#: Bytes of a name that Postgres keeps.
_LONGEST_NAME = 63


def split_marks(
    header: str, notes: frozenset[int] = frozenset()
) -> tuple[str, tuple[str, ...]]:
    """A header without its footnote marks, and the marks as printed.

    Args:
        header: One level of a header.
        notes: Numbers of the notes printed on the sheet. A digit glued to a word, as in
            ``Gender1``, is a mark only when there is such a note.
    """
    marks: list[tuple[int, str]] = []
    plain = header.strip()

    def take(match: re.Match[str]) -> str:
        marks.append((match.start(), match.group().strip()))
        return " " * len(match.group())

    for pattern in (_NOTE_MARK, _SUPERSCRIPT, _TRAILING_MARK):
        before = None
        while before != plain:
            before = plain
            plain = pattern.sub(take, plain)
    plain = _TRAILING_SIGN.sub(take, plain.rstrip())
    glued = _GLUED.search(plain.rstrip()) if notes else None
    if glued and _is_glued_mark(plain, glued, notes):
        marks.append((glued.start(), glued.group(1)))
        plain = plain[: glued.start()]
    return " ".join(plain.split()), tuple(mark for _, mark in sorted(marks))


def _is_glued_mark(plain: str, glued: re.Match[str], notes: frozenset[int]) -> bool:
    numbers = {int(n) for n in re.findall(r"\d+", glued.group(1))}
    word = re.split(r"[^A-Za-z]+", plain[: glued.start()])[-1].lower()
    return numbers <= notes and not _NUMBERED.fullmatch(word)


def published_name(header: str, notes: frozenset[int] = frozenset()) -> str:
    """A snake_case name of one header level of any publication; may be empty."""
    plain = split_marks(header, notes)[0].lower().translate(_QUOTES)
    plain = plain.replace("%", " pct ").replace("&", " and ")
    plain = re.sub(r"(?<=\d)\+", " plus ", plain)
    plain = re.sub(r"(^|[\s(])>=?\s*(?=\d)", r"\1over ", plain)
    plain = re.sub(r"(^|[\s(])<=?\s*(?=\d)", r"\1under ", plain)
    return _NOT_WORD.sub("_", plain).strip("_")


def comparable(header: str) -> str:
    """What two header levels share when they say the same: marks and case aside."""
    return re.sub(r"(?<=[a-z]{3})\d$", "", published_name(header)) or header


def short_names(names: Iterable[str]) -> list[str]:
    """Unique names of at most 63 bytes: a long one ends in a hash of the whole."""
    return unique_names(map(_short, unique_names(names)))


def _short(name: str) -> str:
    if len(name.encode()) <= _LONGEST_NAME:
        return name
    tail = hashlib.sha256(name.encode()).hexdigest()[:8]
    head = name.encode()[: _LONGEST_NAME - 9].decode(errors="ignore").rstrip("_")
    return f"{head}_{tail}"
