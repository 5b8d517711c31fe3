"""How a run ended, and how people are told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from loaders.console import table_lines
from loaders.errors import HindcastError
from loaders.ledger import FILE_STATUSES, Ended

OK, PROBLEMS = 0, 1


@dataclass
class Result:
    """How a run ended.

    Attributes:
        pipeline: Its name.
        ended: One entry per file.
        seconds: Wall clock of the whole run.
        error: What stopped the run, if something did.
        preview: What a dry run found in the files, where its pipeline tells it.
    """

    pipeline: str
    ended: list[Ended]
    not_selected: int
    seconds: float
    dry_run: bool = False
    error: HindcastError | None = None
    preview: list[str] = field(default_factory=list)

    def count(self, status: str) -> int:
        """Files that ended with a status."""
        return sum(one.status == status for one in self.ended)

    @property
    def exit_code(self) -> int:
        """0 all well, 1 some file failed or was quarantined."""
        bad = self.error or self.count("failed") or self.count("quarantined")
        return PROBLEMS if bad else OK


def summary_lines(results: Iterable[Result]) -> list[str]:
    """The closing summary: a table of pipelines, then each file that needs a person."""
    results = list(results)
    dry = any(r.dry_run for r in results)
    statuses = ("to load", "unchanged") if dry else FILE_STATUSES
    rows = [
        (
            r.pipeline,
            *(r.count(s) for s in statuses),
            sum(one.rows for one in r.ended),
            round(r.seconds, 1),
        )
        for r in results
    ]
    lines = table_lines(("pipeline", *statuses, "rows", "seconds"), rows)
    for result in results:
        if result.dry_run:
            lines += [
                f"  {one.status}: {one.source}"
                for one in result.ended
                if one.status == "to load"
            ]
        stopped = result.error.reason if result.error else None
        for one in result.ended:
            if stopped and one.reason == stopped:
                # What stopped the run is told once, below, and not for every file.
                lines.append(f"failed: {one.source}")
            elif one.status in ("quarantined", "failed") and one.reason:
                lines += _problem_lines(one)
        remarks = Counter(
            one.reason for one in result.ended if one.status == "loaded" and one.reason
        )
        lines += [
            f"{result.pipeline}: {count} file(s) loaded that are {remark}"
            for remark, count in sorted(remarks.items())
        ]
        if result.error:
            lines += ["", *str(result.error).splitlines()]
        if result.preview:
            lines += ["", *result.preview]
        if result.not_selected:
            lines.append(
                f"{result.pipeline}: {result.not_selected} file(s) not selected"
            )
    return lines


def _problem_lines(one: Ended) -> list[str]:
    told = str(one.error) if one.error else one.reason or ""
    return [
        "",
        *f"{one.status}: {told}".splitlines(),
        f"  again:    {one.next_command}",
    ]
