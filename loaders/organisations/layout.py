"""Layout of the lists of organisations: tables, columns, and what a code looks like."""

from __future__ import annotations

import re
from collections.abc import Mapping

from loaders.model import Column
from loaders.sheets.names import clean_name

#: Codes of the Organisation Data Service: trusts have three characters, newer
#: organisations five, sites and practices up to ten.
ORG_CODE = re.compile(r"[A-Z0-9]{3,10}")
ONS_CODE = re.compile(r"[A-Z]\d{8}")

TABLES: Mapping[str, tuple[Column, ...]] = {
    "ods_organisations": (
        *("org_code", "org_name", "national_grouping", "health_geography"),
        *("address_1", "address_2", "address_3", "address_4", "address_5"),
        *("postcode", "open_date", "close_date", "telephone", "amended_indicator"),
        *("gor_code", "other"),
    ),
    "icb_lookup": (
        *("sub_icb_ons_code", "sub_icb_code", "sub_icb_name"),
        *("icb_ons_code", "icb_code", "icb_name"),
        *("region_ons_code", "region_code", "region_name"),
    ),
    "classification": (
        *("org_code", "org_name", "status", "opened", "closed"),
        ("is_nhs_trust", "boolean"),
    ),
    "successions": ("org_code", "relation", "other_code", "other_name"),
    "fhir_organisations": (
        *("org_code", "org_name", "active", "primary_role_code"),
        "primary_role_display",
        ("is_foundation_trust", "boolean"),
        *("last_change_date", "roles", "address", "phone", "website"),
    ),
}

#: Columns of an ODS list. It has no names of its own; copies with a header call the
#: ones that are nameless here ``Column 13`` and so on.
ODS_WIDTH = 27
ODS_COLUMNS: Mapping[int, str] = {
    **dict(enumerate(("org_code", "org_name", "national_grouping"))),
    3: "health_geography",
    **{4 + i: f"address_{i + 1}" for i in range(5)},
    **{9: "postcode", 10: "open_date", 11: "close_date"},
    **{17: "telephone", 21: "amended_indicator", 23: "gor_code"},
}
_ODS_HEADERS = {
    "org_code": ("organisation_code", "org_code", "code"),
    "org_name": ("name", "organisation_name", "org_name"),
    "health_geography": (
        *("higher_level_health_geography", "high_level_health_geography"),
        "health_geography",
    ),
    **{f"address_{i}": (f"address_line_{i}", f"address_{i}") for i in range(1, 6)},
    "telephone": ("contact_telephone_number", "telephone"),
    "amended_indicator": ("amended_record_indicator", "amended_indicator"),
}


def is_ods_header(row: list[str]) -> bool:
    """Whether the first row of an ODS list holds names instead of an organisation."""
    return clean_name(row[0]) in _ODS_HEADERS["org_code"]


def ods_header_fits(column: str, header: str) -> bool:
    """Whether a header is one of the names of a column of an ODS list."""
    return clean_name(header) in _ODS_HEADERS.get(column, (column,))


_LOOKUP = re.compile(r"(SICBL|ICB|NHSER)(\d{2})(CD|CDH|NM)", re.IGNORECASE)
_LEVELS = {"SICBL": "sub_icb", "ICB": "icb", "NHSER": "region"}
_PARTS = {"CD": "ons_code", "CDH": "code", "NM": "name"}
#: Numbers that the Office for National Statistics' portal gives to rows.
_ROW_NUMBERS = frozenset(("objectid", "fid"))


def lookup_column(header: str) -> str | None:
    """The column a name such as ``SICBL22CDH`` lands in; empty for a row number."""
    match = _LOOKUP.fullmatch(header.strip())
    if match:
        return f"{_LEVELS[match[1].upper()]}_{_PARTS[match[3].upper()]}"
    return "" if header.strip().lower() in _ROW_NUMBERS else None


def lookup_years(row: list[str]) -> set[int]:
    """The years that the column names of a lookup carry; empty for any other row."""
    found = [m for cell in row if (m := _LOOKUP.fullmatch(cell.strip()))]
    return {2000 + int(m[2]) for m in found} if len(found) >= 3 else set()
