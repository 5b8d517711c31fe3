"""Column layouts of the cancer waiting times tables, and matching a header to one.

A table is known by the sequence of its header texts, footnote marks left out: never by
the name or the number of its sheet, and never by position alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from loaders.errors import Quarantined

#: First month of the standards in force since 1 October 2023; every earlier month lands
#: in ``legacy_waits``, whatever its columns are called.
CURRENT_STANDARDS_FROM = "2023-10"


@dataclass(frozen=True)
class Col:
    """A column of a layout: where it lands, its role, the header texts it may have."""

    landed: str
    role: str  # dimension | measure | pct
    headers: tuple[str, ...]


@dataclass(frozen=True)
class Layout:
    """A published table: its landing table, its identity, its columns in order."""

    table: str
    source_table: str
    columns: tuple[Col, ...]


#: Who a row is about. The commissioner header was the ICB's from July 2022, before it
#: the clinical commissioning group's.
PROVIDER_HEADERS = ("accountable_provider", "provider")
_COMMISSIONER = re.compile(r"commission|integrated_care_board|(^|_)(icb|ccg)(_|$)")

_CODE = Col("ods_code", "dimension", ("ods_code",))
_ORG = Col("org_name", "dimension", ("accountable_provider", "integrated_care_board_…"))
_ROUTE = Col("referral_route", "dimension", ("referral_route",))
_STAGE = Col("treatment_stage", "dimension", ("treatment_stage",))
_CANCER = Col("cancer_type", "dimension", ("cancer_type",))
_MODALITY = Col("treatment_modality", "dimension", ("treatment_modality",))
_SUSPECTED = Col(
    "suspected_cancer",
    "dimension",
    ("suspected_cancer_or_breast_symptomatic", "suspected_type_of_cancer"),
)
_REASON = Col("referral_reason", "dimension", ("referral_reason",))
_TOTAL = Col("total", "measure", ("total",))


def _standard(days: int, done: str) -> tuple[Col, ...]:
    """The columns that say how many waited no longer than the standard."""
    within, after = f"within_{days}_days", f"after_{days}_days"
    printed = (f"{done}_{within}", f"percentage_{done}_{within}")
    return (
        _TOTAL,
        Col(within, "measure", (within,)),
        Col(after, "measure", (after,)),
        Col(f"pct_{within}", "pct", printed),
    )


def _bands(*names: str) -> tuple[Col, ...]:
    """The bands of waiting time; the publisher writes IN 32 TO 38 or 32 TO 38."""
    return tuple(
        Col(f"band_{n}_days", "measure", (f"{n}_days", f"in_{n}_days")) for n in names
    )


_W28 = (
    *_standard(28, "told"),
    *_bands("within_14", "15_to_28", "29_to_42", "43_to_62", "after_62"),
)
_W31 = (
    *_standard(31, "treated"),
    *_bands("within_31", "32_to_38", "39_to_48", "49_to_62", "after_62"),
)
_W62 = (
    *_standard(62, "treated"),
    *_bands("within_31", "32_to_38", "39_to_48", "49_to_62"),
    *_bands("63_to_76", "77_to_90", "91_to_104", "after_104"),
)
_SEEN = (
    _TOTAL,
    *_bands("within_14", "15_to_16", "17_to_21", "22_to_28", "after_28"),
)

#: A layout with a cancer type holds either all cancers together or each apart; which of
#: them is decided by its rows (``by_content``).
LAYOUTS = (
    Layout("fds_waits", "fds_all_routes", (_CODE, _ORG, _ROUTE, *_W28)),
    Layout("fds_waits", "fds_by_route", (_CODE, _ORG, _ROUTE, _SUSPECTED, *_W28)),
    Layout(
        "treatment_31_day_waits",
        "treatment_31_day_by_cancer",
        (_CODE, _ORG, _STAGE, _CANCER, *_W31),
    ),
    Layout(
        "treatment_31_day_waits",
        "treatment_31_day_by_modality",
        (_CODE, _ORG, _STAGE, _MODALITY, *_W31),
    ),
    Layout(
        "treatment_62_day_waits",
        "treatment_62_day_by_cancer",
        (_CODE, _ORG, _ROUTE, _CANCER, *_W62),
    ),
    Layout(
        "treatment_62_day_waits",
        "treatment_62_day_by_modality",
        (_CODE, _ORG, _ROUTE, _MODALITY, *_W62),
    ),
    Layout("first_seen_waits", "first_seen_usc", (_CODE, _ORG, _SUSPECTED, *_SEEN)),
    Layout("first_seen_waits", "first_seen_ubs", (_CODE, _ORG, _REASON, *_SEEN)),
)


def _landing_tables() -> Mapping[str, tuple[str, ...]]:
    fds, t31, t62 = ("fds_waits", "treatment_31_day_waits", "treatment_62_day_waits")
    org = ("ods_code", "org_name")

    def names(columns: Sequence[Col]) -> tuple[str, ...]:
        return tuple(c.landed for c in columns)

    cancer = ("cancer_type", "treatment_modality")
    return {
        fds: (*org, "referral_route", "suspected_cancer", *names(_W28)),
        t31: (*org, "treatment_stage", *cancer, *names(_W31)),
        t62: (*org, "referral_route", *cancer, *names(_W62)),
        "first_seen_waits": (
            *(*org, "suspected_cancer", "referral_reason"),
            *names(_SEEN),
        ),
        "legacy_waits": (
            *("published_title", "standard_days", "ons_area_id", *org),
            *("care_setting", "referral_route", "treatment_stage", "cancer_type"),
            *("treatment_type", "total", "within_standard", "after_standard"),
            *("pct_within_standard", "bands"),
        ),
    }


#: Columns of each landing table, all text, without provenance.
TABLES = _landing_tables()


def is_org_header(name: str) -> bool:
    """Whether a cleaned header names the organisation of the row."""
    return org_basis(name) is not None


def org_basis(name: str) -> str | None:
    """The basis that the organisation's header speaks of, or ``None``."""
    if name in PROVIDER_HEADERS:
        return "provider"
    return "commissioner" if _COMMISSIONER.search(name) else None


def _accepts(column: Col, name: str) -> bool:
    if column is not _ORG:
        return name in column.headers
    # ``PROVIDER`` alone is the header of the standards before October 2023.
    return name != "provider" and is_org_header(name)


def match(names: Sequence[str], where: str) -> Layout:
    """The layout whose columns are these, in this order.

    Args:
        names: Cleaned header texts of the named columns, from left to right.
        where: File, sheet and row, for messages.

    Raises:
        Quarantined: A column is unknown, missing, repeated or out of its order.
    """
    for layout in LAYOUTS:
        if len(names) == len(layout.columns) and all(
            map(_accepts, layout.columns, names)
        ):
            return layout
    nearest = max(LAYOUTS, key=lambda candidate: _likeness(candidate, names))
    raise Quarantined(
        f"cannot match the columns of the table: {_difference(nearest, names)}",
        where=where,
        expected=_listed([c.headers[0] for c in nearest.columns]),
        found=_listed(names),
        next_step=(
            "compare the sheet with the publisher's notes; a layout that really "
            "changed needs a new entry in loaders/cancer/layout.py"
        ),
    )


def _likeness(layout: Layout, names: Sequence[str]) -> tuple[int, int]:
    known = sum(any(_accepts(c, n) for n in names) for c in layout.columns)
    return known, -abs(len(names) - len(layout.columns))


def _difference(layout: Layout, names: Sequence[str]) -> str:
    columns = list(layout.columns)
    parts = []
    for column in columns:
        wanted = sum(c.headers == column.headers for c in columns)
        have = sum(_accepts(column, n) for n in names)
        if have < wanted and f"missing {column.headers[0]}" not in parts:
            parts.append(f"missing {column.headers[0]}")
    for name in dict.fromkeys(names):
        places = sum(_accepts(c, name) for c in columns)
        if not places:
            parts.append(f"unknown {name}")
        elif names.count(name) > places:
            parts.append(f"repeated {name}")
    return ", ".join(parts) or "the columns stand in another order"


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names)


# ------------------------------------------------------------ standards before Oct 2023

_LEGACY_DIMENSIONS = {
    "ons_area_id": "ons_area_id",
    "ods_code": "ods_code",
    "care_setting": "care_setting",
    "referral_route": "referral_route",
    "referral_reason": "referral_route",
    "treatment_stage": "treatment_stage",
    "treatment_type": "treatment_type",
    "treatment_modality": "treatment_type",
}
_LEGACY_CANCER = re.compile(r"cancer|tumour|breast_symptom")
_WITHIN = re.compile(r"within_(14|28|31|62)_days")
_PCT = re.compile(r"(?=.*(?:percentage|treated|told|seen)).*|pct.*")
_BAND = re.compile(r"(?:in_)?\d+_to_\d+_days|within_\d+_days|after_\d+_days")
#: Headers that only the standards before October 2023 have.
_LEGACY_ONLY = frozenset(("ons_area_id", "care_setting", "provider", "treatment_type"))


def legacy_headers(names: Sequence[str]) -> list[str]:
    """The headers that belong to the standards before October 2023 alone."""
    return [n for n in names if n in _LEGACY_ONLY]


def match_legacy(names: Sequence[str], where: str) -> Layout:
    """The generic layout of a table of the standards before October 2023.

    Its dimensions may be any of those the publisher used; then total, within and after
    the standard, percentage, bands. Bands land together as ``bands``; their
    ``headers`` hold the cleaned name.

    Raises:
        Quarantined: As :func:`match`.
    """
    columns: list[Col] = []
    found = list(names)
    total = found.index("total") if "total" in found else len(found)
    for name in found[:total]:
        columns.append(Col(_legacy_dimension(name), "dimension", (name,)))
    rest = found[total:]
    days = _WITHIN.fullmatch(rest[1]) if len(rest) > 2 else None
    if days and rest[2] == f"after_{days[1]}_days":
        landed = ("total", "within_standard", "after_standard")
        columns += [
            Col(c, "measure", (n,)) for c, n in zip(landed, rest[:3], strict=True)
        ]
        rest = rest[3:]
        if rest and _PCT.fullmatch(rest[0]):
            columns.append(Col("pct_within_standard", "pct", (rest.pop(0),)))
        columns += [
            Col("bands" if _BAND.fullmatch(n) else "", "measure", (n,)) for n in rest
        ]
    problem = _legacy_problem(columns, len(found))
    if problem or not days:
        raise Quarantined(
            f"cannot match the columns of the table: {problem or 'no standard'}",
            where=where,
            expected=(
                "ods_code, provider, then what the rows are about, total, "
                "within_N_days, after_N_days, the percentage, bands of waiting time "
                "(a table of the standards before October 2023)"
            ),
            found=_listed(found),
            next_step=(
                "compare the file with the publisher's notes; a layout that really "
                "differs needs a new entry in loaders/cancer/layout.py"
            ),
        )
    return Layout("legacy_waits", f"legacy_{days[1]}_day", tuple(columns))


def _legacy_dimension(name: str) -> str:
    if name in _LEGACY_DIMENSIONS:
        return _LEGACY_DIMENSIONS[name]
    if is_org_header(name):
        return "org_name"
    return "cancer_type" if _LEGACY_CANCER.search(name) else ""


def _legacy_problem(columns: Sequence[Col], found: int) -> str:
    unknown = [c.headers[0] for c in columns if not c.landed]
    landed = [c.landed if c.landed != "bands" else c.headers[0] for c in columns]
    repeated = sorted({n for n in landed if n and landed.count(n) > 1})
    missing = [n for n in ("ods_code", "org_name", "total") if n not in landed]
    parts = [f"missing {n}" for n in missing]
    parts += [f"unknown {n}" for n in unknown] + [f"repeated {n}" for n in repeated]
    if not parts and len(columns) < found:
        parts.append("total is not followed by within and after the same standard")
    return ", ".join(parts)
