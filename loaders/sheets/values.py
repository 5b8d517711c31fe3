"""Cells to published text, column-wise: raw tables keep what the publisher printed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

#: From here on numbers are printed with an exponent, as a spreadsheet does.
_WHOLE = 1e15


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
        if cell.is_integer() and abs(cell) < _WHOLE:
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


def blanks_in(cells: Sequence[Any]) -> set[str]:
    """The distinct blank cells of a column, ``None`` not expected."""
    # In C, and without hashing every text of a long column. "".isspace() is False.
    blanks = {""} if "" in cells else set()
    try:
        spaces = any(map(str.isspace, cells))
    except TypeError:
        spaces = True
    if spaces:
        blanks.update(c for c in cells if isinstance(c, str) and is_blank(c))
    return blanks


def text_array(cells: Sequence[Any]) -> pa.StringArray:
    """A column of cells as an Arrow text array, as :func:`as_text` prints them."""
    import pyarrow as pa

    if not cells:
        return pa.array([], pa.string())
    if isinstance(cells[0], int | float):
        numbers = number_array(cells)
        if numbers is not None:
            return numbers.cast(pa.string())
    blanks = blanks_in(cells)
    if blanks:
        cells = [None if cell in blanks else cell for cell in cells]
    return full_text_array(cells)


def figures_array(cells: Sequence[Any]) -> pa.StringArray:
    """As :func:`text_array`, faster for figures: counts repeat, some are blank."""
    import pyarrow as pa

    if set(map(type, cells)) <= {float, str} and any(
        c.__class__ is float for c in cells
    ):
        texts = {c for c in cells if c.__class__ is str}
        if not any(text.strip() for text in texts):
            figures = [None if c.__class__ is str else c for c in cells]
            return repeated_numbers_as_text(pa.array(figures, pa.float64()))
    return text_array(cells)


def full_text_array(cells: Sequence[Any]) -> pa.StringArray:
    """As :func:`text_array`, for a column already known to hold no blank."""
    import pyarrow as pa

    try:
        return pa.array(cells, pa.string())
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        return pa.array(text_column(cells), pa.string())


def number_array(cells: Sequence[Any]) -> pa.DoubleArray | None:
    """The cells as doubles when every one of them is a number, else ``None``."""
    import pyarrow as pa

    # Arrow takes True for 1.0.
    if bool in set(map(type, cells)):
        return None
    try:
        numbers = pa.array(cells)
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        return None
    if pa.types.is_integer(numbers.type):
        numbers = numbers.cast(pa.float64())
    is_numbers = pa.types.is_float64(numbers.type) and not numbers.null_count
    return numbers if is_numbers else None


def repeated_numbers_as_text(numbers: pa.DoubleArray) -> pa.StringArray:
    """Doubles as text, whole ones without ``.0``, each distinct value formatted once.

    Arrow prints the shortest text that reads back as the same number. For counts, which
    repeat a lot, this is four times faster than a plain cast.
    """
    import pyarrow as pa

    coded = numbers.dictionary_encode()
    return coded.dictionary.cast(pa.string()).take(coded.indices)
