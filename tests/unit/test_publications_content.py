"""What a file of a publication says of itself, and who is believed."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from loaders.errors import Quarantined
from loaders.model import Claims, SourceFile
from loaders.periods import find_period, month, parse_period
from loaders.publications.content import Facts, claims, facts, is_time_column
from loaders.publications.entries import Publication, Schedule
from loaders.publications.settle import Settled, settle


def said(*rows: object, **more: object) -> Facts:
    """Facts of rows, each a text or a list of cells."""
    cells = [row if isinstance(row, list) else [row] for row in rows]
    lines = [(f"row {i}", row) for i, row in enumerate(cells, 1)]
    return facts(lines, **more)  # type: ignore[arg-type]


def periods(found: Facts) -> list[tuple[str, str]]:
    return [(one.kind, one.cover.label) for one in found.periods]


@pytest.mark.parametrize(
    ("row", "kind", "label"),
    [
        (["Period:", "January 2025"], "label", "2025-01"),
        (["Period: January 2025"], "label", "2025-01"),
        (["", None, "Month:", "February 2024"], "label", "2024-02"),
        (["Period:", "July to September 2024"], "label", "Q2 2024/25"),
        (["Period:", "01 April 2024 - 31 March 2025"], "label", "2024/25"),
        (["Reporting Period:", dt.datetime(2025, 11, 30)], "label", "2025-11"),
        (["Period", "Q3 2024-25"], "label", "Q3 2024/25"),
        (["June 2024 to December 2025"], "span", "2024-06/2025-12"),
        (["Table 3: Waiting list metrics, August 2024"], "title", "2024-08"),
        (["Table 1: Calls by month, Oct-25 [2]"], "title", "2025-10"),
        (["September 2025"], "title", "2025-09"),
    ],
)
def test_a_line_states_a_period(row, kind, label):
    assert periods(said(row)) == [(kind, label)]


@pytest.mark.parametrize(
    "row",
    [
        ["Month [1]", "GP Code", "GP Name"],
        ["Published:", "13th March 2025"],
        ["Publication date: 18 December 2025"],
        ["This file includes all data submitted up to 8th November 2024."],
        ["GP registered population for April 2024. Source: NHS Digital."],
        ["31st January 2013"],
        [dt.datetime(2025, 1, 1)],
        [4.0, "Period:", "April 2022"],
        *([None], [], ["Period:"], ["Period:", "see notes"]),
        ["x" * 300 + " August 2024"],
    ],
)
def test_other_lines_state_none(row):
    assert periods(said(row)) == []


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("13th March 2025", dt.date(2025, 3, 13)),
        ("10/10/2024", dt.date(2024, 10, 10)),
        ("2025-05-15", dt.date(2025, 5, 15)),
        (dt.datetime(2025, 5, 15, 9, 30), dt.date(2025, 5, 15)),
        (45792.0, dt.date(2025, 5, 15)),
        (*("to be announced", None),),
        (*(12.0, None),),
    ],
)
def test_the_day_of_publication(value, day):
    assert said(["Published:", value]).published_on == day


def test_the_last_revision_of_any_sheet_counts():
    found = said(
        *(["Published:", "9th May 2019"], ["Revised:", "13th August 2020"]),
        *(["Revised:", ""], ["Revised: 10th July 2020"]),
    )
    assert found.is_revised
    assert found.revised_on == dt.date(2020, 8, 13)


@pytest.mark.parametrize("value", ["", "-", "n/a", "None", None])
def test_an_empty_revision_is_none(value):
    assert not said(["Revised:", value]).is_revised


def test_a_status_is_taken_where_it_is_one():
    assert said(["Status:", "Published"]).statuses == ()
    assert said(["Status:", "Provisional"]).statuses == (("provisional", "row 1"),)


@pytest.mark.parametrize(
    ("name", "values", "kind", "label"),
    [
        ("Period", {"MSitAE-APRIL-2025", "TOTAL"}, "column", "2025-04"),
        ("EXTRACT_DATE", {"01NOV2025"}, "column", "2025-11"),
        ("EXTRACT_DATE", {"2025-11-01"}, "column", "2025-11"),
        ("EXTRACT_DATE", {"01-Sep-20"}, "column", "2020-09"),
        ("DATE", {"30/04/2024"}, "column", "2024-04"),
        ("Appointment_Month", {"MAR2019", "APR2020"}, "series", "2019-03/2020-04"),
        ("REPORTING_PERIOD_END", {"31/08/2024"}, "column", "2024-08"),
        ("Quarter", {"Q1 2024/25", "Q2 2024/25"}, "series", "Q1 2024/25/Q2 2024/25"),
    ],
)
def test_a_column_of_a_csv_states_a_period(name, values, kind, label):
    assert is_time_column(name)
    assert periods(said(columns={"x": {"2020-01"}, name: values})) == [(kind, label)]


def test_the_end_of_a_reporting_period_counts_before_other_columns():
    columns = {
        "DATE": {"2025-01-01"},
        "REPORTING_PERIOD_START": {"01/06/2024"},
        "REPORTING_PERIOD_END": {"31/08/2024"},
    }
    assert periods(said(columns=columns)) == [("column", "2024-08")]
    found = said(columns={**columns, "_period": {"2025-11"}}, period_column="_period")
    assert periods(found) == [("column", "2025-11")]


@pytest.mark.parametrize("name", ["date_of_birth", "Period Name", "updated", "months"])
def test_other_columns_do_not(name):
    assert not is_time_column(name)


# ------------------------------------------------------------------------ who is heard


def file(name: str, source: str | None = None, **claimed: str) -> SourceFile:
    own = claims(name)
    by = {who: find_period(text) for who, text in claimed.items()}
    given = {**own.period_by, **{who: p for who, p in by.items() if p}}
    heard = Claims(given, own.status_by)
    return SourceFile(source or f"in/{name}", name, Path(name), claims=heard)


def settled(one: SourceFile, *rows: object, **more: object) -> tuple[str, str]:
    publication = more.pop("publication", None)
    found = settle(one, said(*rows, **more), publication)  # type: ignore[arg-type]
    return found.period.label, found.period_source


def test_the_content_counts_and_the_others_agree():
    assert settled(file("AE-May-2025.csv"), "Period: May 2025") == (
        "2025-05",
        "content",
    )
    assert settled(file("AE.csv"), "Period: May 2025") == ("2025-05", "content")
    assert settled(file("AE-May-2025.csv")) == ("2025-05", "name")
    assert settled(file("AE.csv", page="May 2025")) == ("2025-05", "page")
    assert settled(file("AE.csv", option="2025-05")) == ("2025-05", "option")


@pytest.mark.parametrize(
    ("name", "row"),
    [
        ("AE-May-2025.csv", "Period: June 2025"),
        ("Beds-Q2-2024-25.xlsx", "Period: October to December 2024"),
        ("Waits-2024-25-August.xlsx", "Period: 01 April 2023 - 31 March 2024"),
        ("Consultations November 2025.xlsx", "June 2024 to December 2025"),
        ("Consultations January 2026.xlsx", "June 2024 to December 2025"),
    ],
)
def test_a_name_that_contradicts_the_content_is_set_aside(name, row):
    with pytest.raises(Quarantined) as raised:
        settled(file(name), row)
    assert raised.value.what == "cannot trust the period of the file"
    assert "its name says" in raised.value.found


def test_two_others_that_contradict_each_other_are_set_aside():
    with pytest.raises(Quarantined) as raised:
        settled(file("AE-May-2025.csv", page="June 2025"))
    assert raised.value.found == (
        "the page it was published on says 2025-06, its name says 2025-05"
    )


def test_two_sheets_that_contradict_each_other_are_set_aside():
    with pytest.raises(Quarantined) as raised:
        settled(file("AE.xlsx"), "Period: May 2025", "Period: June 2025")
    assert raised.value.found == "row 1 says 2025-05, row 2 says 2025-06"


def test_of_voices_that_agree_the_narrowest_counts():
    year = "Period: 01 April 2024 - 31 March 2025"
    assert settled(file("Waits-2024-25-August.xlsx"), year) == ("2024-08", "name")
    assert settled(file("Waits.xlsx", page="2024/25"), "Period: May 2024") == (
        *("2024-05", "content"),
    )


def test_titles_name_the_month_that_a_year_leaves_open():
    year = "Period: 01 April 2024 - 31 March 2025"
    titles = ["Table 3: List, August 2024", "Table 4: Waits, August 2024"]
    assert settled(file("Waits.xlsx"), year, *titles) == ("2024-08", "content")
    assert settled(file("Waits-August-2024.xlsx"), year, *titles)[0] == "2024-08"
    with pytest.raises(Quarantined):
        settled(file("Waits-October-2024.xlsx"), year, *titles)
    assert settled(file("Waits.xlsx"), *titles) == ("2024-08", "content")


def test_titles_of_several_months_are_not_chosen_from():
    with pytest.raises(Quarantined) as raised:
        settled(file("a.xlsx"), "Table 1: May 2024", "Table 2: June 2024")
    assert raised.value.found == "titles of 2 periods: 2024-05, 2024-06"


def test_a_file_of_many_months_belongs_to_the_last():
    title = "June 2024 to December 2025"
    assert settled(file("Consultations.xlsx"), title) == ("2025-12", "content")
    months = {"Month": {"MAR2019", "AUG2021"}}
    assert settled(file("Regional.csv"), columns=months) == ("2021-08", "content")
    assert settled(file("CWT-Apr-2024-to-Nov-2024.xlsx")) == ("2024-11", "name")
    assert settled(file("x-March-2020-December-2025.csv"), title[:0]) == (
        *("2025-12", "name"),
    )


def test_unless_the_publication_says_otherwise():
    schedule = Schedule(content="range")
    ranged = Publication("a", "A", schedule=schedule)
    title = "June 2024 to December 2025"
    assert settled(file("a.xlsx"), title, publication=ranged)[0] == "2024-06/2025-12"
    released = Publication("a", "A", schedule=Schedule(content="release"))
    rows = {"REPORTING_PERIOD_END": {"30/09/2025"}}
    assert settled(file("A_Nov25.csv"), columns=rows, publication=released) == (
        *("2025-11", "name"),
    )
    assert settled(file("a.csv"), columns=rows, publication=released) == (
        *("2025-09", "content"),
    )


def test_rows_may_end_before_the_month_of_the_release_but_not_after_it():
    months = {"Month": {"2025-07", "2025-08", "2025-09"}}
    assert settled(file("A_Nov25.csv"), columns=months) == ("2025-11", "name")
    assert settled(file("A_Sep25.csv"), columns=months) == ("2025-09", "content")
    with pytest.raises(Quarantined):
        settled(file("A_Aug25.csv"), columns=months)


def test_a_member_of_a_zip_may_be_of_an_earlier_month_than_its_page():
    inside = "in/All_Nov_25.zip!Regional_Jul_24.csv"
    one = file("Regional_Jul_24.csv", inside, page="November 2025")
    assert settled(one) == ("2024-07", "name")
    assert settled(file("Mapping.csv", "in/All_Nov_25.zip!Mapping.csv")) == (
        *("2025-11", "name"),
    )
    late = file("Regional_Dec_25.csv", inside, page="November 2025")
    with pytest.raises(Quarantined):
        settled(late)


def test_a_file_without_a_period_says_how_to_give_it_one():
    with pytest.raises(Quarantined) as raised:
        settled(file("System-Mapping.csv"), columns={"Code": {"R1"}})
    assert raised.value.what == "cannot tell the period of the file"
    assert raised.value.next_step.endswith(
        "run --from in/System-Mapping.csv --period YYYY-MM"
    )
    one = file("System-Mapping.csv")
    chosen = Claims(selected=(month(2025, 5),))
    with_option = SourceFile(one.source, one.name, one.path, claims=chosen)
    assert settled(with_option) == ("2025-05", "option")


# ---------------------------------------------------------------------------- releases


def release(name: str, *rows: object) -> Settled:
    return settle(file(name), said("Period: May 2025", *rows))


@pytest.mark.parametrize(
    ("name", "rows", "status", "day"),
    [
        ("a-May-2025.csv", [], "unknown", None),
        ("a-May-2025-provisional.csv", [], "provisional", None),
        ("a-May-2025-prov.csv", [], "provisional", None),
        ("a-May-2025-Final.csv", [], "final", None),
        ("a-May-2025-revised.csv", [], "revised", None),
        ("a-May-2025-revised-131125.csv", [], "revised", "2025-11-13"),
        ("a.csv", [["Published:", "12th June 2025"]], "unknown", "2025-06-12"),
        ("a.csv", ["Revised: 13th November 2025"], "revised", "2025-11-13"),
        (
            *("a-May-2025-Final.csv", ["Revised: 13th November 2025"]),
            *("revised", "2025-11-13"),
        ),
        (
            *("a-revised-280425.csv", ["Revised: 13th May 2025"]),
            *("revised", "2025-05-13"),
        ),
        (
            "a.csv",
            [["Published:", "12th June 2025"], ["Revised:", "13th November 2025"]],
            *("revised", "2025-11-13"),
        ),
        ("a.csv", ["Status: Final", "Revised: July 2025"], "revised", None),
        # The publisher wrote last year's date.
        ("a.csv", ["Publication date: 29 January 2024"], "unknown", None),
    ],
)
def test_the_release_and_its_day(name, rows, status, day):
    found = release(name, *rows)
    assert found.release_status == status
    assert str(found.published_on) == str(day)


def test_provisional_and_final_contradict_each_other():
    with pytest.raises(Quarantined) as raised:
        release("a-May-2025-Final.csv", "Status: Provisional")
    assert raised.value.what == "cannot trust the release status of the file"


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("MHSDS%20Data_4WW_AugPerf_2024.csv", "2024-08"),
        ("April-2021-revised-120522-ABC456.csv", "2021-04"),
        ("2021-Q1-Beds-Final-DE5WC.xlsx", None),
    ],
)
def test_the_name_claims_its_period(name, label):
    wanted = {"name": parse_period(label)} if label else {}
    assert claims(name).period_by == wanted
