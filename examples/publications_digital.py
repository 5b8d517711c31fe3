"""Online consultation systems in general practice: the monthly workbook."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from examples.output import month_name
from examples.publications_sheets import (
    Cell,
    Change,
    Sheet,
    cells,
    example_line,
    lines,
    values,
    workbook,
)
from loaders.periods import month

SAYS = "some practices only in Table 2; the other tables are those of England"
#: Footnotes of the months of Table 1: the same months bear other numbers elsewhere.
MARKS: Mapping[str, Mapping[str, str]] = {
    "2025-11": {
        **{"2025-11": "[10]", "2025-10": "[9]", "2025-09": "[8]"},
        **{"2025-08": "[7]", "2025-07": "[7]"},
    },
    "2025-12": {
        **{"2025-12": "[11, 12]", "2025-11": "[10]", "2025-10": "[9]"},
        **{"2025-09": "[8]", "2025-08": "[7]", "2025-07": "[7]"},
    },
}
_PRACTICES = (
    *("Month [1]", "GP Code", "GP Name", "PCN Code [2, 3]", "PCN Name [3]"),
    *("Sub ICB Code", "Sub ICB Name", "ICB Code", "ICB Name"),
    *("Region Code", "Region Name", "Supplier [4, 5, 6]", "Submissions [7]"),
    *("Clinical Submissions [7]", "Administrative Submissions [7]"),
    *("Other/Unknown Type Submissions [7]", "Registered Patient Count [8]"),
    *("Rate per 1,000 Registered Patients [9, 10]", "Participation [11]"),
)
_HOURS = (
    *("00:00 - 05:59", "06:00 - 07:59", "08:00 - 09:59", "10:00 - 11:59"),
    *("12:00 - 13:59", "14:00 - 15:59", "16:00 - 17:59", "18:00 - 23:59"),
)
_SYSTEMS = "Online Consultation Systems"
#: Rows of Table 1 that a blank row follows.
_BLANK_AFTER = (
    *("Count of practices receiving", "Registered patients at practices that"),
    "Other/unknown type",
)
_NOTES = (
    "Practices included in data publication are open, active practices that have a "
    "count of registered patients during the reporting month",
    "System suppliers can submit retrospective updates for previous weeks which will "
    "be included in subsequent publications",
    "Not all system suppliers are currently able to submit data",
)


def online_consultation(
    release: str = "2025-12",
    *,
    period: str | None = None,
    marks: Mapping[str, str] | None = None,
    example: bool = True,
    change: Change | None = None,
) -> bytes:
    """The workbook of a month: titles, data quality and three tables.

    Args:
        release: Whose figures: ``2025-11`` or ``2025-12``.
        period: ``YYYY-MM`` of titles and rows; that of the release by default.
        marks: Footnotes beside the months of Table 1; those published by default.
        example: Whether a line of each sheet says that this is an example.
        change: Changes the sheets before they are written.
    """
    period = period or release
    marks = MARKS[release] if marks is None else marks
    says = example_line(SAYS) if example else None
    in_practice = "Submissions via Online Consultation Systems in General Practice"
    days = [
        row for row in values("online-consultation-days") if row["release"] == release
    ]
    hours = [*_HOURS, *(["Unknown"] if days[0]["unknown"] else [])]
    by_hour = [cells(list(row.values())[1 : len(hours) + 2]) for row in days]
    practices: list[list[Cell]] = [
        [_first(period), *cells(list(row.values())[1:])]
        for row in values("online-consultation-practices")
        if row["release"] == release
    ]
    copyright_line = f"Copyright © {_next(period)[:4]} NHS England"
    sheets = [
        Sheet("Title sheet", _titles(in_practice, period, says, copyright_line), 0),
        Sheet(
            "Data Quality",
            lines(
                *[[]] * 4,
                *(["Return to Contents"], [], [says], ["Data Quality"]),
                ["Data in this collection is known to contain inaccuracies."],
                *([], ["Data Coverage"], ["See Table 1."], [], [copyright_line]),
            ),
            0,
        ),
        _summary(release, period, marks, says, copyright_line),
        Sheet(
            "Table 2",
            [
                *_above(says),
                [
                    f"Table 2: Submissions received by practices via {_SYSTEMS}, "
                    f"{month_name(period)}"
                ],
                [],
                list(_PRACTICES),
                *practices,
                *_below(_NOTES[1:], copyright_line),
            ],
            12,
        ),
        Sheet(
            "Table 3",
            [
                *_above(says),
                [
                    "Table 3: Average number of submissions via online consultation "
                    "systems by submission time, per weekday, England, "
                    f"{month_name(period)}"
                ],
                [None, "Submission time"],
                ["Day", *hours],
                *by_hour,
                *_below(_NOTES[1:2], copyright_line),
            ],
            12,
            [(11, 2, 11, 1 + len(hours))],
        ),
    ]
    return workbook(sheets, change)


def _above(says: str | None) -> list[list[Cell]]:
    """Nine rows with a logo, nearly."""
    return lines(*[[]] * 6, [says], ["Return to Contents"], ["_"])


def _below(notes: Sequence[str], copyright_line: str) -> list[list[Cell]]:
    numbered = [f"{number}   {note}" for number, note in enumerate(notes, 1)]
    return lines(
        *([], ["Source: NHS England"]),
        ["Notes:", numbered[0]],
        *([None, note] for note in numbered[1:]),
        *([], [None, copyright_line]),
    )


def _summary(
    release: str,
    period: str,
    marks: Mapping[str, str],
    says: str | None,
    copyright_line: str,
) -> Sheet:
    """Table 1: a column per month, dates where no footnote makes them text."""
    body: list[list[Cell]] = []
    for row in values("online-consultation-summary"):
        if row["release"] != release:
            continue
        body.append(cells(list(row.values())[1:]))
        if row["measure"].startswith(_BLANK_AFTER):
            body.append([])
    months: list[Cell] = []
    at = period
    for _ in range(len(body[0]) - 2):
        mark = marks.get(at)
        months.append(f"{_first(at):%b-%y} {mark}" if mark else _first(at))
        at = _previous(at)
    title = f"Table 1: Summary of availability and usage of {_SYSTEMS}, England"
    rows = lines(
        *_above(says),
        [title],
        [None, None, *months],
        *body,
        *_below(_NOTES, copyright_line),
    )
    return Sheet("Table 1", rows, 11, months=frozenset({11}))


def _titles(
    title: str, period: str, says: str | None, copyright_line: str
) -> list[list[Cell]]:
    first = period
    for _ in range(18):
        first = _previous(first)
    return lines(
        *[[]] * 6,
        *(["_"], [title], ["Official Statistics in Development"], ["_"]),
        [f"{month_name(first)} to {month_name(period)}"],
        [f"Publication date: 18 {month_name(_next(period))}"],
        *([], [says], ["Introduction"]),
        [
            "The aim of the publication is to inform users about patient use of "
            f"{_SYSTEMS} to submit requests to general practice."
        ],
        *([], ["Contents"], ["Data Quality"]),
        [f"Table 1: Summary of availability and usage of {_SYSTEMS}, England"],
        [f"Table 2: Submissions received by practices, {month_name(period)}"],
        ["Table 3: Average number of submissions by submission time, per weekday"],
        *([], [copyright_line]),
    )


def _first(period: str) -> dt.date:
    return month(int(period[:4]), int(period[5:])).start


def _previous(period: str) -> str:
    return f"{_first(period) - dt.timedelta(days=1):%Y-%m}"


def _next(period: str) -> str:
    return f"{_first(period) + dt.timedelta(days=31):%Y-%m}"


def files() -> dict[str, bytes]:
    """The online consultation examples by their paths below ``examples/``."""
    start = (
        "publications/online_consultation/Submissions via OC Systems in General "
        "Practice"
    )
    return {
        f"{start} - {month_name(release)}.xlsx": online_consultation(release)
        for release in MARKS
    }
