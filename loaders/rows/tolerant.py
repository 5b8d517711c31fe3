"""JSON that is almost JSON: read where it can mean one thing only.

What comes out is valid JSON by the strict reader, or nothing: a text that is cut off,
or that could be read in two ways, is not repaired.
"""

from __future__ import annotations

import ast
import json
import re

import orjson

#: Longer texts are not looked into: a repair costs some fifty times a reading.
LONGEST = 8 * 1024 * 1024

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<double>"(?:[^"\\]|\\.)*")
    | (?P<single>'(?:[^'\\]|\\.)*')
    | (?P<number>-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?(?![\w.]))
    | (?P<word>-?[A-Za-z_][A-Za-z_0-9]*)
    | (?P<mark>[{}\[\]:,])
    )""",
    re.VERBOSE | re.DOTALL,
)
#: Words of JSON, of Python's ``repr`` and of JavaScript. No number is none.
_WORDS = {
    **{"true": "true", "True": "true", "false": "false", "False": "false"},
    **{"null": "null", "None": "null", "undefined": "null"},
    **{"NaN": "null", "nan": "null", "-nan": "null"},
    **{"Infinity": "null", "-Infinity": "null", "inf": "null", "-inf": "null"},
}
_CLOSING = frozenset("]}")
_MARKS = frozenset("{}[]:,")
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_BLANKS = re.compile(r'("(?:[^"\\]|\\.)*")|[ \t\r\n]+', re.DOTALL)
_SURROGATE = re.compile("[\ud800-\udfff]")


def is_json(text: str) -> bool:
    """Whether a text is JSON to the letter (RFC 8259)."""
    try:
        orjson.loads(text)
    except (orjson.JSONDecodeError, UnicodeEncodeError):
        return False
    return True


def repair(text: str) -> str | None:
    """A text that is no JSON, as JSON; ``None`` where it has no single reading.

    Read are: ``NaN`` and infinities (as null), Python's ``repr`` of dicts and lists
    with its quotes and words, commas before a closing bracket, line breaks and tabs
    inside strings, halves of surrogate pairs (as U+FFFD), a byte order mark. Numbers
    stay as they are written.
    """
    if len(text) > LONGEST:
        return None
    body = text.lstrip("\ufeff").rstrip()
    parts: list[str] = []
    at = 0
    while at < len(body):
        match = _TOKEN.match(body, at)
        part = _strict(match) if match else None
        if part is None:
            return None
        last = parts[-1] if parts else ":"
        if part in _CLOSING and last == "," and parts[-2:-1] not in (["["], ["{"]):
            parts.pop()
        elif part not in _MARKS and last not in _MARKS:
            # Two values and nothing between them: a blank would get lost.
            return None
        parts.append(part)
        at = match.end() if match else at
    made = "".join(parts)
    return made if is_json(made) else None


def _strict(match: re.Match[str]) -> str | None:
    """A token as JSON writes it."""
    kind, token = match.lastgroup, match[match.lastgroup or 0]
    if kind == "word":
        return _WORDS.get(token)
    if kind == "double":
        try:
            return _written(json.loads(token, strict=False))
        except ValueError:
            return _of_python(token)
    return _of_python(token) if kind == "single" else token


def _of_python(token: str) -> str | None:
    try:
        value = ast.literal_eval(token.replace("\n", "\\n").replace("\r", "\\r"))
    except (ValueError, SyntaxError):
        return None
    return _written(value) if isinstance(value, str) else None


def _written(text: str) -> str:
    return json.dumps(_SURROGATE.sub("\ufffd", text), ensure_ascii=False)


def unwrapped(text: str) -> str | None:
    """The JSON object or list that a JSON string holds as its text, if it does."""
    inner = orjson.loads(text)
    if isinstance(inner, str) and inner.lstrip()[:1] in ("{", "["):
        return inner if is_json(inner) else repair(inner)
    return None


def compact(text: str) -> str:
    """JSON without blanks between its tokens; numbers as they are written.

    Strings are written with the fewest escapes.
    """

    def one(match: re.Match[str]) -> str:
        string = match[1] or ""
        if "\\" not in string:
            return string
        return json.dumps(json.loads(string, strict=False), ensure_ascii=False)

    return _BLANKS.sub(one, text)


def without_nul(text: str) -> str:
    r"""JSON whose strings hold no ``\u0000``: Postgres has no such character."""

    def one(match: re.Match[str]) -> str:
        string = match[0]
        if "\\u0000" not in string:
            return string
        plain = json.loads(string, strict=False).replace("\0", "")
        return json.dumps(plain, ensure_ascii=False)

    return _STRING.sub(one, text)
