"""Folders that are one source: texts by the hundred thousand, trees of documents.

A folder has a listing: each path below it with the sha256 of its content. A listing
that is the one loaded last has nothing new; of another, the texts that the warehouse
does not have in this content are loaded, and of a tree all files.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from loaders import project
from loaders.documents import versions
from loaders.errors import HindcastError, UsageError
from loaders.files import Problem, Skipped
from loaders.files.archive import disk_error, printable, sha256_of
from loaders.files.voices import is_example_line
from loaders.model import Asking, SourceFile

ROOTS = ("3_generation", "4_evaluation")
TEXT = ".txt"
STAGES = frozenset({"draft", "essay", "evaluation"})
#: A text that says that all of its folder are examples.
EXAMPLE = "EXAMPLE.txt"
_ID = re.compile(r"[0-9a-z]{16}")
#: Small enough for memory that is at hand: larger is asked of the system for each file.
_CHUNK = 1 << 16
#: Stands for the hash of what could not be read.
UNREADABLE = "-"


class Text(NamedTuple):
    """A file below a folder.

    Attributes:
        path: Below the root, as a csv names it.
        place: Where it is on this machine.
        sha256: Of its content; ``UNREADABLE`` where it could not be read.
    """

    path: str
    place: str
    sha256: str


@dataclass(frozen=True)
class Single:
    """A text that was given by itself, alone or in a zip.

    Attributes:
        sha256: Of its content.
    """

    sha256: str


@dataclass(frozen=True)
class Version:
    """What a folder holds that is to be loaded.

    Attributes:
        base: Folder of the experiment; a tree has none.
        root: Name of the response root; ``None`` for a tree of documents.
        listing: Hash of all that the folder holds.
        texts: What is new, or all of a tree.
        source: The folder, as the ledger names it.
        is_example: It says so itself.
        passed_over: Files that are no texts, or links.
    """

    base: str
    root: str | None
    listing: str
    texts: tuple[Text, ...]
    source: str
    is_example: bool = False
    passed_over: int = 0


def roots() -> tuple[str, ...]:
    """Names of the folders that responses lie in, as settings have them.

    Raises:
        UsageError: The setting is no list of names.
    """
    found = project.setting("sources", "documents", "roots", default=list(ROOTS))
    if isinstance(found, list) and all(
        isinstance(name, str) and name and name == Path(name).name for name in found
    ):
        return tuple(found)
    raise UsageError(
        "cannot use the settings",
        where=".dlt/config.toml, [sources.documents] roots",
        expected='names of folders, such as ["3_generation", "4_evaluation"]',
        found=repr(found),
        next_step="correct it and run again",
    )


def taken(
    folder: Path, inside: Sequence[os.DirEntry[str]]
) -> list[os.DirEntry[str]] | None:
    """What is left to look into, of a folder that is one source; else ``None``.

    Args:
        folder: Any folder.
        inside: What lies in it.
    """
    if folder.name in roots() or is_tree(folder, inside):
        return []
    if any(_is_text(entry) for entry in inside):
        return [entry for entry in inside if not _is_text(entry)]
    return None


def _is_text(entry: os.DirEntry[str]) -> bool:
    """Whether it is a text, or a link by the name of one: it is not followed."""
    name = entry.name
    return (
        name.lower().endswith(TEXT)
        and not name.startswith(".")
        and (entry.is_file(follow_symlinks=False) or entry.is_symlink())
    )


def is_tree(folder: Path, inside: Sequence[os.DirEntry[str]]) -> bool:
    """Whether a folder is a tree of documents: by the names of three levels."""
    return any(
        next(_named_as_ids(document), None)
        for stage in inside
        if stage.name in STAGES and stage.is_dir(follow_symlinks=False)
        for document in _named_as_ids(stage.path)
    )


def _named_as_ids(folder: str) -> Iterator[str]:
    """The folders in it that have a name as ids are."""
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if _ID.fullmatch(entry.name) and entry.is_dir(follow_symlinks=False):
                    yield entry.path
    except OSError:
        return


def is_one(file: SourceFile) -> bool:
    """Whether what was found is a folder, or a text by itself."""
    if file.member is None and file.path.is_dir():
        return True
    return file.name.lower().endswith(TEXT)


def fetch(
    place: str | SourceFile, asking: Asking
) -> Iterator[SourceFile | Problem | Skipped]:
    """What is new in a folder, as one file; see :class:`loaders.model.Databases`."""
    assert isinstance(place, SourceFile)  # noqa: S101 - no urls are asked for
    try:
        is_folder = place.member is None and place.path.is_dir()
        yield _version(place, asking) if is_folder else _single(place)
    except OSError as error:
        yield Problem(place.source, disk_error(place.source, error))
    except HindcastError as error:
        yield Problem(place.source, error)


def _single(place: SourceFile) -> SourceFile:
    """A text by itself: what it holds and where, for a path is named with its text."""
    held = sha256_of(place)
    known_by = "\0".join(("text", *place_of(place.source), held))
    sha256 = hashlib.sha256(known_by.encode()).hexdigest()
    return replace(place, sha256=sha256, details=Single(held))


def _version(place: SourceFile, asking: Asking) -> SourceFile:
    folder = place.path
    with os.scandir(folder) as entries:
        inside = list(entries)
    tree = folder.name not in roots() and is_tree(folder, inside)
    base, root, prefix = ("", "", "") if tree else _where(place.source)
    is_whole = tree or folder.name in roots()
    files = sorted(_listed(folder, is_whole=is_whole))
    is_ours = _in_tree if tree else _in_root
    ours = [(prefix + path, at) for path, at in files if is_ours(path, at)]
    texts = [
        Text(path, at, _sha256(at) if at else UNREADABLE)
        for path, at in zip(_told_apart(ours), (at for _, at in ours), strict=True)
    ]
    # The same texts in another experiment are that one's too: its csvs name them.
    known_by = ("tree", place.source) if tree else (base, root)
    listing = hashlib.sha256("\0".join(known_by).encode())
    for text in texts:
        listing.update(f"\n{text.path}\0{text.sha256}".encode())
    version = Version(
        base=base,
        root=None if tree else root,
        listing=listing.hexdigest(),
        texts=tuple(texts),
        source=place.source,
        is_example=_says_example(folder),
        # Other files beside texts are looked at as usual, unless all below is ours.
        passed_over=sum(
            not is_ours(path, at) and (is_whole or not at) for path, at in files
        ),
    )
    last = None
    if asking.warehouse is not None:
        last = versions.last(asking.warehouse, place.source)
    if last is not None and last.listing == version.listing:
        return replace(place, sha256=last.file_id, details=version)
    if last is not None:
        # A listing of old that is here again is another version, and the newest one.
        chained = f"{version.listing}:{last.file_id}"
        sha256 = hashlib.sha256(chained.encode()).hexdigest()
    else:
        sha256 = version.listing
    if asking.warehouse is not None and not asking.afresh and not tree:
        known = versions.landed(asking.warehouse, base, root)
        fresh = [t for t in texts if known.get(t.path) != t.sha256]
        version = replace(version, texts=tuple(fresh))
    return replace(place, sha256=sha256, details=version)


def _in_tree(path: str, at: str) -> bool:
    """Whether it is a file of a document's directory, or an empty directory."""
    return path.count("/") == 3 and bool(at or path.endswith("/"))


def _in_root(path: str, at: str) -> bool:
    return bool(at) and path.lower().endswith(TEXT)


def _told_apart(ours: Sequence[tuple[str, str]]) -> list[str]:
    """Paths as they land; names that print alike, but are not, by their bytes."""
    shown = [printable(path) for path, _ in ours]
    alike = {path for path, count in Counter(shown).items() if count > 1}
    return [
        quote(os.fsencode(path)) if printed in alike else printed
        for (path, _), printed in zip(ours, shown, strict=True)
    ]


def unfolded(source: str) -> str:
    """A source with zips as folders; other names may have an exclamation mark."""
    return re.sub(r"(\.zip)!", r"\1/", source, flags=re.IGNORECASE)


def place_of(source: str) -> tuple[str, str, str]:
    """Base, root and path of a text that was given by itself."""
    folder, _, name = unfolded(source).rpartition("/")
    base, root, prefix = _where(folder)
    return base, root, prefix + name


def _where(source: str) -> tuple[str, str, str]:
    """Base and root of a folder's texts, and what their paths begin with."""
    parts = Path(source).parts
    for i in range(len(parts) - 1, -1, -1):
        if parts[i] in roots():
            prefix = "".join(f"{part}/" for part in parts[i + 1 :])
            return str(Path(*parts[:i])) if i else ".", parts[i], prefix
    above = Path(source).parent
    return str(above.parent), above.name or ".", f"{Path(source).name}/"


def _listed(folder: Path, *, is_whole: bool) -> Iterator[tuple[str, str]]:
    """Paths below a folder and where they are; links are not followed.

    Links, and empty folders by a path that ends in a stroke, are nowhere.
    """
    waiting = [(os.fspath(folder), "")]
    while waiting:
        place, prefix = waiting.pop()
        empty = True
        with os.scandir(place) as entries:
            for entry in entries:
                empty = False
                name = entry.name
                if name.startswith(".") or name == "__MACOSX":
                    continue
                if entry.is_file(follow_symlinks=False):
                    yield prefix + name, entry.path
                elif is_whole and entry.is_dir(follow_symlinks=False):
                    waiting.append((entry.path, f"{prefix}{name}/"))
                elif is_whole or _is_text(entry):
                    yield prefix + name, ""
        if empty and prefix:
            yield prefix, ""


def _sha256(place: str) -> str:
    try:
        handle = os.open(place, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return UNREADABLE
    try:
        return hash_of(handle)
    except OSError:
        return UNREADABLE
    finally:
        os.close(handle)


def hash_of(handle: int) -> str:
    """The sha256 of what an open file still holds, of whatever size."""
    data = os.read(handle, _CHUNK)
    digest = hashlib.sha256(data)
    while len(data) == _CHUNK:
        data = os.read(handle, _CHUNK)
        digest.update(data)
    return digest.hexdigest()


def _says_example(folder: Path) -> bool:
    try:
        with (folder / EXAMPLE).open(encoding="utf-8", errors="replace") as handle:
            return is_example_line(handle.readline(1_000))
    except OSError:
        return False
