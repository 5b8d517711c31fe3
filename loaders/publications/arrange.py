"""Arranging: which table of ours each landed table is, and the views that show them.

Done in the transaction of a load, and again whenever a reviewed map has changed: what
is settled rests on the maps and on what is loaded, not on who loaded it when.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from loaders.publications import maps as reviewed
from loaders.publications import registry
from loaders.publications.identity import Placed, Seen, Stable, resolve
from loaders.publications.maps import Maps
from loaders.publications.parts import Member, parts
from loaders.publications.record import insert
from loaders.publications.views import Branch, show

#: Raised when the same tables would be settled otherwise.
VERSION = "1"


def arrange(cursor: Any, schema: str) -> None:
    """Places the tables of every publication whose files or maps have changed.

    Args:
        cursor: In a transaction.
        schema: The dataset.
    """
    known = registry.load()
    _register(cursor, schema, known)
    cursor.execute(
        "select publication, count(*), max(table_key), sum(table_key::bigint)"
        f" from {schema}.table_details group by publication"
    )
    landed = {p: "/".join(map(str, rest)) for p, *rest in cursor.fetchall()}
    cursor.execute(f"select publication, digest from {schema}.settled")
    settled = dict(cursor.fetchall())
    digests = {}
    codes = {*landed, *(one.code for one in known), *reviewed.publications()}
    for code in {*codes, *settled}:
        text = f"{VERSION} {landed.get(code)} {reviewed.digest(code)}"
        about = _facts(code, known)
        digests[code] = hashlib.sha256(f"{text} {about}".encode()).hexdigest()[:16]
    changed = sorted(c for c, digest in digests.items() if settled.get(c) != digest)
    if not changed:
        return
    # Two settlements at once would make the same views twice.
    cursor.execute("select pg_advisory_xact_lock(hashtext('hindcast settle'))")
    for code in changed:
        _arrange_one(cursor, schema, code)
    for table in ("publications", "settled"):
        cursor.execute(
            f"delete from {schema}.{table} where publication = any(%s)", (changed,)
        )
    insert(cursor, schema, "publications", [_facts(code, known) for code in changed])
    insert(cursor, schema, "settled", [(code, digests[code]) for code in changed])
    from loaders.ledger_write import mark_superseded

    mark_superseded(cursor, schema)


def _register(cursor: Any, schema: str, known: registry.Registry) -> None:
    """Gives files that landed under a folder's name to the entry made for it since."""
    cursor.execute(f"select distinct publication from {schema}.table_details")
    for (code,) in cursor.fetchall():
        entry = known.of_folder(code)
        if entry is not None and entry.code != code:
            cursor.execute(
                f"update {schema}.table_details set publication = %s, table_name = null"
                " where publication = %s",
                (entry.code, code),
            )
            cursor.execute(
                f"update {schema}.files set basis = %s where basis = %s",
                (entry.code, code),
            )


def _facts(code: str, known: registry.Registry) -> tuple[Any, ...]:
    """The row of ``publications``."""
    one = known.publications.get(code)
    if one is None:
        return (code, None, None, None, None, None, None, None, False)
    return (
        *(code, one.name, one.frequency, one.landing_page, one.licence),
        *(one.lag_weeks, one.offset_months, one.first_period, True),
    )


def _arrange_one(cursor: Any, schema: str, code: str) -> None:
    maps = reviewed.load(code)
    seen, before, members, landed, titles = _landed(cursor, schema, code)
    placed, stables = resolve(code, seen, maps, before)
    part_of = parts(
        [m for m in members if m.key in placed],
        {key: one.table for key, one in placed.items()},
    )
    branches: dict[str, dict[str, Branch]] = defaultdict(dict)
    title_of: dict[str, str | None] = {}
    rows = []
    for one in sorted(seen, key=lambda s: (s.period, s.key)):
        where = placed[one.key]
        view = f"{code}__{where.table}"
        branch = Branch(landed[one.key], where.columns)
        branches[view].setdefault(branch.branch_id, branch)
        title_of.setdefault(where.table, titles[one.key])
        basis = f"{code}:{part_of[one.key]}" if part_of.get(one.key) else code
        rows.append((one.key, where.table, view, where.match, branch.branch_id, basis))
    _write(cursor, schema, rows, placed)
    _write_maps(cursor, schema, code, maps)
    _know(cursor, schema, code, stables, title_of, branches)


def _landed(
    cursor: Any, schema: str, code: str
) -> tuple[
    list[Seen], dict[int, str], list[Member], dict[int, str], dict[int, str | None]
]:
    """What is in the warehouse of a publication; columns are read once per layout."""
    cursor.execute(
        f"""
        with layouts as (
            select layout_id, min(table_key) as table_key
            from {schema}.table_details
            where publication = %(code)s
            group by layout_id
        )
        select
            l.layout_id,
            array_agg(c.clean_name order by c.position),
            array_agg(c.role order by c.position)
        from layouts as l
        inner join {schema}.table_columns as c on l.table_key = c.table_key
        group by l.layout_id
        """,
        {"code": code},
    )
    layouts = {
        layout: (
            tuple(names),
            frozenset(n for n, r in zip(names, roles, strict=True) if r == "measure"),
        )
        for layout, names, roles in cursor.fetchall()
    }
    cursor.execute(
        f"""
        select
            d.table_key, d._file_id, t.period_start, t.period_end, d.sheet_key,
            d.title_key, d.layout_id, d.table_order, d.table_name, d.landed_table,
            d.part, d.file_key, d.sample, d.sample_rows, f.source_file,
            t.source_sheet is null, t.title
        from {schema}.table_details as d
        inner join {schema}.file_tables as t on d.table_key = t.table_key
        inner join {schema}.files as f on d._file_id = f._file_id
        where d.publication = %s
        """,
        (code,),
    )
    seen, before, members, landed, titles = [], {}, [], {}, {}
    for row in cursor.fetchall():
        key, file_id, start, end, sheet_key, title_key, layout, order = row[:8]
        name, table, part, file_key, sample, rows, source, is_csv, title = row[8:]
        names, measures = layouts[layout]
        seen.append(
            Seen(
                *(key, file_id, start, sheet_key, title_key, names, measures, order),
                *(is_csv, dict(zip(sample, rows, strict=True))),
            )
        )
        if name:
            before[key] = name
        members.append(
            Member(key, file_id, (start, end), part, file_key, source, tuple(sample))
        )
        landed[key] = table
        titles[key] = title
    return seen, before, members, landed, titles


def _write(
    cursor: Any,
    schema: str,
    rows: Sequence[tuple[Any, ...]],
    placed: Mapping[int, Placed],
) -> None:
    """Says of each landed table which of ours it is; touches what differs alone."""
    from psycopg2.extras import execute_values

    if not rows:
        return
    execute_values(
        cursor,
        f"""
        update {schema}.table_details as d
        set table_name = v.name, view_name = v.view, match_kind = v.match,
            branch_id = v.branch
        from (values %s) as v (key, name, view, match, branch, basis)
        where d.table_key = v.key
            and (d.table_name, d.view_name, d.match_kind, d.branch_id)
            is distinct from (v.name, v.view, v.match, v.branch)
        """,
        rows,
        page_size=2000,
    )
    execute_values(
        cursor,
        f"""
        update {schema}.file_tables as t
        set source_table = v.view, basis = v.basis
        from (values %s) as v (key, name, view, match, branch, basis)
        where t.table_key = v.key
            and (t.source_table, t.basis) is distinct from (v.view, v.basis)
        """,
        rows,
        page_size=2000,
    )
    execute_values(
        cursor,
        f"""
        update {schema}.table_columns as c
        set column_name = v.name
        from (values %s) as v (key, position, name)
        where c.table_key = v.key and c.position = v.position
            and c.column_name is distinct from v.name
        """,
        [
            (key, position, name)
            for key, one in placed.items()
            for position, name in enumerate(one.columns, 1)
        ],
        page_size=5000,
    )


def _write_maps(cursor: Any, schema: str, code: str, maps: Maps) -> None:
    for table in ("map_columns", "map_tables"):
        cursor.execute(f"delete from {schema}.{table} where publication = %s", (code,))
    insert(
        cursor,
        schema,
        "map_columns",
        [
            (code, table, name, column.unit, column.note, period, published)
            for table, mapped in maps.items()
            for name, column in mapped.columns.items()
            for period, published in column.published
        ],
    )
    insert(
        cursor,
        schema,
        "map_tables",
        [
            (code, table, period, key)
            for table, mapped in maps.items()
            for period, key in mapped.keys
        ],
    )


def _know(
    cursor: Any,
    schema: str,
    code: str,
    stables: Iterable[Stable],
    titles: Mapping[str, str | None],
    branches: Mapping[str, Mapping[str, Branch]],
) -> None:
    """Writes down our tables and columns, and makes the views that changed."""
    cursor.execute(
        f"select view_name, definition from {schema}.known_tables"
        " where publication = %s",
        (code,),
    )
    made = dict(cursor.fetchall())
    tables, columns = [], []
    for stable in stables:
        view = f"{code}__{stable.name}"
        its = list(branches.get(view, {}).values())
        if not its and stable.mapped is None:
            continue
        names = list(stable.columns)
        definition = _digest(names, its)
        if made.pop(view, None) != definition:
            show(cursor, schema, view, names, its)
        mapped = set(stable.mapped.columns) if stable.mapped else set()
        tables.append(
            (
                *(code, stable.name, view, stable.mapped is not None),
                *(titles.get(stable.name), stable.first, definition),
            )
        )
        columns += [(view, i, n, n in mapped) for i, n in enumerate(names, 1)]
    for view in made:
        show(cursor, schema, view, None, [])
    cursor.execute(
        f"delete from {schema}.known_columns as c using {schema}.known_tables as t"
        " where c.view_name = t.view_name and t.publication = %s",
        (code,),
    )
    cursor.execute(f"delete from {schema}.known_tables where publication = %s", (code,))
    insert(cursor, schema, "known_tables", tables)
    insert(cursor, schema, "known_columns", columns)


def _digest(names: Sequence[str], branches: Sequence[Branch]) -> str:
    text = json.dumps([VERSION, list(names), sorted(b.branch_id for b in branches)])
    return hashlib.sha256(text.encode()).hexdigest()[:16]
