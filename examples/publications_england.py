"""Workbooks of NHS England: diagnostics by provider, and virtual wards by ICB."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from examples.output import month_name
from examples.publications_sheets import (
    Cell,
    Change,
    Sheet,
    cells,
    example_line,
    titled,
    values,
    workbook,
)

# ------------------------------------------------------------------------ diagnostics

DIAGNOSTICS_SAYS = "7 providers and some tests only; totals are the sums of these"
_KEYS = (
    *("Regional Team Code", "Regional Team Name", "Provider Code", "Provider Name"),
)
_TEST_KEYS = ("Diagnostic ID", "Diagnostic Test Name")
_SUMMARY = (
    *("Total Waiting List", "Number waiting 6+ Weeks", "Number waiting 13+ Weeks"),
    "Percentage waiting 6+ weeks",
)
_WEEKS = (
    "0 <01 weeks",
    *(f"{week:02d} <{week + 1:02d} weeks" for week in range(1, 13)),
    "13+ weeks",
)
_ACTIVITY = (
    *("Planned tests / procedures", "Unscheduled tests / procedures"),
    "Waiting list tests / procedures (excluding planned)",
)
#: The number of the row that totals the tests of a provider.
_ALL_TESTS: tuple[Cell, Cell] = (16, "Total")


def diagnostics(
    release: str = "2025-01",
    *,
    period: str | None = None,
    example: bool = True,
    change: Change | None = None,
) -> bytes:
    """The workbook of waits for diagnostic tests, by provider and by test.

    The publisher's is an xls; nothing here writes that format.

    Args:
        release: Whose figures: ``2024-12`` or ``2025-01``.
        period: ``YYYY-MM`` in the titles; that of the release by default.
        example: Whether a line says that this is an example.
        change: Changes the sheets before they are written.
    """
    rows = [r for r in values("diagnostics-tests") if r["period"] == release]
    by_provider: dict[str, list[dict[str, str]]] = {}
    for row in rows:
        by_provider.setdefault(row["provider_code"], []).append(row)
    national: list[Cell] = [None, None, None, None, "Total"]
    providers: list[list[Cell]] = [[*national, *_waits(rows)], []]
    tests: list[list[Cell]] = [[*national, None, None, *_waits(rows)], []]
    for own in by_provider.values():
        first = own[0]
        keys: list[Cell] = [None, first["region_code"], first["region_name"]]
        keys += [first["provider_code"], first["provider_name"]]
        providers.append([*keys, *_waits(own)])
        for one in own:
            test: list[Cell] = [int(one["test_id"]), one["test_name"]]
            tests.append([*keys, *test, *_waits([one])])
        tests.append([*keys, *_ALL_TESTS, *_waits(own)])
    title = month_name(period or release)
    guidance = titled({5: [None, "31st January 2013"], 8: [None, "6th March 2013"]}, 8)
    unsent = "The following organisation did not submit Diagnostics (DM01) data this "
    notes = titled({2: ["Notes"], 4: [f"{unsent}month:"], 6: ["Code", "Name"]}, 6)
    return workbook(
        [
            _diagnostics_sheet("Provider", title, _KEYS, providers, example),
            _diagnostics_sheet(
                "Provider by Test", title, (*_KEYS, *_TEST_KEYS), tests, example
            ),
            Sheet("Guidance & Definitions", guidance, 0),
            Sheet("Notes", notes, 0, hidden=True),
        ],
        change,
    )


def _waits(rows: Iterable[dict[str, str]]) -> list[Cell]:
    figures = [[int(figure) for figure in list(row.values())[7:]] for row in rows]
    sums = [sum(column) for column in zip(*figures, strict=True)]
    bands, activity = sums[: len(_WEEKS)], sums[len(_WEEKS) :]
    total, over_six = sum(bands), sum(bands[6:])
    share = over_six / total if total else 0
    return [total, over_six, bands[13], share, *bands, None, *activity, None]


def _diagnostics_sheet(
    name: str, title: str, keys: Sequence[str], body: list[list[Cell]], example: bool
) -> Sheet:
    lines: dict[int, list[Cell]] = {
        2: ["Title:", "Monthly Diagnostics"],
        3: [
            "Summary:",
            "Waiting times and activity for Diagnostic tests and procedures",
        ],
        4: [example_line(DIAGNOSTICS_SAYS)] if example else [],
        5: ["Period:", title],
        6: ["Source:", "DM01, collected via SDCS"],
        7: ["Basis:", "Provider"],
        10: ["Status:", "Published"],
        11: ["Contact:", "england.diagnosticsdata@nhs.net"],
    }
    parents: list[Cell] = [None, "Provider level data", *[None] * (len(keys) + 3)]
    bands = len(parents) + 1
    parents += ["Number of Patients Waiting at Month End", *[None] * (len(_WEEKS) - 1)]
    parents += ["Timebands \n Waiting", "Activity during month", None, None, "Activity"]
    after = bands + len(_WEEKS)
    names: list[Cell] = [None, *keys, *_SUMMARY, *_WEEKS, None, *_ACTIVITY, None]
    merged = [
        (13, 2, 13, 5),
        (13, bands, 13, after - 1),
        (13, after, 14, after),
        (13, after + 1, 13, after + 3),
        (13, after + 4, 14, after + 4),
    ]
    return Sheet(name, [*titled(lines, 12), parents, names, *body], 14, merged)


# ---------------------------------------------------------------------- virtual wards

WARDS_SAYS = "9 integrated care boards only; England is the sum of these"
#: What the population counts: adults until March 2024, everybody since.
_POPULATIONS = {
    True: (
        "Virtual Ward Capacity per 100,000 GP registered population aged 16 years and "
        "over\n(see note 2) ",
        "GP registered population aged 16 and over\n(see note 3) ",
    ),
    False: (
        "Virtual Ward Capacity per 100,000 GP registered population\n(see note 2) ",
        "GP registered population\n(see note 3) ",
    ),
}


def virtual_wards(
    release: str = "2024-05",
    *,
    period: str | None = None,
    example: bool = True,
    change: Change | None = None,
) -> bytes:
    """The workbook of virtual wards: by ICB, over adults until March 2024.

    Args:
        release: Whose figures: ``2024-03`` or ``2024-05``.
        period: ``YYYY-MM`` in the titles, which decides what the population counts.
        example: Whether a line says that this is an example.
        change: Changes the sheets before they are written.
    """
    period = period or release
    rows = [r for r in values("virtual-wards") if r["period"] == release]
    capacity, population, patients = (
        sum(int(row[name]) for row in rows)
        for name in ("capacity", "population", "patients")
    )
    per_head = round(capacity / population * 100_000, 1)
    occupied = round(patients / capacity, 3)
    title = "Virtual Ward Capacity and Occupancy monthly statistics in England"
    says = [example_line(WARDS_SAYS)] if example else []
    lines: dict[int, list[Cell]] = {
        2: ["Title:", title],
        3: [*says],
        4: ["Summary:", "Management Information: virtual ward activity"],
        6: ["Month:", month_name(period)],
        8: ["Data Source:", "Virtual Ward Sitrep data submission "],
        9: ["DAPB4068", "Standards and collections - NHS Digital"],
        10: ["Basis:", "Integrated Care Board (ICB), England"],
        12: ["Revised:"],
        13: ["Status:", "Published"],
    }
    table: list[list[Cell]] = [
        [
            *(None, "Region", "Region Code", "ICB code", "Name"),
            "Virtual Ward Capacity \n(see note 1) ",
            *_POPULATIONS[period <= "2024-03"],
            *("Patients in a Virtual Ward\n(see notes 1 and 4) ",),
            "Occupancy %\n(see note 5) ",
        ],
        [
            *(None, "-", "-", "-", "ENGLAND*"),
            *(capacity, per_head, population, patients, occupied),
        ],
    ]
    table += [[None, *cells(list(row.values())[1:])] for row in rows]
    about: dict[int, list[Cell]] = {
        2: ["Title:", title],
        3: [*says],
        5: [
            "Definitions:",
            "Where the monthly figure is reported, this represents the last sitrep "
            "data submitted in the relevant calendar month.",
        ],
        7: ["Notes:"],
        8: [1, "Virtual Ward Capacity (number), in the final sitrep of the month."],
        9: [2, "Virtual Ward Capacity / Patients registered at a GP Practice x 100k"],
        10: [3, "Source: NHS Digital Patients Registered at a GP Practice."],
        11: [4, "Patients on a virtual ward, at 8am Thursday prior to the sitrep."],
        12: [5, "Occupancy =  Patients in a Virtual Ward / Virtual Ward Capacity (%)"],
        13: ["Data Quality:", "Occupancy that exceeds 100% is shown as '100%*'."],
    }
    return workbook(
        [
            Sheet("Notes", titled(about, 13), 0),
            Sheet("Virtual Ward Data", [*titled(lines, 15), *table], 16),
        ],
        change,
    )


def files() -> dict[str, bytes]:
    """The diagnostics and virtual ward examples by their paths below ``examples/``."""
    tests = "publications/diagnostics_dm01/Monthly-Diagnostics-Web-File-Provider"
    return {
        f"{tests}-December-2024.xlsx": diagnostics("2024-12"),
        f"{tests}-January-2025.xlsx": diagnostics("2025-01"),
        "publications/virtual_wards/VW202403.xlsx": virtual_wards("2024-03"),
        "publications/virtual_wards/VW202405.xlsx": virtual_wards("2024-05"),
    }
