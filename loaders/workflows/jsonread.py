"""Lines of JSON, and JSON files: objects to landing batches.

Lines are read many at once by a fast reader; the unusual ones one by one, exactly.
"""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import orjson

from loaders.errors import Quarantined
from loaders.rows import tolerant
from loaders.rows.found import Found
from loaders.rows.shape import Shaper
from loaders.rows.vocabulary import Kind
from loaders.workflows import agents
from loaders.workflows.kinds import AGENT_RESULTS, VOCABULARY
from loaders.workflows.objects import UNUSUAL, NoJson, elements, members

if TYPE_CHECKING:
    import pyarrow as pa

#: Lines that are looked at to tell what a file holds.
HEAD_LINES = 1000
#: What is left of a JSON list behind a fault may be this long, to be kept as one line.
LONGEST_REST = 64 * 1024
#: Elements of a JSON list that go by together.
ELEMENTS = 5000

#: Rows with their numbers in the file, and what is wrong with some, by their place.
_Rows = tuple[list[dict[str, Any]], list[int], dict[int, list[str]]]
#: Its kind, the keys of its first rows, and its batches.
_Table = tuple[Kind, list[str], "Iterator[pa.RecordBatch]"]


def read_lines(blocks: Iterable[bytes], found: Found) -> _Table:
    """The table in lines of JSON objects.

    Args:
        blocks: Whole lines of utf-8.
        found: Takes what is to be said of the file.

    Raises:
        Quarantined: No line is a JSON object, or they are those of no table.
    """
    return _read(_rows_of_lines(blocks, found), found)


def read_json(blocks: Iterable[bytes], found: Found) -> _Table:
    """The table in a JSON file: one object, a list of objects, or lines of objects.

    Raises:
        Quarantined: It is none of these, or of no table.
    """
    text = b"".join(blocks).decode()
    start = text.lstrip()[:1]
    if start == "[":
        return _read(_rows_of_list(text, found), found)
    if start == "{" and "\n" in text.strip():
        first = text.lstrip().split("\n", 1)[0]
        if tolerant.is_json(first):
            return read_lines([text.encode()], found)
    return _read(_row_of_object(text, found), found)


def _read(given: Iterator[_Rows], found: Found) -> _Table:
    """Looks at the first rows for their kind, and hands all of them on."""
    first = next(given, ([], [], {}))
    rows = itertools.chain([first], given)
    head = first[0][:HEAD_LINES]
    names = list(dict.fromkeys(name for row in head for name in row))
    if any(map(agents.is_line_of_agent, head)) or (
        not head and not found.unreadable and agents.is_output(found.where)
    ):
        return AGENT_RESULTS, names, _results(rows, found)
    if not head:
        raise _no_rows(found)
    kind = VOCABULARY.kind_of(names)
    if kind is None:
        adw_id, _ = agents.place(found.where)
        # The state of an agent that does not say whose: its folder does.
        if adw_id and len(head) == 1 and VOCABULARY.kind_of([*names, "adw_id"]):
            first[0][0]["adw_id"] = adw_id
            kind = VOCABULARY.kind_of([*names, "adw_id"])
    if kind is None:
        raise VOCABULARY.unknown_kind(found.where, names)
    shaper = Shaper(VOCABULARY, kind.table)
    return kind, names, (shaper.rows(*one) for one in rows if one[0])


def _results(given: Iterable[_Rows], found: Found) -> Iterator[pa.RecordBatch]:
    """The result lines of an agent; the others are steps on the way to them."""
    shaper = Shaper(VOCABULARY, "agent_results", leave_out=("type",))
    for rows, numbers, flags in given:
        taken = agents.results(rows, found.where)
        found.passed_over += len(rows) - len(taken)
        if taken:
            yield shaper.rows(
                [row for _, row in taken],
                [numbers[i] for i, _ in taken],
                {new: flags[i] for new, (i, _) in enumerate(taken) if i in flags},
            )


def _rows_of_lines(blocks: Iterable[bytes], found: Found) -> Iterator[_Rows]:
    before = 0
    for block in blocks:
        lines = block.split(b"\n")
        if not lines[-1]:
            lines.pop()
        yield _of_block(lines, before, found)
        before += len(lines)


def _of_block(lines: list[bytes], before: int, found: Found) -> _Rows:
    rows: list[Any]
    numbers = list(range(before + 1, before + len(lines) + 1))
    unusual = _unusual(lines)
    try:
        rows = list(map(orjson.loads, lines))
    except orjson.JSONDecodeError:
        rows = []
    if not rows or set(map(type, rows)) != {dict}:
        return _one_by_one(lines, numbers, set(unusual), found)
    for i in unusual:
        # Brackets nested deeper than Python follows stay as the fast reader has them.
        with contextlib.suppress(NoJson):
            rows[i] = members(lines[i].decode())
    return rows, numbers, {}


def _unusual(lines: list[bytes]) -> list[int]:
    """The lines that have to be read exactly as they are written."""
    import pyarrow as pa
    import pyarrow.compute as pc

    matched = pc.match_substring_regex(pa.array(lines, pa.binary()), UNUSUAL)
    listed: list[int] = pc.indices_nonzero(matched).to_pylist()
    return listed


def _one_by_one(
    lines: Sequence[bytes], numbers: Sequence[int], unusual: set[int], found: Found
) -> _Rows:
    rows: list[dict[str, Any]] = []
    kept: list[int] = []
    flags: dict[int, list[str]] = {}
    for i, (line, number) in enumerate(zip(lines, numbers, strict=True)):
        if not line or line.isspace():
            continue
        row = None if i in unusual else _quickly(line)
        if row is None:
            row, flag = _exactly(line, number, found)
            if flag:
                flags[len(rows)] = [flag]
        if row is not None:
            rows.append(row)
            kept.append(number)
    return rows, kept, flags


def _quickly(line: bytes) -> dict[str, Any] | None:
    try:
        row = orjson.loads(line)
    except orjson.JSONDecodeError:
        return None
    return row if isinstance(row, dict) else None


def _exactly(
    line: bytes, number: int, found: Found
) -> tuple[dict[str, Any] | None, str | None]:
    """One object as it is written, repaired where that has one reading alone."""
    text = line.decode()
    try:
        return members(text), None
    except NoJson as error:
        reason = str(error)
    if row := _quickly(line):
        return row, None
    if row := _repaired(text):
        return row, "repaired_json:line"
    found.cannot_read(number, text, reason)
    return None, None


def _repaired(text: str) -> dict[str, Any] | None:
    """The object that an almost JSON text can mean alone, and the text itself."""
    made = tolerant.repair(text.replace("\0", ""))
    if made is None or not made.startswith("{"):
        return None
    return {**members(made), "_line": text}


def _rows_of_list(text: str, found: Found) -> Iterator[_Rows]:
    numbered = enumerate(elements(text), 1)
    while chunk := list(itertools.islice(numbered, ELEMENTS)):
        lines: list[bytes] = []
        numbers: list[int] = []
        for number, (element, fault) in chunk:
            if fault is None:
                lines.append(element.encode())
                numbers.append(number)
            elif len(element) <= LONGEST_REST:
                found.cannot_read(number, element, fault)
            else:
                raise _broken(found, f"element {number}", fault)
        yield _one_by_one(lines, numbers, set(_unusual(lines)), found)


def _row_of_object(text: str, found: Found) -> Iterator[_Rows]:
    if not text.strip():
        return
    try:
        yield [members(text)], [1], {}
    except NoJson as error:
        row = _repaired(text)
        if row is None:
            raise _broken(found, "line 1", str(error)) from error
        yield [row], [1], {0: ["repaired_json:line"]}


def _broken(found: Found, place: str, reason: str) -> Quarantined:
    return Quarantined(
        "cannot read the json",
        where=f"{found.where}, {place}",
        expected="an object, a list of objects, or an object on each line",
        found=reason,
        next_step="export it again; if it was cut off while it was written, nothing "
        "else of it can be had",
    )


def _no_rows(found: Found) -> Quarantined:
    what = "an empty file"
    if found.unreadable:
        number, text, reason = found.unreadable[0]
        what = f"none; line {number}: {text[:80]!r} ({reason})"
    return Quarantined(
        "cannot read any row of the file",
        where=found.where,
        expected="a JSON object on each line, or a list of objects",
        found=what,
        next_step="export the table again, or take the file out of the inbox",
    )
