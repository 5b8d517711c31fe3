"""An experiment loaded: once, then what is new, whatever happens between."""

from __future__ import annotations

import shutil
import signal
from pathlib import Path

import pytest

from loaders import registry
from tests.conftest import SHARED, Warehouse
from tests.integration import support
from tests.integration.conftest import Done, Quick
from tests.integration.support import assert_ended

DOCUMENTS = registry.get("documents")
GOLDEN = SHARED / "documents" / "golden_fixture"
KILLED = -signal.SIGKILL
ID = "0123456789abcdef"
CURRENT = (
    "select distinct on (path) path, content from raw_documents.text_files as t"
    " inner join raw_documents.files as f on t._file_id = f._file_id"
    " order by path, f.load_sequence desc"
)


@pytest.fixture
def experiment(tmp_path: Path) -> Path:
    """A small experiment: two drafts and the csv that names them."""
    base = tmp_path / "exp"
    for name in "ab":
        _write(base / "3_generation" / "draft_responses" / f"{name}.txt", name)
    _write(
        base / "7_cross_experiment" / "draft_generation_results.csv",
        "draft_task_id,combo_id,draft_template_id,generation_model,generation_status,"
        "generation_timestamp,response_file\n"
        "t1,c,d,m,success,2025-08-21T10:00:00,draft_responses/a.txt\n"
        "t2,c,d,m,success,2025-08-22T10:00:00,../../secret.txt\n",
    )
    _write(tmp_path / "secret.txt", "a secret")
    return base


def _write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def _load(quick: Quick, warehouse: Warehouse, *words: str | Path) -> Done:
    done = quick.load(warehouse, "--from", *words, pipeline="documents")
    assert_ended(done, 0)
    return done


def _outcome(warehouse: Warehouse) -> tuple[int, int, int]:
    """Files loaded and unchanged, and rows, of the last run."""
    ((loaded, unchanged, rows),) = warehouse.rows(
        "select files_loaded, files_unchanged, rows_landed from raw_documents.runs"
        " order by run_number desc limit 1"
    )
    return loaded, unchanged, rows


def test_the_golden_fixture_lands_whole_and_once(
    quick: Quick, warehouse: Warehouse
) -> None:
    if not GOLDEN.is_dir():
        pytest.skip("the golden fixture (../shared/data/documents) is not here")
    places = (GOLDEN / "3_generation", "--from", GOLDEN / "7_cross_experiment")
    _load(quick, warehouse, *places)
    assert _outcome(warehouse)[:2] == (5, 0)
    kinds = "select _source_table, count(*) from raw_documents.result_rows group by 1"
    expected = [
        (path.stem, len(path.read_text(encoding="utf-8").splitlines()) - 1)
        for path in sorted((GOLDEN / "7_cross_experiment").glob("*.csv"))
    ]
    assert sorted(warehouse.rows(kinds)) == expected
    assert sum(count for _, count in expected) == 22
    texts = {
        path.relative_to(GOLDEN / "3_generation").as_posix(): path.read_text("utf-8")
        for path in (GOLDEN / "3_generation").rglob("*.txt")
    }
    assert dict(warehouse.rows(CURRENT)) == texts
    _load(quick, warehouse, *places)
    assert _outcome(warehouse) == (0, 5, 0)


def test_a_folder_is_loaded_once_and_then_what_is_new(
    quick: Quick, warehouse: Warehouse, experiment: Path
) -> None:
    responses = experiment / "3_generation" / "draft_responses"
    _load(quick, warehouse, experiment)
    assert _outcome(warehouse) == (2, 0, 4)
    _load(quick, warehouse, experiment)
    assert _outcome(warehouse) == (0, 2, 0)
    _write(responses / "c.txt", "c")
    _load(quick, warehouse, experiment)
    assert _outcome(warehouse) == (1, 1, 1)
    # What it was before is here again: another version, and the newest.
    for text in ("b again", "b"):
        _write(responses / "b.txt", text)
        _load(quick, warehouse, experiment)
        assert _outcome(warehouse) == (1, 1, 1)
        assert dict(warehouse.rows(CURRENT))["draft_responses/b.txt"] == text
    # A text that is gone stays known.
    (responses / "c.txt").unlink()
    _load(quick, warehouse, experiment)
    assert _outcome(warehouse) == (1, 1, 0)
    _load(quick, warehouse, experiment)
    assert _outcome(warehouse) == (0, 2, 0)
    assert len(warehouse.rows(CURRENT)) == 3
    ledger = "select count(*) from raw_documents.files where file_name = '3_generation'"
    assert warehouse.one(ledger) == 5


def test_all_of_a_folder_can_be_taken_again(
    quick: Quick, warehouse: Warehouse, experiment: Path
) -> None:
    _load(quick, warehouse, experiment)
    _write(experiment / "3_generation" / "draft_responses" / "c.txt", "c")
    _load(quick, warehouse, experiment)
    _load(quick, warehouse, experiment / "3_generation", "--force")
    assert _outcome(warehouse) == (1, 0, 3)
    _load(quick, warehouse, experiment)
    assert _outcome(warehouse) == (0, 2, 0)
    assert len(warehouse.rows(CURRENT)) == 3


@pytest.mark.parametrize("phase", ["extract", "normalize", "load"])
def test_a_killed_run_is_made_up_for(
    quick: Quick, warehouse: Warehouse, experiment: Path, phase: str
) -> None:
    _load(quick, warehouse, experiment)
    _write(experiment / "3_generation" / "draft_responses" / "c.txt", "c")
    run = ("dlt", "pipeline", "documents", "run", "--from", experiment)
    done = quick(warehouse, *run, phase=phase, kill_after=0)
    assert done.returncode == KILLED
    assert len(warehouse.rows(CURRENT)) == 2
    _load(quick, warehouse, experiment)
    assert _outcome(warehouse) == (1, 1, 1)
    assert len(warehouse.rows(CURRENT)) == 3
    assert support.orphans(warehouse, DOCUMENTS) == 0


def test_a_path_that_leaves_its_root_is_a_value_and_nothing_is_read(
    quick: Quick, warehouse: Warehouse, experiment: Path
) -> None:
    _load(quick, warehouse, experiment)
    named = "select response_file from raw_documents.result_rows order by row_index"
    assert warehouse.rows(named) == [("draft_responses/a.txt",), ("../../secret.txt",)]
    assert {text for _, text in warehouse.rows(CURRENT)} == {"a", "b"}


def test_a_tree_is_scanned_whole_whenever_it_changed(
    quick: Quick, warehouse: Warehouse, tmp_path: Path
) -> None:
    docs = tmp_path / "docs"
    for stage in ("draft", "essay"):
        for name in ("raw.txt", "metadata.json"):
            _write(docs / stage / ID / ID / name, stage)
    _load(quick, warehouse, docs)
    assert _outcome(warehouse) == (1, 0, 4)
    _load(quick, warehouse, docs)
    assert _outcome(warehouse) == (0, 1, 0)
    (docs / "draft" / ID / ID / "raw.txt").unlink()
    _load(quick, warehouse, docs)
    assert _outcome(warehouse) == (1, 0, 3)
    _write(docs / "draft" / ID / ID / "raw.txt", "draft")
    _load(quick, warehouse, docs)
    assert _outcome(warehouse) == (1, 0, 4)
    shutil.rmtree(docs / "essay" / ID / ID)
    _load(quick, warehouse, docs)
    assert _outcome(warehouse)[0] == 1


def test_examples_stay_beside_a_tree_and_give_way_to_results(
    quick: Quick, warehouse: Warehouse, experiment: Path, tmp_path: Path
) -> None:
    """What was exported from examples and scanned back is nobody's experiment."""
    marked = _write(
        tmp_path / "marked" / "7_cross_experiment" / "draft_generation_results.csv",
        "draft_task_id,combo_id,draft_template_id,generation_model,generation_status,"
        "generation_timestamp,response_file,example\n"
        "t,c,d,m,success,2025-08-21T10:00:00,draft_responses/a.txt,example: made up\n",
    )
    docs = tmp_path / "docs"
    for name in ("raw.txt", "metadata.json"):
        _write(docs / "draft" / ID / ID / name, name)
    _load(quick, warehouse, marked.parent)
    _load(quick, warehouse, docs)
    ended = "select is_example, status from raw_documents.files order by is_example"
    assert warehouse.rows(ended) == [(False, "loaded"), (True, "loaded")]
    _load(quick, warehouse, experiment)
    assert set(warehouse.rows(ended)) == {(False, "loaded"), (True, "superseded")}
