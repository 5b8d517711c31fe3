"""The manifest: what a reader sees in a file, for people and for tests.

Rows are 1-based as in a spreadsheet. The keys are a contract with scripts.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

from loaders.model import FileRead, Period, SourceFile
from loaders.periods import period_in_name
from loaders.sheets import csvtext, workbook
from loaders.sheets.layout import SheetRegion, TableRegion
from loaders.sheets.names import column_letter
from loaders.sheets.tables import Overrides, read_tables
from loaders.sheets.wide import told
from loaders.sheets.workbook import Sheet

#: Endings of files that :func:`describe` reads.
DATA_SUFFIXES = (".csv", ".ods", ".xls", ".xlsb", ".xlsm", ".xlsx")


def manifest(
    data: bytes,
    *,
    file: str,
    reader: str,
    period: Period | None,
    period_source: str | None,
    release_status: str,
    sheets: Iterable[SheetRegion],
) -> dict[str, Any]:
    """Builds the manifest of a file whose tables are known.

    Args:
        data: The file's bytes, for its sha256.
        file: Where it came from.
        reader: Reader name and version.
        period: Its period, if known.
        period_source: ``content``, ``option``, ``page`` or ``name``.
        release_status: As landed.
        sheets: Its sheets, in their order.

    Returns:
        Plain lists, dicts, texts and numbers, ready for yaml or json.
    """
    return {
        "file": file,
        "sha256": hashlib.sha256(data).hexdigest(),
        "reader": reader,
        "period": {
            "start": period.start.isoformat() if period else None,
            "end": period.end.isoformat() if period else None,
            "grain": period.grain if period else None,
            "source": period_source if period else None,
        },
        "release_status": release_status,
        "sheets": [
            {
                "sheet": s.sheet,
                "hidden": s.hidden,
                "kind": s.kind,
                "tables": [_table(t) for t in s.tables],
                **({"reason": s.reason} if s.reason else {}),
            }
            for s in sheets
        ],
    }


def manifest_of(
    data: bytes, file: SourceFile, read: FileRead, sheets: Iterable[SheetRegion]
) -> dict[str, Any]:
    """The manifest of a file that has been read."""
    return manifest(
        data,
        file=file.source,
        reader=read.reader,
        period=read.period,
        period_source=read.period_source,
        release_status=read.release_status,
        sheets=sheets,
    )


def _table(table: TableRegion) -> dict[str, Any]:
    return {
        "name": table.name,
        "header_rows": list(table.header_rows),
        "first_data_row": table.first_data_row,
        "last_data_row": table.last_data_row,
        "data_rows": table.data_rows,
        "columns": [
            {
                "letter": column_letter(c.index),
                "name": c.name,
                "clean_name": c.clean_name,
                "role": c.role,
            }
            for c in table.columns
        ],
        "aggregate_rows": list(table.aggregate_rows),
        "footer_rows": list(table.footer_rows or ()),
        "notes": list(table.notes),
    }


def describe(
    data: bytes, name: str, overrides: Sequence[Overrides] = ()
) -> dict[str, Any]:
    """The manifest of a workbook or csv of any publication.

    The status is not guessed, and a sheet of figures whose columns no row names is
    ``unrecognised``, with the reason.

    Args:
        data: The bytes.
        name: Where they came from; its tail may state the period.
        overrides: What is known of the publication's sheets.

    Raises:
        Quarantined: It is neither a workbook nor a csv.
    """
    kind = workbook.sniff(data)
    sheets: Iterable[Sheet]
    if kind == "text":
        rows: list[list[Any]] = list(csvtext.read_csv(data, name).rows)
        reader, sheets = csvtext.reader_name(), [Sheet(None, False, rows)]
    else:
        sheets = workbook.open_workbook(data, name, kind, errors=True)
        reader = workbook.reader_name()
    return manifest(
        data,
        file=name,
        reader=reader,
        period=period_in_name(name),
        period_source="name",
        release_status="unknown",
        sheets=[told(read_tables(sheet, overrides)) for sheet in sheets],
    )
