"""Days in texts: when a file was published or revised."""

from __future__ import annotations

import datetime as dt
import re

from loaders.periods.forms import GAP, YEAR
from loaders.periods.statements import REVISION, words_of
from loaders.periods.units import MONTH, MONTHS

_NAMED = re.compile(
    rf"(?<!\d)(?P<day>\d{{1,2}})(?:~(?:st|nd|rd|th))?{GAP}(?:of{GAP})?"
    rf"(?<![a-z])(?P<month>{MONTH})(?![a-z]){GAP}(?P<year>{YEAR})"
)
#: 10/07/2025, 10.7.25: the day first, as in England.
_DAY_FIRST = re.compile(
    r"(?<!\d)(?P<day>\d{1,2})[-/.](?P<number>\d{1,2})[-/.](?P<year>\d{4}|\d{2})(?!\d)"
)
_YEAR_FIRST = re.compile(r"(?<!\d)(?P<year>\d{4})-?(?P<number>\d{2})-?(?P<day>\d{2})")
#: 130624, 13062024
_GLUED = re.compile(
    r"(?<!\d)(?P<day>\d{2})(?P<number>\d{2})(?P<year>20\d{2}|\d{2})(?!\d)"
)
_FORMS = (_NAMED, _DAY_FIRST, _YEAR_FIRST, _GLUED)
_REVISED = re.compile(rf"{REVISION}[^a-z0-9]*(?:on[^a-z0-9]+)?")


def find_day(text: str) -> dt.date | None:
    """The first day that a text states, such as ``13th March 2025`` or ``130624``."""
    return _first(words_of(text))


def revised_in_name(name: str) -> dt.date | None:
    """The day of a revision that a name states: ``…-revised-130624-ddff.csv``."""
    words = words_of(name)
    match = _REVISED.search(words)
    if match is None:
        return None
    found = (_made(m) for form in _FORMS if (m := form.match(words, match.end())))
    return next((day for day in found if day), None)


def _first(words: str) -> dt.date | None:
    for form in _FORMS:
        for match in form.finditer(words):
            if day := _made(match):
                return day
    return None


def _made(m: re.Match[str]) -> dt.date | None:
    held = m.groupdict()
    year = held["year"].lstrip("'")
    number = MONTHS[held["month"]] if "month" in held else int(held["number"])
    try:
        day = dt.date(int(year) + 2000 * (len(year) == 2), number, int(held["day"]))
    except ValueError:
        return None
    return day if 1990 <= day.year < 2100 else None
