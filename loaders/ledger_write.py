"""The one transaction in which a load becomes part of the record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from loaders import ledger
from loaders.ledger import Ended
from loaders.model import FileRead, Pipeline

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


def write(
    cursor: Any,
    pipeline: Pipeline,
    run_id: str,
    load_id: str | None,
    ended: list[Ended],
    ends: Mapping[str, int],
) -> None:
    """Writes the files of a run, their tables and their vintages.

    Args:
        cursor: Inside the transaction that ends the run.
        pipeline: Whose ledger.
        run_id: The run that ends.
        load_id: Its load; ``None`` when nothing was landed.
        ended: How each file ended; statuses are corrected in place when the database
            holds another number of rows than was read, or a better vintage.
        ends: Where the landing tables ended before the load.
    """
    loaded = [e for e in ended if e.status == "loaded"]
    if loaded:
        if load_id is None:
            raise ValueError("files were loaded without a load id")
        _check_counts(cursor, pipeline, load_id, loaded, ends)
    for one in ended:
        if one.keep and one.status != "unchanged":
            _upsert(cursor, pipeline, run_id, load_id, one)
    _clear_failures(cursor, pipeline, ended)
    kept = [e for e in loaded if e.status == "loaded"]
    for one in kept:
        _write_tables(cursor, pipeline, load_id or "", one)
    if kept:
        _replace_older_rows(cursor, pipeline, load_id or "", kept)
        _mark_superseded(cursor, pipeline)
        _tell_superseded(cursor, pipeline, kept)
    cursor.executemany(
        f"insert into {pipeline.dataset}.run_files values (%s,%s,%s,%s,%s,%s,%s,%s)",
        [
            (
                *(run_id, one.source, one.file_id, one.status, one.reason),
                *(one.next_command, one.rows, round(one.seconds, 3)),
            )
            for one in ended
        ],
    )


def _check_counts(
    cursor: Any,
    pipeline: Pipeline,
    load_id: str,
    loaded: list[Ended],
    ends: Mapping[str, int],
) -> None:
    """Counts what landed; undoes the files of which it is not what was read.

    The total of a table is enough while it is right; only when it is not is it counted
    again, file by file.
    """
    wanted: dict[str, dict[tuple[str, str], int]] = {}
    for one in loaded:
        one.rows = 0
        for table in one.read.tables:
            files = wanted.setdefault(table.table, {})
            key = (one.file_id or "", table.source_table)
            files[key] = files.get(key, 0) + table.rows_read
            one.rows += table.rows_read
    wrong: dict[str, int] = {}
    for name, files in wanted.items():
        total = sum(files.values())
        start = ends.get(name, 0)
        if ledger.landed_total(cursor, pipeline, name, load_id, start) == total:
            continue
        found = ledger.landed_counts(cursor, pipeline, name, load_id)
        for key in files.keys() | found.keys():
            difference = found.get(key, 0) - files.get(key, 0)
            if difference:
                wrong[key[0]] = wrong.get(key[0], 0) + difference
    for one in loaded:
        if one.file_id in wrong:
            _undo(cursor, pipeline, load_id, one, one.rows + wrong[one.file_id])


def _undo(
    cursor: Any, pipeline: Pipeline, load_id: str, one: Ended, found: int
) -> None:
    for name in {table.table for table in one.read.tables}:
        cursor.execute(
            f"delete from {pipeline.dataset}.{name}"
            " where _file_id = %s and _dlt_load_id = %s",
            (one.file_id, load_id),
        )
    one.status = "failed"
    one.reason = (
        f"rows landed differ from rows read; where: {one.source}; "
        f"expected: {one.rows} rows; found: {found}"
    )
    one.next_command = f"dlt pipeline {pipeline.name} run --retry-failed"
    one.rows = 0


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
        "published_on": one.published_on,
        "is_example": bool(read and read.is_example),
        "tables_found": len(read.tables) if read else None,
        "rows_read": sum(t.rows_read for t in read.tables) if read else None,
        "rows_landed": one.rows if read else None,
        "status": one.status,
        "reason": one.reason,
        "next_command": one.next_command,
        "load_id": load_id if read else None,
        "run_id": run_id,
        "notes": ledger.as_json(read.notes) if read else None,
    }
    # A version that once loaded stays loaded: a later failure to load it again must not
    # hide its rows. The sequence and the time of a first load stay too, so that loading
    # an old file again never makes it the newest vintage.
    schema = pipeline.dataset
    updates = ", ".join(f"{c} = excluded.{c}" for c in FILE_COLUMNS[1:])
    cursor.execute(
        f"insert into {schema}.files as f ({', '.join(FILE_COLUMNS)},"
        " first_seen_at, loaded_at, load_sequence)"
        f" values ({', '.join(['%s'] * len(FILE_COLUMNS))}, now(),"
        " case when %s then coalesce(%s, now()) end,"
        f" case when %s then nextval('{schema}.{ledger.SEQUENCE}') end)"
        f" on conflict (_file_id) do update set {updates},"
        " loaded_at = coalesce(f.loaded_at, excluded.loaded_at),"
        " load_sequence = coalesce(f.load_sequence, excluded.load_sequence)"
        " where f.status not in ('loaded', 'superseded') or excluded.status = 'loaded'",
        (
            *(values[c] for c in FILE_COLUMNS),
            *(read is not None, one.loaded_at, read is not None),
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
    cursor.executemany(
        f"delete from {pipeline.dataset}.files where source_file = %s"
        " and _file_id != %s and status in ('quarantined', 'failed')",
        well,
    )


def _write_tables(cursor: Any, pipeline: Pipeline, load_id: str, one: Ended) -> None:
    read: FileRead = one.read
    schema = pipeline.dataset
    cursor.execute(
        f"delete from {schema}.file_tables where _file_id = %s", (one.file_id,)
    )
    cursor.executemany(
        f"insert into {schema}.file_tables values"
        " (%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s)",
        [
            (
                *(one.file_id, t.table, t.source_table, read.basis, t.sheet, t.title),
                *(t.header_row, t.first_row, t.last_row, t.rows_read, t.rows_read),
                *(ledger.as_json(t.notes), read.period.start, read.period.end, load_id),
            )
            for t in read.tables
        ],
    )


def _replace_older_rows(
    cursor: Any, pipeline: Pipeline, load_id: str, kept: list[Ended]
) -> None:
    """Removes the rows that an earlier load of the same version had landed."""
    ids = [one.file_id for one in kept if one.reloaded]
    if not ids:
        return
    for table in pipeline.tables:
        cursor.execute(
            f"delete from {pipeline.dataset}.{table}"
            " where _file_id = any(%s) and _dlt_load_id != %s",
            (ids, load_id),
        )


def _mark_superseded(cursor: Any, pipeline: Pipeline) -> None:
    """Marks the versions of which no table is the current vintage.

    The order is that of the silver models ``*__vintages``; an integration test holds
    the two together.
    """
    schema = pipeline.dataset
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
            select _file_id, row_number() over (
                partition by basis, period_start, period_end, source_table
                order by is_example, status_rank, published_on desc nulls last,
                    load_sequence desc, _file_id desc
            ) as place
            from candidates
        ),

        standing as (
            select _file_id, min(place) = 1 as is_current from ranked group by _file_id
        )

        update {schema}.files as f
        set status = case when s.is_current then 'loaded' else 'superseded' end
        from standing as s
        where f._file_id = s._file_id
            and f.status != case when s.is_current then 'loaded' else 'superseded' end
        """
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
            one.reason = "a better vintage of the same tables is already loaded"
