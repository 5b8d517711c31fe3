"""The bytes of a text file as blocks of whole lines of utf-8, nothing refused.

A file is in one encoding: a byte order mark or zero bytes at every other place tell
sixteen bits a letter, and bytes that are not utf-8 are cp1252, unless other lines show
that the file is utf-8. Those are then broken: each becomes U+FFFD, which is how the
rows that hold it are found.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator

#: Bytes of a block, and so of the rows of a batch.
BLOCK_BYTES = 1024 * 1024
#: Bytes that tell sixteen bits a letter where no mark does.
_HEAD_BYTES = 4096

_WIDE = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def utf8_blocks(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Blocks of whole lines in utf-8, without a byte order mark; the last may be short.

    Args:
        pieces: The bytes of the file, cut anywhere.
    """
    given = iter(pieces)
    head = b""
    while len(head) < _HEAD_BYTES and (piece := next(given, b"")):
        head += piece
    wide = _wide(head)
    if wide:
        yield from _whole_lines(_decoded(head, given, wide))
        return
    is_utf8 = head.startswith(codecs.BOM_UTF8)
    head = head.removeprefix(codecs.BOM_UTF8)
    for block in _whole_lines(_together(head, given)):
        mended, is_utf8 = _mended(block, is_utf8)
        yield mended


def _wide(head: bytes) -> str | None:
    for mark, encoding in _WIDE:
        if head.startswith(mark):
            return encoding
    sample = head[: min(_HEAD_BYTES, len(head) // 2 * 2)]
    # Texts of Latin letters; a binary file has its zeros anywhere.
    for first, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        zeros, letters = sample[first::2], sample[1 - first :: 2]
        if zeros and zeros.count(0) > 0.7 * len(zeros) and letters.count(0) == 0:
            return encoding
    return None


def _together(head: bytes, given: Iterator[bytes]) -> Iterator[bytes]:
    yield head
    yield from given


def _decoded(head: bytes, given: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    for piece in _together(head, given):
        yield decoder.decode(piece).encode("utf-8", "replace")
    yield decoder.decode(b"", final=True).encode("utf-8", "replace")


def _whole_lines(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Pieces cut anew, behind line breaks."""
    held: list[bytes] = []
    size = 0
    for piece in pieces:
        held.append(piece)
        size += len(piece)
        if size < BLOCK_BYTES or b"\n" not in piece:
            continue
        cut = piece.rfind(b"\n") + 1
        held[-1] = piece[:cut]
        yield b"".join(held)
        held, size = [piece[cut:]], len(piece) - cut
    if size:
        yield b"".join(held)


def _mended(block: bytes, is_utf8: bool) -> tuple[bytes, bool]:
    """A block in utf-8, and whether the file is known to be utf-8 by now."""
    if block.isascii():
        return block, is_utf8
    if _is_utf8(block):
        return block, True
    lines = block.split(b"\n")
    bad = [i for i, line in enumerate(lines) if not _is_utf8(line)]
    broken = set(bad)
    is_utf8 = is_utf8 or any(
        not line.isascii() for i, line in enumerate(lines) if i not in broken
    )
    for i in bad:
        text = lines[i].decode("utf-8" if is_utf8 else "cp1252", "replace")
        lines[i] = text.encode()
    return b"\n".join(lines), is_utf8


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True
