"""Reads a full csv extract: one month, every provider, commissioner, part and function.

Rows pass through as Arrow batches and are never held together, so that memory does not
grow with the file. The codes' names are collected on the way and land after the rows.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from loaders.errors import Quarantined
from loaders.model import FileRead, Period, SourceFile, TableRead
from loaders.periods import parse_period
from loaders.rtt import locate
from loaders.rtt.content import decide_file, example_line
from loaders.rtt.layout import (
    TOTALS,
    ExtractLayout,
    bands_of,
    is_extract_header,
    match_extract,
)
from loaders.rtt.textstream import Utf8Stream, opened

if TYPE_CHECKING:
    import pyarrow as pa

#: Gives the bytes of the file from its start, in pieces; called again for a bad file.
Bytes = Callable[[], Iterator[bytes]]

BASIS = "provider_commissioner"
#: Read at a time; memory stays at a few blocks whatever the size of the file.
_BLOCK_BYTES = 2 * 1024 * 1024
_KEYS = (
    *("provider_org_code", "commissioner_org_code"),
    *("rtt_part_type", "treatment_function_code"),
)
#: What ``extract_codes`` says of each kind: code, name, parent's code, parent's name.
_CODE_KINDS = {
    "provider": (
        *("provider_org_code", "provider_org_name"),
        *("provider_parent_code", "provider_parent_name"),
    ),
    "commissioner": (
        *("commissioner_org_code", "commissioner_org_name"),
        *("commissioner_parent_code", "commissioner_parent_name"),
    ),
    "rtt_part": ("rtt_part_type", "rtt_part_description"),
    "treatment_function": ("treatment_function_code", "treatment_function_name"),
}
_Code = tuple[str | None, ...]


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
    codes: dict[str, dict[_Code, int]] = field(default_factory=dict)
    finished: bool = False


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
    line = stream.peek_line()
    cells = next(csv.reader(io.StringIO(line)), [])
    column = layout.columns.index("period")
    if not line.strip() or len(cells) <= column:
        raise _no_month(place, line.strip()[:80] or "a header without a row")
    return _month_of(cells[column], place)


def _month_of(text: str | None, place: str) -> Period:
    period = parse_period(text)
    if period is None or period.grain != "month":
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
    for batch in _typed(extract, stream):
        _check_period(extract, batch, row + 1)
        _collect(extract, batch, row + 1)
        try:
            landed = _landed(extract, batch, row + 1)
        except pa.ArrowInvalid as error:  # beyond what an integer column holds
            raise _fault(extract, str(error)) from error
        yield landed
        mismatches += _mismatches(extract, batch)
        row += batch.num_rows
    _check_lines(extract, stream, row - extract.header_row)
    extract.finished = True
    table.last_row = row
    if mismatches:
        table.notes = (
            f"{mismatches:,} rows whose bands and unknown clocks do not add up to "
            "Total All",
        )


def _typed(extract: Extract, stream: Utf8Stream) -> Iterator[pa.RecordBatch]:
    import pyarrow as pa
    from pyarrow import csv as arrow_csv

    columns = extract.layout.columns
    counts = {*bands_of(extract.layout.open_from), *TOTALS}
    words = pa.dictionary(pa.int32(), pa.string())
    try:
        reader = arrow_csv.open_csv(
            stream,
            read_options=arrow_csv.ReadOptions(
                block_size=_BLOCK_BYTES, column_names=columns
            ),
            convert_options=arrow_csv.ConvertOptions(
                # Unsigned: a negative count is refused with the rest.
                column_types={
                    c: pa.uint32() if c in counts else words for c in columns
                },
                strings_can_be_null=True,
                null_values=[""],
            ),
        )
        yield from reader
    except pa.ArrowInvalid as error:
        raise _fault(extract, str(error)) from error


def _fault(extract: Extract, said: str) -> Quarantined:
    """The row at fault, by a slow second look; else what Arrow said."""
    stream, _, _ = opened(extract.content(), extract.where, is_extract_header)
    counts = {*bands_of(extract.layout.open_from), *TOTALS}
    at = [i for i, c in enumerate(extract.layout.columns) if c in counts]
    first = extract.header_row + 1
    found = locate.fault(stream, extract.names, at, first, extract.where)
    return found or Quarantined(
        "cannot read the rows of the full extract",
        where=f"{extract.where}, below row {extract.header_row}",
        expected="one line per row, with as many cells as the header",
        found=" ".join(said.split())[:300],
        next_step="compare with the publisher's copy and download the file again",
    )


def _check_period(extract: Extract, batch: pa.RecordBatch, first_row: int) -> None:
    column = batch.column("period")
    texts = column.dictionary.to_pylist()
    wrong = [t for t in texts if parse_period(t) != extract.period]
    if not wrong and not column.null_count:
        return
    for row, text in enumerate(column.to_pylist(), first_row):
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


def _check_lines(extract: Extract, stream: Utf8Stream, rows: int) -> None:
    """Arrow passes over empty lines: rows after one would carry a wrong number."""
    if stream.lines - extract.header_row <= rows:
        return
    first = extract.header_row + 1
    again, _, _ = opened(extract.content(), extract.where, is_extract_header)
    found = locate.fault(again, extract.names, [], first, extract.where)
    if found:
        raise found


def _landed(extract: Extract, batch: pa.RecordBatch, first_row: int) -> pa.RecordBatch:
    """The compact row: a band without anybody is null, totals are as published."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    zero, nothing = pa.scalar(0, pa.uint32()), pa.scalar(None, pa.uint32())
    open_from = extract.layout.open_from
    rows = batch.num_rows
    arrays: dict[str, Any] = {key: batch.column(key) for key in _KEYS}
    arrays["open_band_from_weeks"] = pa.array(np.full(rows, open_from, np.int32))
    for band in bands_of(open_from):
        counts = batch.column(band)
        counts = pc.if_else(pc.equal(counts, zero), nothing, counts)
        arrays[band] = counts.cast(pa.int32())
    for total in TOTALS:
        if total in extract.layout.columns:
            arrays[total] = batch.column(total).cast(pa.int32())
    numbers = np.arange(first_row, first_row + rows, dtype=np.int32)
    arrays["_source_row"] = pa.array(numbers)
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


# -------------------------------------------------------------------------- the codes


def _collect(extract: Extract, batch: pa.RecordBatch, first_row: int) -> None:
    """Notes each combination of code and names that was not met before."""
    import numpy as np
    import pyarrow as pa

    for kind, wanted in _CODE_KINDS.items():
        columns = [c for c in wanted if c in extract.layout.columns]
        numbers = np.arange(first_row, first_row + batch.num_rows)
        table = pa.Table.from_batches([batch.select(columns)])
        table = table.append_column("_source_row", pa.array(numbers))
        groups = table.group_by(columns, use_threads=False)
        known = extract.codes.setdefault(kind, {})
        found = groups.aggregate([("_source_row", "min")]).to_pydict()
        for i, row in enumerate(found["_source_row_min"]):
            code = tuple(found[c][i] if c in columns else None for c in wanted)
            known.setdefault(code, row)


def _codes(extract: Extract, table: TableRead) -> Iterator[pa.RecordBatch]:
    import pyarrow as pa

    if not extract.finished:
        raise RuntimeError("the codes are known once all pathways have been taken")
    columns = ("code_kind", "code", "name", "parent_code", "parent_name")
    rows: list[tuple[Any, ...]] = [
        (row, kind, *code, *(None,) * (4 - len(code)))
        for kind, codes in extract.codes.items()
        for code, row in sorted(codes.items(), key=lambda item: item[1])
    ]
    table.last_row = max(row[0] for row in rows)
    arrays = [pa.array(c) for c in zip(*rows, strict=True)]
    yield pa.RecordBatch.from_arrays(arrays, names=["_source_row", *columns])
