"""The publisher's own files: every one reads, and known figures come out."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from loaders.cancer import PIPELINE
from loaders.model import FileRead, SourceFile

ROOT = Path(__file__).resolve().parents[2]
CANCER = ROOT.parent / "shared" / "data" / "cancer"

pytestmark = pytest.mark.skipif(
    not CANCER.is_dir(),
    reason="the real files (../shared/data/cancer) are not on this machine",
)

BY_SHEET = {
    "fds_by_route": "3.-28-Day-FDS-By-Route-Provider-Data.csv",
    "treatment_31_day_by_cancer": "5.-31-Day-By-Cancer-Provider-Data.csv",
    "treatment_62_day_by_cancer": "8.-62-Day-By-Cancer-Provider-Data.csv",
}


def read(path: Path) -> FileRead:
    claims = PIPELINE.claims(path.name)
    return PIPELINE.read(
        path.read_bytes(), SourceFile(str(path), path.name, path, claims=claims)
    )


def rows(file: FileRead, source_table: str) -> list[dict[str, Any]]:
    tables = [t for t in file.tables if t.source_table == source_table]
    return [row for t in tables for batch in t.batches for row in batch.to_pylist()]


def provider(month: str) -> FileRead:
    return read(CANCER / f"{month}-CWT-CRS-PROVIDER-WORKBOOK-FINAL.xlsx")


@pytest.fixture(scope="module")
def august() -> FileRead:
    return provider("AUGUST-2025")


def files(pattern: str) -> list[Path]:
    return sorted(CANCER.glob(pattern)) if CANCER.is_dir() else []


@pytest.mark.parametrize("path", files("*.xlsx"), ids=lambda p: p.name[:30])
def test_every_workbook_lands_all_ten_sheets_whole(path):
    file = read(path)
    assert file.period_source == "content"
    assert file.release_status == "final"
    assert Counter(t.source_table for t in file.tables) == {
        "fds_all_routes": 1,
        "fds_by_route": 1,
        "treatment_31_day_all_cancers": 3,
        "treatment_31_day_by_cancer": 3,
        "treatment_31_day_by_modality": 3,
        "treatment_62_day_all_cancers": 5,
        "treatment_62_day_by_cancer": 5,
        "treatment_62_day_by_modality": 5,
        "first_seen_usc": 1,
        "first_seen_ubs": 1,
    }
    for table in file.tables:
        assert table.rows_read == sum(b.num_rows for b in table.batches)


def test_every_legacy_csv_lands_three_parts_of_its_own_month():
    paths = files("legacy_csv/*.csv")
    assert len(paths) == 56
    for path in paths:
        file = read(path)
        assert {t.table for t in file.tables} == {"legacy_waits"}
        assert len(file.tables) == 3
        assert file.period.label.replace("-", "") == path.name[:6]
        for table in file.tables:
            assert table.rows_read == sum(b.num_rows for b in table.batches)


def test_august_has_the_published_numbers_of_provider_rows(august):
    counts = {t: sum(1 for r in rows(august, t) if r["ods_code"]) for t in BY_SHEET}
    assert counts == {
        "fds_by_route": 2001,
        "treatment_31_day_by_cancer": 4223,
        "treatment_62_day_by_cancer": 4961,
    }


def test_a_code_of_five_letters_is_kept(august):
    assert any(r["ods_code"] == "S3H9L" for r in rows(august, "fds_by_route"))


def test_the_figures_of_one_trust_are_those_published(august):
    def within(table: str, days: int, key: str) -> dict[str, tuple[str, str]]:
        return {
            r[key]: (r[f"within_{days}_days"], r["total"])
            for r in rows(august, table)
            if r["ods_code"] == "RJ1"
        }

    assert within("fds_all_routes", 28, "referral_route") == {
        "ALL ROUTES": ("2178", "2619")
    }
    assert within("treatment_31_day_all_cancers", 31, "treatment_stage") == {
        "ALL STAGES": ("878", "969"),
        "First Treatment": ("345", "393"),
        "Subsequent Treatment": ("533", "576"),
    }
    assert within("treatment_62_day_all_cancers", 62, "referral_route") == {
        "ALL ROUTES": ("171", "280.5"),
        "Urgent Suspected Cancer": ("77.5", "135"),
        "Screening": ("7.5", "11.5"),
        "Consultant Upgrade": ("86", "134"),
    }


@pytest.mark.parametrize("month", ["APRIL-2025", "AUGUST-2025"])
def test_csvs_equal_their_sheets_but_for_the_rounded_percentage(month):
    workbook = provider(month)
    for source_table, name in BY_SHEET.items():
        published = rows(read(CANCER / "by_sheet_csv" / month / name), source_table)
        sheet = rows(workbook, source_table)
        assert len(published) == len(sheet)
        for ours, theirs in zip(sheet, published, strict=True):
            pct = next(k for k in ours if k.startswith("pct_"))
            printed = float(theirs.pop(pct).rstrip("%")) / 100
            assert float(ours.pop(pct)) == pytest.approx(printed, abs=0.00051)
            assert ours == theirs
