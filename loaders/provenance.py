"""Provenance: the columns that say where a raw row came from, the same everywhere."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

#: Column and Postgres type, in the order they stand at the end of every raw table.
PROVENANCE_COLUMNS: tuple[tuple[str, str], ...] = (
    ("_file_id", "varchar"),
    ("_source_file", "varchar"),
    ("_source_sheet", "varchar"),
    ("_source_row", "bigint"),
    ("_period_start", "date"),
    ("_period_end", "date"),
    ("_release_status", "varchar"),
    ("_published_on", "date"),
    ("_loaded_at", "timestamp with time zone"),
    ("_dlt_load_id", "varchar"),
)


@dataclass(frozen=True)
class Provenance:
    """What is the same for all rows of one table of one file version."""

    file_id: str
    source_file: str
    source_sheet: str | None
    period_start: dt.date
    period_end: dt.date
    release_status: str
    published_on: dt.date | None
    loaded_at: dt.datetime
    load_id: str


def provenance_schema() -> pa.Schema:
    """Arrow schema of the provenance columns, in their stored order."""
    return arrow_schema(PROVENANCE_COLUMNS)


def arrow_schema(columns: Iterable[tuple[str, str]]) -> pa.Schema:
    """Arrow schema of columns given with their Postgres types."""
    import pyarrow as pa

    types = {
        "varchar": pa.string(),
        "integer": pa.int32(),
        "bigint": pa.int64(),
        "double precision": pa.float64(),
        "boolean": pa.bool_(),
        "date": pa.date32(),
        "timestamp with time zone": pa.timestamp("us", tz="UTC"),
    }
    return pa.schema([(name, types[kind]) for name, kind in columns])


def with_provenance(
    batch: pa.RecordBatch, columns: pa.Schema, provenance: Provenance
) -> pa.RecordBatch:
    """Returns the batch with all columns of its landing table and its provenance.

    Args:
        batch: Some or all of ``columns``, and ``_source_row``.
        columns: The landing table's own columns; absent ones become null.
        provenance: The values shared by all rows.

    Returns:
        A batch with ``columns`` followed by the provenance columns; texts that are the
        same for all rows are dictionary-encoded.
    """
    import numpy as np
    import pyarrow as pa

    rows = batch.num_rows
    shared = {
        "_file_id": provenance.file_id,
        "_source_file": provenance.source_file,
        "_source_sheet": provenance.source_sheet,
        "_period_start": provenance.period_start,
        "_period_end": provenance.period_end,
        "_release_status": provenance.release_status,
        "_published_on": provenance.published_on,
        "_loaded_at": provenance.loaded_at,
        "_dlt_load_id": provenance.load_id,
    }
    present = {name: i for i, name in enumerate(batch.schema.names)}
    unknown = set(present) - set(columns.names) - {"_source_row"}
    if unknown:
        raise ValueError(f"columns without a place in the landing table: {unknown}")
    fields: list[pa.Field] = []
    arrays: list[pa.Array] = []
    zeros, nothing = pa.array(np.zeros(rows, np.int32)), pa.nulls(rows, pa.int32())
    for field in (*columns, *provenance_schema()):
        if field.name in present:
            array = batch.column(present[field.name])
            if array.type != field.type:
                array = array.cast(field.type)
        elif pa.types.is_string(field.type) and field.name in shared:
            # One value for all rows: as a dictionary it is written once, not per row.
            value = shared[field.name]
            indices = nothing if value is None else zeros
            array = pa.DictionaryArray.from_arrays(indices, pa.array([value or ""]))
        elif field.name in shared:
            array = pa.repeat(pa.scalar(shared[field.name], field.type), rows)
        else:
            array = pa.nulls(rows, field.type)
        fields.append(pa.field(field.name, array.type))
        arrays.append(array)
    return pa.record_batch(arrays, schema=pa.schema(fields))
