"""A key of a file or sheet that stays the same from release to release."""

from __future__ import annotations

import re

from loaders.periods.statements import other_dates, statements, words_of

#: What a name says of the release, not of the content.
_RELEASE = re.compile(
    r"(?<![a-z])(?:revised|revision|updated|amended|corrected|provisional|prov|final"
    r"|published)(?![a-z])|(?<![a-z])v~\d+(?:\.\d+)*(?![a-z0-9])"
)
_ENDING = re.compile(r"\.(?:csv|xls[xmb]?|zip)$", re.IGNORECASE)
#: A publisher's site puts a few random letters and digits behind a name, and a number
#: behind that for a second upload: ``-632O5``, ``-kkk11b``, ``-67402``, ``-0Qu74-1``.
_RANDOM = re.compile(r"[\s_.-](?P<random>[a-z0-9~]+)(?:-\d{1,2})?$")
_NOT_WORD = re.compile(r"[^a-z0-9|]+")


def name_key(text: str) -> str:
    """The name without its period, its release and the upload's random letters.

    Only what the period parser recognises as a period is cut out, so that numbers and
    words that merely look like one stay: ``covid_19_vaccine``, ``gp_market_share``.
    A text that states no period keeps its last word whatever it looks like.

    Args:
        text: A file name or the title of a sheet.

    Returns:
        Lower-case letters and digits joined by ``_``: ``adhd_may25_data`` gives
        ``adhd_data``. Empty when nothing else is left.
    """
    plain = _ENDING.sub("", text.strip())
    words = words_of(plain)
    spans = [(s.start, s.end) for s in statements(words)] + other_dates(words)
    if spans:
        spans += _random(words, max(end for _, end in spans))
    spans += [m.span() for m in _RELEASE.finditer(words)]
    for start, end in spans:
        words = words[:start] + "|" * (end - start) + words[end:]
    kept = _NOT_WORD.sub("_", words.replace("~", "")).replace("|", "_")
    return re.sub(r"_+", "_", kept).strip("_")


def _random(words: str, after: int) -> list[tuple[int, int]]:
    """The random letters at the end of a name, behind all that was cut out."""
    match = _RANDOM.search(words)
    if match is None or match.start() < after or _RELEASE.fullmatch(match["random"]):
        return []
    letters = match["random"].replace("~", "")
    mixed = re.search(r"\d", letters) and 4 <= len(letters) <= 9
    # ``rigs~w``: upper and lower case take turns as in no word.
    turns = len(letters) == 5 and "~" in match["random"]
    return [match.span()] if mixed or turns else []
