"""Publications: any NHS workbook or csv of ``publications.yml``, as published.

The modules are imported when they are needed: reading wants Arrow, placing the maps.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from loaders.model import Claims, Extension, FileRead, Pipeline, SourceFile
from loaders.publications.details import EXTRA_TABLES, TABLES

if TYPE_CHECKING:
    from loaders.files import Problem, Skipped
    from loaders.files.http import Client

__all__ = ["PIPELINE"]


def _read(data: bytes, file: SourceFile) -> FileRead:
    from loaders.publications.read import read

    return read(data, file)


def _stream(file: SourceFile) -> FileRead:
    from loaders.publications.stream import stream

    return stream(file)


def _streams(file: SourceFile) -> bool:
    from loaders.publications.stream import is_large

    return is_large(file)


def _claims(name: str) -> Claims:
    from loaders.publications.content import claims

    return claims(name)


def _manifest(data: bytes, file: SourceFile) -> dict[str, Any]:
    from loaders.publications.read import survey
    from loaders.sheets.manifest import manifest_of
    from loaders.sheets.wide import told

    made, sheets = survey(data, file)
    return manifest_of(data, file, made, map(told, sheets))


def _choose(
    files: Iterable[SourceFile | Problem | Skipped],
) -> Iterator[SourceFile | Problem | Skipped]:
    from loaders.publications.linked import choose_members

    return choose_members(files)


def _discover(
    client: Client, start_url: str, **asked: Any
) -> Iterator[SourceFile | Problem | Skipped]:
    from loaders.publications.discovery import discover

    return discover(client, start_url, **asked)


def _starts() -> list[str]:
    from loaders.publications.pages import starts
    from loaders.publications.registry import load

    return starts(load())


def _record(
    cursor: Any, schema: str, kept: Sequence[tuple[str, FileRead]], load_id: str
) -> None:
    from loaders.publications.record import record

    record(cursor, schema, kept, load_id)


def _arrange(cursor: Any, schema: str) -> None:
    from loaders.publications.arrange import arrange

    arrange(cursor, schema)


PIPELINE = Pipeline(
    name="publications",
    title="NHS publications: workbooks and csv files of publications.yml",
    tables=TABLES,
    suffixes=(".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".csv"),
    read=_read,
    stream=_stream,
    streams=_streams,
    claims=_claims,
    choose=_choose,
    manifest=_manifest,
    discover=_discover,
    starts=_starts,
    file_format="csv",
    extension=Extension(EXTRA_TABLES, _record, _arrange),
)
