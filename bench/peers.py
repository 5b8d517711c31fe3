"""Ways to load one csv into Postgres, each in a process of its own.

Usage: python -m bench.peers WAY CSV URL. Prints one JSON line: seconds of the work
(imports excluded), seconds of the process's imports, peak resident memory in MB, rows.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

#: The twelve columns of the generated csv: name, Postgres type.
COLUMNS = (
    ("org_code", "varchar"),
    ("org_name", "varchar"),
    ("period", "varchar"),
    ("part", "varchar"),
    ("measure", "varchar"),
    ("row_id", "bigint"),
    ("total", "bigint"),
    ("within_target", "double precision"),
    ("pct", "double precision"),
    ("day", "date"),
    ("is_final", "boolean"),
    ("note", "varchar"),
)


def _table(url: str, name: str) -> None:
    import psycopg2

    columns = ", ".join(f"{column} {kind}" for column, kind in COLUMNS)
    with psycopg2.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute(f"drop table if exists public.{name}")
        cursor.execute(f"create table public.{name} ({columns})")
    connection.close()


def copy(csv: Path, url: str) -> Callable[[], None]:
    """Raw psycopg COPY: the floor."""
    import psycopg2

    _table(url, "bench_copy")

    def work() -> None:
        connection = psycopg2.connect(url)
        with connection, connection.cursor() as cursor, csv.open("rb") as handle:
            query = "copy public.bench_copy from stdin (format csv, header)"
            cursor.copy_expert(query, handle, 1 << 20)
        connection.close()

    return work


def copy_text(csv: Path, url: str) -> Callable[[], None]:
    """Raw psycopg COPY of any csv into varchar columns named by its header."""
    import psycopg2

    with csv.open(encoding="utf-8") as handle:
        names = handle.readline().strip().split(",")
    with psycopg2.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute("drop table if exists public.bench_copy_text")
        columns = ", ".join(f"{name} varchar" for name in names)
        cursor.execute(f"create table public.bench_copy_text ({columns})")
    connection.close()

    def work() -> None:
        connection = psycopg2.connect(url)
        with connection, connection.cursor() as cursor, csv.open("rb") as handle:
            query = "copy public.bench_copy_text from stdin (format csv, header)"
            cursor.copy_expert(query, handle, 1 << 20)
        connection.close()

    return work


def publications(csv: Path, url: str) -> Callable[[], None]:
    """The pipeline of publications with one csv: detection, identity, ledger, views."""
    import os

    os.environ["HINDCAST_DATABASE_URL"] = url
    import dlt  # noqa: F401
    import pyarrow.csv  # noqa: F401

    from loaders import dataset, registry, run, summary, warehouse
    from loaders.plan import Options

    pipeline = registry.get("publications")
    # Tables are there before the clock starts, as that of the raw COPY is.
    connection = warehouse.connect(warehouse.resolve())
    dataset.ensure(connection, pipeline)
    connection.close()

    def work() -> None:
        result = run.run(pipeline, Options(sources=(str(csv),)))
        if result.exit_code or result.count("loaded") != 1:
            raise SystemExit("\n".join(summary.summary_lines([result])))

    return work


def hindcast(csv: Path, url: str) -> Callable[[], None]:
    """Ours: hash, plan, ledger, provenance on every row, one dlt load, row check."""
    import os

    os.environ["HINDCAST_DATABASE_URL"] = url
    import dlt  # noqa: F401
    import pyarrow.csv  # noqa: F401

    from bench.pipeline import PIPELINE
    from loaders import run, summary
    from loaders.plan import Options

    def work() -> None:
        result = run.run(PIPELINE, Options(sources=(str(csv),)))
        if result.exit_code or result.count("loaded") != 1:
            raise SystemExit("\n".join(summary.summary_lines([result])))

    return work


def pandas_to_sql(csv: Path, url: str) -> Callable[[], None]:
    """pandas ``to_sql`` in chunks."""
    import pandas as pd
    from sqlalchemy import create_engine

    _table(url, "bench_pandas")
    engine = create_engine(url.replace("postgresql:", "postgresql+psycopg2:", 1))

    def work() -> None:
        for chunk in pd.read_csv(csv, chunksize=100_000, parse_dates=["day"]):
            chunk.to_sql(
                "bench_pandas", engine, schema="public", if_exists="append", index=False
            )

    return work


def polars_adbc(csv: Path, url: str) -> Callable[[], None]:
    """polars with its ADBC engine."""
    import adbc_driver_postgresql  # noqa: F401
    import polars as pl

    def work() -> None:
        frame = pl.read_csv(csv, try_parse_dates=True)
        frame.write_database(
            "public.bench_polars", url, engine="adbc", if_table_exists="replace"
        )

    return work


def dlt_dicts(csv: Path, url: str) -> Callable[[], None]:
    """Plain dlt: one Python dict per row."""
    import csv as csv_module
    import os
    import tempfile

    os.environ["RUNTIME__DLTHUB_TELEMETRY"] = "false"
    import dlt

    def rows():  # type: ignore[no-untyped-def]
        with csv.open(newline="") as handle:
            for row in csv_module.DictReader(handle):
                row["row_id"], row["total"] = int(row["row_id"]), int(row["total"])
                row["within_target"], row["pct"] = (
                    float(row["within_target"]),
                    float(row["pct"]),
                )
                yield row

    def work() -> None:
        with tempfile.TemporaryDirectory() as folder:
            pipeline = dlt.pipeline(
                "bench_dicts",
                destination=dlt.destinations.postgres(url),
                dataset_name="bench_dicts",
                pipelines_dir=folder,
            )
            pipeline.run(rows(), table_name="rows", write_disposition="replace")

    return work


WAYS = {
    "copy": copy,
    "copy_text": copy_text,
    "publications": publications,
    "hindcast": hindcast,
    "polars_adbc": polars_adbc,
    "pandas_to_sql": pandas_to_sql,
    "dlt_dicts": dlt_dicts,
}


def peak_mb() -> int:
    """Peak resident memory of this process alone.

    ``ru_maxrss`` would include the parent's, from before this program took its place.
    """
    status = Path("/proc/self/status")
    if status.exists():
        (line,) = (x for x in status.read_text().splitlines() if x.startswith("VmHWM"))
        return int(line.split()[1]) // 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def main() -> None:
    """Runs one way and prints its figures."""
    way, csv, url = sys.argv[1], Path(sys.argv[2]), sys.argv[3]
    before = time.monotonic()
    work = WAYS[way](csv, url)
    ready = time.monotonic()
    work()
    done = time.monotonic()
    print(
        json.dumps(
            {
                "way": way,
                "seconds": round(done - ready, 2),
                "import_seconds": round(ready - before, 2),
                "peak_mb": peak_mb(),
            }
        )
    )


if __name__ == "__main__":
    main()
