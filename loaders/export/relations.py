"""What there is to export: relations of gold and silver, their columns and types."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa

if TYPE_CHECKING:
    from psycopg2.extensions import connection as Connection

SCHEMAS = ("gold", "silver")
#: Where a relation keeps its rows; partitions are exported as their parent.
KINDS = {"r": "table", "p": "table", "v": "view", "m": "materialised view"}
#: What dbt calls a relation while it replaces another.
UNFINISHED = ("__dbt_tmp", "__dbt_backup", "__dbt_new")

TYPES: dict[str, pa.DataType] = {
    "smallint": pa.int16(),
    "integer": pa.int32(),
    "bigint": pa.int64(),
    "real": pa.float32(),
    "double precision": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "timestamp without time zone": pa.timestamp("us"),
    "timestamp with time zone": pa.timestamp("us", tz="UTC"),
    "text": pa.string(),
}
#: Digits that a decimal of Parquet readers can hold.
DECIMAL_DIGITS = 38


@dataclass(frozen=True)
class Column:
    """A column of a relation.

    Attributes:
        name: Its name.
        declared: Its Postgres type, for instance ``numeric(18,1)``.
        description: Its comment; empty when it has none.
    """

    name: str
    declared: str
    description: str

    @property
    def type(self) -> pa.DataType:
        """Its type in the file.

        A numeric keeps the digits it declares. One without them is a double; so are
        more digits than a decimal holds. What Parquet has no type for is text.
        """
        numeric = re.fullmatch(r"numeric\((\d+),(\d+)\)", self.declared)
        if numeric and int(numeric[1]) <= DECIMAL_DIGITS:
            return pa.decimal128(int(numeric[1]), int(numeric[2]))
        if self.declared.startswith("numeric"):
            return pa.float64()
        plain = re.sub(r"\(\d+\)", "", self.declared)
        return TYPES.get(plain, pa.string())

    @property
    def expression(self) -> str:
        """What to select, so that the driver hands it over in its type."""
        name = quoted(self.name)
        if pa.types.is_decimal(self.type):
            # The driver has no decimals: they come as text and are cast afterwards.
            return f"cast({name} as text) as {name}"
        if pa.types.is_float64(self.type) and self.declared != "double precision":
            return f"cast({name} as double precision) as {name}"
        if pa.types.is_string(self.type) and self.declared != "text":
            return f"cast({name} as text) as {name}"
        return name


@dataclass(frozen=True)
class Relation:
    """A table or view that dbt built.

    Attributes:
        schema: ``gold`` or ``silver``.
        name: Its name, which is the name of the dataset.
        kind: ``table``, ``view`` or ``materialised view``.
        description: Its comment; empty when it has none.
        columns: In their order.
    """

    schema: str
    name: str
    kind: str
    description: str
    columns: tuple[Column, ...]

    @property
    def identifier(self) -> str:
        """Its quoted name with its schema."""
        return f"{quoted(self.schema)}.{quoted(self.name)}"

    @property
    def query(self) -> str:
        """All its rows, in types the driver hands over as they are."""
        listed = ", ".join(column.expression for column in self.columns)
        return f"select {listed} from {self.identifier}"

    @property
    def arrow_schema(self) -> pa.Schema:
        """Columns and types of its file, with the descriptions as metadata."""
        fields = [
            pa.field(c.name, c.type, metadata={"description": c.description})
            for c in self.columns
        ]
        return pa.schema(fields, metadata={"description": self.description})


def quoted(name: str) -> str:
    """An identifier as Postgres takes it, whatever is in it."""
    return '"' + name.replace('"', '""') + '"'


def find(connection: Connection) -> list[Relation]:
    """Relations of gold and silver, by schema and name, with their comments."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select n.nspname, c.relname, c.relkind,"
            " coalesce(obj_description(c.oid, 'pg_class'), ''),"
            " array_agg(cast(a.attname as text) order by a.attnum),"
            " array_agg(format_type(a.atttypid, a.atttypmod) order by a.attnum),"
            " array_agg(btrim(coalesce(col_description(c.oid, a.attnum), ''))"
            " order by a.attnum)"
            " from pg_class as c"
            " inner join pg_namespace as n on c.relnamespace = n.oid"
            " inner join pg_attribute as a on c.oid = a.attrelid"
            " where n.nspname = any(%s) and c.relkind = any(%s)"
            " and not c.relispartition and a.attnum > 0 and not a.attisdropped"
            " group by n.nspname, c.relname, c.relkind, c.oid order by 1, 2",
            (list(SCHEMAS), list(KINDS)),
        )
        found = cursor.fetchall()
    return [
        Relation(
            schema,
            name,
            KINDS[kind],
            description.strip(),
            tuple(Column(*column) for column in zip(*columns, strict=True)),
        )
        for schema, name, kind, description, *columns in found
        if not name.endswith(UNFINISHED)
    ]
