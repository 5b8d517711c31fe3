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
import os
import platform
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
    load_sequence: int | None = None


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
    read: Any = None  # FileRead without its batches, for loaded files
    error: HindcastError | None = None


def start_run(
    connection: Connection, pipeline: Pipeline, run_id: str, command: str, version: str
) -> list[str]:
    """Writes down that a run begins, after clearing what earlier ones left half done.

    Returns:
        Ids of the interrupted runs that were cleared.
    """
    schema = pipeline.dataset
    with connection, connection.cursor() as cursor:
        cursor.execute(
            f"update {schema}.runs set status = 'interrupted', finished_at = now(),"
            " error = 'the process ended before the run did'"
            " where status = 'running' returning run_id, load_id"
        )
        interrupted = cursor.fetchall()
        if any(load for _, load in interrupted):
            discard_orphans(cursor, pipeline)
        cursor.execute(
            f"insert into {schema}.runs (run_id, pipeline, command, status, started_at,"
            " host, pid, version) values (%s, %s, %s, 'running', now(), %s, %s, %s)",
            (run_id, pipeline.name, command, platform.node(), os.getpid(), version),
        )
    return [run for run, _ in interrupted]


def note_load(
    connection: Connection, pipeline: Pipeline, run_id: str, load_id: str
) -> None:
    """Writes down the load of a run before any of its rows can land."""
    with connection, connection.cursor() as cursor:
        cursor.execute(
            f"update {pipeline.dataset}.runs set load_id = %s where run_id = %s",
            (load_id, run_id),
        )


def take_table_keys(
    connection: Connection, pipeline: Pipeline, count: int
) -> list[int]:
    """Fresh keys for tables that are about to be landed."""
    with connection, connection.cursor() as cursor:
        cursor.execute(
            f"select nextval('{pipeline.dataset}.{dataset.TABLE_KEYS}')"
            " from generate_series(1, %s)",
            (count,),
        )
        return [key for (key,) in cursor.fetchall()]


def table_ends(connection: Connection, pipeline: Pipeline) -> dict[str, int]:
    """Block after the last one of each landed table: where a load will append."""
    with connection, connection.cursor() as cursor:
        ends = {}
        for table in pipeline.tables:
            cursor.execute(
                "select pg_relation_size(%s::regclass)"
                " / current_setting('block_size')::bigint",
                (f"{pipeline.dataset}.{dataset.landed_name(table)}",),
            )
            (ends[table],) = cursor.fetchone()  # type: ignore[misc]
    return ends


def discard_orphans(cursor: Any, pipeline: Pipeline) -> None:
    """Deletes landed rows of which the ledger has no table."""
    schema = pipeline.dataset
    for name in dataset.landed_names(pipeline):
        cursor.execute(
            f"delete from {schema}.{name} as r where not exists"
            f" (select 1 from {schema}.file_tables as t"
            " where t.table_key = r._table_key)"
        )


def analyze(connection: Connection, pipeline: Pipeline, ended: list[Ended]) -> None:
    """Gives Postgres statistics of what landed, which models are built from next.

    Left to the server, a build right after a large load is planned on the
    sizes of before and takes twice as long.
    """
    tables = {t.table for one in ended if one.read for t in one.read.tables}
    names = [dataset.landed_name(table) for table in sorted(tables)]
    with connection, connection.cursor() as cursor:
        # A sample of 3,000 rows says enough, in a tenth of the time of the usual one.
        cursor.execute("set local default_statistics_target = 10")
        for name in [*names, "files", "file_tables"] if names else []:
            cursor.execute(f"analyze {pipeline.dataset}.{name}")
