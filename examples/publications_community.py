"""Community health services: waiting lists by month, service and organisation."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

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

RELEASES = ("2024-11", "2024-12", "2025-01")
SAYS = "two regions, one ICB and two providers only beside England"
#: The first release that tells 52 to 104 weeks from more.
_SPLIT_FROM = "2024-12"
_SUBMITTED = (
    "Data is submitted at provider level and aggregated up to national level. "
    "Therefore variation in the number of providers submitting each month could cause "
    "variation in the reported waiting list"
)
_BLANKS = "Blanks indicate no organisation submitted for the service line."
_SAFEGUARDING = (
    "* Data for adult safeguarding, looked after children teams and children and young "
    "people's safeguarding is only published at national level"
)
#: Sheets by organisation: what each counts.
_WAITS = {
    "4": "Total waiting list by service",
    "4a": "Number waiting 0-1 weeks (0-7 days) by service",
    "4b": "Number waiting >1-2 weeks (8-14 days) by service",
    "4c": "Number waiting >2-4 weeks (15-28 days) by service",
    "4d": "Number waiting >4-12 weeks (29-84 days) by service",
    "4e": "Number waiting >12-18 weeks (85-126 days) by service",
    "4f": "Number waiting >18-52 weeks (127-364 days) by service",
    "4g": "Number waiting >52-104 weeks (365-728 days) by service",
    "4h": "Number waiting over 104 weeks (over 2 years) by service",
}
_OVER_52 = "Number waiting over 52 weeks (over 365 days) by service"
_BANDS = (
    *("Total waiting list", "Waiting 0-1 weeks", "Waiting >1-2 weeks"),
    *("Waiting >2-4 weeks", "Waiting >4-12 weeks", "Waiting >12-18 weeks"),
    "Waiting >18-52 weeks",
)


def community(
    release: str = "2025-01", *, example: bool = True, change: Change | None = None
) -> bytes:
    """The workbook of a month: its months run to March, those to come are blank.

    Args:
        release: ``2024-11``, ``2024-12`` or ``2025-01``.
        example: Whether a line of each sheet says that this is an example.
        change: Changes the sheets before they are written.
    """
    title = month_name(release)
    says = [example_line(SAYS)] if example else []
    split = release >= _SPLIT_FROM
    over_52 = ["Waiting >52-104 weeks", "Waiting >104 weeks"]
    bands = [*_BANDS, *(over_52 if split else ["Waiting >52 weeks"])]
    titles = dict(_WAITS)
    if not split:
        titles["4g"] = _OVER_52
        del titles["4h"]
    months = _months(release)
    sheets = [
        _table(
            "Table 1",
            ["Number of organisations in scope that did not submit data", *says],
            ["Organisation Type", "Organisation Name", *months],
            _rows("community-non-submitters", release),
        ),
        _table(
            "Table 2",
            [
                "National time series of total reported waiting list by service",
                *(_SUBMITTED, *says),
            ],
            ["Service", *months],
            _rows("community-waiting-lists", release),
        ),
        _table(
            "Table 3",
            [
                f"National overview of waiting list metrics by service, {title}",
                *(_SUBMITTED, _SAFEGUARDING, *says),
            ],
            [None, *bands],
            [row[: len(bands) + 1] for row in _rows("community-waits", release)],
        ),
    ]
    organisations = _rows("community-organisations", release)
    services = list(values("community-organisations")[0])[5:]
    for number, what in titles.items():
        sheets.append(
            _table(
                f"Table {number}",
                [f"{what}, {title}", _BLANKS, _SAFEGUARDING, *says],
                [
                    *("Organisation Type", "Organisation Code", "Organisation Name"),
                    *services,
                ],
                [row[1:] for row in organisations if str(row[0]) == number],
            )
        )
    return workbook([_cover(release, says), _contents(sheets), *sheets], change)


def _months(release: str) -> list[dt.date]:
    """The months of the financial year of a release."""
    first = int(release[:4]) - (int(release[5:]) < 4)
    return [dt.date(first + (m > 12), (m - 1) % 12 + 1, 1) for m in range(4, 16)]


def _rows(name: str, release: str) -> list[list[Cell]]:
    return [
        cells(list(row.values())[1:])
        for row in values(name)
        if row["release"] == release
    ]


def _table(
    name: str, above: Sequence[str], names: Sequence[Cell], body: list[list[Cell]]
) -> Sheet:
    at = len(above) + 1
    rows = lines(*([line] for line in above), names, *body)
    return Sheet(name, rows, at, months=frozenset({at}))


def _cover(release: str, says: Sequence[str]) -> Sheet:
    first, *_, last = _months(release)
    rows = lines(
        ["Title:", "Community Health Services Waiting Times"],
        [
            "Summary:",
            "This publication uses Community Health Services (CHS) SitRep data to "
            "report on waiting lists and waiting times in England.",
        ],
        [None, *says],
        ["Period:", f"{first:%d %B %Y} - 31 {last:%B %Y}"],
        ["Source:", "Community Health Services (CHS) SitRep"],
        ["Basis:", "Provider"],
        ["Status:", "Management information"],
    )
    return Sheet("Cover page", rows, 0)


def _contents(sheets: Sequence[Sheet]) -> Sheet:
    tables = ([f"{sheet.name}: {sheet.rows[0][0]}"] for sheet in sheets)
    return Sheet("Contents", lines(["Contents"], *tables), 0)


def files() -> dict[str, bytes]:
    """The community health examples by their paths below ``examples/``."""
    folder = "publications/community_health_services"
    start = "Community-health-services-waiting-lists-2024-25"
    made = {}
    for release in RELEASES:
        name = f"{start}-{month_name(release).split()[0]}.xlsx"
        made[f"{folder}/{name}"] = community(release)
    return made
