"""What the marts of tool sequences must say, counted one event after the other.

Events are dictionaries as they are written to files, beside each how its call ended;
nothing here is shared with the models.
"""

from __future__ import annotations

import itertools
import json
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

START = datetime(2025, 11, 1, 8, tzinfo=UTC)
#: What payloads say, and what it proves.
PAYLOADS: Mapping[str, Sequence[Any]] = {
    "success": ({"exit_code": 0}, {"tool_response": {"is_error": False}}),
    "failure": (
        {"exit_code": 2},
        {"tool_response": {"is_error": True, "content": "no"}},
        {"tool_response": {"interrupted": True}},
        {"tool_response": {"error": "not found"}, "success": True},
    ),
    "said_success": ({"success": True, "duration_ms": 0},),
    "said_failure": ({"success": False},),
    "none": (
        {"tool_input": {"command": "make"}},
        {"tool_response": {"interrupted": False, "error": None}},
        {"exit_code": None},
        "no JSON at all, though exit_code 1 is in it {{{",
        "",
    ),
}
#: Sources, and how calls end in each: one never says false, one has no name.
SOURCES: Mapping[str | None, Sequence[str]] = {
    "adw": ("said_success",),
    "editor": ("said_success", "said_success", "said_failure", "none"),
    "shell": ("success", "success", "failure"),
    None: ("none", "said_success", "failure"),
}
TOOLS = ("Bash", "Read", "Edit", "Grep", "TodoWrite", "Write")
OFTEN = (6, 6, 4, 2, 2, 1)


@dataclass(frozen=True)
class Event:
    """A line of a file, and what is known of it."""

    row: Mapping[str, Any]
    ended: str

    @property
    def at(self) -> datetime | None:
        """When it happened; None where it does not say."""
        text = self.row["timestamp"]
        return datetime.fromisoformat(text) if text else None


def drawn(seed: int, count: int, first_day: int = 0, sessions: int = 30) -> list[Event]:
    """Events in no order, some at the same second, some without an id or a time."""
    dice = random.Random(seed)
    return [_event(dice, f"{seed}-{n}", first_day, sessions) for n in range(count)]


def _event(dice: random.Random, name: str, first_day: int, sessions: int) -> Event:
    session = dice.randrange(sessions)
    source = list(SOURCES)[session % len(SOURCES)]
    ended = dice.choice(SOURCES[source])
    at = START + timedelta(days=first_day, seconds=dice.randrange(3000))
    (tool,) = dice.choices(TOOLS, OFTEN)
    kind = dice.choices(("PostToolUse", "PreToolUse"), (5, 1))[0]
    payload = dice.choice(PAYLOADS[ended])
    row = {
        "event_id": None if dice.random() < 0.1 else f"evt-{name}",
        "event_type": kind,
        "source_app": source,
        "session_id": None if dice.random() < 0.01 else f"session-{session}",
        "timestamp": None if dice.random() < 0.02 else at.isoformat(),
        "payload": payload,
        "tool_name": tool,
    }
    # The tool may stand in the payload alone.
    if isinstance(payload, dict) and dice.random() < 0.2:
        row |= {"tool_name": None, "payload": {**payload, "tool_name": tool}}
    return Event(row, ended)


def lines(events: Iterable[Event]) -> str:
    """The events as JSON lines."""
    return "".join(json.dumps(event.row) + "\n" for event in events)


def _tool(event: Event) -> str:
    return str(event.row["tool_name"] or event.row["payload"]["tool_name"])


def distinct(files: Iterable[Iterable[Event]]) -> list[Event]:
    """Calls of tools that ended, each once, in the order in which they were loaded."""
    found: list[Event] = []
    known: Counter[str] = Counter()
    for file in files:
        here: Counter[str] = Counter()
        for event in file:
            row = event.row
            if row["event_type"] != "PostToolUse" or row["session_id"] is None:
                continue
            name = row["event_id"] or json.dumps({**row, "tool_name": _tool(event)})
            here[name] += 1
            anonymous = row["event_id"] is None and row["timestamp"] is None
            if here[name] > (known[name] if anonymous else min(known[name], 1)) and (
                anonymous or here[name] == 1
            ):
                found.append(event)
        known |= here
    return found


def sequences(files: Iterable[Iterable[Event]]) -> dict[str, tuple[Any, ...]]:
    """By sequence: the columns of the mart, in its order."""
    steps = distinct(files)
    telling = {e.row["source_app"] for e in steps if e.ended == "said_failure"}
    windows: dict[tuple[str, ...], list[tuple[Any, list[Event]]]] = defaultdict(list)
    for session, calls in _by_session(steps):
        for size, start in itertools.product((3, 4, 5), range(len(calls))):
            window = calls[start : start + size]
            tools = tuple(map(_tool, window))
            threes = zip(tools, tools[1:], tools[2:], strict=False)
            if len(window) == size and all(len(set(three)) > 1 for three in threes):
                windows[tools].append((session, window))
    return {"→".join(t): _row(t, found, telling) for t, found in windows.items()}


def _by_session(steps: Sequence[Event]) -> Iterator[tuple[Any, list[Event]]]:
    by_session: dict[Any, list[Event]] = defaultdict(list)
    for step in steps:
        by_session[step.row["source_app"], step.row["session_id"]].append(step)
    latest = datetime.max.replace(tzinfo=UTC)
    for session, calls in by_session.items():
        yield session, sorted(calls, key=lambda call: call.at or latest)


def _row(
    tools: tuple[str, ...], found: Sequence[tuple[Any, list[Event]]], telling: set[Any]
) -> tuple[Any, ...]:
    outcomes = Counter(_outcome(window, telling) for _, window in found)
    ends = [window[-1].at for _, window in found if window[-1].at]
    excluded, count = exclusion(tools), len(found)
    return (
        len(tools),
        count,
        len({session for session, _ in found}),
        len(set(tools)),
        category(tools),
        excluded,
        count >= 10,
        count >= 50,
        excluded is None and count >= 50 and "Bash" in tools,
        *(outcomes[o] for o in ("success", "failure", "unknown")),
        min(ends, default=None),
        max(ends, default=None),
    )


def _outcome(window: Sequence[Event], telling: set[Any]) -> str:
    ended = {
        "unknown" if e.ended == "none" else e.ended.removeprefix("said_")
        for e in window
        if e.ended != "said_success" or e.row["source_app"] in telling
    }
    if "failure" in ended:
        return "failure"
    # What only says true proves nothing.
    proven = all(
        e.ended == "success"
        or (e.ended == "said_success" and e.row["source_app"] in telling)
        for e in window
    )
    return "success" if proven else "unknown"


def category(tools: Sequence[str]) -> str:
    """What a sequence is about."""
    reads, names = tools.count("Read"), set(tools)
    if {"Read", "Edit"} <= names:
        if "Grep" in names:
            return "search_modify"
        return "inspect_modify_verify" if "Bash" in names else "read_modify"
    if {"Bash", "Read"} <= names:
        return "command_inspect"
    if reads >= 2:
        return "multi_read"
    return "planning" if "TodoWrite" in names else "other"


def exclusion(tools: Sequence[str]) -> str | None:
    """Why a sequence is normal work."""
    counts, names = Counter(tools), set(tools)
    if "TodoWrite" in names and names & {"Bash", "Read", "Edit"}:
        return "planning"
    if {"Read", "Edit", "Bash"} <= names:
        return "change_workflow"
    if {"Grep", "Read", "Edit"} <= names:
        return "search_and_modify"
    if 1 <= counts["Bash"] <= 2 and 1 <= counts["Read"] <= 2:
        return "command_and_read"
    if names == {"Read"}:
        return "only_reads"
    if counts["Edit"] >= 2 and len(names) <= 2:
        return "repeated_edits"
    return None
