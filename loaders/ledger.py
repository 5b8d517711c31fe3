"""The ledger: what became of every file version, and of every run.

Plain SQL tables beside the landed ones, written in one transaction per run. Raw rows
count only when the ledger names their load (``files.load_id``); rows of an interrupted
load are invisible to silver and removed when the next run begins.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from loaders import registry, warehouse
from loaders.errors import Failed, HindcastError
from loaders.model import Pipeline
from loaders.provenance import PROVENANCE_COLUMNS

if TYPE_CHECKING:
    from psycopg2.extensions import connection as Connection

#: How a file version ends; ``unchanged`` is said of a file in a run, not kept.
FILE_STATUSES = ("loaded", "unchanged", "superseded", "quarantined", "failed")
LOCK_WAIT_SECONDS = 900

LEDGER_TABLES: Mapping[str, str] = {
    "files": """
        _file_id varchar primary key,
        sha256 varchar,
        source_file varchar not null,
        file_name varchar not null,
        bytes bigint,
        reader varchar,
        reader_version varchar,
        period_start date,
        period_end date,
        period_label varchar,
        period_source varchar,
        release_status varchar,
        basis varchar,
        published_on date,
        is_example boolean not null default false,
        tables_found integer,
        rows_read bigint,
        rows_landed bigint,
        status varchar not null
            check (status in ('loaded', 'superseded', 'quarantined', 'failed')),
        reason varchar,
        next_command varchar,
        load_id varchar,
        run_id varchar not null,
        load_sequence bigint,
        notes varchar,
        first_seen_at timestamp with time zone not null,
        loaded_at timestamp with time zone""",
    "file_tables": """
        _file_id varchar not null,
        table_name varchar not null,
        source_table varchar not null,
        basis varchar,
        source_sheet varchar,
        title varchar,
        header_row integer,
        first_row integer,
        last_row integer,
        rows_read bigint not null,
        rows_landed bigint not null,
        notes varchar,
        period_start date not null,
        period_end date not null,
        load_id varchar not null""",
    "runs": """
        run_id varchar primary key,
        pipeline varchar not null,
        command varchar not null,
        status varchar not null check (
            status in ('running', 'done', 'problems', 'failed', 'interrupted')
        ),
        started_at timestamp with time zone not null,
        finished_at timestamp with time zone,
        load_id varchar,
        host varchar,
        pid integer,
        version varchar,
        files_loaded integer,
        files_unchanged integer,
        files_superseded integer,
        files_quarantined integer,
        files_failed integer,
        rows_landed bigint,
        error varchar""",
    "run_files": """
        run_id varchar not null,
        source_file varchar not null,
        _file_id varchar,
        status varchar not null,
        reason varchar,
        next_command varchar,
        rows_landed bigint,
        seconds double precision""",
}
#: dlt's own table of completed load packages, in dlt's shape: dbt can lean on it before
#: the first load.
LOADS_TABLE = """
    load_id varchar not null, schema_name varchar, status bigint not null,
    inserted_at timestamp with time zone not null, schema_version_hash varchar"""
SEQUENCE = "load_sequence"


def own_columns(pipeline: Pipeline, table: str) -> list[tuple[str, str]]:
    """A landing table's own columns with their Postgres types."""
    return [
        c if isinstance(c, tuple) else (c, "varchar") for c in pipeline.tables[table]
    ]


def columns_of(pipeline: Pipeline, table: str) -> list[tuple[str, str]]:
    """Columns of a landing table with their Postgres types, provenance included."""
    return [*own_columns(pipeline, table), *PROVENANCE_COLUMNS]


def statements(pipeline: Pipeline) -> Iterator[str]:
    """DDL that creates whatever a pipeline's dataset lacks; safe to repeat."""
    schema = pipeline.dataset
    yield f"create schema if not exists {schema}"
    yield f"create sequence if not exists {schema}.{SEQUENCE}"
    for name, columns in {**LEDGER_TABLES, "_dlt_loads": LOADS_TABLE}.items():
        yield f"create table if not exists {schema}.{name} ({columns})"
    for name in pipeline.tables:
        columns = ", ".join(f'"{c}" {t}' for c, t in columns_of(pipeline, name))
        yield f"create table if not exists {schema}.{name} ({columns})"


def is_ready(connection: Connection, pipeline: Pipeline) -> bool:
    """Whether all tables of a pipeline's dataset exist."""
    wanted = [*LEDGER_TABLES, "_dlt_loads", *pipeline.tables]
    with connection.cursor() as cursor:
        cursor.execute(
            "select count(*) from information_schema.tables"
            " where table_schema = %s and table_name = any(%s)",
            (pipeline.dataset, wanted),
        )
        (count,) = cursor.fetchone()  # type: ignore[misc]
    return bool(count == len(wanted))


def ensure(connection: Connection, pipeline: Pipeline) -> None:
    """Creates the dataset of a pipeline where it is missing, in one transaction."""
    if is_ready(connection, pipeline):
        return
    with connection, connection.cursor() as cursor:
        # Two first runs at once would both find the schema missing.
        cursor.execute("select pg_advisory_xact_lock(hashtext('hindcast ensure'))")
        for statement in statements(pipeline):
            cursor.execute(statement)


def ensure_all(target: warehouse.Target) -> None:
    """Creates the datasets of all pipelines, so that dbt finds every source."""
    connection = warehouse.connect(target)
    with contextlib.closing(connection):
        for pipeline in registry.all_pipelines():
            ensure(connection, pipeline)


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
    if not is_ready(connection, pipeline):
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
    loaded_at: dt.datetime | None = None  # as stamped on its rows
    read: Any = None  # FileRead without its batches, for loaded files
    error: HindcastError | None = None


def start_run(
    connection: Connection, pipeline: Pipeline, run_id: str, command: str, version: str
) -> list[str]:
    """Writes down that a run begins, after clearing what earlier ones left half done.

    Returns:
        Ids of the interrupted runs that were cleared.
    """
    import os
    import platform

    schema = pipeline.dataset
    with connection, connection.cursor() as cursor:
        cursor.execute(
            f"update {schema}.runs set status = 'interrupted', finished_at = now(),"
            " error = 'the process ended before the run did'"
            " where status = 'running' returning run_id, load_id"
        )
        interrupted = cursor.fetchall()
        loads = [load for _, load in interrupted if load]
        if loads:
            discard_loads(cursor, pipeline, loads)
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


def discard_loads(cursor: Any, pipeline: Pipeline, load_ids: list[str]) -> None:
    """Deletes rows of loads that no file of the ledger rests on."""
    for table in pipeline.tables:
        cursor.execute(
            f"delete from {pipeline.dataset}.{table} as t"
            " where t._dlt_load_id = any(%s)"
            f" and not exists (select 1 from {pipeline.dataset}.files as f"
            " where f._file_id = t._file_id and f.load_id = t._dlt_load_id)",
            (load_ids,),
        )


def _discard_own_load(cursor: Any, pipeline: Pipeline, run_id: str) -> None:
    cursor.execute(
        f"select load_id from {pipeline.dataset}.runs"
        " where run_id = %s and load_id is not null",
        (run_id,),
    )
    loads = [load for (load,) in cursor.fetchall()]
    if loads:
        discard_loads(cursor, pipeline, loads)


def table_ends(connection: Connection, pipeline: Pipeline) -> dict[str, int]:
    """Block after the last one of each landing table: where a load will append."""
    with connection, connection.cursor() as cursor:
        ends = {}
        for table in pipeline.tables:
            cursor.execute(
                "select pg_relation_size(%s::regclass)"
                " / current_setting('block_size')::bigint",
                (f"{pipeline.dataset}.{table}",),
            )
            (ends[table],) = cursor.fetchone()  # type: ignore[misc]
    return ends


def landed_total(
    cursor: Any, pipeline: Pipeline, table: str, load_id: str, start: int = 0
) -> int:
    """Rows of a load in one table from block ``start`` on.

    A load appends, so counting from where the table ended costs the same however much
    history stands before it. Rows may still have gone into older free space: a count
    that falls short says nothing until it is made from block 0.
    """
    beyond = f" and ctid >= '({start},0)'::tid" if start else ""
    cursor.execute(
        f"select count(*) from {pipeline.dataset}.{table}"
        f" where _dlt_load_id = %s{beyond}",
        (load_id,),
    )
    (count,) = cursor.fetchone()
    return int(count)


def landed_counts(
    cursor: Any, pipeline: Pipeline, table: str, load_id: str
) -> dict[tuple[str, str], int]:
    """Rows in the database by (file id, source table) of one load in one table."""
    cursor.execute(
        f"select _file_id, _source_table, count(*) from {pipeline.dataset}.{table}"
        " where _dlt_load_id = %s group by _file_id, _source_table",
        (load_id,),
    )
    return {(file_id, source): count for file_id, source, count in cursor.fetchall()}


def finish_run(
    connection: Connection,
    pipeline: Pipeline,
    run_id: str,
    load_id: str | None,
    ended: list[Ended],
    error: str | None = None,
    ends: Mapping[str, int] | None = None,
) -> None:
    """Commits the outcome of a run: files, their tables, vintages, the run itself.

    Rows landed are counted in the database. A file whose count differs from what its
    reader read is undone and marked failed. All in one transaction: before it, nothing
    of this load is visible to silver; after it, everything is.

    Args:
        connection: To the warehouse.
        pipeline: Whose ledger.
        run_id: The run.
        load_id: Its load, if anything was landed.
        ended: How each file ended; corrected in place.
        error: What stopped the run.
        ends: ``table_ends`` from before the load.
    """
    from loaders import ledger_write

    with connection, connection.cursor() as cursor:
        ledger_write.write(cursor, pipeline, run_id, load_id, ended, ends or {})
        if error:
            _discard_own_load(cursor, pipeline, run_id)
        totals = {s: sum(e.status == s for e in ended) for s in FILE_STATUSES}
        bad = totals["quarantined"] + totals["failed"]
        status = "failed" if error else "problems" if bad else "done"
        cursor.execute(
            f"update {pipeline.dataset}.runs set status = %s, finished_at = now(),"
            " files_loaded = %s, files_unchanged = %s, files_superseded = %s,"
            " files_quarantined = %s, files_failed = %s, rows_landed = %s, error = %s"
            " where run_id = %s",
            (status, *totals.values(), sum(e.rows for e in ended), error, run_id),
        )


def as_json(values: Iterable[str]) -> str:
    """Texts as one JSON array, readable as it stands."""
    return json.dumps(list(values), ensure_ascii=False)
