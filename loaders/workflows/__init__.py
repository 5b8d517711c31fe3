"""Workflow patterns: histories of agent workflows, their events, states and costs.

The modules are imported when they are needed: reading wants Arrow.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from loaders.model import (
    Asking,
    Claims,
    Databases,
    Extension,
    FileRead,
    Pipeline,
    Preview,
    SourceFile,
)
from loaders.workflows import cursors
from loaders.workflows.tables import TABLES

if TYPE_CHECKING:
    from loaders.files import Problem, Skipped

__all__ = ["PIPELINE", "claims"]


def claims(name: str) -> Claims:
    """What a file name claims: nothing; histories say themselves when they ran."""
    return Claims()


def _read(data: bytes, file: SourceFile) -> FileRead:
    from loaders.workflows.read import read

    return read(data, file)


def _stream(file: SourceFile) -> FileRead:
    from loaders.workflows import fetched, read

    return read.stream(file) if file.details is None else fetched.stream(file)


def _streams(file: SourceFile) -> bool:
    from loaders.workflows.read import is_large

    return file.details is not None or is_large(file)


def _is_database(file: SourceFile) -> bool:
    from loaders.workflows.sqlite import is_database

    return is_database(file)


def _fetch(
    place: str | SourceFile, asking: Asking
) -> Iterator[SourceFile | Problem | Skipped]:
    from loaders.workflows.database import fetch

    return fetch(place, asking)


def _record(
    cursor: Any, schema: str, kept: Sequence[tuple[str, FileRead]], load_id: str
) -> None:
    cursors.record(cursor, schema, kept)


def _manifest(data: bytes, file: SourceFile) -> dict[str, Any]:
    from loaders.workflows.manifest import manifest

    return manifest(data, file)


def _preview(limit: int | None) -> Preview:
    from loaders.workflows.preview import Patterns

    return Patterns(limit)


PIPELINE = Pipeline(
    name="workflows",
    title="Agent workflows: history, hook events, agent folders, reviews, predictions",
    tables=TABLES,
    suffixes=(".csv", ".jsonl", ".ndjson", ".json", ".db", ".sqlite", ".sqlite3"),
    read=_read,
    stream=_stream,
    streams=_streams,
    claims=claims,
    databases=Databases(("postgresql://", "postgres://"), _is_database, _fetch),
    extension=Extension({cursors.TABLE: cursors.COLUMNS}, _record),
    manifest=_manifest,
    preview=_preview,
    file_format="csv",
    accumulates=True,
)
