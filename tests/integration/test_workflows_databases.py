"""Databases as sources: loaded once, then what is new, whatever happens between."""

from __future__ import annotations

import contextlib
import signal
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from loaders import registry
from tests.conftest import Warehouse
from tests.integration import support
from tests.integration.conftest import Quick
from tests.integration.support import assert_ended, assert_four_parts
from tests.integration.workflow_sources import (
    FIRST,
    LATER,
    SCHEMA,
    Server,
    Sqlite,
    cursors,
    landed,
    load,
    outcome,
)

WORKFLOWS = registry.get("workflows")
RUN = ("dlt", "pipeline", "workflows", "run", "--from")
KILLED = -signal.SIGKILL


@pytest.fixture(params=["sqlite", "postgres"])
def history(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    make_warehouse: Callable[..., Warehouse],
) -> Any:
    made = (
        Sqlite(tmp_path / "history.db")
        if request.param == "sqlite"
        else Server(make_warehouse())
    )
    made.do(*SCHEMA, *FIRST)
    return made


def test_a_database_is_loaded_once_and_then_what_is_new(
    quick: Quick, warehouse: Warehouse, history: Any
) -> None:
    planned = load(quick, warehouse, "--from", history.place, "--dry-run")
    assert_ended(planned, 0, "to load")
    assert (
        warehouse.one("select count(*) from pg_namespace where nspname like 'raw%%'")
        == 0
    )
    done = load(quick, warehouse, "--from", history.place)
    assert_ended(done, 0)
    assert (outcome(done)["loaded"], outcome(done)["rows"]) == (1, 5)
    first = landed(warehouse)
    assert first["workflows"] == [
        ("a1", "running"),
        ("b2", "completed"),
        ("c3", "failed"),
    ]
    done = load(quick, warehouse, "--from", history.place)
    assert_ended(done, 0)
    assert (outcome(done)["unchanged"], outcome(done)["rows"]) == (1, 0)
    history.do(*LATER)
    done = load(quick, warehouse, "--from", history.place)
    assert_ended(done, 0)
    assert (outcome(done)["loaded"], outcome(done)["rows"]) == (1, 2)
    second = landed(warehouse)
    assert second["workflows"] == [*first["workflows"], ("a1", "completed")]
    assert second["events"] == [*first["events"], ("e3",)]
    done = load(quick, warehouse, "--from", history.place)
    assert outcome(done)["unchanged"] == 1
    assert landed(warehouse) == second
    assert list((warehouse.state / "fetched" / "workflows").iterdir()) == []
    # Everything again is a version of its own; the models merge it.
    done = load(quick, warehouse, "--from", history.place, "--force")
    assert outcome(done)["rows"] == 6
    assert outcome(load(quick, warehouse, "--from", history.place))["unchanged"] == 1


@pytest.mark.parametrize("phase", ["extract", "load"])
def test_a_killed_run_moves_no_cursor(
    quick: Quick, warehouse: Warehouse, history: Any, phase: str
) -> None:
    assert_ended(load(quick, warehouse, "--from", history.place), 0)
    before, marks = landed(warehouse), cursors(warehouse)
    history.do(*LATER)
    done = quick(warehouse, *RUN, history.place, phase=phase, kill_after=60)
    assert done.returncode == KILLED
    assert (landed(warehouse), cursors(warehouse)) == (before, marks)
    (left,) = (warehouse.state / "fetched" / "workflows").iterdir()
    done = load(quick, warehouse, "--from", history.place)
    assert_ended(done, 0)
    assert outcome(done)["rows"] == 2
    assert cursors(warehouse) != marks
    assert not left.exists()
    assert support.orphans(warehouse, WORKFLOWS) == 0


def test_what_was_not_loaded_moves_no_cursor(
    quick: Quick, warehouse: Warehouse, history: Any
) -> None:
    assert_ended(load(quick, warehouse, "--from", history.place), 0)
    marks = cursors(warehouse)
    history.do(*LATER)
    # Nothing may land: the run fails, and the next one takes the same rows.
    warehouse.rows(
        "create function no() returns trigger language plpgsql as"
        " $$ begin raise exception 'the disk is full'; end $$;"
        " create trigger no before insert on raw_workflows.hook_events_landed"
        " execute function no()"
    )
    done = load(quick, warehouse, "--from", history.place)
    assert done.returncode == 1
    assert cursors(warehouse) == marks
    warehouse.rows("drop function no() cascade")
    assert outcome(load(quick, warehouse, "--from", history.place))["rows"] == 2


def test_bad_databases_are_told_and_the_others_go_on(
    quick: Quick, warehouse: Warehouse, tmp_path: Path
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    good = Sqlite(folder / "good.db")
    good.do(*SCHEMA, *FIRST)
    short = Sqlite(folder / "short.db")
    short.do(*SCHEMA, *FIRST, "create table filler as select zeroblob(100000) as x")
    short.path.write_bytes(short.path.read_bytes()[:50_000])
    Sqlite(folder / "other.sqlite").do("create table users (id integer)")
    (folder / "noise.sqlite3").write_bytes(bytes(range(256)) * 16)
    locked = Sqlite(folder / "locked.db")
    locked.do(*SCHEMA, "insert into hook_events (id, event_id) values (1, 'x')")
    with contextlib.closing(sqlite3.connect(locked.path)) as writer:
        writer.execute("begin exclusive")
        done = load(quick, warehouse, "--from", folder)
        assert done.returncode == 1
        assert_four_parts(
            *(done.stdout + done.stderr, "short.db", "cut short", "other.sqlite"),
            *("tables: users", "noise.sqlite3", "encrypted", "database is locked"),
        )
        told = outcome(done)
        assert (told["loaded"], told["quarantined"], told["failed"]) == (1, 3, 1)
        assert len(landed(warehouse)["events"]) == 2
    short.path.unlink()
    short.do(*SCHEMA, "insert into hook_events (id, event_id) values (1, 'mended')")
    done = load(quick, warehouse, "--retry-failed")
    told = outcome(done)
    assert (told["loaded"], told["quarantined"], told["failed"]) == (2, 2, 0)
    assert warehouse.rows(
        "select file_name, status from raw_workflows.files order by 1"
    ) == [
        ("good.db", "loaded"),
        ("locked.db", "loaded"),
        ("noise.sqlite3", "quarantined"),
        ("other.sqlite", "quarantined"),
        ("short.db", "loaded"),
    ]


def test_a_live_database_grows_while_it_is_loaded(
    quick: Quick, warehouse: Warehouse, tmp_path: Path
) -> None:
    live = Sqlite(tmp_path / "live.db")
    live.do("pragma journal_mode = wal", *SCHEMA, *FIRST)
    with contextlib.closing(sqlite3.connect(live.path)) as writer:
        for i in range(10, 13):
            writer.execute(
                f"insert into hook_events (id, event_id) values ({i}, 'w{i}')"
            )
            writer.commit()
            done = load(quick, warehouse, "--from", live.path)
            assert_ended(done, 0)
            assert outcome(done)["rows"] == (6 if i == 10 else 1)
    events = [event for (event,) in landed(warehouse)["events"]]
    assert events == ["e1", "e2", "w10", "w11", "w12"]


def test_a_database_in_a_zip(
    quick: Quick, warehouse: Warehouse, tmp_path: Path
) -> None:
    import zipfile

    inner = Sqlite(tmp_path / "history.db")
    inner.do(*SCHEMA, *FIRST)
    with zipfile.ZipFile(tmp_path / "backup.zip", "w") as zipped:
        zipped.write(inner.path, "history.db")
    done = load(quick, warehouse, "--from", tmp_path / "backup.zip")
    assert_ended(done, 0)
    assert outcome(done)["rows"] == 5
