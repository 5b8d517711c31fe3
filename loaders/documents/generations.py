"""Generations of headers: rows that were written under another header than their own.

A csv that was appended to by several versions of a program has rows of several widths
below the header of the first. What a row says decides: its status and its time stand
where only one of the headers has them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_EVALUATION_END = (
    *("evaluation_template", "evaluation_model", "evaluation_status"),
    *("evaluation_timestamp", "eval_response_file", "eval_response_size_bytes"),
)
_GENERATION_END = (
    *("generation_model", "generation_status", "generation_timestamp"),
    *("response_file", "response_size_bytes"),
)
#: Headers that results have had, by the kind of csv; the last column may be absent.
HEADERS: dict[str, tuple[tuple[str, ...], ...]] = {
    "evaluation_results": (
        (
            *("evaluation_task_id", "essay_task_id", "combo_id", "draft_template"),
            *("essay_template", "generation_model", *_EVALUATION_END),
        ),
        (
            *("evaluation_task_id", "essay_task_id", "generation_task_id"),
            *("combo_id", "draft_template", "essay_template", "generation_template"),
            *("generation_model", *_EVALUATION_END),
        ),
        # Before drafts were called so; last, because it is as wide as the first.
        (
            *("evaluation_task_id", "essay_task_id", "combo_id", "link_template"),
            *("essay_template", "generation_model", *_EVALUATION_END),
        ),
    ),
    **{
        f"{stage}_generation_results": (
            (f"{stage}_task_id", "combo_id", f"{stage}_template_id", *_GENERATION_END),
        )
        for stage in ("draft", "link", "essay")
    },
    "generation_results": (
        ("generation_task_id", "combo_id", "generation_template", *_GENERATION_END),
    ),
}
_STATUSES = frozenset({"success", "failed"})
_DAY = re.compile(r"\s*[0-9]{4}-[0-9]{2}-[0-9]{2}")


def agreement(names: Sequence[str], cells: Sequence[str]) -> int:
    """How many of status and time of a row stand where a header has them."""
    count = 0
    for name, cell in zip(names, cells, strict=False):
        if name.endswith("_status"):
            count += cell.strip().lower() in _STATUSES
        if name.endswith("_timestamp"):
            count += bool(_DAY.match(cell))
    return count


def header_of(
    kind: str, names: Sequence[str], cells: Sequence[str]
) -> Sequence[str] | None:
    """The header that a row of another width was written under, if one is known.

    Args:
        kind: The kind of csv.
        names: The header that stands above it.
        cells: The row.

    Returns:
        ``names`` and the column they lack at their end, another generation's header
        (the row may have more cells), or ``None``: the row belongs to its header, too
        long or too short.
    """
    wider = None
    for header in HEADERS.get(kind, ()):
        # A failed row has no size, and no comma before it.
        is_as_wide = len(cells) in (len(header), len(header) - 1)
        if is_as_wide and header[: len(names)] == tuple(names):
            return header
        if agreement(header, cells) > agreement(names, cells):
            if is_as_wide:
                return header
            if len(cells) > len(header):
                wider = wider or header
    return wider
