"""``hindcast patterns``: five reports of the examples, and what it says otherwise."""

from __future__ import annotations

import csv
import io
import json
import subprocess
from collections.abc import Callable
from typing import Any

import pytest

from examples import workflows_files, workflows_history
from tests.conftest import Warehouse
from tests.integration.conftest import Quick
from tests.integration.support import assert_ended, assert_four_parts

Done = subprocess.CompletedProcess[str]
Maker = Callable[..., Warehouse]
PYTEST = "test:pytest:backend"


@pytest.fixture(scope="module")
def built(quick: Quick, module_warehouses: Maker) -> Warehouse:
    """The examples of workflows, loaded and built; not to be changed."""
    made = module_warehouses()
    assert_ended(quick.load(made, pipeline="workflows"), 0)
    chosen = ("--quiet", "--selector", "workflows")
    assert_ended(quick(made, "dbt", "build", *chosen), 0)
    return made


@pytest.fixture
def ask(quick: Quick, built: Warehouse) -> Callable[..., Done]:
    """Asks for a report of the examples."""
    return lambda *words: quick(built, "hindcast", "patterns", *words)


def _csv(done: Done) -> list[dict[str, str]]:
    assert_ended(done, 0)
    return list(csv.DictReader(io.StringIO(done.stdout)))


def _json(done: Done) -> Any:
    assert_ended(done, 0)
    return json.loads(done.stdout)


def test_the_summary_adds_up(ask: Callable[..., Done], built: Warehouse) -> None:
    (row,) = _json(ask("summary", "--format", "json"))
    finished = built.one(
        "select count(*) from silver.silver_workflows__history where is_finished"
    )
    linked, without = (
        row[f"workflows_{which}_pattern_count"] for which in ("with", "without")
    )
    assert linked + without == finished > 70
    marts = built.rows(
        "select count(*), sum(occurrence_count) from gold.operation_patterns"
    )
    assert marts == [(row["pattern_count"], row["occurrence_count"])]
    statuses = [value for name, value in row.items() if name.endswith("ed_count")]
    assert sum(statuses) + row["candidate_count"] + row["active_count"] == marts[0][0]
    said = ask("summary").stdout
    assert f"{finished} finished, {linked} with a pattern, {without} without" in said
    assert f"${row['potential_monthly_savings_shared']:,.2f} a month" in said
    assert _csv(ask("summary", "--format", "csv"))[0]["pattern_count"] == str(
        row["pattern_count"]
    )


def test_top_has_what_comes_most_often_first(
    ask: Callable[..., Done], built: Warehouse
) -> None:
    rows = _csv(ask("top", "--format", "csv", "--limit", "3"))
    assert len(rows) == 3
    counts = [int(row["occurrence_count"]) for row in rows]
    assert counts == [
        count
        for (count,) in built.rows(
            "select occurrence_count from gold.operation_patterns order by 1 desc"
            " limit 3"
        )
    ]
    table = ask("top", "--limit", "3").stdout.splitlines()
    assert table[2].startswith(rows[0]["pattern_signature"])
    assert table[-1] == "(3 patterns)"


def test_high_value_has_what_would_save_most_first(ask: Callable[..., Done]) -> None:
    rows = _json(ask("high-value", "--format", "json", "--limit", "100"))
    savings = [row["potential_monthly_savings"] for row in rows]
    assert savings == sorted(savings, reverse=True)
    assert min(savings) > 0
    for row in rows:
        with_llm, with_tool = row["avg_cost_with_llm"], row["avg_cost_with_tool"]
        assert row["savings_per_use"] == pytest.approx(with_llm - with_tool)
    assert "saved per use" in ask("high-value").stdout


def test_recent_has_what_was_first_seen_last(ask: Callable[..., Done]) -> None:
    rows = _json(ask("recent", "--format", "json", "--limit", "100"))
    seen = [row["created_at"] for row in rows]
    assert seen == sorted(seen, reverse=True)
    assert all(at.endswith("+00:00") for at in seen)


def test_details_show_every_field_and_who_decided(
    ask: Callable[..., Done], built: Warehouse
) -> None:
    found = _json(ask("details", PYTEST, "--format", "json"))
    columns = built.rows(
        "select column_name from information_schema.columns where table_schema = 'gold'"
        " and table_name = 'operation_patterns' order by ordinal_position"
    )
    assert list(found["pattern"]) == [name for (name,) in columns]
    parts = ("frequency", "consistency", "success")
    assert found["pattern"]["confidence_score"] == sum(
        found["pattern"][f"confidence_{part}"] for part in parts
    )
    decided = [r[1] for r in workflows_files.REVIEWS if r[0] == PYTEST]
    assert [r["automation_status"] for r in found["life_cycle"]] == decided
    assert found["pattern"]["automation_status"] == decided[-1]
    assert len(found["examples"]) == 5
    asked = workflows_history.KINDS[0].asked
    assert asked in {example["nl_input"] for example in found["examples"]}
    said = ask("details", f" {PYTEST.upper()} ").stdout
    for words in (PYTEST, "frequency ", "of 40", "keywords", *decided, asked):
        assert words in said
    assert len(_json(ask("details", PYTEST, "--format", "json", "--limit", "2"))
        ["examples"]) == 2  # fmt: skip
    flat = _csv(ask("details", PYTEST, "--format", "csv"))
    assert {row["section"] for row in flat} == set(found)


def test_a_long_request_is_cut_in_the_table_and_whole_for_programs(
    quick: Quick, built: Warehouse, make_warehouse: Maker
) -> None:
    copy = make_warehouse(like=built)
    copy.rows("update gold.pattern_occurrences set nl_input = repeat('ab', 40)")
    details = ("hindcast", "patterns", "details", PYTEST)
    assert f"{'ab' * 30}...\n" in quick(copy, *details).stdout
    assert "ab" * 40 in quick(copy, *details, "--format", "json").stdout


def test_unknown_savings_are_told_as_unknown(
    quick: Quick, built: Warehouse, make_warehouse: Maker
) -> None:
    copy = make_warehouse(like=built)
    copy.rows(
        "update gold.operation_patterns set potential_monthly_savings = null,"
        " potential_monthly_savings_shared = null,"
        " savings_note = 'window of 3.2 days is under 7'"
    )
    for report in ("summary", "top"):
        said = quick(copy, "hindcast", "patterns", report).stdout
        assert "unknown (window of 3.2 days is under 7)" in said
        assert "$0.00" not in said
    said = quick(copy, "hindcast", "patterns", "high-value").stdout
    assert "more: window of 3.2 days is under 7" in said


def test_an_unknown_signature_names_those_near_it(ask: Callable[..., Done]) -> None:
    done = ask("details", "test:pytest:backnd")
    assert_ended(done, 2)
    assert_four_parts(done.stderr, f"hindcast patterns details {PYTEST}")
    assert done.stdout == ""


@pytest.mark.parametrize("text", ["pytest", "test:pytest:", "invalid:a:b", "a:b:c:d"])
def test_what_is_no_signature_ends_with_2(ask: Callable[..., Done], text: str) -> None:
    done = ask("details", text)
    assert_ended(done, 2)
    assert_four_parts(done.stderr, "category:subcategory:target")


def test_before_the_first_build_it_says_what_to_run(
    quick: Quick, warehouse: Warehouse
) -> None:
    for words in (("summary",), ("details", PYTEST)):
        done = quick(warehouse, "hindcast", "patterns", *words)
        assert_ended(done, 1)
        assert_four_parts(done.stderr, "dbt build --selector workflows")


def test_with_nothing_loaded_it_says_what_to_run(
    quick: Quick, built: Warehouse, make_warehouse: Maker
) -> None:
    copy = make_warehouse(like=built)
    copy.rows("truncate gold.operation_patterns, gold.workflows_without_pattern")
    done = quick(copy, "hindcast", "patterns", "top")
    assert_ended(done, 1)
    assert_four_parts(done.stderr, "dlt pipeline workflows run", "no finished workflow")


def test_workflows_without_any_pattern_are_no_error(
    quick: Quick, built: Warehouse, make_warehouse: Maker
) -> None:
    copy = make_warehouse(like=built)
    copy.rows("truncate gold.operation_patterns, gold.pattern_occurrences")
    done = quick(copy, "hindcast", "patterns", "top", "--format", "csv")
    assert_ended(done, 0)
    (header,) = done.stdout.splitlines()
    assert header.startswith("pattern_signature,pattern_type,occurrence_count,")


def test_an_analyst_may_ask(
    quick: Quick, built: Warehouse, make_warehouse: Maker
) -> None:
    copy = make_warehouse(like=built)
    assert_ended(quick(copy, "dbt", "run-operation", "create_roles"), 0)
    copy.environment["PGOPTIONS"] = "-c role=hindcast_analyst"
    for words in (("summary",), ("top",), ("details", PYTEST)):
        assert_ended(quick(copy, "hindcast", "patterns", *words), 0)
    assert_ended(quick(copy, "hindcast", "sql", "select * from raw_workflows.files"), 2)
