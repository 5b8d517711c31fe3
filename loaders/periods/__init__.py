"""Periods: what stretch of time a text, a cell or a file name speaks about.

:func:`parse_period` takes texts that are a period and nothing else, such as a cell.
:func:`find_period` looks for the period that any text states: a url, a title, a
sentence. :func:`period_in_name` knows the names of a few publications, in which no
publication date, revision or second period occurs.
"""

from loaders.periods.names import period_in_name
from loaders.periods.text import find_period
from loaders.periods.units import (
    as_quarter,
    financial_year,
    last_month,
    month,
    months_later,
    quarter,
)
from loaders.periods.whole import from_serial, parse_period

__all__ = [
    "as_quarter",
    "financial_year",
    "find_period",
    "from_serial",
    "last_month",
    "month",
    "months_later",
    "parse_period",
    "period_in_name",
    "quarter",
]
