"""What names say of RTT files, and which file of a zip is read."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from examples import rtt_files
from loaders.errors import Quarantined
from loaders.files import inbox
from loaders.model import SourceFile
from loaders.rtt import PIPELINE
from loaders.rtt.content import choose_members, month_in_name
from tests.unit.rtt_support import streamed, taken

NAME = "20260131-RTT-January-2026-full-extract.csv"


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., dict[str, Any]]:
    return lambda data, name=NAME, source=None: streamed(tmp_path / name, data, source)


def test_a_name_of_another_month_is_a_contradiction(read):
    with pytest.raises(Quarantined, match="cannot trust the period") as raised:
        read(rtt_files.full_extract(), "20260228-RTT-February-2026-full-extract.csv")
    assert "2026-01" in raised.value.found
    assert "2026-02" in raised.value.found


@pytest.mark.parametrize(
    ("zip_name", "status"),
    [
        ("folder_of_revised_files/Full-CSV-data-file-Jan26-ZIP.zip", "unknown"),
        ("Full-CSV-data-file-Jan26-ZIP-4M-WL5BiP.zip", "unknown"),
        ("Full-CSV-data-file-Jan26-ZIP-4M-revised-2.zip", "revised"),
    ],
)
def test_the_zip_says_whether_it_is_a_revision(read, zip_name, status):
    found = read(
        rtt_files.full_extract(), source=f"https://example.org/x/{zip_name}!{NAME}"
    )
    assert found["file"].release_status == status


def test_a_zip_of_another_month_than_its_member_is_refused(read):
    source = f"inbox/Full-CSV-data-file-Feb26-ZIP.zip!{NAME}"
    with pytest.raises(Quarantined) as raised:
        read(rtt_files.full_extract(), source=source)
    assert "the zip's name says 2026-02" in raised.value.found


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("Full-CSV-data-file-Jan26-ZIP-4M-WL5BiP.zip", "2026-01"),
        ("Full-CSV-data-file-Feb26-ZIP-4M-9jDec03T.zip", "2026-02"),
        ("20260131-RTT-January-2026-full-extract.csv", "2026-01"),
        ("20151031-RTT-OCTOBER-2015-full-extract-revised.csv", "2015-10"),
        ("202004-full-extract.csv", "2020-04"),
        ("Incomplete-Provider-Sept25-XLSX-9M.xlsx", "2025-09"),
        ("full-extract.csv", None),
    ],
)
def test_the_first_month_of_a_name_counts(name, label):
    period = month_in_name(name)
    assert (period and period.label) == label


def zipped(path: Path, *names: str) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, b"x")
    return path


def test_of_a_zip_the_longest_full_extract_is_taken_and_the_others_named(tmp_path):
    path = zipped(
        tmp_path / "a.zip",
        *("full-extract.csv", "a-full-extract.csv", "b-full-extract.csv"),
        *("a-very-long-name-of-notes.csv", "book.xlsx"),
    )
    found, passed = inbox.find([path], PIPELINE.suffixes, choose=choose_members)
    assert [f.name for f in found] == ["b-full-extract.csv"]
    assert len(passed) == 4
    assert all("is b-full-extract.csv" in line for line in passed)


def test_a_zip_of_workbooks_gives_them_all(tmp_path):
    path = zipped(tmp_path / "a.zip", "one.xlsx", "two.xlsx")
    found, passed = inbox.find([path], PIPELINE.suffixes, choose=choose_members)
    assert [f.name for f in found] == ["one.xlsx", "two.xlsx"]
    assert passed == []


def test_a_damaged_zip_is_set_aside_while_it_is_streamed(tmp_path):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(NAME, rtt_files.full_extract())
    data = bytearray(out.getvalue())
    data[len(data) // 2] ^= 0xFF
    path = tmp_path / "Full-CSV-Jan26.zip"
    path.write_bytes(data)
    (one,), _ = inbox.find([path], PIPELINE.suffixes, choose=choose_members)
    assert isinstance(one, SourceFile)
    with pytest.raises(Quarantined, match="cannot read the zip"):
        taken(PIPELINE.stream(one))
