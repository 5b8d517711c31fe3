"""Percent ranks of six trusts for the three cancer standards, from the real workbooks.

Source of the shares: Cancer Waiting Times, provider workbooks FINAL, August 2025 (Open
Government Licence v3.0). The ranks were computed from those shares apart from our SQL,
among all providers of any type, independent ones too, with at least 20 counted.
"""

from __future__ import annotations

import pytest

from tests.conftest import Warehouse

AUGUST = "2025-08"
STANDARDS = ("28d", "31d", "62d")
#: Providers with at least 20 people or pathways, by standard.
COHORT_SIZES = (134, 130, 127)
#: Share and percent rank by standard.
TRUSTS = {
    "RJ1": ((0.831615, 0.8797), (0.906089, 0.3178), (0.609626, 0.1270)),
    "RYJ": ((0.825908, 0.8571), (0.972074, 0.6977), (0.695652, 0.4286)),
    "RA7": ((0.768747, 0.5639), (0.976778, 0.7597), (0.781938, 0.7381)),
    "RRK": ((0.752028, 0.4286), (0.905040, 0.3101), (0.641026, 0.1825)),
    "R0A": ((0.732574, 0.2932), (0.897887, 0.2558), (0.631121, 0.1587)),
    "RRV": ((0.849150, 0.9023), (0.962145, 0.5891), (0.791045, 0.7937)),
}
HEADLINE = (
    " cancer_type is null and referral_route = 'ALL ROUTES'"
    " and metric_id like 'cancer%%pct_within_target'"
)


@pytest.mark.parametrize("trust", TRUSTS)
def test_shares_and_percent_ranks_of_a_trust(real_gold: Warehouse, trust: str) -> None:
    found = real_gold.rows(
        "select round(value::numeric, 6)::float,"
        " round(percentile_overall::numeric, 4)::float"
        " from gold.insight_metrics_long where org_code = %s and period = %s and"
        + HEADLINE
        + " order by metric_id",
        trust,
        AUGUST,
    )
    assert tuple(found) == TRUSTS[trust]


def test_cohorts_are_all_providers_with_at_least_twenty(real_gold: Warehouse) -> None:
    found = real_gold.rows(
        "select metric_id, cohort_size, cohort from gold.cohort_benchmarks"
        " where period = %s and cohort_kind = 'overall'"
        " and disagg_key = 'ALL ROUTES | ~ | ~ | ~ | provider'"
        " and metric_id like 'cancer%%pct_within_target' order by metric_id",
        AUGUST,
    )
    assert found == [
        (
            f"cancer_{standard}_pct_within_target",
            size,
            "all providers with at least 20",
        )
        for standard, size in zip(STANDARDS, COHORT_SIZES, strict=True)
    ]


def test_trust_counts_stand_once(real_gold: Warehouse) -> None:
    found = real_gold.rows(
        "select numerator::float, denominator::float from gold.metric_values_base"
        " where org_code = 'RJ1' and period = %s and"
        + HEADLINE
        + " order by metric_id",
        AUGUST,
    )
    assert found == [(2178.0, 2619.0), (878.0, 969.0), (171.0, 280.5)]


def test_gaps_of_urgent_suspected_cancer(real_gold: Warehouse) -> None:
    found = real_gold.rows(
        "select metric_id, round(value::numeric, 6)::float from gold.metric_values_base"
        " where org_code = 'RJ1' and period = %s and referral_route = 'GAP'"
        " and cancer_type is null order by metric_id",
        AUGUST,
    )
    assert found == [
        ("cancer_28d_gap_usc_all", 0.004194),
        ("cancer_62d_gap_usc_all", -0.035552),
    ]


def test_small_providers_keep_their_value_without_a_rank(real_gold: Warehouse) -> None:
    small, ranked, valued = real_gold.rows(
        "select count(*), count(percentile_overall), count(value)"
        " from gold.insight_metrics_long where period = %s"
        " and metric_id = 'cancer_31d_pct_within_target' and denominator < 20"
        " and cancer_type is null",
        AUGUST,
    )[0]
    assert (small, ranked, valued) == (10, 0, 10)


def test_ranks_are_those_of_plain_windows(real_gold: Warehouse) -> None:
    different = real_gold.one(
        "with windowed as (select percentile_overall, rank_overall,"
        " percent_rank() over (partition by metric_id, period, disagg_key"
        " order by case when higher_is_better then value else -value end) as expected,"
        " rank() over (partition by metric_id, period, disagg_key"
        " order by case when higher_is_better then -value else value end) as place,"
        " count(*) over (partition by metric_id, period, disagg_key) as size"
        " from gold.insight_metrics_long where valid_sample)"
        " select count(*) from windowed where rank_overall is distinct from place"
        " or percentile_overall is distinct from case when size > 1 then expected end"
    )
    assert different == 0
