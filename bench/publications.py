"""Publications: all shared files to silver, a large csv, and a thousand files again."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from bench.common import ROOT, SHARED, measured, timed, warehouse
from examples import publications_csvs, publications_emergency, publications_england
from examples.output import month_name
from examples.publications_sheets import Change, Sheet

FOLDER = SHARED / "publications"
LOAD = ("dlt", "pipeline", "publications", "run")
SILVER = (
    "dbt",
    "run",
    "--quiet",
    "--select",
    "+path:models/silver/publications/silver_*",
)
#: Columns of the large csv, those of appointments by region with the national category.
APPOINTMENTS = (
    *("SUB_ICB_LOCATION_CODE", "SUB_ICB_LOCATION_ONS_CODE", "SUB_ICB_LOCATION_NAME"),
    *("ICB_ONS_CODE", "REGION_ONS_CODE", "APPOINTMENT_MONTH", "APPT_STATUS"),
    *("HCP_TYPE", "APPT_MODE", "NATIONAL_CATEGORY", "TIME_BETWEEN_BOOK_AND_APPT"),
    "COUNT_OF_APPOINTMENTS",
)
MANY = 1000


def appointments_csv(path: Path, rows: int) -> None:
    """A csv of appointments of one month, the same every time."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.csv

    rng = np.random.default_rng(20251101)
    labels = {
        "APPT_STATUS": ["Attended", "DNA", "Unknown"],
        "HCP_TYPE": ["GP", "Other Practice staff", "Unknown"],
        "APPT_MODE": ["Face-to-Face", "Telephone", "Home Visit", "Video/Online"],
        "NATIONAL_CATEGORY": [
            *("General Consultation Routine", "Planned Clinics", "Care Home Visit"),
            "Unplanned Clinical Activity",
        ],
        "TIME_BETWEEN_BOOK_AND_APPT": ["Same Day", "1 Day", "2 to 7 Days", "28+ Days"],
    }
    writer = None
    for start in range(0, rows, 250_000):
        n = min(250_000, rows - start)
        place = rng.integers(0, 106, n)
        columns = {
            "SUB_ICB_LOCATION_CODE": np.array([f"{i:02d}A" for i in range(106)])[place],
            "SUB_ICB_LOCATION_ONS_CODE": np.array([f"E380{i:05d}" for i in range(106)])[
                place
            ],
            "SUB_ICB_LOCATION_NAME": np.array(
                [f"NHS Integrated Care Board - {i:02d}A" for i in range(106)]
            )[place],
            "ICB_ONS_CODE": np.array([f"E540{i // 3:05d}" for i in range(106)])[place],
            "REGION_ONS_CODE": np.array([f"E400{i // 15:05d}" for i in range(106)])[
                place
            ],
            "APPOINTMENT_MONTH": np.full(n, "NOV2025"),
            **{
                name: np.array(texts)[rng.integers(0, len(texts), n)]
                for name, texts in labels.items()
            },
            "COUNT_OF_APPOINTMENTS": rng.integers(1, 20_000, n),
        }
        table = pa.table({name: columns[name] for name in APPOINTMENTS})
        writer = writer or pyarrow.csv.CSVWriter(path, table.schema)
        writer.write_table(table)
    if writer:
        writer.close()


def to_silver() -> dict[str, Any]:
    """All shared files from an empty database to silver, beside only reading them."""
    if not FOLDER.exists():
        return {"skipped": "the real files (../shared/data/publications) are not here"}
    # The files beside the folders are not published ones.
    folders = sorted(path for path in FOLDER.iterdir() if path.is_dir())
    files = [p for folder in folders for p in folder.rglob("*") if p.is_file()]
    mb = sum(path.stat().st_size for path in files) / 1e6
    reading = _reading(folders)
    sources = [a for folder in folders for a in ("--from", str(folder))]
    with warehouse() as (url, environment):
        load, peak = measured(environment, *LOAD, *sources, allowed=(0, 1))
        silver = timed(environment, *SILVER)
        again, _ = measured(environment, *LOAD, *sources, allowed=(0, 1))
        rows = _loaded(url)
    total = round(load + silver, 2)
    return {
        "files": len(files),
        "mb": round(mb, 1),
        **rows,
        "load_seconds": load,
        "load_peak_mb": peak,
        "silver_seconds": silver,
        "total_seconds": total,
        "mb_per_second": round(mb / total, 2),
        "unchanged_rerun_seconds": again,
        "reading_alone": reading,
        "ratio_to_reading_alone": round(total / reading["seconds"], 2),
    }


def _reading(folders: Sequence[Path]) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "bench.reading", *map(str, folders)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _loaded(url: str) -> dict[str, int]:
    import psycopg2

    with psycopg2.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute(
            "select status, count(*), coalesce(sum(tables_found), 0),"
            " coalesce(sum(rows_landed), 0) from raw_publications.files group by status"
        )
        found = cursor.fetchall()
    connection.close()
    counts = {f"files_{status}": int(files) for status, files, _, _ in found}
    counts["tables"] = int(sum(tables for _, _, tables, _ in found))
    counts["rows_landed"] = int(sum(rows for *_, rows in found))
    return counts


# ---------------------------------------------------------------------- a large csv


def large_csv(rows: int, rounds: int, one: Callable[..., dict[str, Any]]) -> Any:
    """Many rows of a publication against raw COPY, and memory as they double.

    Args:
        rows: Of the comparison; memory is taken at this many, twice and four times.
        rounds: How often, one after the other.
        one: Runs one way of ``bench.peers`` in a process of its own.
    """
    times: dict[str, list[float]] = {"copy_text": [], "publications": []}
    peaks: dict[int, int] = {}
    with warehouse() as (url, environment), tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "gp_appointments"
        folder.mkdir()
        csv = folder / "Regional_CSV_Nov_2025.csv"
        appointments_csv(csv, rows)
        size = csv.stat().st_size
        for _ in range(rounds):
            for way, seconds in times.items():
                _forget(url)
                found = one(way, csv, url, environment)
                seconds.append(found["seconds"])
            peaks[rows] = max(peaks.get(rows, 0), found["peak_mb"])
        for more in (2 * rows, 4 * rows):
            appointments_csv(csv, more)
            _forget(url)
            peaks[more] = one("publications", csv, url, environment)["peak_mb"]
    ratios = [
        round(ours / floor, 2)
        for ours, floor in zip(times["publications"], times["copy_text"], strict=True)
    ]
    return {
        "rows": rows,
        "columns": len(APPOINTMENTS),
        "csv_mb": round(size / 1e6),
        "copy_seconds": times["copy_text"],
        "ours_seconds": times["publications"],
        "ours_over_copy_by_round": ratios,
        "peak_mb_by_rows": peaks,
    }


def _forget(url: str) -> None:
    import psycopg2

    with psycopg2.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute("drop schema if exists raw_publications cascade")
    connection.close()


# ------------------------------------------------------------------- a thousand files


def many_files() -> dict[str, Any]:
    """A thousand small files loaded, and how fast the next run leaves them alone."""
    with tempfile.TemporaryDirectory() as name, warehouse() as (url, environment):
        folder = Path(name)
        for path, data in _releases(MANY):
            (folder / path).parent.mkdir(exist_ok=True)
            (folder / path).write_bytes(data)
        load, peak = measured(environment, *LOAD, "--from", name)
        again, _ = measured(environment, *LOAD, "--from", name)
        return {
            "files": MANY,
            **_loaded(url),
            "load_seconds": load,
            "load_peak_mb": peak,
            "unchanged_rerun_seconds": again,
        }


def _releases(count: int) -> Iterator[tuple[str, bytes]]:
    """Files of five publications, month after month back from November 2025."""
    for number in range(count):
        back, kind = divmod(number, 5)
        year, month = divmod(2025 * 12 + 10 - back, 12)
        period = f"{year}-{month + 1:02d}"
        words = month_name(period)
        if kind == 0:
            name = f"ae_attendances/Monthly-AE-{words.replace(' ', '-')}.csv"
            yield name, publications_emergency.monthly_csv(period=period, example=False)
        elif kind == 1:
            name = f"gp_registered_patients/gp-reg-pat-prac-all-{period}.csv"
            yield name, publications_csvs.list_sizes(period=period, example=False)
        elif kind == 2:
            name = f"sickness_absence/nhs_sickness_absence_{period}.csv"
            yield name, publications_csvs.sickness(period=period, example=False)
        elif kind == 3:
            name = f"virtual_wards/Monthly-Virtual-Ward-{words.replace(' ', '')}.xlsx"
            yield name, publications_england.virtual_wards(period=period, example=False)
        else:
            name = f"mhsds/MHSDS Data_4WW_{period}.csv"
            yield (
                name,
                publications_csvs.mental_health(
                    example=False, change=_in_month(period)
                ),
            )


def _in_month(period: str) -> Change:
    """Moves the reporting period of all rows to a month."""

    def change(sheets: Mapping[str, Sheet]) -> None:
        for row in sheets[""].body:
            row[0] = f"01/{period[5:]}/{period[:4]}"
            row[1] = f"28/{period[5:]}/{period[:4]}"

    return change
