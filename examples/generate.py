"""Writes the examples: small files in the publishers' layouts, from real figures.

``python examples/generate.py`` writes the folders of all pipelines; with ``--check`` it
writes nothing and exits 1 when a file differs from what it would write. Each pipeline
has a module here whose ``files()`` makes its files.
"""

from __future__ import annotations

import argparse
import importlib
import io
import sys
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

HERE = Path(__file__).resolve().parent
if not __package__:  # called as a script: the package is found from the root
    sys.path.insert(0, str(HERE.parent))

#: One folder below ``examples/`` each, and the module that writes it.
MODULES = {
    "cancer": "examples.cancer_files",
    "rtt": "examples.rtt_files",
    "oversight": "examples.oversight_files",
    "organisations": "examples.organisations_files",
    "publications": "examples.publications_files",
    "workflows": "examples.workflows_files",
    "documents": "examples.documents_files",
}


def examples() -> dict[str, bytes]:
    """Every example by its path below ``examples/``."""
    files: dict[str, bytes] = {}
    for module in MODULES.values():
        made: Mapping[str, bytes] = importlib.import_module(module).files()
        files |= made
    return files


def _content(data: bytes) -> object:
    """What a file says: compression and xml spelling differ between versions."""
    if not data.startswith(b"PK"):
        return data
    with zipfile.ZipFile(io.BytesIO(data)) as members:
        return {n: _spelling(n, members.read(n)) for n in members.namelist()}


def _spelling(name: str, data: bytes) -> object:
    return ET.canonicalize(data) if name.endswith((".xml", ".rels")) else data


def check(folder: Path = HERE) -> list[str]:
    """Says what differs between a folder and what the generator writes there."""
    wanted = examples()
    found = {
        path.relative_to(folder).as_posix(): path
        for name in MODULES
        for path in (folder / name).rglob("*")
        if path.is_file()
    }
    complaints = [
        f"{name}: not written by the generator" for name in found.keys() - wanted
    ]
    for name, data in wanted.items():
        if name not in found:
            complaints.append(f"{name}: missing")
        elif _content(found[name].read_bytes()) != _content(data):
            complaints.append(f"{name}: differs from what the generator writes")
    return sorted(complaints)


def main(arguments: Sequence[str] | None = None) -> int:
    """Writes the examples, or with ``--check`` compares them; returns the exit code."""
    parser = argparse.ArgumentParser(
        description="Writes the examples of all pipelines."
    )
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    if parser.parse_args(arguments).check:
        complaints = check()
        for complaint in complaints:
            print(complaint, file=sys.stderr)
        if complaints:
            print("next: python examples/generate.py", file=sys.stderr)
        return 1 if complaints else 0
    for name, data in examples().items():
        path = HERE / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        print(f"{len(data):>7,} bytes  examples/{name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
