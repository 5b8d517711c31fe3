"""Landing tables of agent histories: the columns of their sources, and what is said.

All text, as the source has it. Beside a table's own columns:

- ``extra``: JSON object of what a row holds that has no column here.
- ``repairs``: JSON object of the JSON columns that are no JSON as they stand and could
  be read all the same, each as valid JSON text.
- ``flags``: what is wrong with the row as it was read, ``flag:column`` separated by
  blanks: ``broken_json``, ``repaired_json``, ``nul_bytes``, ``surplus_fields``,
  ``missing_fields``, ``bad_encoding``.
"""

from __future__ import annotations

from loaders.model import Column
from loaders.rows.vocabulary import SAID

#: Columns that hold JSON text.
JSON_COLUMNS = frozenset(
    {
        *("structured_input", "cost_breakdown", "token_breakdown"),
        *("similar_workflow_ids", "anomaly_flags", "optimization_recommendations"),
        *("retry_reasons", "error_phase_distribution", "payload", "chat_history"),
        *("all_adws", "estimated_cost_breakdown", "usage", "model_usage"),
        *("tool_params", "result_data"),
    }
)

HISTORY: tuple[Column, ...] = (
    *("id", "adw_id", "workflow_id", "issue_number", "nl_input", "github_url"),
    *("workflow_template", "model_used", "status", "start_time", "end_time"),
    *("duration_seconds", "error_message", "phase_count", "current_phase"),
    *("success_rate", "retry_count", "worktree_path", "backend_port"),
    *("frontend_port", "concurrent_workflows", "input_tokens", "output_tokens"),
    *("cached_tokens", "cache_hit_tokens", "cache_miss_tokens", "total_tokens"),
    *("cache_efficiency_percent", "estimated_cost_total", "actual_cost_total"),
    *("estimated_cost_per_step", "actual_cost_per_step", "cost_per_token"),
    *("structured_input", "cost_breakdown", "token_breakdown", "worktree_reused"),
    *("steps_completed", "steps_total", "created_at", "updated_at"),
    *("nl_input_word_count", "nl_input_clarity_score"),
    *("structured_input_completeness_percent", "submission_hour"),
    *("submission_day_of_week", "hour_of_day", "day_of_week", "pr_merged"),
    *("time_to_merge_hours", "review_cycles", "ci_test_pass_rate"),
    *("cost_efficiency_score", "performance_score", "quality_score"),
    *("similar_workflow_ids", "anomaly_flags", "optimization_recommendations"),
    *("idle_time_seconds", "bottleneck_phase", "error_category", "retry_reasons"),
    *("error_phase_distribution", "recovery_time_seconds", "complexity_estimated"),
    *("complexity_actual", "workflow_type", "parent_workflow_id", "input_hash"),
    *("output_summary", "gh_issue_state", "scoring_version", "phase_number"),
    *("is_multi_phase", "branch_name", "plan_file", "issue_class"),
    *("original_id", "archived_at", "archive_reason"),
)

TABLES: dict[str, tuple[Column, ...]] = {
    # source tables: workflow_history, workflow_history_archive
    "workflow_history": (*HISTORY, *SAID),
    "hook_events": (
        *("id", "event_id", "event_type", "source_app", "session_id", "workflow_id"),
        *("timestamp", "payload", "tool_name", "chat_history", "processed"),
        *("processed_at", *SAID),
    ),
    # agents/{adw_id}/adw_state.json
    "agent_states": (
        *("adw_id", "issue_number", "branch_name", "plan_file", "issue_class"),
        *("worktree_path", "backend_port", "frontend_port", "model_set", "all_adws"),
        *("estimated_cost_total", "estimated_cost_breakdown", "workflow_template"),
        *("model_used", *SAID),
    ),
    # agents/{adw_id}/{step}/raw_output.jsonl, its result lines
    "agent_results": (
        *("adw_id", "step", "session_id", "subtype", "is_error", "duration_ms"),
        *("duration_api_ms", "num_turns", "total_cost_usd", "usage", "model_usage"),
        *("result", *SAID),
    ),
    "tool_calls": (
        *("id", "tool_call_id", "workflow_id", "tool_name", "tool_params"),
        *("called_at", "completed_at", "duration_seconds", "success"),
        *("error_message", "result_data", "tokens_saved", "cost_saved_usd", *SAID),
    ),
    "cost_savings": (
        *("id", "optimization_type", "workflow_id", "tool_call_id", "pattern_id"),
        *("baseline_tokens", "actual_tokens", "tokens_saved", "cost_saved_usd"),
        *("saved_at", "notes", *SAID),
    ),
    "pattern_reviews": (
        *("pattern_signature", "automation_status", "reviewed_by", "reviewed_at"),
        *("reason", *SAID),
    ),
    "pattern_predictions": (
        *("request_id", "pattern_id", "confidence_score", "reasoning"),
        *("was_correct", "predicted_at", "validated_at", *SAID),
    ),
    # lines of JSONL files that are no JSON object: kept, so that nothing is lost
    "unreadable_lines": ("line", "reason", "flags"),
}
