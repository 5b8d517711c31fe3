"""Csv files: bytes to rows, with nothing guessed in silence."""

from __future__ import annotations

import codecs
import contextlib
import csv
import io
import platform
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from loaders.errors import Quarantined

DELIMITERS = (",", ";", "\t", "|")

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

#: From a few accented letters chardet guesses wildly: at 0.004 it takes one trust name
#: in cp1252 for Thai. Only a guess it is sure of may stand before cp1252.
_SURE = 0.9

#: chardet reads this much of the lines that are not plain ASCII: more does not change
#: its answer and a file of 100 MB would take minutes.
_SAMPLE_BYTES = 65_536

#: Cells longer than Python's default of 128 KiB exist (notes); a megabyte is a lost
#: quote.
_MAX_CELL = 2**20

csv.field_size_limit(_MAX_CELL)


@dataclass(frozen=True)
class CsvText:
    """A csv file as rows: ``rows[i]`` is row ``i + 1`` of a spreadsheet that opened it.

    Blank lines count as rows, a quoted line break stays inside its row, and every row
    has the same length; ``widths[i]`` is how many cells the file itself gives the row.
    """

    rows: list[list[str]]
    encoding: str
    delimiter: str
    widths: Sequence[int]


def reader_name() -> str:
    """The reader of csv files and its version, as the ledger keeps it."""
    return f"csv of Python {platform.python_version()}"


def read_csv(
    data: bytes, name: str, is_header: Callable[[list[str]], bool] | None = None
) -> CsvText:
    """Reads the rows of a csv file.

    Args:
        data: The bytes.
        name: File name, for messages.
        is_header: Whether a row is a header row of the publication. The delimiter is
            the first of ``, ; tab |`` that makes one; when none does, the one which
            gives most rows the same cells: texts have semicolons of their own.

    Raises:
        Quarantined: Empty, not text, of an unknown encoding, or with a quote that is
            never closed.
    """
    text, encoding = decode(data, name)
    if not text.strip():
        raise _unreadable(name, "a csv with rows", "an empty file")
    likely = [d for d in DELIMITERS if d in text]
    readings: list[tuple[str, list[list[str]]]] = []
    errors: list[Quarantined] = []
    for delimiter in likely or [","]:
        try:
            rows = _rows(text, delimiter, name)
        except Quarantined as error:
            errors.append(error)
            continue
        if is_header and any(map(is_header, rows)):
            return CsvText(_padded(rows), encoding, delimiter, _widths(rows))
        readings.append((delimiter, rows))
    if not readings:
        raise errors[0]
    delimiter, rows = max(readings, key=lambda reading: _regularity(reading[1]))
    return CsvText(_padded(rows), encoding, delimiter, _widths(rows))


def decode(data: bytes, name: str) -> tuple[str, str]:
    """Bytes to text, strictly: byte order mark, utf-8, a sure guess, cp1252.

    utf-8 stands before the guess since bytes that are not utf-8 hardly ever decode as
    it, while a guess from a few letters is often wrong.

    Returns:
        The text and the name of its encoding.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            try:
                return _without_nul(data.decode(encoding), name), encoding
            except UnicodeDecodeError as error:
                raise _encoding_error(name, data, error, encoding) from error
    if b"\0" in data:
        return _without_nul(data.decode("latin-1"), name), ""
    with contextlib.suppress(UnicodeDecodeError):
        return data.decode("utf-8"), "ascii" if data.isascii() else "utf-8"
    if guess := guessed(data):
        with contextlib.suppress(UnicodeDecodeError, LookupError):
            return data.decode(guess), guess
    try:
        return data.decode("cp1252"), "cp1252"
    except UnicodeDecodeError as error:
        raise _encoding_error(name, data, error, "utf-8 or cp1252") from error


def guessed(data: bytes, sure: float = _SURE) -> str | None:
    """The encoding that bytes seem to be in, where chardet is as sure as that."""
    import chardet

    lines, size = [], 0
    for line in data.splitlines(keepends=True):
        if not line.isascii():
            lines.append(line)
            size += len(line)
            if size > _SAMPLE_BYTES:
                break
    guess = chardet.detect(b"".join(lines))
    encoding, confidence = guess["encoding"], guess["confidence"] or 0.0
    return encoding.lower() if encoding and confidence >= sure else None


def _without_nul(text: str, name: str) -> str:
    at = text.find("\0")
    if at < 0:
        return text
    row = text.count("\n", 0, at) + 1
    raise _unreadable(
        f"{name}, line {row}", "text without NUL bytes", "a NUL byte: this is not text"
    )


def _encoding_error(
    name: str, data: bytes, error: UnicodeDecodeError, expected: str
) -> Quarantined:
    line = data.count(b"\n", 0, error.start) + 1
    byte = data[error.start]
    return _unreadable(
        f"{name}, line {line}", f"text in {expected}", f"the byte 0x{byte:02x}"
    )


def _unreadable(where: str, expected: str, found: str) -> Quarantined:
    return Quarantined(
        "cannot read the csv",
        where=where,
        expected=expected,
        found=found,
        next_step="download the file again, or save it as csv in utf-8, then load it",
    )


def _rows(text: str, delimiter: str, name: str) -> list[list[str]]:
    # newline="" leaves line breaks inside quotes as they are.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[list[str]] = []
    try:
        rows.extend(reader)
    except csv.Error as error:
        raise _unreadable(
            f"{name}, row {len(rows) + 1}",
            "quotes that open and close around a cell",
            f"{error} (line {reader.line_num} of the file)",
        ) from error
    return rows


def _regularity(rows: list[list[str]]) -> tuple[int, int]:
    """Rows of the most common width if that is more than one cell, and their cells."""
    widths = Counter(len(row) for row in rows if len(row) > 1)
    return max(((count, count * w) for w, count in widths.items()), default=(0, 0))


def _widths(rows: list[list[str]]) -> list[int]:
    return [len(row) for row in rows]


def _padded(rows: list[list[str]]) -> list[list[str]]:
    width = max(map(len, rows), default=0)
    return [r if len(r) == width else r + [""] * (width - len(r)) for r in rows]
