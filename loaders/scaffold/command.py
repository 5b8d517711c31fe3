"""``hindcast scaffold``: files to be reviewed, corrected and committed."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from loaders import dataset, project, registry, warehouse
from loaders.errors import Failed, UsageError
from loaders.scaffold import metadata, names, sql, yml
from loaders.scaffold.shapes import TableShape

MODELS = Path("models")
SOURCE = "raw_publications"


@dataclass
class Scaffolded:
    """What was written, and what was left as it is."""

    written: list[Path] = field(default_factory=list)
    kept: list[Path] = field(default_factory=list)
    models: list[str] = field(default_factory=list)
    without_key: list[str] = field(default_factory=list)

    def lines(self) -> list[str]:
        """What people are told, and what they should do next."""
        said = [f"wrote {project.shown(path)}" for path in self.written]
        said += [
            f"kept  {project.shown(path)} (it is there; --force writes it anew)"
            for path in self.kept
        ]
        said += [
            f"no key found for {name}: say in its yml what a row is"
            for name in self.without_key
        ]
        if self.written:
            select = " ".join(f"+{name}" for name in self.models)
            said += [
                "next: read the names, types and keys, correct them, then",
                f"  dbt build --select {select or 'silver_publications__vintages'}",
                "  sqlfluff lint models && git add models",
            ]
        return said


def scaffold(
    publication: str, to: Path | None, table: str | None, *, force: bool = False
) -> Scaffolded:
    """Writes sources and silver models of a publication.

    Args:
        publication: Code.
        to: Folder of the files; ``models/silver/publications/<publication>`` if not
            given.
        table: Only this stable table.
        force: Write files anew that are there.

    Raises:
        UsageError: No such publication or table is loaded.
        Failed: The disk or its permissions.
    """
    pipeline = registry.get("publications")
    with contextlib.closing(warehouse.connect(warehouse.resolve())) as connection:
        dataset.ensure(connection, pipeline)
        found = metadata.tables(connection, publication)
        if not found:
            raise _unknown(
                publication, metadata.publications(connection), "publication"
            )
        chosen = [t for t in found if table in (None, t.table)]
        if not chosen:
            raise _unknown(str(table), [t.table for t in found], "table")
        shapes = metadata.facts(connection, chosen)
    base = project.root() / MODELS
    folder = to or base / "silver" / "publications" / publication
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return _write(shapes, found, folder, base, force=force)
    except OSError as error:
        raise Failed(
            "cannot write the models",
            where=project.shown(folder),
            expected="a folder that we may write to",
            found=" ".join(str(error).split()),
            next_step="correct it, or name another folder with --to",
        ) from error


def _unknown(name: str, known: Iterable[str], what: str) -> UsageError:
    listed = ", ".join(known)
    return UsageError(
        f"cannot scaffold what is not loaded: no {what} {name!r}",
        where="the known tables of the warehouse",
        expected=f"one of {listed}" if listed else "a publication that is loaded",
        found=name,
        next_step="dlt pipeline publications run --from PATH",
    )


def _write(
    shapes: list[TableShape],
    all_tables: list[TableShape],
    folder: Path,
    base: Path,
    *,
    force: bool,
) -> Scaffolded:
    made = Scaffolded()
    places = {base, folder}
    present = {path.name: path for place in places for path in place.rglob("*.sql")}
    for shape in shapes:
        name = names.model_name(shape)
        there = present.get(f"{name}.sql", folder / f"{name}.sql")
        made.models.append(name)
        if not shape.key:
            made.without_key.append(name)
        _put(made, there, sql.model(shape), force=force)
        _put(made, there.with_suffix(".yml"), yml.model(shape), force=force)
    file = folder / f"_{shapes[0].publication}_sources.yml"
    if file.exists() and not force:
        made.kept.append(file)
        declared = set(_declared(places, but=None))
        # Tables that came later get a file of their own: the first is edited by hand.
        for shape in shapes:
            if shape.view not in declared:
                more = folder / f"_{shape.view}_source.yml"
                _put(made, more, yml.sources([shape]), force=force)
        return made
    declared = set(_declared(places, but=file))
    missing = [one for one in all_tables if one.view not in declared]
    if missing:
        _put(made, file, yml.sources(missing), force=force)
    return made


def _put(made: Scaffolded, path: Path, text: str, *, force: bool) -> None:
    if path.exists() and not force:
        made.kept.append(path)
        return
    draft = path.with_name(f".{path.name}.tmp")
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)
    made.written.append(path)


def _declared(places: Iterable[Path], but: Path | None) -> Iterator[str]:
    """Stable tables that some yml declares as a source: dbt takes each once."""
    for path in {path for place in places for path in place.rglob("*.yml")}:
        if but is not None and path.resolve() == but.resolve():
            continue
        try:
            document = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
        except yaml.YAMLError as error:
            raise Failed(
                "cannot tell which sources are declared",
                where=project.shown(path),
                expected="yml that dbt can read",
                found=" ".join(str(error).split()),
                next_step="correct it, then run the same command again",
            ) from error
        for source in document.get("sources") or []:
            if source.get("name") == SOURCE:
                yield from (table["name"] for table in source.get("tables") or [])
