"""Which pages a publication has, by the calendar; pure.

A page is due when the month that names it has begun and its period is over. Whether it
is published already, only asking tells: the lag says from when it is missed.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from loaders.model import Period
from loaders.periods import month, months_later, quarter
from loaders.publications.entries import Publication
from loaders.publications.registry import Registry, same_page

_QUARTER_MONTHS = 3


@dataclass(frozen=True)
class Due:
    """A page or file that a publication has for a period.

    Attributes:
        publication: Whose it is.
        period: What it is about; ``None`` for a page with many.
        url: Where it is.
    """

    publication: Publication
    period: Period | None
    url: str

    def missed_since(self) -> dt.date | None:
        """The day from which its absence is worth a word."""
        if self.period is None:
            return None
        weeks = dt.timedelta(weeks=self.publication.lag_weeks)
        return self.period.end + weeks


def pages(registry: Iterable[Publication], today: dt.date) -> Iterator[Due]:
    """Every page and file due on a day, entry by entry, the newest first."""
    for publication in registry:
        yield from pages_of(publication, today)


def pages_of(publication: Publication, today: dt.date) -> Iterator[Due]:
    """The pages and files of a publication due on a day, the newest first."""
    listed = [one for one in publication.urls if one.enabled]
    for one in sorted(listed, key=lambda u: u.period.start, reverse=True):
        yield Due(publication, one.period, one.url)
    schedule = publication.schedule
    if schedule.mode == "discover" and publication.landing_page:
        yield Due(publication, None, publication.landing_page)
    elif schedule.mode == "template":
        taken = {one.period for one in publication.urls}
        for period in reversed(list(periods_of(publication, today))):
            if period not in taken:
                yield Due(publication, period, address(publication, period))


def periods_of(publication: Publication, today: dt.date) -> Iterator[Period]:
    """The periods of a schedule that are over and whose page may be there."""
    schedule = publication.schedule
    period = schedule.start
    step = _QUARTER_MONTHS if schedule.quarters else 1
    while period is not None:
        named = months_later(period, publication.offset_months)
        if period.end >= today or named.start > today:
            return
        if schedule.end and period.start > schedule.end.start:
            return
        if not schedule.months or period.start.month in schedule.months:
            yield period
        following = months_later(period, step)
        period = _quarter_from(following) if schedule.quarters else following


def _quarter_from(first: Period) -> Period:
    start = first.start
    number = (start.month - 4) % 12 // _QUARTER_MONTHS + 1
    return quarter(start.year - (start.month < 4), number)


def address(publication: Publication, period: Period) -> str:
    """The address of the page of a period, made of the entry's pattern."""
    schedule = publication.schedule
    pattern = schedule.exceptions.get(period.label, schedule.pattern) or ""
    landing = (publication.landing_page or "").rstrip("/")
    end = period.end
    named = months_later(month(end.year, end.month), publication.offset_months).start
    first_year = end.year - (end.month < 4)
    values = {
        "landing_page": landing,
        "month_name": calendar.month_name[end.month].lower(),
        "month": f"{end.month:02d}",
        "year": str(end.year),
        "day": str(end.day),
        "pub_year": str(named.year),
        "pub_month": f"{named.month:02d}",
        "pub_month_name": calendar.month_name[named.month].lower(),
        "quarter": str((end.month - 4) % 12 // _QUARTER_MONTHS + 1),
        "fy": str(first_year),
        "fy_next": f"{(first_year + 1) % 100:02d}",
    }
    made = re.sub(r"\{(\w+)\}", lambda m: values[m[1]], pattern)
    whole = pattern.startswith(("{landing_page}", "http://", "https://"))
    return made if whole else landing + made


def period_of_page(publication: Publication, url: str, today: dt.date) -> Period | None:
    """The period whose page a url is, by the entry's list or pattern."""
    for due in pages_of(publication, today):
        if due.period and same_page(due.url, url):
            return due.period
    return None


def starts(registry: Registry) -> list[str]:
    """Where the search for a registry's files starts: each landing page once."""
    found: dict[str, None] = {}
    for publication in registry:
        if publication.landing_page and publication.schedule.mode != "explicit":
            found.setdefault(publication.landing_page)
        for one in publication.urls:
            if one.enabled:
                found.setdefault(one.url)
    return list(found)
