"""The tree of an export: a directory for each document, there as a whole or not at all.

Directories are made in a folder of the running export inside the tree, and renamed into
their places by the group. What is there already is never touched.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import NamedTuple

from loaders import project
from loaders.documents.folders import STAGES, roots
from loaders.errors import Failed, UsageError

RAW, PARSED, PROMPT, METADATA = "raw.txt", "parsed.txt", "prompt.txt", "metadata.json"
#: Scans pass over names that begin with a dot.
_PARTIAL = ".hindcast-"
_OURS = re.compile(r"\.hindcast-[0-9]+-[a-z0-9_]+")
_ID = re.compile(r"[0-9a-z]{16}")
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
#: A group reaches its places after one flush of the disk, which then is a small part of
#: its time; a killed export loses no more than a group.
GROUP_DOCUMENTS = 2_000
GROUP_BYTES = 64 << 20


class Document(NamedTuple):
    """A document that is to be in the tree.

    Attributes:
        chars: Of the response.
        is_parsed: Whether it has a parsed text.
    """

    doc_id: str
    stage: str
    logical_key_id: str
    chars: int
    is_parsed: bool

    @property
    def place(self) -> str:
        """Its directory, below the root of the tree."""
        return f"{self.stage}/{self.logical_key_id}/{self.doc_id}"

    def checked(self) -> Document:
        """The document, its ids fit to name folders.

        Raises:
            Failed: They are not: they could name a place outside of the tree.
        """
        ids = (self.logical_key_id, self.doc_id)
        if self.stage in STAGES and all(_ID.fullmatch(name) for name in ids):
            return self
        raise Failed(
            "cannot export: ids of a document name no directory",
            where=f"gold.documents, doc_id {self.doc_id!r}",
            expected="a known stage, and ids of 16 characters of 0-9 and a-z",
            found=f"{self.stage!r}, {self.logical_key_id!r}, {self.doc_id!r}",
            next_step="dbt build --full-refresh --selector documents, then the same "
            "command again",
        )


def place_for(to: str | Path) -> Path:
    """The root of a tree, where one may be.

    Raises:
        UsageError: It is a file, lies in a response root, or holds other things, which
            a scan of the tree would no longer see.
    """
    given = Path(to).absolute()
    place = given.resolve()
    inside = set(roots()) & {*given.parts, *place.parts}
    found = ""
    if inside:
        found = f"a folder in {min(inside)}, where all texts are taken for responses"
    elif place.exists() and not place.is_dir():
        found = "a file"
    elif place.is_dir():
        found = _strangers(place)
    if not found:
        return place
    raise UsageError(
        "cannot export documents to this folder",
        where=project.shown(given),
        expected="a new folder, an empty one, or one with documents of an export",
        found=found,
        next_step="name another folder with --to",
    )


def _strangers(place: Path) -> str:
    """What else is in a folder that would be scanned as a tree."""
    try:
        with os.scandir(place) as entries:
            others = sorted(
                entry.name
                for entry in entries
                if not entry.name.startswith(".")
                and (
                    not entry.is_dir(follow_symlinks=False)
                    if entry.name in STAGES
                    else entry.is_dir() or entry.name.lower().endswith((".csv", ".txt"))
                )
            )
    except OSError as error:
        raise disk_error(place, error) from error
    shown = ", ".join(others[:3]) + (", …" if len(others) > 3 else "")
    return f"other things in it: {shown}" if others else ""


def lacking(root: Path, document: Document) -> tuple[str, ...] | None:
    """What the directory of a document lacks; ``None`` where there is none yet.

    Raises:
        OSError: It may not be looked into.
    """
    place = f"{root}/{document.place}"
    try:
        names = os.listdir(place)  # noqa: PTH208 - fast
    except FileNotFoundError:
        # A link to nowhere is something all the same.
        return ("a directory",) if os.path.lexists(place) else None
    except NotADirectoryError:
        return ("a directory",)
    wanted = (RAW, PARSED, METADATA) if document.is_parsed else (RAW, METADATA)
    return tuple(name for name in wanted if name not in names)


class Writing:
    """Directories on their way into a tree.

    Attributes:
        written: How many documents are in their places now, by stage.
        met: Those that another export wrote meanwhile.
        refused: Those in whose way something else is.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.written: dict[str, int] = {}
        self.bytes = 0
        self.met: list[Document] = []
        self.refused: list[Document] = []
        self._stack = contextlib.ExitStack()
        self._group: list[Document] = []
        self._group_bytes = 0
        self._stages: dict[str, int] = {}
        self._partial = ""

    def __enter__(self) -> Writing:
        """Makes the folder, and clears those of exports that were killed."""
        with self._stack:
            self.root.mkdir(parents=True, exist_ok=True)
            self._partial = self._stack.enter_context(_partial(self.root))
            self._stack = self._stack.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Puts the last group into place, unless something failed."""
        with self._stack:
            if kind is None:
                self.flush()

    def add(self, document: Document, files: Mapping[str, bytes]) -> None:
        """Writes the files of a document; they reach their place with their group."""
        folder = f"{self._partial}/{document.doc_id}"
        os.mkdir(folder)  # noqa: PTH102 - twice as fast, and there are many
        for name, content in files.items():
            _write(f"{folder}/{name}", content)
            self._group_bytes += len(content)
        self._group.append(document)
        if len(self._group) >= GROUP_DOCUMENTS or self._group_bytes >= GROUP_BYTES:
            self.flush()

    def flush(self) -> None:
        """Puts what is written into its places.

        A rename can reach the disk before the content does, and a power cut would leave
        empty files in a directory that looks complete. One flush for all of a group
        takes as long as the fsync of a few files, of which there are hundreds of
        thousands.
        """
        if not self._group:
            return
        os.sync()
        for document in self._group:
            self._rename(document)
        self.bytes += self._group_bytes
        self._group, self._group_bytes = [], 0

    def _rename(self, document: Document) -> None:
        made = f"{self._partial}/{document.doc_id}"
        try:
            stage = self._stage(document.stage)
            with contextlib.suppress(FileExistsError):
                os.mkdir(document.logical_key_id, dir_fd=stage)
            # By handles that follow no link: whatever the tree holds, nothing is
            # written outside of it.
            folder = os.open(document.logical_key_id, _FOLDER, dir_fd=stage)
            try:
                # A directory with anything in it is not replaced by a rename.
                os.rename(made, document.doc_id, dst_dir_fd=folder)
            finally:
                os.close(folder)
        except OSError as error:
            if error.errno in (errno.ENOTEMPTY, errno.EEXIST):
                self.met.append(document)
            elif error.errno in (errno.ENOTDIR, errno.ELOOP):
                self.refused.append(document)
            else:
                raise
            shutil.rmtree(made)
            return
        self.written[document.stage] = self.written.get(document.stage, 0) + 1

    def _stage(self, name: str) -> int:
        if name not in self._stages:
            path = self.root / name
            with contextlib.suppress(FileExistsError):
                path.mkdir()
            self._stages[name] = os.open(path, _FOLDER)
            self._stack.callback(os.close, self._stages[name])
        return self._stages[name]


def _write(path: str, content: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    try:
        view = memoryview(content)
        while view:
            view = view[os.write(handle, view) :]
    finally:
        os.close(handle)


@contextlib.contextmanager
def _partial(root: Path) -> Iterator[str]:
    """A folder for what is being written; a lock on it says that its export is alive.

    The lock on the root is held until the new folder has its own: nobody takes it for
    a dead one's before.
    """
    making = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(making, fcntl.LOCK_EX)
        _clear_dead(root)
        made = tempfile.mkdtemp(prefix=f"{_PARTIAL}{os.getpid()}-", dir=root)
        held = os.open(made, _FOLDER)
        fcntl.flock(held, fcntl.LOCK_EX)
    finally:
        os.close(making)
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)
        os.close(held)


def _clear_dead(root: Path) -> None:
    with os.scandir(root) as entries:
        left = [entry.path for entry in entries if _OURS.fullmatch(entry.name)]
    for path in left:
        # Of another user, a link, or alive: none of ours to clear.
        with contextlib.suppress(OSError):
            handle = os.open(path, _FOLDER)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(path, ignore_errors=True)
            finally:
                os.close(handle)


def disk_error(root: Path, error: OSError) -> Failed:
    """What a disk refused, in four parts."""
    full = error.errno in _FULL
    return Failed(
        "cannot write documents; those in their directories are complete and stay",
        where=project.shown(root),
        expected="a disk with room for them"
        if full
        else "a folder that we may write and look into",
        found=" ".join(str(error).split()),
        next_step="free some disk space, then the same command again: it goes on"
        if full
        else "correct its permissions, or name another folder with --to",
    )
