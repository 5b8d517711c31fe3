"""Periods among names and cells: dates that stand for months, headers with marks."""

from __future__ import annotations

import datetime as dt
import re
from calendar import monthrange
from collections.abc import Sequence

from loaders.model import Period
from loaders.periods import financial_year, month, parse_period
from loaders.sheets.names import split_marks

#: What publishers add to the newest months.
_STATUS = re.compile(
    r"\s*[(\[]?\b(?:provisional|revised|final|estimated?|prov)\b\.?[)\]]?\s*$"
    r"|\s*[(\[][pre][)\]]\s*$",
    re.IGNORECASE,
)
_QUARTER_LAST = re.compile(
    r"(?P<year>(?:\d{2})?\d{2}[-/](?:\d{2})?\d{2})\s*,?\s*q(?:uarter\s*)?(?P<quarter>[1-4])",
    re.IGNORECASE,
)
_COMMENCING = re.compile(r"w[/ ]?[cb]\b|week (?:commencing|beginning|starting)", re.I)
_WEEK = re.compile(
    r"(?:w[/ ]?[ecb]|week (?:ending|ended|commencing|beginning|starting))\s*:?\s*"
    r"(?P<day>\d.*)",
    re.IGNORECASE,
)
_SPELT_DAY = re.compile(
    r"(?P<day>\d{1,2})(?:st|nd|rd|th)?\s+(?P<month>[a-z]{3,9}\s+\d{2,4})", re.IGNORECASE
)
_YEAR = re.compile(r"(?:19|20)\d{2}")
_DASHED_YEARS = re.compile(r"((?:19|20)\d{2})-(\d{2})")


def are_months(dates: Sequence[dt.date]) -> bool:
    """Whether dates are printed as months.

    Each is the first or the last of its month, or the day of each is its year in two
    digits: ``Sep-24`` typed into a spreadsheet becomes 24 September 2024.
    """
    days = [d.date() if isinstance(d, dt.datetime) else d for d in dates]
    if not days:
        return False
    are_ends = all(d.day in (1, monthrange(d.year, d.month)[1]) for d in days)
    return are_ends or all(d.day == d.year % 100 for d in days)


def printed_dates(dates: Sequence[dt.date]) -> list[str]:
    """Dates of a header as the publisher shows them: months, where they are months."""
    if are_months(dates):
        return [d.strftime("%b-%y") for d in dates]
    return [(d.date() if isinstance(d, dt.datetime) else d).isoformat() for d in dates]


def header_periods(texts: Sequence[str]) -> list[Period | None]:
    """The periods that header texts are, marks left aside.

    What a header says depends on its neighbours: ``2011-12`` is a December, but beside
    ``2018-19`` a financial year; the last days of months are these months; three years
    in a row are years.
    """
    plain = [_STATUS.sub("", split_marks(text)[0]).strip() for text in texts]
    found = [_period(p) if p else None for p in plain]
    if any(p and p.grain == "financial_year" for p in found):
        for i, text in enumerate(plain):
            match = _DASHED_YEARS.fullmatch(text)
            if match and (int(match[1]) + 1) % 100 == int(match[2]):
                found[i] = financial_year(int(match[1]))
    days = [p.start for p in found if p and p.grain == "day"]
    if days and are_months(days):
        found = [
            month(p.start.year, p.start.month) if p and p.grain == "day" else p
            for p in found
        ]
    return found if any(found) else _years(plain)


def _period(text: str) -> Period | None:
    if found := parse_period(text):
        return found
    if turned := _QUARTER_LAST.fullmatch(text):
        return parse_period(f"Q{turned['quarter']} {turned['year']}")
    if week := _WEEK.fullmatch(text):
        day = parse_period(week["day"]) or _spelt_day(week["day"])
        return _week(day.start, _COMMENCING.match(text) is not None) if day else None
    return _spelt_day(text)


def _week(day: dt.date, begins: bool) -> Period:
    start = day if begins else day - dt.timedelta(days=6)
    end = start + dt.timedelta(days=6)
    return Period(start, end, "week", f"{start}/{end}")


def _spelt_day(text: str) -> Period | None:
    """A day as ``30 September 2025`` or ``30th Sep 25``."""
    match = _SPELT_DAY.fullmatch(text)
    in_month = parse_period(match["month"]) if match else None
    if not match or not in_month or in_month.grain != "month":
        return None
    day = int(match["day"])
    if day > in_month.end.day:
        return None
    date = in_month.start.replace(day=day)
    return Period(date, date, "day", date.isoformat())


def _years(texts: Sequence[str]) -> list[Period | None]:
    """Calendar years, when three or more headers are years one after the other."""
    held = [int(t) if _YEAR.fullmatch(t) else None for t in texts]
    years = [y for y in held if y is not None]
    steps = {b - a for a, b in zip(years, years[1:], strict=False)} - {0}
    if len(set(years)) < 3 or steps not in ({1}, {-1}):
        return [None] * len(texts)
    return [
        Period(dt.date(y, 1, 1), dt.date(y, 12, 31), "year", str(y)) if y else None
        for y in held
    ]
