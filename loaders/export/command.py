"""``hindcast export``: what is built now, as files."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from loaders import project, warehouse
from loaders.console import Console
from loaders.errors import Failed, UsageError
from loaders.export import describe, folder, lineage, parquet, source
from loaders.export.describe import Dataset
from loaders.export.lineage import Lineage
from loaders.export.relations import Relation


@dataclass(frozen=True)
class Exported:
    """What an export wrote, and where."""

    folder: Path
    datasets: tuple[Dataset, ...]

    def line(self) -> str:
        """The export in one line."""
        rows = sum(dataset.rows for dataset in self.datasets)
        size = sum(dataset.size for dataset in self.datasets) / 1e6
        return (
            f"exported {len(self.datasets)} datasets, {rows:,} rows, {size:,.1f} MB to "
            f"{project.shown(self.folder)}; catalogue: "
            f"{project.shown(self.folder / folder.CATALOGUE)}"
        )


def export(
    to: Path | None, publication: str | None, console: Console | None = None
) -> Exported:
    """Writes the relations of gold and silver, or those of one publication.

    Raises:
        UsageError: There is no such publication, or the folder is not ours to replace.
        Failed: Nothing is built, the warehouse or the disk would not, or a file does
            not hold what was written to it.
    """
    console = console or Console()
    to = to or project.root() / folder.DEFAULT
    target = warehouse.resolve()
    known = lineage.read()
    chosen = _chosen(source.relations(target), known, publication, console)
    _check_names(chosen)
    with folder.replacing(to) as made, source.snapshot(target, chosen) as snapshot:
        console.begin("exporting", len(chosen))
        datasets = []
        for relation in chosen:
            datasets.append(_write(made, relation, snapshot, known))
            console.step(f"{relation.name}: {datasets[-1].rows:,} rows")
        console.end()
        _write_catalogue(made, datasets, snapshot.taken_at, publication)
    return Exported(to, tuple(datasets))


def _chosen(
    found: Sequence[Relation],
    known: Lineage | None,
    publication: str | None,
    console: Console,
) -> list[Relation]:
    """Those that dbt built, and of them those of the publication.

    Raises:
        UsageError: No relation is of the publication.
        Failed: There is nothing, or nobody knows what belongs to a publication.
    """
    if not found:
        raise Failed(
            "cannot export: nothing is built yet",
            where="the schemas gold and silver of the warehouse",
            expected="tables and views that dbt built",
            found="none",
            next_step="dlt pipeline run, then dbt build",
        )
    if known is None:
        if publication:
            raise Failed(
                f"cannot tell what belongs to {publication}",
                where=project.shown(lineage.manifest_path()),
                expected="the manifest of dbt, which says what rests on what",
                found="no such file",
                next_step="dbt parse, then the same command again",
            )
        console.say("without dbt's manifest no keys and subjects: `dbt parse` makes it")
        return list(found)
    built = []
    for relation in found:
        node = known.node(relation.schema, relation.name)
        if node is None:
            console.say(
                f"left out: {relation.schema}.{relation.name}, no model of this project"
            )
        elif publication is None or known.belongs(node, publication):
            built.append(relation)
    if not built:
        raise UsageError(
            "cannot export: no dataset belongs to it",
            where=f"the publication {publication}" if publication else "dbt's manifest",
            expected="one of " + ", ".join(sorted(known.publications))
            if known.publications
            else "a publication with silver models",
            found=f"{publication!r}" if publication else "no model that is built",
            next_step="name one of these, or export everything without --publication",
        )
    return built


def _check_names(chosen: Sequence[Relation]) -> None:
    """One name, one file, on disks that do not know upper from lower case as well.

    Raises:
        Failed: Two relations would share a file, or one would take the catalogue's.
    """
    taken: dict[str, str] = {Path(folder.CATALOGUE).stem: "the catalogue"}
    for relation in chosen:
        shown = f"{relation.schema}.{relation.name}"
        other = taken.setdefault(relation.name.lower(), shown)
        if other != shown or "/" in relation.name:
            raise Failed(
                "cannot name the file of a dataset",
                where=shown,
                expected="a name of its own that can name a file",
                found=f"the same name as {other}" if other != shown else relation.name,
                next_step="give one of them another name in the dbt project",
            )


def _write(
    made: Path,
    relation: Relation,
    snapshot: source.Snapshot,
    known: Lineage | None,
) -> Dataset:
    path = made / f"{relation.name}.parquet"
    try:
        with contextlib.closing(snapshot.batches(relation)) as rows:
            written = parquet.write(path, relation.arrow_schema, rows)
    except pa.ArrowInvalid as error:
        raise Failed(
            f"cannot write {relation.name} as Parquet",
            where=relation.identifier,
            expected="values of the types that its columns declare",
            found=" ".join(str(error).split()),
            next_step="correct the model, `dbt build`, then the same command again",
        ) from error
    parquet.check(path, written)
    node = known.node(relation.schema, relation.name) if known else None
    subjects = known.subjects(node) if known and node else frozenset()
    return Dataset(
        relation,
        node.key if node else (),
        tuple(sorted(publication for _, publication in subjects if publication)),
        tuple(sorted({pipeline for pipeline, _ in subjects})),
        written.rows,
        path.stat().st_size,
        parquet.sha256(path),
        written.first_period,
        written.last_period,
    )


def _write_catalogue(
    made: Path,
    datasets: Sequence[Dataset],
    exported_at: dt.datetime,
    publication: str | None,
) -> None:
    for dataset in datasets:
        page = describe.page(dataset, exported_at)
        (made / dataset.page).write_text(page, encoding="utf-8")
    package = describe.data_package(datasets, exported_at, publication)
    text = json.dumps(package, ensure_ascii=False, indent=2)
    (made / folder.PACKAGE).write_text(f"{text}\n", encoding="utf-8")
    table = describe.catalogue(datasets, exported_at)
    pq.write_table(table, made / folder.CATALOGUE, compression="zstd")
