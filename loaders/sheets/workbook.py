"""Workbooks: what the bytes are, the sheets inside, the tables declared in the file.

Read with calamine only: on published workbooks openpyxl is 4 to 78 times slower and
fails on a quarter of them. calamine turns error cells (``#DIV/0!``) into blanks; who
must tell them from blanks asks for them.
"""

from __future__ import annotations

import functools
import io
import zipfile
from collections import deque
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from typing import Any

from loaders.errors import Quarantined
from loaders.sheets.parts import ZIP_ERRORS, DeclaredTable, PartsError, WorkbookParts

Rows = list[list[Any]]
MergedArea = tuple[tuple[int, int], tuple[int, int]]

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


@dataclass
class Sheet:
    """One sheet: ``rows[i]`` is the sheet's row ``i + 1``, all of the same length.

    ``name`` is ``None`` for a csv, which has no sheets. ``merges`` are the merged
    areas: first and last cell as (row, column), 0-based and inclusive.
    """

    name: str | None
    hidden: bool
    rows: Rows
    tables: tuple[DeclaredTable, ...] = ()
    merges: tuple[MergedArea, ...] = ()


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


def open_workbook(
    data: bytes, name: str, kind: str | None = None, *, errors: bool = False
) -> Generator[Sheet]:
    """Reads the sheets of a workbook one after the other.

    Args:
        data: The bytes of an xlsx, xlsm, xlsb, xls or ods file.
        name: File name, for messages.
        kind: What :func:`sniff` said of it, when already known.
        errors: Whether failed formulas of an xlsx come as text, such as ``#N/A``.

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
    parts = WorkbookParts(archive) if archive and kind == "xlsx" else None
    yield from _sheets(data, name, parts, errors)


def _sheets(
    data: bytes, name: str, parts: WorkbookParts | None, errors: bool
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
            tables = parts.tables() if parts else {}
            for meta in metas:
                sheet_name = meta.name
                sheet = parsed.popleft().result()
                parsed.extend(
                    ahead.submit(workbook.get_sheet_by_name, n)
                    for n in islice(names, 1)
                )
                rows = sheet.to_python(skip_empty_area=False)
                if parts and errors:
                    parts.put_errors(sheet_name, rows)
                hidden = meta.visible != SheetVisibleEnum.Visible
                merges = tuple(sheet.merged_cell_ranges or ())
                declared = tables.get(sheet_name, ())
                yield Sheet(sheet_name, hidden, rows, declared, merges)
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
    except (CalamineError, PartsError) as error:
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
