"""The Overview time series of RTT: two header rows, months ahead, and refusals."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from examples import rtt_files
from loaders.errors import Quarantined
from loaders.model import SourceFile
from loaders.rtt import PIPELINE
from tests.unit.rtt_support import read, rows

OVERVIEW = "RTT-Overview-Timeseries-Dec25-XLS-115K-6jPlxd.xlsx"
Row = list[Any]


def test_the_time_series_lands_long_without_the_months_printed_ahead():
    found = read(rtt_files.overview_workbook(), OVERVIEW)
    assert (found.period.label, found.basis) == ("2025-12", "commissioner")
    landed = rows(found, "overview")
    assert len(landed) == 9 * 41
    assert {r["month"][:7] for r in landed} == {f"2025-{m:02d}" for m in range(4, 13)}
    assert {r["financial_year"] for r in landed} == {"2025/26"}
    december = {r["column_letter"]: r for r in landed if r["month"] == "2025-12-01"}
    assert december["V"]["measure"] == "Total waiting (mil)"
    assert december["V"]["measure_group"] == "Incomplete RTT pathways"
    assert december["V"]["value"] == "7199624"
    assert december["AO"]["value"] == "-"
    assert december["AO"]["measure_group"].startswith("Completed admitted (adjusted)")
    assert "AN" not in december
    assert "months printed ahead, without a figure: 2026-01, 2026-02, 2026-03" in (
        found.tables[0].notes
    )
    assert found.is_example


def test_marks_stay_as_published_and_a_starred_month_is_a_month():
    def change(table: list[Row]) -> None:
        table[2][2] = "52+"
        table[3][1] = "* May-25"

    landed = rows(read(rtt_files.overview_workbook(change), OVERVIEW), "overview")
    assert landed[0]["value"] == "52+"
    assert landed[41]["month"] == "2025-05-01"


def put(row: int, column: int, value: Any) -> Callable[[list[Row]], None]:
    def change(table: list[Row]) -> None:
        table[row][column] = value

    return change


@pytest.mark.parametrize(
    ("change", "where", "expected", "found"),
    [
        (put(3, 1, "2025-04-01"), "row 12", "every month once", "2025-04 again"),
        (put(5, 0, "2024/25"), "row 14", "2025-07 in its financial year", "2024/25"),
        (put(4, 1, None), "row 13", "months without a gap", "a row without a month"),
        (put(11, 2, 5), "row 20", "no figure outside", "figures for 2026-01"),
        (lambda t: t.__delitem__(slice(10, 14)), "", "for the last month", "none"),
    ],
)
def test_months_that_cannot_be_trusted_set_the_series_aside(
    change, where, expected, found
):
    with pytest.raises(Quarantined) as raised:
        read(rtt_files.overview_workbook(change), OVERVIEW)
    assert raised.value.what == "cannot trust the months of the time series"
    assert where in raised.value.where
    assert expected in raised.value.expected
    assert found in raised.value.found


def test_a_last_month_without_figures_contradicts_the_period():
    data = rtt_files.overview_workbook(period_line="Period: April 2025 to January 2026")
    with pytest.raises(Quarantined) as raised:
        read(data, "RTT-Overview-Timeseries-Jan26.xlsx")
    assert "figures for 2026-01" in raised.value.expected


def test_a_series_without_its_period_or_of_another_month_is_refused():
    with pytest.raises(Quarantined) as raised:
        read(rtt_files.overview_workbook(period_line="Latest"), OVERVIEW)
    assert "Period: April 2007" in raised.value.expected
    with pytest.raises(Quarantined, match="cannot trust the period"):
        read(rtt_files.overview_workbook(), "RTT-Overview-Timeseries-Nov25.xlsx")


def test_a_measure_without_a_group_is_refused():
    def change(table: list[Row]) -> None:
        table[0][2] = None

    with pytest.raises(Quarantined) as raised:
        read(rtt_files.overview_workbook(change), OVERVIEW)
    assert raised.value.what == "cannot read the header of the time series"
    assert "column D" in raised.value.where
    assert "Median wait (weeks)" in raised.value.found


def test_the_manifest_shows_both_levels_of_the_header(tmp_path):
    data = rtt_files.overview_workbook()
    file = SourceFile(OVERVIEW, OVERVIEW, tmp_path, claims=PIPELINE.claims(OVERVIEW))
    (shown,) = PIPELINE.manifest(data, file)["sheets"]
    (table,) = shown["tables"]
    assert table["header_rows"] == [9, 10]
    assert (table["first_data_row"], table["data_rows"]) == (11, 9)
    assert (
        table["columns"][2]["name"] == "Incomplete RTT pathways | Median wait (weeks)"
    )
    assert table["footer_rows"] == [23, 24]
