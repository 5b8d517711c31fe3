"""Waits by organisation and treatment function: a sheet of an RTT workbook.

Which table a sheet holds is said by its title and the workbook's name; rows of another
level of organisation than the workbook's are passed over.
"""

from __future__ import annotations

import re
from typing import Any

from loaders.errors import Quarantined
from loaders.files.voices import WHO, disagree
from loaders.model import SourceFile, TableRead
from loaders.rtt.book_columns import Header
from loaders.rtt.layout import SUMMARIES, bands_of
from loaders.rtt.titles import Titles
from loaders.sheets.layout import ColumnRegion, TableRegion, filled, is_number, texts
from loaders.sheets.names import column_letter
from loaders.sheets.values import as_text, is_blank
from loaders.sheets.workbook import Sheet

#: What a workbook counts: its source table, part, and that with a decision to admit.
_KINDS: tuple[tuple[re.Pattern[str], str, str], ...] = (
    (re.compile(r"\bnon[\s_-]*admitted", re.I), "nonadmitted", "Part_1B"),
    (re.compile(r"\badmitted", re.I), "admitted", "Part_1A"),
    (re.compile(r"\bincomplete", re.I), "incomplete", "Part_2"),
    (
        re.compile(r"\bnew[\s_-]*(?:rtt[\s_-]*)?(?:period|pathway)|clock starts", re.I),
        "new_periods",
        "Part_3",
    ),
)
_WITH_DTA = re.compile(r"\bdta\b|decision to admit", re.I)


# ------------------------------------------------------------------ what a sheet holds


def basis_in_name(name: str) -> str | None:
    """``provider`` or ``commissioner`` when a name says one of them."""
    found = set(re.findall(r"provider|commissioner", name.lower()))
    return found.pop() if len(found) == 1 else None


def level_of(header: Header, sheet: Sheet, file: SourceFile) -> str | tuple[str, str]:
    """The level of a sheet and the basis of its workbook, or why it is passed over."""
    basis = basis_in_name(file.name) or basis_in_name(sheet.name or "")
    basis = basis or ("commissioner" if "commissioner" in header.levels else "provider")
    if basis in header.levels:
        is_independent = re.match(r"\s*is\b", sheet.name or "", re.I)
        return (
            "is_provider" if is_independent and basis == "provider" else basis,
            basis,
        )
    if not header.levels:
        return ("national", basis)
    other = ", ".join(sorted(header.levels))
    return f"rows by {other}, in a workbook by {basis}"


def check_basis(basis: str | None, file: SourceFile) -> None:
    """Sees that a workbook is of the basis that its name claims.

    Raises:
        Quarantined: It states another one.
    """
    claimed = basis_in_name(file.name)
    if basis and claimed and basis != claimed:
        raise disagree("basis", file.name, "the file", basis, WHO["name"], claimed)


def kind_of(titles: Titles, sheet: Sheet, file: SourceFile) -> tuple[str, str]:
    """What a sheet counts (``incomplete``, …) and its part: by title, name and sheet.

    Raises:
        Quarantined: Title and name differ, or neither says.
    """
    said = _kind(titles.kind_text)
    named = _kind(re.sub(r"[-_]+", " ", file.name))
    if said and named and said != named:
        who = ("its title", said[0], WHO["name"], named[0])
        raise disagree("content", f"{file.name}, sheet '{sheet.name}'", *who)
    kind = said or named
    if kind is None:
        raise Quarantined(
            "cannot tell what the sheet counts",
            where=f"{file.name}, sheet '{sheet.name}'",
            expected="a title or name that says incomplete, admitted, non-admitted or "
            "new RTT periods",
            found=titles.title or "no title",
            next_step="give the file the name it was published under",
        )
    text = f"{sheet.name} {titles.title or ''}"
    if kind[0] == "incomplete" and _WITH_DTA.search(text):
        return "with_dta", "Part_2A"
    return kind


def _kind(text: str) -> tuple[str, str] | None:
    return next(((k, part) for p, k, part in _KINDS if p.search(text)), None)


def _source_table(kind: str, level: str, basis: str) -> str:
    table = f"incomplete_{basis}_with_dta" if kind == "with_dta" else f"{kind}_{basis}"
    return table if level == basis else f"{table}_{level}"


# --------------------------------------------------------------------------- the rows


def table(
    sheet: Sheet,
    header: Header,
    level: tuple[str, str],
    titles: Titles,
    file: SourceFile,
    where: str,
) -> tuple[TableRead, TableRegion]:
    """Reads the rows below a header.

    Args:
        sheet: The sheet.
        header: Its header.
        level: As :func:`level_of` gives it.
        titles: What stands above.
        file: The file.
        where: File and sheet, for messages.

    Raises:
        Quarantined: A row has figures but no codes, or a band that is no count.
    """
    import pyarrow as pa

    kind, part = kind_of(titles, sheet, file)
    rows, footers = _rows(sheet, header, where)
    at = {landed: i for i, landed in header.columns.items()}
    org = "commissioner" if level[1] == "commissioner" else "provider"

    def text(landed: str) -> pa.Array:
        i = at.get(landed)
        cells = [None if i is None else as_text(sheet.rows[r][i]) for r in rows]
        return pa.array([c and c.strip() for c in cells], pa.string())

    arrays: dict[str, pa.Array] = {
        "region_code": text("region_code"),
        "org_code": text(f"{org}_code"),
        "org_name": text(f"{org}_name"),
        "treatment_function_code": text("treatment_function_code"),
        "treatment_function_name": text("treatment_function_name"),
        "rtt_part_type": pa.array([part] * len(rows), pa.string()),
        **{landed: text(landed) for landed in SUMMARIES if landed in at},
    }
    if header.open_from is not None:
        arrays["open_band_from_weeks"] = pa.array(
            [header.open_from] * len(rows), pa.int32()
        )
        for band in bands_of(header.open_from):
            counts = [_count(sheet.rows[r][at[band]], r, at[band], where) for r in rows]
            arrays[band] = pa.array(counts, pa.int32())
    arrays["_source_row"] = pa.array([r + 1 for r in rows], pa.int32())
    notes = tuple(" ".join(texts(sheet.rows[i])) for i in footers)
    landed = {*arrays, f"{org}_code", f"{org}_name"}
    left = [n for i, n in header.names.items() if header.columns[i] not in landed]
    if left or header.left:
        words = ", ".join((*left, *header.left))
        notes = (f"columns that are not landed: {words}", *notes)
    source_table = _source_table(kind, *level)
    read = TableRead(
        table="workbook_pathways",
        source_table=source_table,
        sheet=sheet.name,
        part=None,
        title=titles.title,
        header_row=header.header + 1,
        first_row=rows[0] + 1,
        last_row=rows[-1] + 1,
        rows_read=len(rows),
        notes=(*titles.notes, *notes),
        batches=[pa.RecordBatch.from_pydict(arrays)],
    )
    return read, _region(read, header, footers, notes)


def _region(
    read: TableRead, header: Header, footers: list[int], notes: tuple[str, ...]
) -> TableRegion:
    dimensions = ("code", "name")
    columns = tuple(
        ColumnRegion(
            *(i, header.names[i], landed),
            "dimension" if landed.endswith(dimensions) else "measure",
        )
        for i, landed in header.columns.items()
    )
    return TableRegion(
        name=read.title,
        header_rows=(read.header_row, read.header_row),
        first_data_row=read.first_row,
        last_data_row=read.last_row,
        data_rows=read.rows_read,
        columns=columns,
        footer_rows=(footers[0] + 1, footers[-1] + 1) if footers else None,
        notes=notes,
    )


def _rows(sheet: Sheet, header: Header, where: str) -> tuple[list[int], list[int]]:
    """The 0-based rows of data and those of notes below them."""
    keys = [
        i
        for i, landed in header.columns.items()
        if landed.endswith("code") and landed != "region_code"
    ]
    figures = [i for i, c in header.columns.items() if not c.endswith(("code", "name"))]
    data: list[int] = []
    footers: list[int] = []
    for r in range(header.header + 1, len(sheet.rows)):
        row = sheet.rows[r]
        if not filled(row):
            continue
        has_figures = any(is_number(row[i]) for i in figures)
        stated = has_figures or any(not is_blank(row[i]) for i in figures)
        if all(not is_blank(row[i]) for i in keys) and (stated or len(keys) > 1):
            if footers:
                raise _row_refused(where, footers[0], "text between rows of data")
            data.append(r)
        elif has_figures:
            raise _row_refused(where, r, "figures without a code")
        else:
            footers.append(r)
    if not data:
        raise _row_refused(where, header.header, "a header without a row")
    return data, footers


def _row_refused(where: str, row: int, found: str) -> Quarantined:
    return Quarantined(
        "cannot read the table",
        where=f"{where}, row {row + 1}",
        expected="rows with a code of organisation and function, then notes",
        found=found,
        next_step="compare with the publisher's copy and download the file again",
    )


def _count(cell: Any, row: int, column: int, where: str) -> int | None:
    """A band: a whole number; nobody and nothing are both null."""
    if is_blank(cell) or (isinstance(cell, str) and cell.strip() in ("-", "–", "—")):
        return None
    number = float(cell) if isinstance(cell, int | float) else None
    if isinstance(cell, str) and re.fullmatch(r"\s*[0-9][0-9,]*\s*", cell):
        number = float(cell.replace(",", ""))
    if number is None or number < 0 or number != int(number) or number >= 2**31:
        raise Quarantined(
            "cannot read a figure",
            where=f"{where}, row {row + 1}, column {column_letter(column)}",
            expected="a whole number from 0, or nothing",
            found=repr(cell),
            next_step="compare with the publisher's copy and download the file again",
        )
    return int(number) or None
