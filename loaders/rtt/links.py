"""What a link on the RTT pages leads to; pure, by name and text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

from loaders.files.http import file_name
from loaders.files.links import Link, page_url
from loaders.model import Period
from loaders.periods import financial_year, month
from loaders.rtt.content import is_revised, month_in_name

#: The first month with all five parts in one extract.
EXTRACTS_FROM = month(2015, 10).start

_YEAR_PAGE = re.compile(r"rtt-data-(\d{4})-(\d{2})")
_DOCUMENT = re.compile(r"\.(zip|csv|xlsx?|xlsm|xlsb|pdf|docx?|ods|odt|txt)$")
_EXTRACT = re.compile(r"\b(full|csv|extract)\b")
_OVERVIEW = re.compile(r"\boverview time ?series\b")
_REVISION = re.compile(r"(?<![a-z])revised-(\d{1,2})(?!\d)", re.IGNORECASE)


@dataclass(frozen=True)
class Published:
    """A file that is worth fetching.

    Attributes:
        url: Where it is.
        kind: ``extract`` or ``overview``.
        period: Its month; of the overview the last one.
        revision: 0 as first published, 1 ``revised``, 2 ``revised-2`` and so on.
    """

    url: str
    kind: str
    period: Period
    revision: int

    @property
    def rank(self) -> tuple[int, str]:
        """Of several for a month the highest counts; of equals the last by name."""
        return (self.revision, file_name(self.url))


def year_page(url: str) -> tuple[str, Period] | None:
    """The page of a financial year that a link leads to, or to a page below it."""
    parts = urlsplit(url)
    segments = parts.path.rstrip("/").split("/")
    for index, segment in enumerate(segments):
        match = _YEAR_PAGE.fullmatch(segment.lower())
        if match and (int(match[1]) + 1) % 100 == int(match[2]):
            path = "/".join(segments[: index + 1])
            page = page_url(urlunsplit((parts.scheme, parts.netloc, path, "", "")))
            return page, financial_year(int(match[1]))
    return None


def is_document(link: Link) -> bool:
    """Whether a link leads to a file rather than to a page."""
    return _DOCUMENT.search(link.path) is not None


def classify(link: Link) -> Published | str:
    """What a file is by its name and the text of its link.

    Returns:
        The file, or a clause that says why it is not taken.
    """
    name = file_name(link.url)
    words = " ".join(re.split(r"[^a-z0-9]+", f"{name} {link.text}".lower()))
    suffix = name.lower().rsplit(".", 1)[-1]
    if suffix == "zip" and _EXTRACT.search(words):
        kind = "extract"
    elif suffix in ("xlsx", "xls") and _OVERVIEW.search(words):
        kind = "overview"
    elif suffix in ("xlsx", "xls", "xlsm", "xlsb", "zip", "csv"):
        return "another layout of the figures in the full extract"
    else:
        return "not a workbook, csv or zip"
    period = month_in_name(name) or month_in_name(link.text)
    if period is None or period.grain != "month":
        return "its name states no month"
    if period.start < EXTRACTS_FROM:
        return "before October 2015: without the figures of all parts"
    return Published(link.url, kind, period, _revision(name))


def _revision(name: str) -> int:
    numbered = _REVISION.search(name)
    return int(numbered[1]) if numbered else int(is_revised(name))


def chosen(found: list[Published]) -> tuple[list[Published], list[Published]]:
    """The extract of each month and the newest overview, newest first; and the rest."""
    best: dict[tuple[str, Period | None], Published] = {}
    for one in found:
        key = (one.kind, one.period if one.kind == "extract" else None)
        rival = best.get(key)
        if rival is None or (one.period.start, *one.rank) > (
            *(rival.period.start, *rival.rank),
        ):
            best[key] = one
    taken = sorted(best.values(), key=lambda p: (p.period.start, p.kind), reverse=True)
    return taken, [one for one in found if one not in taken]
