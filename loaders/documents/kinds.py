"""Which csv of an experiment a file is: known by its columns, never by its name."""

from __future__ import annotations

from collections.abc import Mapping

from loaders.documents.tables import TABLES
from loaders.rows.vocabulary import Kind, Vocabulary


def _of(*names: str) -> frozenset[str]:
    return frozenset(names)


_RESULT = _of("generation_status", "generation_timestamp", "response_file")
_SCORE = _of("score", "parsed_score")

#: Parsers that only templates of evaluations have.
EVALUATION_PARSERS = frozenset({"complex", "in_last_line"})
TEMPLATES = ("draft_templates", "link_templates", "evaluation_templates")
PIVOT = "evaluation_scores_by_template_model"
#: A column of the pivot: template and model of the evaluation.
PIVOT_COLUMN = r"^[^_].*__.*[^_]$"

#: In the order in which they are tried: what is most its own comes first.
KINDS: tuple[Kind, ...] = (
    Kind(
        *("evaluation_results", "result_rows", _of()),
        _of("evaluation_status", "evaluation_timestamp", "eval_response_file"),
        _SCORE,
        least=2,
    ),
    *(
        Kind(
            f"{stage}_generation_results",
            *("result_rows", _of(f"{stage}_template_id"), _RESULT),
            least=2,
        )
        for stage in ("essay", "draft", "link")
    ),
    Kind(
        *("generation_results", "result_rows", _of("generation_template"), _RESULT),
        least=2,
    ),
    Kind(
        *("parsed_scores", "score_rows", _of("score")),
        _of("evaluation_template", "evaluation_task_id", "document_id"),
    ),
    Kind(
        *(PIVOT, "score_rows", _of("combo_id")),
        _of("generation_template", "generation_model", "draft_template"),
        _of("evaluation_task_id", "evaluation_template", "score"),
        like=PIVOT_COLUMN,
    ),
    Kind("evaluation_tasks", "task_rows", _of("evaluation_task_id", "combo_id")),
    Kind("essay_generation_tasks", "task_rows", _of("essay_task_id", "combo_id")),
    Kind("draft_generation_tasks", "task_rows", _of("draft_task_id", "combo_id")),
    Kind(
        *("combo_mappings", "catalogue_rows", _of("entry_id")),
        like="^description_level$",
    ),
    Kind(
        *("concepts_metadata", "catalogue_rows", _of("entry_id", "entry_name")),
        like="^concept_id$",
    ),
    Kind(
        *("llm_models", "catalogue_rows", _of("entry_id", "model", "provider")),
        none_of=_of("template_id"),
    ),
    Kind(
        *("essay_templates", "catalogue_rows", _of("entry_id", "generator")),
        like="^template_id$",
    ),
    # Templates of drafts, links and evaluations share their columns: see `csvs`.
    Kind(
        *("draft_templates", "catalogue_rows", _of("entry_id")),
        _of("entry_name", "active", "parser"),
        like="^template_id$",
    ),
)

#: Other names that csvs give a column.
ALIASES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "result_rows": {
        "eval_response_file": ("evaluation_response_file",),
        "eval_response_size_bytes": ("evaluation_response_size_bytes",),
    },
    "catalogue_rows": {
        "entry_id": ("template_id", "id", "combo_id", "concept_id"),
        "entry_name": ("template_name", "name", "display_name"),
        "parser": ("parsing_strategy",),
    },
}

VOCABULARY = Vocabulary(
    about="an experiment",
    section="LLM documents",
    tables=TABLES,
    kinds=KINDS,
    aliases=ALIASES,
    times={
        "result_rows": ("generation_timestamp", "evaluation_timestamp"),
        "score_rows": ("evaluation_response_mtime",),
    },
)
