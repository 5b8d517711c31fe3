"""Organisations: lists, lookups of ICBs and regions, predecessors and successors."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from loaders import project
from loaders.model import Claims, Pipeline, SourceFile
from loaders.organisations.layout import TABLES
from loaders.organisations.read import read, survey

if TYPE_CHECKING:
    from loaders.files import Problem, Skipped
    from loaders.files.http import Client

__all__ = ["PIPELINE", "claims", "manifest", "read"]


def claims(name: str) -> Claims:
    """What a file name claims: nothing that could contradict what is loaded.

    A list that has not changed from one month to the next has two names and one
    content, which is no contradiction; the reader takes the month from the name.
    """
    return Claims()


def manifest(data: bytes, file: SourceFile) -> dict[str, Any]:
    """The manifest of one file; see :func:`loaders.sheets.manifest.manifest`."""
    from loaders.sheets.manifest import manifest_of

    found, sheets = survey(data, file)
    return manifest_of(data, file, found, sheets)


def discover(
    client: Client, start_url: str, **asked: Any
) -> Iterator[SourceFile | Problem | Skipped]:
    """Asks the FHIR endpoint; see :func:`loaders.organisations.discovery.discover`."""
    from loaders.organisations.discovery import discover as look

    own = project.setting("sources", "organisations", default={})
    chosen = {key: own[key] for key in ("roles", "page_size") if key in own}
    return look(client, start_url, **asked, **chosen)


PIPELINE = Pipeline(
    name="organisations",
    title="NHS organisations: lists, lookups of ICBs and regions, successions",
    tables=TABLES,
    suffixes=(".csv", ".json"),
    read=read,
    claims=claims,
    manifest=manifest,
    discover=discover,
)
