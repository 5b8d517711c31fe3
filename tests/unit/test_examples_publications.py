"""The examples of publications, and the variants that other tests make of them."""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
from collections.abc import Callable, Mapping

import openpyxl
import pytest

from examples import (
    publications_csvs,
    publications_digital,
    publications_emergency,
    publications_england,
    publications_files,
    publications_shapes,
)
from examples.publications_sheets import Sheet, workbook
from loaders.files.voices import is_example_line

FILES = publications_files.files()
CODES = {
    *("ae_attendances", "online_consultation", "diagnostics_dm01", "virtual_wards"),
    *("community_health_services", "beds_overnight", "gp_registered_patients"),
    *("gp_appointments", "mhsds", "sickness_absence"),
}


def _rows(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode())))


def _sheet(data: bytes, name: str) -> list[tuple[object, ...]]:
    return list(openpyxl.load_workbook(io.BytesIO(data))[name].values)


def _texts(data: bytes) -> list[str]:
    """All text of a file, of the members of a zip too."""
    if not data.startswith(b"PK"):
        return [cell for row in _rows(data) for cell in row]
    with zipfile.ZipFile(io.BytesIO(data)) as members:
        if "[Content_Types].xml" not in members.namelist():
            return [t for n in members.namelist() for t in _texts(members.read(n))]
    book = openpyxl.load_workbook(io.BytesIO(data))
    return [str(c) for sheet in book for row in sheet.values for c in row if c]


def test_ten_publications_have_examples_and_they_are_small() -> None:
    assert {name.split("/")[1] for name in FILES} == CODES
    assert sum(map(len, FILES.values())) < 400_000


@pytest.mark.parametrize("name", FILES)
def test_each_file_says_that_it_is_an_example(name: str) -> None:
    assert any(map(is_example_line, _texts(FILES[name])))


def test_the_revision_of_a_month_changes_three_providers_and_the_total() -> None:
    before, after = (
        {row[1]: row for row in _rows(publications_emergency.monthly_csv(r))[2:]}
        for r in ("2025-04", "2025-04-revised")
    )
    changed = [code for code in before if before[code] != after[code]]
    assert changed == ["RTD", "RBT", "RFS", "TOTAL"]


def test_the_provider_workbook_follows_from_the_csv() -> None:
    rows = _sheet(publications_emergency.provider_workbook(), "Provider Level Data")
    england, blank, first = rows[16], rows[17], rows[18]
    assert not any(blank)
    assert england[3] == "England"
    total = _rows(publications_emergency.monthly_csv("2025-05"))[-1]
    booked_or_not = int(total[4]) + int(total[7])
    assert england[4] == booked_or_not
    assert first[1] == "RTD"


def test_the_published_share_of_a_trust_is_the_one_printed() -> None:
    rows = _rows(publications_emergency.provider_csv("2025-05"))
    trust = next(row for row in rows if row[0] == "RJ1")
    assert trust[3:7] == ["10064", "719", "7309", "18092"]
    assert trust[15:19] == ["79.1", "65.4", "92.8", "96.6"]


def test_months_are_dates_unless_a_footnote_makes_them_text() -> None:
    rows = _sheet(publications_digital.online_consultation("2025-11"), "Table 1")
    months = rows[10][2:]
    assert months[0] == "Nov-25 [10]"
    assert months[5] == dt.datetime(2025, 6, 1)
    moved = publications_digital.online_consultation(
        "2025-11", marks={"2025-11": "[3]"}
    )
    assert _sheet(moved, "Table 1")[10][2:4] == ("Nov-25 [3]", dt.datetime(2025, 10, 1))


def test_another_month_has_other_titles_and_the_same_figures() -> None:
    rows = _sheet(publications_england.diagnostics(period="2026-02"), "Provider")
    assert rows[4][2] == "February 2026"
    assert rows[16] == _sheet(publications_england.diagnostics(), "Provider")[16]


@pytest.mark.parametrize(
    ("change", "names", "row"),
    [
        (lambda s: s.add("New", 0), ["a", "b", "c", "New"], [1, 2, 3, 0]),
        (lambda s: s.add("New", 0, "b"), ["a", "New", "b", "c"], [1, 0, 2, 3]),
        (lambda s: s.rename("b", "B"), ["a", "B", "c"], [1, 2, 3]),
        (lambda s: s.drop("b"), ["a", "c"], [1, 3]),
        (lambda s: s.move("c", "a"), ["c", "a", "b"], [3, 1, 2]),
    ],
)
def test_a_sheet_can_drift(
    change: Callable[[Sheet], None], names: list[str], row: list[int]
) -> None:
    sheet = Sheet("", [["a", "b", "c"], [1, 2, 3], [], [4, 5, 6]])
    change(sheet)
    assert sheet.names == names
    assert sheet.rows[1] == row
    assert not any(sheet.rows[2])


def test_a_parent_keeps_the_columns_that_stay() -> None:
    sheet = Sheet("", [["P", None, "Q"], ["a", "b", "c"]], 2, [(1, 1, 1, 2)])
    sheet.drop("a")
    assert sheet.rows == [["P", "Q"], ["b", "c"]]
    assert sheet.merged == [(1, 1, 1, 1)]


def test_a_change_reaches_the_file() -> None:
    def dropped(sheets: Mapping[str, Sheet]) -> None:
        sheets[""].drop("AGE")

    rows = _rows(publications_csvs.list_sizes(change=dropped, example=False))
    assert "AGE" not in rows[0]
    assert len(rows[1]) == len(rows[0]) == 9


def test_a_zip_holds_files_and_a_zip_with_another() -> None:
    with zipfile.ZipFile(io.BytesIO(publications_csvs.appointments_zip())) as members:
        assert members.namelist() == [
            "Regional_CSV_Devon.csv",
            "Regional_CSV_Dorset.csv",
            "Regional_CSV_Somerset.zip",
        ]


def test_shapes_have_the_cells_their_places_say() -> None:
    long = publications_shapes.plain(12_050)
    assert len(long.body) == 12_050
    assert long.body[-1][:3] == ["R12050", "Organisation 12050", 120_500]
    beside = publications_shapes.side_by_side()
    assert beside.names[6:8] == ["Org Code", "Org Name"]
    below = publications_shapes.stacked()
    assert [row[0] for row in below.rows if row and row[0] == "Org Code"] == [
        "Org Code",
        "Org Code",
    ]
    assert _sheet(workbook([publications_shapes.text_only(2)]), "Mapping")[3:] == [
        ("C82040", "U60001", "Closed"),
        ("C82041", "U60002", "Closed"),
    ]
