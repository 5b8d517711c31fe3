"""The views that give landed rows the names of their columns, one per table of ours."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from loaders import dataset
from loaders.errors import Failed

#: Schemas that dbt builds: its next build makes again what is dropped from them.
BUILT = ("silver", "gold", "quality")


@dataclass(frozen=True)
class Branch:
    """Tables that land in one place with one meaning of their positions.

    Attributes:
        landed: The landed table, such as ``rows_16``.
        columns: Our column for each position, the first is ``c1``.
    """

    landed: str
    columns: tuple[str, ...]

    @cached_property
    def branch_id(self) -> str:
        """A hash of it."""
        text = json.dumps([self.landed, self.columns])
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def show(
    cursor: Any,
    schema: str,
    view: str,
    columns: Sequence[str] | None,
    branches: Sequence[Branch],
) -> None:
    """Makes a view anew; without columns drops it.

    Raises:
        Failed: Something that dbt did not build rests on it.
    """
    _drop(cursor, schema, view)
    if columns is None:
        return
    its = branches or [Branch("rows_16", ())]
    parts = " union all ".join(
        _select(schema, view, columns, one, empty=not branches) for one in its
    )
    cursor.execute(f'create view {schema}."{view}" as {parts}')


def _select(
    schema: str, view: str, columns: Sequence[str], branch: Branch, *, empty: bool
) -> str:
    at = {name: f'r."c{i}"' for i, name in enumerate(branch.columns, 1)}
    listed = ", ".join(
        f'{source} as "{name}"'
        for name, source in (
            *dataset.ORIGIN_COLUMNS.items(),
            *((name, at.get(name, "null::varchar")) for name in columns),
            *dataset.PROVENANCE_COLUMNS.items(),
            ("_is_aggregate", "r._source_row = any(d.aggregate_rows)"),
        )
    )
    where = (
        "false"
        if empty
        else f"d.view_name = '{view}' and"
        f" d.branch_id = '{branch.branch_id}' and f.load_id = t.load_id"
        " and f.status in ('loaded', 'superseded')"
    )
    return (
        f"select {listed} from {schema}.{dataset.landed_name(branch.landed)} as r"
        f" inner join {schema}.table_details as d on r._table_key = d.table_key"
        f" inner join {schema}.file_tables as t on d.table_key = t.table_key"
        f" inner join {schema}.files as f on t._file_id = f._file_id where {where}"
    )


def _drop(cursor: Any, schema: str, view: str) -> None:
    cursor.execute(
        """
        with recursive resting as (
            select to_regclass(%s)::oid as oid
            union
            select w.ev_class
            from resting as r
            inner join pg_depend as d
                on d.refobjid = r.oid and d.classid = 'pg_rewrite'::regclass
            inner join pg_rewrite as w on d.objid = w.oid
        )
        select n.nspname || '.' || c.relname
        from resting as r
        inner join pg_class as c on r.oid = c.oid
        inner join pg_namespace as n on c.relnamespace = n.oid
        where r.oid is distinct from to_regclass(%s)::oid
            and split_part(n.nspname, '_', 1) != all(%s)
        order by 1
        """,
        (f'{schema}."{view}"', f'{schema}."{view}"', list(BUILT)),
    )
    others = [name for (name,) in cursor.fetchall()]
    if others:
        raise Failed(
            "cannot give a table of a publication its new columns",
            where=f"view {schema}.{view}",
            expected="no view of yours on it: what dbt builds is built again",
            found=", ".join(others),
            next_step="drop those, run again, and make them again",
        )
    cursor.execute(f'drop view if exists {schema}."{view}" cascade')
