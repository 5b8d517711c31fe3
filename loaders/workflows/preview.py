"""What a dry run tells of workflows: those that are there, and their patterns.

Of a workflow only a hash of its identity, its times and the number of its patterns'
set are kept, some 200 bytes, so that versions of it in several files count once.
"""

from __future__ import annotations

import datetime as dt
import heapq
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from loaders.console import table_lines
from loaders.model import FileRead, TableRead
from loaders.workflows.detect import Rules

FINISHED = frozenset({"completed", "failed"})
TOP = 10
#: What is needed of a row.
_COLUMNS = (
    *("adw_id", "workflow_id", "id", "status", "created_at", "updated_at"),
    *("nl_input", "error_message", "workflow_template"),
)
_NEVER = float("-inf")
#: Seconds and milliseconds since 1970 that histories can have.
_EPOCH_SECONDS, _EPOCH_MILLISECONDS = 1e8, 1e11


class _Seen(NamedTuple):
    """A workflow's latest version; ``patterns`` is -1 while it is not finished."""

    version_at: float
    created_at: float
    patterns: int


class Patterns:
    """Counts the patterns of the workflows in files."""

    def __init__(self, limit: int | None = None) -> None:
        """Starts with nothing.

        Args:
            limit: Look at so many finished workflows only, the oldest.
        """
        self._limit = limit
        self._rules = Rules.load("strict")
        self._sets: dict[tuple[str, ...], int] = {}
        self._real: dict[int, _Seen] = {}
        self._examples: dict[int, _Seen] = {}
        self._rows = 0

    def add(self, read: FileRead) -> None:
        """Takes the workflows of a file; all of them, or none when it raises."""
        seen: dict[int, _Seen] = {}
        rows = 0
        for table in read.tables:
            if table.table == "workflow_history":
                rows += self._take(table, seen)
            else:
                for _ in table.batches:
                    pass  # what is wrong with a file may show in its last batch
        self._rows += rows
        kept = self._examples if read.is_example else self._real
        for key, one in seen.items():
            _keep(kept, key, one)

    def _take(self, table: TableRead, seen: dict[int, _Seen]) -> int:
        rows = 0
        for row in _rows(table):
            rows += 1
            adw_id, workflow_id, number, status, created, updated, *texts = row
            named = adw_id or workflow_id or (number and f"id:{number}")
            if not named:
                continue
            created_at = _seconds(created)
            version_at = _seconds(updated)
            version_at = created_at if version_at == _NEVER else version_at
            patterns = -1
            if (status or "").lower() in FINISHED:
                found = tuple(self._rules.signatures(*texts))
                patterns = self._sets.setdefault(found, len(self._sets))
            _keep(seen, hash(named), _Seen(version_at, created_at, patterns))
        return rows

    def lines(self) -> list[str]:
        """What was found, for people."""
        # Examples give way to real workflows, as they do when they are loaded.
        seen = (self._real or self._examples).values()
        looked_at = finished = [one for one in seen if one.patterns >= 0]
        counts = [
            ("rows of workflow histories", self._rows),
            ("workflows", len(seen)),
            ("finished", len(finished)),
        ]
        if self._limit is not None:
            looked_at = heapq.nsmallest(
                self._limit, finished, key=lambda one: one.created_at
            )
            counts.append(("looked at, the oldest", len(looked_at)))
        patterns, without = self._counted(looked_at)
        counts += [
            ("with a pattern", len(looked_at) - without),
            ("without a pattern", without),
            ("patterns", len(patterns)),
            ("occurrences", patterns.total()),
        ]
        lines = ["what would be found, by strict rules:"]
        lines += [f"  {count:>9,}  {name}" for name, count in counts]
        if patterns:
            by_count = sorted(patterns.items(), key=lambda one: (-one[1], one[0]))
            lines += ["", *table_lines(("pattern", "workflows"), by_count[:TOP])]
        return lines

    def _counted(self, looked_at: list[_Seen]) -> tuple[Counter[str], int]:
        """Workflows of each pattern, and those without one."""
        sets = {number: found for found, number in self._sets.items()}
        patterns: Counter[str] = Counter()
        without = 0
        for number, count in Counter(one.patterns for one in looked_at).items():
            patterns.update(dict.fromkeys(sets[number], count))
            without += 0 if sets[number] else count
        return patterns, without


def _keep(kept: dict[int, _Seen], key: int, one: _Seen) -> None:
    """Keeps the later version; of two of one time the one that came last."""
    before = kept.get(key)
    if before is None or one.version_at >= before.version_at:
        kept[key] = one


def _rows(table: TableRead) -> Iterator[list[str | None]]:
    for batch in table.batches:
        names = batch.schema.names
        nothing = [None] * batch.num_rows
        columns = [
            batch.column(name).to_pylist() if name in names else nothing
            for name in _COLUMNS
        ]
        for row in zip(*columns, strict=True):
            yield [(text.strip(" ") or None) if text else None for text in row]


def _seconds(text: str | None) -> float:
    """A moment in seconds since 1970; without an offset it is UTC."""
    if not text:
        return _NEVER
    if text[4:5] != "-":
        return _epoch(text)
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        return _NEVER
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=dt.UTC)
    return moment.timestamp()


def _epoch(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        return _NEVER
    if not _EPOCH_SECONDS <= number < _EPOCH_MILLISECONDS * 100:
        return _NEVER
    return number / 1000 if number >= _EPOCH_MILLISECONDS else number
