"""A csv as a stream of utf-8: its header found, its lines counted, nothing held."""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator
from typing import Any

from loaders.errors import Quarantined

#: The header is within these lines; above it stand titles at most.
HEADER_WITHIN = 15
_BOM = codecs.BOM_UTF8


class Utf8Stream(io.RawIOBase):
    """Pieces of a csv as a readable stream of utf-8.

    Bytes that are not utf-8 are read as cp1252 from the first of them on, provided that
    all before was plain ASCII: a file is in one encoding.

    Args:
        pieces: The bytes.
        where: The file, for messages.
    """

    def __init__(self, pieces: Iterator[bytes], where: str) -> None:
        self._pieces = pieces
        self._where = where
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._ascii_so_far = True
        self._cp1252 = False
        self._ready = b""
        self._breaks = 0
        self._ended = True

    @property
    def lines(self) -> int:
        """Lines begun so far, from the top of the file."""
        return self._breaks + (not self._ended)

    def readable(self) -> bool:
        """It can be read."""
        return True

    def read(self, size: int = -1) -> bytes:
        """The next ``size`` bytes; fewer at the end of a piece, none at the end."""
        if size < 0:
            return b"".join(iter(lambda: self.read(1 << 20), b""))
        while not self._ready:
            piece = next(self._pieces, None)
            if piece is None:
                self._ready = self._utf8(b"", final=True)
                if not self._ready:
                    return b""
                break
            self._ready = self._utf8(piece)
        taken, self._ready = self._ready[:size], self._ready[size:]
        return taken

    def readinto(self, buffer: Any) -> int:
        """As ``read``, for Python's own readers."""
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def preamble(self) -> list[str]:
        """The first lines, as far as a header may stand; they stay to be read."""
        head = b""
        while head.count(b"\n") < HEADER_WITHIN and (piece := self.read(1 << 20)):
            head += piece
        self._ready = head + self._ready
        return head.decode().splitlines()[:HEADER_WITHIN]

    def skip_lines(self, count: int) -> None:
        """Goes on behind the first ``count`` lines."""
        for _ in range(count):
            while (end := self._ready.find(b"\n")) < 0:
                more = next(self._pieces, None)
                if more is None:
                    self._ready = b""
                    return
                self._ready += self._utf8(more)
            self._ready = self._ready[end + 1 :]

    def peek_lines(self, count: int) -> list[str]:
        """The next lines, at most ``count``, which stay to be read."""
        while self._ready.count(b"\n") < count and (more := next(self._pieces, None)):
            self._ready += self._utf8(more)
        return [line.decode() for line in self._ready.split(b"\n", count)[:count]]

    def _utf8(self, piece: bytes, *, final: bool = False) -> bytes:
        self._breaks += piece.count(b"\n")
        self._ended = piece.endswith(b"\n") if piece else self._ended
        if b"\0" in piece:
            raise self._unreadable("text without NUL bytes", "a NUL byte")
        if self._cp1252:
            return self._from_cp1252(piece)
        if piece.isascii() and not self._decoder.getstate()[0]:
            return piece
        held = self._decoder.getstate()[0]
        try:
            text = self._decoder.decode(piece, final)
        except UnicodeDecodeError as error:
            before = (held + piece)[: error.start]
            if not (self._ascii_so_far and before.isascii()):
                byte = (held + piece)[error.start]
                raise self._unreadable("text in utf-8", f"the byte {byte:#x}") from None
            self._cp1252 = True
            return self._from_cp1252(held + piece)
        self._ascii_so_far = self._ascii_so_far and text.isascii()
        return text.encode()

    def _from_cp1252(self, piece: bytes) -> bytes:
        try:
            return piece.decode("cp1252").encode()
        except UnicodeDecodeError as error:
            byte = piece[error.start]
            raise self._unreadable(
                "text in utf-8 or cp1252", f"the byte {byte:#x}"
            ) from None

    def _unreadable(self, expected: str, found: str) -> Quarantined:
        return Quarantined(
            "cannot read the csv",
            where=f"{self._where}, up to line {self.lines}",
            expected=expected,
            found=found,
            next_step="download the file again, or save it as csv in utf-8",
        )


def without_bom(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The pieces of a file without the byte order mark of utf-8."""
    # A mark cut in two by the first piece's end would be a file of two bytes.
    first = next(pieces, b"")
    yield first.removeprefix(_BOM)
    yield from pieces
