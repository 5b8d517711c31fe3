"""Drafts, links and essays of the examples, among them rows that cannot be used.

Each is a tuple of when, combo, template, model, how its text is made, and what is wrong
with it. Times and templates are chosen so that every rule of the resolution is met.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

from examples.documents_rows import MODELS, Made
from examples.documents_texts import (
    COMBOS,
    Combo,
    braid,
    french,
    ideas,
    outline,
    pairs,
    prompt,
    weave,
)

Text = Callable[[Combo], str]
#: When (UTC unless it says otherwise), combo, template, model, text, what is wrong.
DRAFTS: tuple[tuple[str, int, str, str, Text, str], ...] = (
    ("2025-08-20T10:00:00.104233", 0, "weave-v1", "quill_2", weave, ""),
    ("2025-08-20T12:00:00", 0, "outline-v2", "quill_2", outline, ""),
    ("2025-08-20T12:30:11.520001", 0, "ideas-v1", "reed_70b", ideas, ""),
    (
        "2025-08-21T09:00:00.000310",
        0,
        "weave-v1",
        "reed_70b",
        partial(weave, turn=1),
        "",
    ),
    ("2025-08-21T10:00:04.918220", 1, "weave-v1", "quill_2", weave, ""),
    # 11:30 in UTC, before the essay of 12:00.
    ("2025-08-21T13:30:00+02:00", 1, "ideas-v1", "quill_2", ideas, ""),
    # A response that was cut off before its block closed.
    (
        "2025-08-21T14:00:00.774012",
        *(1, "outline-v2", "reed_70b", partial(outline, closed=False), ""),
    ),
    ("2025-08-21T18:00:00", 1, "weave-v1", "reed_70b", weave, "missing"),
    ("2025-08-21T18:20:00", 1, "outline-v2", "loom_mini", outline, "failed"),
    ("2025-08-22T07:00:00Z", 2, "weave-v1", "quill_2", weave, ""),
    ("2025-08-22T07:10:00.250000", 2, "ideas-v1", "loom_mini", ideas, "mark"),
    ("2025-08-22T07:15:00", 2, "outline-v2", "loom_mini", outline, "nul"),
    ("2025-08-22T07:20:00.000001", 2, "weave-v1", "loom_mini", french, "encoding"),
    # Asked for again, a day later: the same words.
    ("2025-08-22T10:00:00.333100", 1, "weave-v1", "quill_2", weave, ""),
)
LINKS: tuple[tuple[str, int, str, str, Text, str], ...] = (
    # At the very time of a draft of the same combo and model, which comes first.
    ("2025-08-20T12:00:00", 0, "pair-finder", "quill_2", pairs, ""),
    ("2025-08-19T16:45:30.118000", 2, "pair-finder", "reed_70b", pairs, ""),
    ("20 August, noon", 1, "pair-finder", "loom_mini", pairs, ""),
)
#: When, combo, template, model, the draft (place above; links from 100), what is wrong.
ESSAYS: tuple[tuple[str, int, str, str, int, str], ...] = (
    ("2025-08-20T11:00:00.500000", 0, "braid-v3", "quill_2", 0, ""),
    ("2025-08-20T12:00:00", 0, "plain-v1", "quill_2", 1, ""),
    ("2025-08-21T08:00:00.041000", 0, "braid-v3", "reed_70b", 2, ""),
    ("2025-08-22T09:00:00", 0, "plain-v1", "reed_70b", 3, ""),
    ("2025-08-21T12:00:00", 1, "braid-v3", "quill_2", 5, ""),
    # The latest draft has no response; the one before it is the parent.
    ("2025-08-22T12:00:00.910000", 1, "braid-v3", "reed_70b", 6, ""),
    ("2025-08-22T12:30:00", 1, "braid-v3", "loom_mini", 8, ""),
    # Before there was any draft of this combo and model.
    ("2025-08-22T06:59:59.999999", 2, "braid-v3", "quill_2", 9, ""),
    ("2025-08-22T07:00:00", 2, "plain-v1", "quill_2", 9, ""),
    # The latest draft is in an encoding that nobody names.
    ("2025-08-22T08:00:00.600000", 2, "braid-v3", "loom_mini", 10, ""),
    ("2025-08-22T08:05:00", 2, "plain-v1", "loom_mini", 10, ""),
    ("2025-08-22T08:30:00.020500", 2, "braid-v3", "reed_70b", 101, ""),
    # The task of the first essay once more, from the draft that came after it.
    ("2025-08-23T09:00:00", 0, "braid-v3", "quill_2", 1, ""),
    ("2025-08-23T09:10:00", 1, "plain-v1", "quill_2", 13, ""),
    ("2025-08-23T09:20:00", 1, "plain-v1", "reed_70b", 6, "escapes"),
    ("2025-08-23T09:30:00", 0, "plain-v1", "loom_mini", 0, "no model"),
)
#: How texts are written that are not utf-8 alone.
ENCODINGS = {"encoding": "cp1252", "mark": "utf-8-sig"}
_STAGES = {"draft": "draft_responses", "link": "links_responses"}


def task_id(combo: int, template: str, model: str) -> str:
    """As the experiments name a task."""
    return f"{COMBOS[combo].id}__{template}__{model}"


def parsed(text: str) -> str:
    """What an essay is written from: the marked part of a draft, if one is marked."""
    block = re.search(r"<essay>(.*?)(?:</essay>|$)", text, re.S)
    stages = re.findall(r'<essay-idea stage="\d">(.*?)</essay-idea>', text, re.S)
    marked = stages[-1] if stages else block[1] if block else None
    return text if marked is None else str(marked).strip()


def drafts() -> list[Made]:
    """Drafts in the order of their csv."""
    return _first("draft", DRAFTS)


def links() -> list[Made]:
    """Links, which an earlier version wrote in place of drafts."""
    return _first("link", LINKS)


def _first(
    stage: str, wanted: tuple[tuple[str, int, str, str, Text, str], ...]
) -> list[Made]:
    made: list[Made] = []
    seen: list[str] = []
    for when, combo, template, model, text, wrong in wanted:
        task = task_id(combo, template, model)
        name = f"{task}_v2" if task in seen else task
        seen.append(task)
        path = f"{_STAGES[stage]}/{name}.txt"
        data = text(COMBOS[combo]).encode(ENCODINGS.get(wrong, "utf-8"))
        if wrong == "nul":
            data = data[:90] + b"\0\0\0\0" + data[94:]
        files = {} if wrong in ("missing", "failed") else {path: data}
        asked = path.replace("_responses/", "_prompts/")
        if stage == "link" or template == "weave-v1":
            ask = f"Write a {stage} in the manner of {template}."
            files[asked] = prompt(COMBOS[combo].subjects(), ask).encode()
        row = _row(stage, task, combo, template, model, when)
        made.append(Made(_ended(row, path, data, failed=wrong == "failed"), files))
    return made


def essays() -> list[Made]:
    """Essays: written from a draft, or its marked part once more."""
    texts = dict(enumerate(d[4](COMBOS[d[1]]) for d in DRAFTS))
    texts |= {100 + i: d[4](COMBOS[d[1]]) for i, d in enumerate(LINKS)}
    made: list[Made] = []
    seen: list[str] = []
    for place, (when, combo, template, model, draft, wrong) in enumerate(ESSAYS):
        task = task_id(combo, template, model)
        name = f"{task}_v2" if task in seen else task
        seen.append(task)
        path = f"essay_responses/{name}.txt"
        text = parsed(texts[draft])
        if template == "braid-v3":
            text = braid(COMBOS[combo], text, place)
        row = _row("essay", task, combo, template, model, when)
        if wrong == "no model":
            row["generation_model"] = ""
        files = {path: text.encode()}
        if wrong == "escapes":
            path, files = f"../../elsewhere/{name}.txt", {}
        made.append(Made(_ended(row, path, text.encode(), failed=False), files))
    return made


def _row(
    stage: str, task: str, combo: int, template: str, model: str, when: str
) -> dict[str, object]:
    return {
        f"{stage}_task_id": task,
        "combo_id": COMBOS[combo].id,
        f"{stage}_template_id": template,
        "generation_model": MODELS[model],
        "generation_status": "success",
        "generation_timestamp": when,
    }


def _ended(
    row: dict[str, object], path: str, data: bytes, *, failed: bool
) -> dict[str, object]:
    if failed:
        return {**row, "generation_status": "failed", "response_file": ""}
    return {**row, "response_file": path, "response_size_bytes": len(data)}
