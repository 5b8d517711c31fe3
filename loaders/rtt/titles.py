"""The lines above a table of an RTT workbook: title, period, basis, revision."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from loaders.files.voices import is_example_line
from loaders.model import Period
from loaders.periods import month, parse_period
from loaders.sheets.layout import texts
from loaders.sheets.workbook import Rows

_LINE = re.compile(r"(title|summary|period|basis|revised)\s*:\s*(.*)", re.IGNORECASE)
_BASIS = re.compile(r"(provider|commissioner)", re.IGNORECASE)
#: What stands behind ``Revised:`` where nothing was revised.
_NOT_REVISED = frozenset(("", "-", "–", "—", "n/a", "no", "none"))
#: A front sheet without a table states its month near the top.
_FRONT_ROWS = 20


@dataclass
class Titles:
    """What one sheet says above its table."""

    notes: tuple[str, ...] = ()
    title: str | None = None
    kind_text: str = ""
    span: Period | None = None
    periods: list[tuple[Period, str]] = field(default_factory=list)
    statuses: list[tuple[str, str]] = field(default_factory=list)
    bases: list[tuple[str, str]] = field(default_factory=list)
    is_example: bool = False


def titles_of(rows: Rows, where: str, *, front: bool) -> Titles:
    """Reads the rows above a table, or a sheet without one.

    A label and its text may share a cell (``Period: January 2026``) or stand side by
    side. The period of a time series is its last month.

    Args:
        rows: Those rows.
        where: File and sheet, for messages.
        front: Whether the sheet has no table.
    """
    found = Titles()
    notes: list[str] = []
    for i, row in enumerate(rows):
        line = " ".join(" ".join(texts(row)).split())
        if not line:
            continue
        notes.append(line)
        found.is_example = found.is_example or is_example_line(line)
        match = _LINE.match(line)
        if match and not (front and i >= _FRONT_ROWS):
            _take(found, match[1].lower(), match[2].strip(), f"{where}, row {i + 1}")
    found.notes = tuple(notes)
    return found


def _take(found: Titles, label: str, text: str, place: str) -> None:
    if label in ("title", "summary"):
        found.title = found.title or text
        found.kind_text += f" {text}"
    elif label == "period" and (period := parse_period(text)):
        if period.grain == "range":
            found.span = period
            period = month(period.end.year, period.end.month)
        found.periods.append((period, place))
    elif label == "basis" and (basis := _BASIS.match(text)):
        found.bases.append((basis[1].lower(), place))
    elif label == "revised" and text.lower() not in _NOT_REVISED:
        found.statuses.append(("revised", place))
