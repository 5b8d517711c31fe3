"""The questions of docs/queries.md: their SQL, and the rows that stand below it.

``python -m scripts.queries --write`` runs every query against the warehouse in use and
writes the rows it gives into the page; without it, exits 1 when a page differs. The
rows shown there are those of the files that the page names.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

PAGE = Path(__file__).resolve().parent.parent / "docs" / "queries.md"
BIN = Path(sys.executable).parent
_QUESTION = re.compile(
    r"^## (?P<title>[^\n]+)\n(?P<prose>.*?)"
    r"^```sql\n(?P<sql>.*?)^```\n+^```\n(?P<shown>.*?)^```$",
    re.S | re.M,
)


class Question(NamedTuple):
    """A question with its answer as the page has it."""

    title: str
    sql: str
    shown: str


def questions(text: str) -> list[Question]:
    """All questions of a page, in order."""
    return [
        Question(m["title"], m["sql"].strip(), m["shown"].strip("\n"))
        for m in _QUESTION.finditer(text)
    ]


def written(text: str, answer: Callable[[str], str]) -> str:
    """A page with its rows replaced by what ``answer`` gives for each query."""

    def one(m: re.Match[str]) -> str:
        start, end = m.start("shown") - m.start(), m.end("shown") - m.start()
        return f"{m[0][:start]}{answer(m['sql'].strip()).strip()}\n{m[0][end:]}"

    return _QUESTION.sub(one, text)


def _asked(sql: str) -> str:
    done = subprocess.run(
        [BIN / "hindcast", "sql", sql], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"{sql}\n\n{done.stderr}")
    return done.stdout


def main() -> int:
    """Compares the page with the warehouse in use, or writes it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="write the rows")
    text = PAGE.read_text("utf-8")
    new = written(text, _asked)
    if parser.parse_args().write:
        PAGE.write_text(new, "utf-8")
        return 0
    return int(new != text)


if __name__ == "__main__":
    sys.exit(main())
