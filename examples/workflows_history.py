"""Histories of agent workflows: a csv, a later export as JSONL, and an archive.

Everything is made up, in the columns and the spelling of the table
``workflow_history``; nothing is random, so that a figure can be checked by hand.
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

SAYS = "example: made up by examples/generate.py"
Row = dict[str, Any]

FIRST_DAY = dt.datetime(2025, 9, 1, 8, 30)
#: Workflows of six weeks, and how many of them had ended when the csv was exported.
WORKFLOWS, ENDED = 62, 59


@dataclass(frozen=True)
class Kind:
    """What is asked for again and again.

    Attributes:
        asked: The words, with ``{n}`` for an issue's number; empty as where only an
            issue was given.
        template: Of the workflow.
        cost: Dollars of a usual run.
        seconds: How long it usually takes.
        failure: What it says when it fails.
    """

    asked: str
    template: str
    cost: float
    seconds: int
    failure: str = "the process ended with 1"


KINDS: tuple[Kind, ...] = (
    Kind(
        *("Run the backend test suite with pytest", "adw_test_iso", 0.62, 130),
        "pytest failed: 3 tests failed in test_api.py",
    ),
    Kind("", "adw_sdlc_iso", 2.45, 1450, "typecheck failed: 2 errors"),
    Kind(
        *("Run frontend tests using vitest", "adw_test_iso", 0.55, 95),
        "vitest: 2 suites did not start",
    ),
    Kind("Update npm dependencies", "adw_lightweight_iso", 0.26, 70),
    Kind("Fix the rounding of totals, issue {n}", "adw_patch_iso", 0.71, 410),
    Kind("Run typecheck on backend", "adw_build_iso", 0.58, 88, "typecheck failed"),
    Kind("Format code with prettier", "", 0.11, 25),
    Kind(
        *("Run the backend test suite with pytest", "adw_test_iso", 0.57, 121),
        "pytest failed: 1 test failed in test_totals.py",
    ),
    Kind("Add paging to the list of invoices", "adw_plan_iso", 1.31, 640),
    Kind("Show me the git diff of issue {n}", "", 0.04, 9),
    Kind("Review the changes of issue {n}", "adw_review_iso", 0.38, 150),
    Kind("Bundle frontend with vite", "adw_build_iso", 0.49, 60, "vite: build failed"),
    Kind("", "adw_sdlc_zte_iso", 3.1, 2050, "test failed in phase 4"),
    Kind("Update the README file, chapter {n}", "adw_lightweight_iso", 0.19, 45),
    Kind("Guide new users through the latest pipeline", "adw_plan_iso", 0.9, 380),
    Kind("Ship issue {n}", "adw_ship_iso", 0.22, 75, "branch is behind"),
    Kind("Lint with eslint", "", 0.14, 33, "eslint: 4 problems"),
)
#: One whose cost breakdown was cut off, as a killed process leaves it.
CUT_OFF = 18


def adw_id(number: int) -> str:
    """Eight hexadecimal digits, the same for the same number."""
    return hashlib.md5(f"adw {number}".encode()).hexdigest()[:8]


def workflow(number: int, ended_count: int = ENDED) -> Row:
    """One workflow as an export has it after so many had ended; absent is ``None``."""
    kind = KINDS[number % len(KINDS)]
    started = FIRST_DAY + dt.timedelta(hours=16.4 * number, seconds=number % 50)
    more = 1 + (number * 7 % 11 - 5) / 50
    seconds = round(kind.seconds * more)
    ended = started + dt.timedelta(seconds=seconds)
    failed, done = number % 8 == 1, number < ended_count
    status = "failed" if failed else "completed"
    if not done:
        status = "running" if number < ended_count + 2 else "pending"
    issue = 100 + number
    row: Row = {
        "id": number + 1,
        "adw_id": adw_id(number),
        "workflow_id": f"wf-{hashlib.md5(adw_id(number).encode()).hexdigest()}",
        "issue_number": issue,
        "nl_input": kind.asked.format(n=issue) or None,
        "workflow_template": kind.template or None,
        "model_used": "opus" if kind.cost > 2 else "sonnet",
        "status": status,
        "start_time": started.isoformat(),
        "end_time": ended.isoformat() if done else None,
        "duration_seconds": seconds if done else None,
        "error_message": kind.failure if done and failed else None,
        "phase_count": 8 if kind.cost > 2 else 1,
        "retry_count": int(failed) + int(number % 16 == 1),
        "created_at": started.isoformat(sep=" "),
        "updated_at": (ended if done else started).isoformat(sep=" "),
    }
    return row | _costs(number, round(kind.cost * more, 4), done)


def _costs(number: int, cost: float, done: bool) -> Row:
    """What it cost: measured, or only estimated, or not known, 0 being the default."""
    known = done and number % 9 != 4
    measured = known and number % 7 != 6
    tokens = round(cost * 10_000) if measured else 0
    parts = {"plan": round(cost / 4, 4), "build": round(cost * 3 / 4, 4)}
    breakdown = json.dumps({"by_phase": parts}) if measured else None
    if number == CUT_OFF and breakdown:
        breakdown = breakdown[: len(breakdown) // 2]
    read = tokens * 7 // 10
    return {
        "input_tokens": tokens // 10,
        "output_tokens": tokens - tokens // 10 - read,
        "cached_tokens": read,
        # Never recorded is null in some rows and the default 0 in others.
        "total_tokens": tokens if known else None,
        "estimated_cost_total": round(cost * 1.2, 4) if number % 9 != 4 else 0.0,
        "actual_cost_total": cost if measured else None if number % 2 else 0.0,
        "structured_input": json.dumps({"issue_class": "/chore"})
        if number % 3 == 0
        else None,
        "cost_breakdown": breakdown,
    }


def history(*, example: bool = True) -> bytes:
    """The table as csv; two workflows run and one waits."""
    return csv_bytes([workflow(n) for n in range(WORKFLOWS)], example=example)


def later_export(*, example: bool = True) -> bytes:
    """As JSONL and with zone: those that had not ended, one more, and twelve new."""
    rows = []
    for number in range(ENDED - 1, WORKFLOWS + 12):
        row = workflow(number, WORKFLOWS + 12)
        for name in ("start_time", "end_time", "created_at", "updated_at"):
            if row[name]:
                row[name] = f"{row[name].replace(' ', 'T')}Z"
        for name in ("structured_input", "cost_breakdown"):
            row[name] = json.loads(row[name]) if row[name] else None
        rows.append(row)
    return jsonl_bytes(rows, example=example)


def archive(*, example: bool = True) -> bytes:
    """What was archived: the first four, as they stood, and eight of August."""
    rows = []
    for number in (*range(-8, 0), *range(4)):
        row = workflow(number)
        del row["workflow_id"]
        row |= {
            "id": number + 9,
            "original_id": row["id"] if number >= 0 else 900 + number,
            "archived_at": "2025-10-06 02:00:00",
            "archive_reason": "older than 30 days",
        }
        rows.append(row)
    return csv_bytes(rows, example=example)


def csv_bytes(rows: Sequence[Mapping[str, Any]], *, example: bool = True) -> bytes:
    """Rows as csv, null as nothing; with a column that says what they are."""
    text = io.StringIO()
    names = [*rows[0], *(["example"] if example else [])]
    writer = csv.DictWriter(text, names, lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({**row, "example": SAYS} if example else row)
    return text.getvalue().encode()


def jsonl_bytes(rows: Sequence[Mapping[str, Any]], *, example: bool = True) -> bytes:
    """Rows as JSON lines; each with a key that says what it is."""
    said = {"example": SAYS} if example else {}
    lines = [json.dumps({**row, **said}, ensure_ascii=False) for row in rows]
    return "".join(f"{line}\n" for line in lines).encode()


def files() -> dict[str, bytes]:
    """The histories by their paths below ``examples/``."""
    return {
        "workflows/history/workflow_history.csv": history(),
        "workflows/history/workflow_history_2025-10-23.jsonl": later_export(),
        "workflows/history/workflow_history_archive.csv": archive(),
    }
