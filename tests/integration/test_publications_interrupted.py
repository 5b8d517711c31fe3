"""Publications killed, starved and crowded: rows, layout and views are made good."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from loaders import registry
from loaders.publications.stream import LARGE_BYTES
from tests.conftest import BIN, ROOT, Warehouse
from tests.integration import support
from tests.integration.conftest import Quick
from tests.integration.support import assert_ended, assert_four_parts, counted
from tests.integration.test_interrupted import KILLED, small_disk

Maker = Callable[..., Warehouse]
PUBLICATIONS = registry.get("publications")
RUN = ("dlt", "pipeline", "publications", "run", "--from")
POINTS = range(4)
HEADER = "org_code,org_name,waiting,treated"
#: What a load settles beside the rows: layout, names, views.
SETTLED = {
    "table_details": "publication, table_name, view_name, match_kind, sheet_rows",
    "table_columns": "position, published_name, clean_name, column_name, role",
    "known_tables": "view_name, is_mapped, first_period",
    "known_columns": "view_name, ordinal, column_name",
    "file_sheets": "sheet, kind, tables, reason",
}


def month(path: Path, count: int, more: str = "", value: str = "") -> Path:
    rows = (f"R{i:05},TRUST {i},{100 + i},{i}{value}" for i in range(1, count + 1))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join([f"{HEADER}{more}", *rows]) + "\n")
    return path


def settled(warehouse: Warehouse) -> dict[str, list[tuple[object, ...]]]:
    found = {
        table: warehouse.rows(
            f"select {columns} from raw_publications.{table} order by {columns}"
        )
        for table, columns in SETTLED.items()
    }
    views = warehouse.rows(
        "select view_name from raw_publications.known_tables"
        " where publication = 'clinics' order by 1"
    )
    for (view,) in views:
        found[view] = warehouse.rows(
            "select count(*), max(waiting), min(_period_start)"
            f' from raw_publications."{view}"'
        )
    return found


@dataclass(frozen=True)
class Scene:
    """A warehouse with one month, more files to load, and how that ends undisturbed."""

    before: Warehouse
    files: Path
    raw: dict[str, tuple[int, str]]
    ledger: list[tuple[object, ...]]
    settled: dict[str, list[tuple[object, ...]]]
    seconds: dict[str, float]


@pytest.fixture(scope="module")
def scene(
    quick: Quick, module_warehouses: Maker, tmp_path_factory: pytest.TempPathFactory
) -> Scene:
    first = month(tmp_path_factory.mktemp("a") / "clinics" / "Clinics-May-2025.csv", 50)
    files = tmp_path_factory.mktemp("b") / "clinics"
    # A revision of the month that is there, and a month with another header.
    month(files / "Clinics-May-2025-revised.csv", 51)
    month(files / "Clinics-June-2025.csv", 40, ",cancelled", ",7")
    (files / "Clinics-July-2025.xlsx").write_bytes(b"PK\x03\x04 cut short")
    before = module_warehouses()
    assert_ended(quick.load(before, "--from", first, pipeline="publications"), 0)
    done = module_warehouses(like=before)
    assert_ended(quick.load(done, "--from", files, pipeline="publications"), 1)
    seconds = {}
    for phase in ("extract", "normalize", "load"):
        copy = module_warehouses(like=before)
        quick(copy, *RUN, files, phase=phase)
        seconds[phase] = quick.seconds()
    return Scene(
        *(before, files, support.raw(done, PUBLICATIONS)),
        *(support.ledger(done, PUBLICATIONS), settled(done), seconds),
    )


def assert_made_good(scene: Scene, copy: Warehouse) -> None:
    assert support.raw(copy, PUBLICATIONS) == scene.raw
    assert support.ledger(copy, PUBLICATIONS) == scene.ledger
    assert settled(copy) == scene.settled
    assert support.orphans(copy, PUBLICATIONS) == 0


@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize("phase", ["extract", "normalize", "load"])
def test_a_killed_run_loses_and_doubles_nothing(
    quick: Quick, scene: Scene, make_warehouse: Maker, phase: str, point: int
) -> None:
    copy = make_warehouse(like=scene.before)
    after = scene.seconds[phase] * point / len(POINTS)
    done = quick(copy, *RUN, scene.files, phase=phase, kill_after=after)
    assert done.returncode == KILLED, done.stderr
    assert settled(copy) == settled(scene.before)
    done = quick.load(copy, "--from", scene.files, pipeline="publications")
    assert_ended(done, 1, "cleared what the interrupted run")
    assert_made_good(scene, copy)


def test_a_killed_reload_keeps_the_rows_and_names_it_was_to_replace(
    quick: Quick, scene: Scene, make_warehouse: Maker
) -> None:
    copy = make_warehouse(like=scene.before)
    quick.load(copy, "--from", scene.files, pipeline="publications")
    for after in (0.0, scene.seconds["load"] / 2):
        force = (*RUN, scene.files, "--force")
        done = quick(copy, *force, phase="load", kill_after=after)
        assert done.returncode == KILLED
        assert settled(copy) == scene.settled
    quick.load(copy, "--from", scene.files, pipeline="publications")
    assert_made_good(scene, copy)


def test_of_two_runs_at_once_one_waits_and_both_end_well(
    scene: Scene, make_warehouse: Maker
) -> None:
    copy = make_warehouse(like=scene.before)
    runs = [
        subprocess.Popen(
            [str(BIN / "dlt"), *RUN[1:], str(scene.files)],
            cwd=ROOT,
            env={**copy.environment, "HINDCAST_STATE_DIR": str(copy.state / name)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for name in ("one", "other")
    ]
    told = [run.communicate(timeout=120) for run in runs]
    assert [run.returncode for run in runs] == [1, 1], told
    assert_made_good(scene, copy)


def test_a_full_disk_is_told_and_the_next_run_is_well(
    quick: Quick, scene: Scene, make_warehouse: Maker, tmp_path: Path
) -> None:
    """A csv that is streamed: its names do not compress, so the spool needs room."""
    file = tmp_path / "clinics" / "Clinics-August-2025.csv"
    file.parent.mkdir()
    size = 0
    with file.open("w") as out:
        out.write(f"{HEADER}\n")
        i = 0
        while size <= LARGE_BYTES:
            i += 1
            size += out.write(f"R{i},{os.urandom(100).hex()},{i},{i}\n")
    copy = make_warehouse(like=scene.before)
    before = settled(copy)
    with small_disk(tmp_path / "disk") as disk:
        copy.environment["HINDCAST_STATE_DIR"] = str(disk)
        done = quick.load(copy, "--from", file, pipeline="publications")
        assert_ended(done, 1)
        assert_four_parts(
            done.stdout, "none of its rows count", "No space left", "disk space"
        )
        assert counted(done, "publications")["loaded"] == 0
        assert settled(copy) == before
        assert not [p for p in (disk / "spool").rglob("*") if p.is_file()]
    copy.environment["HINDCAST_STATE_DIR"] = str(copy.state)
    retry = ("--from", file, "--retry-failed")
    done = quick.load(copy, *retry, pipeline="publications")
    assert_ended(done, 0)
    assert counted(done, "publications")["rows"] == i


def test_a_clock_that_is_wrong_does_not_change_which_vintage_counts(
    quick: Quick, warehouse: Warehouse, tmp_path: Path
) -> None:
    old = month(tmp_path / "a" / "clinics" / "Clinics-May-2025.csv", 50)
    new = month(tmp_path / "b" / "clinics" / "Clinics-May-2025-revised.csv", 51)
    assert_ended(quick.load(warehouse, "--from", old, pipeline="publications"), 0)
    # The machine of the first load was ten years ahead.
    warehouse.rows(
        "update raw_publications.files set loaded_at = loaded_at"
        " + interval '10 years', first_seen_at = first_seen_at + interval '10 years'"
    )
    assert_ended(quick.load(warehouse, "--from", new, pipeline="publications"), 0)
    assert warehouse.rows(
        "select file_name, status from raw_publications.files order by load_sequence"
    ) == [
        ("Clinics-May-2025.csv", "superseded"),
        ("Clinics-May-2025-revised.csv", "loaded"),
    ]
