"""The period that any text states: a url, a file name, a sheet title, a sentence.

Texts name other times too: when they were revised or published, and in which folder
they were uploaded. Those are no periods of data.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from loaders.model import Period
from loaders.periods.forms import PART_OF_YEAR
from loaders.periods.statements import statements, words_of
from loaders.periods.units import as_quarter, month
from loaders.periods.whole import parse_period


def _only(words: str) -> Period | None:
    """The one period of a text."""
    if not any(sign.isdigit() for sign in words):
        return None
    found = list({s.period for s in statements(words)})
    if len(found) != 1:
        return None
    period = as_quarter(found[0])
    # "Q1 figures 2024-25": a part of the year, though not said in one breath.
    if period.grain == "financial_year" and PART_OF_YEAR.search(words):
        return None
    return period


# ------------------------------------------------------------------- urls and paths

_UPLOADED = re.compile(r"/(?P<year>20[0-4]\d)/(?P<number>0[1-9]|1[0-2])(?=/)")
_ENDING = re.compile(r"\.[a-z]{2,4}$|\.~?xls[xmb]$", re.IGNORECASE)


def find_period(text: object, *, uploaded: bool = True) -> Period | None:
    """The period that a text states, wherever it stands in it.

    Args:
        text: A cell or date as for :func:`~loaders.periods.parse_period`, else a url, a
            path, a file name, a sheet title or a sentence. In a url or path the last
            part that states a period counts; for a zip member its own name does.
        uploaded: Whether the folder of an upload (``/uploads/sites/2/2025/11/``) counts
            where nothing else of a url states a period. It is a date of publication:
            loaders do without it.

    Returns:
        The period. ``None`` when none is stated, when several are, or when it could
        mean two: a lone ``FY25``, ``Q1 2025``, ``2011-12`` inside a name.
    """
    whole = parse_period(text)
    if whole is not None:
        return as_quarter(whole)
    if not isinstance(text, str):
        return None
    parts = list(_parts(text))
    for part in parts:
        if period := _only(words_of(part)):
            return period
    upload = _UPLOADED.search(text) if uploaded and len(parts) > 1 else None
    return month(int(upload["year"]), int(upload["number"])) if upload else None


def _parts(text: str) -> Iterator[str]:
    """The parts of a url or path from the last to the first; else the text itself."""
    plain = text.strip()
    if "://" in plain:
        pieces = urlsplit(plain)
        path = pieces.path + (f"#{pieces.fragment}" if "!" in pieces.fragment else "")
    elif _looks_like_path(plain):
        path = plain
    else:
        yield _ENDING.sub("", plain)
        return
    path = _UPLOADED.sub("", path)
    for part in reversed(re.split(r"[/!]", path)):
        if part:
            yield _ENDING.sub("", part)


def _looks_like_path(text: str) -> bool:
    if ".zip!" in text.lower() or text.startswith(("/", "./", "../")):
        return True
    ending = _ENDING.search(text) is not None
    return "/" in text and ending and not re.search(r"\d/\d", text)
