"""What is set aside, and what the message tells: what, where, expected, found, next."""

from __future__ import annotations

import pytest

from loaders.errors import Quarantined
from loaders.model import Claims
from loaders.periods import parse_period
from tests.unit import cancer_book as book

NAME = "AUGUST-2025-CWT-CRS-PROVIDER-WORKBOOK-FINAL.xlsx"


def refused(data: bytes, name: str = NAME, claims: Claims | None = None) -> Quarantined:
    with pytest.raises(Quarantined) as caught:
        book.read(data, name, claims)
    error = caught.value
    assert all((error.what, error.where, error.expected, error.found, error.next_step))
    return error


def header_without(column: str) -> list[str]:
    return [h for h in [*book.HEAD_31, *book.TAIL_31] if h != column]


def test_a_missing_column_is_named():
    rows = book.sheet_31(header=header_without("AFTER 31 DAYS"))
    error = refused(book.xlsx({"31-DAY": rows}))
    assert "missing after_31_days" in error.what
    assert error.where == f"{NAME}, sheet '31-DAY', row 8"
    assert "after_31_days" in error.expected
    assert "after_31_days" not in error.found


def test_an_unknown_column_is_named():
    rows = book.sheet_31(header=[*book.HEAD_31, *book.TAIL_31, "NEW (9)"])
    assert "unknown new" in refused(book.xlsx({"S": rows})).what


def test_a_repeated_column_is_named():
    header = [*book.HEAD_31, *book.TAIL_31]
    header[8] = "CANCER TYPE"
    assert (
        "repeated cancer_type"
        in refused(book.xlsx({"S": book.sheet_31(header=header)})).what
    )


def test_columns_in_another_order_are_not_guessed():
    header = [*book.HEAD_31, *book.TAIL_31]
    header[5], header[6] = header[6], header[5]
    error = refused(book.xlsx({"S": book.sheet_31(header=header)}))
    assert "another order" in error.what


def test_figures_under_no_header_are_not_dropped():
    rows = book.sheet_31()
    rows[8][9] = 7
    error = refused(book.xlsx({"S": rows}))
    assert error.where.endswith("sheet 'S', row 9, column J")
    assert "no header" in error.expected
    assert error.found == "'7'"


@pytest.mark.parametrize("bad", ["98.80%", "#DIV/0!", "n.k.", "1,23", "12 345"])
def test_a_count_that_is_no_number_is_named_by_its_cell(bad):
    rows = book.sheet_31()
    rows[9][6] = bad
    error = refused(book.to_csv(rows), "x.csv")
    assert error.where == "x.csv, row 10, column G 'WITHIN 31 DAYS'"
    assert error.found == f"'{bad}'"


def test_a_blank_count_in_a_workbook_may_be_an_error_cell():
    rows = book.sheet_31()
    rows[9][10] = ""
    error = refused(book.xlsx({"S": rows}))
    assert "row 10, column K 'WITHIN 31 DAYS'" in error.where
    assert "#DIV/0!" in error.found
    assert "calamine" in error.found


@pytest.mark.parametrize(
    ("column", "blank"), [(1, "ODS CODE"), (2, "PROVIDER"), (4, "CANCER TYPE")]
)
def test_half_a_row_is_neither_data_nor_text(column, blank):
    rows = book.sheet_31()
    rows[10][column] = ""
    error = refused(book.xlsx({"S": rows}))
    assert error.where == f"{NAME}, sheet 'S', row 11"
    assert blank in error.found


def test_a_code_alone_below_the_table_is_a_damaged_row_not_a_note():
    error = refused(book.xlsx({"S": [*book.sheet_31(), ["", "RYJ"]]}))
    assert error.where.endswith(f"row {len(book.sheet_31()) + 1}")


def test_text_in_the_middle_of_a_table_is_refused():
    rows = book.sheet_31()
    rows.insert(10, ["see note below"])
    assert "see note below" in refused(book.xlsx({"S": rows})).found


def test_a_part_that_lost_its_header_is_refused():
    rows = book.sheet_31()
    header = next(
        i for i, r in enumerate(rows) if i > 10 and r[1:2] == ["ODS CODE (1)"]
    )
    rows[header] = []
    assert "PART B" in refused(book.xlsx({"S": rows})).found


def test_a_sheet_of_figures_without_a_header_is_refused():
    rows = [r for r in book.sheet_31() if r[1:2] != ["ODS CODE (1)"]]
    sheets = {"Frontpage": book.FRONT, "31-DAY": rows, "FDS": book.sheet_fds()}
    error = refused(book.xlsx(sheets))
    assert error.where == f"{NAME}, sheet '31-DAY'"
    assert "ODS CODE" in error.expected


def test_an_empty_sheet_is_refused():
    error = refused(book.xlsx({"FDS": book.sheet_fds(), "31-DAY": []}))
    assert error.where == f"{NAME}, sheet '31-DAY'"
    assert error.found == "an empty sheet"


def test_a_header_without_rows_is_refused():
    rows = [*book.preamble(), ["", *book.HEAD_31, *book.TAIL_31]]
    assert refused(book.xlsx({"S": rows})).found == "a header without a row"


def test_a_workbook_of_text_has_no_table():
    assert "without a table" in refused(book.xlsx({"Frontpage": book.FRONT})).found


def test_a_csv_of_something_else_says_what_it_holds():
    error = refused(b"Org_Code,Standard_or_Item,Total\nRJ1,FDS,5\n", "x.csv")
    assert "Org_Code, Standard_or_Item, Total" in error.found


def test_sheets_of_different_months_disagree():
    sheets = {"A": book.sheet_31(), "B": book.sheet_fds()}
    sheets["B"][1] = ["Jul-25"]
    error = refused(book.xlsx(sheets))
    assert "sheet 'A', row 2 says 2025-08" in error.found
    assert "sheet 'B', row 2 says 2025-07" in error.found


@pytest.mark.parametrize(
    ("who", "says"),
    [
        ("page", "the page it was published on"),
        ("option", "the option"),
        ("name", "its name"),
    ],
)
def test_a_claimed_month_that_differs_is_refused(who, says):
    claims = Claims(period_by={who: parse_period("2025-04")})
    error = refused(book.xlsx({"S": book.sheet_31()}), "a.xlsx", claims)
    assert "period" in error.what
    assert "sheet 'S', row 2) says 2025-08" in error.found
    assert says in error.found
    assert "2025-04" in error.found


def test_a_claimed_year_that_holds_the_month_agrees():
    claims = Claims(period_by={"page": parse_period("2025/26")})
    file = book.read(book.xlsx({"S": book.sheet_31()}), "a.xlsx", claims)
    assert file.period.label == "2025-08"


def test_a_claimed_status_that_differs_is_refused():
    sheets = {"Frontpage": book.FRONT, "S": book.sheet_31()}
    claims = Claims(status_by={"page": "provisional"})
    error = refused(book.xlsx(sheets), "a.xlsx", claims)
    assert "release status" in error.what
    assert "says final" in error.found
    assert "page it was published on says provisional" in error.found


def test_page_and_name_must_agree_when_the_file_is_silent():
    claims = Claims(status_by={"page": "final", "name": "provisional"})
    error = refused(book.to_csv(book.sheet_31()), "x.csv", claims)
    assert "its name says provisional" in error.found


def test_a_file_without_any_period_is_refused():
    error = refused(book.to_csv(book.sheet_31(period="")), "x.csv")
    assert "period" in error.what
    assert "name" in error.next_step


def test_basis_line_and_header_must_agree():
    error = refused(book.xlsx({"S": book.sheet_31(basis="COMMISSIONER")}), "a.xlsx")
    assert "basis" in error.what


def test_a_provider_file_under_a_commissioner_name_is_refused():
    name = "5.-31-Day-By-Cancer-Commissioner-Data.csv"
    error = refused(book.to_csv(book.sheet_31()), name)
    assert "its name says commissioner" in error.found


def test_another_table_under_the_name_of_one_is_refused():
    error = refused(
        book.to_csv(book.sheet_fds()), "5.-31-Day-By-Cancer-Provider-Data.csv"
    )
    assert error.expected == "treatment_31_day_by_cancer, as its name says"
    assert "fds_all_routes" in error.found


def legacy(period: str) -> bytes:
    rows = [
        ["31-DAY WAIT FOR FIRST TREATMENT"],
        [period],
        ["BASIS: PROVIDER BASED"],
        book.LEGACY[:8] + ["TREATED WITHIN 31 DAYS", *book.LEGACY[9:]],
        ["E18", "RYR", "SUSSEX", "ADMITTED", "ALL", 9, 8, 1, 0.9, "", 9, 7, 1],
    ]
    return book.to_csv(rows)


def test_an_old_file_under_a_current_name_is_refused():
    error = refused(legacy("June 2015"), "5.-31-Day-By-Cancer-Provider-Data.csv")
    assert error.found == "legacy_31_day_first_treatment for 2015-06"


def test_an_old_layout_under_a_current_month_is_refused():
    error = refused(legacy("Aug-25"), "x.csv")
    assert "before October 2023" in error.what
    assert "care_setting" in error.found


def test_the_same_sheet_twice_is_refused():
    error = refused(book.xlsx({"S": book.sheet_31(), "S (2)": book.sheet_31()}))
    assert "twice" in error.what
    assert "sheet 'S', row 8" in error.found


def test_all_cancers_among_cancers_is_refused():
    rows = book.sheet_31()
    rows[8][4] = "ALL CANCERS"
    assert "both" in refused(book.xlsx({"S": rows})).found


@pytest.mark.parametrize("text", ["2025/26", "Jul 24 - Jun 25", "Q1 2025/26"])
def test_a_file_of_several_months_is_never_taken_for_one(text):
    rows = book.sheet_31()
    rows[1] = [text]
    with pytest.raises(Quarantined) as raised:
        book.read(book.xlsx({"S": rows}), "provider.xlsx")
    assert raised.value.expected.startswith("one month")


def test_a_month_given_by_its_last_day_is_that_month():
    rows = book.sheet_31()
    rows[1] = ["31/08/2025"]
    assert book.read(book.xlsx({"S": rows}), "provider.xlsx").period.label == "2025-08"


@pytest.mark.parametrize(
    ("front", "name", "status"),
    [
        ("Revised", "AUGUST-2025-PROVIDER-FINAL.xlsx", "revised"),
        ("Final", "AUGUST-2025-PROVIDER-FINAL-REVISED.xlsx", "revised"),
        ("Final", "AUGUST-2025-PROVIDER.xlsx", "final"),
    ],
)
def test_a_revised_release_may_still_be_called_final(front, name, status):
    sheets = {"Frontpage": [[f"Status: {front} Official Statistics"]]}
    data = book.xlsx({**sheets, "S": book.sheet_31()})
    assert book.read(data, name).release_status == status


def test_a_front_page_may_hold_other_dates():
    front = [*book.FRONT, ["Published 11 March 2027"], ["11/03/2027"], ["2025/26"]]
    data = book.xlsx({"Frontpage": front, "S": book.sheet_31()})
    assert book.read(data, "provider.xlsx").period.label == "2025-08"


@pytest.mark.parametrize("word", ["NOTES", "Note", "SOURCE"])
def test_a_word_below_a_table_is_a_footer(word):
    rows = [*book.sheet_31(), [], ["", word], ["", "(1) a footnote"]]
    file = book.read(book.xlsx({"S": rows}), "provider.xlsx")
    assert word in file.tables[-1].notes


def test_a_left_over_blank_sheet_is_passed_over_and_a_named_one_is_not():
    data = book.xlsx({"S": book.sheet_31(), "Sheet1": []})
    assert len(book.read(data, "provider.xlsx").tables) == 2
    data = book.xlsx({"S": book.sheet_31(), "62-DAY (BY CANCER)": []})
    with pytest.raises(Quarantined, match="cannot find a table"):
        book.read(data, "provider.xlsx")
