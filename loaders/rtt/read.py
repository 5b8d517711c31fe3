"""Reads an RTT file, whatever it is: a full csv extract or a workbook."""

from __future__ import annotations

from collections.abc import Iterator

from loaders.files.archive import chunks, read_bytes
from loaders.model import FileRead, SourceFile
from loaders.rtt.books import read_book
from loaders.rtt.extract import read_extract
from loaders.sheets import workbook

#: Enough of a file to tell a workbook from text.
_HEAD_BYTES = 512


def read(data: bytes, file: SourceFile) -> FileRead:
    """Reads a file from its bytes.

    Args:
        data: Its bytes.
        file: Its name and what is claimed about it.

    Raises:
        Quarantined: Anything in it that cannot be trusted; the message says where. For
            the rows of an extract it is raised while batches are taken.
    """
    kind = workbook.sniff(data)
    if kind == "text":
        return read_extract(lambda: iter([data]), file)
    return read_book(data, file, kind)


def stream(file: SourceFile) -> FileRead:
    """Reads a file from the disk: an extract as a stream, a workbook at once.

    Raises:
        Quarantined: As :func:`read`.
        Failed: The disk or its permissions.
    """

    def content() -> Iterator[bytes]:
        return chunks(file)

    head = next(content(), b"")[:_HEAD_BYTES]
    if head.strip() and workbook.sniff(head) == "text":
        return read_extract(content, file)
    return read(read_bytes(file), file)
