"""Whose word counts on a file's period: its content's, and nobody may contradict it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from loaders.errors import Quarantined
from loaders.model import Claims, Period

_WHO = {
    "option": "the option of this run",
    "page": "the page it was published on",
    "folder": "the folder it lies in",
    "name": "its name",
}


def agreed_period(
    stated: Sequence[tuple[Period, str]],
    given: Claims,
    name: str,
    fits: Callable[[Period], bool],
    wanted: str,
) -> tuple[Period, str]:
    """The period of a file and who it comes from.

    Args:
        stated: Periods that the content states, each with its place.
        given: What option, page, folder and name claim.
        name: The file, for messages.
        fits: Whether a period is of the kind these files are published for.
        wanted: That kind with an example, for messages: ``a quarter, such as …``.

    Returns:
        The period and ``content``, ``option``, ``page``, ``folder`` or ``name``.

    Raises:
        Quarantined: Two of them disagree, or nobody states such a period.
    """
    claimed = dict(given.period_by)
    if not stated and not claimed and len(given.selected) == 1:
        claimed["option"] = given.selected[0]
    voices = [(p, f"the file ({place})", "content") for p, place in stated]
    voices += [
        (claimed[who], text, who) for who, text in _WHO.items() if who in claimed
    ]
    if not voices:
        raise Quarantined(
            "cannot tell the period of the file",
            where=name,
            expected=wanted,
            found="no period in the content, on the page or in the name",
            next_step=f"put the period into the file's name ({wanted}), or load it "
            "with --period",
        )
    first, says, who = next((v for v in voices if fits(v[0])), voices[0])
    if not fits(first):
        raise Quarantined(
            "cannot tell the period of the file",
            where=name,
            expected=wanted,
            found=f"{says} says {first.label}",
            next_step=f"put the period into the file's name ({wanted})",
        )
    for other, other_says, other_who in voices:
        # A year agrees with every quarter in it; two statements of the file do not
        # agree unless they are the same.
        inside = other.start <= first.start and first.end <= other.end
        if not inside or (other_who == who == "content" and other != first):
            raise Quarantined(
                "cannot trust the period of the file",
                where=name,
                expected="one period, whoever states it",
                found=f"{says} says {first.label}, {other_says} says {other.label}",
                next_step="find out which is right; download the file again, or give "
                "it a name that states its period",
            )
    return first, who
