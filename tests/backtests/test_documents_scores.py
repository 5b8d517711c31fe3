"""Scores of real responses against those that the earlier system read, and true ones.

Source: 110 evaluation responses of DayDreamingDayDreaming (Apache-2.0), with the score
or the error that each of its two strategies gave.
"""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import SHARED, Warehouse

#: Where the earlier strategy complex misread the verdict; what the response says.
MISREAD = {"070.txt": 6.0, "089.txt": 5.0}
RESULTS = "7_cross_experiment"
TIME = "2025-08-01T10:00:00"
BUILD = (
    *("--quiet", "--exclude-resource-type", "unit_test"),
    *("--indirect-selection", "cautious", "--select", "+parsed_scores"),
)


@pytest.fixture(scope="module")
def golden() -> list[dict[str, str]]:
    """The responses with what was read in them."""
    path = SHARED / "documents" / "eval_scores_golden.csv"
    if not path.is_file():
        pytest.skip("the real responses (../shared/data/documents) are not here")
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def read(
    golden: list[dict[str, str]],
    module_warehouses: Callable[..., Warehouse],
    tmp_path_factory: pytest.TempPathFactory,
) -> Warehouse:
    """An experiment of one draft that all responses are about, loaded and built."""
    base = tmp_path_factory.mktemp("experiment")
    responses = base / "3_generation" / "evaluation_responses"
    shutil.copytree(SHARED / "documents" / "eval_responses", responses)
    drafts = base / "3_generation" / "draft_responses"
    drafts.mkdir()
    (drafts / "d.txt").write_text("A draft.", encoding="utf-8")
    _write(
        base / RESULTS / "draft_generation_results.csv",
        "draft_task_id,combo_id,draft_template_id,generation_model,generation_status,"
        "generation_timestamp,response_file",
        [f"d,c,t,m,success,{TIME},draft_responses/d.txt"],
    )
    _write(
        base / RESULTS / "evaluation_results.csv",
        "evaluation_task_id,generation_task_id,evaluation_template,evaluation_model,"
        "evaluation_status,evaluation_timestamp,eval_response_file",
        [
            f"{row['file']},d,t,m,success,{TIME},evaluation_responses/{row['file']}"
            for row in golden
        ],
    )
    made = module_warehouses()
    loaded = made.load("--from", base, pipeline="documents")
    assert loaded.returncode == 0, loaded.stdout + loaded.stderr
    built = made.build(*BUILD)
    assert built.returncode == 0, built.stdout + built.stderr
    return made


def _write(path: Path, header: str, rows: list[str]) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text("\n".join([header, *rows, ""]), encoding="utf-8")


def _number(text: str) -> float | None:
    return float(text) if text else None


def test_both_strategies_read_what_they_read(
    read: Warehouse, golden: list[dict[str, str]]
) -> None:
    found = read.rows(
        "select evaluation_task_id, score_complex, error_complex, score_in_last_line,"
        " error_in_last_line from gold.parsed_scores order by 1"
    )
    assert len(golden) == 110
    assert found == [
        (
            row["file"],
            _number(row["complex"]),
            row["complex_err"] or None,
            _number(row["in_last_line"]),
            row["in_last_line_err"] or None,
        )
        for row in golden
    ]


def test_the_default_reads_every_verdict(
    read: Warehouse, golden: list[dict[str, str]]
) -> None:
    found = read.rows(
        "select evaluation_task_id, score, error from gold.parsed_scores"
        " where doc_id is not null order by 1"
    )
    assert found == [
        (row["file"], MISREAD.get(row["file"], _number(row["complex"])), None)
        for row in golden
    ]
    checked = [row for row in golden if row["expected_upstream"]]
    scores = {name: score for name, score, _ in found}
    assert len(checked) >= 12
    assert [scores[row["file"]] for row in checked] == [
        _number(row["expected_upstream"]) for row in checked
    ]


def test_a_second_build_reads_nothing_again(read: Warehouse) -> None:
    rows = "select content_hash, xmin::text from silver.int_document_text_scores"
    before = sorted(read.rows(rows))
    built = read.build("--quiet", "--select", "int_document_text_scores")
    assert built.returncode == 0, built.stdout + built.stderr
    assert sorted(read.rows(rows)) == before
