"""Files of agent histories for the tests: their bytes, and what is read of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from loaders.model import FileRead, SourceFile, TableRead
from loaders.workflows.read import read

HISTORY = {
    "workflow_id": "wf-1",
    "adw_id": "a0000001",
    "nl_input": "Run the tests",
    "status": "completed",
    "created_at": "2025-11-01T09:00:00",
}
EVENT = {
    "event_id": "e1",
    "event_type": "PostToolUse",
    "session_id": "s1",
    "timestamp": "2025-11-02T10:00:00Z",
    "payload": {"tool_name": "Read", "tool_input": {"file_path": "a.py"}},
}
RESULT = {
    "type": "result",
    "subtype": "success",
    "is_error": False,
    "duration_ms": 1500,
    "session_id": "s1",
    "total_cost_usd": 0.25,
    "usage": {"input_tokens": 3},
    "modelUsage": {"opus": {"costUSD": 0.25}},
}


def source(name: str) -> SourceFile:
    return SourceFile(name, name.rsplit("/", 1)[-1], Path(name))


def read_text(text: str | bytes, name: str) -> FileRead:
    data = text if isinstance(text, bytes) else text.encode()
    return read(data, source(name))


def csv_of(*rows: str) -> str:
    return "".join(f"{row}\n" for row in rows)


def lines_of(*rows: Mapping[str, Any]) -> str:
    return "".join(f"{json.dumps(row)}\n" for row in rows)


def rows_of(table: TableRead) -> list[dict[str, Any]]:
    """The rows of a table, without what is null in them."""
    return [
        {name: value for name, value in row.items() if value is not None}
        for batch in table.batches
        for row in batch.to_pylist()
    ]


def rows_read(text: str | bytes, name: str) -> list[dict[str, Any]]:
    """The rows of the one table of a file."""
    made = read_text(text, name)
    (table,) = made.tables
    rows = rows_of(table)
    assert table.rows_read == len(rows)
    return rows
