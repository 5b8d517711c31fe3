"""What the names of RTT files claim, and what a file is, all voices heard."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from loaders.files import Problem, Skipped
from loaders.files.voices import (
    decide_period,
    decide_status,
    disagree,
    is_example_line,
)
from loaders.model import Claims, Period, SourceFile
from loaders.periods import parse_period, period_in_name

#: ``Full-CSV-data-file-Jan26-ZIP-4M-WL5BiP.zip``: the first month counts, because the
#: letters at the end are random.
_MONTH_IN_NAME = re.compile(
    r"(?<![a-z])(jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)[a-z]*[\s_-]?"
    r"(\d{4}|\d{2})(?!\d)",
    re.IGNORECASE,
)
_REVISED = re.compile(r"(?<![a-z])revised(?![a-z])", re.IGNORECASE)


@dataclass(frozen=True)
class Identity:
    """What a file is: its period, who says so, and its release status."""

    period: Period
    period_source: str
    release_status: str


def month_in_name(name: str) -> Period | None:
    """The month that a file name or url states first; ``None`` when it states none."""
    tail = name.rstrip("/").rsplit("/", 1)[-1]
    match = _MONTH_IN_NAME.search(tail)
    if match and (period := parse_period(f"{match[1]} {match[2]}")):
        return period
    return period_in_name(tail)


def is_revised(name: str) -> bool:
    """Whether a file name says that it is a revised release."""
    return _REVISED.search(name) is not None


def claims(name: str) -> Claims:
    """What the name of an RTT file claims; only a revision states its status."""
    period = month_in_name(name)
    return Claims(
        period_by={"name": period} if period else {},
        status_by={"name": "revised"} if is_revised(name) else {},
    )


def decide_file(
    periods: Sequence[tuple[Period, str]],
    statuses: Sequence[tuple[str, str]],
    file: SourceFile,
) -> Identity:
    """Hears the file, its page, folder and name, and the zip it came in.

    Args:
        periods: Periods in the file, each with its place.
        statuses: Release statuses in the file, each with its place.
        file: The file and what is claimed of it.

    Raises:
        Quarantined: Two of them disagree, or nobody states a period.
    """
    given = file.claims
    *archives, _ = file.source.split("!")
    # A zip's own name counts, not the folders it lies in.
    for said in (claims(archive.rsplit("/", 1)[-1]) for archive in archives):
        outer, own = said.period_by.get("name"), given.period_by.get("name")
        if outer and own and outer != own:
            names = ("the zip's name", outer.label, "its own name", own.label)
            raise disagree("period", file.name, *names)
        given = replace(
            given,
            period_by={**said.period_by, **given.period_by},
            status_by={**given.status_by, **said.status_by},
        )
    period, source = decide_period(periods, given, file.name)
    return Identity(period, source, decide_status(statuses, given, file.name))


def example_line(text: str) -> bool:
    """Whether a line of a csv, quoted or not, says that this is an example."""
    return is_example_line(text.strip().strip('"'))


def choose_members(
    found: Iterable[SourceFile | Problem | Skipped],
) -> Iterator[SourceFile | Problem | Skipped]:
    """The one full extract of a zip; other csv and workbooks beside it are passed over.

    Of several the longest name is taken, and of these the last in the alphabet. A zip
    without a csv gives all it holds.
    """
    items = list(found)
    files = [f for f in items if isinstance(f, SourceFile)]
    extracts = [f for f in files if f.name.lower().endswith(".csv")]
    named = [f for f in extracts if "full" in f.name.lower()] or extracts
    best = max(named, key=lambda f: (len(f.name), f.name), default=None)
    for item in items:
        if best is None or item is best or not isinstance(item, SourceFile):
            yield item
        else:
            yield Skipped(item.source, f"the full extract of this zip is {best.name}")
