"""Names in silver: of models, tests and columns. Pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence

from loaders.scaffold.shapes import (
    ROW,
    WIDE_END,
    WIDE_START,
    ColumnShape,
    TableShape,
)

#: Postgres cuts names here.
MAX_NAME = 63
#: What a silver model adds, and a published column must not take.
RELEASE = ("period", "period_start", "period_end")
FLAGS = ("is_aggregate", "is_current", "is_example")
PROVENANCE = (
    *("release_status", "published_on", "basis", "file_id", "source_table"),
    *("source_file", "source_sheet", "source_row"),
)
#: Words that Postgres does not take as a column's name without quotes, and those that
#: mean something else where an expression may stand.
_WORDS = """
    all analyse analyze and any array as asc asymmetric authorization binary both case
    cast check collate collation column concurrently constraint create cross
    current_catalog current_date current_role current_schema current_time
    current_timestamp current_user default deferrable desc distinct do else end except
    false fetch for foreign freeze from full grant group having ilike in initially inner
    intersect into is isnull join lateral leading left like limit localtime
    localtimestamp natural not notnull null offset on only or order outer overlaps
    placing primary references returning right select session_user similar some
    symmetric system_user table tablesample then to trailing true union unique user
    using variadic verbose when where window with
"""
RESERVED = frozenset(_WORDS.split())


def shortened(name: str, limit: int = MAX_NAME) -> str:
    """A name that fits, still its own: a long one ends with a few letters of a hash."""
    if len(name) <= limit:
        return name
    mark = hashlib.sha256(name.encode()).hexdigest()[:6]
    return f"{name[: limit - 7].rstrip('_')}_{mark}"


def model_name(table: TableShape) -> str:
    """The name of the silver model of a table."""
    return shortened(f"silver_{table.view}")


def check_name(table: TableShape, sentence: str) -> str:
    """The name of a test of the model: what holds, as a sentence."""
    return f"{shortened(table.view, MAX_NAME - 1 - len(sentence))}_{sentence}"


def release_columns(table: TableShape) -> dict[str, str]:
    """Our names for the period of the release, by those of the vintage.

    In a table of periods that became rows ``period_start`` is that of the row.
    """
    prefix = "release_" if table.is_wide else ""
    return {name: f"{prefix}{name}" for name in RELEASE}


class Names:
    """The names of a model's columns: each is given once."""

    def __init__(self, table: TableShape) -> None:
        self._taken = {*release_columns(table).values(), *FLAGS, *PROVENANCE}
        self.of: dict[str, str] = {}
        self.second: dict[str, str] = {}
        for column in table.columns:
            self.of[column.name] = self._give(column.name, column, table)
        # Beside each figure its mark, beside each date its text.
        for column in table.columns:
            if column.is_measure:
                self.second[column.name] = self._beside(column, "_mark")
            elif column.is_date and not self.is_own_day(column, table):
                self.second[column.name] = self._beside(column, "_as_published")

    @staticmethod
    def is_own_day(column: ColumnShape, table: TableShape) -> bool:
        """Whether the loader wrote the day of a period that became a row."""
        return table.is_wide and column.name in (WIDE_START, WIDE_END)

    def _give(self, name: str, column: ColumnShape, table: TableShape) -> str:
        if self.is_own_day(column, table):
            self._taken.add(name)
            return name
        ours = not _needs_quotes(name) and name not in self._taken
        return self._free(name if ours else f"published_{name}")

    def _beside(self, column: ColumnShape, ending: str) -> str:
        return self._free(
            shortened(self.of[column.name], MAX_NAME - len(ending)) + ending
        )

    def _free(self, wanted: str) -> str:
        name, number = shortened(wanted), 1
        while name in self._taken:
            number += 1
            name = f"{shortened(wanted, MAX_NAME - 4)}_{number}"
        self._taken.add(name)
        return name


def key_columns(table: TableShape, names: Names) -> list[str]:
    """The columns of the key as the model calls them, without the file."""
    return ["source_row" if k == ROW else names.of[k] for k in table.key]


def source_column(name: str) -> str:
    """A column of the view as SQL takes it."""
    return f'published."{name}"' if _needs_quotes(name) else f"published.{name}"


def _needs_quotes(name: str) -> bool:
    return name in RESERVED or not re.fullmatch(r"[a-z_][a-z0-9_]*", name)


def listed(names: Iterable[str]) -> str:
    """Names in a sentence: a, b and c."""
    found: Sequence[str] = list(names)
    if len(found) < 2:
        return "".join(found)
    return f"{', '.join(found[:-1])} and {found[-1]}"
