"""Csvs of an experiment: results, scores, tasks, catalogues; no row is lost.

``row_index`` counts the rows below the header from 0, blank ones aside, as the program
that wrote them would read them.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from loaders.documents.folders import unfolded
from loaders.documents.generations import header_of
from loaders.documents.kinds import (
    EVALUATION_PARSERS,
    PIVOT,
    PIVOT_COLUMN,
    TEMPLATES,
    VOCABULARY,
)
from loaders.documents.tables import TABLES
from loaders.model import FileRead, SourceFile, TableRead
from loaders.rows import csvread
from loaders.rows.batches import nothing, undisturbed
from loaders.rows.csvread import Chunks
from loaders.rows.encoding import utf8_blocks
from loaders.rows.found import Found
from loaders.rows.shape import Shaper, flag_of

if TYPE_CHECKING:
    import pyarrow as pa

_MARK = "\ufeff"
#: Columns of a row, values by place, and what is wrong with some of the rows.
_Columns = dict[str, list[Any]]
_Flags = dict[int, list[str]]


def read(pieces: Iterable[bytes], file: SourceFile) -> FileRead:
    """A csv, its batches still to come.

    Raises:
        Quarantined: It is empty, has columns of no kind, or a quote that hides where
            rows end.
    """
    found = Found(file.source, VOCABULARY)
    header, chunks = csvread.chunks(utf8_blocks(pieces), found)
    table = TableRead(
        table=header.kind.table,
        source_table=header.kind.source_table,
        sheet=None,
        part=None,
        title=None,
        header_row=header.row,
        first_row=header.row + 1,
        last_row=header.row,
        rows_read=-1,
        notes=(),
        batches=(),
    )
    made = FileRead(
        *(csvread.READER, None, "none", "unknown", None, False, (), [table]),
    )
    rows = _Rows(file, header.kind.source_table, header.kind.table, header.names)
    table.batches = _told(rows, chunks, found, made)
    return made


def base_of(source: str) -> str:
    """The folder of an experiment, from that of one of its csvs."""
    return str(PurePosixPath(unfolded(source)).parent.parent)


def _told(
    rows: _Rows, chunks: Chunks, found: Found, made: FileRead
) -> Iterator[pa.RecordBatch]:
    """The batches; with the last of them, what is to be said of the file."""
    (table,) = made.tables
    count = 0
    for batch in undisturbed(rows.batches(chunks, found)):
        if not batch.num_rows:
            continue
        found.see(batch, table.table)
        table.last_row = max(table.last_row, batch.column("_source_row")[-1].as_py())
        count += batch.num_rows
        yield batch
    if not count:
        yield nothing(TABLES[table.table])
    if rows.source_table in TEMPLATES:
        table.source_table = _templates(rows)
    made.is_example = found.is_example
    made.period = found.period
    made.period_source = "content" if made.period else "none"
    table.notes = tuple(found.notes)
    said = [] if count else ["without rows"]
    if found.unreadable:
        said.append(f"not readable in {len(found.unreadable)} row(s): kept as lines")
    made.remark = ", ".join(said) or None


def _templates(rows: _Rows) -> str:
    """Whose templates a catalogue lists.

    Parsers tell those of evaluations. Those of drafts and of links have the same
    columns and parsers; here alone the name of the file is asked, where it names one.
    """
    by_column = "parsing_strategy" in rows.names
    if by_column or rows.parsers & EVALUATION_PARSERS:
        return "evaluation_templates"
    stem = rows.file.name.lower().removesuffix(".csv")
    if stem in TEMPLATES and (stem != "evaluation_templates" or not rows.parsers):
        return stem
    return "draft_templates"


class _Rows:
    """The rows of one csv as batches of its landing table."""

    def __init__(
        self, file: SourceFile, source_table: str, table: str, names: Sequence[str]
    ) -> None:
        self.file = file
        self.source_table = source_table
        self.table = table
        self.names: Sequence[str] = names
        self.parsers: set[str] = set()
        self._shaper = Shaper(VOCABULARY, table)
        self._base = base_of(file.source)
        self._index = 0

    def batches(self, chunks: Chunks, found: Found) -> Iterator[pa.RecordBatch]:
        """All rows, those of lost quotes last, as the lines they are."""
        for first, rows in chunks:
            yield from self._of_chunk(first, rows, found)
        if found.unreadable:
            numbers, lines, reasons = zip(*found.unreadable, strict=True)
            columns = {"line": list(lines), "reason": list(reasons)}
            flags = {i: ["broken_quotes"] for i in range(len(lines))}
            yield self._batch(columns, list(numbers), flags)

    def _of_chunk(
        self, first: int, rows: list[list[str]], found: Found
    ) -> Iterator[pa.RecordBatch]:
        """Rows between two header lines make one batch."""
        held: list[list[str]] = []
        numbers: list[int] = []
        indexes: list[int] = []
        for number, cells in enumerate(rows, first):
            if not any(cells):
                # Blank lines are no rows to anybody; commas alone are one to some.
                self._index += bool(cells)
                continue
            # Files put behind one another keep the byte order mark of each.
            cells[0] = cells[0].removeprefix(_MARK)
            if cells[0] in self._ids and self._is_header(cells):
                if held:
                    yield self._wide_or_long(held, numbers, indexes)
                held, numbers, indexes = [], [], []
                found.notes.append(f"another header in row {number}")
                self.names = cells
            else:
                held.append(cells)
                numbers.append(number)
                indexes.append(self._index)
            self._index += 1
        if held:
            yield self._wide_or_long(held, numbers, indexes)

    @functools.cached_property
    def _ids(self) -> frozenset[str]:
        """What a first cell is where its row is a header."""
        return frozenset(map(str, TABLES[self.table])) | {self.names[0]}

    def _is_header(self, cells: Sequence[str]) -> bool:
        kind = VOCABULARY.kind_of(cells)
        return kind is not None and kind.table == self.table

    def _wide_or_long(
        self, rows: list[list[str]], numbers: list[int], indexes: list[int]
    ) -> pa.RecordBatch:
        columns, flags = self._columns(rows)
        columns["row_index"] = list(map(str, indexes))
        if self.source_table == PIVOT:
            return self._of_pivot(columns, numbers, flags)
        parser = columns.get("parser", columns.get("parsing_strategy"))
        if self.table == "catalogue_rows" and parser:
            self.parsers |= {p.strip() for p in parser if p}
        return self._batch(columns, numbers, flags)

    def _columns(self, rows: list[list[str]]) -> tuple[_Columns, _Flags]:
        """Cells by column; those of rows of another width by their own header."""
        flags: _Flags = {}
        width = len(self.names)
        strays: dict[int, dict[str, Any]] = {}
        if set(map(len, rows)) != {width}:
            rows = list(rows)
            for i, cells in enumerate(rows):
                if len(cells) == width:
                    continue
                rows[i], strays[i], said = self._ragged(cells)
                if said:
                    flags[i] = said
        columns: _Columns = {
            name: [cell or None for cell in column]
            for name, column in zip(self.names, zip(*rows, strict=True), strict=True)
        }
        for i, stray in strays.items():
            for name, value in stray.items():
                columns.setdefault(name, [None] * len(rows))[i] = value
        return columns, flags

    def _ragged(self, cells: list[str]) -> tuple[list[str], dict[str, Any], list[str]]:
        """Cells under the header, those under other names, and what is wrong."""
        width = len(self.names)
        names = [name.strip().lower() for name in self.names]
        header = header_of(self.source_table, names, cells)
        if header is not None and tuple(header[: len(names)]) != tuple(names):
            stray: dict[str, Any] = dict(zip(header, cells, strict=False))
            stray = {name: cell or None for name, cell in stray.items()}
            flags = [f"other_header:{len(header)}"]
            if any(surplus := cells[len(header) :]):
                stray["surplus"] = surplus
                flags.append("surplus_fields")
            if len(cells) < len(header):
                flags.append(flag_of("missing_fields", header[-1]))
            return [""] * width, stray, flags
        if len(cells) < width:
            missing = flag_of("missing_fields", self.names[len(cells)])
            return cells + [""] * (width - len(cells)), {}, [missing]
        surplus = cells[width:]
        if not any(surplus):
            # A comma at the end of each row is no cell more.
            return cells[:width], {}, []
        stray = {"surplus": surplus}
        if header is not None:
            # The first row ever was a failed one: its header lacks the last column.
            stray |= dict(zip(header[width:], surplus, strict=False))
        return cells[:width], stray, ["surplus_fields"]

    def _of_pivot(
        self, columns: _Columns, numbers: list[int], flags: _Flags
    ) -> pa.RecordBatch:
        """A row for each score of a row."""
        scores = [name for name in columns if re.search(PIVOT_COLUMN, name)]
        others = [name for name in columns if name not in scores]
        long: _Columns = {name: [] for name in (*others, "score_column", "score")}
        rows: list[int] = []
        for i in range(len(numbers)):
            for score in scores:
                value = columns[score][i]
                if value is None:
                    continue
                rows.append(i)
                for name in others:
                    long[name].append(columns[name][i])
                long["score_column"].append(score)
                long["score"].append(value)
        said = {place: flags[i] for place, i in enumerate(rows) if i in flags}
        return self._batch(long, [numbers[i] for i in rows], said)

    def _batch(
        self, columns: _Columns, numbers: list[int], flags: _Flags
    ) -> pa.RecordBatch:
        rows = len(numbers)
        all_columns = {
            **columns,
            "base": [self._base] * rows,
            "source_csv": [self.file.name] * rows,
        }
        return self._shaper.columns(
            list(all_columns), list(all_columns.values()), numbers, flags
        )
