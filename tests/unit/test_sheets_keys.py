"""Keys of files and sheets that stay the same from release to release."""

from __future__ import annotations

import pytest

from loaders.sheets.keys import name_key


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("adhd_may25_data", "adhd_data"),
        ("pcn_workforce_apr2024", "pcn_workforce"),
        ("mhsds_historic_2025_05", "mhsds_historic"),
        ("VW202307.xlsx", "vw"),
        ("Monthly-Virtual-Ward-Apr2025.xlsx", "monthly_virtual_ward"),
        ("MSA-January-2024-67402.xlsx", "msa"),
        ("Monthly-AE-April-2019-revised-220720-632O5.xls", "monthly_ae"),
        ("August-2020-AE-by-provider-revised-280421-7V9QM.xls", "ae_by_provider"),
        ("July-2020-AE-by-provider-YVQFD-revised-270421.xls", "ae_by_provider_yvqfd"),
        ("May-2025-AE-by-provider-RIgsW.xls", "ae_by_provider"),
        ("November-2025-AE-by-provider-0Qu74-1.xls", "ae_by_provider"),
        ("June-2021-revised-120522-GHI999.csv", ""),
        (
            "Beds-Open-Overnight-Web_File-Q3-2024-25revised.xlsx",
            "beds_open_overnight_web_file",
        ),
        ("MHSDS%20Data_4WW_JulPerf_2024_v2.csv", "mhsds_data_4ww"),
        (
            "Table 4: Total waiting list by service, August 2024",
            "table_4_total_waiting_list_by_service",
        ),
        ("Waiting times 2024-25", "waiting_times"),
    ],
)
def test_period_release_and_random_letters_leave_the_key(name, key):
    assert name_key(name) == key


@pytest.mark.parametrize(
    "name",
    [
        "gp_market_share",
        "adult_separate_mental",
        "outpatient_decision",
        "juncture_septic",
        "rtt_over_18_weeks",
        "covid_19_vaccine",
        "age_5_17",
        "faq4u",
        *(f"breakdown_summary_table_{n}" for n in range(1, 7)),
        *("table_2b", "sheet1", "provider_1a2b3", "dementia_65plus", "may_and_march"),
    ],
)
def test_a_name_without_a_period_stays_whole(name):
    assert name_key(name) == name


def test_numbered_tables_keep_their_numbers_beside_a_period():
    names = [f"breakdown_summary_table_{n} Nov 2025" for n in range(1, 7)]
    assert [name_key(n) for n in names] == [
        f"breakdown_summary_table_{n}" for n in range(1, 7)
    ]
