"""Agent folders: the state of a workflow, and the output of each of its steps.

A result says its costs twice: ``usage`` is that of the last call of a model alone,
``modelUsage`` has all calls of each model.
"""

from __future__ import annotations

import json
from typing import Any

from examples.workflows_history import KINDS, SAYS, Row, adw_id, jsonl_bytes

#: Workflows of the history whose cost is not in it, and one that it does not have.
AGENTS = (4, 13, 22, 31, 400)
STEPS = {
    "sdlc_planner": (0.21, 0.0051),
    "sdlc_implementor": (0.88, 0.0144),
    "test_runner": (0.12, 0.0073),
}


def state(number: int, *, example: bool = True) -> bytes:
    """``adw_state.json`` of a workflow."""
    kind = KINDS[number % len(KINDS)]
    row: Row = {
        "adw_id": adw_id(number),
        "issue_number": str(100 + number),
        "branch_name": f"chore-issue-{100 + number}-adw-{adw_id(number)}",
        "plan_file": f"specs/issue-{100 + number}-plan.md",
        "issue_class": ("/feature", "/bug", "/chore", "/patch")[number % 4],
        "worktree_path": f"trees/{adw_id(number)}",
        "backend_port": 9100 + number % 15,
        "frontend_port": 9200 + number % 15,
        "model_set": "base",
        "all_adws": ["adw_plan_iso", kind.template or "adw_build_iso"],
        "estimated_cost_total": round(kind.cost * 1.2, 4),
        "estimated_cost_breakdown": {"plan": 0.2, "build": round(kind.cost, 4)},
        "workflow_template": kind.template or None,
        "model_used": "sonnet",
    }
    said = {"example": SAYS} if example else {}
    return f"{json.dumps({**row, **said}, indent=2)}\n".encode()


def _used(cost: float, write: int) -> dict[str, Any]:
    read = round(cost * 900_000)
    return {
        "inputTokens": 60 + write % 9,
        "outputTokens": round(cost * 14_000),
        "cacheReadInputTokens": read,
        "cacheCreationInputTokens": write,
        "costUSD": cost,
    }


def raw_output(number: int, step: str, *, example: bool = True) -> bytes:
    """``raw_output.jsonl`` of a step: two models, the second for small matters."""
    large, small = STEPS[step]
    cost = round(large * (1 + number % 5 / 10), 4)
    session_id = f"{adw_id(number)}-{step.replace('_', '-')}"
    of_models = {"sonnet": _used(cost, 18_000), "haiku": _used(small, 0)}
    usage = {
        "input_tokens": 12,
        "cache_creation_input_tokens": 900,
        "cache_read_input_tokens": 41_000,
        "output_tokens": 350,
    }
    failed = number == AGENTS[2] and step == "test_runner"
    said = "2 of 41 tests failed" if failed else "Done"
    spoken = {"role": "assistant", "content": [{"type": "text", "text": said}]}
    rows: list[Row] = [
        {"type": "system", "subtype": "init", "session_id": session_id},
        {"type": "assistant", "session_id": session_id, "message": spoken},
        {
            "type": "result",
            "subtype": "success",
            "is_error": failed,
            "duration_ms": round(cost * 400_000),
            "duration_api_ms": round(cost * 380_000),
            "num_turns": 4 + number % 30,
            "result": said,
            "session_id": session_id,
            "total_cost_usd": round(cost + small, 4),
            "usage": usage,
            "modelUsage": of_models,
        },
    ]
    return jsonl_bytes(rows, example=example)


def files() -> dict[str, bytes]:
    """The agent folders by their paths below ``examples/``."""
    made: dict[str, bytes] = {}
    for number in AGENTS:
        folder = f"workflows/agents/{adw_id(number)}"
        made[f"{folder}/adw_state.json"] = state(number)
        for step in STEPS if number % 2 == 0 else list(STEPS)[:2]:
            made[f"{folder}/{step}/raw_output.jsonl"] = raw_output(number, step)
    return made
