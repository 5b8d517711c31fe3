"""What a namer is asked about tables that have landed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from psycopg2 import sql

from loaders.publications.maps import Maps
from loaders.publications.naming import (
    COLUMNS_ASKED,
    SAMPLE_ROWS,
    Question,
    new_columns,
)

if TYPE_CHECKING:
    from psycopg2.extensions import connection as Connection


def questions(
    connection: Connection, schema: str, publication: str, before: Maps, after: Maps
) -> Iterator[Question]:
    """A question for every table with new columns, or several where it has many."""
    for table, columns in new_columns(before, after).items():
        headers = _headers(connection, schema, publication, table)
        asked = [column for column in columns if column in headers]
        for start in range(0, len(asked), COLUMNS_ASKED):
            part = asked[start : start + COLUMNS_ASKED]
            yield Question(
                table,
                {column: headers[column] for column in part},
                _rows(connection, schema, f"{publication}__{table}", part),
                frozenset(after[table].columns),
            )


def _headers(
    connection: Connection, schema: str, publication: str, table: str
) -> Mapping[str, str]:
    """The latest published header of each column."""
    with connection, connection.cursor() as cursor:
        cursor.execute(
            "select c.column_name, c.published_name"
            f" from {schema}.table_details as d"
            f" inner join {schema}.table_columns as c on d.table_key = c.table_key"
            f" inner join {schema}.files as f on d._file_id = f._file_id"
            " and d.load_id = f.load_id"
            " where d.publication = %s and d.table_name = %s"
            " and f.status in ('loaded', 'superseded')"
            " order by f.period_start, f.load_sequence",
            (publication, table),
        )
        return dict(cursor.fetchall())


def _rows(
    connection: Connection, schema: str, view: str, columns: Sequence[str]
) -> list[tuple[Any, ...]]:
    """A few rows of these columns."""
    query = sql.SQL("select {} from {} where not _is_aggregate limit {}").format(
        sql.SQL(", ").join(map(sql.Identifier, columns)),
        sql.Identifier(schema, view),
        sql.Literal(SAMPLE_ROWS),
    )
    with connection, connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall()
