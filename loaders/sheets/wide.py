"""What lands of a found table: its columns as text, and period columns as rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from loaders.model import Period
from loaders.sheets.cells import DATE, kind
from loaders.sheets.columns import FoundColumn, joined
from loaders.sheets.layout import SheetRegion
from loaders.sheets.names import short_names
from loaders.sheets.periods_in import header_periods
from loaders.sheets.tables import FoundTable, SheetTables
from loaders.sheets.values import figures_array, is_blank

if TYPE_CHECKING:
    import pyarrow as pa

#: Fewer period columns than this are columns like any other.
_FEWEST_PERIODS = 3
#: Columns that a wide table gets.
PERIOD_COLUMNS = ("published_period", "period_start", "period_end")
VALUE = "value"


@dataclass(frozen=True)
class LandedColumn:
    """A column of a landed table.

    Attributes:
        clean_name: Its name, unique in the table, at most 63 bytes.
        published_name: Its header levels joined with `` | ``, marks kept.
        marks: Footnote marks of the header.
        letter: Its column of the sheet; ``None`` where several became one.
        role: ``dimension``, ``measure`` or ``period``.
        value_kind: ``number``, ``text``, ``date``, ``mixed`` or ``empty``.
    """

    clean_name: str
    published_name: str
    marks: tuple[str, ...]
    letter: str | None
    role: str
    value_kind: str


@dataclass
class LandedTable:
    """A table as it lands.

    Attributes:
        found: The table of the sheet.
        columns: Its landed columns.
        batch: Text columns ``c1`` … in their order, and ``_source_row``, 1-based.
        is_wide: Whether period columns became rows.
        dropped_periods: Headers of periods to come that hold nothing yet.
        sheet_rows: Its rows in the sheet.
    """

    found: FoundTable
    columns: tuple[LandedColumn, ...]
    batch: pa.RecordBatch
    is_wide: bool
    dropped_periods: tuple[str, ...]
    sheet_rows: int


@dataclass(frozen=True)
class PeriodColumn:
    """A column whose header is a period: which one, and what is measured in it."""

    column: int
    printed: str
    period: Period
    measure: str
    published_measure: str


def period_columns(found: FoundTable) -> list[PeriodColumn]:
    """The period columns of a wide table; none when it has fewer than three."""
    if found.keep_wide:
        return []
    columns = [(i, c) for i, c in enumerate(found.columns) if _may_hold_figures(c)]
    depth = max((len(c.levels) for _, c in columns), default=0)
    best: list[PeriodColumn] = []
    for used in _ways(depth):
        deep = [(i, c) for i, c in columns if len(c.levels) > max(used)]
        texts = [" ".join(c.levels[level] for level in used) for _, c in deep]
        placed = [
            PeriodColumn(i, text, period, *_measure(c, used))
            for (i, c), text, period in zip(
                deep, texts, header_periods(texts), strict=True
            )
            if period
        ]
        if len({p.printed for p in placed}) > len({p.printed for p in best}):
            best = placed
    return best if len({p.period for p in best}) >= _FEWEST_PERIODS else []


def _ways(depth: int) -> list[tuple[int, ...]]:
    """Header levels that may say a period: each one, or two of them together.

    ``Q1`` below ``2023/24`` and ``April`` below ``2024`` only say it together.
    """
    single: list[tuple[int, ...]] = [(level,) for level in range(depth)]
    return single + [(b, a) for a in range(depth) for b in range(depth) if a != b]


def _may_hold_figures(column: FoundColumn) -> bool:
    return column.role == "measure" or column.value_kind != "text"


def _measure(column: FoundColumn, used: tuple[int, ...]) -> tuple[str, str]:
    """The clean and the published name of what is measured in a period column."""
    others = [i for i in range(len(column.levels)) if i not in used]
    clean = joined([column.level_names[i] for i in others])
    return clean or VALUE, " | ".join(column.levels[i] for i in others)


def told(sheet: SheetTables) -> SheetRegion:
    """A sheet as the manifest tells it: a period column lands in its measure."""
    tables = []
    for found in sheet.tables:
        measures = {p.column: p.measure for p in period_columns(found)}
        columns = tuple(
            replace(c, clean_name=measures[i], role="period") if i in measures else c
            for i, c in enumerate(found.region.columns)
        )
        tables.append(replace(found.region, columns=columns))
    return replace(sheet.region, tables=tuple(tables))


def to_land(found: FoundTable, period_end: dt.date | None) -> LandedTable:
    """Makes the landed columns of a table.

    Args:
        found: The table.
        period_end: The end of the period its file speaks of. Period columns that begin
            later and hold nothing are dropped; without it, those after the last one
            that holds something.
    """
    wide = period_columns(found)
    if wide:
        return _wide(found, wide, period_end)
    import pyarrow as pa

    columns = tuple(_plain(c) for c in found.columns)
    arrays: list[pa.Array] = [
        figures_array(_month_cells(found, i)) for i in range(len(columns))
    ]
    arrays.append(pa.array(found.row_numbers, pa.int64()))
    return LandedTable(
        found, columns, _batch(arrays), False, (), len(found.row_numbers)
    )


def _plain(column: FoundColumn) -> LandedColumn:
    return LandedColumn(
        column.clean_name,
        column.published_name,
        column.marks,
        column.letter,
        column.role,
        column.value_kind,
    )


def _batch(arrays: Sequence[pa.Array]) -> pa.RecordBatch:
    import pyarrow as pa

    names = [f"c{i}" for i in range(1, len(arrays))] + ["_source_row"]
    return pa.RecordBatch.from_arrays(list(arrays), names)


def _month_cells(found: FoundTable, i: int) -> list[object]:
    """The cells of a column; days that only stand for months become their first.

    ``Sep-24`` typed into a spreadsheet becomes 24 September 2024. The header has to say
    month, or the months to follow one another over the turn of a year.
    """
    values = found.cells(i)
    column = found.columns[i]
    if column.value_kind != "date":
        return values
    dates = [v for v in values if kind(v) == DATE]
    if not dates or any(d.day != d.year % 100 for d in dates):
        return values
    counts = sorted({d.year * 12 + d.month for d in dates})
    is_run = counts[-1] - counts[0] == len(counts) - 1
    over_years = len({d.year for d in dates}) > 1
    says_month = "month" in column.published_name.lower() and len(counts) > 1
    if not says_month and not (is_run and over_years):
        return values
    return [v.replace(day=1) if kind(v) == DATE else v for v in values]


def _wide(
    found: FoundTable, wide: list[PeriodColumn], period_end: dt.date | None
) -> LandedTable:
    import numpy as np
    import pyarrow as pa

    kept, dropped = _kept(found, wide, period_end)
    moved = {p.column for p in wide}
    labels = [i for i in range(len(found.columns)) if i not in moved]
    periods = list(dict.fromkeys((p.printed, p.period) for p in kept))
    measures = list(dict.fromkeys(p.measure for p in kept))
    names = short_names(
        [found.columns[i].clean_name for i in labels] + [*PERIOD_COLUMNS, *measures]
    )
    rows, times = len(found.row_numbers), len(periods)
    each = np.repeat(np.arange(rows), times)
    arrays: list[pa.Array] = [
        figures_array(_month_cells(found, i)).take(pa.array(each)) for i in labels
    ]
    for texts in (
        [printed for printed, _ in periods],
        [p.start.isoformat() for _, p in periods],
        [p.end.isoformat() for _, p in periods],
    ):
        order = pa.array(np.tile(np.arange(times), rows))
        arrays.append(pa.array(texts, pa.string()).take(order))
    at = {(p.measure, (p.printed, p.period)): p.column for p in kept}
    by_row = pa.array(np.arange(rows * times).reshape(times, rows).T.ravel())
    for measure in measures:
        parts = [
            figures_array(found.cells(at[measure, period]))
            if (measure, period) in at
            else pa.nulls(rows, pa.string())
            for period in periods
        ]
        arrays.append(pa.concat_arrays(parts).take(by_row))
    numbers = pa.array(found.row_numbers, pa.int64())
    arrays.append(numbers.take(pa.array(each)))
    columns = [_plain(found.columns[i]) for i in labels]
    columns += [
        LandedColumn(name, "", (), None, "period", value_kind)
        for name, value_kind in zip(
            PERIOD_COLUMNS, ("text", "date", "date"), strict=True
        )
    ]
    columns += [_measured(found, kept, measure) for measure in measures]
    named = tuple(
        LandedColumn(name, c.published_name, c.marks, c.letter, c.role, c.value_kind)
        for name, c in zip(names, columns, strict=True)
    )
    return LandedTable(found, named, _batch(arrays), True, tuple(dropped), rows)


def _measured(
    found: FoundTable, kept: list[PeriodColumn], measure: str
) -> LandedColumn:
    parts = [p for p in kept if p.measure == measure]
    kinds = {found.columns[p.column].value_kind for p in parts} - {"empty"}
    value_kind = kinds.pop() if len(kinds) == 1 else ("mixed" if kinds else "empty")
    marks = (m for p in parts for m in found.columns[p.column].marks)
    return LandedColumn(
        measure,
        parts[0].published_measure,
        tuple(dict.fromkeys(marks)),
        None,
        "measure",
        value_kind,
    )


def _kept(
    found: FoundTable, wide: list[PeriodColumn], period_end: dt.date | None
) -> tuple[list[PeriodColumn], list[str]]:
    """The period columns that land, and the headers of those still to come."""
    filled = {p.period for p in wide if not all(map(is_blank, found.cells(p.column)))}
    last = max((p.end for p in filled), default=dt.date.min)
    dropped = {
        p.period
        for p in wide
        if p.period not in filled
        and (p.period.start > period_end if period_end else p.period.start > last)
    }
    if not filled:
        dropped = set()
    kept = [p for p in wide if p.period not in dropped]
    printed = dict.fromkeys(p.printed for p in wide if p.period in dropped)
    return kept, list(printed)
