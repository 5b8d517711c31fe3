"""The transaction's part of this pipeline: its tables of layout, beside the ledger."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from typing import Any

from loaders.model import FileRead, TableRead
from loaders.publications.details import (
    EXTRA_TABLES,
    FileDetails,
    TableDetails,
    landed_table,
)
from loaders.publications.identity import header_id


def record(
    cursor: Any, schema: str, kept: Sequence[tuple[str, FileRead]], load_id: str
) -> None:
    """Writes the layout of the files that loaded; drops that of an earlier load.

    Args:
        cursor: In the transaction that names the load in the ledger.
        schema: The dataset.
        kept: Ids of files and what was read of them.
        load_id: Their load.
    """
    ids = [file_id for file_id, _ in kept]
    for table in ("table_columns", "table_details"):
        cursor.execute(
            f"delete from {schema}.{table} as d where d.table_key in"
            f" (select s.table_key from {schema}.table_details as s"
            " where s._file_id = any(%s))",
            (ids,),
        )
    cursor.execute(f"delete from {schema}.file_sheets where _file_id = any(%s)", (ids,))
    insert(
        cursor,
        schema,
        "table_details",
        [
            _details_row(file_id, read.details, table, order, load_id)
            for file_id, read in kept
            for order, table in enumerate(read.tables)
        ],
    )
    insert(
        cursor,
        schema,
        "table_columns",
        [
            (
                *(table.key, position, c.letter, c.published_name),
                *(_json(c.marks), c.clean_name, None, c.role, c.value_kind),
            )
            for _, read in kept
            for table in read.tables
            for position, c in enumerate(table.details.columns, 1)
        ],
    )
    insert(
        cursor,
        schema,
        "file_sheets",
        [
            (file_id, s.sheet, s.is_hidden, s.kind, s.tables, s.reason, load_id)
            for file_id, read in kept
            for s in read.details.sheets
        ],
    )


def _details_row(
    file_id: str, file: FileDetails, table: TableRead, order: int, load_id: str
) -> tuple[Any, ...]:
    d: TableDetails = table.details
    landed = landed_table(len(d.columns))
    first_footer, last_footer = d.footer_rows or (None, None)
    layout = json.dumps([landed, [(c.clean_name, c.role) for c in d.columns]])
    return (
        *(table.key, file_id, load_id, file.publication),
        *(None, None, None, None),
        header_id(c.clean_name for c in d.columns),
        hashlib.sha256(layout.encode()).hexdigest()[:16],
        *(landed, file.part, file.file_key, d.sheet_key, d.title_key, order),
        *(d.is_hidden, d.is_declared, *d.header_rows, d.sheet_columns),
        *(d.sheet_rows if d.sheet_rows >= 0 else table.rows_read, d.is_wide),
        *(_json(d.dropped_periods), _array(d.aggregate_rows)),
        *(first_footer, last_footer, _array(d.sample), _array(d.sample_rows)),
    )


def insert(cursor: Any, schema: str, table: str, rows: Iterable[Sequence[Any]]) -> None:
    """Inserts whole rows, many at a time."""
    from psycopg2.extras import execute_values

    rows = list(rows)
    if not rows:
        return
    columns = ", ".join(EXTRA_TABLES[table])
    execute_values(
        cursor,
        f"insert into {schema}.{table} ({columns}) values %s",
        rows,
        page_size=2000,
    )


def _json(values: Iterable[str]) -> str:
    return json.dumps(list(values), ensure_ascii=False)


def _array(values: Iterable[int]) -> str:
    """A Postgres array: a list of small and one of large numbers differ in type."""
    return "{" + ",".join(map(str, values)) + "}"
