"""A warehouse of an older version is brought up to date, and keeps its rows."""

from __future__ import annotations

from dataclasses import replace

from loaders import dataset, registry
from loaders.cli import main
from loaders.warehouse import connect, resolve
from tests.conftest import Warehouse
from tests.integration.conftest import Quick
from tests.integration.support import assert_ended


def test_new_columns_reach_tables_and_views_and_rows_stay(
    quick: Quick, warehouse: Warehouse
) -> None:
    assert_ended(quick.load(warehouse), 0)
    before = warehouse.one("select count(*) from raw_cancer.fds_waits")
    # An older version knew neither this column of the ledger nor this landed one.
    for statement in (
        "drop view raw_cancer.fds_waits",
        "alter table raw_cancer.fds_waits_landed drop column suspected_cancer",
        "alter table raw_cancer.runs drop column run_number",
        "comment on schema raw_cancer is 'hindcast dataset of an older version'",
    ):
        warehouse.rows(statement)
    assert_ended(quick(warehouse, "hindcast", "up"), 0)
    assert warehouse.one("select count(*) from raw_cancer.fds_waits") == before
    assert (
        warehouse.one("select count(suspected_cancer) from raw_cancer.fds_waits") == 0
    )
    assert warehouse.one("select max(run_number) from raw_cancer.runs") == 1
    # Reading the files again fills what the older version had not landed.
    assert_ended(quick.load(warehouse, "--force"), 0)
    assert warehouse.one("select count(suspected_cancer) from raw_cancer.fds_waits") > 0
    assert_ended(quick(warehouse, "hindcast", "runs", "latest"), 0)


def test_views_that_dbt_built_on_each_other_give_way(
    quick: Quick, warehouse: Warehouse
) -> None:
    assert_ended(quick(warehouse, "hindcast", "up"), 0)
    older = "comment on schema raw_cancer is 'hindcast dataset of an older version'"
    for statement in (
        *("create schema silver", "create schema gold"),
        "create view silver.near as select * from raw_cancer.fds_waits",
        "create view silver.far as select * from silver.near",
        "create view gold.both as select f.* from silver.far as f, silver.near as n",
        older,
    ):
        warehouse.rows(statement)
    assert_ended(quick(warehouse, "hindcast", "up"), 0)
    assert warehouse.one("select to_regclass('silver.near')") is None
    assert warehouse.one("select to_regclass('gold.both')") is None

    # Somebody's own view stays, and is named.
    warehouse.rows("create view public.mine as select * from raw_cancer.fds_waits")
    warehouse.rows(older)
    assert_ended(quick(warehouse, "hindcast", "up"), 1, "no view of yours", "mine")
    assert warehouse.one("select to_regclass('public.mine')") is not None


def test_a_dataset_in_its_present_shape_is_left_alone(
    warehouse: Warehouse, monkeypatch
) -> None:
    monkeypatch.setenv("HINDCAST_DATABASE_URL", warehouse.url)
    assert main(["up"]) == 0
    connection = connect(resolve())
    pipeline = registry.get("cancer")
    assert dataset.is_ready(connection, pipeline)
    wider = replace(pipeline, tables={**pipeline.tables, "more": ("a",)})
    assert not dataset.is_ready(connection, wider)
    connection.close()
