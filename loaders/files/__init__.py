"""Where files come from: folders, zip members, and pages on the web."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from loaders.errors import HindcastError

if TYPE_CHECKING:
    from loaders.model import Period, Pipeline, SourceFile


@dataclass(frozen=True)
class Problem:
    """A file or page that could not be taken; the others go on.

    Attributes:
        source: The url or path, as a :class:`~loaders.model.SourceFile` would have it.
        error: Why, in four parts.
    """

    source: str
    error: HindcastError


@dataclass(frozen=True)
class Skipped:
    """Something seen and left alone, for the summary to mention.

    Attributes:
        source: The url or path.
        reason: Why, as a clause.
    """

    source: str
    reason: str

    def __str__(self) -> str:
        return f"{self.source}: {self.reason}"


def discovered(
    pipeline: Pipeline,
    url: str,
    periods: Sequence[Period] = (),
    limit: int | None = None,
    known: Collection[str] = (),
    *,
    skipped: list[str] | None = None,
) -> list[SourceFile | Problem]:
    """Finds and fetches the files of a pipeline from a page, with the project's client.

    Args:
        pipeline: Whose files; it must have a discovery.
        url: Where to start: an overview, a page of one period, or one file.
        periods: Only these; empty means all.
        limit: At most this many files.
        known: Sources already loaded; older periods are not fetched again.
        skipped: Takes a line for each link that was left alone.

    Raises:
        UsageError: The settings in ``[sources.http]`` are wrong.
    """
    from loaders import project
    from loaders.files.http import Client, HttpSettings

    if pipeline.discover is None:
        raise ValueError(f"the pipeline {pipeline.name} has no discovery")
    client = Client(
        HttpSettings.of(project.setting("sources", "http", default={})),
        cache=project.state_dir() / "cache" / "http",
        inbox=project.root()
        / str(project.setting("hindcast", "inbox", default="inbox"))
        / pipeline.name,
    )
    found: list[SourceFile | Problem] = []
    with client:
        items = pipeline.discover(
            client, url, periods=periods, limit=limit, known_urls=frozenset(known)
        )
        for item in items:
            if isinstance(item, Skipped):
                if skipped is not None:
                    skipped.append(str(item))
            else:
                found.append(item)
    return found
