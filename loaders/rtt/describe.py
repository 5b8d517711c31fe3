"""The manifest of an RTT file: its sheets and tables as the reader sees them."""

from __future__ import annotations

from typing import Any

from loaders.model import FileRead, SourceFile
from loaders.rtt.books import survey
from loaders.rtt.extract import read_header
from loaders.rtt.read import read
from loaders.sheets import workbook
from loaders.sheets.layout import ColumnRegion, SheetRegion, TableRegion
from loaders.sheets.manifest import manifest


def describe(data: bytes, file: SourceFile) -> dict[str, Any]:
    """Builds the manifest of an RTT file; the rows of an extract are read for it.

    Raises:
        Quarantined: As the reader.
    """
    kind = workbook.sniff(data)
    if kind == "text":
        found = read(data, file)
        return manifest(
            data,
            file=file.source,
            reader=found.reader,
            period=found.period,
            period_source=found.period_source,
            release_status=found.release_status,
            sheets=[SheetRegion(None, False, "data", (_extract(data, file, found),))],
        )
    book = survey(data, file, kind)
    return manifest(
        data,
        file=file.source,
        reader=workbook.reader_name(),
        period=book.identity.period,
        period_source=book.identity.period_source,
        release_status=book.identity.release_status,
        sheets=[
            SheetRegion(
                page.sheet.name,
                page.sheet.hidden,
                "data" if page.table else "notes" if page.titles.notes else "empty",
                (page.table.region,) if page.table else (),
            )
            for page in book.pages
        ],
    )


def _extract(data: bytes, file: SourceFile, found: FileRead) -> TableRegion:
    pathways = found.tables[0]
    rows = sum(batch.num_rows for batch in pathways.batches)
    names, columns = read_header(data, file)
    dimensions = ("period", "code", "name", "rtt_part_type", "rtt_part_description")
    return TableRegion(
        name=None,
        header_rows=(pathways.header_row, pathways.header_row),
        first_data_row=pathways.first_row,
        last_data_row=pathways.last_row,
        data_rows=rows,
        columns=tuple(
            ColumnRegion(
                i,
                name,
                landed,
                "dimension" if landed.endswith(dimensions) else "measure",
            )
            for i, (name, landed) in enumerate(zip(names, columns, strict=True))
        ),
        notes=(*found.notes, *pathways.notes),
    )
