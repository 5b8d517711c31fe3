"""Documents of the golden fixture: those that the original made of it, to the id.

Source: synthetic csv and responses, with the documents and bad rows that the first
implementation of the backfill made of them under the run `golden-run`.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import SHARED, Warehouse

FIXTURE = SHARED / "documents" / "golden_fixture"
#: The run under which the original ran: no text says it, its ids do.
AS_THE_ORIGINAL = "{documents_attempt_key: row_index, documents_run_id: golden-run}"
BUILD = (
    *("--quiet", "--exclude-resource-type", "unit_test"),
    *("--indirect-selection", "cautious", "--select", "+int_document_resolved"),
)
COUNTERS = {
    "draft_ok": 5,
    "draft_missing_response": 1,
    "essay_parent_resolved": 4,
    "essay_unresolved_parent": 2,
    "eval_resolved": 4,
    "eval_unresolved_target": 1,
    "bad_generations": 9,
}


@pytest.fixture(scope="module")
def loaded(module_warehouses: Callable[..., Warehouse]) -> Warehouse:
    """The fixture's csv and responses, loaded and not built."""
    if not FIXTURE.is_dir():
        pytest.skip("the golden fixture (../shared/data/documents) is not here")
    made = module_warehouses()
    folders = [FIXTURE / name for name in ("3_generation", "7_cross_experiment")]
    done = made.load(*[w for f in folders for w in ("--from", f)], pipeline="documents")
    assert done.returncode == 0, done.stdout + done.stderr
    return made


@pytest.fixture(scope="module")
def compat(loaded: Warehouse, module_warehouses: Callable[..., Warehouse]) -> Warehouse:
    """Built with the original's ids."""
    made = module_warehouses(loaded)
    _build(made, "--vars", AS_THE_ORIGINAL)
    return made


@pytest.fixture(scope="module")
def default(
    loaded: Warehouse, module_warehouses: Callable[..., Warehouse]
) -> Warehouse:
    """Built with ids of our own."""
    made = module_warehouses(loaded)
    _build(made)
    return made


def _build(warehouse: Warehouse, *arguments: str) -> None:
    built = warehouse.build(*BUILD, *arguments)
    assert built.returncode == 0, built.stdout + built.stderr


def _expected(path: Path) -> tuple[list[str], list[tuple[str, ...]]]:
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    return header, sorted(tuple(row) for row in rows)


def _found(
    warehouse: Warehouse, table: str, columns: list[str]
) -> list[tuple[str, ...]]:
    listed = ", ".join(f"coalesce({name}::text, '')" for name in columns)
    return sorted(warehouse.rows(f"select {listed} from gold.{table}"))


@pytest.mark.parametrize("table", ["documents", "bad_generations"])
def test_every_row_is_the_original_one(compat: Warehouse, table: str) -> None:
    columns, rows = _expected(FIXTURE / f"expected_{table}_compat.csv")
    assert _found(compat, table, columns) == rows


def test_the_same_documents_have_other_ids_by_default(
    compat: Warehouse, default: Warehouse
) -> None:
    same = ["stage", "task_id", "template_id", "model_id", "status", "raw_chars"]
    ours = _found(default, "documents", same)
    assert len(ours) == 13
    assert ours == _found(compat, "documents", same)
    ids = set(_found(default, "documents", ["doc_id"]))
    assert not ids & set(_found(compat, "documents", ["doc_id"]))
    parents = (
        "select d.task_id, p.task_id from gold.documents as d"
        " left join gold.documents as p on d.parent_doc_id = p.doc_id order by 1"
    )
    assert default.rows(parents) == compat.rows(parents)


def test_bad_rows_are_the_same_by_default(default: Warehouse) -> None:
    columns, rows = _expected(FIXTURE / "expected_bad_generations_compat.csv")
    assert _found(default, "bad_generations", columns) == rows


def test_the_counters_are_those_of_the_original(
    compat: Warehouse, default: Warehouse
) -> None:
    query = "select counter, counter_value from gold.backfill_counters"
    assert dict(compat.rows(query)) == COUNTERS
    assert dict(default.rows(query)) == COUNTERS


def test_a_second_load_and_build_change_nothing(
    compat: Warehouse, module_warehouses: Callable[..., Warehouse]
) -> None:
    again = module_warehouses(compat)
    rows = "select d::text from gold.{} as d order by 1"
    tables = ("documents", "bad_generations")
    before = [again.rows(rows.format(table)) for table in tables]
    done = again.load("--from", FIXTURE / "3_generation", pipeline="documents")
    assert done.returncode == 0, done.stdout + done.stderr
    _build(again, "--vars", AS_THE_ORIGINAL)
    assert [again.rows(rows.format(table)) for table in tables] == before
