"""Csv exports of agent histories, and what goes wrong with them."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

import pytest

from loaders.errors import Quarantined
from loaders.rows import csvread, encoding
from loaders.workflows.read import is_large, stream
from tests.conftest import SHARED
from tests.unit.workflow_files import (
    csv_of,
    read_text,
    rows_of,
    rows_read,
    source,
)

HEADER = "workflow_id,nl_input,status,created_at"
ROW = "wf-1,Run the tests,completed,2025-11-01T09:00:00"
LANDED = {
    "workflow_id": "wf-1",
    "nl_input": "Run the tests",
    "status": "completed",
    "created_at": "2025-11-01T09:00:00",
    "_source_row": 2,
}


def test_a_plain_csv_lands_as_it_is() -> None:
    made = read_text(csv_of(HEADER, ROW, "wf-2,,running,2025-11-03"), "h.csv")
    (table,) = made.tables
    assert rows_of(table) == [
        LANDED,
        {
            **{"workflow_id": "wf-2", "status": "running"},
            **{"created_at": "2025-11-03", "_source_row": 3},
        },
    ]
    assert (table.table, table.source_table) == ("workflow_history",) * 2
    assert (table.header_row, table.first_row, table.last_row) == (1, 2, 3)
    assert table.rows_read == 2
    assert made.period is not None
    assert made.period.label == "2025-11-01 to 2025-11-03"
    assert (made.period.grain, made.period_source) == ("range", "content")
    assert (made.remark, made.is_example) == (None, False)


def test_the_golden_fixture_lands_whole() -> None:
    path = SHARED / "workflows" / "golden_fixture" / "workflow_history.csv"
    if not path.is_file():
        pytest.skip("the golden fixture (../shared/data/workflows) is not here")
    made = read_text(path.read_bytes(), path.name)
    (table,) = made.tables
    rows = rows_of(table)
    assert table.rows_read == len(rows) == 13
    assert [row["_source_row"] for row in rows] == list(range(2, 15))
    assert not any("flags" in row or "extra" in row for row in rows)
    assert made.period is not None
    assert (made.period.start, made.period.end) == (
        dt.date(2025, 11, 1),
        dt.date(2025, 11, 13),
    )


SAME = {
    "byte order mark": ("\ufeff" + csv_of(HEADER, ROW)).encode(),
    "sixteen bits a letter": csv_of(HEADER, ROW).encode("utf-16"),
    "sixteen bits without a mark": csv_of(HEADER, ROW).encode("utf-16-le"),
    "sixteen bits, large end first": csv_of(HEADER, ROW).encode("utf-16-be"),
    "lines of windows": csv_of(HEADER, ROW).replace("\n", "\r\n").encode(),
    "no line break at the end": csv_of(HEADER, ROW).rstrip("\n").encode(),
    "semicolons": csv_of(HEADER, ROW).replace(",", ";").encode(),
    "tabs": csv_of(HEADER, ROW).replace(",", "\t").encode(),
    "names in capitals and blanks": csv_of(
        "Workflow ID, NL input ,STATUS,createdAt", ROW
    ).encode(),
    "lines that hold nothing": csv_of(HEADER, ROW, ",,,", "", "").encode(),
    "a comma at the end of rows": csv_of(HEADER, f"{ROW},").encode(),
}


@pytest.mark.parametrize("name", SAME)
def test_it_lands_the_same(name: str) -> None:
    assert rows_read(SAME[name], "h.csv") == [LANDED]


def test_rows_are_counted_with_blank_ones_above_and_between() -> None:
    rows = rows_read(csv_of("", HEADER, ROW, "", ROW), "h.csv")
    assert [row["_source_row"] for row in rows] == [3, 5]


def test_a_quoted_line_break_stays_in_its_cell() -> None:
    rows = rows_read(
        csv_of(HEADER, 'wf-1,"Run, ""all""\r\ntests",completed,2025', ROW), "h.csv"
    )
    assert rows[0]["nl_input"] == 'Run, "all"\r\ntests'
    assert [row["_source_row"] for row in rows] == [2, 3]


def test_letters_of_windows_are_read() -> None:
    data = csv_of(HEADER, ROW.replace("Run", "Prüfe – ja")).encode("cp1252")
    (row,) = rows_read(data, "h.csv")
    assert row["nl_input"] == "Prüfe – ja the tests"
    assert "flags" not in row


def test_broken_bytes_in_utf8_are_replaced_and_flagged() -> None:
    data = csv_of(HEADER, ROW.replace("Run", "Prüfe"), ROW).encode()
    rows = rows_read(data + b"wf-2,caf\xe9 now,failed,2025-11-02\n", "h.csv")
    assert rows[2]["nl_input"] == "caf\ufffd now"
    assert rows[2]["flags"] == "bad_encoding:nl_input"
    assert not any("flags" in row for row in rows[:2])


def test_nul_bytes_are_taken_out_and_flagged() -> None:
    (row,) = rows_read(
        csv_of(f"{HEADER},mood", ROW.replace("tests", "te\0sts") + ",f\0ine"), "h.csv"
    )
    assert row["nl_input"] == "Run the tests"
    assert row["flags"] == "nul_bytes:nl_input nul_bytes:mood"
    assert row["extra"] == '{"mood":"fine"}'


def test_cells_beyond_the_header_are_kept_and_flagged() -> None:
    rows = rows_read(csv_of(HEADER, f"{ROW},more,x", ROW), "h.csv")
    assert rows[0]["flags"] == "surplus_fields"
    assert rows[0]["extra"] == '{"_surplus":["more","x"]}'
    assert rows[1] == {**LANDED, "_source_row": 3}


def test_cells_that_are_missing_are_flagged() -> None:
    rows = rows_read(csv_of(HEADER, "wf-1,Run the tests", ROW), "h.csv")
    assert rows[0] == {
        "workflow_id": "wf-1",
        "nl_input": "Run the tests",
        "flags": "missing_fields:status",
        "_source_row": 2,
    }


def test_of_columns_of_one_name_the_first_is_the_column() -> None:
    made = read_text(csv_of(f"{HEADER},status,", f"{ROW},failed,x"), "h.csv")
    (table,) = made.tables
    (row,) = rows_of(table)
    assert row["status"] == "completed"
    assert row["extra"] == '{"status_2":"failed","column_6":"x"}'
    assert table.notes == (
        "2 columns are called status: the first is taken, the others are in extra",
    )


def test_json_that_is_none_is_repaired_or_flagged_and_always_kept() -> None:
    rows = rows_read(
        csv_of(
            f"{HEADER},cost_breakdown",
            f'{ROW},"{{""a"": 1}}"',
            f"{ROW},\"{{'a': None, 'b': 0.50,}}\"",
            f'{ROW},"{{""a"": "',
            f"{ROW},",
        ),
        "h.csv",
    )
    assert rows[0]["cost_breakdown"] == '{"a": 1}'
    assert "flags" not in rows[0]
    assert rows[1]["cost_breakdown"] == "{'a': None, 'b': 0.50,}"
    assert rows[1]["flags"] == "repaired_json:cost_breakdown"
    assert rows[1]["repairs"] == r'{"cost_breakdown":"{\"a\":null,\"b\":0.50}"}'
    assert rows[2]["cost_breakdown"] == '{"a": '
    assert rows[2]["flags"] == "broken_json:cost_breakdown"
    assert "cost_breakdown" not in rows[3]
    assert "flags" not in rows[3]


def test_a_header_alone_loads_without_rows() -> None:
    made = read_text(csv_of(HEADER), "h.csv")
    (table,) = made.tables
    assert table.rows_read == 0
    assert [batch.num_rows for batch in table.batches] == [0]
    assert made.remark == "without rows"
    assert (made.period, made.period_source) == (None, "none")


@pytest.mark.parametrize("text", ["", "\n\n", ",,,\n", "\ufeff"])
def test_an_empty_file_is_refused(text: str) -> None:
    with pytest.raises(Quarantined) as raised:
        read_text(text, "h.csv")
    assert raised.value.reason == (
        "cannot read any row of the file; where: h.csv; "
        "expected: a csv with a row of column names; found: an empty file"
    )


def test_a_last_row_that_was_cut_off_is_kept_beside_the_others() -> None:
    made = read_text(csv_of(HEADER, ROW) + 'wf-2,"Run the\ntes', "h.csv")
    rows, lines = made.tables
    assert rows_of(rows) == [LANDED]
    assert rows_of(lines) == [
        {
            "line": 'wf-2,"Run the\ntes',
            "reason": "cut off: a quote is never closed",
            "_source_row": 3,
        }
    ]
    assert (lines.table, lines.rows_read) == ("unreadable_lines", 1)
    assert made.remark == "not readable in every line: unreadable_lines has the others"


def test_a_row_with_a_quote_too_many_is_kept_beside_the_others() -> None:
    bad = 'wf-2,"Run "it" now",x,2025-11-01'
    made = read_text(csv_of(HEADER, ROW, bad, ROW, bad), "h.csv")
    rows, lines = made.tables
    assert rows_of(rows) == [LANDED, {**LANDED, "_source_row": 4}]
    assert rows_of(lines) == [
        {
            "line": f"{bad}\n",
            "reason": "',' expected after '\"'",
            "_source_row": row,
        }
        for row in (3, 5)
    ]


def test_a_quote_that_hides_where_rows_end_is_refused() -> None:
    with pytest.raises(Quarantined) as raised:
        read_text(csv_of(HEADER, ROW, 'wf-2,"Run', *[ROW] * 60), "h.csv")
    error = raised.value
    assert error.where == "h.csv, row 3"
    assert error.expected == "quotes that open and close around a cell"
    assert error.found == "unexpected end of data: 'wf-2,\"Run\\n'"
    assert error.next_step == "look at that row; export the table again"


def test_a_cell_of_a_lost_quote_is_not_read_without_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(csvread, "LONGEST_CELL", 100)
    with pytest.raises(Quarantined, match="cannot read the csv"):
        read_text(csv_of(HEADER, 'wf-2,"Run' + "x" * 200), "h.csv")
    before = csv.field_size_limit()
    assert before > 100


def test_a_row_that_says_so_makes_an_example() -> None:
    made = read_text(csv_of(f"{HEADER},example", f"{ROW},example: made up"), "h.csv")
    assert made.is_example
    assert rows_of(made.tables[0])[0]["extra"] == '{"example":"example: made up"}'
    assert not read_text(csv_of(HEADER, ROW), "h.csv").is_example


@pytest.mark.parametrize(
    ("times", "label"),
    [
        (["2025-11-01 23:30:00+02:00", "2025-11-01T01:00:00Z"], "2025-11-01"),
        (["1762000000", "1762000000000", "never"], "2025-11-01"),
        (["2025-02-31", "", "1762000000.5"], "2025-11-01"),
        (["2025-02-31", "soon"], None),
    ],
)
def test_the_period_is_of_the_times_that_are_times(
    times: list[str], label: str | None
) -> None:
    rows = [f"wf-{i},x,completed,{time}" for i, time in enumerate(times)]
    period = read_text(csv_of(HEADER, *rows), "h.csv").period
    assert (period.label if period else None) == label


def test_a_large_file_is_read_in_batches_and_lands_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(encoding, "BLOCK_BYTES", 300)
    monkeypatch.setattr(csvread, "ROWS", 7)
    body = [f'wf-{i},"Run\n{i}",completed,2025-11-{i + 1:02}' for i in range(25)]
    path = tmp_path / "h.csv"
    path.write_text(csv_of(HEADER, *body, ROW + ",more"))
    file = source(str(path))
    assert not is_large(file)
    monkeypatch.setattr("loaders.rows.whole_or_streamed.LARGE_BYTES", 100)
    assert is_large(file)
    made = stream(file)
    assert made.tables[0].rows_read == -1
    rows = rows_of(made.tables[0])
    assert rows == rows_read(path.read_bytes(), "h.csv")
    assert len(rows) == 26
    assert made.tables[0].last_row == 27
    assert made.period is not None
    assert made.period.label == "2025-11-01 to 2025-11-25"
