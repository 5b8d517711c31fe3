"""The one transaction in which a load becomes part of the record."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from loaders import dataset, ledger
from loaders.ledger import FILE_STATUSES, Ended
from loaders.model import FileRead, Pipeline

if TYPE_CHECKING:
    from psycopg2.extensions import connection as Connection

FILE_COLUMNS = (
    "_file_id",
    "sha256",
    "source_file",
    "file_name",
    "bytes",
    "reader",
    "reader_version",
    "period_start",
    "period_end",
    "period_label",
    "period_source",
    "release_status",
    "basis",
    "published_on",
    "is_example",
    "tables_found",
    "rows_read",
    "rows_landed",
    "status",
    "reason",
    "next_command",
    "load_id",
    "run_id",
    "notes",
)


def finish_run(
    connection: Connection,
    pipeline: Pipeline,
    run_id: str,
    load_id: str | None,
    ended: list[Ended],
    error: str | None,
    ends: Mapping[str, int],
) -> None:
    """Commits the outcome of a run: files, their tables, vintages, the run itself.

    Rows landed are counted in the database. A file whose count differs from what its
    reader read is undone and marked failed. All in one transaction: before it, nothing
    of this load is visible; after it, everything is.

    Args:
        connection: To the warehouse.
        pipeline: Whose ledger.
        run_id: The run.
        load_id: Its load, if anything was landed.
        ended: How each file ended; corrected in place where the database holds another
            number of rows than was read, or a better vintage.
        error: What stopped the run.
        ends: ``table_ends`` from before the load.
    """
    with connection, connection.cursor() as cursor:
        loaded = [e for e in ended if e.status == "loaded"]
        if loaded and load_id is None:
            raise ValueError("files were loaded without a load id")
        _check_counts(cursor, pipeline, loaded, ends)
        for one in ended:
            if one.keep and one.status != "unchanged":
                _upsert(cursor, pipeline, run_id, load_id, one)
        _clear_failures(cursor, pipeline, ended)
        _record_loaded(cursor, pipeline, load_id or "", loaded)
        _record_run(cursor, pipeline, run_id, ended, error)
        if error:
            ledger.discard_orphans(cursor, pipeline)


def _check_counts(
    cursor: Any, pipeline: Pipeline, loaded: list[Ended], ends: Mapping[str, int]
) -> None:
    """Counts what landed; marks as failed the files of which it is not what was read.

    A load appends, so counting from where a table ended before it costs the same
    however much history stands there. Rows may have gone into older free space all the
    same: only when a total is not right is the whole table counted, key by key.
    """
    wanted: dict[str, dict[int, tuple[Ended, int]]] = {}
    for one in loaded:
        one.rows = sum(t.rows_read for t in one.read.tables)
        for table in one.read.tables:
            keys = wanted.setdefault(table.table, {})
            keys[table.key] = (one, table.rows_read)
    for name, keys in wanted.items():
        landed = f"{pipeline.dataset}.{dataset.landed_name(name)}"
        cursor.execute(
            f"select count(*) from {landed} where _table_key >= %s and ctid >= %s::tid",
            (min(keys), f"({ends.get(name, 0)},0)"),
        )
        if cursor.fetchone()[0] == sum(rows for _, rows in keys.values()):
            continue
        cursor.execute(
            f"select _table_key, count(*) from {landed} where _table_key >= %s"
            " group by _table_key",
            (min(keys),),
        )
        found = dict(cursor.fetchall())
        for key, (one, rows) in keys.items():
            if found.get(key, 0) != rows and one.status == "loaded":
                _undo(cursor, pipeline, one, found.get(key, 0) - rows)


def _undo(cursor: Any, pipeline: Pipeline, one: Ended, difference: int) -> None:
    for table in one.read.tables:
        _delete_keys(cursor, pipeline, table.table, [table.key])
    one.status = "failed"
    one.reason = (
        f"rows landed differ from rows read; where: {one.source}; "
        f"expected: {one.rows} rows; found: {one.rows + difference}"
    )
    one.next_command = f"dlt pipeline {pipeline.name} run --retry-failed"
    one.rows = 0


def _delete_keys(cursor: Any, pipeline: Pipeline, table: str, keys: list[int]) -> None:
    cursor.execute(
        f"delete from {pipeline.dataset}.{dataset.landed_name(table)}"
        " where _table_key = any(%s)",
        (keys,),
    )


def _upsert(
    cursor: Any, pipeline: Pipeline, run_id: str, load_id: str | None, one: Ended
) -> None:
    read: FileRead | None = one.read if one.status == "loaded" else None
    period = read.period if read else None
    values = {
        "_file_id": one.file_id,
        "sha256": one.sha256,
        "source_file": one.source,
        "file_name": one.name,
        "bytes": one.bytes,
        "reader": read.reader if read else None,
        "reader_version": one.reader_version,
        "period_start": period.start if period else None,
        "period_end": period.end if period else None,
        "period_label": period.label if period else None,
        "period_source": read.period_source if read else None,
        "release_status": read.release_status if read else None,
        "basis": read.basis if read else None,
        "published_on": one.published_on or (read.published_on if read else None),
        "is_example": bool(read and read.is_example),
        "tables_found": len(read.tables) if read else None,
        "rows_read": sum(t.rows_read for t in read.tables) if read else None,
        "rows_landed": one.rows if read else None,
        "status": one.status,
        "reason": one.reason,
        "next_command": one.next_command,
        "load_id": load_id if read else None,
        "run_id": run_id,
        "notes": _as_json(read.notes) if read else None,
    }
    # What once loaded stays loaded: a failure to load it again must not hide its rows.
    # Nor does loading it again make it the newest, unless the last found counts.
    schema = pipeline.dataset
    updates = ", ".join(f"{c} = excluded.{c}" for c in FILE_COLUMNS[1:])
    cursor.execute(
        f"insert into {schema}.files as f ({', '.join(FILE_COLUMNS)},"
        " first_seen_at, loaded_at, load_sequence)"
        f" values ({', '.join(['%s'] * len(FILE_COLUMNS))}, now(),"
        " case when %s then now() end,"
        f" case when %s then nextval('{schema}.{dataset.LOAD_SEQUENCE}') end)"
        f" on conflict (_file_id) do update set {updates},"
        " loaded_at = coalesce(f.loaded_at, excluded.loaded_at),"
        " load_sequence = case when %s and f.load_sequence < (select max(load_sequence)"
        f" from {schema}.files as v where v.source_file = f.source_file) then"
        " excluded.load_sequence else coalesce(f.load_sequence, excluded.load_sequence)"
        " end"
        " where f.status not in ('loaded', 'superseded') or excluded.status = 'loaded'",
        (
            *(values[c] for c in FILE_COLUMNS),
            *(read is not None, read is not None, pipeline.last_found_counts),
        ),
    )


def _clear_failures(cursor: Any, pipeline: Pipeline, ended: list[Ended]) -> None:
    """Forgets what once was wrong with a source that is now well.

    A failed download, a wrong claim and a damaged older copy have rows of their own;
    ``run_files`` still tells of them.
    """
    well = [
        (one.source, one.file_id)
        for one in ended
        if one.status in ("loaded", "unchanged")
    ]
    cursor.execute(
        f"delete from {pipeline.dataset}.files as f using"
        " unnest(%s::varchar[], %s::varchar[]) as w (source_file, _file_id)"
        " where f.source_file = w.source_file and f._file_id != w._file_id"
        " and f.status in ('quarantined', 'failed')",
        ([source for source, _ in well], [file_id for _, file_id in well]),
    )


def _record_loaded(
    cursor: Any, pipeline: Pipeline, load_id: str, loaded: list[Ended]
) -> None:
    """Names the tables of the files that loaded; drops those of an earlier load."""
    kept = [one for one in loaded if one.status == "loaded"]
    if not kept:
        return
    schema = pipeline.dataset
    cursor.execute(
        f"delete from {schema}.file_tables where _file_id = any(%s)"
        " returning table_name, table_key",
        ([one.file_id for one in kept],),
    )
    older: dict[str, list[int]] = {}
    for name, key in cursor.fetchall():
        older.setdefault(name, []).append(key)
    for name, keys in older.items():
        _delete_keys(cursor, pipeline, name, keys)
    _each(
        cursor,
        _insert(schema, "file_tables"),
        [row for one in kept for row in _table_rows(one, load_id)],
    )
    if pipeline.extension:
        read = [(one.file_id or "", one.read) for one in kept]
        pipeline.extension.record(cursor, schema, read, load_id)
        if pipeline.extension.settle:
            pipeline.extension.settle(cursor, schema)
    if pipeline.accumulates:
        _mark_examples(cursor, schema, pipeline.echoes)
    else:
        mark_superseded(cursor, schema)
    _tell_superseded(cursor, pipeline, kept)


def _each(cursor: Any, statement: str, rows: list[tuple[Any, ...]]) -> None:
    """One statement for many rows; a round trip for each costs more than the work."""
    from psycopg2.extras import execute_batch

    execute_batch(cursor, statement, rows, page_size=500)


def _insert(schema: str, table: str) -> str:
    """Insert of a whole ledger row, by names: upgrades add columns at the end."""
    columns = dataset.LEDGER_TABLES[table]
    places = ", ".join(["%s"] * len(columns))
    return f"insert into {schema}.{table} ({', '.join(columns)}) values ({places})"


def _table_rows(one: Ended, load_id: str) -> Iterable[tuple[Any, ...]]:
    read: FileRead = one.read
    period = read.period
    for t in read.tables:
        yield (
            *(t.key, one.file_id, t.table, t.source_table, read.basis, t.sheet),
            *(t.part, t.title, t.header_row, t.first_row, t.last_row),
            *(t.rows_read, t.rows_read, _as_json(t.notes)),
            *(period.start if period else None, period.end if period else None),
            load_id,
        )


def _record_run(
    cursor: Any, pipeline: Pipeline, run_id: str, ended: list[Ended], error: str | None
) -> None:
    schema = pipeline.dataset
    _each(
        cursor,
        _insert(schema, "run_files"),
        [
            (
                *(run_id, one.source, one.file_id, one.status, one.reason),
                *(one.next_command, one.rows, round(one.seconds, 3)),
            )
            for one in ended
        ],
    )
    totals = {s: sum(e.status == s for e in ended) for s in FILE_STATUSES}
    bad = totals["quarantined"] + totals["failed"]
    status = "failed" if error else "problems" if bad else "done"
    cursor.execute(
        f"update {schema}.runs set status = %s, finished_at = now(),"
        " files_loaded = %s, files_unchanged = %s, files_superseded = %s,"
        " files_quarantined = %s, files_failed = %s, rows_landed = %s, error = %s"
        " where run_id = %s",
        (status, *totals.values(), sum(e.rows for e in ended), error, run_id),
    )


def _as_json(values: Iterable[str]) -> str:
    return json.dumps(list(values), ensure_ascii=False)


def mark_superseded(cursor: Any, schema: str) -> None:
    """Marks the versions of which no table is the current vintage.

    The order is that of the silver models ``*__vintages``; an integration test holds
    the two together.
    """
    cursor.execute(
        f"""
        with candidates as (
            select distinct
                t.basis, t.period_start, t.period_end, t.source_table, f._file_id,
                f.is_example, f.published_on, f.load_sequence,
                case f.release_status
                    when 'revised' then 1 when 'final' then 2
                    when 'provisional' then 3 else 4
                end as status_rank
            from {schema}.files as f
            inner join {schema}.file_tables as t on f._file_id = t._file_id
            where f.status in ('loaded', 'superseded')
        ),

        ranked as (
            select
                _file_id,
                -- A basis may name a part after a colon: no part of an example
                -- stands beside a real file.
                is_example and not bool_and(is_example) over (
                    partition by split_part(basis, ':', 1), period_start, period_end
                ) as is_beside_real,
                row_number() over (
                    partition by basis, period_start, period_end, source_table
                    order by is_example, status_rank, published_on desc nulls last,
                        load_sequence desc, _file_id desc
                ) as place
            from candidates
        ),

        standing as (
            select _file_id, bool_or(place = 1 and not is_beside_real) as is_current
            from ranked
            group by _file_id
        )

        update {schema}.files as f
        set status = case when s.is_current then 'loaded' else 'superseded' end
        from standing as s
        where f._file_id = s._file_id
            and f.status != case when s.is_current then 'loaded' else 'superseded' end
        """
    )


def _mark_examples(cursor: Any, schema: str, echoes: Sequence[str]) -> None:
    """Examples count until there is a real file: nobody's history begins with ours."""
    cursor.execute(
        f"""
        update {schema}.files as f
        set status = case
            when f.is_example and real.is_loaded then 'superseded' else 'loaded'
        end
        from (
            select exists (
                select 1 from {schema}.files as own
                where own.status in ('loaded', 'superseded') and not own.is_example
                    and not exists (
                        select 1 from {schema}.file_tables as echo
                        where echo._file_id = own._file_id
                            and echo.table_name = any(%s)
                    )
            ) as is_loaded
        ) as real
        where f.status in ('loaded', 'superseded')
            and f.status != case
                when f.is_example and real.is_loaded then 'superseded' else 'loaded'
            end
        """,
        ([*echoes],),
    )


def _tell_superseded(cursor: Any, pipeline: Pipeline, kept: list[Ended]) -> None:
    cursor.execute(
        f"select _file_id from {pipeline.dataset}.files"
        " where status = 'superseded' and _file_id = any(%s)",
        ([one.file_id for one in kept],),
    )
    superseded = {file_id for (file_id,) in cursor.fetchall()}
    for one in kept:
        if one.file_id in superseded:
            one.status = "superseded"
            one.reason = (
                "an example beside real files"
                if pipeline.accumulates
                else "a better vintage of the same tables is already loaded"
            )
