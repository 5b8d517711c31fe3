"""The examples of workflows: histories, events, agent folders, and what people add.

Tests import the functions of the modules below; each takes ``example=False`` for a file
that does not say of itself that it is an example.
"""

from __future__ import annotations

from collections.abc import Mapping

from examples import workflows_agents, workflows_events, workflows_history
from examples.workflows_history import Row, adw_id, csv_bytes

#: A review says who decided (a team, in these examples), when and why.
REVIEWS = (
    ("test:pytest:backend", "candidate", "2025-09-22", "every day, always the same"),
    ("test:pytest:backend", "approved", "2025-09-29", "agreed in planning"),
    ("format:prettier:all", "candidate", "2025-09-22", "no decision in it"),
    ("format:prettier:all", "approved", "2025-09-23", "a pre-commit hook will do"),
    ("format:prettier:all", "implemented", "2025-10-01", "hook merged"),
    ("format:prettier:all", "active", "2025-10-06", "in use"),
    ("deps:npm:update", "candidate", "2025-10-02", "weekly"),
    ("git:diff:summary", "deprecated", "2025-10-02", "not worth a tool"),
)
#: Whose request, what was predicted, how sure, and whether it came true.
PREDICTIONS = (
    (0, "test:pytest:backend", 0.85, 1),
    (2, "test:vitest:frontend", 0.85, 1),
    (2, "test:pytest:backend", 0.65, 0),
    (4, "fix:bug", 0.6, 0),
    (5, "build:typecheck:backend", 0.75, 1),
    (7, "test:pytest:backend", 0.85, 1),
    (11, "build:typecheck:backend", 0.75, 0),
    (15, "deploy:production", 0.7, 0),
    (17, "test:pytest:backend", 0.85, 1),
    (58, "test:pytest:backend", 0.85, None),
)
#: Tool runs that took a model's place: tokens the model would have used, and were used.
SAVINGS = (
    ("pattern_offload", "format:prettier:all", 1150, 40),
    ("pattern_offload", "format:prettier:all", 1090, 60),
    ("pattern_offload", "test:pytest:backend", 6100, 410),
    ("tool_call", "test:pytest:backend", 5800, 350),
    ("tool_call", None, 900, 0),
    ("input_split", None, 12_000, 7_400),
    ("inverted_flow", None, 30_000, 21_000),
)


def reviews(*, example: bool = True) -> bytes:
    """Decisions on patterns, as people add them line by line."""
    rows: list[Row] = [
        {
            "pattern_signature": signature,
            "automation_status": status,
            "reviewed_by": "tooling team",
            "reviewed_at": f"{day}T10:00:00",
            "reason": reason,
        }
        for signature, status, day, reason in REVIEWS
    ]
    return csv_bytes(rows, example=example)


def predictions(*, example: bool = True) -> bytes:
    """What was predicted of requests before they ran; one is not validated yet."""
    rows: list[Row] = [
        {
            "request_id": adw_id(number),
            "pattern_id": pattern,
            "confidence_score": score,
            "reasoning": "words of the request",
            "was_correct": correct,
            "predicted_at": f"2025-10-10T09:{place:02d}:00",
            "validated_at": None
            if correct is None
            else f"2025-10-11T09:{place:02d}:00",
        }
        for place, (number, pattern, score, correct) in enumerate(PREDICTIONS)
    ]
    return csv_bytes(rows, example=example)


def tool_calls(*, example: bool = True) -> bytes:
    """Runs of the tools, one of which failed."""
    rows: list[Row] = [
        {
            "id": place + 1,
            "tool_call_id": f"tc-{place + 1:04d}",
            "workflow_id": adw_id(place * 3),
            "tool_name": "run_formatter" if place < 2 else "run_backend_tests",
            "tool_params": '{"scope": "all"}',
            "called_at": f"2025-10-0{place + 6}T11:00:00",
            "completed_at": f"2025-10-0{place + 6}T11:00:0{place + 2}",
            "duration_seconds": place + 2.0,
            "success": int(place != 3),
            "error_message": "2 tests failed" if place == 3 else None,
            "result_data": '{"problems": 0}',
            "tokens_saved": baseline - used,
            "cost_saved_usd": round((baseline - used) / 10_000, 4),
        }
        for place, (_, _, baseline, used) in enumerate(SAVINGS[:4])
    ]
    return csv_bytes(rows, example=example)


def savings(*, example: bool = True) -> bytes:
    """The log of savings."""
    rows: list[Row] = [
        {
            "id": place + 1,
            "optimization_type": kind,
            "workflow_id": adw_id(place * 3),
            "tool_call_id": f"tc-{place + 1:04d}" if place < 4 else None,
            "pattern_id": pattern,
            "baseline_tokens": baseline,
            "actual_tokens": used,
            "tokens_saved": baseline - used,
            "cost_saved_usd": round((baseline - used) / 10_000, 4),
            "saved_at": f"2025-10-0{min(place, 3) + 6}T11:01:00",
            "notes": None,
        }
        for place, (kind, pattern, baseline, used) in enumerate(SAVINGS)
    ]
    return csv_bytes(rows, example=example)


def files() -> Mapping[str, bytes]:
    """Every example of workflows by its path below ``examples/``."""
    return {
        **workflows_history.files(),
        **workflows_events.files(),
        **workflows_agents.files(),
        "workflows/pattern_reviews.csv": reviews(),
        "workflows/pattern_predictions.csv": predictions(),
        "workflows/tool_calls.csv": tool_calls(),
        "workflows/cost_savings_log.csv": savings(),
    }
