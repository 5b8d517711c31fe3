"""What a file of a publication is, all voices heard: its period and its release.

The content counts first, then option, page, folder and name, and none may contradict
another: of voices that agree the narrowest counts. A file of many months belongs to the
last of them, so a page or name must say that month, or a later one where the months are
only those of its rows.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from loaders.errors import Quarantined
from loaders.files.voices import WHO, decide_status, disagree
from loaders.model import Claims, Period, SourceFile
from loaders.periods import last_month
from loaders.periods.dates import revised_in_name
from loaders.periods.units import as_financial_year
from loaders.publications.content import Facts, Stated, claims
from loaders.publications.entries import Publication

_ORDER = ("option", "page", "folder", "name")
_ZIP = "the name of the zip it is in"


@dataclass(frozen=True)
class Settled:
    """What a file is: its period, who says so, its release and when that was."""

    period: Period
    period_source: str
    release_status: str
    published_on: dt.date | None


@dataclass(frozen=True)
class _Voice:
    period: Period
    cover: Period
    says: str
    who: str
    kind: str

    @property
    def days(self) -> int:
        return (self.period.end - self.period.start).days


def settle(
    file: SourceFile, facts: Facts, publication: Publication | None = None
) -> Settled:
    """Decides what a file is.

    Args:
        file: The file, with what page, option, folder and name claim.
        facts: What it says of itself.
        publication: Its entry of the registry.

    Raises:
        Quarantined: Two of them contradict each other, or nobody states a period.
    """
    content = publication.schedule.content if publication else "end"
    period, who = _period(file, facts, content)
    given = _with_archives(file)
    stated = [*facts.statuses, *([("revised", "Revised")] if facts.is_revised else [])]
    status = _status(stated, given, file.name)
    return Settled(period, who, status, _published_on(file, facts, period))


# ----------------------------------------------------------------------------- period


def _period(file: SourceFile, facts: Facts, belongs: str) -> tuple[Period, str]:
    whole = belongs == "range"
    content = _content(facts, file.name)
    others = _claimed(file, whole, silent=content is None)
    if belongs == "release" and others:
        content = None
    voices = [*([_heard(content, whole)] if content else []), *others]
    if not voices:
        titles = {one.period: one for one in _titles(facts)}
        if len(titles) != 1:
            raise _none(file, facts)
        (title,) = titles.values()
        return _heard(title, whole).period, "content"
    for i, one in enumerate(voices):
        for other in voices[i + 1 :]:
            if not _agree(one, other, inside="!" in file.source):
                raise disagree(
                    *("period", file.name, one.says, one.cover.label),
                    *(other.says, other.cover.label),
                )
    own = [v for v in voices if v.who in ("content", "name")]
    if "!" in file.source and own:
        voices = [v for v in voices if v in own or _holds(own[0].period, v.period)]
    first = voices[0]
    if first.kind == "series":
        # Rows may end before the month of the release: the release counts.
        later = [v for v in voices[1:] if v.period.end > first.period.end]
        voices = [v for v in later if not _holds(v.period, first.period)] or voices
    narrowest = min(voices, key=lambda v: v.days)
    return narrowest.period, narrowest.who


def _titles(facts: Facts) -> list[Stated]:
    return [one for one in facts.periods if one.kind == "title"]


def _content(facts: Facts, where: str) -> Stated | None:
    """What the file states first; its other statements may not contradict it."""
    stated = [one for one in facts.periods if one.kind in ("label", "column", "span")]
    narrowest: Stated | None = None
    for one in stated:
        if narrowest is None or _holds(narrowest.cover, one.cover):
            narrowest = one
        elif not _holds(one.cover, narrowest.cover):
            raise disagree(
                *("period", where, narrowest.place, narrowest.cover.label),
                *(one.place, one.cover.label),
            )
    if narrowest is None:
        return next((o for o in facts.periods if o.kind == "series"), None)
    titles = _titles(facts)
    if narrowest.cover.grain == "financial_year" and len(titles) > 1:
        # "Period: 2024/25" stands on every month's file; the titles name the month.
        first = titles[0]
        same = all(one.period == first.period for one in titles)
        if same and _holds(narrowest.cover, first.period):
            return first
    return narrowest


def _heard(stated: Stated, whole: bool) -> _Voice:
    period = stated.cover if whole else stated.period
    return _Voice(
        *(period, stated.cover, f"the file ({stated.place})", "content", stated.kind)
    )


def _claimed(file: SourceFile, whole: bool, *, silent: bool) -> list[_Voice]:
    """What others say; of a zip's member its page and zip only where it is silent."""
    given = dict(file.claims.period_by)
    if silent and not given and len(file.claims.selected) == 1:
        given["option"] = file.claims.selected[0]
    found = [_voice(given[who], WHO[who], who, whole) for who in _ORDER if who in given]
    if "!" not in file.source:
        return found
    if not silent or "name" in given:
        return found
    for archive in reversed(file.source.split("!")[:-1]):
        if outer := claims(archive.rsplit("/", 1)[-1]).period_by.get("name"):
            return [*found, _voice(outer, _ZIP, "name", whole)]
    return found


def _voice(period: Period, says: str, who: str, whole: bool) -> _Voice:
    cover = as_financial_year(period)
    last = last_month(cover) if cover.grain == "range" and not whole else cover
    return _Voice(last, cover, says, who, "claim")


def _agree(one: _Voice, other: _Voice, *, inside: bool) -> bool:
    for content, claim in ((one, other), (other, one)):
        if content.kind == "series":
            return claim.period.end >= content.period.end
        spanned = content.kind == "span" and content.cover.grain == "range"
        if spanned and claim.period.grain == "month":
            # From and to of one release: its month is the last, not any of them.
            return claim.period == content.period
    if _holds(one.cover, other.cover) or _holds(other.cover, one.cover):
        return True
    if inside and "page" in (one.who, other.who):
        # A release may hold files of earlier months in its zips, none of later ones.
        page, own = (one, other) if one.who == "page" else (other, one)
        return page.period.end >= own.period.end
    return False


def _holds(outer: Period, inner: Period) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


def _none(file: SourceFile, facts: Facts) -> Quarantined:
    titles = sorted({one.period.label for one in _titles(facts)})
    found = "no period in the content, on the page or in the name"
    if titles:
        found = f"titles of {len(titles)} periods: {', '.join(titles[:5])}"
    return Quarantined(
        "cannot tell the period of the file",
        where=file.name,
        expected="a line such as Period: August 2025, a column of dates, or the period "
        "in the file's name",
        found=found,
        next_step="load it with its period: dlt pipeline publications run "
        f"--from {file.source} --period YYYY-MM",
    )


# ---------------------------------------------------------------------------- release


def _with_archives(file: SourceFile) -> Claims:
    """The claims on a file, with the release status of the zips it is in."""
    given = file.claims
    for archive in reversed(file.source.split("!")[:-1]):
        said = claims(archive.rsplit("/", 1)[-1]).status_by
        given = Claims(given.period_by, {**said, **given.status_by}, given.selected)
    return given


def _status(stated: list[tuple[str, str]], given: Claims, where: str) -> str:
    # "Final (Revised)" and a revision of a final release are both a revision.
    said = [s for s in stated if s[0] == "revised"] or stated
    return decide_status(said, given, where)


def _published_on(file: SourceFile, facts: Facts, period: Period) -> dt.date | None:
    """The day of this release; one before its period began is a slip of the pen."""
    days = (
        *(facts.revised_on, revised_in_name(file.name)),
        *(file.published_on, facts.published_on),
    )
    return next((day for day in days if day and day > period.start), None)
