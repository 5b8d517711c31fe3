"""Workbooks in the layouts of other publications, as small as their traps allow.

What the modules beside it build from: a sheet as rows, and what a reader must see.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from openpyxl import Workbook

Row = Sequence[Any]

TRUSTS = (
    ("Y62", "RBT", "Mid Cheshire Hospitals NHS Foundation Trust"),
    ("Y62", "RJR", "Countess of Chester Hospital NHS Foundation Trust"),
    ("Y63", "RAE", "Bradford Teaching Hospitals NHS Foundation Trust"),
    ("Y63", "RR8", "Leeds Teaching Hospitals NHS Trust"),
)


@dataclass(frozen=True)
class Seen:
    """One table as a reader must see it; ``None`` where the layout leaves it open."""

    header_rows: tuple[int, int]
    first_data_row: int
    last_data_row: int
    data_rows: int
    columns: int
    aggregate_rows: tuple[int, ...] = ()
    names: dict[str, str] = field(default_factory=dict)
    clean_names: dict[str, str] = field(default_factory=dict)
    periods: tuple[str, ...] = ()
    dropped_periods: tuple[str, ...] = ()
    period_starts: tuple[str, ...] = ()
    fills: dict[str, str] = field(default_factory=dict)
    footer_first_row: int | None = None


@dataclass(frozen=True)
class Layout:
    """A sheet of a publication and the tables on it, from top left to bottom right."""

    name: str
    sheet: str
    rows: Sequence[Row]
    tables: tuple[Seen, ...]
    merged: tuple[str, ...] = ()
    hidden: bool = False
    kind: str = "data"

    def workbook(self) -> bytes:
        """The sheet alone in an xlsx."""
        book = Workbook()
        page = book.active
        page.title = self.sheet
        for number, row in enumerate(self.rows, start=1):
            for column, value in enumerate(row, start=1):
                if value is not None:
                    page.cell(number, column, value)
        for area in self.merged:
            page.merge_cells(area)
        if self.hidden:
            book.create_sheet("Notes")["A1"] = "Notes"
            page.sheet_state = "hidden"
        stream = io.BytesIO()
        book.save(stream)
        return stream.getvalue()


def preamble(title: str, last: int) -> list[Row]:
    """The block of NHS England above a table, up to the row before ``last``."""
    lines: list[Row] = [
        (),
        (None, "Title:", title),
        (None, "Summary:", "Counts submitted by providers."),
        (),
        (None, "Period:", "October 2025"),
        (None, "Source:", "Strategic Data Collection Service"),
        (None, "Basis:", "Provider"),
        (None, "Published:", "11th December 2025"),
        (None, "Revised:", "-"),
        (None, "Status:", "Published"),
        (None, "Contact:", "england.nhsdata@nhs.net"),
    ]
    return lines + [()] * (last - len(lines))


def month(year: int, number: int) -> datetime:
    return datetime(year, number, 1)
