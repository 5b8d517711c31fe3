"""What the warehouse knows of the tables of a publication."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from loaders.scaffold import keys
from loaders.scaffold.shapes import (
    ROW,
    WIDE_PERIOD,
    Occurrence,
    TableShape,
    table_shape,
)

if TYPE_CHECKING:
    from psycopg2.extensions import connection as Connection

SCHEMA = "raw_publications"
#: Rows of one file that a key is looked for in; then all rows have to agree.
SAMPLE_ROWS = 20_000
#: Keys that are held against all rows before the row number is taken instead.
KEYS_TRIED = 12


def publications(connection: Connection) -> list[str]:
    """Publications with tables."""
    rows = _rows(
        connection, f"select distinct publication from {SCHEMA}.known_tables order by 1"
    )
    return [code for (code,) in rows]


def tables(connection: Connection, publication: str) -> list[TableShape]:
    """The stable tables of a publication, in the order of their names."""
    known = _rows(
        connection,
        "select k.table_name, k.view_name, coalesce(k.title, ''),"
        " coalesce(p.title, k.publication)"
        f" from {SCHEMA}.known_tables as k"
        f" left join {SCHEMA}.publications as p on k.publication = p.publication"
        " where k.publication = %s order by 1",
        publication,
    )
    return [
        table_shape(
            {
                "publication": publication,
                "table": table,
                "view": view,
                "title": title,
                "publication_title": publication_title,
            },
            _columns(connection, view),
            _occurrences(connection, view),
        )
        for table, view, title, publication_title in known
    ]


def _columns(connection: Connection, view: str) -> list[str]:
    rows = _rows(
        connection,
        f"select column_name from {SCHEMA}.known_columns where view_name = %s"
        " order by ordinal",
        view,
    )
    return [name for (name,) in rows]


def _occurrences(connection: Connection, view: str) -> Iterator[Occurrence]:
    rows = _rows(
        connection,
        "select c.column_name, c.published_name, c.role, c.value_kind"
        f" from {SCHEMA}.table_details as d"
        f" inner join {SCHEMA}.table_columns as c on d.table_key = c.table_key"
        f" inner join {SCHEMA}.files as f on d._file_id = f._file_id"
        " and d.load_id = f.load_id"
        " where d.view_name = %s and f.status in ('loaded', 'superseded')"
        " order by f.period_start, f.load_sequence, c.position",
        view,
    )
    return itertools.starmap(Occurrence, rows)


def with_facts(connection: Connection, table: TableShape) -> TableShape:
    """A table with what only its rows say: what is never blank, and a key."""
    dimensions = [c.name for c in table.dimensions]
    listed = "".join(f", count(*) filter (where {_blank(c)})" for c in dimensions)
    ((rows, *blanks),) = _rows(
        connection, f"select count(*){listed} from {_view(table)}"
    )
    blank = [c for c, count in zip(dimensions, blanks, strict=True) if count]
    # A total has no code, and often no more than a name: it may stand apart.
    for condition in ("true", "not _is_aggregate"):
        key = _key(connection, table, dimensions, condition) if rows else ()
        if key:
            break
    else:
        condition = "true"
        by_row = (ROW, *((WIDE_PERIOD,) if table.is_wide else ()))
        key = by_row if rows and _is_key(connection, table, by_row, "true") else ()
    return table.with_facts(rows, blank, key, without_aggregates=condition != "true")


def _key(
    connection: Connection, table: TableShape, columns: Sequence[str], condition: str
) -> tuple[str, ...]:
    if not columns:
        return ()
    listed = ", ".join(f"btrim({_quoted(c)})" for c in columns)
    rows = _rows(
        connection,
        f"select {listed} from {_view(table)} where {condition} and _file_id = ("
        f"select _file_id from {SCHEMA}.file_tables where source_table = %s"
        f" order by rows_landed desc, period_start desc limit 1) limit {SAMPLE_ROWS}",
        table.view,
    )
    cells = dict(zip(columns, zip(*rows, strict=True), strict=True)) if rows else {}
    for key in itertools.islice(keys.candidates(cells), KEYS_TRIED):
        if _is_key(connection, table, key, condition):
            return key
    return ()


def _is_key(
    connection: Connection, table: TableShape, key: Sequence[str], condition: str
) -> bool:
    """Whether columns are filled and unique in every file."""
    blank = " or ".join(_blank(c) for c in key if c != ROW) or "false"
    listed = ", ".join(_quoted(c) for c in key)
    ((fails,),) = _rows(
        connection,
        f"select exists (select 1 from {_view(table)} where {condition} and ({blank}))"
        f" or exists (select 1 from {_view(table)} where {condition}"
        f" group by _file_id, {listed} having count(*) > 1)",
    )
    return not fails


def _view(table: TableShape) -> str:
    return f"{SCHEMA}.{_quoted(table.view)}"


def _blank(column: str) -> str:
    return f"coalesce(btrim({_quoted(column)}), '') = ''"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _rows(connection: Connection, query: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def facts(connection: Connection, found: Iterable[TableShape]) -> list[TableShape]:
    """The tables with their facts."""
    return [with_facts(connection, table) for table in found]
