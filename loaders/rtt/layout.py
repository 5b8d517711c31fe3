"""Landing tables of RTT, the waiting time bands, and the columns of a full extract."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from loaders.errors import Quarantined
from loaders.model import Column
from loaders.sheets.names import clean_name

#: First week of the open band: 104 since April 2021, 52 before.
OPEN_BANDS = (52, 104)
CLOSED_BANDS = range(max(OPEN_BANDS))


def closed_band(start: int) -> str:
    """The column of the band of one week: ``gt_17_to_18_weeks`` for 17."""
    return f"gt_{start:02d}_to_{start + 1:02d}_weeks"


def open_band(start: int) -> str:
    """The column of the band without an end: ``gt_104_weeks``."""
    return f"gt_{start}_weeks"


def bands_of(open_from: int) -> tuple[str, ...]:
    """The bands of a layout, shortest wait first."""
    return (*map(closed_band, range(open_from)), open_band(open_from))


def _integers(*names: str) -> tuple[Column, ...]:
    return tuple((name, "integer") for name in names)


_BAND_COLUMNS = _integers(
    "open_band_from_weeks",
    *map(closed_band, CLOSED_BANDS),
    *map(open_band, reversed(OPEN_BANDS)),
)
#: The three totals of a full extract: known clock, unknown clock, both.
TOTALS = ("total_known", "total_unknown_clock", "total_all")
#: The summary figures a workbook prints beside the bands, landed as text.
SUMMARIES = (
    *("total", "total_known", "unknown_clock", "within_18_weeks"),
    *("pct_within_18_weeks", "median_wait_weeks", "p92_wait_weeks", "p95_wait_weeks"),
    *("over_52_weeks", "over_65_weeks", "over_78_weeks", "over_104_weeks"),
)

TABLES: Mapping[str, tuple[Column, ...]] = {
    "pathways": (
        "provider_org_code",
        "commissioner_org_code",
        "rtt_part_type",
        "treatment_function_code",
        *_BAND_COLUMNS,
        *_integers(*TOTALS),
    ),
    "extract_codes": ("code_kind", "code", "name", "parent_code", "parent_name"),
    "workbook_pathways": (
        *("region_code", "org_code", "org_name"),
        *("treatment_function_code", "treatment_function_name", "rtt_part_type"),
        *_BAND_COLUMNS,
        *SUMMARIES,
    ),
    "overview_values": (
        *("financial_year", "month", "measure_group", "measure"),
        *("column_letter", "value"),
    ),
}

# ------------------------------------------------------------------ the full extract

#: What the publisher calls a column of the extract, cleaned; the first is today's.
#: Until 2022 commissioners were CCGs, and some copies say so.
_SPELLINGS: Mapping[str, tuple[str, ...]] = {
    "period": ("period",),
    "provider_parent_code": ("provider_parent_org_code", "provider_parent_code"),
    "provider_parent_name": ("provider_parent_name", "provider_parent_org_name"),
    "provider_org_code": ("provider_org_code", "provider_code"),
    "provider_org_name": ("provider_org_name", "provider_name"),
    "commissioner_parent_code": (
        *("commissioner_parent_org_code", "commissioner_parent_code"),
        *("ccg_parent_org_code", "ccg_parent_code"),
    ),
    "commissioner_parent_name": (
        *("commissioner_parent_name", "commissioner_parent_org_name"),
        *("ccg_parent_name", "ccg_parent_org_name"),
    ),
    "commissioner_org_code": (
        *("commissioner_org_code", "commissioner_code"),
        *("ccg_org_code", "ccg_code", "icb_org_code", "icb_code"),
        *("sub_icb_location_code", "sub_icb_code"),
    ),
    "commissioner_org_name": (
        *("commissioner_org_name", "commissioner_name"),
        *("ccg_org_name", "ccg_name", "icb_org_name", "icb_name"),
        *("sub_icb_location_name", "sub_icb_name"),
    ),
    "rtt_part_type": ("rtt_part_type", "rtt_part_name"),
    "rtt_part_description": ("rtt_part_description",),
    "treatment_function_code": ("treatment_function_code",),
    "treatment_function_name": ("treatment_function_name", "treatment_function"),
    "total_known": ("total", "total_known_clock_start"),
    "total_unknown_clock": (
        "patients_with_unknown_clock_start_date",
        "patients_with_unknown_clock_start",
        "unknown_clock_start",
    ),
    "total_all": ("total_all",),
}
_KNOWN = {name: landed for landed, names in _SPELLINGS.items() for name in names}
#: Without these an extract is no extract; names, parents and the split of the total
#: into known and unknown clocks are landed where they are.
REQUIRED = (
    *("period", "provider_org_code", "commissioner_org_code", "rtt_part_type"),
    *("treatment_function_code", "total_all"),
)
_NAMELESS = "nameless_"
_BAND = re.compile(r"gt_(\d+)(?:_to_(\d+))?_weeks(?:_sum_1)?")


@dataclass(frozen=True)
class ExtractLayout:
    """The columns of a full extract.

    Attributes:
        columns: What each column of the file is, in the file's order.
        open_from: First week of the open band.
    """

    columns: tuple[str, ...]
    open_from: int


def is_extract_header(names: Sequence[str]) -> bool:
    """Whether a row is the header of a full extract, sound or not."""
    known = {_KNOWN.get(clean_name(name)) for name in names}
    return {"provider_org_code", "rtt_part_type"} <= known


def match_extract(names: Sequence[str], where: str) -> ExtractLayout:
    """Knows every column of a full extract.

    Args:
        names: The header as published.
        where: File and row, for messages.

    Raises:
        Quarantined: A column is missing, there twice, or not known; nothing is left
            out in silence.
    """
    columns: list[str] = []
    starts: list[int] = []
    opens: list[int] = []
    unknown: list[str] = []
    # Commas at the end of every line, as spreadsheets leave them.
    width = max((i for i, name in enumerate(names, 1) if name.strip()), default=0)
    for name in names[:width]:
        plain = clean_name(name)
        band = _BAND.fullmatch(plain)
        if band and band[2] is None and int(band[1]) in OPEN_BANDS:
            opens.append(int(band[1]))
            columns.append(open_band(int(band[1])))
        elif band and band[2] and int(band[2]) == int(band[1]) + 1:
            starts.append(int(band[1]))
            columns.append(closed_band(int(band[1])))
        elif plain in _KNOWN:
            columns.append(_KNOWN[plain])
        else:
            unknown.append(name.strip() or "a column without a name")
    if unknown:
        raise _refused(where, "columns that are known", ", ".join(unknown[:5]))
    twice = sorted({c for c in columns if columns.count(c) > 1})
    if twice:
        raise _refused(where, "every column once", f"{', '.join(twice[:5])} twice")
    missing = [_SPELLINGS[c][0] for c in REQUIRED if c not in columns]
    if missing:
        raise _refused(where, f"the columns {', '.join(missing)}", "none of that name")
    if len(opens) != 1:
        found = " and ".join(open_band(o) for o in opens) or "none"
        raise _refused(
            where, "one open band, Gt 104 Weeks (before April 2021 Gt 52 Weeks)", found
        )
    if sorted(starts) != list(range(opens[0])):
        lost = sorted(set(range(opens[0])) - set(starts))
        extra = sorted(set(starts) - set(range(opens[0])))
        raise _refused(
            where,
            f"a band for every week up to {opens[0]}",
            f"{', '.join(map(closed_band, lost[:5]))} missing"
            if lost
            else f"{', '.join(map(closed_band, extra[:5]))} beyond the open band",
        )
    columns += [f"{_NAMELESS}{i}" for i in range(len(names) - width)]
    return ExtractLayout(tuple(columns), opens[0])


def is_nameless(column: str) -> bool:
    """Whether a column at the end of an extract has no name; it must be empty."""
    return column.startswith(_NAMELESS)


def _refused(where: str, expected: str, found: str) -> Quarantined:
    return Quarantined(
        "cannot read the columns of the full extract",
        where=where,
        expected=expected,
        found=found,
        next_step="compare with the publisher's copy; if the layout has changed, add "
        "it to loaders/rtt/layout.py",
    )
