"""Published sheets changed as other months change them: the same tables are found."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from loaders.sheets import workbook
from loaders.sheets.layout import TableRegion
from loaders.sheets.tables import read_tables
from loaders.sheets.workbook import Sheet

ROOT = Path(__file__).resolve().parents[2]
PUBLICATIONS = ROOT.parent / "shared" / "data" / "publications"

pytestmark = pytest.mark.skipif(
    not PUBLICATIONS.is_dir(),
    reason="the real files (../shared/data/publications) are not on this machine",
)

#: One file of each layout; the longest tables are cut to this many rows in the middle.
FILES = (
    "ae_attendances_provider_xls/June-2025-AE-by-provider-3euC4-1.xlsx",
    "beds_overnight/Beds-Open-Overnight-Web_File-Q2-2024-25.xlsx",
    "cloud_based_telephony/Cloud Based Telephony Publication Summary "
    "November 2025.xlsx",
    "community_health_services/Community-health-services-waiting-lists-"
    "2024-25-January.xlsx",
    "diagnostics_dm01/Monthly-Diagnostics-Web-File-Provider-April-2025_3EY67.xls",
    "online_consultation/Submissions via Online Consultation Systems in General "
    "Practice - April 2024.xlsx",
    "virtual_wards/Monthly-Virtual-Ward-Apr2025.xlsx",
)
_ROWS = 100


def seen(table: TableRegion) -> tuple[Any, ...]:
    columns = [(c.index, c.clean_name) for c in table.columns if c.role != "spacer"]
    rows = (table.header_rows, table.first_data_row, table.last_data_row)
    return (*rows, table.data_rows, table.aggregate_rows, columns)


def only_table(sheet: Sheet) -> TableRegion:
    (table,) = read_tables(sheet).tables
    return table.region


def shortened(sheet: Sheet, table: TableRegion) -> Sheet:
    first, last = table.first_data_row + _ROWS, table.last_data_row - _ROWS
    rows = [list(r) for i, r in enumerate(sheet.rows, 1) if not first <= i < last]
    return replace(sheet, rows=rows[: table.first_data_row + 4 * _ROWS])


def figures(sheet: Sheet, table: TableRegion, change: Callable[[Any], Any]) -> Sheet:
    """The sheet with the figures of its data rows changed."""
    body = range(table.first_data_row - 1, table.last_data_row)
    rows = [
        [change(c) if i in body and isinstance(c, int | float) else c for c in row]
        for i, row in enumerate(sheet.rows)
    ]
    return replace(sheet, rows=rows)


def shuffled(sheet: Sheet, table: TableRegion) -> Sheet:
    first, last = table.first_data_row - 1, table.last_data_row
    body = list(sheet.rows[first:last])
    blank = [i for i, row in enumerate(body) if not any(map(str, row))]
    filled = [row for row in body if any(map(str, row))]
    random.Random(1).shuffle(filled)
    for i in blank:
        filled.insert(i, [""] * len(body[i]))
    return replace(sheet, rows=[*sheet.rows[:first], *filled, *sheet.rows[last:]])


CHANGES: dict[str, Callable[[Sheet, TableRegion], Sheet]] = {
    "all suppressed": lambda s, t: figures(s, t, lambda _: "*"),
    "all zero": lambda s, t: figures(s, t, lambda _: 0.0),
    "figures as text": lambda s, t: figures(s, t, lambda c: f"{c:,}"),
    "rows shuffled": shuffled,
}


@pytest.fixture(scope="module", params=FILES, ids=lambda f: f.split("/")[0])
def tables(request: pytest.FixtureRequest) -> list[tuple[Sheet, TableRegion]]:
    data = (PUBLICATIONS / request.param).read_bytes()
    found = []
    for sheet in workbook.open_workbook(data, request.param):
        whole = read_tables(sheet).tables
        if len(whole) == 1:
            short = shortened(sheet, whole[0].region)
            found.append((short, only_table(short)))
    return found


@pytest.mark.parametrize("change", CHANGES)
def test_other_figures_are_the_same_table(tables, change):
    assert tables
    for sheet, table in tables:
        changed = only_table(CHANGES[change](sheet, table))
        assert seen(changed) == seen(table), sheet.name


def test_a_table_found_elsewhere_on_the_sheet_is_the_same(tables):
    for sheet, table in tables:
        width = len(sheet.rows[0]) + 2
        rows = [[""] * width] * 3 + [["", "", *row] for row in sheet.rows]
        merges = tuple(
            ((top + 3, left + 2), (bottom + 3, right + 2))
            for (top, left), (bottom, right) in sheet.merges
        )
        moved = only_table(replace(sheet, rows=rows, merges=merges, tables=()))
        first, last = table.header_rows
        assert moved.header_rows == (first + 3, last + 3), sheet.name
        assert moved.data_rows == table.data_rows, sheet.name
        assert [c.index - 2 for c in moved.columns] == [
            c.index for c in table.columns
        ], sheet.name


def test_a_note_right_below_the_last_row_is_no_row(tables):
    for sheet, table in tables:
        column = table.columns[0].index
        note: list[Any] = [""] * len(sheet.rows[0])
        note[column] = "Note: figures below 5 are suppressed."
        last = max(table.last_data_row, *table.aggregate_rows, 0)
        rows = [*sheet.rows[:last], note, *sheet.rows[last:]]
        noted = only_table(replace(sheet, rows=rows))
        assert seen(noted) == seen(table), sheet.name
