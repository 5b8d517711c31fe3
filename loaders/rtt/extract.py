"""Reads a full csv extract: one month, every provider, commissioner, part and function.

Rows pass through as Arrow batches and are never held together, so that memory does not
grow with the file. The codes' names are collected on the way and land after the rows.
"""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from loaders.errors import Quarantined
from loaders.model import FileRead, Period, SourceFile, TableRead
from loaders.periods import parse_period
from loaders.rtt import second_look
from loaders.rtt.codes import Code, codes_batch, collect
from loaders.rtt.content import decide_file, example_line
from loaders.rtt.head import opened
from loaders.rtt.layout import (
    TOTALS,
    ExtractLayout,
    bands_of,
    is_extract_header,
    is_nameless,
    match_extract,
)
from loaders.sheets.textstream import HEADER_WITHIN, Utf8Stream

if TYPE_CHECKING:
    import pyarrow as pa

#: Gives the bytes of the file from its start, in pieces; called again for a bad file.
Bytes = Callable[[], Iterator[bytes]]

BASIS = "provider_commissioner"
#: Read at a time; memory stays at a few blocks whatever the size of the file.
_BLOCK_BYTES = 2 * 1024 * 1024
_BLOCK_ROWS = 4096
_KEYS = (
    *("provider_org_code", "commissioner_org_code"),
    *("rtt_part_type", "treatment_function_code"),
)
#: Rows and their 1-based numbers in the file (an array of numpy).
_Numbered = tuple[Any, "pa.RecordBatch"]
#: ``RTT-April-2019-20``: the month of a financial year, as some extracts have it.
_RTT_PREFIX = re.compile(r"\s*rtt[\s_-]+", re.IGNORECASE)


@dataclass
class Extract:
    """An extract whose header is known and whose rows are still to come."""

    content: Bytes
    where: str
    names: list[str]
    layout: ExtractLayout
    header_row: int
    preamble: tuple[str, ...]
    period: Period
    codes: dict[str, dict[Code, int]] = field(default_factory=dict)
    finished: bool = False

    @property
    def counts(self) -> frozenset[str]:
        """The columns that hold whole numbers or nothing."""
        return frozenset((*bands_of(self.layout.open_from), *TOTALS))


def read_extract(content: Bytes, file: SourceFile) -> FileRead:
    """Reads a full extract; its rows are read when the batches are taken.

    Args:
        content: Gives the bytes.
        file: Its name and what is claimed about it.

    Returns:
        ``pathways`` and, to be taken after it, ``extract_codes``.

    Raises:
        Quarantined: The header or the period cannot be trusted. The same is raised
            while batches are taken, when a row cannot.
    """
    where = file.name
    stream, above, names = opened(content(), where, is_extract_header)
    header_row = len(above) + 1
    layout = match_extract(names, f"{where}, row {header_row}")
    first = _period_of_first_row(stream, layout, f"{where}, row {header_row + 1}")
    facts = decide_file([(first, f"{where}, row {header_row + 1}")], [], file)
    extract = Extract(
        *(content, where, names, layout, header_row),
        *(tuple(line.strip() for line in above if line.strip()), facts.period),
    )
    pathways = _table(extract, "pathways", "full_extract")
    pathways.batches = _pathways(extract, stream, pathways)
    codes = _table(extract, "extract_codes", "full_extract_codes")
    codes.batches = _codes(extract, codes)
    return FileRead(
        reader=_reader_name(),
        period=facts.period,
        period_source=facts.period_source,
        release_status=facts.release_status,
        basis=BASIS,
        is_example=any(map(example_line, extract.preamble)),
        notes=extract.preamble,
        tables=[pathways, codes],
    )


def read_header(data: bytes, file: SourceFile) -> tuple[list[str], tuple[str, ...]]:
    """The column names of an extract as published, and what each of them is."""
    _, above, names = opened(iter([data]), file.name, is_extract_header)
    layout = match_extract(names, f"{file.name}, row {len(above) + 1}")
    return [name.strip() for name in names], layout.columns


def _reader_name() -> str:
    import pyarrow as pa

    return f"csv of pyarrow {pa.__version__}"


def _table(extract: Extract, table: str, source_table: str) -> TableRead:
    return TableRead(
        table=table,
        source_table=source_table,
        sheet=None,
        part=None,
        title=None,
        header_row=extract.header_row,
        first_row=extract.header_row + 1,
        last_row=extract.header_row,
        rows_read=-1,
        notes=(),
        batches=(),
    )


def _period_of_first_row(
    stream: Utf8Stream, layout: ExtractLayout, place: str
) -> Period:
    lines = stream.peek_lines(HEADER_WITHIN)
    line = next((one for one in lines if one.strip(", \t\r")), "")
    cells = next(csv.reader(io.StringIO(line)), [])
    column = layout.columns.index("period")
    if len(cells) <= column:
        raise _no_month(place, line.strip()[:80] or "a header without a row")
    return _month_of(cells[column], place)


def _month(text: str) -> Period | None:
    period = parse_period(_RTT_PREFIX.sub("", text))
    return period if period and period.grain == "month" else None


def _month_of(text: str | None, place: str) -> Period:
    period = _month(text or "")
    if period is None:
        raise _no_month(place, repr(text))
    return period


def _no_month(place: str, found: str) -> Quarantined:
    return Quarantined(
        "cannot tell the month of a row",
        where=place,
        expected="a month in the column Period, such as RTT-January-2026",
        found=found,
        next_step="compare with the publisher's copy and download the file again",
    )


# --------------------------------------------------------------------------- the rows


def _pathways(
    extract: Extract, stream: Utf8Stream, table: TableRead
) -> Iterator[pa.RecordBatch]:
    """The rows as they land; fills in what of the table is known at its end."""
    import pyarrow as pa

    row = extract.header_row
    mismatches = 0
    for numbers, batch in _filled(extract, stream):
        _check_codes(extract, batch, numbers)
        _check_period(extract, batch, numbers)
        collect(extract.codes, extract.layout, batch, numbers)
        try:
            landed = _landed(extract, batch, numbers)
        except pa.ArrowInvalid as error:  # beyond what an integer column holds
            raise _fault(extract, str(error)) from error
        yield landed
        mismatches += _mismatches(extract, batch)
        row = int(numbers[-1])
    extract.finished = True
    table.last_row = row
    if mismatches:
        table.notes = (
            f"{mismatches:,} rows whose bands and unknown clocks do not add up to "
            "Total All",
        )


def _filled(extract: Extract, stream: Utf8Stream) -> Iterator[_Numbered]:
    """The rows that hold something, with their numbers."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    for numbers, batch in _typed(extract, stream):
        if not batch.column("period").null_count:
            yield numbers, batch
            continue
        filled = [pc.is_valid(column).to_numpy(False) for column in batch.columns]
        held = np.logical_or.reduce(filled)
        if held.any():
            yield numbers[held], batch.filter(pa.array(held))


def _typed(extract: Extract, stream: Utf8Stream) -> Iterator[_Numbered]:
    """All rows with their numbers; empty lines and lines of commas are all null."""
    import numpy as np
    import pyarrow as pa
    from pyarrow import csv as arrow_csv

    columns = extract.layout.columns
    words = pa.dictionary(pa.int32(), pa.string())
    row = extract.header_row + 1
    try:
        reader = arrow_csv.open_csv(
            stream,
            read_options=arrow_csv.ReadOptions(
                block_size=_BLOCK_BYTES, column_names=columns
            ),
            parse_options=arrow_csv.ParseOptions(ignore_empty_lines=False),
            convert_options=arrow_csv.ConvertOptions(
                # Unsigned: a negative count is refused with the rest.
                column_types={
                    c: pa.uint32() if c in extract.counts else words for c in columns
                },
                strings_can_be_null=True,
                null_values=[""],
            ),
        )
        for batch in reader:
            yield np.arange(row, row + batch.num_rows), batch
            row += batch.num_rows
    except pa.ArrowInvalid as error:
        yield from _typed_slowly(extract, row, str(error))


def _typed_slowly(extract: Extract, row: int, said: str) -> Iterator[_Numbered]:
    """The rows from one on, where Arrow stopped; the fault where there is one."""
    import numpy as np
    import pyarrow as pa

    columns = extract.layout.columns
    rest = (r for r in _second_look(extract) if r[0] >= row)
    found = False
    while block := list(itertools.islice(rest, _BLOCK_ROWS)):
        found = True
        arrays = [
            pa.array(cells, pa.uint32())
            if column in extract.counts
            else pa.array(cells, pa.string()).dictionary_encode()
            for column, cells in zip(
                columns, zip(*(cells for _, cells in block), strict=True), strict=True
            )
        ]
        numbers = np.array([number for number, _ in block])
        yield numbers, pa.RecordBatch.from_arrays(arrays, names=list(columns))
    if not found:
        raise _unreadable(extract, said)


def _second_look(extract: Extract) -> Iterator[tuple[int, list[str | int | None]]]:
    stream, _, _ = opened(extract.content(), extract.where, is_extract_header)
    at = {i for i, c in enumerate(extract.layout.columns) if c in extract.counts}
    first = extract.header_row + 1
    return second_look.rows(stream, extract.names, at, first, extract.where)


def _fault(extract: Extract, said: str) -> Quarantined:
    """The row at fault, by a slow second look; else what Arrow said."""
    try:
        for _ in _second_look(extract):
            pass
    except Quarantined as found:
        return found
    return _unreadable(extract, said)


def _unreadable(extract: Extract, said: str) -> Quarantined:
    return Quarantined(
        "cannot read the rows of the full extract",
        where=f"{extract.where}, below row {extract.header_row}",
        expected="one line per row, with as many cells as the header",
        found=" ".join(said.split())[:300],
        next_step="compare with the publisher's copy and download the file again",
    )


def _check_codes(extract: Extract, batch: pa.RecordBatch, numbers: Any) -> None:
    """A row without one of its codes belongs to nobody; a nameless column is empty."""
    import pyarrow.compute as pc

    names = dict(zip(extract.layout.columns, extract.names, strict=True))
    for column in names:
        cells = batch.column(column)
        if column in _KEYS and cells.null_count:
            at = pc.index(cells.is_null(), True).as_py()
            expected, found = "a code in every row", "an empty cell"
        elif is_nameless(column) and cells.null_count < len(cells):
            at = pc.index(cells.is_valid(), True).as_py()
            expected, found = "nothing in a column without a name", repr(cells[at])
        else:
            continue
        raise Quarantined(
            "cannot read a row of the full extract",
            where=f"{extract.where}, row {numbers[at]}, column "
            f"{names[column].strip()!r}",
            expected=expected,
            found=found,
            next_step="compare with the publisher's copy and download the file again",
        )


def _check_period(extract: Extract, batch: pa.RecordBatch, numbers: Any) -> None:
    column = batch.column("period")
    texts = column.dictionary.to_pylist()
    wrong = [t for t in texts if _month(t) != extract.period]
    if not wrong and not column.null_count:
        return
    for row, text in zip(numbers, column.to_pylist(), strict=True):
        if text is None or text in wrong:
            place = f"{extract.where}, row {row}"
            other = _month_of(text, place)
            raise Quarantined(
                "cannot trust the period of the file",
                where=place,
                expected=f"{extract.period.label}, as in the rows before",
                found=other.label,
                next_step="load a file of one month; get the publisher's own copy",
            )


def _landed(extract: Extract, batch: pa.RecordBatch, numbers: Any) -> pa.RecordBatch:
    """The compact row: a band without anybody is null, totals are as published."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    zero, nothing = pa.scalar(0, pa.uint32()), pa.scalar(None, pa.uint32())
    open_from = extract.layout.open_from
    arrays: dict[str, Any] = {key: batch.column(key) for key in _KEYS}
    arrays["open_band_from_weeks"] = pa.array(
        np.full(batch.num_rows, open_from, np.int32)
    )
    for band in bands_of(open_from):
        counts = batch.column(band)
        counts = pc.if_else(pc.equal(counts, zero), nothing, counts)
        arrays[band] = counts.cast(pa.int32())
    for total in TOTALS:
        if total in extract.layout.columns:
            arrays[total] = batch.column(total).cast(pa.int32())
    arrays["_source_row"] = pa.array(numbers.astype(np.int32))
    return pa.RecordBatch.from_pydict(arrays)


def _mismatches(extract: Extract, batch: pa.RecordBatch) -> int:
    """Rows with bands whose sum, unknown clocks included, is not their Total All.

    New RTT periods (Part_3) state no bands and are not counted.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    total = batch.column("total_all")
    parts = [batch.column(band) for band in bands_of(extract.layout.open_from)]
    stated = pc.is_valid(pc.max_element_wise(*parts))
    if "total_unknown_clock" in extract.layout.columns:
        parts.append(batch.column("total_unknown_clock"))
    found = pa.scalar(0, pa.uint64())
    for part in parts:
        found = pc.add(found, pc.fill_null(part, 0))
    wrong = pc.and_(stated, pc.not_equal(found, pc.fill_null(total, 0)))
    return int(pc.sum(wrong).as_py() or 0)


def _codes(extract: Extract, table: TableRead) -> Iterator[pa.RecordBatch]:
    if not extract.finished:
        raise RuntimeError("the codes are known once all pathways have been taken")
    batch = codes_batch(extract.codes)
    table.last_row = max(batch.column("_source_row").to_pylist())
    yield batch
