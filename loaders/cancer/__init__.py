"""Cancer waiting times: monthly files of NHS England, June 2015 onwards."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from loaders.cancer.content import claims
from loaders.cancer.layout import TABLES
from loaders.model import FileRead, Pipeline, SourceFile

if TYPE_CHECKING:
    from loaders.files import Problem, Skipped
    from loaders.files.http import Client

__all__ = ["PIPELINE", "claims", "manifest", "read"]


def read(data: bytes, file: SourceFile) -> FileRead:
    """Reads one file; see :func:`loaders.cancer.read.read`."""
    # pyarrow and calamine take half a second to import: only who reads pays for it.
    from loaders.cancer.read import read as read_file

    return read_file(data, file)


def manifest(data: bytes, file: SourceFile) -> dict[str, Any]:
    """The manifest of one file; see :func:`loaders.cancer.describe.describe`."""
    from loaders.cancer.describe import describe

    return describe(data, file)


def discover(
    client: Client, start_url: str, **asked: Any
) -> Iterator[SourceFile | Problem | Skipped]:
    """Finds published files; see :func:`loaders.cancer.discovery.discover`."""
    from loaders.cancer.discovery import discover as look

    return look(client, start_url, **asked)


PIPELINE = Pipeline(
    name="cancer",
    title="Cancer waiting times, England, by provider and commissioner",
    tables=TABLES,
    suffixes=(".xlsx", ".xlsm", ".xlsb", ".xls", ".csv"),
    read=read,
    claims=claims,
    manifest=manifest,
    discover=discover,
)
