"""Both strategies of the earlier system, in SQL, on texts made to trip them."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Callable, Sequence

import psycopg2
import pytest
from psycopg2.extras import execute_values

from tests.conftest import Warehouse
from tests.score_oracle import complex_score, in_last_line_score

READ = "with {{ score_steps('texts') }} select * from scored"
#: Words around scores, and the blanks that Python knows and a regex may not.
PIECES = (
    *("score", "Score", "SCORE", "ſcore", "scores", "Final", "Total", "total "),
    *("FINAL\t", "**", "*", "#", "### ", ":", " : ", "\n", "\n\n", "\r\n", " ", "\t"),
    *("\u00a0", "\u2003", "\x1c", "\x85", "\u2028", "\u200b", "\ufeff", "é", "中"),
    *("7", "8.5", "-2", "10", "0", "000", "456", "4,5,6", "4 5 6", "4\t56", "8."),
    *("/", "/10", "/9", "/0", ".", ",", "- ", "word", "(3 + 4)", "= 6/10", "_"),
    *("</think>", "score: 7", "SCORE: 8/10", "Score: 5\n", "Total Score: 6"),
    *("1e5", "1234567"),
)
FILLINGS = ("x", "\n", " ", "word ", "é\n", "\n \n", "a longer line\n")


def _texts(seed: int, count: int) -> list[str]:
    draw = random.Random(seed)

    def some(most: int, between: Sequence[str] = ("",)) -> str:
        pieces = range(draw.randint(0, most))
        return "".join(draw.choice(PIECES) + draw.choice(between) for _ in pieces)

    def text() -> str:
        kind = draw.random()
        if kind < 0.5:
            return some(25)
        if kind < 0.9:
            return some(120, ("", " ", "\n"))
        # Around the length at which texts are cut before they are read.
        filling = draw.choice(FILLINGS) * draw.choice((10, 1360, 2731, 4096))
        return some(30) + filling + some(60, ("", " ", "\n"))

    return [text() for _ in range(count)]


@pytest.fixture(scope="module")
def reading(module_warehouses: Callable[..., Warehouse]) -> tuple[Warehouse, str]:
    """A warehouse, and the rules as SQL over its table `texts`."""
    made = module_warehouses()
    compiled = made.call("dbt", "--quiet", "compile", "--inline", READ)
    assert compiled.returncode == 0, compiled.stdout + compiled.stderr
    made.rows("create table texts (content_hash text, content varchar)")
    return made, compiled.stdout[compiled.stdout.index("with closings") :]


def _read(reading: tuple[Warehouse, str], texts: list[str]) -> list[tuple[object, ...]]:
    made, query = reading
    numbered = [(f"{i:06d}", text) for i, text in enumerate(texts)]
    with (
        contextlib.closing(psycopg2.connect(made.url)) as connection,
        connection.cursor() as cursor,
    ):
        execute_values(cursor, "insert into texts values %s", numbered)
        cursor.execute("set local statement_timeout = '60s'")
        cursor.execute(query)
        return [tuple(row[1:]) for row in sorted(cursor.fetchall())]


@pytest.mark.parametrize("seed", range(3))
def test_both_strategies_equal_the_earlier_system(
    reading: tuple[Warehouse, str], seed: int
) -> None:
    texts = _texts(seed, 2_000)
    found = [row[:4] for row in _read(reading, texts)]
    expected = [(*complex_score(t), *in_last_line_score(t)) for t in texts]
    differing = [
        (t[-200:], f, e)
        for t, f, e in zip(texts, found, expected, strict=True)
        if f != e
    ]
    assert differing == []
    # Each way to fail, and a score, were met: the texts do try the rules.
    errors = {str(row[1])[:12] for row in found} | {str(row[3])[:12] for row in found}
    assert {"None", "No SCORE fie", "Invalid scor", "Expected 3 d"} <= errors
    assert any(error.startswith("Score ") for error in errors)


@pytest.mark.parametrize(
    ("text", "score"),
    [
        ("a line\n" * 1_000_000 + "SCORE: 7/10", 7.0),
        ("SCORE: 7/10\n" + "\n" * 500_000 + "end", 7.0),
        ("word score: 5 " * 60_000 + "\nSCORE: 7/10", 7.0),
        ("SCORE: 7/10\n" + "\n \n" * 100_000, 7.0),
        ("\n".join(["x" * 4_000] * 29 + ["SCORE: 7/10"]), 7.0),
    ],
    ids=["lines", "blank lines", "many words", "blank end", "long lines"],
)
def test_a_long_response_is_read_in_seconds(
    reading: tuple[Warehouse, str], text: str, score: float
) -> None:
    ((complex_, error, *_),) = _read(reading, [text])
    last_lines = text.strip().split("\n")[-30:]
    expected = score if any("7/10" in line for line in last_lines) else None
    assert complex_ == expected
    assert (error is None) == (expected is not None)


def test_closing_lines_without_end_are_not_read(
    reading: tuple[Warehouse, str],
) -> None:
    ((*_, score, error),) = _read(reading, ["word " * 300_000 + "SCORE: 7/10"])
    assert score is None
    assert error == "Closing lines of more than 1000000 characters"
