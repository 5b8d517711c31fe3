"""Landing tables of LLM documents: results, texts, catalogues, and a scanned tree.

All text, as the source has it. Beside a table's own columns:

- ``extra``: JSON object of what a row holds that has no column here; the fields of a
  ragged row beyond its header are listed under ``surplus``.
- ``flags``: what is wrong with the row as it was read, separated by blanks:
  ``surplus_fields``, ``missing_fields:column``, ``other_header:columns``,
  ``nul_bytes:column``, ``bad_encoding:column``, ``broken_quotes``; of a text
  ``guessed_encoding``, ``unreadable``, ``nul_bytes``, ``too_long``.
"""

from __future__ import annotations

from loaders.model import Column

SAID: tuple[Column, ...] = ("extra", "flags")

TABLES: dict[str, tuple[Column, ...]] = {
    # source tables: draft_generation_results, link_generation_results,
    # essay_generation_results, generation_results, evaluation_results
    "result_rows": (
        *("base", "source_csv", "row_index"),
        *("draft_task_id", "link_task_id", "essay_task_id", "generation_task_id"),
        *("evaluation_task_id", "combo_id", "draft_template_id", "link_template_id"),
        *("essay_template_id", "draft_template", "link_template", "essay_template"),
        *("generation_template", "evaluation_template", "generation_model"),
        *("evaluation_model", "generation_status", "evaluation_status"),
        *("generation_timestamp", "evaluation_timestamp", "response_file"),
        *("eval_response_file", "response_size_bytes", "eval_response_size_bytes"),
        *SAID,
    ),
    # source tables: parsed_scores, evaluation_scores_by_template_model (one row per
    # cell of the pivot that is not empty: score_column and score)
    "score_rows": (
        *("base", "source_csv", "row_index", "document_id", "stage", "origin"),
        *("combo_id", "draft_template", "link_template", "essay_template"),
        *("generation_template", "generation_model", "generation_model_name"),
        *("evaluation_template", "evaluation_model", "evaluation_model_name"),
        *("score", "error", "evaluation_task_id", "essay_task_id"),
        *("generation_response_path", "evaluation_response_path"),
        *("evaluation_response_mtime", "score_column", *SAID),
    ),
    # source tables: draft_generation_tasks, essay_generation_tasks, evaluation_tasks
    "task_rows": (
        *("base", "source_csv", "row_index", "draft_task_id", "essay_task_id"),
        *("evaluation_task_id", "document_id", "stage", "origin", "file_path"),
        *("combo_id", "draft_template", "essay_template", "generation_model"),
        *("generation_model_name", "source_asset", "source_dir"),
        *("evaluation_template", "evaluation_model", "evaluation_model_name"),
        *("parser", *SAID),
    ),
    # source tables: draft_templates, link_templates, essay_templates,
    # evaluation_templates, llm_models, concepts_metadata, combo_mappings
    "catalogue_rows": (
        *("base", "source_csv", "row_index", "entry_id", "entry_name", "active"),
        *("parser", "generator", "model", "provider", *SAID),
    ),
    # one row per text file below a root: responses and prompts
    "text_files": (
        *("base", "root", "path", "bytes", "sha256", "encoding", "chars", "content"),
        *("modified_at", "flags"),
    ),
    # one row per file of a tree of document directories, as scanned
    "document_files": (
        *("docs_root", "stage", "logical_key_id", "doc_id", "file_name", "bytes"),
        "sha256",
    ),
}
