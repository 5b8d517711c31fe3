"""Killed, starved and crowded runs: the same command again makes all good."""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import BIN, ROOT, Warehouse
from tests.integration import support
from tests.integration.conftest import Quick
from tests.integration.support import assert_ended, assert_four_parts, counted

Maker = Callable[..., Warehouse]
KILLED = -signal.SIGKILL
POINTS = range(10)
LARGE_ROWS = 90_000
RUN = ("dlt", "pipeline", "cancer", "run", "--from")
#: Marts of cancer and all below them; tests change no mart. Marts that are built by
#: partition are killed in test_rtt_rebuild and test_metric_layer.
BUILD = (
    *("dbt", "build", "--quiet", "--exclude-resource-type", "test", "unit_test"),
    *("--select", "+cancer_trust_aggregates", "+cancer_equity_gaps"),
    *("+cancer_reconciliations", "+cancer_wait_bands", "+cancer_load_report"),
)


@dataclass(frozen=True)
class Scene:
    """A warehouse with one month, more files to load, and how that ends undisturbed."""

    before: Warehouse
    files: Path
    raw: dict[str, tuple[int, str]]
    ledger: list[tuple[object, ...]]
    seconds: dict[str, float]


@pytest.fixture(scope="module")
def scene(
    quick: Quick, module_warehouses: Maker, tmp_path_factory: pytest.TempPathFactory
) -> Scene:
    first = tmp_path_factory.mktemp("first")
    support.workbook(first / "JULY-2025.xlsx", "2025-07")
    files = tmp_path_factory.mktemp("more")
    support.workbook(files / "JULY-2025.xlsx", "2025-07", "final", "RJ1", "RYJ")
    support.sheet_csv(files / "5.-31-Day-By-Cancer-Provider-Data.csv")
    (files / "JUNE-2025.xlsx").write_bytes(b"PK\x03\x04 cut short")
    before = module_warehouses()
    assert_ended(quick.load(before, "--from", first), 0)
    done = module_warehouses(like=before)
    assert_ended(quick.load(done, "--from", files), 1)
    seconds = {}
    for phase in ("extract", "normalize", "load"):
        copy = module_warehouses(like=before)
        quick(copy, *RUN, files, phase=phase)
        seconds[phase] = quick.seconds()
    ledger = support.ledger(done)
    assert sorted(row[2] for row in ledger) == [
        *("loaded", "loaded", "quarantined", "superseded")
    ]
    return Scene(before, files, support.raw(done), ledger, seconds)


@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize("phase", ["extract", "normalize", "load"])
def test_a_killed_run_loses_and_doubles_nothing(
    quick: Quick, scene: Scene, make_warehouse: Maker, phase: str, point: int
) -> None:
    copy = make_warehouse(like=scene.before)
    after = scene.seconds[phase] * point / len(POINTS)
    done = quick(copy, *RUN, scene.files, phase=phase, kill_after=after)
    assert done.returncode == KILLED, done.stderr
    # What was loaded before still counts, and nothing of the killed run does.
    assert copy.rows("select status, count(*) from raw_cancer.files group by 1") == [
        ("loaded", 1)
    ]
    done = quick.load(copy, "--from", scene.files)
    assert_ended(done, 1, "cleared what the interrupted run")
    assert support.raw(copy) == scene.raw
    assert support.ledger(copy) == scene.ledger
    assert support.orphans(copy) == 0
    assert copy.rows(
        "select status, count(*) from raw_cancer.runs group by 1 order by 1"
    ) == [("done", 1), ("interrupted", 1), ("problems", 1)]


def test_a_killed_reload_keeps_the_rows_it_was_to_replace(
    quick: Quick, scene: Scene, make_warehouse: Maker
) -> None:
    copy = make_warehouse(like=scene.before)
    quick.load(copy, "--from", scene.files)
    for after in (0.0, scene.seconds["load"] / 2, 60.0):
        force = (*RUN, scene.files, "--force")
        done = quick(copy, *force, phase="load", kill_after=after)
        assert done.returncode == KILLED
        assert support.ledger(copy) == scene.ledger
    done = quick.load(copy, "--from", scene.files)
    assert counted(done)["unchanged"] == 2
    assert support.raw(copy) == scene.raw
    assert support.orphans(copy) == 0


def test_readers_end_with_a_killed_run(warehouse: Warehouse, tmp_path: Path) -> None:
    for month in range(1, 10):
        support.workbook(tmp_path / f"2025-{month:02d}.xlsx", f"2025-{month:02d}")
    run = subprocess.Popen(
        [str(BIN / "dlt"), *RUN[1:], str(tmp_path)],
        cwd=ROOT,
        env=warehouse.environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    readers: set[int] = set()
    until = time.monotonic() + 30
    while len(readers) < 2 and time.monotonic() < until:
        readers = _children(run.pid)
        time.sleep(0.02)
    assert len(readers) >= 2, "several files are read at once"
    run.kill()
    run.wait()
    until = time.monotonic() + 10
    while any(map(_alive, readers)) and time.monotonic() < until:
        time.sleep(0.05)
    assert not any(map(_alive, readers))


def _children(pid: int) -> set[int]:
    found: set[int] = set()
    with contextlib.suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            found |= {int(p) for p in (task / "children").read_text().split()}
    return found


def _alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state != "Z"


# ------------------------------------------------------------------------ dbt build


@dataclass(frozen=True)
class Built:
    """A loaded warehouse, and the marts that an undisturbed build makes of it."""

    before: Warehouse
    gold: dict[str, tuple[int, str]]
    seconds: float


@pytest.fixture(scope="module")
def built(
    quick: Quick, module_warehouses: Maker, tmp_path_factory: pytest.TempPathFactory
) -> Built:
    before = module_warehouses()
    files = tmp_path_factory.mktemp("built")
    support.workbook(files / "AUGUST-2025.xlsx", "2025-08", "final", "RJ1", "RYJ")
    assert_ended(quick.load(before, "--from", files), 0)
    done = module_warehouses(like=before)
    assert_ended(quick(done, *BUILD), 0)
    gold = support.gold(done)
    assert gold["cancer_target_metrics"][0] > 20
    again = module_warehouses(like=before)
    assert_ended(quick(again, *BUILD, phase="build"), 0)
    assert support.gold(again) == gold, "two builds of the same rows are alike"
    return Built(before, gold, quick.seconds())


@pytest.mark.parametrize("first", POINTS[:5])
def test_a_build_killed_twice_is_made_good_by_the_next(
    quick: Quick, built: Built, make_warehouse: Maker, first: int
) -> None:
    copy = make_warehouse(like=built.before)
    for point in (first + 5, first):
        after = built.seconds * point / len(POINTS)
        done = quick(copy, *BUILD, phase="build", kill_after=after)
        assert done.returncode == KILLED, done.stdout
    assert_ended(quick(copy, *BUILD), 0)
    assert support.gold(copy) == built.gold


# --------------------------------------------------------------------- two at once


def test_of_two_runs_at_once_one_waits_and_both_end_well(
    scene: Scene, make_warehouse: Maker
) -> None:
    copy = make_warehouse(like=scene.before)
    command = [str(BIN / "dlt"), *RUN[1:], str(scene.files)]
    runs = [
        subprocess.Popen(
            command,
            cwd=ROOT,
            env={**copy.environment, "HINDCAST_STATE_DIR": str(copy.state / name)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for name in ("one", "other")
    ]
    told = [run.communicate(timeout=60) for run in runs]
    assert [run.returncode for run in runs] == [1, 1], told
    assert sorted(out.splitlines()[2].split()[1:3] for out, _ in told) == [
        *(["0", "2"], ["2", "0"])
    ]
    assert support.raw(copy) == scene.raw
    assert support.orphans(copy) == 0


def test_a_second_run_says_that_it_waits(
    quick: Quick, scene: Scene, make_warehouse: Maker
) -> None:
    import psycopg2

    copy = make_warehouse(like=scene.before)
    with contextlib.closing(psycopg2.connect(copy.url)) as other:
        other.autocommit = True
        with other.cursor() as cursor:
            cursor.execute("select pg_advisory_lock(hashtext('hindcast run cancer'))")
        waiting = subprocess.Popen(
            [str(BIN / "dlt"), *RUN[1:], str(scene.files)],
            cwd=ROOT,
            env=copy.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert waiting.stderr
        assert "another run is at work; waiting" in waiting.stderr.readline()
        assert copy.one("select count(*) from raw_cancer.runs") == 1
    out, err = waiting.communicate(timeout=60)
    assert waiting.returncode == 1, err
    assert support.raw(copy) == scene.raw


def test_a_run_that_waits_too_long_gives_up_politely(
    scene: Scene, make_warehouse: Maker
) -> None:
    import psycopg2

    from loaders import ledger
    from loaders.errors import Failed

    copy = make_warehouse(like=scene.before)
    with (
        contextlib.closing(psycopg2.connect(copy.url)) as one,
        contextlib.closing(psycopg2.connect(copy.url)) as other,
        ledger.exclusive(one, support.CANCER, print),
        pytest.raises(Failed) as told,
        ledger.exclusive(other, support.CANCER, print, wait_seconds=0),
    ):
        pass
    assert_four_parts(str(told.value), "no other run of this pipeline")


# ------------------------------------------------------------- disk, server, clock


@contextlib.contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """A disk of 2 MB, where this machine lets us mount one."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)]
    if os.geteuid() or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("no small disk can be mounted here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def large_csv(folder: Path) -> Path:
    """A csv that takes some megabytes in the spool: its names do not compress."""
    file = folder / "5.-31-Day-By-Cancer-Provider-Data.csv"
    lines = support.sheet_csv(file).read_text().splitlines()
    code, _, rest = lines[9][1:].split(",", 2)
    body = (f",{code},{os.urandom(20).hex()},{rest}" for _ in range(LARGE_ROWS))
    file.write_text("\n".join([*lines[:9], *body]))
    return file


def assert_disk_full(done: subprocess.CompletedProcess[str], why: str) -> None:
    assert_ended(done, 1)
    assert_four_parts(done.stdout, "none of its rows count", why, "disk space")
    assert counted(done)["loaded"] == 0


def test_a_full_disk_is_told_and_the_next_run_is_well(
    quick: Quick, scene: Scene, make_warehouse: Maker, tmp_path: Path
) -> None:
    file = large_csv(tmp_path)
    copy = make_warehouse(like=scene.before)
    before = support.raw(copy)
    with small_disk(tmp_path / "disk") as disk:
        copy.environment["HINDCAST_STATE_DIR"] = str(disk)
        assert_disk_full(quick.load(copy, "--from", file), "No space left")
        assert support.raw(copy) == before
        assert not [p for p in (disk / "spool").rglob("*") if p.is_file()]
    copy.environment["HINDCAST_STATE_DIR"] = str(copy.state)
    done = quick.load(copy, "--from", file, "--retry-failed")
    assert_ended(done, 0)
    assert counted(done)["rows"] == LARGE_ROWS


def test_a_file_size_limit_is_told_and_the_next_run_is_well(
    scene: Scene, quick: Quick, make_warehouse: Maker, tmp_path: Path
) -> None:
    file = large_csv(tmp_path)
    copy = make_warehouse(like=scene.before)

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))

    done = copy.call(*RUN, file, preexec_fn=limit)
    assert_disk_full(done, "File too large")
    assert support.raw(copy) == support.raw(scene.before)
    done = quick.load(copy, "--from", file, "--retry-failed")
    assert_ended(done, 0)


def test_a_load_that_stops_halfway_leaves_no_row_behind(
    quick: Quick, scene: Scene, make_warehouse: Maker
) -> None:
    copy = make_warehouse(like=scene.before)
    before = support.raw(copy)
    # One landing table refuses its rows, so the others are loaded and it is not.
    copy.rows(
        "create function raw_cancer.refuse() returns trigger language plpgsql as"
        " $$ begin raise exception 'no room in this table'; end $$;"
        " create trigger refuse before insert"
        " on raw_cancer.treatment_62_day_waits_landed"
        " for each row execute function raw_cancer.refuse()"
    )
    done = quick.load(copy, "--from", scene.files)
    assert_ended(done, 1)
    assert_four_parts(done.stdout, "none of its rows count", "no room in this table")
    assert counted(done)["failed"] == 2
    assert support.raw(copy) == before
    assert support.orphans(copy) == 0
    copy.rows("drop function raw_cancer.refuse() cascade")
    done = quick.load(copy, "--from", scene.files, "--retry-failed")
    assert counted(done)["loaded"] == 2
    assert support.raw(copy) == scene.raw


def test_a_server_that_is_lost_during_a_load_is_told(
    quick: Quick, scene: Scene, make_warehouse: Maker, monkeypatch: Any
) -> None:
    from dlt.pipeline.pipeline import Pipeline

    from loaders import plan, registry, run

    copy = make_warehouse(like=scene.before)
    for name, value in copy.environment.items():
        monkeypatch.setenv(name, value)
    load = Pipeline.load

    def lose(*args: Any, **options: Any) -> Any:
        copy.rows(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where pid != pg_backend_pid() and datname = current_database()"
        )
        return load(*args, **options)

    monkeypatch.setattr(Pipeline, "load", lose)
    options = plan.Options(sources=(str(scene.files),))
    result = run.run(registry.get("cancer"), options)
    assert result.exit_code == 1
    assert_four_parts(str(result.error), "none of its rows count", "warehouse")
    assert result.count("failed") == 2
    done = quick.load(copy, "--from", scene.files)
    assert_ended(done, 1, "cleared what the interrupted run")
    assert support.raw(copy) == scene.raw
    assert support.ledger(copy) == scene.ledger
    assert support.orphans(copy) == 0


def test_a_clock_that_is_wrong_does_not_change_which_vintage_counts(
    quick: Quick, warehouse: Warehouse, tmp_path: Path
) -> None:
    old = support.workbook(tmp_path / "a" / "AUGUST-2025.xlsx")
    new = support.workbook(
        tmp_path / "b" / "AUGUST-2025.xlsx", "2025-08", "final", "RYJ"
    )
    assert_ended(quick.load(warehouse, "--from", old), 0)
    # The machine of the first load was ten years ahead.
    warehouse.rows(
        "update raw_cancer.files set loaded_at = loaded_at + interval '10 years',"
        " first_seen_at = first_seen_at + interval '10 years'"
    )
    assert_ended(quick.load(warehouse, "--from", new), 0)
    assert warehouse.rows(
        "select file_name, status, source_file like '%%/b/%%' from raw_cancer.files"
        " order by load_sequence"
    ) == [
        ("AUGUST-2025.xlsx", "superseded", False),
        ("AUGUST-2025.xlsx", "loaded", True),
    ]
