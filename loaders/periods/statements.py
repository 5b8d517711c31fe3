"""What a text states of periods, apart from when it was revised or published."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote

from loaders.model import Period
from loaders.periods.forms import DAY, GAP, KINDS, YEAR, dated
from loaders.periods.units import MONTH

#: Where a word or a number ends though no character stands between: ``JulPerf``,
#: ``VW202307``, ``30th``.
_BOUNDARY = re.compile(
    r"(?<=[a-z])(?=[A-Z])|(?<=[A-Za-z])(?=[0-9])|(?<=[0-9])(?=[A-Za-z])"
)
_MASK = "|"


def words_of(text: str) -> str:
    """A text in lower case, unquoted, with ``~`` where a word ends unmarked."""
    plain = " ".join(unquote(text).replace("–", "-").replace("—", "-").split())
    return _BOUNDARY.sub("~", plain).lower()


_NUMERIC_DATE = (
    r"\d{8}(?!\d)|\d{6}(?!\d)|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}|\d{4}-\d{2}-\d{2}"
)
_FULL_DATE = (
    rf"(?:\d{{1,2}}(?:~(?:st|nd|rd|th))?{GAP}(?:of{GAP})?(?<![a-z]){MONTH}(?![a-z])"
    rf"{GAP}(?:{YEAR})|{_NUMERIC_DATE})"
)
_ON = rf"{GAP}:?{GAP}(?:on(?![a-z]){GAP})?"
#: Words before the day of a revision.
REVISION = r"(?<![a-z])(?:revised|revision|updated|amended|corrected)(?![a-z])"
_PUBLICATION = (
    r"(?<![a-z])(?:published|publication date|release date|issued|extracted|uploaded"
    r"|created|generated|downloaded)(?![a-z])"
)
#: Days on which a file was revised or published.
_OTHER_DAYS = re.compile(rf"(?:{REVISION}|{_PUBLICATION}){_ON}{_FULL_DATE}")
#: The same without a day: ``Published-May-2024``.
_OTHER_MONTHS = re.compile(rf"{_PUBLICATION}{_ON}(?:{dated()}|{_NUMERIC_DATE})")
#: ``revised-May-2024`` may be either: of the two it is the month of the data when
#: nothing else is.
_PERHAPS_OTHER = re.compile(rf"{REVISION}{_ON}{dated()}")
#: Open at one end: ``from April 2021``, ``Nov 2010 to date``, ``April-2009-onwards``.
_OPEN = re.compile(
    rf"(?<![a-z])(?:since|from)(?![a-z]){GAP}{DAY}{dated()}"
    rf"(?!{GAP}(?:to(?![a-z])|until|{DAY}(?<![a-z]){MONTH}(?![a-z])))"
    rf"|{dated('2')}{GAP}(?:onwards?|to[\s~_-]*(?:date|present|now))(?![a-z])"
)


@dataclass(frozen=True)
class Statement:
    """A period in a text, and where: an offset into :func:`words_of` the text."""

    start: int
    end: int
    period: Period


def other_dates(words: str) -> list[tuple[int, int]]:
    """Where a text says when it was revised or published."""
    patterns = (_OTHER_DAYS, _OTHER_MONTHS)
    return sorted(m.span() for p in patterns for m in p.finditer(words))


def statements(words: str) -> list[Statement]:
    """The periods of the most telling kind that a text has; see :func:`words_of`."""
    no_periods = other_dates(words) + [m.span() for m in _OPEN.finditer(words)]
    for start, end in no_periods:
        words = words[:start] + _MASK * (end - start) + words[end:]
    certain = _PERHAPS_OTHER.sub(lambda m: _MASK * len(m.group()), words)
    return _stated(certain) or _stated(words)


def _stated(words: str) -> list[Statement]:
    for kind in KINDS:
        for pattern, make in kind:
            found = [
                Statement(*m.span(), period)
                for m in pattern.finditer(words)
                if (period := make(m))
            ]
            if found:
                return found
    return []
