"""The loop that the marts replace: rules in Python over a csv, counters in memory.

Usage: python -m bench.workflow_loop CSV. Prints one JSON line: seconds of the work,
peak resident memory in MB, workflows, patterns, occurrences.
"""

from __future__ import annotations

import csv
import json
import sys
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

from bench.peers import peak_mb
from loaders.workflows import detect

FINISHED = {"completed", "failed"}


def loop(path: Path) -> dict[str, Any]:
    """Counts, tokens and costs of each pattern, a workflow after the other."""
    rules = detect.Rules.load("strict")
    counts: dict[str, int] = defaultdict(int)
    tokens: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    costs: dict[str, list[float]] = defaultdict(lambda: [0.0, 0])
    seen = 0
    with path.open(newline="") as handle:
        for row in csv.DictReader(handle):
            if row["status"] not in FINISHED:
                continue
            seen += 1
            found = rules.signatures(
                row["nl_input"], row["error_message"], row["workflow_template"]
            )
            used = int(row["total_tokens"] or 0)
            cost = float(row["actual_cost_total"] or 0)
            for signature in found:
                counts[signature] += 1
                if used:
                    tokens[signature][0] += used
                    tokens[signature][1] += 1
                if cost:
                    costs[signature][0] += cost
                    costs[signature][1] += 1
    return {
        "workflows": seen,
        "patterns": len(counts),
        "occurrences": sum(counts.values()),
    }


def main() -> None:
    """Runs the loop and prints its figures."""
    started = time.monotonic()
    found = loop(Path(sys.argv[1]))
    seconds = round(time.monotonic() - started, 2)
    print(json.dumps({"seconds": seconds, "peak_mb": peak_mb(), **found}))


if __name__ == "__main__":
    main()
