"""Csvs of an experiment, and what goes wrong with them: no row is lost."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from loaders.documents.csvs import base_of
from loaders.documents.read import is_streamed, read, stream
from loaders.errors import Quarantined
from loaders.model import FileRead, SourceFile, TableRead
from tests.conftest import SHARED
from tests.unit.workflow_files import csv_of, rows_of, source

DRAFTS = (
    "draft_task_id,combo_id,draft_template_id,generation_model,generation_status,"
    "generation_timestamp,response_file,response_size_bytes"
)
FAILED = "t0,c,tmpl,m,failed,2025-08-20T09:00:00,draft_responses/d0.txt"
DRAFT = "t1,c,tmpl,m,success,2025-08-21T10:00:00,draft_responses/d1.txt,6"
LIVE = (
    "evaluation_task_id,essay_task_id,combo_id,draft_template,essay_template,"
    "generation_model,evaluation_template,evaluation_model,evaluation_status,"
    "evaluation_timestamp,eval_response_file,eval_response_size_bytes"
)
CANONICAL = (
    "evaluation_task_id,essay_task_id,generation_task_id,combo_id,draft_template,"
    "essay_template,generation_template,generation_model,evaluation_template,"
    "evaluation_model,evaluation_status,evaluation_timestamp,eval_response_file,"
    "eval_response_size_bytes"
)
LIVE_ROW = "v1,e1,c,d,e,gm,novelty,em,success,2025-09-04T10:00:00,r/v1.txt,9"
CANONICAL_ROW = "v2,,g2,c,d,e,g,gm,novelty,em,success,2025-09-05T10:00:00,r/v2.txt,9"
PLACE = "exp/7_cross_experiment/any.csv"


def _read(text: str | bytes, name: str = PLACE) -> tuple[FileRead, TableRead]:
    made = read(text if isinstance(text, bytes) else text.encode(), _source(name))
    (table,) = made.tables
    return made, table


def _source(name: str) -> SourceFile:
    return source(name)


def _rows(text: str | bytes, name: str = PLACE) -> list[dict[str, Any]]:
    _, table = _read(text, name)
    rows = rows_of(table)
    assert table.rows_read == len(rows)
    return rows


@pytest.mark.parametrize(
    ("header", "table", "kind"),
    [
        (DRAFTS, "result_rows", "draft_generation_results"),
        (DRAFTS.replace("draft_t", "link_t"), "result_rows", "link_generation_results"),
        (
            DRAFTS.replace("draft_t", "essay_t"),
            *("result_rows", "essay_generation_results"),
        ),
        (
            "generation_task_id,combo_id,generation_template,generation_model,"
            "generation_status,generation_timestamp,response_file,response_size_bytes",
            *("result_rows", "generation_results"),
        ),
        (LIVE, "result_rows", "evaluation_results"),
        (CANONICAL, "result_rows", "evaluation_results"),
        (
            LIVE.replace("draft_template", "link_template"),
            *("result_rows", "evaluation_results"),
        ),
        (
            LIVE.replace("eval_response", "evaluation_response"),
            *("result_rows", "evaluation_results"),
        ),
        (
            "document_id,combo_id,link_template,generation_template,generation_model,"
            "evaluation_template,evaluation_model,evaluation_model_name,score,error,"
            "evaluation_task_id,essay_task_id,evaluation_response_path",
            *("score_rows", "parsed_scores"),
        ),
        (
            "document_id,stage,origin,combo_id,draft_template,essay_template,"
            "generation_template,generation_model,generation_model_name,"
            "evaluation_template,evaluation_model,source_asset,source_dir,score,error,"
            "generation_response_path,evaluation_response_path",
            *("score_rows", "parsed_scores"),
        ),
        (
            "essay_task_id,combo_id,draft_template,generation_template,"
            "generation_model,novelty__gemini_25_pro",
            *("score_rows", "evaluation_scores_by_template_model"),
        ),
        (
            "draft_task_id,combo_id,draft_template,generation_model,"
            "generation_model_name",
            *("task_rows", "draft_generation_tasks"),
        ),
        (
            "essay_task_id,combo_id,draft_template,essay_template,generation_model,"
            "generation_model_name,draft_task_id",
            *("task_rows", "essay_generation_tasks"),
        ),
        (
            "evaluation_task_id,document_id,stage,origin,file_path,combo_id,"
            "draft_template,essay_template,generation_model,generation_model_name,"
            "draft_task_id,essay_task_id,source_asset,source_dir,evaluation_template,"
            "evaluation_model,evaluation_model_name,parser",
            *("task_rows", "evaluation_tasks"),
        ),
        (
            "combo_id,version,concept_id,description_level,k_max,created_at",
            *("catalogue_rows", "combo_mappings"),
        ),
        ("concept_id,name,active", "catalogue_rows", "concepts_metadata"),
        (
            "id,model,provider,display_name,for_generation,for_evaluation",
            *("catalogue_rows", "llm_models"),
        ),
        (
            "template_id,template_name,description,active,generator",
            *("catalogue_rows", "essay_templates"),
        ),
        (
            "template_id,template_name,description,active,parser",
            *("catalogue_rows", "draft_templates"),
        ),
        (
            "template_id,template_name,description,active,parsing_strategy",
            *("catalogue_rows", "evaluation_templates"),
        ),
    ],
)
def test_columns_tell_the_kind(header: str, table: str, kind: str) -> None:
    made, read_table = _read(header + "\n")
    assert (read_table.table, read_table.source_table) == (table, kind)
    assert made.remark == "without rows"


def test_columns_of_no_kind_are_set_aside() -> None:
    with pytest.raises(Quarantined, match="which table of an experiment"):
        _read("source_csv,reason,row_index,task_id\na,b,0,t\n")
    with pytest.raises(Quarantined, match="cannot read any row"):
        _read(b"")


def test_a_row_lands_as_it_is_with_its_place() -> None:
    made, table = _read(csv_of(DRAFTS, DRAFT))
    assert rows_of(table) == [
        {
            **{"base": "exp", "source_csv": "any.csv", "row_index": "0"},
            **{"draft_task_id": "t1", "combo_id": "c", "draft_template_id": "tmpl"},
            **{"generation_model": "m", "generation_status": "success"},
            "generation_timestamp": "2025-08-21T10:00:00",
            **{"response_file": "draft_responses/d1.txt", "response_size_bytes": "6"},
            "_source_row": 2,
        }
    ]
    assert made.period is not None
    assert made.period.label == "2025-08-21"


def test_a_header_without_its_last_column_has_rows_with_it() -> None:
    header = DRAFTS.removesuffix(",response_size_bytes")
    short, long = _rows(csv_of(header, FAILED, DRAFT))
    assert "flags" not in short
    assert long["response_size_bytes"] == "6"
    assert json.loads(long["extra"]) == {"surplus": ["6"]}
    assert long["flags"] == "surplus_fields"


def test_rows_of_another_width_are_kept_and_flagged() -> None:
    short, long = _rows(csv_of(DRAFTS, FAILED, DRAFT + ",x,y"))
    assert short["flags"] == "missing_fields:response_size_bytes"
    assert (long["response_size_bytes"], long["flags"]) == ("6", "surplus_fields")
    assert json.loads(long["extra"]) == {"surplus": ["x", "y"]}


@pytest.mark.parametrize(
    ("header", "own", "other"),
    [(LIVE, LIVE_ROW, CANONICAL_ROW), (CANONICAL, CANONICAL_ROW, LIVE_ROW)],
)
def test_a_row_of_another_generation_is_read_under_its_own_header(
    header: str, own: str, other: str
) -> None:
    rows = _rows(csv_of(header, own, other))
    of_live, of_canonical = sorted(rows, key=lambda row: row["evaluation_task_id"])
    assert of_live["evaluation_timestamp"] == "2025-09-04T10:00:00"
    assert (of_live["essay_task_id"], of_live["eval_response_file"]) == (
        *("e1", "r/v1.txt"),
    )
    assert of_canonical["generation_task_id"] == "g2"
    assert of_canonical["eval_response_size_bytes"] == "9"
    assert "flags" not in rows[0]
    assert rows[1]["flags"].startswith("other_header:")


@pytest.mark.parametrize(
    "other",
    [
        CANONICAL_ROW + ",x,y",
        CANONICAL_ROW.replace("success", "error"),
        CANONICAL_ROW.replace("2025-09-", "4 Sept "),
    ],
    ids=["with surplus", "of another status", "of another time"],
)
def test_a_row_of_another_generation_is_known_by_what_is_left(other: str) -> None:
    _, found = _rows(csv_of(LIVE, LIVE_ROW, other))
    assert found["generation_task_id"] == "g2"
    assert found["eval_response_size_bytes"] == "9"
    surplus = other.endswith("y")
    expected = "other_header:14 surplus_fields" if surplus else "other_header:14"
    assert found["flags"] == expected
    extra = json.loads(found.get("extra", "{}"))
    assert extra.get("surplus") == (["x", "y"] if surplus else None)


def test_the_oldest_header_may_lack_its_last_column_too() -> None:
    oldest = LIVE.replace("draft_template", "link_template")
    header = oldest.removesuffix(",eval_response_size_bytes")
    failed = LIVE_ROW.replace("success", "failed").removesuffix(",9")
    short, long, canonical = _rows(csv_of(header, failed, LIVE_ROW, CANONICAL_ROW))
    assert "flags" not in short
    assert (long["eval_response_size_bytes"], long["flags"]) == ("9", "surplus_fields")
    assert long["link_template"] == "d"
    assert canonical["generation_task_id"] == "g2"
    assert canonical["flags"] == "other_header:14"


def test_a_second_header_line_holds_for_what_follows() -> None:
    made, table = _read(csv_of(LIVE, LIVE_ROW, CANONICAL, CANONICAL_ROW))
    first, second = rows_of(table)
    assert first["essay_task_id"] == "e1"
    assert second["generation_task_id"] == "g2"
    assert (first["row_index"], second["row_index"]) == ("0", "2")
    assert table.notes == ("another header in row 3",)
    assert made.remark is None


def test_a_second_header_may_have_a_mark_of_its_own() -> None:
    """As csvs of pandas have that were put behind one another."""
    first, second = _rows(csv_of(LIVE, LIVE_ROW, "\ufeff" + CANONICAL, CANONICAL_ROW))
    assert first["essay_task_id"] == "e1"
    assert second["generation_task_id"] == "g2"


def test_only_zips_are_folders_in_the_name_of_a_source() -> None:
    for place, base in (
        ("a!b/7_cross_experiment/r.csv", "a!b"),
        ("a!b.ZIP!exp/7_cross_experiment/r.csv", "a!b.ZIP/exp"),
        ("r.csv", "."),
    ):
        assert base_of(place) == base


def test_a_pivot_lands_a_row_for_each_score() -> None:
    rows = _rows(
        csv_of(
            "essay_task_id,combo_id,draft_template,generation_template,"
            "generation_model,novelty__m1,style-v2__m2",
            "e1,c,d,g,m,7.5,",
            "e2,c,d,g,m,6,8",
            "e3,c,d,g,m,,",
        )
    )
    assert [
        (r["row_index"], r["essay_task_id"], r["score_column"], r["score"])
        for r in rows
    ] == [
        ("0", "e1", "novelty__m1", "7.5"),
        ("1", "e2", "novelty__m1", "6"),
        ("1", "e2", "style-v2__m2", "8"),
    ]
    assert [r["_source_row"] for r in rows] == [2, 3, 3]


def test_blank_lines_have_no_index_and_commas_have_one() -> None:
    rows = _rows(csv_of(DRAFTS, "", DRAFT, ",,,,,,,", DRAFT))
    assert [row["row_index"] for row in rows] == ["0", "2"]
    assert [row["_source_row"] for row in rows] == [3, 5]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_encodings(encoding: str) -> None:
    text = csv_of(DRAFTS, DRAFT.replace("tmpl", "t\u00e4"))
    (row,) = _rows(text.encode(encoding))
    assert row["draft_template_id"] == "t\u00e4"
    assert "flags" not in row


def test_nul_bytes_are_flagged() -> None:
    (row,) = _rows(csv_of(DRAFTS, DRAFT.replace("tmpl", "t\0x")))
    assert row["draft_template_id"] == "tx"
    assert row["flags"] == "nul_bytes:draft_template_id"


def test_a_row_whose_quotes_are_lost_is_kept_as_a_line() -> None:
    made, table = _read(csv_of(DRAFTS, 't0,"c"x,tmpl,m', DRAFT))
    first, broken = rows_of(table)
    assert first["draft_task_id"] == "t1"
    assert broken["flags"] == "broken_quotes"
    assert json.loads(broken["extra"])["line"] == 't0,"c"x,tmpl,m\n'
    assert made.remark is not None
    assert "1 row(s)" in made.remark


def test_parsers_tell_templates_of_evaluations() -> None:
    header = "template_id,template_name,active,parser"
    _, table = _read(csv_of(header, "novelty,Novelty,true,complex"))
    assert table.source_table == "evaluation_templates"
    _, table = _read(csv_of(header, "a,A,true,"), "x/1_raw/link_templates.csv")
    assert table.source_table == "link_templates"
    _, table = _read(
        csv_of(header, "a,A,true,essay_block"), "x/1_raw/evaluation_templates.csv"
    )
    assert table.source_table == "draft_templates"


def test_a_column_says_that_rows_are_examples() -> None:
    made, _ = _read(csv_of(DRAFTS + ",example", DRAFT + ",example: made up"))
    assert made.is_example


@pytest.mark.parametrize(
    ("folder", "kinds"),
    [
        (
            "golden_fixture/7_cross_experiment",
            {
                *("draft_generation_results", "link_generation_results"),
                *("essay_generation_results", "evaluation_results"),
            },
        ),
        (
            "1_raw",
            {
                *("concepts_metadata", "draft_templates", "link_templates"),
                *("essay_templates", "evaluation_templates", "llm_models"),
            },
        ),
    ],
)
def test_real_csvs_are_known(folder: str, kinds: set[str]) -> None:
    paths = sorted((SHARED / "documents" / folder).glob("*.csv"))
    if not paths:
        pytest.skip("the csvs (../shared/data/documents) are not here")
    found = set()
    for path in paths:
        if path.stem not in kinds:
            continue
        _, table = _read(path.read_bytes(), f"exp/{folder}/{path.name}")
        assert table.source_table == path.stem
        assert table.rows_read > 0
        found.add(table.source_table)
    assert found == kinds


def test_a_large_csv_is_read_in_batches(tmp_path: Path) -> None:
    path = tmp_path / "7_cross_experiment" / "r.csv"
    path.parent.mkdir()
    row = DRAFT.replace("tmpl", "t" * 900)
    path.write_text(csv_of(DRAFTS, *[row] * 20_000, FAILED), encoding="utf-8")
    file = SourceFile(str(path), path.name, path)
    assert is_streamed(file)
    made = stream(file)
    (table,) = made.tables
    batches = list(table.batches)
    assert len(batches) > 1
    assert sum(batch.num_rows for batch in batches) == 20_001
    assert batches[-1].column("row_index")[-1].as_py() == "20000"
    assert table.last_row == 20_002
    assert made.period is not None
    assert made.period.label == "2025-08-20 to 2025-08-21"
