"""What a link on the cancer waiting times pages leads to; pure, by name and text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

from loaders.cancer.content import basis_in_name
from loaders.files.links import Link, page_url
from loaders.model import Period
from loaders.periods import month, parse_period

#: From this month on the workbooks have the sheets 2 to 11 of the present standards.
CURRENT_STANDARDS_FROM = month(2023, 10).start

WORKBOOK_SUFFIXES = (".xlsx", ".xlsm", ".xlsb", ".xls")
_DATA_SUFFIXES = (*WORKBOOK_SUFFIXES, ".csv", ".zip")
#: Links to uploads that are not documents (pictures, styles) are not worth a word.
_DOCUMENT = re.compile(r"\.(pdf|docx?|odt|ods|pptx?|rtf|txt|html?|json|xml)$")

_YEAR_SEGMENT = "monthly-cancer-waiting-times-statistics"
_PERIOD_SEGMENT = re.compile(
    r"(?:^|-)cancer-waiting-times-for-([a-z]+)-(\d{4}-\d{2})-(provisional|final)$"
)
_OTHER_LAYOUTS = (
    (r"time series", "a time series: the same numbers in another layout"),
    (r"combined", "a combined csv: the same numbers in another layout"),
    (r"data extract|extract", "a data extract: the same numbers in another layout"),
)
_SHEET = re.compile(r"^(\d{1,3})[. _-]+(?=\D)")


@dataclass(frozen=True)
class PeriodPage:
    """A page with the files of one month in one release."""

    url: str
    period: Period
    status: str


@dataclass(frozen=True)
class DataFile:
    """What a file name, with its link text, says a file is.

    Attributes:
        kind: ``workbook``, ``sheet`` (a csv of one sheet of it) or ``zip``.
        basis: ``provider`` or ``commissioner``; ``None`` for a zip that names neither.
    """

    kind: str
    basis: str | None


def year_page(url: str) -> str | None:
    """The page of a financial year that a link leads to, or to a page below it."""
    parts = urlsplit(url)
    segments = parts.path.rstrip("/").split("/")
    for index, segment in enumerate(segments):
        if _YEAR_SEGMENT in segment.lower() and re.search(r"\d", segment):
            path = "/".join(segments[: index + 1])
            return page_url(urlunsplit((parts.scheme, parts.netloc, path, "", "")))
    return None


def year_of(url: str) -> int:
    """The first year that a year page's address names; 0 when it names none."""
    found = re.findall(r"(?<!\d)(20\d{2})(?!\d)", urlsplit(url).path.split("/")[-2])
    return int(found[0]) if found else 0


def period_page(url: str) -> PeriodPage | None:
    """The page of a month and release, by its address.

    ``…-for-january-2025-26-final`` is January 2026: the years are a financial year.
    """
    segment = urlsplit(url).path.rstrip("/").rsplit("/", 1)[-1].lower()
    match = _PERIOD_SEGMENT.search(segment)
    period = parse_period(f"{match[1]} {match[2]}") if match else None
    if match is None or period is None or period.grain != "month":
        return None
    return PeriodPage(page_url(url), period, match[3])


def is_document(link: Link) -> bool:
    """Whether a link leads to a file rather than to a page of the site."""
    return link.path.endswith(_DATA_SUFFIXES) or (
        "/uploads/" in link.path and _DOCUMENT.search(link.path) is not None
    )


def classify(name: str, text: str, period: Period | None) -> DataFile | str:
    """What a file is by its name and the text of its link.

    The number in front of a csv is that of the sheet in the workbook, read whole:
    ``13.-`` is not sheet 3.

    Args:
        name: File name.
        text: Text of the link; counts where the name is silent.
        period: The month of its page, as far as known.

    Returns:
        The kind of data, or a clause that says why it is not taken.
    """
    lower = name.lower()
    if not lower.endswith(_DATA_SUFFIXES):
        return "not a workbook, csv or zip"
    for words in (_plain(name), _plain(text)):
        for pattern, reason in _OTHER_LAYOUTS:
            if re.search(rf"\b({pattern})\b", words):
                return reason
    basis = basis_in_name(name) or basis_in_name(text)
    if lower.endswith(".zip"):
        return DataFile("zip", basis)
    if basis is None:
        return "it names neither provider nor commissioner"
    if lower.endswith(WORKBOOK_SUFFIXES):
        return DataFile("workbook", basis)
    sheet = _SHEET.match(name)
    if sheet is None:
        return "a csv without the number of its sheet: another layout"
    current = period is None or period.start >= CURRENT_STANDARDS_FROM
    number = int(sheet[1])
    if number < 2 or (current and number > 11):
        return f"sheet {number} is none of the tables, which are sheets 2 to 11"
    return DataFile("sheet", basis)


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", " ", text.lower()).strip()
