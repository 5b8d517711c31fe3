"""What stands for today's rows and texts counts, beside documents that stay."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Warehouse
from tests.integration.conftest import Quick
from tests.integration.document_experiment import (
    DOCUMENTS,
    HEADERS,
    Experiment,
    build,
    made,
)
from tests.integration.support import assert_four_parts

Copied = tuple[Warehouse, Experiment]
SAYS_SO = "example: made up"
#: Scores of an evaluation in the order they were read, and which of them count.
READ = (
    "select score, is_current from gold.parsed_scores where evaluation_task_id = %s"
    " order by is_current"
)
COUNTED = (
    "select score from gold.evaluation_scores as s where exists (select 1"
    " from gold.parsed_scores as p where p.evaluation_key = s.evaluation_key"
    " and p.evaluation_task_id = %s)"
)


def _again(quick: Quick, copied: Copied, *more: str) -> None:
    warehouse, experiment = copied
    experiment.load(quick, warehouse)
    build(quick, warehouse, *more)


def test_a_replaced_response_counts_as_one_score(quick: Quick, copied: Copied) -> None:
    warehouse, experiment = copied
    path = "evaluation_responses/v0.txt"
    experiment.text(path, "4_evaluation", "SCORE: 2")
    _again(quick, copied)
    experiment.text(path, "4_evaluation", "SCORE: 9")
    _again(quick, copied)
    read = warehouse.rows(READ, "v0")
    assert (2, False) in read
    assert read[-1] == (9, True)
    assert warehouse.rows(COUNTED, "v0") == [(9,)]
    assert (
        warehouse.rows(
            "select 1 from gold.score_drift where comparison = 'replicate before'"
        )
        == []
    )


def test_a_row_that_its_csv_corrects_counts_as_one_score(
    quick: Quick, copied: Copied
) -> None:
    warehouse, experiment = copied
    experiment.text("evaluation_responses/v2.txt", "4_evaluation", "SCORE: 4")
    row = ("v2", "nothing", "", "n", "j", "success", "2025-08-21T00:00:00")
    path = "evaluation_responses/v2.txt"
    experiment.rows["evaluation"].append((*row, path))
    _again(quick, copied)
    assert warehouse.rows(READ, "v2") == [(4, True)]
    experiment.rows["evaluation"][-1] = (row[0], "e1", *row[2:], path)
    _again(quick, copied)
    assert warehouse.rows(READ, "v2") == [(4, False), (4, True)]
    assert warehouse.rows(COUNTED, "v2") == [(4,)]


def test_a_csv_that_is_again_what_it_was_counts_again(
    quick: Quick, copied: Copied
) -> None:
    warehouse, experiment = copied
    current = (
        "select bool_or(is_current) from silver.int_document_rows"
        " where stage = 'draft' and task_id = 'd0'"
    )
    taken = experiment.rows["draft"].pop(0)
    _again(quick, copied)
    assert warehouse.rows(current) == [(False,)]
    experiment.rows["draft"].insert(0, taken)
    experiment.text("draft_responses/d0.txt", content="Something else.")
    _again(quick, copied)
    assert warehouse.rows(current) == [(True,)]
    assert (
        warehouse.one("select count(*) from gold.documents where task_id = 'd0'") == 2
    )
    # It is the last one now: once more, and there is nothing to load.
    before = warehouse.rows(
        "select _file_id, load_id from raw_documents.files order by 1"
    )
    experiment.load(quick, warehouse)
    after = warehouse.rows(
        "select _file_id, load_id from raw_documents.files order by 1"
    )
    assert after == before


def test_of_a_replaced_draft_the_text_of_today_is_the_parent(
    quick: Quick, copied: Copied
) -> None:
    warehouse, experiment = copied
    # A key decided before, by chance: of eight each would be right once in 256 times.
    names = [f"r{i}" for i in range(8)]
    for name in names:
        experiment.rows["draft"].append(
            made("draft", name, "2025-08-20T10:00:00", combo=name)
        )
        experiment.text(f"draft_responses/{name}.txt", content=f"old {name}")
    _again(quick, copied)
    for name in names:
        experiment.text(f"draft_responses/{name}.txt", content=f"new {name}")
        essay, judged = (f"e_{name}", f"v_{name}")
        experiment.rows["essay"].append(
            made("essay", essay, "2025-08-20T11:00:00", combo=name)
        )
        experiment.text(f"essay_responses/{essay}.txt")
        path = f"evaluation_responses/{judged}.txt"
        experiment.text(path, "4_evaluation")
        experiment.rows["evaluation"].append(
            (judged, "", name, "n", "j", "success", "2025-08-21T00:00:00", path)
        )
    _again(quick, copied)
    parents = warehouse.rows(
        "select d.stage, t.raw_text from gold.documents as d"
        " inner join gold.documents as p on d.parent_doc_id = p.doc_id"
        " inner join gold.document_texts as t on p.doc_id = t.doc_id"
        " where p.task_id = any(%s)",
        names,
    )
    assert len(parents) == 16
    assert {text.split()[0] for _, text in parents} == {"new"}


def test_a_repaired_target_is_the_target_of_the_score(
    quick: Quick, copied: Copied
) -> None:
    warehouse, experiment = copied
    path = "evaluation_responses/v2.txt"
    experiment.text(path, "4_evaluation", "SCORE: 4")
    row = ("v2", "nothing", "", "n", "k", "success", "2025-08-21T00:00:00", path)
    experiment.rows["evaluation"].append(row)
    experiment.load(quick, warehouse)
    warehouse.rows(
        "insert into silver.document_repairs values ('evaluation_results.csv', 'v2',"
        " '2025-08-21T00:00:00', %s, 'target_essay_task_id', 'e1', 'found',"
        " 'a reviewer', date '2025-11-01')",
        path,
    )
    build(quick, warehouse, "--exclude", "document_repairs")
    assert warehouse.rows(
        "select essay_task_id, score from gold.evaluation_scores"
        " where column_key = 'n__k'"
    ) == [("e1", 4)]


def test_essays_of_one_task_id_are_compared_with_their_own_row_of_a_pivot(
    quick: Quick, copied: Copied
) -> None:
    warehouse, experiment = copied
    header = HEADERS["evaluation"].replace("generation_task_id", "draft_template")
    file = experiment.base / "more" / "evaluation_results.csv"
    file.parent.mkdir()
    rows = []
    for template, score in (("ta", 8), ("tb", 5)):
        path = f"evaluation_responses/{template}.txt"
        experiment.text(path, "4_evaluation", f"SCORE: {score}")
        rows.append(
            f"v_{template},e1,{template},n,j,success,2025-08-21T00:00:00,{path}"
        )
    file.write_text("\n".join([header, *rows, ""]), encoding="utf-8")
    pivot = file.with_name("evaluation_scores.csv")
    pivot.write_text(
        "essay_task_id,combo_id,draft_template,generation_template,generation_model,n__j"
        "\ne1,c,ta,,m,8.0\ne1,c,tb,,m,6.0\n",
        encoding="utf-8",
    )
    _again(quick, copied)
    assert warehouse.rows(
        "select score, other_score from gold.score_drift"
        " where comparison = 'earlier system'"
    ) == [(5, 6)]


def test_examples_give_way_to_real_results_in_counts(
    quick: Quick,
    copied: Copied,
    make_warehouse: Callable[..., Warehouse],
    tmp_path: Path,
) -> None:
    warehouse = make_warehouse()
    marked = tmp_path / "marked"
    example = Experiment(marked / "of")
    example.text("EXAMPLE.txt", content=SAYS_SO)
    # Folders and csvs that do not say they are examples are real ones.
    shutil.rmtree(example.base / "4_evaluation")
    said = [(*made("draft", f"x{i}", "2025-08-20T10:00:00"), SAYS_SO) for i in range(3)]
    example.rows = {"draft": said}
    for row in said:
        example.text(row[-2])
    example.headers["draft"] += ",example"
    example.load(quick, warehouse)
    build(quick, warehouse)
    counter = (
        "select counter_value from gold.backfill_counters where counter = 'draft_ok'"
    )
    assert warehouse.one(counter) == 3
    real = Experiment(tmp_path / "real")
    real.load(quick, warehouse)
    build(quick, warehouse)
    assert warehouse.one(counter) == 4
    assert warehouse.one("select count(*) from gold.documents where is_example") == 3
    assert warehouse.one(
        "select bool_and(is_balanced) from gold.document_row_accounting"
    )


def test_ids_of_two_kinds_are_refused_before_a_first_build_has_ended(
    quick: Quick, copied: Copied
) -> None:
    warehouse, _ = copied
    warehouse.rows("drop table silver.int_document_resolved")
    before = warehouse.rows(DOCUMENTS)
    index = ("--vars", "{documents_attempt_key: row_index}")
    told = build(quick, warehouse, *index, code=1)
    assert_four_parts(told, "cannot write documents with other ids", "--full-refresh")
    assert warehouse.rows(DOCUMENTS) == before


def test_names_and_times_that_look_like_others(quick: Quick, copied: Copied) -> None:
    warehouse, experiment = copied
    path = "draft_responses/a\u00a0name.txt"
    experiment.rows["draft"] += [
        made("draft", "named", "2025-08-20T10:00:00", path),
        made("draft", "ancient", "2025-08-20T10:00:00BC", path),
    ]
    experiment.text(path)
    _again(quick, copied)
    assert (
        warehouse.one("select count(*) from gold.documents where task_id = 'named'")
        == 1
    )
    assert warehouse.rows(
        "select detail from gold.bad_generations where task_id = 'ancient'"
    ) == [("not a time: 2025-08-20T10:00:00BC",)]


IDEAS = (
    '<essay-idea stage="1">\na\n</essay-idea>\n\n'
    '<essay-idea stage="2">\nbb\n</essay-idea>'
)


@pytest.mark.parametrize(
    ("parser", "text", "parsed"),
    [
        ("essay_idea_last", IDEAS, "bb"),
        ("essay_idea_last", f'{IDEAS}<essay-idea stage="1">c</essay-idea>', "bb"),
        ("essay_idea_last", f'{IDEAS}<essay-idea stage="2">c</essay-idea>', "c"),
        ("essay_idea_last", f"{IDEAS}<essay-idea>c</essay-idea>", "bb"),
        (
            "essay_idea_last",
            "<essay-idea>a</essay-idea>, <essay-idea >b</essay-idea>",
            "b",
        ),
        ("essay_idea_last", "<ESSAY-IDEA>\n a\n\nb \n</Essay-Idea> and more", "a\n\nb"),
        ("essay_idea_last", "<essay-idea>a", None),
        ("essay_block", "x <essay> a </essay> b <essay>c</essay>", "a"),
        ("essay_block", "x <Essay>\na\nb\n", "a\nb"),
        ("essay_block", "x", None),
        (None, " x ", " x "),
    ],
)
def test_parsers_of_drafts(
    parsing: tuple[Warehouse, str], parser: str | None, text: str, parsed: str | None
) -> None:
    warehouse, query = parsing
    assert warehouse.rows(
        f"select {query} from (select %s as p, %s as c) as t", parser, text
    ) == [(parsed,)]


@pytest.fixture(scope="module")
def parsing(module_warehouses: Callable[..., Warehouse]) -> tuple[Warehouse, str]:
    """A warehouse, and the parsers as SQL of columns `p` and `c`."""
    warehouse = module_warehouses()
    inline = "{{ parsed_draft('t.p', 't.c') }}"
    compiled = warehouse.call("dbt", "--quiet", "compile", "--inline", inline)
    assert compiled.returncode == 0, compiled.stdout + compiled.stderr
    return warehouse, compiled.stdout[compiled.stdout.index("case t.p") :]
