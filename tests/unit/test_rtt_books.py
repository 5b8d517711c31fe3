"""RTT workbooks of waits by organisation: layouts, and every way one is refused."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any

import openpyxl
import pytest

from examples import rtt_files
from examples.rtt_figures import english, over, read_pathways, summed, within
from loaders.errors import Quarantined
from tests.unit.rtt_support import read, rows

INCOMPLETE = "Incomplete-Provider-Jan26-XLSX-9M-xYz12.xlsx"
Row = list[Any]


def book(**sheets: Iterable[Row]) -> bytes:
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, lines in sheets.items():
        sheet = made.create_sheet(name.replace("_", " "))
        for line in lines:
            sheet.append(line)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


KEYS = ["Region Code", "Provider Code", "Provider Name"]
FUNCTION = ["Treatment Function Code", "Treatment Function"]


def sheet(
    title: str = "Incomplete pathways",
    *,
    keys: Row | None = None,
    bands: Row | None = None,
    totals: Row | None = None,
    data: list[Row] | None = None,
    period: str = "2026-01",
    basis: str = "Provider",
    lines: int = 3,
) -> list[Row]:
    """A sheet of waits with one row, or what a test puts in its place."""
    header = [
        *(KEYS if keys is None else keys),
        *FUNCTION,
        *(rtt_files.band_names() if bands is None else bands),
        *(["Total number of incomplete pathways"] if totals is None else totals),
    ]
    row = ["Y56", "RJ1", "GUY'S", "C_110", "Orthopaedics", *[0] * 104, 2, 2]
    above = [[t] for t in rtt_files.titles(title, period, basis)]
    return [*above, *[[None]] * lines, header, *([row] if data is None else data)]


def test_the_figures_of_the_example_follow_from_the_extract():
    found = read(rtt_files.incomplete_workbook(), INCOMPLETE)
    assert (found.period.label, found.basis) == ("2026-01", "provider")
    assert found.is_example
    tables = {t.source_table: t.rows_read for t in found.tables}
    assert tables == {
        "incomplete_provider_national": 3,
        "incomplete_provider": 20,
        "incomplete_provider_is_provider": 3,
        "incomplete_provider_with_dta": 20,
    }
    one = summed(
        [
            r
            for r in english(read_pathways(), "Part_2")
            if (r.provider, r.function) == ("RJ1", "C_999")
        ]
    )
    (row,) = [
        r
        for r in rows(found, "incomplete_provider")
        if (r["org_code"], r["treatment_function_code"]) == ("RJ1", "C_999")
    ]
    assert row["total"] == str(one.known)
    assert row["within_18_weeks"] == str(within(one.bands, 18))
    assert row["over_52_weeks"] == str(over(one.bands, 52))
    assert row["gt_00_to_01_weeks"] == one.bands[0]
    assert float(row["pct_within_18_weeks"]) == within(one.bands, 18) / one.known
    assert (row["region_code"], row["rtt_part_type"]) == ("Y56", "Part_2")
    dta = rows(found, "incomplete_provider_with_dta")
    assert {r["rtt_part_type"] for r in dta} == {"Part_2A"}
    assert {r["org_code"] for r in rows(found, "incomplete_provider_national")} == {
        None
    }


def test_what_is_not_landed_is_said_in_the_notes():
    found = read(rtt_files.incomplete_workbook(), INCOMPLETE)
    notes = found.tables[0].notes
    assert "columns that are not landed: % 52 plus weeks" in notes
    keys = ["Region Code", "Region Name", "Provider Code", "Provider Name"]
    row = ["Y56", "LONDON", "RJ1", "GUY'S", "C_110", "O", *[0] * 104, 2, 2]
    found = read(book(Provider=sheet(keys=keys, data=[row])), INCOMPLETE)
    assert "columns that are not landed: Region Name" in found.tables[0].notes


def test_zero_blank_and_dash_are_null_and_the_open_band_is_named():
    row = ["Y56", "RJ1", "GUY'S", "C_110", "O", "-", None, "1,200", *[0] * 101, 3, 1203]
    (landed,) = rows(
        read(book(Provider=sheet(data=[row])), INCOMPLETE), "incomplete_provider"
    )
    bands = {k: v for k, v in landed.items() if k.startswith("gt_") and v is not None}
    assert bands == {"gt_02_to_03_weeks": 1200, "gt_104_weeks": 3}
    assert landed["open_band_from_weeks"] == 104


def test_the_layout_before_april_2021_has_no_band_beyond_52():
    row = ["Y56", "RJ1", "GUY'S", "C_110", "O", *[1] * 52, 7, 59]
    data = book(
        Provider=sheet(bands=rtt_files.band_names(52), data=[row], period="2020-03")
    )
    found = read(data, "Incomplete-Provider-Mar20-XLS-7M.xlsx")
    (landed,) = rows(found, "incomplete_provider")
    assert (landed["open_band_from_weeks"], landed["gt_52_weeks"]) == (52, 7)
    assert "gt_104_weeks" not in landed


def test_a_new_column_of_figures_is_named_in_the_notes_and_the_others_land():
    totals = ["Total number of incomplete pathways", "Mean wait", "% 130 plus weeks"]
    row = ["Y56", "RJ1", "GUY'S", "C_110", "O", *[0] * 104, 2, 2, 9.5, 0.1]
    found = read(book(Provider=sheet(totals=totals, data=[row])), INCOMPLETE)
    (landed,) = rows(found, "incomplete_provider")
    assert (landed["total"], landed["gt_104_weeks"]) == ("2", 2)
    left = "columns that are not landed: Mean wait (not known), % 130 plus weeks"
    assert f"{left} (not known)" in found.tables[0].notes


def test_the_sheet_with_a_decision_to_admit_has_no_bands():
    totals = [
        "Total number of incomplete pathways with a decision to admit for treatment",
        "% of incomplete pathways with a decision to admit for treatment",
    ]
    keys = ["Y56", "RJ1", "GUY'S", "C_110", "O"]
    made = sheet(bands=[], totals=totals, data=[[*keys, 12, 0.2]])
    found = read(
        book(Provider=sheet(), Provider_with_DTA=made, IS_Provider_with_DTA=made),
        INCOMPLETE,
    )
    for table in ("with_dta", "with_dta_is_provider"):
        (landed,) = rows(found, f"incomplete_provider_{table}")
        assert (landed["total"], landed["rtt_part_type"]) == ("12", "Part_2A")
    assert f"columns that are not landed: {totals[1]}" in found.tables[1].notes


@pytest.mark.parametrize("total", ["Total number of completed pathways", "Total"])
def test_completed_pathways_are_known_in_both_wordings(total):
    totals = [
        f"{total} (with a known clock start)",
        "Patients with unknown clock start date",
        f"{total} (all)",
        f"{total} (with a known clock start) within 18 weeks",
    ]
    row = ["Y56", "RJ1", "GUY'S", "C_110", "O", *[0] * 104, 9, 9, 1, 10, 4]
    data = book(Provider=sheet("Admitted pathways", totals=totals, data=[row]))
    found = read(data, "Admitted-Provider-Jan26-XLSX-4M.xlsx")
    (landed,) = rows(found, "admitted_provider")
    wanted = {"total_known": "9", "unknown_clock": "1", "total": "10"}
    wanted["within_18_weeks"] = "4"
    assert {k: landed[k] for k in wanted} == wanted
    assert not any("not landed" in note for note in found.tables[0].notes)


COMPLETED = [
    "Total (with a known clock start)",
    "Patients with unknown clock start",
    "Total (all)",
    "Total (with a known clock start) within 18 weeks",
    "% within 18 weeks",
    "Average (median) waiting time (in weeks)",
    "95th percentile waiting time (in weeks)",
]


@pytest.mark.parametrize(
    ("title", "name", "table", "part"),
    [
        (
            "Completed admitted pathways",
            "Admitted-Provider-Jan26-XLSX-4M.xlsx",
            *("admitted_provider", "Part_1A"),
        ),
        (
            "Completed non-admitted pathways",
            "NonAdmitted-Provider-Jan26-XLSX-5M.xlsx",
            *("nonadmitted_provider", "Part_1B"),
        ),
    ],
)
def test_completed_pathways_have_known_and_unknown_clocks(title, name, table, part):
    row = [
        "Y56",
        "RJ1",
        "GUY'S",
        "C_110",
        "O",
        *[0] * 104,
        9,
        9,
        1,
        10,
        4,
        0.4,
        7.5,
        50,
    ]
    data = book(Provider=sheet(title, totals=COMPLETED, data=[row]))
    (landed,) = rows(read(data, name), table)
    assert landed["rtt_part_type"] == part
    wanted = {"total_known": "9", "unknown_clock": "1", "total": "10"}
    wanted |= {"within_18_weeks": "4", "pct_within_18_weeks": "0.4"}
    wanted |= {"median_wait_weeks": "7.5", "p95_wait_weeks": "50"}
    assert {k: landed[k] for k in wanted} == wanted
    assert "p92_wait_weeks" not in landed


def test_new_periods_have_a_number_and_no_bands():
    totals = ["Number of new RTT clock starts during the month"]
    row = ["Y56", "RJ1", "GUY'S", "C_110", "O", 12]
    data = book(Provider=sheet("New RTT periods", bands=[], totals=totals, data=[row]))
    found = read(data, "New-Periods-Provider-Jan26-XLSX-200K.xlsx")
    (landed,) = rows(found, "new_periods_provider")
    assert (landed["total"], landed["rtt_part_type"]) == ("12", "Part_3")
    assert "open_band_from_weeks" not in landed


def test_the_commissioner_twin_lands_under_its_own_basis():
    keys = ["Region Code", "Commissioner Code", "Commissioner Name"]
    data = book(Commissioner=sheet(keys=keys, basis="Commissioner"))
    found = read(data, "Incomplete-Commissioner-Jan26-XLSX-6M.xlsx")
    (landed,) = rows(found, "incomplete_commissioner")
    assert (found.basis, landed["org_code"]) == ("commissioner", "RJ1")


def test_sheets_of_another_level_are_named_and_passed_over():
    keys = ["Region Code", "Region Name"]
    row = ["Y56", "LONDON", "C_110", "O", *[0] * 104, 2, 2]
    data = book(Region=sheet(keys=keys, data=[row]), Provider=sheet())
    found = read(data, INCOMPLETE)
    assert [t.source_table for t in found.tables] == ["incomplete_provider"]
    assert "sheet 'Region' passed over: rows by region, in a workbook by provider" in (
        found.notes
    )


def test_the_header_is_found_wherever_it_stands_and_labels_may_stand_apart():
    lines = sheet(lines=9)
    lines[2] = ["Period:", "January 2026"]
    lines[5] = ["Revised:", "12 February 2026"]
    found = read(book(Provider=lines), INCOMPLETE)
    assert found.tables[0].header_row == 17
    assert found.period.label == "2026-01"
    assert found.release_status == "revised"


def test_notes_below_the_rows_are_kept_and_are_no_rows():
    lines = [*sheet(), [], ["Notes:"], ["1. Figures are rounded."]]
    found = read(book(Provider=lines), INCOMPLETE)
    assert found.tables[0].rows_read == 1
    assert found.tables[0].notes[-2:] == ("Notes:", "1. Figures are rounded.")


BANDS = rtt_files.band_names()
HALF = ["Y56", "RJ1", "GUY'S", "C_110", "O", 1.5, *[0] * 103, 2, 2]


@pytest.mark.parametrize(
    ("made", "what", "where", "expected", "found"),
    [
        (
            sheet(keys=[*KEYS, "Age band"]),
            "cannot read the columns of the workbook",
            *("'Provider', row 11, column D", "known", "Age band"),
        ),
        (
            sheet(bands=[*BANDS[:-1], ">103-105", BANDS[-1]]),
            "cannot read the columns of the workbook",
            *("'Provider', row 11, column DF", "known", ">103-105"),
        ),
        (
            sheet(bands=[], totals=["Pathways in error"]),
            "cannot read the columns of the workbook",
            *("row 11", "weekly bands or a total", "Pathways in error"),
        ),
        (
            sheet(bands=[*BANDS[:-1], ">0-1"]),
            "cannot read the columns of the workbook",
            *("row 11", "every column once", "'>0-1' twice"),
        ),
        (
            sheet(bands=[*BANDS[:5], *BANDS[6:]]),
            "cannot read the columns of the workbook",
            *("row 11", "every week's band", "gt_05_to_06_weeks missing"),
        ),
        (
            sheet(bands=BANDS[:-1]),
            "cannot read the columns of the workbook",
            *("row 11", "one open band", "no open band"),
        ),
        (
            sheet(data=[HALF]),
            "cannot read a figure",
            *("row 12, column F", "a whole number", "1.5"),
        ),
        (
            sheet(data=[[*HALF[:5], "*", *HALF[6:]]]),
            "cannot read a figure",
            *("row 12, column F", "a whole number", "'*'"),
        ),
        (
            sheet(data=[[None, None, *HALF[2:]]]),
            "cannot read the table",
            *("row 12", "a code of organisation", "figures without a code"),
        ),
        (
            sheet(data=[]),
            "cannot read the table",
            *("row 11", "rows with a code", "a header without a row"),
        ),
        (
            sheet("Completed admitted pathways"),
            "cannot trust the content of the file",
            *("'Provider'", "one content", "its title says admitted"),
        ),
        (
            sheet(period="2025-12"),
            "cannot trust the period of the file",
            *(INCOMPLETE, "one period", "2025-12"),
        ),
        (
            sheet(basis="Commissioner"),
            "cannot trust the basis of the file",
            *(INCOMPLETE, "one basis", "commissioner"),
        ),
    ],
)
def test_a_bad_workbook_is_set_aside_with_its_place(made, what, where, expected, found):
    with pytest.raises(Quarantined) as raised:
        read(book(Provider=made), INCOMPLETE)
    error = raised.value
    assert error.what == what
    assert where in error.where
    assert expected in error.expected
    assert found in error.found
    assert error.next_step


def test_the_same_table_twice_is_refused():
    with pytest.raises(Quarantined, match="same table twice") as raised:
        read(book(Provider=sheet(), Provider_2=sheet()), INCOMPLETE)
    assert raised.value.found == "it again, after sheet 'Provider'"


def test_a_workbook_without_a_table_is_refused():
    with pytest.raises(Quarantined) as raised:
        read(book(Notes=[["hello"]]), INCOMPLETE)
    assert raised.value.what == "cannot find a table"
    assert raised.value.found == "1 sheets without one"


def test_a_workbook_that_does_not_say_what_it_counts_is_refused():
    with pytest.raises(Quarantined) as raised:
        read(book(Provider=sheet("Waits")), "Provider-Jan26.xlsx")
    assert raised.value.what == "cannot tell what the sheet counts"
    assert raised.value.found == "Waits"
