"""What a pipeline knows of the tables it lands: their columns, by all their names.

Names are compared without case, blanks and punctuation, so that ``modelUsage``,
``Model Usage`` and ``model_usage`` are one name.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from loaders.errors import Quarantined
from loaders.model import Column

#: What tables carry beside the columns of their source.
SAID: tuple[Column, ...] = ("extra", "repairs", "flags")


def plain_name(name: str) -> str:
    """A column's name as it is compared."""
    return re.sub(r"[\W_]+", "", name).lower()


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
        like: A pattern that a name matches, where its columns are made of values.
    """

    source_table: str
    table: str
    all_of: frozenset[str] = frozenset()
    any_of: frozenset[str] = frozenset()
    none_of: frozenset[str] = field(default=frozenset())
    least: int = 1
    like: str | None = None


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """The tables of a pipeline and how they are known.

    Attributes:
        about: What the files are about, for messages: ``an agent history``.
        section: Where docs/sources.md says more.
        tables: Columns of each landing table.
        kinds: In the order in which they are tried: what is most its own comes first.
        aliases: Other names that exports give a column; of several in one file the
            first listed is the column, the others stay in ``extra``.
        times: The columns that say when a row happened.
        json_columns: Columns that hold JSON text.
    """

    about: str
    section: str
    tables: Mapping[str, tuple[Column, ...]]
    kinds: tuple[Kind, ...]
    aliases: Mapping[str, Mapping[str, tuple[str, ...]]]
    times: Mapping[str, tuple[str, ...]]
    json_columns: frozenset[str] = frozenset()

    @functools.cache  # noqa: B019 - a vocabulary lives as long as its module
    def known_names(self, table: str) -> dict[str, str]:
        """The landing column of each plain name that a table's columns go by."""
        own = [str(c) for c in self.tables[table] if c not in SAID]
        known = {plain_name(name): name for name in own}
        for column, others in self.aliases.get(table, {}).items():
            for other in others:
                known.setdefault(plain_name(other), column)
        return known

    def holds(self, kind: Kind, names: Iterable[str]) -> bool:
        """Whether columns or keys of these names make a table of this kind."""
        listed = list(names)
        plain = {plain_name(name) for name in listed}
        known = self.known_names(kind.table)
        present = {known[name] for name in plain if name in known}
        return (
            kind.all_of <= present
            and len(kind.any_of & present) >= min(kind.least, len(kind.any_of))
            and not plain & {plain_name(name) for name in kind.none_of}
            and (kind.like is None or any(re.search(kind.like, n) for n in listed))
        )

    def kind_of(self, names: Iterable[str]) -> Kind | None:
        """The kind of a table with these columns; ``None`` where it is none of ours."""
        listed = list(names)
        return next((kind for kind in self.kinds if self.holds(kind, listed)), None)

    def places(self, table: str, names: Sequence[str]) -> list[str | None]:
        """The landing column of each column of a file; ``None`` for what has none.

        No landing column is given twice: a column's own name goes before its aliases,
        these in their order, and of columns of one name the first is taken.
        """
        plain = [plain_name(name) for name in names]
        placed: list[str | None] = [None] * len(names)
        known = self.known_names(table)
        for column in dict.fromkeys(known.values()):
            for spelling in (column, *self.aliases.get(table, {}).get(column, ())):
                wanted = plain_name(spelling)
                if wanted in plain and known[wanted] == column:
                    placed[plain.index(wanted)] = column
                    break
        return placed

    def unknown_kind(self, where: str, found: Iterable[str]) -> Quarantined:
        """The error for columns that are those of no kind."""
        listed = [name[:60] for name in dict.fromkeys(found)]
        shown = ", ".join(listed[:30]) or "no names at all"
        more = f" and {len(listed) - 30} more" if len(listed) > 30 else ""
        kinds = ", ".join(dict.fromkeys(kind.source_table for kind in self.kinds))
        return Quarantined(
            f"cannot tell which table of {self.about} the file holds",
            where=where,
            expected=f"the columns or keys of one of: {kinds}",
            found=f"{shown}{more}",
            next_step=f"see docs/sources.md, {self.section}, for the columns of each; "
            "give the columns their names there, or take the file out of the inbox",
        )
