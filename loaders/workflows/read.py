"""One file of an agent history: what it holds, and its rows in batches."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from loaders.model import FileRead, SourceFile, TableRead
from loaders.rows import csvread, whole_or_streamed
from loaders.rows.batches import nothing, undisturbed
from loaders.rows.encoding import utf8_blocks
from loaders.rows.found import Found
from loaders.rows.vocabulary import Kind
from loaders.workflows import jsonread
from loaders.workflows.kinds import VOCABULARY
from loaders.workflows.tables import TABLES

if TYPE_CHECKING:
    import pyarrow as pa

LINES_SUFFIXES = (".jsonl", ".ndjson")
TEXT_SUFFIXES = (".csv", *LINES_SUFFIXES, ".json")


@dataclass(frozen=True)
class _Opened:
    """A file whose kind is known and whose rows are still to come."""

    kind: Kind
    names: Sequence[str]
    reader: str
    header_row: int
    batches: Iterator[pa.RecordBatch]


def is_large(file: SourceFile) -> bool:
    """Whether a file is read in batches; a json is not, it is one value."""
    return whole_or_streamed.is_large(file, (".csv", *LINES_SUFFIXES))


def stream(file: SourceFile) -> FileRead:
    """Reads a large csv or file of JSON lines in batches.

    Raises:
        Quarantined: As :func:`read`; what is wrong with a row may be found when its
            batch is taken.
    """
    return whole_or_streamed.streamed(_read, file)


def read(data: bytes, file: SourceFile) -> FileRead:
    """Reads a csv, a JSON file or a file of JSON lines.

    Raises:
        Quarantined: It is empty, holds no table of an agent history, or its rows cannot
            be told apart.
    """
    return whole_or_streamed.whole(_read, data, file)


def _read(pieces: Iterable[bytes], file: SourceFile) -> FileRead:
    found = Found(file.source, VOCABULARY)
    opened = _open(utf8_blocks(pieces), file, found)
    main = TableRead(
        table=opened.kind.table,
        source_table=opened.kind.source_table,
        sheet=None,
        part=None,
        title=None,
        header_row=opened.header_row,
        first_row=opened.header_row + 1,
        last_row=opened.header_row,
        rows_read=-1,
        notes=(),
        batches=(),
        details=tuple(opened.names),
    )
    made = FileRead(
        reader=opened.reader,
        period=None,
        period_source="none",
        release_status="unknown",
        basis=None,
        is_example=False,
        notes=(),
        tables=[main],
    )
    main.batches = _told(opened, found, made)
    return made


def _open(blocks: Iterator[bytes], file: SourceFile, found: Found) -> _Opened:
    name = file.name.lower()
    if name.endswith(".csv"):
        header, batches = csvread.read(blocks, found)
        return _Opened(header.kind, header.names, csvread.READER, header.row, batches)
    by_lines = name.endswith(LINES_SUFFIXES)
    reading = jsonread.read_lines if by_lines else jsonread.read_json
    kind, names, batches = reading(blocks, found)
    return _Opened(kind, names, _json_reader(), 0, batches)


@functools.cache
def _json_reader() -> str:
    import orjson

    return f"orjson {orjson.__version__}"


def _told(opened: _Opened, found: Found, made: FileRead) -> Iterator[pa.RecordBatch]:
    """The batches; with the last of them, what is to be said of the file."""
    main = made.tables[0]
    rows = 0
    for batch in undisturbed(opened.batches):
        found.see(batch, main.table)
        main.last_row = batch.column("_source_row")[-1].as_py()
        rows += batch.num_rows
        yield batch
    if not rows:
        # A file without rows is loaded too: it is known, and not asked for again.
        yield nothing(TABLES[main.table])
    if found.unreadable:
        made.tables.append(_unreadable(found))
    made.is_example = found.is_example
    made.period = found.period
    made.period_source = "content" if made.period else "none"
    main.notes = (*found.notes, *_passed_over(found))
    made.remark = _remark(found, rows)


def _unreadable(found: Found) -> TableRead:
    import pyarrow as pa

    numbers, lines, reasons = zip(*found.unreadable, strict=True)
    flags = [_flags(line) for line in lines]
    texts = [
        line.replace("\0", "").encode("utf-8", "replace").decode() for line in lines
    ]
    batch = pa.record_batch(
        [
            pa.array(texts, pa.string()),
            pa.array(reasons, pa.string()),
            pa.array(flags, pa.string()),
            pa.array(numbers, pa.int32()),
        ],
        ["line", "reason", "flags", "_source_row"],
    )
    return TableRead(
        table="unreadable_lines",
        source_table="unreadable_lines",
        sheet=None,
        part=None,
        title=None,
        header_row=0,
        first_row=numbers[0],
        last_row=numbers[-1],
        rows_read=len(numbers),
        notes=(),
        batches=[batch],
        details=("line", "reason"),
    )


def _flags(line: str) -> str | None:
    flags = []
    if "\0" in line:
        flags.append("nul_bytes:line")
    if "\ufffd" in line:
        flags.append("bad_encoding:line")
    return " ".join(flags) or None


def _passed_over(found: Found) -> list[str]:
    if not found.passed_over:
        return []
    return [f"{found.passed_over:,} lines are no results: steps on the way to them"]


def _remark(found: Found, rows: int) -> str | None:
    """What people should know of a file that loads."""
    said = []
    if not rows and found.passed_over:
        said.append("without a result: the agent was stopped before it had one")
    elif not rows:
        said.append("without rows")
    if found.unreadable:
        said.append("not readable in every line: unreadable_lines has the others")
    return ", ".join(said) or None
