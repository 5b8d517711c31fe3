"""The dataset of a pipeline in the warehouse: landed tables, the ledger, and the views.

A row is landed with two numbers beside its own columns: the key of the table it was
read from (``file_tables.table_key``) and its row there. What all rows of a table share
- file, sheet, period, status - is kept once, in the ledger. The view of the table's
name puts both together and shows the rows of completed loads alone.
"""

from __future__ import annotations

import contextlib
import hashlib
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import psycopg2

from loaders import registry, warehouse
from loaders.errors import Failed
from loaders.model import Pipeline

if TYPE_CHECKING:
    from psycopg2.extensions import connection as Connection

#: Columns of the ledger with their Postgres types and constraints.
LEDGER_TABLES: Mapping[str, Mapping[str, str]] = {
    "files": {
        "_file_id": "varchar primary key",
        "sha256": "varchar",
        "source_file": "varchar not null",
        "file_name": "varchar not null",
        "bytes": "bigint",
        "reader": "varchar",
        "reader_version": "varchar",
        "period_start": "date",
        "period_end": "date",
        "period_label": "varchar",
        "period_source": "varchar",
        "release_status": "varchar",
        "basis": "varchar",
        "published_on": "date",
        "is_example": "boolean not null default false",
        "tables_found": "integer",
        "rows_read": "bigint",
        "rows_landed": "bigint",
        "status": "varchar not null check (status in"
        " ('loaded', 'superseded', 'quarantined', 'failed'))",
        "reason": "varchar",
        "next_command": "varchar",
        "load_id": "varchar",
        "run_id": "varchar not null",
        "load_sequence": "bigint",
        "notes": "varchar",
        "first_seen_at": "timestamp with time zone not null",
        "loaded_at": "timestamp with time zone",
    },
    "file_tables": {
        "table_key": "integer primary key",
        "_file_id": "varchar not null",
        "table_name": "varchar not null",
        "source_table": "varchar not null",
        "basis": "varchar",
        "source_sheet": "varchar",
        "part": "varchar",
        "title": "varchar",
        "header_row": "integer",
        "first_row": "integer",
        "last_row": "integer",
        "rows_read": "bigint not null",
        "rows_landed": "bigint not null",
        "notes": "varchar",
        "period_start": "date",
        "period_end": "date",
        "load_id": "varchar not null",
    },
    "runs": {
        "run_id": "varchar primary key",
        "run_number": "bigint generated always as identity",
        "pipeline": "varchar not null",
        "command": "varchar not null",
        "status": "varchar not null check (status in"
        " ('running', 'done', 'problems', 'failed', 'interrupted'))",
        "started_at": "timestamp with time zone not null",
        "finished_at": "timestamp with time zone",
        "load_id": "varchar",
        "host": "varchar",
        "pid": "integer",
        "version": "varchar",
        "files_loaded": "integer",
        "files_unchanged": "integer",
        "files_superseded": "integer",
        "files_quarantined": "integer",
        "files_failed": "integer",
        "rows_landed": "bigint",
        "error": "varchar",
    },
    "run_files": {
        "run_id": "varchar not null",
        "source_file": "varchar not null",
        "_file_id": "varchar",
        "status": "varchar not null",
        "reason": "varchar",
        "next_command": "varchar",
        "rows_landed": "bigint",
        "seconds": "double precision",
    },
}
#: dlt's own table of completed load packages, in dlt's shape: dbt can lean on it before
#: the first load.
LOADS_TABLE: Mapping[str, str] = {
    "load_id": "varchar not null",
    "schema_name": "varchar",
    "status": "bigint not null",
    "inserted_at": "timestamp with time zone not null",
    "schema_version_hash": "varchar",
}
#: The order of first loads, independent of any clock.
LOAD_SEQUENCE = "load_sequence"
TABLE_KEYS = "table_keys"

#: What a landed row carries beside its own columns.
KEY_COLUMNS: tuple[tuple[str, str], ...] = (
    ("_table_key", "integer"),
    ("_source_row", "integer"),
)
#: What the view adds before a table's own columns, and after them: the provenance, the
#: same for every raw table.
ORIGIN_COLUMNS = {
    "_source_table": "t.source_table",
    "_source_part": "t.part",
    "basis": "t.basis",
}
PROVENANCE_COLUMNS = {
    "_file_id": "f._file_id",
    "_source_file": "f.source_file",
    "_source_sheet": "t.source_sheet",
    "_source_row": "cast(r._source_row as bigint)",
    "_period_start": "f.period_start",
    "_period_end": "f.period_end",
    "_release_status": "f.release_status",
    "_published_on": "f.published_on",
    "_loaded_at": "f.loaded_at",
    "_dlt_load_id": "f.load_id",
}


def own_columns(pipeline: Pipeline, table: str) -> list[tuple[str, str]]:
    """A table's own columns with their Postgres types."""
    return [
        c if isinstance(c, tuple) else (c, "varchar") for c in pipeline.tables[table]
    ]


def landed_columns(pipeline: Pipeline, table: str) -> list[tuple[str, str]]:
    """Columns of the table that rows land in."""
    return [*own_columns(pipeline, table), *KEY_COLUMNS]


def landed_name(table: str) -> str:
    """Name of the table that the rows of a raw table land in."""
    return f"{table}_landed"


def landed_names(pipeline: Pipeline) -> list[str]:
    """All tables of a pipeline that rows land in."""
    return [landed_name(table) for table in pipeline.tables]


def _view(pipeline: Pipeline, table: str) -> str:
    schema = pipeline.dataset
    own = {name: f'r."{name}"' for name, _ in own_columns(pipeline, table)}
    columns = {**ORIGIN_COLUMNS, **own, **PROVENANCE_COLUMNS}
    listed = ", ".join(f'{source} as "{name}"' for name, source in columns.items())
    return (
        f"create view {schema}.{table} as select {listed}"
        f" from {schema}.{landed_name(table)} as r"
        f" inner join {schema}.file_tables as t on r._table_key = t.table_key"
        f" inner join {schema}.files as f on t._file_id = f._file_id"
        " where f.status in ('loaded', 'superseded') and f.load_id = t.load_id"
    )


def drop_built_views(view: str) -> str:
    """Drops dbt's own views that rest on a raw view: its next build makes them again.

    Silver views rest on silver views, and gold ones on both, so the furthest go first.
    A view of anybody else is not dropped, and keeps the raw view it rests on.
    """
    return (
        "do $built$ declare built record; begin for built in"
        " with recursive resting as ("
        f" select to_regclass('{view}')::oid as view_id, 0 as depth"
        " union select w.ev_class, r.depth + 1 from resting as r"
        " inner join pg_depend as d on r.view_id = d.refobjid"
        " and d.refclassid = 'pg_class'::regclass"
        " and d.classid = 'pg_rewrite'::regclass"
        " inner join pg_rewrite as w on d.objid = w.oid"
        " where w.ev_class != r.view_id)"
        " select c.oid::regclass as name from resting as r"
        " inner join pg_class as c on r.view_id = c.oid"
        " where r.depth > 0 and c.relkind = 'v' and c.relnamespace in"
        " (to_regnamespace('silver'), to_regnamespace('gold'))"
        " group by c.oid order by max(r.depth) desc"
        " loop execute format('drop view %s', built.name); end loop; end $built$"
    )


def statements(pipeline: Pipeline) -> Iterator[str]:
    """DDL that brings a dataset to its present shape from nothing or from an older one.

    Columns are only ever added; a landed column that is no longer written stays.
    """
    schema = pipeline.dataset
    tables = {
        **LEDGER_TABLES,
        "_dlt_loads": LOADS_TABLE,
        **{landed_name(t): dict(landed_columns(pipeline, t)) for t in pipeline.tables},
        **(pipeline.extension.tables if pipeline.extension else {}),
    }
    yield f"create schema if not exists {schema}"
    yield f"create sequence if not exists {schema}.{LOAD_SEQUENCE}"
    yield f"create sequence if not exists {schema}.{TABLE_KEYS} as integer"
    for name, columns in tables.items():
        listed = ", ".join(f'"{c}" {kind}' for c, kind in columns.items())
        yield f"create table if not exists {schema}.{name} ({listed})"
        for column, kind in columns.items():
            # Rows that are there already could not satisfy a constraint.
            plain = re.sub(r" (not null|primary key)", "", kind)
            yield (
                f"alter table {schema}.{name}"
                f' add column if not exists "{column}" {plain}'
            )
    for column in ("period_start", "period_end"):
        # Not every file is dated; an older version thought so.
        yield (f"alter table {schema}.file_tables alter column {column} drop not null")
    for table in pipeline.tables:
        # One file is read, or cleared, at the cost of one, however many there are.
        # Rows of one key stand together: an index of block ranges finds them too, and a
        # million rows fill it in no time. Smaller tables are planned better by a tree.
        is_bulk = pipeline.file_format == "csv"
        kind = (
            "brin (_table_key int4_minmax_multi_ops)"
            if is_bulk
            else "btree (_table_key)"
        )
        yield (
            f"create index if not exists {landed_name(table)}_table_key"
            f" on {schema}.{landed_name(table)} using {kind}"
        )
        yield drop_built_views(f"{schema}.{table}")
        yield f"drop view if exists {schema}.{table}"
        yield _view(pipeline, table)


def _shape(pipeline: Pipeline) -> str:
    """What the schema's comment says when the dataset has its present shape."""
    text = "\n".join(statements(pipeline))
    return f"hindcast dataset {hashlib.sha256(text.encode()).hexdigest()[:16]}"


def is_ready(connection: Connection, pipeline: Pipeline) -> bool:
    """Whether a pipeline's dataset exists in the shape this version needs."""
    with connection.cursor() as cursor:
        # Read as rows: `to_regnamespace` answers from a cache, which in a transaction
        # that waited for another's lock can still say that there is no such schema.
        cursor.execute(
            "select max(obj_description(oid, 'pg_namespace')) from pg_namespace"
            " where nspname = %s",
            (pipeline.dataset,),
        )
        (found,) = cursor.fetchone()  # type: ignore[misc]
    return bool(found == _shape(pipeline))


def ensure(connection: Connection, pipeline: Pipeline) -> None:
    """Creates the dataset of a pipeline, or brings an older one up to date.

    Raises:
        Failed: Postgres refuses; nothing was changed.
    """
    if is_ready(connection, pipeline):
        _settle(connection, pipeline)
        return
    try:
        with connection, connection.cursor() as cursor:
            # Two first runs at once would both find the schema missing.
            cursor.execute("select pg_advisory_xact_lock(hashtext('hindcast ensure'))")
            if is_ready(connection, pipeline):
                return
            for statement in statements(pipeline):
                cursor.execute(statement)
            cursor.execute(
                f"comment on schema {pipeline.dataset} is %s", (_shape(pipeline),)
            )
            if pipeline.extension and pipeline.extension.settle:
                pipeline.extension.settle(cursor, pipeline.dataset)
    except psycopg2.Error as error:
        raise _cannot_set_up(pipeline, error) from error


def _settle(connection: Connection, pipeline: Pipeline) -> None:
    if pipeline.extension is None or pipeline.extension.settle is None:
        return
    try:
        with connection, connection.cursor() as cursor:
            pipeline.extension.settle(cursor, pipeline.dataset)
    except psycopg2.Error as error:
        raise _cannot_set_up(pipeline, error) from error


def _cannot_set_up(pipeline: Pipeline, error: Exception) -> Failed:
    return Failed(
        f"cannot set up the tables of {pipeline.name}",
        where=f"schema {pipeline.dataset} of the warehouse",
        expected="the owner of the schema, and no view of yours on its views",
        found=" ".join(str(error).split()),
        next_step="run `hindcast up` as the owner of the database",
    )


def ensure_all(target: warehouse.Target) -> None:
    """Creates the datasets of all pipelines, so that dbt finds every source."""
    connection = warehouse.connect(target)
    with contextlib.closing(connection):
        for pipeline in registry.all_pipelines():
            ensure(connection, pipeline)
