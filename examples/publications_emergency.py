"""A&E attendances: the monthly csv, its revision, and the workbook by provider."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from examples.output import month_name
from examples.publications_sheets import (
    Cell,
    Change,
    Sheet,
    csv_text,
    example_line,
    titled,
    values,
    workbook,
)

FOLDER = "publications/ae_attendances"
SAYS = "12 providers only; TOTAL and England are the sums of these"
_DEPARTMENTS = ("Type 1", "Type 2", "Other A&E Department")
_BOOKED = ("Type 1", "Type 2", "Other Department")
CSV_NAMES = (
    *("Period", "Org Code", "Parent Org", "Org name"),
    *(f"A&E attendances {d}" for d in _DEPARTMENTS),
    *(f"A&E attendances Booked Appointments {d}" for d in _BOOKED),
    *("Attendances over 4hrs Type 1", "Attendances over 4hrs Type 2"),
    "Attendances over 4hrs Other Department",
    *(f"Attendances over 4hrs Booked Appointments {d}" for d in _BOOKED),
    "Patients who have waited 4-12 hs from DTA to admission",
    "Patients who have waited 12+ hrs from DTA to admission",
    *("Emergency admissions via A&E - Type 1", "Emergency admissions via A&E - Type 2"),
    "Emergency admissions via A&E - Other A&E department",
    "Other emergency admissions",
)
_KINDS = (
    "Type 1 Departments - Major A&E",
    "Type 2 Departments - Single Specialty",
    "Type 3 Departments - Other A&E/Minor Injury Unit",
)
_SHARES = tuple(
    f"Percentage in 4 hours or less ({kind})"
    for kind in ("all", "type 1", "type 2", "type 3")
)
#: Parents of the columns of the workbook, and the columns of each.
BLOCKS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("A&E attendances", (*_KINDS, "Total attendances")),
    (
        "A&E attendances less than 4 hours from arrival to admission, transfer or "
        "discharge",
        (*_KINDS, "Total Attendances < 4 hours"),
    ),
    (
        "A&E attendances greater than 4 hours from arrival to admission, transfer or "
        "discharge",
        (*_KINDS, "Total Attendances > 4 hours"),
    ),
    ("Percentage of attendances within 4 hours", _SHARES),
    (
        "Emergency Admissions",
        (
            "Emergency Admissions via Type 1 A&E",
            "Emergency Admissions via Type 2 A&E",
            "Emergency Admissions via Type 3 and 4 A&E",
            "Total Emergency Admissions via A&E",
            "Other Emergency admissions (i.e not via A&E)",
            "Total Emergency Admissions",
            "Number of patients spending >4 hours from decision to admit to admission",
            "Number of patients spending >12 hours from decision to admit to admission",
        ),
    ),
)


@dataclass(frozen=True)
class Provider:
    """The figures of an organisation in a month, as the monthly csv gives them."""

    code: str
    region: str
    name: str
    figures: tuple[int, ...]

    def triple(self, block: int) -> tuple[int, int, int]:
        """Three figures by department: attended, booked, over 4 hours, booked over."""
        one, two, three = self.figures[block * 3 : block * 3 + 3]
        return one, two, three


def providers(release: str) -> list[Provider]:
    """Those of a release: ``2025-04``, ``2025-04-revised`` or ``2025-05``.

    A revision is stored as the rows that it changes.
    """
    found: dict[str, Provider] = {}
    for wanted in (release.removesuffix("-revised"), release):
        for row in values("ae-attendances"):
            if row["release"] == wanted:
                _, code, region, name, *figures = row.values()
                found[code] = Provider(code, region, name, tuple(map(int, figures)))
    return list(found.values())


def summed(rows: Sequence[Provider]) -> Provider:
    """All of them as England."""
    figures = tuple(map(sum, zip(*(row.figures for row in rows), strict=True)))
    return Provider("-", "-", "England", figures)


def monthly_csv(
    release: str = "2025-04",
    *,
    period: str | None = None,
    example: bool = True,
    change: Change | None = None,
) -> bytes:
    """The csv of a month, with its row TOTAL.

    Args:
        release: Whose figures: ``2025-04``, ``2025-04-revised`` or ``2025-05``.
        period: ``YYYY-MM`` in the column Period; that of the release by default.
        example: Whether a first line says that this is an example.
        change: Changes the rows before they are written.
    """
    month = month_name(period or release.removesuffix("-revised"))
    label = "MSitAE-" + month.upper().replace(" ", "-")
    found = providers(release)
    rows: list[list[Cell]] = [list(CSV_NAMES)]
    rows += [[label, p.code, p.region, p.name, *p.figures] for p in found]
    rows.append([*["TOTAL"] * 4, *summed(found).figures])
    return csv_text(rows, SAYS if example else None, change)


def provider_figures(one: Provider, booked: bool, percent: bool) -> list[Cell]:
    """The figures of a provider in the workbook, which follow from the csv.

    Args:
        one: The provider.
        booked: Whether booked appointments count.
        percent: Shares as the csv prints them (73.5), not as Excel holds them.
    """
    attended, over = one.triple(0), one.triple(2)
    if booked:
        attended = _sum(attended, one.triple(1))
        over = _sum(over, one.triple(3))
    within = _sum(attended, over, -1)
    blocks = [[*kind, sum(kind)] for kind in (attended, within, over)]
    shares: list[Cell] = []
    for part, whole in zip(
        (blocks[1][3], *within), (blocks[0][3], *attended), strict=True
    ):
        share = part / whole if whole else None
        if percent:
            shares.append(f"{(share or 0) * 100:.1f}")
        else:
            shares.append("-" if share is None else share)
    four, twelve, *admitted, other = one.figures[12:]
    via = sum(admitted)
    return [
        *(figure for block in blocks for figure in block),
        *shares,
        *(*admitted, via, other, via + other, four + twelve, twelve),
    ]


def _sum(a: tuple[int, ...], b: tuple[int, ...], sign: int = 1) -> tuple[int, int, int]:
    one, two, three = (x + sign * y for x, y in zip(a, b, strict=True))
    return one, two, three


def provider_csv(release: str = "2025-05", *, example: bool = True) -> bytes:
    """The workbook's provider rows as the publisher's csv: names without parents."""
    names = [
        name.replace(" - ", " 0 ") if name in _KINDS else name
        for _, block in BLOCKS
        for name in block
    ]
    rows: list[list[Cell]] = [["Code", "Region", "Name", *names]]
    for one in providers(release):
        rows.append(
            [one.code, one.region, one.name, *provider_figures(one, True, True)]
        )
    return csv_text(rows, SAYS if example else None)


def provider_workbook(
    release: str = "2025-05",
    *,
    period: str | None = None,
    example: bool = True,
    change: Change | None = None,
) -> bytes:
    """The workbook by provider: with booked appointments, and without.

    The publisher's is an xls; nothing here writes that format.

    Args:
        release: Whose figures.
        period: ``YYYY-MM`` in the titles; that of the release by default.
        example: Whether a line says that this is an example.
        change: Changes the sheets before they are written.
    """
    period = period or release.removesuffix("-revised")
    sheets = [
        _provider_sheet("Provider Level Data", release, period, True, example),
        _provider_sheet("Non-Booked Data", release, period, False, example),
    ]
    return workbook(sheets, change)


def _provider_sheet(
    name: str, release: str, period: str, booked: bool, example: bool
) -> Sheet:
    lines: dict[int, list[Cell]] = {
        2: [
            "Title:",
            "A&E Attendances & Emergency Admission monthly statistics, NHS and "
            "independent sector organisations in England",
        ],
        4: ["Summary:", "A&E attendances, performance and emergency admissions"],
        5: [example_line(SAYS)] if example else [],
        6: ["Period:", month_name(period)],
        7: ["Source:", "SDCS data collection - MSitAE"],
        8: ["Basis:", "Provider"],
        11: ["Status:", "Published"],
        12: ["Contact:", "england.nhsdata@nhs.net"],
        14: ["Provider Level Data"],
    }
    rows = titled(lines, 14)
    # Numbers of columns that the publisher's lookups left behind.
    rows[0] += [None, None, None, 4, 5, 6]
    parents: list[Cell] = [None] * 4
    names: list[Cell] = [None, "Code", "Region", "Name"]
    merged = [(2, 3, 3, 4)]
    for parent, block in BLOCKS:
        merged.append((15, len(parents) + 1, 15, len(parents) + len(block)))
        parents += [parent, *[None] * (len(block) - 1)]
        names += block
    found = providers(release)
    rows += [parents, names]
    for one in (summed(found), *found):
        figures = provider_figures(one, booked, False)
        rows.append([None, one.code, one.region, one.name, *figures])
        if one.name == "England":
            rows.append([])
    return Sheet(name, rows, 16, merged)


def files() -> dict[str, bytes]:
    """The A&E examples by their paths below ``examples/``."""
    return {
        f"{FOLDER}/Monthly-AE-April-2025.csv": monthly_csv("2025-04"),
        f"{FOLDER}/April-2025-CSV-revised.csv": monthly_csv("2025-04-revised"),
        f"{FOLDER}/Monthly-AE-May-2025.csv": monthly_csv("2025-05"),
        f"{FOLDER}/May-2025-AE.csv": provider_csv("2025-05"),
        f"{FOLDER}/May-2025-AE-by-provider.xlsx": provider_workbook("2025-05"),
    }
