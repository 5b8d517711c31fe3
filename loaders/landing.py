"""Landing: from Arrow batches to Postgres, through dlt.

A file's rows are spooled as parquet, or as csv where they are text, and handed to dlt
as files, so volume never passes through Python rows; dlt copies them in with ADBC or
COPY. Nothing of a file is handed over before the whole file has been read: what is
quarantined at its last row lands nothing.
"""

from __future__ import annotations

import contextlib
import fcntl
import importlib
import logging
import os
import shutil
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from loaders import project
from loaders.dataset import KEY_COLUMNS, landed_columns, landed_name, own_columns
from loaders.model import FileRead, Pipeline

if TYPE_CHECKING:
    import pyarrow as pa

    from loaders.warehouse import Target

#: Rows per parquet file, each loaded by a connection of its own: few, because
#: connecting costs, but enough of them to keep the load workers busy with a large file.
ROWS_PER_FILE = 500_000
#: Rows of one file held in memory before it gets parquet files of its own.
ROWS_HELD = 100_000
ROWS_PER_GROUP = 20_000
WRITES_AHEAD = 8
#: More load workers than this only cost memory on two cores.
LOAD_WORKERS = 2

DLT_TYPES: dict[str, dict[str, Any]] = {
    "varchar": {"data_type": "text"},
    "integer": {"data_type": "bigint", "precision": 32},
    "bigint": {"data_type": "bigint"},
    "double precision": {"data_type": "double"},
    "boolean": {"data_type": "bool"},
    "date": {"data_type": "date"},
    "timestamp with time zone": {"data_type": "timestamp"},
}


class _Part:
    """One file while it grows; its writes run one after the other."""

    def __init__(self, table: str, path: Path) -> None:
        self.table = table
        self.path = path
        self.rows = 0
        self._writer: Any = None

    def write(self, batch: pa.RecordBatch) -> None:
        if self.path.suffix == ".csv":
            self._write_csv(batch)
            return
        import pyarrow.parquet as pq

        if self._writer is None:
            self._writer = pq.ParquetWriter(
                self.path,
                batch.schema,
                compression="lz4",
                use_dictionary=["_table_key"],
                write_statistics=False,
            )
        # ADBC encodes a row group before it sends it: small ones keep the server busy
        # and memory low.
        self._writer.write_batch(batch, row_group_size=ROWS_PER_GROUP)

    def _write_csv(self, batch: pa.RecordBatch) -> None:
        from pyarrow import csv

        if self._writer is None:
            self._writer = csv.CSVWriter(self.path, batch.schema)
        self._writer.write_batch(batch)

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()

    def discard(self) -> None:
        self.close()
        self.path.unlink(missing_ok=True)


class Spool:
    """Parquet files of one load; a file is in it whole or not at all.

    Small files share parquet files, so that a load of many months is a few jobs. A file
    too large to hold in memory gets parquet files of its own while it is read.

    Args:
        pipeline: Whose landing tables.
        folder: Where the parquet files go.
        next_key: Gives each table that is taken its key.
    """

    def __init__(
        self, pipeline: Pipeline, folder: Path, next_key: Callable[[], int]
    ) -> None:
        self.pipeline = pipeline
        self.folder = folder
        self._next_key = next_key
        self._columns = {
            table: arrow_schema(own_columns(pipeline, table))
            for table in pipeline.tables
        }
        self._shared: dict[str, _Part] = {}
        self._complete: list[_Part] = []
        self._count = 0
        # One writer: the order within a part is the order of its rows.
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="spool")
        self._jobs: deque[Future[None]] = deque()
        folder.mkdir(parents=True, exist_ok=True)

    def add(self, read: FileRead) -> int:
        """Takes all rows of a file; on any error takes none and raises it.

        Args:
            read: The file. Its tables are given their keys, and ``rows_read`` where a
                streaming reader left it at -1.

        Returns:
            Rows taken.
        """
        held: dict[str, list[pa.RecordBatch]] = {}
        own: list[_Part] = []
        taken = waiting = 0
        try:
            for table in read.tables:
                table.key = self._next_key()
                columns = self._columns[table.table]
                part: _Part | None = None
                rows = 0
                for batch in table.batches:
                    rows += batch.num_rows
                    waiting += batch.num_rows
                    if part is None and waiting <= ROWS_HELD:
                        shaped = _shaped(batch, columns, table.key)
                        held.setdefault(table.table, []).append(shaped)
                        continue
                    shaped = _shaped(batch, self._own(columns, batch), table.key)
                    if part is None or part.rows >= ROWS_PER_FILE:
                        part = self._part(table.table)
                        own.append(part)
                    self._write(part, shaped)
                if table.rows_read < 0:
                    table.rows_read = rows
                taken += rows
            self._wait(0)
        except BaseException:
            with contextlib.suppress(Exception):
                self._wait(0)
            for part in own:
                part.discard()
            raise
        self._complete += own
        for name, batches in held.items():
            # One row group for the many small tables of a workbook.
            self._write(self._shared_part(name), _together(batches))
        return taken

    def _own(self, columns: pa.Schema, batch: pa.RecordBatch) -> pa.Schema:
        """Columns of a file's own csv: its header says that it has no others."""
        if self.pipeline.file_format != "csv":
            return columns
        present = set(batch.schema.names)
        import pyarrow as pa

        return pa.schema([c for c in columns if c.name in present])

    def _part(self, table: str) -> _Part:
        self._count += 1
        name = f"{table}.{self._count:05d}.{self.pipeline.file_format}"
        return _Part(table, self.folder / name)

    def _shared_part(self, table: str) -> _Part:
        part = self._shared.get(table)
        if part is not None and part.rows >= ROWS_PER_FILE:
            self._complete.append(self._shared.pop(table))
            part = None
        if part is None:
            part = self._shared[table] = self._part(table)
        return part

    def _write(self, part: _Part, batch: pa.RecordBatch) -> None:
        part.rows += batch.num_rows
        self._jobs.append(self._writer.submit(part.write, batch))
        # A few batches may wait for the disk; reading never runs far ahead of it.
        self._wait(WRITES_AHEAD)

    def _wait(self, leave: int) -> None:
        while len(self._jobs) > leave:
            self._jobs.popleft().result()

    def finished(self) -> list[tuple[str, Path, int]]:
        """Completes all parquet files: table, path, rows of each."""
        self._wait(0)
        parts = [*self._complete, *self._shared.values()]
        for part in parts:
            part.close()
        return [(part.table, part.path, part.rows) for part in parts]

    def close(self) -> None:
        """Ends the writer; the files are left to dlt."""
        self._writer.shutdown(wait=True, cancel_futures=True)


def _together(batches: list[pa.RecordBatch]) -> pa.RecordBatch:
    import pyarrow as pa

    return batches[0] if len(batches) == 1 else pa.concat_batches(batches)


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


def _shaped(batch: pa.RecordBatch, columns: pa.Schema, key: int) -> pa.RecordBatch:
    """The batch with all columns of its landed table; those it lacks are null."""
    import numpy as np
    import pyarrow as pa

    rows = batch.num_rows
    present = {name: i for i, name in enumerate(batch.schema.names)}
    unknown = set(present) - set(columns.names) - {"_source_row"}
    if unknown:
        raise ValueError(f"columns without a place in the landed table: {unknown}")
    arrays = [
        batch.column(present[field.name]).cast(field.type)
        if field.name in present
        else pa.nulls(rows, field.type)
        for field in columns
    ]
    arrays.append(pa.array(np.full(rows, key, np.int32)))
    arrays.append(batch.column(present["_source_row"]).cast(pa.int32()))
    names = [*columns.names, *(name for name, _ in KEY_COLUMNS)]
    return pa.record_batch(arrays, names=names)


def resource_options(pipeline: Pipeline, table: str) -> dict[str, Any]:
    """The table that rows land in, as dlt describes it."""
    return {
        "name": landed_name(table),
        "columns": [
            {"name": name, **DLT_TYPES[kind]}
            for name, kind in landed_columns(pipeline, table)
        ],
        "write_disposition": "append",
        "file_format": pipeline.file_format,
    }


def working_folder() -> Path:
    """Data folder of dlt for this checkout: two checkouts never share state."""
    return project.state_dir() / "dlt"


@contextlib.contextmanager
def _own_folder(name: str) -> Iterator[Path]:
    """The pipeline's working folder, ours alone and empty.

    The ledger is the state: what dlt kept from a killed run is of no use and can be
    half deleted, so every run starts clean.
    """
    base = working_folder() / "pipelines"
    base.mkdir(parents=True, exist_ok=True)
    with (base / f"{name}.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        shutil.rmtree(base / name, ignore_errors=True)
        yield base


def land(
    pipeline: Pipeline,
    target: Target,
    produce: Callable[[], Iterable[tuple[str, Path, int]]],
    on_load_id: Callable[[str], None],
) -> str | None:
    """Runs one dlt load; returns its load id, ``None`` when there was nothing to land.

    Args:
        pipeline: Name and dataset of the load.
        target: The warehouse.
        produce: Yields parquet files: table, path, rows.
        on_load_id: Called after extraction and before any row can land.
    """
    os.environ.setdefault("RUNTIME__DLTHUB_TELEMETRY", "false")
    # Half a second of Python, while Arrow and the reader processes read.
    importing = threading.Thread(target=importlib.import_module, args=("dlt",))
    with _own_folder(pipeline.name) as base:
        importing.start()
        try:
            parts = list(produce())
        finally:
            importing.join()
        if not parts:
            return None
        import dlt

        if "RUNTIME__LOG_LEVEL" not in os.environ:
            # A job that fails is tried again, and what stopped a load is told by the
            # run; dlt would print every traceback on the way.
            logging.getLogger("dlt").setLevel(logging.CRITICAL)

        def files(table: str) -> Iterator[Any]:
            for name, path, rows in parts:
                if name == table:
                    yield dlt.mark.with_file_import(
                        str(path), pipeline.file_format, rows
                    )

        # One resource per table: hints of several on one resource add up, and each
        # table would get the columns of those landed before it. Tables that got nothing
        # are left out: dlt looks at each of their columns many times.
        resources = [
            dlt.resource(files, **resource_options(pipeline, table))(table)
            for table in dict.fromkeys(name for name, _, _ in parts)
        ]
        runner = dlt.pipeline(
            pipeline_name=pipeline.name,
            pipelines_dir=str(base),
            destination=dlt.destinations.postgres(target.url()),
            dataset_name=pipeline.dataset,
        )
        loads = runner.extract(
            resources, loader_file_format=pipeline.file_format
        ).loads_ids
        on_load_id(loads[0])
        runner.normalize(workers=1)
        runner.load(workers=LOAD_WORKERS)
    return str(loads[0])
