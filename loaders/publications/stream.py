"""Large csv files of a publication: the head is looked at, the rest goes by in batches.

What the head shows decides the layout. Where that is more than one plain table - lines
in between, periods as columns - the file is read as a whole instead, slower and in
memory; nothing is guessed from a head.
"""

from __future__ import annotations

import codecs
import csv
import functools
import io
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from loaders.errors import Quarantined
from loaders.files.archive import chunks, read_bytes, size_of_content
from loaders.files.voices import is_example_line
from loaders.model import FileRead, SourceFile, TableRead
from loaders.publications import content, registry
from loaders.publications.details import FileDetails, SheetDetails, TableDetails
from loaders.publications.read import (
    SUBJECTS_FROM_ROWS,
    file_details,
    read,
    remark,
    stem,
    subjects,
    table_read,
)
from loaders.publications.settle import settle
from loaders.sheets import csvtext
from loaders.sheets.columns import kind_of_values
from loaders.sheets.keys import name_key
from loaders.sheets.tables import SheetTables, read_tables
from loaders.sheets.textstream import Utf8Stream, without_bom
from loaders.sheets.wide import LandedTable, to_land
from loaders.sheets.workbook import Sheet

if TYPE_CHECKING:
    import pyarrow as pa

#: Smaller files are read whole, several at once.
LARGE_BYTES = 16 * 1024 * 1024
#: Lines of the head: below them a plain table is taken to go on as it is.
HEAD_LINES = 400
BLOCK_BYTES = 4 * 1024 * 1024
#: Lines of another width than the header that are kept as notes, at the end of a file.
NOTES_AT_MOST = 200


def is_large(file: SourceFile) -> bool:
    """Whether a file is a csv too large to hold in memory without need."""
    return file.name.lower().endswith(".csv") and size_of_content(file) > LARGE_BYTES


@dataclass
class _Head:
    """What the first lines of a csv show."""

    table: LandedTable
    found: SheetTables
    delimiter: str
    header_row: int
    indexes: list[int]
    width: int


def stream(file: SourceFile) -> FileRead:
    """Reads a large csv in batches.

    Args:
        file: Where it is and what is claimed of it.

    Raises:
        Quarantined: As :func:`loaders.publications.read.read`; what is wrong with a
            row is found when its batch is taken.
    """
    code, publication, _ = registry.load().match(file)
    overrides = publication.overrides if publication else ()
    head = None if _is_utf16(file) else _head(file, overrides)
    if head is None:
        return read(read_bytes(file), file)
    column = publication.period_column if publication else None
    around = [(f"row {row}", cells) for row, cells in head.found.preamble]
    stated = content.facts(around, _times(file, head), column)
    settled = settle(file, stated, publication)
    made = table_read(
        head.table, Sheet(None, False, []), name_key(stem(file.name)), file
    )
    details: TableDetails = made.details
    details.sheet_rows = -1
    details.aggregate_rows = ()
    made.rows_read = -1
    made.batches = _batches(file, head, made, details)
    notes = tuple(text for _, cells in head.found.preamble for text in cells)
    return FileRead(
        reader=reader_name(),
        period=settled.period,
        period_source=settled.period_source,
        release_status=settled.release_status,
        basis=code,
        is_example=any(map(is_example_line, notes)),
        notes=notes,
        tables=[made],
        published_on=settled.published_on,
        details=FileDetails(
            *file_details(file, code, publication),
            (SheetDetails(None, False, "data", 1, None),),
        ),
        remark=remark(code, publication),
    )


@functools.cache
def reader_name() -> str:
    """The reader of large csv files and its version, as the ledger keeps it."""
    import pyarrow as pa

    return f"csv of arrow {pa.__version__}"


def _is_utf16(file: SourceFile) -> bool:
    return next(iter(chunks(file)), b"").startswith(
        (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    )


def _open(file: SourceFile) -> Utf8Stream:
    return Utf8Stream(without_bom(chunks(file)), file.source)


def _head(file: SourceFile, overrides: Sequence[Any]) -> _Head | None:
    """The layout of a plain csv; ``None`` where its head shows anything else."""
    if overrides:
        return None
    lines = _open(file).peek_lines(HEAD_LINES)
    text = "\n".join(line.rstrip("\r") for line in lines)
    try:
        rows = csvtext.read_csv(text.encode(), file.name)
    except Quarantined:
        # A quote that the last line of the head leaves open.
        return None
    if len(rows.rows) != len(lines):
        return None
    found = read_tables(Sheet(None, False, [list(row) for row in rows.rows]))
    if len(found.tables) != 1:
        return None
    table = to_land(found.tables[0], None)
    region = found.tables[0].region
    last = found.tables[0].row_numbers[-1] if found.tables[0].row_numbers else 0
    plain = region.header_rows[0] == region.header_rows[1]
    if table.is_wide or not plain or last != len(rows.rows):
        return None
    indexes = [c.index for c in region.columns if c.clean_name]
    width = rows.widths[region.header_rows[0] - 1]
    return _Head(table, found, rows.delimiter, region.header_rows[1], indexes, width)


def _reader(
    file: SourceFile, head: _Head, columns: Sequence[int], ragged: list[tuple[str, int]]
) -> Any:
    import pyarrow as pa
    from pyarrow import csv as arrow_csv

    def other_width(row: Any) -> str:
        ragged.append((row.text, row.actual_columns))
        if len(ragged) > NOTES_AT_MOST:
            return "error"
        return "skip"

    text = _open(file)
    text.skip_lines(head.header_row)
    names = [str(i) for i in range(head.width)]
    wanted = [names[i] for i in columns]
    return arrow_csv.open_csv(
        # Arrow takes a short read for a block.
        io.BufferedReader(text, BLOCK_BYTES),
        read_options=arrow_csv.ReadOptions(block_size=BLOCK_BYTES, column_names=names),
        parse_options=arrow_csv.ParseOptions(
            delimiter=head.delimiter,
            newlines_in_values=True,
            ignore_empty_lines=False,
            invalid_row_handler=other_width,
        ),
        convert_options=arrow_csv.ConvertOptions(
            column_types={name: pa.string() for name in wanted},
            include_columns=wanted,
            strings_can_be_null=True,
            null_values=[""],
        ),
    )


def _times(file: SourceFile, head: _Head) -> dict[str, set[str]]:
    """What the columns of times hold in the whole file, if that has to decide.

    Where name or page say of which period it is, the file is not read twice; its head
    alone would show a first month and not the last.
    """
    import pyarrow.compute as pc

    if file.claims.period_by:
        return {}
    found: dict[str, set[str]] = {}
    for column, index in zip(head.table.columns, head.indexes, strict=True):
        if content.is_time_column(column.published_name):
            values = found.setdefault(column.published_name, set())
            for batch in _reader(file, head, [index], []):
                values.update(pc.unique(batch.column(0).drop_null()).to_pylist())
    return found


def _batches(
    file: SourceFile, head: _Head, made: TableRead, details: TableDetails
) -> Iterator[pa.RecordBatch]:
    import numpy as np
    import pyarrow as pa

    ragged: list[tuple[str, int]] = []
    row = head.header_row + 1
    names = [f"c{i}" for i in range(1, len(head.indexes) + 1)]
    kinds = [{c.value_kind} for c in details.columns]
    sampled: list[pa.RecordBatch] = []
    held: list[pa.RecordBatch] = []
    try:
        for batch in _reader(file, head, head.indexes, ragged):
            if ragged:
                _refuse_unless_notes(file, head, ragged, row)
            numbers = pa.array(np.arange(row, row + batch.num_rows))
            row += batch.num_rows
            landed = pa.record_batch([*batch.columns, numbers], [*names, "_source_row"])
            landed, last = _without_last_labels(_without_blank_rows(landed))
            if landed.num_rows:
                # What looked like notes had rows of the table below it.
                for one in (*held, landed):
                    _count(one, made, kinds, sampled)
                    yield one
                held = []
            held.append(last)
    except pa.ArrowInvalid as error:
        raise Quarantined(
            "cannot read the csv",
            where=f"{file.source}, from row {row} on",
            expected=f"{head.width} cells in every row, as in row {head.header_row}",
            found=" ".join(str(error).split())[:400],
            next_step="look at those rows; download the file again, and compare it "
            "with the publisher's copy",
        ) from error
    if ragged:
        _refuse_unless_notes(file, head, ragged, row)
    labels = [text for one in held for text in one.column(0).to_pylist()]
    made.notes = (*labels, *(_as_note(text) for text, _ in ragged))
    for column, found in zip(details.columns, kinds, strict=True):
        found.discard("empty")
        column.value_kind = (
            "empty" if not found else found.pop() if len(found) == 1 else "mixed"
        )
        if column.role == "measure" and column.value_kind in ("text", "date"):
            column.role = "dimension"
    if sampled:
        details.sample, details.sample_rows = subjects(
            pa.Table.from_batches(sampled).combine_chunks().to_batches()[0],
            details.columns,
        )


def _count(
    batch: pa.RecordBatch,
    made: TableRead,
    kinds: Sequence[set[str]],
    sampled: list[pa.RecordBatch],
) -> None:
    """Takes note of what rows hold that are about to land."""
    if not batch.num_rows:
        return
    for known, column in zip(kinds, batch.columns[:-1], strict=True):
        if known != {"text"}:
            known.add(_kind_of(column))
    made.last_row = batch.column(batch.num_columns - 1)[-1].as_py()
    if sum(one.num_rows for one in sampled) < SUBJECTS_FROM_ROWS:
        sampled.append(batch)


def _without_last_labels(
    batch: pa.RecordBatch,
) -> tuple[pa.RecordBatch, pa.RecordBatch]:
    """Parts the rows at the end off that hold a first cell and nothing else.

    At the end of a file they are notes. Of a narrow table they may be rows.
    """
    import pyarrow.compute as pc

    if batch.num_columns < 4 or not batch.num_rows:
        return batch, batch.slice(0, 0)
    filled = pc.is_valid(batch.column(1))
    for column in batch.columns[2:-1]:
        filled = pc.or_(filled, pc.is_valid(column))
    rows = pc.indices_nonzero(filled)
    size = rows[-1].as_py() + 1 if len(rows) else 0
    return batch.slice(0, size), batch.slice(size)


def _kind_of(column: pa.Array) -> str:
    """What a batch of a column holds, as :func:`kind_of_values` says it of a table."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if column.null_count == len(column):
        return "empty"
    try:
        column.cast(pa.float64())
    except pa.ArrowInvalid:
        return kind_of_values(pc.unique(column).to_pylist())[0]
    return "number"


def _without_blank_rows(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Leaves out lines that hold nothing; the last column is the row's number."""
    import pyarrow.compute as pc

    columns = batch.columns[:-1]
    if not all(column.null_count for column in columns):
        return batch
    filled = pc.is_valid(columns[0])
    for column in columns[1:]:
        filled = pc.or_(filled, pc.is_valid(column))
    return batch.filter(filled)


def _refuse_unless_notes(
    file: SourceFile, head: _Head, ragged: list[tuple[str, int]], row: int
) -> None:
    """Lines of another width are a note below the table, or which value is which?

    Raises:
        Quarantined: One holds several cells, or rows of the table follow it.
    """
    fault = next((r for r in ragged if not _is_note(r[0])), None)
    if fault is None and _last_lines(file, len(ragged)) == [
        text.strip() for text, _ in ragged
    ]:
        return
    text, cells = fault or ragged[0]
    raise Quarantined(
        "cannot tell which value belongs under which name",
        where=f"{file.source}, near row {row}",
        expected=f"{head.width} cells, as in row {head.header_row}",
        found=f"{cells} cells: {text[:200]!r}",
        next_step="download the file again, and compare it with the publisher's copy",
    )


def _last_lines(file: SourceFile, count: int) -> list[str]:
    """The last lines of a file that are not blank."""
    lines: deque[str] = deque(maxlen=count)
    for line in io.TextIOWrapper(io.BufferedReader(_open(file)), "utf-8"):
        if line.strip():
            lines.append(line.strip())
    return list(lines)


def _is_note(text: str) -> bool:
    """Whether a line of another width is a text below the table, not a broken row."""
    cells = next(csv.reader(io.StringIO(text)), [])
    return sum(bool(cell.strip()) for cell in cells) <= 1


def _as_note(text: str) -> str:
    return " ".join(c.strip() for c in next(csv.reader(io.StringIO(text)), []) if c)
