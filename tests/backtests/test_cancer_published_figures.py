"""Our marts against figures of NHS England's published workbooks.

Source of every figure: Cancer Waiting Times, provider workbooks FINAL, October 2023 to
August 2025 (Open Government Licence v3.0), read off the sheet named in the test.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Warehouse

AUGUST = "2025-08"
#: Sheets 3, 5 and 8: within and total over all cancers and routes, by trust.
TRUSTS = {
    "RJ1": ((2178, 2619), (878, 969), (171, 280.5)),
    "RYJ": ((2206, 2671), (731, 752), (144, 207)),
    "RA7": ((1466, 1907), (673, 689), (177.5, 227)),
    "RRK": ((3060, 4069), (1239, 1369), (375, 585)),
    "R0A": ((3794, 5179), (510, 568), (290, 459.5)),
    "RRV": ((1548, 1823), (610, 634), (132.5, 167.5)),
}
#: Sheet 5, RJ1, ALL STAGES, by cancer type.
RJ1_BY_TYPE = {
    "Breast": (175, 188),
    "Gynaecological": (62, 69),
    "Haematological - Lymphoma": (53, 55),
    "Haematological - Other (a)": (18, 18),
    "Head & Neck": (50, 55),
    "Lower Gastrointestinal": (58, 61),
    "Lung": (202, 228),
    "Other (a)": (47, 51),
    "Skin": (40, 44),
    "Upper Gastrointestinal - Hepatobiliary": (16, 16),
    "Upper Gastrointestinal - Oesophagus & Stomach": (34, 36),
    "Urological - Other (a)": (30, 39),
    "Urological - Prostate": (93, 109),
}
#: Sheet 4, RJ1, ALL STAGES, of each month that is at hand.
RJ1_31_DAY = {
    "2023-10": (673, 839),
    "2023-11": (759, 959),
    "2023-12": (700, 810),
    "2024-01": (718, 946),
    "2024-02": (846, 956),
    "2024-03": (884, 1018),
    "2024-04": (835, 1053),
    "2024-05": (867, 1044),
    "2024-06": (790, 933),
    "2024-07": (904, 1080),
    "2025-01": (909, 1066),
    "2025-02": (906, 974),
    "2025-03": (930, 1018),
    "2025-04": (940, 1051),
    "2025-08": (878, 969),
}
#: Rows of providers in sheets 3, 5 and 8.
SILVER_ROWS = {
    "2023-10": (1955, 4233, 4734),
    "2025-04": (1988, 4224, 4915),
    "2025-08": (2001, 4223, 4961),
}
SILVER = {
    3: ("silver_cancer__fds_waits", "fds_by_route"),
    5: ("silver_cancer__treatment_31_day_waits", "treatment_31_day_by_cancer"),
    8: ("silver_cancer__treatment_62_day_waits", "treatment_62_day_by_cancer"),
}


def test_every_month_loads_and_nothing_is_set_aside(real_gold: Warehouse) -> None:
    loaded = real_gold.rows(
        "select status, count(*) from raw_cancer.files group by status order by status"
    )
    assert loaded == [("loaded", 72)]


@pytest.mark.parametrize("trust", TRUSTS)
def test_trust_totals_are_those_of_the_workbook(
    real_gold: Warehouse, trust: str
) -> None:
    found = real_gold.rows(
        "select numerator::float, denominator::float from gold.cancer_trust_aggregates"
        " where org_code = %s and period = %s order by metric",
        trust,
        AUGUST,
    )
    assert tuple(found) == TRUSTS[trust]


@pytest.mark.parametrize("month", RJ1_31_DAY)
def test_31_day_total_of_a_trust_by_month(real_gold: Warehouse, month: str) -> None:
    found = real_gold.rows(
        "select numerator::float, denominator::float from gold.cancer_trust_aggregates"
        " where org_code = 'RJ1' and metric = 5 and period = %s",
        month,
    )
    assert found == [RJ1_31_DAY[month]]


def test_31_day_by_type_has_thirteen_types_that_sum_to_the_trust(
    real_gold: Warehouse,
) -> None:
    found = real_gold.rows(
        "select cancer_type, within_target::float,"
        " (within_target + outside_target)::float from gold.cancer_target_metrics"
        " where org_code = 'RJ1' and metric = 5 and period = %s",
        AUGUST,
    )
    assert {name: (within, total) for name, within, total in found} == RJ1_BY_TYPE


def test_first_treatments_stand_in_the_stage_mart_alone(real_gold: Warehouse) -> None:
    stages = real_gold.rows(
        "select treatment_stage, within_target::float,"
        " (within_target + outside_target)::float from gold.cancer_stage_metrics"
        " where org_code = 'RJ1' and period = %s and is_rollup and basis = 'provider'"
        " order by treatment_stage",
        AUGUST,
    )
    assert [row[1:] for row in stages] == [(878, 969), (345, 393), (533, 576)]
    routes = real_gold.rows(
        "select distinct referral_route from gold.cancer_target_metrics"
        " where metric = 5"
    )
    assert routes == [("ALL ROUTES",)]


def test_england_is_what_the_publisher_prints(real_gold: Warehouse) -> None:
    found = real_gold.rows(
        "select metric, sum(numerator)::float, sum(denominator)::float"
        " from gold.cancer_trust_aggregates where period = %s"
        " group by metric order by 1",
        AUGUST,
    )
    assert found == [(3, 203750, 273040), (5, 49849, 54415), (8, 19090, 27533)]


@pytest.mark.parametrize("month", SILVER_ROWS)
def test_silver_has_every_row_of_every_provider(
    real_gold: Warehouse, month: str
) -> None:
    found = tuple(
        real_gold.one(
            f"select count(*) from silver.{model} where period = %s"
            " and source_table = %s and basis = 'provider' and not is_national",
            month,
            source_table,
        )
        for model, source_table in SILVER.values()
    )
    assert found == SILVER_ROWS[month]


def test_gold_has_one_row_per_published_row_of_the_right_kind(
    real_gold: Warehouse,
) -> None:
    found = real_gold.rows(
        "select metric, count(*) from gold.cancer_target_metrics"
        " where period = %s group by metric order by metric",
        AUGUST,
    )
    assert found == [(3, 2001), (5, 1529), (8, 4961)]


def test_a_provider_with_a_five_character_code_is_there(real_gold: Warehouse) -> None:
    total = real_gold.one(
        "select denominator::float from gold.cancer_trust_aggregates"
        " where org_code = 'S3H9L' and metric = 3 and period = %s",
        AUGUST,
    )
    assert total == 121


def test_gaps_are_urgent_minus_all_routes_and_never_of_31_days(
    real_gold: Warehouse,
) -> None:
    found = real_gold.rows(
        "select metric, round(gap::numeric, 6)::float from gold.cancer_equity_gaps"
        " where org_code = 'RJ1' and period = %s and cancer_type = 'ALL CANCERS'"
        " order by metric",
        AUGUST,
    )
    assert found == [(3, 0.004194), (8, -0.035552)]
    assert (
        real_gold.one("select count(*) from gold.cancer_equity_gaps where metric = 5")
        == 0
    )


def test_no_month_holds_the_figures_of_another(real_gold: Warehouse) -> None:
    breast = real_gold.rows(
        "select period, within_target::float, (within_target + outside_target)::float"
        " from gold.cancer_target_metrics where org_code = 'RJ1' and metric = 5"
        " and cancer_type = 'Breast' and period in ('2025-04', '2025-08')"
        " order by period"
    )
    assert breast == [("2025-04", 169, 179), ("2025-08", 175, 188)]


def test_standards_before_october_2023_never_reach_the_marts_of_today(
    real_gold: Warehouse,
) -> None:
    oldest = real_gold.one("select min(period) from gold.cancer_target_metrics")
    newest_legacy = real_gold.one("select max(period) from gold.cancer_legacy_metrics")
    assert (oldest, newest_legacy) == ("2023-10", "2016-12")


def test_no_check_of_the_publishers_sums_fails_in_any_month(
    real_gold: Warehouse,
) -> None:
    checked, failed = real_gold.rows(
        "select sum(compared_count)::int, sum(mismatch_count)::int"
        " from gold.cancer_reconciliation_report"
    )[0]
    assert failed == 0
    assert checked > 100_000


def test_sheets_saved_as_csv_give_the_gold_of_the_workbooks(
    real_gold: Warehouse,
    real_cancer: Path,
    module_warehouses: Callable[..., Warehouse],
) -> None:
    csvs = module_warehouses()
    loaded = csvs.load("--from", real_cancer / "by_sheet_csv")
    assert loaded.returncode == 0, loaded.stdout
    built = csvs.build("--quiet")
    assert built.returncode == 0, built.stdout
    for mart in (
        "cancer_target_metrics",
        "cancer_trust_aggregates",
        "cancer_equity_gaps",
    ):
        columns = ", ".join(
            name
            for (name,) in csvs.rows(
                "select column_name from information_schema.columns"
                " where table_schema = 'gold' and table_name = %s"
                " and column_name not in"
                " ('release_status', 'source_file', 'source_sheet')"
                " order by ordinal_position",
                mart,
            )
        )
        query = (
            f"select {columns} from gold.{mart}"
            f" where period in ('2025-04', '{AUGUST}') order by {columns}"
        )
        assert csvs.rows(query) == real_gold.rows(query), mart
        assert csvs.one(f"select count(distinct period) from gold.{mart}") == 2
