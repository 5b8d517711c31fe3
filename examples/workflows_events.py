"""Hook events of agent sessions, in the shape in which hooks record them.

A command is in ``tool_input``, there is no exit code, ``success`` is always true and
``duration_ms`` always 0: failures were never recorded.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Sequence
from typing import Any

from examples.workflows_history import Row, adw_id, jsonl_bytes

STARTED = dt.datetime(2025, 9, 8, 9)
SESSIONS = 25
#: PreToolUse events are kept of the first sessions only, to stay small.
WITH_PRE = 6

LOOP = ("Edit", "Bash", "Bash")
OPENINGS: tuple[tuple[str, ...], ...] = (
    ("Read", "Grep", "Read"),
    ("TodoWrite", "Read"),
    ("Grep", "Read", "Read"),
    ("Read", "Grep", "Read", "Write"),
    ("Glob", "Read"),
)
ENDINGS: tuple[tuple[str, ...], ...] = (
    ("Read", "Bash"),
    ("TodoWrite", "Bash", "Bash"),
    (),
)
FILES = ("server/totals.py", "server/api.py", "client/list.ts", "tests/test_totals.py")
COMMANDS = ("pytest tests/test_totals.py -q", "git diff --stat", "npx tsc --noEmit")


def tools(number: int) -> tuple[str, ...]:
    """The tools that a session uses, in order: small loops of edit and check."""
    loops = 0 if number % 8 == 7 else 3
    return (
        *OPENINGS[number % len(OPENINGS)],
        *(LOOP * loops),
        *ENDINGS[number % len(ENDINGS)],
    )


def _input(tool: str, step: int) -> dict[str, Any]:
    file = FILES[step % len(FILES)]
    inputs: dict[str, dict[str, Any]] = {
        "Bash": {"command": COMMANDS[step % len(COMMANDS)], "description": "Check"},
        "Edit": {"file_path": file, "old_string": "round(x)", "new_string": "x"},
        "Read": {"file_path": file},
        "Write": {"file_path": file, "content": ""},
        "Grep": {"pattern": "total", "path": "server"},
        "Glob": {"pattern": "**/*.py"},
        "TodoWrite": {"todos": [{"content": "Check totals", "status": "pending"}]},
    }
    return inputs[tool]


def session(number: int, names: Sequence[str]) -> Iterator[Row]:
    """The events of one session, in the order of time."""
    digest = hashlib.md5(f"session {number}".encode()).hexdigest()
    session_id = f"{digest[:8]}-{digest[8:12]}-4{digest[13:16]}-8{digest[17:20]}"
    session_id += f"-{digest[20:]}"
    clock = STARTED + dt.timedelta(hours=29 * number)
    count = 0

    def event(kind: str, tool: str | None, payload: dict[str, Any]) -> Row:
        nonlocal clock, count
        clock += dt.timedelta(seconds=4 + count % 3)
        count += 1
        return {
            "event_id": f"evt-{digest[:10]}-{count:04d}",
            "event_type": kind,
            "source_app": "adw",
            "session_id": session_id,
            "workflow_id": adw_id(number * 2),
            "timestamp": f"{clock.isoformat(timespec='milliseconds')}Z",
            "payload": payload,
            "tool_name": tool,
        }

    yield event("SessionStart", None, {"source": "startup"})
    for step, name in enumerate(names):
        given = {"tool_name": name, "tool_input": _input(name, step + number)}
        if number < WITH_PRE:
            yield event("PreToolUse", name, given)
        yield event("PostToolUse", name, {**given, "success": True, "duration_ms": 0})
    yield event("Stop", None, {"stop_hook_active": False})


def hook_events(*, example: bool = True) -> bytes:
    """All sessions as JSON lines."""
    rows = [row for n in range(SESSIONS) for row in session(n, tools(n))]
    return jsonl_bytes(rows, example=example)


def files() -> dict[str, bytes]:
    """The events by their path below ``examples/``."""
    return {"workflows/hooks/hook_events.jsonl": hook_events()}
