"""Folders of agents: their states, and the results among what they wrote."""

from __future__ import annotations

import json

import pytest

from loaders.workflows import agents
from tests.unit.workflow_files import (
    RESULT,
    lines_of,
    read_text,
    rows_of,
    rows_read,
)

OUTPUT = "runs/agents/a1b2c3d4/test_runner/raw_output.jsonl"
STEPS = (
    {"type": "system", "subtype": "init", "session_id": "s1"},
    {"type": "assistant", "message": {"content": []}, "session_id": "s1"},
    {"type": "user", "message": {"content": []}, "session_id": "s1"},
)
LANDED = {
    "adw_id": "a1b2c3d4",
    "step": "test_runner",
    "session_id": "s1",
    "subtype": "success",
    "is_error": "false",
    "duration_ms": "1500",
    "total_cost_usd": "0.25",
    "usage": '{"input_tokens":3}',
    "model_usage": '{"opus":{"costUSD":0.25}}',
}


def test_of_an_output_the_result_lines_are_rows() -> None:
    made = read_text(lines_of(*STEPS, RESULT), OUTPUT)
    (table,) = made.tables
    assert rows_of(table) == [{**LANDED, "_source_row": 4}]
    assert (table.table, table.rows_read) == ("agent_results", 1)
    assert table.notes == ("3 lines are no results: steps on the way to them",)
    assert (made.period, made.period_source) == (None, "none")
    assert made.remark is None


def test_an_output_that_is_one_list_holds_the_same_result() -> None:
    name = OUTPUT.removesuffix("l")
    rows = rows_read(json.dumps([*STEPS, RESULT]), name)
    assert rows == [{**LANDED, "_source_row": 4}]
    assert rows_read(json.dumps(RESULT, indent=2), name) == [
        {**LANDED, "_source_row": 1}
    ]


@pytest.mark.parametrize(
    ("text", "remark", "unreadable"),
    [
        (
            lines_of(*STEPS),
            "without a result: the agent was stopped before it had one",
            0,
        ),
        ("", "without rows", 0),
        (
            lines_of(*STEPS) + '{"type": "resu',
            "without a result: the agent was stopped before it had one, "
            "not readable in every line: unreadable_lines has the others",
            1,
        ),
    ],
    ids=["no result", "empty", "cut off"],
)
def test_an_agent_that_was_stopped_leaves_a_file_without_rows(
    text: str, remark: str, unreadable: int
) -> None:
    made = read_text(text, OUTPUT)
    assert made.tables[0].table == "agent_results"
    assert made.tables[0].rows_read == 0
    assert [batch.num_rows for batch in made.tables[0].batches] == [0]
    assert made.remark == remark
    assert len(made.tables) == 1 + unreadable


def test_what_a_result_has_no_column_for_is_kept() -> None:
    (row,) = rows_read(lines_of({**RESULT, "uuid": "u", "errors": []}), OUTPUT)
    assert row["extra"] == '{"uuid":"u","errors":[]}'


@pytest.mark.parametrize(
    ("source", "adw_id", "step"),
    [
        (OUTPUT, "a1b2c3d4", "test_runner"),
        ("agents/a1b2c3d4/raw_output.jsonl", "a1b2c3d4", None),
        ("/x/agents/y/agents/id7/plan/sub/raw_output.json", "id7", "plan/sub"),
        ("old.zip!agents/id7/plan/raw_output.jsonl", "id7", "plan"),
        ("A:\\agents\\id7\\plan\\raw_output.jsonl", "id7", "plan"),
        ("backup/A1B2C3D4/plan/raw_output.jsonl", "A1B2C3D4", "plan"),
        ("somewhere/raw_output.jsonl", None, None),
        ("raw_output.jsonl", None, None),
    ],
)
def test_the_path_says_which_workflow_and_step(
    source: str, adw_id: str | None, step: str | None
) -> None:
    assert agents.place(source) == (adw_id, step)
    assert agents.is_output(source)


def test_a_state_lands_with_its_lists_as_json() -> None:
    state = {
        "adw_id": "a1b2c3d4",
        "issue_number": "12",
        "model_set": "base",
        "all_adws": ["adw_plan_iso", "adw_test_iso"],
        "backend_port": 9100,
        "estimated_cost_breakdown": {"plan": 0.10},
        "novelty": 1,
    }
    made = read_text(json.dumps(state, indent=2), "agents/a1b2c3d4/adw_state.json")
    (row,) = rows_of(made.tables[0])
    assert row == {
        "adw_id": "a1b2c3d4",
        "issue_number": "12",
        "model_set": "base",
        "all_adws": '["adw_plan_iso","adw_test_iso"]',
        "backend_port": "9100",
        "estimated_cost_breakdown": '{"plan":0.1}',
        "extra": '{"novelty":1}',
        "_source_row": 1,
    }
    assert made.tables[0].table == "agent_states"
    assert (made.period, made.period_source) == (None, "none")


def test_a_state_that_does_not_say_whose_is_of_its_folder() -> None:
    (row,) = rows_read('{"model_set": "base"}', "agents/a1b2c3d4/adw_state.json")
    assert (row["adw_id"], row["model_set"]) == ("a1b2c3d4", "base")
