"""Folders of agents: ``agents/{adw_id}/{step}/raw_output.jsonl``.

Which workflow and step a result is of stands in the path alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from loaders.workflows.kinds import LINE_TYPES

_ADW_ID = re.compile(r"[0-9a-f]{8}", re.IGNORECASE)
_OUTPUT = re.compile(r"raw_output\.(?:jsonl|ndjson|json)", re.IGNORECASE)


def is_output(source: str) -> bool:
    """Whether a path is that of what an agent wrote while it worked."""
    return _OUTPUT.fullmatch(_parts(source)[-1]) is not None


def place(source: str) -> tuple[str | None, str | None]:
    """The workflow and the step that a path speaks of.

    They follow the last folder ``agents``; where there is none, the last folder whose
    name is eight hexadecimal digits is the workflow.
    """
    folders = _parts(source)[:-1]
    at = len(folders) - 1 - folders[::-1].index("agents") if "agents" in folders else -1
    below = folders[at + 1 :] if at >= 0 else []
    if not below:
        named = [i for i, name in enumerate(folders) if _ADW_ID.fullmatch(name)]
        below = folders[named[-1] :] if named else []
    return (below[0] if below else None), ("/".join(below[1:]) or None)


def is_line_of_agent(row: Mapping[str, Any]) -> bool:
    """Whether an object is one of the lines that an agent writes while it works."""
    return (
        row.get("type") in LINE_TYPES
        and bool(row.keys() & {"session_id", "message", "uuid", "duration_ms"})
        and "event_type" not in row
    )


def results(
    rows: Sequence[Mapping[str, Any]], source: str
) -> list[tuple[int, dict[str, Any]]]:
    """The result lines among the lines of an agent, each with its place in ``rows``."""
    adw_id, step = place(source)
    return [
        (i, {"adw_id": adw_id, "step": step, **row})
        for i, row in enumerate(rows)
        if row.get("type") == "result"
    ]


def _parts(source: str) -> list[str]:
    return re.split(r"[/\\!]", source)
