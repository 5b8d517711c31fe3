"""The parts of an xlsx that calamine does not tell: declared tables, error cells."""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any
from xml.etree import ElementTree

from loaders.sheets.names import column_index

#: What zipfile raises, somewhere or other, on a damaged archive.
ZIP_ERRORS = (
    zipfile.BadZipFile,
    ValueError,
    OSError,
    EOFError,
    RuntimeError,
    struct.error,
    zlib.error,
)


@dataclass(frozen=True)
class DeclaredTable:
    """An Excel table declared in the file; rows 1-based, columns 0-based, inclusive.

    Attributes:
        name: Its name in the workbook.
        header_row: Row of the column names; ``None`` when the header is switched off.
        first_row: First data row.
        last_row: Last data row, without the totals row Excel may add.
        totals_row: That totals row, if any.
        first_col: First column.
        last_col: Last column.
    """

    name: str
    header_row: int | None
    first_row: int
    last_row: int
    totals_row: int | None
    first_col: int
    last_col: int


# ------------------------------------------------------- tables declared in the file

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_REL_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_TABLE_TYPE = "/relationships/table"
_REF = re.compile(r"([A-Z]+)(\d+):([A-Z]+)(\d+)")


#: A cell whose formula failed, and the text of its error.
_ERROR_CELL = re.compile(
    rb'<c\b(?=[^>]*\bt="e")[^>]*\br="([A-Z]+)(\d+)"[^>]*>(?:(?!</c>).)*?<v>([^<]*)</v>',
    re.DOTALL,
)


class PartsError(ValueError):
    """A part of a workbook that cannot be read."""


class WorkbookParts:
    """The parts of an xlsx, by the names of its sheets."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._part_of: dict[str, str] | None = None

    def tables(self) -> dict[str, tuple[DeclaredTable, ...]]:
        """The Excel tables declared on each sheet.

        Raises:
            PartsError: A declaration is damaged.
        """
        archive = self._archive
        if not any(m.startswith("xl/tables/") for m in archive.namelist()):
            return {}
        result = {}
        try:
            for sheet, part in self._parts().items():
                tables = [
                    _table(archive.read(target))
                    for _, kind, target in _relations(archive, part)
                    if kind.endswith(_TABLE_TYPE)
                ]
                tables.sort(key=lambda t: (t.first_row, t.first_col))
                result[sheet] = tuple(tables)
        except (KeyError, ElementTree.ParseError, *ZIP_ERRORS) as error:
            raise PartsError(f"its table declarations: {error}") from error
        return result

    def put_errors(self, sheet: str, rows: list[list[Any]]) -> None:
        """Writes the text of each error cell of a sheet where calamine left a blank.

        Raises:
            PartsError: The sheet is damaged.
        """
        try:
            xml = self._archive.read(self._parts()[sheet])
        except (KeyError, ElementTree.ParseError, *ZIP_ERRORS) as error:
            raise PartsError(f"its sheets: {error}") from error
        if b't="e"' not in xml:
            return
        for match in _ERROR_CELL.finditer(xml):
            row = int(match[2]) - 1
            column = column_index(match[1].decode())
            if row < len(rows) and column < len(rows[row]) and rows[row][column] == "":
                rows[row][column] = match[3].decode(errors="replace")

    def _parts(self) -> dict[str, str]:
        """Sheet names and the members that hold their cells."""
        if self._part_of is None:
            main = "xl/workbook.xml"
            workbook = ElementTree.fromstring(self._archive.read(main))
            targets = {r: target for r, _, target in _relations(self._archive, main)}
            self._part_of = {
                sheet.get("name", ""): targets.get(sheet.get(_REL_ID, ""), "")
                for sheet in workbook.iter(f"{_MAIN}sheet")
            }
        return self._part_of


def _relations(archive: zipfile.ZipFile, part: str) -> list[tuple[str, str, str]]:
    """The relations of a part: id, type and target as a member name."""
    folder = PurePosixPath(part).parent
    path = f"{folder}/_rels/{PurePosixPath(part).name}.rels"
    try:
        xml = archive.read(path)
    except KeyError:
        return []
    result = []
    for r in ElementTree.fromstring(xml):
        if r.get("TargetMode") == "External":
            continue
        target = _joined(folder, r.get("Target", ""))
        result.append((r.get("Id", ""), r.get("Type", ""), target))
    return result


def _joined(folder: PurePosixPath, target: str) -> str:
    if target.startswith("/"):
        return target[1:]
    parts: list[str] = list(folder.parts)
    for step in PurePosixPath(target).parts:
        if step == "..":
            parts.pop()
        else:
            parts.append(step)
    return "/".join(parts)


def _table(xml: bytes) -> DeclaredTable:
    root = ElementTree.fromstring(xml)
    ref = root.get("ref", "")
    match = _REF.fullmatch(ref)
    if not match:
        raise ValueError(f"table '{root.get('name')}' has the range '{ref}'")
    first, last = int(match[2]), int(match[4])
    headers = int(root.get("headerRowCount", "1"))
    totals = int(root.get("totalsRowCount", "0"))
    return DeclaredTable(
        name=root.get("displayName") or root.get("name") or "",
        header_row=first if headers else None,
        first_row=first + headers,
        last_row=last - totals,
        totals_row=last if totals else None,
        first_col=column_index(match[1]),
        last_col=column_index(match[3]),
    )
