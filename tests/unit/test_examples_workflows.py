"""The examples of workflows: what they hold, and that they say what they are."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from typing import Any

import pytest

from examples import workflows_events, workflows_files, workflows_history
from loaders.files.voices import is_example_line

FILES = workflows_files.files()


def _rows(data: bytes, name: str) -> list[dict[str, Any]]:
    text = data.decode()
    if name.endswith(".csv"):
        return list(csv.DictReader(io.StringIO(text)))
    if name.endswith(".jsonl"):
        return [json.loads(line) for line in text.splitlines()]
    return [json.loads(text)]


HISTORY = _rows(workflows_history.history(), "history.csv")


@pytest.mark.parametrize("name", FILES)
def test_each_row_says_that_it_is_an_example(name: str) -> None:
    rows = _rows(FILES[name], name)
    assert rows
    assert all(is_example_line(row["example"]) for row in rows)


@pytest.mark.parametrize(
    "made",
    [
        *(workflows_history.history, workflows_history.later_export),
        *(workflows_history.archive, workflows_events.hook_events),
        *(workflows_files.reviews, workflows_files.predictions),
        *(workflows_files.tool_calls, workflows_files.savings),
    ],
)
def test_a_variant_does_not_say_so(made: Any) -> None:
    assert b"example" in made()
    assert b"example" not in made(example=False)


def test_the_history_has_every_way_a_workflow_can_stand() -> None:
    counts = Counter(row["status"] for row in HISTORY)
    assert counts == {"completed": 51, "failed": 8, "running": 2, "pending": 1}
    assert all(bool(r["error_message"]) == (r["status"] == "failed") for r in HISTORY)
    assert {r["end_time"] == "" for r in HISTORY if r["status"] == "running"} == {True}


def test_costs_are_measured_estimated_or_unknown() -> None:
    finished = [r for r in HISTORY if r["status"] in ("completed", "failed")]
    measured = [r for r in finished if float(r["actual_cost_total"] or 0)]
    rest = [r for r in finished if r not in measured]
    estimated = [r for r in rest if float(r["estimated_cost_total"])]
    assert (len(measured), len(estimated), len(rest) - len(estimated)) == (45, 7, 7)
    assert {r["actual_cost_total"] for r in rest} == {"", "0.0"}


def test_one_cost_breakdown_is_cut_off() -> None:
    broken = []
    for row in HISTORY:
        try:
            json.loads(row["cost_breakdown"] or "{}")
        except json.JSONDecodeError:
            broken.append(row["id"])
    assert broken == [str(workflows_history.CUT_OFF + 1)]


def test_the_later_export_updates_some_and_adds_others() -> None:
    later = _rows(workflows_history.later_export(), "later.jsonl")
    stood = {row["adw_id"]: row["status"] for row in HISTORY}
    again = [stood[row["adw_id"]] for row in later if row["adw_id"] in stood]
    assert again == ["completed", "running", "running", "pending"]
    assert len(later) - len(again) == 12
    assert {row["status"] for row in later} == {"completed", "failed"}


def test_the_archive_keeps_workflows_of_the_history_by_their_old_number() -> None:
    archived = _rows(workflows_history.archive(), "archive.csv")
    known = {row["adw_id"]: row["id"] for row in HISTORY}
    both = [row for row in archived if row["adw_id"] in known]
    assert [row["original_id"] for row in both] == [known[r["adw_id"]] for r in both]
    assert len(both) == 4
    assert len(archived) == 12
    assert "workflow_id" not in archived[0]


def test_sessions_have_a_sequence_that_comes_fifty_times() -> None:
    windows: Counter[tuple[str, ...]] = Counter()
    for number in range(workflows_events.SESSIONS):
        tools = workflows_events.tools(number)
        windows.update(tools[n : n + 3] for n in range(len(tools) - 2))
    assert windows["Edit", "Bash", "Bash"] >= 50
    assert windows["Read", "Grep", "Read"] >= 10


def test_events_never_say_how_a_command_ended() -> None:
    events = _rows(workflows_events.hook_events(), "events.jsonl")
    assert len(events) > 300
    after = [e["payload"] for e in events if e["event_type"] == "PostToolUse"]
    assert {(p["success"], p["duration_ms"]) for p in after} == {(True, 0)}
    assert not any("exit_code" in p or "command" in p for p in after)
