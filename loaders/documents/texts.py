"""Texts of responses and prompts: their content where it is text, else why it is not.

utf-8 or a byte order mark decides; else chardet's guess, if it is sure, which
``encoding`` names and ``flags`` marks. Content that Postgres cannot hold, or that is no
text, is left out: its size and its sha256 land all the same.
"""

from __future__ import annotations

import codecs
import datetime as dt
import hashlib
import os
import stat
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from loaders.documents.folders import (
    UNREADABLE,
    Single,
    Text,
    Version,
    hash_of,
    place_of,
)
from loaders.documents.tables import TABLES
from loaders.files.archive import read_bytes
from loaders.files.voices import is_example_line
from loaders.model import FileRead, SourceFile, TableRead
from loaders.reading import changed
from loaders.rows.batches import nothing
from loaders.sheets.csvtext import guessed

if TYPE_CHECKING:
    import pyarrow as pa

TABLE = "text_files"
TREE = "document_files"
#: A batch has as many texts as this, or bytes.
BATCH_TEXTS = 5_000
BATCH_BYTES = 8 << 20
#: Postgres holds no value of more than a gigabyte, and a csv writes it in more.
LONGEST = 256 << 20
#: The guess is named beside the text, and nothing but the text rests on it: of prose,
#: chardet is never as sure as of a table. Of a few accented letters it is not even
#: half sure.
SURE = 0.5
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True)
class Content:
    """What the bytes of a text are.

    Attributes:
        text: In utf-8; ``None`` where it cannot be kept.
        encoding: What it was read with.
        flags: What is wrong with it.
    """

    text: bytes | None
    encoding: str | None
    flags: str | None = None


def content_of(data: bytes) -> Content:
    """The content of a text, from its bytes."""
    if len(data) > LONGEST:
        return Content(None, None, "too_long")
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), None)
    flags = None
    if encoding is None and b"\0" in data:
        return Content(None, None, "nul_bytes")
    if encoding is None:
        try:
            if not data.isascii():
                data.decode()
        except UnicodeDecodeError:
            encoding = guessed(data, SURE)
            flags = "guessed_encoding"
            if encoding is None:
                return Content(None, None, "unreadable")
    if encoding is not None:
        try:
            data = data.decode(encoding).encode()
        except (UnicodeError, LookupError):
            return Content(None, encoding, "unreadable")
    if b"\0" in data:
        return Content(None, encoding or "utf-8", "nul_bytes")
    return Content(data, encoding or "utf-8", flags)


def single(file: SourceFile, known: Single) -> FileRead:
    """One text that was given by itself.

    Raises:
        Failed: It changes while it is read.
    """
    data = read_bytes(file)
    if hashlib.sha256(data).hexdigest() != known.sha256:
        raise changed(file)
    base, root, path = place_of(file.source)
    text = Text(path, os.fspath(file.path), known.sha256)
    made = _made(file, [])
    modified = None if file.member else _modified(file.path)
    row = _row(text, data, modified)
    made.tables = [_table(TABLE, 1, [_batch(base, root, [row], 1)])]
    made.is_example = is_example_line(data[:1_000].decode("utf-8", "replace"))
    return made


def stream(file: SourceFile) -> FileRead:
    """What is new in a folder, in batches."""
    version: Version = file.details
    made = _made(file, [])
    made.details = version
    made.is_example = version.is_example
    if version.root is None:
        batches = _tree_batches(version)
        made.tables = [_table(TREE, len(version.texts), batches)]
    else:
        made.tables = [_table(TABLE, -1, _text_batches(version, made))]
    return made


def _made(file: SourceFile, tables: list[TableRead]) -> FileRead:
    return FileRead("text", None, "none", "unknown", None, False, (), tables)


def _table(name: str, rows: int, batches: Iterable[pa.RecordBatch]) -> TableRead:
    return TableRead(
        *(name, name, None, None, None, 0, 1, max(rows, 0), rows, (), batches)
    )


@dataclass(frozen=True)
class _Row:
    text: Text
    size: int | None
    content: Content
    modified: str | None


def _row(text: Text, data: bytes, modified: str | None) -> _Row:
    return _Row(text, len(data), content_of(data), modified)


def _text_batches(version: Version, made: FileRead) -> Iterator[pa.RecordBatch]:
    assert version.root is not None  # noqa: S101 - a tree has its own
    rows: list[_Row] = []
    size = number = 0
    changed: list[str] = []
    for text in version.texts:
        row = _read(text)
        if row is None or row.text.sha256 != text.sha256:
            changed.append(text.path)
        if row is None:
            continue
        rows.append(row)
        size += row.size or 0
        if len(rows) >= BATCH_TEXTS or size >= BATCH_BYTES:
            yield _batch(version.base, version.root, rows, number + 1)
            number += len(rows)
            rows, size = [], 0
    number += len(rows)
    if rows or not number:
        first = number - len(rows) + 1
        yield (
            _batch(version.base, version.root, rows, first)
            if rows
            else nothing(TABLES[TABLE])
        )
    (table,) = made.tables
    table.last_row = number
    said = []
    if not number:
        said.append("without a new text")
    if changed:
        # What was read landed; the next run looks at the folder again, whatever it is.
        made.details = replace(version, listing="")
        said.append(f"not still: {len(changed)} changed meanwhile, run again")
        table.notes = (f"changed or gone while it was read: {changed[0]}",)
    made.notes = _passed_over(version)
    made.remark = ", ".join(said) or None


def _passed_over(version: Version) -> tuple[str, ...]:
    if not version.passed_over:
        return ()
    return (f"{version.passed_over:,} files are no texts, or links: passed over",)


def _read(text: Text) -> _Row | None:
    """A text with the hash of what was read; ``None`` where it is gone."""
    try:
        handle = os.open(text.place, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError:
        return None
    except OSError:
        return _Row(text._replace(sha256=UNREADABLE), None, _NO_CONTENT, None)
    try:
        with open(handle, "rb", buffering=0) as raw:  # noqa: PTH123 - a handle
            state = os.fstat(handle)
            if not stat.S_ISREG(state.st_mode):
                return None
            if state.st_size > LONGEST:
                text = text._replace(sha256=hash_of(handle))
                too_long = Content(None, None, "too_long")
                return _Row(text, state.st_size, too_long, _time(state.st_mtime))
            data = raw.readall()
    except OSError:
        return _Row(text._replace(sha256=UNREADABLE), None, _NO_CONTENT, None)
    sha256 = hashlib.sha256(data).hexdigest()
    if sha256 != text.sha256:
        text = text._replace(sha256=sha256)
    return _row(text, data, _time(state.st_mtime))


_NO_CONTENT = Content(None, None, "unreadable")


def _modified(path: Any) -> str | None:
    try:
        return _time(path.stat().st_mtime)
    except OSError:
        return None


def _time(seconds: float) -> str | None:
    """A time of change; ``None`` where no calendar has it."""
    try:
        return dt.datetime.fromtimestamp(seconds, dt.UTC).isoformat(timespec="seconds")
    except (ValueError, OverflowError, OSError):
        return None


def _batch(base: str, root: str, rows: Sequence[_Row], first: int) -> pa.RecordBatch:
    import pyarrow as pa
    import pyarrow.compute as pc

    count = len(rows)
    content = pa.array([row.content.text for row in rows], pa.binary())
    text = content.cast(pa.string())
    columns = {
        "base": [base] * count,
        "root": [root] * count,
        "path": [row.text.path for row in rows],
        "bytes": [None if row.size is None else str(row.size) for row in rows],
        "sha256": [
            None if row.text.sha256 == UNREADABLE else row.text.sha256 for row in rows
        ],
        "encoding": [row.content.encoding for row in rows],
        "modified_at": [row.modified for row in rows],
        "flags": [row.content.flags for row in rows],
    }
    arrays = {name: pa.array(values, pa.string()) for name, values in columns.items()}
    arrays["chars"] = pc.utf8_length(text).cast(pa.string())
    arrays["content"] = text
    names = [str(column) for column in TABLES[TABLE]]
    return pa.record_batch(
        [
            *(arrays[name] for name in names),
            pa.array(range(first, first + count), pa.int32()),
        ],
        [*names, "_source_row"],
    )


def _tree_batches(version: Version) -> Iterator[pa.RecordBatch]:
    import pyarrow as pa

    names = [str(column) for column in TABLES[TREE]]
    for start in range(0, max(len(version.texts), 1), BATCH_TEXTS):
        some = version.texts[start : start + BATCH_TEXTS]
        parts = [[*text.path.split("/", 3), "", "", ""][:4] for text in some]
        columns = [
            [version.source] * len(some),
            *(list(column) for column in zip(*parts, strict=True)),
            [_size(text.place) for text in some],
            [None if t.sha256 == UNREADABLE else t.sha256 for t in some],
        ]
        if not some:
            yield nothing(TABLES[TREE])
            return
        arrays = [pa.array([v or None for v in c], pa.string()) for c in columns]
        numbers = pa.array(range(start + 1, start + len(some) + 1), pa.int32())
        yield pa.record_batch([*arrays, numbers], [*names, "_source_row"])


def _size(place: str) -> str | None:
    try:
        return str(Path(place).stat().st_size) if place else None
    except OSError:
        return None
