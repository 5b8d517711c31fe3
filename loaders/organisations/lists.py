"""Csv lists: of the Organisation Data Service, and lookups of ICBs and regions."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from loaders.agreement import agreed_period
from loaders.errors import Quarantined
from loaders.model import FileRead, Period, SourceFile
from loaders.organisations import layout
from loaders.periods import month, period_in_name
from loaders.sheets import csvtext
from loaders.sheets.layout import SheetRegion, filled
from loaders.sheets.listing import (
    Listing,
    check_cells,
    open_listing,
    place_columns,
    region,
    table_read,
)

Rows = Sequence[tuple[int, list[str]]]

#: Fewer filled cells than this is a line of text.
_ROW_CELLS = 5
_DATE = re.compile(r"(\d{8})?")
_SOME_TEXT = re.compile(r".*\S.*", re.DOTALL)
_MONTH_WANTED = "a month, such as 2025-11"

#: Names of the lists as the Organisation Data Service gives them, such as ``etr``
#: (trusts) and ``ets`` (their sites): one month has a list of each kind.
_KINDS = re.compile(
    r"(?<![a-z])(etr|ets|ect|ects|eccg|eccgsite|eauth|ensa|enonnhs|ephp|ephpsite|"
    r"epraccur|epracmem|ebranchs|egpcur|edispensary|ehospice|ecare|ecarehomehq|esha|"
    r"espha|epcn|eschools|ejustice|eopthq|eoptsite|etreat)(?![a-z])"
)


def kind_in_name(name: str) -> str | None:
    """The kind of list that a file name states: ``etr`` for ``geographic_etr.csv``."""
    match = _KINDS.search(name.lower())
    return match[1] if match else None


def survey(data: bytes, file: SourceFile) -> tuple[FileRead, SheetRegion]:
    """Reads a csv list and says where its table stands.

    Raises:
        Quarantined: Anything in it that cannot be trusted; the message says where.
    """
    listing = open_listing(
        data,
        file.name,
        lambda row: len(filled(row)) >= _ROW_CELLS,
        f"rows of {layout.ODS_WIDTH} columns (ODS list), or a header with names such "
        "as SICBL22CD (lookup of ICBs)",
    )
    years = layout.lookup_years(listing.header)
    return _lookup(listing, years, file) if years else _ods_list(listing, file)


# ------------------------------------------------------------------------- ODS lists


def _ods_list(listing: Listing, file: SourceFile) -> tuple[FileRead, SheetRegion]:
    spare = any("".join(row[layout.ODS_WIDTH :]).strip() for _, row in listing.rows)
    if listing.width < layout.ODS_WIDTH or spare:
        raise Quarantined(
            "cannot read the list: it has another number of columns",
            where=f"{listing.name}, row {listing.first}",
            expected=f"{layout.ODS_WIDTH} columns, as the lists of the Organisation "
            "Data Service have",
            found=f"{listing.width} columns",
            next_step="check that this is such a list (etr.csv, ets.csv); download it "
            "again",
        )
    at = {column: index for index, column in layout.ODS_COLUMNS.items()}
    has_header = layout.is_ods_header(listing.header)
    if has_header:
        _check_header(listing)
    rows = listing.rows[1:] if has_header else listing.rows
    for column, pattern, expected, what in (
        ("org_code", layout.ORG_CODE, "an ODS code, such as RJ1", "code"),
        ("org_name", _SOME_TEXT, "a name", "name"),
        ("open_date", _DATE, "a date as 20251101, or nothing", "date"),
        ("close_date", _DATE, "a date as 20251101, or nothing", "date"),
    ):
        check_cells(listing, rows, at[column], pattern, expected, what)
    others = [i for i in range(layout.ODS_WIDTH) if i not in layout.ODS_COLUMNS]
    columns: Mapping[str, int | Sequence[str | None]] = {
        **at,
        "other": [_other(row, others) for _, row in rows],
    }
    table = table_read(listing, rows, "ods_organisations", "ods_list", columns)
    period, source, note = _period(listing, rows, at, file)
    found = FileRead(
        reader=csvtext.reader_name(),
        period=period,
        period_source=source,
        release_status="unknown",
        basis=kind_in_name(file.name),
        is_example=listing.is_example,
        notes=(*listing.notes, *note),
        tables=[table],
    )
    names = listing.header if has_header else [""] * listing.width
    return found, region(table, at, names, ())


def _check_header(listing: Listing) -> None:
    for index, column in layout.ODS_COLUMNS.items():
        if not layout.ods_header_fits(column, listing.header[index]):
            raise Quarantined(
                "cannot read the list: its columns are not in the usual order",
                where=f"{listing.name}, row {listing.first}, cell {index + 1}",
                expected=f"a name of {column}",
                found=repr(listing.header[index]),
                next_step="download the list again, or load it without its header",
            )


def _other(row: list[str], others: Sequence[int]) -> str | None:
    """The columns without a name that hold something, by their 1-based position."""
    held = {str(i + 1): row[i] for i in others if row[i].strip()}
    return json.dumps(held, ensure_ascii=False) if held else None


def _period(
    listing: Listing, rows: Rows, at: Mapping[str, int], file: SourceFile
) -> tuple[Period, str, tuple[str, ...]]:
    """The month of a list: of its name, else of the latest date in it."""
    named = period_in_name(file.name)
    given = {**file.claims.period_by, **({"name": named} if named else {})}
    # Periods that a run is limited to are a choice among lists, no word on this one.
    claims = replace(file.claims, period_by=given, selected=())
    if not given:
        dated = _latest(listing, rows, at)
        if dated:
            found = month(dated.year, dated.month)
            said = (
                f"neither its name nor its text states a period: {found.label} is the "
                f"month of its latest open or close date, {dated:%Y%m%d}"
            )
            return found, "content", (said,)
    period, source = agreed_period(
        [], claims, file.name, lambda p: p.grain == "month", _MONTH_WANTED
    )
    return period, source, ()


def _latest(listing: Listing, rows: Rows, at: Mapping[str, int]) -> dt.date | None:
    latest: dt.date | None = None
    for number, row in rows:
        for column in ("open_date", "close_date"):
            text = row[at[column]].strip()
            if not text:
                continue
            try:
                date = dt.datetime.strptime(text, "%Y%m%d").date()
            except ValueError as error:
                raise Quarantined(
                    "cannot read a date of the list",
                    where=f"{listing.name}, row {number}",
                    expected="a date as 20251101, or nothing",
                    found=repr(text),
                    next_step="download the list again, and compare it with the "
                    "publisher's copy",
                ) from error
            latest = max(latest or date, date)
    return latest


# ----------------------------------------------------------------------------- lookups


def _lookup(
    listing: Listing, years: set[int], file: SourceFile
) -> tuple[FileRead, SheetRegion]:
    if len(years) > 1:
        raise Quarantined(
            "cannot tell the year of the lookup",
            where=f"{listing.name}, row {listing.first}",
            expected="one year in all names, as in SICBL22CD, ICB22CD, NHSER22CD",
            found=", ".join(map(str, sorted(years))),
            next_step="get the lookup of one year from the publisher",
        )
    (year,) = years
    columns = place_columns(
        listing,
        layout.lookup_column,
        [str(c) for c in layout.TABLES["icb_lookup"]],
        "the lookup of ICBs",
    )
    rows = listing.rows[1:]
    for column, pattern, expected, what in (
        ("sub_icb_ons_code", layout.ONS_CODE, "a code such as E38000006", "ONS code"),
        ("icb_ons_code", layout.ONS_CODE, "a code such as E54000061", "ONS code"),
        ("region_ons_code", layout.ONS_CODE, "a code such as E40000012", "ONS code"),
        ("sub_icb_code", layout.ORG_CODE, "an ODS code, such as 02P", "code"),
        ("icb_code", layout.ORG_CODE, "an ODS code, such as QF7", "code"),
        ("region_code", layout.ORG_CODE, "an ODS code, such as Y63", "code"),
    ):
        check_cells(listing, rows, columns[column], pattern, expected, what)
    table = table_read(listing, rows, "icb_lookup", "icb_lookup", columns)
    stated = Period(dt.date(year, 1, 1), dt.date(year, 12, 31), "year", str(year))
    named = period_in_name(file.name)
    claims = file.claims
    if named and not (stated.start <= named.start and named.end <= stated.end):
        claims = replace(claims, period_by={**claims.period_by, "name": named})
    period, source = agreed_period(
        [(stated, f"row {listing.first}")],
        claims,
        file.name,
        lambda p: p.grain == "year",
        "the year in the column names, as in SICBL22CD",
    )
    found = FileRead(
        reader=csvtext.reader_name(),
        period=period,
        period_source=source,
        release_status="unknown",
        basis=None,
        is_example=listing.is_example,
        notes=listing.notes,
        tables=[table],
    )
    return found, region(table, columns, listing.header, ())
