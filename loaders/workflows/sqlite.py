"""A SQLite file as a database to ask: read-only, in one transaction."""

from __future__ import annotations

import contextlib
import sqlite3
import struct
import tempfile
from collections.abc import Iterator
from pathlib import Path

from loaders.errors import Failed, Quarantined
from loaders.files.archive import chunks, disk_error
from loaders.model import SourceFile
from loaders.workflows.asking import ANCHORS, Following, Kind, Span, Table

MAGIC = b"SQLite format 3\x00"
SUFFIXES = (".db", ".sqlite", ".sqlite3")
BUSY_SECONDS = 5.0
_HEADER_BYTES = 100

#: What of a text is a time since 1970, as SQLite reckons it; null where it is none. A
#: number is read as seconds, or as milliseconds where seconds would be far ahead. Of
#: offsets SQLite knows +01:00 alone, and not +0100 or +01.
_SECONDS = """case
 when {c} glob '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]*' then
  cast(coalesce(strftime('%s', {c}), strftime('%s', case
   when {c} glob '*:[0-9][0-9]*[+-][0-9][0-9][0-9][0-9]'
    then substr({c}, 1, length({c}) - 2) || ':' || substr({c}, -2)
   when {c} glob '*:[0-9][0-9]*[+-][0-9][0-9]' then {c} || ':00' end)) as integer)
 when typeof({c}) in ('integer', 'real')
  or ({c} glob '[0-9]*' and {c} not glob '*[^0-9.]*') then
  case when {c} + 0 between 1e8 and 1e11 then cast({c} as integer)
   when {c} + 0 between 1e11 and 1e14 then cast({c} / 1000 as integer) end end"""


#: A whole number, also where it was imported as text.
_NUMBER = """case when typeof({c}) = 'integer' then {c}
 when {c} glob '[0-9]*' and {c} not glob '*[^0-9]*' and length({c}) < 19
  then cast({c} as integer) end"""


def is_database(file: SourceFile) -> bool:
    """Whether a file says that it is a SQLite database, by its header or its name.

    Members of a zip go by their names: looking into each would open the zip anew.
    """
    if file.name.lower().endswith(SUFFIXES):
        return True
    if file.member is not None:
        return False
    try:
        with file.path.open("rb") as handle:
            return handle.read(len(MAGIC)) == MAGIC
    except OSError:
        return False  # whoever reads the file says what is wrong


@contextlib.contextmanager
def opened(file: SourceFile) -> Iterator[SqliteDatabase]:
    """The tables of a SQLite file as they are at this moment.

    Raises:
        Quarantined: It is no database, is cut short or damaged.
        Failed: Somebody holds it, or the disk.
    """
    with contextlib.ExitStack() as stack:
        path = file.path
        if file.member is not None:
            copy = stack.enter_context(tempfile.NamedTemporaryFile(suffix=".db"))
            for chunk in chunks(file):
                copy.write(chunk)
            copy.flush()
            path = Path(copy.name)
        _check_whole(path, file.source)
        with told(file.source):
            connection = stack.enter_context(contextlib.closing(_connect(path)))
            yield SqliteDatabase(connection, file.source)


def _connect(path: Path) -> sqlite3.Connection:
    try:
        return _begun(f"{path.resolve().as_uri()}?mode=ro")
    except sqlite3.OperationalError as error:
        # A database in WAL mode wants to write beside itself. In a folder where we may
        # not, it can be read as it stands, if nobody left anything unfinished there.
        beside = [path.with_name(path.name + end) for end in ("-wal", "-journal")]
        if not any(word in str(error) for word in ("unable to open", "readonly")) or (
            any(one.exists() and one.stat().st_size for one in beside)
        ):
            raise
    return _begun(f"{path.resolve().as_uri()}?mode=ro&immutable=1")


def _begun(uri: str) -> sqlite3.Connection:
    connection = sqlite3.connect(
        uri, uri=True, timeout=BUSY_SECONDS, isolation_level=None
    )
    try:
        # Texts come as bytes, valid or not. The schema is somebody else's.
        connection.text_factory = bytes
        connection.execute("pragma trusted_schema = off")
        # One transaction: all tables as they are now, content of the -wal included.
        connection.execute("begin")
        connection.execute("select count(*) from sqlite_master").fetchone()
    except BaseException:
        connection.close()
        raise
    return connection


def _check_whole(path: Path, source: str) -> None:
    try:
        with path.open("rb") as handle:
            header = handle.read(_HEADER_BYTES)
        size = path.stat().st_size
    except OSError as error:
        raise disk_error(source, error) from error
    if not header.startswith(MAGIC) or len(header) < _HEADER_BYTES:
        raise Quarantined(
            "cannot read the database",
            where=source,
            expected="a SQLite database, which begins with 'SQLite format 3'",
            found="an empty file"
            if not header
            else f"{size:,} bytes that begin with {header[:16]!r}: "
            "another format, or an encrypted database",
            next_step="get the database itself; decrypt it first where it is encrypted",
        )
    page = struct.unpack(">H", header[16:18])[0]
    page_bytes = 65536 if page == 1 else page
    pages: int = struct.unpack(">I", header[28:32])[0]
    # The count is of this version of the file only where both counters agree.
    if header[24:28] == header[92:96] and size < pages * page_bytes:
        raise Quarantined(
            "cannot read the database",
            where=source,
            expected=f"{pages * page_bytes:,} bytes: {pages:,} pages of {page_bytes:,}",
            found=f"{size:,} bytes: the file is cut short",
            next_step='copy it again, best with `sqlite3 FILE ".backup COPY"`',
        )


@contextlib.contextmanager
def told(source: str) -> Iterator[None]:
    """Errors of SQLite in four parts, for as long as a database is read."""
    try:
        yield
    except sqlite3.Error as error:
        text = " ".join(str(error).split())
        if isinstance(error, sqlite3.OperationalError) and any(
            word in text for word in ("locked", "busy")
        ):
            raise Failed(
                "cannot read the database",
                where=source,
                expected=f"to be let in within {BUSY_SECONDS:.0f} seconds",
                found=f"{text}: another program is writing",
                next_step="wait until it has finished, then run again",
            ) from error
        if isinstance(error, sqlite3.OperationalError) and any(
            word in text for word in ("unable to open", "readonly", "disk I/O", "full")
        ):
            raise Failed(
                "cannot read the database",
                where=source,
                expected="a file that can be read, beside its -wal where it has one",
                found=text,
                next_step="copy it, with its -wal or -journal, to a folder of yours; "
                "after a crash of the program that writes it, open it with that once",
            ) from error
        raise Quarantined(
            "cannot read the database",
            where=source,
            expected="a sound SQLite database",
            found=text,
            next_step='check it with `sqlite3 FILE "pragma integrity_check"`, and '
            "get a sound copy",
        ) from error


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


class SqliteDatabase:
    """What :mod:`loaders.workflows.database` asks of a database, of SQLite."""

    def __init__(self, connection: sqlite3.Connection, source: str) -> None:
        self._connection = connection
        self.source = source

    def names(self) -> list[str]:
        """Its tables."""
        rows = self._connection.execute(
            "select name from sqlite_master where type = 'table'"
            " and name not like 'sqlite^_%' escape '^' order by name"
        )
        return [name.decode(errors="replace") for (name,) in rows]

    def table(self, name: str, kind: Kind) -> Table:
        """Columns of a table, and how its changes can be followed."""
        info = self._connection.execute(
            f"pragma table_info({_quoted(name)})"
        ).fetchall()
        columns = {row[1].decode(errors="replace"): row for row in info}
        by_name = {column.lower(): column for column in columns}
        following, position, where, order = Following.ROWS, "null", "true", ""
        own = _quoted(by_name.get("id", "id"))
        if kind is Kind.CHANGES and "updated_at" in by_name:
            following = Following.TIME
            seconds = _SECONDS.format(c=_quoted(by_name["updated_at"]))
            position = f"(select s from (select {seconds} as s) where s <= :latest)"
            where = f"coalesce({position} >= :after, true)"
            if "id" in by_name:
                where += f" or (typeof({own}) = 'integer' and {own} > :above)"
        elif kind is Kind.LOG and "id" in by_name:
            following = Following.ID
            _, _, declared, _, _, key = columns[by_name["id"]]
            if declared.upper() == b"INTEGER" and key:
                position, where, order = own, f"{own} >= :after", f" order by {own}"
            else:
                position = _NUMBER.format(c=own)
                where = f"coalesce({position} >= :after, true)"
        return Table(name, list(columns), following, position, where, order)

    def anchor(self, table: Table, at: str | None = None) -> str | None:
        """Who the row with the highest id is, or the row of the anchor ``at``."""
        columns = {column.lower(): column for column in table.columns}
        if "id" not in columns:
            return None
        own = _quoted(columns["id"])
        said = [_quoted(columns[c]) for c in ("id", *ANCHORS) if c in columns]
        joined = " || '|' || ".join(f"coalesce(cast({c} as text), '')" for c in said)
        query = f"select {joined} from {_quoted(table.name)}"
        if at is None:
            found = self._connection.execute(
                f"{query} order by {own} desc limit 1"
            ).fetchone()
        else:
            number = at.split("|", 1)[0]
            found = self._connection.execute(
                f"{query} where {own} = ? or {own} = cast(? as integer) limit 1",
                (number, number),
            ).fetchone()
        return found[0].decode(errors="replace") if found else None

    @contextlib.contextmanager
    def rows(self, table: Table, span: Span) -> Iterator[sqlite3.Cursor]:
        """A cursor over rows: the columns as text, then the position."""
        listed = ", ".join(f"cast({_quoted(c)} as text)" for c in table.columns)
        query = f"select {listed}, {table.position} from {_quoted(table.name)}"
        if span.after is not None:
            query += f" where {table.where}"
        cursor = self._connection.execute(
            query + table.order,
            {"after": span.after, "above": span.above, "latest": span.latest},
        )
        with contextlib.closing(cursor):
            yield cursor
