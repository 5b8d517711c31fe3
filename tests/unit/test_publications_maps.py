"""Reviewed maps: read with every fault told at once, written so that they read back."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from loaders.errors import UsageError
from loaders.publications import maps
from loaders.publications.accept import Occurrence, merged
from loaders.publications.maps import MappedColumn, MappedTable

JAN, APR = dt.date(2024, 1, 1), dt.date(2024, 4, 1)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(maps, "folder", lambda: tmp_path)
    (tmp_path / "wards").mkdir()
    return tmp_path / "wards"


def write(place: Path, tables: str, columns: str) -> None:
    (place / "tables.csv").write_text(tables)
    (place / "columns.csv").write_text(columns)


def test_a_cell_holds_until_the_next_heading_that_says_otherwise(place: Path) -> None:
    write(
        place,
        "table,2024-01\nicbs,*\n",
        "table,column,unit,note,2024-01,2024-04\n"
        "icbs,code,,,icb_code,\n"
        "icbs,per_adult,per 100k,aged 16 and over,per_100k,-1\n"
        "icbs,per_resident,per 100k,all ages,-1,per_100k\n",
    )
    table = maps.load("wards")["icbs"]
    assert table.header_at(dt.date(2023, 7, 1)) == {
        "icb_code": "code",
        "per_100k": "per_adult",
    }
    assert table.header_at(APR) == {"icb_code": "code", "per_100k": "per_resident"}
    assert table.columns["per_adult"].unit == "per 100k"


def test_what_is_saved_reads_back_and_saving_again_changes_no_file(place: Path) -> None:
    made = {
        "icbs": MappedTable(
            ((JAN, "*"),),
            {
                "code": MappedColumn("", "", ((JAN, "icb_code"),)),
                "late": MappedColumn("people", 'a "note", quoted', ((APR, "late"),)),
            },
        )
    }
    assert maps.save("wards", made)
    again = maps.load("wards")
    assert again["icbs"].header_at(JAN) == {"icb_code": "code"}
    assert again["icbs"].header_at(APR) == {"icb_code": "code", "late": "late"}
    assert again["icbs"].columns["late"].note == 'a "note", quoted'
    assert maps.save("wards", again) == []


def test_every_fault_of_a_map_is_told_with_its_line(place: Path) -> None:
    write(
        place,
        "table,2024-01\nicbs,*\nicbs,*\nBad Name,*\n",
        "table,column,unit,note,2024-01\n"
        "icbs,code,,,icb_code\n"
        "icbs,twin,,,icb_code\n"
        "icbs,code,,,other\n"
        "trusts,code,,,x\n"
        "icbs,short,,\n"
        "icbs,blank,,,\n",
    )
    with pytest.raises(UsageError) as raised:
        maps.load("wards")
    said = str(raised.value)
    for fault in (
        "tables.csv line 3: icbs stands twice",
        "tables.csv line 4: 'Bad Name' is no table name",
        "columns.csv line 4: icbs.code stands twice",
        "columns.csv line 5: no table 'trusts'",
        "columns.csv line 6: 4 cells, not 5",
        "columns.csv line 7: its first cell is empty",
    ):
        assert fault in said


def test_months_of_headings_are_months_and_ascend(place: Path) -> None:
    write(place, "table,2024-13\nicbs,*\n", "table,column,unit,note,2024-04,2024-01\n")
    with pytest.raises(UsageError, match="2024-13") as raised:
        maps.load("wards")
    assert "do not ascend" in str(raised.value)


def seen(period: dt.date, *columns: str) -> Occurrence:
    pairs = tuple((c, c) for c in columns)
    return Occurrence("icbs", period, "data", "", False, pairs)


def test_accepting_says_what_came_and_went_and_is_done_once() -> None:
    found = [seen(JAN, "code", "old"), seen(APR, "code", "new")]
    accepted = merged({}, found)
    table = accepted.maps["icbs"]
    assert table.header_at(JAN) == {"code": "code", "old": "old"}
    assert table.header_at(APR) == {"code": "code", "new": "new"}
    assert accepted.changes == [
        "2024-01 icbs: new table",
        "2024-04 icbs: new is new",
        "2024-04 icbs: old is absent",
    ]
    assert merged(accepted.maps, found).changes == []


def test_accepting_an_earlier_month_leaves_what_was_reviewed_for_later() -> None:
    accepted = merged({}, [seen(APR, "code", "new")])
    earlier = merged(accepted.maps, [seen(JAN, "code", "old")])
    table = earlier.maps["icbs"]
    assert table.header_at(JAN) == {"code": "code", "old": "old"}
    assert table.header_at(APR) == {"code": "code", "new": "new"}
