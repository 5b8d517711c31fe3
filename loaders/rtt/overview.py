"""The Overview time series: one row per month, two rows of headers, landed long."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from loaders.errors import Quarantined
from loaders.model import Period, TableRead
from loaders.periods import parse_period
from loaders.rtt.titles import Titles
from loaders.sheets.layout import ColumnRegion, TableRegion, filled, texts
from loaders.sheets.names import clean_name, column_letter
from loaders.sheets.values import as_text, is_blank
from loaders.sheets.workbook import Sheet

#: What the publisher prints where a month has no figure.
_NO_FIGURE = frozenset(("-", "–", "—"))
_HEADER_WITHIN = 40


@dataclass(frozen=True)
class Measure:
    """A column of figures: where it stands and its two levels of header."""

    index: int
    group: str
    name: str

    @property
    def full(self) -> str:
        """Both levels, as the manifest shows them."""
        return f"{self.group} | {self.name}"


@dataclass(frozen=True)
class Header:
    """Where the header stands (0-based) and what it names."""

    header: int
    year: int
    month: int
    measures: tuple[Measure, ...]


def find(sheet: Sheet, where: str) -> Header | None:
    """The header of the time series; ``None`` on any other sheet.

    Raises:
        Quarantined: It is that sheet, but a column has half a name.
    """
    for i, row in enumerate(sheet.rows[: _HEADER_WITHIN - 1]):
        names = [clean_name(c) if isinstance(c, str) else "" for c in row]
        if "year" in names and "month" in names:
            year, month = names.index("year"), names.index("month")
            measures = _measures(row, sheet.rows[i + 1], max(year, month) + 1, where, i)
            return Header(i, year, month, measures) if measures else None
    return None


def _measures(
    groups: list[Any], names: list[Any], start: int, where: str, row: int
) -> tuple[Measure, ...]:
    found: list[Measure] = []
    group: str | None = None
    for i in range(start, len(groups)):
        if not is_blank(groups[i]):
            group = _one_line(groups[i])
        if is_blank(names[i]):
            # What stands over the columns before a spacer does not reach past it.
            group = None if is_blank(groups[i]) else group
            continue
        if group is None:
            raise Quarantined(
                "cannot read the header of the time series",
                where=f"{where}, row {row + 1}, column {column_letter(i)}",
                expected="a group such as Incomplete RTT pathways above the measure",
                found=f"{_one_line(names[i])!r} with none above it",
                next_step="compare with the publisher's copy and download it again",
            )
        found.append(Measure(i, group, _one_line(names[i])))
    return tuple(found)


def _one_line(cell: Any) -> str:
    return " ".join(str(cell).split())


@dataclass(frozen=True)
class _Month:
    row: int
    period: Period
    financial_year: str


def table(
    sheet: Sheet, header: Header, titles: Titles, where: str
) -> tuple[TableRead, TableRegion]:
    """Reads the time series.

    Args:
        sheet: The sheet.
        header: Its header.
        titles: What stands above it; the ``Period:`` line says which months count.
        where: File and sheet, for messages.

    Raises:
        Quarantined: A month is there twice or outside its financial year, or the
            months with figures are not those of the ``Period:`` line.
    """
    import pyarrow as pa

    months, end = _months(sheet, header, where)
    kept, preprinted = _split(sheet, header, months, titles, where)
    cells: dict[str, list[Any]] = {
        "financial_year": [],
        "month": [],
        "measure_group": [],
        "measure": [],
        "column_letter": [],
        "value": [],
        "_source_row": [],
    }
    for one in kept:
        for measure in header.measures:
            cells["financial_year"].append(one.financial_year)
            cells["month"].append(one.period.start.isoformat())
            cells["measure_group"].append(measure.group)
            cells["measure"].append(measure.name)
            cells["column_letter"].append(column_letter(measure.index))
            cells["value"].append(as_text(sheet.rows[one.row][measure.index]))
            cells["_source_row"].append(one.row + 1)
    footers = [i for i in range(end, len(sheet.rows)) if filled(sheet.rows[i])]
    notes = tuple(" ".join(texts(sheet.rows[i])) for i in footers)
    if preprinted:
        labels = ", ".join(m.period.label for m in preprinted)
        notes = (f"months printed ahead, without a figure: {labels}", *notes)
    words = {name: pa.string() for name in cells if name != "_source_row"}
    arrays = {n: pa.array(c, words.get(n, pa.int32())) for n, c in cells.items()}
    read = TableRead(
        table="overview_values",
        source_table="overview",
        sheet=sheet.name,
        part=None,
        title=titles.title,
        header_row=header.header + 2,
        first_row=kept[0].row + 1,
        last_row=kept[-1].row + 1,
        rows_read=len(kept) * len(header.measures),
        notes=(*titles.notes, *notes),
        batches=[pa.RecordBatch.from_pydict(arrays)],
    )
    region = TableRegion(
        name=titles.title,
        header_rows=(header.header + 1, header.header + 2),
        first_data_row=kept[0].row + 1,
        last_data_row=kept[-1].row + 1,
        data_rows=len(kept),
        columns=(
            ColumnRegion(header.year, "Year", "financial_year", "dimension"),
            ColumnRegion(header.month, "Month", "month", "dimension"),
            *(
                ColumnRegion(m.index, m.full, "value", "measure")
                for m in header.measures
            ),
        ),
        footer_rows=(footers[0] + 1, footers[-1] + 1) if footers else None,
        notes=notes,
    )
    return read, region


def _months(sheet: Sheet, header: Header, where: str) -> tuple[list[_Month], int]:
    """The rows of months, the financial year filled down, and the row after them."""
    found: list[_Month] = []
    seen: dict[Period, int] = {}
    year: str | None = None
    i = header.header + 2
    while i < len(sheet.rows):
        row = sheet.rows[i]
        period = _month_of(row[header.month])
        if period is None or period.grain != "month":
            break
        place = f"{where}, row {i + 1}"
        if not is_blank(row[header.year]):
            year = as_text(row[header.year])
        span = parse_period(year)
        if year is None or span is None or not span.start <= period.start <= span.end:
            raise _untrusted(place, f"{period.label} in its financial year", f"{year}")
        if period in seen:
            raise _untrusted(
                place,
                "every month once",
                f"{period.label} again, after row {seen[period]}",
            )
        seen[period] = i + 1
        found.append(_Month(i, period, year))
        i += 1
    for below in range(i, len(sheet.rows)):
        if _month_of(sheet.rows[below][header.month]) is not None:
            place = f"{where}, row {i + 1}"
            raise _untrusted(place, "months without a gap", "a row without a month")
    return found, i


def _month_of(cell: Any) -> Period | None:
    """The month of a cell; a star makes text of the date (``* Feb-24``)."""
    return parse_period(cell.strip(" *") if isinstance(cell, str) else cell)


def _split(
    sheet: Sheet, header: Header, months: list[_Month], titles: Titles, where: str
) -> tuple[list[_Month], list[_Month]]:
    """The months that the period covers, and those printed ahead."""
    span = titles.span
    if span is None:
        raise _untrusted(
            f"{where}, above row {header.header + 1}",
            "a line such as Period: April 2007 to December 2025",
            "none",
        )
    kept = [m for m in months if span.start <= m.period.start <= span.end]
    ahead = [m for m in months if m not in kept]
    for one in ahead:
        row = sheet.rows[one.row]
        if any(_is_figure(row[m.index]) for m in header.measures):
            raise _untrusted(
                f"{where}, row {one.row + 1}",
                f"no figure outside {span.label}, the period above the table",
                f"figures for {one.period.label}",
            )
    last = kept[-1] if kept else None
    if last is None or last.period.end != span.end:
        raise _untrusted(
            where, f"a row for the last month of {span.label}", "none of that month"
        )
    if not any(_is_figure(sheet.rows[last.row][m.index]) for m in header.measures):
        raise _untrusted(
            f"{where}, row {last.row + 1}",
            f"figures for {last.period.label}, the last month of the period above",
            "none",
        )
    return kept, ahead


def _is_figure(cell: Any) -> bool:
    return not is_blank(cell) and str(cell).strip() not in _NO_FIGURE


def _untrusted(where: str, expected: str, found: str) -> Quarantined:
    return Quarantined(
        "cannot trust the months of the time series",
        where=where,
        expected=expected,
        found=found,
        next_step="compare with the publisher's copy and download the file again",
    )
