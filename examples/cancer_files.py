"""The cancer examples: workbooks and csv in NHS England's layout, from real figures.

Tests import the functions below to make the variants they need. The figures are in
``examples/values/``, the publisher's wording is in ``examples/layout.toml``.
"""

from __future__ import annotations

import csv
import io
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any, NamedTuple

from openpyxl import Workbook
from openpyxl.worksheet.table import Table

from examples.figures import Figure, Values, bands_of, read_csv, read_values
from examples.output import FIXED_TIME, HERE, MADE_BY, month_name, workbook_bytes

LAYOUT: dict[str, Any] = tomllib.loads((HERE / "layout.toml").read_text("utf-8"))
SHEETS: dict[int, dict[str, Any]] = {s["number"]: s for s in LAYOUT["sheet"]}
FIRST_TABLE = 3  # the publisher's workbooks count their Excel tables from here


class Share(NamedTuple):
    """A percentage cell: a fraction in workbooks, ``94.7%`` in csv."""

    within: float
    total: float
    decimals: int = 1


Cell = str | float | int | Share | None


def provider_workbook(
    values: Values | None = None,
    period: str = "2025-08",
    status: str = "final",
    *,
    sheets: Iterable[int] = tuple(SHEETS),
    example: bool = True,
    declared_tables: bool = True,
    sheet_period: str | None = None,
) -> bytes:
    """Builds a workbook in the publisher's layout, provider or commissioner based.

    Args:
        values: Figures to print; those of August 2025 when absent.
        period: ``YYYY-MM`` printed on the front page and on every sheet.
        status: ``final`` or ``provisional``, printed on the front page.
        sheets: Numbers of the data sheets to include, 2 to 11.
        example: Whether the front page says that this is an example.
        declared_tables: Whether Excel tables are declared over the provider rows.
        sheet_period: ``YYYY-MM`` on the sheets when it shall differ from the front.

    Returns:
        The xlsx file; the same arguments give the same bytes.
    """
    values = values or read_values()
    book = Workbook()
    front = book.active
    front.title = "Frontpage"
    if example:
        front.cell(1, 1, example_line(values))
    for row, text in LAYOUT["basis"][values.basis]["frontpage"].items():
        text = text.replace("{month}", month_name(period))
        front.cell(int(row), 1, text.replace("{status}", status.capitalize()))
    table_number = FIRST_TABLE
    for number in sheets:
        rows, tables = _grid(SHEETS[number], values, sheet_period or period, None)
        worksheet = book.create_sheet(SHEETS[number]["name"])
        for row_number, row in enumerate(rows, 1):
            for column, value in enumerate(row, 1):
                if isinstance(value, Share):
                    cell = worksheet.cell(row_number, column, _fraction(value))
                    cell.number_format = "0.0%"
                elif value is not None:
                    worksheet.cell(row_number, column, value)
        for header_row, last_row in tables:
            if declared_tables:
                last = worksheet.cell(last_row, len(rows[header_row - 1])).coordinate
                table = Table(
                    displayName=f"Table{table_number}", ref=f"B{header_row}:{last}"
                )
                worksheet.add_table(table)
                table_number += 1
    book.properties.creator = "hindcast examples/generate.py"
    book.properties.created = FIXED_TIME
    return workbook_bytes(book)


def write_provider_workbook(path: Path, *args: Any, **options: Any) -> Path:
    """Writes ``provider_workbook(...)`` to a file and returns its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(provider_workbook(*args, **options))
    return path


def sheet_csv(
    values: Values | None = None,
    sheet: int = 5,
    period: str = "2025-03",
    *,
    example: bool = True,
) -> bytes:
    """Builds one sheet saved as csv, as the publisher offers sheets 3, 5 and 8.

    Args:
        values: Figures to print; those of March 2025 when absent.
        sheet: Number of the sheet in the workbook, 2 to 11.
        period: ``YYYY-MM`` printed in the second row.
        example: Whether the fifth row says that this is an example.
    """
    values = values or read_values("2025-03")
    line = example_line(values) if example else None
    rows, _ = _grid(SHEETS[sheet], values, period, line)
    return _csv_bytes(rows)


def legacy_csv(
    period_line: str = "PERIOD: July 2015", *, example: bool = True
) -> bytes:
    """Builds the 62-day csv of July 2015, under the standards before October 2023.

    Args:
        period_line: Second row; later files print ``Oct-15`` or ``42583`` there.
        example: Whether the seventh row says that this is an example.
    """
    layout = LAYOUT["legacy"]
    figures = read_csv("legacy-2015-07")
    organisations = {f["ods_code"]: f for f in figures}
    preamble = [*layout["preamble"], _example(len(organisations), "provider")]
    preamble[1] = period_line
    if not example:
        preamble[-1] = ""
    rows: list[list[Cell]] = [[line] for line in preamble]
    for title, setting in layout["parts"]:
        rows += [[title], layout["group"], layout["columns"]]
        wanted = [f for f in figures if setting in (f["care_setting"], layout["whole"])]
        national: list[tuple[float, ...]] = []
        for code, first in organisations.items():
            bands = _sum(bands_of(f["bands"]) for f in wanted if f["ods_code"] == code)
            national.append(bands)
            names = [first["ons_area_id"], code, first["name"], setting]
            measures = _measures(bands, layout["bands_within"], decimals=2)
            rows.append([*names, first["cancer_type"], *measures])
        measures = _measures(_sum(national), layout["bands_within"], decimals=2)
        names = ["", "", layout["national_name"], setting]
        rows += [[], [*names, "ALL CANCERS", *measures], [], [], []]
    rows += [[line] for line in layout["footer"]]
    return _csv_bytes(rows)


def example_line(values: Values) -> str:
    """The sentence by which a file says that it is an example."""
    return _example(len(values.names), values.basis)


def workbook_name(period: str, basis: str = "provider", status: str = "final") -> str:
    """The publisher's name: ``AUGUST-2025-CWT-CRS-PROVIDER-WORKBOOK-FINAL.xlsx``."""
    month = month_name(period).replace(" ", "-")
    return f"{month}-CWT-CRS-{basis}-WORKBOOK-{status}".upper() + ".xlsx"


def files() -> Mapping[str, bytes]:
    """The cancer examples by their paths below ``examples/``."""
    found = {
        f"cancer/{period}/{workbook_name(period, basis)}": provider_workbook(
            read_values(period, basis), period
        )
        for period, basis in (
            ("2025-08", "provider"),
            ("2025-08", "commissioner"),
            ("2025-04", "provider"),
        )
    }
    for number, sheet in SHEETS.items():
        if "csv" in sheet:
            found[f"cancer/2025-03/{sheet['csv']}"] = sheet_csv(sheet=number)
    found[f"cancer/2015-07/{LAYOUT['legacy']['csv']}"] = legacy_csv()
    return found


def _grid(
    sheet: Mapping[str, Any], values: Values, period: str, example: str | None
) -> tuple[list[list[Cell]], list[tuple[int, int]]]:
    """Rows of a data sheet, and (header row, last provider row) of each block."""
    basis = LAYOUT["basis"][values.basis]
    month, year = month_name(period).split()
    rows: list[list[Cell]] = [
        [sheet["title"]],
        [f"{month[:3]}-{year[2:]}"],
        [basis["basis_line"]],
        [LAYOUT["definitions"]],
        [example],
        [],
    ]
    keys: list[Cell] = [None, "ODS CODE (1)", basis["organisation_column"]]
    keys += sheet["keys"]
    blank = [None] * len(keys)
    target, group = sheet.get("target", []), sheet["group"]
    if target:
        group_row = [*blank, group, None, None, "PERCENTAGE", None, group]
        header = [*keys, "TOTAL", *target, " ", *sheet["bands"]]
    else:
        group_row = [*blank, group]
        header = [*keys, "TOTAL", *sheet["bands"]]
    table = sheet.get("sums_of", sheet["table"])
    figures = [f for f in values.figures if f.table == table]
    tables: list[tuple[int, int]] = []
    for position, (title, label) in enumerate(sheet.get("parts", [(None, None)])):
        taken = [f for f in figures if position == 0 or f.route_or_stage == label]
        if not taken:
            continue
        if tables:
            rows += [[], [], []]
        rows += [[title], group_row, header]
        start = len(rows)
        own: dict[str, list[Figure]] = {code: [] for code in values.names}
        for figure in taken:
            own[figure.ods_code].append(figure)
        for code, name in values.names.items():
            rows += _body([None, code, name], sheet, label, own[code])
        tables.append((start, len(rows)))
        rows.append([])
        rows += _body([None, None, basis["national_name"]], sheet, label, taken)
    return rows, tables


def _body(
    organisation: list[Cell],
    sheet: Mapping[str, Any],
    label: str | None,
    figures: Iterable[Figure],
) -> Iterator[list[Cell]]:
    """Rows of one organisation or of the nation, in the publisher's order."""
    groups: dict[tuple[str, ...], list[tuple[float, ...]]] = {}
    for figure in figures:
        if "whole" in sheet:
            key: tuple[str, ...] = (sheet["whole"],)
        elif len(sheet["keys"]) == 1:
            key = (figure.category,)
        else:
            category = sheet.get("category", figure.category)
            key = (label or figure.route_or_stage, category)
        groups.setdefault(key, []).append(figure.bands)
    for key in sorted(groups):
        measures = _measures(_sum(groups[key]), sheet.get("bands_within"))
        yield [*organisation, *key, *measures]


def _measures(
    bands: tuple[float, ...], bands_within: int | None, decimals: int = 1
) -> list[Cell]:
    """Total, within, after, percentage, spacer and bands; or total and bands."""
    total = sum(bands)
    if bands_within is None:
        return [_plain(total), *map(_plain, bands)]
    within = sum(bands[:bands_within])
    share = Share(within, total, decimals) if total else None
    counts = [_plain(total), _plain(within), _plain(total - within)]
    return [*counts, share, None, *map(_plain, bands)]


def _example(organisations: int, basis: str) -> str:
    few = f"{organisations} {basis}s only; national rows are the sums of these"
    return f"EXAMPLE: {few}; {MADE_BY}"


def _sum(bands: Iterable[tuple[float, ...]]) -> tuple[float, ...]:
    return tuple(sum(column) for column in zip(*bands, strict=True))


def _plain(number: float) -> float | int:
    return int(number) if number == int(number) else number


def _fraction(share: Share) -> float:
    # Excel keeps fifteen digits, and so do the published workbooks.
    return float(f"{share.within / share.total:.15g}")


def _percentage(share: Share) -> str:
    percent = Decimal(share.within) * 100 / Decimal(share.total)
    step = Decimal(1).scaleb(-share.decimals)
    return f"{percent.quantize(step, ROUND_HALF_UP)}%"  # as Excel rounds


def _csv_bytes(rows: Sequence[Sequence[Cell]]) -> bytes:
    width = max(len(row) for row in rows)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    for row in rows:
        cells = [_percentage(c) if isinstance(c, Share) else c for c in row]
        writer.writerow([*cells, *[None] * (width - len(cells))])
    return out.getvalue().encode("utf-8")
