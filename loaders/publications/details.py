"""What the publications pipeline keeps of files and tables beside their rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

#: Landed tables by width: a published table goes to the narrowest that holds it.
WIDTHS = (16, 64, 256, 1000)
TABLES = {f"rows_{n}": tuple(f"c{i}" for i in range(1, n + 1)) for n in WIDTHS}


def landed_table(columns: int) -> str | None:
    """The landed table for so many columns; ``None`` when there are too many."""
    return next((f"rows_{n}" for n in WIDTHS if columns <= n), None)


@dataclass
class ColumnDetails:
    """A landed column: where it stands in the file and what it is called.

    Attributes:
        letter: Its spreadsheet letter; ``None`` where it stands for several columns.
        published_name: Header levels joined with `` | ``, footnote marks kept.
        marks: Those marks.
        clean_name: The name without them, unique in its table.
        role: ``dimension``, ``measure`` or ``period``.
        value_kind: ``number``, ``text``, ``date``, ``mixed`` or ``empty``;
            marks such as ``*`` do not count.
    """

    letter: str | None
    published_name: str
    marks: tuple[str, ...]
    clean_name: str
    role: str
    value_kind: str


@dataclass
class TableDetails:
    """A published table: its layout in the file.

    Attributes:
        columns: Its landed columns, the first is ``c1``. A streamed file fills in what
            they hold when its last row has been read.
        header_rows: First and last row of its header, 1-based.
        sheet_columns: Columns in the sheet.
        sheet_rows: Rows in the sheet: fewer than landed where periods became rows. -1
            in a streamed file, which lands them one by one.
        aggregate_rows: Rows of totals.
        footer_rows: First and last row of the text below.
        dropped_periods: Period columns without any value, left out.
        sheet_key: Key of its sheet, or of its file where that is a csv.
        title_key: Key of its title.
        sample: Smallest hashes of what its rows are about, to tell a part of a release
            from another vintage; empty when unknown.
        sample_rows: For each of them a hash of the whole row.
    """

    columns: list[ColumnDetails]
    header_rows: tuple[int, int]
    sheet_columns: int
    sheet_rows: int
    is_hidden: bool = False
    is_declared: bool = False
    is_wide: bool = False
    aggregate_rows: tuple[int, ...] = ()
    footer_rows: tuple[int, int] | None = None
    dropped_periods: tuple[str, ...] = ()
    sheet_key: str = ""
    title_key: str = ""
    sample: tuple[int, ...] = ()
    sample_rows: tuple[int, ...] = ()


@dataclass(frozen=True)
class SheetDetails:
    """A sheet: what it is and why nothing of it landed, if so."""

    sheet: str | None
    is_hidden: bool
    kind: str
    tables: int
    reason: str | None


@dataclass(frozen=True)
class FileDetails:
    """A file: whose it is and which part of a release.

    Attributes:
        publication: Code.
        is_registered: Whether ``publications.yml`` knows it.
        part: Which part of its period's release, where the registry says so.
        file_key: Key of its name, without period, release and hash.
        sheets: All its sheets.
    """

    publication: str
    is_registered: bool
    part: str | None
    file_key: str
    sheets: tuple[SheetDetails, ...] = ()


_DETAILS: dict[str, str] = {
    "table_key": "integer primary key",
    "_file_id": "varchar not null",
    "load_id": "varchar not null",
    "publication": "varchar not null",
    "table_name": "varchar",
    "view_name": "varchar",
    "match_kind": "varchar",
    "branch_id": "varchar",
    "header_id": "varchar not null",
    "layout_id": "varchar not null",
    "landed_table": "varchar not null",
    "part": "varchar",
    "file_key": "varchar not null",
    "sheet_key": "varchar not null",
    "title_key": "varchar not null",
    "table_order": "integer not null",
    "is_hidden_sheet": "boolean not null",
    "is_declared": "boolean not null",
    "header_first_row": "integer",
    "header_last_row": "integer",
    "sheet_columns": "integer not null",
    "sheet_rows": "bigint not null",
    "is_wide": "boolean not null",
    "dropped_periods": "varchar not null",
    "aggregate_rows": "integer[] not null",
    "footer_first_row": "integer",
    "footer_last_row": "integer",
    "sample": "bigint[] not null",
    "sample_rows": "bigint[] not null",
}

#: The pipeline's own tables in its dataset.
EXTRA_TABLES: Mapping[str, Mapping[str, str]] = {
    "publications": {
        "publication": "varchar primary key",
        "title": "varchar",
        "frequency": "varchar",
        "landing_page": "varchar",
        "licence": "varchar",
        "lag_weeks": "integer",
        "offset_months": "integer",
        "first_period": "date",
        "is_registered": "boolean not null",
    },
    "table_details": _DETAILS,
    "table_columns": {
        "table_key": "integer not null",
        "position": "integer not null",
        "letter": "varchar",
        "published_name": "varchar not null",
        "marks": "varchar not null",
        "clean_name": "varchar not null",
        "column_name": "varchar",
        "role": "varchar not null",
        "value_kind": "varchar not null",
    },
    "known_tables": {
        "publication": "varchar not null",
        "table_name": "varchar not null",
        "view_name": "varchar primary key",
        "is_mapped": "boolean not null",
        "title": "varchar",
        "first_period": "date",
        "definition": "varchar",
    },
    "known_columns": {
        "view_name": "varchar not null",
        "ordinal": "integer not null",
        "column_name": "varchar not null",
        "is_mapped": "boolean not null",
    },
    "map_columns": {
        "publication": "varchar not null",
        "table_name": "varchar not null",
        "column_name": "varchar not null",
        "unit": "varchar not null",
        "note": "varchar not null",
        "period_from": "date not null",
        "clean_name": "varchar",
    },
    "map_tables": {
        "publication": "varchar not null",
        "table_name": "varchar not null",
        "period_from": "date not null",
        "sheet_key": "varchar",
    },
    "file_sheets": {
        "_file_id": "varchar not null",
        "sheet": "varchar",
        "is_hidden": "boolean not null",
        "kind": "varchar not null",
        "tables": "integer not null",
        "reason": "varchar",
        "load_id": "varchar not null",
    },
    "settled": {
        "publication": "varchar primary key",
        "digest": "varchar not null",
    },
}
