"""The folder of an export, which is replaced as a whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from loaders import project
from loaders.errors import Failed, UsageError

PACKAGE = "datapackage.json"
CATALOGUE = "catalogue.parquet"
DEFAULT = "export"


@contextlib.contextmanager
def replacing(folder: Path) -> Iterator[Path]:
    """A new folder beside one; takes its place when the block ends well.

    A block that fails, or a process that is killed in it, leaves the old one as it was.
    What a killed one left beside it is cleared by the next.

    Raises:
        UsageError: There is a folder that is no export; nothing of it is touched.
        Failed: The disk or its permissions.
    """
    folder = folder.resolve()
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        _restore(folder)
        _refuse_foreign(folder)
        _clear_dead(folder)
        with _fresh(folder) as made:
            yield made
            made.chmod(0o755)
            _swap(made, folder)
    except OSError as error:
        raise disk_error(folder, error) from error


def disk_error(folder: Path, error: OSError) -> Failed:
    """What a disk refused, in four parts."""
    full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
    return Failed(
        "cannot write the export; the one before it is untouched",
        where=project.shown(folder),
        expected="a disk with room for a second copy beside the first"
        if full
        else "a folder that we may create and replace",
        found=" ".join(str(error).split()),
        next_step="free some disk space, or name another folder with --to"
        if full
        else "correct its permissions, or name another folder with --to",
    )


@contextlib.contextmanager
def _fresh(folder: Path) -> Iterator[Path]:
    made = Path(tempfile.mkdtemp(prefix=f".{folder.name}.partial-", dir=folder.parent))
    try:
        with _held(made):
            yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


@contextlib.contextmanager
def _held(folder: Path) -> Iterator[bool]:
    """Whether nobody else holds a folder; while the block lasts, we do."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield True
    except BlockingIOError:
        yield False
    finally:
        os.close(handle)


def _clear_dead(folder: Path) -> None:
    for left in folder.parent.glob(f".{folder.name}.partial-*"):
        with _held(left) as dead:
            if dead:
                shutil.rmtree(left, ignore_errors=True)


def _previous(folder: Path) -> Path:
    return folder.parent / f".{folder.name}.previous"


def _restore(folder: Path) -> None:
    """Undoes a replacement that was killed between its two renames."""
    previous = _previous(folder)
    if not previous.exists():
        return
    if folder.exists():
        shutil.rmtree(previous)
    else:
        previous.rename(folder)


def _swap(made: Path, folder: Path) -> None:
    previous = _previous(folder)
    if folder.exists():
        folder.rename(previous)
    made.rename(folder)
    if previous.exists():
        shutil.rmtree(previous)


def _refuse_foreign(folder: Path) -> None:
    """Refuses to replace what no export wrote.

    Raises:
        UsageError: It is a file, or holds files that its data package does not name.
    """
    if not folder.exists():
        return
    foreign = sorted(_foreign(folder))
    if foreign:
        shown = ", ".join(foreign[:3]) + (", …" if len(foreign) > 3 else "")
        raise UsageError(
            "cannot replace the folder with an export",
            where=project.shown(folder),
            expected="no folder, an empty one, or an export and nothing else",
            found=f"what no export wrote: {shown}",
            next_step="move it away, or name another folder with --to",
        )


def _foreign(folder: Path) -> set[str]:
    if not folder.is_dir():
        return {folder.name}
    present = {entry.name for entry in folder.iterdir()}
    ours = {PACKAGE, CATALOGUE}
    try:
        package = json.loads((folder / PACKAGE).read_text(encoding="utf-8"))
        for resource in package["resources"]:
            ours |= {resource["path"], f"{resource['name']}.md"}
    except FileNotFoundError:
        return present
    except (ValueError, KeyError, TypeError):
        return present
    return present - ours
