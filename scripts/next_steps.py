"""Prints what was loaded and what to try after `make run`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

BIN = Path(sys.executable).parent
QUERY = (
    "select metric_id, period, round(cast(value as numeric), 3) as value, target_value,"
    " target_met, rank_overall as place, cohort_size_overall as of"
    " from gold.trust_scorecard where org_code = 'RJ1' and target_value is not null"
    " order by metric_id"
)
TRY = (
    f'.venv/bin/hindcast sql "{QUERY}"',
    ".venv/bin/hindcast status",
    ".venv/bin/dlt pipeline run   # again: nothing changes, in seconds",
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
