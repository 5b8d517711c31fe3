"""A csv that is one table: lines of text above it, perhaps a header, then its rows.

Every row must have as many cells as the first: a row that is cut off, or that has a
comma outside quotes, would put values under the wrong names in silence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from loaders.errors import Quarantined
from loaders.files.voices import is_example_line
from loaders.model import TableRead
from loaders.sheets import csvtext
from loaders.sheets.layout import ColumnRegion, SheetRegion, TableRegion, texts
from loaders.sheets.values import is_blank, text_array

_AGAIN = "download the file again, and compare it with the publisher's copy"


@dataclass(frozen=True)
class Listing:
    """The table of a csv.

    Attributes:
        name: File name, for messages.
        first: Its first row, 1-based: the header, or a row of data where it has none.
        width: Cells of each row.
        rows: Its rows with their 1-based numbers, the first included, blank ones not.
        notes: The lines above it, as published.
        is_example: Whether one of them says that this is a hindcast example.
    """

    name: str
    first: int
    width: int
    rows: Sequence[tuple[int, list[str]]]
    notes: tuple[str, ...]
    is_example: bool

    @property
    def header(self) -> list[str]:
        """The cells of the first row."""
        return self.rows[0][1]


def open_listing(
    data: bytes, name: str, begins: Callable[[list[str]], bool], expected: str
) -> Listing:
    """Finds the table of a csv.

    Args:
        data: The bytes of the file.
        name: Its name, for messages.
        begins: Whether a row is the first one of the table.
        expected: What the first row looks like, for messages.

    Raises:
        Quarantined: It is no csv, no row begins a table, or a row has more or fewer
            cells than the first.
    """
    text = csvtext.read_csv(data, name, begins)
    first = next((i for i, row in enumerate(text.rows) if begins(row)), None)
    if first is None:
        start = next((texts(row) for row in text.rows if texts(row)), ())
        raise Quarantined(
            "cannot find the table",
            where=name,
            expected=expected,
            found=f"{len(text.rows)} rows, the first with: {', '.join(start)[:200]}",
            next_step="check that the file belongs to this pipeline; " + _AGAIN,
        )
    width = text.widths[first]
    rows = [
        (i + 1, row[:width])
        for i, row in enumerate(text.rows[first:], first)
        if any(cell.strip() for cell in row)
    ]
    for number, _ in rows:
        cells = text.widths[number - 1]
        if cells != width:
            raise Quarantined(
                "cannot tell which value belongs under which name",
                where=f"{name}, row {number}",
                expected=f"{width} cells, as in row {first + 1}",
                found=f"{cells} cells",
                next_step=_AGAIN,
            )
    notes = tuple(cell for row in text.rows[:first] for cell in texts(row))
    return Listing(name, first + 1, width, rows, notes, says_example(notes))


def place_columns(
    listing: Listing,
    landed: Callable[[str], str | None],
    required: Iterable[str],
    what: str,
) -> dict[str, int]:
    """Where each landed column stands, by the names in the header; in any order.

    Args:
        listing: The table.
        landed: The column that a published name lands in; ``None`` for an unknown one,
            empty for one that is known and not landed.
        required: Columns that must be there.
        what: What the table holds, for messages.

    Raises:
        Quarantined: A name is unknown or there twice, or a column is missing.
    """
    where = f"{listing.name}, row {listing.first}"
    found: dict[str, int] = {}
    for index, name in enumerate(listing.header):
        column = landed(name)
        if not name.strip() and _is_empty(listing, index):
            continue
        if column is None:
            raise Quarantined(
                f"cannot read a column of {what} that is not known",
                where=where,
                expected=f"the columns {', '.join(required)}",
                found=f"also {name.strip()!r}" if name.strip() else "one without name",
                next_step="look at what it holds: it has to be added to the layout in "
                "loaders/ before the file can be loaded",
            )
        if column in found:
            raise Quarantined(
                f"cannot tell two columns of {what} apart",
                where=where,
                expected=f"one column that is {column}",
                found=f"{listing.header[found[column]].strip()!r} and {name.strip()!r}",
                next_step=_AGAIN,
            )
        if column:
            found[column] = index
    missing = [column for column in required if column not in found]
    if missing:
        raise Quarantined(
            f"cannot find every column of {what}",
            where=where,
            expected=f"the columns {', '.join(required)}",
            found=f"none that is {', '.join(missing)}",
            next_step="if the publisher renamed it, its new name has to be added to "
            "the layout in loaders/; otherwise " + _AGAIN,
        )
    return found


def _is_empty(listing: Listing, index: int) -> bool:
    """Whether a column holds nothing: commas that a spreadsheet left behind."""
    return not any(row[index].strip() for _, row in listing.rows)


def check_cells(
    listing: Listing,
    rows: Sequence[tuple[int, list[str]]],
    index: int,
    pattern: re.Pattern[str],
    expected: str,
    what: str,
) -> None:
    """Checks that each cell of a column is what its name says.

    Raises:
        Quarantined: One is not.
    """
    for number, row in rows:
        cell = row[index]
        if not pattern.fullmatch(cell.strip()):
            raise Quarantined(
                f"cannot trust the rows: one has no {what} where it should stand",
                where=f"{listing.name}, row {number}",
                expected=expected,
                found="nothing" if is_blank(cell) else repr(cell),
                next_step=_AGAIN,
            )


def table_read(
    listing: Listing,
    rows: Sequence[tuple[int, list[str]]],
    table: str,
    source_table: str,
    columns: Mapping[str, int | Sequence[str | None]],
) -> TableRead:
    """The rows as a table to land, each cell as published, a blank one as null.

    Args:
        listing: Where they come from.
        rows: The rows of data.
        table: The landing table.
        source_table: The publisher's table.
        columns: For each landed column where it stands, or its values.

    Raises:
        Quarantined: There is no row.
    """
    import pyarrow as pa

    if not rows:
        raise Quarantined(
            "cannot read the table",
            where=f"{listing.name}, row {listing.first}",
            expected="rows below the header",
            found="a header without a row",
            next_step=_AGAIN,
        )
    arrays = {
        name: pa.array(at, pa.string())
        if not isinstance(at, int)
        else text_array([row[at] for _, row in rows])
        for name, at in columns.items()
    }
    arrays["_source_row"] = pa.array([number for number, _ in rows], pa.int64())
    return TableRead(
        table=table,
        source_table=source_table,
        sheet=None,
        part=None,
        title=None,
        header_row=listing.first,
        first_row=rows[0][0],
        last_row=rows[-1][0],
        rows_read=len(rows),
        notes=(),
        batches=[pa.RecordBatch.from_pydict(arrays)],
    )


def region(
    table: TableRead,
    columns: Mapping[str, int],
    names: Sequence[str],
    measures: Iterable[str],
) -> SheetRegion:
    """The table as the manifest of its file tells it.

    Args:
        table: The table.
        columns: Where each landed column stands.
        names: The published names from left to right.
        measures: Landed columns that are figures.
    """
    by_index = {index: name for name, index in columns.items()}
    figures = set(measures)
    told = TableRegion(
        name=table.source_table,
        header_rows=(table.header_row, table.header_row),
        first_data_row=table.first_row,
        last_data_row=table.last_row,
        data_rows=table.rows_read,
        columns=tuple(
            ColumnRegion(i, name, by_index[i], role)
            for i, name in enumerate(names)
            if i in by_index
            for role in ("measure" if by_index[i] in figures else "dimension",)
        ),
        aggregate_rows=(),
        footer_rows=None,
        notes=table.notes,
    )
    return SheetRegion(None, False, "data", (told,))


def says_example(notes: Iterable[str]) -> bool:
    """Whether one of the texts says that its file is a hindcast example."""
    return any(map(is_example_line, notes))
