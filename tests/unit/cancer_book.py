"""Small cancer files in the publisher's layout, made in memory."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.table import Table
from openpyxl.worksheet.worksheet import Worksheet

from loaders.cancer import PIPELINE
from loaders.model import Claims, FileRead, SourceFile

Row = list[Any]
NATIONAL = "ALL ENGLISH PROVIDERS"

HEAD_31 = ["ODS CODE (1)", "ACCOUNTABLE PROVIDER", "TREATMENT STAGE", "CANCER TYPE (3)"]
TAIL_31 = [
    *("TOTAL", "WITHIN 31 DAYS", "AFTER 31 DAYS", "TREATED WITHIN 31 DAYS", " "),
    *("WITHIN 31 DAYS ", "IN 32 TO 38 DAYS", "IN 39 TO 48 DAYS"),
    *("IN 49 TO 62 DAYS", "AFTER 62 DAYS"),
]
TAIL_28 = [
    *("TOTAL", "WITHIN 28 DAYS", "AFTER 28 DAYS", "TOLD WITHIN 28 DAYS", " "),
    *("WITHIN 14 DAYS", "IN 15 TO 28 DAYS", "IN 29 TO 42 DAYS"),
    *("IN 43 TO 62 DAYS", "AFTER 62 DAYS"),
]
LEGACY = [
    *("ONS AREA ID (1)", "ODS CODE (2)", "PROVIDER", "CARE SETTING (3)"),
    *("CANCER TYPE (4)", "TOTAL", "WITHIN 31 DAYS", "AFTER 31 DAYS", "", ""),
    *("WITHIN 31 DAYS", "32 TO 38 DAYS", "AFTER 38 DAYS"),
]


def figures(total: float, within: float, bands: int = 5) -> Row:
    """Total, within, after, percentage, spacer and bands of a row."""
    rest: Row = [within, total - within] + [0] * (bands - 2)
    return [total, within, total - within, within / total, "", *rest]


def preamble(
    title: str = "ONE MONTH (31-DAY) WAIT: BY TREATMENT STAGE AND BY TUMOUR",
    period: Any = "Aug-25",
    basis: str = "PROVIDER",
) -> list[Row]:
    """The rows above the tables of a sheet."""
    return [
        [title],
        [period],
        [f"BASIS: {basis} BASED INCLUDING WELSH CROSS-BORDER PATIENTS"],
        ["DEFINITIONS:  DCB0147 Amd 16/2019"],
        [],
    ]


def rows_31(stage: str = "ALL STAGES", cancers: Sequence[str] = ("Breast", "Lung")):
    """Two providers by cancer, a blank row, England by cancer."""
    own = [
        ["", code, name, stage, cancer, *figures(10, 8)]
        for code, name in (("RJ1", "GUY'S AND ST THOMAS'"), ("S3H9L", "THE HAMPTONS"))
        for cancer in cancers
    ]
    england = [
        ["", "", NATIONAL, stage, cancer, *figures(20, 16)] for cancer in cancers
    ]
    return [*own, [], *england]


def sheet_31(**changes: Any) -> list[Row]:
    """A 31-day sheet by cancer with two PARTs."""
    head = ["", *changes.pop("header", [*HEAD_31, *TAIL_31])]
    group = [""] * 5 + [
        "NUMBER OF PEOPLE",
        "",
        "",
        "PERCENTAGE",
        "",
        "NUMBER OF PEOPLE",
    ]
    return [
        *preamble(**changes),
        ["PART A: ALL STAGES"],
        group,
        head,
        *rows_31(),
        [],
        ["PART B: FIRST TREATMENTS"],
        [],
        head,
        *rows_31("First Treatment"),
    ]


def sheet_fds() -> list[Row]:
    """An FDS sheet of all routes."""
    head = ["", "ODS CODE (1)", "ACCOUNTABLE PROVIDER", "REFERRAL ROUTE", *TAIL_28]
    return [
        *preamble("FOUR WEEK (28 DAYS) WAIT: ALL ROUTES"),
        head,
        ["", "RJ1", "GUY'S AND ST THOMAS'", "ALL ROUTES", *figures(10, 8)],
        [],
        ["", "", NATIONAL, "ALL ROUTES", *figures(10, 8)],
    ]


FRONT = [
    [],
    ["Status: Final Official Statistics"],
    ["Cancer Waiting Times statistics: Provider Based"],
    ["August 2025"],
    ["Contents"],
]


def xlsx(
    sheets: dict[str, list[Row]],
    *,
    hidden: Sequence[str] = (),
    declare: bool = False,
    change: Callable[[Workbook], None] | None = None,
) -> bytes:
    """A workbook of rows; ``declare`` makes Excel tables of the runs under headers."""
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for i, row in enumerate(rows, 1):
            for j, cell in enumerate(row, 1):
                if cell != "":
                    sheet.cell(i, j, cell)
        if name in hidden:
            sheet.sheet_state = "hidden"
        if declare:
            _declare(sheet, rows)
    if change:
        change(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _declare(sheet: Worksheet, rows: list[Row]) -> None:
    for i, row in enumerate(rows):
        if len(row) > 5 and str(row[1]).startswith("ODS"):
            end = i
            while end + 1 < len(rows) and any(c != "" for c in rows[end + 1]):
                end += 1
            ref = f"B{i + 1}:{get_column_letter(len(row))}{end + 1}"
            number = f"{sheet.title}_{i}".replace(" ", "_").replace("-", "_")
            sheet.add_table(Table(displayName=f"T_{number}", ref=ref))


def to_csv(rows: list[Row], delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    """The rows as csv."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue().encode(encoding)


def source(name: str, claims: Claims | None = None) -> SourceFile:
    """A file of that name with what its name claims, unless told otherwise."""
    given = PIPELINE.claims(name) if claims is None else claims
    return SourceFile(source=name, name=name, path=Path(name), claims=given)


def read(data: bytes, name: str, claims: Claims | None = None) -> FileRead:
    """Reads a file as the pipeline does."""
    return PIPELINE.read(data, source(name, claims))


def landed(file: FileRead, source_table: str | None = None) -> list[dict[str, Any]]:
    """The rows as the raw view shows them: what a table shares is on each."""
    return [
        {
            **row,
            "basis": file.basis,
            "_source_part": table.part,
            "_source_table": table.source_table,
        }
        for table in file.tables
        if source_table in (None, table.source_table)
        for batch in table.batches
        for row in batch.to_pylist()
    ]
