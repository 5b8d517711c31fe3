"""Landing: from Arrow batches to Postgres, through dlt.

A file's rows are spooled as parquet and handed to dlt as files, so volume never passes
through Python rows; dlt copies them in with ADBC. Nothing of a file is handed over before
the whole file has been read: what is quarantined at its last row lands nothing.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from loaders import project
from loaders.ledger import columns_of, own_columns
from loaders.model import FileRead, Pipeline
from loaders.provenance import Provenance, arrow_schema, with_provenance

if TYPE_CHECKING:
    import pyarrow as pa

    from loaders.warehouse import Target

#: Rows per parquet file: large enough to amortise a load job, small enough that two load
#: workers share the work and memory stays flat.
ROWS_PER_FILE = 250_000
#: Rows per row group: ADBC encodes a group at a time before it sends it, so small groups
#: keep the server busy and memory low.
ROWS_PER_GROUP = 20_000
#: More load workers than cores only cost memory.
LOAD_WORKERS = 3

DLT_TYPES: dict[str, dict[str, Any]] = {
    "varchar": {"data_type": "text"},
    "integer": {"data_type": "bigint", "precision": 32},
    "bigint": {"data_type": "bigint"},
    "double precision": {"data_type": "double"},
    "boolean": {"data_type": "bool"},
    "date": {"data_type": "date"},
    "timestamp with time zone": {"data_type": "timestamp"},
}


class Spool:
    """Parquet files of one load, grown file by file; a file is in it whole or not at all.

    Args:
        pipeline: Whose landing tables.
        folder: Where the parquet files go; removed with ``close``.
        load_id: dlt's load, stamped on every row.
    """

    def __init__(self, pipeline: Pipeline, folder: Path, load_id: str) -> None:
        self.pipeline = pipeline
        self.folder = folder
        self.load_id = load_id
        self._columns = {
            table: arrow_schema(own_columns(pipeline, table))
            for table in pipeline.tables
        }
        self._buffers: dict[str, list[pa.RecordBatch]] = {
            t: [] for t in pipeline.tables
        }
        self._writing: list[Future[tuple[str, Path, int]]] = []
        self._writers = ThreadPoolExecutor(2, thread_name_prefix="spool")
        self._count = 0
        folder.mkdir(parents=True, exist_ok=True)

    def add(
        self, read: FileRead, provenance: Callable[[str | None], Provenance]
    ) -> int:
        """Takes all rows of a file; on any error takes none and raises it.

        Args:
            read: The file; ``rows_read`` of a table is filled in where a streaming reader
                left it at -1.
            provenance: The shared provenance of the rows of a sheet.

        Returns:
            Rows taken.
        """
        mine: dict[str, list[pa.RecordBatch]] = {}
        early: list[Future[tuple[str, Path, int]]] = []
        taken = 0
        try:
            for table in read.tables:
                stamp = provenance(table.sheet)
                own = self._columns[table.table]
                rows = 0
                batches = mine.setdefault(table.table, [])
                for batch in table.batches:
                    batches.append(with_provenance(batch, own, stamp))
                    rows += batch.num_rows
                    if sum(b.num_rows for b in batches) >= ROWS_PER_FILE:
                        early.append(self._write(table.table, batches))
                        batches = mine[table.table] = []
                if table.rows_read < 0:
                    table.rows_read = rows
                taken += rows
        except BaseException:
            for job in early:
                with contextlib.suppress(Exception):
                    job.result()[1].unlink()
            raise
        self._writing += early
        for name, batches in mine.items():
            self._buffers[name] += batches
            if sum(b.num_rows for b in self._buffers[name]) >= ROWS_PER_FILE:
                self._writing.append(self._write(name, self._buffers[name]))
                self._buffers[name] = []
        return taken

    def _write(
        self, table: str, batches: list[pa.RecordBatch]
    ) -> Future[tuple[str, Path, int]]:
        import pyarrow as pa
        import pyarrow.parquet as pq

        self._count += 1
        path = self.folder / f"{table}.{self._count:05d}.parquet"

        def write() -> tuple[str, Path, int]:
            whole = pa.concat_tables(
                [pa.Table.from_batches([b]) for b in batches],
                promote_options="permissive",
            )
            texts = [f.name for f in whole.schema if not pa.types.is_primitive(f.type)]
            pq.write_table(
                whole,
                path,
                row_group_size=ROWS_PER_GROUP,
                compression="lz4",
                use_dictionary=texts,
                write_statistics=False,
                # Without the Arrow schema a reader gets plain texts, not dictionaries.
                store_schema=False,
            )
            return table, path, whole.num_rows

        # Two writers and at most two waiting: reading never runs far ahead of the disk.
        unfinished = [job for job in self._writing if not job.done()]
        if len(unfinished) >= 3:
            unfinished[0].result()
        return self._writers.submit(write)

    def ready(self, *, everything: bool = False) -> Iterator[tuple[str, Path, int]]:
        """Parquet files that are complete, each once: table, path, rows."""
        if everything:
            for table, batches in self._buffers.items():
                if batches:
                    self._writing.append(self._write(table, batches))
                    self._buffers[table] = []
        waiting, self._writing = self._writing, []
        for job in waiting:
            if everything or job.done():
                yield job.result()
            else:
                self._writing.append(job)

    def close(self) -> None:
        """Removes the spooled files; dlt has its own links to them by then."""
        self._writers.shutdown(wait=True, cancel_futures=True)
        shutil.rmtree(self.folder, ignore_errors=True)


def hints_of(pipeline: Pipeline, table: str) -> dict[str, Any]:
    """dlt's description of a landing table."""
    from dlt.extract.hints import make_hints

    return dict(
        make_hints(
            table_name=table,
            columns=[
                {"name": name, **DLT_TYPES[kind]}  # type: ignore[typeddict-item]
                for name, kind in columns_of(pipeline, table)
            ],
            write_disposition="append",
            file_format="parquet",
        )
    )


def working_folder() -> Path:
    """dlt's data folder of this checkout, so that two checkouts never share state."""
    return project.state_dir() / "dlt"


@contextlib.contextmanager
def _own_folder(name: str) -> Iterator[Path]:
    """The pipeline's working folder, ours alone and empty.

    The ledger is the state: what dlt kept from a killed run is of no use and can be half
    deleted, so every run starts clean.
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
    produce: Callable[[str], Iterable[tuple[str, Path, int]]],
    on_load_id: Callable[[str], None],
) -> str | None:
    """Runs one dlt load; returns its load id, ``None`` when there was nothing to land.

    Args:
        pipeline: Name and dataset of the load.
        target: The warehouse.
        produce: Given the load id, yields parquet files: table, path, rows.
        on_load_id: Called after extraction and before any row can land.
    """
    os.environ.setdefault("RUNTIME__DLTHUB_TELEMETRY", "false")
    import dlt

    @dlt.resource(name="files", write_disposition="append")
    def files() -> Iterator[Any]:
        load_id = str(dlt.current.load_package_state()["load_id"])
        for table, path, rows in produce(load_id):
            yield dlt.mark.with_file_import(
                str(path), "parquet", rows, hints=hints_of(pipeline, table)
            )

    with _own_folder(pipeline.name) as base:
        runner = dlt.pipeline(
            pipeline_name=pipeline.name,
            pipelines_dir=str(base),
            destination=dlt.destinations.postgres(target.url()),
            dataset_name=pipeline.dataset,
        )
        loads = runner.extract(files(), loader_file_format="parquet").loads_ids
        if not loads:
            return None
        on_load_id(loads[0])
        runner.normalize(workers=1)
        runner.load(workers=LOAD_WORKERS)
    return str(loads[0])
