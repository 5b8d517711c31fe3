"""Which periods the rows of a dataset are about, read from the rows themselves."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from loaders.periods import parse_period

if TYPE_CHECKING:
    from collections.abc import Sequence

    from loaders.model import Period

#: Words of a column that says what period its row is about; the first kind present
#: counts, so that the day a file was published never passes for a period.
PERIOD_WORDS = ("period", "month", "quarter")


def period_columns(schema: pa.Schema) -> tuple[str | None, str | None]:
    """The columns that say when the period of a row starts, and when it ends.

    A pair of dates (``period_start`` and ``period_end``, ``quarter_start`` …) comes
    before a single date, a single date before a text such as ``2025-08``. Where only
    the start is a date, the end is that of the period which a text beside it names.
    """
    dates = [f.name for f in schema if pa.types.is_date(f.type)]
    texts = [f.name for f in schema if pa.types.is_string(f.type)]
    for word in PERIOD_WORDS:
        start, end = f"{word}_start", f"{word}_end"
        if start in dates:
            said = word if word in texts else start
            return start, end if end in dates else said
    for names in (dates, texts):
        for word in PERIOD_WORDS:
            named = _first(names, word)
            if named:
                return named, named
    return None, None


def _first(names: Sequence[str], word: str) -> str | None:
    pattern = re.compile(rf"({word}|reporting_{word}|{word}_date)")
    return next((name for name in names if pattern.fullmatch(name)), None)


class Periods:
    """Keeps the first and the last day while rows pass by."""

    def __init__(self, schema: pa.Schema) -> None:
        self.first: dt.date | None = None
        self.last: dt.date | None = None
        self._start, self._end = period_columns(schema)
        # Texts are understood one by one: their letters have another order.
        self._parsed: dict[str, Period | None] = {}

    def add(self, table: pa.Table) -> None:
        """Takes rows into account."""
        if self._start is None or self._end is None:
            return
        starts = self._days(table[self._start], last=False)
        ends = self._days(table[self._end], last=True)
        self.first = min([*starts, *([self.first] if self.first else [])], default=None)
        self.last = max([*ends, *([self.last] if self.last else [])], default=None)

    def _days(self, column: pa.ChunkedArray, *, last: bool) -> list[dt.date]:
        """Days of a column that may be the least and the greatest."""
        if not pa.types.is_string(column.type):
            extremes = pc.min_max(column).as_py().values()
            return [day for day in extremes if day is not None]
        days = []
        for text in pc.unique(column).drop_null().to_pylist():
            if text not in self._parsed:
                self._parsed[text] = parse_period(text)
            period = self._parsed[text]
            if period:
                days.append(period.end if last else period.start)
        return days
