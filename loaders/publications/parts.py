"""Parts and vintages: several files of one period are one release, or its revisions.

Forty-two regional csv files of a month belong together; an original and its revised
edition do not. The registry may say which (``parts``); members of one zip are parts of
it; else what the rows are about decides, not what the files are called.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

#: Files that share this much of what their rows are about are editions of one thing.
SAME_SUBJECT = 0.2
#: Hashes kept per table: enough to tell a fifth from nothing.
SAMPLE = 128


@dataclass(frozen=True)
class Member:
    """A landed table, as far as its part of a release goes.

    Attributes:
        key: Its table key.
        file_id: Its file.
        period: First and last day of the file's period.
        part: The part that the registry says it is.
        file_key: Key of the file's name.
        source: Where the file came from; ``zip!member`` in a zip.
        sample: See ``TableDetails``.
    """

    key: int
    file_id: str
    period: tuple[dt.date, dt.date]
    part: str | None
    file_key: str
    source: str
    sample: tuple[int, ...]


def parts(members: Sequence[Member], table_of: Mapping[int, str]) -> dict[int, str]:
    """The part that each table is; those that are a whole release are left out.

    Args:
        members: Tables of one publication.
        table_of: The table of ours that each is.
    """
    result: dict[int, str] = {}
    groups: dict[tuple[object, ...], list[Member]] = defaultdict(list)
    for one in members:
        if one.part:
            result[one.key] = one.part
        else:
            groups[(table_of[one.key], one.period)].append(one)
    for group in groups.values():
        for same_subject, name in _clusters(sorted(group, key=lambda m: m.source)):
            result.update({one.key: name for one in same_subject if name})
    return result


def _clusters(group: Sequence[Member]) -> list[tuple[list[Member], str]]:
    in_zip: dict[str, int] = defaultdict(int)
    for one in group:
        in_zip[_archive(one)] += 1
    clusters: list[list[Member]] = []
    for one in group:
        fits = next((c for c in clusters if _belongs(one, c, in_zip)), None)
        if fits is None:
            clusters.append([one])
        else:
            fits.append(one)
    if len(clusters) == 1:
        return [(clusters[0], "")]
    named: list[tuple[list[Member], str]] = []
    taken: set[str] = set()
    for cluster in clusters:
        base = min(one.file_key for one in cluster) or "part"
        name, n = base, 1
        while name in taken:
            n += 1
            name = f"{base}_{n}"
        taken.add(name)
        named.append((cluster, name))
    return named


def _archive(one: Member) -> str:
    return one.source.rsplit("!", 1)[0] if "!" in one.source else ""


def _belongs(one: Member, cluster: Sequence[Member], in_zip: Mapping[str, int]) -> bool:
    """Whether a table is another edition of what a cluster holds."""
    archive = _archive(one)
    for other in cluster:
        if archive and _archive(other) == archive:
            # A zip holds one edition of each of its parts.
            return False
        several = archive and in_zip[archive] > 1
        if several or (_archive(other) and in_zip[_archive(other)] > 1):
            if one.file_key == other.file_key:
                return True
            continue
        if not one.sample or not other.sample:
            return True
        if _overlap(one.sample, other.sample) >= SAME_SUBJECT:
            return True
    return False


def _overlap(one: Sequence[int], other: Sequence[int]) -> float:
    """Share of subjects in common, from the smallest hashes of both."""
    size = min(len(one), len(other), SAMPLE)
    smallest = sorted({*one, *other})[:size]
    both = set(one) & set(other)
    return sum(h in both for h in smallest) / max(len(smallest), 1)
