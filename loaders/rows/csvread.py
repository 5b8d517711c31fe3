"""Csv exports: rows to landing batches, those of another width kept and flagged."""

from __future__ import annotations

import contextlib
import csv
import io
import itertools
import platform
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from loaders.errors import Quarantined
from loaders.rows.found import Found
from loaders.rows.shape import Shaper, flag_of
from loaders.rows.vocabulary import Kind
from loaders.sheets.csvtext import DELIMITERS

if TYPE_CHECKING:
    import pyarrow as pa

READER = f"csv of Python {platform.python_version()}"
#: The row of the first, and rows of cells.
Chunks = Iterator[tuple[int, list[list[str]]]]
ROWS = 10_000
#: A prompt or a payload in one cell may be long; this long it is a quote that is lost.
LONGEST_CELL = 16 * 1024 * 1024
#: A row whose quotes are wrong has at most these lines; with more, a quote is lost.
CUT_OFF_LINES = 50


@dataclass(frozen=True)
class Header:
    """The row of column names of a csv."""

    names: list[str]
    row: int
    delimiter: str
    kind: Kind


class _Lines:
    """The lines of a csv; those of the present batch can be had again."""

    def __init__(self, blocks: Iterable[bytes]) -> None:
        # Not splitlines(): it breaks at form feeds and other separators.
        self._lines = itertools.chain.from_iterable(
            io.StringIO(block.decode(), newline="") for block in blocks
        )
        self.kept: list[str] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self.kept.append(line)
        return line


def chunks(blocks: Iterable[bytes], found: Found) -> tuple[Header, Chunks]:
    """The table in a csv, as rows of cells: row of the first, and the rows.

    Args:
        blocks: Whole lines of utf-8.
        found: Takes what is to be said of the file.

    Raises:
        Quarantined: It is empty, its columns are those of no table, or quotes do not
            open and close around cells.
    """
    lines = _Lines(blocks)
    header = _header(lines, found)
    header = replace(header, names=_told_apart(header.names, found))
    reader = csv.reader(lines, delimiter=header.delimiter, strict=True)
    return header, _chunks(reader, lines, header, found)


def read(
    blocks: Iterable[bytes], found: Found
) -> tuple[Header, Iterator[pa.RecordBatch]]:
    """The table in a csv, as landing batches; see :func:`chunks`."""
    header, rows = chunks(blocks, found)
    shaper = Shaper(found.vocabulary, header.kind.table, is_whole=False)
    return header, itertools.chain.from_iterable(
        _batch(shaper, header.names, some, first) for first, some in rows
    )


def _header(lines: _Lines, found: Found) -> Header:
    """The first row that is not blank, under the delimiter that makes it a table."""
    row = 0
    for line in lines:
        row += 1
        if line.strip(" \t\r\n,;|"):
            break
    else:
        raise Quarantined(
            "cannot read any row of the file",
            where=found.where,
            expected="a csv with a row of column names",
            found="an empty file",
            next_step="export the table again, or take the file out of the inbox",
        )
    while line.count('"') % 2 and (more := next(lines, None)):
        line += more
    readings = [(d, _cells(line, d)) for d in DELIMITERS]
    for delimiter, names in readings:
        kind = found.vocabulary.kind_of(names)
        if kind is not None:
            return Header(names, row, delimiter, kind)
    names = max((names for _, names in readings), key=lambda names: len(names))
    raise found.vocabulary.unknown_kind(f"{found.where}, row {row}", names)


def _cells(line: str, delimiter: str) -> list[str]:
    with _long_cells():
        return next(csv.reader(io.StringIO(line, newline=""), delimiter=delimiter), [])


def _told_apart(names: list[str], found: Found) -> list[str]:
    """The names of columns, blank ones and those of a second column given one."""
    made: list[str] = []
    plain = [
        name.replace("\0", "").strip() or f"column_{i}"
        for i, name in enumerate(names, 1)
    ]
    seen = Counter(plain)
    for name in plain:
        own, number = name, 2
        while own in made or (own != name and own in seen):
            own, number = f"{name}_{number}", number + 1
        made.append(own)
    found.notes += [
        f"{count} columns are called {name}: the first is taken, the others are in "
        "extra"
        for name, count in seen.items()
        if count > 1
    ]
    return made


def _chunks(
    reader: Iterator[list[str]], lines: _Lines, header: Header, found: Found
) -> Chunks:
    row = header.row
    while True:
        lines.kept.clear()
        rows: list[list[str]] = []
        fault: csv.Error | None = None
        try:
            with _long_cells():
                rows.extend(itertools.islice(reader, ROWS))
        except csv.Error as error:
            fault = error
        if rows:
            yield row + 1, rows
            row += len(rows)
        if fault is not None:
            row += 1
            _set_aside(fault, lines.kept, header.delimiter, row, found)
        elif not rows:
            return


def _batch(
    shaper: Shaper, names: list[str], rows: list[list[str]], first: int
) -> Iterator[pa.RecordBatch]:
    numbers = list(range(first, first + len(rows)))
    flags: dict[int, list[str]] = {}
    surplus: list[list[str] | None] = []
    width = len(names)
    if not all(map(any, rows)):
        numbers = [n for n, cells in zip(numbers, rows, strict=True) if any(cells)]
        rows = [cells for cells in rows if any(cells)]
    if set(map(len, rows)) != {width}:
        # A comma at the end of each row is no cell more.
        surplus = [c[width:] if any(c[width:]) else None for c in rows]
        for i, cells in enumerate(rows):
            if surplus[i]:
                flags[i] = ["surplus_fields"]
            elif len(cells) < width:
                flags[i] = [flag_of("missing_fields", names[len(cells)])]
                rows[i] = cells + [""] * (width - len(cells))
    if not rows:
        return
    columns: list[list[object]] = [
        [cell or None for cell in column]
        for column in itertools.islice(zip(*rows, strict=False), width)
    ]
    if any(surplus):
        names = [*names, "_surplus"]
        columns.append(list(surplus))
    yield shaper.columns(names, columns, numbers, flags)


def _set_aside(
    error: csv.Error, kept: list[str], delimiter: str, row: int, found: Found
) -> None:
    """Keeps a row whose quotes are wrong; the next begins with the next line.

    Raises:
        Quarantined: A quote hides where rows end.
    """
    reader = csv.reader(iter(kept), delimiter=delimiter, strict=True)
    whole = 0
    with contextlib.suppress(csv.Error), _long_cells():
        for _ in reader:
            whole = reader.line_num
    tail = kept[whole:]
    if len(tail) <= CUT_OFF_LINES and sum(map(len, tail)) <= LONGEST_CELL:
        cut_off = "unexpected end of data" in str(error)
        reason = "cut off: a quote is never closed" if cut_off else str(error)
        found.cannot_read(row, "".join(tail), reason)
        return
    raise Quarantined(
        "cannot read the csv",
        where=f"{found.where}, row {row}",
        expected="quotes that open and close around a cell",
        found=f"{error}: {''.join(tail[:1])[:200]!r}",
        next_step="look at that row; export the table again",
    )


@contextlib.contextmanager
def _long_cells() -> Iterator[None]:
    """Lets Python's reader take long cells; the limit is one for all readers."""
    before = csv.field_size_limit(LONGEST_CELL)
    try:
        yield
    finally:
        csv.field_size_limit(before)
