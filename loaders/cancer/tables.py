"""Tables: a block of a sheet whose columns are known and whose rows are told apart."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING, Any

from loaders.cancer import layout
from loaders.cancer.blocks import Block, BlockRows, classify
from loaders.cancer.content import Facts
from loaders.cancer.layout import Col, Layout
from loaders.errors import Quarantined
from loaders.model import Period
from loaders.sheets.layout import texts
from loaders.sheets.names import clean_name
from loaders.sheets.workbook import Sheet

if TYPE_CHECKING:
    import pyarrow as pa

#: Dimensions that the rows of England leave blank; all others are filled on every row.
MAY_BE_BLANK = frozenset(("ods_code", "ons_area_id"))


@dataclass
class Page:
    """A sheet, what it says, and the tables on it."""

    sheet: Sheet
    where: str
    facts: Facts
    blocks: list[Block]


@dataclass
class Table:
    """A block whose columns and rows are known."""

    page: Page
    block: Block
    layout: Layout
    source_table: str
    rows: BlockRows
    title: str | None
    notes: tuple[str, ...]
    rows_read: int = 0
    arrays: dict[str, pa.Array] = field(default_factory=dict)

    @property
    def where(self) -> str:
        """File and sheet, for messages."""
        return self.page.where

    @property
    def columns(self) -> list[tuple[int, Col]]:
        """The named columns of the sheet and what they are."""
        return list(zip(self.block.names, self.layout.columns, strict=True))


def table_of(
    page: Page, columns: list[list[Any]], block: Block, period: Period
) -> Table:
    """Knows the columns of a block and tells its rows apart.

    Args:
        page: Its sheet.
        columns: The sheet by column.
        block: Where it stands.
        period: The file's period, which says what standards apply.

    Raises:
        Quarantined: Its columns or one of its rows are not what they must be.
    """
    place = f"{page.where}, row {block.header + 1}"
    names = block.clean
    if period.start.strftime("%Y-%m") < layout.CURRENT_STANDARDS_FROM:
        found = layout.match_legacy(names, place)
    else:
        _refuse_legacy(names, place, period)
        found = layout.match(names, place)
    at = {c.landed: i for i, c in zip(block.names, found.columns, strict=True)}
    dimensions = [
        c.landed
        for c in found.columns
        if c.role == "dimension" and c.landed not in MAY_BE_BLANK
    ]
    dimensions.sort(key=lambda landed: landed != "org_name")
    keys = [at[d] for d in dimensions]
    rows = classify(page.sheet.rows, columns, block, at["ods_code"], keys, page.where)
    if not rows.runs:
        raise Quarantined(
            "cannot read the table",
            where=place,
            expected="rows of organisations below the header",
            found="a header without a row",
            next_step="compare with the publisher's copy and download the file again",
        )
    source_table = found.source_table
    if found.table != "legacy_waits" and "cancer_type" in at:
        cells = columns[at["cancer_type"]]
        values = set(chain.from_iterable(cells[r.start : r.stop] for r in rows.runs))
        source_table = _by_content(source_table, values, place)
    if found.table == "legacy_waits":
        source_table = _by_title(source_table, page.facts.notes[:1])
    title = block.part or (page.facts.notes[0] if page.facts.notes else None)
    notes = tuple(" ".join(texts(page.sheet.rows[i])) for i in rows.footers)
    return Table(page, block, found, source_table, rows, title, notes)


def _refuse_legacy(names: Sequence[str], place: str, period: Period) -> None:
    old = layout.legacy_headers(names)
    if old:
        raise Quarantined(
            "cannot load a table of the standards before October 2023 under the "
            f"current ones: its period is {period.label}",
            where=place,
            expected="headers of the current standards, such as ACCOUNTABLE PROVIDER",
            found=f"headers of the earlier standards: {', '.join(old)}",
            next_step="check the period stated in the file against its publication; "
            "download the file again",
        )


def _by_title(source_table: str, title: Sequence[str]) -> str:
    """Tells apart the earlier standards' sheets of one number of days.

    First treatments and subsequent radiotherapy have the same columns and are told
    apart by the title alone; taken for one table, one would supersede the other.
    """
    words = clean_name(re.sub(r"\([^)]*\)", " ", title[0])) if title else ""
    words = re.sub(r"^[a-z0-9]+_(days?|weeks?|months?)_", "", words)
    words = re.sub(r"^waits?_(for|from)_", "", words)
    return f"{source_table}_{words}" if words else source_table


def _by_content(source_table: str, values: Iterable[Any], place: str) -> str:
    kinds = {str(v).strip().upper() == "ALL CANCERS" for v in values}
    if len(kinds) > 1:
        raise Quarantined(
            "cannot tell which table this is",
            where=place,
            expected="cancer types each apart, or ALL CANCERS alone",
            found="both in one table, which would count every patient twice",
            next_step="compare with the publisher's copy and download the file again",
        )
    return (
        source_table.replace("by_cancer", "all_cancers")
        if True in kinds
        else (source_table)
    )
