"""Cells to published text, column-wise: raw tables keep what the publisher printed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

#: Doubles count every integer up to here; beyond it digits would be made up.
_WHOLE = 2.0**53


def is_blank(cell: object) -> bool:
    """Whether a cell holds nothing, or nothing but spaces."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def as_text(cell: object) -> str | None:
    """One cell as published text.

    Whole numbers lose the ``.0`` that a spreadsheet's doubles put there, other numbers
    keep full precision, dates are ISO, a blank cell is ``None``.
    """
    if isinstance(cell, str):
        return cell if cell.strip() else None
    if cell is None:
        return None
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        if cell.is_integer() and abs(cell) <= _WHOLE:
            return str(int(cell))
        return repr(cell)
    if isinstance(cell, dt.datetime):
        if cell.time() == dt.time():
            return cell.date().isoformat()
        return cell.isoformat(sep=" ")
    if isinstance(cell, dt.date | dt.time):
        return cell.isoformat()
    return str(cell)


def text_column(cells: Sequence[Any]) -> list[str | None]:
    """A column of cells as published text; each distinct cell is formatted once."""
    if bool in set(map(type, cells)):
        # True equals 1 and hashes alike, so a memo would print one as the other.
        return [as_text(cell) for cell in cells]
    memo = {cell: as_text(cell) for cell in set(cells)}
    return [memo[cell] for cell in cells]


def text_array(cells: Sequence[Any]) -> pa.StringArray:
    """A column of cells as an Arrow text array, as :func:`as_text` prints them."""
    import pyarrow as pa

    if not cells:
        return pa.array([], pa.string())
    if isinstance(cells[0], int | float):
        numbers = number_array(cells)
        if numbers is not None:
            return numbers_as_text(numbers)
    try:
        plain = pa.array(cells, pa.string())
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        return pa.array(text_column(cells), pa.string())
    if any(map(is_blank, set(cells))):
        return pa.array(text_column(cells), pa.string())
    return plain


def number_array(cells: Sequence[Any]) -> pa.DoubleArray | None:
    """The cells as doubles when every one of them is a number, else ``None``."""
    import pyarrow as pa

    try:
        numbers = pa.array(cells, pa.float64())
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        return None
    # Arrow also takes None for a number, and True on some versions.
    if numbers.null_count or bool in set(map(type, cells)):
        return None
    return numbers


def numbers_as_text(numbers: pa.DoubleArray) -> pa.StringArray:
    """Doubles as text; whole ones without ``.0``. Arrow formats each value once."""
    import pyarrow as pa

    try:
        return numbers.cast(pa.int64()).cast(pa.string())
    except pa.ArrowInvalid:
        # Some are not whole. Counts repeat a lot (halves, zeros), so each distinct
        # value is formatted once; Arrow prints the shortest text that reads back.
        coded = numbers.dictionary_encode()
        return coded.dictionary.cast(pa.string()).take(coded.indices)
