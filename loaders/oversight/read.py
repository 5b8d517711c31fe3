"""Reads a file of the NHS Oversight Framework; pure: bytes in, tables out."""

from __future__ import annotations

import re
from collections.abc import Sequence

from loaders.agreement import agreed_period
from loaders.errors import Quarantined
from loaders.files.voices import decide_status
from loaders.model import Claims, FileRead, Period, SourceFile
from loaders.oversight import layout
from loaders.periods import parse_period, period_in_name
from loaders.sheets import csvtext
from loaders.sheets.layout import SheetRegion
from loaders.sheets.listing import (
    Listing,
    check_cells,
    open_listing,
    place_columns,
    region,
    table_read,
)
from loaders.sheets.names import clean_name

Rows = Sequence[tuple[int, list[str]]]

#: In small letters only the three of a trust: words such as ``Total`` are none.
_TRUST_CODE = re.compile(r"[A-Z0-9]{3,6}|[a-z0-9]{3}")
_METRIC_ID = re.compile(r"OF\d{4}[A-Za-z]?")
#: Scores, segments and averages, which NHS England computes each quarter: their
#: reporting date is the quarter of the file, while that of a metric is its own.
_OF_THE_QUARTER = re.compile(r"OF[45]\d{3}")
_SOME_TEXT = re.compile(r".*\S.*", re.DOTALL)
_QUARTER_WANTED = "a quarter of a financial year, such as Q1 2025/26"

_NAME = re.compile(r"oversight-framework-(.+?)-trusts?-(data|league-table)")
_NAMED_TABLES = {"data": "metrics", "league-table": "league_table"}
_VERSION = re.compile(r"(?<![a-z0-9])v(\d{1,2})(?![0-9])")


def claims(name: str) -> Claims:
    """What a file name claims: a quarter, and a revision from ``v2`` on."""
    period = period_in_name(name)
    version = _VERSION.search(name.lower())
    revised = version is not None and int(version[1]) > 1
    return Claims(
        period_by={"name": period} if period else {},
        status_by={"name": "revised"} if revised else {},
    )


def named(name: str) -> tuple[str, str] | None:
    """The basis and table that a file name claims; ``None`` when it claims neither."""
    match = _NAME.search(re.sub(r"[\s_]+", "-", name.lower()))
    if match is None:
        return None
    return clean_name(match[1]), _NAMED_TABLES[match[2]]


def read(data: bytes, file: SourceFile) -> FileRead:
    """Reads the metrics or the league table of one kind of trust.

    Args:
        data: Its bytes.
        file: Its name and what is claimed about it.

    Returns:
        One table, ready to land with ``_source_row``.

    Raises:
        Quarantined: Anything in it that cannot be trusted; the message says where.
    """
    return survey(data, file)[0]


def survey(data: bytes, file: SourceFile) -> tuple[FileRead, SheetRegion]:
    """Reads a file and says where its table stands.

    Raises:
        Quarantined: As :func:`read`.
    """
    listing = open_listing(
        data,
        file.name,
        lambda row: layout.table_of(row) is not None,
        "a header with Trust_code and Metric_ID (metrics), or with Average_score and "
        "Segment (league table)",
    )
    table = layout.table_of(listing.header) or ""
    columns = place_columns(
        listing,
        lambda name: (
            n if (n := layout.plain_name(name)) in layout.TABLES[table] else None
        ),
        layout.required(table),
        f"the {table.replace('_', ' ')}",
    )
    rows = listing.rows[1:]
    made = table_read(listing, rows, table, table, columns)
    _check(listing, rows, columns)
    basis = _basis(rows, columns["trust_type"])
    _check_name(listing, rows, columns, basis, table)
    period, source = agreed_period(
        _stated(listing, rows, columns),
        file.claims,
        file.name,
        lambda p: p.grain == "quarter",
        _QUARTER_WANTED,
    )
    found = FileRead(
        reader=csvtext.reader_name(),
        period=period,
        period_source=source,
        release_status=decide_status([], file.claims, file.name),
        basis=basis,
        is_example=listing.is_example,
        notes=listing.notes,
        tables=[made],
    )
    return found, region(made, columns, listing.header, layout.MEASURES)


def _check(listing: Listing, rows: Rows, columns: dict[str, int]) -> None:
    for column, pattern, expected, what in (
        ("trust_code", _TRUST_CODE, "an ODS code, such as RJ1", "trust code"),
        ("trust_type", _SOME_TEXT, "a type, such as Acute trust", "trust type"),
        ("metric_id", _METRIC_ID, "an id, such as OF0010", "metric id"),
        ("units", _SOME_TEXT, "a unit, such as percent", "unit"),
    ):
        if column in columns:
            check_cells(listing, rows, columns[column], pattern, expected, what)


def _basis(rows: Rows, index: int) -> str:
    """The types of trust in the file: ``acute``; several are joined with ``+``."""
    types = {clean_name(row[index]) for _, row in rows}
    return "+".join(sorted(re.sub(r"_trusts?$", "", one) for one in types))


def _check_name(
    listing: Listing, rows: Rows, columns: dict[str, int], basis: str, table: str
) -> None:
    claimed = named(listing.name)
    if claimed is None or claimed == (basis, table):
        return
    types = sorted({row[columns["trust_type"]].strip() for _, row in rows})
    raise Quarantined(
        "cannot trust what the file is",
        where=f"{listing.name}, row {listing.first}",
        expected=f"{claimed[1].replace('_', ' ')} of {claimed[0].replace('_', ' ')} "
        "trusts, as its name says",
        found=f"{table.replace('_', ' ')} of {', '.join(types)}",
        next_step="find out which is right; download the file again under a name of "
        "its own",
    )


def _stated(
    listing: Listing, rows: Rows, columns: dict[str, int]
) -> list[tuple[Period, str]]:
    """The quarter of the file, with the first row that states it.

    Releases from Q2 2025/26 on print the earlier quarters of the year again: the file
    is of the newest quarter in its column Quarter, and each row keeps its own.
    """
    quarter, date = columns.get("quarter"), columns["reporting_date"]
    found: dict[Period, str] = {}
    if quarter is not None:
        for number, row in rows:
            text = row[quarter].strip()
            period = parse_period(text)
            if text and (period is None or period.grain != "quarter"):
                raise Quarantined(
                    "cannot read the quarter of a row",
                    where=f"{listing.name}, row {number}",
                    expected=_QUARTER_WANTED,
                    found=repr(text),
                    next_step="compare with the publisher's copy; a new way to write "
                    "quarters has to be added to loaders/periods/whole.py",
                )
            if period:
                found.setdefault(period, f"Quarter, row {number}")
    if found:
        newest = max(found, key=lambda period: period.start)
        return [(newest, found[newest])]
    metric = columns.get("metric_id")
    for number, row in rows:
        if metric is None or _OF_THE_QUARTER.fullmatch(row[metric].strip()):
            period = parse_period(row[date])
            if period and period.grain == "quarter":
                found.setdefault(period, f"Reporting_date, row {number}")
    return [(period, place) for period, place in found.items()]
