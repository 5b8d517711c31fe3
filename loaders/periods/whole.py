"""Texts, cells and dates that are, as a whole, a period.

The forms are a table of patterns, tried in order against the whole text; a later form
is one more row. Nothing is guessed: a text that is not wholly a period is ``None``.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

from loaders.model import Period
from loaders.periods.units import (
    MONTH,
    MONTHS,
    as_quarter,
    financial_year,
    is_next,
    month,
    month_of_financial_year,
    nth_month,
    quarter,
    span,
)

_YEAR = r"(?:19|20)\d{2}"

#: Serials of days in Excel's 1900 date system; 30000 is 1982, 60000 is 2064. Outside it
#: a number in a title is more likely a count, a year or ``YYYYMM`` than a date.
_SERIALS = range(30000, 60001)
_SERIAL_EPOCH = dt.date(1899, 12, 30)


def _day(year: int, number: int, day: int) -> Period | None:
    # A publisher writes the first of a month for the month; any other day is itself.
    if day == 1 and 1 <= number <= 12:
        return month(year, number)
    try:
        date = dt.date(year, number, day)
    except ValueError:
        return None
    return Period(date, date, "day", date.isoformat())


def _year(text: str) -> int:
    # No publisher of ours reaches back before 2000 with two digits.
    return int(text) if len(text) == 4 else 2000 + int(text)


def _month_of_year(m: re.Match[str]) -> Period | None:
    return month(_year(m["year"]), MONTHS[m["month"]])


def _month_of_financial_year(m: re.Match[str]) -> Period | None:
    first = int(m["year"])
    if not is_next(first, m["next"]):
        return None
    return month_of_financial_year(first, m["month"])


def _month_by_number(m: re.Match[str]) -> Period | None:
    return month(int(m["year"]), int(m["number"]))


def _date(m: re.Match[str]) -> Period | None:
    return _day(int(m["year"]), int(m["number"]), int(m["day"]))


def _quarter(m: re.Match[str]) -> Period | None:
    first = _year(m["year"])
    return quarter(first, int(m["quarter"])) if is_next(first, m["next"]) else None


def _financial_year(m: re.Match[str]) -> Period | None:
    first = int(m["year"])
    return financial_year(first) if is_next(first, m["next"]) else None


def _numbered_month(m: re.Match[str]) -> Period | None:
    first = _year(m["year"])
    return nth_month(first, int(m["nth"])) if is_next(first, m["next"]) else None


def _to_month(m: re.Match[str]) -> Period | None:
    first, number = _year(m["year"]), int(m["nth"])
    if not is_next(first, m["next"]):
        return None
    if number in (1, 12):
        return financial_year(first) if number == 12 else nth_month(first, 1)
    return span(nth_month(first, 1), nth_month(first, number))


def _compared(m: re.Match[str]) -> Period | None:
    """The first of two periods: a change is spoken of when it ends, not its base."""
    spoken, base = parse_period(m["spoken"]), parse_period(m["base"])
    return spoken if spoken and base and base.start < spoken.start else None


def _range(m: re.Match[str]) -> Period | None:
    return span(
        month(_year(m["year"]), MONTHS[m["month"]]),
        month(_year(m["year2"]), MONTHS[m["month2"]]),
    )


def _months_of_year(m: re.Match[str]) -> Period | None:
    year = _year(m["year"])
    first, last = month(year, MONTHS[m["month"]]), month(year, MONTHS[m["month2"]])
    found = span(first, last)
    return as_quarter(found) if found else None


def _serial(m: re.Match[str]) -> Period | None:
    return from_serial(float(m["serial"]))


_NUMBER = r"(?P<number>0[1-9]|1[0-2])"
_NAMED = rf"(?P<month>{MONTH})"
_NAMED_YEAR = rf"{_NAMED}[\s.,_-]*(?P<year>{_YEAR}|\d{{2}})"
_NEXT = r"(?P<next>(?:20)?\d{2})"
_SPLIT_YEAR = rf"(?P<year>{_YEAR}|\d{{2}})[-/]{_NEXT}"
_NTH = r"(?P<nth>0?[1-9]|1[0-2])"

#: Pattern of the whole text, lower-cased, and what makes a period of it.
_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Period | None]], ...] = (
    # RTT-January-2026, Aug-25, Aug 25, August 2025
    (re.compile(rf"(?:rtt[\s-]+)?{_NAMED_YEAR}"), _month_of_year),
    # August 2025-26
    (
        re.compile(rf"{_NAMED}[\s-]+(?P<year>{_YEAR})[-/](?P<next>\d{{2}})"),
        _month_of_financial_year,
    ),
    # 2025-08; hence 2011-12 is December 2011, and the financial year is 2011/12
    (re.compile(rf"(?P<year>{_YEAR})-{_NUMBER}"), _month_by_number),
    # 201506
    (re.compile(rf"(?P<year>{_YEAR}){_NUMBER}"), _month_by_number),
    # 2025-08-01, also with a time of midnight
    (
        re.compile(
            rf"(?P<year>{_YEAR})-{_NUMBER}-(?P<day>\d{{2}})(?:[t ]00:00(?::00)?)?"
        ),
        _date,
    ),
    # 01/08/2025: the day first, as in England
    (
        re.compile(
            rf"(?P<day>\d{{1,2}})[/.](?P<number>0?[1-9]|1[0-2])[/.](?P<year>{_YEAR})"
        ),
        _date,
    ),
    # Q1 2025/26, Q4 2024-25, q3-25-26; "Q1 2025" may be of either year and is none
    (
        re.compile(rf"q(?P<quarter>[1-4])[\s,-]*{_SPLIT_YEAR}"),
        _quarter,
    ),
    # 2025/26, 2025-26, 2025/26 plan
    (re.compile(rf"(?P<year>{_YEAR})[-/]{_NEXT}(?:\s+plan)?"), _financial_year),
    # Month 3 2025/26, M3 2025/26: of the financial year. "Month 3 2025" alone is none
    (re.compile(rf"m(?:onth)?\s*{_NTH}\s+{_SPLIT_YEAR}"), _numbered_month),
    # To M12 2024/25: from April on
    (re.compile(rf"to\s+m(?:onth)?\s*{_NTH}\s+{_SPLIT_YEAR}"), _to_month),
    # Jun 24 - Jun 25 vs Jun 23 - Jun 24
    (re.compile(r"(?P<spoken>.+?)\s+(?:vs\.?|versus)\s+(?P<base>.+)"), _compared),
    # Jul 24 - Jun 25, April 2024 to March 2025
    (
        re.compile(
            rf"{_NAMED_YEAR}\s*(?:-|–|to)\s*"
            rf"(?P<month2>{MONTH})[\s.,_-]*(?P<year2>{_YEAR}|\d{{2}})"
        ),
        _range,
    ),
    # July to September 2024, Jan-Sep 2025
    (
        re.compile(
            rf"{_NAMED}\s*(?:-|–|to)\s*(?P<month2>{MONTH})[\s.,_-]*(?P<year>{_YEAR})"
        ),
        _months_of_year,
    ),
    # 42705: a serial that lost its date format on the way into a csv
    (re.compile(r"(?P<serial>\d{5})(?:\.0+)?"), _serial),
)

_PREFIX = re.compile(r"^(?:reporting\s+)?period\s*[:=]\s*")


def from_serial(serial: float) -> Period | None:
    """The month of an Excel serial that is the first day of it, else ``None``."""
    if serial != int(serial) or int(serial) not in _SERIALS:
        return None
    date = _SERIAL_EPOCH + dt.timedelta(days=int(serial))
    return month(date.year, date.month) if date.day == 1 else None


def parse_period(text: object) -> Period | None:
    """Reads a text, a number or a date that is, as a whole, a period.

    Args:
        text: For instance ``Aug-25``, ``PERIOD: June 2015``, ``Q1 2025/26``,
            ``August 2025-26`` (the month of a financial year), ``Jul 24 - Jun 25``,
            ``To M12 2024/25 vs 2023/24`` (the first of the two),
            ``01/08/2025`` (day first), a date, or the Excel serial of a first of a
            month (30000 to 60000).

    Returns:
        The period, or ``None`` when the text is not wholly a period.
    """
    if isinstance(text, dt.datetime):
        midnight = text.time() == dt.time()
        return _day(text.year, text.month, text.day) if midnight else None
    if isinstance(text, dt.date):
        return _day(text.year, text.month, text.day)
    if isinstance(text, bool):
        return None
    if isinstance(text, int | float):
        return from_serial(float(text)) or parse_period(f"{text:.0f}")
    if not isinstance(text, str):
        return None
    plain = _PREFIX.sub("", " ".join(text.lower().split()))
    for pattern, make in _FORMS:
        match = pattern.fullmatch(plain)
        if match and (period := make(match)):
            return period
    return None
