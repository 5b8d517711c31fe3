"""One entry of the registry of publications: what is known of it before a file is."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field

from loaders.model import Period
from loaders.sheets.tables import Overrides

FREQUENCIES = ("monthly", "quarterly", "annual", "irregular")
MODES = ("explicit", "template", "discover")
#: ``end``: a file of many months belongs to the last of them; ``range``: to all;
#: ``release``: to the month its page or name states, whatever months its rows are of.
CONTENTS = ("end", "range", "release")
LICENCE = "OGL-UK-3.0"


@dataclass(frozen=True)
class Schedule:
    """For which periods a publication has pages, and how their addresses are made.

    Attributes:
        mode: ``explicit`` (the urls of the entry), ``template`` (a page per period) or
            ``discover`` (links on the landing page and the pages below it).
        start: The first period; ``None`` when unknown.
        end: The last one; ``None`` while it goes on.
        months: Calendar months that have a release; empty means all.
        pattern: Of a template: what follows the landing page, or a whole url.
        exceptions: Patterns of single periods, by their label.
        quarters: Whether periods are quarters of the financial year, else months.
        content: One of ``CONTENTS``.
    """

    mode: str = "explicit"
    start: Period | None = None
    end: Period | None = None
    months: tuple[int, ...] = ()
    pattern: str | None = None
    exceptions: dict[str, str] = field(default_factory=dict)
    quarters: bool = False
    content: str = "end"


@dataclass(frozen=True)
class Listed:
    """A page or file of an explicit list."""

    period: Period
    url: str
    enabled: bool = True


@dataclass(frozen=True)
class Publication:
    """A publication of the registry.

    Attributes:
        code: Key of the entry, and first part of the names of its tables.
        name: As its publisher calls it.
        frequency: One of ``FREQUENCIES``.
        landing_page: The page that does not change from release to release.
        licence: SPDX identifier.
        folders: Other names of folders that hold its files; former codes too.
        files: Of names of its files. Where files are discovered only these are taken.
        schedule: Its periods and their pages.
        urls: Pages or files of single periods.
        lag_weeks: From the end of a period to its release.
        offset_months: From the month of the data to the month in the address.
        parts: Of names of files that together make the release of a period; the group
            ``part`` tells them apart.
        period_column: The column that says which release a row is of, in files that
            hold several.
        overrides: See :class:`loaders.sheets.tables.Overrides`.
    """

    code: str
    name: str
    frequency: str = "monthly"
    landing_page: str | None = None
    licence: str = LICENCE
    folders: tuple[str, ...] = ()
    files: tuple[re.Pattern[str], ...] = ()
    schedule: Schedule = field(default_factory=Schedule)
    urls: tuple[Listed, ...] = ()
    lag_weeks: int = 6
    offset_months: int = 0
    parts: re.Pattern[str] | None = None
    period_column: str | None = None
    overrides: tuple[Overrides, ...] = ()

    @property
    def first_period(self) -> dt.date | None:
        """The first day of the first period that the entry knows of."""
        known = [one.period.start for one in self.urls]
        known += [self.schedule.start.start] if self.schedule.start else []
        return min(known, default=None)

    def part_of(self, name: str) -> str | None:
        """Which part of a release a file is by its name; ``None`` for a whole one."""
        match = self.parts.search(name) if self.parts else None
        return match["part"] if match else None
