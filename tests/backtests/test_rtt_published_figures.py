"""Our marts against figures of NHS England's published RTT extract.

Source of every figure: RTT waiting times, full CSV extract of January 2026 (Open
Government Licence v3.0): C_999, without NONC unless the test says otherwise. England's
list and shares are those of the statistical press notice of that month.
"""

from __future__ import annotations

import pytest

from tests.conftest import Warehouse

PERIOD = "2026-01"
TOTAL = "treatment_function_code = 'C_999' and period = '2026-01'"
#: Part_2: list, within 18, over 52, over 65, over 78, median, 92nd percentile.
TRUSTS = {
    "RJ1": (107591, 71519, 1188, 16, 2, 11.9766, 36.6271),
    "RRK": (93085, 56992, 734, 8, 0, 13.6405, 38.2088),
    "R0A": (174556, 100473, 3058, 0, 0, 15.0036, 42.2459),
    "RYJ": (88338, 56910, 454, 2, 0, 12.9051, 36.6560),
    "RA7": (50188, 33756, 486, 1, 0, 11.9262, 36.9975),
    "RRV": (75679, 45723, 1109, 8, 1, 13.7433, 39.9908),
}
#: England by part: total, known clock, unknown clock, within 18.
COMPLETED = {
    "Part_1A": (301671, 301589, 82, 179091),
    "Part_1B": (1246943, 1246348, 595, 810100),
}
WITH_NONC = {
    "Part_1A": 302826,
    "Part_1B": 1251335,
    "Part_2": 7187677,
    "Part_3": 1773734,
}


@pytest.mark.parametrize("trust", TRUSTS)
def test_waiting_list_of_a_trust(real_gold: Warehouse, trust: str) -> None:
    ((*counts, share, median, p92),) = real_gold.rows(
        "select waiting_list_count, within_18_weeks_count, over_52_weeks_count,"
        " over_65_weeks_count, over_78_weeks_count, pct_within_18_weeks,"
        " median_wait_weeks, p92_wait_weeks from gold.rtt_metrics"
        f" where {TOTAL} and rtt_part_type = 'Part_2' and not includes_nonc"
        " and entity_level = 'provider' and org_code = %s",
        trust,
    )
    *expected, expected_median, expected_p92 = TRUSTS[trust]
    assert counts == expected
    assert share == pytest.approx(expected[1] / expected[0], abs=1e-12)
    assert median == pytest.approx(expected_median, abs=6e-5)
    assert p92 == pytest.approx(expected_p92, abs=6e-5)


def test_nonc_is_left_out_and_can_be_counted(real_gold: Warehouse) -> None:
    ((total, share, over_52, over_52_pct, median, p92),) = real_gold.rows(
        "select waiting_list_count, pct_within_18_weeks, over_52_weeks_count,"
        " pct_over_52_weeks, median_wait_weeks, p92_wait_weeks from gold.rtt_metrics"
        f" where {TOTAL} and rtt_part_type = 'Part_2' and includes_nonc"
        " and org_code = 'RJ1'"
    )
    assert (total, over_52) == (107777, 1193)
    assert share == pytest.approx(0.664706, abs=6e-7)
    assert over_52_pct == pytest.approx(0.011069, abs=6e-7)
    assert median == pytest.approx(11.9787, abs=6e-5)
    assert p92 == pytest.approx(36.6265, abs=6e-5)
    england = real_gold.rows(
        "select rtt_part_type,"
        " coalesce(waiting_list_count, completed_count, new_periods_count)"
        f" from gold.rtt_metrics where {TOTAL} and includes_nonc"
        " and entity_level = 'england' and rtt_part_type != 'Part_2A'"
    )
    assert dict(england) == WITH_NONC
    longest = real_gold.rows(
        "select over_52_weeks_count, over_65_weeks_count, over_78_weeks_count"
        f" from gold.rtt_metrics where {TOTAL} and includes_nonc"
        " and entity_level = 'england' and rtt_part_type = 'Part_2'"
    )
    assert longest == [(137320, 9522, 2947)]


def test_england_is_what_the_publisher_prints(real_gold: Warehouse) -> None:
    assert real_gold.rows(
        "select waiting_list_count, within_18_weeks_count, over_52_weeks_count,"
        " over_65_weeks_count, over_78_weeks_count, over_104_weeks_count,"
        " round(pct_within_18_weeks::numeric, 6)::float from gold.rtt_metrics"
        f" where {TOTAL} and rtt_part_type = 'Part_2' and not includes_nonc"
        " and entity_level = 'england'"
    ) == [(7155958, 4395958, 133860, 7417, 1614, 200, 0.614307)]
    others = real_gold.rows(
        "select rtt_part_type, coalesce(waiting_list_count, new_periods_count)"
        f" from gold.rtt_metrics where {TOTAL} and not includes_nonc"
        " and entity_level = 'england' and rtt_part_type in ('Part_2A', 'Part_3')"
    )
    assert dict(others) == {"Part_2A": 1182193, "Part_3": 1767584}


@pytest.mark.parametrize("part", COMPLETED)
def test_compliance_leaves_unknown_clocks_out(real_gold: Warehouse, part: str) -> None:
    ((*counts, share, unknown),) = real_gold.rows(
        "select completed_count, known_clock_count, unknown_clock_start_count,"
        " within_18_weeks_count, pct_within_18_weeks, unknown_clock_start_pct"
        f" from gold.rtt_metrics where {TOTAL} and not includes_nonc"
        " and entity_level = 'england' and rtt_part_type = %s",
        part,
    )
    assert tuple(counts) == COMPLETED[part]
    assert share == pytest.approx(counts[3] / counts[1], abs=1e-12)
    assert unknown == pytest.approx(counts[2] / counts[0], abs=1e-12)


def test_completed_pathways_of_a_trust(real_gold: Warehouse) -> None:
    found = real_gold.rows(
        "select rtt_part_type, within_18_weeks_count, completed_count,"
        " round(p95_wait_weeks::numeric, 2)::float from gold.rtt_metrics"
        f" where {TOTAL} and includes_nonc and org_code = 'RJ1'"
        " and rtt_part_type like 'Part_1%%' order by 1"
    )
    assert found == [
        ("Part_1A", 2975, 4928, 53.02),
        ("Part_1B", 12950, 20149, 47.62),
    ]


def test_the_decided_to_admit_are_never_added_to_the_list(
    real_gold: Warehouse,
) -> None:
    lists = real_gold.rows(
        "select waiting_list_count from gold.rtt_metrics"
        f" where {TOTAL} and org_code = 'RJ1' and waiting_list_count is not null"
    )
    assert {107591, 107777} < {value for (value,) in lists}
    assert {130543, 130804}.isdisjoint(value for (value,) in lists)


def test_nobody_over_18_weeks_is_all_within(real_gold: Warehouse) -> None:
    shares = real_gold.rows(
        "select distinct pct_within_18_weeks from gold.rtt_metrics"
        f" where {TOTAL} and entity_level = 'provider' and rtt_part_type = 'Part_2'"
        " and over_18_weeks_count = 0"
    )
    assert shares == [(1.0,)]
    perfect = real_gold.one(
        "select count(*) from gold.rtt_metrics"
        f" where {TOTAL} and entity_level = 'provider' and rtt_part_type = 'Part_2'"
        " and includes_nonc and pct_within_18_weeks = 1"
    )
    assert perfect == 18


@pytest.mark.parametrize("part", [*WITH_NONC, "Part_2A"])
def test_the_total_is_the_sum_of_the_functions(real_gold: Warehouse, part: str) -> None:
    sums = real_gold.rows(
        "select org_code, entity_level, includes_nonc,"
        " treatment_function_code = 'C_999',"
        " sum(coalesce(waiting_list_count, completed_count, new_periods_count))::int,"
        " sum(within_18_weeks_count)::int, sum(over_52_weeks_count)::int"
        " from gold.rtt_metrics where period = %s and rtt_part_type = %s"
        " group by 1, 2, 3, 4",
        PERIOD,
        part,
    )
    totals = {row[:3]: row[4:] for row in sums if row[3]}
    functions = {row[:3]: row[4:] for row in sums if not row[3]}
    assert len(totals) > 700
    assert functions == totals
    if part in WITH_NONC:
        assert functions["ENG", "england", True][0] == WITH_NONC[part]


def test_the_list_has_23_functions(real_gold: Warehouse) -> None:
    found = real_gold.one(
        "select count(*) from gold.rtt_metrics where entity_level = 'england'"
        " and rtt_part_type = 'Part_2' and not includes_nonc and period = %s"
        " and treatment_function_code != 'C_999'",
        PERIOD,
    )
    assert found == 23


def test_every_provider_is_there(real_gold: Warehouse) -> None:
    providers, with_list = real_gold.rows(
        "select count(distinct org_code), count(distinct org_code) filter ("
        "where rtt_part_type = 'Part_2') from gold.rtt_metrics"
        " where entity_level = 'provider' and period = %s",
        PERIOD,
    )[0]
    assert (providers, with_list) == (517, 515)


def test_the_overview_is_typed(real_gold: Warehouse) -> None:
    first_percentile = real_gold.rows(
        "select waiting_list_count::float, percentile_mark, p92_wait_weeks"
        " from gold.rtt_overview where period = '2007-08' and rtt_part_type = 'Part_2'"
    )
    assert first_percentile == [(4186974, "52+", None)]
    last = real_gold.rows(
        "select period, waiting_list_count::float, total_with_estimates_count::float,"
        " within_18_weeks_count::float, round(p92_wait_weeks::numeric, 4)::float"
        " from gold.rtt_overview where rtt_part_type = 'Part_2'"
        " order by period_start desc limit 1"
    )
    assert last == [("2025-12", 7199624, 7290880, 4424207, 40.7781)]
