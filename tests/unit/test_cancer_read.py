"""What lands from a cancer file."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from loaders.cancer import PIPELINE
from tests.unit import cancer_book as book

NAME = "AUGUST-2025-CWT-CRS-PROVIDER-WORKBOOK-FINAL.xlsx"


@pytest.mark.parametrize("declare", [True, False])
def test_every_part_lands_with_its_national_rows_and_sheet_rows(declare):
    data = book.xlsx({"Frontpage": book.FRONT, "S": book.sheet_31()}, declare=declare)
    file = book.read(data, NAME)
    assert [t.source_table for t in file.tables] == ["treatment_31_day_by_cancer"] * 2
    assert [t.title for t in file.tables] == [
        "PART A: ALL STAGES",
        "PART B: FIRST TREATMENTS",
    ]
    first = file.tables[0]
    assert (first.header_row, first.first_row, first.last_row) == (8, 9, 15)
    rows = book.landed(file)
    assert [r["_source_row"] for r in rows[:6]] == [9, 10, 11, 12, 14, 15]
    assert [r["ods_code"] for r in rows[:6]] == [
        *("RJ1", "RJ1", "S3H9L", "S3H9L", None, None),
    ]
    assert rows[4]["org_name"] == "ALL ENGLISH PROVIDERS"
    assert [t.rows_read for t in file.tables] == [6, 6]


def test_cells_land_as_published_text():
    rows = book.sheet_31()
    rows[8][5:9] = [2.5, 2, 0.5, 0.759571209800919]
    row = book.landed(book.read(book.xlsx({"S": rows}), NAME))[0]
    assert row["total"] == "2.5"
    assert row["within_31_days"] == "2"
    assert row["after_31_days"] == "0.5"
    assert row["pct_within_31_days"] == "0.759571209800919"
    assert row["basis"] == "provider"
    assert row["_source_part"] == "PART A: ALL STAGES"


def test_the_two_columns_within_31_days_are_told_apart():
    rows = book.sheet_31()
    rows[8][6], rows[8][10] = 8, 7
    row = book.landed(book.read(book.xlsx({"S": rows}), NAME))[0]
    assert (row["within_31_days"], row["band_within_31_days"]) == ("8", "7")


def test_every_landed_column_has_its_place_in_the_landing_table():
    file = book.read(book.xlsx({"S": book.sheet_31(), "F": book.sheet_fds()}), NAME)
    for table in file.tables:
        own = set(PIPELINE.tables[table.table])
        for batch in table.batches:
            assert set(batch.schema.names) <= own | {"_source_row"}


def test_all_cancers_is_told_by_the_rows_not_by_the_sheet_name():
    rows = [
        *book.preamble(),
        ["", *book.HEAD_31, *book.TAIL_31],
        *book.rows_31(cancers=["ALL CANCERS"]),
    ]
    file = book.read(book.xlsx({"31-DAY (BY CANCER)": rows}), NAME)
    assert file.tables[0].source_table == "treatment_31_day_all_cancers"


def test_a_sheet_of_all_stages_alone_is_read_whole():
    sheet = book.sheet_31()[: -len(book.rows_31()) - 4]
    file = book.read(book.xlsx({"Frontpage": book.FRONT, "S": sheet}), NAME)
    assert [row["treatment_stage"] for row in book.landed(file)] == ["ALL STAGES"] * 6


def test_a_csv_reads_like_its_sheet():
    data = book.to_csv(book.sheet_31())
    file = book.read(data, "5.-31-Day-By-Cancer-Provider-Data.csv")
    sheet = book.read(book.xlsx({"S": book.sheet_31()}), NAME)
    assert book.landed(file) == book.landed(sheet)
    assert file.tables[0].sheet is None
    assert (file.release_status, file.period.label) == ("unknown", "2025-08")


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_other_delimiters_and_encodings_are_read(delimiter):
    rows = book.sheet_31()
    rows[8][2] = "GUY’S – ÉCOLE"
    for encoding in ("utf-8", "utf-8-sig", "cp1252", "utf-16"):
        data = book.to_csv(rows, delimiter, encoding)
        assert book.landed(book.read(data, "x.csv"))[0]["org_name"] == rows[8][2]


def test_row_numbers_survive_blank_lines_and_quoted_newlines():
    rows = book.sheet_31()
    rows[3] = ["DEFINITIONS:\r\nDCB0147\r\nAmd 16/2019"]
    file = book.read(book.to_csv(rows), "x.csv")
    assert file.tables[0].first_row == 9


def test_thousands_separators_and_suppression_marks_land_as_published():
    rows = book.sheet_31()
    rows[8][5:9] = ["1,234", "*", "-", "98.80%"]
    row = book.landed(book.read(book.to_csv(rows), "x.csv"))[0]
    assert (row["total"], row["within_31_days"]) == ("1,234", "*")
    assert (row["after_31_days"], row["pct_within_31_days"]) == ("-", "98.80%")


@pytest.mark.parametrize("printed", ["98.80%", "#DIV/0!", "", "-"])
def test_the_percentage_may_be_whatever_was_printed(printed):
    rows = book.sheet_31()
    rows[8][8] = printed
    row = book.landed(book.read(book.to_csv(rows), "x.csv"))[0]
    assert row["pct_within_31_days"] == (printed or None)


def test_footnotes_below_a_table_are_notes_not_rows():
    rows = [*book.sheet_31(), [], ["NOTES:"], ["(1) - ODS CODE is the unique code"]]
    table = book.read(book.to_csv(rows), "x.csv").tables[-1]
    assert table.notes[-2:] == ("NOTES:", "(1) - ODS CODE is the unique code")
    assert table.rows_read == 6


def test_status_period_and_basis_come_from_the_frontpage():
    sheets = {"Frontpage": book.FRONT, "S": book.sheet_31()}
    file = book.read(book.xlsx(sheets), "a.xlsx")
    assert (file.period.label, file.period_source) == ("2025-08", "content")
    assert (file.release_status, file.basis) == ("final", "provider")
    assert file.is_example is False


def test_a_file_that_calls_itself_an_example_is_one():
    front = [*book.FRONT, ["Example: made by hindcast"]]
    file = book.read(book.xlsx({"F": front, "S": book.sheet_31()}), "a.xlsx")
    assert file.is_example is True


def test_without_a_period_inside_the_name_gives_it():
    data = book.to_csv(book.sheet_31(period=""))
    file = book.read(data, "2025-08-x.csv")
    assert (file.period.label, file.period_source) == ("2025-08", "name")


def test_commissioner_files_land_in_the_same_tables():
    header = [*book.HEAD_31, *book.TAIL_31]
    header[1] = "INTEGRATED CARE BOARD (ICB)/COMMISSIONING HUB"
    data = book.xlsx({"S": book.sheet_31(header=header, basis="COMMISSIONER")})
    file = book.read(data, "AUGUST-2025-CWT-CRS-COMMISSIONER-WORKBOOK-FINAL.xlsx")
    assert {r["basis"] for r in book.landed(file)} == {"commissioner"}
    assert file.tables[0].table == "treatment_31_day_waits"


def legacy(header=None, period="PERIOD: June 2015"):
    head = header or book.LEGACY
    return [
        ["31-DAY WAIT FOR FIRST TREATMENT: ALL CANCERS"],
        [period],
        ["BASIS: PROVIDER BASED"],
        ["PART A: ADMITTED CARE"],
        ["", "", "", "", "", "NUMBER", "", "", "PERCENTAGE TREATED WITHIN 31 DAYS"],
        head,
        ["E18", "RYR", "SUSSEX", "ADMITTED", "ALL CANCERS", *"982", "99.4", "", *"971"],
        ["", "", "", "", "", "", "", "", "#DIV/0!", "", "", "", ""],
        ["", "", book.NATIONAL, "ADMITTED", "ALL CANCERS", *"982", "99", "", *"971"],
    ]


def test_earlier_standards_land_apart_whatever_they_are_called():
    file = book.read(book.to_csv(legacy()), "201506-5.-31-Day-Wait-Provider-Data.csv")
    first, england = book.landed(file)
    assert file.tables[0].table == "legacy_waits"
    assert first["_source_table"] == "legacy_31_day_first_treatment_all_cancers"
    assert (first["standard_days"], first["ons_area_id"]) == ("31", "E18")
    assert (first["care_setting"], first["pct_within_standard"]) == ("ADMITTED", "99.4")
    assert json.loads(first["bands"]) == {
        "WITHIN 31 DAYS": "9",
        "32 TO 38 DAYS": "7",
        "AFTER 38 DAYS": "1",
    }
    assert england["ods_code"] is None
    assert file.tables[0].rows_read == 2


def test_current_headers_before_october_2023_are_legacy_too():
    file = book.read(book.to_csv(book.sheet_31(period="Sep-23")), "x.csv")
    assert {t.table for t in file.tables} == {"legacy_waits"}
    rows = book.landed(file)
    assert rows[0]["treatment_stage"] == "ALL STAGES"


def test_a_broken_header_over_the_percentage_is_taken_from_part_a():
    again = [c if i != 8 else "#VALUE!" for i, c in enumerate(book.LEGACY)]
    rows = [*legacy(), ["PART B:NON ADMITTED CARE"], *legacy(again)[5:]]
    file = book.read(book.to_csv(rows), "x.csv")
    assert [t.title for t in file.tables][1] == "PART B:NON ADMITTED CARE"
    assert book.landed(file)[2]["pct_within_standard"] == "99.4"


def test_no_limit_on_rows():
    rows = book.sheet_fds()
    more = [
        ["", f"A{i:05d}", "X", "ALL ROUTES", *book.figures(10, 8)] for i in range(70000)
    ]
    file = book.read(book.to_csv([*rows[:6], *more, *rows[7:]]), "x.csv")
    assert file.tables[0].rows_read == len(book.landed(file)) == 70001


def test_importing_the_pipeline_does_not_import_the_readers():
    code = (
        "import sys, loaders.cancer; "
        "print({'pyarrow', 'python_calamine', 'chardet'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "set()"


@pytest.mark.parametrize(
    ("name", "period", "status"),
    [
        (NAME, "2025-08", "final"),
        (
            "cancer-waiting-times-for-august-2025-26-provisional",
            "2025-08",
            "provisional",
        ),
        ("APRIL-2025-FINAL-REVISED.xlsx", "2025-04", "revised"),
        ("8.-62-Day-By-Cancer-Provider-Data.csv", None, None),
    ],
)
def test_names_claim_period_and_status(name, period, status):
    claims = PIPELINE.claims(name)
    claimed = claims.period_by.get("name")
    assert (claimed.label if claimed else None) == period
    assert claims.status_by.get("name") == status
