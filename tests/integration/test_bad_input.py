"""Files that cannot be trusted: each is told in four parts, the others are loaded."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import Warehouse
from tests.integration import support
from tests.integration.bad_files import (
    BAD,
    GOOD,
    LINE_31,
    Bad,
    changed,
    small_csv,
    small_workbook,
)
from tests.integration.conftest import Done, Quick
from tests.integration.support import assert_ended, assert_four_parts, counted

Maker = Callable[..., Warehouse]


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
