"""What a cancer file says of itself, and whether everybody who speaks of it agrees.

Period and release status are stated by the file (the cell above each table, the
Frontpage), by the page it was published on, by an option of the run and by its name.
Content decides; any disagreement sets the file aside, because a month under a wrong
label is worse than a missing month.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from loaders.files.voices import (
    WHO,
    agree,
    disagree,
    inner,
    is_example_line,
    status_word,
)
from loaders.model import Claims, Period
from loaders.periods import month, parse_period, period_in_name
from loaders.sheets.layout import texts
from loaders.sheets.values import is_blank
from loaders.sheets.workbook import Rows

_STATUS = re.compile(r"\s*(?:release\s+)?status\s*:\s*(.*)", re.IGNORECASE)
_BASIS = re.compile(r"\s*basis\s*:\s*(provider|commissioner)\b", re.IGNORECASE)
_FRONT_BASIS = re.compile(r"\b(provider|commissioner)[\s-]+based\s*$", re.IGNORECASE)
#: The Frontpage states the period near its top; dates further down are about others.
_FRONT_ROWS = 20


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
    if is_example_line(text):
        facts.is_example = True


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


def decide_basis(stated: Sequence[tuple[str, str]], name: str) -> str | None:
    """The basis: of the BASIS lines, the Frontpage and the headers, all alike.

    Raises:
        Quarantined: Two of them disagree, or the name claims the other one.
    """
    agree("basis", [(b, b, place) for b, place in stated], name)
    claimed = basis_in_name(name)
    if stated and claimed and claimed != stated[0][0]:
        found, place = stated[0]
        who = f"the file ({inner(place, name)})"
        raise disagree("basis", name, who, found, WHO["name"], claimed)
    return stated[0][0] if stated else claimed
