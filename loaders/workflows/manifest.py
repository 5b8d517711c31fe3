"""What ``hindcast manifest`` shows of a file of an agent history."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from loaders.errors import Quarantined
from loaders.model import SourceFile, TableRead
from loaders.sheets.layout import ColumnRegion, SheetRegion, TableRegion
from loaders.sheets.manifest import manifest_of
from loaders.workflows.kinds import TIMES, VOCABULARY
from loaders.workflows.read import TEXT_SUFFIXES, read


def manifest(data: bytes, file: SourceFile) -> dict[str, Any]:
    """Its tables: where their columns land, ``extra`` being what has no column.

    Raises:
        Quarantined: As :func:`loaders.workflows.read.read`, and for other files.
    """
    if not file.name.lower().endswith(TEXT_SUFFIXES):
        raise Quarantined(
            "cannot describe the file as one of an agent history",
            where=file.source,
            expected=f"a name that ends in one of {', '.join(TEXT_SUFFIXES)}",
            found=file.name,
            next_step="describe an export of one table",
        )
    made = read(data, file)
    tables = tuple(map(_region, made.tables))
    return manifest_of(data, file, made, [SheetRegion(None, False, "data", tables)])


def _region(table: TableRead) -> TableRegion:
    names: Sequence[str] = table.details
    columns = []
    for i, (name, place) in enumerate(
        zip(names, VOCABULARY.places(table.table, names), strict=True)
    ):
        role = "period" if place in TIMES.get(table.table, ()) else "dimension"
        columns.append(ColumnRegion(i, name, place or "extra", role))
    return TableRegion(
        name=table.source_table,
        header_rows=(table.header_row, table.header_row),
        first_data_row=table.first_row,
        last_data_row=table.last_row,
        data_rows=table.rows_read,
        columns=tuple(columns),
        notes=table.notes,
    )
