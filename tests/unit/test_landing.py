"""The spool: a file's rows are in it whole or not at all."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from loaders import landing
from loaders.errors import Quarantined
from loaders.model import Claims, FileRead, Period, Pipeline, SourceFile, TableRead

MONTH = Period(dt.date(2025, 8, 1), dt.date(2025, 8, 31), "month", "2025-08")


def _never(data: bytes, file: SourceFile) -> FileRead:
    raise AssertionError


PIPELINE = Pipeline(
    name="toy",
    title="A toy",
    tables={"rows": ("a", ("n", "bigint")), "others": ("a",)},
    suffixes=(),
    read=_never,
    claims=lambda name: Claims(),
)


def _batch(values: list[str], first: int = 2) -> pa.RecordBatch:
    rows = pa.array(range(first, first + len(values)), pa.int64())
    return pa.record_batch([pa.array(values), rows], names=["a", "_source_row"])


def _read(batches, rows: int = -1, table: str = "rows") -> FileRead:
    one = TableRead(table, "t", "Sheet 1", None, None, 1, 2, -1, rows, (), batches)
    return FileRead("reader", MONTH, "content", "final", None, False, (), [one])


@pytest.fixture
def spool(tmp_path: Path) -> Iterator[landing.Spool]:
    made = landing.Spool(PIPELINE, tmp_path / "spool", itertools.count(7).__next__)
    yield made
    made.close()


def _spooled(spool: landing.Spool) -> dict[str, list[dict[str, object]]]:
    found: dict[str, list[dict[str, object]]] = {}
    for table, path, rows in spool.finished():
        read = pq.read_table(path)
        assert read.num_rows == rows
        found.setdefault(table, []).extend(read.to_pylist())
    return found


def test_rows_carry_all_columns_and_the_key_of_their_table(
    spool: landing.Spool,
) -> None:
    read = _read([_batch(["x"])])
    assert spool.add(read) == 1
    (row,) = _spooled(spool)["rows"]
    assert row == {"a": "x", "n": None, "_table_key": 7, "_source_row": 2}
    assert read.tables[0].key == 7


def test_files_share_a_parquet_file_and_keep_their_order(spool: landing.Spool) -> None:
    for _ in range(2):
        spool.add(_read([_batch(["x", "y"])]))
    assert len(spool.finished()) == 1
    rows = [(r["_table_key"], r["_source_row"]) for r in _spooled(spool)["rows"]]
    assert rows == [(7, 2), (7, 3), (8, 2), (8, 3)]


def test_a_large_file_is_written_while_it_is_read(
    spool: landing.Spool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(landing, "ROWS_HELD", 2)
    monkeypatch.setattr(landing, "ROWS_PER_FILE", 3)
    read = _read(_batch([str(i)], i + 2) for i in range(10))
    assert spool.add(read) == 10
    assert read.tables[0].rows_read == 10
    assert len(spool.finished()) > 2
    values = sorted(int(str(r["a"])) for r in _spooled(spool)["rows"])
    assert values == list(range(10))


def test_a_file_that_fails_at_its_last_row_leaves_nothing(
    spool: landing.Spool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(landing, "ROWS_HELD", 2)

    def rows() -> Iterator[pa.RecordBatch]:
        for i in range(10):
            yield _batch([str(i)])
        raise Quarantined("no", where="row 12", expected="e", found="f", next_step="n")

    spool.add(_read([_batch(["kept"])]))
    with pytest.raises(Quarantined, match="no"):
        spool.add(_read(rows()))
    assert [r["a"] for r in _spooled(spool)["rows"]] == ["kept"]
    assert len(list(spool.folder.iterdir())) == 1


def test_a_column_without_a_place_is_an_error(spool: landing.Spool) -> None:
    odd = pa.record_batch([pa.array(["x"])], names=["unheard_of"])
    with pytest.raises(ValueError, match="unheard_of"):
        spool.add(_read([odd]))
