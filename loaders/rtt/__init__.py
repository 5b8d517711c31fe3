"""Referral to treatment (RTT) waiting times: monthly files of NHS England."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from loaders.model import FileRead, Pipeline, SourceFile
from loaders.rtt.content import choose_members, claims
from loaders.rtt.layout import TABLES

if TYPE_CHECKING:
    from loaders.files import Problem, Skipped
    from loaders.files.http import Client

__all__ = ["PIPELINE", "claims", "manifest", "read", "stream"]


def read(data: bytes, file: SourceFile) -> FileRead:
    """Reads one file; see :func:`loaders.rtt.read.read`."""
    # pyarrow and calamine take half a second to import: only who reads pays for it.
    from loaders.rtt.read import read as read_file

    return read_file(data, file)


def stream(file: SourceFile) -> FileRead:
    """Reads one file from the disk; see :func:`loaders.rtt.read.stream`."""
    from loaders.rtt.read import stream as stream_file

    return stream_file(file)


def manifest(data: bytes, file: SourceFile) -> dict[str, Any]:
    """The manifest of one file; see :func:`loaders.rtt.describe.describe`."""
    from loaders.rtt.describe import describe

    return describe(data, file)


def discover(
    client: Client, start_url: str, **asked: Any
) -> Iterator[SourceFile | Problem | Skipped]:
    """Finds published files; see :func:`loaders.rtt.discovery.discover`."""
    from loaders.rtt.discovery import discover as look

    return look(client, start_url, **asked)


PIPELINE = Pipeline(
    name="rtt",
    title="Referral to treatment waiting times, England, by provider and commissioner",
    tables=TABLES,
    suffixes=(".csv", ".xlsx", ".xlsm", ".xlsb", ".xls"),
    read=read,
    stream=stream,
    claims=claims,
    choose=choose_members,
    manifest=manifest,
    discover=discover,
)
