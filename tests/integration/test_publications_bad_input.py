"""Publications that cannot be trusted: told in four parts, the others are loaded."""

from __future__ import annotations

import io
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from openpyxl import Workbook

from loaders import registry
from tests.conftest import Warehouse
from tests.integration import bad_files, support
from tests.integration.conftest import Done, Quick
from tests.integration.support import assert_ended, assert_four_parts, counted

Maker = Callable[..., Warehouse]
PUBLICATIONS = registry.get("publications")
HEADER = ("org_code", "org_name", "waiting", "treated")


def book(*rows: Sequence[object], sheet: str = "Table 1") -> bytes:
    made = Workbook()
    page = made.active
    assert page is not None
    page.title = sheet
    for row in rows:
        page.append(row)
    written = io.BytesIO()
    made.save(written)
    return written.getvalue()


def trusts(count: int = 20, more: int = 0) -> list[tuple[object, ...]]:
    return [(f"R{i:02}", f"TRUST {i}", 100 + i + more, i) for i in range(1, count + 1)]


def csv_of(rows: Sequence[Sequence[object]], header: Sequence[str] = HEADER) -> str:
    return "".join(f"{','.join(map(str, row))}\n" for row in (header, *rows))


def wide(columns: int) -> bytes:
    names = ["org_code", *(f"measure {i}" for i in range(1, columns))]
    rows = [(f"R{i:02}", *range(i, i + columns - 1)) for i in range(5)]
    return book(["Waits by measure"], names, *rows)


GOOD_BOOK = book(["Waits"], ["Period: April 2025"], [], HEADER, *trusts())
NOISE = random.Random(4)
LONGER = csv_of(trusts()).replace("R10,TRUST 10,", "R10,TRUST 10, THE TENTH,")
EVIL = ("org_code", "select", '"a""b%s; drop"', "_file_id", "_source_row", "basis")

GOOD: dict[str, bytes | str] = {
    "clinics/Clinics-April-2025.xlsx": GOOD_BOOK,
    # One name, two contents, two months.
    "beds/2025-05/Beds.csv": csv_of(trusts(21)),
    "beds/2025-06/Beds.csv": csv_of(trusts(21, 5)),
    "wards/Wards-May-2025.xlsx": wide(1000),
    "rooms/Rooms-May-2025.csv": csv_of([(1, 2, 3, 4, 5, 6), (2, 3, 4, 5, 6, 7)], EVIL),
    "staff/Staff-May-2025.csv": csv_of(trusts(), HEADER) + '\n"Note 1: all, of them"\n',
}


@dataclass(frozen=True)
class Bad:
    """A file that has to be set aside, and what must be said of it."""

    name: str
    content: bytes | str
    said: tuple[str, ...]


BAD = (
    *(
        Bad(f"noise-May-2025.{kind}", NOISE.randbytes(4000), (said,))
        for kind, said in {
            **dict.fromkeys(("xlsx", "xls", "xlsb", "ods"), "neither"),
            "csv": "NUL",
        }.items()
    ),
    Bad("bomb-May-2025.xlsx", bad_files.bomb(), ("200 times",)),
    Bad("cut-May-2025.xlsx", GOOD_BOOK[:-300], ("breaks off",)),
    Bad("secret-May-2025.xlsx", bad_files.ole("EncryptedPackage"), ("password",)),
    Bad(
        "page-May-2025.xls",
        "<html><table><tr><td>code</td><td>1</td></tr></table></html>",
        ("a web page",),
    ),
    Bad("empty-May-2025.xlsx", book(), ("Table 1: empty",)),
    Bad("empty-May-2025.csv", "", ("cannot read the csv", "an empty file")),
    Bad("commas-May-2025.csv", ",,,\n,,,\n", ("the file: empty",)),
    Bad("names-May-2025.csv", "org_code,waiting\n", ("a header with rows below",)),
    Bad("wide-May-2025.xlsx", wide(1001), ("at most 1000 columns", "1001 columns")),
    Bad("longer-May-2025.csv", LONGER, ("row 11", "4 cells", "5 cells")),
    Bad("short-May-2025.csv", csv_of(trusts()) + "R21,TRU", ("row 22", "2 cells")),
    Bad("nul-May-2025.csv", "a,b\n1,\0\n2,3\n", ("line 2", "NUL")),
    Bad("quote-May-2025.csv", 'a,b\n1,"2\n2,3\n', ("row 2", "quotes")),
    Bad(
        "Clinics-July-2025.xlsx",
        book(["Waits"], ["Period: June 2025"], [], HEADER, *trusts()),
        ("row 2", "says 2025-06", "its name says 2025-07"),
    ),
    Bad("Clinics.csv", csv_of(trusts(5)), ("no period", "--period YYYY-MM")),
)


@dataclass(frozen=True)
class Ended:
    """The one load of all of them, and where it went."""

    warehouse: Warehouse
    folder: Path
    done: Done


def write(path: Path, content: bytes | str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def run(quick: Quick, warehouse: Warehouse, *words: str | Path) -> Done:
    return quick.load(warehouse, *words, pipeline="publications")


@pytest.fixture(scope="module")
def mixed(
    quick: Quick, module_warehouses: Maker, tmp_path_factory: pytest.TempPathFactory
) -> Ended:
    """Good and bad files loaded by one command."""
    folder = tmp_path_factory.mktemp("mixed")
    for name, content in GOOD.items():
        write(folder / name, content)
    for bad in BAD:
        write(folder / "bad" / bad.name, bad.content)
    # The content of one publication once more, in the folder of another.
    write(folder / "others" / "Clinics-April-2025.xlsx", GOOD_BOOK)
    made = module_warehouses()
    return Ended(made, folder, run(quick, made, "--from", folder))


def test_the_others_are_loaded_and_the_code_is_1(mixed: Ended) -> None:
    assert_ended(mixed.done, 1)
    ended = counted(mixed.done, "publications")
    assert {k: ended[k] for k in ("loaded", "unchanged", "quarantined", "failed")} == {
        "loaded": len(GOOD),
        "unchanged": 1,
        "quarantined": len(BAD),
        "failed": 0,
    }
    assert support.orphans(mixed.warehouse, PUBLICATIONS) == 0


def test_publications_that_nobody_registered_are_told(mixed: Ended) -> None:
    told = mixed.done.stdout
    assert "of no publication in publications.yml" in told
    assert mixed.warehouse.rows(
        "select publication from raw_publications.publications"
        " where not is_registered order by 1"
    ) == [("beds",), ("clinics",), ("rooms",), ("staff",), ("wards",)]


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: bad.name)
def test_a_bad_file_is_told_in_four_parts(mixed: Ended, bad: Bad) -> None:
    source = str(mixed.folder / "bad" / bad.name)
    ((status, reason, again),) = mixed.warehouse.rows(
        "select status, reason, next_command from raw_publications.files"
        " where source_file = %s",
        source,
    )
    assert status == "quarantined"
    assert again == f"dlt pipeline publications run --from {source} --retry-failed"
    assert_four_parts(reason, bad.name, *bad.said)
    told = [line for line in mixed.done.stdout.splitlines() if line.endswith(again)]
    assert len(told) == 1


def test_one_name_in_two_months_is_two_files(mixed: Ended) -> None:
    assert mixed.warehouse.rows(
        "select _period_start::text, count(*), min(waiting) from"
        " raw_publications.beds__beds group by 1 order by 1"
    ) == [("2025-05-01", 21, "101"), ("2025-06-01", 21, "106")]


def test_the_same_content_is_loaded_once_whosever_it_is(mixed: Ended) -> None:
    assert mixed.warehouse.rows(
        "select status, publication, source_file like '%%/clinics/%%'"
        " from raw_publications.files as f"
        " inner join raw_publications.table_details using (_file_id)"
        " where file_name = 'Clinics-April-2025.xlsx'"
    ) == [("loaded", "clinics", True)]
    assert "same content as" in mixed.done.stderr


def test_a_thousand_columns_land_and_one_more_does_not(mixed: Ended) -> None:
    ((view, columns),) = mixed.warehouse.rows(
        "select view_name, count(*) from raw_publications.known_columns"
        " where view_name like 'wards%%' group by 1"
    )
    assert columns == 1000
    assert mixed.warehouse.rows(
        f"select org_code, measure_1, measure_999 from raw_publications.{view}"
        " order by _source_row limit 1"
    ) == [("R00", "0", "998")]


def test_names_that_attack_or_collide_are_only_names(mixed: Ended) -> None:
    columns = [
        name
        for (name,) in mixed.warehouse.rows(
            "select column_name from raw_publications.known_columns"
            " where view_name = 'rooms__rooms' order by ordinal"
        )
    ]
    assert len(set(columns)) == 6
    assert not {"_file_id", "_source_row", "basis"} & set(columns)
    listed = ", ".join(f'"{c}"' for c in columns)
    assert mixed.warehouse.rows(
        f"select {listed}, _source_row from raw_publications.rooms__rooms"
        " order by _source_row"
    ) == [(*"123456", 2), (*"234567", 3)]


# ------------------------------------------------------------------- what is asked for


def test_a_file_set_aside_is_read_again_when_asked(
    quick: Quick, warehouse: Warehouse, tmp_path: Path
) -> None:
    file = write(tmp_path / "clinics" / "Clinics.csv", csv_of(trusts()))
    assert_ended(run(quick, warehouse, "--from", file), 1, "--period YYYY-MM")
    again = run(quick, warehouse, "--from", file)
    assert_ended(again, 1)
    assert counted(again, "publications")["loaded"] == 0
    done = run(
        quick, warehouse, "--from", file, "--retry-failed", "--period", "2025-05"
    )
    assert_ended(done, 0)
    assert warehouse.rows(
        "select status, period_start::text, period_source, rows_landed"
        " from raw_publications.files"
    ) == [("loaded", "2025-05-01", "option", 20)]


def test_only_the_periods_that_are_asked_for_are_loaded(
    quick: Quick, warehouse: Warehouse, tmp_path: Path
) -> None:
    for i, month in enumerate(("April", "May", "June")):
        write(tmp_path / f"Clinics-{month}-2025.csv", csv_of(trusts(20, i)))
    months = ("--period", "2025-04", "--period", "2025-06")
    done = run(quick, warehouse, "--from", tmp_path, *months)
    assert_ended(done, 0)
    assert warehouse.rows(
        "select period_start::text from raw_publications.files order by 1"
    ) == [("2025-04-01",), ("2025-06-01",)]


def test_loading_again_by_force_changes_nothing(
    quick: Quick, warehouse: Warehouse, tmp_path: Path
) -> None:
    write(tmp_path / "Clinics-April-2025.xlsx", GOOD_BOOK)
    write(tmp_path / "Clinics-May-2025.csv", csv_of(trusts(30)))
    assert_ended(run(quick, warehouse, "--from", tmp_path), 0)
    before = (
        support.raw(warehouse, PUBLICATIONS),
        support.ledger(warehouse, PUBLICATIONS),
    )
    details = warehouse.rows(
        "select count(*), count(distinct (table_key, position))"
        " from raw_publications.table_columns"
    )
    done = run(quick, warehouse, "--from", tmp_path, "--force")
    assert_ended(done, 0)
    assert counted(done, "publications")["loaded"] == 2
    after = (
        support.raw(warehouse, PUBLICATIONS),
        support.ledger(warehouse, PUBLICATIONS),
    )
    assert after == before
    assert support.orphans(warehouse, PUBLICATIONS) == 0
    assert (
        warehouse.rows(
            "select count(*), count(distinct (table_key, position))"
            " from raw_publications.table_columns"
        )
        == details
    )


def test_a_registry_that_cannot_be_read_stops_the_run_with_its_lines(
    quick: Quick, warehouse: Warehouse, tmp_path: Path
) -> None:
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "own.yml").write_text(
        "publications:\n  clinics:\n    name: Clinics\n    frequency: sometimes\n"
        "    nonsense: 1\n"
    )
    support.ask_at_once(warehouse, folder, '[hindcast]\npublications = "own.yml"\n')
    write(tmp_path / "clinics" / "Clinics-May-2025.csv", csv_of(trusts()))
    done = run(quick, warehouse, "--from", tmp_path / "clinics")
    assert done.returncode == 2
    assert_four_parts(done.stderr, "own.yml", "line 4", "line 5")
    (folder / "own.yml").write_text("publications: [\n")
    done = run(quick, warehouse, "--from", tmp_path / "clinics")
    assert done.returncode == 2
    assert_four_parts(done.stderr, "own.yml", "line ")
