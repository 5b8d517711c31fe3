"""Databases as sources: what is new since the last reading."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from loaders.errors import HindcastError
from loaders.files.archive import sha256_of
from tests.unit.workflow_databases import (
    EVENTS,
    HISTORY,
    Reader,
    ids,
    made,
)


@pytest.fixture
def reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Reader:
    return Reader(tmp_path, monkeypatch)


def test_only_rows_that_changed_are_read_again(reader: Reader, tmp_path: Path) -> None:
    path = made(
        tmp_path / "h.db",
        f"create table workflow_history ({HISTORY})",
        "insert into workflow_history (id, adw_id, status, updated_at) values"
        " (1, 'a1', 'running', '2025-11-17T10:00:00'),"
        " (2, 'b2', 'completed', '2025-11-17 10:05:00'),"
        " (3, 'c3', 'completed', null), (4, 'd4', 'failed', 'yesterday')",
        f"create table hook_events ({EVENTS})",
        "insert into hook_events (id, event_id) values (1, 'e1'), (2, 'e2')",
        "create table others (id integer)",
    )
    first = reader.load(path)
    assert ids(first, "workflow_history") == ["1", "2", "3", "4"]
    assert ids(first, "hook_events") == ["1", "2"]
    assert reader.load(path) == {}
    made(
        path,
        "update workflow_history set status = 'completed',"
        " updated_at = '2025-11-17T10:07:00' where id = 1",
        "update workflow_history set status = 'completed' where id = 4",
        "insert into hook_events (id, event_id) values (3, 'e3')",
    )
    second = reader.load(path)
    # The row whose time cannot be understood is known by all it says.
    assert ids(second, "workflow_history") == ["1", "4"]
    assert [r["status"] for r in second["workflow_history"]] == ["completed"] * 2
    assert ids(second, "hook_events") == ["3"]
    assert reader.load(path) == {}


@pytest.mark.parametrize(
    ("later", "is_new"),
    [
        ("'2025-11-17 12:00:01'", True),
        ("'2025-11-17T12:00:01Z'", True),
        ("'2025-11-17T14:00:01+02:00'", True),
        ("'2025-11-17T14:00:01.250+0200'", True),
        ("'2025-11-17 14:00:01+02'", True),
        ("'2025-11-17T07:00:01-05:00'", True),
        ("1763380801", True),
        ("'1763380801250'", True),
        ("1763380801250", True),
        ("'17/11/2025'", True),
        ("'12:30'", True),
        # The look-back of a day begins here.
        ("'2025-11-16T14:00:00+02:00'", True),
        ("'2025-11-16T13:59:59+02:00'", False),
        ("'2025-11-16T09:00:00-0300'", True),
        ("'2025-11-16T08:59:59-0300'", False),
        ("1763294400", True),
        ("1763294399", False),
        ("'1763294399999'", False),
        ("'2024-02-30'", False),
    ],
)
def test_times_of_any_spelling_are_compared_as_times(
    reader: Reader, tmp_path: Path, later: str, is_new: bool
) -> None:
    path = made(
        tmp_path / "h.db",
        "create table workflow_history (adw_id text, updated_at)",
        "insert into workflow_history values ('a', '2025-11-17T12:00:00')",
    )
    reader.load(path)
    # No id tells that it is new, and it is older than any look-back.
    made(path, f"insert into workflow_history values ('b', {later})")
    found = reader.load(path).get("workflow_history", [])
    is_recent = [row["adw_id"] for row in found] == ["b"]
    assert is_recent == is_new


def test_ids_may_be_text(reader: Reader, tmp_path: Path) -> None:
    path = made(
        tmp_path / "h.db",
        "create table hook_events (id text, event_id text)",
        "insert into hook_events values ('9', 'e9'), ('10', 'e10'), ('x', 'ex')",
    )
    assert ids(reader.load(path), "hook_events") == ["9", "10", "x"]
    assert reader.known["hook_events"].reached == 10
    made(path, "insert into hook_events values ('11', 'e11'), ('y', 'ey')")
    assert ids(reader.load(path), "hook_events") == ["11", "y"]


def test_rows_that_come_late_are_found(reader: Reader, tmp_path: Path) -> None:
    path = made(
        tmp_path / "h.db",
        f"create table workflow_history ({HISTORY})",
        "insert into workflow_history (id, updated_at) values"
        " (10, '2025-11-17T12:00:00')",
        f"create table hook_events ({EVENTS})",
        "insert into hook_events (id) values (10)",
    )
    reader.load(path)
    made(
        path,
        # Committed after the last reading, begun before it.
        "insert into workflow_history (id, updated_at) values"
        " (9, '2025-11-17T11:55:00')",
        "insert into hook_events (id) values (9)",
        # Brought back from somewhere, with the time it had.
        "insert into workflow_history (id, updated_at) values (11, '2024-01-01')",
    )
    loaded = reader.load(path)
    assert sorted(ids(loaded, "workflow_history")) == ["11", "9"]
    assert ids(loaded, "hook_events") == ["9"]
    assert reader.load(path) == {}


def test_a_clock_gone_wrong_hides_nothing(reader: Reader, tmp_path: Path) -> None:
    path = made(
        tmp_path / "h.db",
        f"create table workflow_history ({HISTORY})",
        "insert into workflow_history (id, updated_at) values"
        " (1, '2025-11-17T12:00:00'), (2, '2199-01-01T00:00:00')",
    )
    reader.load(path)
    made(
        path,
        "update workflow_history set updated_at = '2025-11-18T12:00:00' where id = 1",
    )
    assert ids(reader.load(path), "workflow_history") == ["1"]


def test_tables_that_do_not_say_what_changed_are_compared(
    reader: Reader, tmp_path: Path
) -> None:
    path = made(
        tmp_path / "h.db",
        "create table tool_calls (id integer primary key, tool_name, success)",
        "insert into tool_calls values (1, 'Bash', null), (2, 'Read', 1)",
    )
    assert ids(reader.load(path), "tool_calls") == ["1", "2"]
    made(
        path,
        "update tool_calls set success = 0 where id = 1",
        "insert into tool_calls values (3, 'Edit', null)",
        "delete from tool_calls where id = 2",
    )
    assert ids(reader.load(path), "tool_calls") == ["1", "3"]
    assert reader.load(path) == {}


def test_archived_rows_are_new_whatever_their_time(
    reader: Reader, tmp_path: Path
) -> None:
    path = made(
        tmp_path / "h.db",
        f"create table workflow_history_archive ({HISTORY})",
        "insert into workflow_history_archive (id, updated_at) values"
        " (1, '2025-11-17T12:00:00')",
    )
    reader.load(path)
    made(
        path,
        "insert into workflow_history_archive (id, updated_at)"
        " values (2, '2024-01-01')",
    )
    assert ids(reader.load(path), "workflow_history_archive") == ["2"]


def test_another_database_of_the_same_name_is_read_whole(
    reader: Reader, tmp_path: Path
) -> None:
    schema = f"create table hook_events ({EVENTS})"
    path = made(
        tmp_path / "h.db",
        schema,
        *(f"insert into hook_events values ({i}, 'old{i}', null, '')" for i in (1, 2)),
    )
    reader.load(path)
    path.unlink()
    made(
        path,
        schema,
        *(f"insert into hook_events values ({i}, 'new{i}', null, '')" for i in (1, 2)),
        "insert into hook_events values (3000, 'new3000', null, '')",
    )
    loaded = reader.load(path)
    assert [r["event_id"] for r in loaded["hook_events"]] == ["new1", "new2", "new3000"]
    assert reader.load(path) == {}


def test_force_reads_all_and_a_dry_run_keeps_nothing(
    reader: Reader, tmp_path: Path
) -> None:
    path = made(
        tmp_path / "h.db",
        f"create table hook_events ({EVENTS})",
        "insert into hook_events (id, event_id) values (1, 'e1')",
    )
    planned = reader.fetch(path, dry=True)
    assert list(reader.folder.iterdir()) == []
    first = reader.fetch(path)
    assert planned.sha256 == first.sha256 == sha256_of(first)
    reader.load(path)
    assert reader.load(path) == {}
    assert reader.fetch(path, force=True).sha256 == first.sha256


def test_look_back_of_the_settings(
    reader: Reader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted: dict[str, Any] = {"look_back_ids": 0}
    monkeypatch.setattr(
        "loaders.project.setting",
        lambda *keys, default=None: wanted.get(keys[-1], default),
    )
    path = made(
        tmp_path / "h.db",
        f"create table hook_events ({EVENTS})",
        "insert into hook_events (id) values (10)",
    )
    reader.load(path)
    made(path, "insert into hook_events (id) values (9), (11)")
    assert ids(reader.load(path), "hook_events") == ["11"]
    wanted["look_back_ids"] = "many"
    with pytest.raises(HindcastError, match="cannot use the settings"):
        reader.fetch(path)
