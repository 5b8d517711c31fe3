"""A build knows by the code of its rules whether documents are to be made anew."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent.parent
MACRO = re.compile(
    r"\{%-?\s*macro (\w+)\(.*?\)\s*-?%\}(.*?)\{%-?\s*endmacro", re.DOTALL
)
#: What asks whether there is news, and how Postgres goes about it: no rule of what a
#: document is.
NO_RULES = {
    *("table_of_news", "view_of_news", "when_news", "documents_have_news"),
    *("documents_are_unsettled", "documents_are_whole", "documents_unended"),
    *("documents_unended_by_news", "documents_unended_where_missing"),
    *("whole_documents", "this_build"),
    "documents_resolved",
    *("not_yet_written", "has_no_scores_yet", "delete_scores_of_other_rules"),
    "model_relation",
    *("refuse_other_ids", "hash_joins_only", "more_memory", "load_report"),
}


def _macros() -> dict[str, str]:
    texts = [file.read_text("utf-8") for file in (ROOT / "macros").rglob("*.sql")]
    return dict(found for text in texts for found in MACRO.findall(text))


def _called(names: Iterable[str], macros: dict[str, str]) -> set[str]:
    """These macros and all that they call, whatever the depth."""
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += set(re.findall(r"\b(\w+)\(", macros[name])) & macros.keys()
    return found


def test_every_rule_of_documents_is_part_of_their_input_version() -> None:
    macros = _macros()
    used: set[str] = set()
    for file in (ROOT / "models").glob("*/documents/*.sql"):
        used |= set(re.findall(r"\b(\w+)\(", file.read_text("utf-8"))) & macros.keys()
    assert {"doc_key", "filled_text", "parsed_draft"} <= _called(used, macros)
    counted = _called(["documents_input_version"], macros)
    assert _called(used, macros) - counted == NO_RULES


def _rests_on(models: dict[str, str]) -> dict[str, set[str]]:
    """What each model of documents refers to, itself or by what it calls."""
    rests: dict[str, set[str]] = {}
    macros = _macros()
    news = {"table_of_news", "view_of_news", "when_news"}
    for name, text in models.items():
        rests[name] = set(re.findall(r"ref\('(\w+)'\)", text))
        calls = set(re.findall(r"\b(\w+)\(", text)) & macros.keys()
        if _called(calls, macros) & news:
            rests[name].add("int_document_inputs")
    # The last one names what it waits for in a list.
    waits = re.search(r"in \[(.*?)\]", models["int_document_resolved"], re.DOTALL)
    assert waits
    rests["int_document_resolved"] |= set(re.findall(r"'(\w+)'", waits[1]))
    return rests


def _above(name: str, rests: dict[str, set[str]]) -> set[str]:
    found: set[str] = set()
    waiting = [name]
    while waiting:
        for other in rests.get(waiting.pop(), set()) - found:
            found.add(other)
            waiting.append(other)
    return found


def test_documents_are_built_between_their_inputs_and_the_line_that_ends_a_build() -> (
    None
):
    files = (ROOT / "models").glob("*/documents/*.sql")
    models = {file.stem: file.read_text("utf-8") for file in files}
    rests = _rests_on(models)
    ended = _above("int_document_resolved", rests)
    # The load report changes with every run: it is tested whatever the inputs are.
    assert models.keys() - ended == {"int_document_resolved", "documents_load_report"}
    for name in models.keys() - {"int_document_inputs", "documents_load_report"}:
        assert "int_document_inputs" in _above(name, rests), name


def test_tests_that_wait_for_news_rest_on_documents() -> None:
    always = set()
    for file in (ROOT / "models").glob("*/documents/*.yml"):
        described = yaml.safe_load(file.read_text("utf-8")).get("models")
        (model,) = described or [{}]
        for test in model.get("data_tests", []):
            ((_, said),) = test.items()
            meta = said.get("config", {}).get("meta", {})
            always.add((model["name"], meta.get("of_news", True)))
    assert {name for name, waits in always if not waits} == {
        "int_document_resolved",
        "documents_load_report",
    }
    assert len(always) == len(dict(always)), "a model's tests all wait, or none does"
    for file in (ROOT / "tests" / "dbt" / "documents").glob("*.sql"):
        text = file.read_text("utf-8")
        assert ("'of_news': false" in text) != ("ref('" in text), file.name
