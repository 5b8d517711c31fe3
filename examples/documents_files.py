"""The examples of LLM documents: an experiment's csvs, catalogues and responses.

Everything is made up, in the layout of an experiment's folder. Texts say nothing of
themselves: ``EXAMPLE.txt`` beside them does, and a column ``example`` of each csv.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from examples import documents_catalogues as catalogues
from examples import documents_evaluations as evaluations
from examples import documents_generations as generations
from examples.documents_rows import SAYS, Made, csv_bytes
from examples.documents_texts import COMBOS, weave

_END = (
    *("generation_model", "evaluation_template", "evaluation_model"),
    *("evaluation_status", "evaluation_timestamp", "eval_response_file"),
    "eval_response_size_bytes",
)
#: Headers that results of evaluations have had, the oldest first.
HEADERS = (
    (
        *("evaluation_task_id", "essay_task_id", "combo_id", "link_template"),
        *("essay_template", *_END),
    ),
    (
        *("evaluation_task_id", "essay_task_id", "combo_id", "draft_template"),
        *("essay_template", *_END),
    ),
    (
        *("evaluation_task_id", "essay_task_id", "generation_task_id", "combo_id"),
        *("draft_template", "essay_template", "generation_template", *_END),
    ),
)
#: Rows under the header of their file, before a newer version went on below it.
BEFORE = 15


def _cells(made: Sequence[Made]) -> list[Mapping[str, object]]:
    return [one.row for one in made]


def _results(stage: str, made: Sequence[Made]) -> bytes:
    # The longest row names all columns: a failed one ends early.
    return csv_bytes(max((list(one.row) for one in made), key=len), _cells(made))


def _legacy() -> Made:
    """A generation in one phase, as before there were drafts."""
    task = generations.task_id(0, "single-v0", "quill_2")
    path = f"draft_responses/{task}.txt"
    data = weave(COMBOS[0], 2).encode()
    row = {
        "generation_task_id": task,
        "combo_id": COMBOS[0].id,
        "generation_template": "single-v0",
        "generation_model": "northlab/quill-2",
        "generation_status": "success",
        "generation_timestamp": "2025-08-18T15:00:00",
        "response_file": path,
        "response_size_bytes": len(data),
    }
    return Made(row, {path: data})


def _evaluations() -> tuple[bytes, list[Made]]:
    """The csv of evaluations, and what is in it."""
    asked = evaluations.asked_of_essays(evaluations.JUDGED, "2025-09-02")
    before = evaluations.made(asked[:BEFORE], HEADERS[1])
    after = evaluations.made([*asked[BEFORE:], *evaluations.others()], HEADERS[2])
    after = _second_files(before, after) + evaluations.unusable(HEADERS[2])
    # An attempt that failed, before the one that did not.
    attempt = replace(asked[6], when="2025-09-02T08:29:00.000006")
    failed = evaluations.row(attempt, "", None, HEADERS[1])
    rows: list[Mapping[str, object] | Sequence[object]] = [
        *_cells(before[:6]),
        failed,
        *_cells(before[6:]),
    ]
    rows += [list(one.row.values()) for one in after]
    return csv_bytes(HEADERS[1], rows), [*before, *after]


def _second_files(before: Sequence[Made], after: Sequence[Made]) -> list[Made]:
    """Responses of a later version do not take the names of earlier ones."""
    taken = {path for one in before for path in one.files}
    found = []
    for one in after:
        (path, data), *_ = one.files.items()
        if path in taken:
            path = path.removesuffix(".txt") + "_v2.txt"
            one = Made({**one.row, "eval_response_file": path}, {path: data})
        found.append(one)
    return found


def _earlier_scores(made: Sequence[Made]) -> tuple[bytes, bytes]:
    """Scores as another system had them: most the same, some read otherwise."""
    rows = [one.row for one in made if one.row["essay_task_id"]]
    asked = evaluations.asked_of_essays(evaluations.JUDGED, "2025-09-02")
    said = {one.task: one.said for one in asked}
    scores = []
    for row in rows[:24]:
        score = said[str(row["evaluation_task_id"])]
        error = "" if score else "Parse error: No SCORE field found in response"
        scores.append((row, score, error))
    # A sum that was taken for the score of its first part.
    scores[2] = (scores[2][0], "10.0", "")
    listed = catalogues.parsed_scores(scores)
    return listed, catalogues.pivot([(row, score) for row, score, _ in scores])


def files() -> dict[str, bytes]:
    """Every example of documents by its path below ``examples/``."""
    drafts, links = generations.drafts(), generations.links()
    essays, legacy = generations.essays(), _legacy()
    august = evaluations.made(
        evaluations.asked_of_essays(evaluations.EARLIER, "2025-08-26"), HEADERS[0]
    )
    results, judged = _evaluations()
    listed, pivot = _earlier_scores(judged)
    rows = {
        "draft": _cells(drafts),
        "essay": _cells(essays),
        "evaluation": [one.row for one in judged if one.row["essay_task_id"]],
    }
    csvs = {
        "7_cross_experiment": {
            "draft_generation_results.csv": _results("draft", drafts),
            "link_generation_results.csv": _results("link", links),
            "essay_generation_results.csv": _results("essay", essays),
            "generation_results.csv": _results("generation", [legacy]),
            "evaluation_results_2025-08.csv": csv_bytes(HEADERS[0], _cells(august)),
            "evaluation_results.csv": results,
            "parsed_scores.csv": listed,
            "evaluation_scores_by_template_model.csv": pivot,
        },
        "2_tasks": catalogues.tasks(rows),
        "1_raw": catalogues.catalogues(),
    }
    texts = {
        # Evaluations lay beside generations first, and had a folder of their own later.
        "3_generation": [*drafts, *links, *essays, legacy, *august],
        "4_evaluation": judged,
    }
    found = {
        f"documents/{folder}/{name}": data
        for folder, named in csvs.items()
        for name, data in named.items()
    }
    for root, made in texts.items():
        found[f"documents/{root}/EXAMPLE.txt"] = f"{SAYS}\n".encode()
        for one in made:
            found |= {f"documents/{root}/{p}": data for p, data in one.files.items()}
    return found
