"""Lines of JSON and JSON files of agent histories, and what goes wrong with them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from loaders.errors import Quarantined
from loaders.rows import encoding, found
from loaders.workflows.read import stream
from tests.unit.workflow_files import (
    EVENT,
    HISTORY,
    lines_of,
    read_text,
    rows_of,
    rows_read,
    source,
)

LANDED = {
    **EVENT,
    "payload": '{"tool_name":"Read","tool_input":{"file_path":"a.py"}}',
    "_source_row": 1,
}


def event(**more: Any) -> dict[str, Any]:
    return {**EVENT, **more}


def test_lines_of_objects_land_with_nested_values_as_compact_text() -> None:
    made = read_text(lines_of(EVENT, event(event_id="e2", payload=None)), "h.jsonl")
    (table,) = made.tables
    rows = rows_of(table)
    assert rows[0] == LANDED
    assert "payload" not in rows[1]
    assert rows[1]["_source_row"] == 2
    assert (table.table, table.source_table) == ("hook_events", "hook_events")
    assert made.period is not None
    assert (made.period.label, made.period.grain) == ("2025-11-02", "day")


@pytest.mark.parametrize(
    "text",
    ['{"a": 1.0,  "b":"x"}', "[1,\n2]", '{"a": "caf\\u00e9"}', '"word"', "12"],
)
def test_a_payload_that_is_text_stays_that_text(text: str) -> None:
    (row,) = rows_read(lines_of(event(payload=text)), "h.jsonl")
    assert row["payload"] == text
    assert "flags" not in row


@pytest.mark.parametrize(
    "number",
    [
        *("0", "-0", "1", "1.0", "1.50", "100", "0.1", "1e5", "1E-7", "0.00001"),
        *("12345678901234567890123", "0.1000000000000000055511151231257827"),
        *("1e200", "-12.340", "9007199254740993", "18446744073709551616"),
    ],
)
def test_numbers_stay_as_they_are_written(number: str) -> None:
    line = lines_of(event(id="?", payload={"n": ["?"]}, weight="?"))
    (row,) = rows_read(line.replace('"?"', number), "h.jsonl")
    assert row["id"] == number
    assert row["payload"] == f'{{"n":[{number}]}}'
    assert row["extra"] == f'{{"weight":{number}}}'
    assert "flags" not in row


def test_the_fast_and_the_exact_way_write_the_same() -> None:
    payload = {"text": 'é "q" \\ \n \u2028 / \x7f', "list": [True, None, {}], "e": ""}
    usual, exact = (
        rows_read(lines_of(event(payload=payload, done=False, weight=w)), "h.jsonl")
        for w in (1, 123456789012345678901)
    )
    assert usual[0]["payload"] == exact[0]["payload"]
    assert json.loads(usual[0]["payload"]) == payload
    for rows in (usual, exact):
        assert json.loads(rows[0]["extra"])["done"] is False


def test_truth_lands_as_a_word_and_absent_keys_as_nothing() -> None:
    rows = rows_read(
        lines_of({**HISTORY, "pr_merged": True, "retry_count": 2}, {"adw_id": "a2"}),
        "h.jsonl",
    )
    assert (rows[0]["pr_merged"], rows[0]["retry_count"]) == ("true", "2")
    assert rows[1] == {"adw_id": "a2", "_source_row": 2}


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"event_type": "Stop", "sess', "cut off: unterminated string starting"),
        ('{"event_type": "Stop"', "cut off: the text ends where a comma should be"),
        ("[1, 2]", "no JSON object but '[1, 2]'"),
        ("Traceback (most recent call last):", "no JSON object but 'Traceback"),
        ('{"a": 1} {"b": 2}', "more after the end of the object: '{\"b\": 2}'"),
        ('{"a" 1}', "no JSON: '1}' where a colon should be, at 6"),
        ("{" + '"a":{' * 5000, "brackets inside brackets without end"),
    ],
)
def test_a_line_that_is_no_object_is_kept_beside_the_rows(
    line: str, reason: str
) -> None:
    made = read_text(lines_of(EVENT) + line + "\n\n" + lines_of(EVENT), "h.jsonl")
    rows, unreadable = made.tables
    assert rows_of(rows) == [LANDED, {**LANDED, "_source_row": 4}]
    (kept,) = rows_of(unreadable)
    assert (kept["line"], kept["_source_row"]) == (line, 2)
    assert kept["reason"].startswith(reason)
    assert made.remark == "not readable in every line: unreadable_lines has the others"


def test_lines_that_python_printed_are_repaired_and_kept() -> None:
    line = str({**EVENT, "payload": {"ok": True, "n": float("nan")}})
    (row,) = rows_read(line + "\n", "h.jsonl")
    assert row["payload"] == '{"ok":true,"n":null}'
    assert row["flags"] == "repaired_json:line"
    assert json.loads(row["extra"]) == {"_line": line}


def test_no_number_inside_a_payload_is_repaired() -> None:
    line = lines_of(event(payload={"n": float("nan"), "m": 1.5}))
    assert "NaN" in line
    (row,) = rows_read(line, "h.jsonl")
    assert row["payload"] == '{"n":NaN,"m":1.5}'
    assert row["repairs"] == r'{"payload":"{\"n\":null,\"m\":1.5}"}'
    assert row["flags"] == "repaired_json:payload"


def test_a_payload_that_is_json_within_json_is_unwrapped() -> None:
    text = json.dumps(json.dumps({"a": 1}))
    (row,) = rows_read(lines_of(event(payload=text)), "h.jsonl")
    assert row["payload"] == text
    assert row["repairs"] == r'{"payload":"{\"a\": 1}"}'
    assert row["flags"] == "repaired_json:payload"


def test_nul_is_taken_out_of_strings_and_objects() -> None:
    (row,) = rows_read(
        lines_of(event(session_id="s\0" + "1", payload={"a": "x\0y"}, note="\0")),
        "h.jsonl",
    )
    assert row["session_id"] == "s1"
    assert row["payload"] == '{"a":"xy"}'
    assert row["extra"] == '{"note":""}'
    assert set(row["flags"].split()) == {
        *("nul_bytes:session_id", "nul_bytes:payload", "nul_bytes:note")
    }


def test_an_escaped_nul_in_a_text_stays_and_its_repair_is_without() -> None:
    text = r'{"a":"x\u0000y","path":"C:\\u0000"}'
    (row,) = rows_read(lines_of(event(payload=text)), "h.jsonl")
    assert row["payload"] == text
    assert json.loads(row["repairs"]) == {"payload": r'{"a":"xy","path":"C:\\u0000"}'}
    assert row["flags"] == "nul_bytes:payload"


def test_a_backslash_before_u0000_is_no_nul() -> None:
    (row,) = rows_read(lines_of(event(payload={"path": r"C:\u0000"})), "h.jsonl")
    assert row["payload"] == r'{"path":"C:\\u0000"}'
    assert "flags" not in row


def test_zero_bytes_and_control_characters_in_a_line_are_let_pass() -> None:
    line = lines_of(EVENT).replace("s1", "s\0001").replace("a.py", "a\t.py")
    (row,) = rows_read(line, "h.jsonl")
    assert row["session_id"] == "s1"
    assert row["flags"] == "nul_bytes:session_id repaired_json:payload"
    assert json.loads(row["repairs"]) == {
        "payload": '{"tool_name":"Read","tool_input":{"file_path":"a\\t.py"}}'
    }


def test_half_a_surrogate_pair_is_replaced_and_flagged() -> None:
    line = lines_of(event(source_app="\ud83d!", tool_name="\U0001f600"))
    (row,) = rows_read(line, "h.jsonl")
    assert (row["source_app"], row["tool_name"]) == ("\ufffd!", "\U0001f600")
    assert row["flags"] == "bad_encoding:source_app"


def test_broken_bytes_are_replaced_and_flagged_where_they_are() -> None:
    good = json.dumps(event(tool_name="é"), ensure_ascii=False).encode()
    bad = lines_of(event(tool_name="T?l")).encode().replace(b"?", b"\xe9")
    rows = rows_read(good + b"\n" + bad, "h.jsonl")
    assert rows[0]["tool_name"] == "é"
    assert rows[1]["tool_name"] == "T\ufffdl"
    assert rows[1]["flags"] == "bad_encoding:tool_name"
    (alone,) = rows_read(bad, "h.jsonl")
    assert alone["tool_name"] == "Tél"


def test_sixteen_bits_and_a_byte_order_mark_are_read() -> None:
    for encoded in ("utf-16", "utf-16-le", "utf-8-sig"):
        assert rows_read(lines_of(EVENT).encode(encoded), "h.ndjson") == [LANDED]


@pytest.mark.parametrize(
    ("text", "found_there"),
    [
        ("", "an empty file"),
        ("\n \n", "an empty file"),
        ("plain words\nmore\n", "none; line 1: 'plain words'"),
        ('{"colour": "red"}\n', "colour"),
    ],
)
@pytest.mark.parametrize("name", ["h.jsonl", "h.ndjson"])
def test_a_file_without_rows_is_refused(text: str, found_there: str, name: str) -> None:
    with pytest.raises(Quarantined) as raised:
        read_text(text, name)
    assert raised.value.where == name
    assert raised.value.found.startswith(found_there)


def test_a_file_of_garbage_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(found, "UNREADABLE_AT_MOST", 5)
    with pytest.raises(Quarantined) as raised:
        read_text(lines_of(EVENT) + "x\n" * 6, "h.jsonl")
    assert raised.value.where == "h.jsonl, up to line 7"
    assert "at most 5 lines" in raised.value.expected


def test_json_files_hold_an_object_a_list_or_lines() -> None:
    for text, row in (
        (json.dumps([HISTORY, HISTORY], indent=2), 2),
        (lines_of(HISTORY, HISTORY), 2),
        (json.dumps(HISTORY, indent=1), 1),
        ("\n" + json.dumps(HISTORY), 1),
    ):
        rows = rows_read(text, "h.json")
        assert rows[-1] == {**HISTORY, "_source_row": row}
        assert len(rows) == row


def test_what_can_be_read_of_a_list_that_was_cut_off_is_read() -> None:
    text = json.dumps([EVENT, EVENT])
    made = read_text(text[:-30], "h.json")
    rows, unreadable = made.tables
    assert rows_of(rows) == [LANDED]
    (kept,) = rows_of(unreadable)
    assert kept["line"] == text[text.rindex('{"event_id"') : -30]
    assert kept["reason"].startswith("cut off: ")
    assert kept["_source_row"] == 2


def test_elements_that_are_no_objects_are_kept_beside_the_rows() -> None:
    made = read_text(json.dumps([EVENT, 5, None]), "h.json")
    assert [row["line"] for row in rows_of(made.tables[1])] == ["5", "null"]
    assert made.tables[0].rows_read == 1


def test_json_that_is_cut_off_is_refused() -> None:
    with pytest.raises(Quarantined) as raised:
        read_text(json.dumps(HISTORY)[:-5], "h.json")
    assert raised.value.where == "h.json, line 1"
    assert raised.value.found.startswith("cut off: unterminated string")
    with pytest.raises(Quarantined, match="cannot read any row"):
        read_text("[]", "h.json")


def test_an_object_that_says_so_is_an_example() -> None:
    text = lines_of(EVENT, event(example="Example: made for a first run"))
    assert read_text(text, "h.jsonl").is_example
    assert not read_text(lines_of(event(example="no")), "h.jsonl").is_example


def test_a_large_file_is_read_in_blocks_and_lands_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(encoding, "BLOCK_BYTES", 1000)
    lines = [lines_of(event(id=i, payload={"n": i / 8})) for i in range(100)]
    lines[50] = "broken\n"
    path = tmp_path / "h.jsonl"
    path.write_text("".join(lines))
    made = stream(source(str(path)))
    assert len(made.tables) == 1
    streamed = rows_of(made.tables[0])
    whole = read_text(path.read_bytes(), "h.jsonl")
    assert streamed == rows_of(whole.tables[0])
    assert [row["_source_row"] for row in streamed] == [
        *range(1, 51),
        *range(52, 101),
    ]
    assert rows_of(made.tables[1]) == rows_of(whole.tables[1])
    assert made.remark == "not readable in every line: unreadable_lines has the others"
