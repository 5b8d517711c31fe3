"""What a stable table is, as far as a silver model of it needs to know. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

#: Roles and kinds as ``table_columns`` has them.
MEASURE, PERIOD = "measure", "period"
#: Columns that the views of wide tables have beside the published ones.
WIDE_PERIOD, WIDE_START, WIDE_END = "published_period", "period_start", "period_end"

#: In a key: the row in the file, where no columns of the publisher's will do.
ROW = "_source_row"


@dataclass(frozen=True)
class Occurrence:
    """A column in one landed table.

    Attributes:
        column: Its stable name.
        published_name: Its header as published.
        role: ``dimension``, ``measure`` or ``period``.
        value_kind: ``number``, ``text``, ``date``, ``mixed`` or ``empty``.
    """

    column: str
    published_name: str
    role: str
    value_kind: str


@dataclass(frozen=True)
class ColumnShape:
    """A column of a stable table over all that is loaded.

    Attributes:
        name: Its stable name, as the view has it.
        published_names: Its headers, the latest last.
        is_measure: Numbers and marks.
        is_date: Days and nothing else.
        is_period: Says which period a row is about.
        has_blanks: Some row has nothing in it.
    """

    name: str
    published_names: tuple[str, ...]
    is_measure: bool
    is_date: bool
    is_period: bool
    has_blanks: bool = True


@dataclass(frozen=True)
class TableShape:
    """A stable table.

    Attributes:
        publication: Code of its publication.
        table: Its name within that.
        view: Its view in ``raw_publications``.
        title: Title as published; empty when unknown.
        publication_title: Title of the publication; its code when unknown.
        columns: In the order of the view.
        is_wide: Periods that stood side by side are rows.
        key: Columns that identify a row within a file; empty when none was found.
        key_without_aggregates: They do so when rows of totals are left out.
    """

    publication: str
    table: str
    view: str
    title: str
    publication_title: str
    columns: tuple[ColumnShape, ...]
    is_wide: bool = False
    key: tuple[str, ...] = ()
    key_without_aggregates: bool = False
    rows: int = field(default=0, compare=False)

    @property
    def dimensions(self) -> tuple[ColumnShape, ...]:
        """Columns that say what a row is about."""
        return tuple(c for c in self.columns if not c.is_measure)

    @property
    def measures(self) -> tuple[ColumnShape, ...]:
        """Columns of figures."""
        return tuple(c for c in self.columns if c.is_measure)

    def with_facts(
        self,
        rows: int,
        blank: Iterable[str],
        key: Sequence[str],
        *,
        without_aggregates: bool,
    ) -> TableShape:
        """The table with what only its rows can say."""
        blanks = set(blank)
        return replace(
            self,
            rows=rows,
            columns=tuple(
                replace(c, has_blanks=c.name in blanks) for c in self.columns
            ),
            key=tuple(key),
            key_without_aggregates=without_aggregates,
        )


def column_shape(name: str, occurrences: Sequence[Occurrence]) -> ColumnShape:
    """A column from what it was in each landed table.

    It is a measure, or a date, when it was one wherever it held anything: a text that
    became a number would be lost, a number that stays text is only inconvenient.
    """
    filled = [o for o in occurrences if o.value_kind != "empty"] or list(occurrences)
    published = tuple(dict.fromkeys(o.published_name for o in occurrences))
    is_measure = bool(filled) and all(o.role == MEASURE for o in filled)
    return ColumnShape(
        name,
        published,
        is_measure=is_measure,
        is_date=bool(filled)
        and not is_measure
        and all(o.value_kind == "date" for o in filled),
        is_period=any(o.role == PERIOD for o in filled),
    )


def table_shape(
    known: Mapping[str, str], names: Sequence[str], occurrences: Iterable[Occurrence]
) -> TableShape:
    """A table from its rows of the ledger.

    Args:
        known: publication, table, view, title and publication_title.
        names: Its columns in the order of the view.
        occurrences: Its columns in each landed table, the latest last.
    """
    by_name: dict[str, list[Occurrence]] = {name: [] for name in names}
    for occurrence in occurrences:
        if occurrence.column in by_name:
            by_name[occurrence.column].append(occurrence)
    wide = {WIDE_PERIOD, WIDE_START, WIDE_END} <= set(names)
    return TableShape(
        known["publication"],
        known["table"],
        known["view"],
        known["title"],
        known["publication_title"],
        tuple(column_shape(name, found) for name, found in by_name.items()),
        is_wide=wide,
    )
