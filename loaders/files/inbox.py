"""Files that lie in folders: found in a fixed order, with a word on what was left."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from loaders import project
from loaders.errors import UsageError
from loaders.files import Problem, Skipped
from loaders.files.archive import disk_error, printable
from loaders.files.members import is_zip_name, members, why_ignored
from loaders.model import Choose, Claims, SourceFile, Whole


def find(
    paths: Iterable[Path],
    suffixes: Sequence[str],
    claims: Callable[[str], Claims] | None = None,
    choose: Choose | None = None,
    whole: Whole | None = None,
) -> tuple[list[SourceFile | Problem], list[str]]:
    """The data files at some paths, folders and zips looked into.

    Order: the paths as given, inside a folder by name. A file reached twice (given
    twice, or by a link) is taken once, under the name that is not a link.

    Args:
        paths: Files and folders.
        suffixes: Lower-case endings of data files; zips are always looked into.
        claims: What a name claims; none by default.
        choose: Which data files of a zip are taken; all by default.
        whole: Which folders are one source; none by default.

    Returns:
        Files and problems, and a line on each file that was passed over.

    Raises:
        UsageError: A path that does not exist.
    """
    found: list[SourceFile | Problem] = []
    skipped: list[str] = []
    seen: dict[tuple[int, int], str] = {}
    paths = list(paths)
    for path in paths:
        if not os.path.lexists(path):
            raise UsageError(
                "cannot find the files to load",
                where=str(path),
                expected="a file or folder",
                found="nothing of that name",
                next_step="check the spelling; paths are relative to the folder you "
                "are in",
            )
    for path in paths:
        for item in _at(path, suffixes, claims, choose, seen, whole):
            if isinstance(item, Skipped):
                skipped.append(str(item))
            else:
                found.append(item)
    return found, skipped


def _at(
    path: Path,
    suffixes: Sequence[str],
    claims: Callable[[str], Claims] | None,
    choose: Choose | None,
    seen: dict[tuple[int, int], str],
    whole: Whole | None,
) -> Iterator[SourceFile | Problem | Skipped]:
    listed: list[tuple[Path, SourceFile | Problem | Skipped | None]] = []
    if path.is_dir():
        links: list[Path] = []
        visited: set[tuple[int, int]] = set()
        listed += _walk(path, links, visited, whole)
        # Links come last, so that a folder reached both ways is known by its own name.
        while links:
            listed += _walk(links.pop(0), links, visited, whole)
        listed.sort(key=lambda entry: entry[0].parts)
        listed.sort(key=lambda entry: entry[0].is_symlink())
    else:
        listed = [(path, None)]
    files: list[tuple[Path, SourceFile | Problem | Skipped]] = []
    for one, remark in listed:
        item = remark or _file(one, suffixes, seen)
        if item is not None:
            files.append((one, item))
    for _, item in sorted(files, key=lambda entry: entry[0].parts):
        if (
            isinstance(item, SourceFile)
            and is_zip_name(item.name)
            and item.path.is_file()
        ):
            inside = members(item, suffixes, claims)
            yield from choose(inside) if choose else inside
        elif isinstance(item, SourceFile) and claims is not None:
            yield SourceFile(item.source, item.name, item.path, None, claims(item.name))
        else:
            yield item


def _walk(
    folder: Path,
    links: list[Path],
    visited: set[tuple[int, int]],
    whole: Whole | None,
) -> Iterator[tuple[Path, SourceFile | Problem | Skipped | None]]:
    """Files below a folder, its links to folders put aside, no folder twice."""
    try:
        state = folder.stat()
        if (state.st_dev, state.st_ino) in visited:
            return
        visited.add((state.st_dev, state.st_ino))
        with os.scandir(folder) as entries:
            inside = sorted(entries, key=lambda e: e.name)
    except OSError as error:
        yield folder, Problem(_shown(folder), disk_error(_shown(folder), error))
        return
    left = whole(folder, inside) if whole else None
    if left is not None:
        name = folder.name or folder.resolve().name
        yield folder, SourceFile(_shown(folder), printable(name), folder)
        inside = left
    for entry in inside:
        path = folder / entry.name
        # pathlib's answer, because that of the entry is an error for a looping link.
        if not path.is_dir():
            yield path, None
        elif entry.name.startswith(".") or entry.name == "__MACOSX":
            yield path, Skipped(_shown(path), "a hidden folder")
        elif entry.is_symlink():
            links.append(path)
        else:
            yield from _walk(path, links, visited, whole)


def _file(
    path: Path, suffixes: Sequence[str], seen: dict[tuple[int, int], str]
) -> SourceFile | Problem | Skipped | None:
    source = _shown(path)
    ignored = why_ignored(path.name, (*suffixes, ".zip"))
    if ignored:
        return Skipped(source, ignored)
    try:
        state = path.stat()
        regular = path.is_file()
    except OSError as error:
        return Problem(source, disk_error(source, error))
    if not regular:
        return Skipped(source, "neither a file nor a folder")
    first = seen.get((state.st_dev, state.st_ino))
    if first is not None:
        return Skipped(source, f"the same file as {first}") if first != source else None
    seen[state.st_dev, state.st_ino] = source
    return SourceFile(source, printable(path.name), path)


def _shown(path: Path) -> str:
    """The path relative to the project when inside it, else absolute.

    Links are kept as they are named: what a person called the file is its source.
    """
    absolute = Path(os.path.abspath(path))  # noqa: PTH100 - resolve() follows links
    root = project.root()
    # The project itself may have been reached by a link.
    for one in (absolute, absolute.parent.resolve() / absolute.name):
        if one.is_relative_to(root):
            return printable(one.relative_to(root).as_posix())
    return printable(absolute.as_posix())
