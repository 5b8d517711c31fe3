"""Files and pages from the web: politely, with a cache by url and content.

A download is either the whole content that the server announced, or an error: never a
part of it, never an error page under the name of a workbook, never what another url
gave. Before the network is asked, a file placed by hand stands in for a url (some
publishers turn programs away).
"""

from __future__ import annotations

import contextlib
import datetime as dt
import re
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import unquote, urlsplit

import requests

from loaders import project
from loaders.files.cache import Cache, Entry
from loaders.files.settings import HttpSettings
from loaders.files.transfer import (
    PASSING,
    PIECE,
    TURNED_AWAY,
    Passing,
    check_content,
    failed,
    receive,
    retry_after,
    words,
)

__all__ = ["Client", "Fetched", "HttpSettings", "Page", "file_name"]


@dataclass(frozen=True)
class Page:
    """A page: the url its links are relative to, and its text."""

    url: str
    text: str


@dataclass(frozen=True)
class Fetched:
    """Content of a url, on this machine.

    Attributes:
        url: As asked.
        path: In the cache, named by its hash; never changes.
        name: File name, from the url.
        sha256: Of the content.
        size: Bytes.
        via: ``network`` (confirmed or downloaded now) or ``inbox`` (placed by hand).
    """

    url: str
    path: Path
    name: str
    sha256: str
    size: int
    via: str


def file_name(url: str) -> str:
    """The last part of a url's path, decoded; never a path of its own."""
    tail = unquote(urlsplit(url).path.rstrip("/").rsplit("/", 1)[-1])
    name = re.sub(r"[/\\\x00-\x1f]", "_", tail)
    return name if name.strip(".") else "unnamed"


class Client:
    """Fetches pages and files; one per run and pipeline. Usable from threads.

    Args:
        settings: Timeouts, retries, limits.
        cache: Folder of the cache.
        inbox: Folder where a person may place files that a server refuses us.
        session: For tests; a new one by default.
        now: Seconds since 1970.
        sleep: Waits some seconds.
    """

    def __init__(
        self,
        settings: HttpSettings,
        *,
        cache: Path,
        inbox: Path | None = None,
        session: requests.Session | None = None,
        now: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.settings = settings
        self.cache = Cache(cache)
        self.inbox = inbox
        self._session = session or requests.Session()
        self._session.headers["User-Agent"] = settings.user_agent
        # Content-Length then counts the content itself.
        self._session.headers["Accept-Encoding"] = "identity"
        self._now = now
        self._sleep = sleep
        self._next: dict[str, float] = {}
        self._lock = threading.Lock()
        self.cache.tidy()

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self._session.close()

    # -------------------------------------------------------------------- the doors

    def page(self, url: str, *, into: Path | None = None) -> Page:
        """The text of a page.

        Args:
            url: The page.
            into: The folder to recommend for its files when the server turns us away.

        Raises:
            Failed: It cannot be had.
        """
        entry = self._current(url, page=True, advice=into)
        match = re.search(r"charset=\"?([\w-]+)", entry.content_type or "")
        data = self._object(entry).read_bytes()
        try:
            text = data.decode(match[1] if match else "utf-8", errors="replace")
        except LookupError:
            text = data.decode("utf-8", errors="replace")
        return Page(entry.final_url or url, text)

    def fetch(
        self, url: str, *, by_hand: Sequence[Path] = (), advice: Path | None = None
    ) -> Fetched:
        """The content of a url as a file on this machine.

        Args:
            url: What to fetch.
            by_hand: Places where a file stands in for this url; the first that exists
                is used.
            advice: The place to recommend when the server turns us away.

        Raises:
            Failed: It cannot be had.
        """
        for place in by_hand:
            if place.is_file():
                entry = self._take(url, place)
                break
        else:
            entry = self._current(url, page=False, advice=advice)
        return Fetched(
            url,
            self._object(entry),
            file_name(url),
            str(entry.sha256),
            int(entry.size or 0),
            entry.via,
        )

    def found_on(self, url: str) -> str | None:
        """The page whose link led to a url, if a run has seen it."""
        return self.cache.entry(url).found_on

    def note_found_on(self, url: str, page: str) -> None:
        """Records the page that links to a url: it may say what the url does not."""
        entry = self.cache.entry(url)
        if entry.found_on != page:
            self.cache.remember(replace(entry, found_on=page))

    # ---------------------------------------------------------------------- by hand

    def _take(self, url: str, place: Path) -> Entry:
        """A file placed by hand, as the content of a url."""
        with self.cache.incoming() as new:
            try:
                with place.open("rb") as handle:
                    while piece := handle.read(PIECE):
                        new.write(piece)
            except OSError as error:
                raise failed(
                    url,
                    expected=f"the file placed by hand at {project.shown(place)}",
                    found=error.strerror or type(error).__name__,
                    next_step="correct the file's rights and run again",
                ) from error
            check_content(url, new, None, self._by_hand(url, place, page=False))
            self.cache.keep(new)
        entry = Entry(
            url,
            final_url=url,
            sha256=new.sha256,
            fetched_at=self._stamp(),
            size=new.size,
            filename=file_name(url),
            via="inbox",
            found_on=self.cache.entry(url).found_on,
        )
        self.cache.remember(entry)
        return entry

    def _by_hand(self, url: str, advice: Path | None, page: bool) -> str:
        folder = project.shown(self.inbox) if self.inbox else None
        if folder is None:
            return f"download {url} by hand and load it with --from PATH"
        if page:
            into = project.shown(advice) if advice else folder
            return (
                f"open {url} in a browser, download its files into {into}/ "
                "and run again"
            )
        place = project.shown(advice) if advice else f"{folder}/{file_name(url)}"
        return f"download {url} by hand, put it at {place} and run again"

    # ------------------------------------------------------------------ the network

    def _current(self, url: str, *, page: bool, advice: Path | None = None) -> Entry:
        """What a url gives now: confirmed by the server or downloaded."""
        entry = self.cache.entry(url)
        asked: dict[str, str] = {}
        if (entry.etag or entry.last_modified) and self.cache.sound(entry):
            if entry.etag:
                asked["If-None-Match"] = entry.etag
            if entry.last_modified:
                asked["If-Modified-Since"] = entry.last_modified
        attempts = self.settings.retries + 1
        for attempt in range(1, attempts + 1):
            try:
                return self._once(url, entry, asked, page, advice)
            except Passing as passing:
                error, wait = passing.error, passing.wait
            if attempt < attempts:
                backoff = self.settings.backoff_seconds * 2 ** (attempt - 1)
                self._sleep(min(max(wait, backoff), self.settings.max_wait_seconds))
        error.found += f" ({attempts} attempts)" if attempts > 1 else ""
        raise error

    def _once(
        self,
        url: str,
        entry: Entry,
        asked: dict[str, str],
        page: bool,
        advice: Path | None,
    ) -> Entry:
        self._wait_for_turn(urlsplit(url).netloc)
        try:
            response = self._session.get(
                url,
                headers=asked,
                stream=True,
                timeout=self.settings.timeout_seconds,
                verify=self.settings.verify_tls,
            )
        except requests.exceptions.SSLError as error:
            raise failed(
                url,
                expected="a certificate that this machine trusts",
                found=words(error),
                next_step="check the clock and the certificates of this machine",
            ) from error
        except (
            requests.exceptions.ConnectionError,
            requests.exceptions.Timeout,
        ) as error:
            raise Passing(
                failed(
                    url,
                    expected="an answer from the server",
                    found=words(error),
                    next_step="check the connection and run again",
                )
            ) from error
        except (requests.exceptions.RequestException, ValueError) as error:
            raise failed(
                url,
                expected="an address that can be asked",
                found=words(error),
                next_step="open the address in a browser and correct it",
            ) from error
        with contextlib.closing(response):
            if response.status_code == 304 and asked:
                entry = replace(
                    entry,
                    etag=response.headers.get("ETag", entry.etag),
                    fetched_at=self._stamp(),
                    via="network",
                )
                self.cache.remember(entry)
                return entry
            self._check_status(url, response, page, advice)
            return self._download(url, response, page, advice)

    def _check_status(
        self, url: str, response: requests.Response, page: bool, advice: Path | None
    ) -> None:
        status = response.status_code
        if urlsplit(url).scheme == "https" and urlsplit(response.url).scheme == "http":
            raise failed(
                url,
                expected="an encrypted connection to the end",
                found=f"a redirect to {response.url}",
                next_step="open the address in a browser and use the one it ends at",
            )
        if status == 200:
            return
        found = f"{status} {response.reason or ''}".strip()
        if status in PASSING:
            error = failed(
                url,
                expected="the content",
                found=found,
                next_step="the server is busy or ill: run again later",
            )
            raise Passing(error, retry_after(response, self._now()))
        if status in TURNED_AWAY:
            advice_text = self._by_hand(url, advice, page)
        elif status in (404, 410):
            advice_text = (
                "it was moved or withdrawn: look at the page that links to it, and run "
                "again when the link works"
            )
        else:
            advice_text = "open the address in a browser and see what it gives"
        raise failed(url, expected="the content", found=found, next_step=advice_text)

    def _download(
        self, url: str, response: requests.Response, page: bool, advice: Path | None
    ) -> Entry:
        headers = response.headers
        with self.cache.incoming() as new:
            receive(url, response, new, self.settings, self._now)
            if not page:
                kind = headers.get("Content-Type", "")
                check_content(url, new, kind, self._by_hand(url, advice, page))
            self.cache.keep(new)
        entry = Entry(
            url,
            final_url=response.url,
            sha256=new.sha256,
            etag=headers.get("ETag"),
            last_modified=headers.get("Last-Modified"),
            content_type=headers.get("Content-Type"),
            fetched_at=self._stamp(),
            size=new.size,
            filename=file_name(url),
            found_on=self.cache.entry(url).found_on,
        )
        self.cache.remember(entry)
        return entry

    # ----------------------------------------------------------------- small things

    def _wait_for_turn(self, host: str) -> None:
        gap = self.settings.min_delay_seconds
        with self._lock:
            now = self._now()
            # A clock set back must not make us wait for hours.
            wait = min(max(self._next.get(host, now) - now, 0.0), gap * 100)
            self._next[host] = now + wait + gap
        if wait > 0:
            self._sleep(wait)

    def _object(self, entry: Entry) -> Path:
        return self.cache.object(str(entry.sha256))

    def _stamp(self) -> str:
        return dt.datetime.fromtimestamp(self._now(), dt.UTC).isoformat()
