"""What ``hindcast status``, ``runs`` and ``sql`` say."""

from __future__ import annotations

import contextlib
import csv
import datetime as dt
import json
import sys
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from loaders import dataset, ledger, project, registry, warehouse
from loaders.console import table_lines
from loaders.errors import Quarantined, UsageError

if TYPE_CHECKING:
    from psycopg2.extensions import connection as Connection

    from loaders.model import Pipeline, SourceFile

#: Longer gaps are shown as their ends, not month by month.
GAP_SHOWN_IN_FULL = 3
SHOWN_RUNS = 50
QUERY_WORDS = {"select", "with", "values", "table", "explain", "show", ""}
ENDS_SHOWN = ("loaded", "quarantined", "failed")


def _connection() -> Connection | None:
    """A connection, or ``None`` when the embedded server was never started."""
    if (
        warehouse.origin() == "embedded"
        and not (project.state_dir() / "postgres").exists()
    ):
        return None
    return warehouse.connect(warehouse.resolve())


def _query(connection: Connection, query: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, values or None)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def month_gaps(months: list[dt.date]) -> list[str]:
    """Months missing between the first and the last, as ``2025-05`` or as a range."""
    if not months:
        return []
    present = set(months)
    missing: list[list[str]] = []
    current, inside = min(present), False
    while current < max(present):
        current = (current.replace(day=28) + dt.timedelta(days=4)).replace(day=1)
        if current in present:
            inside = False
        elif inside:
            missing[-1].append(f"{current:%Y-%m}")
        else:
            missing.append([f"{current:%Y-%m}"])
            inside = True
    gaps = []
    for run in missing:
        if len(run) <= GAP_SHOWN_IN_FULL:
            gaps += run
        else:
            gaps.append(f"{run[0]} to {run[-1]} ({len(run)} months)")
    return gaps


def status() -> list[str]:
    """Lines of ``hindcast status``."""
    connection = _connection()
    if connection is None:
        return ["nothing is loaded yet; next: dlt pipeline run"]
    lines: list[str] = []
    with contextlib.closing(connection):
        for pipeline in registry.all_pipelines():
            if lines:
                lines.append("")
            if not dataset.is_ready(connection, pipeline):
                lines.append(f"{pipeline.name}: nothing is loaded yet")
                continue
            lines += _status_of(connection, pipeline)
    return lines


def _status_of(connection: Connection, pipeline: Pipeline) -> list[str]:
    schema = pipeline.dataset
    files = dict(
        _query(
            connection, f"select status, count(*) from {schema}.files group by status"
        )
    )
    ((rows,),) = _query(
        connection, f"select coalesce(sum(rows_landed), 0)::bigint from {schema}.files"
    )
    counted = ", ".join(f"{files[s]} {s}" for s in ledger.FILE_STATUSES if s in files)
    lines = [
        f"{pipeline.name}: {pipeline.title}",
        f"  files:    {counted or 'none'}",
        f"  rows:     {rows:,}",
    ]
    if pipeline.accumulates:
        lines += _span_of(connection, schema)
    else:
        by_publication = bool(pipeline.extension)
        lines += _periods_of(connection, schema, by_publication=by_publication)
    last_run = _query(
        connection,
        f"select command, status, started_at, files_loaded, files_quarantined,"
        f" files_failed from {schema}.runs order by run_number desc limit 1",
    )
    for command, state, started, loaded, quarantined, failed in last_run:
        when = f"{started:%Y-%m-%d %H:%M}"
        counts = zip((loaded, quarantined, failed), ENDS_SHOWN, strict=True)
        ends = ", ".join(f"{count or 0} {name}" for count, name in counts)
        lines.append(f"  last run: {when} {state}: {ends} ({command})")
    return lines


def _periods_of(
    connection: Connection, schema: str, *, by_publication: bool
) -> list[str]:
    """Periods loaded and missing in between, of the pipeline or of each publication."""
    of = "split_part(basis, ':', 1)" if by_publication else "null"
    found: dict[str | None, list[tuple[dt.date, dt.date]]] = {}
    for whose, start, end in _query(
        connection,
        f"select distinct {of}, period_start, period_end from {schema}.files"
        " where status in ('loaded', 'superseded') order by 1, 2, 3",
    ):
        found.setdefault(whose, []).append((start, end))
    lines = []
    for whose, periods in found.items():
        months = sorted({start for start, _ in periods})
        first, last = f"{months[0]:%Y-%m}", f"{months[-1]:%Y-%m}"
        told = f"{len(months)} from {first} to {last}"
        # Quarters, years and lists published now and then leave no months missing.
        by_month = all((end - start).days < 31 for start, end in periods)
        missing = ", ".join(month_gaps(months)) or "none in between"
        if whose is None:
            lines.append(f"  periods:  {told}")
            lines += [f"  missing:  {missing}"] if by_month else []
        else:
            missing = f"; missing: {missing}" if by_month else ""
            lines.append(f"  {whose}: {told}{missing}")
    return lines


def _span_of(connection: Connection, schema: str) -> list[str]:
    """From when to when the files of a pipeline speak that has no periods to miss."""
    ((start, end),) = _query(
        connection,
        f"select min(period_start), max(period_end) from {schema}.files"
        " where status in ('loaded', 'superseded')",
    )
    return [f"  covers:   {start} to {end}"] if start else []


def runs(which: str) -> list[str]:
    """Lines of ``hindcast runs``: ``latest``, ``all``, ``errors`` or ``restart``."""
    connection = _connection()
    if connection is None:
        return ["nothing has run yet; next: dlt pipeline run"]
    lines: list[str] = []
    with contextlib.closing(connection):
        for pipeline in registry.all_pipelines():
            if not dataset.is_ready(connection, pipeline):
                continue
            lines += (
                _restarts(connection, pipeline)
                if which == "restart"
                else _runs_of(connection, pipeline, which)
            )
    if not lines:
        nothing = {
            "errors": "no run had errors",
            "restart": "nothing has to be retried",
        }
        return [nothing.get(which, "nothing has run yet; next: dlt pipeline run")]
    return lines


def _runs_of(connection: Connection, pipeline: Pipeline, which: str) -> list[str]:
    schema = pipeline.dataset
    bad = "where status in ('problems', 'failed', 'interrupted')"
    condition = bad if which == "errors" else ""
    rows = _query(
        connection,
        "select run_id, command, status, started_at, finished_at, files_loaded,"
        " files_unchanged, files_superseded, files_quarantined, files_failed,"
        f" rows_landed, error from {schema}.runs {condition}"
        " order by run_number desc limit %s",
        1 if which == "latest" else SHOWN_RUNS,
    )
    lines: list[str] = []
    for run_id, command, state, started, finished, *counts, landed, error in rows:
        seconds = (
            f"{(finished - started).total_seconds():.1f} s" if finished else "no end"
        )
        said = ", ".join(
            f"{count} {name}"
            for name, count in zip(ledger.FILE_STATUSES, counts, strict=True)
            if count
        )
        lines += [
            f"{run_id}  {state}  {started:%Y-%m-%d %H:%M:%S}  {seconds}",
            f"  {command}",
            f"  {said or 'no file ended'}; {landed or 0:,} rows",
        ]
        if error:
            lines.append(f"  error: {error}")
        for source, status_, reason, again in _query(
            connection,
            f"select source_file, status, reason, next_command from {schema}.run_files"
            " where run_id = %s and status in ('quarantined', 'failed') order by 1",
            run_id,
        ):
            lines += [f"  {status_}: {source}", f"    {reason}", f"    again: {again}"]
        if state == "interrupted":
            lines.append(f"  again: {command}")
    return lines


def _restarts(connection: Connection, pipeline: Pipeline) -> list[str]:
    schema = pipeline.dataset
    lines = [
        command
        for (command,) in _query(
            connection,
            f"select distinct next_command from {schema}.files"
            " where status in ('quarantined', 'failed') and next_command is not null"
            " order by 1",
        )
    ]
    last = _query(
        connection,
        f"select command, status from {schema}.runs order by run_number desc limit 1",
    )
    lines += [c for c, state in last if state in ("running", "interrupted", "failed")]
    return lines


def manifest(path: Path, say: Callable[[str], None]) -> Any:
    """What the readers see in a file; a list of that for a zip of several.

    A file that no pipeline can read is described by its layout, after saying why the
    pipelines refused it.

    Raises:
        UsageError: There is no such file.
        Quarantined: It is neither a workbook nor a csv.
    """
    from loaders.files import Problem, inbox
    from loaders.files.archive import read_bytes
    from loaders.sheets.manifest import DATA_SUFFIXES

    pipelines = [p for p in registry.all_pipelines() if p.manifest]
    # A streaming reader refuses a strange file at its header, however large it is.
    pipelines.sort(key=lambda p: p.stream is None)
    readable = {*DATA_SUFFIXES, *(s for p in pipelines for s in p.suffixes)}
    suffixes = tuple(sorted(readable))
    found, skipped = inbox.find([path], suffixes)
    if not found:
        raise UsageError(
            "cannot describe the file",
            where=str(path),
            expected=f"a file ending in one of {', '.join(suffixes)}, or a zip of them",
            found=skipped[0] if skipped else "nothing",
            next_step="give the path of a workbook or csv",
        )
    made = []
    for file in found:
        if isinstance(file, Problem):
            raise file.error
        made.append(_manifest_of(read_bytes(file), file, pipelines, say))
    return made[0] if len(made) == 1 else made


def _manifest_of(
    data: bytes, file: SourceFile, pipelines: list[Pipeline], say: Callable[[str], None]
) -> dict[str, Any]:
    from loaders.sheets.manifest import describe

    refused: list[str] = []
    for pipeline in pipelines:
        if pipeline.manifest is None:
            continue
        try:
            claims = pipeline.claims(file.name)
            return pipeline.manifest(data, replace(file, claims=claims))
        except Quarantined as error:
            refused.append(f"the reader of {pipeline.name}: {error.reason}")
    plain = describe(data, file.source)
    for line in refused:
        say(line)
    return plain


def sql(query: str, format_: str) -> int:
    """Runs one query and prints its rows.

    Raises:
        UsageError: Postgres refuses the query; its message is passed on.
    """
    import psycopg2

    with contextlib.closing(warehouse.connect(warehouse.resolve())) as connection:
        connection.set_session(readonly=True)
        with connection.cursor() as cursor:
            # A `commit;` in the query ends our transaction: the next is read only too.
            cursor.execute("set session characteristics as transaction read only")
            connection.commit()
            _check_query(query)
            try:
                cursor.execute(query)
            except psycopg2.Error as error:
                raise UsageError(
                    "cannot run the query",
                    where="hindcast sql (a read-only transaction)",
                    expected="a query that PostgreSQL accepts",
                    found=" ".join(str(error).split()),
                    next_step="correct it; tables of the marts are in the schema gold",
                ) from error
            if cursor.description is None:
                return 0
            header = [column.name for column in cursor.description]
            print_rows(header, cursor.fetchall(), format_)
    return 0


def _check_query(query: str) -> None:
    """Refuses what a read-only transaction does not stop: leaving it, and COPY.

    Raises:
        UsageError: It is more than one statement, or not a query.
    """
    import sqlparse

    statements = [s for s in sqlparse.split(query) if s.strip(" \n\t;")]
    words = sqlparse.format(query, strip_comments=True).lower().split()
    word = words[0].lstrip("(") if words else ""
    if len(statements) != 1 or word not in QUERY_WORDS:
        raise UsageError(
            "cannot run this here",
            where="hindcast sql",
            expected="one query: " + ", ".join(sorted(w for w in QUERY_WORDS if w)),
            found=f"{len(statements)} statements"
            if len(statements) != 1
            else repr(word.upper()),
            next_step='use psql "$(hindcast url)" for anything else',
        )


def print_rows(header: list[str], rows: list[tuple[Any, ...]], format_: str) -> None:
    """Prints rows as ``table``, ``csv`` or ``json``."""
    if format_ == "json":
        found = [dict(zip(header, row, strict=True)) for row in rows]
        print(json.dumps(found, ensure_ascii=False, indent=2, default=_plain))
    elif format_ == "csv":
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
    else:
        shown = [[_shown(value) for value in row] for row in rows]
        print("\n".join(table_lines(header, shown)))
        print(f"({len(rows)} row{'s' if len(rows) != 1 else ''})")


def _shown(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value


def _plain(value: Any) -> Any:
    return _shown(value) if isinstance(value, Decimal) else str(value)
