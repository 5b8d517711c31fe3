from __future__ import annotations

import hashlib

import yaml

from loaders.cancer import manifest
from loaders.sheets.manifest import describe
from tests.unit import cancer_book as book

TABLE_KEYS = [
    *("name", "header_rows", "first_data_row", "last_data_row", "data_rows"),
    *("columns", "aggregate_rows", "footer_rows", "notes"),
]


def cancer_manifest(rows, declare=True):
    data = book.xlsx(
        {"Frontpage": book.FRONT, "31": rows}, declare=declare, hidden=["31"]
    )
    return data, manifest(data, book.source("AUGUST-2025-FINAL.xlsx"))


def test_a_manifest_has_exactly_the_promised_keys():
    data, found = cancer_manifest(book.sheet_31())
    assert list(found) == [
        *("file", "sha256", "reader", "period", "release_status", "sheets"),
    ]
    assert found["sha256"] == hashlib.sha256(data).hexdigest()
    assert found["period"] == {
        "start": "2025-08-01",
        "end": "2025-08-31",
        "grain": "month",
        "source": "content",
    }
    assert found["release_status"] == "final"
    front, sheet = found["sheets"]
    assert front == {
        "sheet": "Frontpage",
        "hidden": False,
        "kind": "notes",
        "tables": [],
    }
    assert (sheet["kind"], sheet["hidden"]) == ("data", True)
    assert [list(t) for t in sheet["tables"]] == [TABLE_KEYS] * 2
    assert yaml.safe_load(yaml.safe_dump(found)) == found


def test_a_table_tells_its_rows_and_columns_as_a_spreadsheet_shows_them():
    rows = [*book.sheet_31(), [], ["(1) - a note"]]
    for declare in (True, False):
        first, last = cancer_manifest(rows, declare)[1]["sheets"][1]["tables"]
        assert first["header_rows"] == [7, 8]
        assert (first["first_data_row"], first["last_data_row"]) == (9, 12)
        assert (first["data_rows"], first["aggregate_rows"]) == (4, [14, 15])
        assert first["footer_rows"] == []
        assert last["footer_rows"] == [len(rows), len(rows)]
        assert last["notes"] == ["(1) - a note"]
        columns = {c["letter"]: c for c in first["columns"]}
        assert columns["E"] == {
            "letter": "E",
            "name": "CANCER TYPE (3)",
            "clean_name": "cancer_type",
            "role": "dimension",
        }
        assert columns["G"]["name"] == "NUMBER OF PEOPLE | WITHIN 31 DAYS"
        assert columns["I"]["name"] == "PERCENTAGE | TREATED WITHIN 31 DAYS"
        assert columns["I"]["clean_name"] == "pct_within_31_days"
        assert (columns["J"]["clean_name"], columns["J"]["role"]) == (None, "spacer")
        assert columns["K"]["clean_name"] == "band_within_31_days"
        assert list(columns) == list("BCDEFGHIJKLMNO")


def test_an_unknown_workbook_is_described_without_guessing():
    plain = [["Title"], [], ["Code", "Name", "Rate (1)"], ["a", "b", 1], ["c", "d", 2]]
    maze = [[1, 2, 3], ["x", 4, 5, 6]]
    data = book.xlsx({"Plain": plain, "Maze": maze, "Text": [["hello"]], "Empty": []})
    found = describe(data, "2025-08 things.xlsx")
    assert [s["kind"] for s in found["sheets"]] == [
        *("data", "unrecognised", "notes", "empty"),
    ]
    table = found["sheets"][0]["tables"][0]
    assert (table["name"], table["header_rows"]) == ("Title", [3, 3])
    assert (table["first_data_row"], table["last_data_row"]) == (4, 5)
    assert [(c["clean_name"], c["role"]) for c in table["columns"]] == [
        *(("code", "dimension"), ("name", "dimension"), ("rate", "measure")),
    ]
    assert found["period"]["source"] == "name"
    assert found["release_status"] == "unknown"


def test_an_unknown_csv_is_described():
    found = describe(b"a,b\n1,x\n2,y\n", "things.csv")
    assert found["period"] == {
        "start": None,
        "end": None,
        "grain": None,
        "source": None,
    }
    assert found["sheets"][0]["tables"][0]["data_rows"] == 2


def test_declared_tables_of_an_unknown_workbook_are_exact():
    data = book.xlsx({"S": book.sheet_31()}, declare=True)
    first, second = describe(data, "x.xlsx")["sheets"][0]["tables"]
    assert (first["header_rows"], first["last_data_row"]) == ([8, 8], 12)
    assert second["header_rows"] == [19, 19]
