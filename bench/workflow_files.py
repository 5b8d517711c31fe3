"""Generated histories of agents for the benchmark: workflows as csv, events as JSONL.

Every value follows from the number of its row alone, so that a file is the same every
time and a later one goes on where the first ended. Columns are made by pyarrow and
numpy at once: ten million events in about a minute.

``python -m bench.workflow_files FOLDER WORKFLOWS EVENTS`` writes both, and those of
the next day.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

Numbers = np.ndarray[Any, np.dtype[np.uint64]]

BATCH = 250_000
FIRST_DAY = np.datetime64("2025-01-01T00:00:00", "ms")
#: A day of the largest size: a million workflows are about a year.
DAY_WORKFLOWS, DAY_EVENTS = 3_000, 30_000
#: Workflows that the history saw running: the next day has them again, at their end.
UNFINISHED = 600
HEX = np.frombuffer(b"0123456789abcdef", np.uint8)

WORDS = (
    *("invoice", "customer", "report", "ledger", "price", "order", "stock", "refund"),
    *("calendar", "reminder", "message", "address", "export", "import", "queue"),
    *("worker", "session", "login", "password", "role", "account", "upload", "image"),
    *("chart", "table", "filter", "search", "page", "header", "footer", "theme"),
    *("currency", "discount", "voucher", "basket", "payment", "shipment", "tracking"),
    *("warehouse", "supplier", "contract", "signature", "comment", "thread", "vote"),
)
#: What is asked for that has a pattern, and the template under which it runs.
PATTERNS = (
    ("Run the backend test suite with pytest for the", "adw_test_iso"),
    ("Run frontend tests using vitest on the", "adw_test_iso"),
    ("Run typecheck on backend after the change of the", "adw_build_iso"),
    ("Compile the backend code of the", "adw_build_iso"),
    ("Bundle frontend with vite for the", "adw_build_iso"),
    ("Format code with prettier in the", ""),
    ("Lint with eslint in the", ""),
    ("Run black formatter on Python files of the", ""),
    ("Show me the git diff of the", ""),
    ("Check git status before work on the", ""),
    ("Update npm dependencies of the", "adw_lightweight_iso"),
    ("Generate documentation of the", "adw_document_iso"),
    ("Ship the", "adw_ship_iso"),
    ("Review the changes of the", "adw_review_iso"),
)
#: What has none, whatever the words say of ``guide``, ``latest`` or ``pipeline``.
OTHERS = (
    ("Add paging to the", "adw_plan_iso"),
    ("Fix the rounding in the", "adw_patch_iso"),
    ("Guide new users through the latest", "adw_plan_iso"),
    ("Rename the column of the", "adw_lightweight_iso"),
    ("Explain how the pipeline handles the", ""),
    ("Show totals of the", "adw_sdlc_iso"),
    ("Allow two of the", "adw_sdlc_zte_iso"),
    ("Remove what is left of the", "adw_cleanup_iso"),
    ("Move settings of the", "adw_plan_iso"),
    ("", "adw_sdlc_iso"),
    ("Plan the implementation of the", "adw_plan_iso"),
)
ERRORS = (
    *("pytest failed: 3 tests failed in test_", "typecheck failed in module "),
    *("the process ended with 1 in step ", "timeout after ", "eslint: 4 problems in "),
    *("connection reset by peer in call ", "vitest: suites did not start in "),
)
TOOLS = ("Read", "Bash", "Edit", "Grep", "TodoWrite", "Write", "Glob")
#: How often each comes, of a hundred.
OFTEN = (30, 27, 16, 12, 7, 4, 4)
LOOP = (2, 1, 1)  # edit, run, run
INPUTS = (
    ('{"file_path": "server/', '.py", "offset": 1, "limit": 200}'),
    ('{"command": "pytest tests/test_', '.py -q", "description": "Run tests"}'),
    ('{"file_path": "server/', '.py", "old_string": "a", "new_string": "b"}'),
    ('{"pattern": "', '", "path": "server", "output_mode": "content"}'),
    ('{"todos": [{"content": "Check ', '", "status": "pending"}]}'),
    ('{"file_path": "docs/', '.md", "content": "Text"}'),
    ('{"pattern": "**/', '*.ts"}'),
)
#: Events of one session: half before a tool, half after it; sessions run side by side.
SESSION_EVENTS, LANES = 160, 8


def mixed(numbers: Numbers, salt: int) -> Numbers:
    """Numbers that look random and are the same for the same number and salt."""
    x = numbers.astype(np.uint64) + np.uint64((salt * 0x9E3779B97F4A7C15) % 2**64)
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed_: Numbers = x ^ (x >> np.uint64(31))
    return mixed_


def hexadecimal(numbers: Numbers, digits: int) -> pa.Array:
    """Each number as so many hexadecimal digits, the lowest ones."""
    shifts = np.arange(4 * (digits - 1), -1, -4, dtype=np.uint64)
    nibbles = (numbers[:, None] >> shifts) & np.uint64(15)
    data = HEX[nibbles.astype(np.uint8)].tobytes()
    offsets = np.arange(0, len(data) + 1, digits, dtype=np.int32)
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(data)]
    return pa.Array.from_buffers(pa.string(), len(numbers), buffers)


def pick(texts: Sequence[str], places: Numbers) -> pa.Array:
    """The texts at these places, counted round."""
    indices = (places % np.uint64(len(texts))).astype(np.int32)
    return pa.array(texts, pa.string()).take(pa.array(indices))


def text(values: Any) -> pa.Array:
    """Numbers or times as text; times in UTC to the millisecond."""
    return pc.cast(pa.array(values), pa.string())


def joined(*parts: Any) -> pa.Array:
    """Texts put together, row by row; a text alone stands in every row."""
    return pc.binary_join_element_wise(*parts, "")


def where(condition: Any, yes: Any, no: Any = None) -> pa.Array:
    """One of two values, row by row; null where there is no other."""
    other = pa.scalar(None, pa.string()) if no is None else no
    return pc.if_else(pa.array(condition), yes, other)


def adw_ids(numbers: Numbers) -> pa.Array:
    """Eight digits, another for each number below 2**32."""
    return hexadecimal(numbers * np.uint64(2654435761), 8)


# --------------------------------------------------------------------------- workflows


def workflows(numbers: Numbers, unfinished_from: int, kinds: int) -> pa.Table:
    """Rows of ``workflow_history``.

    Args:
        numbers: Of the workflows.
        unfinished_from: From which number on they are still running.
        kinds: How many of ``PATTERNS`` are asked for.
    """
    chance = mixed(numbers, 1)
    # Two in five have a pattern.
    plain = (chance % np.uint64(100)).astype(np.int64) >= 40
    kind = mixed(numbers, 2)
    asked, template = (
        where(
            plain,
            pick([o[at] for o in OTHERS], kind),
            pick([p[at] for p in PATTERNS[:kinds]], kind),
        )
        for at in (0, 1)
    )
    filling = [
        " ".join(WORDS[(i * 7 + n * n) % len(WORDS)] for n in range(4 + i % 60))
        for i in range(200)
    ]
    long = where(
        (mixed(numbers, 3) % np.uint64(10)).astype(np.int64) == 0,
        joined(". It is about ", pick(filling, mixed(numbers, 4))),
        "",
    )
    words = joined(
        *(asked, " ", pick(WORDS, mixed(numbers, 5)), " "),
        *(pick(WORDS, mixed(numbers, 6)), ", issue ", text(numbers), long),
    )
    input_ = where(pc.equal(asked, ""), None, words)
    done = numbers < np.uint64(unfinished_from)
    failed = done & (mixed(numbers, 7) % np.uint64(9) == 0)
    seconds = 10 + (mixed(numbers, 8) % np.uint64(900)).astype(np.int64)
    started = FIRST_DAY + (numbers.astype(np.int64) * 28_800).astype("timedelta64[ms]")
    ended = started + (seconds * 1000).astype("timedelta64[ms]")
    tokens = seconds * 41 + (mixed(numbers, 9) % np.uint64(2000)).astype(np.int64)
    known = done & (mixed(numbers, 10) % np.uint64(10) > 1)
    cost = tokens / 10_000
    error = joined(pick(ERRORS, mixed(numbers, 11)), pick(WORDS, mixed(numbers, 12)))
    breakdown = joined('{"by_phase": {"plan": ', text(cost / 4), ', "build": 0.5}}')
    columns = {
        "id": numbers + np.uint64(1),
        "adw_id": adw_ids(numbers),
        "workflow_id": joined(
            "wf-",
            hexadecimal(mixed(numbers, 13), 16),
            hexadecimal(mixed(numbers, 14), 16),
        ),
        "issue_number": numbers % np.uint64(100_000),
        "nl_input": input_,
        "workflow_template": where(pc.equal(template, ""), None, template),
        "model_used": pick(("sonnet", "opus", "haiku"), mixed(numbers, 15)),
        "status": where(done, where(failed, "failed", "completed"), "running"),
        "start_time": text(started),
        "end_time": where(done, text(ended)),
        "duration_seconds": where(done, text(seconds)),
        "error_message": where(failed, error),
        "retry_count": (mixed(numbers, 16) % np.uint64(20) == 0).astype(np.int8),
        "input_tokens": tokens // 10,
        "output_tokens": tokens // 5,
        "cached_tokens": tokens - tokens // 10 - tokens // 5,
        "total_tokens": where(known, text(tokens)),
        "estimated_cost_total": cost * 1.2,
        "actual_cost_total": where(known, text(cost), "0.0"),
        "cost_breakdown": where(known, breakdown),
        "created_at": text(started),
        "updated_at": where(done, text(ended), text(started)),
    }
    return pa.table(columns)


def write_workflows(
    path: Path,
    first: int,
    count: int,
    unfinished_from: int,
    kinds: int = len(PATTERNS),
) -> None:
    """Workflows ``first`` and following as csv."""
    writer = None
    for start in range(first, first + count, BATCH):
        end = min(start + BATCH, first + count)
        numbers = np.arange(start, end, dtype=np.uint64)
        table = workflows(numbers, unfinished_from, kinds)
        writer = writer or pyarrow.csv.CSVWriter(path, table.schema)
        writer.write_table(table)
    if writer:
        writer.close()


# ------------------------------------------------------------------------------ events


def _sessions(numbers: Numbers) -> pa.Array:
    """Identifiers in the usual form, of so many different sessions."""
    high = hexadecimal(mixed(numbers, 21), 16)
    low = hexadecimal(mixed(numbers, 22), 12)
    parts = (pc.utf8_slice_codeunits(high, a, b) for a, b in ((0, 8), (8, 12)))
    rest = (pc.utf8_slice_codeunits(high, a, b) for a, b in ((12, 15), (13, 16)))
    return pc.binary_join_element_wise(
        *parts, *(joined(d, r) for d, r in zip("48", rest, strict=True)), low, "-"
    )


def events(numbers: Numbers, workflow_count: int) -> pa.Array:
    """Lines of hook events: each tool use before and after it, as hooks record them."""
    lane, place = numbers % np.uint64(LANES), numbers // np.uint64(LANES)
    after = place % np.uint64(2) == 1
    use = (place // np.uint64(2)) * np.uint64(LANES) + lane
    session = place // np.uint64(SESSION_EVENTS) * np.uint64(LANES) + lane
    names, which = np.unique(session, return_inverse=True)
    sessions = _sessions(names).take(pa.array(which))
    borders = np.cumsum(OFTEN)
    drawn = (mixed(use, 23) % np.uint64(100)).astype(np.int64)
    tool = np.searchsorted(borders, drawn, side="right").astype(np.int64)
    # A quarter of the sessions go round in loops most of the time.
    looping = (mixed(session, 24) % np.uint64(4) == 0) & (drawn < 80)
    turn = (place // np.uint64(2) % np.uint64(3)).astype(np.int64)
    tool = np.where(looping, np.array(LOOP)[turn], tool)
    name = pa.array(TOOLS).take(pa.array(tool))
    before_text, after_text = (
        pa.array([i[at] for i in INPUTS]).take(pa.array(tool)) for at in (0, 1)
    )
    owner = adw_ids(session % np.uint64(max(workflow_count, 1)))
    at = FIRST_DAY + (numbers.astype(np.int64) * 2_880).astype("timedelta64[ms]")
    return joined(
        *('{"event_id": "evt-', text(numbers + np.uint64(10**9)), '", "event_type": "'),
        *(where(after, "PostToolUse", "PreToolUse"), '", "source_app": "adw", '),
        *('"session_id": "', sessions, '", "workflow_id": "', owner),
        *('", "timestamp": "', text(at), 'Z", "payload": {"tool_name": "', name),
        *('", "tool_input": ', before_text, pick(WORDS, mixed(use, 25)), "_"),
        *(text(mixed(use, 26) % np.uint64(90_000)), after_text),
        where(after, ', "success": true, "duration_ms": 0', ""),
        *('}, "tool_name": "', name, '"}\n'),
    )


def write_events(path: Path, first: int, count: int, workflow_count: int) -> None:
    """Events ``first`` and following as JSON lines."""
    with path.open("wb") as target:
        for start in range(first, first + count, BATCH):
            end = min(start + BATCH, first + count)
            lines = events(np.arange(start, end, dtype=np.uint64), workflow_count)
            # The texts of an array stand one behind the other in its last buffer.
            target.write(lines.buffers()[2])


# ------------------------------------------------------------------------- both, twice


def write_history(folder: Path, workflow_count: int, event_count: int) -> None:
    """The history up to now, its last workflows still running."""
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = min(UNFINISHED, workflow_count // 10)
    write_workflows(
        folder / "workflow_history.csv",
        *(0, workflow_count, workflow_count - unfinished),
    )
    write_events(folder / "hook_events.jsonl", 0, event_count, workflow_count)


def write_day(folder: Path, workflow_count: int, event_count: int) -> None:
    """The day after: the running ones at their end, and new ones of half the kinds."""
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = min(UNFINISHED, workflow_count // 10)
    first = workflow_count - unfinished
    write_workflows(
        folder / "workflow_history_day.csv",
        *(first, DAY_WORKFLOWS, first + DAY_WORKFLOWS, len(PATTERNS) // 2),
    )
    write_events(
        folder / "hook_events_day.jsonl", event_count, DAY_EVENTS, workflow_count
    )


def main() -> None:
    """Writes a history and its next day."""
    folder, sizes = Path(sys.argv[1]), [int(word) for word in sys.argv[2:4]]
    written: Sequence[Callable[[Path, int, int], None]] = (write_history, write_day)
    for write in written:
        write(folder / write.__name__.removeprefix("write_"), *sizes)


if __name__ == "__main__":
    main()
