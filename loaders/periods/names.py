"""The one period that the name of a file states, by the forms of some publications."""

from __future__ import annotations

import re
from functools import partial
from urllib.parse import unquote

from loaders.model import Period
from loaders.periods.units import (
    MONTH,
    MONTHS,
    is_next,
    month,
    month_of_financial_year,
    quarter,
    span,
)

_YEAR = r"(?:19|20)\d{2}"
_NUMBER = r"(?P<number>0[1-9]|1[0-2])"

_NOT_LETTER_BEFORE, _NOT_LETTER_AFTER = r"(?<![a-z])", r"(?![a-z])"
_GAP = r"[\s._-]*"
#: ``May-31-Day`` names a standard, not the year 2031.
_SHORT_YEAR = rf"\d{{2}}(?!\d)(?!{_GAP}days?\b)(?![/.]\d)"

_IN_NAME_MONTH = re.compile(
    rf"{_NOT_LETTER_BEFORE}(?P<month>{MONTH}){_GAP}"
    rf"(?:(?P<year>{_YEAR})(?!\d)(?:-(?P<next>\d{{2}})(?!\d))?|(?P<short>{_SHORT_YEAR}))"
)
_IN_NAME_NUMBER = re.compile(rf"(?<!\d)(?P<year>{_YEAR})(?P<dash>-?){_NUMBER}(?!\d)")
_IN_NAME_MONTHS_OF_YEAR = re.compile(
    rf"(?<!\d)(?P<year>{_YEAR})-(?P<next>\d{{2}}){_GAP}(?P<month>{MONTH})"
    rf"(?:{_GAP}(?:to{_GAP})?(?P<month2>{MONTH}))?{_NOT_LETTER_AFTER}(?!{_GAP}\d{{2}})"
)
_IN_NAME_QUARTER = re.compile(
    rf"(?<![a-z0-9])q(?P<quarter>[1-4]){_GAP}"
    rf"(?P<year>{_YEAR}|\d{{2}})[-_.\s](?P<next>(?:20)?\d{{2}})(?!\d)"
)


def period_in_name(name: str) -> Period | None:
    """The one period that a file name, or the tail of a url, states.

    Args:
        name: For instance ``APRIL-2025-CWT-CRS-PROVIDER-WORKBOOK-FINAL.xlsx``,
            ``201506-5.-31-Day-….csv``, ``2024-25-Apr-Mar-Monthly-….csv`` (a range),
            ``…-data-q3-25-26-v2.csv`` (a quarter of a financial year) or
            ``…/cancer-waiting-times-for-august-2025-26-final/``.

    Returns:
        The period; ``None`` when none or more than one is stated.
    """
    tail = unquote(name).split("?")[0].rstrip("/").rsplit("/", 1)[-1].lower()
    spans = [_named_span(m) for m in _IN_NAME_MONTHS_OF_YEAR.finditer(tail)]
    spans += [_quarter(m) for m in _IN_NAME_QUARTER.finditer(tail)]
    found = [p for p in spans if p]
    if not found:
        for m in _IN_NAME_MONTH.finditer(tail):
            found.append(_named_month(m))
        for m in _IN_NAME_NUMBER.finditer(tail):
            year, number = int(m["year"]), m["number"]
            # 2011-12 in a name may be December or a financial year: it states neither.
            if not (m["dash"] and is_next(year, number)):
                found.append(month(year, int(number)))
    distinct = sorted(set(found), key=lambda p: p.start)
    if len(distinct) == 1:
        return distinct[0]
    if len(distinct) == 2 and _IN_NAME_RANGE.search(tail):
        return span(*distinct)
    return None


_IN_NAME_RANGE = re.compile(rf"\d{_GAP}(?:to|-){_GAP}{MONTH}{_NOT_LETTER_AFTER}")


def _named_month(m: re.Match[str]) -> Period:
    number = MONTHS[m["month"]]
    if m["short"]:
        return month(2000 + int(m["short"]), number)
    year = int(m["year"])
    if m["next"] and is_next(year, m["next"]) and number < 4:
        year += 1
    return month(year, number)


def _named_span(m: re.Match[str]) -> Period | None:
    first = int(m["year"])
    if not is_next(first, m["next"]):
        return None
    of = partial(month_of_financial_year, first)
    return span(of(m["month"]), of(m["month2"])) if m["month2"] else of(m["month"])


def _quarter(m: re.Match[str]) -> Period | None:
    first = int(m["year"]) if len(m["year"]) == 4 else 2000 + int(m["year"])
    return quarter(first, int(m["quarter"])) if is_next(first, m["next"]) else None
