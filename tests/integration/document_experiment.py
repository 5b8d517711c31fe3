"""A small experiment with LLM documents that tests may change, load and build."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from tests.integration.support import assert_ended

if TYPE_CHECKING:
    from tests.conftest import Warehouse
    from tests.integration.conftest import Quick

Row = tuple[str, ...]

HEADERS = {
    "draft": "draft_task_id,combo_id,draft_template_id,generation_model,"
    "generation_status,generation_timestamp,response_file",
    "link": "link_task_id,combo_id,link_template_id,generation_model,"
    "generation_status,generation_timestamp,response_file",
    "essay": "essay_task_id,combo_id,essay_template_id,generation_model,"
    "generation_status,generation_timestamp,response_file",
    "evaluation": "evaluation_task_id,essay_task_id,generation_task_id,"
    "evaluation_template,evaluation_model,evaluation_status,evaluation_timestamp,"
    "eval_response_file",
}
NAMES = {
    "evaluation": "evaluation_results.csv",
    **{k: f"{k}_generation_results.csv" for k in ("draft", "link", "essay")},
}


def made(kind: str, task: str, time: str, path: str = "", combo: str = "c") -> Row:
    """A row of results that succeeded; its response lies under the task's name."""
    path = path or f"{kind}_responses/{task}.txt"
    return (task, combo, "t", "m", "success", time, path)


#: Two runs of one task; a draft and a link of the same row, combo, template and model;
#: an essay at an hour that only its offset makes the right one.
ROWS: dict[str, list[Row]] = {
    "draft": [
        made("draft", "d0", "2025-08-20T10:00:00"),
        made("draft", "d1", "2025-08-20T12:00:00"),
        made("draft", "d1", "2025-08-20T14:00:00Z", "draft_responses/d1_again.txt"),
        made("draft", "late", "2025-08-20T15:00:00", combo="l"),
        made("draft", "escapes", "2025-08-20T15:00:00", "../../secret.txt"),
    ],
    "link": [made("link", "l0", "2025-08-20T10:00:00")],
    "essay": [
        made("essay", "e0", "2025-08-20T13:30:00+02:00"),
        made("essay", "e1", "2025-08-20T13:30:00"),
        made("essay", "e2", "2025-08-20T23:00:00", combo="l"),
    ],
    "evaluation": [
        ("v0", "e1", "", "n", "j", "success", "2025-08-21T00:00:00", "v0.txt"),
        ("v1", "", "d1", "n", "j", "success", "2025-08-20T13:00:00", "v1.txt"),
    ],
}
WITHOUT_TEXT = {"late", "escapes"}
PARENTS = (
    "select d.task_id, p.response_file from gold.documents as d"
    " inner join gold.documents as p on d.parent_doc_id = p.doc_id order by 1"
)
DOCUMENTS = "select d::text from gold.documents as d order by 1"
IDS = "select doc_id, task_id from gold.documents order by 1"


class Experiment:
    """A folder of an experiment, whose csv and responses a test may change."""

    def __init__(self, base: Path) -> None:
        self.base = base
        shutil.rmtree(base, ignore_errors=True)
        self.headers = dict(HEADERS)
        self.rows = {kind: list(rows) for kind, rows in ROWS.items()}
        for kind, rows in self.rows.items():
            for row in rows:
                if kind == "evaluation":
                    self.text(f"evaluation_responses/{row[-1]}", "4_evaluation")
                elif row[0] not in WITHOUT_TEXT:
                    self.text(row[-1])
        self.rows["evaluation"] = [
            (*row[:-1], f"evaluation_responses/{row[-1]}")
            for row in self.rows["evaluation"]
        ]

    def text(self, path: str, root: str = "3_generation", content: str = "") -> None:
        """Writes a response, of a content of its own unless told."""
        file = self.base / root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content or f"What {path} says.", encoding="utf-8")

    def load(self, quick: Quick, warehouse: Warehouse) -> None:
        """Writes the csv anew and loads the folder."""
        for kind, rows in self.rows.items():
            file = self.base / "7_cross_experiment" / NAMES[kind]
            file.parent.mkdir(parents=True, exist_ok=True)
            with file.open("w", encoding="utf-8", newline="") as out:
                csv.writer(out).writerows([self.headers[kind].split(","), *rows])
        done = quick.load(warehouse, "--from", self.base, pipeline="documents")
        assert_ended(done, 0)


def build(quick: Quick, warehouse: Warehouse, *more: str, code: int = 0) -> str:
    """Builds what documents rest on and what is said of them; scores rest on them."""
    words = ("dbt", "build", "--quiet", "--exclude-resource-type", "unit_test")
    select = ("--indirect-selection", "cautious", "--select", "+int_document_resolved")
    done = quick(warehouse, *words, *more, *select)
    assert_ended(done, code)
    return done.stdout + done.stderr
