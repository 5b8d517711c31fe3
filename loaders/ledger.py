"""The ledger: what became of every file version, and of every run.

Plain SQL tables beside the landed ones (``dataset.py``), written in one transaction per
run (``ledger_write.py``). Landed rows count only when the ledger names their load;
those of an interrupted load are visible nowhere and are removed when the next run
begins.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from loaders import dataset
from loaders.errors import Failed, HindcastError
from loaders.model import Pipeline

if TYPE_CHECKING:
    from psycopg2.extensions import connection as Connection

#: How a file version ends; ``unchanged`` is said of a file in a run, not kept.
FILE_STATUSES = ("loaded", "unchanged", "superseded", "quarantined", "failed")
LOCK_WAIT_SECONDS = 900


@contextlib.contextmanager
def exclusive(
    connection: Connection,
    pipeline: Pipeline,
    say: Callable[[str], None],
    wait_seconds: float = LOCK_WAIT_SECONDS,
) -> Iterator[None]:
    """One run of a pipeline per warehouse: a second one waits its turn, then gives up.

    The lock belongs to the connection, so a killed run leaves none behind.

    Raises:
        Failed: The other run did not end within ``wait_seconds``.
    """
    key = f"hindcast run {pipeline.name}"
    until = time.monotonic() + wait_seconds
    told = False
    while True:
        with connection.cursor() as cursor:
            cursor.execute("select pg_try_advisory_lock(hashtext(%s))", (key,))
            (taken,) = cursor.fetchone()  # type: ignore[misc]
        connection.commit()
        if taken:
            break
        if not told:
            say(f"{pipeline.name}: another run is at work; waiting for it to end")
            told = True
        if time.monotonic() >= until:
            raise Failed(
                f"cannot run {pipeline.name}",
                where="the warehouse in use",
                expected="no other run of this pipeline",
                found=f"one that has held its lock for over {wait_seconds:.0f} s",
                next_step="wait for it or end it; `hindcast runs latest` shows it",
            )
        time.sleep(0.5)
    try:
        yield
    finally:
        if not connection.closed:
            connection.rollback()
            with connection.cursor() as cursor:
                cursor.execute("select pg_advisory_unlock(hashtext(%s))", (key,))
            connection.commit()


@dataclass(frozen=True)
class Known:
    """What the ledger knows of a file version."""

    file_id: str
    sha256: str | None
    source_file: str
    file_name: str
    status: str
    reason: str | None
    next_command: str | None
    reader_version: str | None
    period_start: dt.date | None
    period_end: dt.date | None
    period_label: str | None
    release_status: str | None


def known_files(connection: Connection, pipeline: Pipeline) -> dict[str, Known]:
    """All file versions of the ledger by ``_file_id``; empty before the first load."""
    if not dataset.is_ready(connection, pipeline):
        return {}
    fields = list(Known.__dataclass_fields__)
    columns = ", ".join("_file_id" if f == "file_id" else f for f in fields)
    with connection.cursor() as cursor:
        cursor.execute(f"select {columns} from {pipeline.dataset}.files")
        rows = [Known(*row) for row in cursor.fetchall()]
    connection.commit()
    return {row.file_id: row for row in rows}


def claim_id(sha256: str | None, source: str) -> str:
    """Identity of a file that has no content of its own to be known by.

    A download that failed, or a wrong claim on content that is already loaded.
    """
    return hashlib.sha256(f"{sha256 or ''}:{source}".encode()).hexdigest()


@dataclass
class Ended:
    """How one file ended in this run, as the ledger keeps it."""

    source: str
    name: str
    status: str
    file_id: str | None = None
    sha256: str | None = None
    bytes: int | None = None
    reason: str | None = None
    next_command: str | None = None
    rows: int = 0
    seconds: float = 0.0
    published_on: dt.date | None = None
    reader_version: str | None = None
    keep: bool = True  # False: told in this run, not written over what is known
    reloaded: bool = False  # an earlier load of this version has rows to replace
    read: Any = None  # FileRead without its batches, for loaded files
    error: HindcastError | None = None
