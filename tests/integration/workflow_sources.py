"""Histories in SQLite and Postgres, to be loaded from."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path
from typing import Any

import psycopg2

from tests.conftest import Warehouse
from tests.integration.conftest import Done, Quick
from tests.integration.support import counted

SCHEMA = (
    "create table workflow_history (id integer primary key, adw_id varchar,"
    " nl_input varchar, status varchar, updated_at timestamp)",
    "create table hook_events (id integer primary key, event_id varchar,"
    " event_type varchar, timestamp timestamp, payload varchar)",
)
FIRST = (
    "insert into workflow_history (id, adw_id, status, updated_at) values"
    " (1, 'a1', 'running', '2025-11-17 10:00:00'),"
    " (2, 'b2', 'completed', '2025-11-17 10:05:00'), (3, 'c3', 'failed', null)",
    "insert into hook_events (id, event_id) values (1, 'e1'), (2, 'e2')",
)
LATER = (
    "update workflow_history set status = 'completed',"
    " updated_at = '2025-11-18 10:00:00' where id = 1",
    "insert into hook_events (id, event_id) values (3, 'e3')",
)


class Sqlite:
    """A history in a SQLite file."""

    def __init__(self, path: Path) -> None:
        self.place = str(path)
        self.path = path

    def do(self, *statements: str) -> None:
        with contextlib.closing(sqlite3.connect(self.path)) as connection:
            for statement in statements:
                connection.execute(statement)
            connection.commit()


class Server:
    """A history in a Postgres database."""

    def __init__(self, warehouse: Warehouse) -> None:
        self.url = warehouse.url
        self.place = warehouse.url

    def do(self, *statements: str) -> None:
        with contextlib.closing(psycopg2.connect(self.url)) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                for statement in statements:
                    cursor.execute(statement)


def load(quick: Quick, warehouse: Warehouse, *arguments: str | Path) -> Done:
    return quick.load(warehouse, *arguments, pipeline="workflows")


def outcome(done: Done) -> dict[str, int]:
    return counted(done, "workflows")


def landed(warehouse: Warehouse) -> dict[str, list[tuple[Any, ...]]]:
    return {
        "workflows": warehouse.rows(
            "select adw_id, status from raw_workflows.workflow_history"
            " order by _loaded_at, adw_id"
        ),
        "events": warehouse.rows(
            "select event_id from raw_workflows.hook_events"
            " order by _loaded_at, event_id"
        ),
    }


def cursors(warehouse: Warehouse) -> list[tuple[Any, ...]]:
    return warehouse.rows(
        "select source_table, reached from raw_workflows.source_cursors order by 1"
    )
