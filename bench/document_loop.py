"""The loop that the documents replace: csv, files and dictionaries, row after row.

It does what the first backfill did: read the csvs and the responses, make the ids (the
row's index is the attempt), find each essay's parent and each evaluation's target, and
read the score, by the rule of ``complex``. Nothing is written, and nothing is checked.

Usage: python -m bench.document_loop FOLDER. Prints one JSON line: seconds of the work,
peak resident memory in MB, rows, documents and bad rows by reason, sum of the scores.
"""

from __future__ import annotations

import csv
import json
import re
import sys
import time
from collections import Counter, defaultdict
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from bench.document_files import EVALUATIONS, KINDS, PARTS, RESULTS, Kind, csv_name
from bench.peers import peak_mb

DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
SCORE = r"(?:(?:final|total)\s+)?score(?::\s*|\s+)\s*(-?\d+(?:\.\d+)?)"
FRACTION = re.compile(SCORE + r"/(\d+(?:\.\d+)?)(?=\s|$)", re.IGNORECASE)
PLAIN = re.compile(SCORE + r"(?=\s|$)", re.IGNORECASE)
Candidates = dict[tuple[str, str], list[tuple[datetime, int, int, str]]]


def key(*parts: str) -> str:
    """An id of sixteen characters, as the documents have it."""
    digest = sha256("".join(f"{part}|" for part in parts).encode()).digest()
    number, digits = int.from_bytes(digest[:12], "big"), ""
    while number:
        number, digit = divmod(number, 36)
        digits = DIGITS[digit] + digits
    return digits.rjust(16, "0")[:16]


def score(text: str) -> float | None:
    """The last fraction after the word in the last lines, else the last number."""
    end = "\n".join(text.strip().splitlines()[-30:]).replace("**", "").replace("#", "")
    fractions = FRACTION.findall(end)
    if fractions:
        n, d = fractions[-1]
        found = float(n) / float(d) * 10 if float(d) else None
    else:
        plain = PLAIN.findall(end)
        found = float(plain[-1]) if plain else None
    return found if found is not None and 0 <= found <= 10 else None


class Backfill:
    """What is known of the documents so far."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.rows = 0
        self.outcomes: Counter[str] = Counter()
        self.candidates: Candidates = defaultdict(list)
        self.tasks: dict[str, str] = {}
        self.documents: dict[str, tuple[str, str]] = {}
        self.scores = 0.0

    def read(self, kind: Kind) -> None:
        """All rows of a csv."""
        with (self.folder / RESULTS / csv_name(kind)).open(newline="") as handle:
            for index, row in enumerate(csv.DictReader(handle)):
                self.rows += 1
                self.outcomes[self._outcome(kind, index, row)] += 1

    def _outcome(self, kind: Kind, index: int, row: dict[str, str]) -> str:
        is_evaluation = kind is EVALUATIONS
        stage = "draft" if kind.name == "link" else kind.name
        of = "evaluation" if is_evaluation else "generation"
        task, combo = row[f"{kind.name}_task_id"].strip(), row["combo_id"].strip()
        template = row[f"{kind.name}_template{'' if is_evaluation else '_id'}"].strip()
        model, status = row[f"{of}_model"].strip(), row[f"{of}_status"].strip().lower()
        written = row[f"{of}_timestamp"].strip()
        if status != "success" or not (task and template and model and written):
            return "invalid_row"
        moment = datetime.fromisoformat(written)
        path = row["eval_response_file" if is_evaluation else "response_file"]
        data = self._response(path, is_evaluation)
        if data is None:
            return "missing_response_file"
        try:
            text = data.decode()
        except UnicodeDecodeError:
            return "unreadable_response_file"
        if "\0" in text:
            return "unreadable_response_file"
        above = combo
        if kind.name == "essay":
            found = self._parent(combo, model, moment)
            if found is None:
                return "unresolved_parent"
            above = found
        elif is_evaluation:
            target = self.tasks.get(row["essay_task_id"].strip())
            if target is None:
                return "unresolved_target"
            above = target
            self.scores += score(text) or 0
        logical = key(stage, above, template, model)
        document = key(logical, "loop", str(index))
        self.documents[document] = (above, sha256(data).hexdigest())
        if stage == "draft":
            order = (moment, kind.name == "draft", -index, document)
            self.candidates[combo, model].append(order)
        elif stage == "essay":
            self.tasks[task] = document
        return stage

    def _response(self, path: str, is_evaluation: bool) -> bytes | None:
        for root in PARTS[: 2 if is_evaluation else 1]:
            try:
                return (self.folder / root / path).read_bytes()
            except OSError:
                continue
        return None

    def _parent(self, combo: str, model: str, moment: datetime) -> str | None:
        earlier = [c for c in self.candidates[combo, model] if c[0] <= moment]
        return max(earlier)[-1] if earlier else None


def main() -> None:
    """Runs the loop and prints its figures."""
    started = time.monotonic()
    backfill = Backfill(Path(sys.argv[1]))
    for kind in KINDS:
        backfill.read(kind)
    seconds = round(time.monotonic() - started, 2)
    found: dict[str, Any] = {
        "rows": backfill.rows,
        "outcomes": dict(sorted(backfill.outcomes.items())),
        "sum_of_scores": round(backfill.scores, 1),
    }
    print(json.dumps({"seconds": seconds, "peak_mb": peak_mb(), **found}))


if __name__ == "__main__":
    main()
