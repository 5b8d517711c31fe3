"""A file of rows read whole, or in batches where it is large."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable

from loaders.files.archive import CHUNK, chunks, size_of_content
from loaders.model import FileRead, SourceFile

#: Smaller files are read whole, several at once.
LARGE_BYTES = 16 * 1024 * 1024
#: Reads a file from its bytes, its batches still to come.
Reader = Callable[[Iterable[bytes], SourceFile], FileRead]


def is_large(file: SourceFile, suffixes: tuple[str, ...]) -> bool:
    """Whether a file with one of these endings is read in batches."""
    return file.name.lower().endswith(suffixes) and size_of_content(file) > LARGE_BYTES


def streamed(reader: Reader, file: SourceFile) -> FileRead:
    """A large file, whose batches are read as they are taken."""
    made = reader(chunks(file), file)
    if file.claims.selected:
        # Whether its period is wanted is asked before its rows are taken.
        for table in made.tables:
            deque(table.batches, maxlen=0)
        again = reader(chunks(file), file)
        again.period, again.period_source = made.period, made.period_source
        return again
    return made


def whole(reader: Reader, data: bytes, file: SourceFile) -> FileRead:
    """A file with all its batches."""
    made = reader((data[i : i + CHUNK] for i in range(0, len(data), CHUNK)), file)
    # The list grows: what cannot be read may make a table at the end.
    for table in made.tables:
        table.batches = list(table.batches)
        table.rows_read = sum(batch.num_rows for batch in table.batches)
    return made
