"""Reading one source of an experiment: a csv, a text, or what is new in a folder."""

from __future__ import annotations

from collections import deque

from loaders.documents import csvs, texts
from loaders.documents.folders import Single
from loaders.files.archive import CHUNK, chunks, size_of_content
from loaders.model import FileRead, SourceFile

#: Smaller csvs are read whole, several at once.
LARGE_BYTES = 16 * 1024 * 1024


def is_streamed(file: SourceFile) -> bool:
    """Whether a source is read here: a folder, a text, or a csv that is large."""
    if file.details is not None:
        return True
    is_csv = file.name.lower().endswith(".csv")
    return is_csv and size_of_content(file) > LARGE_BYTES


def stream(file: SourceFile) -> FileRead:
    """Reads a folder or a large csv in batches.

    Raises:
        Quarantined: As :func:`read`, or a text is larger than files may be; what is
            wrong with a row may be found when its batch is taken.
        Failed: A text changes while it is read.
    """
    if isinstance(file.details, Single):
        return texts.single(file, file.details)
    if file.details is not None:
        return texts.stream(file)
    made = csvs.read(chunks(file), file)
    if file.claims.selected:
        # Whether its period is wanted is asked before its rows are taken.
        for table in made.tables:
            deque(table.batches, maxlen=0)
        again = csvs.read(chunks(file), file)
        again.period, again.period_source = made.period, made.period_source
        return again
    return made


def read(data: bytes, file: SourceFile) -> FileRead:
    """Reads a csv.

    Raises:
        Quarantined: It is empty, has columns of no kind, or whose rows cannot
            be told apart.
    """
    pieces = (data[i : i + CHUNK] for i in range(0, len(data), CHUNK))
    made = csvs.read(pieces, file)
    for table in made.tables:
        table.batches = list(table.batches)
        table.rows_read = sum(batch.num_rows for batch in table.batches)
    return made
