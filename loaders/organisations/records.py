"""Records of a json document as a table to land."""

from __future__ import annotations

import json
import platform
from collections.abc import Mapping, Sequence
from typing import Any

from loaders.errors import Quarantined
from loaders.model import TableRead
from loaders.organisations.layout import TABLES
from loaders.sheets.csvtext import decode


def reader_name() -> str:
    """The reader of json files and its version, as the ledger keeps it."""
    return f"json of Python {platform.python_version()}"


def parse(data: bytes, name: str) -> dict[str, Any]:
    """The object that a json document is.

    Raises:
        Quarantined: It is broken, or no object.
    """
    text, _ = decode(data, name)
    try:
        found = json.loads(text)
    except ValueError as error:
        place = (
            f", line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        )
        raise wrong(name + place, "a whole json document", str(error)) from error
    if not isinstance(found, dict):
        raise wrong(name, "a json object", type(found).__name__)
    return found


def wrong(where: str, expected: str, found: str) -> Quarantined:
    """A document that is not what it should be, in four parts."""
    return Quarantined(
        "cannot read the json document",
        where=where,
        expected=expected,
        found=found,
        next_step="get the document again, and compare it with where it comes from",
    )


def table_of(
    records: Sequence[Mapping[str, str | bool | None]], table: str, source_table: str
) -> TableRead:
    """Records as a table; ``_source_row`` counts them from 1, in their order."""
    import pyarrow as pa

    arrays: dict[str, Any] = {}
    for column in TABLES[table]:
        name, kind = column if isinstance(column, tuple) else (column, "varchar")
        type_ = pa.bool_() if kind == "boolean" else pa.string()
        arrays[name] = pa.array([record[name] for record in records], type_)
    arrays["_source_row"] = pa.array(range(1, len(records) + 1), pa.int64())
    return TableRead(
        table=table,
        source_table=source_table,
        sheet=None,
        part=None,
        title=None,
        header_row=1,
        first_row=1,
        last_row=len(records),
        rows_read=len(records),
        notes=(),
        batches=[pa.RecordBatch.from_pydict(arrays)],
    )
