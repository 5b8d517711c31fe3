"""The columns of a sheet of waits in an RTT workbook.

The header is found by its names, so that the rows of titles above it may grow. A new
column of figures is named in the notes of the table; a new one among the codes and
names is refused, since rows divided by it would mean something else.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from loaders.errors import Quarantined
from loaders.rtt.layout import OPEN_BANDS, closed_band, open_band
from loaders.sheets.layout import filled
from loaders.sheets.names import clean_name, column_letter
from loaders.sheets.workbook import Sheet

_HEADER_WITHIN = 40
_BAND = re.compile(r"\s*>?\s*(\d{1,3})\s*(?:-|–|to)\s*(\d{1,3})\s*(?:weeks?)?\s*")
_OPEN = re.compile(
    r"\s*(?:(\d{2,3})\s*(?:plus|\+)|>\s*(\d{2,3}))\s*(?:weeks?)?\s*", re.I
)

#: Cleaned names of the columns of organisations, and their level.
_ORG_COLUMNS = (
    (re.compile(r"(?:nhs_england_)?(?:regional_team|area_team|region)_code"), "region"),
    (
        re.compile(r"(?:nhs_england_)?(?:regional_team|area_team|region)_name"),
        "region_name",
    ),
    (re.compile(r"provider_(?:org_)?(code|name)"), "provider"),
    (
        re.compile(r"(?:commissioner|sub_icb(?:_location)?|ccg)_(?:org_)?(code|name)"),
        "commissioner",
    ),
    (re.compile(r"(?:icb|stp|integrated_care_board)_(code|name)"), "icb"),
)
_SUMMARY_COLUMNS: tuple[tuple[str, str], ...] = (
    (
        r"total(?:_number_of_completed_pathways)?_with_(?:a_)?known_clock_start",
        "total_known",
    ),
    (
        r"(?:patients_with_|total_with_an?_)?unknown_clock_start(?:_date)?",
        "unknown_clock",
    ),
    (
        r"total|total_all|total_number_of_(?:incomplete_pathways|completed_pathways)"
        r"(?:_with_(?:a_)?(?:dta|decision_to_admit(?:_for_treatment)?))?(?:_all)?"
        r"|(?:total_)?number_of_new_rtt_(?:clock_starts|periods)(?:_during_the_month)?",
        "total",
    ),
    (
        r"total(?:_number_of_completed_pathways)?(?:_with_a_known_clock_start)?"
        r"_within_18_weeks",
        "within_18_weeks",
    ),
    (r"pct_within_18_weeks", "pct_within_18_weeks"),
    (
        r"(?:average_)?median_waiting_time(?:_in_weeks)?",
        "median_wait_weeks",
    ),
    (r"92nd_percentile(?:_waiting_time)?(?:_in_weeks)?", "p92_wait_weeks"),
    (r"95th_percentile(?:_waiting_time)?(?:_in_weeks)?", "p95_wait_weeks"),
    *(
        (rf"total_{n}_plus_weeks|total_over_{n}_weeks", f"over_{n}_weeks")
        for n in (52, 65, 78, 104)
    ),
)
_SUMMARY = tuple((re.compile(pattern), landed) for pattern, landed in _SUMMARY_COLUMNS)
#: Shares that follow from landed counts; named in the notes of the table instead.
_DERIVED = re.compile(
    r"pct_(?:52|65|78|104)_plus_weeks"
    r"|pct_of_incomplete_pathways_with_(?:a_)?(?:dta|decision_to_admit).*"
)


@dataclass(frozen=True)
class Header:
    """Where the header stands (0-based) and what each named column is.

    Attributes:
        header: Row of the names.
        columns: Landed name of each column of the sheet that is one.
        names: The names as published.
        levels: Levels of organisation that have columns.
        open_from: First week of the open band; ``None`` without bands.
        left: Published names of columns of figures that are not landed.
    """

    header: int
    columns: dict[int, str]
    names: dict[int, str]
    levels: frozenset[str]
    open_from: int | None
    left: tuple[str, ...]


def find(sheet: Sheet, where: str) -> Header | None:
    """The header of a table of waits; ``None`` on a sheet without one.

    Raises:
        Quarantined: A column is unknown, there twice, or a band is missing.
    """
    for i, row in enumerate(sheet.rows[:_HEADER_WITHIN]):
        names = {clean_name(c) for c in row if isinstance(c, str)}
        if "treatment_function_code" in names:
            return _header(row, i, f"{where}, row {i + 1}")
    return None


def _header(row: Sequence[Any], at: int, where: str) -> Header:
    columns: dict[int, str] = {}
    names: dict[int, str] = {}
    levels: set[str] = set()
    starts: list[int] = []
    opens: list[int] = []
    left: list[str] = []
    function = max(i for i in filled(row) if _is_function(clean_name(str(row[i]))))
    for i in filled(row):
        name = " ".join(str(row[i]).split())
        plain = clean_name(name)
        band, open_ = _BAND.fullmatch(name), _OPEN.fullmatch(name)
        if band and int(band[2]) == int(band[1]) + 1:
            starts.append(int(band[1]))
            landed = closed_band(int(band[1]))
        elif open_ and int(open_[1] or open_[2]) in OPEN_BANDS:
            opens.append(int(open_[1] or open_[2]))
            landed = open_band(opens[-1])
        elif known := _landed(plain, levels):
            landed = known
        elif i > function and not _BAND.fullmatch(name) and not open_:
            left.append(name if _DERIVED.fullmatch(plain) else f"{name} (not known)")
            continue
        else:
            place = f"{where}, column {column_letter(i)}"
            raise _refused(place, "a column that is known", repr(name))
        if landed in columns.values():
            raise _refused(where, "every column once", f"{name!r} twice")
        columns[i], names[i] = landed, name
    open_from = opens[0] if opens else None
    if (starts or opens) and (
        len(opens) != 1 or sorted(starts) != list(range(opens[0]))
    ):
        lost = sorted(set(range(open_from or max(OPEN_BANDS))) - set(starts))
        found = f"{closed_band(lost[0])} missing" if lost else "bands beyond it"
        if not opens:
            found = "no open band"
        raise _refused(where, "every week's band and one open band", found)
    if "treatment_function_name" not in columns.values():
        raise _refused(where, "the column Treatment Function", "none of that name")
    if open_from is None and "total" not in columns.values():
        raise _refused(where, "weekly bands or a total", f"only {', '.join(left[:5])}")
    frozen = frozenset(levels)
    return Header(at, columns, names, frozen, open_from, tuple(left))


def _is_function(plain: str) -> bool:
    return plain.startswith("treatment_function")


def _landed(plain: str, levels: set[str]) -> str | None:
    if plain == "treatment_function_code":
        return plain
    if plain in ("treatment_function", "treatment_function_name"):
        return "treatment_function_name"
    for pattern, level in _ORG_COLUMNS:
        if match := pattern.fullmatch(plain):
            levels.add(level.removesuffix("_name"))
            if level == "region":
                return "region_code"
            return level if level == "region_name" else f"{level}_{match[1]}"
    for pattern, landed in _SUMMARY:
        if pattern.fullmatch(plain):
            return landed
    return None


def _refused(where: str, expected: str, found: str) -> Quarantined:
    return Quarantined(
        "cannot read the columns of the workbook",
        where=where,
        expected=expected,
        found=found,
        next_step="compare with the publisher's copy; if the layout has changed, add "
        "it to loaders/rtt/book_columns.py",
    )
