"""LLM documents: results of drafts, essays and evaluations, their texts, catalogues.

The modules are imported when they are needed: reading wants Arrow.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from loaders.documents import versions
from loaders.documents.tables import TABLES
from loaders.model import (
    Asking,
    Claims,
    Databases,
    Extension,
    FileRead,
    Pipeline,
    SourceFile,
)

if TYPE_CHECKING:
    from loaders.files import Problem, Skipped

__all__ = ["PIPELINE", "claims"]


def claims(name: str) -> Claims:
    """What a file name claims: nothing; names carry no meaning here."""
    return Claims()


def _read(data: bytes, file: SourceFile) -> FileRead:
    from loaders.documents.read import read

    return read(data, file)


def _stream(file: SourceFile) -> FileRead:
    from loaders.documents.read import stream

    return stream(file)


def _streams(file: SourceFile) -> bool:
    from loaders.documents.read import is_streamed

    return is_streamed(file)


def _is_one(file: SourceFile) -> bool:
    from loaders.documents.folders import is_one

    return is_one(file)


def _fetch(
    place: str | SourceFile, asking: Asking
) -> Iterator[SourceFile | Problem | Skipped]:
    from loaders.documents.folders import fetch

    return fetch(place, asking)


def _folder(
    folder: Path, inside: Sequence[os.DirEntry[str]]
) -> list[os.DirEntry[str]] | None:
    from loaders.documents.folders import taken

    return taken(folder, inside)


def _record(
    cursor: Any, schema: str, kept: Sequence[tuple[str, FileRead]], load_id: str
) -> None:
    versions.record(cursor, schema, kept)


PIPELINE = Pipeline(
    name="documents",
    title="LLM documents: drafts, essays, evaluations, their texts and catalogues",
    tables=TABLES,
    suffixes=(".csv", ".txt"),
    read=_read,
    stream=_stream,
    streams=_streams,
    claims=claims,
    databases=Databases((), _is_one, _fetch, _folder),
    extension=Extension({versions.TABLE: versions.COLUMNS}, _record),
    file_format="csv",
    accumulates=True,
    last_found_counts=True,
    echoes=("document_files",),
)
