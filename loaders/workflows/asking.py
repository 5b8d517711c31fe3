"""What is asked of a database: which tables, and how their changes are followed."""

from __future__ import annotations

import enum
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol


class Kind(enum.Enum):
    """How the rows of a table live."""

    #: Rows change, and say when (``updated_at``).
    CHANGES = "changes"
    #: Rows are written once, with rising ids.
    LOG = "log"
    #: Rows change and do not say so.
    SILENT = "silent"


class Following(enum.Enum):
    """How what is new in a table is found."""

    TIME = "by the time of the last change"
    ID = "by id"
    #: Every row is looked at, and known again by its hash.
    ROWS = "row by row"


#: The tables of an agent history, and how their rows live.
TABLES = {
    "workflow_history": Kind.CHANGES,
    # Archived rows keep the time of their last change: only their ids are new.
    "workflow_history_archive": Kind.LOG,
    "hook_events": Kind.LOG,
    "tool_calls": Kind.SILENT,
    "cost_savings_log": Kind.LOG,
    "pattern_approvals": Kind.CHANGES,
    "pattern_review_history": Kind.LOG,
    "pattern_predictions": Kind.SILENT,
}
#: What, beside its id, says for good which row a row is.
ANCHORS = (
    *("event_id", "adw_id", "tool_call_id", "request_id", "pattern_id"),
    *("created_at", "timestamp", "called_at"),
)


@dataclass(frozen=True)
class Table:
    """A table of a database.

    Attributes:
        position: Expression of a row's position: its id, or seconds since 1970.
        where: Condition on the rows at ``after`` and later, on those of which the
            position is unknown, and on those whose id is above ``above``: somebody may
            bring old rows back.
        order: How rows are put in order, where that costs nothing.
    """

    name: str
    columns: list[str]
    following: Following
    position: str
    where: str
    order: str = ""


@dataclass(frozen=True)
class Span:
    """Which rows of a table are wanted.

    Attributes:
        latest: The last second that can be true: a clock gone wrong must not carry the
            cursor beyond what is still to come.
        after: Rows from this position on; ``None``: all.
        above: And those of higher ids than this.
    """

    latest: int
    after: int | None = None
    above: int | None = None


class Database(Protocol):
    """A database that is being read, in one transaction."""

    source: str

    def names(self) -> list[str]:
        """Its tables."""

    def table(self, name: str, kind: Kind) -> Table:
        """Columns of a table, and how its changes can be followed."""

    def anchor(self, table: Table, at: str | None = None) -> str | None:
        """Who the row with the highest id is, or the row of the anchor ``at``."""

    def rows(self, table: Table, span: Span) -> AbstractContextManager[Any]:
        """A cursor over rows: the columns as text, then the position."""
