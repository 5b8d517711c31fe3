"""Which table a file holds: known by its columns or keys, never by its name.

Names are compared without case, blanks and punctuation, so that ``modelUsage``,
``Model Usage`` and ``model_usage`` are one name.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from loaders.errors import Quarantined
from loaders.workflows.tables import SAID, TABLES

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


@dataclass(frozen=True)
class Kind:
    """A table that files can hold.

    Attributes:
        source_table: What its publisher calls it.
        table: Where it lands.
        all_of: Columns it cannot be without.
        any_of: Columns of which it has at least ``least``.
        none_of: Names that only other tables have.
        least: How many of ``any_of``.
    """

    source_table: str
    table: str
    all_of: frozenset[str] = frozenset()
    any_of: frozenset[str] = frozenset()
    none_of: frozenset[str] = field(default=frozenset())
    least: int = 1

    def holds(self, names: Iterable[str]) -> bool:
        """Whether columns or keys of these names make a table of this kind."""
        plain = {plain_name(name) for name in names}
        known = known_names(self.table)
        present = {known[name] for name in plain if name in known}
        return (
            self.all_of <= present
            and len(self.any_of & present) >= min(self.least, len(self.any_of))
            and not plain & {plain_name(name) for name in self.none_of}
        )


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


def plain_name(name: str) -> str:
    """A column's name as it is compared."""
    return re.sub(r"[\W_]+", "", name).lower()


@functools.cache
def known_names(table: str) -> dict[str, str]:
    """The landing column of each plain name that a table's columns go by."""
    own = [str(c) for c in TABLES[table] if c not in SAID]
    known = {plain_name(name): name for name in own}
    for column, others in ALIASES.get(table, {}).items():
        for other in others:
            known.setdefault(plain_name(other), column)
    return known


def places(table: str, names: Sequence[str]) -> list[str | None]:
    """The landing column of each column of a file; ``None`` for what has none.

    No landing column is given twice: a column's own name goes before its aliases, these
    in their order, and of columns of one name the first is taken.
    """
    plain = [plain_name(name) for name in names]
    placed: list[str | None] = [None] * len(names)
    known = known_names(table)
    for column in dict.fromkeys(known.values()):
        for spelling in (column, *ALIASES.get(table, {}).get(column, ())):
            wanted = plain_name(spelling)
            if wanted in plain and known[wanted] == column:
                placed[plain.index(wanted)] = column
                break
    return placed


def kind_of(names: Iterable[str]) -> Kind | None:
    """The kind of a table with these columns; ``None`` where it is none of ours."""
    listed = list(names)
    return next((kind for kind in KINDS if kind.holds(listed)), None)


def unknown_kind(where: str, found: Iterable[str]) -> Quarantined:
    """The error for columns that are those of no kind."""
    listed = list(dict.fromkeys(found))
    shown = ", ".join(listed[:30]) or "no names at all"
    more = f" and {len(listed) - 30} more" if len(listed) > 30 else ""
    kinds = ", ".join(dict.fromkeys(kind.source_table for kind in KINDS))
    return Quarantined(
        "cannot tell which table of an agent history the file holds",
        where=where,
        expected=f"the columns or keys of one of: {kinds}",
        found=f"{shown}{more}",
        next_step="see docs/sources.md, Workflows, for the columns of each; give the "
        "columns their names there, or take the file out of the inbox",
    )
