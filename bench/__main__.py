"""``make bench``: every measurement in one run, with ratios, into bench/results.json.

Usage: python -m bench [NAME]… [--rows N] [--rounds N] [--save]
With --workflows 100000 --events 1000000 the history of agents is a tenth as long.
Of ``documents``, --rows is 500000 by default, and --files the responses they name.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.common import BIN, ROOT, SHARED, timed, warehouse
from bench.documents import documents
from bench.publications import large_csv, many_files, to_silver
from bench.rtt import everything, rtt, slowest_nodes
from bench.workflows import workflows
from loaders.console import table_lines

CANCER = SHARED / "cancer"
ALL = (
    *("workbook", "bulk", "memory", "months", "rtt", "everything", "insight"),
    *("publications", "publications_csv", "publications_many", "workflows"),
    "documents",
)
#: Peers so slow that they get a part of the rows; their seconds are scaled up.
PART_OF_ROWS = {"pandas_to_sql": 10, "dlt_dicts": 20}


def generate_csv(path: Path, rows: int) -> None:
    """A csv of twelve mixed columns, about 150 bytes a row, the same every time."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.csv

    rng = np.random.default_rng(20250801)
    writer = None
    for start in range(0, rows, 250_000):
        n = min(250_000, rows - start)
        org = rng.integers(0, 250, n)
        table = pa.table(
            {
                "org_code": np.array([f"R{i:02X}" for i in range(250)])[org],
                "org_name": np.array(
                    [f"TRUST NUMBER {i} NHS FOUNDATION TRUST" for i in range(250)]
                )[org],
                "period": np.array(["2025-07", "2025-08"])[rng.integers(0, 2, n)],
                "part": np.array(["Part_1A", "Part_2"])[rng.integers(0, 2, n)],
                "measure": np.array(["within target", "after target", "people, total"])[
                    rng.integers(0, 3, n)
                ],
                "row_id": np.arange(start, start + n),
                "total": rng.integers(0, 5000, n),
                "within_target": rng.integers(0, 5000, n) / 2,
                "pct": rng.random(n),
                "day": np.datetime64("2025-08-01") + rng.integers(0, 31, n),
                "is_final": rng.integers(0, 2, n) == 1,
                "note": np.array(["", "a short note", 'a "quoted", one'])[
                    rng.integers(0, 3, n)
                ],
            }
        )
        if writer is None:
            writer = pyarrow.csv.CSVWriter(path, table.schema)
        writer.write_table(table)
    if writer:
        writer.close()


def _one(way: str, csv: Path, url: str, environment: dict[str, str]) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "bench.peers", way, str(csv), url],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"{way} failed:\n{done.stdout}\n{done.stderr}")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _forget(url: str) -> None:
    """Drops what a round landed, so that the next one loads again from nothing."""
    import psycopg2

    with psycopg2.connect(url) as connection, connection.cursor() as cursor:
        for schema in ("raw_bench", "bench_dicts"):
            cursor.execute(f"drop schema if exists {schema} cascade")
    connection.close()


def bulk(rows: int, rounds: int) -> dict[str, Any]:
    """One csv into Postgres: ours against raw COPY and the peers, interleaved."""
    times: dict[str, list[float]] = {}
    peaks: dict[str, int] = {}
    with warehouse() as (url, environment), tempfile.TemporaryDirectory() as folder:
        whole = Path(folder) / "rows.csv"
        generate_csv(whole, rows)
        parts = {}
        for way, part in PART_OF_ROWS.items():
            parts[way] = Path(folder) / f"{way}.csv"
            generate_csv(parts[way], rows // part)
        for number in range(rounds):
            for way in ("copy", "hindcast", "polars_adbc"):
                _forget(url)
                found = _one(way, whole, url, environment)
                times.setdefault(way, []).append(found["seconds"])
                peaks[way] = max(peaks.get(way, 0), found["peak_mb"])
            if number == 0:
                for way, csv in parts.items():
                    found = _one(way, csv, url, environment)
                    times[way] = [found["seconds"] * PART_OF_ROWS[way]]
                    peaks[way] = found["peak_mb"]
        size = whole.stat().st_size
    floor = statistics.median(times["copy"])
    pairs = zip(times["hindcast"], times["copy"], strict=True)
    return {
        "rows": rows,
        "csv_mb": round(size / 1e6),
        "rounds": rounds,
        "ours_over_copy_by_round": [round(a / b, 2) for a, b in pairs],
        "ways": {
            way: {
                "seconds": round(statistics.median(found), 2),
                "ratio_to_copy": round(statistics.median(found) / floor, 2),
                "peak_mb": peaks[way],
                "scaled_from_part": PART_OF_ROWS.get(way, 1),
            }
            for way, found in times.items()
        },
    }


def memory(rows: int) -> dict[str, Any]:
    """Peak memory of our loader as rows double."""
    peaks = {}
    with warehouse() as (url, environment), tempfile.TemporaryDirectory() as folder:
        for count in (rows // 2, rows, rows * 2):
            csv = Path(folder) / "rows.csv"
            generate_csv(csv, count)
            _forget(url)
            peaks[count] = _one("hindcast", csv, url, environment)["peak_mb"]
    return {"peak_mb_by_rows": peaks}


def workbook(rounds: int) -> dict[str, Any]:
    """Reading a cancer workbook to Arrow batches against calamine alone."""
    import io

    from python_calamine import load_workbook

    from loaders.cancer.read import read
    from loaders.model import SourceFile

    paths = sorted(CANCER.glob("*PROVIDER-WORKBOOK*.xlsx"))
    if not paths:
        paths = sorted((ROOT / "examples" / "cancer").rglob("*PROVIDER-WORKBOOK*.xlsx"))
    path = paths[0]
    data = path.read_bytes()
    alone, ours = [], []
    read(data, SourceFile(path.name, path.name, path))
    for _ in range(max(rounds, 5)):
        started = time.perf_counter()
        book = load_workbook(io.BytesIO(data))
        for name in book.sheet_names:
            book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        alone.append(time.perf_counter() - started)
        started = time.perf_counter()
        read(data, SourceFile(path.name, path.name, path))
        ours.append(time.perf_counter() - started)
    ratio = statistics.median(ours) / statistics.median(alone)
    return {
        "file": path.name,
        "calamine_seconds": round(statistics.median(alone), 3),
        "ours_seconds": round(statistics.median(ours), 3),
        "ratio": round(ratio, 2),
    }


def months() -> dict[str, Any]:
    """Fifteen cancer months from an empty database to tested gold, and one more."""
    books = sorted(CANCER.glob("*PROVIDER-WORKBOOK*.xlsx"))
    if not books:
        return {"skipped": "the real files (../shared/data/cancer) are not here"}
    last = CANCER / "AUGUST-2025-CWT-CRS-PROVIDER-WORKBOOK-FINAL.xlsx"
    load = ["dlt", "pipeline", "cancer", "run"]
    found: dict[str, Any] = {"months": len(books)}
    with warehouse() as (_, environment):
        first = [a for b in books for a in ("--from", str(b))]
        found["load_seconds"] = timed(environment, *load, *first)
        found["build_seconds"] = timed(environment, "dbt", "build")
        found["total_seconds"] = found["load_seconds"] + found["build_seconds"]
        found["unchanged_rerun_seconds"] = timed(environment, *load, *first)
        found["slowest_nodes"] = slowest_nodes(environment)
    with warehouse() as (_, environment):
        rest = [a for b in books if b != last for a in ("--from", str(b))]
        timed(environment, *load, *rest)
        timed(environment, "dbt", "build")
        seconds = timed(environment, *load, "--from", str(last))
        found["one_month_load_seconds"] = seconds
        gold = timed(environment, "dbt", "run", "--quiet")
        found["one_month_to_gold_seconds"] = round(seconds + gold, 2)
        tests = timed(environment, "dbt", "test", "--quiet")
        found["one_month_tests_seconds"] = tests
    return found


def insight(rows: int, rounds: int) -> dict[str, Any]:
    """``insight_metrics_long`` on many metric values against DuckDB."""
    from bench.insight import measure

    with warehouse() as (url, environment):
        return measure(url, environment, ROOT, BIN / "dbt", rows, rounds)


def _shown(results: dict[str, Any]) -> Iterator[str]:
    if "bulk" in results:
        ways = results["bulk"]["ways"]
        yield f"\n{results['bulk']['rows']:,} rows × 12 columns into Postgres"
        yield from table_lines(
            ("way", "seconds", "ratio to COPY", "peak MB"),
            [
                (w, f["seconds"], f["ratio_to_copy"], f["peak_mb"])
                for w, f in ways.items()
            ],
        )
    for name in ALL:
        if name != "bulk" and name in results:
            yield f"\n{name}"
            for key, value in results[name].items():
                yield f"  {key}: {value}"


def main() -> None:
    """Measures what was asked for, all of it by default."""
    parser = argparse.ArgumentParser(prog="python -m bench")
    parser.add_argument("what", nargs="*", help=", ".join(ALL))
    parser.add_argument("--rows", type=int)
    parser.add_argument("--values", type=int, default=5_000_000)
    parser.add_argument("--workflows", type=int, default=1_000_000)
    parser.add_argument("--events", type=int, default=10_000_000)
    parser.add_argument("--files", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--save", action="store_true", help="write bench/results.json")
    asked = parser.parse_args()
    what = asked.what or list(ALL)
    rows = asked.rows or 2_000_000
    results: dict[str, Any] = {
        "machine": f"{os.cpu_count()} cores, Python {platform.python_version()}",
    }
    measures = {
        "workbook": lambda: workbook(asked.rounds),
        "bulk": lambda: bulk(rows, asked.rounds),
        "memory": lambda: memory(rows),
        "months": months,
        "rtt": rtt,
        "everything": everything,
        "insight": lambda: insight(asked.values, asked.rounds),
        "publications": to_silver,
        "publications_csv": lambda: large_csv(rows // 2, asked.rounds, _one),
        "publications_many": many_files,
        "workflows": lambda: workflows(asked.workflows, asked.events),
        "documents": lambda: documents(
            asked.rows or 500_000, asked.files, asked.rounds
        ),
    }
    for name in what:
        results[name] = measures[name]()
    print("\n".join(_shown(results)))
    if asked.save or not asked.what:
        path = ROOT / "bench" / "results.json"
        # What was not measured this time stays as it was measured last.
        kept = json.loads(path.read_text()) if path.exists() else {}
        path.write_text(json.dumps(kept | results, indent=2, ensure_ascii=False) + "\n")
        print(f"\nwritten to {path.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
