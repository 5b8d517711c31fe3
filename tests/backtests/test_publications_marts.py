"""The marts of single publications against figures that are printed elsewhere.

Sources: Patients Registered at a GP Practice, October and November 2025; Submissions
via Online Consultation Systems in General Practice, March and November 2025; A&E
Attendances and Emergency Admissions, May 2025, revised; Monthly Diagnostics (DM01),
April 2025; Virtual Ward Capacity and Occupancy, November 2023 and May 2024; Community
Health Services Waiting Lists, August and December 2024; Bed Availability and Occupancy,
Q2 2024/25 (NHS England, Open Government Licence v3.0).
"""

from __future__ import annotations

import pytest

from tests.conftest import Warehouse

#: Patients of all ages and sexes, and practices that have any.
LIST_SIZES = {"2025-10": (63_919_527, 6_202), "2025-11": (63_947_100, 6_200)}


@pytest.mark.parametrize("period", LIST_SIZES)
def test_patients_registered_in_england(
    real_publications: Warehouse, period: str
) -> None:
    ((patients, practices),) = real_publications.rows(
        "select sum(registered_patients), count(*) from gold.gp_list_sizes"
        " where period = %s",
        period,
    )
    assert (patients, practices) == LIST_SIZES[period]


def test_patients_of_two_practices(real_publications: Warehouse) -> None:
    assert real_publications.rows(
        "select practice_code, registered_patients from gold.gp_list_sizes"
        " where period = '2025-11' and practice_code in ('A81001', 'A81002')"
        " order by practice_code"
    ) == [("A81001", 3_779), ("A81002", 18_682)]


@pytest.mark.parametrize(
    ("period", "practices"), [("2025-03", 6_213), ("2025-11", 6_170)]
)
def test_practices_with_online_consultation(
    real_publications: Warehouse, period: str, practices: int
) -> None:
    assert (
        real_publications.one(
            "select count(*) from gold.online_consultation_submissions"
            " where period = %s",
            period,
        )
        == practices
    )


def test_attendances_are_those_of_the_national_row(
    real_publications: Warehouse,
) -> None:
    """The total row of the csv of May 2025, revised, and of no release before it."""
    ((type_1, booked, over_4_hours),) = real_publications.rows(
        "select sum(attendances_type_1), sum(booked_attendances),"
        " sum(over_4_hours_total) from gold.ae_attendances where period = '2025-05'"
    )
    assert type_1 == 1_419_306 + 34_174
    assert booked == 34_174 + 549 + 53_508
    assert over_4_hours == 555_982 + 2_262 + 23_131 + 7_821 + 35 + 504


def test_the_diagnostic_waiting_list_is_counted_once(
    real_publications: Warehouse,
) -> None:
    ((waiting, over_6_weeks, over_13_weeks),) = real_publications.rows(
        "select sum(total_waiting), sum(total_6_plus_weeks), sum(total_13_plus_weeks)"
        " from gold.diagnostic_waits where period = '2025-04'"
    )
    assert (waiting, over_6_weeks, over_13_weeks) == (1_696_688, 360_370, 108_185)


@pytest.mark.parametrize(
    ("period", "capacity", "patients", "adults", "everybody"),
    [
        ("2023-11", 11_231, 7_886, 51_396_905, None),
        ("2024-05", 12_325, 8_598, None, 63_227_624),
    ],
)
def test_virtual_wards_have_the_denominator_of_their_day(
    real_publications: Warehouse,
    period: str,
    capacity: int,
    patients: int,
    adults: int | None,
    everybody: int | None,
) -> None:
    ((found_capacity, found_patients, found_adults, found_everybody),) = (
        real_publications.rows(
            "select sum(capacity), sum(patients), sum(registered_adults),"
            " sum(registered_patients) from gold.virtual_ward_capacity"
            " where period = %s",
            period,
        )
    )
    assert (found_capacity, found_patients) == (capacity, patients)
    assert (found_adults, found_everybody) == (adults, everybody)


def test_community_waits_over_a_year_are_not_one_series(
    real_publications: Warehouse,
) -> None:
    found = real_publications.rows(
        "select period, sum(total_waiting), count(waiting_over_52_weeks) > 0,"
        " count(waiting_52_to_104_weeks) > 0, count(waiting_over_104_weeks) > 0"
        " from gold.community_waiting_lists where org_code = 'ENG'"
        " and period in ('2024-08', '2024-11', '2024-12') group by period"
        " order by period"
    )
    assert found[0][1] == 1_102_792
    assert [row[2:] for row in found] == [
        (True, False, False),
        (True, False, False),
        (False, True, True),
    ]


def test_beds_are_counted_once(real_publications: Warehouse) -> None:
    ((available, occupied),) = real_publications.rows(
        "select sum(available_beds), sum(occupied_beds) from gold.bed_occupancy"
        " where period = '2024-07 to 2024-09'"
    )
    assert available == pytest.approx(129_759.75, abs=0.01)
    assert occupied == pytest.approx(114_639.684782608, abs=0.01)


def test_every_row_of_a_file_is_in_silver(real_publications: Warehouse) -> None:
    rows = real_publications.rows(
        "select publication, table_name, file_row_count, silver_row_count"
        " from gold.publication_load_reconciliation where silver_row_count is not null"
    )
    assert len({row[:2] for row in rows}) >= 22
    assert [row for row in rows if row[2] != row[3]] == []


def test_a_catalogue_counts_what_the_views_hold(real_publications: Warehouse) -> None:
    for dataset, all_rows in real_publications.rows(
        "select dataset, all_vintages_row_count from gold.publication_catalogue"
        " where publication in ('mhsds', 'virtual_wards', 'sickness_absence')"
    ):
        assert real_publications.one(f"select count(*) from {dataset}") == all_rows
