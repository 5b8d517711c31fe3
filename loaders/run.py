"""A run: plan, read, land, record, sum up."""

from __future__ import annotations

import contextlib
import datetime as dt
import secrets
import shutil
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg2

from loaders import (
    __version__,
    dataset,
    finding,
    ledger,
    ledger_write,
    plan,
    previewing,
    project,
    reading,
    warehouse,
)
from loaders.console import Console
from loaders.errors import Failed, HindcastError
from loaders.ledger import Ended
from loaders.model import Asking, FileRead, Pipeline
from loaders.plan import Options, Work
from loaders.summary import Result

if TYPE_CHECKING:
    from psycopg2.extensions import connection as Connection

    from loaders.landing import Spool

#: Table keys taken from the warehouse at a time.
KEYS_TAKEN = 100
#: Said of a file whose content is of a period that was not asked for.
NOT_SELECTED = "not selected"


def run(pipeline: Pipeline, options: Options, console: Console | None = None) -> Result:
    """Runs one pipeline.

    Args:
        pipeline: Which one.
        options: What was asked.
        console: Where progress goes; standard error by default.

    Raises:
        UsageError: The call is wrong; nothing was done.
        Failed: The warehouse cannot be used, or another run would not end.
    """
    console = console or Console()
    started = time.monotonic()
    if options.dry_run:
        with finding.as_it_is() as connection:
            known = ledger.known_files(connection, pipeline) if connection else {}
            asking = Asking(connection, None, options.force)
            found, _ = finding.find_files(pipeline, options, console.say, known, asking)
        made = plan.make(pipeline, options, found, known)
        to_load, preview = previewing.look(pipeline, made.work, options.limit)
        ended = [*made.ended, *to_load]
        ended.sort(key=lambda one: one.source)
        return Result(
            *(pipeline.name, ended, made.not_selected, time.monotonic() - started),
            dry_run=True,
            preview=preview,
        )
    target = warehouse.resolve()
    with contextlib.closing(warehouse.connect(target)) as connection:
        dataset.ensure(connection, pipeline)
        with (
            ledger.exclusive(connection, pipeline, console.say),
            finding.folder_for(pipeline) as folder,
        ):
            known = ledger.known_files(connection, pipeline)
            asking = Asking(connection, folder, options.force)
            found, skipped = finding.find_files(
                pipeline, options, console.say, known, asking
            )
            made = plan.make(pipeline, options, found, known)
            if skipped:
                console.say(
                    f"{pipeline.name}: passed over {len(skipped)} other file(s), "
                    f"such as {min(skipped)}"
                )
            return _execute(
                pipeline, options, console, target, connection, made, started
            )


def _execute(
    pipeline: Pipeline,
    options: Options,
    console: Console,
    target: warehouse.Target,
    connection: Connection,
    made: plan.Plan,
    started: float,
) -> Result:
    run_id = f"{dt.datetime.now(dt.UTC):%Y%m%dT%H%M%S}-{secrets.token_hex(3)}"
    command = options.command(pipeline.name)
    for cleared in ledger.start_run(connection, pipeline, run_id, command, __version__):
        console.say(
            f"{pipeline.name}: cleared what the interrupted run {cleared} had left"
        )
    ended = list(made.ended)
    error: HindcastError | None = None
    load_id: str | None = None
    ends = ledger.table_ends(connection, pipeline)
    if made.work:
        try:
            load_id = _read_and_land(
                pipeline, console, target, connection, run_id, made, ended
            )
        except Exception as raised:
            error = _why_not_landed(raised, pipeline, command)
            _fail_all(pipeline, made.work, ended, error)
            load_id = None
    try:
        reason = error.reason if error else None
        ledger_write.finish_run(
            connection, pipeline, run_id, load_id, ended, reason, ends
        )
    except Exception as raised:
        # The database is gone or full: the run stays open in the ledger, and the next
        # one clears it. Say what happened rather than how Python felt about it.
        error = error or _why_not_landed(raised, pipeline, command)
        _fail_all(pipeline, made.work, ended, error)
    else:
        # Only statistics: what is committed stays so without them.
        with contextlib.suppress(psycopg2.Error):
            ledger.analyze(connection, pipeline, ended)
    ended.sort(key=lambda one: one.source)
    seconds = time.monotonic() - started
    return Result(pipeline.name, ended, made.not_selected, seconds, error=error)


def _why_not_landed(
    raised: Exception, pipeline: Pipeline, command: str
) -> HindcastError:
    """What stopped a load, from under the layers of dlt that wrap it."""
    cause: BaseException = raised
    while True:
        if isinstance(cause, HindcastError):
            return cause
        deeper = cause.__cause__ or cause.__context__
        if deeper is None:
            break
        cause = deeper
    detail = " ".join(str(raised).split())
    if isinstance(cause, OSError):
        detail = f"{cause.strerror or cause} {cause.filename or ''}".strip()
    elif cause is not raised:
        detail = " ".join(str(cause).split()) or detail
    return Failed(
        f"the load of {pipeline.name} stopped; none of its rows count",
        where=f"warehouse {warehouse.origin()}, working files in {project.state_dir()}",
        expected="every row to land",
        found=detail[:900],
        next_step=f"mend that (server, disk space), then run again: {command}",
    )


def _fail_all(
    pipeline: Pipeline, work: list[Work], ended: list[Ended], error: HindcastError
) -> None:
    """Marks every file that was on its way as failed: nothing of it counts."""
    spoiled = {w.file_id for w in work}
    ended[:] = [
        one
        for one in ended
        if one.file_id not in spoiled or one.status in ("quarantined", "unchanged")
    ]
    for one in ended:
        if one.file_id in spoiled and one.status == "unchanged":
            # It rested on the content of a file that was not loaded after all.
            one.status, one.reason = "failed", error.reason
            one.file_id = ledger.claim_id(one.sha256, one.source)
            one.next_command = plan.retry_command(pipeline, one.source)
    settled = {one.source for one in ended}
    ended += [
        Ended(
            source=w.file.source,
            name=w.file.name,
            status="failed",
            file_id=w.file_id,
            sha256=w.sha256,
            reason=error.reason,
            next_command=plan.retry_command(pipeline, w.file.source),
            reader_version=pipeline.reader_version,
        )
        for w in work
        if w.file.source not in settled
    ]


def _read_and_land(
    pipeline: Pipeline,
    console: Console,
    target: warehouse.Target,
    connection: Connection,
    run_id: str,
    made: plan.Plan,
    ended: list[Ended],
) -> str | None:
    from loaders import landing

    spools = project.state_dir() / "spool" / pipeline.name
    keys: list[int] = []

    def next_key() -> int:
        if not keys:
            keys.extend(ledger.take_table_keys(connection, pipeline, KEYS_TAKEN))
            keys.reverse()
        return keys.pop()

    def produce() -> Iterator[tuple[str, Path, int]]:
        # What a killed run left; nobody else is here, for `land` holds a lock.
        shutil.rmtree(spools, ignore_errors=True)
        spool = landing.Spool(pipeline, spools / run_id, next_key)
        console.begin(f"{pipeline.name}: reading", len(made.work))
        try:
            for item, read, seconds in reading.read_all(pipeline, made.work):
                one = _settled(pipeline, item, read, ended) or _take(
                    pipeline, item, read, spool
                )
                if item.same_as and one.status in ("quarantined", "failed"):
                    one.file_id = ledger.claim_id(item.sha256, item.file.source)
                one.seconds += seconds
                console.step(f"{item.file.source}: {_outcome(one)}")
                if one.status == NOT_SELECTED:
                    made.not_selected += 1
                else:
                    ended.append(one)
            yield from spool.finished()
        finally:
            spool.close()
            console.end()
        rows = sum(one.rows for one in ended)
        console.say(f"{pipeline.name}: loading {rows:,} rows")

    def note(load_id: str) -> None:
        ledger.note_load(connection, pipeline, run_id, load_id)

    try:
        return landing.land(pipeline, target, produce, note)
    finally:
        shutil.rmtree(spools / run_id, ignore_errors=True)


def _settled(
    pipeline: Pipeline, item: Work, read: FileRead | HindcastError, ended: list[Ended]
) -> Ended | None:
    """How a file ends whose content was read before in this run, under another name.

    ``None`` when that name was wrong: the content may then load under this one.
    """
    if item.same_as is None:
        return None
    same = [one for one in ended if one.file_id == item.file_id]
    file = item.file
    if not any(one.status == "loaded" for one in same):
        if isinstance(read, FileRead):
            for one in same:
                one.file_id = ledger.claim_id(item.sha256, one.source)
        return None
    if isinstance(read, HindcastError):
        return plan.ended_badly(pipeline, file.source, file.name, read)
    reason = f"same content as {item.same_as}"
    return Ended(
        *(file.source, file.name, "unchanged", item.file_id, item.sha256),
        reason=reason,
    )


def _outcome(one: Ended) -> str:
    if one.status == "loaded":
        return f"{one.rows:,} rows"
    return f"{one.status}: {one.reason}" if one.reason else one.status


def _take(
    pipeline: Pipeline, item: Work, read: FileRead | HindcastError, spool: Spool
) -> Ended:
    """Spools what was read, or says why the file is set aside."""
    file = item.file
    try:
        if isinstance(read, HindcastError):
            raise read
        if not reading.is_selected(file, read):
            return Ended(file.source, file.name, NOT_SELECTED)
        rows = spool.add(read)
    except HindcastError as error:
        return plan.ended_badly(
            *(pipeline, file.source, file.name, error),
            file_id=item.file_id,
            sha256=item.sha256,
            with_option="option" in file.claims.period_by,
        )
    except OSError:
        raise  # the spool's disk: not a fault of the file
    except Exception as error:
        return plan.ended_badly(
            *(pipeline, file.source, file.name, plan.unexpected(error, file.source)),
            file_id=item.file_id,
            sha256=item.sha256,
        )
    tables = [replace(table, batches=()) for table in read.tables]
    return Ended(
        source=file.source,
        name=file.name,
        status="loaded",
        file_id=item.file_id,
        sha256=item.sha256,
        bytes=reading.size_of(file),
        rows=rows,
        reason=read.remark,
        published_on=file.published_on,
        reader_version=pipeline.reader_version,
        read=replace(read, tables=tables),
    )
