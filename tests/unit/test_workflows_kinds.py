"""Which table a file of an agent history holds, and where its columns go."""

from __future__ import annotations

import pytest

from loaders.errors import Quarantined
from loaders.workflows.kinds import ALIASES, TIMES, VOCABULARY
from loaders.workflows.manifest import manifest
from loaders.workflows.tables import TABLES
from tests.unit.workflow_files import (
    EVENT,
    csv_of,
    lines_of,
    read_text,
    rows_read,
    source,
)

KINDS = {
    "workflow_history": "id,adw_id,nl_input,status,created_at",
    "workflow_history_archive": "id,original_id,adw_id,nl_input,archived_at",
    "hook_events": "event_id,event_type,session_id,workflow_id,timestamp,payload",
    "agent_states": "adw_id,issue_number,branch_name,model_set,all_adws",
    "agent_results": "adw_id,step,session_id,total_cost_usd,num_turns",
    "tool_calls": "tool_call_id,workflow_id,tool_name,called_at,duration_seconds",
    "cost_savings": "id,optimization_type,workflow_id,pattern_id,saved_at,notes",
    "pattern_reviews": "pattern_signature,automation_status,reviewed_by,reviewed_at",
    "pattern_predictions": "request_id,pattern_id,confidence_score,was_correct",
}


@pytest.mark.parametrize("wanted", KINDS)
def test_a_table_is_known_by_its_columns(wanted: str) -> None:
    kind = VOCABULARY.kind_of(KINDS[wanted].split(","))
    assert kind is not None
    assert kind.source_table == wanted


def test_case_blanks_and_punctuation_of_names_mean_nothing() -> None:
    names = ["Event Type", "SESSION-ID", "eventId", " time stamp "]
    kind = VOCABULARY.kind_of(names)
    assert kind is not None
    assert VOCABULARY.places(kind.table, names) == [
        *("event_type", "session_id", "event_id", "timestamp")
    ]


def test_workflows_without_a_status_column_are_workflows() -> None:
    for names in (
        ["nl_input"],
        ["workflow_id", "workflow_template", "actual_cost_total"],
    ):
        kind = VOCABULARY.kind_of(names)
        assert kind is not None
        assert kind.source_table == "workflow_history"


def test_statistics_of_patterns_are_no_history() -> None:
    names = [
        *("pattern_signature", "occurrence_count", "avg_cost_with_llm"),
        *("potential_monthly_savings", "automation_status", "reviewed_by"),
    ]
    assert VOCABULARY.kind_of(names) is None


@pytest.mark.parametrize(
    ("table", "names", "placed"),
    [
        ("hook_events", "event_time,event_type", "timestamp,event_type"),
        ("cost_savings", "created_at,saved_at", ",saved_at"),
        ("cost_savings", "created_at,notes", "saved_at,notes"),
        # pattern_review_history
        (
            *("pattern_reviews", "id,pattern_id,action,reviewer,comment,created_at"),
            ",pattern_signature,automation_status,reviewed_by,reason,reviewed_at",
        ),
        # pattern_approvals: of three times the one of the review
        (
            "pattern_reviews",
            "pattern_id,status,reviewed_by,reviewed_at,created_at,updated_at",
            "pattern_signature,automation_status,reviewed_by,reviewed_at,,",
        ),
        ("agent_results", "modelUsage,sessionId", "model_usage,session_id"),
    ],
)
def test_other_names_of_a_column_are_known(table: str, names: str, placed: str) -> None:
    wanted = [one or None for one in placed.split(",")]
    assert VOCABULARY.places(table, names.split(",")) == wanted


def test_of_two_columns_of_one_name_the_first_is_taken() -> None:
    assert VOCABULARY.places("workflow_history", ["status", "Status"]) == [
        "status",
        None,
    ]


def test_aliases_lead_to_columns_that_exist() -> None:
    for table, aliases in ALIASES.items():
        assert aliases.keys() <= set(map(str, TABLES[table]))
    for table, times in TIMES.items():
        assert set(times) <= set(map(str, TABLES[table]))


def test_a_file_of_no_kind_is_refused_with_what_it_has() -> None:
    with pytest.raises(Quarantined) as raised:
        read_text(csv_of("name,colour", "a,red"), "things.csv")
    error = raised.value
    assert error.what == "cannot tell which table of an agent history the file holds"
    assert error.where == "things.csv, row 1"
    assert "workflow_history_archive" in error.expected
    assert error.found == "name, colour"
    assert "docs/sources.md" in error.next_step


def test_the_name_of_a_file_decides_nothing() -> None:
    rows = rows_read(
        csv_of("event_type,session_id,timestamp", "Stop,s1,1730000000"),
        "workflow_history.csv",
    )
    assert rows == [
        {
            **{"event_type": "Stop", "session_id": "s1", "timestamp": "1730000000"},
            "_source_row": 2,
        }
    ]


def test_reviews_of_other_exports_land_as_they_are_written() -> None:
    (row,) = rows_read(
        csv_of(
            "id,pattern_id,action,reviewer,comment,created_at,estimated_savings_usd",
            "7,test:pytest:backend,approved,someone,go on,2025-12-01 10:00:00,5.5",
        ),
        "pattern_review_history.csv",
    )
    assert row == {
        "pattern_signature": "test:pytest:backend",
        "automation_status": "approved",
        "reviewed_by": "someone",
        "reviewed_at": "2025-12-01 10:00:00",
        "reason": "go on",
        "extra": '{"id":"7","estimated_savings_usd":"5.5"}',
        "_source_row": 2,
    }


def test_the_manifest_shows_where_columns_land() -> None:
    text = csv_of("event_time,event_type,session_id,mood", "2025-11-01,Stop,s1,fine")
    made = manifest(text.encode(), source("h.csv"))
    ((table,),) = (sheet["tables"] for sheet in made["sheets"])
    assert (table["name"], table["data_rows"], table["header_rows"]) == (
        *("hook_events", 1),
        [1, 1],
    )
    assert [(c["name"], c["clean_name"], c["role"]) for c in table["columns"]] == [
        ("event_time", "timestamp", "period"),
        ("event_type", "event_type", "dimension"),
        ("session_id", "session_id", "dimension"),
        ("mood", "extra", "dimension"),
    ]
    assert made["period"]["start"] == "2025-11-01"


def test_the_manifest_of_lines_has_their_keys() -> None:
    text = lines_of(EVENT) + "broken\n"
    made = manifest(text.encode(), source("h.jsonl"))
    first, second = made["sheets"][0]["tables"]
    assert [c["name"] for c in first["columns"]] == list(EVENT)
    assert (second["name"], second["data_rows"]) == ("unreadable_lines", 1)


def test_a_workbook_has_no_manifest_here() -> None:
    with pytest.raises(Quarantined, match="as one of an agent history"):
        manifest(b"PK", source("book.xlsx"))
