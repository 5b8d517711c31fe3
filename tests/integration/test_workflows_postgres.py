"""Postgres databases as sources: types, rights, passwords, settings."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import Warehouse
from tests.integration.conftest import Quick
from tests.integration.support import assert_ended, assert_four_parts
from tests.integration.workflow_sources import (
    FIRST,
    LATER,
    SCHEMA,
    Server,
    Sqlite,
    landed,
    load,
    outcome,
)


@pytest.fixture
def server_history(make_warehouse: Callable[..., Warehouse]) -> Server:
    made = Server(make_warehouse())
    made.do(*SCHEMA, *FIRST)
    return made


@pytest.fixture
def reader_role(server_history: Server) -> Iterator[str]:
    """A role that may read a history, by its url without password."""
    name = f"reader_{server_history.url.rsplit('_', 1)[1]}"
    server_history.do(
        f"create role {name} login password 's3cret'",
        f"grant select on all tables in schema public to {name}",
    )
    yield f"postgresql://{name}@{server_history.url.split('@', 1)[1]}"
    server_history.do(f"drop owned by {name}", f"drop role {name}")


def test_no_password_is_written_down(
    quick: Quick, warehouse: Warehouse, reader_role: str
) -> None:
    whole = reader_role.replace("@", ":s3cret@")
    done = load(quick, warehouse, "--from", whole)
    assert_ended(done, 0)
    told = done.stdout + done.stderr
    for schema in ("files", "runs", "run_files", "source_cursors", "file_tables"):
        told += str(warehouse.rows(f"select * from raw_workflows.{schema}"))
    assert "s3cret" not in told
    assert warehouse.one("select source_file from raw_workflows.files") == reader_role
    # The same source, its password from the environment.
    warehouse.environment["PGPASSWORD"] = "s3cret"
    assert outcome(load(quick, warehouse, "--from", reader_role))["unchanged"] == 1


def test_databases_of_the_settings(
    quick: Quick, warehouse: Warehouse, reader_role: str, tmp_path: Path
) -> None:
    (tmp_path / ".dlt").mkdir()
    named = reader_role.replace("@", ":${HISTORY_PASSWORD}@")
    (tmp_path / ".dlt" / "config.toml").write_text(
        f'[sources.workflows]\ndatabases = ["{named}", "own/history.db"]\n'
    )
    (tmp_path / "own").mkdir()
    Sqlite(tmp_path / "own" / "history.db").do(*SCHEMA, *FIRST, *LATER)
    warehouse.environment["HINDCAST_PROJECT_DIR"] = str(tmp_path)
    assert_ended(load(quick, warehouse), 2, "HISTORY_PASSWORD")
    warehouse.environment["HISTORY_PASSWORD"] = "wrong"
    done = load(quick, warehouse)
    assert done.returncode == 1
    assert_four_parts(done.stdout + done.stderr, "password authentication failed")
    assert (outcome(done)["loaded"], outcome(done)["failed"]) == (1, 1)
    warehouse.environment["HISTORY_PASSWORD"] = "s3cret"
    done = load(quick, warehouse, "--retry-failed")
    assert_ended(done, 0)
    assert outcome(done)["loaded"] == 1
    assert sorted(warehouse.rows("select source_file from raw_workflows.files")) == [
        ("own/history.db",),
        (reader_role,),
    ]


def test_a_server_that_does_not_answer(quick: Quick, warehouse: Warehouse) -> None:
    url = "postgresql://u:s3cret@127.0.0.1:1/d"
    done = load(quick, warehouse, "--from", url)
    assert done.returncode == 1
    told = done.stdout + done.stderr
    assert_four_parts(told, "postgresql://u@127.0.0.1:1/d")
    assert "s3cret" not in told


def test_a_url_that_nobody_reads(quick: Quick, warehouse: Warehouse) -> None:
    for pipeline, url in (
        ("workflows", "mysql://u:s3cret@h/d"),
        ("cancer", "postgresql://u:s3cret@h/d"),
    ):
        done = quick.load(warehouse, "--from", url, pipeline=pipeline)
        assert_ended(done, 2, "cannot read from such a url")
        assert "s3cret" not in done.stdout + done.stderr


def test_a_table_that_may_not_be_read(
    quick: Quick, warehouse: Warehouse, server_history: Server, reader_role: str
) -> None:
    name = reader_role.split("//", 1)[1].split("@", 1)[0]
    server_history.do(f"revoke select on hook_events from {name}")
    warehouse.environment["PGPASSWORD"] = "s3cret"
    done = load(quick, warehouse, "--from", reader_role)
    assert done.returncode == 1
    assert_four_parts(done.stdout + done.stderr, "hook_events", "grant select")
    assert landed(warehouse) == {"workflows": [], "events": []}


def test_a_server_without_a_history(
    quick: Quick, warehouse: Warehouse, make_warehouse: Callable[..., Warehouse]
) -> None:
    other = Server(make_warehouse())
    other.do("create table users (id integer)")
    done = load(quick, warehouse, "--from", other.place)
    assert done.returncode == 1
    assert_four_parts(done.stdout + done.stderr, "tables: users")


def test_types_of_postgres_land_as_text(
    quick: Quick, warehouse: Warehouse, make_warehouse: Callable[..., Warehouse]
) -> None:
    server = Server(make_warehouse())
    server.do(
        "create table workflow_history (id bigserial primary key, adw_id text,"
        " structured_input jsonb, actual_cost_total numeric, worktree_reused boolean,"
        ' created_at timestamptz, updated_at timestamptz, "100 %" real)',
        "insert into workflow_history (adw_id, structured_input, actual_cost_total,"
        ' worktree_reused, created_at, updated_at, "100 %") values'
        " ('a', '{\"k\": [1, null]}', 0.10, true, '2025-11-17 10:00:00+02',"
        " '2025-11-17 10:00:00.25+02', 1.5), ('b', null, null, null, null,"
        " 'infinity', null), ('c', null, null, null, null, '-infinity', null)",
    )
    done = load(quick, warehouse, "--from", server.place)
    assert_ended(done, 0)
    assert warehouse.rows(
        "select structured_input, actual_cost_total, worktree_reused, created_at,"
        " updated_at, extra from raw_workflows.workflow_history where adw_id = 'a'"
    ) == [
        (
            *('{"k": [1, null]}', "0.10", "true", "2025-11-17T08:00:00.000000Z"),
            *("2025-11-17T08:00:00.250000Z", '{"100 %":"1.5"}'),
        )
    ]
    assert outcome(load(quick, warehouse, "--from", server.place))["unchanged"] == 1
    # Within the look-back, and of a lower time than what was seen.
    server.do(
        "insert into workflow_history (adw_id, updated_at) values"
        " ('d', '2025-11-17 07:59:00+00')",
        "update workflow_history set actual_cost_total = 2 where adw_id = 'c'",
    )
    done = load(quick, warehouse, "--from", server.place)
    assert outcome(done)["rows"] == 2


def test_another_database_behind_the_same_url_is_read_whole(
    quick: Quick, warehouse: Warehouse, server_history: Server
) -> None:
    load(quick, warehouse, "--from", server_history.place)
    server_history.do(
        "truncate hook_events",
        "insert into hook_events (id, event_id) select i, 'new' || i"
        " from generate_series(1, 2000) as i",
    )
    done = load(quick, warehouse, "--from", server_history.place)
    assert outcome(done)["rows"] == 2000
    assert outcome(load(quick, warehouse, "--from", server_history.place))["rows"] == 0
