"""Files that cannot be trusted: each is told in four parts, the others are loaded."""

from __future__ import annotations

import io
import os
import re
import shutil
import struct
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from examples import generate
from examples.figures import read_values
from tests.conftest import Warehouse
from tests.integration import support
from tests.integration.conftest import Done, Quick
from tests.integration.support import assert_ended, assert_four_parts, counted

Maker = Callable[..., Warehouse]
LINE_31 = "5.-31-Day-By-Cancer-Provider-Data.csv"
LINE_62 = "8.-62-Day-By-Cancer-Provider-Data.csv"


def small_workbook(period: str) -> bytes:
    values = read_values("2025-08").only("RJ1")
    return generate.provider_workbook(
        values, period, sheets=(3, 5), example=False, declared_tables=False
    )


def small_csv(sheet: int = 5, period: str = "2025-03") -> str:
    values = read_values("2025-03").only("RJ1")
    return generate.sheet_csv(values, sheet, period, example=False).decode()


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
        "2025-08/5.-31-Day-By-Cancer-Provider-Data.csv",
        generate.legacy_csv(example=False),
        ("treatment_31_day_by_cancer, as its name says", "legacy_62_day"),
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
        generate.provider_workbook(
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


@dataclass(frozen=True)
class Ended:
    """The one load of all of them, and where it went."""

    warehouse: Warehouse
    folder: Path
    done: Done


@pytest.fixture(scope="module")
def mixed(
    quick: Quick, module_warehouses: Maker, tmp_path_factory: pytest.TempPathFactory
) -> Ended:
    """Good and bad files loaded by one command."""
    folder = tmp_path_factory.mktemp("mixed")
    for name, content in {**GOOD, **{bad.name: bad.content for bad in BAD}}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    made = module_warehouses()
    return Ended(made, folder, quick.load(made, "--from", folder))


def test_the_other_files_are_loaded_and_the_code_is_1(mixed: Ended) -> None:
    assert_ended(mixed.done, 1)
    assert counted(mixed.done) == {
        "loaded": len(GOOD),
        "unchanged": 0,
        "superseded": 0,
        "quarantined": len(BAD),
        "failed": 0,
        "rows": mixed.warehouse.one("select sum(rows_landed) from raw_cancer.files"),
        "seconds": counted(mixed.done)["seconds"],
    }


def test_nothing_of_a_bad_file_is_loaded(mixed: Ended) -> None:
    assert support.orphans(mixed.warehouse) == 0
    landed = sum(rows for rows, _ in support.raw(mixed.warehouse).values())
    assert landed == mixed.warehouse.one(
        "select sum(rows_read) from raw_cancer.files where status = 'loaded'"
    )
    assert not list(mixed.folder.parent.glob("outside*"))


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: bad.name)
def test_a_bad_file_is_told_in_four_parts(mixed: Ended, bad: Bad) -> None:
    source = str(mixed.folder / bad.name)
    ((status, reason, again),) = mixed.warehouse.rows(
        "select status, reason, next_command from raw_cancer.files"
        " where split_part(source_file, '!', 1) = %s",
        source,
    )
    assert status == "quarantined"
    assert again == f"dlt pipeline cancer run --from {source} --retry-failed"
    assert_four_parts(reason, Path(bad.name).name, *bad.said)
    told = [t for t in mixed.done.stdout.split("\n\n") if again in t.splitlines()[-1]]
    assert len(told) == 1
    assert_four_parts(told[0], Path(bad.name).name, *bad.said)


def test_marks_in_the_percentage_column_land_as_published(mixed: Ended) -> None:
    found = mixed.warehouse.rows(
        "select _period_start::text, pct_within_31_days"
        " from raw_cancer.treatment_31_day_waits"
        " where _source_row = 10 and _source_sheet is null order by 1"
    )
    assert found == [("2025-02-01", "98.80%"), ("2025-03-01", "#DIV/0!")]


def test_a_header_with_quotes_and_semicolons_is_only_text(mixed: Ended) -> None:
    assert mixed.warehouse.one(
        "select count(*) from raw_cancer.files where source_file like '%%/quoted/%%'"
        " and status = 'loaded' and rows_landed > 20"
    )


# ---------------------------------------------------------------------------- volume

ROWS = 200_000


def many_rows() -> tuple[list[str], list[str]]:
    """Head and body of a csv of sheet 5 with 200,000 rows."""
    lines = small_csv().split("\r\n")
    first = lines[9].split(",", 3)
    body = [f",X{n:05d},{first[2]},{first[3]}" for n in range(ROWS)]
    return lines[:9], body


def test_a_csv_of_200_000_rows_lands_whole(
    quick: Quick, warehouse: Warehouse, tmp_path: Path
) -> None:
    head, body = many_rows()
    (tmp_path / LINE_31).write_text("\r\n".join([*head, *body]))
    done = quick.load(warehouse, "--from", tmp_path)
    assert_ended(done, 0)
    assert counted(done)["rows"] == ROWS
    assert warehouse.rows(
        "select count(*), count(distinct ods_code), min(_source_row), max(_source_row)"
        " from raw_cancer.treatment_31_day_waits"
    ) == [(ROWS, ROWS, 10, ROWS + 9)]


def test_a_sheet_of_200_000_rows_lands_whole(
    quick: Quick, warehouse: Warehouse, tmp_path: Path
) -> None:
    data = small_workbook("2025-08")

    def grown(text: str) -> str:
        row = re.search(r'<row r="10".*?</row>', text, re.DOTALL)
        assert row
        pattern = row[0].replace("RJ1", "X{n:06d}").replace('10"', '{n}"')
        rows = (pattern.format(n=n) for n in range(10, ROWS + 10))
        head = text[: row.start()]
        return f"{head}{''.join(rows)}</sheetData></worksheet>"

    file = tmp_path / "AUGUST-2025.xlsx"
    file.write_bytes(changed(data, "xl/worksheets/sheet3.xml", grown))
    done = quick.load(warehouse, "--from", file)
    assert_ended(done, 0)
    assert warehouse.rows(
        "select count(*), count(distinct ods_code), max(_source_row)"
        " from raw_cancer.treatment_31_day_waits where ods_code like 'X%%'"
    ) == [(ROWS, ROWS, ROWS + 9)]


# ------------------------------------------------------------- what the disk may be


def test_a_file_that_may_not_be_read_fails_and_the_others_load(
    quick: Quick, warehouse: Warehouse, tmp_path: Path
) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may read every file")
    support.workbook(tmp_path / "JULY-2025.xlsx", "2025-07")
    closed = support.workbook(tmp_path / "AUGUST-2025.xlsx", "2025-08")
    closed.chmod(0)
    done = quick.load(warehouse, "--from", tmp_path)
    assert_ended(done, 1)
    assert_four_parts(done.stdout, "AUGUST-2025.xlsx", "Permission denied")
    closed.chmod(0o644)
    done = quick.load(warehouse, "--from", tmp_path, "--retry-failed")
    assert_ended(done, 0)
    statuses = warehouse.rows(
        "select status, count(*) from raw_cancer.files group by 1"
    )
    assert statuses == [("loaded", 2)]


def test_links_that_lead_in_circles_are_taken_once_or_told(
    quick: Quick, warehouse: Warehouse, tmp_path: Path
) -> None:
    support.workbook(tmp_path / "months" / "JULY-2025.xlsx", "2025-07")
    (tmp_path / "months" / "again").symlink_to(tmp_path)
    (tmp_path / "endless.xlsx").symlink_to(tmp_path / "endless.xlsx")
    (tmp_path / "nowhere.xlsx").symlink_to(tmp_path / "gone.xlsx")
    done = quick.load(warehouse, "--from", tmp_path)
    assert_ended(done, 1)
    assert_four_parts(done.stdout, "endless.xlsx", "nowhere.xlsx")
    assert (counted(done)["loaded"], counted(done)["failed"]) == (1, 2)
    for name in ("endless.xlsx", "nowhere.xlsx"):
        (tmp_path / name).unlink()
        support.workbook(tmp_path / name, "2025-06" if name > "f" else "2025-05")
    done = quick.load(warehouse, "--from", tmp_path, "--retry-failed")
    assert_ended(done, 0)
    statuses = warehouse.rows(
        "select status, count(*) from raw_cancer.files group by 1"
    )
    assert statuses == [("loaded", 3)], "a success clears a failure"


@pytest.mark.parametrize("files", [2, 5], ids=["read here", "read by readers"])
def test_a_file_that_vanishes_or_changes_fails_and_the_others_load(
    files: int,
    warehouse: Warehouse,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from loaders import plan, registry, run

    for name, value in warehouse.environment.items():
        monkeypatch.setenv(name, value)
    for month in range(1, files + 1):
        support.workbook(tmp_path / f"2025-{month:02d}.xlsx", f"2025-{month:02d}")
    make = plan.make

    def make_then_lose(*args: object) -> plan.Plan:
        made = make(*args)  # type: ignore[arg-type]
        (tmp_path / "2025-01.xlsx").unlink()
        shutil.copy(__file__, tmp_path / "2025-02.xlsx")
        return made

    monkeypatch.setattr(plan, "make", make_then_lose)
    options = plan.Options(sources=(str(tmp_path),))
    result = run.run(registry.get("cancer"), options)
    told = {Path(one.source).name: one for one in result.ended}
    assert result.error is None
    assert told["2025-01.xlsx"].status == told["2025-02.xlsx"].status == "failed"
    assert_four_parts(str(told["2025-01.xlsx"].error), "2025-01.xlsx")
    assert_four_parts(str(told["2025-02.xlsx"].error), "another content")
    assert result.count("loaded") == files - 2
