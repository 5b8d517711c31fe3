"""One relation to one Parquet file in flat memory, and the check that reads it."""

from __future__ import annotations

import datetime as dt
import decimal
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from loaders.errors import Failed
from loaders.export.periods import Periods

#: A row group is closed when it holds this much: what a reader has to hold at least.
GROUP_BYTES = 32 << 20
GROUP_ROWS = 250_000


@dataclass(frozen=True)
class Written:
    """What was written to a file, known before the file is looked at again.

    Attributes:
        rows: Rows handed over by Postgres.
        schema: Columns and their types.
        digests: Of the values of each row group.
        first_period: First day of the earliest period in the rows, where they say one.
        last_period: Last day of the latest.
    """

    rows: int
    schema: pa.Schema
    digests: tuple[bytes, ...]
    first_period: dt.date | None = None
    last_period: dt.date | None = None


def as_declared(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    """A batch as the driver gives it, in the types of the file.

    Raises:
        pyarrow.ArrowInvalid: A value does not fit the type its column declares.
    """
    columns = [
        column if column.type.equals(field.type) else pc.cast(column, field.type)
        for column, field in zip(batch.columns, schema, strict=True)
    ]
    return pa.RecordBatch.from_arrays(columns, schema=schema)


def row_groups(
    batches: Iterable[pa.RecordBatch], schema: pa.Schema
) -> Iterator[pa.Table]:
    """Batches joined until they make a row group."""
    held: list[pa.RecordBatch] = []
    rows = size = 0
    for batch in batches:
        held.append(batch)
        rows, size = rows + batch.num_rows, size + batch.nbytes
        if rows >= GROUP_ROWS or size >= GROUP_BYTES:
            yield pa.Table.from_batches(held, schema)
            held, rows, size = [], 0, 0
    if rows:
        yield pa.Table.from_batches(held, schema)


def digest(table: pa.Table) -> bytes:
    """A hash of the values of a table, whatever their layout in memory."""
    hashed = hashlib.blake2b(digest_size=16)
    for column in table.columns:
        array = column.combine_chunks()
        hashed.update(_bytes(pc.cast(pc.is_null(array), pa.uint8())))
        if pa.types.is_boolean(array.type):
            array = pc.cast(array, pa.uint8())
        # What stands in memory where a value is missing is anything.
        zero = decimal.Decimal(0) if pa.types.is_decimal(array.type) else 0
        missing = "" if pa.types.is_string(array.type) else zero
        array = pc.fill_null(array, pa.scalar(missing, array.type))
        if pa.types.is_string(array.type):
            hashed.update(_bytes(pc.binary_length(array)))
        hashed.update(_bytes(array))
    return hashed.digest()


def _bytes(array: pa.Array) -> memoryview:
    """The bytes of the values of an array without nulls, and no others."""
    buffers: list[Any] = array.buffers()
    if len(array) == 0 or buffers[-1] is None:
        return memoryview(b"")
    values = memoryview(buffers[-1]).cast("B")
    first, last = array.offset, array.offset + len(array)
    if pa.types.is_string(array.type):
        starts = memoryview(buffers[1]).cast("B").cast("i")
        return values[starts[first] : starts[last]]
    width = array.type.bit_width // 8
    return values[first * width : last * width]


def write(path: Path, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> Written:
    """Writes batches as they come; holds one row group of them.

    Raises:
        OSError: The disk would not.
        pyarrow.ArrowInvalid: A value does not fit the type its column declares.
    """
    rows, digests = 0, []
    periods = Periods(schema)
    declared = (as_declared(batch, schema) for batch in batches)
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for group in row_groups(declared, schema):
            writer.write_table(group, row_group_size=max(group.num_rows, 1))
            rows += group.num_rows
            digests.append(digest(group))
            periods.add(group)
    return Written(rows, schema, tuple(digests), periods.first, periods.last)


def check(path: Path, written: Written) -> None:
    """Reads a file back: its columns, its rows and every value are what was written.

    Raises:
        Failed: They are not.
    """
    try:
        with pq.ParquetFile(path) as file:
            expected, found = _differing(file, written)
    except (OSError, pa.ArrowException) as error:
        expected, found = "a Parquet file", " ".join(str(error).split())
    if expected != found:
        raise Failed(
            f"cannot trust the file of {path.stem}",
            where=str(path),
            expected=expected,
            found=found,
            next_step="check the disk, then run the same command again; the export "
            "before this one is untouched",
        )


def _differing(file: pq.ParquetFile, written: Written) -> tuple[str, str]:
    """What was written and what is there, told by the first thing that differs."""
    wanted = [f"{field.name} {field.type}" for field in written.schema]
    found = [f"{field.name} {field.type}" for field in file.schema_arrow]
    if wanted != found:
        return f"the columns {', '.join(wanted)}", f"the columns {', '.join(found)}"
    if file.metadata.num_rows != written.rows:
        return f"{written.rows:,} rows", f"{file.metadata.num_rows:,} rows"
    if file.num_row_groups != len(written.digests):
        return f"{len(written.digests)} row groups", f"{file.num_row_groups} row groups"
    for number, wanted_digest in enumerate(written.digests):
        if digest(file.read_row_group(number)) != wanted_digest:
            group = f"row group {number + 1}"
            return f"the values written to {group}", f"other values in {group}"
    return "", ""


def sha256(path: Path) -> str:
    """The hash of a file's bytes."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
