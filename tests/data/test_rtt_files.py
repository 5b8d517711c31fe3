"""The publisher's own RTT files: they read whole, and published figures come out."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from loaders.files import inbox
from loaders.model import FileRead, SourceFile
from loaders.rtt import PIPELINE
from loaders.rtt.layout import bands_of

ROOT = Path(__file__).resolve().parents[2]
RTT = ROOT.parent / "shared" / "data" / "rtt"

pytestmark = pytest.mark.skipif(
    not RTT.is_dir(), reason="the real files (../shared/data/rtt) are not here"
)


def source(pattern: str) -> SourceFile:
    paths = list(RTT.glob(pattern))
    found, _ = inbox.find(paths, PIPELINE.suffixes, PIPELINE.claims, PIPELINE.choose)
    (one,) = found
    assert isinstance(one, SourceFile)
    return one


@pytest.fixture(scope="module")
def january() -> tuple[FileRead, pa.Table, pa.Table]:
    read = PIPELINE.stream(source("Full-CSV-data-file-Jan26*.zip"))
    pathways, codes = (pa.Table.from_batches(list(t.batches)) for t in read.tables)
    return read, pathways, codes


def total(rows: pa.Table, *columns: str) -> int:
    return sum(pc.sum(rows[c]).as_py() or 0 for c in columns)


def part(january, name: str, *, nonc: bool = False) -> pa.Table:
    _, rows, _ = january
    kept = pc.and_(
        pc.equal(rows["rtt_part_type"], name),
        pc.equal(rows["treatment_function_code"], "C_999"),
    )
    if not nonc:
        kept = pc.and_(kept, pc.not_equal(rows["commissioner_org_code"], "NONC"))
    return rows.filter(kept)


def test_every_row_of_the_extract_lands_with_its_place(january):
    read, rows, codes = january
    assert (read.period.label, read.period_source) == ("2026-01", "content")
    assert rows.num_rows == 183_417
    assert rows["_source_row"].to_pylist() == list(range(2, 183_419))
    assert read.tables[0].last_row == 183_418
    assert read.tables[0].notes == ()
    providers = pc.equal(codes["code_kind"], "provider")
    assert codes.filter(providers).num_rows == 517
    functions = pc.equal(codes["code_kind"], "treatment_function")
    assert codes.filter(functions).num_rows == 24


@pytest.mark.parametrize(
    ("name", "without_nonc", "with_nonc"),
    [
        ("Part_2", 7_155_958, 7_187_677),
        ("Part_2A", 1_182_193, None),
        ("Part_1A", 301_671, 302_826),
        ("Part_1B", 1_246_943, 1_251_335),
        ("Part_3", 1_767_584, 1_773_734),
    ],
)
def test_published_totals_of_england(january, name, without_nonc, with_nonc):
    assert total(part(january, name), "total_all") == without_nonc
    if with_nonc:
        assert total(part(january, name, nonc=True), "total_all") == with_nonc


@pytest.mark.parametrize(
    ("name", "within_18", "unknown"),
    [("Part_2", 4_395_958, 0), ("Part_1A", 179_091, 82), ("Part_1B", 810_100, 595)],
)
def test_published_waits_of_england(january, name, within_18, unknown):
    rows = part(january, name)
    bands = bands_of(104)
    assert total(rows, *bands[:18]) == within_18
    assert total(rows, "total_unknown_clock") == unknown
    assert total(rows, *bands) + unknown == total(rows, "total_all")


def test_long_waits_of_england(january):
    rows, bands = part(january, "Part_2"), bands_of(104)
    found = {weeks: total(rows, *bands[weeks:]) for weeks in (52, 65, 78, 104)}
    assert found == {52: 133_860, 65: 7_417, 78: 1_614, 104: 200}


def test_the_functions_add_up_to_their_total(january):
    _, rows, _ = january
    whole = pc.equal(rows["treatment_function_code"], "C_999")
    keys = ["provider_org_code", "commissioner_org_code", "rtt_part_type"]
    sums = []
    for kept in (rows.filter(whole), rows.filter(pc.invert(whole))):
        plain = pa.table(
            {k: kept[k].cast(pa.string()) for k in keys} | {"n": kept["total_all"]}
        )
        found = plain.group_by(keys).aggregate([("n", "sum")]).to_pylist()
        sums.append({tuple(r[k] for k in keys): r["n_sum"] for r in found})
    assert sums[0] == sums[1]


def test_no_band_lands_as_zero(january):
    _, rows, _ = january
    bands = bands_of(104)
    assert min(pc.min(rows[band]).as_py() for band in bands) == 1
    landed = sum(rows.num_rows - rows[band].null_count for band in bands)
    assert 0.07 < landed / (rows.num_rows * len(bands)) < 0.09


def test_the_time_series_of_december_2025():
    read = PIPELINE.stream(source("RTT-Overview-Timeseries*.xlsx"))
    assert (read.period.label, read.period_source) == ("2025-12", "content")
    assert read.basis == "commissioner"
    (table,) = read.tables
    rows = [r for batch in table.batches for r in batch.to_pylist()]
    assert len(rows) == 225 * 41
    by_place = {(r["month"], r["column_letter"]): r["value"] for r in rows}
    assert by_place["2025-12-01", "V"] == "7199624"
    assert by_place["2025-12-01", "F"] == "4424207"
    assert by_place["2007-04-01", "AA"] == "52+"
    assert by_place["2007-04-01", "D"] == "-"
    assert by_place["2024-02-01", "D"] == "14.7854880885455"
    assert any("2026-01, 2026-02, 2026-03" in note for note in table.notes)


@pytest.mark.skipif(
    not Path("/proc/self/status").is_file(), reason="needs /proc to see the memory"
)
def test_an_extract_of_85_megabytes_is_read_in_little_memory():
    path = next(iter(RTT.glob("Full-CSV-data-file-Jan26*.zip")))
    code = f"""
import re
from pathlib import Path
from loaders.files import inbox
from loaders.rtt import PIPELINE
(one,), _ = inbox.find([Path({str(path)!r})], PIPELINE.suffixes, choose=PIPELINE.choose)
rows = sum(b.num_rows for t in PIPELINE.stream(one).tables for b in t.batches)
status = Path("/proc/self/status").read_text()
print(rows, int(re.search(r"VmHWM:\\s+(\\d+)", status)[1]) // 1024)
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    rows, megabytes = map(int, done.stdout.split())
    assert rows > 183_417
    assert megabytes < 350
