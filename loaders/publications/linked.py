"""What the links of a publication's pages lead to; pure, by name and text."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from loaders.files import Problem, Skipped
from loaders.files.http import file_name
from loaders.files.links import Link, page_url, same_site
from loaders.model import Period, SourceFile
from loaders.periods import find_period, last_month
from loaders.periods.statements import statements, words_of
from loaders.publications.content import claims
from loaders.publications.entries import Publication
from loaders.sheets.keys import name_key

#: Of two files with the same content the first kind is taken: a workbook has the notes.
SUFFIXES = (".xlsx", ".xlsm", ".xlsb", ".xls", ".csv")
_FILE = re.compile(
    r"\.(xls[xmb]?|csv|zip|pdf|docx?|ods|odt|pptx?|rtf|txt|html?|json|xml|png|jpe?g|gif"
    r"|svg|parquet|sav|7z|gz)$"
)
_NO_DATA = "not a workbook, csv or zip"
#: Pages beside the releases of a publication.
_ASIDE = {"resources", "about", "supporting-information", "related-links", "feedback"}


@dataclass(frozen=True)
class Candidate:
    """A file worth fetching.

    Attributes:
        url: Where it is.
        publication: Whose it is; ``None`` when the registry does not know the page.
        period: What page, link or name say it is of.
        page_period: What the page says of it.
        status: The release status that its link names.
        page: The page that links to it.
    """

    url: str
    publication: Publication | None
    period: Period | None
    page_period: Period | None
    status: str | None
    page: str

    @property
    def name(self) -> str:
        """The name of the file."""
        return file_name(self.url)


def is_file(link: Link) -> bool:
    """Whether a link leads to a file rather than to a page."""
    return _FILE.search(link.path) is not None


def classify(
    link: Link,
    entries: Sequence[Publication],
    page: str,
    page_period: Period | None,
    *,
    certain: bool,
) -> Candidate | str:
    """What a link to a file is.

    Args:
        link: The link.
        entries: The publications of the page; more than one where they share it.
        page: The page.
        page_period: Its period, as far as known.
        certain: Whether every file of the page is of that period and publication, as
            on a page of one release. Else the entries' patterns of names choose.

    Returns:
        The candidate, or a clause that says why it is not taken.
    """
    if not link.path.endswith((*SUFFIXES, ".zip")):
        return _NO_DATA
    name = file_name(link.url)
    owner = _owner(name, link.text, entries)
    if owner is None and certain and len(entries) == 1:
        owner = entries[0]
    if owner is None and any(one.files for one in entries):
        return "its name is none of those that the registry takes from this page"
    if owner is None and len(entries) == 1:
        owner = entries[0]
    own = find_period(name, uploaded=False)
    spoken = find_period(link.text)
    said = page_period if certain else _stated(own, spoken, page_period)
    status = claims(link.text).status_by.get("name")
    return Candidate(link.url, owner, _belongs(own or said), said, status, page)


def _belongs(period: Period | None) -> Period | None:
    """The period that a file is of: of a range of months the last one."""
    ranged = period is not None and period.grain == "range"
    return last_month(period) if period and ranged else period


def _owner(name: str, text: str, entries: Sequence[Publication]) -> Publication | None:
    for one in entries:
        if any(p.search(name) or p.search(text) for p in one.files):
            return one
    return None


def _stated(
    own: Period | None, spoken: Period | None, page: Period | None
) -> Period | None:
    """What the page says of a file: its link where the name is silent, else the page.

    A page of a year lists files of its months; where a name states another period it is
    the page's own address that says nothing of the file.
    """
    if own is None:
        return spoken or page
    if page and page.start <= own.start and own.end <= page.end:
        return page
    return None


def sub_pages(found: Iterable[Link], base: str) -> tuple[list[Link], list[Link]]:
    """Links to pages below a page: those whose address states a period, and the rest.

    The first are sorted by it, the newest first.
    """
    root = page_url(base)
    dated: dict[str, tuple[dt.date, Link]] = {}
    others: dict[str, Link] = {}
    for link in found:
        url = page_url(link.url)
        inside = same_site(url, root) and _path(url).startswith(_path(root))
        if is_file(link) or not inside or _path(url) == _path(root):
            continue
        below = _path(url).removeprefix(_path(root)).strip("/")
        if _ASIDE & set(below.split("/")):
            continue
        # A page may be of two months: final-july-2025-provisional-august-2025.
        if stated := statements(words_of(below)):
            last = max(one.period.end for one in stated)
            dated.setdefault(url, (last, Link(url, link.text)))
        else:
            others.setdefault(url, Link(url, link.text))
    newest = sorted(dated.values(), key=lambda one: one[0], reverse=True)
    return [link for _, link in newest], list(others.values())


def _path(url: str) -> str:
    return unquote(urlsplit(url).path).lower()


# ------------------------------------------------------------------------ preferences


def without_provisional(
    found: Sequence[Candidate],
) -> tuple[list[Candidate], list[Skipped]]:
    """The candidates without the provisional ones that a later release replaces."""
    settled = {_release(one) for one in found if not _is_provisional(one)}
    taken: list[Candidate] = []
    left: list[Skipped] = []
    for one in found:
        if one.period and _is_provisional(one) and _release(one) in settled:
            reason = f"the final release of {one.period.label} is taken"
            left.append(Skipped(one.url, reason))
        else:
            taken.append(one)
    return taken, left


def _release(one: Candidate) -> tuple[str, Period | None, str]:
    code = one.publication.code if one.publication else ""
    return code, one.period, name_key(one.name)


def _is_provisional(one: Candidate) -> bool:
    by_name = claims(one.name).status_by.get("name")
    return "provisional" in (by_name, one.status)


def choose_members(
    found: Iterable[SourceFile | Problem | Skipped],
) -> Iterator[SourceFile | Problem | Skipped]:
    """The files of a zip; of a workbook and a csv with the same name the workbook."""
    items = list(found)
    best: dict[str, SourceFile] = {}
    for item in items:
        if isinstance(item, SourceFile):
            rival = best.get(_twin(item))
            if rival is None or _kind(item) < _kind(rival):
                best[_twin(item)] = item
    for item in items:
        if isinstance(item, SourceFile) and _kind(best[_twin(item)]) < _kind(item):
            other = best[_twin(item)].name
            yield Skipped(item.source, f"{other} in this zip holds the same")
        else:
            yield item


def _kind(file: SourceFile) -> int:
    suffix = PurePosixPath(file.name.lower()).suffix
    return SUFFIXES.index(suffix) if suffix in SUFFIXES else len(SUFFIXES)


_FORMAT = re.compile(r"(?:[\s_.()-]*(?:csv|xlsx?|excel)[\s_.()-]*)$", re.IGNORECASE)


def _twin(file: SourceFile) -> str:
    """Folder and name of a member without what says csv or workbook."""
    path = PurePosixPath((file.member or file.name).replace("\\", "/"))
    folders = [_FORMAT.sub("", part) for part in path.parts[:-1]]
    return "/".join([*folders, _FORMAT.sub("", path.stem)]).lower()
