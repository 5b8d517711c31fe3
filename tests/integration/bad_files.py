"""Files as publishers, mail programs and attackers damage them."""

from __future__ import annotations

import io
import re
import struct
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

from examples import cancer_files
from examples.figures import read_values

LINE_31 = "5.-31-Day-By-Cancer-Provider-Data.csv"
LINE_62 = "8.-62-Day-By-Cancer-Provider-Data.csv"


def small_workbook(period: str) -> bytes:
    values = read_values("2025-08").only("RJ1")
    return cancer_files.provider_workbook(
        values, period, sheets=(3, 5), example=False, declared_tables=False
    )


def small_csv(sheet: int = 5, period: str = "2025-03") -> str:
    values = read_values("2025-03").only("RJ1")
    return cancer_files.sheet_csv(values, sheet, period, example=False).decode()


def changed(data: bytes, member: str, change: Callable[[str], str]) -> bytes:
    """A zip with one member changed."""
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(result, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == member:
                before = content.decode()
                content = change(before).encode()
                assert content.decode() != before
            new.writestr(name, content, zipfile.ZIP_DEFLATED)
    return result.getvalue()


def cell(text: str, address: str, replacement: str) -> str:
    """The xml of a sheet with one cell replaced."""
    pattern = rf'<c r="{address}"[^>]*?(/>|>.*?</c>)'
    assert re.search(pattern, text), address
    return re.sub(pattern, replacement.replace("\\", r"\\"), text, count=1)


def error_cell(address: str) -> Callable[[str], str]:
    new = f'<c r="{address}" t="e"><v>#DIV/0!</v></c>'
    return lambda text: cell(text, address, new)


def text_cell(address: str, value: str) -> Callable[[str], str]:
    new = f'<c r="{address}" t="inlineStr"><is><t>{value}</t></is></c>'
    return lambda text: cell(text, address, new)


def with_field(text: str, row: int, column: int, value: str) -> str:
    """A csv with one field of a (1-based) row replaced; no field holds a comma."""
    lines = text.split("\r\n")
    fields = lines[row - 1].split(",")
    fields[column] = value
    lines[row - 1] = ",".join(fields)
    return "\r\n".join(lines)


def ole(stream: str) -> bytes:
    """An OLE container with one empty stream of this name."""
    free, end, fat = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD

    def entry(name: str, kind: int, child: int, start: int) -> bytes:
        raw = name.encode("utf-16-le") + b"\0\0"
        size = len(raw)
        head = raw.ljust(64, b"\0") + struct.pack("<HBB", size, kind, 1)
        return (
            head
            + struct.pack("<III", free, free, child)
            + bytes(36)
            + struct.pack("<IQ", start, 0)
        )

    header = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + bytes(16)
        + struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
        + struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, end, 0, end, 0)
        + struct.pack("<I", 0)
        + struct.pack("<I", free) * 108
    )
    table = struct.pack("<II", fat, end) + struct.pack("<I", free) * 126
    directory = entry("Root Entry", 5, 1, end) + entry(stream, 2, free, end)
    return header + table + directory + bytes(256)


def bomb() -> bytes:
    """A workbook of 300 KB whose sheet unpacks to 300 MB."""
    result = io.BytesIO()
    block = b" " * (1 << 20)
    with zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        with archive.open("xl/worksheets/sheet1.xml", "w") as sheet:
            for _ in range(300):
                sheet.write(block)
    return result.getvalue()


def traversing() -> bytes:
    result = io.BytesIO()
    with zipfile.ZipFile(result, "w") as archive:
        archive.writestr(f"../../{LINE_31}", small_csv())
    return result.getvalue()


def traversing_workbook() -> bytes:
    result = io.BytesIO(small_workbook("2025-08"))
    with zipfile.ZipFile(result, "a") as archive:
        archive.writestr("../../outside.xml", "<x/>")
    return result.getvalue()


def empty_sheet() -> bytes:
    def no_rows(text: str) -> str:
        return re.sub(r"<sheetData>.*</sheetData>", "<sheetData/>", text, flags=re.S)

    return changed(small_workbook("2025-08"), "xl/worksheets/sheet3.xml", no_rows)


def without_headers(parts: int) -> str:
    """The small csv without the column headers of its first parts."""
    lines = small_csv().split("\r\n")
    headers = [i for i, line in enumerate(lines) if line.startswith(",ODS CODE")]
    lost = headers[:parts]
    return "\r\n".join(line for i, line in enumerate(lines) if i not in lost)


@dataclass(frozen=True)
class Bad:
    """A file that has to be set aside, and what must be said of it."""

    name: str
    content: bytes | str
    said: tuple[str, ...]


# On sheet 5, row 9 has the column headers and row 10 is the first of RJ1.
BAD = (
    Bad(
        "not-a-workbook.xlsx",
        "this is a letter",
        ("this is a letter", "a header row with ODS"),
    ),
    Bad("web-page.xlsx", "<!DOCTYPE html><html>404</html>", ("a web page",)),
    Bad("truncated.xlsx", small_workbook("2025-08")[:-300], ("breaks off",)),
    Bad("secret.xlsx", ole("EncryptedPackage"), ("password-protected",)),
    Bad("letter.xls", ole("WordDocument"), ("OLE file without a workbook",)),
    Bad("nothing.xlsx", b"", ("an empty file",)),
    Bad("nothing.csv", "", ("nothing.csv",)),
    Bad("empty-sheet.xlsx", empty_sheet(), ("an empty sheet", "31-DAY")),
    Bad("no-header.csv", without_headers(3), ("a header row with ODS CODE",)),
    Bad(
        "no-first-header.csv", without_headers(1), ("38 rows without one", "ALL STAGES")
    ),
    Bad(
        "legacy/5.-31-Day-By-Cancer-Provider-Data.csv",
        cancer_files.legacy_csv(example=False),
        ("treatment_31_day_by_cancer, as its name says", "legacy_62_day"),
    ),
    Bad(
        "2025-08/11.-62-Day-Wait.csv",
        # Other bytes than the file above: the same content is told once.
        cancer_files.legacy_csv(example=False) + b"\r\n",
        ("the folder it lies in says 2025-08", "says 2015-07"),
    ),
    Bad(
        "error-in-count.csv",
        with_field(small_csv(), 10, 5, "#DIV/0!"),
        ("row 10", "column F 'TOTAL'", "a number", "'#DIV/0!'"),
    ),
    Bad(
        "percent-in-count.csv",
        with_field(small_csv(), 10, 6, "98.80%"),
        ("row 10", "column G 'WITHIN 31 DAYS'", "'98.80%'"),
    ),
    Bad(
        "error-in-count.xlsx",
        changed(
            small_workbook("2025-06"), "xl/worksheets/sheet3.xml", error_cell("F10")
        ),
        ("sheet '31-DAY", "row 10", "column F", "#DIV/0!"),
    ),
    Bad(
        "percent-in-count.xlsx",
        changed(
            small_workbook("2025-06"),
            "xl/worksheets/sheet3.xml",
            text_cell("F10", "98.80%"),
        ),
        ("sheet '31-DAY", "row 10", "column F", "'98.80%'"),
    ),
    Bad(
        "JULY-2025-PROVIDER.xlsx",
        small_workbook("2025-06"),
        ("the file (sheet 'Frontpage'", "2025-06", "its name says 2025-07"),
    ),
    Bad(
        "two-months.xlsx",
        cancer_files.provider_workbook(
            read_values().only("RJ1"),
            "2025-06",
            sheets=(3,),
            example=False,
            sheet_period="2025-05",
        ),
        ("one period, whoever states it", "2025-06", "2025-05"),
    ),
    Bad("bomb.xlsx", bomb(), ("200 times",)),
    Bad("path.zip", traversing(), ("a name that leaves the archive ('..')",)),
    Bad("path.xlsx", traversing_workbook(), ("a path that leads out of it",)),
    Bad("nul.csv", small_csv().replace("Breast", "Bre\0ast", 1), ("a NUL byte",)),
    Bad("binary.csv", bytes(range(256)) * 20, ("NUL",)),
)

GOOD: dict[str, bytes | str] = {
    "APRIL-2025-PROVIDER.xlsx": small_workbook("2025-04"),
    # Percentages of nothing, as the publisher prints them.
    f"good/2025-03/{LINE_31}": with_field(small_csv(), 10, 8, "#DIV/0!"),
    f"good/2025-02/{LINE_31}": with_field(small_csv(5, "2025-02"), 10, 8, "98.80%"),
    f"good/quoted/{LINE_62}": small_csv(8).replace(
        "CANCER TYPE (3)", '"CANCER; ""TYPE""; \'(3)"', 1
    ),
}
