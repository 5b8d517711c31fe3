"""Reading the files of a run, several at once where that pays."""

from __future__ import annotations

import contextlib
import hashlib
import os
import time
from collections import deque
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from loaders import plan
from loaders.errors import Failed, HindcastError
from loaders.model import FileRead, Pipeline, SourceFile
from loaders.plan import Work

if TYPE_CHECKING:
    import pyarrow as pa

#: Starting reader processes costs about as much as reading two workbooks.
PARALLEL_FROM_FILES = 4
#: Larger files are read here, in batches, instead of being passed between processes.
PARALLEL_UP_TO_BYTES = 32 * 1024 * 1024


def size_of(file: SourceFile) -> int | None:
    """Bytes of a file; ``None`` for a zip member, a folder and what is gone."""
    with contextlib.suppress(OSError):
        if file.member is None and not file.path.is_dir():
            return file.path.stat().st_size
    return None


def is_streamed(pipeline: Pipeline, file: SourceFile) -> bool:
    """Whether a file is read in batches, here, rather than as a whole."""
    if pipeline.stream is None:
        return False
    return pipeline.streams is None or pipeline.streams(file)


def is_selected(file: SourceFile, read: FileRead) -> bool:
    """Whether the content is of a period the run was limited to."""
    selected = file.claims.selected
    if not selected:
        return True
    start = read.period.start if read.period else None
    return start is not None and any(p.start <= start <= p.end for p in selected)


def read_one(
    pipeline: Pipeline, file: SourceFile, sha256: str
) -> tuple[FileRead | HindcastError, float]:
    """Reads one file; returns its error instead of raising it."""
    from loaders.files.archive import read_bytes

    started = time.monotonic()
    read: FileRead | HindcastError
    try:
        if is_streamed(pipeline, file) and pipeline.stream:
            read = pipeline.stream(file)
            last = read.tables[-1]
            last.batches = _then_unchanged(last.batches, file, sha256)
        else:
            data = read_bytes(file)
            if hashlib.sha256(data).hexdigest() != sha256:
                raise changed(file)
            read = pipeline.read(data, file)
    except HindcastError as error:
        read = error
    except Exception as error:
        read = plan.unexpected(error, file.source)
    return read, time.monotonic() - started


def changed(file: SourceFile) -> Failed:
    """The error for a file that is no longer what it was when the run began."""
    return Failed(
        "cannot load a file that changes while it is read",
        where=file.source,
        expected="the content it had when the run began",
        found="another content",
        next_step="let whoever writes it finish, then run again",
    )


def _then_unchanged(
    batches: Iterable[pa.RecordBatch], file: SourceFile, sha256: str
) -> Iterator[pa.RecordBatch]:
    """The last batches of a streamed file, and a look whether it is still the same."""
    from loaders.files.archive import sha256_of

    yield from batches
    if sha256_of(file) != sha256:
        raise changed(file)


def _read_named(
    name: str, file: SourceFile, sha256: str
) -> tuple[FileRead | HindcastError, float]:
    """The task of a reader process: functions do not travel between processes."""
    from loaders import registry

    return read_one(registry.get(name), file, sha256)


def _end_with_the_run() -> None:
    """Lets a reader process end when the run is killed; it would wait for ever."""
    import multiprocessing
    import threading

    parent = multiprocessing.parent_process()

    def watch() -> None:
        if parent is not None:
            parent.join()
            os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def read_all(
    pipeline: Pipeline, work: list[Work]
) -> Iterator[tuple[Work, FileRead | HindcastError, float]]:
    """Reads the files, several at once where that pays; yields them in order."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 2
    here = [
        is_streamed(pipeline, w.file) or (size_of(w.file) or 0) > PARALLEL_UP_TO_BYTES
        for w in work
    ]
    if here.count(False) < PARALLEL_FROM_FILES or cores < 2:
        for item in work:
            yield (item, *read_one(pipeline, item.file, item.sha256))
        return
    import multiprocessing
    from concurrent.futures import Future, ProcessPoolExecutor

    processes = min(cores, 4)
    # Spawned, not forked: dlt, arrow and psycopg2 hold threads and sockets by now.
    with ProcessPoolExecutor(
        processes,
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_end_with_the_run,
    ) as pool:
        waiting: deque[
            tuple[Work, Future[tuple[FileRead | HindcastError, float]] | None]
        ] = deque()
        rest = zip(work, here, strict=True)
        while True:
            # A short queue: what is read waits in memory until it is spooled.
            while len(waiting) < 2 * processes:
                following, is_here = next(rest, (None, False))
                if following is None:
                    break
                job = None
                if not is_here:
                    job = pool.submit(
                        _read_named, pipeline.name, following.file, following.sha256
                    )
                waiting.append((following, job))
            if not waiting:
                return
            item, job = waiting.popleft()
            if job is None:
                yield (item, *read_one(pipeline, item.file, item.sha256))
            else:
                yield (item, *job.result())
