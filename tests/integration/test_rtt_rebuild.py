"""Building RTT again: nothing changes, a revised month replaces its own rows alone."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Warehouse
from tests.integration.conftest import Done, Quick
from tests.integration.support import assert_ended

BANDS = [f"Gt {k:02d} To {k + 1:02d} Weeks SUM 1" for k in range(104)]
HEADER = [
    *("Period", "Provider Parent Org Code", "Provider Parent Name"),
    *("Provider Org Code", "Provider Org Name", "Commissioner Parent Org Code"),
    *("Commissioner Parent Name", "Commissioner Org Code", "Commissioner Org Name"),
    *("RTT Part Type", "RTT Part Description", "Treatment Function Code"),
    *("Treatment Function Name", *BANDS, "Gt 104 Weeks SUM 1", "Total"),
    *("Patients with unknown clock start date", "Total All"),
]
PROVIDERS = (("RJ1", "GUY'S AND ST THOMAS'"), ("RYJ", "IMPERIAL COLLEGE"))
NO_UNIT_TESTS = ("--exclude-resource-type", "unit_test")
MONTHS = {"2026-01": "January-2026", "2025-12": "December-2025"}
GOLD = "select * from gold.rtt_metrics order by period, entity_level, org_code, 7, 9"
LISTS = """
    select period, waiting_list_count, source_file like '%%revised%%'
    from gold.rtt_metrics
    where entity_level = 'england' and not includes_nonc
        and treatment_function_code = 'C_999'
    order by period
"""
METRIC_LISTS = """
    select period, denominator::int from gold.insight_metrics_long
    where entity_level = 'england' and metric_id = 'rtt_pct_within_18'
        and treatment_function_code = 'C_999'
    order by period
"""


def _row(period: str, provider: tuple[str, str], function: str, waits: int) -> Any:
    bands = [waits, *[0] * 103, 0]
    return [
        *(f"RTT-{MONTHS[period]}", "QKK", "SOUTH EAST LONDON", *provider),
        *("QKK", "SOUTH EAST LONDON", "72Q", "SEL SUB ICB", "Part_2"),
        *("Incomplete Pathways", function, "Total" if "999" in function else "Urology"),
        *(*bands, "", "", waits),
    ]


def write_extract(folder: Path, period: str, waits: int, name: str = "") -> Path:
    """A full extract in the publisher's layout: two providers, one function."""
    year, month = period.split("-")
    file = folder / f"{year}{month}31-RTT-{MONTHS[period]}-full-extract{name}.csv"
    folder.mkdir(parents=True, exist_ok=True)
    with file.open("w", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow(HEADER)
        for provider in PROVIDERS:
            for function in ("C_101", "C_999"):
                writer.writerow(_row(period, provider, function, waits))
    return file


def _load(quick: Quick, warehouse: Warehouse, *files: Path) -> None:
    sources = [word for file in files for word in ("--from", file)]
    assert_ended(quick(warehouse, "dlt", "pipeline", "rtt", "run", *sources), 0)


def _build(quick: Quick, warehouse: Warehouse, *words: str, **options: Any) -> Done:
    return quick(
        *(warehouse, "dbt", "build", "--quiet", "--selector", "rtt"),
        *(*NO_UNIT_TESTS, *words),
        **options,
    )


def _stored(warehouse: Warehouse) -> Mapping[str, Any]:
    """Where the rows of each month lie: a month written anew lies elsewhere."""
    return dict(
        warehouse.rows(
            "select period, array_agg(distinct xmin::text) from gold.rtt_metrics"
            " group by period"
        )
    )


@pytest.fixture(scope="module")
def two_months(
    quick: Quick,
    module_warehouses: Callable[..., Warehouse],
    tmp_path_factory: pytest.TempPathFactory,
) -> Warehouse:
    """December and January, loaded and built."""
    folder = tmp_path_factory.mktemp("rtt")
    warehouse = module_warehouses()
    months = [write_extract(folder, period, 10) for period in MONTHS]
    _load(quick, warehouse, *months)
    # The first build is of everything: below the metric layer all domains meet.
    assert_ended(quick(warehouse, "dbt", "build", "--quiet", *NO_UNIT_TESTS), 0)
    return warehouse


def test_a_second_build_changes_no_row(quick: Quick, two_months: Warehouse) -> None:
    rows, stored = two_months.rows(GOLD), _stored(two_months)
    assert len(rows) == 2 * 2 * 2 * 5
    assert_ended(_build(quick, two_months), 0)
    assert two_months.rows(GOLD) == rows
    assert _stored(two_months) == stored


def test_one_month_of_values_is_read_by_the_index_of_its_mart(
    two_months: Warehouse,
) -> None:
    plan = "\n".join(
        line
        for (line,) in two_months.rows(
            "set enable_seqscan = off; explain select * from gold.metric_values_base"
            " where domain = 'rtt' and period = '2026-01'"
        )
    )
    assert "CTE rtt_metrics" not in plan, "every month would be read for one"
    assert "Index Cond: (period = '2026-01'::text)" in plan


def test_a_full_refresh_gives_the_same_rows(
    quick: Quick, two_months: Warehouse
) -> None:
    rows = two_months.rows(GOLD)
    assert_ended(_build(quick, two_months, "--full-refresh"), 0)
    assert two_months.rows(GOLD) == rows


def test_a_revised_month_replaces_its_rows_alone(
    quick: Quick,
    two_months: Warehouse,
    make_warehouse: Callable[..., Warehouse],
    tmp_path: Path,
) -> None:
    warehouse = make_warehouse(like=two_months)
    stored = _stored(warehouse)
    _load(quick, warehouse, write_extract(tmp_path, "2025-12", 12, "-revised"))
    assert_ended(_build(quick, warehouse), 0)
    assert warehouse.rows(LISTS) == [("2025-12", 24, True), ("2026-01", 20, False)]
    # The metric layer follows in the same build: nothing is refreshed by hand.
    assert warehouse.rows(METRIC_LISTS) == [("2025-12", 24), ("2026-01", 20)]
    found = _stored(warehouse)
    assert found["2026-01"] == stored["2026-01"]
    assert found["2025-12"] != stored["2025-12"]
    # The original comes again, later: the revised figures stay.
    _load(quick, warehouse, write_extract(tmp_path / "late", "2025-12", 11))
    assert_ended(_build(quick, warehouse), 0)
    assert warehouse.rows(LISTS)[0] == ("2025-12", 24, True)


def test_a_repeated_key_is_counted_in_both_rows_and_listed(
    quick: Quick,
    two_months: Warehouse,
    make_warehouse: Callable[..., Warehouse],
    tmp_path: Path,
) -> None:
    warehouse = make_warehouse(like=two_months)
    file = write_extract(tmp_path, "2026-01", 12, "-revised")
    header, *rows = file.read_text().splitlines()
    file.write_text(
        "\n".join([header, *rows, *(r.replace("RJ1", "rj1") for r in rows)])
    )
    _load(quick, warehouse, file)
    assert_ended(_build(quick, warehouse), 0)
    assert warehouse.rows(LISTS)[1] == ("2026-01", 48, True)
    listed = warehouse.rows(
        "select provider_org_code, treatment_function_code, row_count, total_count"
        " from quality.assert_rtt_extract_keys_are_unique order by 1, 2"
    )
    assert listed == [
        (provider, function, 2, 24)
        for provider in ("RJ1", "RYJ")
        for function in ("C_101", "C_999")
    ]


def test_a_killed_build_leaves_a_whole_month(
    quick: Quick,
    two_months: Warehouse,
    make_warehouse: Callable[..., Warehouse],
    tmp_path: Path,
) -> None:
    warehouse = make_warehouse(like=two_months)
    before = warehouse.rows(LISTS)
    _load(quick, warehouse, write_extract(tmp_path, "2026-01", 99, "-revised"))
    after = [before[0], ("2026-01", 198, True)]
    for seconds in (0.2, 0.6, 1.0, 1.4):
        killed = _build(quick, warehouse, phase="build", kill_after=seconds)
        assert killed.returncode == -9
        assert warehouse.rows(LISTS) in (before, after)
    assert_ended(_build(quick, warehouse), 0)
    assert warehouse.rows(LISTS) == after
