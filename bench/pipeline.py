"""A pipeline for the generated csv, through the plan, ledger and landing of all."""

from __future__ import annotations

import datetime as dt

from bench.peers import COLUMNS
from loaders.landing import arrow_schema
from loaders.model import Claims, FileRead, Period, Pipeline, SourceFile, TableRead
from loaders.sheets.bulk import csv_batches

MONTH = Period(dt.date(2025, 8, 1), dt.date(2025, 8, 31), "month", "2025-08")


def stream(file: SourceFile) -> FileRead:
    """Leaves the rows lazy: they are read while they are spooled."""

    batches = csv_batches(file.path, arrow_schema(COLUMNS), where=file.source)
    rows = TableRead("rows", "rows", None, None, None, 1, 2, -1, -1, (), batches)
    return FileRead("pyarrow", MONTH, "content", "final", None, False, (), [rows])


def _unused(data: bytes, file: SourceFile) -> FileRead:
    raise NotImplementedError("large files are streamed")


PIPELINE = Pipeline(
    name="bench",
    title="The generated csv of the benchmark",
    tables={"rows": COLUMNS},
    suffixes=(".csv",),
    read=_unused,
    claims=lambda name: Claims(),
    stream=stream,
)
