"""The period that a url, a file name, a title or a sentence states."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from loaders import cli
from loaders.periods import find_period, parse_period

SITE = "https://www.england.nhs.uk/statistics/wp-content/uploads/sites/2"


def label(text: object, **how: bool) -> str | None:
    period = find_period(text, **how)
    return period.label if period else None


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        # Names of months are words: no March in Summary or Primary.
        ("GP_Appointment_Publication_Summary_November_2025.xlsx", "2025-11"),
        ("1.Primary Care Networks - November 2025 Individual Level.csv", "2025-11"),
        ("WLMDS-Summary-to-28-Dec-2025.xlsx", "2025-12"),
        # %20 is a blank, not the digits of a year.
        ("PCNW%20November%202025%20-%20Bulletin%20tables.xlsx", "2025-11"),
        ("Practice%20-%20March%202025.xlsx", "2025-03"),
        ("gp-reg-pat-prac-map-08-2025.csv", "2025-08"),
        ("PCNWFIndividualCSV.112025.zip", "2025-11"),
        ("Beds-Open-Overnight-Web_File-Q1-2024-25-revised.xlsx", "Q1 2024/25"),
        ("Q4-2023-24-Operating-Theatres-WCHYT-3.xlsx", "Q4 2023/24"),
        (
            "CWT-CRS-Apr-2024-to-Mar-2025-Data-Extract-Provider-Final.xlsx",
            "2024-04/2025-03",
        ),
        (
            "Beds-publication-Timeseries-March-2020-December-2025.xlsx",
            "2020-03/2025-12",
        ),
        ("MSA_2025-26_11_fullextract_Nov_25-51121BZ_FINAL.csv", "2025-11"),
        ("2024-25-C2-times-by-ICB-ends-20250330.xlsx", "2024/25"),
        ("MHSDS%20Data_4WW_JulPerf_2024_v2.csv", "2024-07"),
        ("Community-health-services-waiting-lists-2024-25-August.xlsx", "2024-08"),
        ("Community-health-services-waiting-lists-2024-25-January.xlsx", "2025-01"),
        ("Quarter-2-2025-2026-AE-by-provider-fa97L-revised-v2-1.xls", "Q2 2025/26"),
        ("ereferral-q1-2526.zip", "Q1 2025/26"),
        ("q4-2526", "Q4 2025/26"),
        ("2024-25 Q3 return", "Q3 2024/25"),
        ("H1 2024-25 return.xlsx", "2024-04/2024-09"),
        ("VW202307.xlsx", "2023-07"),
        ("Monthly-Virtual-Ward-Apr2025.xlsx", "2025-04"),
        ("V1.3-202507-June-2025-MSA-Breach-Rate.pdf", "2025-06"),
        ("nhs_sickness_absence_2024-04.csv", "2024-04"),
        ("msds-oct2025-exp-data.csv", "2025-10"),
        ("Waiting time statistics for FY 201920.xlsx", "2019/20"),
        ("Handover-time-series-up-to-Dec-2025-YHG5D.xlsx", "2025-12"),
        ("eRS-dashboard-Jan-Sep 2025.xlsx", "2025-01/2025-09"),
        ("October 2019 - September 2025", "2019-10/2025-09"),
        ("2024-25-Apr-Mar-Monthly-Combined-CSV-Final.csv", "2024-04/2025-03"),
        ("stock-ends-20250330.csv", "2025-03"),
        ("snapshot_20250331.csv", "2025-03"),
        ("sitrep_w42-2025.csv", "2025-W42"),
        ("Sitrep week ending 30th March 2025", "2025-03-24/2025-03-30"),
        ("data_janaury_2025.csv", "2025-01"),
        ("Febuary 2025 tables", "2025-02"),
        ("Feburary-2025.csv", "2025-02"),
    ],
)
def test_the_period_of_a_file_name(text, wanted):
    assert label(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("July to September 2024", "Q2 2024/25"),
        ("April to June 2020", "Q1 2020/21"),
        ("Jul 2024 - Sep 2024", "Q2 2024/25"),
        ("01 April 2024 - 31 March 2025", "2024-04/2025-03"),
        ("June 2024 to December 2025", "2024-06/2025-12"),
        ("Table 4: Number waiting 2-4 weeks (15-28 days), August 2024", "2024-08"),
        ("Data Quality KH03 Q3 2024-25", "Q3 2024/25"),
        ("MSitAE-APRIL-2025", "2025-04"),
        ("Table 10 2024-25", "2024/25"),
        ("Prescribing in 2023/24, England", "2023/24"),
        ("MAR2019", "2019-03"),
        ("01NOV2025", "2025-11"),
        ("01-Sep-20", "2020-09"),
        ("30/04/2024", "2024-04-30"),
        ("the year to 31/03/2025 in brief", "2025-03"),
        ("M10 2024-25 position", "2025-01"),
        ("2025/26 Month 3", "2025-06"),
        ("Data for 2019-20 to 2023-24", "2019/20/2023/24"),
        ("01/04/2024 - 30/06/2024", "Q1 2024/25"),
        ("2024-04-01 to 2024-06-30", "Q1 2024/25"),
        ("quarter ending June 2024", "Q1 2024/25"),
        ("year to 31 March 2025", "2024/25"),
        ("12 months to June 2025", "2024-07/2025-06"),
        ("from April 2024 to March 2025", "2024-04/2025-03"),
    ],
)
def test_the_period_of_a_title_or_a_cell(text, wanted):
    assert label(text) == wanted


@pytest.mark.parametrize(
    "text",
    [
        # Of which year? Two publishers label the same quarter FY24 and FY25.
        *("FY25", "FY25-Q1", "Q1 2025", "q1-25", "2021-Q1-Beds-Final-DE5WC.xlsx"),
        # December 2011 or the financial year.
        "2011-12-annual.csv",
        "eRS dashboard data 2020 (final).xlsx",
        "January 2025 tables and a few of May 2024",
        "2023-24 and 2024-25 compared",
        "Q1 and Q2 figures 2024-25",
        "December 2025 to January 2025",
        *("iucadc-new-from-april-2021", "Timeseries from Nov 2010 to date"),
        *("Timeseries-April-2009-onwards.xls", "since March 2020"),
        *("summary", "Primary Care", "separate", "may", "ePCN.xlsx", "PracPopNov.csv"),
        "5.-May-31-Day-By-Cancer.csv",
        "System-Mapping.csv",
        "DM01-Guidance-v8.1.pdf",
        "Published: 13th March 2025",
        "Revised: 10th July 2025",
        "covid-19-vaccine-age-5-17.csv",
        *("", None, True, "0x2025", "12345", "rtt_over_18_weeks"),
    ],
)
def test_what_states_no_period_or_could_mean_two_is_none(text):
    assert find_period(text) is None


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("February-2024-revised-130624-ef123ty.csv", "2024-02"),
        ("January-2022-revised-120522-bbb333.csv", "2022-01"),
        ("July-2020-AE-by-provider-YVQFD-revised-270421.xls", "2020-07"),
        ("Annual-CSV-2023-24-Published-May-2024-59834-1.zip", "2023/24"),
        ("January-2025-published-March-2025.csv", "2025-01"),
        ("MSA-July-2024-REVISED-BGFDE.xlsx", "2024-07"),
        # Nothing else is stated, so that this is the month of the data.
        ("AE-revised-April-2025.xls", "2025-04"),
        ("Tables for June 2024 (updated 12 September 2024)", "2024-06"),
    ],
)
def test_the_day_of_a_revision_or_publication_is_no_period(text, wanted):
    assert label(text) == wanted


def test_the_folder_of_an_upload_counts_only_where_nothing_else_states_a_period():
    assert label(f"{SITE}/2025/11/May-2025-AE-by-provider.xls") == "2025-05"
    assert label(f"{SITE}/2025/07/DM01-Guidance-v8.1.pdf") == "2025-07"
    assert label(f"{SITE}/2025/07/DM01-Guidance-v8.1.pdf", uploaded=False) is None


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("https://digital.nhs.uk/statistical/mi-adhd/november-2025", "2025-11"),
        ("https://digital.nhs.uk/statistical/shmi/2025-11/", "2025-11"),
        ("https://digital.nhs.uk/x/pcn-workforce/30-april-2025?page=2#top", "2025-04"),
        ("https://host/appointments/may-2024/Annex.zip", "2024-05"),
        ("https://host/dqmi-2024/march-2024/csds_csv-mar-24.csv", "2024-03"),
        ("https://host/2024-25/bundle_may24.zip!inner/april-2024.csv", "2024-04"),
        ("https://host/bundle_may24.zip!Mapping.csv", "2024-05"),
        ("inbox/publications/beds/Q2-2024-25/all.xlsx", "Q2 2024/25"),
    ],
)
def test_the_last_part_of_an_address_that_states_a_period_counts(text, wanted):
    assert label(text) == wanted


def test_a_quarter_has_its_days_and_its_grain():
    period = find_period("x-Q1-2024-25-revised.xlsx")
    assert period is not None
    assert (str(period.start), str(period.end)) == ("2024-04-01", "2024-06-30")
    assert period.grain == "quarter"


@pytest.mark.parametrize(
    ("cell", "wanted"),
    [
        ("May-25", "2025-05"),
        ("Mar-25", "2025-03"),
        ("Q1 2024/25", "Q1 2024/25"),
        ("2024/25", "2024/25"),
        ("Sept 2024", "2024-09"),
        ("September 2021", "2021-09"),
        ("Janaury 2025", "2025-01"),
        ("Jan-Sep 2025", "2025-01/2025-09"),
        (dt.datetime(2025, 10, 1), "2025-10"),
        (dt.datetime(2024, 9, 24), "2024-09-24"),
    ],
)
def test_a_cell_of_a_header_is_wholly_a_period(cell, wanted):
    period = parse_period(cell)
    assert period is not None
    assert period.label == wanted


def test_the_command_looks_into_texts_too(capsys):
    assert cli.main(["period", "2025-08", "AE-May-2025-revised.xls", "nothing"]) == 0
    lines = [json.loads(one) for one in capsys.readouterr().out.splitlines()]
    assert [one["label"] for one in lines] == ["2025-08", "2025-05", None]
    assert lines[1] == {
        "text": "AE-May-2025-revised.xls",
        "start": "2025-05-01",
        "end": "2025-05-31",
        "grain": "month",
        "label": "2025-05",
    }
