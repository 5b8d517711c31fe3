"""Reading one source of an experiment: a csv, a text, or what is new in a folder."""

from __future__ import annotations

from loaders.documents import csvs, texts
from loaders.documents.folders import Single
from loaders.model import FileRead, SourceFile
from loaders.rows import whole_or_streamed


def is_streamed(file: SourceFile) -> bool:
    """Whether a source is read here: a folder, a text, or a csv that is large."""
    return file.details is not None or whole_or_streamed.is_large(file, (".csv",))


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
    return whole_or_streamed.streamed(csvs.read, file)


def read(data: bytes, file: SourceFile) -> FileRead:
    """Reads a csv.

    Raises:
        Quarantined: It is empty, has columns of no kind, or whose rows cannot
            be told apart.
    """
    return whole_or_streamed.whole(csvs.read, data, file)
