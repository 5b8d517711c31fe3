"""Accepting: what the publisher changed becomes what is expected, in the maps.

The maps are files of the project: a person reads the change, corrects names or says
that a meaning changed, and commits it.
"""

from __future__ import annotations

import contextlib
import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from loaders import dataset, warehouse
from loaders import registry as pipelines
from loaders.errors import UsageError
from loaders.publications import maps as reviewed
from loaders.publications.maps import ANY, MappedColumn, MappedTable, Maps
from loaders.publications.naming import Namer, noted
from loaders.publications.suggest import questions

if TYPE_CHECKING:
    from psycopg2.extensions import connection as Connection


@dataclass(frozen=True)
class Occurrence:
    """A table of ours in a period, as it landed.

    Attributes:
        table: Our table.
        period: First day of the period.
        sheet_key: Key of its sheet, or of its file.
        title_key: Key of its title.
        is_csv: Whether it has no sheet.
        columns: Published clean name and our column, in their order.
    """

    table: str
    period: dt.date
    sheet_key: str
    title_key: str
    is_csv: bool
    columns: tuple[tuple[str, str], ...]


@dataclass
class Accepted:
    """What accepting changes.

    Attributes:
        maps: The maps after it.
        changes: A line on each change.
    """

    maps: Maps
    changes: list[str] = field(default_factory=list)


def accept(
    publication: str, table: str | None = None, namer: Namer | None = None
) -> tuple[list[str], list[Path]]:
    """Writes the headers that are loaded into the maps, and settles by them.

    Args:
        publication: Code.
        table: Only this table of ours.
        namer: Proposes names for what is new, into the notes of the maps.

    Returns:
        A line on each change, and the files that were written.

    Raises:
        UsageError: Nothing of that publication or table is loaded.
        Failed: The namer has no answer; nothing was written.
    """
    pipeline = pipelines.get("publications")
    with contextlib.closing(warehouse.connect(warehouse.resolve())) as connection:
        dataset.ensure(connection, pipeline)
        found = occurrences(connection, pipeline.dataset, publication)
        _check(publication, table, found)
        wanted = [one for one in found if table in (None, one.table)]
        before = reviewed.load(publication)
        accepted = merged(before, wanted)
        if namer is not None:
            asked = questions(
                *(connection, pipeline.dataset, publication, before, accepted.maps)
            )
            accepted.maps, said = noted(before, accepted.maps, asked, namer)
            accepted.changes += said
        written = reviewed.save(publication, accepted.maps)
        dataset.ensure(connection, pipeline)
    return accepted.changes, written


def _check(publication: str, table: str | None, found: list[Occurrence]) -> None:
    names = sorted({one.table for one in found})
    if not names or (table is not None and table not in names):
        raise UsageError(
            "cannot accept what is not loaded",
            where=f"publication {publication}" + (f", table {table}" if table else ""),
            expected=f"one of {', '.join(names)}" if names else "a loaded publication",
            found=table or "no table of it in the warehouse",
            next_step="dlt pipeline publications run --from PATH",
        )


def occurrences(
    connection: Connection, schema: str, publication: str
) -> list[Occurrence]:
    """The tables of a publication by period, of each period the newest vintage."""
    with connection, connection.cursor() as cursor:
        cursor.execute(
            f"""
            with ranked as (
                select
                    d.table_key, d.table_name, t.period_start, d.sheet_key,
                    d.title_key, t.source_sheet,
                    row_number() over (
                        partition by d.table_name, t.period_start
                        order by f.status = 'loaded' desc, f.load_sequence desc
                    ) as place
                from {schema}.table_details as d
                inner join {schema}.file_tables as t on d.table_key = t.table_key
                inner join {schema}.files as f on d._file_id = f._file_id
                where d.publication = %s and f.status in ('loaded', 'superseded')
            )
            select
                r.table_name, r.period_start, r.sheet_key, r.title_key, r.source_sheet,
                array_agg(c.clean_name order by c.position),
                array_agg(c.column_name order by c.position)
            from ranked as r
            inner join {schema}.table_columns as c on r.table_key = c.table_key
            where r.place = 1
            group by
                r.table_name, r.period_start, r.sheet_key, r.title_key, r.source_sheet
            order by r.period_start, r.table_name
            """,
            (publication,),
        )
        rows: list[Any] = cursor.fetchall()
    return [
        Occurrence(
            *(table, period, sheet_key, title_key, sheet is None),
            tuple(zip(published, ours, strict=True)),
        )
        for table, period, sheet_key, title_key, sheet, published, ours in rows
    ]


def merged(maps: Maps, found: list[Occurrence]) -> Accepted:
    """The maps with all that was found in them.

    Args:
        maps: The maps as reviewed.
        found: Tables by period, earlier ones first.
    """
    result = Accepted(dict(maps))
    headers: dict[frozenset[str], set[str]] = defaultdict(set)
    for one in found:
        headers[frozenset(p for p, _ in one.columns)].add(one.table)
    for one in sorted(found, key=lambda o: (o.period, o.table)):
        mapped = result.maps.get(one.table)
        if mapped is None:
            alone = len(headers[frozenset(p for p, _ in one.columns)]) == 1
            mapped = MappedTable(((one.period, _key(one, alone)),), {})
            result.changes.append(f"{one.period:%Y-%m} {one.table}: new table")
        columns = _columns(one, mapped, result.changes)
        result.maps = {**result.maps, one.table: MappedTable(mapped.keys, columns)}
    return result


def _key(one: Occurrence, alone: bool) -> str:
    """How the map knows a table: any place will do where no other has its header."""
    if alone:
        return ANY
    return one.title_key if one.title_key and one.is_csv else one.sheet_key or ANY


def _columns(
    one: Occurrence, mapped: MappedTable, changes: list[str]
) -> dict[str, MappedColumn]:
    columns = dict(mapped.columns)
    headings = {p for c in columns.values() for p, _ in c.published}
    expected = mapped.header_at(one.period)
    actual = dict(one.columns)
    new = not columns
    for published, ours in one.columns:
        if expected.get(published) == ours:
            continue
        before = columns.get(ours, MappedColumn("", "", ()))
        columns[ours] = _from(before, one.period, published, headings)
        if not new:
            changes.append(f"{one.period:%Y-%m} {one.table}: {published} is {ours}")
    for published, ours in expected.items():
        if published not in actual:
            columns[ours] = _from(columns[ours], one.period, None, headings)
            changes.append(f"{one.period:%Y-%m} {one.table}: {ours} is absent")
    return columns


def _from(
    column: MappedColumn,
    period: dt.date,
    published: str | None,
    headings: set[dt.date],
) -> MappedColumn:
    """The column with another published name from a period to the next heading."""
    cells = {
        heading: column.at(heading) if column.published else None
        for heading in headings
    }
    cells[period] = published
    kept: list[tuple[dt.date, str | None]] = []
    for heading, cell in sorted(cells.items()):
        if not kept or kept[-1][1] != cell:
            kept.append((heading, cell))
    return MappedColumn(column.unit, column.note, tuple(kept))
