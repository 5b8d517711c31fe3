"""Documents stay what they are, whatever is loaded after them, and in which order."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.conftest import Warehouse
from tests.integration.conftest import Quick
from tests.integration.document_experiment import (
    DOCUMENTS,
    IDS,
    PARENTS,
    Experiment,
    build,
    made,
)
from tests.integration.support import assert_ended, assert_four_parts

Maker = Callable[..., Warehouse]


def test_rows_find_what_they_rest_on(built: tuple[Warehouse, Path]) -> None:
    warehouse, _ = built
    assert warehouse.rows(PARENTS) == [
        # 13:30+02:00 is 11:30, before d1; 13:30 of no zone is after it.
        ("e0", "draft_responses/d0.txt"),
        ("e1", "draft_responses/d1.txt"),
        ("v0", "essay_responses/e1.txt"),
        # Of the two runs of d1 the one up to the evaluation.
        ("v1", "draft_responses/d1.txt"),
    ]
    assert warehouse.rows(
        "select task_id, reason, detail from gold.bad_generations order by 1"
    ) == [
        (
            "e2",
            "unresolved_parent",
            "no draft of this combo and model is a document up to this time",
        ),
        (
            "escapes",
            "missing_response_file",
            "the path leaves its root, and was not followed",
        ),
        ("late", "missing_response_file", "no text landed under this path"),
    ]
    assert warehouse.one(
        "select bool_and(is_balanced) from gold.document_row_accounting"
    )


def test_loaded_and_built_again_nothing_changes(
    quick: Quick, copied: tuple[Warehouse, Experiment]
) -> None:
    warehouse, experiment = copied
    before = warehouse.rows(DOCUMENTS)
    for _ in range(2):
        experiment.load(quick, warehouse)
        build(quick, warehouse)
        assert warehouse.rows(DOCUMENTS) == before


def _is_ended(warehouse: Warehouse) -> bool:
    """Whether the next build with nothing new may leave documents alone."""
    line = "select input_version != 'not ended' from silver.int_document_resolved"
    return bool(warehouse.one(line))


def test_a_failed_test_is_asked_again_until_it_holds(
    quick: Quick, copied: tuple[Warehouse, Experiment]
) -> None:
    warehouse, _ = copied
    spoil = "update silver.int_document_drafts set status = %s where task_id = 'd0'"
    (status,) = warehouse.rows("select status from gold.documents where task_id = 'd0'")
    # Rules name the database, and this one is a copy: it is news to the first build.
    build(quick, warehouse)
    warehouse.rows(spoil, "unheard of")
    # With nothing new a build has nothing to ask; `dbt test` asks whatever there is.
    build(quick, warehouse)
    assert _is_ended(warehouse)
    test = ("dbt", "test", "--select", "documents_have_known_statuses")
    assert_ended(quick(warehouse, *test), 1)
    for _ in range(2):
        assert "documents_have_known_statuses" in build(quick, warehouse, code=1)
        assert not _is_ended(warehouse)
    warehouse.rows(spoil, *status)
    build(quick, warehouse)
    assert _is_ended(warehouse)


def test_a_build_of_a_part_or_one_that_stopped_leaves_nothing_for_granted(
    quick: Quick, copied: tuple[Warehouse, Experiment]
) -> None:
    warehouse, _ = copied
    chosen = "select distinct strategy from gold.parsed_scores"
    spoil = "update silver.int_document_drafts set status = %s where task_id = 'd0'"
    (status,) = warehouse.rows("select status from gold.documents where task_id = 'd0'")
    build(quick, warehouse)
    before = warehouse.rows(chosen)
    other = ("--vars", "{documents_score_strategy: complex}")
    assert_ended(quick(warehouse, "dbt", "run", *other, "-s", "parsed_scores"), 0)
    assert not _is_ended(warehouse)
    assert warehouse.rows(chosen) != before
    build(quick, warehouse)
    assert warehouse.rows(chosen) == before
    assert _is_ended(warehouse)

    warehouse.rows(spoil, "unheard of")
    build(quick, warehouse, *other, code=1)
    warehouse.rows(spoil, *status)
    build(quick, warehouse)
    assert warehouse.rows(chosen) == before
    assert _is_ended(warehouse)


def test_what_was_dropped_is_made_anew_with_all_that_rests_on_it(
    quick: Quick, copied: tuple[Warehouse, Experiment]
) -> None:
    warehouse, _ = copied
    counts = (
        "select (select count(*) from gold.bad_generations),"
        " (select count(*) from gold.documents_latest_report)"
    )
    before = warehouse.rows(counts), warehouse.rows(IDS)
    build(quick, warehouse)
    lineage = "select cast('gold.document_lineage' as regclass)::oid"
    made = warehouse.one(lineage)
    build(quick, warehouse)
    assert warehouse.one(lineage) == made
    warehouse.rows("drop table gold.bad_generations cascade")
    warehouse.rows("drop view gold.documents_latest_report")
    warehouse.rows("drop table silver.int_document_drafts cascade")
    build(quick, warehouse)
    assert (warehouse.rows(counts), warehouse.rows(IDS)) == before
    assert _is_ended(warehouse)
    assert warehouse.one(lineage) != made


def test_rows_appended_and_reordered_leave_documents_as_they_are(
    quick: Quick, copied: tuple[Warehouse, Experiment]
) -> None:
    warehouse, experiment = copied
    before = warehouse.rows(DOCUMENTS)
    for rows in experiment.rows.values():
        rows.reverse()
    experiment.load(quick, warehouse)
    build(quick, warehouse)
    assert warehouse.rows(DOCUMENTS) == before

    # A draft that would be the better parent of e1 comes too late to be its parent.
    experiment.rows["draft"].insert(0, made("draft", "new", "2025-08-20T13:00:00"))
    experiment.text("draft_responses/new.txt")
    experiment.load(quick, warehouse)
    build(quick, warehouse)
    after = warehouse.rows(DOCUMENTS)
    assert set(before) < set(after)
    assert len(after) == len(before) + 1


def test_pieces_in_any_order_give_the_ids_of_the_whole(
    quick: Quick, built: tuple[Warehouse, Path], make_warehouse: Maker, tmp_path: Path
) -> None:
    whole, _ = built
    pieces = make_warehouse()
    experiment = Experiment(tmp_path / "elsewhere")
    rows = {kind: list(rows) for kind, rows in experiment.rows.items()}
    experiment.rows = {
        "draft": rows["draft"][:1][::-1],
        "evaluation": rows["evaluation"],
    }
    experiment.load(quick, pieces)
    build(quick, pieces)
    assert pieces.one("select count(*) from gold.documents") == 1
    experiment.rows = {kind: rows[::-1] for kind, rows in rows.items()}
    experiment.load(quick, pieces)
    build(quick, pieces)
    assert pieces.rows(IDS) == whole.rows(IDS)
    assert pieces.one("select bool_and(is_balanced) from gold.document_row_accounting")


def test_a_renamed_response_is_the_same_document(
    quick: Quick, copied: tuple[Warehouse, Experiment]
) -> None:
    warehouse, experiment = copied
    before = warehouse.rows(DOCUMENTS)
    responses = experiment.base / "3_generation" / "draft_responses"
    (responses / "d0.txt").rename(responses / "renamed.txt")
    experiment.rows["draft"][0] = (
        *experiment.rows["draft"][0][:-1],
        "draft_responses/renamed.txt",
    )
    experiment.load(quick, warehouse)
    build(quick, warehouse)
    assert warehouse.rows(DOCUMENTS) == before
    assert warehouse.one("select count(*) from gold.bad_generations") == 3


def test_a_late_response_makes_documents_of_bad_rows(
    quick: Quick, copied: tuple[Warehouse, Experiment]
) -> None:
    warehouse, experiment = copied
    before = warehouse.rows(DOCUMENTS)
    experiment.text("draft_responses/late.txt")
    experiment.load(quick, warehouse)
    build(quick, warehouse)
    assert set(before) < set(warehouse.rows(DOCUMENTS))
    # With the draft the essay that had no parent becomes one too.
    assert warehouse.rows(
        "select task_id from gold.documents where combo_id = 'l' order by 1"
    ) == [("e2",), ("late",)]
    assert warehouse.rows("select task_id from gold.bad_generations") == [("escapes",)]


def test_a_replaced_response_makes_another_document(
    quick: Quick, copied: tuple[Warehouse, Experiment]
) -> None:
    warehouse, experiment = copied
    before = warehouse.rows(DOCUMENTS)
    experiment.text("draft_responses/d0.txt", content="Something else.")
    experiment.load(quick, warehouse)
    build(quick, warehouse)
    assert set(before) < set(warehouse.rows(DOCUMENTS))
    assert warehouse.rows(
        "select document_count, earlier_document_count, is_balanced"
        " from gold.document_row_accounting where source_csv like 'draft%%'"
    ) == [(4, 1, True)]


def test_a_repair_makes_a_document_of_a_bad_row(
    quick: Quick, copied: tuple[Warehouse, Experiment]
) -> None:
    warehouse, experiment = copied
    before = warehouse.rows(DOCUMENTS)
    experiment.text("draft_responses/found.txt")
    failed = made("draft", "failed", "2025-08-20T09:00:00", "draft_responses/d0.txt")
    experiment.rows["draft"].append((*failed[:4], "failed", *failed[5:]))
    experiment.load(quick, warehouse)
    found = ("response_file", "draft_responses/found.txt")
    for repair in (
        ("escapes", "2025-08-20T15:00:00", "../../secret.txt", *found),
        ("nobody", "2025-08-20T15:00:00", "../../secret.txt", *found),
        (
            "failed",
            "2025-08-20T09:00:00",
            "draft_responses/d0.txt",
            "status",
            "Success",
        ),
        ("d0", "2025-08-20T10:00:00", "draft_responses/d0.txt", "template_id", "other"),
    ):
        warehouse.rows(
            "insert into silver.document_repairs select 'draft_generation_results.csv',"
            " %s, %s, %s, %s, %s, 'found in a backup', 'a reviewer',"
            " date '2025-11-01'",
            *repair,
        )
    # The seed's file is empty: this build leaves what a reviewer put into its table.
    build(quick, warehouse, "--exclude", "document_repairs")
    after = warehouse.rows(DOCUMENTS)
    assert set(before) < set(after)
    assert warehouse.rows(
        "select task_id, is_repaired, response_file from gold.documents"
        " where is_repaired order by 1"
    ) == [
        ("escapes", True, "draft_responses/found.txt"),
        ("failed", True, "draft_responses/d0.txt"),
    ]
    assert warehouse.rows(
        "select task_id, outcome from gold.document_repair_report order by 1"
    ) == [
        ("d0", "document before the repair"),
        ("escapes", "document"),
        ("failed", "document"),
        ("nobody", "matches no row"),
    ]


def test_ids_of_two_kinds_are_refused(
    quick: Quick, copied: tuple[Warehouse, Experiment]
) -> None:
    warehouse, _ = copied
    before = warehouse.rows(DOCUMENTS)
    index = ("--vars", "{documents_attempt_key: row_index}")
    told = build(quick, warehouse, *index, code=1)
    assert_four_parts(told, "cannot write documents with other ids", "--full-refresh")
    assert warehouse.rows(DOCUMENTS) == before

    build(quick, warehouse, *index, "--full-refresh")
    ids = "select count(*), count(distinct doc_id) from gold.documents"
    # The draft d0 and the link l0 have one index and one logical key.
    assert warehouse.rows(ids) == [(len(before), len(before))]
    assert warehouse.rows(
        "select count(distinct logical_key_id), count(*) from gold.documents"
        " where task_id in ('d0', 'l0') and row_index = 0"
    ) == [(1, 2)]
    told = build(quick, warehouse, "--vars", "{documents_attempt_key: row}", code=2)
    assert "documents_attempt_key" in told
