"""Every published file: what the reader sees is what stands there, seen by eye.

``publication_truth.yml`` holds the facts and says what each means.
"""

from __future__ import annotations

import datetime
import functools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

from loaders.sheets import csvtext, workbook
from loaders.sheets.layout import is_number
from loaders.sheets.manifest import describe
from loaders.sheets.names import column_index, column_letter, without_marks
from loaders.sheets.tables import FoundTable, read_tables
from loaders.sheets.wide import LandedTable, to_land
from loaders.sheets.workbook import Sheet

ROOT = Path(__file__).resolve().parents[2]
PUBLICATIONS = ROOT.parent / "shared" / "data" / "publications"
TRUTH = yaml.safe_load(
    (Path(__file__).parent / "publication_truth.yml").read_text(encoding="utf-8")
)
#: Facts that stand in the manifest under the same name.
PLAIN = ("header_rows", "first_data_row", "last_data_row", "data_rows")

pytestmark = pytest.mark.skipif(
    not PUBLICATIONS.is_dir(),
    reason="the real files (../shared/data/publications) are not on this machine",
)


@dataclass
class Reading:
    """What one pass over a file tells, small enough to be kept for all of them."""

    sheets: list[dict[str, Any]]
    landed: dict[str | None, list[Landing]] = field(default_factory=dict)
    rows: dict[tuple[str | None, int], Sequence[Any]] = field(default_factory=dict)
    left_behind: list[str] = field(default_factory=list)

    def sheet(self, name: str | None) -> dict[str, Any]:
        return next(s for s in self.sheets if s["sheet"] == name)


@dataclass
class Landing:
    """A table as it would land, when nothing is known of the file's period."""

    is_wide: bool
    rows: int
    starts: list[str]
    dropped: list[str]
    names: list[str]


@functools.cache
def read(file: str) -> Reading:
    data = (PUBLICATIONS / file).read_bytes()
    reading = Reading(describe(data, Path(file).name)["sheets"])
    for sheet in opened(data, file):
        tables = read_tables(sheet).tables
        reading.landed[sheet.name] = [landing(to_land(t, None)) for t in tables]
        for table in tables:
            for row in (table.region.first_data_row, table.region.last_data_row):
                reading.rows[sheet.name, row] = sheet.rows[row - 1]
        reading.left_behind += left_behind(sheet, tables)
    return reading


def opened(data: bytes, file: str) -> Iterator[Sheet]:
    if workbook.sniff(data) == "text":
        rows: list[list[Any]] = list(csvtext.read_csv(data, file).rows)
        return iter([Sheet(None, False, rows)])
    return workbook.open_workbook(data, file)


def landing(lands: LandedTable) -> Landing:
    names = [column.clean_name for column in lands.columns]
    starts: list[str] = []
    if lands.is_wide:
        starts = lands.batch.column(names.index("period_start")).to_pylist()
    rows = lands.batch.num_rows
    dropped = [period_text(p) for p in lands.dropped_periods]
    return Landing(lands.is_wide, rows, list(dict.fromkeys(starts)), dropped, names)


def left_behind(sheet: Sheet, tables: Sequence[FoundTable]) -> list[str]:
    """Figures below the first header of a sheet that stand in no table of it.

    Not counted is the zero that a total over nothing leaves in a spacer.
    """
    end = len(sheet.rows) + 1
    inside: dict[int, set[int]] = {}
    totals = {row for table in tables for row in table.region.aggregate_rows}
    for table in tables:
        columns = {column.index for column in table.columns}
        first, last = table.region.header_rows
        for row in (*range(first, last + 1), *table.row_numbers):
            inside.setdefault(row, set()).update(columns)
    return [
        f"{sheet.name}!{column_letter(column)}{row}"
        for row in range(min(inside, default=end), end)
        for column, cell in enumerate(sheet.rows[row - 1])
        if column not in inside.get(row, ())
        and is_number(cell)
        and not (row in totals and cell == 0)
    ]


def letters_of(truth: dict[str, Any]) -> set[str]:
    parts = ("names", "clean_names", "first_row")
    return {letter for part in parts for letter in truth.get(part, ())}


def found_table(truth: dict[str, Any]) -> dict[str, Any]:
    """The table of the sheet that shares most columns with the truth."""
    sheet = read(truth["file"]).sheet(truth["sheet"])
    assert sheet["tables"], f"no table found, the sheet is called {sheet['kind']}"
    wanted = letters_of(truth)
    header = truth["layout"]["header_rows"][1]

    def likeness(table: dict[str, Any]) -> tuple[int, int]:
        shared = wanted & {c["letter"] for c in table["columns"]}
        return len(shared), -abs(table["header_rows"][1] - header)

    return max(sheet["tables"], key=likeness)


def layout_of(truth: dict[str, Any], table: dict[str, Any]) -> dict[str, Any]:
    """The facts of the manifest under the names of the truth."""
    sheet = read(truth["file"]).sheet(truth["sheet"])
    return {
        **{key: table[key] for key in PLAIN},
        "aggregate_rows": table["aggregate_rows"],
        "rows": table["data_rows"] + len(table["aggregate_rows"]),
        "columns": sum(c["role"] != "spacer" for c in table["columns"]),
        "footer_first_row": next(iter(table["footer_rows"]), None),
        "tables_on_sheet": len(sheet["tables"]),
        "hidden": sheet["hidden"],
    }


def plain(text: str) -> str:
    return " ".join(text.split())


def period_text(published: str) -> str:
    """A period's heading without its mark; a date is its month, as Nov-25."""
    plain_text = without_marks(published).split("[")[0].strip()
    try:
        return datetime.date.fromisoformat(plain_text[:10]).strftime("%b-%y")
    except ValueError:
        return plain_text


def first_of_month(published: str) -> str:
    month = datetime.datetime.strptime(period_text(published), "%b-%y")
    return month.date().isoformat()


def same(expected: Any, cell: Any) -> bool:
    if isinstance(cell, datetime.date):
        return cell.isoformat()[:10] == str(expected)
    if isinstance(expected, int | float) and not isinstance(expected, bool):
        number = str(cell).replace(",", "").strip()
        try:
            return float(number) == pytest.approx(expected)
        except ValueError:
            return False
    return plain(str(cell)) == plain(str(expected))


def wrong_cells(truth: dict[str, Any], table: dict[str, Any]) -> list[str]:
    reading = read(truth["file"])
    wrong = []
    for part, key in (("first_row", "first_data_row"), ("last_row", "last_data_row")):
        row = table[key]
        for letter, expected in truth.get(part, {}).items():
            cell = reading.rows[truth["sheet"], row][column_index(letter)]
            if not same(expected, cell):
                where = f"{part} {letter}{row}"
                wrong.append(f"{where}: expected {expected!r}, is {cell!r}")
    return wrong


def wrong_names(truth: dict[str, Any], table: dict[str, Any]) -> list[str]:
    columns = {c["letter"]: c for c in table["columns"] if c["role"] != "spacer"}
    wrong = []
    for part, key in (("names", "name"), ("clean_names", "clean_name")):
        for letter, expected in truth.get(part, {}).items():
            found = columns[letter][key] if letter in columns else None
            if found is None or plain(found) != plain(expected):
                wrong.append(f"{key} of {letter}: expected {expected!r}, is {found!r}")
    return wrong


def wrong_landing(truth: dict[str, Any], table: dict[str, Any]) -> list[str]:
    """What lands: every row once, or a wide one once for each period with a value."""
    reading = read(truth["file"])
    place = reading.sheet(truth["sheet"])["tables"].index(table)
    lands = reading.landed[truth["sheet"]][place]
    wide = truth.get("wide", {"kept": [], "dropped": []})
    printed = [c["name"] for c in table["columns"] if c["role"] == "period"]
    kept = [p for p in map(period_text, printed) if p not in lands.dropped]
    facts: list[tuple[str, Any, Any]] = [
        ("is_wide", "wide" in truth, lands.is_wide),
        ("periods", [period_text(p) for p in wide["kept"]], kept),
        ("period_start", [first_of_month(p) for p in wide["kept"]], lands.starts),
        ("dropped_periods", [period_text(p) for p in wide["dropped"]], lands.dropped),
    ]
    if "wide" not in truth:
        rows = table["data_rows"] + len(table["aggregate_rows"])
        facts.append(("rows landed", rows, lands.rows))
        columns = truth["layout"].get("columns", len(lands.names))
        facts.append(("columns landed", columns, len(lands.names)))
    return [f"{what}: expected {e}, is {f}" for what, e, f in facts if e != f]


def case(truth: dict[str, Any]) -> str:
    name = Path(truth["file"]).stem.replace(" ", "-")
    first = truth["layout"]["header_rows"][0]
    return f"{name[:24]}..{name[-12:]}:{truth['sheet'] or 'csv'}:{first}"


@pytest.mark.parametrize("truth", TRUTH["tables"], ids=case)
def test_the_table_is_read_as_it_stands(truth):
    table = found_table(truth)
    stated = {"hidden": False, "tables_on_sheet": 1, **truth["layout"]}
    found = layout_of(truth, table)
    wrong = [
        f"{fact}: expected {expected}, is {found[fact]}"
        for fact, expected in stated.items()
        if found[fact] != expected
    ]
    wrong += wrong_names(truth, table)
    wrong += wrong_cells(truth, table)
    wrong += wrong_landing(truth, table)
    where = f"{truth['file']}, sheet {truth['sheet']} ({truth.get('why', 'plain')})"
    assert not wrong, "\n  ".join([where, *wrong])


FILES = [
    (str(Path(group["folder"]) / name), group["sheets"])
    for group in TRUTH["files"]
    for name in group["names"]
]


@pytest.mark.parametrize(("file", "sheets"), FILES, ids=[f[-40:] for f, _ in FILES])
def test_every_sheet_is_known_for_what_it_is(file, sheets):
    stated = {None: "data"} if sheets == "data" else sheets
    found = {s["sheet"]: s for s in read(file).sheets}
    assert list(found) == list(stated)
    for name, said in stated.items():
        hidden = said.startswith("hidden ")
        kinds = said.removeprefix("hidden ").split(" or ")
        assert found[name]["kind"] in kinds, f"kind of {name}"
        assert found[name]["hidden"] is hidden, f"{name} is hidden"


BOOKS = [file for file, _ in FILES if not file.endswith(".csv")]


@pytest.mark.parametrize("file", BOOKS, ids=lambda f: f[-40:])
def test_no_figure_below_a_header_is_left_behind(file):
    places = read(file).left_behind
    assert not places, f"{len(places)} figures in no table: {places[:8]}"


@pytest.mark.parametrize("folder", sorted({g["folder"] for g in TRUTH["files"]}))
def test_no_column_comes_or_goes_but_those_that_do(folder):
    if folder in ("adhd_values", "gp_registered_patients", "."):
        pytest.skip("its files are different tables")
    names: dict[tuple[str, int], list[set[str]]] = {}
    for file in (file for file, _ in FILES if Path(file).parent.name == folder):
        for sheet, landings in read(file).landed.items():
            for place, lands in enumerate(landings):
                table = sheet or " ".join(lands.names[:2])
                cut = {re.sub("_[0-9a-f]{8}$", "", name) for name in lands.names}
                names.setdefault((table, place), []).append(cut)
    changing = {
        table: sorted(set.union(*found) - set.intersection(*found))
        for (table, _), found in names.items()
    }
    stated = {
        c["table"]: c["columns"] for c in TRUTH["changing"] if c["folder"] == folder
    }
    assert {t: c for t, c in changing.items() if c} == {
        t: sorted(c) for t, c in stated.items()
    }


def test_no_file_is_left_out_of_the_truth():
    there = {p.relative_to(PUBLICATIONS) for p in PUBLICATIONS.rglob("*.*")}
    assert {Path(file) for file, _ in FILES} == there
