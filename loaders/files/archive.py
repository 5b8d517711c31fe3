"""The bytes of a file or of a zip member, read with limits and never unpacked by name.

A zip is somebody else's claim about names and sizes. Names never become paths on this
machine; sizes are checked as declared and again while the bytes come.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import lzma
import re
import stat
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from loaders.errors import Failed, Quarantined
from loaders.model import SourceFile

CHUNK = 1 << 20
#: What zipfile and its decompressors raise on damaged archives.
_DAMAGED = (
    zipfile.BadZipFile,
    EOFError,
    NotImplementedError,
    OverflowError,
    ValueError,
    lzma.LZMAError,
    struct.error,
    zlib.error,
)


@dataclass(frozen=True)
class Limits:
    """What one archive or file may ask of this machine.

    Attributes:
        file_bytes: Of one member, or of one file that is held in memory.
        total_bytes: Of all members of one archive together, as declared.
        members: Of one archive.
        ratio: Uncompressed to compressed, for members above ``ratio_from`` bytes;
            the published extracts stay below 30.
        ratio_from: Small members may be as repetitive as they like.
    """

    file_bytes: int = 1 << 30
    total_bytes: int = 4 << 30
    members: int = 5_000
    ratio: int = 250
    ratio_from: int = 16 << 20


LIMITS = Limits()


def printable(name: str) -> str:
    """A name that can be stored and shown: no lone surrogates or control characters."""
    if name.isprintable():
        return name
    text = name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return re.sub(r"[\x00-\x1f\x7f]", "\ufffd", text)


def check_whole(infos: Sequence[zipfile.ZipInfo], where: str, limits: Limits) -> None:
    """Refuses an archive that declares too much.

    Raises:
        Quarantined: Too many members, or too many bytes.
    """
    total = sum(i.file_size for i in infos)
    if len(infos) > limits.members or total > limits.total_bytes:
        raise refused(
            where,
            expected=f"at most {limits.members:,} members "
            f"and {limits.total_bytes:,} bytes",
            found=f"{len(infos):,} members and {total:,} bytes",
            next_step="if the zip is to be trusted, unpack it and load the folder",
        )


def check_member(
    info: zipfile.ZipInfo, source: str, limits: Limits, *, twice: bool = False
) -> None:
    """Refuses a member by its name, kind and declared sizes.

    Args:
        info: The member.
        source: How it is named to people.
        limits: What it may ask of this machine.
        twice: Whether another member has the same name.

    Raises:
        Quarantined: It is not an ordinary file of an ordinary size.
    """
    name = info.filename.replace("\\", "/")
    parts = name.split("/")
    found = None
    if not name:
        found = "no name"
    elif name.startswith("/") or re.match(r"[A-Za-z]:", name):
        found = "an absolute name"
    elif ".." in parts:
        found = "a name that leaves the archive ('..')"
    elif stat.S_ISLNK(info.external_attr >> 16):
        found = "a symbolic link"
    elif twice:
        found = "two members of this name"
    if found:
        raise refused(
            source,
            expected="an ordinary file with a name inside the archive",
            found=found,
            next_step="ask the sender for a clean zip, or load the files one by one",
        )
    if info.flag_bits & 0x1:
        raise refused(
            source,
            expected="a member without a password",
            found="an encrypted member",
            next_step="unpack it with its password and load the file",
        )
    large = info.file_size > limits.ratio_from
    if info.file_size > limits.file_bytes or (
        large and info.file_size > limits.ratio * max(info.compress_size, 1)
    ):
        raise _too_large(
            source,
            limits,
            f"{info.file_size:,} bytes in {info.compress_size:,} compressed ones",
        )


def refused(where: str, *, expected: str, found: str, next_step: str) -> Quarantined:
    """Something in a zip that is not taken, in four parts."""
    return Quarantined(
        "cannot take a file from the zip",
        where=where,
        expected=expected,
        found=found,
        next_step=next_step,
    )


def _too_large(where: str, limits: Limits, found: str) -> Quarantined:
    return Quarantined(
        "the file is too large to be read safely",
        where=where,
        expected=f"at most {limits.file_bytes:,} bytes, and in a zip at most "
        f"{limits.ratio} times the compressed size",
        found=found,
        next_step="if it is to be trusted, unpack or split it and load the parts",
    )


# ----------------------------------------------------------------------------- bytes


def read_bytes(file: SourceFile, limits: Limits = LIMITS) -> bytes:
    """All bytes of a file or zip member.

    Raises:
        Quarantined: Too large, or a damaged or unsafe archive.
        Failed: The disk or its permissions.
    """
    pieces = chunks(file, limits)
    if file.member is None:
        pieces = _limited(pieces, file.source, limits.file_bytes, limits)
    return b"".join(pieces)


def sha256_of(file: SourceFile, limits: Limits = LIMITS) -> str:
    """The sha256 of the bytes that :func:`read_bytes` gives, without holding them.

    What was fetched from a database has one already, of its rows.
    """
    if file.sha256 is not None:
        return file.sha256
    digest = hashlib.sha256()
    for chunk in chunks(file, limits):
        digest.update(chunk)
    return digest.hexdigest()


def size_of_content(file: SourceFile, limits: Limits = LIMITS) -> int:
    """How many bytes :func:`read_bytes` would give, as declared by a zip.

    Raises:
        Quarantined: A damaged or unsafe archive.
        Failed: The disk or its permissions.
    """
    if file.member is None:
        with _disk(file.source):
            return file.path.stat().st_size
    with opened(file.path, file.source) as zipped:
        outer, inner = _split(file.member, zipped)
        info = _info(zipped, outer, file.source)
        if inner is None:
            return info.file_size
        with opened_inside(zipped, info, file.source, limits) as nested:
            return _info(nested, inner, file.source).file_size


def chunks(file: SourceFile, limits: Limits = LIMITS) -> Iterator[bytes]:
    """The bytes of a file or zip member in pieces; see :func:`read_bytes`.

    A file of any size may be taken in pieces; a member is limited all the same.
    """
    if file.member is None:
        with _disk(file.source), file.path.open("rb") as handle:
            yield from _pieces(handle)
        return
    with opened(file.path, file.source) as zipped:
        outer, inner = _split(file.member, zipped)
        info = _info(zipped, outer, file.source)
        if inner is None:
            yield from _member_chunks(zipped, info, file.source, limits)
            return
        with opened_inside(zipped, info, file.source, limits) as nested:
            info = _info(nested, inner, file.source)
            yield from _member_chunks(nested, info, file.source, limits)


def _split(member: str, zipped: zipfile.ZipFile) -> tuple[str, str | None]:
    """A member's name, and the name inside it when it is itself a zip."""
    if member in zipped.namelist():
        return member, None
    match = re.match(r"(.*?\.zip)!(.*)", member, re.IGNORECASE | re.DOTALL)
    return (match[1], match[2]) if match else (member, None)


def _info(zipped: zipfile.ZipFile, name: str, where: str) -> zipfile.ZipInfo:
    try:
        return zipped.getinfo(name)
    except KeyError:
        raise Failed(
            "cannot read a file from the zip",
            where=where,
            expected=f"the member {printable(name)}",
            found="a zip without it: it changed while it was being read",
            next_step="run again",
        ) from None


def _member_chunks(
    zipped: zipfile.ZipFile, info: zipfile.ZipInfo, where: str, limits: Limits
) -> Iterator[bytes]:
    check_member(info, where, limits)
    allowed = max(limits.ratio_from, limits.ratio * max(info.compress_size, 1))
    with _sound(where), zipped.open(info) as handle:
        allowed = min(limits.file_bytes, allowed)
        yield from _limited(_pieces(handle), where, allowed, limits)


def _pieces(handle: IO[bytes]) -> Iterator[bytes]:
    while piece := handle.read(CHUNK):
        yield piece


def _limited(
    pieces: Iterator[bytes], where: str, allowed: int, limits: Limits
) -> Iterator[bytes]:
    """Pieces up to a limit; what was declared about their size is not believed."""
    taken = 0
    for piece in pieces:
        taken += len(piece)
        if taken > allowed:
            raise _too_large(where, limits, f"more than {allowed:,} bytes")
        yield piece


@contextlib.contextmanager
def opened(path: Path, where: str) -> Iterator[zipfile.ZipFile]:
    """A zip on the disk; its damage is ``Quarantined``, the disk's is ``Failed``."""
    with _disk(where), path.open("rb") as handle:
        with _sound(where):
            zipped = zipfile.ZipFile(handle)
        with zipped:
            yield zipped


@contextlib.contextmanager
def opened_inside(
    zipped: zipfile.ZipFile, info: zipfile.ZipInfo, where: str, limits: Limits
) -> Iterator[zipfile.ZipFile]:
    """A zip inside a zip, by way of an unnamed temporary file."""
    with tempfile.SpooledTemporaryFile(max_size=32 << 20) as copy:
        for piece in _member_chunks(zipped, info, where, limits):
            copy.write(piece)
        copy.seek(0)
        with _sound(where):
            nested = zipfile.ZipFile(copy)
        with nested:
            yield nested


@contextlib.contextmanager
def _sound(where: str) -> Iterator[None]:
    """Damage of an archive, as the content's fault."""
    try:
        yield
    except _DAMAGED as error:
        raise _damaged(where, error) from error
    except OSError as error:
        # Wrong offsets lead to impossible seeks, and bz2 has no error of its own: both
        # come as an OSError that the disk has no part in.
        if error.errno not in (None, errno.EINVAL):
            raise
        raise _damaged(where, error) from error
    except RuntimeError as error:
        # zipfile's way to say that a password is needed.
        raise refused(
            where,
            expected="a member without a password",
            found=str(error),
            next_step="unpack it with its password and load the file",
        ) from error


def _damaged(where: str, error: Exception) -> Quarantined:
    detail = " ".join(str(error).split()) or type(error).__name__
    return Quarantined(
        "cannot read the zip",
        where=where,
        expected="a complete zip whose checksums agree",
        found=printable(detail)[:300],
        next_step="get the file again; it is damaged or not a zip",
    )


@contextlib.contextmanager
def _disk(where: str) -> Iterator[None]:
    """Trouble with the disk, as something that may pass."""
    try:
        yield
    except OSError as error:
        raise disk_error(where, error) from error


def disk_error(where: str, error: OSError) -> Failed:
    """An ``OSError`` in four parts."""
    advice = {
        FileNotFoundError: "put the file back, or run again without it",
        PermissionError: "give yourself the right to read it and run again",
        IsADirectoryError: "name a file, or the folder itself",
    }
    return Failed(
        "cannot read the file",
        where=where,
        expected="a file that can be read",
        found=error.strerror or type(error).__name__,
        next_step=advice.get(type(error), "check the disk and run again"),
    )
