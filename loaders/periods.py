"""Periods: what stretch of time a text, a cell or a file name speaks about.

The forms are a table of patterns, tried in order against the whole text; a later form
is one more row. Nothing is guessed: a text that is not wholly a period is ``None``.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Callable
from urllib.parse import unquote

from loaders.model import Period

_MONTHS = {name.lower(): i for i, name in enumerate(calendar.month_name) if name}
_MONTHS |= {name.lower(): i for i, name in enumerate(calendar.month_abbr) if name}
_MONTHS["sept"] = 9

_MONTH = "(?:" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + ")"
_YEAR = r"(?:19|20)\d{2}"

#: Serials of days in Excel's 1900 date system; 30000 is 1982, 60000 is 2064. Outside it
#: a number in a title is more likely a count, a year or ``YYYYMM`` than a date.
_SERIALS = range(30000, 60001)
_SERIAL_EPOCH = dt.date(1899, 12, 30)


def month(year: int, number: int) -> Period:
    """The period of one calendar month, labelled ``YYYY-MM``."""
    last = calendar.monthrange(year, number)[1]
    return Period(
        dt.date(year, number, 1),
        dt.date(year, number, last),
        "month",
        f"{year:04d}-{number:02d}",
    )


def financial_year(first: int) -> Period:
    """The English financial year from April ``first`` to the next March."""
    label = f"{first}/{(first + 1) % 100:02d}"
    return Period(
        dt.date(first, 4, 1), dt.date(first + 1, 3, 31), "financial_year", label
    )


def _span(first: Period, last: Period) -> Period | None:
    if last.start <= first.start:
        return None
    label = f"{first.label}/{last.label}"
    return Period(first.start, last.end, "range", label)


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


def _is_next(first: int, second: str) -> bool:
    return (first + 1) % 100 == int(second) % 100


def _month_of_year(m: re.Match[str]) -> Period | None:
    return month(_year(m["year"]), _MONTHS[m["month"]])


def _month_of_financial_year(m: re.Match[str]) -> Period | None:
    first = int(m["year"])
    if not _is_next(first, m["next"]):
        return None
    number = _MONTHS[m["month"]]
    # April to December fall in the first year of the span, January to March in the
    # second: that is how the pages of the cancer statistics are named.
    return month(first if number >= 4 else first + 1, number)


def _month_by_number(m: re.Match[str]) -> Period | None:
    return month(int(m["year"]), int(m["number"]))


def _date(m: re.Match[str]) -> Period | None:
    return _day(int(m["year"]), int(m["number"]), int(m["day"]))


def quarter(first: int, number: int) -> Period:
    """A quarter of the financial year from April ``first``: Q1 is April to June."""
    start_month = (4, 7, 10, 1)[number - 1]
    year = first + 1 if number == 4 else first
    start, end = month(year, start_month), month(year, start_month + 2)
    label = f"Q{number} {financial_year(first).label}"
    return Period(start.start, end.end, "quarter", label)


def _quarter(m: re.Match[str]) -> Period | None:
    first = _year(m["year"])
    return quarter(first, int(m["quarter"])) if _is_next(first, m["next"]) else None


def _financial_year(m: re.Match[str]) -> Period | None:
    first = int(m["year"])
    return financial_year(first) if _is_next(first, m["next"]) else None


def _nth_month(first: int, number: int) -> Period:
    # Month 1 of a financial year is April, month 12 the next March.
    return month(first + (number > 9), (number + 2) % 12 + 1)


def _numbered_month(m: re.Match[str]) -> Period | None:
    first = _year(m["year"])
    return _nth_month(first, int(m["nth"])) if _is_next(first, m["next"]) else None


def _to_month(m: re.Match[str]) -> Period | None:
    first, number = _year(m["year"]), int(m["nth"])
    if not _is_next(first, m["next"]):
        return None
    if number in (1, 12):
        return financial_year(first) if number == 12 else _nth_month(first, 1)
    return _span(_nth_month(first, 1), _nth_month(first, number))


def _compared(m: re.Match[str]) -> Period | None:
    """The first of two periods: a change is spoken of when it ends, not its base."""
    spoken, base = parse_period(m["spoken"]), parse_period(m["base"])
    return spoken if spoken and base and base.start < spoken.start else None


def _range(m: re.Match[str]) -> Period | None:
    return _span(
        month(_year(m["year"]), _MONTHS[m["month"]]),
        month(_year(m["year2"]), _MONTHS[m["month2"]]),
    )


def _serial(m: re.Match[str]) -> Period | None:
    return from_serial(float(m["serial"]))


_NUMBER = r"(?P<number>0[1-9]|1[0-2])"
_NAMED = rf"(?P<month>{_MONTH})"
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
            rf"(?P<month2>{_MONTH})[\s.,_-]*(?P<year2>{_YEAR}|\d{{2}})"
        ),
        _range,
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


# ---------------------------------------------------------------- names of files

_NOT_LETTER_BEFORE, _NOT_LETTER_AFTER = r"(?<![a-z])", r"(?![a-z])"
_GAP = r"[\s._-]*"
#: ``May-31-Day`` names a standard, not the year 2031.
_SHORT_YEAR = rf"\d{{2}}(?!\d)(?!{_GAP}days?\b)(?![/.]\d)"

_IN_NAME_MONTH = re.compile(
    rf"{_NOT_LETTER_BEFORE}(?P<month>{_MONTH}){_GAP}"
    rf"(?:(?P<year>{_YEAR})(?!\d)(?:-(?P<next>\d{{2}})(?!\d))?|(?P<short>{_SHORT_YEAR}))"
)
_IN_NAME_NUMBER = re.compile(rf"(?<!\d)(?P<year>{_YEAR})(?P<dash>-?){_NUMBER}(?!\d)")
_IN_NAME_MONTHS_OF_YEAR = re.compile(
    rf"(?<!\d)(?P<year>{_YEAR})-(?P<next>\d{{2}}){_GAP}(?P<month>{_MONTH})"
    rf"(?:{_GAP}(?:to{_GAP})?(?P<month2>{_MONTH}))?{_NOT_LETTER_AFTER}(?!{_GAP}\d{{2}})"
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
            if not (m["dash"] and _is_next(year, number)):
                found.append(month(year, int(number)))
    distinct = sorted(set(found), key=lambda p: p.start)
    if len(distinct) == 1:
        return distinct[0]
    if len(distinct) == 2 and _IN_NAME_RANGE.search(tail):
        return _span(*distinct)
    return None


_IN_NAME_RANGE = re.compile(rf"\d{_GAP}(?:to|-){_GAP}{_MONTH}{_NOT_LETTER_AFTER}")


def _named_month(m: re.Match[str]) -> Period:
    number = _MONTHS[m["month"]]
    if m["short"]:
        return month(2000 + int(m["short"]), number)
    year = int(m["year"])
    if m["next"] and _is_next(year, m["next"]) and number < 4:
        year += 1
    return month(year, number)


def _named_span(m: re.Match[str]) -> Period | None:
    first = int(m["year"])
    if not _is_next(first, m["next"]):
        return None

    def of(name: str) -> Period:
        number = _MONTHS[name]
        return month(first if number >= 4 else first + 1, number)

    return _span(of(m["month"]), of(m["month2"])) if m["month2"] else of(m["month"])
