"""The marts of patterns, read by their names; nothing is computed here but sums."""

from __future__ import annotations

import contextlib
import difflib
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from loaders import warehouse
from loaders.errors import Failed, UsageError

if TYPE_CHECKING:
    from psycopg2.extensions import cursor as Cursor

Row = dict[str, Any]

BUILD = "dbt build --selector workflows"
#: Words a signature can begin with.
CATEGORIES = (
    *("test", "build", "format", "git", "deps", "docs", "sdlc", "patch", "deploy"),
    "review",
)
#: In the order of a life.
STATUSES = (
    *("detected", "candidate", "approved", "implemented", "active", "deprecated"),
)
EXAMPLES = 5
#: How like a signature another one must be to be offered in its place.
LIKE = 0.5

#: Patterns first that came most often, or that would save most, or came last.
_ORDERS = {
    "top": "occurrence_count desc",
    "high-value": "potential_monthly_savings desc",
    "recent": "created_at desc",
}


@contextlib.contextmanager
def reading() -> Iterator[Marts]:
    """The marts of the warehouse in use, in a transaction that reads only.

    Raises:
        Failed: They are not there, hold nothing, or may not be read.
    """
    import psycopg2

    with contextlib.closing(warehouse.connect(warehouse.resolve())) as connection:
        connection.set_session(readonly=True)
        try:
            with connection.cursor() as cursor:
                marts = Marts(cursor)
                marts.check()
                yield marts
        except psycopg2.Error as error:
            raise Failed(
                "cannot read the marts of patterns",
                where="schema gold",
                expected="marts as the models of this version build them, and the "
                "right to read them",
                found=" ".join(str(error).split()),
                next_step=f"{BUILD}, or ask for the role hindcast_analyst",
            ) from error


class Marts:
    """Rows of the marts, each a dictionary.

    Attributes:
        columns: Of the last query, in order, with or without rows.
    """

    def __init__(self, cursor: Cursor) -> None:
        self._cursor = cursor
        self.columns: list[str] = []

    def rows(self, query: str, *values: Any) -> list[Row]:
        """The rows of a query."""
        self._cursor.execute(query, values or None)
        self.columns = [column.name for column in self._cursor.description or ()]
        return [
            dict(zip(self.columns, row, strict=True)) for row in self._cursor.fetchall()
        ]

    def check(self) -> None:
        """Sees that there is something to report on.

        Raises:
            Failed: The marts were never built, or nothing was loaded before.
        """
        marts = ("operation_patterns", "pattern_occurrences", "pattern_statistics")
        missing = [
            f"gold.{mart}"
            for mart in (*marts, "workflows_without_pattern")
            if not self.rows("select to_regclass(%s) as found", f"gold.{mart}")[0][
                "found"
            ]
        ]
        found = f"no table {', '.join(missing)}" if missing else "no finished workflow"
        if not missing:
            (any_,) = self.rows(
                "select exists (select 1 from gold.operation_patterns)"
                " or exists (select 1 from gold.workflows_without_pattern) as anything"
            )
            if any_["anything"]:
                return
        raise Failed(
            "cannot report on patterns",
            where="the marts in schema gold",
            expected="marts built from loaded workflows",
            found=found,
            next_step=f"dlt pipeline workflows run, then {BUILD}",
        )

    def summary(self) -> Row:
        """Counts and sums over all patterns, in one row."""
        statuses = ", ".join(
            f"count(*) filter (where automation_status = '{status}') as {status}_count"
            for status in STATUSES
        )
        (row,) = self.rows(
            "with patterns as ("
            " select count(*) as pattern_count,"
            " coalesce(sum(occurrence_count), 0)::bigint as occurrence_count,"
            " sum(potential_monthly_savings_shared)"
            " as potential_monthly_savings_shared,"
            " count(*) filter (where potential_monthly_savings_shared is null)"
            " as savings_unknown_count,"
            " min(savings_note) filter"
            " (where potential_monthly_savings_shared is null) as savings_note,"
            " min(window_start) as window_start, max(window_end) as window_end,"
            f" max(window_days) as window_days, {statuses}"
            " from gold.operation_patterns)"
            " select pattern_count, occurrence_count,"
            " (select count(distinct workflow_key) from gold.pattern_occurrences)"
            " as workflows_with_pattern_count,"
            " (select count(*) from gold.workflows_without_pattern)"
            " as workflows_without_pattern_count,"
            " potential_monthly_savings_shared, savings_unknown_count, savings_note,"
            " window_start, window_end, window_days, "
            + ", ".join(f"{status}_count" for status in STATUSES)
            + " from patterns"
        )
        return row

    def ranked(self, report: str, limit: int) -> list[Row]:
        """The patterns of a report: ``top``, ``high-value`` or ``recent``."""
        condition = (
            "where potential_monthly_savings > 0" if report == "high-value" else ""
        )
        return self.rows(
            "select *, avg_cost_with_llm - avg_cost_with_tool as savings_per_use"
            f" from gold.operation_patterns {condition}"
            f" order by {_ORDERS[report]} nulls last, pattern_signature limit %s",
            limit,
        )

    def savings_unknown(self) -> Row:
        """How many patterns have no monthly savings, and the notes that say why."""
        (row,) = self.rows(
            "select count(*) as pattern_count,"
            " string_agg(distinct savings_note, '; ' order by savings_note) as notes"
            " from gold.operation_patterns where potential_monthly_savings is null"
        )
        return row

    def details(self, text: str, examples: int = EXAMPLES) -> Mapping[str, Any]:
        """All of one pattern.

        Args:
            text: Its signature, in any case.
            examples: How many of its workflows, the last ones first.

        Raises:
            UsageError: That is no signature, or no pattern has it.
        """
        signature = checked(text)
        found = self.rows(
            "select * from gold.operation_patterns where pattern_signature = %s",
            signature,
        )
        if not found:
            raise self._unknown(signature)
        (statistics,) = self.rows(
            "select * from gold.pattern_statistics where pattern_signature = %s",
            signature,
        )
        return {
            "pattern": found[0],
            "statistics": statistics,
            "life_cycle": self.rows(
                "select reviewed_at, automation_status, reviewed_by, review_reason"
                " from gold.pattern_life_cycle where pattern_signature = %s"
                " order by reviewed_at nulls first, review_number",
                signature,
            ),
            "examples": self.rows(
                "select workflow_key, seen_at, status, cost_usd, cost_quality,"
                " nl_input from gold.pattern_occurrences where pattern_signature = %s"
                " order by seen_at desc nulls last, workflow_key limit %s",
                signature,
                examples,
            ),
        }

    def _unknown(self, signature: str) -> UsageError:
        every = [
            row["pattern_signature"]
            for row in self.rows(
                "select pattern_signature from gold.operation_patterns order by 1"
            )
        ]
        near = difflib.get_close_matches(signature, every, n=3, cutoff=LIKE)
        return UsageError(
            "cannot show the pattern",
            where=f"hindcast patterns details {signature}",
            expected=f"one of the {len(every):,} patterns found in the history",
            found=f"none of that signature; near it: {', '.join(near)}"
            if near
            else "none of that signature, and none like it",
            next_step=f"hindcast patterns details {near[0]}"
            if near
            else "hindcast patterns top lists them",
        )


def checked(text: str) -> str:
    """A signature in its usual spelling.

    Raises:
        UsageError: It has not three parts, or does not begin with a category.
    """
    signature = text.strip().lower()
    parts = signature.split(":")
    wrong = None
    if len(parts) != 3:
        wrong = f"{len(parts)} part{'s' if len(parts) != 1 else ''} in {text!r}"
    elif not all(part.strip() for part in parts):
        wrong = f"an empty part in {text!r}"
    elif parts[0] not in CATEGORIES:
        wrong = f"the category {parts[0]!r}"
    if wrong:
        raise UsageError(
            "cannot understand the signature",
            where="hindcast patterns details",
            expected="category:subcategory:target, the category one of "
            + ", ".join(CATEGORIES),
            found=wrong,
            next_step="hindcast patterns top lists the signatures there are",
        )
    return signature
