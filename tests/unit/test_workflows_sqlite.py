"""SQLite files as sources: live and damaged ones, and what their values become."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from loaders.errors import Failed, Quarantined
from loaders.files import Skipped
from loaders.workflows import fetched, sqlite
from tests.unit.workflow_databases import (
    EVENTS,
    Reader,
    error_of,
    ids,
    large,
    made,
    source,
)


@pytest.fixture
def reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Reader:
    return Reader(tmp_path, monkeypatch)


# ------------------------------------------------------------------ a live database


@pytest.fixture
def live(tmp_path: Path) -> Iterator[tuple[Path, sqlite3.Connection]]:
    path = made(
        tmp_path / "live.db",
        "pragma journal_mode = wal",
        f"create table hook_events ({EVENTS})",
        "insert into hook_events (id) values (1)",
    )
    with contextlib.closing(sqlite3.connect(path)) as writer:
        yield path, writer


def test_rows_in_the_wal_count(
    reader: Reader, live: tuple[Path, sqlite3.Connection]
) -> None:
    path, writer = live
    assert ids(reader.load(path), "hook_events") == ["1"]
    main = path.read_bytes()
    writer.execute("insert into hook_events (id) values (2)")
    writer.commit()
    writer.execute("insert into hook_events (id) values (3)")  # not committed
    assert path.read_bytes() == main
    assert ids(reader.load(path), "hook_events") == ["2"]
    assert reader.load(path) == {}


@pytest.mark.parametrize(
    "refusal", ["unable to open database file", "attempt to write a readonly database"]
)
def test_a_wal_database_in_a_folder_that_cannot_be_written(
    reader: Reader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refusal: str
) -> None:
    path = made(
        tmp_path / "h.db",
        "pragma journal_mode = wal",
        f"create table hook_events ({EVENTS})",
        "insert into hook_events (id) values (1)",
    )
    begun = sqlite._begun
    tried = []

    def refusing(uri: str) -> sqlite3.Connection:
        tried.append(uri)
        if "immutable" not in uri:
            raise sqlite3.OperationalError(refusal)
        return begun(uri)

    monkeypatch.setattr(sqlite, "_begun", refusing)
    assert ids(reader.load(path), "hook_events") == ["1"]
    assert len(tried) == 2


def test_a_transaction_cut_off_by_a_crash_is_not_read_as_if_done(
    reader: Reader, tmp_path: Path
) -> None:
    path = large(tmp_path / "h.db")
    (tmp_path / "crashed").mkdir()
    crashed = tmp_path / "crashed" / "h.db"
    with contextlib.closing(sqlite3.connect(path)) as writer:
        writer.execute("pragma cache_size = 1")
        writer.execute("update hook_events set payload = hex(randomblob(60))")
        for end in ("", "-journal"):
            shutil.copy(f"{path}{end}", f"{crashed}{end}")
    error = error_of(reader.fetch(crashed))
    assert isinstance(error, Failed)
    assert "open it with that once" in error.next_step


def test_a_locked_database_is_to_be_tried_again(
    reader: Reader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "BUSY_SECONDS", 0.1)
    path = made(
        tmp_path / "h.db",
        f"create table hook_events ({EVENTS})",
        "insert into hook_events (id) values (1)",
    )
    with contextlib.closing(sqlite3.connect(path)) as writer:
        writer.execute("begin exclusive")
        error = error_of(reader.fetch(path))
        assert isinstance(error, Failed)
        assert "database is locked" in error.found
    assert ids(reader.load(path), "hook_events") == ["1"]


# ------------------------------------------------------------------ damage


@pytest.mark.parametrize("keep", [0.3, 0.9])
def test_a_file_cut_short_is_set_aside(
    reader: Reader, tmp_path: Path, keep: float
) -> None:
    path = large(tmp_path / "h.db")
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * keep)])
    error = error_of(reader.fetch(path))
    assert isinstance(error, Quarantined)
    assert f"{len(data):,} bytes" in error.expected
    assert "cut short" in error.found


def test_damage_within_is_set_aside(reader: Reader, tmp_path: Path) -> None:
    path = large(tmp_path / "h.db")
    data = bytearray(path.read_bytes())
    data[8192:-8192] = b"\xff" * (len(data) - 16384)
    path.write_bytes(data)
    error = error_of(reader.fetch(path))
    assert isinstance(error, Quarantined)
    assert "malformed" in error.found


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"", "an empty file"),
        (b"id,adw_id\n1,a\n", "b'id,adw_id"),
        (bytes(range(256)) * 32, "encrypted"),
        (sqlite.MAGIC, "16 bytes"),
        (sqlite.MAGIC + bytes(200), ""),
    ],
)
def test_what_is_no_database_is_set_aside(
    reader: Reader, tmp_path: Path, content: bytes, found: str
) -> None:
    path = tmp_path / "h.db"
    path.write_bytes(content)
    error = error_of(reader.fetch(path))
    assert isinstance(error, Quarantined)
    assert found in error.found


def test_a_database_of_something_else_names_its_tables(
    reader: Reader, tmp_path: Path
) -> None:
    path = made(tmp_path / "h.db", "create table users (id)", "create table posts (id)")
    error = error_of(reader.fetch(path))
    assert isinstance(error, Quarantined)
    assert error.found == "tables: posts, users"
    assert "workflow_history" in error.expected


def test_empty_tables_are_passed_over(reader: Reader, tmp_path: Path) -> None:
    path = made(tmp_path / "h.db", f"create table hook_events ({EVENTS})")
    assert isinstance(reader.fetch(path), Skipped)


def test_a_database_is_known_by_its_header(tmp_path: Path) -> None:
    path = made(tmp_path / "h.csv", f"create table hook_events ({EVENTS})")
    assert sqlite.is_database(source(path))
    path.write_text("id,adw_id\n")
    assert not sqlite.is_database(source(path))


# ------------------------------------------------------------------ values


def test_values_are_text_as_sqlite_prints_them(reader: Reader, tmp_path: Path) -> None:
    path = made(
        tmp_path / "h.db",
        "create table workflow_history (id, adw_id, duration_seconds, total_tokens,"
        " actual_cost_total, nl_input, Status)",
        "insert into workflow_history values (1, 'a', 9007199254740993, 1.5, 1e-7,"
        " cast('päth' as blob), ''), ('x', null, -0.5, '007', 100.0, 'ü', 'DONE')",
    )
    first, second = reader.load(path)["workflow_history"]
    assert first["duration_seconds"] == "9007199254740993"
    assert (first["total_tokens"], first["actual_cost_total"]) == ("1.5", "1.0e-07")
    assert (first["nl_input"], first.get("status")) == ("päth", "")
    assert (second["id"], second["total_tokens"]) == ("x", "007")
    assert (second["actual_cost_total"], second["status"]) == ("100.0", "DONE")
    assert "adw_id" not in second
    assert [first["_source_row"], second["_source_row"]] == [1, 2]


def test_rows_of_any_size_are_read_in_order(reader: Reader, tmp_path: Path) -> None:
    path = large(tmp_path / "h.db")
    made(
        path,
        "update hook_events set payload = hex(zeroblob(200000)) where id % 1000 = 0",
    )
    rows = reader.load(path)["hook_events"]
    assert [int(row["id"]) for row in rows] == list(range(1, 5001))
    assert len(rows[999]["payload"]) == 400_000


def test_what_is_wrong_with_a_value_is_said_of_its_row(
    reader: Reader, tmp_path: Path
) -> None:
    path = made(
        tmp_path / "h.db",
        "create table hook_events (id integer primary key, event_id, event_time,"
        " timestamp, payload, tool_name, shoe_size)",
        "insert into hook_events values"
        " (1, 'e1', 'x', 't1', '{\"a\": 1}', 'Bash', 42),"
        " (2, cast(x'65ff32' as text), null, 't2', '{''a'': 1}', 'Bash', null),"
        " (3, 'e3', null, 't3', 'nothing {', cast(x'4200' as text), null),"
        " (4, x'65fe34', null, 't4', '{\"a\": \"\\u0000\"}', 'Read', null)",
    )
    rows = reader.load(path)["hook_events"]
    assert [row["event_id"] for row in rows] == ["e1", "e\ufffd2", "e3", "e\ufffd4"]
    assert [row["tool_name"] for row in rows] == ["Bash", "Bash", "B", "Read"]
    assert [row["timestamp"] for row in rows] == ["t1", "t2", "t3", "t4"]
    assert rows[0]["extra"] == '{"event_time":"x","shoe_size":"42"}'
    assert [set(row.get("flags", "").split()) for row in rows] == [
        set(),
        {"bad_encoding:event_id", "repaired_json:payload"},
        {"broken_json:payload", "nul_bytes:tool_name"},
        {"bad_encoding:event_id", "nul_bytes:payload"},
    ]
    assert rows[2]["payload"] == "nothing {"


def test_all_batches_of_a_table_have_the_same_columns(
    reader: Reader, tmp_path: Path
) -> None:
    path = large(tmp_path / "h.db")
    made(
        path,
        "alter table hook_events add column shoe_size",
        "update hook_events set timestamp = 't', shoe_size = 42 where id = 1",
        "update hook_events set event_id = null, payload = '{' where id > 4500",
        "update hook_events set payload = hex(zeroblob(20000)) where id < 2000",
    )
    (table,) = fetched.stream(reader.fetch(path)).tables
    shapes = [tuple(batch.schema.names) for batch in table.batches]
    assert len(shapes) > 1
    assert len(set(shapes)) == 1


def test_an_example_says_so(reader: Reader, tmp_path: Path) -> None:
    path = made(
        tmp_path / "h.db",
        "create table hook_events (id integer primary key, example)",
        "insert into hook_events values (1, 'example: made up for hindcast')",
    )
    one = reader.fetch(path)
    read = fetched.stream(one)
    assert [row for table in read.tables for row in table.batches]
    assert read.is_example
