"""The FHIR endpoint of the Organisation Data Service, page by page.

``…/fhir/Organization?roleCode=RO197&_count=1000&_offset=0`` and so on, role by role,
until a page is short; where a page says which is the next, that is followed instead.

**Vintages.** Every page lands as a file of its own. Pages of one fetch belong together,
yet a page that has not changed since an earlier fetch is not landed again, so a period
common to a fetch would leave it incomplete. Hence a page is a table of its own
(``source_table`` is ``fhir_organization_<role>_page_<n>``), its period is the month it
was given in, and ``_published_on`` the day of the fetch. Pages of a role are handed
over only when all of them were had: a fetch that breaks off lands nothing of that role.
Entries move between pages when organisations come and go, so the register as last seen
is, for each ``org_code``, the row with the latest ``_published_on`` and ``_loaded_at``
over all pages, current or superseded; no organisation falls between two pages.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

from loaders.cancer.links import absolute, same_site
from loaders.errors import Failed, HindcastError, UsageError
from loaders.files import Problem
from loaders.model import Period, SourceFile
from loaders.organisations.fhir import code_of, next_link, resources
from loaders.organisations.records import parse

if TYPE_CHECKING:
    from loaders.files import Skipped
    from loaders.files.http import Client

#: NHS trusts and their sites.
ROLES = ("RO197", "RO198")
PAGE_SIZE = 1000


def discover(
    client: Client,
    start_url: str,
    *,
    periods: Sequence[Period] = (),
    limit: int | None = None,
    known_urls: Collection[str] = frozenset(),
    roles: Sequence[str] = ROLES,
    page_size: int = PAGE_SIZE,
) -> Iterator[SourceFile | Problem | Skipped]:
    """Fetches the organisations of some roles.

    Args:
        client: Fetches pages.
        start_url: The endpoint; ``roleCode``, ``_count``, ``_offset`` in it are kept.
        periods: Ignored: the endpoint knows the present only.
        limit: At most this many pages.
        known_urls: Ignored: a page is asked for each time, for it may have changed.
        roles: Codes of the roles.
        page_size: Organisations a page, 1000 at most.

    Yields:
        Pages, on disk; one problem for a role whose pages were not all had.

    Raises:
        UsageError: ``start_url`` is no web address, or the settings are wrong.
    """
    start = absolute(start_url, start_url)
    if start is None or not roles or not 1 <= page_size <= PAGE_SIZE:
        raise UsageError(
            "cannot ask for organisations on the web",
            where=start_url,
            expected="an address that begins with https://, at least one role, and 1 "
            f"to {PAGE_SIZE} organisations a page",
            found=f"roles {', '.join(roles) or 'none'}, {page_size} a page",
            next_step="correct the address, or roles and page_size in "
            "[sources.organisations] of .dlt/config.toml",
        )
    asked = parse_qs(urlsplit(start).query)
    count = _number(asked, "_count", page_size, start) or page_size
    offset = _number(asked, "_offset", 0, start)
    taken = 0
    for role in asked.get("roleCode", list(roles)):
        pages: list[SourceFile] = []
        walk = _Walk(client, start, role, count, offset)
        try:
            for page in walk.pages():
                pages.append(page)
                taken += 1
                if limit is not None and taken >= limit:
                    break
        except HindcastError as error:
            yield Problem(walk.url, error)
            continue
        yield from pages
        if limit is not None and taken >= limit:
            return


def _number(asked: dict[str, list[str]], key: str, default: int, url: str) -> int:
    text = asked.get(key, [str(default)])[0]
    if not text.isdecimal():
        raise UsageError(
            "cannot ask for organisations on the web",
            where=url,
            expected=f"a number as {key}",
            found=text,
            next_step="correct the address and run again",
        )
    return int(text)


class _Walk:
    """The pages of one role; ``url`` is the one being asked for."""

    def __init__(
        self, client: Client, start: str, role: str, count: int, offset: int
    ) -> None:
        self.client = client
        self.role = role
        self.count = count
        self.offset = offset
        self._start = start
        self.url = self._at(offset)

    def _at(self, offset: int) -> str:
        parts = urlsplit(self._start)
        query = urlencode(
            {"roleCode": self.role, "_count": self.count, "_offset": offset}
        )
        return urlunsplit((parts.scheme, parts.netloc, parts.path, query, ""))

    def pages(self) -> Iterator[SourceFile]:
        """Fetches page after page until one is short and names no next one.

        Raises:
            HindcastError: One cannot be had, is no page of organisations, or repeats.
        """
        met: set[str] = set()
        # A walk that begins further on goes on numbering where the whole one would.
        first = number = self.offset // self.count
        taken = 0
        while True:
            fetched = self.client.fetch(self.url)
            number += 1
            name = f"Organization-{self.role}-page-{number:04d}.json"
            bundle = parse(fetched.path.read_bytes(), name)
            found = resources(bundle, name)
            codes = {code_of(one, name) for one in found}
            if codes and codes <= met:
                raise self._failed("another page", "organisations it gave before")
            if not codes and number == first + 1:
                raise self._failed(f"organisations of role {self.role}", "none")
            if codes:
                day = self.client.cache.entry(self.url).fetched_at
                on = dt.date.fromisoformat(day[:10]) if day else None
                yield SourceFile(self.url, name, fetched.path, published_on=on)
            met |= codes
            taken += len(found)
            total = bundle.get("total")
            more = isinstance(total, int) and self.offset + taken < total
            following = next_link(bundle)
            if not found or (
                following is None and len(found) < self.count and not more
            ):
                return
            self.url = self._following(following) or self._at(self.offset + taken)

    def _following(self, link: str | None) -> str | None:
        if link is None:
            return None
        url = absolute(link, self.url)
        if url is None or not same_site(url, self.url):
            raise self._failed("a next page on the same server", link)
        return url

    def _failed(self, expected: str, found: str) -> Failed:
        return Failed(
            "cannot fetch the organisations page by page",
            where=self.url,
            expected=expected,
            found=found,
            next_step="open the address in a browser; run again when it answers as "
            "expected",
        )
