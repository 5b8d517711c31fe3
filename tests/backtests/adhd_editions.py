"""Two editions of a publication of NHS Digital, made again from their values.

The values are those that were published (ADHD Management Information, August and
November 2025; Open Government Licence v3.0). The sheets are laid out as the publisher's
are: a title, a remark, a header, months, notes; what stands on "Table 2b" in August
stands on "Table 2d" in November.
"""

from __future__ import annotations

import csv
import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from openpyxl import Workbook

AGES = ("Age 0 to 4", "Age 5 to 17", "Age 18 to 24", "Age 25 and over")
WEEKS = (
    *("Up to 13 weeks", "13 to 52 weeks", "52 to 104 weeks"),
    "104 weeks or more",
)
GENDERS = (
    *("Female", "Indeterminate", "Male", "Non-binary", "Other (not listed)"),
    *("Unknown", "Total"),
)
ETHNICITIES = (
    *("African", "Any other Asian background", "Any other Black background"),
    *("Any other ethnic group", "Any other mixed background"),
    *("Any other White background", "Bangladeshi", "British", "Caribbean"),
    *("Chinese", "Indian", "Irish", "Pakistani", "White and Asian"),
    *("White and Black African", "White and Black Caribbean", "Unknown"),
    *("Not stated", "Total"),
)
#: By what a table counts: the label over its columns, their names, their values'.
KINDS: dict[str, tuple[str | None, tuple[str, ...], str]] = {
    "age": (None, (*AGES, "Unknown", "Total"), "age_|unknown|total"),
    "waiting time": ("Waiting time", WEEKS, "waiting_time_"),
    "gender": ("Gender1", GENDERS, "gender1_|total"),
    "ethnicity": ("Ethnicity1", ETHNICITIES, "ethnicity1_|total"),
}


@dataclass(frozen=True)
class Sheet:
    """A sheet: what it counts by which property, and the file of its values."""

    name: str
    counts: str
    by: str
    values: str


def _four(number: int, counts: str, values: str, *kinds: str) -> tuple[Sheet, ...]:
    return tuple(
        Sheet(
            f"Table {number}{letter}",
            *(counts, by, f"adhd_summary_{values}_{by.replace(' ', '_')}.csv"),
        )
        for letter, by in zip("abcd", kinds, strict=False)
    )


OPEN = "Open referrals for suspected ADHD"
NO_CONTACT = "Open referrals without a first contact"
CONTACT = "Open referrals with a first contact"
ALL = ("age", "gender", "ethnicity", "waiting time")
AUGUST = (
    *_four(2, OPEN, "open_referrals", "age", "waiting time"),
    *_four(3, NO_CONTACT, "open_referrals_no_contact", "age", "waiting time"),
    *_four(4, CONTACT, "open_referrals_first_contact", "age", "waiting time"),
)
NOVEMBER = (
    *_four(2, OPEN, "waiting_assessment", *ALL),
    *_four(3, NO_CONTACT, "waiting_no_contact", *ALL),
    *_four(4, CONTACT, "waiting_first_contact", *ALL),
)
#: The same indicators as a csv; codes of ethnicities and genders that look like marks.
CSV = """\
REPORTING_PERIOD_START_DATE,REPORTING_PERIOD_END_DATE,BREAKDOWN,PRIMARY_LEVEL,\
PRIMARY_LEVEL_DESCRIPTION,INDICATOR_ID,VALUE
01/09/2025,30/09/2025,Ethnicity,C,Any other White background,ADHD003,24015
01/09/2025,30/09/2025,Ethnicity,Z,Not stated,ADHD003,53905
01/09/2025,30/09/2025,Gender,X,Unknown,ADHD003,6585
01/09/2025,30/09/2025,Gender,1,Male,ADHD003,250985
2025-09-01,2025-09-30,Gender,9,Indeterminate,ADHD003,*
2025-09-01,2025-09-30,Age Group,Unknown,Unknown,ADHD003,0
"""


def values(folder: Path, sheet: Sheet, edition: str) -> list[tuple[dt.date, list[int]]]:
    """Months and figures of a table, in the order of its columns.

    Args:
        folder: Where the values are.
        sheet: The table.
        edition: ``2025-08`` or ``2025-11``.
    """
    rows = []
    with (folder / sheet.values).open(newline="") as file:
        for row in csv.DictReader(file):
            if row["_period"] != edition:
                continue
            month = dt.date.fromisoformat(row["date_val"])
            # The values' days are years: "Sep-24" was read as 24 September.
            if month.day > 1:
                month = month.replace(year=2000 + month.day, day=1)
            names = _names(list(row), sheet.by, row)
            rows.append((month, [round(float(row[name])) for name in names]))
    return sorted(rows)


def _names(columns: Sequence[str], by: str, row: dict[str, str]) -> list[str]:
    """Columns of the values in the order in which the publisher has them."""
    _, published, pattern = KINDS[by]
    filled = [c for c in columns if re.match(pattern, c) and row[c]]
    if by == "age":
        order = ["age_0_to_4", "age_5_to_17", "age_18_to_24", "age_25"]
        return [*order, "unknown", "total"]
    keys = [re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_") for name in published]
    found = [next(c for c in filled if c.endswith(key)) for key in keys]
    if by == "ethnicity":
        # "Unknown" and "British" end no other name; "Asian" and "African" do.
        exact = [f"ethnicity1_{key}" for key in keys[:-1]]
        return [*exact, "total"]
    return found


def write(folder: Path, path: Path, edition: str, sheets: Sequence[Sheet]) -> Path:
    """Writes an edition as a workbook."""
    book = Workbook()
    front = book.active
    assert front is not None
    front.title = "Title"
    month = dt.date.fromisoformat(f"{edition}-01")
    front.append(["ADHD Management Information"])
    front.append([f"Published: {dt.date(2025, month.month, 27):%d %B %Y}"])
    front.append(["Source: NHS England"])
    for sheet in sheets:
        page = book.create_sheet(sheet.name)
        rows = values(folder, sheet, edition)
        first, last = rows[0][0], rows[-1][0]
        page.append(
            [
                f"{sheet.name}: {sheet.counts} by {sheet.by}, England,"
                f" {first:%B %Y} to {last:%B %Y}"
            ]
        )
        page.append(["This worksheet contains one table."])
        page.append([])
        label, names, _ = KINDS[sheet.by]
        if label:
            page.append([None, label])
            page.merge_cells(
                start_row=4, end_row=4, start_column=2, end_column=len(names) + 1
            )
        page.append(["Month", *names])
        for at, figures in rows:
            # As the publisher types it: "Sep-24" becomes a day of the current year.
            page.append([at, *figures])
            page.cell(page.max_row, 1).number_format = "mmm-yy"
        page.append([])
        page.append(["Source: Mental Health Services Data Set, NHS England"])
        page.append(["1. As recorded at the time of the referral."])
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)
    return path
