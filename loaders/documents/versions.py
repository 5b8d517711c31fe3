"""Which listing of a folder was loaded last, and which texts the warehouse has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from loaders.model import FileRead

SCHEMA = "raw_documents"
TABLE = "folder_listings"
COLUMNS = {
    "source_file": "varchar not null",
    "listing": "varchar not null",
    "_file_id": "varchar not null",
    "recorded_at": "timestamp with time zone not null",
}


@dataclass(frozen=True)
class Last:
    """The version of a folder that was loaded last."""

    listing: str
    file_id: str


def last(connection: Any, source: str) -> Last | None:
    """The version of a folder that was loaded last; it counts while the ledger has it.

    Args:
        connection: To the warehouse.
        source: The folder, as the ledger names it.
    """
    with connection.cursor() as cursor:
        cursor.execute("select to_regclass(%s)", (f"{SCHEMA}.{TABLE}",))
        found = cursor.fetchone() != (None,)
        row = None
        if found:
            cursor.execute(
                f"select l.listing, l._file_id from {SCHEMA}.{TABLE} as l"
                f" inner join {SCHEMA}.files as f on l._file_id = f._file_id"
                " where l.source_file = %s and f.status in ('loaded', 'superseded')",
                (source,),
            )
            row = cursor.fetchone()
    connection.commit()
    return Last(*row) if row else None


def landed(connection: Any, base: str, root: str) -> dict[str, str]:
    """The sha256 of each text of a root, as it landed last; empty where it has none."""
    with connection.cursor() as cursor:
        cursor.execute("select to_regclass(%s)", (f"{SCHEMA}.text_files_landed",))
        rows: list[tuple[str, str]] = []
        if cursor.fetchone() != (None,):
            # In the order of landing: of several the last one stays in the mapping.
            cursor.execute(
                "select r.path, coalesce(r.sha256, '-')"
                f" from {SCHEMA}.text_files_landed as r"
                f" inner join {SCHEMA}.file_tables as t on r._table_key = t.table_key"
                f" inner join {SCHEMA}.files as f on t._file_id = f._file_id"
                " where f.status in ('loaded', 'superseded') and f.load_id = t.load_id"
                " and r.base = %s and r.root = %s"
                " order by f.load_sequence, r._source_row",
                (base, root),
            )
            rows = cursor.fetchall()
    connection.commit()
    return dict(rows)


def record(cursor: Any, schema: str, kept: Sequence[tuple[str, FileRead]]) -> None:
    """Keeps the listings of what loaded, in the transaction that makes it count."""
    for file_id, read in kept:
        listing = getattr(read.details, "listing", None)
        if listing is None:
            continue
        source = read.details.source
        cursor.execute(
            f"delete from {schema}.{TABLE} where source_file = %s", (source,)
        )
        cursor.execute(
            f"insert into {schema}.{TABLE} ({', '.join(COLUMNS)})"
            " values (%s, %s, %s, now())",
            (source, listing, file_id),
        )
