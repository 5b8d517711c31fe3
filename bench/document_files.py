"""Generated experiments for the benchmark: csvs of results, and their response files.

Every value follows from the number of its row alone, so that a folder is the same every
time and rows appended later go on where the first ended. A task ran two or three times,
as tasks do whose partition was made again: its rows name one response, the last one.

``python -m bench.document_files FOLDER ROWS FILES`` writes an experiment.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

#: What a loader is given of an experiment.
PARTS = ("3_generation", "4_evaluation", "7_cross_experiment")
RESULTS = PARTS[-1]
FIRST_TIME = datetime(2025, 8, 1, 6)
#: Between a task and the next of its kind, and between two runs of one task.
TASK, RUN = timedelta(seconds=600), timedelta(seconds=40)
MODELS = (
    *("google/gemini-2.5-pro", "deepseek/deepseek-r1", "qwen/qwen3-235b"),
    "anthropic/claude-sonnet-4",
)
JUDGES = ("deepseek/deepseek-r1", "qwen/qwq-32b")
DRAFT_TEMPLATES = ("recursive-v2", "pair-explorer", "deliberate-v3", "rolling", "free")
ESSAY_TEMPLATES = ("creative-synthesis-v7", "structured-v2", "narrative-v4")
EVALUATION_TEMPLATES = ("novelty", "coherence-v2", "verification-v3", "depth")
#: Bad rows of a thousand, by what is wrong with them.
FAILED, LOST, STRANGER = 4, 4, 3
#: Every so many responses one holds a NUL byte.
UNREADABLE_EVERY = 500
WORDS = (
    *("attention", "memory", "default", "network", "concept", "link", "daydream"),
    *("economic", "moat", "flywheel", "gap", "verifier", "generator", "signal"),
    *("insight", "random", "pair", "combines", "explains", "therefore", "because"),
    *("weak", "strong", "novel", "known", "claim", "evidence", "draft", "score"),
)
VERDICTS = (
    "SCORE: {}",
    "**Total Score: {}/10**",
    "Core: **Score**: **2/2**\n\nTotal Score: {}/10",
    "### Final score: {}.5",
    "SCORE: {} (above the others)",
)


@dataclass(frozen=True)
class Kind:
    """A csv of results: which share of all rows is its own, and its columns."""

    name: str
    share: float
    root: str
    folder: str
    header: tuple[str, ...]


def _generation(stage: str) -> tuple[str, ...]:
    return (
        *(f"{stage}_task_id", "combo_id", f"{stage}_template_id", "generation_model"),
        *("generation_status", "generation_timestamp", "response_file"),
        "response_size_bytes",
    )


DRAFTS, LINKS, ESSAYS, EVALUATIONS = KINDS = (
    Kind("draft", 0.1, PARTS[0], "draft_responses", _generation("draft")),
    Kind("link", 0.025, PARTS[0], "links_responses", _generation("link")),
    Kind("essay", 0.125, PARTS[0], "essay_responses", _generation("essay")),
    Kind(
        *("evaluation", 0.75, PARTS[1], "evaluation_responses"),
        (
            *("evaluation_task_id", "essay_task_id", "combo_id", "draft_template"),
            *("essay_template", "generation_model", "evaluation_template"),
            *("evaluation_model", "evaluation_status", "evaluation_timestamp"),
            *("eval_response_file", "eval_response_size_bytes"),
        ),
    ),
)


def csv_name(kind: Kind) -> str:
    """The csv of a kind, as the experiments name it."""
    if kind is EVALUATIONS:
        return "evaluation_results.csv"
    return f"{kind.name}_generation_results.csv"


def mixed(number: int, salt: int) -> int:
    """A number that looks random and is the same for the same number and salt."""
    x = (number * 0x9E3779B97F4A7C15 + salt * 0xBF58476D1CE4E5B9) % 2**64
    x = (x ^ (x >> 30)) * 0x94D049BB133111EB % 2**64
    return x ^ (x >> 31)


class Experiment:
    """Rows and responses of an experiment of so many rows and files.

    Args:
        rows: Of all csvs together.
        files: Response files; as many tasks.
    """

    def __init__(self, rows: int, files: int) -> None:
        self.rows, self.files = rows, files
        self._fillings = [
            " ".join(WORDS[mixed(i * 200 + n, 1) % len(WORDS)] for n in range(60))
            for i in range(400)
        ]

    def count(self, kind: Kind, of: int) -> int:
        """The share of a kind of so many."""
        return round(of * kind.share)

    def task_of(self, kind: Kind, row: int) -> int:
        """The task of a row: rows of one task stand together."""
        return row * self.count(kind, self.files) // self.count(kind, self.rows)

    def names(self, kind: Kind, task: int) -> tuple[str, ...]:
        """Task id, combo, template and model of a task; of evaluations more.

        Of evaluations: task id, essay's task id, combo, draft and essay template,
        model, evaluation template, evaluation model.
        """
        if kind is EVALUATIONS:
            judged = self._above(EVALUATIONS, ESSAYS, task)
            essay, combo, essay_template, model = self.names(ESSAYS, judged)
            draft = self._above(ESSAYS, DRAFTS, judged)
            template = EVALUATION_TEMPLATES[task % 4]
            judge = JUDGES[task // 4 % 2]
            task_id = f"{essay}__{template}__{judge.split('/')[1]}"
            draft_template = self.names(DRAFTS, draft)[2]
            above = (essay, combo, draft_template, essay_template, model)
            return (task_id, *above, template, judge)
        if kind is ESSAYS:
            draft = self._above(ESSAYS, DRAFTS, task)
            _, combo, draft_template, model = self.names(DRAFTS, draft)
            template = ESSAY_TEMPLATES[task % len(ESSAY_TEMPLATES)]
            task_id = f"{combo}_{draft_template}_{model.split('/')[1]}_{template}"
            return task_id, combo, template, model
        model = MODELS[task % 4]
        templates = DRAFT_TEMPLATES if kind is DRAFTS else ("links-v1",)
        template = templates[task // 4 % len(templates)]
        combo = f"combo_v1_{mixed(task // (4 * len(templates)), 2):016x}"[:21]
        return f"{combo}__{template}__{model.split('/')[1]}", combo, template, model

    def _above(self, kind: Kind, above: Kind, task: int) -> int:
        return task * self.count(above, self.files) // self.count(kind, self.files)

    def _time(self, kind: Kind, row: int, task: int) -> str:
        """Essays come minutes after the drafts they are made of, evaluations after."""
        first = -(-task * self.count(kind, self.rows) // self.count(kind, self.files))
        origin, later = task, 0
        for below, above in ((EVALUATIONS, ESSAYS), (ESSAYS, DRAFTS)):
            if kind is below:
                origin, kind, later = self._above(kind, above, origin), above, later + 1
        if kind is LINKS:
            # As many combos as the drafts have, a fifth of the tasks.
            origin *= len(DRAFT_TEMPLATES)
        moment = FIRST_TIME + TASK * origin + (RUN * 5) * later + RUN * (row - first)
        return (moment + timedelta(microseconds=row % 1_000_000)).isoformat()

    def row(self, kind: Kind, number: int) -> tuple[str, ...]:
        """A row of a csv; failed ones lack their last field, as appenders leave it."""
        task = self.task_of(kind, number)
        names = self.names(kind, task)
        path = f"{kind.folder}/{names[0]}.txt"
        wrong = mixed(number, 3 + KINDS.index(kind)) % 1000
        time = self._time(kind, number, task)
        if wrong < FAILED:
            return (*names, "failed", time, "")
        if wrong < FAILED + LOST:
            path = f"{kind.folder}/lost_{number}.txt"
        elif wrong < FAILED + LOST + STRANGER and kind in (ESSAYS, EVALUATIONS):
            # No draft is of this model; no essay has this task id.
            at = 3 if kind is ESSAYS else 1
            names = (*names[:at], "nobody/no-model", *names[at + 1 :])
        return (*names, "success", time, path, "1024")

    def text(self, kind: Kind, task: int) -> str:
        """About a kilobyte; evaluations end with a verdict."""
        chance = mixed(task, 8 + KINDS.index(kind))
        parts = [f"# {kind.name} {task}"]
        parts += [self._fillings[(chance >> (9 * i)) % 400] for i in range(2)]
        if chance % UNREADABLE_EVERY == 0:
            parts.append("broken \0 here")
        if kind is EVALUATIONS:
            verdict = VERDICTS[(chance >> 20) % len(VERDICTS)]
            parts.append(verdict.format((chance >> 30) % 10))
        return "\n\n".join(parts) + "\n"

    def write(self, folder: Path, rows: tuple[int, int]) -> None:
        """Appends rows to the csvs of a folder, and writes the responses they name.

        Args:
            folder: Of the experiment.
            rows: From which of all rows on, and up to which.
        """
        (folder / RESULTS).mkdir(parents=True, exist_ok=True)
        for kind in KINDS:
            responses = folder / kind.root / kind.folder
            responses.mkdir(parents=True, exist_ok=True)
            first, end = (self.count(kind, of) for of in rows)
            path = folder / RESULTS / csv_name(kind)
            with path.open("a", newline="") as target:
                writer = csv.writer(target, lineterminator="\n")
                if first == 0:
                    writer.writerow(kind.header)
                writer.writerows(self.row(kind, i) for i in range(first, end))
            for task in self._tasks(kind, first, end):
                name = self.names(kind, task)[0]
                text = self.text(kind, task)
                (responses / f"{name}.txt").write_bytes(text.encode())

    def _tasks(self, kind: Kind, first: int, end: int) -> Iterator[int]:
        """Tasks that begin among these rows."""
        before = self.task_of(kind, first - 1) + 1 if first else 0
        yield from range(before, self.task_of(kind, end - 1) + 1)


def main() -> None:
    """Writes an experiment."""
    rows, files = (int(word) for word in sys.argv[2:4])
    Experiment(rows, files).write(Path(sys.argv[1]), (0, rows))


if __name__ == "__main__":
    main()
