"""Publications from file to view: drift, maps, parts, vintages, and loading again."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from loaders import registry
from tests.conftest import Warehouse
from tests.integration import support
from tests.integration.conftest import Quick
from tests.integration.support import assert_ended, assert_four_parts, counted

PUBLICATIONS = registry.get("publications")
HEADER = ("org_code", "org_name", "waiting", "treated")
Rows = Sequence[Sequence[object]]


def csv_of(header: Sequence[str], rows: Rows) -> str:
    lines = [",".join(header), *(",".join(map(str, row)) for row in rows)]
    return "\n".join(lines) + "\n"


def trusts(first: int, count: int, *more: object) -> Rows:
    return [
        (f"R{i:02}", f"TRUST {i}", 100 + i, i, *more)
        for i in range(first, first + count)
    ]


def write(path: Path, header: Sequence[str], rows: Rows) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(csv_of(header, rows))
    return path


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    """A folder whose name is the publication's: it is in no registry."""
    return tmp_path / "clinic_waits"


@pytest.fixture
def own_project(warehouse: Warehouse, tmp_path: Path) -> Path:
    """A project folder of its own, with maps that a test may write."""
    folder = tmp_path / "project"
    folder.mkdir()
    support.ask_at_once(warehouse, folder)
    return folder


def load(quick: Quick, warehouse: Warehouse, *sources: Path, code: int = 0) -> str:
    words = [word for path in sources for word in ("--from", path)]
    done = quick.load(warehouse, *words, pipeline="publications")
    assert_ended(done, code)
    return done.stdout + done.stderr


def columns(warehouse: Warehouse, view: str) -> list[str]:
    own = warehouse.rows(
        "select column_name from raw_publications.known_columns"
        f" where view_name = '{view}' order by ordinal"
    )
    return [name for (name,) in own]


def test_a_new_column_lands_beside_the_others_and_is_null_before(
    quick: Quick, warehouse: Warehouse, inbox: Path
) -> None:
    write(inbox / "Clinic-Waits-April-2025.csv", HEADER, trusts(1, 20))
    write(inbox / "Clinic-Waits-May-2025.csv", (*HEADER, "cancelled"), trusts(1, 20, 7))
    told = load(quick, warehouse, inbox)
    assert "clinic_waits" in told
    view = "clinic_waits__clinic_waits"
    assert columns(warehouse, "clinic_waits__clinic_waits") == [*HEADER, "cancelled"]
    assert warehouse.rows(
        "select _period_start::text, count(*), count(cancelled), min(waiting)"
        f" from raw_publications.{view} group by 1 order by 1"
    ) == [("2025-04-01", 20, 0, "101"), ("2025-05-01", 20, 20, "101")]
    assert warehouse.rows(
        "select match_kind from raw_publications.table_details order by table_key"
    ) == [("new",), ("overlap",)]


def test_columns_in_another_order_stay_themselves(
    quick: Quick, warehouse: Warehouse, inbox: Path
) -> None:
    write(inbox / "Clinic-Waits-April-2025.csv", HEADER, trusts(1, 5))
    turned = [row[::-1] for row in trusts(1, 5)]
    write(inbox / "Clinic-Waits-May-2025.csv", HEADER[::-1], turned)
    load(quick, warehouse, inbox)
    assert warehouse.rows(
        "select distinct org_name, waiting from"
        " raw_publications.clinic_waits__clinic_waits where org_code = 'R03'"
    ) == [("TRUST 3", "103")]


def test_a_zip_loaded_three_times_keeps_every_member_once(
    quick: Quick, warehouse: Warehouse, inbox: Path
) -> None:
    inbox.mkdir()
    with zipfile.ZipFile(inbox / "Clinic-Waits-November-2025.zip", "w") as archive:
        for i, region in enumerate(("north", "south", "east")):
            archive.writestr(
                f"{region}_November_2025.csv", csv_of(HEADER, trusts(10 * i, 10))
            )
    load(quick, warehouse, inbox)
    before = support.raw(warehouse, PUBLICATIONS)
    for again in ("--limit=9", "--force", "--force"):
        done = quick.load(warehouse, "--from", inbox, again, pipeline="publications")
        assert_ended(done, 0)
    assert support.raw(warehouse, PUBLICATIONS) == before
    assert support.orphans(warehouse, PUBLICATIONS) == 0
    ((rows, statuses, bases),) = warehouse.rows(
        "select (select count(*) from raw_publications.rows_16),"
        " (select string_agg(distinct status, ',') from raw_publications.files),"
        " (select count(distinct basis) from raw_publications.file_tables)"
    )
    assert (rows, statuses, bases) == (30, "loaded", 3)


def test_a_revised_file_supersedes_the_original_under_any_name(
    quick: Quick, warehouse: Warehouse, inbox: Path
) -> None:
    write(inbox / "Clinics-April-2025-revised.csv", HEADER, trusts(1, 20))
    original = [(c, n, w + (c == "R07"), t) for c, n, w, t in trusts(1, 20)]  # type: ignore[operator]
    write(inbox / "Monthly-Clinic-April-2025.csv", HEADER, original)
    load(quick, warehouse, inbox)
    assert warehouse.rows(
        "select file_name, status, release_status from raw_publications.files"
        " order by 1"
    ) == [
        ("Clinics-April-2025-revised.csv", "loaded", "revised"),
        ("Monthly-Clinic-April-2025.csv", "superseded", "unknown"),
    ]


def test_an_accepted_change_is_expected_and_a_reviewed_meaning_parts_a_series(
    quick: Quick, warehouse: Warehouse, inbox: Path, own_project: Path
) -> None:
    write(inbox / "Clinic-Waits-April-2025.csv", HEADER, trusts(1, 20))
    write(inbox / "Clinic-Waits-May-2025.csv", HEADER, trusts(2, 20))
    load(quick, warehouse, inbox)
    done = quick(warehouse, "hindcast", "accept", "clinic_waits")
    assert_ended(done, 0, "new table", "columns.csv")
    again = quick(warehouse, "hindcast", "accept", "clinic_waits")
    assert_ended(again, 0, "nothing to accept")
    path = own_project / "maps" / "clinic_waits" / "columns.csv"
    lines = path.read_text().splitlines()
    assert lines[0] == "table,column,unit,note,2025-04"
    (line,) = [one for one in lines if ",waiting," in one]
    lines.remove(line)
    lines = [f"{one}," for one in lines]
    lines[0] = "table,column,unit,note,2025-04,2025-05"
    lines += [
        "clinic_waits,waiting_adults,people,aged 16 and over,waiting,-1",
        "clinic_waits,waiting_all,people,all ages,-1,waiting",
    ]
    path.write_text("\n".join(lines) + "\n")
    assert_ended(quick(warehouse, "hindcast", "up"), 0)
    assert warehouse.rows(
        "select _period_start::text, count(waiting_adults), count(waiting_all)"
        " from raw_publications.clinic_waits__clinic_waits group by 1 order by 1"
    ) == [("2025-04-01", 20, 0), ("2025-05-01", 0, 20)]


def test_a_map_that_is_not_well_formed_stops_the_run_with_its_line(
    quick: Quick, warehouse: Warehouse, inbox: Path, own_project: Path
) -> None:
    folder = own_project / "maps" / "clinic_waits"
    folder.mkdir(parents=True)
    (folder / "tables.csv").write_text("table,2025-04\nclinic_waits,*\n")
    (folder / "columns.csv").write_text("table,column,unit,note,2025-04\na,b\n")
    write(inbox / "Clinic-Waits-April-2025.csv", HEADER, trusts(1, 20))
    done = quick.load(warehouse, "--from", inbox, pipeline="publications")
    assert done.returncode == 2
    assert_four_parts(done.stderr, "columns.csv line 2")


def test_a_view_of_somebody_else_is_never_dropped_in_silence(
    quick: Quick, warehouse: Warehouse, inbox: Path
) -> None:
    write(inbox / "Clinic-Waits-April-2025.csv", HEADER, trusts(1, 20))
    load(quick, warehouse, inbox)
    warehouse.rows("create schema mine")
    warehouse.rows(
        "create view mine.v as"
        " select * from raw_publications.clinic_waits__clinic_waits"
    )
    changed = (*HEADER, "cancelled")
    write(inbox / "Clinic-Waits-May-2025.csv", changed, trusts(1, 20, 7))
    done = quick.load(warehouse, "--from", inbox, pipeline="publications")
    assert done.returncode == 1
    assert_four_parts(done.stderr + done.stdout, "mine.v")
    warehouse.rows("drop view mine.v")
    load(quick, warehouse, inbox)
    assert support.orphans(warehouse, PUBLICATIONS) == 0
    assert (
        counted(
            quick.load(warehouse, "--from", inbox, pipeline="publications"),
            "publications",
        )["unchanged"]
        == 2
    )
