"""``hindcast export``: what is in the files is what is in Postgres."""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import json
import re
import resource
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import psycopg2
import pyarrow.parquet as pq
import pytest

from loaders.errors import Failed
from loaders.export import command, source
from tests.conftest import BIN, ROOT, Warehouse
from tests.integration import support
from tests.integration.conftest import Quick
from tests.integration.support import assert_ended, assert_four_parts

Maker = Callable[..., Warehouse]
BUILD = (
    *("dbt", "build", "--quiet", "--exclude-resource-type", "test", "unit_test"),
    *("--select", "+cancer_target_metrics"),
)
#: A mart of every type, with values that are easily lost.
ODD = """
    create schema if not exists gold;
    create schema if not exists silver;
    create table gold.odd as
    select
        g as id,
        cast(g as bigint) * 10000000000 as large,
        cast(case when g = 2 then null else g + 0.5 end as numeric(18, 1)) as people,
        cast(g as numeric) / 3 as quotient,
        cast(g as double precision) / 3 as share,
        (array['', null, 'Ünï "quoted", ' || chr(10)])[g] as label,
        cast('x' as varchar(9)) as short,
        case when g != 2 then g = 1 end as is_first,
        date '2025-08-31' + g as period_start,
        timestamptz '2025-10-26 01:30:00+01' + g * interval '1 hour' as loaded_at,
        timestamp '2025-10-26 01:30:00.123456' as at,
        array['a', 'b'] as listed,
        jsonb_build_object('a', g) as document
    from generate_series(1, 3) as g;
    comment on table gold.odd is 'Odd things. One row per id.';
    comment on column gold.odd.id is 'Its number.';
"""
SLOW = (
    "create view silver.slow as"
    " select g, cast(pg_sleep(g / 2) as text) as slept from generate_series(1, 99) as g"
)


@dataclass(frozen=True)
class Scene:
    """A warehouse with marts, and its export."""

    warehouse: Warehouse
    folder: Path

    @property
    def package(self) -> dict[str, Any]:
        made: dict[str, Any] = json.loads(
            (self.folder / "datapackage.json").read_text()
        )
        return made

    @property
    def catalogue(self) -> list[dict[str, Any]]:
        made: list[dict[str, Any]] = pq.read_table(
            self.folder / "catalogue.parquet"
        ).to_pylist()
        return made


@pytest.fixture(scope="module")
def scene(
    quick: Quick, module_warehouses: Maker, tmp_path_factory: pytest.TempPathFactory
) -> Scene:
    made, folder = module_warehouses(), tmp_path_factory.mktemp("export")
    assert_ended(
        quick.load(made, "--from", support.workbook(folder / "AUGUST.xlsx")), 0
    )
    assert_ended(quick(made, *BUILD), 0)
    made.rows("create table gold.of_somebody_else as select 1 as one")
    done = quick(made, "hindcast", "export", "--to", folder / "out")
    assert_ended(done, 0, "left out: gold.of_somebody_else", "datasets")
    return Scene(made, folder / "out")


@pytest.fixture
def odd(make_warehouse: Maker, tmp_path: Path) -> Warehouse:
    """A warehouse whose marts dbt's manifest does not name: there is none."""
    made = make_warehouse()
    made.rows(ODD)
    made.environment["DBT_TARGET_PATH"] = str(tmp_path / "no target")
    return made


def plain(value: Any) -> Any:
    """A value without what differs between two drivers."""
    if isinstance(value, Decimal):
        return float(value)
    return value.astimezone(dt.UTC) if getattr(value, "tzinfo", None) else value


def plain_rows(rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    return sorted((tuple(map(plain, row)) for row in rows), key=repr)


def contents(folder: Path) -> dict[str, str]:
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.iterdir()
    }


# -------------------------------------------------------------- what is in the files


def test_every_relation_is_exported_and_no_other(scene: Scene) -> None:
    built = scene.warehouse.rows(
        "select table_schema, table_name from information_schema.tables"
        " where table_schema in ('gold', 'silver') and table_name != 'of_somebody_else'"
    )
    assert sorted((d["schema"], d["dataset"]) for d in scene.catalogue) == sorted(built)
    files = [n for d in scene.catalogue for n in (d["file"], d["description_file"])]
    assert sorted(contents(scene.folder)) == sorted(
        [*files, "catalogue.parquet", "datapackage.json"]
    )


def test_files_hold_the_rows_of_postgres(scene: Scene) -> None:
    compared = 0
    for d in scene.catalogue:
        path = scene.folder / d["file"]
        relation = f"{d['schema']}.{d['dataset']}"
        there = plain_rows(scene.warehouse.rows(f"select * from {relation}"))
        ((count,),) = duckdb.sql(f"select count(*) from '{path}'").fetchall()
        table = pq.read_table(path)
        here = plain_rows([tuple(row.values()) for row in table.to_pylist()])
        assert len(there) == count == d["row_count"], relation
        assert here[:50] == there[:50], relation
        assert d["column_count"] == len(table.schema)
        compared += count
    assert compared > 500


def test_types_are_those_of_postgres(
    odd: Warehouse, quick: Quick, tmp_path: Path
) -> None:
    done = quick(odd, "hindcast", "export", "--to", tmp_path / "out")
    assert_ended(done, 0, "exported 1 datasets, 3 rows", "dbt parse")
    path = tmp_path / "out" / "odd.parquet"
    described = duckdb.sql(f"describe select * from '{path}'").fetchall()
    assert {name: kind for name, kind, *_ in described} == {
        "id": "INTEGER",
        "large": "BIGINT",
        "people": "DECIMAL(18,1)",
        "quotient": "DOUBLE",
        "share": "DOUBLE",
        "label": "VARCHAR",
        "short": "VARCHAR",
        "is_first": "BOOLEAN",
        "period_start": "DATE",
        "loaded_at": "TIMESTAMP WITH TIME ZONE",
        "at": "TIMESTAMP",
        "listed": "VARCHAR",
        "document": "VARCHAR",
    }
    told = [c for c in pq.read_schema(path).names if c not in ("listed", "document")]
    there = odd.rows(f"select {', '.join(told)} from gold.odd order by id")
    here = pq.read_table(path, columns=told).to_pylist()
    assert plain_rows([tuple(row.values()) for row in here]) == plain_rows(there)
    assert here[0]["people"] == Decimal("1.5")
    assert [row["label"] for row in here] == ["", None, 'Ünï "quoted", \n']


def test_the_catalogue_says_what_the_rows_say(
    odd: Warehouse, quick: Quick, tmp_path: Path
) -> None:
    assert_ended(quick(odd, "hindcast", "export", "--to", tmp_path / "out"), 0)
    (row,) = Scene(odd, tmp_path / "out").catalogue
    path = tmp_path / "out" / "odd.parquet"
    assert row["size_bytes"] == path.stat().st_size
    assert row["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert (row["first_period"], row["last_period"]) == (
        dt.date(2025, 9, 1),
        dt.date(2025, 9, 3),
    )
    assert row["grain"] == "One row per id."
    assert abs(row["exported_at"] - odd.one("select now()")) < dt.timedelta(minutes=5)
    page = (tmp_path / "out" / row["description_file"]).read_text()
    assert "| `id` | int32 | Its number. |" in page


def test_pages_describe_every_column(scene: Scene) -> None:
    for resource_ in scene.package["resources"]:
        page = (scene.folder / f"{resource_['name']}.md").read_text()
        fields = resource_["schema"]["fields"]
        assert re.findall(r"^\| `([^`]+)` \|", page, re.M) == [
            f["name"] for f in fields
        ]
        assert all(f.get("description") for f in fields), resource_["name"]
        assert "Open Government Licence" in page


# ------------------------------------------------------------------ the data package


def problems(package: dict[str, Any], folder: Path) -> list[str]:
    """What the Data Package and Table Schema standards would object to."""
    found = []
    names = [r["name"] for r in package["resources"]]
    if len(set(names)) != len(names):
        found.append("a name twice")
    if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", package["created"]):
        found.append("created is no date-time")
    for made in (package, *package["resources"]):
        if not re.fullmatch(r"[a-z0-9._-]+", made["name"]):
            found.append(f"name {made['name']}")
        if any(not ({"name", "path"} & set(x)) for x in made["licenses"]):
            found.append(f"licence of {made['name']}")
    for r in package["resources"]:
        path = folder / r["path"]
        if Path(r["path"]).is_absolute() or ".." in Path(r["path"]).parts:
            found.append(f"path {r['path']}")
        if r["bytes"] != path.stat().st_size:
            found.append(f"bytes of {r['name']}")
        if r["hash"] != f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}":
            found.append(f"hash of {r['name']}")
        fields = [f["name"] for f in r["schema"]["fields"]]
        if fields != pq.read_schema(path).names:
            found.append(f"fields of {r['name']}")
        words = {"string", "number", "integer", "boolean", "date", "datetime"}
        if not {f["type"] for f in r["schema"]["fields"]} <= words:
            found.append(f"types of {r['name']}")
        if not set(r["schema"].get("primaryKey", fields)) <= set(fields):
            found.append(f"key of {r['name']}")
    return found


def test_the_data_package_is_valid(scene: Scene, tmp_path: Path) -> None:
    assert problems(scene.package, scene.folder) == []
    changed = scene.package
    changed["resources"][0]["bytes"] += 1
    changed["resources"][1]["schema"]["primaryKey"] = ["nothing"]
    assert len(problems(changed, scene.folder)) == 2


def test_keys_of_the_data_package_are_keys_of_the_files(scene: Scene) -> None:
    keyed = [r for r in scene.package["resources"] if "primaryKey" in r["schema"]]
    assert "cancer_target_metrics" in {r["name"] for r in keyed}
    for r in keyed:
        key = ", ".join(f'"{c}"' for c in r["schema"]["primaryKey"])
        twice = duckdb.sql(
            f"select 1 from '{scene.folder / r['path']}' group by {key}"
            " having count(*) > 1"
        ).fetchall()
        assert twice == [], r["name"]


# ------------------------------------------------------- whole or not at all; refusals


def test_an_export_that_is_killed_leaves_the_one_before(
    odd: Warehouse, quick: Quick, tmp_path: Path
) -> None:
    to = tmp_path / "out"
    assert_ended(quick(odd, "hindcast", "export", "--to", to), 0)
    before = contents(to)
    odd.rows(SLOW)
    running = subprocess.Popen(
        [str(BIN / "hindcast"), "export", "--to", str(to)],
        cwd=ROOT,
        env=odd.environment,
        stderr=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + 60
    while not list(tmp_path.glob(".out.partial-*/slow.parquet")):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    running.send_signal(signal.SIGKILL)
    running.wait(10)
    assert contents(to) == before
    assert list(tmp_path.glob(".out.partial-*"))
    # The server notices only when it has rows to send, and keeps the view until then.
    odd.rows(
        "select pg_terminate_backend(pid) from pg_stat_activity"
        " where datname = current_database() and pid != pg_backend_pid()"
    )
    odd.rows("drop view silver.slow")
    assert_ended(quick(odd, "hindcast", "export", "--to", to), 0)
    assert not list(tmp_path.glob(".out.*"))


def test_rows_that_postgres_cannot_give_leave_the_export_before(
    odd: Warehouse, quick: Quick, tmp_path: Path
) -> None:
    to = tmp_path / "out"
    assert_ended(quick(odd, "hindcast", "export", "--to", to), 0)
    before = contents(to)
    odd.rows(
        "create view silver.broken as"
        " select 1 / (g - 5) as x from generate_series(1, 9) as g"
    )
    done = quick(odd, "hindcast", "export", "--to", to)
    assert_ended(done, 1, "silver", "broken", "division by zero")
    assert_four_parts(done.stderr)
    assert contents(to) == before
    assert [p.name for p in tmp_path.glob(".out*")] == []


def test_a_full_disk_is_told(odd: Warehouse, quick: Quick, tmp_path: Path) -> None:
    to = tmp_path / "out"
    assert_ended(quick(odd, "hindcast", "export", "--to", to), 0)
    before = contents(to)
    odd.rows(
        "create table gold.large as"
        " select md5(cast(g as text)) as hash from generate_series(1, 200000) as g"
    )

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))

    done = odd.call("hindcast", "export", "--to", to, preexec_fn=limit)
    assert_ended(done, 1)
    assert_four_parts(done.stderr, "room for a second copy", "File too large", "--to")
    assert contents(to) == before


def test_a_table_that_a_build_replaces_is_waited_for_and_told(
    odd: Warehouse, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name, value in odd.environment.items():
        if name.startswith(("HINDCAST_", "DBT_")):
            monkeypatch.setenv(name, value)
    monkeypatch.setattr(source, "LOCK_SECONDS", 1)
    with contextlib.closing(psycopg2.connect(odd.url)) as building:
        with building.cursor() as cursor:
            cursor.execute("alter table gold.odd rename to odd__dbt_backup")
        with pytest.raises(Failed) as raised:
            command.export(tmp_path / "out", None)
    assert_four_parts(str(raised.value), "no build at work", "lock timeout")
    assert command.export(tmp_path / "out", None).datasets[0].rows == 3


def test_an_export_of_nothing_is_told(
    warehouse: Warehouse, quick: Quick, tmp_path: Path
) -> None:
    done = quick(warehouse, "hindcast", "export", "--to", tmp_path / "out")
    assert_ended(done, 1, "nothing is built yet", "dlt pipeline run, then dbt build")
    assert_four_parts(done.stderr)
    assert not (tmp_path / "out").exists()


def test_a_publication_that_is_not_known_is_told(
    scene: Scene, odd: Warehouse, quick: Quick, tmp_path: Path
) -> None:
    export = (
        "hindcast",
        "export",
        "--to",
        tmp_path / "out",
        "--publication",
        "nonsense",
    )
    done = quick(scene.warehouse, *export)
    assert_ended(done, 2, "no dataset belongs to it", "nonsense")
    assert_four_parts(done.stderr)
    done = quick(odd, *export)
    assert_ended(done, 1, "manifest of dbt", "dbt parse")


def test_a_folder_of_other_files_is_not_replaced(
    odd: Warehouse, quick: Quick, tmp_path: Path
) -> None:
    (tmp_path / "thesis.tex").write_text("mine")
    done = quick(odd, "hindcast", "export", "--to", tmp_path)
    assert_ended(done, 2, "thesis.tex")
    assert_four_parts(done.stderr)
    assert (tmp_path / "thesis.tex").read_text() == "mine"
