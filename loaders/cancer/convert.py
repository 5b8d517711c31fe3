"""From the rows of tables to Arrow: every figure checked, every cell as published."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any

from loaders.cancer.blocks import is_noise
from loaders.cancer.tables import MAY_BE_BLANK, Table
from loaders.errors import Quarantined
from loaders.sheets.names import column_letter, without_marks
from loaders.sheets.values import (
    as_text,
    full_text_array,
    is_blank,
    number_array,
    repeated_numbers_as_text,
    text_array,
)

if TYPE_CHECKING:
    import pyarrow as pa

#: Marks the publisher prints for a figure that is withheld or too small to show.
SUPPRESSION_MARKS = frozenset(
    ("*", "-", "–", "—", "..", ":", "c", "z", "x", "[c]", "[z]", "[x]", "[low]")
)
_COUNT = re.compile(r"-?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d+)?")


def convert_tables(tables: list[Table], columns: list[list[Any]]) -> None:
    """Fills ``arrays`` and ``rows_read`` of the tables of one sheet.

    Args:
        tables: The tables.
        columns: The sheet by column.

    Raises:
        Quarantined: A figure is neither a number nor a mark for a withheld one.
    """
    # Tables alike on a sheet are converted in one go: Arrow's cost is per call.
    alike: dict[tuple[Any, ...], list[Table]] = {}
    for table in tables:
        key = (table.layout.columns, tuple(table.block.names))
        alike.setdefault(key, []).append(table)
    for group in alike.values():
        arrays, start = _arrays(group, columns), 0
        for table in group:
            count = len(table.rows.emitted)
            table.arrays = {n: a.slice(start, count) for n, a in arrays.items()}
            table.rows_read = rows_between(table)
            start += count


def rows_between(table: Table) -> int:
    """Rows between the first and last that land, counted whatever was made of them."""
    first, last = table.rows.runs[0].start, table.rows.runs[-1].stop
    code = next(i for i, c in table.columns if c.landed == "ods_code")
    rows = table.page.sheet.rows[first:last]
    blank = [""] * len(rows[0])
    some = [row for row in rows if row != blank]
    return len(some) - sum(1 for row in some if not row[code] and is_noise(row))


def _arrays(alike: list[Table], sheet_columns: list[list[Any]]) -> dict[str, pa.Array]:
    """The rows of tables with the same columns on the same sheet, one after another."""
    import pyarrow as pa

    table = alike[0]
    runs = [run for t in alike for run in t.rows.runs]
    emitted = list(chain.from_iterable(runs))
    columns = [
        list(chain.from_iterable(cells[r.start : r.stop] for r in runs))
        for cells in sheet_columns
    ]
    _check_unnamed(table, emitted, columns)
    counts = [(i, c.landed) for i, c in table.columns if c.role == "measure"]
    printed = _counts_as_text(table, emitted, [(i, columns[i]) for i, _ in counts])
    arrays: dict[str, pa.Array] = {}
    bands: list[tuple[str, pa.Array]] = []
    for (index, landed), texts_of_column in zip(counts, printed, strict=True):
        if landed == "bands":
            bands.append((without_marks(table.block.names[index]), texts_of_column))
        else:
            arrays[landed] = texts_of_column
    for index, column in table.columns:
        cells = columns[index]
        if column.role == "dimension" and column.landed not in MAY_BE_BLANK:
            arrays[column.landed] = full_text_array(cells)
        elif column.role != "measure":
            arrays[column.landed] = text_array(cells)
    if bands:
        arrays["bands"] = pa.array(_as_json(bands), pa.string())
    arrays["_source_row"] = pa.array([i + 1 for i in emitted], pa.int64())
    return arrays


def _counts_as_text(
    table: Table, emitted: list[int], columns: list[tuple[int, Sequence[Any]]]
) -> list[pa.Array]:
    """The count columns as text, having checked that they are counts."""
    rows = len(emitted)
    # Arrow's cost is per call, not per cell: where all are numbers, one call does.
    numbers = number_array(list(chain.from_iterable(cells for _, cells in columns)))
    if numbers is not None:
        whole = repeated_numbers_as_text(numbers)
        return [whole.slice(i * rows, rows) for i in range(len(columns))]
    for index, cells in columns:
        _check_counts(table, emitted, index, cells)
    return [text_array(cells) for _, cells in columns]


def _as_json(bands: list[tuple[str, pa.Array]]) -> list[str]:
    names = [name for name, _ in bands]
    values = zip(*(array.to_pylist() for _, array in bands), strict=True)
    return [json.dumps(dict(zip(names, v, strict=True))) for v in values]


def _check_unnamed(table: Table, emitted: list[int], columns: list[list[Any]]) -> None:
    for index, cells in enumerate(columns):
        if index in table.block.names or not set(cells) - {""}:
            continue
        for i, cell in zip(emitted, cells, strict=True):
            if not is_blank(cell):
                raise _bad_cell(
                    table, i, index, "no value, because the column has no header", cell
                )


def _check_counts(
    table: Table, emitted: list[int], index: int, cells: Sequence[Any]
) -> None:
    bad = {cell for cell in set(cells) if not _is_count(cell)}
    if not bad:
        return
    at, cell = next((i, c) for i, c in zip(emitted, cells, strict=True) if c in bad)
    raise _bad_cell(table, at, index, "a number or a mark for a withheld figure", cell)


def _is_count(cell: Any) -> bool:
    if isinstance(cell, str):
        plain = cell.strip()
        return bool(_COUNT.fullmatch(plain)) or plain.lower() in SUPPRESSION_MARKS
    return isinstance(cell, int | float) and not isinstance(cell, bool)


def _bad_cell(
    table: Table, row: int, column: int, expected: str, cell: Any
) -> Quarantined:
    header = table.block.names.get(column)
    name = f"column {column_letter(column)}"
    if header:
        name += f" '{without_marks(header)}'"
    if not is_blank(cell):
        found = f"'{as_text(cell)}'"
    elif table.page.sheet.name is None:
        found = "a blank"
    else:
        found = "a blank, or an error such as #DIV/0! (calamine reads errors as blank)"
    return Quarantined(
        "cannot read a figure of the table",
        where=f"{table.where}, row {row + 1}, {name}",
        expected=expected,
        found=found,
        next_step="compare the cell with the publisher's copy; download the file again",
    )
