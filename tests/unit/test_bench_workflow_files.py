"""The generated history of the benchmark: always the same, and as it is meant to be."""

from __future__ import annotations

import csv
import json
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pytest

from bench import workflow_files


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("generated")
    workflow_files.write_history(folder, 3_000, 4_000)
    return folder


def _events(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def _workflows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as handle:
        return list(csv.DictReader(handle))


def test_rows_do_not_depend_on_where_a_file_begins(
    written: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workflow_files, "BATCH", 700)
    workflow_files.write_events(tmp_path / "part.jsonl", 1_000, 1_500, 3_000)
    lines = (written / "hook_events.jsonl").read_text().splitlines()
    assert (tmp_path / "part.jsonl").read_text().splitlines() == lines[1_000:2_500]
    workflow_files.write_workflows(tmp_path / "part.csv", 500, 1_000, 2_700)
    rows = _workflows(written / "workflow_history.csv")
    assert _workflows(tmp_path / "part.csv") == rows[500:1_500]


def test_identifiers_differ_and_requests_mostly_do(written: Path) -> None:
    rows = _workflows(written / "workflow_history.csv")
    assert len({row["adw_id"] for row in rows}) == len(rows)
    asked = [row["nl_input"] for row in rows if row["nl_input"]]
    assert len(set(asked)) > 0.95 * len(asked)
    assert {len(row["adw_id"]) for row in rows} == {8}


def test_three_in_five_ask_for_nothing_that_has_a_pattern(written: Path) -> None:
    rows = _workflows(written / "workflow_history.csv")
    begins = tuple(words for words, _ in workflow_files.PATTERNS)
    share = sum(row["nl_input"].startswith(begins) for row in rows) / len(rows)
    assert 0.35 < share < 0.45


def test_each_tool_use_is_told_before_and_after(written: Path) -> None:
    uses: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for event in _events(written / "hook_events.jsonl"):
        assert event["payload"]["tool_name"] == event["tool_name"]
        uses[event["session_id"]].append((event["event_type"], event["tool_name"]))
    for told in uses.values():
        before, after = told[::2], told[1::2]
        assert {kind for kind, _ in before} == {"PreToolUse"}
        assert {kind for kind, _ in after} <= {"PostToolUse"}
        assert [tool for _, tool in after] == [tool for _, tool in before[: len(after)]]


def test_the_day_after_ends_what_was_running(written: Path, tmp_path: Path) -> None:
    workflow_files.write_day(tmp_path, 3_000, 4_000)
    before = _workflows(written / "workflow_history.csv")
    day = _workflows(tmp_path / "workflow_history_day.csv")
    running = {row["adw_id"] for row in before if row["status"] == "running"}
    assert len(day) == workflow_files.DAY_WORKFLOWS
    assert running == {row["adw_id"] for row in before} & {r["adw_id"] for r in day}
    assert set(Counter(row["status"] for row in day)) == {"completed", "failed"}
    known = {event["event_id"] for event in _events(written / "hook_events.jsonl")}
    new = {event["event_id"] for event in _events(tmp_path / "hook_events_day.jsonl")}
    assert not known & new
