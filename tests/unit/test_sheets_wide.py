"""What lands: period columns as rows, names of columns, text of cells."""

from __future__ import annotations

import datetime as dt

import pytest

from loaders.sheets.tables import Overrides, read_tables
from loaders.sheets.wide import to_land, told
from tests.unit.test_sheets_tables import sheet

AUGUST = dt.date(2025, 8, 31)


def land(rows, merges=(), period_end=AUGUST, **known):
    overrides = [Overrides(**known)] if known else ()
    found = read_tables(sheet(rows, merges), overrides).tables
    assert len(found) == 1
    return to_land(found[0], period_end)


def rows_of(landed):
    return [tuple(r.values()) for r in landed.batch.to_pylist()]


def names(landed):
    return [c.clean_name for c in landed.columns]


def test_a_plain_table_lands_as_text_with_its_rows():
    landed = land([["Code", "n"], ["R1", 1.0], [], ["R2", 2.5], ["R3", None]])
    assert landed.batch.schema.names == ["c1", "c2", "_source_row"]
    assert rows_of(landed)[:2] == [("R1", "1", 2), ("R2", "2.5", 4)]
    assert (landed.is_wide, landed.sheet_rows) == (False, 3)


def test_blank_zero_and_marks_stay_different():
    landed = land([["Code", "n"], ["R1", 0.0], ["R2", ""], ["R3", "*"], ["R4", "#N/A"]])
    assert [r[1] for r in rows_of(landed)] == ["0", None, "*", "#N/A"]


def test_codes_that_look_like_marks_land_as_the_codes_they_are():
    codes = ["C", "X", "Z", "NA", "Unknown", "c", "n/a", "Low", "A"]
    landed = land([["Ethnicity", "n"], *([code, 1.0] for code in codes)])
    assert [r[0] for r in rows_of(landed)] == codes
    assert [c.role for c in landed.columns] == ["dimension", "measure"]


def test_period_columns_become_rows():
    header = ["Region", dt.datetime(2025, 6, 1), "Jul-25 [8]", "August 2025"]
    landed = land([header, ["North", 1.0, "*", 3.0], ["South", 4.0, "", 0.0]])
    assert landed.is_wide
    assert names(landed) == [
        *("region", "published_period", "period_start", "period_end", "value"),
    ]
    assert [c.role for c in landed.columns] == [
        *("dimension", "period", "period", "period", "measure"),
    ]
    assert rows_of(landed) == [
        ("North", "Jun-25", "2025-06-01", "2025-06-30", "1", 2),
        ("North", "Jul-25 [8]", "2025-07-01", "2025-07-31", "*", 2),
        ("North", "August 2025", "2025-08-01", "2025-08-31", "3", 2),
        ("South", "Jun-25", "2025-06-01", "2025-06-30", "4", 3),
        ("South", "Jul-25 [8]", "2025-07-01", "2025-07-31", None, 3),
        ("South", "August 2025", "2025-08-01", "2025-08-31", "0", 3),
    ]
    assert landed.columns[-1].marks == ("[8]",)
    assert landed.sheet_rows == 2


def test_months_to_come_that_hold_nothing_are_dropped_and_told():
    header = ["Service", "Jul-25", "Aug-25", "Sep-25", "Oct-25"]
    rows = [header, ["A", 1.0, None, None, None], ["B", 2.0, None, None, None]]
    landed = land(rows)
    assert landed.dropped_periods == ("Sep-25", "Oct-25")
    assert landed.batch.num_rows == 4
    assert land(rows, period_end=None).dropped_periods == ("Aug-25", "Sep-25", "Oct-25")


def test_a_blank_month_among_others_is_kept_as_nothing():
    rows = [["S", "Jun-25", "Jul-25", "Aug-25"], ["A", 1.0, None, 2.0]]
    landed = land([*rows, ["B", 1.0, None, 2.0]])
    assert [r[4] for r in rows_of(landed)] == ["1", None, "2", "1", None, "2"]


def test_two_periods_are_columns_like_any_other():
    landed = land([["Region", "Jul-25", "Aug-25"], ["North", 1.0, 2.0]])
    assert (landed.is_wide, names(landed)) == (False, ["region", "jul_25", "aug_25"])


def test_measures_under_each_period_are_columns():
    rows = [
        ["", "Jun-25", "", "Jul-25", "", "Aug-25", ""],
        ["Region", "Seen", "%", "Seen", "%", "Seen", "%"],
        ["North", 1.0, 0.1, 2.0, 0.2, 3.0, 0.3],
        ["South", 4.0, 0.4, 5.0, 0.5, 6.0, 0.6],
    ]
    merges = [((0, i), (0, i + 1)) for i in (1, 3, 5)]
    for given in (merges, []):
        landed = land(rows, given)
        assert names(landed)[-2:] == ["seen", "pct"]
        assert rows_of(landed)[1] == (
            *("North", "Jul-25", "2025-07-01", "2025-07-31", "2", "0.2", 3),
        )
        assert landed.batch.num_rows == 6


def test_periods_under_each_measure_are_rows_too():
    rows = [
        ["", "Seen", "", "", "Left", "", ""],
        ["Region", "Jun-25", "Jul-25", "Aug-25", "Jun-25", "Jul-25", "Aug-25"],
        ["North", 1.0, 2.0, 3.0, 4.0, 5.0, 6.0],
        ["South", 1.0, 2.0, 3.0, 4.0, 5.0, 6.0],
    ]
    landed = land(rows)
    assert names(landed)[-2:] == ["seen", "left"]
    assert [r[4:6] for r in rows_of(landed)[:3]] == [("1", "4"), ("2", "5"), ("3", "6")]


def test_quarters_and_financial_years_are_periods():
    quarters = ["Q1 2024/25", "Q2 2024/25", "Q3 2024/25"]
    landed = land([["Region", *quarters], ["North", 1.0, 2.0, 3.0]])
    assert rows_of(landed)[0][2:4] == ("2024-04-01", "2024-06-30")
    years = ["2010-11", "2011-12", "2012-13", "2018-19"]
    landed = land([["Region", *years], ["North", 1.0, 2.0, 3.0, 4.0]])
    # 2011-12 alone would be a December.
    assert [r[2] for r in rows_of(landed)] == [
        *("2010-04-01", "2011-04-01", "2012-04-01", "2018-04-01"),
    ]


def test_a_column_beside_the_periods_is_kept_on_each_row():
    header = ["Region", "Jun-25", "Jul-25", "Aug-25", "Change"]
    landed = land(
        [header, ["North", 1.0, 2.0, 3.0, 0.5], ["South", 1.0, 2.0, 3.0, 0.7]]
    )
    assert names(landed)[:2] == ["region", "change"]
    assert [r[1] for r in rows_of(landed)[:3]] == ["0.5"] * 3


def test_days_that_are_years_in_two_digits_are_months():
    # "Sep-24" typed into a spreadsheet becomes 24 September.
    days = [
        dt.datetime(2024, 9, 24),
        dt.datetime(2024, 12, 24),
        dt.datetime(2025, 1, 25),
    ]
    rows = [["Month", "n"], *[[day, 1.0] for day in days]]
    assert [r[0] for r in rows_of(land(rows))] == [
        *("2024-09-01", "2024-12-01", "2025-01-01"),
    ]
    dated = [["Extract date", "n"], *rows[1:]]
    assert rows_of(land(dated))[0][0] == "2024-09-24"
    mixed = [*rows, [dt.datetime(2025, 2, 3), 1.0]]
    assert rows_of(land(mixed))[0][0] == "2024-09-24"
    run = [
        dt.datetime(2024, 12, 24),
        dt.datetime(2025, 1, 25),
        dt.datetime(2025, 2, 25),
    ]
    named_date = [["Date", "n"], *[[day, 1.0] for day in run]]
    assert [r[0] for r in rows_of(land(named_date))][0] == "2024-12-01"
    wide = land([["Region", *days], ["North", 1.0, 2.0, 3.0]])
    assert [r[1:3] for r in rows_of(wide)][0] == ("Sep-24", "2024-09-01")


def test_count_and_share_rows_of_one_label_stay_apart():
    rows = [
        ["Status", "Jun-25", "Jul-25", "Aug-25"],
        ["Attended", 34_555_250.0, 1.0, 2.0],
        ["Attended", 0.879594994681231, 0.1, 0.2],
    ]
    found = rows_of(land(rows))
    assert [(r[0], r[4], r[5]) for r in found][::3] == [
        ("Attended", "34555250", 2),
        ("Attended", "0.879594994681231", 3),
    ]


def test_overrides_keep_period_columns():
    rows = [["Region", "Jun-25", "Jul-25", "Aug-25"], ["North", 1.0, 2.0, 3.0]]
    assert names(land(rows, keep_wide=True)) == ["region", "jun_25", "jul_25", "aug_25"]


def test_the_manifest_tells_where_a_period_column_lands():
    rows = [["Region", "Jun-25", "Jul-25", "Aug-25"], ["North", 1.0, 2.0, 3.0]]
    region = told(read_tables(sheet(rows)))
    assert [(c.name, c.clean_name, c.role) for c in region.tables[0].columns][1:] == [
        *(("Jun-25", "value", "period"), ("Jul-25", "value", "period")),
        ("Aug-25", "value", "period"),
    ]


@pytest.mark.parametrize(
    "bands", [["0-4", "5-9", "10-14"], ["00:00", "06:00", "08:00"]]
)
def test_bands_are_no_periods(bands):
    landed = land([["Region", *bands], ["North", 1.0, 2.0, 3.0]])
    assert not landed.is_wide


def test_truths_and_long_codes_land_as_published():
    rows = [["Code", "Match", "n"], ["0123", True, 1e15], ["00C", False, 12345678.0]]
    assert rows_of(land(rows)) == [
        ("0123", "TRUE", "1e+15", 2),
        ("00C", "FALSE", "12345678", 3),
    ]


def test_a_period_may_be_said_by_two_levels():
    rows = [
        ["", "2023/24", "", "2024/25", ""],
        ["Region", "Q3", "Q4", "Q1", "Q2"],
        ["North", 1.0, 2.0, 3.0, 4.0],
        ["South", 5.0, 6.0, 7.0, 8.0],
    ]
    landed = land(rows, [((0, 1), (0, 2)), ((0, 3), (0, 4))])
    assert names(landed)[-1] == "value"
    assert [r[1:3] for r in rows_of(landed)[:3]] == [
        ("Q3 2023/24", "2023-10-01"),
        ("Q4 2023/24", "2024-01-01"),
        ("Q1 2024/25", "2024-04-01"),
    ]


def test_provisional_months_are_months():
    header = ["Region", "Jun-25", "Jul-25 (revised)", "Aug-25 provisional [2]"]
    landed = land([header, ["North", 1.0, 2.0, 3.0], ["South", 1.0, 2.0, 3.0]])
    assert [r[2] for r in rows_of(landed)[:3]] == [
        *("2025-06-01", "2025-07-01", "2025-08-01"),
    ]


@pytest.mark.parametrize(
    ("header", "starts"),
    [
        (["2019", "2020", "2021"], ["2019-01-01", "2020-01-01", "2021-01-01"]),
        (
            ["w/e 02/11/2025", "w/e 09/11/2025", "w/e 16/11/2025"],
            ["2025-10-27", "2025-11-03", "2025-11-10"],
        ),
        (
            ["Week commencing 3 November 2025", "W/C 10/11/2025", "w/c 17th Nov 25"],
            ["2025-11-03", "2025-11-10", "2025-11-17"],
        ),
        (
            ["30 September 2025", "31/10/2025", "Nov-25"],
            ["2025-09-01", "2025-10-01", "2025-11-01"],
        ),
        (
            ["2024/25 Q1", "2024/25 Q2", "2024-25 Quarter 3"],
            ["2024-04-01", "2024-07-01", "2024-10-01"],
        ),
    ],
)
def test_years_weeks_and_days_of_a_header_are_periods(header, starts):
    landed = land([["Region", *header], ["North", 1.0, 2.0, 3.0]])
    assert [r[2] for r in rows_of(landed)] == starts


def test_two_years_or_years_apart_are_no_periods():
    assert not land([["Region", "2019", "2020"], ["N", 1.0, 2.0]]).is_wide
    assert not land([["Region", "2001", "2011", "2021"], ["N", 1.0, 2.0, 3.0]]).is_wide
