from __future__ import annotations

import datetime as dt

import pytest

from loaders.periods import parse_period, period_in_name


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Aug-25", "2025-08"),
        ("Aug 25", "2025-08"),
        ("August 2025", "2025-08"),
        ("  AUGUST-2025 ", "2025-08"),
        ("Sept 2025", "2025-09"),
        ("PERIOD: June 2015", "2015-06"),
        ("PERIOD: JANUARY 2016", "2016-01"),
        ("2025-08", "2025-08"),
        ("2025-08-01", "2025-08"),
        ("2025-08-01 00:00:00", "2025-08"),
        ("01/08/2025", "2025-08"),
        ("201506", "2015-06"),
        ("42705", "2016-12"),
        ("42705.0", "2016-12"),
        (42309.0, "2015-11"),
        (dt.datetime(2025, 8, 1), "2025-08"),
        (dt.date(2025, 8, 1), "2025-08"),
        ("RTT-January-2026", "2026-01"),
        ("August 2025-26", "2025-08"),
        ("December 2025-26", "2025-12"),
        ("January 2025-26", "2026-01"),
        ("March 2025-26", "2026-03"),
        ("2011-12", "2011-12"),
    ],
)
def test_a_text_that_is_a_month_is_read_as_that_month(text, label):
    period = parse_period(text)
    assert period is not None
    assert (period.label, period.grain) == (label, "month")


@pytest.mark.parametrize(
    ("text", "start", "end", "grain", "label"),
    [
        ("Q1 2025/26", "2025-04-01", "2025-06-30", "quarter", "Q1 2025/26"),
        ("Q4 2024/25", "2025-01-01", "2025-03-31", "quarter", "Q4 2024/25"),
        ("2025/26", "2025-04-01", "2026-03-31", "financial_year", "2025/26"),
        ("2025-26", "2025-04-01", "2026-03-31", "financial_year", "2025/26"),
        ("1999/00", "1999-04-01", "2000-03-31", "financial_year", "1999/00"),
        ("Jul 24 - Jun 25", "2024-07-01", "2025-06-30", "range", "2024-07/2025-06"),
        ("Q4 2024-25", "2025-01-01", "2025-03-31", "quarter", "Q4 2024/25"),
        ("Q1 2025/2026", "2025-04-01", "2025-06-30", "quarter", "Q1 2025/26"),
        ("q3-25-26", "2025-10-01", "2025-12-31", "quarter", "Q3 2025/26"),
        ("2025/26 plan", "2025-04-01", "2026-03-31", "financial_year", "2025/26"),
        ("Month 3 2025/26", "2025-06-01", "2025-06-30", "month", "2025-06"),
        ("M10 2025/26", "2026-01-01", "2026-01-31", "month", "2026-01"),
        ("To M1 2024/25", "2024-04-01", "2024-04-30", "month", "2024-04"),
        ("To M3 2024/25", "2024-04-01", "2024-06-30", "range", "2024-04/2024-06"),
        (
            *("To M12 2024/25 vs 2023/24", "2024-04-01", "2025-03-31"),
            *("financial_year", "2024/25"),
        ),
        (
            *("Jun 24 - Jun 25 vs Jun 23 - Jun 24", "2024-06-01", "2025-06-30"),
            *("range", "2024-06/2025-06"),
        ),
        ("15/08/2025", "2025-08-15", "2025-08-15", "day", "2025-08-15"),
    ],
)
def test_longer_and_shorter_periods_have_their_grain(text, start, end, grain, label):
    period = parse_period(text)
    assert period is not None
    assert (str(period.start), str(period.end)) == (start, end)
    assert (period.grain, period.label) == (grain, label)


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "653", "29999", "60001", "42706", 653.0, True, None, "2025"),
        "DEFINITIONS:  DCB0147 Amd 16/2019",
        "31-DAY (DIAGNOSIS TO TREATMENT) WAIT FOR FIRST TREATMENT: ALL CANCERS",
        "13/13/2025",
        "31/02/2025",
        "August 2025-27",
        "2025/27",
        "Q5 2025/26",
        "201513",
        "Jun 25 - Jul 24",
        "See August 2025 for details",
        # Of which year, or until when? Only who knows the publication can say.
        *("Q1 2025", "Month 3 2025", "2024", "2023", "Year to date 25/26"),
        "Latest published if awarded post August 2023",
        *("Q1 25-27", "q5-25-26", "To M13 2024/25", "To M12 2024/26"),
        *("2023/24 vs 2024/25", "2024/25 vs plan"),
    ],
)
def test_what_is_not_wholly_a_period_is_none(text):
    assert parse_period(text) is None


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("APRIL-2025-CWT-CRS-PROVIDER-WORKBOOK-FINAL.xlsx", "2025-04"),
        ("DECEMBER-2023-CWT-CRS-PROVIDER-WORKBOOK-FINAL.xlsx", "2023-12"),
        ("201506-5.-31-Day-Wait-for-first-treatment-All-Cancers.csv", "2015-06"),
        ("/x/cancer-waiting-times-for-august-2025-26-final/", "2025-08"),
        ("cancer-waiting-times-for-january-2025-26-provisional", "2026-01"),
        ("Full-CSV-data-file-Jan26-ZIP-4M-WL5BiP.zip", "2026-01"),
        ("20260131-RTT-January-2026-full-extract.csv", "2026-01"),
        ("https://host/2026/05/April%202026-Combined.csv?v=2", "2026-04"),
        ("2025-08.csv", "2025-08"),
        ("2024-25-Apr-Mar-Monthly-Combined-CSV-Final.csv", "2024-04/2025-03"),
        ("2025-26-Oct-Mar-Cumulative-Monthly-Combined.csv", "2025-10/2026-03"),
        ("April-2024-to-March-2025.csv", "2024-04/2025-03"),
        ("nhs-oversight-framework-acute-trust-data-q3-25-26-v2.csv", "Q3 2025/26"),
        ("league-table-Q1-2025-26.csv", "Q1 2025/26"),
    ],
)
def test_a_name_states_one_period(name, label):
    period = period_in_name(name)
    assert period is not None
    assert period.label == label


@pytest.mark.parametrize(
    "name",
    [
        "5.-31-Day-By-Cancer-Provider-Data.csv",
        "3.-28-Day-FDS-By-Route-Provider-Data-1.csv",
        "5.-May-31-Day-By-Cancer.csv",
        "DCB0147 Amd 16/2019",
        "2011-12-annual.csv",
        "Decision-2025.csv",
        "January-2025-published-March-2025.csv",
        *("data-q3-25-27.csv", "data-q1-2025.csv", "q1-25-26-and-q2-25-26.csv"),
    ],
)
def test_a_name_without_one_clear_period_states_none(name):
    assert period_in_name(name) is None
