"""Only reading publications with pandas: every sheet of every file, nothing landed.

Usage: python -m bench.reading FOLDER…. Prints one JSON line: by kind of file their
number, MB and seconds, and the files that the reader failed on with the seconds until
it did. xlsx goes through openpyxl, the usual engine; pandas has none of its own for xls
without xlrd, which these files' environments lack, so that calamine reads them.
"""

from __future__ import annotations

import json
import sys
import time
import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import Any

ENGINES = {".xlsx": "openpyxl", ".xls": "calamine", ".csv": "pandas"}


def read(path: Path) -> None:
    """Reads one file as an analyst would who knows nothing of its layout."""
    import pandas as pd

    if path.suffix == ".csv":
        pd.read_csv(path, dtype=str)
    else:
        engine: Any = ENGINES[path.suffix]
        pd.read_excel(path, sheet_name=None, header=None, engine=engine)


def measure(folders: Iterable[Path]) -> dict[str, Any]:
    """Reads all files below some folders, one after the other."""
    kinds: dict[str, dict[str, Any]] = {}
    failed: dict[str, dict[str, Any]] = {}
    for path in sorted(p for folder in folders for p in folder.rglob("*")):
        kind = path.suffix.lower()
        if kind not in ENGINES:
            continue
        found = kinds.setdefault(
            kind[1:], {"engine": ENGINES[kind], "files": 0, "mb": 0.0, "seconds": 0.0}
        )
        started = time.perf_counter()
        try:
            read(path)
        except Exception as error:  # whatever a reader raises, it has not read the file
            failed[path.name] = {
                "error": f"{type(error).__name__}: {error}"[:120],
                "seconds": round(time.perf_counter() - started, 3),
            }
        found["seconds"] += time.perf_counter() - started
        found["files"] += 1
        found["mb"] += path.stat().st_size / 1e6
    seconds = sum(found["seconds"] for found in kinds.values())
    mb = sum(found["mb"] for found in kinds.values())
    for found in kinds.values():
        found["mb"], found["seconds"] = (
            round(found["mb"], 1),
            round(found["seconds"], 2),
        )
    return {
        "seconds": round(seconds, 2),
        "mb_per_second": round(mb / seconds, 2),
        "kinds": kinds,
        "failed": failed,
    }


def main() -> None:
    """Reads the folders and prints the figures; importing pandas is not counted."""
    import openpyxl  # noqa: F401
    import pandas  # noqa: F401
    import python_calamine  # noqa: F401

    warnings.simplefilter("ignore")
    print(json.dumps(measure(map(Path, sys.argv[1:]))))


if __name__ == "__main__":
    main()
