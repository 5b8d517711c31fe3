"""Sequences of tools: against an oracle, in pieces and whole, late, twice, broken."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from tests.conftest import Warehouse
from tests.integration import sequence_oracle as oracle
from tests.integration.conftest import Quick
from tests.integration.sequence_oracle import Event
from tests.integration.support import assert_ended

MODELS = ("+tool_sequences", "+tool_retry_report")
NOT_MEASURABLE = "not measurable: no failure was ever recorded"


def _land(quick: Quick, warehouse: Warehouse, path: Path, *more: str) -> None:
    assert_ended(quick.load(warehouse, "--from", path, *more, pipeline="workflows"), 0)


def _land_events(
    quick: Quick, warehouse: Warehouse, path: Path, events: Iterable[Event]
) -> None:
    path.write_text(oracle.lines(events), encoding="utf-8")
    _land(quick, warehouse, path)


def _build(quick: Quick, warehouse: Warehouse, *more: str) -> None:
    # Tests that also look at other models have nothing to look at.
    chosen = ("--select", *MODELS, "--exclude", "resource_type:unit_test")
    only = ("--quiet", "--indirect-selection", "buildable")
    assert_ended(quick(warehouse, "dbt", "build", *only, *chosen, *more), 0)


def _sequences(warehouse: Warehouse) -> dict[str, tuple[Any, ...]]:
    rows = warehouse.rows("select * from gold.tool_sequences")
    return {name: tuple(rest) for name, *rest in rows}


def _lines(path: Path, rows: Iterable[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_builds_in_pieces_agree_with_the_oracle(
    quick: Quick, warehouse: Warehouse, tmp_path: Path
) -> None:
    first = oracle.drawn(1, 1200)
    # Sessions that go on, then events before those that were counted, and others twice.
    later = oracle.drawn(2, 300, first_day=1, sessions=12)
    late = [*oracle.drawn(3, 150, sessions=9), *first[::7], *later[::5]]
    files: list[Sequence[Event]] = []
    for name, events in (("a", first), ("b", later), ("c", late)):
        files.append(events)
        _land_events(quick, warehouse, tmp_path / f"{name}.jsonl", events)
        _build(quick, warehouse)
        assert _sequences(warehouse) == oracle.sequences(files)
    _build(quick, warehouse)
    assert _sequences(warehouse) == oracle.sequences(files)
    _build(quick, warehouse, "--full-refresh")
    assert _sequences(warehouse) == oracle.sequences(files)
    # Read again, the first file is the one that was loaded last.
    _land(quick, warehouse, tmp_path / "a.jsonl", "--force")
    _build(quick, warehouse)
    assert _sequences(warehouse) == oracle.sequences([later, late, first])


def test_new_events_are_added_and_not_counted_anew(
    quick: Quick, warehouse: Warehouse, tmp_path: Path
) -> None:
    """A row that nothing new concerns is the one that was there before."""
    first, later = (
        oracle.drawn(4, 600),
        oracle.drawn(5, 40, first_day=1, sessions=2),
    )
    later = [event for event in later if event.at]
    first = [event for event in first if event.at]
    kept = "select xmin, tool_sequence, source_app from silver.int_tool_windows"
    _land_events(quick, warehouse, tmp_path / "a.jsonl", first)
    _build(quick, warehouse)
    before = set(warehouse.rows(kept))
    _land_events(quick, warehouse, tmp_path / "b.jsonl", later)
    _build(quick, warehouse)
    same = before & set(warehouse.rows(kept))
    assert 0 < len(same) < len(before)
    assert _sequences(warehouse) == oracle.sequences([first, later])


def _hook(number: int, tool: str, **more: Any) -> dict[str, Any]:
    """What a hook is given, as a line of its own: without id, time and payload."""
    return {
        "session_id": "s",
        "hook_event_name": "PostToolUse",
        "tool_name": tool,
        "tool_input": {"command": f"step {number}"},
        **more,
    }


def test_lines_as_hooks_are_given_them(
    quick: Quick, warehouse: Warehouse, tmp_path: Path
) -> None:
    told = [{"exit_code": code, "stdout": "a\0b"} for code in (0, 1, 0, 0)]
    tools = ("Bash", "Bash", "Grep", "Grep")
    hooks = [
        _hook(n // 2, tool, tool_response=response)
        for n, (tool, response) in enumerate(zip(tools, told, strict=True))
    ]
    _land(quick, warehouse, _lines(tmp_path / "a.jsonl", hooks))
    _build(quick, warehouse)
    # The log grew, by a step that says what another one said.
    _land(quick, warehouse, _lines(tmp_path / "b.jsonl", [*hooks, hooks[3]]))
    _build(quick, warehouse)
    assert warehouse.rows(
        "select tool_name, evidence, count(*) from silver.int_tool_steps"
        " group by 1, 2 order by 1, 2"
    ) == [("Bash", "failure", 1), ("Bash", "success", 1), ("Grep", "success", 3)]
    found = {
        name: row[1] for name, row in _sequences(warehouse).items() if len(row) > 1
    }
    assert found == {"Bash→Bash→Grep": 1, "Bash→Grep→Grep": 1, "Bash→Bash→Grep→Grep": 1}


def _call(number: int, tool: str, command: str = "", **said: Any) -> dict[str, Any]:
    return {
        "event_id": f"e{number}",
        "event_type": "PostToolUse",
        "source_app": "shell",
        "session_id": "s",
        "timestamp": f"2025-11-01T09:{number // 60:02d}:{number % 60:02d}Z",
        "tool_name": tool,
        "payload": {"tool_input": {"command": command} if command else {}, **said},
    }


def _chains(
    command: str, first: int, fixes: Sequence[Sequence[str]]
) -> list[dict[str, Any]]:
    """A command that fails, is mended in each of these ways, and succeeds."""
    steps: list[tuple[str, int | None]] = []
    for fix in fixes:
        steps += [("Bash", 1), *((tool, None) for tool in fix), ("Bash", 0)]
    return [
        _call(first + n, tool, command if tool == "Bash" else "", exit_code=code)
        for n, (tool, code) in enumerate(steps)
    ]


def test_a_fix_that_is_always_the_same(
    quick: Quick, warehouse: Warehouse, tmp_path: Path
) -> None:
    # A fix with another tool is none, and neither is no fix: three of four are 75 %.
    make = [["Read", "Edit"]] * 3 + [["Grep"], ["Task"], []]
    calls = [
        *_chains("make", 0, make),
        *_chains("lint", 100, [["Edit"], ["Edit"]]),
        *_chains("check", 200, [["Edit"], ["Edit"], ["Read"]]),
    ]
    _land(quick, warehouse, _lines(tmp_path / "a.jsonl", calls))
    _build(quick, warehouse)
    rows = warehouse.rows(
        "select command, chain_count, fix_sequence, fix_sequence_pct,"
        " is_deterministic, failure_count, unknown_outcome_count, verdict"
        " from gold.tool_retry_report order by command"
    )
    of_all = (11, 13, "measured")
    assert rows == [
        ("check", 3, "Edit", 2 / 3, False, *of_all),
        ("lint", 2, "Edit", 1.0, False, *of_all),
        ("make", 4, "Read→Edit", 0.75, True, *of_all),
    ]


def test_where_no_failure_was_recorded_nothing_is_measured(
    quick: Quick, warehouse: Warehouse, tmp_path: Path
) -> None:
    said = [_call(n, "Bash", "make", success=True) for n in range(5)]
    broken = [{**_call(7, "Bash"), "payload": '{"success": fal'}]
    _land(quick, warehouse, _lines(tmp_path / "a.jsonl", said + broken))
    _build(quick, warehouse)
    report = (
        "select command, chain_count, failure_count, step_count,"
        " unknown_outcome_count, verdict from gold.tool_retry_report"
    )
    assert warehouse.rows(report) == [("(none)", 0, 0, 6, 6, NOT_MEASURABLE)]
    # Once it says false, its true counts as well.
    _land(
        quick,
        warehouse,
        _lines(tmp_path / "b.jsonl", [_call(9, "Bash", "make", success=False)]),
    )
    _build(quick, warehouse)
    ((*_, failures, steps, unknown, verdict),) = warehouse.rows(report)
    assert (failures, steps, unknown) == (1, 7, 1)
    assert verdict == "no failure was followed by a fix and a success"
