"""A pipeline for the generated csv, through the plan, ledger and landing of all."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa

from bench.peers import COLUMNS
from loaders.model import Claims, FileRead, Period, Pipeline, SourceFile, TableRead
from loaders.provenance import arrow_schema
from loaders.sheets.bulk import csv_batches

MONTH = Period(dt.date(2025, 8, 1), dt.date(2025, 8, 31), "month", "2025-08")


def stream(file: SourceFile) -> FileRead:
    """Leaves the rows lazy: they are read while they are spooled."""

    def batches():  # type: ignore[no-untyped-def]
        for batch in csv_batches(file.path, arrow_schema(COLUMNS), where=file.source):
            table = pa.nulls(batch.num_rows, pa.string()).fill_null("rows")
            yield batch.append_column("_source_table", table)

    rows = TableRead("rows", "rows", None, None, 1, 2, -1, -1, (), batches())
    return FileRead("pyarrow", MONTH, "content", "final", None, False, (), [rows])


def _unused(data: bytes, file: SourceFile) -> FileRead:
    raise NotImplementedError("large files are streamed")


PIPELINE = Pipeline(
    name="bench",
    title="The generated csv of the benchmark",
    tables={"rows": (("_source_table", "varchar"), *COLUMNS)},
    suffixes=(".csv",),
    read=_unused,
    claims=lambda name: Claims(),
    stream=stream,
)
