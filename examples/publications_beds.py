"""Beds open overnight: by trust and sector, by region, and by consultant specialty."""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Sequence

from examples.publications_sheets import (
    Cell,
    Change,
    Sheet,
    example_line,
    lines,
    titled,
    values,
    workbook,
)

SAYS = "7 trusts only; England and the regions are the sums of these"
SECTORS = ("General & Acute", "Learning Disabilities", "Maternity", "Mental Illness")
_REGIONS = {
    **{"Y56": "LONDON", "Y58": "SOUTH WEST"},
    **{"Y62": "NORTH WEST", "Y63": "NORTH EAST AND YORKSHIRE"},
}
_KEYS = ("Year", "Period End", "Region Code", "Org Code", "Org Name")
_REGION_KEYS = ("Year", "Period End", "Region Code", "AT Name")
#: The quarter whose workbook kept the column numbers of the publisher's lookups.
_WITH_NUMBERS = "2024-09"

#: A row without its quarter: codes and name, then figures.
Row = tuple[Sequence[Cell], Sequence[float]]


def beds(
    release: str = "2024-12",
    *,
    period: str | None = None,
    example: bool = True,
    change: Change | None = None,
) -> bytes:
    """The workbook of a quarter.

    Args:
        release: Whose figures: the quarter's last month, ``2024-09`` or ``2024-12``.
        period: The last month in titles and rows; that of the release by default.
        example: Whether a line says that this is an example.
        change: Changes the sheets before they are written.
    """
    trusts: list[Row] = []
    for row in values("beds-sectors"):
        quarter, *codes = list(row.values())[:4]
        if quarter == release:
            trusts.append((codes, [float(beds) for beds in list(row.values())[4:]]))
    regions: list[Row] = []
    for code, name in _REGIONS.items():
        own = [figures for codes, figures in trusts if codes[0] == code]
        if own:
            regions.append(((code, name), _summed(own)))
    specialties = [row["name"] for row in values("beds-specialty-names")]
    occupied: list[Row] = [
        (codes, [beds_of.get(name.split()[0], 0.0) for name in specialties])
        for (codes, _), beds_of in zip(trusts, _by_specialty(release), strict=True)
    ]
    period = period or release
    sheets = [
        Sheet("Data Quality", _quality(period, example), 0),
        _sheet(
            "NHS Trust by Sector",
            [
                [*codes, *_by_sector(figures)]
                for codes, figures in _with_england(trusts)
            ],
            _KEYS,
        ),
        _sheet(
            "Region by Sector",
            [
                [*codes[-2:], *_by_sector(figures)]
                for codes, figures in _with_england(regions)
            ],
            _REGION_KEYS,
        ),
        _sheet(
            "Occupied by Specialty",
            [[*codes, *figures] for codes, figures in _with_england(occupied)],
            _KEYS,
            specialties,
        ),
    ]
    for sheet in sheets[1:]:
        sheet.rows[:12] = _titles(sheet.name, period, example)
        for line in sheet.body:
            if line:
                line[1:1] = [_year(period), calendar.month_name[int(period[5:])]]
    if release == _WITH_NUMBERS:
        _number(sheets[1], 12)
        sheets[1].rows[12] += [None, None, 227]
        _number(sheets[3], 13)
    return workbook(sheets, change)


def _by_specialty(release: str) -> list[dict[str, float]]:
    return [
        {
            code: float(number)
            for code, number in (pair.split(":") for pair in row["occupied"].split())
        }
        for row in values("beds-specialties")
        if row["quarter_end"] == release
    ]


def _summed(rows: Iterable[Sequence[float]]) -> list[float]:
    return [sum(column) for column in zip(*rows, strict=True)]


def _with_england(rows: Sequence[Row]) -> list[Row]:
    return [((None, None, "England"), _summed(figures for _, figures in rows)), *rows]


def _by_sector(figures: Sequence[float]) -> list[Cell]:
    """Available, occupied and their share, each with its total and a spacer between."""
    available = [sum(figures[:4]), *figures[:4]]
    occupied = [sum(figures[4:]), *figures[4:]]
    shares = [
        part / whole if whole else "-"
        for part, whole in zip(occupied, available, strict=True)
    ]
    return [*available, None, *occupied, None, *shares]


def _sheet(
    name: str,
    body: list[list[Cell]],
    keys: Sequence[str],
    specialties: Sequence[str] | None = None,
) -> Sheet:
    """A sheet whose titles and quarters are still to be filled in."""
    level = "Area Team Level Data" if keys is _REGION_KEYS else "Provider Level Data"
    parents: list[Cell] = []
    names: list[Cell] = [None, *keys]
    merged = [(13, 2, 13, 4)]
    if specialties is None:
        parents += [None] * len(names)
        for at, parent in enumerate(("Available", "Occupied", "% Occupied")):
            spacer: list[Cell] = [None] if at else []
            parents += [*spacer, parent, *[None] * len(SECTORS)]
            names += [*spacer, "Total ", *SECTORS]
            merged.append((14, len(names) - len(SECTORS), 14, len(names)))
    else:
        names += specialties
    england, *others = ([None, *row] for row in body)
    rows = lines(*[[]] * 12, [None, level], parents, names, england, [], *others)
    return Sheet(name, rows, 15, merged)


def _number(sheet: Sheet, row: int) -> None:
    """Leaves numbers of columns, from 3, above the figures."""
    start = len(_KEYS) + 1
    cells = sheet.rows[row - 1]
    cells += [None] * (start - len(cells))
    cells += range(3, 3 + len(sheet.names) - start)


def _titles(name: str, period: str, example: bool) -> list[list[Cell]]:
    by_specialty = name == "Occupied by Specialty"
    what = "occupied beds" if by_specialty else "available and occupied beds"
    how = "Consultant Specialty" if by_specialty else "sector"
    last = int(period[5:])
    months = f"{calendar.month_name[last - 2]} to {calendar.month_name[last]}"
    filled: dict[int, Sequence[Cell]] = {
        2: ["Title:", f"Average daily number of {what} open overnight by {how}"],
        3: [
            "Summary:",
            "KH03 is the collection of data to monitor available and occupied beds "
            "open day only that are consultant led.",
        ],
        4: [example_line(SAYS)] if example else [],
        5: ["Period:", f"{months} {period[:4]}"],
        6: ["Source:", "NHS England: SDCS data collection - KH03"],
        7: ["Basis:", "Provider"],
        9: ["Revised:"],
        10: ["Status:", "Public"],
        11: ["Contact:", "england.nhsdata@nhs.net"],
    }
    return titled(filled, 12)


def _year(period: str) -> str:
    """The financial year of a month, ``2024-25``."""
    first = int(period[:4]) - (int(period[5:]) < 4)
    return f"{first}-{(first + 1) % 100:02d}"


def _quarter(period: str) -> str:
    return f"Q{(int(period[5:]) - 4) % 12 // 3 + 1}"


def _quality(period: str, example: bool) -> list[list[Cell]]:
    return [
        [f"Data Quality KH03 {_quarter(period)} {_year(period)}"],
        [],
        ["This file includes all data submitted by the trusts in it"],
        [example_line(SAYS)] if example else [],
    ]


def files() -> dict[str, bytes]:
    """The bed examples by their paths below ``examples/``."""
    folder = "publications/beds_overnight/Beds-Open-Overnight-Web_File"
    return {
        f"{folder}-{_quarter(end)}-{_year(end)}.xlsx": beds(end)
        for end in ("2024-09", "2024-12")
    }
