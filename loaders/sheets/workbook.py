"""Workbooks: what the bytes are, the sheets inside, the tables declared in the file.

Read with calamine only: on published workbooks openpyxl is 4 to 78 times slower and
fails on a quarter of them. calamine turns error cells (``#DIV/0!``) into blanks.
"""

from __future__ import annotations

import functools
import io
import re
import struct
import zipfile
import zlib
from collections import deque
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import PurePosixPath
from typing import Any
from xml.etree import ElementTree

from loaders.errors import Quarantined
from loaders.sheets.names import column_index

Rows = list[list[Any]]

#: A workbook is read in memory. The largest of our publishers unpacks to 0.3 GiB; two
#: are what a machine of 8 GiB still bears.
MAX_UNPACKED_BYTES = 2 * 1024**3
#: Sheet xml packs 10 to 30 times. 200 is a bomb, once it is big enough to hurt: small
#: parts full of blanks may pack as well as that by nature.
MAX_RATIO = 200
RATIO_MATTERS_FROM_BYTES = 100 * 1024**2

#: Sheets parsed before they are asked for: small ones take less time to parse than the
#: one before takes to be worked on; many would be held in memory twice.
_SHEETS_AHEAD = 3

_ZIP_MAGIC = b"PK\x03\x04"
_OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_UTF16 = functools.partial(str.encode, encoding="utf-16-le")
_SAVE_AGAIN = "download the file again, or open it and save it as .xlsx, then load it"


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


@dataclass
class Sheet:
    """One sheet: ``rows[i]`` is the sheet's row ``i + 1``, all of the same length.

    ``name`` is ``None`` for a csv, which has no sheets.
    """

    name: str | None
    hidden: bool
    rows: Rows
    tables: tuple[DeclaredTable, ...] = ()


def sniff(data: bytes) -> str:
    """What the bytes are, whatever the name says.

    Returns:
        ``xlsx``, ``xlsb``, ``ods``, ``xls``, ``encrypted``, ``ole``, ``zip``,
        ``truncated_zip``, ``html``, ``pdf``, ``empty`` or ``text``.
    """
    if not data.strip(b"\0 \t\r\n\xef\xbb\xbf"):
        return "empty"
    if data.startswith(_ZIP_MAGIC):
        return _sniff_zip(data)
    if data.startswith(_OLE_MAGIC):
        if _UTF16("EncryptedPackage") in data:
            return "encrypted"
        is_xls = _UTF16("Workbook") in data or _UTF16("Book\0") in data
        return "xls" if is_xls else "ole"
    if data.startswith(b"%PDF"):
        return "pdf"
    # A portal's "page not found" is often saved under the name of the file.
    head = data[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"<!doctype html", b"<html", b"<?xml")):
        return "html"
    return "text"


def _sniff_zip(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
    except ZIP_ERRORS:
        return "truncated_zip"
    if "xl/workbook.bin" in names:
        return "xlsb"
    if any(n.startswith("xl/workbook") for n in names):
        return "xlsx"
    return "ods" if {"mimetype", "content.xml"} <= names else "zip"


def reader_name() -> str:
    """The reader of workbooks and its version, as the ledger keeps it."""
    return f"calamine {_calamine_version()}"


@functools.cache
def _calamine_version() -> str:
    from importlib.metadata import version

    return version("python-calamine")


_NOT_A_WORKBOOK = {
    "empty": ("an empty file", "download it again"),
    "truncated_zip": (
        "a zip that breaks off: its directory at the end is missing or damaged",
        "download it again; the transfer was cut short",
    ),
    "encrypted": (
        "a password-protected workbook",
        "ask the publisher for one without a password, or save it without one",
    ),
    "ole": ("an OLE file without a workbook, such as a .doc or .msg", _SAVE_AGAIN),
    "zip": ("a zip without a workbook in it", "load the files inside it"),
    "html": ("a web page, not a file", "check the address and download it again"),
    "pdf": ("a PDF", "load the workbook or csv of the same publication"),
    "text": ("text, or bytes of no known kind", _SAVE_AGAIN),
}


def open_workbook(data: bytes, name: str, kind: str | None = None) -> Generator[Sheet]:
    """Reads the sheets of a workbook one after the other.

    Args:
        data: The bytes of an xlsx, xlsm, xlsb, xls or ods file.
        name: File name, for messages.
        kind: What :func:`sniff` said of it, when already known.

    Yields:
        Each worksheet, hidden ones too, with the tables declared on it (xlsx only).

    Raises:
        Quarantined: Not a workbook, truncated, password-protected, empty, damaged, or
            a zip that would unpack to more than the limits above.
    """
    kind = kind or sniff(data)
    if kind in _NOT_A_WORKBOOK:
        found, next_step = _NOT_A_WORKBOOK[kind]
        raise Quarantined(
            "cannot read the workbook",
            where=name,
            expected="an Excel workbook (xlsx, xlsm, xlsb or xls)",
            found=found,
            next_step=next_step,
        )
    archive = None
    if kind in ("xlsx", "xlsb", "ods"):
        archive = zipfile.ZipFile(io.BytesIO(data))
        check_archive(archive, name)
    yield from _sheets(data, name, archive if kind == "xlsx" else None)


def _sheets(
    data: bytes, name: str, archive: zipfile.ZipFile | None
) -> Generator[Sheet]:
    from python_calamine import (
        CalamineError,
        PasswordError,
        SheetTypeEnum,
        SheetVisibleEnum,
        load_workbook,
    )

    sheet_name = None
    try:
        workbook = load_workbook(io.BytesIO(data))
        # Chart and macro sheets hold no cells.
        metas = [
            m for m in workbook.sheets_metadata if m.typ == SheetTypeEnum.WorkSheet
        ]
        # calamine parses without the interpreter's lock, so the next sheets are parsed
        # while the caller works on this one.
        with ThreadPoolExecutor(1) as ahead:
            names = iter([m.name for m in metas])
            parsed = deque(
                ahead.submit(workbook.get_sheet_by_name, n)
                for n in islice(names, _SHEETS_AHEAD)
            )
            tables = _declared_tables(archive, name) if archive else {}
            for meta in metas:
                sheet_name = meta.name
                sheet = parsed.popleft().result()
                parsed.extend(
                    ahead.submit(workbook.get_sheet_by_name, n)
                    for n in islice(names, 1)
                )
                rows = sheet.to_python(skip_empty_area=False)
                hidden = meta.visible != SheetVisibleEnum.Visible
                yield Sheet(sheet_name, hidden, rows, tables.get(sheet_name, ()))
                del sheet, rows
    except PasswordError as error:
        found, next_step = _NOT_A_WORKBOOK["encrypted"]
        raise Quarantined(
            "cannot read the workbook",
            where=name,
            expected="a workbook without a password",
            found=found,
            next_step=next_step,
        ) from error
    except CalamineError as error:
        raise _damaged(name, sheet_name, str(error)) from error


def _damaged(name: str, sheet: str | None, detail: str) -> Quarantined:
    return Quarantined(
        "cannot read the workbook",
        where=name if sheet is None else f"{name}, sheet '{sheet}'",
        expected="a workbook that opens",
        found=f"a damaged workbook: {detail}",
        next_step=_SAVE_AGAIN,
    )


def check_archive(archive: zipfile.ZipFile, name: str) -> None:
    """Refuses a zip that would fill the memory or write outside its folder.

    Raises:
        Quarantined: The declared sizes, or the name of a member, are beyond the limits.
    """
    members = archive.infolist()
    total = sum(m.file_size for m in members)
    if total > MAX_UNPACKED_BYTES:
        raise _refused(
            name,
            f"at most {MAX_UNPACKED_BYTES:,} bytes unpacked",
            f"{total:,} bytes unpacked",
        )
    for m in members:
        ratio = m.file_size / max(m.compress_size, 1)
        if m.file_size > RATIO_MATTERS_FROM_BYTES and ratio > MAX_RATIO:
            raise _refused(
                f"{name}, member '{m.filename}'",
                f"a member packed at most {MAX_RATIO} times",
                f"{m.file_size:,} bytes packed {ratio:,.0f} times",
            )
        path = m.filename.replace("\\", "/")
        if path.startswith("/") or ".." in path.split("/") or path[1:3] == ":/":
            raise _refused(
                f"{name}, member '{m.filename}'",
                "members that stay inside the archive",
                "a path that leads out of it",
            )


def _refused(where: str, expected: str, found: str) -> Quarantined:
    return Quarantined(
        "refused to unpack the file",
        where=where,
        expected=expected,
        found=found,
        next_step="do not open it; get the file from its publisher again",
    )


# ------------------------------------------------------- tables declared in the file

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_REL_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_TABLE_TYPE = "/relationships/table"
_REF = re.compile(r"([A-Z]+)(\d+):([A-Z]+)(\d+)")


def _declared_tables(
    archive: zipfile.ZipFile, name: str
) -> dict[str, tuple[DeclaredTable, ...]]:
    members = set(archive.namelist())
    if not any(m.startswith("xl/tables/") for m in members):
        return {}
    result = {}
    try:
        workbook = ElementTree.fromstring(archive.read("xl/workbook.xml"))
        parts = {r: target for r, _, target in _relations(archive, "xl/workbook.xml")}
        for sheet in workbook.iter(f"{_MAIN}sheet"):
            part = parts.get(sheet.get(_REL_ID, ""), "")
            tables = [
                _table(archive.read(target))
                for _, kind, target in _relations(archive, part)
                if kind.endswith(_TABLE_TYPE)
            ]
            tables.sort(key=lambda t: (t.first_row, t.first_col))
            result[sheet.get("name", "")] = tuple(tables)
    except (KeyError, ElementTree.ParseError, *ZIP_ERRORS) as error:
        raise _damaged(name, None, f"its table declarations: {error}") from error
    return result


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
