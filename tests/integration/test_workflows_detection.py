"""Patterns found by the models: as plain Python finds them, added to or built anew."""

from __future__ import annotations

import csv
import itertools
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from loaders.workflows.detect import Rules
from tests.conftest import ROOT, Warehouse
from tests.integration.conftest import Quick
from tests.integration.support import assert_ended

COLUMNS = (
    *("adw_id", "nl_input", "error_message", "workflow_template", "status"),
    *("created_at", "updated_at"),
)
MODELS = (
    *("pattern_signature_rules", "pattern_error_rules", "pattern_template_rules"),
    *("silver_workflows__history", "int_workflow_signatures", "int_workflow_traits"),
)
TRAPS = (
    *("guide", "pipeline", "information", "latest", "contest", "splinter", "rapid"),
    *("blacklist", "majestic", "capital", "observer", "test_api", "testing", "tsca"),
    *("rebuild", "pre-build", "preteste", "teßt", "testübung", "éall", "allé", "ÀPI"),
    *(
        "İNPUT",
        "clİent",
        "\u212aey",
        "“pytest”",
        "请运行pytest测试",
        "🚀test🚀",
        "x\u00a0ui",
    ),
    *("type check", "py.test", "py test", "back end", "all the", "both", "code", "the"),
)
BETWEEN = (
    *(" ", "  ", ", ", "\n", "\t", ".", "-", "_", "/"),
    *("", "\u00a0", " “", "” ", ": "),
)


def _words() -> list[str]:
    """What the rules ask for, their alternatives taken apart."""
    found = {*TRAPS}
    for layer in ("signature", "error", "template"):
        path = ROOT / "seeds" / f"pattern_{layer}_rules.csv"
        with path.open(newline="", encoding="utf-8") as handle:
            for row in csv.DictReader(handle):
                for text in (row["regex"], row.get("also") or ""):
                    found.update(text.replace("(", "").replace(")", "").split("|"))
    return sorted(found - {""})


def _texts(count: int) -> Iterator[str]:
    """The same texts every time: each word, alone and among others, and odd ones."""
    chance = random.Random(5)
    words = _words()
    yield from ("", " ", "\n", "\t \n", "'", "\\", "%", "{}", "a" * 100_000)
    yield " ".join(words)
    yield ("no such thing " * 5_000) + "pytest"
    for word in words:
        yield from (word, word.upper(), f"x{word}", f"{word}x", f"({word})\n")
    for _ in range(count):
        pieces = chance.choices(words, k=chance.randint(1, 6))
        text = "".join(
            itertools.chain.from_iterable((p, chance.choice(BETWEEN)) for p in pieces)
        )
        yield chance.choice([str, str.upper, str.title])(text)


def _row(key: str, asked: str, error: str = "", template: str = "") -> list[str]:
    times = ["2025-11-01T09:00:00Z", "2025-11-01T09:00:00Z"]
    return [key, asked, error, template, "failed" if error else "completed", *times]


def _write(path: Path, *rows: list[str]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as handle:
        csv.writer(handle).writerows([COLUMNS, *rows])
    return path


@pytest.fixture
def load(quick: Quick, warehouse: Warehouse) -> Callable[..., None]:
    """Loads a history."""

    def loading(path: Path, *more: str) -> None:
        done = quick.load(warehouse, "--from", path, *more, pipeline="workflows")
        assert_ended(done, 0)

    return loading


@pytest.fixture
def find(quick: Quick, warehouse: Warehouse) -> Callable[..., Any]:
    """Builds what finds patterns, and gives what it found."""

    def finding(rule_set: str = "strict", *more: str) -> dict[str, list[Any]]:
        only = ("--exclude-resource-type", "test", "--exclude-resource-type=unit_test")
        variables = f"{{pattern_rules: {rule_set}}}"
        done = quick(
            *(warehouse, "dbt", "build", "--quiet", "--vars", variables),
            *(*more, *only, "--select", *MODELS),
        )
        assert_ended(done, 0)
        rows = warehouse.rows(
            "select workflow_key, pattern_signature, layer, rule_id"
            " from silver.int_workflow_signatures order by workflow_key, ordinal"
        )
        return {
            key: [one[1:] for one in of_key if one[1] is not None]
            for key, of_key in itertools.groupby(rows, key=lambda row: row[0])
        }

    return finding


def test_the_models_find_what_plain_python_finds(
    load: Callable[..., None], find: Callable[..., Any], tmp_path: Path
) -> None:
    texts = list(_texts(3_000))
    chance = random.Random(7)
    rows = [_row(f"input-{i}", text) for i, text in enumerate(texts)]
    rows += [_row(f"error-{i}", "", text) for i, text in enumerate(texts)]
    rows += [_row(f"name-{i}", "", "", text) for i, text in enumerate(texts)]
    rows += [_row(f"all-{i}", *chance.choices(texts, k=3)) for i in range(1_500)]
    load(_write(tmp_path / "history.csv", *rows))
    for rule_set in ("strict", "compat"):
        found = find(rule_set)
        assert len(found) == len(rows) > 11_000
        rules = Rules.load(rule_set)
        different = {}
        for key, *asked in (row[:4] for row in rows):
            wanted = [
                (one.signature, one.layer, one.rule_id) for one in rules.find(*asked)
            ]
            if found[key] != wanted:
                different[key] = (asked, found[key], wanted)
        assert different == {}
        assert sum(map(len, found.values())) > 5_000


def test_what_was_added_equals_what_is_built_anew(
    load: Callable[..., None],
    find: Callable[..., Any],
    warehouse: Warehouse,
    tmp_path: Path,
) -> None:
    load(
        _write(
            tmp_path / "first.csv",
            _row("same", "Run pytest on the guide"),
            _row("changes", "Run tests", "typecheck failed", "adw_ship"),
            _row("loses", "Show me the git log"),
            _row("reopened", "Update npm"),
        )
    )
    first = find()
    assert [s for s, *_ in first["changes"]] == [
        *("test:generic:all", "build:typecheck:backend", "deploy:ship:all"),
    ]
    later = "2025-11-02T09:00:00Z"
    load(
        _write(
            tmp_path / "second.csv",
            [*_row("changes", "Compile the backend")[:-1], later],
            [*_row("loses", "Do stuff")[:-1], later],
            ["reopened", "Update npm", "", "", "running", later, later],
            _row("new", "Lint with eslint"),
        )
    )
    added = find()
    assert added["same"] == first["same"]
    assert [s for s, *_ in added["changes"]] == ["build:compile:backend"]
    assert added["loses"] == []
    assert "reopened" not in added
    assert [s for s, *_ in added["new"]] == ["format:eslint:all"]
    traits = "select * from silver.int_workflow_traits order by workflow_key"
    measured = warehouse.rows(traits)
    assert find("strict", "--full-refresh") == added
    assert warehouse.rows(traits) == measured
    # Another set of rules looks at all of them again, and back again.
    by_letters = find("compat")
    assert [s for s, *_ in by_letters["same"]] == ["test:pytest:frontend"]
    assert find("compat", "--full-refresh") == by_letters
    assert find() == added


def test_a_workflow_that_is_withdrawn_loses_its_patterns(
    load: Callable[..., None],
    find: Callable[..., Any],
    tmp_path: Path,
) -> None:
    example = _write(tmp_path / "example.csv", _row("made_up", "Run pytest"))
    rows = example.read_text("utf-8").splitlines()
    marks = ("example", "example: made up")
    example.write_text(
        "".join(f"{row},{mark}\n" for row, mark in zip(rows, marks, strict=True))
    )
    load(example)
    assert list(find()) == ["made_up"]
    load(_write(tmp_path / "real.csv", _row("real", "Run vitest")))
    assert list(find()) == ["real"]


def test_a_dry_run_tells_what_it_would_find_and_keeps_nothing(
    quick: Quick, warehouse: Warehouse, tmp_path: Path
) -> None:
    folder = tmp_path / "histories"
    folder.mkdir()
    _write(folder / "a.csv", _row("one", "Run pytest"), _row("two", "Do stuff"))
    (folder / "b.csv").write_text("which,table\nis,this\n")
    done = quick.load(warehouse, "--from", folder, "--dry-run", pipeline="workflows")
    assert_ended(done, 1, "quarantined: cannot tell which table", "2  finished")
    told = [line.split() for line in done.stdout.splitlines()]
    assert ["test:pytest:all", "1"] in told
    assert ["1", "without", "a", "pattern"] in told
    assert (
        warehouse.one("select count(*) from pg_namespace where nspname like 'raw%%'")
        == 0
    )
