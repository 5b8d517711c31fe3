"""The text of a silver model. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from loaders.scaffold.names import Names, release_columns, source_column
from loaders.scaffold.shapes import ColumnShape, TableShape

WIDTH = 88
INDENT = " " * 8

_MODEL = """\
with vintages as (

    select * from {{{{ ref('silver_publications__vintages') }}}}

),

published as (

    select * from {source}

),

final as (

    select
{columns}
    from published
    inner join vintages
        on {{{{ file_vintage_join() }}}}

)

select * from final
"""


def model(table: TableShape) -> str:
    """A silver model of one published row each, typed.

    Keys come first, then what a row is about, its figures with their marks, the flags
    and where the row is from.
    """
    lines = list(_columns(table, Names(table)))
    columns = "".join(f"{INDENT}{line},\n" for line in lines)
    return _MODEL.format(
        source=_source(table.view), columns=columns.removesuffix(",\n")
    )


def _source(view: str) -> str:
    call = f"{{{{ source('raw_publications', '{view}') }}}}"
    if len(f"    select * from {call}") <= WIDTH:
        return call
    return f"{{{{ source(\n        'raw_publications', '{view}'\n    ) }}}}"


def _columns(table: TableShape, names: Names) -> Iterator[str]:
    for column, name in release_columns(table).items():
        yield f"vintages.{column}" + (f" as {name}" if name != column else "")
    for one in table.dimensions:
        yield from _dimension(one, table, names)
    for one in table.measures:
        ours, mark = names.of[one.name], names.second[one.name]
        yield _macro("nhs_number", one, ours)
        yield _macro("nhs_mark", one, mark)
    yield "published._is_aggregate as is_aggregate"
    for flag in ("is_current", "is_example", "release_status", "published_on", "basis"):
        yield f"vintages.{flag}"
    for name in ("file_id", "source_table", "source_file"):
        yield f"vintages.{name}"
    for name in ("source_sheet", "source_row"):
        yield f"published._{name} as {name}"


def _dimension(one: ColumnShape, table: TableShape, names: Names) -> Iterator[str]:
    ours = names.of[one.name]
    if names.is_own_day(one, table):
        # No plain cast: all tables of a width land in one, and the planner may read
        # the cells of others before it knows whose they are.
        yield _macro("published_date", one, ours)
    elif one.is_date:
        yield _macro("published_date", one, ours)
        yield _text(one, names.second[one.name])
    else:
        yield _text(one, ours)


def _text(one: ColumnShape, alias: str) -> str:
    return _fitting("nullif(", "clean_text", one, ", '')", alias)


def _macro(macro: str, one: ColumnShape, alias: str) -> str:
    return _fitting("", macro, one, "", alias)


def _fitting(before: str, macro: str, one: ColumnShape, after: str, alias: str) -> str:
    """A macro of a column with its name, on as many lines as it needs."""
    column = source_column(one.name)
    call = f"{before}{{{{ {macro}('{column}') }}}}{after}"
    if len(INDENT) + len(f"{call} as {alias},") <= WIDTH:
        return f"{call} as {alias}"
    if len(INDENT) + len(call) > WIDTH:
        call = f"{before}{{{{ {macro}(\n{INDENT}    '{column}'\n{INDENT}) }}}}{after}"
    return f"{call}\n{INDENT}    as {alias}"
