"""The plan of a run: which files there are, which of them have to be read, and why."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from loaders import project
from loaders.errors import Failed, HindcastError, Quarantined, UsageError
from loaders.files import Problem, databases
from loaders.files.archive import sha256_of
from loaders.ledger import Ended, Known, claim_id
from loaders.model import Claims, Period, Pipeline, SourceFile
from loaders.periods import parse_period


@dataclass(frozen=True)
class Options:
    """What ``dlt pipeline NAME run`` was asked."""

    sources: tuple[str, ...] = ()
    periods: tuple[Period, ...] = ()
    limit: int | None = None
    dry_run: bool = False
    force: bool = False
    retry_failed: bool = False

    def command(self, pipeline: str) -> str:
        """The call as typed, for the record."""
        parts = ["dlt", "pipeline", pipeline, "run"]
        for source in self.sources:
            parts += ["--from", shlex.quote(databases.shown(source))]
        for period in self.periods:
            parts += ["--period", period.label]
        parts += ["--limit", str(self.limit)] if self.limit is not None else []
        parts += ["--dry-run"] if self.dry_run else []
        parts += ["--force"] if self.force else []
        parts += ["--retry-failed"] if self.retry_failed else []
        return " ".join(parts)


@dataclass
class Work:
    """A file that has to be read.

    Attributes:
        same_as: Source of a file of the same content that is read before; this one
            counts when that one's name proves wrong.
    """

    file: SourceFile
    file_id: str
    sha256: str
    same_as: str | None = None


@dataclass
class Plan:
    """What a run will do."""

    work: list[Work] = field(default_factory=list)
    ended: list[Ended] = field(default_factory=list)
    not_selected: int = 0


def parse_options_period(text: str) -> Period:
    """A ``--period`` as typed.

    Raises:
        UsageError: It is not a month ``YYYY-MM`` (or another period we know).
    """
    period = parse_period(text)
    if period is None:
        raise UsageError(
            "cannot understand --period",
            where="the call",
            expected="a month as YYYY-MM, for instance 2025-08",
            found=text,
            next_step="correct it and run again",
        )
    return period


def retry_command(pipeline: Pipeline, source: str, *, force: bool = False) -> str:
    """The command that takes exactly this file again."""
    place = source.split("!", 1)[0]
    how = "--force" if force else "--retry-failed"
    return f"dlt pipeline {pipeline.name} run --from {shlex.quote(place)} {how}"


def ended_badly(
    pipeline: Pipeline,
    source: str,
    name: str,
    error: HindcastError,
    *,
    file_id: str | None = None,
    sha256: str | None = None,
    with_option: bool = False,
) -> Ended:
    """A file that ended quarantined or failed, with its reason and next command."""
    quarantined = isinstance(error, Quarantined)
    return Ended(
        source=source,
        name=name,
        status="quarantined" if quarantined else "failed",
        file_id=file_id or claim_id(sha256, source),
        sha256=sha256,
        reason=f"{error.reason}; next: {error.next_step}",
        next_command=retry_command(pipeline, source),
        # What an option of this run led to says nothing about the next run: without a
        # version the file is read again.
        reader_version=None if with_option else pipeline.reader_version,
        error=error,
    )


def unexpected(error: BaseException, where: str) -> HindcastError:
    """Any other exception in four parts: a fault of ours or of the machine."""
    detail = " ".join(str(error).split()) or "no message"
    return Failed(
        "cannot load the file",
        where=where,
        expected="no error while reading it",
        found=f"{type(error).__name__}: {detail}"[:600],
        next_step="if the machine is well (disk, memory), report this as a bug",
    )


#: A folder that says what its files are: ``2025-08`` or ``2025-08-final``.
_TELLING_FOLDER = re.compile(r"(\d{4}-\d{2})(?:-(provisional|final|revised))?")


def claimed(
    file: SourceFile, pipeline: Pipeline, options: Options
) -> tuple[SourceFile, bool]:
    """The file with all claims on it, and whether the run's periods select it.

    What page, folder or name state decides before the file is opened. Where they are
    silent the content will, after it is read (``Claims.selected``).
    """
    by_name = pipeline.claims(file.name)
    periods = {**by_name.period_by, **file.claims.period_by}
    statuses = {**by_name.status_by, **file.claims.status_by}
    folder = _TELLING_FOLDER.fullmatch(file.path.parent.name)
    if folder and (period := parse_period(folder[1])):
        periods["folder"] = period
        if folder[2]:
            statuses["folder"] = folder[2]
    claims = Claims(period_by=periods, status_by=statuses, selected=options.periods)
    stated = periods.get("page") or periods.get("folder") or periods.get("name")
    meant = (
        "option" in periods
        or stated is None
        or not options.periods
        or any(p.start <= stated.end and stated.start <= p.end for p in options.periods)
    )
    return replace(file, claims=claims), meant


def _contradiction(file: SourceFile, known: Known) -> Quarantined | None:
    """Content that is loaded under one period and now claimed to be of another."""
    start, end = known.period_start, known.period_end
    if start is None or end is None:
        return None
    for who, period in file.claims.period_by.items():
        # A name that states a year agrees with every month in it.
        if not (period.start <= start and end <= period.end):
            return Quarantined(
                "the file is not of the period it is said to be of",
                where=file.source,
                expected=f"{period.label} (by its {who})",
                found=f"the content of {known.period_label}, loaded from "
                f"{known.source_file}",
                next_step="correct the name or --period, or get the right file",
            )
    return None


def explicit_with_period(
    files: Iterable[SourceFile | Problem], named: Sequence[Path], options: Options
) -> list[SourceFile | Problem]:
    """Files named one by one are claimed to be of the one ``--period`` given."""
    if len(options.periods) != 1:
        return list(files)
    paths = {path.resolve() for path in named if path.is_file()}
    option = {"option": options.periods[0]}
    return [
        replace(f, claims=replace(f.claims, period_by={**f.claims.period_by, **option}))
        if isinstance(f, SourceFile) and f.path.resolve() in paths
        else f
        for f in files
    ]


def make(
    pipeline: Pipeline,
    options: Options,
    found: Iterable[SourceFile | Problem],
    known: dict[str, Known],
) -> Plan:
    """Decides for every file what becomes of it; reads no more than its bytes' hash.

    Args:
        pipeline: Whose files.
        options: What was asked.
        found: Files and problems, in the order they are to be taken.
        known: The ledger.
    """
    plan = Plan()
    taken: dict[str, str] = {}
    replaced = _replaced(known) if pipeline.last_found_counts else set()
    troubled = {
        k.source_file for k in known.values() if k.status in ("quarantined", "failed")
    }
    for item in found:
        if isinstance(item, Problem):
            name = item.source.rsplit("/", 1)[-1]
            plan.ended.append(ended_badly(pipeline, item.source, name, item.error))
            continue
        file, selected = claimed(item, pipeline, options)
        if not selected or (options.retry_failed and file.source not in troubled):
            plan.not_selected += 1
            continue
        try:
            sha256 = sha256_of(file)
        except HindcastError as error:
            plan.ended.append(ended_badly(pipeline, file.source, file.name, error))
            continue
        again = (file.source, sha256) in replaced
        _place(plan, pipeline, options, file, sha256, known, taken, again)
    if options.limit is not None:
        plan.not_selected += max(0, len(plan.work) - options.limit)
        plan.work = plan.work[: options.limit]
    return plan


def _place(
    plan: Plan,
    pipeline: Pipeline,
    options: Options,
    file: SourceFile,
    sha256: str,
    known: dict[str, Known],
    taken: dict[str, str],
    again: bool,
) -> None:
    version = known.get(sha256)
    loaded = version is not None and version.status in ("loaded", "superseded")
    first = next((w for w in plan.work if w.sha256 == sha256), None)
    if first is not None:
        plan.work.append(Work(file, sha256, sha256, taken[sha256]))
        return
    if sha256 in taken:
        reason = f"same content as {taken[sha256]}"
        plan.ended.append(
            Ended(file.source, file.name, "unchanged", sha256, sha256, reason=reason)
        )
        return
    if loaded and version is not None:
        wrong = _contradiction(file, version)
        if wrong:
            plan.ended.append(
                ended_badly(pipeline, file.source, file.name, wrong, sha256=sha256)
            )
            return
        if not (options.force or again):
            taken[sha256] = file.source
            other = version.source_file != file.source
            same = f"same content as {version.source_file}" if other else None
            plan.ended.append(
                Ended(file.source, file.name, "unchanged", sha256, sha256, reason=same)
            )
            return
    known_bad = (
        version is not None
        and version.status == "quarantined"
        and version.reader_version == pipeline.reader_version
        and version.source_file == file.source
        and not options.periods
    )
    if known_bad and version and not (options.force or options.retry_failed):
        plan.ended.append(
            Ended(
                source=file.source,
                name=file.name,
                status="quarantined",
                file_id=sha256,
                sha256=sha256,
                reason=version.reason,
                next_command=version.next_command,
                keep=False,
            )
        )
        return
    taken[sha256] = file.source
    plan.work.append(Work(file, sha256, sha256))


def _replaced(known: dict[str, Known]) -> set[tuple[str, str]]:
    """Sources with the versions that a later one has taken the place of."""
    last: dict[str, str] = {}
    loaded = [k for k in known.values() if k.load_sequence is not None]
    for one in sorted(loaded, key=lambda k: k.load_sequence or 0):
        last[one.source_file] = one.file_id
    return {
        (one.source_file, one.file_id)
        for one in loaded
        if last[one.source_file] != one.file_id
    }


def default_sources(
    pipeline: Pipeline, options: Options, known: dict[str, Known]
) -> list[str]:
    """Where a run without ``--from`` looks.

    The inbox if it has files, else the examples; the publisher's page and databases
    too, where the configuration says so. To retry what failed: where that came from.
    """
    if options.retry_failed:
        places = {
            k.source_file.split("!", 1)[0]
            for k in known.values()
            if k.status in ("quarantined", "failed")
        }
        return [p if "://" in p else str(project.root() / p) for p in sorted(places)]
    inbox = project.root() / str(project.setting("hindcast", "inbox", default="inbox"))
    own = inbox / pipeline.name
    named = databases.configured(pipeline.name)
    if not (own.is_dir() and any(p.is_file() for p in own.rglob("*"))):
        if named:
            return named
        own = project.root() / "examples" / pipeline.name
    if not project.setting("sources", pipeline.name, "discover", default=False):
        return [str(own), *named]
    page = project.setting("sources", pipeline.name, "page")
    starts = [str(page)] if page else pipeline.starts() if pipeline.starts else []
    return [str(own), *starts, *named]
