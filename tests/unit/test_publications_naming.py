"""Proposed names: what is sent, what of an answer is taken, and where it is written."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

import pytest

from loaders.errors import Failed, UsageError
from loaders.publications import naming
from loaders.publications.maps import MappedColumn, MappedTable
from loaders.publications.naming import Endpoint, Question, checked, noted
from tests.chat_model import ChatModel
from tests.integration.support import assert_four_parts

KEY = "sk-very-secret"
QUESTION = Question(
    "table_2",
    {"c_18": "Waiting 18 weeks+ (3)", "c_52": "Waiting 52 weeks+ (3)"},
    [("1", "2"), ("3", None), ("x" * 500, "5"), ("never sent", "6")],
    frozenset({"c_18", "c_52", "org_code"}),
)
GOOD = {
    "table": {"name": "long_waits", "description": "Waits by\nprovider."},
    "columns": {
        "c_18": {"name": "waiting_over_18_weeks", "description": "People waiting."},
        "c_52": {"name": "waiting_over_52_weeks"},
    },
}
MONTH = dt.date(2025, 4, 1)


@pytest.fixture
def stub(monkeypatch: pytest.MonkeyPatch) -> Iterator[ChatModel]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    made = ChatModel(json.dumps(GOOD))
    yield made
    made.close()


def refused(stub: ChatModel, timeout: float = 5) -> Failed:
    with pytest.raises(Failed) as raised:
        Endpoint(stub.url, "small", KEY, timeout).ask(QUESTION)
    told = str(raised.value)
    assert_four_parts(told, "nothing was written")
    assert KEY not in told
    return raised.value


# --------------------------------------------------------------------- the way there


def test_headers_and_at_most_three_rows_are_sent(stub: ChatModel) -> None:
    assert Endpoint(stub.url, "small", KEY).ask(QUESTION) == GOOD
    ((path, headers, body),) = stub.asked
    assert path == "/v1/chat/completions"
    assert headers["Authorization"] == f"Bearer {KEY}"
    assert body["model"] == "small"
    told = json.loads(body["messages"][1]["content"])
    assert set(told) == {"table", "headers", "rows"}
    assert told["headers"] == dict(QUESTION.headers)
    assert len(told["rows"]) == 3
    assert max(len(cell or "") for row in told["rows"] for cell in row) == 60
    assert "never sent" not in json.dumps(body)


def test_without_a_key_none_is_sent(stub: ChatModel) -> None:
    Endpoint(f"{stub.url}/chat/completions/", "small").ask(QUESTION)
    ((path, headers, _),) = stub.asked
    assert path == "/v1/chat/completions"
    assert "Authorization" not in headers


def test_json_in_a_fence_is_json(stub: ChatModel) -> None:
    stub.content = f"```json\n{json.dumps(GOOD)}\n```\n"
    assert Endpoint(stub.url, "small").ask(QUESTION) == GOOD


@pytest.mark.parametrize(
    ("content", "body"),
    [
        ("Sure! Here are some names.", None),
        ("", b"<html>busy</html>"),
        ("", b"[]"),
        ("", b'{"choices": []}'),
        ("", b'{"choices": [{"message": {"content": null}}]}'),
    ],
)
def test_an_answer_that_is_no_json_is_told(
    stub: ChatModel, content: str, body: bytes | None
) -> None:
    stub.content, stub.body = content, body
    assert "chat completion" in refused(stub).expected


def test_a_server_that_repeats_the_key_does_not_reveal_it(stub: ChatModel) -> None:
    stub.body = f"unknown key {KEY}".encode()
    assert "***" in refused(stub).found


@pytest.mark.parametrize("status", [401, 429, 500])
def test_a_refusal_of_the_server_is_told(stub: ChatModel, status: int) -> None:
    stub.status = status
    assert str(status) in refused(stub).found


def test_a_redirect_is_not_followed(stub: ChatModel) -> None:
    stub.status, stub.headers = 307, {"Location": f"{stub.url}/elsewhere"}
    assert "307" in refused(stub).found
    assert len(stub.asked) == 1


def test_a_silent_server_is_not_waited_for(stub: ChatModel) -> None:
    stub.silent = 30
    assert "within 0.2 seconds" in refused(stub, 0.2).expected


def test_a_server_that_drips_is_not_waited_for(stub: ChatModel) -> None:
    stub.drip = 0.05
    assert "within 0.5 seconds" in refused(stub, 0.5).expected


def test_an_endless_answer_is_cut(stub: ChatModel) -> None:
    stub.body = b" " * (naming.MAX_ANSWER_BYTES + 1)
    assert "longer" in refused(stub).found


def test_no_server_is_told_without_the_password_of_its_url() -> None:
    with pytest.raises(Failed) as raised:
        Endpoint("http://me:hidden@127.0.0.1:1/v1", "small", KEY, 5).ask(QUESTION)
    assert_four_parts(str(raised.value), "127.0.0.1:1")
    assert "hidden" not in str(raised.value)
    assert KEY not in repr(Endpoint("http://a", "small", KEY))


@pytest.mark.parametrize(
    ("url", "model"),
    [("", ""), ("http://a/v1", ""), ("", "small"), ("ftp://a", "small"), ("a", "b")],
)
def test_it_is_off_until_the_environment_names_it_whole(
    monkeypatch: pytest.MonkeyPatch, url: str, model: str
) -> None:
    monkeypatch.setenv(naming.URL, url)
    monkeypatch.setenv(naming.MODEL, model)
    with pytest.raises(UsageError) as raised:
        naming.from_environment()
    assert_four_parts(str(raised.value), naming.URL, "without --suggest")


def test_the_environment_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(naming.URL, "http://localhost:1/v1")
    monkeypatch.setenv(naming.MODEL, "small")
    monkeypatch.setenv(naming.KEY, KEY)
    found = naming.from_environment()
    assert found == Endpoint("http://localhost:1/v1", "small", KEY)


# ----------------------------------------------------------------- what is taken of it


def answer(**columns: Any) -> Any:
    return {"table": GOOD["table"], "columns": columns}


def test_good_names_are_taken_with_their_descriptions() -> None:
    made = checked(QUESTION, GOOD)
    assert made.table == ("long_waits", "Waits by provider.")
    assert made.columns == {
        "c_18": ("waiting_over_18_weeks", "People waiting."),
        "c_52": ("waiting_over_52_weeks", ""),
    }
    assert made.refused == []


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        ({"c_18": {"name": "Waiting 18"}}, "no snake_case name"),
        ({"c_18": {"name": "18_weeks"}}, "no snake_case name"),
        ({"c_18": {"name": "x" * 64}}, "no snake_case name"),
        ({"c_18": {"name": 18}}, "no snake_case name"),
        ({"c_18": {"name": "a; drop table x"}}, "no snake_case name"),
        ({"c_18": "waiting"}, "no snake_case name"),
        ({"c_18": {"name": "org_code"}}, "the name of another column"),
        ({"c_18": {"name": "c_52"}}, "the name of another column"),
        ({"org_code": {"name": "provider_code"}}, "nobody asked"),
    ],
)
def test_a_name_that_will_not_do_is_refused_with_its_reason(
    columns: dict[str, Any], reason: str
) -> None:
    made = checked(QUESTION, answer(**columns))
    assert made.columns == {}
    assert reason in made.refused[0]


def test_of_two_columns_with_one_name_the_second_is_refused() -> None:
    made = checked(QUESTION, answer(c_18={"name": "waiting"}, c_52={"name": "waiting"}))
    assert list(made.columns) == ["c_18"]
    assert "c_52" in made.refused[0]


@pytest.mark.parametrize("given", [None, [], "waiting", {"table": {"name": "a"}}])
def test_an_answer_of_another_shape_gives_nothing(given: Any) -> None:
    made = checked(QUESTION, given)
    assert made.columns == {}
    assert made.refused


# ------------------------------------------------------------------ where it is written


class Saying:
    """A namer that says one thing."""

    def __init__(self, said: Any) -> None:
        self.said = said

    def ask(self, question: Question) -> Any:
        return self.said


def column(published: str, note: str = "") -> MappedColumn:
    return MappedColumn("people", note, ((MONTH, published),))


def test_proposals_stand_in_the_notes_of_new_rows_alone() -> None:
    old = {"org_code": column("org code", "reviewed"), "c_52": column("old 52")}
    before = {"table_2": MappedTable(((MONTH, "*"),), old)}
    after = {
        "table_2": MappedTable(((MONTH, "*"),), {**old, "c_18": column("18 weeks")})
    }
    made, lines = noted(before, after, [QUESTION], Saying(GOOD))
    assert made["table_2"].keys == after["table_2"].keys
    assert dict(made["table_2"].columns) == {
        **old,
        "c_18": MappedColumn(
            *("people", "suggested_name: waiting_over_18_weeks; People waiting."),
            ((MONTH, "18 weeks"),),
        ),
    }
    note = made["table_2"].columns["c_18"].note
    assert lines == [f"suggested: table_2.c_18: {note}"]


def test_a_new_table_has_its_proposal_in_what_is_said() -> None:
    after = {"table_2": MappedTable(((MONTH, "*"),), {"c_18": column("18 weeks")})}
    made, lines = noted({}, after, [QUESTION], Saying(answer(c_18={"name": "Not"})))
    assert made == after
    assert lines == [
        "refused: table_2.c_18: 'Not' is no snake_case name",
        "suggested: table table_2: suggested_name: long_waits; Waits by provider.",
    ]
