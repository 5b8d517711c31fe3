"""The publisher's own Oversight Framework file: every row, as published."""

from __future__ import annotations

import csv
import io
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from examples.oversight_files import METRICS_HEADER, METRICS_NAME, metrics
from loaders.model import FileRead, SourceFile
from loaders.oversight import PIPELINE

ROOT = Path(__file__).resolve().parents[2]
FILE = ROOT.parent / "shared" / "data" / "oversight" / METRICS_NAME

pytestmark = pytest.mark.skipif(
    not FILE.is_file(),
    reason="the real files (../shared/data/oversight) are not on this machine",
)


@pytest.fixture(scope="module")
def acute() -> FileRead:
    claims = PIPELINE.claims(FILE.name)
    return PIPELINE.read(
        FILE.read_bytes(), SourceFile(FILE.name, FILE.name, FILE, claims=claims)
    )


@pytest.fixture(scope="module")
def rows(acute: FileRead) -> list[dict[str, Any]]:
    return [row for batch in acute.tables[0].batches for row in batch.to_pylist()]


@pytest.fixture(scope="module")
def published() -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(FILE.read_text("utf-8-sig"), newline="")))


def test_the_file_states_its_quarter_and_its_type_of_trust(acute):
    assert (acute.period.label, acute.period_source) == ("Q1 2025/26", "content")
    assert (str(acute.period.start), str(acute.period.end)) == (
        "2025-04-01",
        "2025-06-30",
    )
    assert (acute.basis, acute.release_status) == ("acute", "unknown")
    assert not acute.is_example


def test_every_row_lands_and_none_that_has_no_date_is_lost(acute, rows):
    assert acute.tables[0].rows_read == len(rows) == 7265
    blank = Counter(r["metric_id"] for r in rows if r["reporting_date"] is None)
    assert blank == {"OF5005": 134, "OF5007": 134}
    assert len({r["reporting_date"] for r in rows}) == 15


def test_every_cell_is_the_text_that_was_published(rows, published):
    landed = [name.lower().replace("-", "_") for name in METRICS_HEADER]
    for ours, theirs in zip(rows, published, strict=True):
        assert [ours[column] or "" for column in landed] == list(theirs.values())


def test_both_units_of_two_metrics_are_kept(rows):
    units = Counter(
        (r["metric_id"], r["units"])
        for r in rows
        if r["metric_id"] in ("OF0048", "OF0088")
    )
    assert units == {
        ("OF0048", "rate"): 130,
        ("OF0048", "count"): 4,
        ("OF0088", "rate"): 129,
        ("OF0088", "count"): 5,
    }


def test_a_trust_a_metric_and_its_units_are_a_key(rows):
    keys = {(r["trust_code"], r["metric_id"], r["units"]) for r in rows}
    assert len(keys) == len(rows)


def test_the_example_holds_published_rows_alone(published):
    codes = {r["Trust_code"] for r in metrics()}
    assert metrics() == [r for r in published if r["Trust_code"] in codes]
