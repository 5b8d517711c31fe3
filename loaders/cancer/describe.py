"""The manifest of a cancer file: its sheets and tables as the reader sees them."""

from __future__ import annotations

from typing import Any

from loaders.cancer.read import Survey, survey
from loaders.cancer.tables import Page, Table
from loaders.model import SourceFile
from loaders.sheets.layout import (
    ERROR_MARKS,
    ColumnRegion,
    SheetRegion,
    TableRegion,
)
from loaders.sheets.manifest import manifest
from loaders.sheets.values import is_blank


def describe(data: bytes, file: SourceFile) -> dict[str, Any]:
    """Builds the manifest of a cancer file.

    Raises:
        Quarantined: As the reader, but for single figures.
    """
    found = survey(data, file)
    return manifest(
        data,
        file=file.source,
        reader=found.reader,
        period=found.period,
        period_source=found.period_source,
        release_status=found.release_status,
        sheets=[_sheet(page, found) for page in found.pages],
    )


def _sheet(page: Page, found: Survey) -> SheetRegion:
    tables = tuple(_region(t) for t in found.tables if t.page is page)
    kind = "data" if tables else "notes" if page.facts.notes else "empty"
    return SheetRegion(page.sheet.name, page.sheet.hidden, kind, tables)


def _region(table: Table) -> TableRegion:
    national = set(table.rows.national)
    emitted = table.rows.emitted
    own = [i for i in emitted if i not in national] or emitted
    footers = table.rows.footers
    block = table.block
    top = block.header if block.group is None else block.group
    return TableRegion(
        name=table.title,
        header_rows=(top + 1, block.header + 1),
        first_data_row=own[0] + 1,
        last_data_row=own[-1] + 1,
        data_rows=len(emitted) - len(national),
        columns=_columns(table),
        aggregate_rows=tuple(i + 1 for i in table.rows.national),
        footer_rows=(footers[0] + 1, footers[-1] + 1) if footers else None,
        notes=table.notes,
    )


def _columns(table: Table) -> tuple[ColumnRegion, ...]:
    block, rows = table.block, table.page.sheet.rows
    known = dict(table.columns)
    levels = block.columns
    if block.declared is None:
        levels = range(min(known), max(known) + 1)
    group: str | None = None
    result = []
    for c in levels:
        above = rows[block.group][c] if block.group is not None else None
        if not is_blank(above) and above not in ERROR_MARKS:
            group = _one_line(above)
        if c not in known:
            # A spacer: what stands over the columns before it does not reach past it.
            group = None
            result.append(ColumnRegion(c, "", None, "spacer"))
            continue
        own = _one_line(block.names[c])
        name = own if group is None or group == own else f"{group} | {own}"
        role = "dimension" if known[c].role == "dimension" else "measure"
        result.append(ColumnRegion(c, name, known[c].landed, role))
    return tuple(result)


def _one_line(header: object) -> str:
    return " ".join(str(header).split())
