"""Databases as sources: what is new in their tables, fetched once, with cursors.

A database is a file of the run like any other: one version, of all its tables as they
were at one moment, with a hash of the rows that were fetched. What was read before is
left out, so the next version of a database holds the rows that changed since.
"""

from __future__ import annotations

import contextlib
import hashlib
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any

import pyarrow as pa

from loaders import project
from loaders.errors import Failed, HindcastError, Quarantined, UsageError
from loaders.files import Problem, Skipped, databases
from loaders.model import Asking, SourceFile
from loaders.plan import unexpected
from loaders.workflows import cursors, postgres, sqlite
from loaders.workflows.asking import TABLES, Database, Following, Span, Table
from loaders.workflows.cursors import HASH_BYTES, Cursor

DATASET = "raw_workflows"
#: How far a reading goes back behind the last one: what was at work then may have been
#: committed since, with an earlier time or a lower id. A day, because clocks without a
#: zone are hours apart and turned back in autumn. ``[sources.workflows]``.
LOOK_BACK_SECONDS = 86_400
LOOK_BACK_IDS = 1_000
#: Clocks differ; a change that is further ahead than this is no time to go by.
AHEAD_SECONDS = 86_400
CHUNK_ROWS = 500
BATCH_ROWS = 5_000
BATCH_BYTES = 8 << 20


@dataclass(frozen=True)
class Fetched:
    """Rows of one table, as they lie in the file of a database's version.

    Attributes:
        table: Name in the database.
        columns: Names in the database.
        offset: Where its Arrow stream begins.
        rows: How many.
    """

    table: str
    columns: list[str]
    offset: int
    rows: int


@dataclass(frozen=True)
class Version:
    """What was fetched from a database: its tables, and where the reading ended."""

    tables: tuple[Fetched, ...]
    cursors: tuple[tuple[str, str, Cursor], ...]
    kind: str


def fetch(
    place: str | SourceFile, asking: Asking
) -> Iterator[SourceFile | Problem | Skipped]:
    """What is new in a database, as one file; see :class:`loaders.model.Databases`.

    Raises:
        UsageError: The settings, or the url, cannot be understood.
    """
    named = databases.shown(place) if isinstance(place, str) else place.source
    known: dict[str, Cursor] = {}
    if asking.warehouse is not None and not asking.afresh:
        known = cursors.read(asking.warehouse, DATASET, named)
    try:
        if isinstance(place, str):
            url = databases.resolved(place, databases.configured("workflows"))
            file = SourceFile(
                named, named.rsplit("/", 1)[-1].split("?")[0], Path(named)
            )
            with postgres.opened(url) as server:
                yield from _fetched(server, file, "postgres", known, asking)
        else:
            with sqlite.opened(place) as local:
                yield from _fetched(local, place, "sqlite", known, asking)
    except UsageError:
        raise
    except HindcastError as error:
        yield Problem(named, error)
    except OSError as error:
        yield Problem(named, _not_kept(asking.folder, error))
    except Exception as error:
        yield Problem(named, unexpected(error, named))


def _not_kept(folder: Path | None, error: OSError) -> Failed:
    return Failed(
        "cannot keep what was read from the database",
        where=project.shown(folder) if folder else "this machine",
        expected="room for its new rows until they are loaded",
        found=error.strerror or type(error).__name__,
        next_step="make room on the disk, then run again",
    )


def _fetched(
    database: Database,
    file: SourceFile,
    kind: str,
    known: dict[str, Cursor],
    asking: Asking,
) -> Iterator[SourceFile | Skipped]:
    names = database.names()
    ours = [name for name in names if name.lower() in TABLES]
    if not ours:
        raise Quarantined(
            "cannot find an agent history in the database",
            where=file.source,
            expected=f"a table of: {', '.join(TABLES)}",
            found=f"tables: {', '.join(names)[:300]}" if names else "no tables",
            next_step="name the database, or the schema, that holds the history",
        )
    sink = _Sink(asking.folder, file.source)
    with contextlib.closing(sink):
        taken: list[Fetched] = []
        reached: list[tuple[str, str, Cursor]] = []
        for name in ours:
            table = database.table(name, TABLES[name.lower()])
            one, cursor = _read(database, table, known.get(name), sink)
            if one.rows:
                taken.append(one)
                reached.append((file.source, name, cursor))
    if taken:
        version = Version(tuple(taken), tuple(reached), kind)
        path = sink.path or file.path
        yield replace(
            file, path=path, member=None, sha256=sink.sha256(), details=version
        )
    elif known:
        latest = next(iter(known.values())).file_id
        yield replace(file, sha256=latest, details=Version((), (), kind))
    else:
        yield Skipped(file.source, "a database whose tables are all empty")


def _read(
    database: Database, table: Table, known: Cursor | None, sink: _Sink
) -> tuple[Fetched, Cursor]:
    """Fetches what is new in one table, and says where that ended."""
    latest = int(time.time()) + AHEAD_SECONDS
    by_rows = table.following is Following.ROWS
    anchor = known.anchor if known and not by_rows else None
    if anchor and database.anchor(table, anchor) != anchor:
        # The row that was the last one is another one, or gone: another database.
        known = None
    span = _span(table, known, latest)
    if known:
        # What the next reading has to know again depends on where this one began.
        sink.say(f"{table.name} from {span.after}")
    reached = known.reached if known else None
    rows = 0
    offset = sink.begin(table)
    with database.rows(table, span) as found:
        for batch in _batches(found):
            fresh = _fresh(batch, known) if known else batch
            if not fresh:
                continue
            positions = [row[-1] for row in fresh if row[-1] is not None]
            if positions:
                reached = max(positions if reached is None else [reached, *positions])
            rows += len(fresh)
            sink.write(fresh)
    sink.end()
    fetched = Fetched(table.name, table.columns, offset, rows)
    if not rows:
        return fetched, Cursor()
    anchor = None if by_rows else database.anchor(table)
    cursor = Cursor(reached, anchor)
    hashes: set[bytes] = set()
    with database.rows(table, _span(table, cursor, latest)) as found:
        for batch in _batches(found):
            hashes.update(map(_hash, batch))
    return fetched, replace(cursor, known=frozenset(hashes))


def _span(table: Table, known: Cursor | None, latest: int) -> Span:
    """What to read: all, or from the cursor on, with some rows before it."""
    if known is None or known.reached is None or table.following is Following.ROWS:
        return Span(latest)
    by_time = table.following is Following.TIME
    key, standard = (
        ("look_back_seconds", LOOK_BACK_SECONDS)
        if by_time
        else ("look_back_ids", LOOK_BACK_IDS)
    )
    back = project.setting("sources", "workflows", key, default=standard)
    if not isinstance(back, int) or back < 0:
        raise UsageError(
            "cannot use the settings",
            where=f".dlt/config.toml, [sources.workflows] {key}",
            expected="a whole number, 0 or more",
            found=repr(back),
            next_step="correct it and run again",
        )
    number = (known.anchor or "").split("|", 1)[0]
    # No id is above this, where ids are no numbers.
    above = int(number) if number.isdecimal() else (1 << 63) - 1
    return Span(latest, known.reached - back, above)


def _fresh(batch: list[Any], known: Cursor) -> list[Any]:
    """The rows that are not among those known already."""
    reached = known.reached
    return [
        row
        for row in batch
        if (row[-1] is not None and reached is not None and row[-1] > reached)
        or _hash(row) not in known.known
    ]


def _hash(row: tuple[Any, ...]) -> bytes:
    """By what a row is known again: all it says, but for its position."""
    return hashlib.blake2b(repr(row[:-1]).encode(), digest_size=HASH_BYTES).digest()


def _batches(found: Any) -> Iterator[list[Any]]:
    """Rows in batches of few enough bytes, so that large ones fill no memory."""
    held: list[Any] = []
    size, count = 0, CHUNK_ROWS
    while chunk := found.fetchmany(count):
        held += chunk
        # A sample: to measure each row would take as long as to read it.
        largest = max(_bytes_of(chunk[i]) for i in (0, len(chunk) // 2, -1))
        size += largest * len(chunk)
        count = max(1, min(CHUNK_ROWS, BATCH_BYTES // largest))
        if len(held) >= BATCH_ROWS or size >= BATCH_BYTES:
            yield held
            held, size = [], 0
    if held:
        yield held


def _bytes_of(row: tuple[Any, ...]) -> int:
    return 1 + sum(len(value) for value in row[:-1] if value is not None)


class _Sink:
    """The file that a version is written to, if any, and the hash of its rows."""

    def __init__(self, folder: Path | None, source: str) -> None:
        self._digest = hashlib.sha256()
        self._file: IO[bytes] | None = None
        self._writer: Any = None
        self._schema: pa.Schema | None = None
        self.path: Path | None = None
        if folder is not None:
            name = hashlib.sha256(source.encode()).hexdigest()[:16]
            self.path = folder / f"{name}.arrows"
            self._file = self.path.open("wb")

    def say(self, text: str) -> None:
        """Makes something part of the version's identity."""
        self._digest.update(text.encode())

    def begin(self, table: Table) -> int:
        """Begins a table; returns where."""
        self._columns = len(table.columns)
        self._schema = pa.schema([(str(i), pa.binary()) for i in range(self._columns)])
        if self._file is None:
            self.say(table.name + "\0" + "\0".join(table.columns))
            return 0
        offset = self._file.tell()
        options = pa.ipc.IpcWriteOptions(compression="lz4")
        self._writer = pa.ipc.new_stream(self._file, self._schema, options=options)
        self.say(table.name + "\0" + "\0".join(table.columns))
        return offset

    def write(self, rows: Iterable[tuple[Any, ...]]) -> None:
        """Takes rows: their columns, then the position, which is left out."""
        columns = list(zip(*rows, strict=True))[: self._columns]
        batch = pa.record_batch(
            [pa.array(column, pa.binary()) for column in columns], schema=self._schema
        )
        self._digest.update(batch.serialize())
        if self._writer is not None:
            self._writer.write_batch(batch)

    def end(self) -> None:
        """Ends a table."""
        if self._writer is not None:
            self._writer.close()
            self._writer = None

    def sha256(self) -> str:
        """Of all that was written."""
        return self._digest.hexdigest()

    def close(self) -> None:
        """Ends the file."""
        if self._file is not None:
            self._file.close()
