"""Our oversight marts against the publisher's own ranks, medians and quartiles.

Source of every figure: NHS Oversight Framework, acute trust data, Q1 2025/26, and the
lists of the NHS Organisation Data Service (Open Government Licence v3.0).
"""

from __future__ import annotations

import pytest

from tests.conftest import Warehouse

#: Values and quartiles are printed to two decimals: each may be off by half of one.
TWO_ROUNDINGS = 0.01 + 1e-9
#: As printed beside OF0010: cohort, lower quartile, median, upper quartile.
OF0010 = (118, 73.74, 76.88, 79.85)
#: Rows of the two metrics that are published in two units.
TWO_UNITS = {
    "OF0048": ("rate", 130),
    "OF0048_count": ("count", 4),
    "OF0088": ("rate", 129),
    "OF0088_count": ("count", 5),
}
#: How every spelling in the file is read: rows, first and last day.
PERIODS = {
    None: (268, "2025-04-01", "2025-06-30"),
    "2023": (130, "2023-01-01", "2023-12-31"),
    "2024": (538, "2024-01-01", "2024-12-31"),
    "2025/26": (268, "2025-04-01", "2026-03-31"),
    "Apr 24 - Mar 25": (118, "2024-04-01", "2025-03-31"),
    "Jul 24 - Jun 25": (804, "2024-07-01", "2025-06-30"),
    "Jun 24 - Jun 25 vs Jun 23 - Jun 24": (44, "2024-06-01", "2025-06-30"),
    "Jun-25": (1198, "2025-06-01", "2025-06-30"),
    "Latest published if awarded post August 2023": (15, "2023-09-01", "2025-06-30"),
    "Month 3 2025": (268, "2025-04-01", "2025-06-30"),
    "Q1 2025": (248, "2025-04-01", "2025-06-30"),
    "Q1 2025/26": (2828, "2025-04-01", "2025-06-30"),
    "Q4 2024-25": (268, "2025-01-01", "2025-03-31"),
    "To M12 2024/25 vs 2023/24": (268, "2024-04-01", "2025-03-31"),
    "Year to date 25/26": (2, "2025-04-01", "2025-06-30"),
}
REGIONS = {
    "East": "East of England",
    "London": "London",
    "Midlands": "Midlands",
    "North East": "North East and Yorkshire",
    "North West": "North West",
    "South East": "South East",
    "South West": "South West",
}
#: What became of them: a merger, one of two steps, a split, and one still to come.
SUCCESSORS = {
    "RT3": ("RJ1", "RJ1"),
    "RLG": ("RNN", "RNL"),
    "QNQ": (None, "QRL; S0E4D; S9B9J"),
    "RVJ": ("RVJ", None),
    "RYJ": ("RYJ", None),
}


def test_no_row_is_lost(real_gold: Warehouse) -> None:
    assert real_gold.rows(
        "select count(*), count(distinct source_row), count(distinct org_code),"
        " count(period_start), count(region_name), count(higher_is_better)"
        " from gold.oversight_metrics"
    ) == [(7265, 7265, 134, 7265, 7265, 7265)]


def test_rate_and_count_of_one_number_are_two_metrics(real_gold: Warehouse) -> None:
    found = real_gold.rows(
        "select metric_id, min(unit), count(*) from gold.oversight_metrics"
        " where published_metric_id in ('OF0048', 'OF0088')"
        " group by metric_id, unit"
    )
    assert {metric: (unit, rows) for metric, unit, rows in found} == TWO_UNITS


def test_every_spelling_of_a_reporting_date_has_its_days(real_gold: Warehouse) -> None:
    found = real_gold.rows(
        "select reporting_date, count(*)::int, period_start::text, period_end::text"
        " from gold.oversight_metrics"
        " group by reporting_date, period_start, period_end"
    )
    assert {spelling: tuple(rest) for spelling, *rest in found} == PERIODS


def test_regions_are_those_of_the_organisation_data_service(
    real_gold: Warehouse,
) -> None:
    found = real_gold.rows(
        "select distinct m.region_as_published, m.region_name, d.region_name"
        " from gold.oversight_metrics as m"
        " inner join gold.dim_organisations as d on m.org_code = d.org_code"
    )
    assert {published: ours for published, ours, _ in found} == REGIONS
    assert [row for row in found if row[1] != row[2]] == []


def test_of0010_has_the_quartiles_that_are_printed(real_gold: Warehouse) -> None:
    ((count, *quartiles),) = real_gold.rows(
        "select count(*)::int,"
        " percentile_cont(0.25) within group (order by value),"
        " percentile_cont(0.5) within group (order by value),"
        " percentile_cont(0.75) within group (order by value)"
        " from gold.oversight_metrics where metric_id = 'OF0010'"
    )
    assert count == OF0010[0]
    # Half a unit of the last digit: a median of 76.875 is printed as 76.88.
    assert quartiles == pytest.approx(OF0010[1:], abs=0.005 + 1e-9)


def test_every_printed_quartile_is_that_of_its_values(real_gold: Warehouse) -> None:
    # The cohort is every trust of the type with a value, both units together.
    found = real_gold.rows(
        "select published_metric_id,"
        " min(lower_quartile), max(lower_quartile),"
        " percentile_cont(0.25) within group (order by value),"
        " min(median_value), max(median_value),"
        " percentile_cont(0.5) within group (order by value),"
        " min(upper_quartile), max(upper_quartile),"
        " percentile_cont(0.75) within group (order by value)"
        " from gold.oversight_metrics where median_value is not null"
        " group by quarter, trust_type, published_metric_id"
    )
    assert len(found) == 24
    for metric, *figures in found:
        for low, high, ours in zip(*[iter(figures)] * 3, strict=True):
            assert low == high, metric
            assert ours == pytest.approx(low, abs=TWO_ROUNDINGS), metric


def test_our_direction_is_that_of_the_published_rank(real_gold: Warehouse) -> None:
    found = real_gold.rows(
        "select metric_id, bool_and(higher_is_better), corr(value, published_rank)"
        " from gold.oversight_metrics"
        " where published_rank is not null and value is not null"
        " group by metric_id having count(*) >= 5 and min(value) != max(value)"
    )
    assert len(found) == 48
    assert [row for row in found if row[1] != (row[2] < 0)] == []


@pytest.mark.parametrize("code", SUCCESSORS)
def test_a_code_leads_to_the_organisation_of_now(
    real_gold: Warehouse, code: str
) -> None:
    found = real_gold.rows(
        "select current_org_code, successor_codes from gold.dim_organisations"
        " where org_code = %s",
        code,
    )
    assert found == [SUCCESSORS[code]]


def test_every_listed_code_is_an_organisation(real_gold: Warehouse) -> None:
    listed, trusts, typed = real_gold.rows(
        "select count(*) filter (where is_in_ods_list)::int,"
        " count(*) filter (where is_nhs_trust)::int,"
        " count(trust_type)::int from gold.dim_organisations"
    )[0]
    assert (listed, trusts, typed) == (273, 556, 134)
