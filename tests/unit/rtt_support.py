"""RTT files as tests make and read them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from loaders.model import FileRead, SourceFile
from loaders.rtt import PIPELINE


def file(path: Path, data: bytes, source: str | None = None) -> SourceFile:
    """Writes a file and says of it what its name claims."""
    path.write_bytes(data)
    claims = PIPELINE.claims(path.name)
    return SourceFile(source or path.name, path.name, path, claims=claims)


def streamed(path: Path, data: bytes, source: str | None = None) -> dict[str, Any]:
    """Reads a file from the disk: the reading under ``file``, rows by table."""
    return taken(PIPELINE.stream(file(path, data, source)))


def taken(found: FileRead) -> dict[str, Any]:
    """Takes all rows of a reading, table by table."""
    made: dict[str, Any] = {"file": found}
    for table in found.tables:
        made[table.table] = [r for b in table.batches for r in b.to_pylist()]
    return made


def read(data: bytes, name: str) -> FileRead:
    """Reads a file from its bytes."""
    file = SourceFile(name, name, Path(name), claims=PIPELINE.claims(name))
    return PIPELINE.read(data, file)


def rows(found: FileRead, source_table: str) -> list[dict[str, Any]]:
    """The rows of one table of a reading."""
    (table,) = [t for t in found.tables if t.source_table == source_table]
    return [row for batch in table.batches for row in batch.to_pylist()]
