"""The RTT examples: a full extract, a provider workbook, and the Overview time series.

Tests import the functions below to make the variants they need: other columns, the
layout before April 2021, other titles. The figures are in ``examples/values/``.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from openpyxl import Workbook

from examples.figures import FOLDER
from examples.output import FIXED_TIME, MADE_BY, month_name, workbook_bytes, zip_bytes
from examples.rtt_figures import (
    OPEN_FROM,
    Pathways,
    english,
    over,
    quantile,
    read_codes,
    read_pathways,
    summed,
    within,
)

PERIOD = "2026-01"
EXTRACT = "20260131-RTT-January-2026-full-extract.csv"
EXTRACT_ZIP = "Full-CSV-data-file-Jan26-ZIP-EXAMPLE.zip"
WORKBOOK = "Incomplete-Provider-Jan26-XLSX-EXAMPLE.xlsx"
OVERVIEW = "RTT-Overview-Timeseries-Dec25-XLSX-EXAMPLE.xlsx"
EXAMPLE = (
    "EXAMPLE: 7 providers and 2 treatment functions only; totals are the sums of "
    f"these; {MADE_BY}"
)
OVERVIEW_EXAMPLE = f"EXAMPLE: April to December 2025 only; {MADE_BY}"
KEYS = (
    *("Period", "Provider Parent Org Code", "Provider Parent Name"),
    *("Provider Org Code", "Provider Org Name"),
    *("Commissioner Parent Org Code", "Commissioner Parent Name"),
    *("Commissioner Org Code", "Commissioner Org Name"),
    *("RTT Part Type", "RTT Part Description"),
    *("Treatment Function Code", "Treatment Function Name"),
)
TOTALS = ("Total", "Patients with unknown clock start date", "Total All")
_COMPLETED = ("Part_1A", "Part_1B")

Cell = str | int | float | dt.date | None


def extract_header(open_from: int = OPEN_FROM) -> list[str]:
    """The publisher's column names; ``open_from`` is 52 before April 2021."""
    weeks = [f"Gt {w:02d} To {w + 1:02d} Weeks SUM 1" for w in range(open_from)]
    return [*KEYS, *weeks, f"Gt {open_from} Weeks SUM 1", *TOTALS]


def extract_rows(
    pathways: Iterable[Pathways], period: str = PERIOD, open_from: int = OPEN_FROM
) -> list[list[str]]:
    """The rows of a full extract, as printed."""
    codes = read_codes()
    label = "RTT-" + month_name(period).replace(" ", "-")
    rows = []
    for one in pathways:
        provider = codes["provider", one.provider]
        commissioner = codes["commissioner", one.commissioner]
        bands = [str(one.bands.get(week, 0)) for week in range(open_from)]
        bands.append(str(over(one.bands, open_from)))
        known = unknown = ""
        if one.part in _COMPLETED:
            known = str(one.known)
            unknown = "" if one.unknown is None else str(one.unknown)
        if one.part == "Part_3":
            bands = [""] * len(bands)
        rows.append(
            [
                *(label, provider.parent_code, provider.parent_name),
                *(one.provider, provider.name),
                *(commissioner.parent_code, commissioner.parent_name),
                *(one.commissioner, commissioner.name),
                *(one.part, codes["rtt_part", one.part].name),
                *(one.function, codes["treatment_function", one.function].name),
                *(*bands, known, unknown, str(one.total_all)),
            ]
        )
    return rows


def full_extract(
    pathways: Iterable[Pathways] | None = None,
    period: str = PERIOD,
    *,
    open_from: int = OPEN_FROM,
    example: bool = True,
    change: Callable[[list[list[str]]], None] | None = None,
) -> bytes:
    """Builds a full extract.

    Args:
        pathways: Its rows; those of January 2026 when absent.
        period: ``YYYY-MM`` in the column Period.
        open_from: First week of the open band: 104, or 52 before April 2021.
        example: Whether a first line says that this is an example.
        change: Changes the rows, the header first, before they are written.
    """
    rows = [
        extract_header(open_from),
        *extract_rows(
            read_pathways() if pathways is None else pathways, period, open_from
        ),
    ]
    if change:
        change(rows)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    if example:
        writer.writerow([EXAMPLE])
    writer.writerows(rows)
    return out.getvalue().encode("utf-8")


# -------------------------------------------------------------------------- workbooks


def band_names(open_from: int = OPEN_FROM) -> list[str]:
    """How a workbook names the bands."""
    return [*(f">{w}-{w + 1}" for w in range(open_from)), f"{open_from} plus"]


def titles(title: str, period: str = PERIOD, basis: str = "Provider") -> list[str]:
    """The lines above a table, as NHS England prints them."""
    return [
        f"Title: {title}",
        "Summary: Count of pathways by weeks waited and treatment function",
        f"Period: {month_name(period)}",
        "Source: NHS England, monthly RTT data collection",
        f"Basis: {basis}",
        "Revised: -",
        "Contact: england.rtt@nhs.net",
    ]


SUMMARIES = (
    *("Total number of incomplete pathways", "Total within 18 weeks"),
    *("% within 18 weeks", "Average (median) waiting time (in weeks)"),
    *("92nd percentile waiting time (in weeks)", "Total 52 plus weeks"),
    *("Total 65 plus weeks", "Total 78 plus weeks", "Total 104 plus weeks"),
    "% 52 plus weeks",
)


def summaries(one: Pathways) -> list[Cell]:
    """The figures beside the bands of a row of incomplete pathways."""
    bands, total = one.bands, one.known
    return [
        *(total, within(bands, 18), within(bands, 18) / total if total else None),
        *(quantile(bands, 0.5), quantile(bands, 0.92)),
        *(over(bands, weeks) for weeks in (52, 65, 78, 104)),
        over(bands, 52) / total if total else None,
    ]


def incomplete_workbook(
    pathways: Sequence[Pathways] | None = None, *, example: bool = True
) -> bytes:
    """Builds the workbook of incomplete pathways by provider.

    Its figures follow from the extract: summed over the commissioners of England.
    """
    pathways = read_pathways() if pathways is None else pathways
    book = Workbook()
    first = book.active
    for name, title, part, only in (
        ("National", "Incomplete pathways", "Part_2", None),
        ("Provider", "Incomplete pathways", "Part_2", ""),
        ("IS Provider", "Incomplete pathways", "Part_2", "N"),
        ("Provider with DTA", "Incomplete pathways with DTA", "Part_2A", ""),
    ):
        rows = list(english(pathways, part))
        sheet = book.create_sheet(name)
        if only is None:
            table = _national(rows)
        else:
            table = _by_provider([r for r in rows if r.provider.startswith(only)])
        lines: list[list[Cell]] = [[None], *([None, t] for t in titles(title))]
        if example:
            lines.append([None, EXAMPLE])
        _write(sheet, [*lines, [None], *table, [None], [None, "Notes:"]])
    book.remove(first)
    return saved(book)


def _national(rows: Sequence[Pathways]) -> list[list[Cell]]:
    names = read_codes()
    head = ["Treatment Function Code", "Treatment Function"]
    table: list[list[Cell]] = [[None, *head, *band_names(), *SUMMARIES]]
    for function in sorted({r.function for r in rows}):
        one = summed([r for r in rows if r.function == function])
        name = names["treatment_function", function].name
        table.append([None, function, name, *_bands(one), *summaries(one)])
    return table


def _by_provider(rows: Sequence[Pathways]) -> list[list[Cell]]:
    names = read_codes()
    head = ["Region Code", "Provider Code", "Provider Name"]
    head += ["Treatment Function Code", "Treatment Function"]
    table: list[list[Cell]] = [[None, *head, *band_names(), *SUMMARIES]]
    for provider, function in sorted({(r.provider, r.function) for r in rows}):
        own = [r for r in rows if (r.provider, r.function) == (provider, function)]
        one = summed(own)
        keys = [REGIONS[provider], provider, names["provider", provider].name]
        keys += [function, names["treatment_function", function].name]
        table.append([None, *keys, *_bands(one), *summaries(one)])
    return table


#: NHS England's region of each provider.
REGIONS = {
    **dict.fromkeys(("RJ1", "RYJ", "RRV"), "Y56"),
    **{"RRK": "Y60", "R0A": "Y62", "RA7": "Y58", "NTP11": "Y59"},
}


def _bands(one: Pathways) -> list[Cell]:
    return [one.bands.get(week, 0) for week in range(OPEN_FROM + 1)]


def overview_workbook(
    change: Callable[[list[list[Cell]]], None] | None = None,
    *,
    example: bool = True,
    period_line: str = "Period: April 2025 to December 2025",
) -> bytes:
    """Builds the Overview time series: nine months, and three printed ahead.

    Args:
        change: Changes the rows, two of headers first, before they are written.
        example: Whether a line says that this is an example.
        period_line: The line that says which months count.
    """
    with (FOLDER / "rtt-overview.csv").open(encoding="utf-8", newline="") as handle:
        table = [[_cell(text) for text in row] for row in csv.reader(handle)]
    if change:
        change(table)
    book = Workbook()
    sheet = book.active
    sheet.title = "Full Time Series"
    lines = [
        "Title: Referral to Treatment (RTT) Waiting Times, England",
        period_line,
        "Main Source: NHS England, monthly RTT data collection",
        "Basis: Commissioner",
        "Revised: -",
        *([OVERVIEW_EXAMPLE] if example else []),
    ]
    rows: list[list[Cell]] = [[None], *([None, line] for line in lines), [None]]
    rows += [[None, *row] for row in table]
    rows += [[None, "Notes:"], [None, "1. Percentiles are calculated from bands."]]
    _write(sheet, rows)
    return saved(book)


def _cell(text: str) -> Cell:
    if len(text) == 10 and text[4] == "-":
        return dt.date.fromisoformat(text)
    try:
        number = float(text)
    except ValueError:
        return text or None
    return int(number) if number.is_integer() else number


def _write(sheet: Any, rows: Iterable[Sequence[Cell]]) -> None:
    for row in rows:
        sheet.append(list(row))


def saved(book: Workbook) -> bytes:
    """The workbook as bytes, always the same."""
    book.properties.creator = "hindcast examples/generate.py"
    book.properties.created = FIXED_TIME
    return workbook_bytes(book)


def files() -> Mapping[str, bytes]:
    """The RTT examples by their paths below ``examples/``."""
    return {
        f"rtt/{PERIOD}/{EXTRACT_ZIP}": zip_bytes({EXTRACT: full_extract()}),
        f"rtt/{PERIOD}/{WORKBOOK}": incomplete_workbook(),
        f"rtt/{OVERVIEW}": overview_workbook(),
    }
