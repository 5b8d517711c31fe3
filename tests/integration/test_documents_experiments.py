"""Several experiments in one warehouse: the same one twice, and two that look alike."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from tests.conftest import Warehouse
from tests.integration.conftest import Quick
from tests.integration.test_documents_resolution import (
    DOCUMENTS,
    IDS,
    Experiment,
    build,
)

BAD = (
    "select natural_key from gold.bad_generations"
    " where reason = 'missing_response_file' order by 1"
)


def test_each_experiment_keeps_its_own_responses(
    quick: Quick, make_warehouse: Callable[..., Warehouse], tmp_path: Path
) -> None:
    warehouse = make_warehouse()
    first = Experiment(tmp_path / "first")
    first.load(quick, warehouse)
    build(quick, warehouse)
    before = warehouse.rows(DOCUMENTS)
    bad = warehouse.rows(BAD)

    # A copy in another folder brings nothing new.
    shutil.copytree(first.base, tmp_path / "copy")
    first.base = tmp_path / "copy"
    first.load(quick, warehouse)
    build(quick, warehouse)
    assert warehouse.rows(DOCUMENTS) == before
    assert warehouse.rows(BAD) == bad
    # Made anew from all that landed, the ids are the same.
    ids = warehouse.rows(IDS)
    build(quick, warehouse, "--full-refresh")
    assert warehouse.rows(IDS) == ids
    before = warehouse.rows(DOCUMENTS)

    # Another experiment of the same tasks, times and paths, whose responses differ.
    other = Experiment(tmp_path / "other")
    for file in other.base.rglob("*.txt"):
        file.write_text(f"Another answer. {file.read_text()}")
    # A csv of the same bytes would be the known file; a blank row tells them apart.
    for rows in other.rows.values():
        rows.append(tuple(" " for _ in rows[0]))
    other.load(quick, warehouse)
    build(quick, warehouse)
    after = warehouse.rows(DOCUMENTS)
    assert set(before) < set(after)
    assert len(after) == 2 * len(before)
    assert warehouse.rows(
        "select count(*), count(distinct content_hash), count(distinct doc_id)"
        " from gold.documents"
    ) == [(len(after), len(after), len(after))]
    # Without a response the rows are the same rows.
    assert warehouse.rows(BAD) == bad
