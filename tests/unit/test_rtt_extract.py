"""Full csv extracts of RTT: layouts, compactness, and every way one is refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from examples import rtt_files
from examples.rtt_figures import Pathways, read_pathways
from loaders.errors import Quarantined
from loaders.rtt import PIPELINE
from tests.unit.rtt_support import file, streamed

NAME = "20260131-RTT-January-2026-full-extract.csv"
Rows = list[list[str]]


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., dict[str, Any]]:
    return lambda data, name=NAME: streamed(tmp_path / name, data)


def some(count: int = 3) -> list[Pathways]:
    return read_pathways()[:count]


def extract(**options: Any) -> bytes:
    return rtt_files.full_extract(options.pop("pathways", some()), **options)


def changed(change: Callable[[Rows], None], **options: Any) -> bytes:
    return extract(change=change, example=False, **options)


def test_the_example_lands_whole_and_says_what_it_is(read):
    found = read(rtt_files.full_extract())
    one = found["file"]
    assert (one.period.label, one.period_source) == ("2026-01", "content")
    assert (one.release_status, one.basis) == ("unknown", "provider_commissioner")
    assert one.is_example
    table = one.tables[0]
    assert (table.header_row, table.first_row) == (2, 3)
    assert table.last_row == 2 + len(read_pathways())
    rows = found["pathways"]
    assert [r["_source_row"] for r in rows] == list(range(3, table.last_row + 1))
    for row, wanted in zip(rows, read_pathways(), strict=True):
        assert row["total_all"] == wanted.total_all
        landed = {k: v for k, v in row.items() if k.startswith("gt_") and v}
        assert sum(landed.values()) == wanted.known
    assert table.notes == ()


def test_bands_land_compactly_and_totals_as_published(read):
    def change(rows: Rows) -> None:
        rows[1][13:] = ["0", "", "5", *["0"] * 102, "", "0", "5"]

    row = read(changed(change))["pathways"][0]
    assert row["open_band_from_weeks"] == 104
    assert {k: v for k, v in row.items() if k.startswith("gt_") and v is not None} == {
        "gt_02_to_03_weeks": 5
    }
    totals = [row[t] for t in ("total_known", "total_unknown_clock", "total_all")]
    assert totals == [None, 0, 5]


def test_the_layout_before_april_2021_ends_at_52_weeks(read):
    name = "202003-RTT-March-2020-full-extract.csv"
    data = extract(period="2020-03", open_from=52)
    found = read(data, name)
    row = found["pathways"][0]
    assert found["file"].period.label == "2020-03"
    assert row["open_band_from_weeks"] == 52
    assert "gt_52_weeks" in row
    assert not {"gt_104_weeks", "gt_52_to_53_weeks"} & set(row)


def test_older_wording_and_columns_that_are_not_there_are_taken(read):
    def change(rows: Rows) -> None:
        header = rows[0]
        header[header.index("Commissioner Org Code")] = "CCG Code"
        header[header.index("Commissioner Org Name")] = " CCG NAME "
        header[header.index("RTT Part Type")] = "RTT Part Name"
        for row in rows:
            del row[-3:-1]

    found = read(changed(change))
    assert found["pathways"][0]["commissioner_org_code"] == some()[0].commissioner
    assert "total_known" not in found["pathways"][0]
    kinds = {c["code_kind"] for c in found["extract_codes"]}
    assert kinds == {"provider", "commissioner", "rtt_part", "treatment_function"}


def test_columns_may_stand_in_another_order(read):
    plain = read(extract(example=False))["pathways"]

    def change(rows: Rows) -> None:
        for row in rows:
            row.reverse()

    assert read(changed(change))["pathways"] == plain


def test_each_combination_of_a_code_lands_once_at_its_first_row(read):
    def change(rows: Rows) -> None:
        rows[3][4] = "ANOTHER NAME"
        for row in rows[1:]:
            row[5] = row[6] = ""

    codes = read(changed(change))["extract_codes"]
    providers = [c for c in codes if c["code_kind"] == "provider"]
    assert [(c["name"] == "ANOTHER NAME", c["_source_row"]) for c in providers] == [
        (False, 2),
        (True, 4),
    ]
    (commissioner,) = [c for c in codes if c["code_kind"] == "commissioner"]
    assert commissioner["parent_code"] is None
    functions = [c for c in codes if c["code_kind"] == "treatment_function"]
    assert functions[0] == {
        "_source_row": 2,
        "code_kind": "treatment_function",
        "code": "C_110",
        "name": "Trauma and Orthopaedic Service",
        "parent_code": None,
        "parent_name": None,
    }


def test_codes_are_not_given_before_the_rows_they_come_from(tmp_path):
    found = PIPELINE.stream(file(tmp_path / NAME, extract()))
    with pytest.raises(RuntimeError, match="once all pathways"):
        list(found.tables[1].batches)


def test_rows_that_do_not_add_up_are_counted_and_land(read):
    def change(rows: Rows) -> None:
        rows[1][-1] = "999"

    found = read(changed(change))
    assert found["file"].tables[0].notes == (
        "1 rows whose bands and unknown clocks do not add up to Total All",
    )
    assert len(found["pathways"]) == 3


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252"])
def test_marks_and_encodings_do_not_reach_the_rows(read, encoding):
    def change(rows: Rows) -> None:
        rows[2][4] = "HÔPITAL SAINTE-ANNE"

    data = changed(change).decode().encode(encoding)
    names = {c["name"] for c in read(data)["extract_codes"]}
    assert "HÔPITAL SAINTE-ANNE" in names


def test_a_quoted_comma_is_part_of_a_name(read):
    def change(rows: Rows) -> None:
        rows[1][4] = "NORTH, SOUTH AND CO"

    names = {c["name"] for c in read(changed(change))["extract_codes"]}
    assert "NORTH, SOUTH AND CO" in names


def test_titles_may_stand_above_the_header_and_count_as_rows(read):
    found = read(b"RTT full extract\r\n\r\n" + extract(example=False))
    assert found["file"].notes == ("RTT full extract",)
    assert found["pathways"][0]["_source_row"] == 4


# ------------------------------------------------------------------------ refusals


def rename(column: str, name: str) -> Callable[[Rows], None]:
    def change(rows: Rows) -> None:
        rows[0][rows[0].index(column)] = name

    return change


def cell(row: int, column: int, text: str) -> Callable[[Rows], None]:
    def change(rows: Rows) -> None:
        rows[row][column] = text

    return change


def cut(row: int) -> Callable[[Rows], None]:
    def change(rows: Rows) -> None:
        del rows[row][40:]

    return change


COLUMNS = "cannot read the columns of the full extract"
ROW = "cannot read a row of the full extract"
WHOLE = "a whole number from 0, or nothing"
BAND = "Gt 07 To 08 Weeks SUM 1"
OPEN = "Gt 104 Weeks SUM 1"


@pytest.mark.parametrize(
    ("change", "what", "where", "expected", "found"),
    [
        (rename(BAND, "Gt 07 To 09 Weeks"), COLUMNS, "row 1", "are known", "07 To 09"),
        (rename("Total", "Sum"), COLUMNS, "row 1", "columns that are known", "Sum"),
        (rename("Total", " "), COLUMNS, "row 1", "known", "a column without a name"),
        (
            rename(BAND, "Gt 08 To 09 Weeks SUM 1"),
            *(COLUMNS, "row 1", "every column once", "gt_08_to_09_weeks twice"),
        ),
        (rename("Total All", "Total"), COLUMNS, "row 1", "once", "total_known twice"),
        (
            rename(OPEN, "Gt 104 To 105 Weeks SUM 1"),
            *(COLUMNS, "row 1", "one open band, Gt 104 Weeks", "none"),
        ),
        (
            rename(BAND, "Gt 104 To 105 Weeks SUM 1"),
            *(COLUMNS, "row 1", "every week up to 104", "gt_07_to_08_weeks missing"),
        ),
        (
            rename("Period", "Commissioner Parent Code"),
            *(COLUMNS, "row 1", "every column once", "commissioner_parent_code twice"),
        ),
        (cell(2, 20, "1.5"), ROW, "row 3, column 'Gt 07 To 08", WHOLE, "'1.5'"),
        (cell(2, 20, "-4"), ROW, "row 3, column 'Gt 07 To 08", WHOLE, "'-4'"),
        (cell(2, 20, "*"), ROW, "row 3, column 'Gt 07 To 08", WHOLE, "'*'"),
        (cell(3, 120, "3000000000"), ROW, "row 4, column 'Total All'", WHOLE, "3000"),
        (cell(3, 120, "n/a"), ROW, "row 4, column 'Total All'", WHOLE, "'n/a'"),
        (cut(3), ROW, "row 4", "121 cells, as the header", "40 cells: the line is cut"),
        (
            lambda rows: rows[2].append("1"),
            *(ROW, "row 3", "121 cells", "122 cells: a stray comma"),
        ),
        (
            cell(2, 3, ""),
            *(ROW, "row 3, column 'Provider Org Code'", "a code", "an empty cell"),
        ),
        (
            cell(2, 7, ""),
            *(ROW, "row 3, column 'Commissioner Org", "a code", "an empty cell"),
        ),
        (
            lambda rows: (rows[0].append(""), [r.append("7") for r in rows[1:]]),
            *(ROW, "row 2, column ''", "without a name", "'7'"),
        ),
        (
            cell(3, 0, "RTT-February-2026"),
            *("cannot trust the period of the file", "row 4", "2026-01", "2026-02"),
        ),
        (
            cell(3, 0, "RTT-Smarch-2026"),
            *("cannot tell the month of a row", "row 4", "RTT-January-2026", "Smarch"),
        ),
        (
            cell(1, 0, ""),
            *("cannot tell the month of a row", "row 2", "RTT-January-2026", "''"),
        ),
        (
            lambda rows: rows.__delitem__(slice(1, None)),
            *("cannot tell the month of a row", "row 2", "a month", "without a row"),
        ),
    ],
)
def test_a_bad_extract_is_set_aside_with_its_place(
    read, change, what, where, expected, found
):
    with pytest.raises(Quarantined) as raised:
        read(changed(change))
    error = raised.value
    assert error.what == what
    assert error.where.startswith(NAME)
    assert where in error.where
    assert expected in error.expected
    assert found in error.found
    assert error.next_step


def test_a_missing_column_is_named(read):
    def change(rows: Rows) -> None:
        at = rows[0].index("Total All")
        for row in rows:
            del row[at]

    with pytest.raises(Quarantined, match="columns of the full extract") as raised:
        read(changed(change))
    assert raised.value.expected == "the columns total_all"


@pytest.mark.parametrize("blank", [[], [""] * 121, ["  "]])
def test_blank_lines_are_no_fault_and_keep_their_numbers(read, blank):
    def change(rows: Rows) -> None:
        rows[1:1] = rows[3:3] = [blank]
        rows.append(blank)

    rows = read(changed(change))["pathways"]
    assert [r["_source_row"] for r in rows] == [3, 5, 6]
    plain = read(extract(example=False))["pathways"]
    assert [r["total_all"] for r in rows] == [r["total_all"] for r in plain]


@pytest.mark.parametrize("header", [True, False])
def test_commas_at_the_end_of_every_line_are_no_fault(read, header):
    def change(rows: Rows) -> None:
        for row in rows if header else rows[1:]:
            row += ["", ""]

    found = read(changed(change))["pathways"]
    assert found == read(extract(example=False))["pathways"]


@pytest.mark.parametrize("text", ["1,234", "1234.0", " 1,234.00 "])
def test_a_count_saved_by_a_spreadsheet_is_the_same_count(read, text):
    rows = read(changed(cell(2, 120, text)))["pathways"]
    assert [r["_source_row"] for r in rows] == [2, 3, 4]
    assert rows[1]["total_all"] == 1234
    plain = read(extract(example=False))["pathways"]
    assert (rows[0], rows[2]) == (plain[0], plain[2])


def test_a_second_look_goes_on_where_the_first_one_stopped(read, monkeypatch):
    monkeypatch.setattr("loaders.rtt.extract._BLOCK_BYTES", 4096)
    many = read_pathways()
    plain = read(extract(pathways=many, example=False))["pathways"]
    last = len(many)

    def change(rows: Rows) -> None:
        rows[last][120] += ".0"

    found = read(changed(change, pathways=many))["pathways"]
    assert found == plain


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("RTT-April-2019", "2019-04"),
        ("RTT-April-2019-20", "2019-04"),
        ("RTT-January-2019-20", "2020-01"),
    ],
)
def test_the_month_of_a_financial_year_is_understood(read, text, label):
    def change(rows: Rows) -> None:
        for row in rows[1:]:
            row[0] = text

    assert read(changed(change), "extract.csv")["file"].period.label == label


def test_another_csv_is_no_extract(read):
    with pytest.raises(Quarantined) as raised:
        read(b"a,b,c\n1,2,3\n")
    assert raised.value.what == "cannot find the header of the full extract"
    assert raised.value.where == f"{NAME}, rows 1 to 15"
    assert "Provider Org Code" in raised.value.expected
    assert "'a,b,c'" in raised.value.found


def test_an_empty_file_is_told_as_one(read):
    with pytest.raises(Quarantined) as raised:
        read(b"\xef\xbb\xbf\n \n")
    assert raised.value.found == "an empty file"


def test_bytes_of_no_encoding_are_refused_with_their_line(read):
    data = extract(example=False)
    nul = data.replace(b"Trauma", b"Tr\0uma", 1)
    with pytest.raises(Quarantined) as raised:
        read(nul)
    assert (raised.value.what, raised.value.found) == (
        "cannot read the csv",
        "a NUL byte",
    )
    with pytest.raises(Quarantined) as raised:
        read(data.replace(b"Trauma", b"Tr\x81uma"))
    assert raised.value.found == "the byte 0x81"
    both = data.replace(b"Trauma", "Träuma".encode(), 1).replace(b"Trauma", b"Tr\xe4um")
    with pytest.raises(Quarantined) as raised:
        read(both)
    assert raised.value.expected == "text in utf-8"


# -------------------------------------------------------------------------- manifest


def test_the_manifest_counts_the_rows_and_names_the_columns(tmp_path):
    data = extract()
    made = PIPELINE.manifest(data, file(tmp_path / NAME, data))
    (sheet,) = made["sheets"]
    (table,) = sheet["tables"]
    assert made["period"]["start"] == "2026-01-01"
    assert (sheet["sheet"], sheet["kind"]) == (None, "data")
    assert table["header_rows"] == [2, 2]
    assert (table["first_data_row"], table["last_data_row"]) == (3, 5)
    assert table["data_rows"] == 3
    assert len(table["columns"]) == 121
    assert table["columns"][13] == {
        "letter": "N",
        "name": "Gt 00 To 01 Weeks SUM 1",
        "clean_name": "gt_00_to_01_weeks",
        "role": "measure",
    }
    assert table["columns"][3]["role"] == "dimension"
