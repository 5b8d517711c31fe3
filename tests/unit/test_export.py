"""Exports: types, the check that reads back, periods, subjects, words, the folder."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from loaders.errors import Failed, UsageError
from loaders.export import describe, folder, parquet
from loaders.export.lineage import Lineage
from loaders.export.periods import Periods
from loaders.export.relations import Column, Relation

DAY = dt.date(2025, 8, 1)
ROWS: list[dict[str, Any]] = [
    {"code": "RJ1", "people": Decimal("12.5"), "share": 0.25, "open": True, "on": DAY},
    {"code": None, "people": None, "share": None, "open": None, "on": None},
    {"code": "", "people": Decimal("0.0"), "share": 0.0, "open": False, "on": DAY},
]
SCHEMA = pa.schema(
    [
        ("code", pa.string()),
        ("people", pa.decimal128(18, 1)),
        ("share", pa.float64()),
        ("open", pa.bool_()),
        ("on", pa.date32()),
    ]
)
RELATION = Relation(
    "gold",
    "trust_scorecard",
    "table",
    "How a trust does.\nOne row per trust | month.",
    (
        Column("code", "text", "Code of the trust."),
        Column("people", "numeric(18,1)", ""),
        Column("on", "date", "Day."),
    ),
)
DATASET = describe.Dataset(
    RELATION, ("code",), ("adhd",), ("publications",), 3, 1234, "ab" * 32, DAY, DAY
)
NOW = dt.datetime(2026, 1, 2, 3, 4, 5, tzinfo=dt.UTC)


def written(path: Path, rows: list[dict[str, Any]]) -> parquet.Written:
    return parquet.write(path, SCHEMA, pa.Table.from_pylist(rows, SCHEMA).to_batches())


@pytest.mark.parametrize(
    ("declared", "kind", "word"),
    [
        ("numeric(18,1)", pa.decimal128(18, 1), "number"),
        ("numeric(50,2)", pa.float64(), "number"),
        ("numeric", pa.float64(), "number"),
        ("integer", pa.int32(), "integer"),
        ("bigint", pa.int64(), "integer"),
        ("double precision", pa.float64(), "number"),
        ("boolean", pa.bool_(), "boolean"),
        ("date", pa.date32(), "date"),
        ("timestamp with time zone", pa.timestamp("us", "UTC"), "datetime"),
        ("timestamp(3) without time zone", pa.timestamp("us"), "datetime"),
        ("character varying(9)", pa.string(), "string"),
        ("text[]", pa.string(), "string"),
        ("jsonb", pa.string(), "string"),
    ],
)
def test_a_column_keeps_the_type_it_declares(
    declared: str, kind: pa.DataType, word: str
) -> None:
    column = Column("x", declared, "")
    assert column.type == kind
    assert describe.field_type(column.type) == word


def test_a_name_with_quotes_stays_one_name() -> None:
    assert Column('a"b', "integer", "").expression == '"a""b"'


def test_what_was_written_passes_its_check(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    parquet.check(path, written(path, ROWS))
    assert pq.read_table(path).to_pylist() == ROWS


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        (ROWS[:2], "2 rows"),
        ([*ROWS, ROWS[0]], "4 rows"),
        ([{**ROWS[0], "code": "RJ2"}, *ROWS[1:]], "other values in row group 1"),
        ([{**ROWS[0], "share": 0.2500001}, *ROWS[1:]], "other values"),
        ([{**ROWS[0], "on": None}, *ROWS[1:]], "other values"),
        ([ROWS[0], {**ROWS[1], "code": ""}, ROWS[2]], "other values"),
        ([ROWS[1], ROWS[0], ROWS[2]], "other values"),
        ([{**ROWS[0], "open": False}, *ROWS[1:]], "other values"),
    ],
)
def test_a_row_or_a_value_that_changed_fails_the_check(
    tmp_path: Path, changed: list[dict[str, Any]], found: str
) -> None:
    path = tmp_path / "a.parquet"
    before = written(path, ROWS)
    written(path, changed)
    with pytest.raises(Failed) as raised:
        parquet.check(path, before)
    assert found in raised.value.found
    assert raised.value.where == str(path)


def test_a_missing_column_or_half_a_file_fails_the_check(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    before = written(path, ROWS)
    pq.write_table(pq.read_table(path).drop_columns("open"), path)
    with pytest.raises(Failed, match="cannot trust the file of a"):
        parquet.check(path, before)
    written(path, ROWS)
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(Failed, match="cannot trust the file of a"):
        parquet.check(path, before)


def test_the_digest_sees_values_and_not_how_they_lie_in_memory() -> None:
    whole = pa.Table.from_pylist(ROWS * 20, SCHEMA)
    part = whole.slice(7, 30)
    copied = pa.Table.from_pylist(part.to_pylist(), SCHEMA)
    pieces = pa.concat_tables([part.slice(0, 11), part.slice(11)])
    assert parquet.digest(part) == parquet.digest(copied) == parquet.digest(pieces)
    assert parquet.digest(part) != parquet.digest(whole.slice(8, 30))


def test_many_batches_become_row_groups_of_bounded_size(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet, "GROUP_ROWS", 10)
    path = tmp_path / "a.parquet"
    batches = pa.Table.from_pylist(ROWS * 11, SCHEMA).to_batches(max_chunksize=4)
    made = parquet.write(path, SCHEMA, batches)
    parquet.check(path, made)
    groups = pq.ParquetFile(path).metadata
    assert made.rows == groups.num_rows == 33
    assert [groups.row_group(i).num_rows for i in range(3)] == [12, 12, 9]


def test_a_dataset_without_rows_is_a_file_with_columns(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    parquet.check(path, written(path, []))
    assert pq.read_schema(path).names == SCHEMA.names


@pytest.mark.parametrize(
    ("columns", "first", "last"),
    [
        (
            {"period_start": [dt.date(2025, 8, 1)], "period_end": [DAY]},
            *(dt.date(2025, 8, 1), DAY),
        ),
        (
            {"period_start": [DAY], "period": ["2025-08"]},
            *(DAY, dt.date(2025, 8, 31)),
        ),
        (
            {"period": ["2025-09", "2024-12", None]},
            *(dt.date(2024, 12, 1), dt.date(2025, 9, 30)),
        ),
        ({"published_on": [DAY], "month": [DAY]}, DAY, DAY),
        ({"published_on": [DAY]}, None, None),
        ({"period": ["all of it"]}, None, None),
    ],
)
def test_periods_come_from_the_rows(
    columns: dict[str, list[Any]], first: dt.date | None, last: dt.date | None
) -> None:
    table = pa.table(columns)
    periods = Periods(table.schema)
    periods.add(table)
    periods.add(table.slice(0, 0))
    assert (periods.first, periods.last) == (first, last)


# ---------------------------------------------------------------- what rests on what


def model(name: str, *parents: str, path: str = "outcomes") -> tuple[str, Any]:
    return f"model.h.{name}", {
        "resource_type": "model",
        "schema": "silver",
        "name": name,
        "original_file_path": f"models/silver/{path}/{name}.sql",
        "depends_on": {"nodes": list(parents)},
    }


def grain(of: str, columns: list[str], where: str | None = None) -> Any:
    return {
        "resource_type": "test",
        "test_metadata": {"name": "unique_grain", "kwargs": {"columns": columns}},
        "attached_node": of,
        "config": {"where": where},
    }


@pytest.fixture
def lineage() -> Lineage:
    sources = {
        f"source.h.{table}": {"schema": schema, "identifier": table}
        for schema, table in (
            ("raw_publications", "adhd__table_2a"),
            ("raw_publications", "mhsds__main"),
            ("raw_publications", "files"),
            ("raw_cancer", "fds_waits"),
        )
    }
    adhd, mhsds, files = list(sources)[:3]
    nodes = dict(
        [
            model("silver_adhd__table_2a", adhd, files),
            model("silver_mhsds__main", mhsds),
            model("silver_organisations__mentions", adhd, mhsds),
            model("dim_organisations", "model.h.silver_organisations__mentions"),
            model(
                "referrals",
                "model.h.silver_adhd__table_2a",
                "model.h.dim_organisations",
            ),
            model(
                "both", "model.h.silver_adhd__table_2a", "model.h.silver_mhsds__main"
            ),
            model("adhd_waits", "model.h.both"),
            model("notes", files, path="adhd"),
            model("publication_catalogue", files),
        ]
    )
    nodes["test.1"] = grain("model.h.both", ["period", "org_code"])
    nodes["test.2"] = grain("model.h.referrals", ["period"], where="is_current")
    return Lineage({"nodes": nodes, "sources": sources})


def test_a_publication_has_what_rests_on_its_tables_alone(lineage: Lineage) -> None:
    names = [
        *("silver_adhd__table_2a", "silver_mhsds__main", "both", "adhd_waits", "notes"),
        *("silver_organisations__mentions", "dim_organisations", "referrals"),
        "publication_catalogue",
    ]
    nodes = [node for name in names if (node := lineage.node("silver", name))]
    assert [n.name for n in nodes if lineage.belongs(n, "adhd")] == [
        *("silver_adhd__table_2a", "adhd_waits", "notes", "referrals"),
    ]
    assert [n.name for n in nodes if lineage.belongs(n, "mhsds")] == [
        "silver_mhsds__main"
    ]
    assert lineage.publications == {"adhd", "mhsds"}
    assert lineage.node("silver", "of_somebody_else") is None


def test_a_key_is_one_that_a_test_of_all_rows_holds(lineage: Lineage) -> None:
    both, referrals = (lineage.node("silver", n) for n in ("both", "referrals"))
    assert both and both.key == ("period", "org_code")
    assert referrals and referrals.key == ()


# ------------------------------------------------------------------------- the words


def test_a_page_says_what_the_dataset_is() -> None:
    text = describe.page(DATASET, NOW)
    for said in (
        "# Trust scorecard\n",
        "| Rows | 3 |",
        "| Grain | One row per trust \\| month. |",
        "| `people` | decimal(18, 1) |  |",
        "| `code` | string | Code of the trust. |",
        "(OGL-UK-3.0)",
        "NHS statistics (adhd), dataset `trust_scorecard`, exported 2026-01-02",
        "Generated 2026-01-02 03:04:05 UTC",
    ):
        assert said in text


def test_a_data_package_names_key_licence_and_bytes() -> None:
    package = describe.data_package([DATASET], NOW, "adhd")
    (resource,) = package["resources"]
    assert package["name"] == "hindcast-adhd"
    assert package["licenses"][0]["name"] == "OGL-UK-3.0"
    assert resource["schema"]["primaryKey"] == ["code"]
    assert resource["schema"]["fields"][1] == {"name": "people", "type": "number"}
    assert resource["bytes"] == 1234
    json.dumps(package)


# ------------------------------------------------------------------------ the folder


def export_into(to: Path, *names: str) -> None:
    with folder.replacing(to) as made:
        for name in names:
            (made / f"{name}.parquet").write_bytes(b"")
            (made / f"{name}.md").write_text("")
        resources = [{"name": n, "path": f"{n}.parquet"} for n in names]
        (made / folder.PACKAGE).write_text(json.dumps({"resources": resources}))
        (made / folder.CATALOGUE).write_bytes(b"")


def names_in(to: Path) -> list[str]:
    return sorted(path.name for path in to.iterdir())


def test_a_second_export_leaves_nothing_of_the_first(tmp_path: Path) -> None:
    to = tmp_path / "deep" / "export"
    export_into(to, "a", "b")
    export_into(to, "b")
    assert names_in(to) == ["b.md", "b.parquet", "catalogue.parquet", folder.PACKAGE]
    assert names_in(to.parent) == ["export"]


def test_an_export_that_fails_leaves_the_one_before(tmp_path: Path) -> None:
    to = tmp_path / "export"
    export_into(to, "a")
    before = names_in(to)
    with pytest.raises(ValueError, match="no"), folder.replacing(to) as made:
        (made / "half.parquet").write_bytes(b"")
        raise ValueError("no")
    assert names_in(to) == before
    assert names_in(tmp_path) == ["export"]


def test_what_no_export_wrote_is_not_replaced(tmp_path: Path) -> None:
    to = tmp_path / "export"
    export_into(to, "a")
    (to / "my notes.txt").write_text("mine")
    with pytest.raises(UsageError) as raised:
        export_into(to, "b")
    assert "my notes.txt" in raised.value.found
    assert (to / "a.parquet").exists()
    with pytest.raises(UsageError):
        export_into(to / "a.md", "b")


def test_an_empty_folder_is_taken(tmp_path: Path) -> None:
    export_into(tmp_path, "a")
    assert "a.parquet" in names_in(tmp_path)


def test_a_replacement_killed_in_the_middle_is_undone(tmp_path: Path) -> None:
    to = tmp_path / "export"
    export_into(to, "a")
    to.rename(tmp_path / ".export.previous")
    dead = tmp_path / ".export.partial-dead"
    dead.mkdir()
    with pytest.raises(ValueError, match="no"), folder.replacing(to):
        assert not dead.exists()
        raise ValueError("no")
    assert "a.parquet" in names_in(to)
    assert names_in(tmp_path) == ["export"]


def test_another_export_at_work_is_not_cleared(tmp_path: Path) -> None:
    with folder.replacing(tmp_path / "export") as other:
        export_into(tmp_path / "export", "a")
        assert other.exists()
