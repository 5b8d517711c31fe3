"""The forms in which texts state a period; see :func:`.statements.words_of`.

Names of months count as whole words only ("Summary" holds no March), and what could
mean two periods is none.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

from loaders.model import Period
from loaders.periods.units import (
    MONTH,
    MONTHS,
    financial_year,
    is_next,
    month,
    month_of_financial_year,
    months_later,
    nth_month,
    quarter,
    span,
)

# ----------------------------------------------------------------- parts of patterns

GAP = r"[\s~._,()\[\]'’-]*"
Y4 = r"(?<!\d)(?:199\d|20[0-4]\d)(?!\d)"
#: A year of two digits; ``May-31-Day`` names a standard and ``30 2025`` is a day.
_Y2 = rf"\d{{2}}(?!\d)(?!{GAP}days?(?![a-z]))(?![/.]\d)(?!~(?:st|nd|rd|th))"
YEAR = rf"(?:{Y4}|'?{_Y2}(?!{GAP}{Y4}))"
DAY = rf"(?:\d{{1,2}}(?:~(?:st|nd|rd|th))?{GAP}(?:of{GAP})?)?"
_IN_MONTH = rf"(?:\d{{1,2}}(?:~(?:st|nd|rd|th))?{GAP}(?={Y4}))?"


def _named(number: str = "") -> str:
    return rf"(?<![a-z])(?P<month{number}>{MONTH})(?![a-z])"


def dated(number: str = "") -> str:
    """A month with its year, perhaps a day between: ``Nov_25``, ``April 30, 2025``."""
    return rf"{_named(number)}{GAP}{_IN_MONTH}(?P<year{number}>{YEAR})"


def _day(which: str = "") -> str:
    return (
        rf"(?<!\d)\d{{1,2}}[/.](?P<number{which}>0[1-9]|1[0-2])[/.]"
        rf"(?P<year{which}>{Y4})"
    )


def _iso(which: str = "") -> str:
    return rf"(?P<year{which}>{Y4})-(?P<number{which}>0[1-9]|1[0-2])-\d{{2}}(?!\d)"


_TO = rf"{GAP}(?:(?:to|until|and)(?![a-z]){GAP})?"
_EXPLICIT_TO = r"[\s~]*(?:(?:to|until|and|&)(?![a-z])|-|_)[\s~]*"
#: 2024-25, 2024/2025, 2024_25
_FY = r"(?P<fy>199\d|20[0-4]\d)\s?[-/_.]\s?(?P<next>(?:20)?\d{2})(?!\d)"
#: With a word before it that says so, also 2526, 201920 and 25-26.
_SAID_FY = (
    rf"(?:{_FY}|(?P<pair>\d{{2}}|20\d{{2}})[\s~_/.-]?(?P<pair_next>\d{{2}})(?!\d))"
)
_QUARTER = r"(?<![a-z0-9])q(?:tr|uarter)?(?![a-z])[\s~._-]*(?P<quarter>[1-4])(?!\d)"
#: A quarter or half year, whatever year it is of.
PART_OF_YEAR = re.compile(rf"{_QUARTER}|(?<![a-z0-9])h~[12](?!\d)")
_TIED = r"[\s~._,()-]*"
_NUMBER = r"(?P<number>0[1-9]|1[0-2])"


def _year(text: str) -> int:
    digits = text.lstrip("'")
    return int(digits) if len(digits) == 4 else 2000 + int(digits)


def _first_year(m: re.Match[str]) -> int | None:
    """The first year of a financial year that a match holds."""
    held = m.groupdict()
    first, following = held.get("fy"), held.get("next")
    if not first:
        first, following = held.get("pair"), held.get("pair_next")
    if not first or not following or not is_next(_year(first), following):
        return None
    return _year(first)


# ---------------------------------------------------------- what makes a period of it


def _between(first: Period, last: Period) -> Period | None:
    return first if first == last else span(first, last)


def _dated_range(m: re.Match[str]) -> Period | None:
    return _between(
        month(_year(m["year"]), MONTHS[m["month"]]),
        month(_year(m["year2"]), MONTHS[m["month2"]]),
    )


def _numeric_range(m: re.Match[str]) -> Period | None:
    return _between(
        month(int(m["year"]), int(m["number"])),
        month(int(m["year2"]), int(m["number2"])),
    )


def _range_of_years(m: re.Match[str]) -> Period | None:
    first, last = int(m["fy"]), int(m["fy2"])
    if not (is_next(first, m["next"]) and is_next(last, m["next2"])):
        return None
    return _between(financial_year(first), financial_year(last))


def _ending(months: int) -> Callable[[re.Match[str]], Period | None]:
    def make(m: re.Match[str]) -> Period | None:
        last = month(_year(m["year"]), MONTHS[m["month"]])
        first = months_later(last, 1 - months)
        if months == 12 and last.start.month == 3:
            return financial_year(first.start.year)
        return span(first, last)

    return make


def _range_of_year(m: re.Match[str]) -> Period | None:
    year = _year(m["year"])
    return _between(month(year, MONTHS[m["month"]]), month(year, MONTHS[m["month2"]]))


def _range_of_financial_year(m: re.Match[str]) -> Period | None:
    first = _first_year(m)
    if first is None:
        return None
    return _between(
        month_of_financial_year(first, m["month"]),
        month_of_financial_year(first, m["month2"]),
    )


def _of_financial_year(m: re.Match[str]) -> Period | None:
    first = _first_year(m)
    return month_of_financial_year(first, m["month"]) if first else None


def _numbered(m: re.Match[str]) -> Period | None:
    first = _first_year(m)
    return nth_month(first, int(m["nth"])) if first else None


def _month(m: re.Match[str]) -> Period | None:
    return month(_year(m["year"]), MONTHS[m["month"]])


def _by_number(m: re.Match[str]) -> Period | None:
    year, number = int(m["year"]), m["number"]
    # 2011-12 may be December or a financial year: it states neither.
    dashed = m.groupdict().get("dash")
    return None if dashed and is_next(year, number) else month(year, int(number))


def _quarter(m: re.Match[str]) -> Period | None:
    first = _first_year(m)
    return quarter(first, int(m["quarter"])) if first else None


def _half(m: re.Match[str]) -> Period | None:
    first = _first_year(m)
    if first is None:
        return None
    start = 1 if m["half"] == "1" else 7
    return span(nth_month(first, start), nth_month(first, start + 5))


def _financial_year(m: re.Match[str]) -> Period | None:
    first = _first_year(m)
    if first is None:
        return None
    # 2011-12 may be December, 2011/12 and FY 2011-12 are not.
    bare = m["fy"] and not m["said"] and "/" not in m.group() and len(m["next"]) == 2
    return None if bare and 1 <= int(m["next"]) <= 12 else financial_year(first)


def _to_date(m: re.Match[str]) -> Period | None:
    date = _date(m["date"])
    return month(date.year, date.month) if date else None


def _edge(m: re.Match[str]) -> Period | None:
    """A date that is the first or last day of a month stands for the month."""
    date = _date(m["date"])
    if date is None:
        return None
    whole = month(date.year, date.month)
    return whole if date in (whole.start, whole.end) else None


def _date(digits: str) -> dt.date | None:
    try:
        return dt.datetime.strptime(digits, "%Y%m%d").date()
    except ValueError:
        return None


def _iso_week(m: re.Match[str]) -> Period | None:
    try:
        monday = dt.date.fromisocalendar(int(m["year"]), int(m["week"]), 1)
    except ValueError:
        return None
    return _week(monday, f"{m['year']}-W{int(m['week']):02d}")


def _week_ending(m: re.Match[str]) -> Period | None:
    try:
        end = dt.date(_year(m["year"]), MONTHS[m["month"]], int(m["day"]))
    except ValueError:
        return None
    start = end - dt.timedelta(days=6)
    return _week(start, f"{start}/{end}")


def _week(start: dt.date, label: str) -> Period:
    return Period(start, start + dt.timedelta(days=6), "week", label)


_Form = tuple[re.Pattern[str], Callable[[re.Match[str]], Period | None]]


def _form(pattern: str, make: Callable[[re.Match[str]], Period | None]) -> _Form:
    return re.compile(pattern), make


#: Kinds of statement, the most telling first. The first kind that a text has decides;
#: within it a form counts only where the forms above it found nothing.
KINDS: tuple[tuple[_Form, ...], ...] = (
    (
        # week ending 30 March 2025
        _form(
            rf"(?<![a-z])(?:week|w)[\s~/._-]*(?:ending|e)(?![a-z]){GAP}"
            rf"(?P<day>\d{{1,2}})(?:~(?:st|nd|rd|th))?{GAP}{_named()}{GAP}"
            rf"(?P<year>{YEAR})",
            _week_ending,
        ),
        # 2025-W42, w42-2025: weeks of ISO 8601
        _form(rf"(?P<year>{Y4})[\s_-]?w~(?P<week>\d{{2}})(?!\d)", _iso_week),
        _form(
            rf"(?<![a-z])w(?:eek)?[\s~_-]?(?P<week>\d{{2}})[\s_-](?P<year>{Y4})",
            _iso_week,
        ),
    ),
    (
        # quarter ending June 2024, year to 31 March 2025
        *(
            _form(
                rf"(?<![a-z])(?:{words})[\s~_-]*(?:ending|ended|to)(?![a-z]){GAP}"
                rf"{DAY}{dated()}",
                _ending(months),
            )
            for words, months in (
                ("quarter|three months|3~? months", 3),
                ("year|twelve months|12~? months", 12),
            )
        ),
        # October 2019 - September 2025, March-2020-December-2025
        _form(rf"{dated()}{_TO}{DAY}{dated('2')}", _dated_range),
        # Jan-Sep 2024-25, then Jan-Sep 2025
        _form(
            rf"{_named()}{_EXPLICIT_TO}{_named('2')}{GAP}{_FY}",
            _range_of_financial_year,
        ),
        _form(
            rf"{_named()}{_EXPLICIT_TO}{_named('2')}{GAP}(?P<year>{YEAR})",
            _range_of_year,
        ),
        # 2024-25-Apr-Mar
        _form(
            rf"(?<!\d){_FY}{GAP}{_named()}{_TO}{_named('2')}(?!{GAP}{YEAR})",
            _range_of_financial_year,
        ),
        # 2019-20 to 2023-24
        _form(
            rf"(?<!\d){_FY}[\s~]*(?:to(?![a-z])|-)[\s~]*"
            r"(?P<fy2>20[0-4]\d)[-/](?P<next2>(?:20)?\d{2})(?!\d)",
            _range_of_years,
        ),
        # 01/04/2024 - 30/06/2024, 2024-04-01 to 2024-06-30
        _form(rf"{_day()}[\s~]*(?:to|-)[\s~]*{_day('2')}", _numeric_range),
        _form(rf"{_iso()}[\s~]*(?:to|-)[\s~]*{_iso('2')}", _numeric_range),
    ),
    (
        # 2024-25-August, August 2025-26, M10 2025/26
        _form(
            rf"(?<!\d){_FY}{GAP}{_named()}(?!{GAP}{_IN_MONTH}{YEAR})",
            _of_financial_year,
        ),
        _form(rf"{_named()}{GAP}{_FY}", _of_financial_year),
        _form(
            rf"(?<![a-z])m(?:onth)?[\s~._-]*(?P<nth>0?[1-9]|1[0-2])(?!\d){GAP}{_FY}",
            _numbered,
        ),
        _form(
            rf"(?<!\d){_FY}{GAP}m(?:onth)?[\s~._-]*(?P<nth>0?[1-9]|1[0-2])(?!\d)",
            _numbered,
        ),
    ),
    (
        # November 2025, 28-Dec-2025, Nov_25, April 30, 2025
        _form(dated(), _month),
        # 2025-Apr
        _form(rf"(?P<year>{Y4}){GAP}{_named()}", _month),
        # JulPerf_2024
        _form(rf"{_named()}{GAP}[a-z]+[\s~_-]*(?P<year>{Y4})", _month),
    ),
    (
        # Q1-2024-25, quarter-2-2025-2026, q1-2526, 2024-25 Q1, H1 2024-25
        _form(rf"{_QUARTER}{_TIED}{_SAID_FY}", _quarter),
        _form(rf"(?<!\d){_FY}{_TIED}{_QUARTER}", _quarter),
        _form(rf"(?<![a-z0-9])h~(?P<half>[12])(?!\d){_TIED}{_FY}", _half),
    ),
    (
        # 2025-08, 2025_08_31, 202508, 08-2025, 31/08/2025, 082025
        _form(
            rf"(?<!\d)(?P<year>199\d|20[0-4]\d)(?P<dash>[-_.]){_NUMBER}(?!\d)",
            _by_number,
        ),
        _form(rf"(?<!\d)(?P<year>199\d|20[0-4]\d){_NUMBER}(?!\d)", _by_number),
        _form(
            rf"(?<!\d){_NUMBER}[-_./](?P<year>{Y4})(?![-_/]\d{{2}}(?!\d))", _by_number
        ),
        _form(rf"(?<!\d){_NUMBER}(?P<year>20[0-4]\d)(?!\d)", _by_number),
    ),
    (
        # 2024-25, 2024/25, FY 201920
        _form(
            rf"(?P<said>(?<![a-z])(?:fy|f/y|financial year)(?![a-z])[\s~_-]*)"
            rf"{_SAID_FY}",
            _financial_year,
        ),
        _form(rf"(?P<said>(?!))?(?<!\d){_FY}", _financial_year),
    ),
    (
        # ends-20250330; 20250331
        _form(
            r"(?<![a-z])(?:ends?|ending|to|as at|at)(?![a-z])[\s~_-]*"
            r"(?P<date>20\d{6})(?!\d)",
            _to_date,
        ),
        _form(r"(?<!\d)(?P<date>20\d{6})(?!\d)", _edge),
    ),
)
