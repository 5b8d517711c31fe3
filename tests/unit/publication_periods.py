"""Sheets whose columns are periods, and sheets whose columns only look like them.

Every function is one sheet and what a reader must see in it.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from tests.unit.publication_books import TRUSTS, Layout, Row, Seen, month

ORG = ("Org code", "Org name")


def _organisations(*figures: object) -> list[Row]:
    return [(code, name, *figures) for _, code, name in TRUSTS]


def sitrep_days() -> Layout:
    """Each day is merged over three measures: days, not months."""
    days = [datetime(2025, 11, 28) + timedelta(n) for n in range(4)]
    rows: list[Row] = [
        ("UEC daily situation report",),
        (),
        (None, None, *[cell for day in days for cell in (day, None, None)]),
        (*ORG, *(["Beds available", "Beds occupied", "Occupancy rate"] * 4)),
        *_organisations(*([10, 9, 0.9] * 4)),
    ]
    starts = tuple(day.date().isoformat() for day in days)
    seen = Seen((3, 4), 5, 8, 4, 14, period_starts=starts)
    merged = ("C3:E3", "F3:H3", "I3:K3", "L3:N3")
    return Layout("sitrep_days", "Beds", rows, (seen,), merged)


def month_ends_and_starts() -> Layout:
    """Some months are given by their first day and some by their last."""
    heads = [datetime(2025, 10, 1), datetime(2025, 9, 30), datetime(2025, 8, 31)]
    rows: list[Row] = [(*ORG, *heads), *_organisations(3, 2, 1)]
    starts = ("2025-10-01", "2025-09-01", "2025-08-01")
    seen = Seen((1, 1), 2, 5, 4, 5, period_starts=starts)
    return Layout("month_ends_and_starts", "T", rows, (seen,))


def months_in_every_spelling() -> Layout:
    """Months spelt in four ways, two of them marked."""
    heads = ["Aug 2024", "September 2024", "Oct-24 (p)", "Nov-24 [r]"]
    rows: list[Row] = [(*ORG, *heads), *_organisations(3, 2, 1, 0)]
    starts = ("2024-08-01", "2024-09-01", "2024-10-01", "2024-11-01")
    seen = Seen((1, 1), 2, 5, 4, 6, period_starts=starts)
    return Layout("months_in_every_spelling", "T", rows, (seen,))


def quarters_under_years() -> Layout:
    """Quarters say Q1 to Q4, the year stands over them."""
    rows: list[Row] = [
        ("Venous thromboembolism risk assessment",),
        (None, None, "2023-24", None, None, None, "2024-25", None, None, None),
        (*ORG, *(["Q1", "Q2", "Q3", "Q4"] * 2)),
        *_organisations(*range(8)),
    ]
    starts: tuple[str, ...] = ("2023-04-01", "2023-07-01", "2023-10-01", "2024-01-01")
    starts += ("2024-04-01", "2024-07-01", "2024-10-01", "2025-01-01")
    seen = Seen((2, 3), 4, 7, 4, 10, period_starts=starts)
    return Layout("quarters_under_years", "VTE", rows, (seen,), ("C2:F2", "G2:J2"))


def months_under_years() -> Layout:
    """Months say Nov and Dec, the calendar year stands over them as a number."""
    rows: list[Row] = [
        (None, None, 2024, None, 2025, None),
        (*ORG, "Nov", "Dec", "Jan", "Feb"),
        *_organisations(1, 2, 3, 4),
    ]
    starts = ("2024-11-01", "2024-12-01", "2025-01-01", "2025-02-01")
    seen = Seen((1, 2), 3, 6, 4, 6, period_starts=starts)
    return Layout("months_under_years", "M", rows, (seen,), ("C1:D1", "E1:F1"))


def measures_over_months() -> Layout:
    """Two measures, each over the same three months."""
    months = [month(2025, n) for n in (8, 9, 10)]
    rows: list[Row] = [
        (None, None, "Headcount", None, None, "FTE", None, None),
        (*ORG, *months, *months),
        *_organisations(1, 2, 3, 0.5, 1.5, 2.5),
    ]
    starts = ("2025-08-01", "2025-09-01", "2025-10-01")
    seen = Seen((1, 2), 3, 6, 4, 8, period_starts=starts)
    return Layout("measures_over_months", "W", rows, (seen,), ("C1:E1", "F1:H1"))


def weeks() -> Layout:
    """Weeks by the day they end."""
    heads = ("w/e 02/11/2025", "w/e 09/11/2025", "w/e 16/11/2025")
    rows: list[Row] = [(*ORG, *heads), *_organisations(1, 2, 3)]
    starts = ("2025-10-27", "2025-11-03", "2025-11-10")
    seen = Seen((1, 1), 2, 5, 4, 5, period_starts=starts)
    return Layout("weeks", "Flu", rows, (seen,))


def months_downward() -> Layout:
    """Months in the rows: a plain table, however many dates it has."""
    rows: list[Row] = [
        ("Diagnostics time series",),
        (),
        ("Year", "Period", "Waiting list", "Over 6 weeks"),
        *[("2025-26", month(2025, n), 100, 5) for n in range(4, 12)],
    ]
    return Layout("months_downward", "England", rows, (Seen((3, 3), 4, 11, 8, 4),))


def ages_like_years() -> Layout:
    """Bands of age are no financial years."""
    bands = ("0-4", "5-9", "10-14", "15-16", "16-17", "17-18", "18-19", "20-24", "90+")
    rows: list[Row] = [(*ORG, *bands), *_organisations(*range(9))]
    return Layout("ages_like_years", "Age", rows, (Seen((1, 1), 2, 5, 4, 11),))


def waits_like_periods() -> Layout:
    """Bands of waiting time and hours of the day are no periods."""
    bands = ("0-1", "1-2", "2-3", "00:00 - 05:59", "52 plus", "May wait", "March")
    rows: list[Row] = [(*ORG, *bands), *_organisations(*range(7))]
    return Layout("waits_like_periods", "Waits", rows, (Seen((1, 1), 2, 5, 4, 9),))


def two_dates_only() -> Layout:
    """Two periods do not make a table wide."""
    rows: list[Row] = [
        (*ORG, "Sep-25", "Oct-25", "Change"),
        *_organisations(1, 2, 1),
    ]
    return Layout("two_dates_only", "T", rows, (Seen((1, 1), 2, 5, 4, 5),))


def hole_in_the_months() -> Layout:
    """A month without a value between others is kept, months to come are dropped."""
    heads = [month(2025, n) for n in range(4, 10)]
    rows: list[Row] = [
        (*ORG, *heads),
        *_organisations(1, 2, None, 4, None, None),
    ]
    starts = ("2025-04-01", "2025-05-01", "2025-06-01", "2025-07-01")
    seen = Seen(
        (1, 1), 2, 5, 4, 8, period_starts=starts, dropped_periods=("Aug-25", "Sep-25")
    )
    return Layout("hole_in_the_months", "T", rows, (seen,))
