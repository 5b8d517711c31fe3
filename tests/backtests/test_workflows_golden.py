"""Statistics of patterns against those of the earlier implementation for 13 runs.

Its figures are right as long as every workflow is processed once; a second pass doubled
them. One of them is not taken over: a pattern whose only workflow has neither tokens
nor cost stood there with 0 occurrences, because its statistics failed.
"""

from __future__ import annotations

import contextlib
import csv
import io
from pathlib import Path
from typing import Any

import jinja2
import psycopg2
import pytest

from tests.conftest import ROOT, SHARED, Warehouse

FIXTURE = SHARED / "workflows" / "golden_fixture"
WITHOUT_COST = "docs:generate:all"
COLUMNS = (
    "pattern_signature, occurrence_count, avg_tokens_with_llm, avg_cost_with_llm,"
    " avg_tokens_with_tool, avg_cost_with_tool, potential_monthly_savings_compat,"
    " confidence_score"
)
#: The workflows that one row of the earlier implementation counted 78,167 times.
COPIES, WORKFLOWS, COST = 3257, 24, "2.4757"


@pytest.fixture(scope="module")
def history() -> Path:
    if not FIXTURE.is_dir():
        pytest.skip(f"the golden fixture ({FIXTURE}) is not on this machine")
    return FIXTURE / "workflow_history.csv"


def _loaded(warehouse: Warehouse, path: Path) -> None:
    done = warehouse.load("--from", path, pipeline="workflows")
    assert done.returncode == 0, done.stdout + done.stderr


def _built(warehouse: Warehouse, *arguments: str) -> None:
    chosen = ("--quiet", "--selector", "workflows")
    done = warehouse.build(*chosen, *arguments)
    assert done.returncode == 0, done.stdout + done.stderr


def _patterns(warehouse: Warehouse) -> list[tuple[Any, ...]]:
    return warehouse.rows(
        f"select {COLUMNS} from gold.operation_patterns order by pattern_signature"
    )


def _marts(warehouse: Warehouse) -> dict[str, list[tuple[Any, ...]]]:
    """What the marts hold, without the file and row that a workflow is from."""
    return {
        "patterns": warehouse.rows(
            "select * from gold.operation_patterns order by pattern_signature"
        ),
        "statistics": warehouse.rows(
            "select * from gold.pattern_statistics order by pattern_signature"
        ),
        "occurrences": warehouse.rows(
            "select to_jsonb(o) - 'file_id' - 'source_row'"
            " from gold.pattern_occurrences as o"
            " order by pattern_signature, workflow_key"
        ),
        "without": warehouse.rows(
            "select workflow_key from gold.workflows_without_pattern order by 1"
        ),
    }


def _expected() -> list[dict[str, str]]:
    path = FIXTURE / "expected_operation_patterns_run1_compat.csv"
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8"))))


def _assert_golden(warehouse: Warehouse) -> None:
    found = {row[0]: row[1:] for row in _patterns(warehouse)}
    assert found.pop(WITHOUT_COST) == (1, None, None, None, None, None, 55)
    expected = {row["pattern_signature"]: row for row in _expected()}
    assert found.keys() == expected.keys() - {WITHOUT_COST}
    for signature, row in found.items():
        count, tokens, cost, tool_tokens, tool_cost, saved, confidence = row
        published = expected[signature]
        assert (count, tokens, tool_tokens, confidence) == tuple(
            int(float(published[name]))
            for name in (
                "occurrence_count",
                "avg_tokens_with_llm",
                "avg_tokens_with_tool",
                "confidence_score",
            )
        ), signature
        # Printed to six decimals, savings to four.
        for value, name, within in (
            (cost, "avg_cost_with_llm", 5e-7),
            (tool_cost, "avg_cost_with_tool", 5e-7),
            (saved, "potential_monthly_savings", 5e-5),
        ):
            assert float(value) == pytest.approx(float(published[name]), abs=within)


def test_the_golden_table_stands_however_often_it_is_loaded(
    warehouse: Warehouse, history: Path, tmp_path: Path
) -> None:
    _loaded(warehouse, history)
    _built(warehouse)
    _assert_golden(warehouse)
    first = _marts(warehouse)
    assert [r[0] for r in first["without"]] == ["a0000009", "a0000010"]
    for number in (2, 3):
        # Other bytes, the same workflows: another blank line at the end of each.
        again = tmp_path / f"history_{number}.csv"
        again.write_bytes(history.read_bytes().rstrip(b"\n") + b"\n" * number)
        _loaded(warehouse, again)
        _built(warehouse)
        assert _marts(warehouse) == first
    versions = warehouse.rows(
        "select distinct version_count from silver.silver_workflows__history"
    )
    assert versions == [(3,)]
    _built(warehouse, "--full-refresh")
    assert _marts(warehouse) == first


@pytest.mark.parametrize("place", ["one file", "a file a replay"])
def test_replays_are_no_occurrences(
    warehouse: Warehouse, tmp_path: Path, place: str
) -> None:
    """24 workflows in 0.8 days, recorded 78,168 times: 24, and 2,116.72 a month."""
    header = (
        "workflow_id,adw_id,nl_input,workflow_template,status,duration_seconds,"
        "retry_count,total_tokens,actual_cost_total,created_at"
    )
    lines = [
        f"wf-{n},b{n:07d},Run pytest on server code,sdlc,completed,60,0,4018608,"
        f"{COST},2025-11-17T{n * 48 // 60:02d}:{n * 48 % 60:02d}:00"
        for n in range(WORKFLOWS)
    ]
    if place == "one file":
        (tmp_path / "history.csv").write_text(
            "\n".join([header, *(lines * COPIES)]) + "\n", "utf-8"
        )
        copies = COPIES
    else:
        copies = 5
        for number in range(copies):
            (tmp_path / f"history_{number}.csv").write_text(
                "\n".join([header, *lines]) + "\n" * (number + 1), "utf-8"
            )
    _loaded(warehouse, tmp_path)
    window = (
        "{pattern_window_start: '2025-11-17', pattern_window_end: '2025-11-17 19:12',"
        " pattern_min_window_days: 0.5}"
    )
    _built(warehouse, "--vars", window)
    ((signature, count, rate, shared, compat),) = warehouse.rows(
        "select pattern_signature, occurrence_count, potential_monthly_savings,"
        " potential_monthly_savings_shared, potential_monthly_savings_compat"
        " from gold.operation_patterns"
    )
    assert (signature, count) == ("test:pytest:backend", WORKFLOWS)
    assert round(float(rate), 2) == round(float(shared), 2) == 2116.72
    assert round(float(compat), 2) == round(0.95 * float(COST) * WORKFLOWS, 2)
    landed = warehouse.one("select count(*) from raw_workflows.workflow_history")
    assert landed == WORKFLOWS * copies
    # The history is shorter than a week: by itself it gives no monthly rate.
    _built(warehouse)
    assert warehouse.rows(
        "select potential_monthly_savings, savings_note from gold.operation_patterns"
    ) == [(None, "window of 0.8 days is under 7")]


#: count; durations; errors; retries; confidence.
CONFIDENCE: list[tuple[int, list[float], list[float], list[float], int]] = [
    (1, [120], [0], [0], 55),
    (1, [], [], [], 10),
    (2, [120, 120], [0, 0], [0, 0], 70),
    (3, [120, 125, 118], [0] * 3, [0] * 3, 80),
    (5, [100, 120], [0, 0], [0, 0], 80),
    (10, [120, 125, 118, 130, 122], [0, 0, 0, 1, 0], [0] * 5, 90),
    (5, [120, 600, 130, 1200], [0, 5, 0, 10], [0, 3, 0, 5], 45),
    (10, [0, 0], [0, 0], [0, 0], 85),
    (10, [100, 163.2], [0, 0], [0, 0], 90),
    (10, [100, 163.3], [0, 0], [0, 0], 80),
    (10, [100, 100], [1, 1], [0, 0], 80),
    (10, [100, 100], [3, 3], [0, 0], 75),
    (10, [100, 100], [0, 0], [2, 2], 80),
    (10, [100, 100], [0, 0], [1, 1], 90),
    # On the border itself: sums of squares of decimals that floats cannot hold.
    (10, [0.1, 20.1], [0, 0], [0, 0], 90),
    (10, [0.1, 20.0999999], [0, 0], [0, 0], 100),
]


@pytest.mark.parametrize("case", CONFIDENCE, ids=str)
def test_confidence_at_its_borders(
    server: str, case: tuple[int, list[float], list[float], list[float], int]
) -> None:
    count, durations, errors, retries, expected = case
    values = ", ".join(
        f"({d}, {e}, {r})" for d, e, r in zip(durations, errors, retries, strict=True)
    )
    rows = f"(values {values})" if values else "(select 1, 1, 1 where false)"
    timed = "nullif(cast(d as numeric), 0)"
    confidence = _sql(
        "{{ pattern_confidence("
        f"'{count}', 'count(*)', 'count({timed})', exact_variance('{timed}'),"
        " 'avg(cast(e as numeric))', 'avg(cast(r as numeric))') }}"
    )
    with contextlib.closing(psycopg2.connect(server)) as connection:
        cursor = connection.cursor()
        cursor.execute(f"select {confidence} from {rows} as runs (d, e, r)")
        assert cursor.fetchone() == (expected,)


def _sql(expression: str) -> str:
    """An expression of macros as dbt makes it SQL."""
    macros = [
        (ROOT / "macros" / name).read_text("utf-8")
        for name in ("types.sql", "workflow_patterns.sql")
    ]
    template = jinja2.Template("\n".join([*macros, expression]))
    return template.render(var=lambda name, default=None: default)
