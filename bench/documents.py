"""LLM documents: a large experiment from files to tested marts, again, and a bit more.

Beside it the plain loop that the resolution replaces (``bench.document_loop``), over
the same files: documents and bad rows must be as many, by stage and by reason, and the
old scores of all evaluations must come to the same sum.
"""

from __future__ import annotations

import contextlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from bench.common import ROOT, measured, timed, warehouse
from bench.document_files import PARTS, Experiment
from bench.rtt import slowest_nodes

BUILD = ("dbt", "build", "--quiet", "--selector", "documents")
#: Rows that come later.
DAY_ROWS = 1_000
OUTCOMES = """
select stage, count(*) from gold.documents group by stage
union all
select reason, count(*) from gold.bad_generations group by reason
"""
SCORES = "select sum(score_complex) from gold.parsed_scores where doc_id is not null"
REMEMBER = """
create table public.documents_before as
select doc_id, md5(cast(documents as text)) as row_hash from gold.documents
"""
CHANGED = """
select count(*)
from public.documents_before as earlier
left join gold.documents as documents on earlier.doc_id = documents.doc_id
where md5(cast(documents as text)) is distinct from earlier.row_hash
"""


def documents(row_count: int, file_count: int, rounds: int) -> dict[str, Any]:
    """An experiment of so many rows and files; reruns and the loop in rounds."""
    found: dict[str, Any] = {"rows": row_count, "files": file_count}
    experiment = Experiment(row_count, file_count)
    with tempfile.TemporaryDirectory() as name, warehouse() as (url, environment):
        folder = Path(name)
        started = time.monotonic()
        experiment.write(folder, (0, row_count))
        found["generate_seconds"] = round(time.monotonic() - started, 2)
        loops = [_loop(folder) for _ in range(rounds)]
        found |= _both(environment, folder)
        loop = loops[0] | {"seconds": statistics.median(r["seconds"] for r in loops)}
        found["checks"] = _checks(url, row_count, loop)
        again = [_both(environment, folder) for _ in range(rounds)]
        again.sort(key=lambda both: both["total_seconds"])
        totals = [both["total_seconds"] for both in again]
        found["nothing_new"] = {**again[rounds // 2], "total_seconds_of_rounds": totals}
        experiment.write(folder, (row_count, row_count + DAY_ROWS))
        found["rows_appended"] = _appended(url, environment, folder)
    found["load_average"] = [round(load, 1) for load in os.getloadavg()]
    ratio = found["total_seconds"] / loop["seconds"]
    return {**found, "plain_loop": loop, "ratio_to_plain_loop": round(ratio, 2)}


def _both(environment: dict[str, str], folder: Path) -> dict[str, Any]:
    """Load and build, with what models and tests took of the build."""
    sources = [word for part in PARTS for word in ("--from", str(folder / part))]
    load, peak = measured(environment, "dlt", "pipeline", "documents", "run", *sources)
    build = timed(environment, *BUILD)
    return {
        "load_seconds": load,
        "load_peak_mb": peak,
        "build_seconds": build,
        "total_seconds": round(load + build, 2),
        # Of all nodes together: several run at a time.
        "seconds_by_resource": _by_resource(environment),
        "slowest_nodes": slowest_nodes(environment),
    }


def _by_resource(environment: dict[str, str]) -> dict[str, float]:
    path = Path(environment["DBT_TARGET_PATH"]) / "run_results.json"
    seconds: dict[str, float] = {}
    for result in json.loads(path.read_text())["results"]:
        resource = result["unique_id"].split(".")[0]
        seconds[resource] = seconds.get(resource, 0) + result["execution_time"]
    return {resource: round(total, 2) for resource, total in seconds.items()}


def _checks(url: str, row_count: int, loop: dict[str, Any]) -> dict[str, Any]:
    outcomes = {name: count for name, count in _rows(url, OUTCOMES)}
    ((scores,),) = _rows(url, SCORES)
    return {
        "outcomes": dict(sorted(outcomes.items())),
        "rows_are_documents_and_bad": sum(outcomes.values()) == row_count,
        "as_the_loop": outcomes == loop["outcomes"],
        "scores_as_the_loop": round(float(scores), 1) == loop["sum_of_scores"],
    }


def _appended(url: str, environment: dict[str, str], folder: Path) -> dict[str, Any]:
    """Rows appended to every csv: how long they take, and what they change."""
    _rows(url, REMEMBER)
    ((before,),) = _rows(url, "select count(*) from public.documents_before")
    both = _both(environment, folder)
    ((changed,),) = _rows(url, CHANGED)
    ((after,),) = _rows(url, "select count(*) from gold.documents")
    made = {"documents_made": after - before, "old_documents_changed": changed}
    return {"rows": DAY_ROWS, **both, **made}


def _rows(url: str, query: str) -> list[tuple[Any, ...]]:
    import psycopg2

    with contextlib.closing(psycopg2.connect(url)) as connection, connection:
        cursor = connection.cursor()
        cursor.execute(query)
        return cursor.fetchall() if cursor.description else []


def _loop(folder: Path) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "bench.document_loop", str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    loop: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return loop
