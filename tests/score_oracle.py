"""What the earlier system read in the response of an evaluation, for comparison.

Written from the description of its rules, for tests only: the marts read in SQL.
"""

from __future__ import annotations

import re
from collections.abc import Callable

#: Score, or why there is none.
Reading = tuple[float | None, str | None]

WORD = r"(?:(?:Final|Total)\s+)?score(?::|\s)\s*"
NUMBER = r"-?\d+(?:\.\d+)?"
LINES = 30


def complex_score(text: str) -> Reading:
    """The last fraction in the last thirty lines, else the last number."""
    return _reading(_complex, text)


def in_last_line_score(text: str) -> Reading:
    """The first score of the last three lines that are not blank."""
    return _reading(_in_last_line, text)


def _reading(strategy: Callable[[str], float], text: str) -> Reading:
    try:
        if not text.strip():
            raise ValueError("Empty or whitespace-only response")
        return strategy(text), None
    except ValueError as error:
        return None, str(error)


def _in_range(score: float) -> float:
    if not 0 <= score <= 10:
        raise ValueError(f"Score {score} is outside valid range 0-10")
    return score


def _complex(text: str) -> float:
    lines = text.strip().split("\n")[-LINES:]
    verdict = "\n".join(lines).replace("**", "").replace("#", "")
    fractions = re.findall(f"{WORD}({NUMBER})/({NUMBER})", verdict, re.I)
    if fractions:
        value, scale = map(float, fractions[-1])
        if scale == 0:
            raise ValueError("Invalid score fraction: division by zero")
        return _in_range(value / scale * 10)
    numbers = re.findall(rf"{WORD}({NUMBER})(?:\s|$)", verdict, re.I)
    if not numbers:
        raise ValueError("No SCORE field found in response")
    return _in_range(float(numbers[-1]))


def _in_last_line(text: str) -> float:
    filled = [line.strip() for line in text.split("\n") if line.strip()]
    lines = [line.replace("*", "").replace("#", "") for line in filled[-3:]]
    for line in lines:
        exact = re.fullmatch(r"\s*score:\s*([0-9](?:\.[0-9]+)?)\s*", line, re.I)
        if exact:
            return _in_range(float(exact[1]))
    for line in lines:
        three = re.search(rf"{WORD}(\d,?\s?\d,?\s?\d)", line, re.I)
        if three:
            digits = three[1].replace(",", "").replace(" ", "")
            if len(digits) != 3:
                raise ValueError(
                    f"Expected 3 digits in score, found {len(digits)}: {three[1]}"
                )
            if mean := sum(map(float, digits)) / 3:
                return _in_range(mean)
        plain = re.search(rf"{WORD}({NUMBER})(?:\s|$)", line, re.I)
        if plain:
            return _in_range(float(plain[1]))
    raise ValueError("No score found in the last 3 lines.")
