"""The words of an export: catalogue, data package and one page per dataset. Pure."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from loaders import __version__
from loaders.export.relations import Relation

LICENCE = {
    "name": "OGL-UK-3.0",
    "path": "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
    "title": "Open Government Licence v3.0",
}
PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
MEDIA_TYPE = "application/vnd.apache.parquet"
CREATOR = f"hindcast {__version__}"

CATALOGUE = pa.schema(
    [
        ("dataset", pa.string()),
        ("schema", pa.string()),
        ("publication", pa.string()),
        ("domain", pa.string()),
        ("title", pa.string()),
        ("description", pa.string()),
        ("grain", pa.string()),
        ("row_count", pa.int64()),
        ("column_count", pa.int32()),
        ("size_bytes", pa.int64()),
        ("first_period", pa.date32()),
        ("last_period", pa.date32()),
        ("file", pa.string()),
        ("description_file", pa.string()),
        ("sha256", pa.string()),
        ("exported_at", pa.timestamp("us", tz="UTC")),
    ]
)


@dataclass(frozen=True)
class Dataset:
    """A dataset as it was exported and checked.

    Attributes:
        relation: What it was read from.
        key: Columns that identify a row; empty when the model declares none.
        publications: Publications it rests on.
        domains: Pipelines it rests on.
        rows: Rows in its file.
        size: Bytes of its file.
        sha256: Hash of these.
        first_period: First day of the earliest period of its rows, if they have any.
        last_period: Last day of the latest.
    """

    relation: Relation
    key: tuple[str, ...]
    publications: tuple[str, ...]
    domains: tuple[str, ...]
    rows: int
    size: int
    sha256: str
    first_period: dt.date | None
    last_period: dt.date | None

    @property
    def name(self) -> str:
        """Its name, which is its relation's."""
        return self.relation.name

    @property
    def file(self) -> str:
        """Its file in the export."""
        return f"{self.name}.parquet"

    @property
    def page(self) -> str:
        """The page that describes it."""
        return f"{self.name}.md"

    @property
    def title(self) -> str:
        """Its name as words."""
        words = self.name.replace("__", ": ").replace("_", " ")
        return words[:1].upper() + words[1:]

    @property
    def grain(self) -> str:
        """What one row is: the last sentence of descriptions of this house."""
        found = re.findall(r"\bOne row per\b[^.]*\.", _line(self.relation.description))
        return found[-1] if found else ""


def catalogue(datasets: Iterable[Dataset], exported_at: dt.datetime) -> pa.Table:
    """One row per dataset."""
    rows = [
        {
            "dataset": d.name,
            "schema": d.relation.schema,
            "publication": ", ".join(d.publications) or None,
            "domain": ", ".join(d.domains) or None,
            "title": d.title,
            "description": d.relation.description or None,
            "grain": d.grain or None,
            "row_count": d.rows,
            "column_count": len(d.relation.columns),
            "size_bytes": d.size,
            "first_period": d.first_period,
            "last_period": d.last_period,
            "file": d.file,
            "description_file": d.page,
            "sha256": d.sha256,
            "exported_at": exported_at,
        }
        for d in datasets
    ]
    return pa.Table.from_pylist(rows, CATALOGUE)


def data_package(
    datasets: Sequence[Dataset], exported_at: dt.datetime, publication: str | None
) -> dict[str, Any]:
    """The descriptor that frictionless tools read."""
    name = f"hindcast-{publication.replace('_', '-')}" if publication else "hindcast"
    return {
        "$schema": PROFILE,
        "name": name,
        "title": f"hindcast: {publication}" if publication else "hindcast",
        "description": "Datasets that hindcast built from published files. Their list "
        "is also in catalogue.parquet.",
        "created": f"{exported_at:%Y-%m-%dT%H:%M:%SZ}",
        "contributors": [{"title": CREATOR, "roles": ["creator"]}],
        "licenses": [LICENCE],
        "resources": [_resource(dataset) for dataset in datasets],
    }


def _resource(dataset: Dataset) -> dict[str, Any]:
    relation = dataset.relation
    schema: dict[str, Any] = {
        "fields": [
            {
                "name": column.name,
                "type": field_type(column.type),
                **({"description": column.description} if column.description else {}),
            }
            for column in relation.columns
        ]
    }
    if dataset.key:
        schema["primaryKey"] = list(dataset.key)
    return {
        "name": dataset.name,
        "type": "table",
        "path": dataset.file,
        "title": dataset.title,
        **({"description": relation.description} if relation.description else {}),
        "format": "parquet",
        "mediatype": MEDIA_TYPE,
        "bytes": dataset.size,
        "hash": f"sha256:{dataset.sha256}",
        "licenses": [LICENCE],
        "schema": schema,
    }


def field_type(kind: pa.DataType) -> str:
    """The word of Table Schema for a type."""
    if pa.types.is_boolean(kind):
        return "boolean"
    if pa.types.is_integer(kind):
        return "integer"
    if pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return "number"
    if pa.types.is_date(kind):
        return "date"
    if pa.types.is_timestamp(kind):
        return "datetime"
    return "string"


def page(dataset: Dataset, exported_at: dt.datetime) -> str:
    """The page of a dataset, in Markdown."""
    relation = dataset.relation
    periods = (
        f"{dataset.first_period} to {dataset.last_period}"
        if dataset.first_period
        else "none in its rows"
    )
    facts = {
        "Dataset": f"`{relation.schema}.{dataset.name}`",
        "File": f"`{dataset.file}` ({dataset.size:,} bytes)",
        "Rows": f"{dataset.rows:,}",
        "Columns": f"{len(relation.columns)}",
        "Periods": periods,
        "Grain": dataset.grain or "not stated",
        "Key": ", ".join(f"`{c}`" for c in dataset.key) or "none declared",
        "Publications": ", ".join(dataset.publications),
        "Domains": ", ".join(dataset.domains),
    }
    lines = [
        f"# {dataset.title}",
        "",
        relation.description or "No description.",
        "",
        *_table(("", ""), [(n, v) for n, v in facts.items() if v]),
        "",
        "## Columns",
        "",
        *_table(
            ("column", "type", "description"),
            [(f"`{c.name}`", _type(c.type), c.description) for c in relation.columns],
        ),
        "",
        "## Licence",
        "",
        f"[{LICENCE['title']}]({LICENCE['path']}) ({LICENCE['name']}).",
        "",
        "## How to cite",
        "",
        "Contains public sector information licensed under the "
        f"{LICENCE['title']}. {_subject(dataset)}, dataset `{dataset.name}`, exported "
        f"{exported_at:%Y-%m-%d} with {CREATOR}.",
        "",
        f"Generated {exported_at:%Y-%m-%d %H:%M:%S} UTC by {CREATOR} from the rows in "
        "the file.",
        "",
    ]
    return "\n".join(lines)


def _subject(dataset: Dataset) -> str:
    named = ", ".join(dataset.publications or dataset.domains)
    return f"NHS statistics ({named})" if named else "NHS statistics"


def _type(kind: pa.DataType) -> str:
    """A type without how many bits it takes to say a day or a decimal."""
    return re.sub(r"^(date|decimal)\d+(\[day\])?", r"\1", str(kind))


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    return [
        f"| {' | '.join(_cell(cell) for cell in row)} |"
        for row in (header, ["---"] * len(header), *rows)
    ]


def _cell(text: str) -> str:
    return _line(text).replace("|", "\\|")


def _line(text: str) -> str:
    return " ".join(text.split())
