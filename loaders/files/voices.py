"""What a file says of itself and others say of it, and whether they agree.

Content decides; any disagreement sets the file aside, because a month under a wrong
label is worse than a missing month.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from loaders.errors import Quarantined
from loaders.model import Claims, Period

#: Strongest word first: a file "Final (Revised)" is a revision.
_STATUS_WORDS = ("revised", "provisional", "final")
_EXAMPLE = re.compile(r"\s*example\s*:", re.IGNORECASE)


def is_example_line(text: str) -> bool:
    """Whether a line says that its file is a hindcast example."""
    return _EXAMPLE.match(text) is not None


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


WHO = {
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
    agree("period", [(p, p.label, place) for p, place in stated], where)
    claimed = dict(given.period_by)
    if not stated and not claimed and len(given.selected) == 1:
        claimed["option"] = given.selected[0]
    order = [w for w in ("option", "page", "folder", "name") if w in claimed]
    voices: list[tuple[Period, str]] = [(claimed[w], WHO[w]) for w in order]
    if stated:
        voices.insert(0, (stated[0][0], f"the file ({inner(stated[0][1], where)})"))
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
            raise disagree("period", where, who, first.label, other_who, other.label)
    return first, "content" if stated else order[0]


def decide_status(stated: Sequence[tuple[str, str]], given: Claims, where: str) -> str:
    """The release status: of the content, else of the page, else of the name.

    Raises:
        Quarantined: Two of them disagree.
    """
    agree("release status", [(s, s, place) for s, place in stated], where)
    voices = [(s, f"the file ({inner(place, where)})") for s, place in stated[:1]]
    voices += [
        (s, WHO[w])
        for w in ("page", "folder", "name")
        if (s := given.status_by.get(w)) and s != "unknown"
    ]
    for other, other_who in voices[1:]:
        # A revised release is a final one published again: page and name may still say
        # final. Only provisional contradicts either.
        if (other == "provisional") != (voices[0][0] == "provisional"):
            status, who = voices[0]
            raise disagree("release status", where, who, status, other_who, other)
    said = [status for status, _ in voices]
    return "revised" if "revised" in said else said[0] if said else "unknown"


def agree(what: str, stated: Iterable[tuple[Any, str, str]], where: str) -> None:
    """Sees that all places of a file state the same.

    Args:
        what: What they state, for messages.
        stated: Each value, how to print it, and its place.
        where: The file.

    Raises:
        Quarantined: Two of them differ.
    """
    said = list(stated)
    for value, label, place in said[1:]:
        if value != said[0][0]:
            raise disagree(
                what,
                where,
                inner(said[0][2], where),
                said[0][1],
                inner(place, where),
                label,
            )


def inner(place: str, where: str) -> str:
    """A place inside a file, without the file."""
    return place.removeprefix(where).removeprefix(", ")


def disagree(
    what: str, where: str, who: str, says: str, other_who: str, other: str
) -> Quarantined:
    """Two voices that contradict each other, in four parts."""
    return Quarantined(
        f"cannot trust the {what} of the file",
        where=where,
        expected=f"one {what}, whoever states it",
        found=f"{who} says {says}, {other_who} says {other}",
        next_step="find out which is right; download the file again, or give it a name "
        f"that states its {what}",
    )
