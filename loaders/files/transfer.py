"""One answer of a server: whole and plausible, or an error that says what is wrong."""

from __future__ import annotations

import email.utils
import http.client
import re
from collections.abc import Callable
from typing import Any

import requests
import urllib3.exceptions

from loaders.errors import Failed, HindcastError
from loaders.files.cache import Incoming
from loaders.files.settings import HttpSettings

PIECE = 1 << 18
PASSING = {429, 500, 502, 503, 504}
TURNED_AWAY = {401, 403, 407, 451}
_MARKUP = re.compile(
    rb"\A(\xef\xbb\xbf)?\s*(<!--.*?-->\s*)*<(!doctype|html|head|body|script|title|\?xml)",
    re.IGNORECASE | re.DOTALL,
)
#: First bytes of zip files (xlsx, xlsb too) and of the old Office format.
_BINARY = (b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0")


class Passing(Exception):
    """Trouble that may pass: try again, not before ``wait`` seconds."""

    def __init__(self, error: HindcastError, wait: float = 0.0) -> None:
        self.error = error
        self.wait = wait
        super().__init__(error.what)


def receive(
    url: str,
    response: requests.Response,
    new: Incoming,
    settings: HttpSettings,
    now: Callable[[], float],
) -> None:
    """Takes the body, whole and within the limits of size and time.

    Raises:
        Passing: It was cut off.
        Failed: It is larger, or takes longer, than the settings allow.
    """
    announced = response.headers.get("Content-Length", "")
    length = int(announced) if announced.isascii() and announced.isdigit() else None
    if length is not None and length > settings.max_bytes:
        raise _too_large(url, settings, f"{length:,} bytes announced")
    raw: Any = response.raw
    until = now() + settings.total_seconds
    while True:
        try:
            # read1: a server that drips bytes must not hold us inside one call.
            piece = raw.read1(PIECE, decode_content=True)
        except (
            urllib3.exceptions.HTTPError,
            http.client.HTTPException,
            OSError,
        ) as error:
            raise Passing(
                failed(
                    url,
                    expected="the whole content",
                    found=f"{new.size:,} bytes, then {words(error)}",
                    next_step="the download was cut off: run again",
                )
            ) from error
        if not piece:
            break
        new.write(piece)
        if new.size > settings.max_bytes:
            raise _too_large(url, settings, f"more than {settings.max_bytes:,} bytes")
        if now() > until:
            raise failed(
                url,
                expected=f"a download of at most {settings.total_seconds:g} seconds",
                found=f"{new.size:,} bytes in that time",
                next_step="run again when the connection is better, or raise "
                "total_seconds in [sources.http]",
            )
    taken = raw.tell()
    if length is not None and taken != length:
        raise Passing(
            failed(
                url,
                expected=f"{length:,} bytes, as announced",
                found=f"{taken:,} bytes",
                next_step="the download was cut off: run again",
            )
        )


def check_content(
    url: str, new: Incoming, content_type: str | None, next_step: str
) -> None:
    """Refuses error and login pages that come under the name of a file.

    Raises:
        Failed: The content is a web page, or empty.
    """
    found = None
    markup = _MARKUP.match(new.head) is not None
    said_html = "html" in (content_type or "").lower()
    if new.size == 0:
        found = "nothing"
    elif not new.head.startswith(_BINARY) and (markup or said_html):
        found = "a web page"
    if found:
        raise failed(
            url,
            expected="a workbook, csv or zip",
            found=f"{found} (a login, an error or a block?)",
            next_step=next_step,
        )


def _too_large(url: str, settings: HttpSettings, found: str) -> Failed:
    return failed(
        url,
        expected=f"at most {settings.max_bytes:,} bytes",
        found=found,
        next_step="if it is right, raise max_bytes in [sources.http]",
    )


def retry_after(response: requests.Response, now: float) -> float:
    """Seconds that the server asks us to wait; it may also name a date."""
    value = response.headers.get("Retry-After", "").strip()
    if value.isascii() and value.isdigit():
        return float(value)
    try:
        return email.utils.parsedate_to_datetime(value).timestamp() - now
    except (TypeError, ValueError):
        return 0.0


def failed(url: str, *, expected: str, found: str, next_step: str) -> Failed:
    """A download that failed, in four parts."""
    return Failed(
        "cannot download",
        where=url,
        expected=expected,
        found=found,
        next_step=next_step,
    )


def words(error: BaseException) -> str:
    """The innermost cause, which says more than the wrapping of libraries."""
    inner: Any = error
    for _ in range(6):
        following = getattr(inner, "reason", None)
        if not isinstance(following, BaseException):
            following = next(
                (a for a in inner.args if isinstance(a, BaseException)), None
            )
        if following is None:
            break
        inner = following
    text = re.sub(r"<[^>]*>:?\s*|HTTPS?Connection(Pool)?\([^)]*\):\s*", "", str(inner))
    return f"{type(inner).__name__}: {text}"[:300] if text else type(inner).__name__
