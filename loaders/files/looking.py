"""What the search for published files shares, whoever publishes them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Protocol

from loaders.errors import Failed, UsageError
from loaders.files import Problem, Skipped
from loaders.files.http import Fetched, Page
from loaders.files.links import absolute
from loaders.model import Period, SourceFile

Found = SourceFile | Problem | Skipped

#: Figures of the newest months still change: they are looked at in every run.
ALWAYS_LOOKED_AT = 2


class Web(Protocol):
    """What discovery needs of :class:`loaders.files.http.Client`."""

    inbox: Path | None

    def page(self, url: str, *, into: Path | None = None) -> Page:
        """The text of a page."""

    def fetch(
        self, url: str, *, by_hand: Sequence[Path] = (), advice: Path | None = None
    ) -> Fetched:
        """The content of a url."""

    def found_on(self, url: str) -> str | None:
        """The page that links to a url, if known."""

    def note_found_on(self, url: str, page: str) -> None:
        """Records it."""


def start_of(url: str) -> str:
    """The address to start from, in its one spelling.

    Raises:
        UsageError: It is no web address.
    """
    start = absolute(url, url)
    if start is None:
        raise UsageError(
            "cannot look for files on the web",
            where=url,
            expected="an address that begins with https://",
            found="something else",
            next_step="give the address of the statistics page, or a file or folder",
        )
    return start


def newest_months(months: Iterable[Period]) -> list[dt.date]:
    """The first days of the months that are looked at in every run."""
    return sorted({m.start for m in months}, reverse=True)[:ALWAYS_LOOKED_AT]


def within(period: Period, periods: Sequence[Period]) -> bool:
    """Whether a period begins in one of some periods."""
    return any(p.start <= period.start <= p.end for p in periods)


def absent(
    published: Iterable[Period],
    periods: Sequence[Period],
    start: str,
    what: str = "page",
) -> Iterator[Problem]:
    """A month that was asked for and is not published must not pass in silence.

    Args:
        published: The months that are.
        periods: What was asked for.
        start: Where the search began.
        what: What there is one of per month.
    """
    known = list(published)
    for period in periods:
        if not any(within(one, [period]) for one in known):
            months = sorted({one.label for one in known})
            yield Problem(
                start,
                Failed(
                    f"cannot find {period.label} on the web",
                    where=start,
                    expected=f"a {what} for {period.label}",
                    found=f"{what}s for {months[0]} to {months[-1]}"
                    if months
                    else f"no {what} of any month",
                    next_step="check the month, or run again once it is published",
                ),
            )


def nothing(url: str, expected: str) -> Failed:
    """A page without the links it is known for, in four parts."""
    return Failed(
        "cannot find what the page should link to",
        where=url,
        expected=expected,
        found="none",
        next_step="open the page in a browser: if its layout has changed, download the "
        "files by hand and load them with --from PATH",
    )
