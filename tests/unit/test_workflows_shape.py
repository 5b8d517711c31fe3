"""JSON that is almost JSON; rows of any source as landing batches."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal

import pytest

from loaders.rows import tolerant
from loaders.rows.shape import Shaper
from loaders.workflows.kinds import VOCABULARY
from loaders.workflows.tables import TABLES

REPAIRED = {
    "{'a': 'b'}": '{"a":"b"}',
    "{'it': \"it's\", 'n': None, 't': True, 'f': False}": (
        '{"it":"it\'s","n":null,"t":true,"f":false}'
    ),
    '{"a": NaN, "b": -Infinity, "c": 1.50}': '{"a":null,"b":null,"c":1.50}',
    "[1, 2,]": "[1,2]",
    '{"a": [1,], }': '{"a":[1]}',
    '\ufeff{"a": 1}': '{"a":1}',
    '{"a": "two\nlines\tand a tab"}': '{"a":"two\\nlines\\tand a tab"}',
    '{"a": "\\ud83d"}': '{"a":"\ufffd"}',
    "{'a': 'x\\'y\\x41'}": '{"a":"x\'yA"}',
    "['two\nlines']": '["two\\nlines"]',
}
AMBIGUOUS = (
    *('{"a": 1', '{"a": "x', "{'a': 'it's'}", '{"a" 1}', "{a: 1}", "plain words"),
    *("{1: 2}", "[01]", "[1 2]", '{"a": 1}}', "{,}", "[,]", "nothing", "(1)", "1.", ""),
    *(
        "}",
        ",",
        "]",
        "{'a': datetime.date(2025, 1, 1)}",
        '{"a": b"x"}',
        "[1,,2]",
        "'",
        "0x10",
    ),
)


@pytest.mark.parametrize("text", REPAIRED)
def test_what_can_mean_one_thing_is_read(text: str) -> None:
    assert not tolerant.is_json(text)
    assert tolerant.repair(text) == REPAIRED[text]


@pytest.mark.parametrize("text", AMBIGUOUS)
def test_what_is_cut_off_or_ambiguous_is_not(text: str) -> None:
    assert tolerant.repair(text) is None


def test_a_text_of_megabytes_is_not_tried() -> None:
    text = "['" + "x" * tolerant.LONGEST + "']"
    assert tolerant.repair(text) is None


def test_json_is_made_compact_and_its_numbers_stay() -> None:
    assert (
        tolerant.compact('{ "a b" : [ 1.0 ,\n 2e5 ], "c": "x \\u00e9 \\" \\n" }')
        == '{"a b":[1.0,2e5],"c":"x é \\" \\n"}'
    )


def test_values_of_databases_become_text() -> None:
    batch = Shaper(VOCABULARY, "workflow_history", is_whole=False).rows(
        [
            {
                "id": 7,
                "actual_cost_total": Decimal("0.10"),
                "duration_seconds": 1.5,
                "created_at": dt.datetime(2025, 11, 1, 9, tzinfo=dt.UTC),
                "pr_merged": False,
                "nl_input": b"caf\xc3\xa9",
                "cost_breakdown": {"a": [1, None]},
                "structured_input": memoryview(b'{"x": 1}'),
                "novelty": dt.date(2025, 11, 1),
                "amount": Decimal("2.50"),
            },
            {"id": 2**70, "nl_input": b"caf\xe9", "big": 2**70},
        ],
        [1, 2],
    )
    assert batch.to_pylist() == [
        {
            "id": "7",
            "actual_cost_total": "0.10",
            "duration_seconds": "1.5",
            "created_at": "2025-11-01T09:00:00+00:00",
            "pr_merged": "false",
            "nl_input": "café",
            "cost_breakdown": '{"a":[1,null]}',
            "structured_input": '{"x": 1}',
            "extra": '{"novelty":"2025-11-01","amount":"2.50"}',
            "repairs": None,
            "flags": None,
            "_source_row": 1,
        },
        {
            "id": str(2**70),
            "actual_cost_total": None,
            "duration_seconds": None,
            "created_at": None,
            "pr_merged": None,
            "nl_input": "caf\ufffd",
            "cost_breakdown": None,
            "structured_input": None,
            "extra": f'{{"big":{2**70}}}',
            "repairs": None,
            "flags": "bad_encoding:nl_input",
            "_source_row": 2,
        },
    ]


def test_rows_by_columns_and_by_names_are_the_same() -> None:
    names = ["event_type", "payload", "extra thing"]
    columns = [["Stop", None], [{"a": 1}, "{'b': 2}"], [None, {"c": "\0"}]]
    rows = [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]
    shaper = Shaper(VOCABULARY, "hook_events")
    flags = {0: ["missing_fields:tool_name"]}
    by_columns = shaper.columns(names, columns, [5, 6], flags)
    assert by_columns.equals(shaper.rows(rows, [5, 6], flags))
    first, second = by_columns.to_pylist()
    assert first["flags"] == "missing_fields:tool_name"
    assert second["flags"] == "repaired_json:payload nul_bytes:extra_thing"
    assert json.loads(second["repairs"]) == {"payload": '{"b":2}'}
    assert second["extra"] == '{"extra thing":{"c":""}}'


def test_batches_are_alike_whatever_their_rows_hold() -> None:
    shaper = Shaper(VOCABULARY, "hook_events")
    batches = [
        shaper.rows([], []),
        shaper.rows([{"event_type": "Stop"}], [1]),
        shaper.rows([{"payload": "{'a'", "more": 1}, {"tool_name": None}], [2, 3]),
    ]
    assert {tuple(batch.schema.names) for batch in batches} == {
        (*map(str, TABLES["hook_events"]), "_source_row")
    }
    assert [batch.num_rows for batch in batches] == [0, 1, 2]


def test_blank_json_is_no_broken_json() -> None:
    batch = Shaper(VOCABULARY, "hook_events").rows(
        [{"payload": " "}, {"payload": ""}], [1, 2]
    )
    assert batch.column("payload").to_pylist() == [" ", ""]
    assert batch.column("flags").null_count == 2
