"""The registry of publications: its file, and which publication a file belongs to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

from loaders import project
from loaders.errors import UsageError
from loaders.model import SourceFile
from loaders.periods import find_period
from loaders.publications.entries import Publication
from loaders.publications.parse import parse
from loaders.sheets.keys import name_key

SHIPPED = Path(__file__).with_name("publications.yml")
#: Folders that say where files lie, not what they are.
_PLACES = {"inbox", "publications", "examples", "data", "csv", "csvs", "files"}
#: Above these, folders are somebody's machine.
_TOP = {"inbox", "publications", "examples"}
_LONGEST_CODE = 40


@dataclass(frozen=True)
class Registry:
    """Publications by their codes, in the order of the file."""

    publications: dict[str, Publication]

    def __iter__(self) -> Iterator[Publication]:
        return iter(self.publications.values())

    def get(self, name: str) -> Publication:
        """A publication by its code, or by a name of its folders.

        Raises:
            UsageError: There is none of that name.
        """
        found = self.of_folder(name)
        if found is None:
            raise UsageError(
                f"there is no publication {name!r}",
                where="the registry of publications",
                expected=f"one of: {', '.join(self.publications)}",
                found=name,
                next_step="correct the name, or add it to "
                "loaders/publications/publications.yml",
            )
        return found

    def of_folder(self, name: str) -> Publication | None:
        """The publication that a folder's name means: its code or another name."""
        key = slug(name)
        if key in self.publications:
            return self.publications[key]
        return next((p for p in self if key in p.folders), None)

    def match(self, file: SourceFile) -> tuple[str, Publication | None, str]:
        """Which publication a file belongs to, and how that is known.

        Returns:
            Its code, its entry (``None`` when it is not registered) and ``page`` (it
            was found for it), ``folder``, ``name`` or ``unregistered``.
        """
        if file.publication and (found := self.of_folder(file.publication)):
            return found.code, found, "page"
        places = list(_places(file))
        for place in places:
            if found := self.of_folder(place):
                return found.code, found, "folder"
        if found := self._by_name(_names(file)):
            return found.code, found, "name"
        return _unregistered(file, places), None, "unregistered"

    def of_url(self, url: str) -> list[Publication]:
        """The publications that a page is of, by the registry's addresses.

        Those with the longest address that the page is at or below; several where they
        share it.
        """
        wanted, longest = _plain(url), 0
        best: dict[str, Publication] = {}
        for one in self:
            pages = [entry.url for entry in one.urls]
            pages += [one.landing_page] if one.landing_page else []
            for page in map(_plain, pages):
                if wanted != page and not wanted.startswith(page + "/"):
                    continue
                if len(page) > longest:
                    best, longest = {}, len(page)
                if len(page) == longest:
                    best[one.code] = one
        return list(best.values())

    def _by_name(self, names: Iterable[str]) -> Publication | None:
        """The publication with the longest match; none when two are equally long."""
        for name in names:
            found: dict[str, int] = {}
            for one in self:
                spans = [m.span() for p in one.files if (m := p.search(name))]
                if spans:
                    found[one.code] = max(end - start for start, end in spans)
            longest = [c for c, n in found.items() if n == max(found.values())]
            if len(longest) == 1:
                return self.publications[longest[0]]
        return None


def load(path: Path | None = None) -> Registry:
    """Reads a registry.

    Args:
        path: The file. Without it the one that is shipped, and over it the entries of
            ``publications`` in ``[hindcast]`` of the configuration.

    Raises:
        UsageError: The file is wrong; all that is wrong with it is told.
    """
    return _read(path) if path else _current(project.root())


@cache
def _current(root: Path) -> Registry:
    own = project.setting("hindcast", "publications")
    shipped = _read(SHIPPED)
    if not own:
        return shipped
    added = _read(root / str(own))
    taken = {name for one in added for name in (one.code, *one.folders)}
    kept = {
        code: one
        for code, one in shipped.publications.items()
        if not taken & {code, *one.folders}
    }
    return Registry(kept | added.publications)


def _read(path: Path) -> Registry:
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(
            "cannot read the registry of publications",
            where=project.shown(path),
            expected="a yaml file in UTF-8",
            found=getattr(error, "strerror", None) or str(error),
            next_step="correct the path in [hindcast] publications of .dlt/config.toml",
        ) from error
    return Registry({one.code: one for one in parse(text, path.name)})


# ------------------------------------------------------------------- where a file is


def slug(text: str) -> str:
    """A name as the registry writes codes: lower-case words joined by ``_``."""
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")


def _is_url(source: str) -> bool:
    return source.startswith(("http://", "https://"))


def _places(file: SourceFile) -> Iterator[str]:
    """Names of the folders around a file, the nearest first."""
    if _is_url(file.source):
        path = urlsplit(file.source.split("!", 1)[0]).path
        yield from reversed(unquote(path).split("/")[:-1])
    else:
        for folder in file.path.parents:
            yield folder.name
            if folder.name in _TOP:
                return


def _names(file: SourceFile) -> Iterator[str]:
    """Names of a file and of the zips it is in, its own first."""
    yield unquote(file.name)
    for outer in reversed(file.source.split("!")[:-1]):
        yield unquote(outer.rsplit("/", 1)[-1])


def _unregistered(file: SourceFile, places: Iterable[str]) -> str:
    """A code for a publication that the registry does not know."""
    code = ""
    if not _is_url(file.source):
        for place in places:
            if slug(place) and find_period(place) is None:
                code = "" if slug(place) in _PLACES else slug(place)
                break
    code = code or name_key(file.name) or "unnamed"
    code = code if code[0].isalpha() else f"p_{code}"
    return code[:_LONGEST_CODE].strip("_")


def same_page(url: str, other: str) -> bool:
    """Whether two addresses are of one page, however they are written."""
    return _plain(url) == _plain(other)


def _plain(url: str) -> str:
    parts = urlsplit(url)
    return parts.netloc.removeprefix("www.").lower() + parts.path.rstrip("/").lower()
