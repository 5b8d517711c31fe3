"""Rules of patterns in plain Python, and what a dry run tells by them."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from loaders.errors import Quarantined
from loaders.model import FileRead
from loaders.workflows.detect import Rules
from loaders.workflows.preview import Patterns
from tests.conftest import ROOT
from tests.unit.workflow_files import HISTORY, lines_of, read_text

FIXTURES = ROOT / "tests" / "dbt" / "fixtures"
RULE_SETS = ("strict", "compat")


def _fixture(name: str) -> list[dict[str, str]]:
    with (FIXTURES / f"{name}.csv").open(newline="", encoding="utf-8") as handle:
        return list(csv.DictReader(handle))


def _expected(name: str) -> Mapping[str, list[tuple[str, str]]]:
    expected: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for row in _fixture(name):
        if row["pattern_signature"]:
            found = (row["pattern_signature"], row["layer"])
            expected[row["workflow_key"]].append(found)
    return expected


@pytest.mark.parametrize(
    ("rule_set", "given", "expected"),
    [
        *((s, "signatures_golden", "signatures_golden_expected") for s in RULE_SETS),
        *((s, "word_traps", f"word_traps_{s}") for s in RULE_SETS),
    ],
)
def test_the_goldens_of_the_models_hold_here_too(
    rule_set: str, given: str, expected: str
) -> None:
    rules = Rules.load(rule_set)
    wanted = _expected(f"workflow_{expected}")
    rows = [r for r in _fixture(f"workflow_{given}") if r["is_finished"] == "true"]
    assert len(rows) > 15
    for row in rows:
        found = rules.find(
            row["nl_input"], row["error_message"], row["workflow_template"]
        )
        got = [(one.signature, one.layer) for one in found]
        assert got == wanted.get(row["workflow_key"], []), row["nl_input"]


def test_a_set_of_rules_is_by_priority_and_not_by_its_place_in_the_file(
    tmp_path: Path,
) -> None:
    for path in (ROOT / "seeds").glob("pattern_*_rules.csv"):
        head, *rows = path.read_text("utf-8").splitlines()
        (tmp_path / path.name).write_text("\n".join([head, *reversed(rows)]) + "\n")
    text = ("format, build and test both backend and ui with pytest", "", "adw_build")
    assert Rules.load("strict", tmp_path).find(*text) == Rules.load("strict").find(
        *text
    )


def _workflow(number: int, **values: Any) -> dict[str, Any]:
    day = f"2025-11-{number:02}T09:00:00Z"
    own = {"adw_id": f"a{number}", "workflow_id": f"wf-{number}", "created_at": day}
    return {**HISTORY, **own, **values}


def _told(shown: Patterns) -> dict[str, int]:
    """What is counted, by name."""
    counted = {}
    for line in shown.lines()[1:]:
        first, _, rest = line.strip().partition("  ")
        if first.replace(",", "").isdigit():
            counted[rest.strip()] = int(first.replace(",", ""))
        elif rest.strip().isdigit():
            counted[first] = int(rest)
    return counted


def _history(*rows: dict[str, Any]) -> FileRead:
    return read_text(lines_of(*rows), "history.jsonl")


def test_a_preview_counts_workflows_and_not_their_rows() -> None:
    shown = Patterns()
    shown.add(_history(_workflow(1), _workflow(2, status="running")))
    shown.add(_history(_workflow(1), _workflow(3, nl_input="Do stuff")))
    told = _told(shown)
    assert told["rows of workflow histories"] == 4
    assert (told["workflows"], told["finished"]) == (3, 2)
    assert (told["with a pattern"], told["without a pattern"]) == (1, 1)
    assert told["test:generic:all"] == told["occurrences"] == 1


@pytest.mark.parametrize("order", [1, -1])
def test_the_latest_version_counts_whichever_is_read_first(order: int) -> None:
    older = _workflow(1, updated_at="2025-11-02 09:00:00")
    newer = _workflow(1, updated_at="1762300800", nl_input="Show me the git log")
    shown = Patterns()
    for row in [older, newer][::order]:
        shown.add(_history(row))
    told = _told(shown)
    assert told["git:log:summary"] == told["patterns"] == 1


def test_a_limit_looks_at_the_oldest_finished_workflows() -> None:
    shown = Patterns(limit=2)
    shown.add(
        _history(
            _workflow(9, nl_input="Show me the git log"),
            _workflow(2),
            _workflow(1, status="pending"),
            _workflow(4, nl_input="Do stuff"),
        )
    )
    told = _told(shown)
    assert (told["finished"], told["looked at, the oldest"]) == (3, 2)
    assert (told["with a pattern"], told["without a pattern"]) == (1, 1)
    assert "git:log:summary" not in told


def test_examples_give_way_to_real_workflows() -> None:
    shown = Patterns()
    shown.add(_history(_workflow(1, example="example: made up")))
    assert _told(shown)["workflows"] == 1
    shown.add(_history(_workflow(2, status="pending")))
    assert (_told(shown)["workflows"], _told(shown)["finished"]) == (1, 0)


def test_of_a_file_that_breaks_off_nothing_counts() -> None:
    read = _history(_workflow(1))

    def breaking() -> Any:
        yield from whole
        raise Quarantined("cut off", where="x", expected="y", found="z", next_step="!")

    whole, read.tables[0].batches = read.tables[0].batches, breaking()
    shown = Patterns()
    with pytest.raises(Quarantined):
        shown.add(read)
    assert set(_told(shown).values()) == {0}
