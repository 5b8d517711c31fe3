"""RTT from the zip to tested gold: one month, twelve months, and the next one."""

from __future__ import annotations

import contextlib
import json
import tempfile
import zipfile
from pathlib import Path
from typing import Any

from bench.common import SHARED, measured, timed, warehouse
from loaders.periods import month

REAL_MONTH = (2026, 1)
#: Columns before the first band of weeks.
FIRST_BAND = 13


def _real_zip() -> Path | None:
    return next(iter(sorted((SHARED / "rtt").glob("Full-CSV*.zip"))), None)


def _moved(row: bytes, by: int) -> bytes:
    """A row with so many more pathways in its first band, and in its total."""
    cells = row.rstrip(b"\r").split(b",")
    for at in (FIRST_BAND, -1):
        cells[at] = str(int(cells[at] or 0) + by).encode()
    return b",".join(cells) + row[len(row.rstrip(b"\r")) :]


def generate_months(real: Path, folder: Path, count: int) -> list[Path]:
    """The real month, and earlier ones made from it, oldest first.

    No two have the same figures: the first function of the file and the total of its
    functions get as many more pathways as the month lies back.
    """
    with zipfile.ZipFile(real) as archive:
        member = max(archive.namelist(), key=len)
        header, function, total, rest = archive.read(member).split(b"\n", 3)
    assert b",C_999," in total, "the second row is no longer the first one's total"
    year, number = REAL_MONTH
    said = f"RTT-{month(year, number).start:%B-%Y}".encode()
    made = []
    for back in reversed(range(count)):
        months = year * 12 + number - 1 - back
        period = month(months // 12, months % 12 + 1)
        rows = (header, _moved(function, back), _moved(total, back), rest)
        text = b"\n".join(rows)
        text = text.replace(said, f"RTT-{period.start:%B-%Y}".encode())
        path = folder / f"Full-CSV-data-file-{period.start:%b%y}-ZIP.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new:
            new.writestr(f"{period.end:%Y%m%d}-RTT-{period.start:%B-%Y}-full.csv", text)
        made.append(path)
    return made


def _sizes(url: str) -> dict[str, float]:
    import psycopg2

    with contextlib.closing(psycopg2.connect(url)) as connection:
        cursor = connection.cursor()
        cursor.execute(
            "select nspname, sum(pg_total_relation_size(c.oid)) / 1e6"
            " from pg_class as c"
            " inner join pg_namespace as n on c.relnamespace = n.oid"
            " where nspname in ('raw_rtt', 'silver', 'gold') and relkind = 'r'"
            " group by nspname"
        )
        return {name: round(float(size)) for name, size in cursor.fetchall()}


def rtt(months: int = 12) -> dict[str, Any]:
    """Months loaded one by one, each to gold and tested, with times and sizes."""
    real = _real_zip()
    if real is None:
        return {"skipped": "the real files (../shared/data/rtt) are not here"}
    found: dict[str, Any] = {"months": []}
    with tempfile.TemporaryDirectory() as folder, warehouse() as (url, environment):
        # The first build of a warehouse is a whole one, whatever is loaded.
        timed(environment, "dbt", "build", "--quiet")
        for path in generate_months(real, Path(folder), months):
            load, peak = measured(
                environment, *("dlt", "pipeline", "rtt", "run", "--from", str(path))
            )
            run = timed(environment, "dbt", "run", "--quiet", "--selector", "rtt")
            test = timed(environment, "dbt", "test", "--quiet", "--selector", "rtt")
            found["months"].append(
                {
                    "file": path.name,
                    "load_seconds": load,
                    "load_peak_mb": peak,
                    "models_seconds": run,
                    "tests_seconds": test,
                    "mb": _sizes(url),
                }
            )
    with warehouse() as (_, environment):
        timed(environment, "dbt", "build", "--quiet")
        load, peak = measured(
            environment, *("dlt", "pipeline", "rtt", "run", "--from", str(real))
        )
        build = timed(environment, "dbt", "build", "--quiet", "--selector", "rtt")
        found["one_month"] = {
            "load_seconds": load,
            "load_peak_mb": peak,
            "build_and_test_seconds": build,
            "total_seconds": round(load + build, 2),
        }
    return found


def everything() -> dict[str, Any]:
    """All real files: each load, the whole dbt build and its slowest nodes."""
    if _real_zip() is None:
        return {"skipped": "the real files (../shared/data) are not here"}
    found: dict[str, Any] = {}
    with warehouse() as (_, environment):
        for name in ("cancer", "rtt", "oversight", "organisations"):
            files = (SHARED / name).glob("*.xlsx") if name == "cancer" else ()
            paths = [str(p) for p in sorted(files)] or [str(SHARED / name)]
            sources = [a for p in paths for a in ("--from", p)]
            found[f"load_{name}_seconds"] = timed(
                environment, "dlt", "pipeline", name, "run", *sources
            )
        found["build_seconds"] = timed(environment, "dbt", "build", "--quiet")
        found["slowest_nodes"] = slowest_nodes(environment)
        found["second_build_seconds"] = timed(environment, "dbt", "build", "--quiet")
    return found


def slowest_nodes(environment: dict[str, str]) -> list[tuple[str, float]]:
    """The ten nodes of the last dbt run that took longest, with their seconds."""
    path = Path(environment["DBT_TARGET_PATH"]) / "run_results.json"
    results = json.loads(path.read_text())["results"]
    slowest = sorted(results, key=lambda r: -r["execution_time"])[:10]
    return [
        (r["unique_id"].split(".", 2)[2], round(r["execution_time"], 2))
        for r in slowest
    ]
