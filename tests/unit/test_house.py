"""Errors, tables for people, gaps in periods, the warehouse's url."""

from __future__ import annotations

import datetime as dt
import pickle
from decimal import Decimal

import pytest

from loaders import report, warehouse
from loaders.console import Console, table_lines
from loaders.errors import Failed, Quarantined


def test_an_error_has_its_four_parts_and_survives_another_process() -> None:
    error = Quarantined(
        "cannot read it", where="a.csv, row 3", expected="1", found="2", next_step="ask"
    )
    again = pickle.loads(pickle.dumps(error))
    assert isinstance(again, Quarantined)
    assert str(again) == (
        "cannot read it\n  where:    a.csv, row 3\n  expected: 1\n"
        "  found:    2\n  next:     ask"
    )


def test_a_table_aligns_numbers_to_the_right() -> None:
    assert table_lines(("name", "rows"), [("a", 1234), ("long name", 5)]) == [
        "name        rows",
        "---------  -----",
        "a          1,234",
        "long name      5",
    ]


def test_short_gaps_are_listed_and_long_ones_summed_up() -> None:
    months = [dt.date(2025, m, 1) for m in (1, 3, 8, 9)]
    assert report.month_gaps(months) == ["2025-02", "2025-04 to 2025-07 (4 months)"]
    assert report.month_gaps(months[2:]) == []


def test_numbers_are_shown_as_numbers() -> None:
    assert report._shown(Decimal("280.5")) == 280.5
    assert report._shown(Decimal("5.0")) == 5


def test_without_a_terminal_many_files_do_not_make_many_lines() -> None:
    import io

    stream = io.StringIO()
    console = Console(stream)
    console.begin("reading", 1000)
    for i in range(1000):
        console.step(f"file {i}")
    console.end()
    lines = stream.getvalue().splitlines()
    assert lines[0] == "reading: 1000 files"
    assert lines[-1] == "  1000/1000 file 999"
    assert len(lines) < 50


def test_a_url_escapes_what_a_password_may_hold() -> None:
    target = warehouse.Target("h", 5432, "u", "p@ss/w:rd%", "d", "test")
    assert target.url() == "postgresql://u:p%40ss%2Fw%3Ard%25@h:5432/d"
    assert "p%40" not in target.url(hide_password=True)


def test_a_warehouse_that_does_not_answer_is_told_without_its_password(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(warehouse.URL_VARIABLE, "postgresql://u:secret@127.0.0.1:1/d")
    with pytest.raises(Failed) as raised:
        warehouse.resolve()
    assert "secret" not in str(raised.value)
    assert "HINDCAST_DATABASE_URL" in str(raised.value)
