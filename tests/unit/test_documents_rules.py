"""A build knows by the code of its rules whether documents are to be made anew."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
MACRO = re.compile(
    r"\{%-?\s*macro (\w+)\(.*?\)\s*-?%\}(.*?)\{%-?\s*endmacro", re.DOTALL
)
#: What asks whether there is news, and how Postgres goes about it: no rule of what a
#: document is.
NO_RULES = {
    *("table_of_news", "when_news", "documents_have_news", "documents_are_unsettled"),
    *("not_yet_written", "has_no_scores_yet", "delete_scores_of_other_rules"),
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
