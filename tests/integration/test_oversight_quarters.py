"""Quarters of the Oversight Framework beside each other, loaded and built."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from examples import oversight_files as made
from loaders import registry
from tests.conftest import Warehouse
from tests.integration import support
from tests.integration.conftest import Quick
from tests.integration.support import assert_ended, assert_four_parts

Maker = Callable[..., Warehouse]
Row = dict[str, str]
OVERSIGHT = registry.get("oversight")
TRUSTS = ("RJ1", "RRV", "RYJ")
METRICS = ("OF0003", "OF0010", "OF0048", "OF5000", "OF5002")
BUILD = ("dbt", "build", "--quiet", "--exclude-resource-type", "unit_test", "test")
#: All that rests on the oversight files alone, and what it rests on.
MARTS = (
    "--select",
    *(f"+{m}" for m in ("oversight_metrics", "oversight_league_table")),
)
LATER = "Q3 2025/26"


def metrics(quarter: str | None = None, **more: str) -> list[Row]:
    """Rows of three trusts; of a later quarter with the column ``Quarter``."""
    rows = [
        {**row, **more}
        for row in made.metrics()
        if row["Trust_code"] in TRUSTS and row["Metric_ID"] in METRICS
    ]
    return [_later(row, quarter) for row in rows] if quarter else rows


def league(quarter: str | None = None) -> list[Row]:
    """The league table of the same trusts."""
    rows = [dict(row) for row in made.league() if row["Trust_code"] in TRUSTS]
    return [_later(row, quarter) for row in rows] if quarter else rows


def _later(row: Row, quarter: str) -> Row:
    dates = {"Jun-25": "Dec-25", made.QUARTER: quarter, "": ""}
    date = dates.get(row["Reporting_date"], row["Reporting_date"])
    return {**row, "Reporting_date": date, "Quarter": quarter}


def write(folder: Path, rows: list[Row], kind: str = "acute", more: str = "") -> Path:
    """A file of metrics or of a league table, with the columns that its rows have."""
    is_league = "Segment" in rows[0]
    header = made.LEAGUE_HEADER if is_league else made.METRICS_HEADER
    if "Quarter" in rows[0]:
        header = (*header, "Quarter")
    table = "league-table" if is_league else "data"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"nhs-oversight-framework-{kind}-trust-{table}{more}.csv"
    path.write_bytes(made.csv_of(header, rows, None))
    return path


@dataclass(frozen=True)
class Quarters:
    """Two quarters of acute trusts, and one quarter of two other types.

    Nobody has reviewed a metric of the ambulance trusts, and the region of the mental
    health trusts.
    """

    warehouse: Warehouse
    folder: Path


def of_type(title: str, codes: tuple[str, ...], **more: str) -> list[Row]:
    """The metrics of the three trusts, as those of another type with other codes."""
    own = {"Trust_type": title, "Trust_subtype": title, **more}
    other = dict(zip(TRUSTS, codes, strict=True))
    return [{**row, **own, "Trust_code": other[row["Trust_code"]]} for row in metrics()]


@pytest.fixture(scope="module")
def quarters(
    quick: Quick, module_warehouses: Maker, tmp_path_factory: pytest.TempPathFactory
) -> Quarters:
    folder = tmp_path_factory.mktemp("quarters")
    for name, quarter in (("first", None), ("later", LATER)):
        write(folder / name, metrics(quarter))
        write(folder / name, league(quarter))
    ambulance = of_type("Ambulance trust", ("RRU", "RYA", "RYC"))
    unknown = [r for r in ambulance if r["Metric_ID"] == "OF0010"]
    ambulance += [{**row, "Metric_ID": "OF9999"} for row in unknown]
    write(folder / "ambulance", ambulance, "ambulance")
    mental = of_type(
        "Mental health trust", ("RV5", "RV9", "RVN"), Region="Middle Earth"
    )
    write(folder / "mental", mental, "mental-health")
    warehouse = module_warehouses()
    assert_ended(quick.load(warehouse, "--from", folder, pipeline="oversight"), 0)
    assert_ended(quick(warehouse, *BUILD, "--select", "+insight_metrics_latest"), 0)
    return Quarters(warehouse, folder)


def test_a_later_quarter_stands_beside_the_first(quarters: Quarters) -> None:
    found = quarters.warehouse.rows(
        "select quarter, count(*), count(distinct org_code), count(distinct metric_id)"
        " from gold.oversight_metrics where trust_type = 'Acute trust'"
        " group by 1 order by 1"
    )
    kinds = len({(r["Metric_ID"], r["Units"]) for r in metrics()})
    assert found == [
        (made.QUARTER, len(metrics()), 3, kinds),
        (LATER, len(metrics()), 3, kinds),
    ]
    assert quarters.warehouse.rows(
        "select quarter, count(*), min(period_start)::text, max(period_end)::text"
        " from gold.oversight_league_table group by 1 order by 1"
    ) == [
        (made.QUARTER, 3, "2025-04-01", "2025-06-30"),
        (LATER, 3, "2025-10-01", "2025-12-31"),
    ]


def test_the_latest_of_each_metric_is_of_the_later_quarter(quarters: Quarters) -> None:
    assert quarters.warehouse.rows(
        "select metric_id, period, count(*) from gold.insight_metrics_latest"
        " where trust_type = 'Acute trust' and metric_id in"
        " ('OF0003', 'oversight_average_score', 'oversight_segment')"
        " group by 1, 2 order by 1, 2"
    ) == [
        ("OF0003", "2025-12", 3),
        ("oversight_average_score", LATER, 3),
        ("oversight_segment", LATER, 3),
    ]


def test_every_type_of_trust_is_loaded_and_known(quarters: Quarters) -> None:
    assert quarters.warehouse.rows(
        "select basis, period_label, status, count(*) from raw_oversight.files"
        " group by 1, 2, 3 order by 1, 2"
    ) == [
        ("acute", made.QUARTER, "loaded", 2),
        ("acute", LATER, "loaded", 2),
        ("ambulance", made.QUARTER, "loaded", 1),
        ("mental_health", made.QUARTER, "loaded", 1),
    ]
    assert quarters.warehouse.rows(
        "select org_code, trust_type, organisation_kind from gold.dim_organisations"
        " where org_code in ('RJ1', 'RRU', 'RV5') order by 1"
    ) == [
        ("RJ1", "Acute trust", "nhs_trust"),
        ("RRU", "Ambulance trust", "nhs_trust"),
        ("RV5", "Mental health trust", "nhs_trust"),
    ]


def test_a_revised_quarter_replaces_the_first_of_its_own_trusts_alone(
    quick: Quick, quarters: Quarters, make_warehouse: Maker, tmp_path: Path
) -> None:
    copy = make_warehouse(like=quarters.warehouse)
    revised = write(tmp_path, metrics(Value="7"), more="-v2")
    assert_ended(quick.load(copy, "--from", revised, pipeline="oversight"), 0)
    marts = ("silver_oversight__vintages", "silver_oversight__metrics")
    assert_ended(quick(copy, *BUILD, "-s", *marts, "oversight_metrics"), 0)
    assert copy.rows(
        "select trust_type, quarter, count(*) filter (where value = 7) = count(*)"
        " from gold.oversight_metrics group by 1, 2 order by 1, 2"
    ) == [
        ("Acute trust", made.QUARTER, True),
        ("Acute trust", LATER, False),
        ("Ambulance trust", made.QUARTER, False),
        ("Mental health trust", made.QUARTER, False),
    ]
    assert support.orphans(copy, OVERSIGHT) == 0


def test_the_same_content_under_another_quarters_name_is_set_aside(
    quick: Quick, quarters: Quarters, make_warehouse: Maker, tmp_path: Path
) -> None:
    copy = make_warehouse(like=quarters.warehouse)
    before = support.raw(copy, OVERSIGHT)
    wrong = write(tmp_path, metrics(), more="-q2-2025-26")
    done = quick.load(copy, "--from", wrong, pipeline="oversight")
    assert_ended(done, 1)
    assert_four_parts(done.stdout, wrong.name, "Q2 2025/26", made.QUARTER)
    assert support.raw(copy, OVERSIGHT) == before


def test_a_region_nobody_reviewed_fails_with_the_name_of_the_seed(
    quick: Quick, quarters: Quarters
) -> None:
    test = "assert_oversight_regions_are_reviewed"
    assert_ended(quick(quarters.warehouse, "dbt", "test", "-s", test), 1, test)
    assert quarters.warehouse.rows(
        f"select what_to_do, quarter, region_as_published from quality.{test}"
    ) == [("add it to seeds/oversight_regions.csv", made.QUARTER, "Middle Earth")]


def test_a_metric_nobody_reviewed_warns_and_is_in_gold_without_percentile(
    quick: Quick, quarters: Quarters
) -> None:
    test = "assert_oversight_metrics_are_reviewed"
    told = quick(quarters.warehouse, "dbt", "test", "-s", test)
    assert_ended(told, 0, "WARN=1", test)
    assert quarters.warehouse.rows(
        f"select what_to_do, metric_id from quality.{test}"
    ) == [("add it to seeds/metric_catalogue.csv", "OF9999_percent")]
    assert quarters.warehouse.rows(
        "select metric_id, count(*), count(value), count(percentile_overall),"
        " count(rank_overall) from gold.insight_metrics_latest where metric_id in"
        " ('OF0010', 'OF9999_percent') and trust_type = 'Ambulance trust'"
        " group by 1 order by 1"
    ) == [("OF9999_percent", 3, 3, 0, 0)]
