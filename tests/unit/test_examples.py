"""The committed examples, and the generator that other tests build fixtures with."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from examples import cancer_files, generate
from examples.figures import Figure, read_values

FILES = generate.examples()
CANCER = cancer_files.files()
WORKBOOKS = sorted(name for name in CANCER if name.endswith(".xlsx"))
CSVS = sorted(name for name in CANCER if name.endswith(".csv"))
Key = tuple[str, ...]


def test_committed_files_are_what_the_generator_writes() -> None:
    assert generate.check() == []


def test_every_file_lies_in_the_folder_of_its_pipeline() -> None:
    assert {name.split("/")[0] for name in FILES} == set(generate.MODULES)


def test_same_arguments_give_the_same_bytes() -> None:
    assert generate.examples() == FILES


def test_files_stay_small() -> None:
    assert max(map(len, FILES.values())) < 400_000


def test_check_names_every_kind_of_difference(tmp_path: Path) -> None:
    for name in generate.MODULES:
        shutil.copytree(generate.HERE / name, tmp_path / name)
    changed, removed = CSVS[0], CSVS[1]
    (tmp_path / changed).write_bytes(FILES[changed].replace(b"RJ1", b"RJ2"))
    (tmp_path / removed).unlink()
    (tmp_path / "cancer/notes.txt").write_text("mine")
    assert set(generate.check(tmp_path)) == {
        f"{changed}: differs from what the generator writes",
        f"{removed}: missing",
        "cancer/notes.txt: not written by the generator",
    }


def test_check_exits_1_and_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(generate, "check", lambda: ["cancer/a.csv: missing"])
    assert generate.main(["--check"]) == 1
    assert capsys.readouterr().err.splitlines() == [
        "cancer/a.csv: missing",
        "next: python examples/generate.py",
    ]


@pytest.mark.parametrize("name", WORKBOOKS)
def test_workbook_says_it_is_an_example_and_what_is_in_it(name: str) -> None:
    front = _open(FILES[name])["Frontpage"]
    basis = "Commissioner" if "COMMISSIONER" in name else "Provider"
    month = {"2025-08": "August 2025", "2025-04": "April 2025"}[name.split("/")[1]]
    assert front["A1"].value.startswith("EXAMPLE: ")
    assert front["A5"].value == "Status: Final Official Statistics"
    assert front["A7"].value == f"Cancer Waiting Times statistics: {basis} Based"
    assert front["A8"].value == month


@pytest.mark.parametrize("name", CSVS)
def test_csv_says_above_its_header_that_it_is_an_example(name: str) -> None:
    rows = list(csv.reader(io.StringIO(FILES[name].decode())))
    header = next(i for i, row in enumerate(rows) if "TOTAL" in row)
    assert any(row[0].startswith("EXAMPLE: ") for row in rows[:header])


@pytest.mark.parametrize("name", WORKBOOKS)
def test_declared_tables_hold_the_organisations_and_no_national_row(name: str) -> None:
    book = _open(FILES[name])
    declared = [
        (sheet, table) for sheet in book.worksheets for table in sheet.tables.values()
    ]
    assert len(declared) == 28
    for sheet, table in declared:
        header, *rows = sheet[table.ref]
        assert header[0].value == "ODS CODE (1)"
        assert all(row[0].value for row in rows)
        below = rows[-1][0].row + 1
        assert sheet.cell(below, 3).value is None
        assert sheet.cell(below + 1, 3).value.startswith("ALL ENGLISH ")


@pytest.mark.parametrize("name", WORKBOOKS)
def test_organisations_add_up_to_the_national_rows(name: str) -> None:
    for sheet in _open(FILES[name]).worksheets[1:]:
        organisations: dict[Key, float] = {}
        national: dict[Key, float] = {}
        for code, labels, total in _rows(sheet):
            side = organisations if code else national
            side[labels] = side.get(labels, 0) + total
        assert organisations == national


@pytest.mark.parametrize("name", WORKBOOKS)
@pytest.mark.parametrize("sheet_name", ["31-DAY (BY CANCER)", "62-DAY (BY CANCER)"])
def test_parts_add_up_to_the_whole_of_each_organisation(
    name: str, sheet_name: str
) -> None:
    wholes: dict[Key, float] = {}
    parts: dict[Key, float] = {}
    for code, (route, cancer), total in _rows(_open(FILES[name])[sheet_name]):
        side = wholes if route in ("ALL STAGES", "ALL ROUTES") else parts
        key = (code, cancer)
        side[key] = side.get(key, 0) + total
    assert wholes == parts


def test_published_figures_of_guys_and_st_thomas() -> None:
    """NHS England, August 2025 final: 2178/2619, 878/969, 171/280.5."""
    book = _open(FILES[f"cancer/2025-08/{cancer_files.workbook_name('2025-08')}"])
    assert book["28-DAY FDS (ALL ROUTES)"]["B10"].value == "RJ1"
    found = [
        [cell.value for cell in book[sheet][10][column : column + 2]]
        for sheet, column in (
            ("28-DAY FDS (ALL ROUTES)", 4),
            ("31-DAY (ALL CANCER)", 5),
            ("62-DAY (ALL CANCER)", 5),
        )
    ]
    assert found == [[2619, 2178], [969, 878], [280.5, 171]]


def test_changed_figures_give_the_provisional_total() -> None:
    """RJ1, 31 days: 878/968, one first treatment fewer; which type it was is open."""
    values = read_values()
    table, cancer = "treatment_31_day_by_cancer", "Urological - Other (a)"
    key = (table, "RJ1", "First Treatment", cancer)
    final = next(f for f in values.figures if f.key == key)
    bands = (*final.bands[:-1], final.bands[-1] - 1)
    provisional = values.changed(Figure(*key, bands))
    data = cancer_files.provider_workbook(provisional, status="provisional", sheets=[4])
    book = _open(data)
    assert book["Frontpage"]["A5"].value == "Status: Provisional Official Statistics"
    row = book["31-DAY (ALL CANCER)"][10]
    assert [cell.value for cell in row[5:8]] == [968, 878, 90]


def test_the_sheets_can_carry_another_month_than_the_front() -> None:
    data = cancer_files.provider_workbook(sheets=[2], sheet_period="2025-04")
    book = _open(data)
    assert book["Frontpage"]["A8"].value == "August 2025"
    assert book["28-DAY FDS (ALL ROUTES)"]["A2"].value == "Apr-25"


def test_copies_keep_the_figures_under_made_up_codes() -> None:
    values = read_values("2025-03").only("RJ1", "RYJ")
    copies = values.copies(3)
    assert list(copies.names) == [f"X{n:04d}" for n in range(6)]
    assert len(copies.figures) == 3 * len(values.figures)
    assert cancer_files.sheet_csv(copies, sheet=3).count(
        b"X0005"
    ) == cancer_files.sheet_csv(values, sheet=3).count(b",RYJ,")


def _open(data: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(data))


def _rows(sheet: Worksheet) -> Iterator[tuple[str, Key, float]]:
    """Code (empty for national rows), labels and total of each data row."""
    total = 0
    for row in sheet.iter_rows(min_row=9, values_only=True):
        if row[1] == "ODS CODE (1)":
            total = row.index("TOTAL")
        elif row[2]:
            yield str(row[1] or ""), tuple(map(str, row[3:total])), float(row[total])
