"""Where tables stand: each layout that publishers use, and each of the old defects."""

from __future__ import annotations

import datetime as dt
import io

import openpyxl
import pytest
from openpyxl.worksheet.table import Table

from loaders.sheets.tables import Overrides, read_tables
from loaders.sheets.workbook import Sheet, open_workbook

TRUSTS = [["R1H", "Barts Health", 12.0, 0.0], ["RJ1", "Guy's", 0.0, 7.0]]
HEADER = ["Code", "Name", "Seen", "Waiting"]


def sheet(rows, merges=(), name="Table 1"):
    width = max(map(len, rows), default=0)
    padded = [
        ["" if c is None else c for c in row] + [""] * (width - len(row))
        for row in rows
    ]
    return Sheet(name, False, padded, (), tuple(merges))


def read(rows, merges=(), **known):
    return read_tables(sheet(rows, merges), [Overrides(**known)] if known else ())


def only(rows, merges=(), **known):
    found = read(rows, merges, **known)
    assert len(found.tables) == 1, [t.region for t in found.tables]
    return found.tables[0]


def names(table):
    return [c.clean_name for c in table.columns]


def csv(text):
    return sheet([line.split(",") for line in text.splitlines()], name=None)


# --------------------------------------------------------------- the plain and the long


def test_a_table_of_any_length_is_read_to_its_last_row():
    rows = [[f"A{i:05}", f"Practice {i}", float(i), 0.0] for i in range(12_050)]
    table = only([["Table 1: Practices"], [], HEADER, *rows])
    assert table.region.header_rows == (3, 3)
    assert table.row_numbers == list(range(4, 12_054))
    assert table.cells(2)[-1] == 12_049.0
    assert table.title == "Table 1: Practices"


def test_a_table_of_texts_keeps_its_first_rows():
    rows = [["C82040", "One Surgery", "U1"], ["C82076", "Two Surgery", "U2"]]
    table = only([["Mapping"], ["Practice", "Practice name", "PCN"], *rows])
    assert table.row_numbers == [3, 4]
    assert table.cells(0) == ["C82040", "C82076"]


def test_a_first_row_of_zeros_is_data():
    table = only([HEADER, ["R0000", "None", 0.0, 0.0], *TRUSTS])
    assert table.region.header_rows == (1, 1)
    assert names(table) == ["code", "name", "seen", "waiting"]
    assert table.row_numbers == [2, 3, 4]


@pytest.mark.parametrize("supplier", ["Source Bioscience", "Notespace", "Please Ltd"])
def test_a_label_that_begins_like_a_note_does_not_end_a_table(supplier):
    rows = [["A1", supplier, 5.0, 6.0], ["A2", "Other", 1.0, 2.0]]
    table = only([HEADER, *TRUSTS, *rows])
    assert table.row_numbers == [2, 3, 4, 5]
    texts = only([["Supplier", "Town"], ["Beta", "X"], [supplier, "Y"], ["Z", "Q"]])
    assert texts.row_numbers == [2, 3, 4]


def test_notes_below_a_table_are_notes():
    rows = [
        *[["Table 1"], HEADER, *TRUSTS, []],
        *[["Source: NHS England"], ["Notes"], ["1", "Rounded to five"]],
        *[["[2] Excludes 2019"], [], ["Copyright © 2025, NHS England"]],
    ]
    table = only(rows)
    assert table.row_numbers == [3, 4]
    assert table.region.footer_rows == (6, 11)
    assert table.region.notes[1:3] == ("Notes", "1 Rounded to five")


def test_the_lines_above_a_table_are_kept_with_their_rows():
    rows = [[], ["Title:", "A&E"], ["Period:", "May 2025"], [], HEADER, *TRUSTS]
    found = read(rows)
    assert found.preamble == [(2, ("Title:", "A&E")), (3, ("Period:", "May 2025"))]
    assert found.tables[0].region.header_rows == (5, 5)
    assert found.tables[0].title == "A&E"


# ---------------------------------------------------------------------- several tables


def test_stacked_tables_are_two():
    rows = [
        *[["Table 1a"], ["Region", "2023", "2024"], ["North", 1.0, 2.0], ["", ""]],
        *[["Table 1b"], ["Age", "Men", "Women"], ["0-4", 3.0, 4.0], ["5-9", 5.0, 6.0]],
    ]
    first, second = read(rows).tables
    assert (first.title, second.title) == ("Table 1a", "Table 1b")
    assert (first.row_numbers, second.row_numbers) == ([3], [7, 8])
    assert names(second) == ["age", "men", "women"]


def test_a_new_header_straight_below_starts_a_table():
    rows = [["Region", "Seen", "Waiting"], ["North", 1.0, 2.0], ["South", 1.0, 2.0]]
    more = [["Age", "Men", "Women"], ["0-4", 3.0, 4.0]]
    first, second = read([*rows, *more]).tables
    assert (first.row_numbers, second.row_numbers) == ([2, 3], [5])


def test_tables_side_by_side_are_two():
    left = [["Region", "Seen"], ["North", 1.0], ["South", 2.0], ["East", 3.0]]
    right = [["Age", "Seen"], ["0-4", 4.0], ["5-9", 5.0], ["", ""]]
    rows = [[*a, "", *b] for a, b in zip(left, right, strict=True)]
    first, second = read([["Two tables"], [], *rows]).tables
    assert [c.letter for c in first.columns] == ["A", "B"]
    assert [c.letter for c in second.columns] == ["D", "E"]
    assert (first.row_numbers, second.row_numbers) == ([4, 5, 6], [4, 5])
    assert names(second) == ["age", "seen"]


def test_tables_side_by_side_may_begin_on_different_rows():
    rows = [
        ["Region", "Seen"],
        ["North", 1.0, "", "", ""],
        ["South", 2.0, "", "Age", "Men"],
        ["East", 3.0, "", "0-4", 6.0],
        ["", "", "", "5-9", 7.0],
    ]
    first, second = read(rows).tables
    assert (first.row_numbers, second.row_numbers) == ([2, 3, 4], [4, 5])
    assert names(second) == ["age", "men"]


def test_the_same_years_under_another_label_are_another_table():
    years = ["2022/23", "2023/24", "2024/25"]
    rows = [["Region", *years], ["North", 1.0, 2.0, 3.0], [], ["Age", *years]]
    first, second = read([*rows, ["0-4", 4.0, 5.0, 6.0]]).tables
    assert (names(first)[0], names(second)[0]) == ("region", "age")


def test_tables_side_by_side_have_their_own_titles():
    rows = [
        ["Table 1", "", "", "Table 2", ""],
        ["Region", "Seen", "", "Region", "Rate"],
        ["North", 1.0, "", "North", 0.1],
        ["South", 2.0, "", "South", 0.2],
    ]
    assert [t.title for t in read(rows).tables] == ["Table 1", "Table 2"]


def test_a_spacer_column_does_not_split_a_table():
    header = ["Code", "Name", "", "Seen", "Waiting", "", "Seen %"]
    rows = [["R1", "One", "", 1.0, 2.0, "", 0.5], ["R2", "Two", "", 3.0, 4.0, "", 0.2]]
    table = only([header, *rows])
    assert [c.letter for c in table.columns] == list("ABDEG")
    assert names(table) == ["code", "name", "seen", "waiting", "seen_pct"]


def test_many_gaps_between_columns_are_weighed_once_each():
    # Each gap may part two tables; looked at afresh each time, 14 of them take hours.
    header = [cell for i in range(14) for cell in (f"Label {i}", f"Name {i}", "")]
    rows = [
        [f"v{r} {c}" if name else "" for c, name in enumerate(header)] for r in "abc"
    ]
    assert len(only([header, *rows]).columns) == 28


# ------------------------------------------------------------------------------ headers


def test_a_merged_name_stands_over_each_of_its_columns():
    rows = [
        *[["", "Waiting time", "", "", ""], ["Month", "Up to 13 weeks", "13 to 52"]],
        *[["Apr-24", 1.0, 2.0], ["May-24", 3.0, 4.0]],
    ]
    table = only(rows, [((0, 1), (0, 2))])
    assert table.region.header_rows == (1, 2)
    assert [c.published_name for c in table.columns] == [
        *("Month", "Waiting time | Up to 13 weeks", "Waiting time | 13 to 52"),
    ]
    assert names(table)[1] == "waiting_time_up_to_13_weeks"


def test_a_name_without_a_merge_covers_the_columns_to_the_next_one():
    rows = [
        *[["", "", "Men", "", "Women", ""], ["Code", "Name", "Seen", "Left", "Seen"]],
        *[["R1", "One", 1.0, 2.0, 3.0, 4.0], ["R2", "Two", 1.0, 2.0, 3.0, 4.0]],
    ]
    rows[1].append("Left")
    table = only(rows)
    assert names(table)[2:] == ["men_seen", "men_left", "women_seen", "women_left"]
    assert names(table)[:2] == ["code", "name"]


def test_a_centred_name_covers_the_whole_of_its_group():
    rows = [
        ["", "", "Men", "", "", "Women", ""],
        ["Code", "Seen", "Left", "Back", "Seen", "Left", "Back"],
        ["R1", 1.0, 2.0, 3.0, 4.0, 5.0, 6.0],
        ["R2", 1.0, 2.0, 3.0, 4.0, 5.0, 6.0],
    ]
    assert names(only(rows))[1:] == [
        *("men_seen", "men_left", "men_back"),
        *("women_seen", "women_left", "women_back"),
    ]
    between = [
        ["", "", "", "Men", "", "", "", "Women", ""],
        ["Code", "", "Seen", "Left", "Back", "", "In", "Out", "Up"],
        ["R1", "", 1.0, 2.0, 3.0, "", 4.0, 5.0, 6.0],
        ["R2", "", 1.0, 2.0, 3.0, "", 4.0, 5.0, 6.0],
    ]
    assert names(only(between)) == [
        *("code", "men_seen", "men_left", "men_back"),
        *("women_in", "women_out", "women_up"),
    ]


def test_a_name_above_a_blank_cell_stays_on_its_own_column():
    rows = [
        ["Code", "Total", "Age", "", ""],
        ["", "", "0-4", "5-9", "10+"],
        ["R1", 6.0, 1.0, 2.0, 3.0],
        ["R2", 6.0, 1.0, 2.0, 3.0],
    ]
    assert names(only(rows)) == ["code", "total", "age_0_4", "age_5_9", "age_10_plus"]


def test_four_header_rows_are_read():
    rows = [
        ["", "Admitted", "", "", ""],
        ["", "Men", "", "Women", ""],
        ["Code", "Seen", "Left", "Seen", "Left"],
        ["", "%", "n", "%", "n"],
        ["R1", 0.5, 2.0, 0.1, 4.0],
        ["R2", 0.5, 2.0, 0.1, 4.0],
    ]
    merges = [((0, 1), (0, 4)), ((1, 1), (1, 2)), ((1, 3), (1, 4))]
    table = only(rows, merges)
    assert table.region.header_rows == (1, 4)
    assert table.columns[4].published_name == "Admitted | Women | Left | n"


def test_a_section_label_is_a_row_and_no_header():
    rows = [
        ["", "Sep-21", "Dec-21", "Mar-22"],
        ["All Directors"],
        ["Clinical director", 1.0, 2.0, 3.0],
        ["All Nurses"],
        ["Nurse", 1.0, "..", 3.0],
    ]
    table = only(rows)
    assert names(table)[0] == "column_a"
    assert table.row_numbers == [2, 3, 4, 5]
    assert table.cells(0)[0] == "All Directors"


def test_years_and_dates_name_columns():
    years = only([["Region", 2022.0, 2023.0, 2024.0], ["North", 1.0, 2.0, 3.0]])
    assert names(years) == ["region", "2022", "2023", "2024"]
    dates = [
        dt.datetime(2025, 10, 1),
        dt.datetime(2025, 11, 1),
        dt.datetime(2025, 12, 1),
    ]
    months = only([["Region", *dates], ["North", 1.0, 2.0, 3.0]])
    assert [c.published_name for c in months.columns][1:] == [
        *("Oct-25", "Nov-25", "Dec-25"),
    ]
    weeks = [
        dt.datetime(2025, 11, 2),
        dt.datetime(2025, 11, 9),
        dt.datetime(2025, 11, 16),
    ]
    assert only([["Region", *weeks], ["N", 1.0, 2.0, 3.0]]).columns[
        1
    ].published_name == ("2025-11-02")


def test_ages_that_count_on_name_columns():
    rows = [["Code", "Sex", 0.0, 1.0, 2.0, 3.0], ["R1", "F", 5.0, 6.0, 7.0, 8.0]]
    assert names(only(rows))[2:] == ["0", "1", "2", "3"]


def test_look_up_numbers_above_a_table_are_no_header():
    rows = [
        ["vlookup", "", 4.0, 5.0],
        ["", "", 1.0, 2.0],
        ["Provider Level Data", "", 227.0],
        HEADER,
        *TRUSTS,
    ]
    table = only(rows)
    assert table.region.header_rows == (4, 4)
    assert table.title == "Provider Level Data"


def test_a_column_without_a_name_is_kept_under_an_invented_one():
    rows = [["", "Date", "Calls"], ["Monday", "2025-11-03", 5.0], ["Tuesday", "x", 6.0]]
    table = only(rows)
    assert names(table) == ["column_a", "date", "calls"]
    assert table.columns[0].published_name == ""


def test_footnote_marks_leave_the_name_and_are_kept():
    header = ["PCN Code [2, 3]", "Submissions [7]", "Rate (see note 5)", "Seen¹", "N*"]
    table = only([header, ["U1", 1.0, 2.0, 3.0, 4.0], ["U2", 1.0, 2.0, 3.0, 4.0]])
    assert names(table) == ["pcn_code", "submissions", "rate", "seen", "n"]
    assert [c.marks for c in table.columns] == [
        *(("[2, 3]",), ("[7]",), ("(see note 5)",), ("¹",), ("*",)),
    ]
    assert table.columns[0].published_name == "PCN Code [2, 3]"


def test_a_glued_digit_is_a_mark_only_where_there_is_such_a_note():
    rows = [["Month", "Gender1", "Type 1", "Q1"], ["May", 1.0, 2.0, 3.0]]
    assert names(only(rows)) == ["month", "gender1", "type_1", "q1"]
    noted = [*rows, [], ["1. As recorded by the provider"]]
    assert names(only(noted)) == ["month", "gender", "type_1", "q1"]


def test_a_header_in_two_languages_is_said_once():
    rows = [
        ["GP Code", "Same Day2", "Later"],
        ["GP_CODE", "SAME_DAY", "LATER"],
        ["A81001", 1.0, 2.0],
        ["A81002", 3.0, 4.0],
    ]
    table = only(rows)
    assert table.region.header_rows == (1, 2)
    assert names(table)[0] == "gp_code"
    assert table.columns[2].published_name == "Later"


def test_long_names_are_cut_and_stay_different():
    long = "Number of patients waiting more than four hours from decision to admit to "
    table = only([["Code", long + "admission", long + "ward"], ["R1", 1.0, 2.0]])
    first, second = names(table)[1:]
    assert first != second
    assert max(len(first), len(second)) <= 63
    assert first.startswith("number_of_patients_waiting_more_than_four_hours")


def test_repeated_names_are_told_apart():
    assert names(only([["Code", "n", "n"], ["R1", 1.0, 2.0], ["R2", 1.0, 2.0]])) == [
        *("code", "n", "n_2"),
    ]


# --------------------------------------------------------------------------------- rows


def test_labels_merged_downward_hold_for_each_row():
    rows = [
        ["Role", "Grade", "n"],
        ["Directors", "A", 1.0],
        ["", "B", 2.0],
        ["Nurses", "A", 3.0],
        ["", "B", 4.0],
    ]
    merges = [((1, 0), (2, 0)), ((3, 0), (4, 0))]
    assert only(rows, merges).cells(0) == ["Directors"] * 2 + ["Nurses"] * 2
    assert only(rows).cells(0) == ["Directors", "", "Nurses", ""]


@pytest.mark.parametrize(
    ("rows", "total"),
    [
        ([["-", "England", 9.0, 9.0], [], *TRUSTS], 2),
        ([["", "Total", 9.0, 9.0], *TRUSTS], 2),
        ([*TRUSTS, ["Grand total", "", 9.0, 9.0]], 4),
        ([*TRUSTS, [], ["National", "National", 9.0, 9.0]], 5),
        ([*TRUSTS, ["", "England [2]", 9.0, 9.0]], 4),
    ],
)
def test_totals_land_and_are_told(rows, total):
    table = only([HEADER, *rows, [], ["Notes:"]])
    assert table.region.aggregate_rows == (total,)
    assert total in table.row_numbers
    assert len(table.row_numbers) == 3
    assert table.region.data_rows == 2
    assert total not in (table.region.first_data_row, table.region.last_data_row)


def test_an_organisation_named_so_is_no_total():
    rows = [
        ["X24", "NHS England", 1.0, 1.0],
        ["RTE", "Total Care Ltd", 1.0, 1.0],
        ["R1H", "Total", 2.0, 2.0],
    ]
    assert only([HEADER, *rows]).region.aggregate_rows == ()


def test_blank_rows_do_not_end_a_table_whose_columns_go_on():
    table = only([HEADER, *TRUSTS, [], [], *TRUSTS, [], *TRUSTS])
    assert table.row_numbers == [2, 3, 6, 7, 9, 10]


def test_a_repeated_header_is_left_out_and_told():
    table = only([HEADER, *TRUSTS, HEADER, *TRUSTS])
    assert table.row_numbers == [2, 3, 5, 6]
    assert table.notes == ("row 4 repeats or numbers the header",)
    texts = [["Code", "Name", "Town"], ["R1", "One", "X"]]
    assert only([*texts, *texts]).row_numbers == [2, 4]


def test_a_row_that_numbers_the_columns_is_left_out():
    table = only([HEADER, [1.0, 2.0, 3.0, 4.0], *TRUSTS])
    assert table.row_numbers == [3, 4]
    assert table.notes == ("row 2 repeats or numbers the header",)


def test_the_same_header_under_another_title_begins_a_table():
    rows = [["Part A"], HEADER, *TRUSTS, [], ["Part B"], HEADER, *TRUSTS]
    first, second = read(rows).tables
    assert (first.title, second.title) == ("Part A", "Part B")
    assert (first.row_numbers, second.row_numbers) == ([3, 4], [8, 9])
    paged = [["Part A"], HEADER, *TRUSTS, ["Part A (continued)"], HEADER, *TRUSTS]
    assert only(paged).row_numbers == [3, 4, 7, 8]


def test_rows_may_be_shorter_than_the_table():
    grid = [["Code", "Name", "n"], ["R1", "One", 1.0], ["R2", "Two"], ["R3"]]
    table = read_tables(Sheet("S", False, grid)).tables[0]
    assert table.row_numbers[:2] == [2, 3]
    assert table.cells(2)[:2] == [1.0, ""]


def test_a_few_stray_cells_beside_a_table_are_told_and_not_landed():
    rows = [[*HEADER, "", ""], *[[f"R{i}", "x", 1.0, 2.0] for i in range(30)]]
    rows[20] += ["", "", "check"]
    table = only(rows)
    assert [c.letter for c in table.columns] == list("ABCD")
    assert "columns G" in table.notes[0]


def test_codes_that_look_like_marks_stay_in_columns_of_labels():
    rows = [["Ethnicity", "n"], ["A", 1.0], ["C", 2.0], ["X", "*"], ["Z", "c"]]
    table = only(rows)
    assert table.cells(0) == ["A", "C", "X", "Z"]
    assert [(c.role, c.value_kind) for c in table.columns] == [
        *(("dimension", "text"), ("measure", "number")),
    ]


@pytest.mark.parametrize(
    "mark", ["*", "-", "..", ":", "[x]", "[low]", "52+", "<5", "c"]
)
def test_marks_leave_a_column_one_of_figures(mark):
    table = only([["Code", "n"], ["R1", 1.0], ["R2", mark], ["R3", mark]])
    assert table.columns[1].role == "measure"
    assert table.cells(1)[1] == mark


def test_codes_dates_and_years_are_labels():
    header = ["Practice code", "ICB ID", "Year", "Open Date", "Dial code", "Patients"]
    rows = [[8001.0, 5.0, 2024.0, 20191001.0, "0161", 3.0]] * 3
    table = only([header, *rows])
    assert [c.role for c in table.columns] == ["dimension"] * 5 + ["measure"]
    assert table.columns[3].value_kind == "date"


# ---------------------------------------------------------------- sheets without tables


@pytest.mark.parametrize(
    "rows",
    [
        [["Contents"], ["Table 1: Seen"], ["Table 2: Waiting"]],
        [["Contents"], ["Table", "Title"], ["Table 1", "Seen"], ["Table 2", "Waiting"]],
        [["Title:", "A&E"], ["Period:", "May 2025"], ["Source:", "SDCS"]],
        [["Notes"], [1.0, "Rounded"], [2.0, "Excludes"], [3.0, "Includes"]],
        [["Note", "Text"], ["[note 1]", "Rounded"], ["[note 2]", "Excludes"]],
        [
            ["Worksheet name", "Title", "Link"],
            ["Cover", "x", "Go"],
            ["1", "Seen", "Go"],
        ],
    ],
)
def test_contents_and_notes_are_notes(rows):
    found = read(rows)
    assert (found.region.kind, found.tables) == ("notes", ())
    assert found.preamble[0][0] == 1


def test_figures_that_no_row_names_are_unrecognised_with_a_reason():
    found = read([["Text"], [], [1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    assert found.region.kind == "unrecognised"
    assert found.reason == (
        "rows 3 to 4 hold figures, and no row above them names their columns"
    )
    assert found.region.reason == found.reason


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("R1,One,5\nR2,Two,6", "no row names the columns of rows 1 to 2"),
        ("R1\nR2", "it has one column, so that it is a list and no table"),
    ],
)
def test_a_csv_without_a_header_is_unrecognised(text, reason):
    found = read_tables(csv(text))
    assert (found.region.kind, found.reason) == ("unrecognised", reason)


def test_rubbish_raises_nothing():
    for rows in ([], [[]], [[None]], [[True, False]], [[float("nan")]], [["", " "]]):
        assert read_tables(Sheet("S", False, rows)).tables == ()


# ---------------------------------------------------------------------------------- csv


def test_a_csv_is_all_rows_below_its_header():
    text = "Period,Org,n,n\nMay,R1,1,2\n,,,\nMay,Source Bioscience,1,\nTOTAL,TOTAL,2,2"
    table = read_tables(csv(text)).tables[0]
    assert names(table) == ["period", "org", "n", "n_2"]
    assert table.row_numbers == [2, 4, 5]
    assert table.region.aggregate_rows == (5,)


def test_a_csv_may_have_lines_above_its_header_and_notes_at_its_end():
    text = "Waiting list,,\n\nCode,Name,n\nR1,One,1\nR2,Two,*\n\nNotes,,\n1 Rounded,,"
    table = read_tables(csv(text)).tables[0]
    assert (table.region.header_rows, table.row_numbers) == ((3, 3), [4, 5])


def test_a_csv_with_two_header_rows_is_no_plain_one():
    text = (
        ",,Men,,Women,\nCode,Name,Seen,Left,Seen,Left\nR1,One,1,2,3,4\nR2,Two,1,2,3,4"
    )
    assert names(read_tables(csv(text)).tables[0])[2:] == [
        *("men_seen", "men_left", "women_seen", "women_left"),
    ]


def test_numbers_as_text_and_codes_are_told_apart_in_a_csv():
    text = "ICB,Share,Patients,Note\nE54000011,12.5%,1234,6E1\nE54000010,*,99,7A"
    columns = read_tables(csv(text)).tables[0].columns
    assert [c.role for c in columns] == ["dimension", "measure", "measure", "dimension"]


# ----------------------------------------------------------------- declared in a file


def workbook(fill):
    book = openpyxl.Workbook()
    fill(book)
    out = io.BytesIO()
    book.save(out)
    return list(open_workbook(out.getvalue(), "things.xlsx"))


def test_a_declared_table_is_taken_and_lengthened_where_it_falls_short():
    def fill(book):
        page = book.active
        page.append(["Some title"])
        for row in [HEADER, *TRUSTS, ["RT3", "Third", 3, 4]]:
            page.append(row)
        page.add_table(Table(displayName="Waits", ref="A2:C4"))

    table = read_tables(workbook(fill)[0]).tables[0]
    assert (table.is_declared, table.region.name) == (True, "Waits")
    assert names(table) == ["code", "name", "seen", "waiting"]
    assert table.row_numbers == [3, 4, 5]


def test_a_declared_table_without_names_is_found_by_its_layout():
    def fill(book):
        page = book.active
        page.append(HEADER)
        page.append(["Column1", "Column2", "Column3", "Column4"])
        for row in TRUSTS:
            page.append(row)
        page.add_table(Table(displayName="T", ref="A2:D4"))

    table = read_tables(workbook(fill)[0]).tables[0]
    assert not table.is_declared
    assert names(table)[0].startswith("code")
    assert table.row_numbers == [3, 4]


def test_tables_beside_and_below_a_declared_one_are_found_too():
    def fill(book):
        page = book.active
        for row in [["Code", "n"], ["R1", 1], ["R2", 2], [], ["Age", "m"], ["0-4", 3]]:
            page.append(row)
        for i, row in enumerate([["Town", "p"], ["Leeds", 1], ["York", 2]], 1):
            page.cell(i, 5, row[0])
            page.cell(i, 6, row[1])
        page.add_table(Table(displayName="T", ref="A1:B3"))

    found = read_tables(workbook(fill)[0]).tables
    assert [names(t) for t in found] == [["code", "n"], ["town", "p"], ["age", "m"]]


def test_hidden_sheets_and_merges_come_from_the_file():
    def fill(book):
        page = book.active
        for row in [["", "Waits", ""], ["Code", "Up to 4", "Over 4"], ["R1", 1, 2]]:
            page.append(row)
        page.merge_cells("B1:C1")
        hidden = book.create_sheet("Map")
        hidden.sheet_state = "hidden"
        for row in [["Code", "Name"], ["R1", "One"]]:
            hidden.append(row)

    first, second = map(read_tables, workbook(fill))
    assert names(first.tables[0]) == ["code", "waits_up_to_4", "waits_over_4"]
    assert (second.region.hidden, second.region.kind) == (True, "data")


# --------------------------------------------------------------------------- overrides


def test_overrides_say_what_cannot_be_seen():
    rows = [
        ["x", "y", "z"],
        ["Code", "Band", "n"],
        [],
        ["R1", 1.0, 2.0],
        ["R2", 3.0, 4],
    ]
    known = {"header_rows": (2, 2), "first_data_row": 4, "labels": 2, "columns": "A:C"}
    table = only(rows, sheet="^table", **known)
    assert [c.role for c in table.columns] == ["dimension", "dimension", "measure"]
    assert table.row_numbers == [4, 5]
    assert only(rows, last_data_row=4, **known).row_numbers == [4]
    assert read(rows, skip=True).tables == ()
    assert read(rows, sheet="other", skip=True).tables != ()


def test_failed_formulas_stay_apart_from_blanks():
    def fill(book):
        page = book.active
        for row in [["Code", "n"], ["R1", 1], ["R2", "#N/A"], ["R3", None], ["R4", 4]]:
            page.append(row)

    book = openpyxl.Workbook()
    fill(book)
    out = io.BytesIO()
    book.save(out)
    for errors, second in ((True, "#N/A"), (False, "")):
        page = next(open_workbook(out.getvalue(), "x.xlsx", errors=errors))
        table = read_tables(page).tables[0]
        assert table.cells(1) == [1.0, second, "", 4.0]
        assert table.columns[1].role == "measure"
