"""The row and column at fault in a full extract, found by reading it again slowly.

Arrow says that a file is wrong, not always where. This runs for a bad file alone.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence

from loaders.errors import Quarantined
from loaders.rtt.textstream import Utf8Stream

_COUNT = re.compile(r"\s*[0-9]+\s*")
_LARGEST = 2**31 - 1


def fault(
    stream: Utf8Stream,
    names: Sequence[str],
    counts: Sequence[int],
    first_row: int,
    where: str,
) -> Quarantined | None:
    """The first fault of the rows; ``None`` when there is none that this rule knows.

    Args:
        stream: The file from its first data row on.
        names: The header as published.
        counts: 0-based columns that hold whole numbers or nothing.
        first_row: 1-based row of the first data row.
        where: The file, for messages.
    """
    text = io.TextIOWrapper(io.BufferedReader(stream), "utf-8", newline="")
    reader = csv.reader(text, strict=True)
    blank: int | None = None
    row = first_row - 1
    try:
        for cells in reader:
            row += 1
            if not any(cells) and len(cells) <= 1:
                blank = blank or row
                continue
            if blank is not None:
                return _fault(where, blank, "a row of data", "an empty line")
            if len(cells) != len(names):
                found = (
                    f"{len(cells)} cells: the line is cut short or has a stray comma"
                )
                if len(cells) > len(names):
                    found = f"{len(cells)} cells: a stray comma, or two lines in one"
                return _fault(where, row, f"{len(names)} cells, as the header", found)
            for i in counts:
                if problem := _problem(cells[i]):
                    place = f"{row}, column {names[i].strip()!r}"
                    return _fault(where, place, problem, repr(cells[i]))
    except csv.Error as error:
        return _fault(where, row + 1, "quotes that open and close", str(error))
    return None


def _problem(cell: str) -> str | None:
    if not cell or (_COUNT.fullmatch(cell) and int(cell) <= _LARGEST):
        return None
    return "a whole number from 0, or nothing"


def _fault(where: str, row: object, expected: str, found: str) -> Quarantined:
    return Quarantined(
        "cannot read a row of the full extract",
        where=f"{where}, row {row}",
        expected=expected,
        found=found,
        next_step="download the file again; if the publisher's own copy has it, ask "
        "them",
    )
