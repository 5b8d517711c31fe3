"""Rows of any source as Arrow batches of a landing table.

Text as the source has it; what has no column goes into ``extra``; what is wrong with a
row is said in ``flags`` and, where JSON could be read all the same, in ``repairs``.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import orjson

from loaders.rows import tolerant
from loaders.rows.vocabulary import Vocabulary

if TYPE_CHECKING:
    import pyarrow as pa

_NUL = "\0"
_NUL_ESCAPE = "\\u0000"
_REPLACED = "\ufffd"
_REPLACED_BYTES = _REPLACED.encode()
_TEXT = {str, type(None)}


class Raw(str):
    """A JSON number, object or list as it is written, blanks aside."""

    __slots__ = ()


class Shaper:
    """Makes batches of one landing table.

    Args:
        vocabulary: What its pipeline knows of tables.
        table: Its name there.
        leave_out: Keys that say nothing about a row and are not kept in ``extra``.
        is_whole: Batches have all columns of the table. Without it they have those that
            are given: for a source whose columns are the same in all its batches,
            because the batches of one file must be alike.
    """

    def __init__(
        self,
        vocabulary: Vocabulary,
        table: str,
        leave_out: Iterable[str] = (),
        *,
        is_whole: bool = True,
    ) -> None:
        self._vocabulary = vocabulary
        self.table = table
        self._leave_out = frozenset(leave_out)
        self._all = [str(c) for c in vocabulary.tables[table]] if is_whole else None

    def rows(
        self,
        rows: Sequence[Mapping[str, Any]],
        numbers: Sequence[int],
        flags: Mapping[int, Sequence[str]] | None = None,
    ) -> pa.RecordBatch:
        """A batch of rows given as mappings; a key that is absent is null.

        Args:
            rows: The rows, by the names of their source.
            numbers: The row of each in its source, 1-based.
            flags: What is wrong with rows, by their place in ``rows``.
        """
        names: tuple[str, ...] = tuple(rows[0]) if rows else ()
        columns: list[Sequence[Any]]
        if len(set(map(tuple, rows))) == 1:
            columns = list(zip(*[row.values() for row in rows], strict=True))
        else:
            names = tuple(dict.fromkeys(name for row in rows for name in row))
            columns = [[row.get(name) for row in rows] for name in names]
        return self.columns(names, columns, numbers, flags)

    def columns(
        self,
        names: Sequence[str],
        columns: Sequence[Sequence[Any]],
        numbers: Sequence[int],
        flags: Mapping[int, Sequence[str]] | None = None,
    ) -> pa.RecordBatch:
        """A batch of rows given by columns; see :meth:`rows`."""
        import pyarrow as pa

        said = _Said(flags or {}, self._vocabulary.json_columns)
        places = self._vocabulary.places(self.table, names)
        arrays: dict[str, pa.Array | None] = {}
        for name, place, values in zip(names, places, columns, strict=True):
            if place is None:
                if name not in self._leave_out:
                    said.keep(name, values)
            else:
                arrays[place] = said.text(place, values)
        rows = len(numbers)
        for name, said_of in said.columns(rows).items():
            arrays[name] = pa.array(said_of, pa.string()) if said_of else None
        columns_made = self._all or list(arrays)
        made = [arrays.get(name) for name in columns_made]
        nothing = pa.nulls(rows, pa.string())
        return pa.record_batch(
            [
                *(nothing if array is None else array for array in made),
                pa.array(numbers, pa.int32()),
            ],
            [*columns_made, "_source_row"],
        )


def flag_of(flag: str, column: str) -> str:
    """What is wrong with a column of a row, as ``flags`` lists it."""
    name = column.replace(_NUL, "").encode("utf-8", "replace").decode()
    return f"{flag}:{'_'.join(name.split())}"


class _Said:
    """What is said of the rows of a batch, beside their own columns."""

    def __init__(
        self, flags: Mapping[int, Sequence[str]], json_columns: frozenset[str]
    ) -> None:
        self._json_columns = json_columns
        self._flags: dict[int, list[str]] = {i: list(f) for i, f in flags.items()}
        self._extra: dict[int, dict[str, Any]] = {}
        self._repairs: dict[int, dict[str, str]] = {}

    def flag(self, row: int, flag: str, column: str) -> None:
        self._flags.setdefault(row, []).append(flag_of(flag, column))

    def text(self, column: str, values: Sequence[Any]) -> pa.Array:
        """The values of a landing column as text."""
        import pyarrow as pa

        types = set(map(type, values))
        texts: Sequence[str | None]
        if column not in self._json_columns or types == {type(None)}:
            texts = values if types <= _TEXT else _texts(values, types)
        else:
            # A payload that its reader knows to be written back as it was.
            array = _of_objects(values) if types == {dict} else None
            if array is not None:
                return array
            texts = [self._json(row, column, v) for row, v in enumerate(values)]
        array = _array(texts)
        if array is not None and not _holds(array, b"\0", _REPLACED_BYTES):
            return array
        return pa.array(
            [self._clean(row, column, text) for row, text in enumerate(texts)],
            pa.string(),
        )

    def _clean(self, row: int, column: str, text: str | None) -> str | None:
        """A text that Postgres can hold."""
        if text is None:
            return None
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        if _REPLACED in text:
            self.flag(row, "bad_encoding", column)
        if _NUL in text:
            self.flag(row, "nul_bytes", column)
            text = text.replace(_NUL, "")
        return text

    def _json(self, row: int, column: str, value: Any) -> str | None:
        """The text of a JSON column; beside it what is wrong, and its repair."""
        text = as_text(value)
        if not text or text.isspace():
            return text
        repaired = None
        if not tolerant.is_json(text):
            repaired = tolerant.repair(text.replace(_NUL, ""))
            self.flag(row, "repaired_json" if repaired else "broken_json", column)
            if repaired is None:
                return text
        elif text.lstrip().startswith('"') and (repaired := tolerant.unwrapped(text)):
            self.flag(row, "repaired_json", column)
        if _NUL_ESCAPE in (repaired or text):
            plain = tolerant.without_nul(repaired or text)
            if plain != (repaired or text):
                self.flag(row, "nul_bytes", column)
                if repaired is None and type(value) is not str:
                    # Not a text of the source but our own writing of an object.
                    return plain
                repaired = plain
        if repaired:
            self._repairs.setdefault(row, {})[column] = repaired
        return text

    def keep(self, name: str, values: Sequence[Any]) -> None:
        """Values without a column of their own."""
        for row, value in enumerate(values):
            if value is not None:
                self._extra.setdefault(row, {})[name] = value

    def columns(self, rows: int) -> dict[str, list[str | None]]:
        """The columns ``extra``, ``repairs`` and ``flags``; empty without any value."""
        extra = {row: self._extra_text(row, kept) for row, kept in self._extra.items()}
        repairs = {
            row: orjson.dumps(made).decode() for row, made in self._repairs.items()
        }
        flags = {row: " ".join(dict.fromkeys(f)) for row, f in self._flags.items()}
        found = {"extra": extra, "repairs": repairs, "flags": flags}
        return {
            name: [by_row.get(row) for row in range(rows)] if by_row else []
            for name, by_row in found.items()
        }

    def _extra_text(self, row: int, kept: Mapping[str, Any]) -> str:
        parts = []
        for name, value in kept.items():
            text = as_json(value)
            if _NUL_ESCAPE in text:
                plain = tolerant.without_nul(text)
                if plain != text:
                    self.flag(row, "nul_bytes", name)
                text = plain
            if _REPLACED in text:
                self.flag(row, "bad_encoding", name)
            parts.append(f"{tolerant.without_nul(as_json(name))}:{text}")
        return "{" + ",".join(parts) + "}"


def _array(texts: Sequence[str | None]) -> pa.Array | None:
    """Texts as Arrow has them; ``None`` where one is no text that utf-8 can write."""
    import pyarrow as pa

    try:
        return pa.array(texts, pa.string())
    except (UnicodeEncodeError, pa.ArrowInvalid):
        return None


def _of_objects(values: Sequence[Any]) -> pa.Array | None:
    """Objects as compact JSON; ``None`` where one needs a closer look."""
    import pyarrow as pa

    try:
        array = pa.array(list(map(orjson.dumps, values)), pa.string())
    except TypeError:
        return None
    return None if _holds(array, _NUL_ESCAPE.encode(), _REPLACED_BYTES) else array


def _holds(array: pa.Array, *wanted: bytes) -> bool:
    """Whether any text holds one of some bytes: one search of all of them."""
    import numpy as np

    if not len(array) or array.null_count == len(array):
        return False
    _, offsets, data = array.buffers()
    end = int(np.frombuffer(offsets, np.int32)[len(array)])
    held = bytes(data[:end])
    return any(one in held for one in wanted)


def _texts(values: Sequence[Any], types: set[type]) -> list[str | None]:
    """Values as text; for those that are whole numbers a shorter way."""
    if types == {int}:
        return list(map(str, values))
    return list(map(as_text, values))


def as_text(value: Any) -> str | None:
    """A value of any source as the text it lands as.

    Objects and lists become compact JSON, truth ``true`` and ``false``, times ISO 8601.
    """
    if value is None or type(value) is str:
        return value  # type: ignore[no-any-return]
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict | list | tuple):
        return as_json(value)
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value).decode("utf-8", "replace")
    return str(value)


def as_json(value: Any) -> str:
    """A value as compact JSON text; what JSON does not know becomes a string."""
    if isinstance(value, Raw):
        text = str.__str__(value)
        if tolerant.is_json(text):
            return text
        return tolerant.repair(text) or as_json(text)
    try:
        return orjson.dumps(value, default=as_text).decode()
    except TypeError:
        # Whole numbers of more than 64 bits, halves of surrogate pairs.
        text = json.dumps(value, separators=(",", ":"), default=as_text)
        return text if tolerant.is_json(text) else tolerant.repair(text) or '""'
