"""Where the rows come from: one state of the warehouse, however long it takes."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Generator, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import psycopg2
import psycopg2.errors

from loaders import warehouse
from loaders.errors import Failed
from loaders.export.relations import Relation, find

if TYPE_CHECKING:
    import pyarrow as pa
    from psycopg2.extensions import connection as Connection

#: How long to wait for a build that is replacing a relation.
LOCK_SECONDS = 60
#: Rows arrive in pieces of about this size.
BATCH_BYTES = 8 << 20
BATCH_OPTION = "adbc.postgresql.batch_size_hint_bytes"


class Snapshot:
    """One state of the relations, read by as many queries as needed.

    Attributes:
        taken_at: When the state was current, by the clock of the server.
    """

    def __init__(self, driver: Any, taken_at: dt.datetime) -> None:
        self._driver = driver
        self.taken_at = taken_at

    def batches(self, relation: Relation) -> Generator[pa.RecordBatch]:
        """The rows of a relation, as the server sends them.

        Raises:
            Failed: The server would not.
        """
        import adbc_driver_postgresql.dbapi as adbc

        with self._driver.cursor(
            adbc_stmt_kwargs={BATCH_OPTION: BATCH_BYTES}
        ) as cursor:
            try:
                cursor.execute(relation.query)
                yield from cursor.fetch_record_batch()
            # What the server refuses in the middle of the rows is an OSError.
            except (adbc.Error, OSError) as error:
                raise _refused(relation.identifier, str(error)) from error


def _refused(where: str, found: str) -> Failed:
    return Failed(
        "cannot read what is to be exported",
        where=where,
        expected="a relation that this user may read, and a server that answers",
        found=" ".join(found.split()),
        next_step="run `dbt build`, then the same command again, as the user who built",
    )


def relations(target: warehouse.Target) -> list[Relation]:
    """What is built now."""
    with contextlib.closing(warehouse.connect(target)) as connection:
        return find(connection)


@contextlib.contextmanager
def snapshot(
    target: warehouse.Target, chosen: Sequence[Relation]
) -> Iterator[Snapshot]:
    """Keeps the state of relations for as long as the block lasts.

    The relations are locked against being replaced before their state is fixed: a
    table that a build puts in place afterwards would look empty in it.

    Raises:
        Failed: A build replaces them for longer than we wait, or has changed them.
    """
    import adbc_driver_postgresql.dbapi as adbc

    connection = warehouse.connect(target)
    with contextlib.closing(connection):
        connection.set_session(isolation_level="REPEATABLE READ", readonly=True)
        _lock(connection, chosen)
        with connection.cursor() as cursor:
            cursor.execute("select pg_export_snapshot(), now()")
            name, taken_at = cursor.fetchone()  # type: ignore[misc]
        now = {(r.schema, r.name): r for r in find(connection)}
        if any(now.get((r.schema, r.name)) != r for r in chosen):
            raise _busy("relations that were replaced while the export began")
        with adbc.connect(target.url()) as driver:
            with driver.cursor() as cursor:
                cursor.execute(
                    "set transaction isolation level repeatable read, read only"
                )
                cursor.execute(f"set transaction snapshot '{name}'")
            yield Snapshot(driver, taken_at)


def _lock(connection: Connection, chosen: Sequence[Relation]) -> None:
    listed = ", ".join(relation.identifier for relation in chosen)
    with connection.cursor() as cursor:
        try:
            cursor.execute(f"set local lock_timeout = '{LOCK_SECONDS}s'")
            cursor.execute(f"lock table {listed} in access share mode")
        except (
            psycopg2.errors.LockNotAvailable,
            psycopg2.errors.DeadlockDetected,
            psycopg2.errors.UndefinedTable,
        ) as error:
            raise _busy(str(error)) from error
        except psycopg2.Error as error:
            raise _refused("the relations of gold and silver", str(error)) from error


def _busy(found: str) -> Failed:
    return Failed(
        "cannot read what is to be exported",
        where="the relations of gold and silver",
        expected="no build at work on them",
        found=" ".join(found.split()),
        next_step="wait until `dbt build` has ended, then run the same command again",
    )
