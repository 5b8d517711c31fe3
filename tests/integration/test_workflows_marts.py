"""Marts of workflows: late versions, withdrawn files, decisions, predictions, flags."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.conftest import Warehouse
from tests.integration.conftest import Quick
from tests.integration.support import assert_ended

Row = Mapping[str, Any]
PYTEST, VITEST = "test:pytest:backend", "test:vitest:frontend"
ASKED = {
    PYTEST: "Run pytest on server code",
    VITEST: "Run frontend tests using vitest",
    "git:diff:summary": "Show me the git diff",
    None: "Add paging to the list of invoices",
}


def _workflow(number: int, pattern: str | None = PYTEST, **more: Any) -> dict[str, Any]:
    at = f"2025-11-{number:02d}T09:00:00"
    return {
        "adw_id": f"a{number:07d}",
        "nl_input": ASKED[pattern],
        "status": "completed",
        "duration_seconds": 60,
        "total_tokens": 1000,
        "actual_cost_total": 0.1,
        "created_at": at,
        "updated_at": at,
        **more,
    }


def _write(path: Path, rows: Sequence[Row]) -> Path:
    names = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names)
        writer.writeheader()
        writer.writerows(rows)
    return path


def _land(quick: Quick, warehouse: Warehouse, *paths: Path) -> None:
    chosen = [word for path in paths for word in ("--from", path)]
    assert_ended(quick.load(warehouse, *chosen, pipeline="workflows"), 0)


def _build(quick: Quick, warehouse: Warehouse, *more: str) -> None:
    chosen = ("--quiet", "--selector", "workflows")
    assert_ended(quick(warehouse, "dbt", "build", *chosen, *more), 0)


def _state(warehouse: Warehouse) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of the tables that are built from what was landed, in any order."""
    tables = {
        "silver": ("silver_workflows__history", "int_workflow_row_problems"),
        "gold": (
            *("operation_patterns", "pattern_statistics", "pattern_occurrences"),
            *("workflows_without_pattern", "workflow_costs", "pattern_life_cycle"),
        ),
    }
    return {
        name: sorted(
            warehouse.rows(f"select cast(to_jsonb(t) as text) from {schema}.{name} t")
        )
        for schema, names in tables.items()
        for name in names
    }


def test_builds_in_pieces_equal_one_of_the_whole(
    quick: Quick, warehouse: Warehouse, tmp_path: Path
) -> None:
    first = [_workflow(n) for n in (1, 2, 3)] + [_workflow(4, status="running")]
    _land(quick, warehouse, _write(tmp_path / "a.csv", first))
    _build(quick, warehouse)
    # One finishes, one asks for something else, one comes in an older version.
    later = "2025-12-01T00:00:00"
    second = [
        _workflow(4, updated_at=later),
        _workflow(2, VITEST, updated_at=later),
        _workflow(1, None, updated_at="2025-10-01T00:00:00"),
        _workflow(9, VITEST),
        {**_workflow(8), "adw_id": "", "created_at": "no day"},
    ]
    _land(quick, warehouse, _write(tmp_path / "b.csv", second))
    _build(quick, warehouse)
    in_pieces = _state(warehouse)
    assert dict(
        warehouse.rows(
            "select pattern_signature, occurrence_count from gold.operation_patterns"
        )
    ) == {PYTEST: 3, VITEST: 2}
    assert warehouse.rows(
        "select problem, column_name, found from gold.workflow_row_report order by 1"
    ) == [
        ("bad_timestamp", "created_at", "no day"),
        ("no_identity", "(row)", ASKED[PYTEST]),
    ]
    _build(quick, warehouse)
    assert _state(warehouse) == in_pieces
    _build(quick, warehouse, "--full-refresh")
    assert _state(warehouse) == in_pieces


def test_what_only_a_withdrawn_file_has_is_gone(
    quick: Quick, warehouse: Warehouse, tmp_path: Path
) -> None:
    said = {"example": "example: made up for a test"}
    made_up = _write(tmp_path / "e.csv", [{**_workflow(n), **said} for n in (1, 2)])
    _land(quick, warehouse, made_up)
    _build(quick, warehouse)
    assert (
        warehouse.one("select sum(occurrence_count) from gold.operation_patterns") == 2
    )
    real = [_workflow(7, VITEST)]
    _land(quick, warehouse, _write(tmp_path / "r.csv", real))
    _build(quick, warehouse)
    assert warehouse.rows("select workflow_key from gold.pattern_occurrences") == [
        ("a0000007",)
    ]
    found = _state(warehouse)
    _build(quick, warehouse, "--full-refresh")
    assert _state(warehouse) == found


def test_every_decision_is_kept_and_judged(
    quick: Quick, warehouse: Warehouse, tmp_path: Path
) -> None:
    history = [_workflow(1), _workflow(2, VITEST), _workflow(3, "git:diff:summary")]
    decided = [
        (PYTEST, "candidate", "2025-11-10"),
        (PYTEST, "approved", "2025-11-12"),
        (PYTEST, "splendid", "2025-11-13"),
        (VITEST, "active", "2025-11-10"),
        ("git:diff:summary", "candidate", "2025-11-10"),
        ("git:diff:summary", "rejected", "2025-11-11"),
        ("docs:generate:all", "candidate", "2025-11-10"),
    ]

    def reviews(name: str, rows: Sequence[tuple[str, str, str]]) -> Path:
        return _write(
            tmp_path / name,
            [
                {
                    "pattern_signature": signature,
                    "automation_status": status,
                    "reviewed_by": "a team",
                    "reviewed_at": at,
                    "reason": "so",
                }
                for signature, status, at in rows
            ],
        )

    _land(quick, warehouse, _write(tmp_path / "history.csv", history))
    _land(quick, warehouse, reviews("reviews.csv", decided[:2]))
    # The list grew: what it had before counts once.
    _land(quick, warehouse, reviews("reviews_later.csv", decided))
    _build(quick, warehouse)
    judged = warehouse.rows(
        "select pattern_signature, status_before, automation_status, step_check,"
        " is_current from gold.pattern_life_cycle"
        " order by pattern_signature, review_number"
    )
    git, docs = "git:diff:summary", "docs:generate:all"
    assert judged == [
        (docs, "detected", "candidate", "pattern not detected", True),
        (git, "detected", "candidate", "legal step", False),
        (git, "candidate", "rejected", "legal step", True),
        (PYTEST, "detected", "candidate", "legal step", False),
        (PYTEST, "candidate", "approved", "legal step", True),
        (PYTEST, "approved", "splendid", "unknown status", False),
        (VITEST, "detected", "active", "illegal step", True),
    ]
    statuses = (
        "select pattern_signature, automation_status, is_rejected"
        " from gold.operation_patterns order by 1"
    )
    expected = [
        (git, "candidate", True),
        (PYTEST, "approved", False),
        (VITEST, "active", False),
    ]
    assert warehouse.rows(statuses) == expected
    everything = (
        "{pattern_candidate_confidence: 0, pattern_candidate_savings: 0,"
        " pattern_min_window_days: 0}"
    )
    _build(quick, warehouse, "--full-refresh", "--vars", everything)
    assert warehouse.rows(statuses) == expected
    # Neither decided upon nor rejected: none of the three.
    assert warehouse.rows("select pattern_signature from gold.pattern_candidates") == []


def test_predictions_are_compared_as_sets(
    quick: Quick, warehouse: Warehouse, tmp_path: Path
) -> None:
    both = _workflow(1, error_message="vitest: 2 tests failed", status="failed")
    history = [both, _workflow(2), _workflow(3, status="running")]
    predicted = [
        ("a0000001", PYTEST, "1"),
        ("a0000001", "fix:bug", "1"),
        ("a0000002", "", ""),
        ("a0000003", PYTEST, ""),
    ]
    rows = [
        {"request_id": r, "pattern_id": p, "confidence_score": 0.8, "was_correct": w}
        for r, p, w in predicted
    ]
    _land(quick, warehouse, _write(tmp_path / "history.csv", history))
    _land(quick, warehouse, _write(tmp_path / "predictions.csv", rows))
    _build(quick, warehouse)
    shown = warehouse.one(
        "select count(*) from gold.pattern_occurrences where workflow_key = 'a0000001'"
    )
    assert shown > 1
    assert warehouse.rows(
        "select request_id, predicted_count, correct_count, false_positive_count,"
        " false_negative_count, accuracy, disagreement_count"
        " from gold.prediction_outcomes order by 1"
    ) == [
        ("a0000001", 2, 1, 1, shown - 1, 0.5, 1),
        ("a0000002", 0, 0, 0, 1, 0.0, 0),
        ("a0000003", 1, None, None, None, None, 0),
    ]
