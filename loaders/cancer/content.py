"""What a cancer file says of itself, and whether everybody who speaks of it agrees.

Period and release status are stated by the file (the cell above each table, the
Frontpage), by the page it was published on, by an option of the run and by its name.
Content decides; any disagreement sets the file aside, because a month under a wrong
label is worse than a missing month.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from loaders.errors import Quarantined
from loaders.model import Claims, Period
from loaders.periods import month, parse_period, period_in_name
from loaders.sheets.layout import texts
from loaders.sheets.values import is_blank
from loaders.sheets.workbook import Rows

_STATUS = re.compile(r"\s*(?:release\s+)?status\s*:\s*(.*)", re.IGNORECASE)
_BASIS = re.compile(r"\s*basis\s*:\s*(provider|commissioner)\b", re.IGNORECASE)
_FRONT_BASIS = re.compile(r"\b(provider|commissioner)[\s-]+based\s*$", re.IGNORECASE)
_EXAMPLE = re.compile(r"\s*example\s*:", re.IGNORECASE)
#: The Frontpage states the period near its top; dates further down are about others.
_FRONT_ROWS = 20
#: Strongest word first: a file "Final (Revised)" is a revision.
_STATUS_WORDS = ("revised", "provisional", "final")


@dataclass
class Facts:
    """What one sheet says outside its tables."""

    notes: tuple[str, ...] = ()
    periods: list[tuple[Period, str]] = field(default_factory=list)
    statuses: list[tuple[str, str]] = field(default_factory=list)
    bases: list[tuple[str, str]] = field(default_factory=list)
    is_example: bool = False


def facts_of(rows: Rows, where: str, *, front: bool) -> Facts:
    """Reads the rows above the first table, or a whole sheet of text.

    Args:
        rows: Those rows.
        where: File and sheet, for messages.
        front: Whether the sheet has no table.
    """
    facts = Facts()
    notes: list[str] = []
    for i, row in enumerate(rows):
        place = f"{where}, row {i + 1}"
        notes.extend(texts(row))
        for cell in row:
            if is_blank(cell):
                continue
            if not front or i < _FRONT_ROWS:
                period = _month_of(parse_period(cell))
                # A front page holds other dates too: of publication, of the next one.
                if period and (period.grain == "month" or not front):
                    facts.periods.append((period, place))
            if isinstance(cell, str):
                _note(facts, cell, place)
    facts.notes = tuple(notes)
    return facts


def _month_of(period: Period | None) -> Period | None:
    """A month given by its last day is that month; anything else stays what it is."""
    if period is None or period.grain != "day":
        return period
    whole = month(period.start.year, period.start.month)
    return whole if period.start == whole.end else period


def _note(facts: Facts, text: str, place: str) -> None:
    if match := _STATUS.match(text):
        word = status_word(match[1])
        if word:
            facts.statuses.append((word, place))
    basis = _BASIS.match(text) or _FRONT_BASIS.search(text)
    if basis:
        facts.bases.append((basis[1].lower(), place))
    if _EXAMPLE.match(text):
        facts.is_example = True


def status_word(text: str) -> str | None:
    """The release status a text names, ``None`` when it names none.

    "Final (revised)" is ``revised``; a text naming both provisional and final names
    neither.
    """
    words = set(re.findall(r"[a-z]+", text.lower()))
    found = [w for w in _STATUS_WORDS if w in words]
    if found == ["provisional", "final"]:
        return None
    return found[0] if found else None


# ------------------------------------------------------------------- claims of a name


def claims(name: str) -> Claims:
    """What the name of a cancer file claims about its content."""
    period, status = period_in_name(name), status_word(_spaced(name))
    return Claims(
        period_by={"name": period} if period else {},
        status_by={"name": status} if status else {},
    )


def _spaced(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9]+", " ", name)


_NAME_TABLE = re.compile(
    r"\b(28|31|62) day (?:fds )?(all|by) (route|cancer|treatment modality|modality)s?\b"
)
_NAME_TABLES = {
    ("28", "all", "route"): "fds_all_routes",
    ("28", "by", "route"): "fds_by_route",
    ("31", "all", "cancer"): "treatment_31_day_all_cancers",
    ("31", "by", "cancer"): "treatment_31_day_by_cancer",
    ("31", "by", "modality"): "treatment_31_day_by_modality",
    ("62", "all", "cancer"): "treatment_62_day_all_cancers",
    ("62", "by", "cancer"): "treatment_62_day_by_cancer",
    ("62", "by", "modality"): "treatment_62_day_by_modality",
}
_NAME_SEEN = {"usc": "first_seen_usc", "ubs": "first_seen_ubs"}


def table_in_name(name: str) -> str | None:
    """The table of the current standards that a file name claims to hold.

    ``5.-31-Day-By-Cancer-Provider-Data.csv`` claims ``treatment_31_day_by_cancer``;
    names of the years before, such as ``5.-31-Day-Wait-for-first-treatment-…``, claim
    none. The number in front is the publisher's sheet number and proves nothing.
    """
    plain = _spaced(name).lower()
    match = _NAME_TABLE.search(plain)
    if match:
        kind = match[3].removeprefix("treatment ")
        return _NAME_TABLES.get((match[1], match[2], kind))
    seen = re.search(r"\b(usc|ubs) referral", plain)
    return _NAME_SEEN[seen[1]] if seen else None


def basis_in_name(name: str) -> str | None:
    """The basis that a file name claims; ``None`` when it names none or both."""
    found = set(re.findall(r"\b(provider|commissioner)\b", _spaced(name).lower()))
    return found.pop() if len(found) == 1 else None


# --------------------------------------------------------------------- who says what

_WHO = {
    "page": "the page it was published on",
    "folder": "the folder it lies in",
    "option": "the option of this run",
    "name": "its name",
}


def decide_period(
    stated: Sequence[tuple[Period, str]], given: Claims, where: str
) -> tuple[Period, str]:
    """The period of a file and who it comes from.

    Args:
        stated: Periods in the file, each with its place.
        given: What page, option and name claim.
        where: The file, for messages.

    Returns:
        Period and ``content``, ``option``, ``page``, ``folder`` or ``name``.

    Raises:
        Quarantined: Two of them disagree, or nobody states a period.
    """
    _agree("period", [(p, p.label, place) for p, place in stated], where)
    claimed = dict(given.period_by)
    if not stated and not claimed and len(given.selected) == 1:
        claimed["option"] = given.selected[0]
    order = [w for w in ("option", "page", "folder", "name") if w in claimed]
    voices: list[tuple[Period, str]] = [(claimed[w], _WHO[w]) for w in order]
    if stated:
        voices.insert(0, (stated[0][0], f"the file ({_inner(stated[0][1], where)})"))
    if not voices:
        raise Quarantined(
            "cannot tell the period of the file",
            where=where,
            expected="a month above each table, such as Aug-25, or in the file's name",
            found="no period in the content, on the page or in the name",
            next_step="put the month into the file's name, such as 2025-08-….csv, and "
            "load it again",
        )
    first, who = voices[0]
    if first.grain != "month":
        raise Quarantined(
            "cannot tell the month of the file",
            where=where,
            expected="one month: these tables are published by month",
            found=f"{who} says {first.label}",
            next_step="put the month into the file's name, such as 2025-08-….csv, if "
            "it holds one; a file of several months is not read",
        )
    for other, other_who in voices[1:]:
        # A yearly page or name says no more than that the month lies within.
        if not (other.start <= first.start and first.end <= other.end):
            raise _disagree("period", where, who, first.label, other_who, other.label)
    return first, "content" if stated else order[0]


def decide_status(stated: Sequence[tuple[str, str]], given: Claims, where: str) -> str:
    """The release status: of the content, else of the page, else of the name.

    Raises:
        Quarantined: Two of them disagree.
    """
    _agree("release status", [(s, s, place) for s, place in stated], where)
    voices = [(s, f"the file ({_inner(place, where)})") for s, place in stated[:1]]
    voices += [
        (s, _WHO[w])
        for w in ("page", "folder", "name")
        if (s := given.status_by.get(w)) and s != "unknown"
    ]
    for other, other_who in voices[1:]:
        # A revised release is a final one published again: page and name may still say
        # final. Only provisional contradicts either.
        if (other == "provisional") != (voices[0][0] == "provisional"):
            status, who = voices[0]
            raise _disagree("release status", where, who, status, other_who, other)
    said = [status for status, _ in voices]
    return "revised" if "revised" in said else said[0] if said else "unknown"


def decide_basis(stated: Sequence[tuple[str, str]], name: str) -> str | None:
    """The basis: of the BASIS lines, the Frontpage and the headers, all alike.

    Raises:
        Quarantined: Two of them disagree, or the name claims the other one.
    """
    _agree("basis", [(b, b, place) for b, place in stated], name)
    claimed = basis_in_name(name)
    if stated and claimed and claimed != stated[0][0]:
        found, place = stated[0]
        who = f"the file ({_inner(place, name)})"
        raise _disagree("basis", name, who, found, _WHO["name"], claimed)
    return stated[0][0] if stated else claimed


def _agree(what: str, stated: Iterable[tuple[Any, str, str]], where: str) -> None:
    said = list(stated)
    for value, label, place in said[1:]:
        if value != said[0][0]:
            raise _disagree(
                what,
                where,
                _inner(said[0][2], where),
                said[0][1],
                _inner(place, where),
                label,
            )


def _inner(place: str, where: str) -> str:
    return place.removeprefix(where).removeprefix(", ")


def _disagree(
    what: str, where: str, who: str, says: str, other_who: str, other: str
) -> Quarantined:
    return Quarantined(
        f"cannot trust the {what} of the file",
        where=where,
        expected=f"one {what}, whoever states it",
        found=f"{who} says {says}, {other_who} says {other}",
        next_step="find out which is right; download the file again, or give it a name "
        f"that states its {what}",
    )
