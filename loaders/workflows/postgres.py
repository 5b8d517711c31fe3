"""A Postgres database to ask: read-only, one transaction, rows by a server's cursor."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import psycopg2
from psycopg2 import errors, sql

from loaders.errors import Failed, UsageError
from loaders.files import databases
from loaders.workflows.asking import ANCHORS, Following, Kind, Span, Table

SCHEMES = ("postgresql://", "postgres://")
CONNECT_SECONDS = 15
_TIMES = ("timestamp without time zone", "timestamp with time zone")
_NUMBERS = ("smallint", "integer", "bigint")


@contextlib.contextmanager
def opened(url: str) -> Iterator[PostgresDatabase]:
    """The tables of a database as they are at this moment.

    Args:
        url: With what it takes to connect; what is missing comes from the environment,
            as everywhere in Postgres (``PGPASSWORD``, a password file).

    Raises:
        Failed: The server cannot be reached, or does not let us read.
    """
    source = databases.shown(url)
    try:
        connection = psycopg2.connect(
            url, connect_timeout=CONNECT_SECONDS, application_name="hindcast"
        )
    except psycopg2.ProgrammingError as error:
        raise UsageError(
            "cannot understand the url of a database",
            where=source,
            expected="postgresql://user@host:port/database, special characters "
            "percent-encoded",
            # Its quotations may be parts of a password.
            found=" ".join(str(error).split('"', 1)[0].split()),
            next_step="correct it and run again",
        ) from error
    except psycopg2.OperationalError as error:
        raise _failed(source, error) from error
    with contextlib.closing(connection):
        try:
            connection.set_session(isolation_level="REPEATABLE READ", readonly=True)
            with connection.cursor() as cursor:
                cursor.execute("set timezone to 'UTC'")
                cursor.execute("set synchronize_seqscans to off")
                cursor.execute("set datestyle to 'ISO'")
                cursor.execute("set client_encoding to 'UTF8'")
            yield PostgresDatabase(connection, source)
        except psycopg2.Error as error:
            raise _failed(source, error) from error


def _failed(source: str, error: psycopg2.Error) -> Failed:
    found = " ".join(str(error).split())
    if isinstance(error, errors.InsufficientPrivilege):
        return Failed(
            "cannot read a table of the database",
            where=source,
            expected="the right to select from it",
            found=found,
            next_step="have it granted (grant select on … to …), then run again",
        )
    return Failed(
        "cannot read the database",
        where=source,
        expected="a PostgreSQL server that lets us in and answers",
        found=found,
        next_step="start or correct it (PGPASSWORD holds the password), then run again",
    )


class PostgresDatabase:
    """What :mod:`loaders.workflows.database` asks of a database, of Postgres."""

    def __init__(self, connection: Any, source: str) -> None:
        self._connection = connection
        self.source = source
        self._types: dict[str, dict[str, str]] = {}

    def _all(self, query: Any, *values: Any) -> list[tuple[Any, ...]]:
        with self._connection.cursor() as cursor:
            cursor.execute(query, values)
            rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows

    def names(self) -> list[str]:
        """Its tables and views, of the schemas in the search path."""
        return [
            name
            for (name,) in self._all(
                "select distinct relname from pg_class"
                " where relkind in ('r', 'v', 'm', 'f', 'p') and relnamespace ="
                " any(current_schemas(false)::regnamespace[]) order by 1"
            )
        ]

    def table(self, name: str, kind: Kind) -> Table:
        """Columns of a table, and how its changes can be followed."""
        rows = self._all(
            "select attname, format_type(atttypid, null) from pg_attribute"
            " where attrelid = quote_ident(%s)::regclass and attnum > 0"
            " and not attisdropped order by attnum",
            name,
        )
        types = self._types[name] = dict(rows)
        following, position, where, order = Following.ROWS, "null", "true", ""
        changed, own = types.get("updated_at"), types.get("id")
        if kind is Kind.CHANGES and changed in _TIMES:
            following = Following.TIME
            at = '"updated_at"'
            zoned = "" if changed == _TIMES[1] else " at time zone 'UTC'"
            position = (
                f"case when isfinite({at}) and extract(epoch from {at}) <= %(latest)s"
                f" then floor(extract(epoch from {at}))::bigint end"
            )
            # Written so that an index on the column helps.
            where = (
                f"{at} >= (to_timestamp(%(after)s){zoned}) or {at} is null"
                f" or {at} = '-infinity'"
            )
            if own in _NUMBERS:
                where += ' or "id" > %(above)s'
        elif kind is Kind.LOG and own in _NUMBERS:
            following = Following.ID
            position, where = '"id"', '"id" >= %(after)s'
        if own in _NUMBERS:
            order = ' order by t."id"'
        return Table(
            name, [column for column, _ in rows], following, position, where, order
        )

    def anchor(self, table: Table, at: str | None = None) -> str | None:
        """Who the row with the highest id is, or the row of the anchor ``at``."""
        types = self._types[table.name]
        if types.get("id") not in _NUMBERS:
            return None
        parts = [
            sql.SQL("coalesce({}, '')").format(self._text(c, types[c]))
            for c in ("id", *ANCHORS)
            if c in types
        ]
        query = sql.SQL("select {} from {}").format(
            sql.SQL(" || '|' || ").join(parts), sql.Identifier(table.name)
        )
        if at is None:
            rows = self._all(query + sql.SQL(" order by id desc limit 1"))
        else:
            number = int(at.split("|", 1)[0])
            rows = self._all(query + sql.SQL(" where id = %s limit 1"), number)
        return str(rows[0][0]) if rows else None

    def _text(self, column: str, type_: str) -> sql.Composed:
        name = sql.Identifier(column.replace("%", "%%"))  # not a place for a value
        if type_ == _TIMES[1]:
            # With its zone, which would else be a bare +00.
            shape = 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'
            return sql.SQL("to_char({}, {})").format(name, sql.Literal(shape))
        return sql.SQL("{}::text").format(name)

    @contextlib.contextmanager
    def rows(self, table: Table, span: Span) -> Iterator[Any]:
        """A cursor over rows: the columns as text, then the position."""
        types = self._types[table.name]
        query = sql.SQL("select {}, {} from {} as t").format(
            sql.SQL(", ").join(self._text(c, types[c]) for c in table.columns),
            sql.SQL(table.position),
            sql.Identifier(table.name),
        )
        if span.after is not None:
            query += sql.SQL(f" where {table.where}")
        with self._connection.cursor(name="hindcast_rows") as cursor:
            cursor.execute(
                query + sql.SQL(table.order),
                {"after": span.after, "above": span.above, "latest": span.latest},
            )
            yield cursor
