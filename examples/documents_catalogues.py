"""Catalogues, tasks and earlier scores of the examples of documents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from examples.documents_rows import MODELS, csv_bytes
from examples.documents_texts import COMBOS, CONCEPTS

_TEMPLATE = ("template_id", "template_name", "description", "active")
_DRAFTS = (
    ("weave-v1", "Weave", "prose that goes through all things", "true", ""),
    ("outline-v2", "Outline", "a plan, then the text", "true", "essay_block"),
    ("ideas-v1", "Ideas", "ideas in stages", "true", "essay_idea_last"),
)
_LINKS = (("pair-finder", "Pair finder", "each two things", "false", ""),)
_ESSAYS = (
    ("braid-v3", "Braid", "an essay of a draft", "true", "llm"),
    ("plain-v1", "Plain", "the draft's text as it is", "true", "copy"),
)
_EVALUATIONS = (
    ("novelty-v2", "Novelty", "whether it says something new", "true", "complex"),
    ("clarity-v1", "Clarity", "whether it can be followed", "true", "in_last_line"),
)


def _named(
    names: Sequence[str], rows: Sequence[Sequence[object]]
) -> list[Mapping[str, object]]:
    return [dict(zip(names, row, strict=True)) for row in rows]


def _catalogue(names: Sequence[str], rows: Sequence[Sequence[object]]) -> bytes:
    return csv_bytes(names, _named(names, rows))


def catalogues() -> dict[str, bytes]:
    """What the experiments were made of, by name of csv."""
    models = [
        (
            key,
            name,
            name.split("/")[0],
            key.replace("_", " "),
            "true",
            "true",
            "general",
        )
        for key, name in MODELS.items()
    ]
    combos = [
        (combo.id, "v1", concept, combo.level, combo.k_max, "2025-08-19T12:00:00")
        for combo in COMBOS
        for concept in combo.concepts
    ]
    return {
        "llm_models.csv": _catalogue(
            (
                *("id", "model", "provider", "display_name", "for_generation"),
                *("for_evaluation", "specialization"),
            ),
            models,
        ),
        "draft_templates.csv": _catalogue((*_TEMPLATE, "parser"), _DRAFTS),
        "link_templates.csv": _catalogue((*_TEMPLATE, "parser"), _LINKS),
        "essay_templates.csv": _catalogue((*_TEMPLATE, "generator"), _ESSAYS),
        "evaluation_templates.csv": _catalogue(
            (*_TEMPLATE, "parsing_strategy"), _EVALUATIONS
        ),
        "concepts_metadata.csv": _catalogue(
            ("concept_id", "name", "active"),
            [(key, concept.name, "true") for key, concept in CONCEPTS.items()],
        ),
        "combo_mappings.csv": _catalogue(
            (
                *("combo_id", "version", "concept_id", "description_level"),
                *("k_max", "created_at"),
            ),
            combos,
        ),
    }


def tasks(rows: Mapping[str, Sequence[Mapping[str, object]]]) -> dict[str, bytes]:
    """What was to be done, by name of csv, from the results that came of it."""
    short = {name: key for key, name in MODELS.items()}
    generations: dict[str, bytes] = {}
    for stage in ("draft", "essay"):
        names = (
            *(f"{stage}_task_id", "combo_id", f"{stage}_template"),
            *("generation_model", "generation_model_name"),
        )
        # A task is listed once, however often it was run.
        found = {
            row[f"{stage}_task_id"]: (
                *(row[f"{stage}_task_id"], row["combo_id"]),
                row[f"{stage}_template_id"],
                short[str(row["generation_model"])],
                row["generation_model"],
            )
            for row in rows[stage]
            if row["generation_model"]
        }
        generations[f"{stage}_generation_tasks.csv"] = _catalogue(
            names, list(found.values())
        )
    evaluations = _evaluation_tasks(rows["evaluation"])
    return {**generations, "evaluation_tasks.csv": evaluations}


def _evaluation_tasks(rows: Sequence[Mapping[str, object]]) -> bytes:
    short = {name: key for key, name in MODELS.items()}
    parsers = {entry[0]: entry[4] for entry in _EVALUATIONS}
    evaluations = {
        row["evaluation_task_id"]: (
            *(row["evaluation_task_id"], row["essay_task_id"], "essay2p", "two_phase"),
            *(row["combo_id"], row["essay_template"]),
            short[str(row["generation_model"])],
            row["generation_model"],
            row["essay_task_id"],
            row["evaluation_template"],
            short[str(row["evaluation_model"])],
            row["evaluation_model"],
            parsers[str(row["evaluation_template"])],
        )
        for row in rows
    }
    names = (
        *("evaluation_task_id", "document_id", "stage", "origin", "combo_id"),
        *("essay_template", "generation_model", "generation_model_name"),
        *("essay_task_id", "evaluation_template", "evaluation_model"),
        *("evaluation_model_name", "parser"),
    )
    return _catalogue(names, list(evaluations.values()))


def parsed_scores(
    rows: Sequence[tuple[Mapping[str, object], str, str]],
) -> bytes:
    """Scores as an earlier system read them: row of the evaluation, score, error."""
    short = {name: key for key, name in MODELS.items()}
    names = (
        *("document_id", "combo_id", "generation_template", "generation_model"),
        *("evaluation_template", "evaluation_model", "evaluation_model_name"),
        *("score", "error", "evaluation_task_id", "essay_task_id"),
        "evaluation_response_path",
    )
    found = [
        (
            *(row["essay_task_id"], row["combo_id"], row["essay_template"]),
            short[str(row["generation_model"])],
            row["evaluation_template"],
            short[str(row["evaluation_model"])],
            row["evaluation_model"],
            *(score, error, row["evaluation_task_id"], row["essay_task_id"]),
            f"data/4_evaluation/{row['eval_response_file']}",
        )
        for row, score, error in rows
    ]
    return _catalogue(names, found)


def pivot(rows: Sequence[tuple[Mapping[str, object], str]]) -> bytes:
    """The same as one row per essay and a column per template and evaluator."""
    keys = ("essay_task_id", "combo_id", "draft_template", "generation_template")
    lines: dict[object, dict[str, object]] = {}
    columns: dict[str, None] = {}
    for row, score in rows:
        column = f"{row['evaluation_template']}__{row['evaluation_model']}"
        columns[column] = None
        line = lines.setdefault(
            row["essay_task_id"],
            {
                **dict.fromkeys(keys, ""),
                "essay_task_id": row["essay_task_id"],
                "combo_id": row["combo_id"],
                "generation_template": row["essay_template"],
                "generation_model": row["generation_model"],
            },
        )
        line[column] = score
    names = (*keys, "generation_model", *columns)
    return csv_bytes(
        names, [{name: line.get(name, "") for name in names} for line in lines.values()]
    )
