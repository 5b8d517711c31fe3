"""Whole sheets of other publications, as NHS England lays them out.

Every function is one sheet with figures of no meaning and what a reader must see in it.
"""

from __future__ import annotations

from tests.unit.publication_books import TRUSTS, Layout, Row, Seen, month, preamble


def rtt_provider() -> Layout:
    """Week bands as text, medians that are a dash, 52+ in a figure's place."""
    bands = [f">{n}-{n + 1}" for n in range(18)] + ["18 plus"]
    rows = preamble("Incomplete RTT pathways", 13)
    rows.append(
        (
            None,
            "Region Code",
            "Provider Code",
            "Provider Name",
            "Treatment Function Code",
            "Treatment Function",
            *bands,
            "Total number of incomplete pathways",
            "% within 18 weeks",
            "Average (median) waiting time (in weeks)",
            "92nd percentile waiting time (in weeks)",
        )
    )
    for region, code, name in TRUSTS:
        for function in (("C_100", "General Surgery Service"), ("C_999", "Total")):
            rows.append(
                (None, region, code, name, *function, *([0] * 19), 0, "-", "-", "52+")
            )
    return Layout(
        "rtt_provider",
        "Provider",
        rows,
        (
            Seen(
                (14, 14),
                15,
                22,
                8,
                28,
                names={"B": "Region Code", "G": ">0-1", "AA": "% within 18 weeks"},
                clean_names={"AA": "pct_within_18_weeks"},
            ),
        ),
    )


def ambulance_systems() -> Layout:
    """Two header blocks stacked, each with codes of indicators above the names."""
    orgs = [("Eng", "England"), ("RX9", "East Midlands"), ("RYC", "East of England")]
    rows: list[Row] = [
        ("Ambulance Quality Indicators: Systems Indicators",),
        ("October 2025",),
        (),
        (None, None, "Calls", None, None, "Incidents", None),
        ("Code", "Ambulance Service", "A0", "A1", "A124", "A7", "A56"),
        (
            None,
            None,
            "Contact count",
            "Calls answered",
            "Total, answer time",
            "All incidents",
            "Face to face",
        ),
        *[(c, n, 9, 8, 7, 6, 5) for c, n in orgs],
        (),
        (None, None, "C1", None, None, "C2", None),
        ("Code", "Ambulance Service", "A8", "A24", "A25", "A10", "A30"),
        (None, None, "Count", "Total time", "Mean", "Count", "Mean"),
        *[(c, n, 4, 3.5, ".", 2, ".") for c, n in orgs],
        (),
        ("Source: NHS England",),
        ("'.' denotes not available",),
    ]
    return Layout(
        "ambulance_systems",
        "AmbSYS",
        rows,
        (
            Seen(
                (4, 6),
                8,
                9,
                2,
                7,
                (7,),
                names={
                    "A": "Code",
                    "B": "Ambulance Service",
                    "D": "Calls | A1 | Calls answered",
                    "G": "Incidents | A56 | Face to face",
                },
            ),
            Seen(
                (11, 13),
                15,
                16,
                2,
                7,
                (14,),
                names={"C": "C1 | A8 | Count", "G": "C2 | A30 | Mean"},
                footer_first_row=18,
            ),
        ),
        merged=("C4:E4", "F4:G4", "C11:E11", "F11:G11"),
    )


def workforce_staff_groups() -> Layout:
    """Groups of staff over columns, a total column, indented labels, notes below."""
    rows: list[Row] = [
        ("NHS Hospital & Community Health Service monthly workforce statistics",),
        ("Table 1: by organisation and staff group, full time equivalent",),
        (),
        (None, None, None, "Professionally qualified clinical staff", None, None)
        + ("Support to clinical staff", None),
        ("Organisation code", "Organisation name", "Total", "All")
        + ("HCHS doctors (1)", "Nurses & health visitors", "All", "Support to doctors"),
        ("England", None, 400.5, 300, 100, 200, 100.5, 100.5),
        (),
        *[(c, n, 100.1, 75, 25, 50, 25.1, 25.1) for _, c, n in TRUSTS],
        (),
        ("1. Excludes locums.",),
        ("Copyright © 2025, NHS England",),
    ]
    return Layout(
        "workforce_staff_groups",
        "1. FTE",
        rows,
        (
            Seen(
                (4, 5),
                8,
                11,
                4,
                8,
                (6,),
                names={
                    "A": "Organisation code",
                    "C": "Total",
                    "E": "Professionally qualified clinical staff | HCHS doctors (1)",
                    "G": "Support to clinical staff | All",
                },
                clean_names={"G": "support_to_clinical_staff_all"},
                footer_first_row=13,
            ),
        ),
        merged=("D4:F4", "G4:H4"),
    )


def mixed_sex_breaches() -> Layout:
    """Financial years over months that are dates; months to come are headed already."""
    months = [month(2025, n) for n in range(4, 13)]
    rows = preamble("Mixed-Sex Accommodation Breaches", 13)
    rows += [
        (None, None, None, None, "2025-26"),
        (None, "Region", "Org Code", "Org Name", *months),
        (None, None, None, "England", *([40] * 7)),
        (),
        *[(None, *trust, *([10] * 7)) for trust in TRUSTS],
    ]
    return Layout(
        "mixed_sex_breaches",
        "MSA Breaches",
        rows,
        (
            Seen(
                (14, 15),
                18,
                21,
                4,
                12,
                (16,),
                names={"B": "Region", "D": "Org Name"},
                periods=tuple(m.date().isoformat() for m in months[:7]),
                dropped_periods=tuple(m.date().isoformat() for m in months[7:]),
            ),
        ),
        merged=("E14:M14",),
    )


def cancelled_operations() -> Layout:
    """A time series whose year stands only beside its first quarter."""
    rows: list[Row] = [
        ("Cancelled Elective Operations, England",),
        (),
        ("Year", "Quarter", "Number of last minute cancellations¹")
        + ("% of elective admissions", "Breaches of the 28 day standard²"),
    ]
    for year in ("2023-24", "2024-25"):
        for quarter in range(1, 5):
            rows.append((year if quarter == 1 else None, f"Q{quarter}", 20000, 0.9, 5))
    rows += [
        (),
        (),
        ("1", "A last minute cancellation is on the day of arrival or later."),
        ("2", "Not treated within 28 days."),
    ]
    return Layout(
        "cancelled_operations",
        "Timeseries",
        rows,
        (
            Seen(
                (3, 3),
                4,
                11,
                8,
                5,
                clean_names={
                    "C": "number_of_last_minute_cancellations",
                    "E": "breaches_of_the_28_day_standard",
                },
                footer_first_row=14,
            ),
        ),
    )


def nhs_111() -> Layout:
    """Three header levels, the top two merged over different widths."""
    rows: list[Row] = [
        ("NHS 111 minimum data set",),
        (),
        (None, None, "Calls", None, None, None, "Dispositions", None),
        (None, None, "Volume", None, "Speed", None, "Ambulance", None),
        ("Area", "Provider", "Offered", "Answered")
        + ("Within 60s", "% within 60s", "Sent", "% sent"),
        ("England", None, 4, 4, 4, 1, 4, 1),
        *[("North West", n, 1, 1, 1, 1, 1, 1) for _, _, n in TRUSTS],
    ]
    return Layout(
        "nhs_111",
        "Raw",
        rows,
        (
            Seen(
                (3, 5),
                7,
                10,
                4,
                8,
                (6,),
                names={
                    "A": "Area",
                    "D": "Calls | Volume | Answered",
                    "F": "Calls | Speed | % within 60s",
                    "H": "Dispositions | Ambulance | % sent",
                },
            ),
        ),
        merged=("C3:F3", "C4:D4", "E4:F4", "G3:H3", "G4:H4"),
    )


def dementia() -> Layout:
    """A link above, a title, names in two levels, England above a blank row."""
    rows: list[Row] = [
        ("Return to contents",),
        (),
        ("Table 2: Recorded dementia diagnoses by sub ICB location",),
        (),
        (None, None, "Patients aged 65+", None, "Rate [note 3]", None, None),
        ("ODS code", "Sub ICB name", "Register", "Estimated", "Rate")
        + ("Lower CI", "Upper CI"),
        ("ENG", "England", 491445, 744044.9, 66.1, 59.6, 71.7),
        (),
        *[(c, n, 10, 15.5, "*", "*", "*") for _, c, n in TRUSTS],
        (),
        ("Notes",),
        ("[note 3] Register over estimated, in per cent.",),
    ]
    return Layout(
        "dementia",
        "Table 2",
        rows,
        (
            Seen(
                (5, 6),
                9,
                12,
                4,
                7,
                (7,),
                names={
                    "C": "Patients aged 65+ | Register",
                    "G": "Rate [note 3] | Upper CI",
                },
                clean_names={"E": "rate", "G": "rate_upper_ci"},
                footer_first_row=14,
            ),
        ),
        merged=("C5:D5", "E5:G5"),
    )


def pcn_workforce() -> Layout:
    """Sections merged downward, months as dates with one typed as text with a note."""
    months = [month(2020, 3), month(2020, 6), "September 2021  [Note 8]"]
    months += [month(2021, 12), month(2022, 3)]
    rows: list[Row] = [
        ("Table 1a: Primary Care Network workforce, full time equivalent",),
        (),
        (None, "Staff role", *months),
        ("Directors", "All Directors", 100.25, 293, 359, 360, 361),
        (None, "Clinical Director", 80, 200.5, 250, 251, 252),
        (None, "Non-Clinical Director", 20.25, 92.5, 109, 109, 109),
        ("Direct patient care", "Pharmacists", "..", 10, 20, 30, 40),
        (None, "Nurses", "..", 0, 0, 1, 2),
        (),
        ("[Note 8] Collected for the first time.",),
    ]
    return Layout(
        "pcn_workforce",
        "1a",
        rows,
        (
            Seen(
                (3, 3),
                4,
                8,
                5,
                7,
                names={"B": "Staff role"},
                periods=("2020-03-01", "2020-06-01", "September 2021")
                + ("2021-12-01", "2022-03-01"),
                footer_first_row=10,
            ),
        ),
        merged=("A4:A6", "A7:A8"),
    )


def gp_appointments_summary() -> Layout:
    """Counts, then shares under the same labels; months as text."""
    labels = ("Attended", "Did not attend", "Unknown")
    rows: list[Row] = [
        ("Table 1a: Summary of appointments",),
        (),
        (None, None, "Sep-25", "Oct-25", "Nov-25"),
        ("Appointments", "Appointments in scope", 300, 330, 310),
        (),
        ("Appointment status", labels[0], 280, 300, 290),
        *[(None, label, 10, 15, 10) for label in labels[1:]],
        (),
        ("Appointment status", labels[0], 0.933, 0.909, 0.935),
        *[(None, label, 0.033, 0.045, 0.033) for label in labels[1:]],
    ]
    return Layout(
        "gp_appointments_summary",
        "Table 1a",
        rows,
        (
            Seen(
                (3, 3),
                4,
                12,
                7,
                5,
                periods=("Sep-25", "Oct-25", "Nov-25"),
            ),
        ),
        merged=("A6:A8", "A10:A12"),
    )


def workforce_by_region() -> Layout:
    """Labels go down like stairs: region, system, organisation, each in its column."""
    header = ("NHSE region", "ICB", "Organisation name", "Organisation code")
    rows: list[Row] = [
        ("Table 5: All staff by region and organisation, full time equivalent",),
        (),
        (*header, "Total", "HCHS doctors"),
        ("England", None, None, None, 100.5, 50),
        (),
        ("North West", None, None, None, 40.25, 20),
        (None, "Cheshire and Merseyside", None, None, 40.25, 20),
        (None, None, TRUSTS[0][2], "RBT", 20, 10),
        (None, None, TRUSTS[1][2], "RJR", 20.25, 10),
        (),
        ("North East and Yorkshire", None, None, None, 60.25, 30),
        (None, None, TRUSTS[3][2], "RR8", 60.25, 30),
        (),
        ("Figures are rounded to the nearest quarter.",),
    ]
    seen = Seen((3, 3), 6, 12, 6, 6, (4,), footer_first_row=14)
    return Layout("workforce_by_region", "5. All Staff", rows, (seen,))
