"""The metric layer against published figures: values, coverage, cohorts and direction.

Source of every figure: Cancer Waiting Times, provider workbooks FINAL, August 2025; RTT
waiting times, full CSV extract of January 2026; NHS Oversight Framework, acute trust
data, Q1 2025/26 (Open Government Licence v3.0).
"""

from __future__ import annotations

import pytest

from tests.conftest import Warehouse

#: Sheets 3 and 8, RJ1, August 2025: within and total by route, small types too.
ROUTES = {
    ("28d", "BREAST SYMPTOMATIC, CANCER NOT SUSPECTED"): (36, 43),
    ("28d", "NATIONAL SCREENING PROGRAMME"): (4, 18),
    ("28d", "URGENT SUSPECTED CANCER"): (2138, 2558),
    ("62d", "CONSULTANT UPGRADE"): (86, 134),
    ("62d", "SCREENING"): (7.5, 11.5),
    ("62d", "URGENT SUSPECTED CANCER"): (77.5, 135),
}
#: C_999 without NONC, January 2026, by metric, part and organisation.
RTT = {
    ("rtt_pct_within_18", "Part_2", "ENG"): (4395958, 7155958),
    ("rtt_pct_over_52", "Part_2", "ENG"): (133860, 7155958),
    ("rtt_pct_over_65", "Part_2", "ENG"): (7417, 7155958),
    ("rtt_compliance_18w", "Part_1A", "ENG"): (179091, 301589),
    ("rtt_compliance_18w", "Part_1B", "ENG"): (810100, 1246348),
    ("rtt_unknown_clock_start_rate", "Part_1A", "ENG"): (82, 301671),
    ("rtt_unknown_clock_start_rate", "Part_1B", "ENG"): (595, 1246943),
    ("rtt_pct_within_18", "Part_2", "RJ1"): (71519, 107591),
    ("rtt_pct_over_52", "Part_2", "RJ1"): (1188, 107591),
    ("rtt_pct_over_65", "Part_2", "RJ1"): (16, 107591),
}


def test_routes_of_a_trust_are_summed_over_all_types(real_gold: Warehouse) -> None:
    found = real_gold.rows(
        "select substr(metric_id, 8, 3), referral_route, numerator::float,"
        " denominator::float, value from gold.metric_values_base"
        " where org_code = 'RJ1' and period = '2025-08' and cancer_type is null"
        " and referral_route not in ('ALL ROUTES', 'GAP')"
    )
    assert {(days, route): counts for days, route, *counts, _ in found} == {
        key: list(counts) for key, counts in ROUTES.items()
    }
    for *_, within, total, share in found:
        assert share == pytest.approx(within / total, abs=1e-9)


@pytest.mark.parametrize("key", RTT, ids=" ".join)
def test_rtt_metrics_are_those_that_are_published(
    real_gold: Warehouse, key: tuple[str, str, str]
) -> None:
    ((within, total, share),) = real_gold.rows(
        "select numerator::float, denominator::float, value"
        " from gold.metric_values_base where metric_id = %s and rtt_part_type = %s"
        " and org_code = %s and period = '2026-01'"
        " and treatment_function_code = 'C_999'",
        *key,
    )
    assert (within, total) == RTT[key]
    assert share == pytest.approx(within / total, abs=1e-12)


def test_every_value_is_in_the_long_table_once(real_gold: Warehouse) -> None:
    values = real_gold.rows(
        "select domain, count(*) from gold.metric_values_base"
        " where value is not null group by domain order by domain"
    )
    assert len(values) == 3
    assert values == real_gold.rows(
        "select domain, count(*) from gold.insight_metrics_long"
        " group by domain order by domain"
    )


def test_independent_providers_are_ranked_with_the_trusts(
    real_gold: Warehouse,
) -> None:
    ranked = dict(
        real_gold.rows(
            "select organisation_kind, count(*) from gold.insight_metrics_long as facts"
            " inner join gold.dim_organisations as organisations"
            " on facts.org_code = organisations.org_code"
            " where metric_id = 'rtt_pct_within_18' and rtt_part_type = 'Part_2'"
            " and treatment_function_code = 'C_999' and entity_level = 'provider'"
            " and rank_overall is not null group by organisation_kind"
        )
    )
    assert sum(ranked.values()) == 476
    assert ranked["independent_provider"] > ranked["nhs_trust"] > 100


def test_percentiles_rise_as_published_ranks_fall(real_gold: Warehouse) -> None:
    # Rank 1 is the publisher's best, percentile 1 is ours; many trusts share a rank.
    found = real_gold.rows(
        "select facts.metric_id, corr(percentile_overall, published_rank)"
        " from gold.insight_metrics_long as facts"
        " inner join gold.oversight_metrics as published"
        " on facts.org_code = published.org_code"
        " and facts.metric_id = published.metric_id"
        " where published_rank is not null group by facts.metric_id"
        " having count(*) >= 5 and min(facts.value) != max(facts.value)"
    )
    assert len(found) == 48
    assert [row for row in found if not row[1] < -0.75] == []


def test_the_scorecard_compares_every_trust_on_the_cancer_standards(
    real_gold: Warehouse,
) -> None:
    found = real_gold.rows(
        "select metric_id, count(*), count(rank_overall), count(cohort_median_overall),"
        " count(regional_rank) = count(region_name) from gold.trust_scorecard"
        " where metric_id like 'cancer%pct_within_target' and valid_sample"
        " group by metric_id order by metric_id"
    )
    assert found == [
        (f"cancer_{days}_pct_within_target", size, size, size, True)
        for days, size in (("28d", 134), ("31d", 130), ("62d", 127))
    ]


def test_every_active_metric_has_values(real_gold: Warehouse) -> None:
    # Scores and segments stand in the league table, which is not among these files.
    missing = real_gold.rows(
        "select metric_id from gold.metric_catalogue where is_active and not exists ("
        "select from gold.metric_values_base as facts"
        " where facts.metric_id = metric_catalogue.metric_id) order by metric_id"
    )
    assert missing == [("oversight_average_score",), ("oversight_segment",)]
    unknown = real_gold.one(
        "select count(*) from gold.metric_values_base"
        " where unit is null or higher_is_better is null"
    )
    assert unknown == 0


def test_the_92_percent_standard_is_a_target(real_gold: Warehouse) -> None:
    found = real_gold.rows(
        "select target_value, target_met from gold.metric_values_base"
        " where metric_id = 'rtt_pct_within_18' and rtt_part_type = 'Part_2'"
        " and treatment_function_code = 'C_999' and org_code in ('RJ1', 'ENG')"
        " and period = '2026-01'"
    )
    assert found == [(0.92, False)] * 2
