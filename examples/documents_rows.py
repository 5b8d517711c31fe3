"""Rows of the examples of documents, and how their csvs are written."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

SAYS = "example: made up by examples/generate.py"

#: Models by the short name that task ids have.
MODELS = {
    "quill_2": "northlab/quill-2",
    "reed_70b": "openreed/reed-70b",
    "loom_mini": "fieldhouse/loom-mini",
    "assay_1": "fieldhouse/assay-1",
}


@dataclass(frozen=True)
class Made:
    """A row of results and the files that go with it.

    Attributes:
        row: Cells by column; a column left out is not written, as of a failed row.
        files: Texts by their path below ``3_generation`` or ``4_evaluation``.
    """

    row: Mapping[str, object]
    files: Mapping[str, bytes]


def csv_bytes(
    names: Sequence[str], rows: Sequence[Mapping[str, object] | Sequence[object]]
) -> bytes:
    """A csv with a column that says what it is.

    Args:
        names: The header, without that column.
        rows: By column, or as written under another header. A row by column that lacks
            the last ones ends early, without commas, as appenders wrote them.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*names, "example"])
    for row in rows:
        if not isinstance(row, Mapping):
            writer.writerow(row)
        elif names[-1] in row:
            writer.writerow([*(row[name] for name in names), SAYS])
        else:
            writer.writerow([row[name] for name in names if name in row])
    return text.getvalue().encode()
