"""From the bytes of any publication's file to the tables that land."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any
from zlib import crc32

from loaders.errors import Quarantined
from loaders.model import FileRead, SourceFile, TableRead
from loaders.publications import content, registry
from loaders.publications.details import (
    WIDTHS,
    ColumnDetails,
    FileDetails,
    SheetDetails,
    TableDetails,
    landed_table,
)
from loaders.publications.entries import Publication
from loaders.publications.parts import SAMPLE
from loaders.publications.settle import settle
from loaders.sheets import csvtext, workbook
from loaders.sheets.keys import name_key
from loaders.sheets.listing import says_example
from loaders.sheets.tables import SheetTables, read_tables
from loaders.sheets.wide import LandedTable, to_land
from loaders.sheets.workbook import Sheet

if TYPE_CHECKING:
    import pyarrow as pa

#: Numbers of tables change between releases: ``Table 2b:`` is no part of a title.
_NUMBER = re.compile(r"\s*(?:table|figure)\s+\d+\w{0,2}(?:\.\d+)*\s*[:.–-]?\s+", re.I)
#: Rows whose subjects are looked at to tell parts from vintages.
SUBJECTS_FROM_ROWS = 50_000


def read(data: bytes, file: SourceFile) -> FileRead:
    """Reads every table of a workbook or csv.

    Args:
        data: The bytes.
        file: Where they come from and what is claimed of them.

    Raises:
        Quarantined: It cannot be read, holds no table, or its period is unknown or
            contradicted.
    """
    return survey(data, file)[0]


def survey(data: bytes, file: SourceFile) -> tuple[FileRead, list[SheetTables]]:
    """As :func:`read`, with all that was found on the sheets."""
    code, publication, _ = registry.load().match(file)
    overrides = publication.overrides if publication else ()
    reader, sheets, widths = open_sheets(data, file.name)
    found: list[tuple[Sheet, SheetTables]] = []
    for sheet in sheets:
        found.append((sheet, read_tables(sheet, overrides)))
        # The cells that are needed are held by the tables.
        sheet.rows = []
    _refuse_shifted(file, found, widths)
    if widths and data[-1:] not in b"\r\n\0":
        _refuse_cut_short(file, found, widths)
    facts = content.facts(
        lines_of(found),
        times_of(found) if sheet_names(found) == [None] else None,
        publication.period_column if publication else None,
    )
    settled = settle(file, facts, publication)
    details = file_details(file, code, publication)
    notes = tuple(
        text for _, tables in found for _, cells in tables.preamble for text in cells
    )
    tables = list(_tables(file, found, settled.period.end))
    sheets_told = tuple(
        SheetDetails(s.name, s.hidden, t.region.kind, len(t.tables), t.reason)
        for s, t in found
    )
    if not tables:
        raise no_table(file, sheets_told)
    made = FileRead(
        reader=reader,
        period=settled.period,
        period_source=settled.period_source,
        release_status=settled.release_status,
        basis=code,
        is_example=says_example(notes),
        notes=notes,
        tables=tables,
        published_on=settled.published_on,
        details=FileDetails(*details, sheets_told),
        remark=remark(code, publication),
    )
    return made, [tables for _, tables in found]


def open_sheets(data: bytes, name: str) -> tuple[str, Iterator[Sheet], Sequence[int]]:
    """The reader of a file, its sheets, and of a csv how many cells each row has.

    A csv is one sheet without a name.
    """
    kind = workbook.sniff(data)
    is_csv = name.lower().endswith(".csv")
    if kind == "text" or (kind == "empty" and is_csv):
        try:
            text = csvtext.read_csv(data, name)
        except Quarantined as error:
            if is_csv:
                raise
            raise Quarantined(
                "cannot read the workbook",
                where=name,
                expected="an Excel workbook, or text under the name of one",
                found="bytes that are neither",
                next_step="download it again",
            ) from error
        rows: list[list[Any]] = list(text.rows)
        return csvtext.reader_name(), iter([Sheet(None, False, rows)]), text.widths
    # A failed formula is no blank: its text lands.
    sheets = workbook.open_workbook(data, name, kind, errors=True)
    return workbook.reader_name(), sheets, ()


def _refuse_shifted(
    file: SourceFile, found: Sequence[tuple[Sheet, SheetTables]], widths: Sequence[int]
) -> None:
    """A few rows of a csv that are longer than its header: a comma without quotes?

    Raises:
        Quarantined: Their values stand under the names of others.
    """
    for _, tables in found if widths else ():
        for table in tables.tables:
            width = widths[table.region.header_rows[1] - 1]
            rows = table.row_numbers
            longer = [row for row in rows if widths[row - 1] > width]
            if longer and len(longer) * 2 <= len(rows):
                raise shifted(file, longer[0], width, widths[longer[0] - 1])


def _refuse_cut_short(
    file: SourceFile, found: Sequence[tuple[Sheet, SheetTables]], widths: Sequence[int]
) -> None:
    """A csv that ends within a row: the transfer broke off.

    Raises:
        Quarantined: Its last row has fewer cells than any other.
    """
    last = len(widths)
    for _, tables in found:
        for table in tables.tables:
            others = [widths[row - 1] for row in table.row_numbers if row != last]
            if last in table.row_numbers and others and widths[-1] < min(others):
                raise shifted(
                    file, last, widths[table.region.header_rows[1] - 1], widths[-1]
                )


def shifted(
    file: SourceFile, row: int, width: int, cells: int, text: str = ""
) -> Quarantined:
    """A row of a csv has other cells than there are names."""
    return Quarantined(
        "cannot tell which value belongs under which name",
        where=f"{file.source}, row {row}",
        expected=f"{width} cells, as in the header",
        found=f"{cells} cells{text}",
        next_step="download the file again, and compare it with the publisher's copy",
    )


def sheet_names(found: Sequence[tuple[Sheet, SheetTables]]) -> list[str | None]:
    """Names of the sheets; of a csv a single ``None``."""
    return [sheet.name for sheet, _ in found]


def lines_of(
    found: Sequence[tuple[Sheet, SheetTables]],
) -> list[tuple[str, Sequence[object]]]:
    """The lines around the tables, each with its place."""
    return [
        (f"sheet '{sheet.name}', row {row}" if sheet.name else f"row {row}", cells)
        for sheet, tables in found
        for row, cells in tables.preamble
    ]


def times_of(
    found: Sequence[tuple[Sheet, SheetTables]],
) -> dict[str, set[object]]:
    """Distinct values of the columns that may say of which period a csv is."""
    return {
        column.published_name: set(table.cells(i))
        for _, tables in found
        for table in tables.tables
        for i, column in enumerate(table.columns)
        if content.is_time_column(column.published_name)
    }


def file_details(
    file: SourceFile, code: str, publication: Publication | None
) -> tuple[str, bool, str | None, str]:
    """Code, whether it is registered, the part of the release, the key of the name."""
    part = publication.part_of(file.name) if publication else None
    return code, publication is not None, part, name_key(stem(file.name))


def remark(code: str, publication: Publication | None) -> str | None:
    """Says of a publication that nobody registered whose name it goes by."""
    if publication is not None:
        return None
    return f"of no publication in publications.yml: they go by {code}, their folder"


def stem(name: str) -> str:
    """The name of a file without its ending."""
    return name.rsplit(".", 1)[0]


def no_table(file: SourceFile, sheets: Sequence[SheetDetails]) -> Quarantined:
    """Nothing to land: what each sheet is instead."""
    told = ", ".join(
        f"{s.sheet or 'the file'}: {s.kind}{f' ({s.reason})' if s.reason else ''}"
        for s in sheets
    )
    return Quarantined(
        "cannot find a table in the file",
        where=file.source,
        expected="a header with rows below it on some sheet",
        found=told[:600] or "no sheet",
        next_step="look at it with `hindcast manifest`; where it does hold a table, "
        "say where in the overrides of its publication in publications.yml",
    )


def _tables(
    file: SourceFile, found: Sequence[tuple[Sheet, SheetTables]], end: dt.date
) -> Iterator[TableRead]:
    for sheet, tables in found:
        for table in tables.tables:
            landed = to_land(table, end)
            key = name_key(stem(file.name) if sheet.name is None else sheet.name)
            yield table_read(landed, sheet, key, file)


def table_read(
    landed: LandedTable, sheet: Sheet, sheet_key: str, file: SourceFile
) -> TableRead:
    """A table as the landing takes it.

    Raises:
        Quarantined: It has more columns than any landed table.
    """
    found, region = landed.found, landed.found.region
    table = landed_table(len(landed.columns))
    if table is None:
        raise Quarantined(
            "cannot land a table as wide as this",
            where=f"{file.source}, sheet '{sheet.name}', row {region.header_rows[0]}",
            expected=f"at most {WIDTHS[-1]} columns",
            found=f"{len(landed.columns)} columns",
            next_step="if these are several tables side by side, say where each stands "
            "in the overrides of its publication in publications.yml",
        )
    details = TableDetails(
        columns=[
            ColumnDetails(
                *(c.letter, c.published_name, c.marks, c.clean_name),
                *(c.role, c.value_kind),
            )
            for c in landed.columns
        ],
        header_rows=region.header_rows,
        sheet_columns=sum(c.clean_name is not None for c in region.columns),
        sheet_rows=landed.sheet_rows,
        is_hidden=sheet.hidden,
        is_declared=found.is_declared,
        is_wide=landed.is_wide,
        aggregate_rows=region.aggregate_rows,
        footer_rows=region.footer_rows,
        dropped_periods=landed.dropped_periods,
        sheet_key=sheet_key,
        title_key=name_key(_NUMBER.sub("", found.title or "", count=1)),
    )
    details.sample, details.sample_rows = subjects(landed.batch, details.columns)
    numbers = found.row_numbers
    return TableRead(
        table=table,
        source_table=sheet_key,
        sheet=sheet.name,
        part=None,
        title=found.title,
        header_row=region.header_rows[0],
        first_row=numbers[0] if numbers else region.first_data_row,
        last_row=numbers[-1] if numbers else region.last_data_row,
        rows_read=landed.batch.num_rows,
        notes=region.notes,
        batches=[landed.batch],
        details=details,
    )


def subjects(
    batch: pa.RecordBatch, columns: Sequence[ColumnDetails]
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """A sample of what rows are about, and of the rows.

    A name that begins with ``_`` is a database's own: ``_loaded_at`` says when a row
    was written, not what it is about, and is another in every file.

    Args:
        batch: Columns ``c1`` to ``cN``.
        columns: What is known of them, in their order.

    Returns:
        The smallest hashes of labels, and for each of them that of its first row. The
        same rows give the same sample, in whatever order they stand.
    """
    import pyarrow as pa

    said = [
        (c.role, batch.column(i).slice(0, SUBJECTS_FROM_ROWS))
        for i, c in enumerate(columns)
        if not c.published_name.startswith("_")
    ]
    labels = [values for role, values in said if role != "measure"]
    if not labels or not batch.num_rows:
        return (), ()
    joined: list[str] = _joined(labels).to_pylist()
    # In reverse, so that of rows with one label the first is the one that stays.
    first = {joined[i]: i for i in reversed(range(len(joined)))}
    sample = sorted((crc32(label.encode()), row) for label, row in first.items())
    sample = sample[:SAMPLE]
    picked = pa.array([row for _, row in sample])
    rows = _joined([values.take(picked) for _, values in said])
    return (
        tuple(hashed for hashed, _ in sample),
        tuple(crc32(row.encode()) for row in rows.to_pylist()),
    )


def _joined(columns: Sequence[pa.Array]) -> pa.StringArray:
    """The cells of each row as one text."""
    import pyarrow as pa
    import pyarrow.compute as pc

    filled = [pc.fill_null(column, "") for column in columns]
    return pc.binary_join_element_wise(*filled, pa.scalar("\x1f"))
