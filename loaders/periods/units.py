"""Months, quarters and years of the calendar and of the English financial year."""

from __future__ import annotations

import calendar
import datetime as dt

from loaders.model import Period

MONTHS = {name.lower(): i for i, name in enumerate(calendar.month_name) if name}
MONTHS |= {name.lower(): i for i, name in enumerate(calendar.month_abbr) if name}
MONTHS["sept"] = 9
#: As NHS publications misspell them.
MONTHS |= {"janaury": 1, "febuary": 2, "feburary": 2}

#: Pattern of a month's name, lower case.
MONTH = "(?:" + "|".join(sorted(MONTHS, key=len, reverse=True)) + ")"


def month(year: int, number: int) -> Period:
    """The period of one calendar month, labelled ``YYYY-MM``."""
    last = calendar.monthrange(year, number)[1]
    return Period(
        dt.date(year, number, 1),
        dt.date(year, number, last),
        "month",
        f"{year:04d}-{number:02d}",
    )


def last_month(period: Period) -> Period:
    """The month in which a period ends."""
    return month(period.end.year, period.end.month)


def months_later(period: Period, months: int) -> Period:
    """The month that begins some months after the first month of a period."""
    count = period.start.year * 12 + period.start.month - 1 + months
    return month(count // 12, count % 12 + 1)


def financial_year(first: int) -> Period:
    """The English financial year from April ``first`` to the next March."""
    label = f"{first}/{(first + 1) % 100:02d}"
    return Period(
        dt.date(first, 4, 1), dt.date(first + 1, 3, 31), "financial_year", label
    )


def quarter(first: int, number: int) -> Period:
    """A quarter of the financial year from April ``first``: Q1 is April to June."""
    start_month = (4, 7, 10, 1)[number - 1]
    year = first + 1 if number == 4 else first
    start, end = month(year, start_month), month(year, start_month + 2)
    label = f"Q{number} {financial_year(first).label}"
    return Period(start.start, end.end, "quarter", label)


def span(first: Period, last: Period) -> Period | None:
    """From the start of one period to the end of a later one, else ``None``."""
    if last.start <= first.start:
        return None
    label = f"{first.label}/{last.label}"
    return Period(first.start, last.end, "range", label)


def as_quarter(period: Period) -> Period:
    """The quarter that a range of three months is; anything else as it is."""
    first = period.start.year - (period.start.month < 4)
    if period.grain == "range":
        for number in (1, 2, 3, 4):
            one = quarter(first, number)
            if (one.start, one.end) == (period.start, period.end):
                return one
    return period


def as_financial_year(period: Period) -> Period:
    """The financial year that a range of twelve months is; anything else as it is."""
    year = financial_year(period.start.year)
    same = (year.start, year.end) == (period.start, period.end)
    return year if same and period.grain == "range" else period


def is_next(first: int, second: str) -> bool:
    """Whether ``2025`` and ``26`` (or ``2026``) are years that follow each other."""
    return (first + 1) % 100 == int(second) % 100


def month_of_financial_year(first: int, name: str) -> Period:
    """A month by its name in the financial year from April ``first``.

    April to December fall in the first year of the span, January to March in the
    second: that is how the pages of the cancer statistics are named.
    """
    number = MONTHS[name]
    return month(first if number >= 4 else first + 1, number)


def nth_month(first: int, number: int) -> Period:
    """Month 1 of a financial year is April, month 12 the next March."""
    return month(first + (number > 9), (number + 2) % 12 + 1)
