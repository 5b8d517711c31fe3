"""The examples of documents: what they hold, and that they say what they are."""

from __future__ import annotations

import csv
import io
from collections import Counter
from pathlib import Path

import pytest

from examples import documents_files, documents_texts
from loaders.documents.kinds import VOCABULARY
from loaders.documents.texts import content_of
from loaders.files.voices import is_example_line

FILES = documents_files.files()
CSVS = [name for name in FILES if name.endswith(".csv")]
RESULTS = "documents/7_cross_experiment"


def _rows(name: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(FILES[name].decode())))


def _column(name: str, column: str) -> list[str]:
    header, *rows = _rows(name)
    return [row[header.index(column)] for row in rows]


@pytest.mark.parametrize("name", CSVS)
def test_each_csv_says_that_it_is_an_example_and_is_of_the_kind_it_is_named_after(
    name: str,
) -> None:
    header, *rows = _rows(name)
    assert any(is_example_line(row[-1]) for row in rows)
    kind = VOCABULARY.kind_of(header)
    assert kind is not None
    named = Path(name).stem.removesuffix("_2025-08")
    if named in ("link_templates", "evaluation_templates"):
        named = "draft_templates"
    assert kind.source_table == named


@pytest.mark.parametrize("root", ["3_generation", "4_evaluation"])
def test_each_folder_of_responses_says_so(root: str) -> None:
    assert is_example_line(FILES[f"documents/{root}/EXAMPLE.txt"].decode())


def test_all_of_it_is_small() -> None:
    assert len(FILES) < 200
    assert sum(map(len, FILES.values())) < 300_000


def test_combos_are_named_as_the_experiments_named_theirs() -> None:
    """Two ids that were published, with what they are of."""
    things = ("dearth-ai-discoveries", "default-mode-network", "economic-moat")
    five = (*things, "economic-innovation-models", "generator-verifier-gap")
    four = (*things, "generator-verifier-gap")
    made = [
        documents_texts.Combo(five, "paragraph", 5).id,
        documents_texts.Combo(four, "paragraph", 4).id,
    ]
    assert made == ["combo_v1_85128e4e5ef3", "combo_v1_13c725cf02fa"]


def test_evaluations_stand_under_headers_of_several_widths() -> None:
    widths = Counter(map(len, _rows(f"{RESULTS}/evaluation_results.csv")))
    # The header and rows with a column that says example; a failed row without its
    # size; rows of the newer header.
    assert widths == {13: 16, 11: 1, 14: 24}
    older = _rows(f"{RESULTS}/evaluation_results_2025-08.csv")[0]
    assert "link_template" in older
    assert "generation_task_id" not in older


def test_texts_that_are_no_utf_8_are_a_draft_and_those_with_nul_bytes() -> None:
    made = {n: content_of(d) for n, d in FILES.items() if n.endswith(".txt")}
    flags = Counter(content.flags for content in made.values() if content.flags)
    assert flags == {"unreadable": 1, "nul_bytes": 2}
    (unreadable,) = (n for n, content in made.items() if content.flags == "unreadable")
    assert FILES[unreadable].decode("cp1252").startswith("« Tide table »")
    marked = [n for n, content in made.items() if content.encoding == "utf-8-sig"]
    assert len(marked) == 1


def test_times_are_naive_with_an_offset_and_none() -> None:
    times = _column(f"{RESULTS}/draft_generation_results.csv", "generation_timestamp")
    assert [t for t in times if t.endswith(("Z", "+02:00"))] == [
        "2025-08-21T13:30:00+02:00",
        "2025-08-22T07:00:00Z",
    ]
    assert "20 August, noon" in _column(
        f"{RESULTS}/link_generation_results.csv", "generation_timestamp"
    )


def test_one_path_leaves_its_root() -> None:
    paths = _column(f"{RESULTS}/essay_generation_results.csv", "response_file")
    assert sum(path.startswith("../") for path in paths) == 1
