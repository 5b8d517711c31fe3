"""How far a table of a database was read: what a run remembers for the next one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from loaders.model import FileRead

TABLE = "source_cursors"
COLUMNS = {
    "source_file": "varchar not null",
    "source_table": "varchar not null",
    "reached": "bigint",
    "anchor": "varchar",
    "known_rows": "bytea not null",
    "_file_id": "varchar not null",
    "recorded_at": "timestamp with time zone not null",
}
#: Bytes of the hash by which a row is known again.
HASH_BYTES = 12


@dataclass(frozen=True)
class Cursor:
    """Where the reading of a table ended.

    Attributes:
        reached: The highest id, or the latest second since 1970, of its rows; ``None``
            where its rows have neither.
        anchor: The row with the highest id: who it is. Another one there, or none, says
            that the database was replaced by another.
        known: Hashes of the rows that the next reading meets again: those of the
            look-back, and those of which nobody can tell when they changed.
        file_id: The version that was loaded up to here; ``None`` before it is.
    """

    reached: int | None = None
    anchor: str | None = None
    known: frozenset[bytes] = field(default=frozenset(), repr=False)
    file_id: str | None = None


def read(connection: Any, schema: str, source: str) -> dict[str, Cursor]:
    """Cursors of a source by table, the one recorded last first.

    A cursor counts while the ledger has the version it stands for.
    """
    with connection.cursor() as cursor:
        cursor.execute("select to_regclass(%s)", (f"{schema}.{TABLE}",))
        if cursor.fetchone() == (None,):
            connection.commit()
            return {}
        cursor.execute(
            "select c.source_table, c.reached, c.anchor, c.known_rows, c._file_id"
            f" from {schema}.{TABLE} as c"
            f" inner join {schema}.files as f on c._file_id = f._file_id"
            " where c.source_file = %s and f.status in ('loaded', 'superseded')"
            " order by f.load_sequence desc, c.source_table",
            (source,),
        )
        rows = cursor.fetchall()
    connection.commit()
    return {
        table: Cursor(reached, anchor, frozenset(_hashes(bytes(known))), file_id)
        for table, reached, anchor, known, file_id in rows
    }


def _hashes(joined: bytes) -> Iterator[bytes]:
    for start in range(0, len(joined), HASH_BYTES):
        yield joined[start : start + HASH_BYTES]


def record(cursor: Any, schema: str, kept: Sequence[tuple[str, FileRead]]) -> None:
    """Moves the cursors of what loaded, in the transaction that makes it count."""
    for file_id, read in kept:
        for source, table, reached in getattr(read.details, "cursors", ()):
            cursor.execute(
                f"delete from {schema}.{TABLE}"
                " where source_file = %s and source_table = %s",
                (source, table),
            )
            cursor.execute(
                f"insert into {schema}.{TABLE} ({', '.join(COLUMNS)})"
                " values (%s, %s, %s, %s, %s, %s, now())",
                (
                    *(source, table, reached.reached, reached.anchor),
                    *(b"".join(sorted(reached.known)), file_id),
                ),
            )
