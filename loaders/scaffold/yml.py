"""The yml of sources and of a silver model. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import yaml

from loaders.scaffold.names import (
    Names,
    check_name,
    key_columns,
    listed,
    model_name,
    release_columns,
)
from loaders.scaffold.shapes import ColumnShape, TableShape

WIDTH = 88
#: Longer texts stand below their key.
FOLDED = 60
ORIGIN = {
    "_source_table": "Stable table the row is of: the name of this view.",
    "_source_part": "Part of the sheet the row is from; null when there is none.",
    "basis": "Publication; with the part behind a colon where a release has several.",
}
PROVENANCE = {
    "_file_id": "{{ doc('file_id') }}",
    "_source_file": "{{ doc('source_file') }}",
    "_source_sheet": "{{ doc('source_sheet') }}",
    "_source_row": "{{ doc('source_row') }}",
    "_period_start": "First day of the period the file is about.",
    "_period_end": "Last day of the period the file is about.",
    "_release_status": "{{ doc('release_status') }}",
    "_published_on": "Date of publication where known.",
    "_loaded_at": "When the load that wrote the row began.",
    "_dlt_load_id": "Load that wrote the row.",
    "_is_aggregate": "The row is a total of others in its table.",
}
#: Of the silver model, beside the published columns.
RELEASE = {
    "period": "Period the release is about.",
    "period_start": "First day of the period the release is about.",
    "period_end": "Last day of the period the release is about.",
}
ENDING = {
    "is_aggregate": "The row is a total of others in its table.",
    "is_current": "{{ doc('is_current') }}",
    "is_example": "{{ doc('is_example') }}",
    "release_status": "{{ doc('release_status') }}",
    "published_on": "Date of publication where known.",
    "basis": "Publication; with the part behind a colon where a release has several.",
    "file_id": "{{ doc('file_id') }}",
    "source_table": "Stable table the row is of, and what a vintage is chosen for.",
    "source_file": "{{ doc('source_file') }}",
    "source_sheet": "{{ doc('source_sheet') }}",
    "source_row": "{{ doc('source_row') }}",
}


class _Dumper(yaml.SafeDumper):
    """Lists are indented below their key, and texts folded."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def _text(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    """Sentences are folded, words are plain."""
    style = ">" if len(text) > FOLDED and " " in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)


def dump(document: Mapping[str, Any]) -> str:
    """A yml as this project writes it: a blank line between its parts."""
    text = yaml.dump(
        document,
        Dumper=_Dumper,
        sort_keys=False,
        allow_unicode=True,
        width=WIDTH,
    )
    return re.sub(r"^(version: 2)\n", r"\1\n\n", text)


def sources(tables: Iterable[TableShape]) -> str:
    """The stable tables of a publication as sources of dbt."""
    found = list(tables)
    return dump(
        {
            "version": 2,
            "sources": [
                {
                    "name": "raw_publications",
                    "config": {"tags": ["publications"]},
                    "tables": [_source(table) for table in found],
                }
            ],
        }
    )


def _source(table: TableShape) -> dict[str, Any]:
    described = {
        **ORIGIN,
        **{c.name: f"{_published(c)}; as text." for c in table.columns},
        **PROVENANCE,
    }
    return {
        "name": table.view,
        "description": f"{_subject(table)}, as published. One row per row of a file.",
        "columns": [{"name": n, "description": d} for n, d in described.items()],
    }


def model(table: TableShape) -> str:
    """The yml beside the silver model of a table."""
    names = Names(table)
    made = {
        "name": model_name(table),
        "description": _description(table, names),
        "data_tests": list(_tests(table, names)),
        "columns": list(_columns(table, names)),
    }
    if not made["data_tests"]:
        del made["data_tests"]
    return dump({"version": 2, "models": [made]})


def _description(table: TableShape, names: Names) -> str:
    said = f"{_subject(table)}, as published and typed."
    if not table.key:
        return f"{said} No columns were found that identify a row of a file."
    key = listed(["file", *map(_words, key_columns(table, names))])
    apart = ", rows of totals apart" if table.key_without_aggregates else ""
    return f"{said} One row per {key}{apart}."


def _tests(table: TableShape, names: Names) -> Iterator[dict[str, Any]]:
    if table.key:
        test: dict[str, Any] = {
            "name": check_name(table, "has_one_row_per_key"),
            "arguments": {"columns": ["file_id", *key_columns(table, names)]},
        }
        if table.key_without_aggregates:
            test["config"] = {"where": "not is_aggregate"}
        yield {"unique_grain": test}
    if table.measures:
        marks = [names.second[c.name] for c in table.measures]
        yield {
            "marks_are_known": {
                "name": check_name(table, "marks_are_known"),
                "arguments": {"columns": marks},
            }
        }
    dates = {names.of[c.name]: names.second[c.name] for c in _dates(table, names)}
    if dates:
        missing = " and ".join(
            f"({date} is not null or {text} is null)" for date, text in dates.items()
        )
        yield {
            "holds_on_every_row": {
                "name": check_name(table, "dates_are_read"),
                "arguments": {"condition": missing},
            }
        }


def _dates(table: TableShape, names: Names) -> list[ColumnShape]:
    return [c for c in table.dimensions if c.is_date and c.name in names.second]


def _columns(table: TableShape, names: Names) -> Iterator[dict[str, Any]]:
    for column, name in release_columns(table).items():
        yield {"name": name, "description": RELEASE[column]}
    for one in table.dimensions:
        yield _dimension(one, table, names)
        if one.name in names.second:
            yield {
                "name": names.second[one.name],
                "description": f"{_published(one)}; its text.",
            }
    for one in table.measures:
        ours = names.of[one.name]
        yield {"name": ours, "description": f"{_published(one)}."}
        yield {
            "name": names.second[one.name],
            "description": f"What stands in the place of `{ours}` or behind it; null "
            "beside a plain number.",
        }
    for name, said in ENDING.items():
        yield {"name": name, "description": said}


def _dimension(one: ColumnShape, table: TableShape, names: Names) -> dict[str, Any]:
    made: dict[str, Any] = {"name": names.of[one.name]}
    if names.is_own_day(one, table):
        which = "First" if one.name.endswith("start") else "Last"
        made["description"] = f"{which} day of the period that the column stood for."
    else:
        made["description"] = f"{_published(one)}."
    # What identifies a row is held filled by the test of the key already.
    if not one.has_blanks and one.name not in table.key:
        made["data_tests"] = ["not_null"]
    return made


def _published(one: ColumnShape) -> str:
    names = [f"`{_plain(name)}`" for name in one.published_names[-3:][::-1]]
    if not names:
        return "Not in any file that is loaded"
    before = f", before as {' and '.join(names[1:])}" if names[1:] else ""
    return f"Published as {names[0]}{before}"


def _subject(table: TableShape) -> str:
    title = _plain(table.title).rstrip(".") or _words(table.table).capitalize()
    return f"{_plain(table.publication_title).rstrip('.')}: {title}"


def _words(name: str) -> str:
    return name.replace("_", " ").strip()


def _plain(text: str) -> str:
    """Text of a publisher as text of dbt, which would take braces for its own."""
    return " ".join(re.sub(r"[{}`]", "'", text).split())
