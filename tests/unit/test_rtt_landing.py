"""A streamed extract lands whole or not at all."""

from __future__ import annotations

import itertools
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from examples import rtt_files
from loaders import landing
from loaders.errors import Failed, HindcastError, Quarantined
from loaders.files.archive import sha256_of
from loaders.model import FileRead
from loaders.reading import read_one
from loaders.rtt import PIPELINE
from tests.unit.rtt_support import file

NAME = "20260131-RTT-January-2026-full-extract.csv"


def spooled(folder: Path, read: FileRead | HindcastError) -> dict[str, int]:
    """Rows by landed table after an attempt to take a file."""
    spool = landing.Spool(PIPELINE, folder / "spool", itertools.count(1).__next__)
    try:
        if isinstance(read, HindcastError):
            raise read
        spool.add(read)
    finally:
        landed = {t: pq.read_table(path).num_rows for t, path, _ in spool.finished()}
        spool.close()
    return landed


def test_rows_then_their_codes_are_taken_in_one_pass(tmp_path):
    one = file(tmp_path / NAME, rtt_files.full_extract())
    read, _ = read_one(PIPELINE, one, sha256_of(one))
    assert isinstance(read, FileRead)
    landed = spooled(tmp_path, read)
    assert landed == {"pathways": 2761, "extract_codes": 131}
    assert [table.rows_read for table in read.tables] == [2761, 131]


def test_a_fault_in_the_last_row_lands_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(landing, "ROWS_HELD", 100)
    data = rtt_files.full_extract() + b"RTT-January-2026,Q\r\n"
    one = file(tmp_path / NAME, data)
    read, _ = read_one(PIPELINE, one, sha256_of(one))
    with pytest.raises(Quarantined, match="cannot read a row") as raised:
        spooled(tmp_path, read)
    assert raised.value.where == f"{NAME}, row 2764"
    assert list((tmp_path / "spool").iterdir()) == []


def test_a_file_that_changes_while_it_is_streamed_fails(tmp_path):
    one = file(tmp_path / NAME, rtt_files.full_extract())
    read, _ = read_one(PIPELINE, one, "0" * 64)
    with pytest.raises(Failed, match="changes while it is read") as raised:
        spooled(tmp_path, read)
    assert raised.value.found == "another content"
    assert list((tmp_path / "spool").iterdir()) == []
