"""SQLite files for the tests, and a reader that goes on where it stopped."""

from __future__ import annotations

import contextlib
import sqlite3
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from loaders.errors import HindcastError
from loaders.files import Problem
from loaders.model import Asking, SourceFile
from loaders.workflows import cursors, database, fetched
from loaders.workflows.cursors import Cursor

HISTORY = "id integer primary key, adw_id text, status text, updated_at, nl_input"
EVENTS = "id integer primary key, event_id text, timestamp text, payload text"


def made(path: Path, *statements: str) -> Path:
    """A database after some statements."""
    with contextlib.closing(sqlite3.connect(path)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()
    return path


def source(path: Path) -> SourceFile:
    return SourceFile(path.name, path.name, path)


class Reader:
    """Runs one after the other: what loads moves the cursors, as in the warehouse."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self.folder = folder / "fetched"
        self.folder.mkdir()
        self.known: dict[str, Cursor] = {}
        patch.setattr(cursors, "read", lambda *_: dict(self.known))

    def fetch(self, path: Path, *, force: bool = False, dry: bool = False) -> Any:
        asking = Asking(object(), None if dry else self.folder, force)
        (one,) = database.fetch(source(path), asking)
        return one

    def load(
        self, path: Path, *, force: bool = False
    ) -> dict[str, list[dict[str, Any]]]:
        """Rows that land, by table; the cursors move."""
        one = self.fetch(path, force=force)
        assert isinstance(one, SourceFile), one
        version = one.details
        if not version.tables:
            assert one.sha256 == "loaded"
            return {}
        for _, table, cursor in version.cursors:
            self.known[table] = replace(cursor, file_id="loaded")
        return {
            table.source_table: [
                {k: v for k, v in row.items() if v is not None}
                for batch in table.batches
                for row in batch.to_pylist()
            ]
            for table in fetched.stream(one).tables
        }


def error_of(one: Any) -> HindcastError:
    assert isinstance(one, Problem), one
    assert one.error.next_step
    return one.error


def ids(loaded: dict[str, list[dict[str, Any]]], table: str) -> list[str]:
    return [row["id"] for row in loaded.get(table, [])]


def large(path: Path) -> Path:
    """A database of many pages."""
    return made(
        path,
        f"create table hook_events ({EVENTS})",
        "with recursive n (i) as"
        " (select 1 union all select i + 1 from n where i < 5000)"
        " insert into hook_events select i, 'e' || i, null, hex(randomblob(50)) from n",
    )
