"""Workflows: a large history from files to tested marts, and the day after.

Beside it the plain loop that the marts replace: the same rules in Python over the same
csv, with counters in dictionaries (``bench.workflow_loop``).
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from bench.common import ROOT, measured, timed, warehouse
from bench.rtt import slowest_nodes
from bench.workflow_files import DAY_EVENTS, DAY_WORKFLOWS

LOAD = ("dlt", "pipeline", "workflows", "run", "--from")
SELECTED = ("--quiet", "--selector", "workflows")
#: Models of what events say; the others rest on workflows, as the plain loop does.
OF_EVENTS = ("hook_events", "tool_steps", "tool_sequences", "tool_retry")


def workflows(workflow_count: int, event_count: int) -> dict[str, Any]:
    """A history of so many workflows and events, and one day more."""
    found: dict[str, Any] = {"workflows": workflow_count, "events": event_count}
    with tempfile.TemporaryDirectory() as name, warehouse() as (url, environment):
        folder = Path(name)
        # In a process of its own: the peak memory of a command counts what its parent
        # held when it was started.
        _python("bench.workflow_files", name, str(workflow_count), str(event_count))
        csv, jsonl = (folder / "history" / n for n in HISTORY)
        found["csv_mb"], found["jsonl_mb"] = (_mb(path) for path in (csv, jsonl))
        # The first build of a warehouse is a whole one, whatever is loaded.
        timed(environment, "dbt", "build", "--quiet")
        loop = _loop(csv)
        found |= _first(environment, csv, jsonl)
        found["next_day"] = _day(url, environment, folder / "day")
    ratio = found["of_workflows_seconds"] / loop["seconds"]
    return {**found, "plain_loop": loop, "ratio_to_plain_loop": round(ratio, 2)}


HISTORY = ("workflow_history.csv", "hook_events.jsonl")


def _mb(path: Path) -> int:
    return round(path.stat().st_size / 1e6)


def _first(environment: dict[str, str], csv: Path, jsonl: Path) -> dict[str, Any]:
    """The first load and build; what workflows take of it, and what events take."""
    load_csv, csv_peak = measured(environment, *LOAD, str(csv))
    load_jsonl, jsonl_peak = measured(environment, *LOAD, str(jsonl))
    run = timed(environment, "dbt", "run", *SELECTED)
    nodes = _node_seconds(environment)
    slowest = slowest_nodes(environment)
    test = timed(environment, "dbt", "test", *SELECTED)
    of_events = sum(
        seconds for node, seconds in nodes.items() if any(e in node for e in OF_EVENTS)
    )
    return {
        "load_csv_seconds": load_csv,
        "load_csv_peak_mb": csv_peak,
        "load_jsonl_seconds": load_jsonl,
        "load_jsonl_peak_mb": jsonl_peak,
        "models_seconds": run,
        "tests_seconds": test,
        "total_seconds": round(load_csv + load_jsonl + run + test, 2),
        "of_workflows_seconds": round(load_csv + run - of_events, 2),
        "slowest_nodes": slowest,
    }


def _node_seconds(environment: dict[str, str]) -> dict[str, float]:
    path = Path(environment["DBT_TARGET_PATH"]) / "run_results.json"
    results = json.loads(path.read_text())["results"]
    return {r["unique_id"]: r["execution_time"] for r in results}


def _day(url: str, environment: dict[str, str], folder: Path) -> dict[str, Any]:
    """A day more: how long it takes, and whose statistics it changes."""
    before = _statistics(url)
    load, peak = measured(environment, *LOAD, str(folder))
    run = timed(environment, "dbt", "run", *SELECTED)
    slowest = slowest_nodes(environment)[:5]
    test = timed(environment, "dbt", "test", *SELECTED)
    after = _statistics(url)
    changed = {s for s, row in after.items() if before.get(s) != row}
    met = _met(url)
    return {
        "workflows": DAY_WORKFLOWS,
        "events": DAY_EVENTS,
        "load_seconds": load,
        "load_peak_mb": peak,
        "models_seconds": run,
        "tests_seconds": test,
        "patterns": len(after),
        "patterns_of_the_day": len(met),
        "statistics_changed": len(changed),
        "changed_and_not_of_the_day": sorted(changed - met),
        "slowest_nodes": slowest,
    }


def _statistics(url: str) -> dict[str, str]:
    return dict(
        _rows(
            url,
            "select pattern_signature, md5(cast(to_jsonb(s) as text))"
            " from gold.pattern_statistics as s",
        )
    )


def _met(url: str) -> set[str]:
    """Signatures of the workflows that the file of the day brought."""
    return {
        signature
        for (signature,) in _rows(
            url,
            "select distinct pattern_signature from gold.pattern_occurrences as o"
            " inner join raw_workflows.workflow_history as h"
            " on o.workflow_key = h.adw_id"
            " where h._source_file like '%workflow_history_day.csv'",
        )
    }


def _rows(url: str, query: str) -> list[tuple[Any, ...]]:
    import psycopg2

    with contextlib.closing(psycopg2.connect(url)) as connection:
        cursor = connection.cursor()
        cursor.execute(query)
        return cursor.fetchall()


def _loop(csv: Path) -> dict[str, Any]:
    said = _python("bench.workflow_loop", str(csv))
    loop: dict[str, Any] = json.loads(said.splitlines()[-1])
    return loop


def _python(module: str, *arguments: str) -> str:
    return subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
