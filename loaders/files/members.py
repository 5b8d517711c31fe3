"""What is inside a zip: its data files, and a word on everything else."""

from __future__ import annotations

import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from loaders.errors import HindcastError, Quarantined
from loaders.files import Problem, Skipped
from loaders.files.archive import (
    LIMITS,
    Limits,
    check_member,
    check_whole,
    opened,
    opened_inside,
    printable,
    refused,
)
from loaders.model import Claims, SourceFile

_JUNK = ("__macosx", "thumbs.db", "desktop.ini")


def is_zip_name(name: str) -> bool:
    """Whether a name says zip; workbooks are zips too, but are read whole."""
    return name.lower().endswith(".zip")


def why_ignored(name: str, suffixes: Sequence[str]) -> str | None:
    """Why a file of this name is not data for a pipeline; ``None`` when it may be."""
    if name.startswith("~$"):
        return "a lock file of Office"
    if name.startswith("."):
        return "a hidden file"
    if "." not in name:
        return "a name without an ending"
    if name.lower() in _JUNK or not name.lower().endswith(tuple(suffixes)):
        return f"its ending is none of {', '.join(suffixes)}"
    return None


def members(
    archive: SourceFile,
    suffixes: Sequence[str],
    claims: Callable[[str], Claims] | None = None,
    limits: Limits = LIMITS,
) -> Iterator[SourceFile | Problem | Skipped]:
    """The data files inside a zip, in the order of their names.

    A zip inside the zip is looked into once (``outer.zip!inner.zip!file.csv``); one
    deeper is a problem. Every refused member is a :class:`Problem` of its own, and a
    zip that cannot be opened is one problem.

    Args:
        archive: The zip; its claims pass to its members.
        suffixes: Lower-case endings of data files.
        claims: What a name claims; a member's own name wins over the zip's.
        limits: What the archive may ask of this machine.
    """
    base = archive.claims
    if claims is not None:
        base = _overlaid(claims(archive.name), base)
    try:
        with opened(archive.path, archive.source) as zipped:
            yield from _members(zipped, archive, base, "", suffixes, claims, limits)
    except HindcastError as error:
        yield Problem(archive.source, error)


def _members(
    zipped: zipfile.ZipFile,
    archive: SourceFile,
    base: Claims,
    prefix: str,
    suffixes: Sequence[str],
    claims: Callable[[str], Claims] | None,
    limits: Limits,
) -> Iterator[SourceFile | Problem | Skipped]:
    where = archive.source + (f"!{prefix[:-1]}" if prefix else "")
    infos = sorted(zipped.infolist(), key=lambda i: i.filename)
    check_whole(infos, where, limits)
    names = Counter(i.filename for i in infos)
    for info in infos:
        if info.filename.endswith("/"):
            continue
        source = f"{archive.source}!{prefix}{printable(info.filename)}"
        name = printable(info.filename.replace("\\", "/").rsplit("/", 1)[-1])
        wanted = (*suffixes, ".zip")
        ignored = why_ignored(name, wanted)
        if "__macosx" in info.filename.lower().split("/"):
            ignored = "a side file of macOS"
        try:
            check_member(info, source, limits, twice=names[info.filename] > 1)
        except Quarantined as error:
            yield Problem(source, error)
            continue
        if ignored:
            yield Skipped(source, ignored)
        elif is_zip_name(name):
            yield from _nested(
                zipped, info, archive, base, prefix, suffixes, claims, limits
            )
        else:
            own = _overlaid(base, claims(name)) if claims else base
            yield replace(
                archive,
                source=source,
                name=name,
                member=prefix + info.filename,
                claims=own,
            )


def _nested(
    zipped: zipfile.ZipFile,
    info: zipfile.ZipInfo,
    archive: SourceFile,
    base: Claims,
    prefix: str,
    suffixes: Sequence[str],
    claims: Callable[[str], Claims] | None,
    limits: Limits,
) -> Iterator[SourceFile | Problem | Skipped]:
    source = f"{archive.source}!{prefix}{printable(info.filename)}"
    try:
        if prefix:
            raise refused(
                source,
                expected="at most one zip inside a zip",
                found="a zip inside a zip inside a zip",
                next_step="unpack it by hand and load the folder",
            )
        with opened_inside(zipped, info, source, limits) as inner:
            yield from _members(
                inner, archive, base, f"{info.filename}!", suffixes, claims, limits
            )
    except HindcastError as error:
        yield Problem(source, error)


def _overlaid(under: Claims, over: Claims) -> Claims:
    return Claims(
        period_by={**under.period_by, **over.period_by},
        status_by={**under.status_by, **over.status_by},
        selected=over.selected or under.selected,
    )
