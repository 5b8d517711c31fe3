"""One JSON object as it is written: numbers keep their digits."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from json.decoder import scanstring  # type: ignore[attr-defined]
from typing import Any

from loaders.rows import tolerant
from loaders.rows.shape import Raw

#: What a reading as binary fractions, or another spelling, would change: small numbers,
#: zeros at the end, exponents, many digits, a zero less than nothing; and U+0000, which
#: Postgres does not have.
UNUSUAL = (
    r"[:,\[]\s*-?(?:0\.0000|[0-9]+\.[0-9]+0[\s,}\]]|[0-9.]+[eE]|[0-9](?:\.?[0-9]){15})"
    r"|[:,\[]\s*-0[\s,}\]]|\\u0000"
)

_BLANKS = re.compile(r"[ \t\r\n]*")
_DECODER = json.JSONDecoder(strict=False)
_SCAN_STRING: Any = scanstring


class NoJson(ValueError):
    """A text is no JSON of the kind that is wanted; its message says why."""


def members(text: str) -> dict[str, Any]:
    """The members of a JSON object, in their order.

    Strings, truth and null come as Python's; numbers, objects and lists as :class:`Raw`
    text, blanks aside. Control characters inside strings are let pass, ``NaN`` too.

    Raises:
        NoJson: It is not an object, cut off, or followed by more.
    """
    found: dict[str, Any] = {}
    at = _skip(text, 0)
    if text[at : at + 1] != "{":
        raise NoJson(_not_an_object(text, at))
    at = _skip(text, at + 1)
    while text[at : at + 1] != "}":
        if found:
            if text[at : at + 1] != ",":
                raise NoJson(_cut_or(text, at, "a comma"))
            at = _skip(text, at + 1)
        if text[at : at + 1] != '"':
            raise NoJson(_cut_or(text, at, "a name in double quotes"))
        try:
            name, at = _SCAN_STRING(text, at + 1, False)
        except ValueError as error:
            raise NoJson(_reason(error)) from error
        at = _skip(text, at)
        if text[at : at + 1] != ":":
            raise NoJson(_cut_or(text, at, "a colon"))
        at = _skip(text, at + 1)
        value, end = _value(text, at)
        found[name] = value
        at = _skip(text, end)
    rest = text[_skip(text, at + 1) :]
    if rest:
        raise NoJson(f"more after the end of the object: {rest[:40]!r}")
    return found


def elements(text: str) -> Iterator[tuple[str, str | None]]:
    """The elements of a JSON list as they are written.

    Yields:
        Each element's text and ``None``; at a place that cannot be read, all the rest
        and why.
    """
    at = _skip(text, 0) + 1
    first = True
    while True:
        at = _skip(text, at)
        if text[at : at + 1] == "]":
            rest = text[_skip(text, at + 1) :]
            if rest:
                yield rest, "more after the end of the list"
            return
        start = at
        if not first:
            if text[at : at + 1] != ",":
                yield text[start:], _cut_or(text, at, "a comma")
                return
            start = at = _skip(text, at + 1)
        try:
            _, at = _value(text, at)
        except NoJson as error:
            yield text[start:], str(error)
            return
        first = False
        yield text[start:at], None


def _value(text: str, at: int) -> tuple[Any, int]:
    try:
        value, end = _DECODER.raw_decode(text, at)
    except ValueError as error:
        raise NoJson(_reason(error)) from error
    except RecursionError as error:
        raise NoJson("brackets inside brackets without end") from error
    if value is None or isinstance(value, bool | str):
        return value, end
    raw = text[at:end]
    return Raw(tolerant.compact(raw) if isinstance(value, dict | list) else raw), end


def _skip(text: str, at: int) -> int:
    match = _BLANKS.match(text, at)
    return match.end() if match else at


def _reason(error: ValueError) -> str:
    if isinstance(error, json.JSONDecodeError):
        cut = error.pos >= len(error.doc) or error.msg.startswith("Unterminated")
        what = error.msg[0].lower() + error.msg[1:]
        return f"{'cut off: ' if cut else ''}{what.rstrip(' at')}, at {error.pos + 1}"
    return str(error)


def _cut_or(text: str, at: int, wanted: str) -> str:
    if at >= len(text):
        return f"cut off: the text ends where {wanted} should be"
    return f"no JSON: {text[at : at + 20]!r} where {wanted} should be, at {at + 1}"


def _not_an_object(text: str, at: int) -> str:
    return f"no JSON object but {text[at : at + 40]!r}" if text[at:] else "nothing"
