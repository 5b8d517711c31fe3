"""Large plain csv files, streamed: one header line, no preamble, any number of rows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from loaders.errors import Quarantined

if TYPE_CHECKING:
    import pyarrow as pa

#: Read at a time. Memory stays at a few blocks whatever the size of the file.
BLOCK_BYTES = 8 * 1024 * 1024


def csv_batches(
    source: Path | BinaryIO, columns: pa.Schema, *, where: str
) -> Iterator[pa.RecordBatch]:
    """Streams a csv as Arrow batches.

    Args:
        source: The file, or an open binary stream of it.
        columns: Names and types to land; the file must have exactly these.
        where: What to call the file in errors.

    Yields:
        Batches with ``columns`` and ``_source_row``, the 1-based record of the file
        (the header is record 1).

    Raises:
        Quarantined: The header differs or a value does not fit its column's type.
    """
    import numpy as np
    import pyarrow as pa
    from pyarrow import csv

    stream: BinaryIO = source.open("rb") if isinstance(source, Path) else source
    row = 2
    try:
        with stream:
            reader = csv.open_csv(
                stream,
                read_options=csv.ReadOptions(block_size=BLOCK_BYTES),
                parse_options=csv.ParseOptions(newlines_in_values=True),
                convert_options=csv.ConvertOptions(
                    column_types=columns,
                    strings_can_be_null=True,
                    quoted_strings_can_be_null=False,
                    null_values=[""],
                ),
            )
            if sorted(reader.schema.names) != sorted(columns.names):
                raise Quarantined(
                    "the header is not the one expected",
                    where=f"{where}, row 1",
                    expected=", ".join(columns.names),
                    found=", ".join(reader.schema.names),
                    next_step="check that this is the right file",
                )
            for batch in reader:
                rows = pa.array(np.arange(row, row + batch.num_rows))
                row += batch.num_rows
                yield batch.append_column("_source_row", rows)
    except pa.ArrowInvalid as error:
        raise Quarantined(
            "cannot read the csv",
            where=f"{where}, from row {row} on",
            expected="values that fit the types of their columns",
            found=" ".join(str(error).split())[:400],
            next_step="look at the row; if the publisher changed the file, its columns",
        ) from error
