"""What dbt's manifest says of a relation: its key, its subject, its publications."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from loaders import project
from loaders.errors import Failed

#: Relations that everything leans on say nothing of what a mart is about.
SHARED = ("dim_", "silver_organisations__")
PUBLICATIONS = "raw_publications"
#: Between publication and table in the name of a view of raw_publications.
SEPARATOR = "__"


@dataclass(frozen=True)
class Node:
    """A model or seed as dbt knows it.

    Attributes:
        id: dbt's unique id.
        schema: Where it is built.
        name: Name of its relation.
        path: Its file below the project.
        parents: Unique ids of what it reads.
        key: Columns that a test of the whole relation holds unique and filled.
    """

    id: str
    schema: str
    name: str
    path: str
    parents: tuple[str, ...]
    key: tuple[str, ...]


class Lineage:
    """The models, seeds and sources of a manifest, and what rests on what."""

    def __init__(self, manifest: Mapping[str, Any]) -> None:
        nodes: dict[str, Any] = manifest["nodes"]
        keys = dict(_keys(nodes.values()))
        self._nodes = {
            unique_id: Node(
                unique_id,
                node["schema"],
                node.get("alias") or node["name"],
                node["original_file_path"],
                tuple(node.get("depends_on", {}).get("nodes", ())),
                keys.get(unique_id, ()),
            )
            for unique_id, node in nodes.items()
            if node["resource_type"] in ("model", "seed", "snapshot")
        }
        self._sources = {
            unique_id: (source["schema"], source["identifier"])
            for unique_id, source in manifest["sources"].items()
        }
        self._by_relation = {(n.schema, n.name): n for n in self._nodes.values()}

    def node(self, schema: str, name: str) -> Node | None:
        """The model or seed of a relation; ``None`` when dbt knows none."""
        return self._by_relation.get((schema, name))

    @cached_property
    def publications(self) -> frozenset[str]:
        """All publications that have a source."""
        return frozenset(p for _, p in map(self._subject, self._sources) if p)

    def subjects(self, node: Node) -> frozenset[tuple[str, str | None]]:
        """Pipelines, and publications of theirs, that a relation rests on.

        The way up ends at relations that everything leans on: the organisations a mart
        names do not make it one about organisations.
        """
        found: set[tuple[str, str | None]] = set()
        seen: set[str] = set()
        ahead = list(node.parents)
        while ahead:
            parent = ahead.pop()
            if parent in seen:
                continue
            seen.add(parent)
            if parent in self._sources:
                found.add(self._subject(parent))
            elif (above := self._nodes.get(parent)) and not above.name.startswith(
                SHARED
            ):
                ahead += above.parents
        return frozenset(found)

    def _subject(self, source: str) -> tuple[str, str | None]:
        schema, table = self._sources[source]
        pipeline = schema.removeprefix("raw_")
        if schema != PUBLICATIONS or SEPARATOR not in table:
            return pipeline, None
        return pipeline, table.split(SEPARATOR, 1)[0]

    def belongs(self, node: Node, publication: str) -> bool:
        """Whether a relation is of a publication.

        It is when its folder or name says so, or when that is the only publication
        whose tables it rests on, directly or through other models. The ledger of all
        publications does not count, nor do the organisations.
        """
        words = (*Path(node.path).parent.parts, *re.split(SEPARATOR, node.name))
        named = {word.removeprefix("silver_").removeprefix("int_") for word in words}
        if publication in named or node.name.startswith(f"{publication}_"):
            return True
        subjects = self.subjects(node)
        others = {s for s in subjects if s != ("publications", None)}
        return others == {("publications", publication)}


def _keys(nodes: Iterable[Any]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Keys by unique id: a test that looks at some of the rows declares none."""
    for node in nodes:
        test = node.get("test_metadata") or {}
        if test.get("name") != "unique_grain" or node["config"].get("where"):
            continue
        yield node["attached_node"], tuple(test["kwargs"]["columns"])


def manifest_path() -> Path:
    """Where dbt writes its manifest."""
    target = Path(os.environ.get("DBT_TARGET_PATH") or "target")
    return project.root() / target / "manifest.json"


def read() -> Lineage | None:
    """The lineage of the last dbt command; ``None`` before the first.

    Raises:
        Failed: The manifest cannot be read.
    """
    path = manifest_path()
    try:
        return Lineage(json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None
    except (ValueError, KeyError) as error:
        raise Failed(
            "cannot read what dbt says of its models",
            where=project.shown(path),
            expected="the manifest that dbt writes",
            found=f"{type(error).__name__}: {error}",
            next_step="dbt parse",
        ) from error
