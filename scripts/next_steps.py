"""Prints what to try after `make run`, with the result of the first query."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

BIN = Path(sys.executable).parent
QUERY = (
    "select period, metric_label, numerator, denominator, pct_within_target"
    " from gold.cancer_trust_aggregates where org_code = 'RJ1' order by 1, 2"
)
TRY = (
    f'.venv/bin/hindcast sql "{QUERY}"',
    ".venv/bin/hindcast status",
    ".venv/bin/dlt pipeline cancer run   # again: nothing changes, in seconds",
)


def main() -> None:
    """Says what was built and what to try."""
    print("\nThe marts are built. Docs: target/static_index.html\nTry:\n")
    for command in TRY:
        print(f"  {command}")
    print()


if __name__ == "__main__":
    subprocess.run([BIN / "hindcast", "status"], check=False)
    main()
