"""The publishers' own files of publications, read without the loader."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from python_calamine import CalamineWorkbook

from tests.conftest import SHARED

FOLDER = SHARED / "publications"


def csv_rows(path: Path) -> list[list[str]]:
    """Lines of a csv that hold anything."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [row for row in csv.reader(file) if any(c.strip() for c in row)]


def sheet_rows(path: Path, sheet: str) -> list[list[Any]]:
    book = CalamineWorkbook.from_path(path)
    rows: list[list[Any]] = book.get_sheet_by_name(sheet).to_python(
        skip_empty_area=False
    )
    return rows
