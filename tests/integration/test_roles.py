"""Who may do what: analysts read gold and nothing else, and write nothing."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.conftest import Warehouse
from tests.integration import support
from tests.integration.conftest import Quick
from tests.integration.support import assert_ended

Maker = Callable[..., Warehouse]
#: Seeds and the models below one mart.
BUILD = (
    *("dbt", "build", "--quiet", "--exclude-resource-type", "test", "unit_test"),
    *("--select", "+cancer_target_metrics"),
)


@pytest.fixture(scope="module")
def shared(
    quick: Quick, module_warehouses: Maker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Warehouse]:
    """A warehouse with marts and both roles."""
    import psycopg2

    made = module_warehouses()
    file = support.workbook(tmp_path_factory.mktemp("roles") / "AUGUST-2025.xlsx")
    assert_ended(quick.load(made, "--from", file), 0)
    assert_ended(quick(made, *BUILD), 0)
    for _ in range(2):
        assert_ended(quick(made, "dbt", "run-operation", "create_roles"), 0)
    yield made
    with contextlib.closing(psycopg2.connect(made.url)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("drop owned by hindcast_analyst, hindcast_loader cascade")


def as_role(warehouse: Warehouse, role: str, statement: str) -> list[tuple[Any, ...]]:
    """Runs a statement as a role, and undoes it."""
    import psycopg2

    with (
        contextlib.closing(psycopg2.connect(warehouse.url)) as connection,
        connection.cursor() as cursor,
    ):
        cursor.execute(f"set session authorization {role}")
        cursor.execute(statement)
        return cursor.fetchall() if cursor.description else []


def test_an_analyst_reads_every_mart(shared: Warehouse) -> None:
    marts = shared.rows(
        "select table_name from information_schema.tables where table_schema = 'gold'"
    )
    assert marts
    for (mart,) in marts:
        found = as_role(shared, "hindcast_analyst", f"select count(*) from gold.{mart}")
        assert found == shared.rows(f"select count(*) from gold.{mart}")


@pytest.mark.parametrize(
    "statement",
    [
        "select * from raw_cancer.files",
        "select * from raw_cancer.fds_waits",
        "select * from silver.silver_cancer__vintages",
        "create table public.mine (a integer)",
        "create table gold.mine (a integer)",
        "create temporary table mine (a integer)",
        "create schema mine",
        "insert into gold.cancer_target_metrics (period) values ('1999-01')",
        "update gold.cancer_target_metrics set period = '1999-01'",
        "delete from gold.cancer_target_metrics",
        "truncate gold.cancer_target_metrics",
        "drop table gold.cancer_target_metrics",
        "grant select on gold.cancer_target_metrics to public",
        "set role postgres",
    ],
)
def test_an_analyst_can_do_nothing_else(shared: Warehouse, statement: str) -> None:
    import psycopg2.errors

    before = shared.one("select count(*) from gold.cancer_target_metrics")
    if statement.startswith("grant"):
        # PostgreSQL only warns of a grant that grants nothing.
        as_role(shared, "hindcast_analyst", statement)
        grants = "select has_table_privilege('public', %s, 'select')"
        assert not shared.one(grants, "gold.cancer_target_metrics")
    else:
        with pytest.raises(
            (
                psycopg2.errors.InsufficientPrivilege,
                psycopg2.errors.InvalidParameterValue,
            )
        ):
            as_role(shared, "hindcast_analyst", statement)
    assert shared.one("select count(*) from gold.cancer_target_metrics") == before


def test_an_analyst_cannot_read_stored_failures(shared: Warehouse) -> None:
    import psycopg2.errors

    shared.rows("create table if not exists quality.found (a integer)")
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        as_role(shared, "hindcast_analyst", "select * from quality.found")


def test_an_analyst_still_reads_gold_after_a_rebuild(
    quick: Quick, shared: Warehouse
) -> None:
    before = shared.one("select 'gold.cancer_target_metrics'::regclass::oid")
    assert_ended(quick(shared, *BUILD), 0)
    assert shared.one("select 'gold.cancer_target_metrics'::regclass::oid") != before
    query = "select count(*) from gold.cancer_target_metrics"
    assert as_role(shared, "hindcast_analyst", query)[0][0] > 0


def test_a_loader_writes_raw_and_no_mart(shared: Warehouse) -> None:
    import psycopg2.errors

    for allowed in (
        "insert into raw_cancer.fds_waits_landed (_table_key) values (0)",
        "create table raw_cancer.staged (a integer)",
        "select nextval('raw_cancer.load_sequence')",
        "select count(*) from gold.cancer_target_metrics",
        "select count(*) from silver.silver_cancer__vintages",
    ):
        as_role(shared, "hindcast_loader", allowed)
    for denied in (
        "delete from gold.cancer_target_metrics",
        "create table gold.mine (a integer)",
    ):
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            as_role(shared, "hindcast_loader", denied)
