"""Downloads kept by content; what a url last gave is remembered by the whole url.

Publishers use one file name for many months, so a name is never a key::

    objects/<sha256 of the content>
    index/<sha256 of the url>.json

Everything is written aside and renamed into place, so that a killed run or a second
process leaves either the old state or the new one.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import time
import uuid
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import IO

from loaders.errors import Failed

_STALE_SECONDS = 24 * 3600


@dataclass(frozen=True)
class Entry:
    """What is remembered of a url.

    Attributes:
        url: As asked.
        final_url: Where redirects led; links on a page are relative to it.
        sha256: Of its content; names the object. ``None`` before the first download.
        etag: As the server gave it.
        last_modified: As the server gave it.
        content_type: As the server gave it.
        fetched_at: When the content was last downloaded or confirmed, UTC, ISO.
        size: Bytes of the content.
        filename: Last part of the url's path.
        via: ``network``, or ``inbox`` when placed by hand.
        found_on: The page whose link led to it.
    """

    url: str
    final_url: str | None = None
    sha256: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    content_type: str | None = None
    fetched_at: str | None = None
    size: int | None = None
    filename: str | None = None
    via: str = "network"
    found_on: str | None = None


class Incoming:
    """Content on its way into the cache: hashed and counted as it is written."""

    def __init__(self, path: Path, handle: IO[bytes]) -> None:
        self.path = path
        self._handle = handle
        self._digest = hashlib.sha256()
        self.size = 0
        self.head = b""

    def write(self, piece: bytes) -> None:
        """Takes the next piece.

        Raises:
            Failed: The disk would not.
        """
        with _writable(self.path.parent):
            rest = memoryview(piece)
            while rest:
                rest = rest[self._handle.write(rest) :]
        self._digest.update(piece)
        self.size += len(piece)
        if len(self.head) < 1024:
            self.head += piece[:1024]

    @property
    def sha256(self) -> str:
        """Of all that was written."""
        return self._digest.hexdigest()


class Cache:
    """The folder of downloads; safe for several processes at once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def object(self, sha256: str) -> Path:
        """Where content of this hash lies, if it does."""
        return self.folder / "objects" / sha256

    def entry(self, url: str) -> Entry:
        """What is known of a url; an empty entry when nothing is."""
        try:
            found = json.loads(self._index(url).read_text("utf-8"))
        except (OSError, ValueError):
            return Entry(url)
        names = {f.name for f in fields(Entry)}
        if not isinstance(found, dict) or found.get("url") != url:
            return Entry(url)
        return Entry(**{k: v for k, v in found.items() if k in names})

    def remember(self, entry: Entry) -> None:
        """Records what is known of a url now."""
        text = json.dumps(asdict(entry), indent=1, sort_keys=True)
        with self.incoming() as new:
            new.write(text.encode())
            self._move(new.path, self._index(entry.url))

    def sound(self, entry: Entry) -> bool:
        """Whether the content of an entry is there and is still what it was."""
        if entry.sha256 is None:
            return False
        try:
            with self.object(entry.sha256).open("rb") as handle:
                return hashlib.file_digest(handle, "sha256").hexdigest() == entry.sha256
        except OSError:
            return False

    @contextlib.contextmanager
    def incoming(self) -> Iterator[Incoming]:
        """A place for new content; gone afterwards unless :meth:`keep` took it."""
        folder = self.folder / "tmp"
        path = folder / f"{uuid.uuid4().hex}.part"
        with _writable(folder):
            folder.mkdir(parents=True, exist_ok=True)
            # Unbuffered: a full disk must be an error of ``write``, not of the end.
            handle = path.open("wb", buffering=0)
        try:
            with handle:
                yield Incoming(path, handle)
        finally:
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)

    def keep(self, new: Incoming) -> Path:
        """Makes written content an object and returns where it is."""
        place = self.object(new.sha256)
        self._move(new.path, place)
        return place

    def tidy(self, now: float | None = None) -> None:
        """Removes what killed runs left half written a day ago or earlier."""
        before = (time.time() if now is None else now) - _STALE_SECONDS
        for path in (self.folder / "tmp").glob("*.part"):
            with contextlib.suppress(OSError):
                if path.stat().st_mtime < before:
                    path.unlink()

    def _index(self, url: str) -> Path:
        return (
            self.folder / "index" / f"{hashlib.sha256(url.encode()).hexdigest()}.json"
        )

    def _move(self, source: Path, target: Path) -> None:
        with _writable(target.parent):
            target.parent.mkdir(parents=True, exist_ok=True)
            source.replace(target)


@contextlib.contextmanager
def _writable(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise Failed(
            "cannot write to the download cache",
            where=str(folder),
            expected="a folder with room that can be written to",
            found=error.strerror or type(error).__name__,
            next_step="free space or correct the rights of the folder, and run again",
        ) from error
