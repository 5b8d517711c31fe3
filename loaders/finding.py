"""Finding: the files that a run may be about, wherever they are."""

from __future__ import annotations

import contextlib
import fcntl
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from loaders import files, ledger, plan, project, warehouse
from loaders.errors import Failed, UsageError
from loaders.files import Problem, Skipped, databases
from loaders.model import Asking, Pipeline, SourceFile
from loaders.plan import Options

if TYPE_CHECKING:
    from psycopg2.extensions import connection as Connection

WEB = ("http://", "https://")
Found = list[SourceFile | Problem]


def find_files(
    pipeline: Pipeline,
    options: Options,
    say: Callable[[str], None],
    known: dict[str, ledger.Known],
    asking: Asking,
) -> tuple[Found, list[str]]:
    """All files the run may be about, and a line on each that was passed over.

    What was found on the web comes first: a copy of it that was put into the inbox by
    hand is then known as that url's content, with what its page says of it.

    Raises:
        UsageError: A path that does not exist.
    """
    from loaders.files import inbox

    sources = list(options.sources) or plan.default_sources(pipeline, options, known)
    web = [s for s in sources if s.startswith(WEB)]
    schemes = pipeline.databases.schemes if pipeline.databases else ()
    servers = [s for s in sources if s.startswith(schemes)] if schemes else []
    places = [s for s in sources if s not in web and s not in servers]
    for place in places:
        if "://" in place:
            raise UsageError(
                f"{pipeline.name} cannot read from such a url",
                where=databases.shown(place),
                expected="a file, a folder, or a url that begins with "
                + ", ".join((*WEB, *schemes)),
                found=place.split("://", 1)[0] + "://",
                next_step="correct it and run again",
            )
    paths = [Path(place) for place in places]
    found: Found = []
    skipped: list[str] = []
    for url in web:
        found += _on_the_web(pipeline, options, url, say, known, skipped)
    if not options.sources:
        gone = [path for path in paths if not path.exists()]
        paths = [path for path in paths if path not in gone]
        found += [Problem(project.shown(path), _gone(path)) for path in gone]
    if paths:
        whole = pipeline.databases.folder if pipeline.databases else None
        here, passed_over = inbox.find(
            paths, pipeline.suffixes, choose=pipeline.choose, whole=whole
        )
        skipped += passed_over
        found += plan.explicit_with_period(here, paths, options)
    if pipeline.databases is None:
        return found, skipped
    asked: Found = []
    for item in [*found, *servers]:
        is_database = isinstance(item, str) or (
            isinstance(item, SourceFile) and pipeline.databases.is_one(item)
        )
        if isinstance(item, Problem) or not is_database:
            asked.append(item)  # type: ignore[arg-type]
            continue
        name = databases.shown(item) if isinstance(item, str) else item.source
        if isinstance(item, str) or item.member is None:
            # Of a zip's members there may be thousands.
            say(f"{pipeline.name}: asking {name} for what is new")
        for one in pipeline.databases.fetch(item, asking):
            if isinstance(one, Skipped):
                skipped.append(str(one))
            else:
                asked.append(one)
    return asked, skipped


def _on_the_web(
    pipeline: Pipeline,
    options: Options,
    url: str,
    say: Callable[[str], None],
    known: dict[str, ledger.Known],
    skipped: list[str],
) -> Found:
    if pipeline.discover is None:
        raise UsageError(
            f"cannot look for {pipeline.name} files on the web",
            where=url,
            expected="a file or folder",
            found="a url, and this pipeline has no discovery",
            next_step="download the file and give its path with --from",
        )
    say(f"{pipeline.name}: looking at {url}")
    loaded = {
        k.source_file for k in known.values() if k.status in ("loaded", "superseded")
    }
    again = options.force or options.retry_failed
    return files.discovered(
        *(pipeline, url, options.periods, options.limit, () if again else loaded),
        skipped=skipped,
    )


def _gone(path: Path) -> Failed:
    return Failed(
        "cannot find a file that failed before",
        where=project.shown(path),
        expected="the file, to try it again",
        found="nothing of that name",
        next_step="put it back, or load it from where it is now with --from",
    )


@contextlib.contextmanager
def as_it_is() -> Iterator[Connection | None]:
    """The warehouse without creating anything; ``None`` where there is none yet."""
    if (
        warehouse.origin() == "embedded"
        and not (project.state_dir() / "postgres").exists()
    ):
        yield None
        return
    with contextlib.closing(warehouse.connect(warehouse.resolve())) as connection:
        yield connection


@contextlib.contextmanager
def folder_for(pipeline: Pipeline) -> Iterator[Path | None]:
    """A folder for what the run fetches from databases, gone when the run ends.

    A lock says that its run is alive: what a killed run left goes with the next one.
    """
    if pipeline.databases is None:
        yield None
        return
    base = project.state_dir() / "fetched" / pipeline.name
    base.mkdir(parents=True, exist_ok=True)
    with contextlib.ExitStack() as stack:
        # Nobody takes a folder for a dead run's that is only just being made.
        with base.with_suffix(".lock").open("w") as making:
            fcntl.flock(making, fcntl.LOCK_EX)
            for left in base.iterdir():
                with contextlib.suppress(OSError), (left / "lock").open("a") as lock:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    shutil.rmtree(left, ignore_errors=True)
            folder = Path(tempfile.mkdtemp(dir=base))
            stack.callback(shutil.rmtree, folder, ignore_errors=True)
            held = stack.enter_context((folder / "lock").open("w"))
            fcntl.flock(held, fcntl.LOCK_EX)
        yield folder
