"""A full extract read again, row by row, where Arrow stopped.

Arrow is fast and strict: a count printed as ``1,234`` or ``12.0`` stops it, and it does
not always say where. This reads what means one thing only, and names the row and column
of anything else. It runs for such files alone.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterator, Sequence

from loaders.errors import Quarantined
from loaders.sheets.textstream import Utf8Stream

#: A whole number, whatever program saved it: 1234, 1,234, 1234.0.
_COUNT = re.compile(r"\s*([0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.0+)?\s*")
_LARGEST = 2**31 - 1


def rows(
    stream: Utf8Stream,
    names: Sequence[str],
    counts: Collection[int],
    first_row: int,
    where: str,
) -> Iterator[tuple[int, list[str | int | None]]]:
    """The rows that hold something.

    Args:
        stream: The file from its first data row on.
        names: The header as published.
        counts: 0-based columns that hold whole numbers or nothing.
        first_row: 1-based row of the first data row.
        where: The file, for messages.

    Yields:
        The 1-based row and its cells: counts as numbers, an empty cell as ``None``.

    Raises:
        Quarantined: A row has too many or too few cells, or a count is none.
    """
    text = io.TextIOWrapper(io.BufferedReader(stream), "utf-8", newline="")
    row = first_row - 1
    try:
        for cells in csv.reader(text, strict=True):
            row += 1
            if not any(cell.strip() for cell in cells):
                continue
            yield row, _converted(cells, names, counts, row, where)
    except csv.Error as error:
        raise _fault(
            where, row + 1, "quotes that open and close", str(error)
        ) from error


def _converted(
    cells: list[str],
    names: Sequence[str],
    counts: Collection[int],
    row: int,
    where: str,
) -> list[str | int | None]:
    width = len(names)
    if len(cells) < width:
        found = f"{len(cells)} cells: the line is cut short or has a stray comma"
        raise _fault(where, row, f"{width} cells, as the header", found)
    if any(cell.strip() for cell in cells[width:]):
        found = f"{len(cells)} cells: a stray comma, or two lines in one"
        raise _fault(where, row, f"{width} cells, as the header", found)
    made: list[str | int | None] = []
    for i, cell in enumerate(cells[:width]):
        if i not in counts or not cell:
            made.append(cell or None)
            continue
        match = _COUNT.fullmatch(cell)
        count = int(match[1].replace(",", "")) if match else -1
        if not 0 <= count <= _LARGEST:
            place = f"{row}, column {names[i].strip()!r}"
            expected = "a whole number from 0, or nothing"
            raise _fault(where, place, expected, repr(cell))
        made.append(count)
    return made


def _fault(where: str, row: object, expected: str, found: str) -> Quarantined:
    return Quarantined(
        "cannot read a row of the full extract",
        where=f"{where}, row {row}",
        expected=expected,
        found=found,
        next_step="download the file again; if the publisher's own copy has it, ask "
        "them",
    )
