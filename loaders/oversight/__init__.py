"""NHS Oversight Framework: quarterly metrics, scores and league tables of trusts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from loaders.model import Pipeline, SourceFile
from loaders.oversight.layout import TABLES
from loaders.oversight.read import claims, read, survey

if TYPE_CHECKING:
    from loaders.files import Problem, Skipped
    from loaders.files.http import Client

__all__ = ["PIPELINE", "claims", "manifest", "read"]


def manifest(data: bytes, file: SourceFile) -> dict[str, Any]:
    """The manifest of one file; see :func:`loaders.sheets.manifest.manifest`."""
    from loaders.sheets.manifest import manifest_of

    found, sheet = survey(data, file)
    return manifest_of(data, file, found, [sheet])


def discover(
    client: Client, start_url: str, **asked: Any
) -> Iterator[SourceFile | Problem | Skipped]:
    """Finds published files; see :func:`loaders.oversight.discovery.discover`."""
    from loaders.oversight.discovery import discover as look

    return look(client, start_url, **asked)


PIPELINE = Pipeline(
    name="oversight",
    title="NHS Oversight Framework, England, metrics and league tables by trust",
    tables=TABLES,
    suffixes=(".csv",),
    read=read,
    claims=claims,
    manifest=manifest,
    discover=discover,
)
