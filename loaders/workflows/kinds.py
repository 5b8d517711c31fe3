"""Which table a file holds: known by its columns or keys, never by its name."""

from __future__ import annotations

from collections.abc import Mapping

from loaders.rows.vocabulary import Kind, Vocabulary
from loaders.workflows.tables import JSON_COLUMNS, TABLES

#: Other names that exports give a column; of several in one file the first listed is
#: the column, the others stay in ``extra``.
ALIASES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "hook_events": {
        "event_type": ("hook_event_type", "hook_event_name", "event_name"),
        "timestamp": ("event_time", "event_timestamp", "created_at", "time", "ts"),
    },
    "agent_results": {"total_cost_usd": ("total_cost",)},
    "tool_calls": {"called_at": ("started_at", "created_at", "timestamp")},
    "cost_savings": {"saved_at": ("created_at", "recorded_at", "timestamp")},
    "pattern_reviews": {
        "pattern_signature": ("signature", "pattern_id", "pattern"),
        "automation_status": ("new_status", "status", "action", "decision"),
        "reviewed_by": ("reviewer", "approved_by", "user"),
        "reviewed_at": ("approved_at", "created_at", "timestamp", "updated_at"),
        "reason": (
            *("comment", "comments", "notes", "review_notes", "approval_notes"),
            "rejection_reason",
        ),
    },
    "pattern_predictions": {
        "pattern_id": ("pattern_signature", "predicted_pattern"),
        "predicted_at": ("created_at", "timestamp"),
    },
}

#: The columns that say when a row happened.
TIMES: Mapping[str, tuple[str, ...]] = {
    "workflow_history": ("created_at", "start_time"),
    "hook_events": ("timestamp",),
    "tool_calls": ("called_at",),
    "cost_savings": ("saved_at",),
    "pattern_reviews": ("reviewed_at",),
    "pattern_predictions": ("predicted_at",),
}

#: Types of the lines that an agent writes while it works.
LINE_TYPES = frozenset({"system", "assistant", "user", "result", "stream_event"})


def _of(*names: str) -> frozenset[str]:
    return frozenset(names)


#: Statistics of patterns are what is made of a history, and no history.
_STATISTICS = _of(
    *("potential_monthly_savings", "avg_cost_with_llm", "typical_input_pattern")
)
_OF_A_WORKFLOW = _of(
    *("adw_id", "workflow_id", "workflow_template", "model_used", "status"),
    *("start_time", "end_time", "duration_seconds", "error_message", "retry_count"),
    *("total_tokens", "input_tokens", "output_tokens", "estimated_cost_total"),
    *("actual_cost_total", "phase_count", "current_phase", "updated_at"),
)

#: In the order in which they are tried: what is most its own comes first.
KINDS: tuple[Kind, ...] = (
    Kind(
        *("hook_events", "hook_events", _of("event_type")),
        _of("session_id", "payload", "tool_name", "event_id", "timestamp"),
    ),
    Kind("cost_savings", "cost_savings", _of("optimization_type")),
    Kind(
        *("pattern_predictions", "pattern_predictions", _of("pattern_id")),
        _of("request_id", "was_correct", "reasoning"),
    ),
    Kind(
        *("pattern_reviews", "pattern_reviews"),
        _of("pattern_signature", "automation_status"),
        _of("reviewed_by", "reviewed_at", "reason"),
        _STATISTICS,
    ),
    Kind(
        *("agent_results", "agent_results", _of("session_id")),
        _of("total_cost_usd", "num_turns", "duration_api_ms", "model_usage"),
    ),
    Kind(
        *("tool_calls", "tool_calls", _of("tool_name")),
        _of("tool_call_id", "called_at", "tool_params", "result_data"),
    ),
    Kind(
        *("agent_states", "agent_states", _of("adw_id")),
        _of("model_set", "all_adws", "estimated_cost_breakdown"),
        _of("status", "nl_input"),
    ),
    Kind(
        *("workflow_history_archive", "workflow_history"),
        _of(),
        _of("original_id", "archived_at", "archive_reason"),
        least=2,
    ),
    Kind("workflow_history", "workflow_history", _of("nl_input")),
    Kind(
        *("workflow_history", "workflow_history", _of(), _OF_A_WORKFLOW),
        _STATISTICS,
        least=3,
    ),
    Kind(
        *("agent_states", "agent_states", _of("adw_id")),
        _of("issue_class", "branch_name", "plan_file", "worktree_path"),
    ),
)
AGENT_RESULTS = next(kind for kind in KINDS if kind.table == "agent_results")


VOCABULARY = Vocabulary(
    about="an agent history",
    section="Workflows",
    tables=TABLES,
    kinds=KINDS,
    aliases=ALIASES,
    times=TIMES,
    json_columns=JSON_COLUMNS,
)
