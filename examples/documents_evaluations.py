"""Evaluations of the examples: three evaluators of each essay, and how they say it.

Some agree and some do not, verdicts have the shapes that real ones have, a few say
nothing that can be read, and some rows cannot be used.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from examples.documents_generations import DRAFTS, ESSAYS, task_id
from examples.documents_rows import MODELS, Made
from examples.documents_texts import COMBOS

EVALUATORS = ("quill_2", "reed_70b", "assay_1")
#: Scores of essays (by place) from the three, as said; on these follow the odd ones.
JUDGED: dict[int, tuple[str, str, str]] = {
    0: ("8", "7.5", "8"),
    1: ("6", "5", "7"),
    2: ("4", "7", "5"),
    3: ("3", "8", "6"),
    4: ("10", "9.5", "10"),
    5: ("7", "6", "6.5"),
    9: ("2", "6", "3"),
    10: ("6", "6", ""),
    11: ("7", "7-8", "7"),
    13: ("1", "0", "12"),
}
#: Those that an earlier version judged, and wrote elsewhere.
EARLIER: dict[int, tuple[str, str, str]] = {8: ("5", "5", "5.5")}

_PRAISE = (
    "Little of it goes beyond naming the things side by side.",
    "The connection is stated, and then repeated rather than used.",
    "Two of the three steps follow; the last is asserted.",
    "Each step rests on the one before, and the ending adds something.",
)
#: How a verdict is said: {s} the score, {a} and {b} two parts of it.
SHAPES = (
    "SCORE: {s}\n",
    "**Total Score: {s}/10**\n",
    "- Ideas: clear. **Score:** 2/2\n- Links: partly shown.\n\n"
    "**Total Score:** {a} (Ideas) + {b} (Links) = **{s}/10**\n",
    "Final score: {s}/10\n",
    "**SCORE: {s}**\n*(as written, without allowance for length)*\n",
    "1. Ideas. **Score**: **1/2**\n2. Links. **Score**: **1/3**\n\n"
    "### Total Score\n**Total Score: {s}/10**\n",
)


def response(said: str, place: int) -> bytes:
    """A text that ends with a verdict, or, where nothing is said, without one."""
    score = float(said.split("-")[0]) if said else 5.0
    remark = _PRAISE[min(int(score // 2.6), 3)]
    opening = f"Read twice. {remark} Nothing in it had to be looked up."
    if not said:
        return f"{opening}\n\nI would rather not put a number on this one.\n".encode()
    part = min(int(score // 2), 5)
    rest = f"{score - part:g}"
    verdict = SHAPES[place % len(SHAPES)].format(s=said, a=part, b=rest)
    return f"{opening}\n\n{verdict}".encode()


@dataclass(frozen=True)
class Asked:
    """An evaluation: of what, by whom, when, with which words.

    Attributes:
        essay: Task of the essay; empty of a draft that was judged at once.
        generation: Task of the generation, where a row names it.
        combo: By place.
        template: Of the essay, or of the generation.
        model: That wrote it.
        by: The evaluator.
        with_template: Of the evaluation.
        when: As written.
        said: The score.
        shape: How it is said.
    """

    essay: str
    generation: str
    combo: int
    template: str
    model: str
    by: str
    with_template: str
    when: str
    said: str
    shape: int

    @property
    def task(self) -> str:
        """As the experiments name it."""
        of = self.essay or self.generation
        return f"{of}__{self.with_template}__{self.by}"


def asked_of_essays(scores: Mapping[int, Sequence[str]], day: str) -> list[Asked]:
    """Each evaluator of each essay, in a row."""
    found: list[Asked] = []
    for essay, said in scores.items():
        _, combo, template, model, _, _ = ESSAYS[essay]
        for by, score in zip(EVALUATORS, said, strict=True):
            number = len(found)
            clock = f"{8 + number // 12:02d}:{number % 12 * 5:02d}:00.{number:06d}"
            asked = Asked(
                *(task_id(combo, template, model), "", combo, template, model, by),
                # Not always the same words from the same evaluator.
                *("novelty-v2", f"{day}T{clock}", score, number + number // 3),
            )
            found.append(asked)
    return found


def row(
    asked: Asked, path: str, size: int | None, header: Sequence[str]
) -> dict[str, object]:
    """A row of results under one of their headers; without a size, of a failed one."""
    cells: dict[str, object] = {
        "evaluation_task_id": asked.task,
        "essay_task_id": asked.essay,
        "generation_task_id": asked.generation,
        "combo_id": COMBOS[asked.combo].id,
        "draft_template": "" if asked.essay else asked.template,
        "link_template": "pair-finder",
        "essay_template": asked.template if asked.essay else "",
        "generation_template": asked.template,
        "generation_model": MODELS[asked.model],
        "evaluation_template": asked.with_template,
        "evaluation_model": MODELS[asked.by],
        "evaluation_status": "failed" if size is None else "success",
        "evaluation_timestamp": asked.when,
        "eval_response_file": path,
    }
    if size is not None:
        cells["eval_response_size_bytes"] = size
    return {name: cells[name] for name in header if name in cells}


def made(asked: Sequence[Asked], header: Sequence[str]) -> list[Made]:
    """Rows and their responses; a task that is asked again has a second file."""
    found: list[Made] = []
    seen: list[str] = []
    for one in asked:
        again = f"_v{seen.count(one.task) + 1}" if one.task in seen else ""
        seen.append(one.task)
        path = f"evaluation_responses/{one.task}{again}.txt"
        data = response(one.said, one.shape)
        found.append(Made(row(one, path, len(data), header), {path: data}))
    return found


def others() -> list[Asked]:
    """By another template, once more, and of drafts that were judged at once."""
    first, fifth = (task_id(*ESSAYS[place][1:4]) for place in (0, 4))
    draft = task_id(*DRAFTS[0][1:4])
    clear = ("assay_1", "clarity-v1")
    braid = (0, "braid-v3", "quill_2")
    weave = (0, "weave-v1", "quill_2")
    single = (0, "single-v0", "quill_2")
    return [
        Asked(first, "", *braid, *clear, "2025-09-03T09:00:00", "8", 4),
        Asked(fifth, "", 1, *braid[1:], *clear, "2025-09-03T09:05:00", "9", 0),
        # The same question again: another answer.
        Asked(
            *(first, "", *braid, "assay_1", "novelty-v2", "2025-09-03T09:10:00Z"),
            *("6.5", 3),
        ),
        Asked("", draft, *weave, *clear, "2025-09-03T09:15:00", "7", 1),
        # No such essay, but the generation is there.
        Asked(
            *(task_id(0, "braid-v2", "quill_2"), draft, *weave, "reed_70b"),
            *("novelty-v2", "2025-09-03T09:20:00", "6", 3),
        ),
        Asked(
            *("", task_id(*single), *single, "assay_1", "novelty-v2"),
            *("2025-09-03T09:25:00+01:00", "4", 5),
        ),
    ]


def unusable(header: Sequence[str]) -> list[Made]:
    """An essay that is none, a response that is missing, one that is no text."""
    lost = task_id(*ESSAYS[6][1:4])
    known = task_id(*ESSAYS[5][1:4])
    of = (lost, "", 1, "braid-v3", "loom_mini", "assay_1")
    found = made([Asked(*of, "novelty-v2", "2025-09-03T10:00:00", "5", 0)], header)
    for by, data in (("quill_2", None), ("reed_70b", b"SCORE: 7\0\0\0\n")):
        asked = Asked(
            *(known, "", 1, "braid-v3", "reed_70b", by, "clarity-v1"),
            *("2025-09-03T10:05:00", "7", 0),
        )
        path = f"evaluation_responses/{asked.task}.txt"
        cells = row(asked, path, 9, header)
        found.append(Made(cells, {path: data} if data else {}))
    return found
