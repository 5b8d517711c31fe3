"""Blocks: where on a sheet each table begins and ends, and what each of its rows is.

A sheet holds a preamble, then one block or several PARTs: PART title, group headers,
column headers, rows of organisations, a blank row, rows of England, perhaps notes.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from loaders.errors import Quarantined
from loaders.sheets.layout import ERROR_MARKS, filled, is_number, looks_like_data, texts
from loaders.sheets.names import clean_name, without_marks
from loaders.sheets.parts import DeclaredTable
from loaders.sheets.values import blanks_in, is_blank
from loaders.sheets.workbook import Rows, Sheet

#: A header row has the code and at least this many filled cells: prose that mentions
#: the ODS code has one.
_HEADER_CELLS = 8

_PART = re.compile(r"\s*PART\s+[A-Z0-9]{1,2}\b", re.IGNORECASE)
_NATIONAL = re.compile(r"\s*(ALL\s+ENGLISH\b|ENGLAND\b|ENGLISH\s+TOTAL)", re.IGNORECASE)
_CODE_LIKE = re.compile(r"[A-Z0-9]{2,6}")
_FOOTER_WORDS = frozenset(("NOTE", "NOTES", "SOURCE", "KEY"))
#: What a spreadsheet program calls a sheet that nobody named.
_UNNAMED_SHEET = re.compile(r"Sheet\s?\d+", re.IGNORECASE)
#: How far above its column headers a PART title may stand.
_PART_REACH = 4


@dataclass
class Block:
    """One table on a sheet; rows 0-based.

    Attributes:
        start: First row that belongs to it: PART title, group headers or header.
        header: Row of the column headers.
        group: Row of the group headers above, if there is one.
        end: Row after its last, where the next block or the sheet's end is.
        part: The PART line.
        columns: Columns between which headers stand.
        names: Published header of each named column, group text where the own is blank.
        declared: The Excel table it was declared as.
    """

    start: int
    header: int
    group: int | None
    end: int
    part: str | None
    columns: range
    names: dict[int, str] = field(default_factory=dict)
    declared: DeclaredTable | None = None

    @property
    def clean(self) -> list[str]:
        """Cleaned header texts of the named columns, from left to right."""
        return [clean_name(n) for n in self.names.values()]


@dataclass(frozen=True)
class BlockRows:
    """The rows of a block, 0-based on the sheet, in their order.

    Attributes:
        runs: Rows that land, of organisations and of England, as ranges.
        national: Those of England among them.
        footers: Rows of text below.
    """

    runs: list[range]
    national: list[int]
    footers: list[int]

    @property
    def emitted(self) -> list[int]:
        """The rows that land, one by one."""
        return list(chain.from_iterable(self.runs))


def is_header(row: Sequence[Any]) -> bool:
    """Whether a row is the row of column headers of a table."""
    if not any(isinstance(c, str) and clean_name(c) == "ods_code" for c in row):
        return False
    return len(filled(row)) >= _HEADER_CELLS


def find_blocks(sheet: Sheet, where: str) -> list[Block]:
    """The tables of a sheet from top to bottom; none for a sheet of text.

    Args:
        sheet: The sheet.
        where: File and sheet, for messages.

    Raises:
        Quarantined: The sheet is empty, or holds figures without a header row.
    """
    rows = sheet.rows
    declared = {_header_of(t, where): t for t in sheet.tables}
    headers = sorted({*declared, *_header_rows(rows, declared.values())})
    if not headers and not _is_beside_the_point(sheet):
        _no_table(sheet, where)
    blocks = [_block(rows, h, declared.get(h)) for h in headers]
    above = rows[: blocks[0].start] if blocks else []
    if blocks and looks_like_data(above):
        raise _no_header(above, where)
    _name_columns(rows, blocks)
    for block, following in zip(blocks, blocks[1:], strict=False):
        block.end = following.start
    return blocks


def _header_of(table: DeclaredTable, where: str) -> int:
    if table.header_row is None:
        raise Quarantined(
            "cannot read the table",
            where=f"{where}, table '{table.name}'",
            expected="an Excel table with its header row switched on",
            found="a table without a header row",
            next_step="switch the header row on in Excel, save, then load it again",
        )
    return table.header_row - 1


def _header_rows(rows: Rows, declared: Iterable[DeclaredTable]) -> Iterator[int]:
    gaps, start = [], 0
    for table in sorted(declared, key=lambda t: t.first_row):
        gaps.append(range(start, table.first_row - 1))
        start = max(start, table.last_row)
    for i in chain(*gaps, range(start, len(rows))):
        row = rows[i]
        # Nearly every row of an undeclared table has a code and figures; asking for the
        # letters first keeps 200,000 of them cheap.
        for cell in row:
            if cell and type(cell) is str and "ODS" in cell[:40].upper():
                if is_header(row):
                    yield i
                break


def _is_beside_the_point(sheet: Sheet) -> bool:
    """A sheet without a table that the publication does not need.

    Hidden sheets hold look-ups; a blank one that nobody named is left over. A blank
    sheet with a name is a table that went missing.
    """
    blank = not any(filled(row) for row in sheet.rows)
    unnamed = bool(_UNNAMED_SHEET.fullmatch(sheet.name or ""))
    return sheet.name is not None and (sheet.hidden or (blank and unnamed))


def _no_table(sheet: Sheet, where: str) -> None:
    rows = sheet.rows
    if not any(filled(row) for row in rows):
        raise Quarantined(
            "cannot find a table",
            where=where,
            expected="text or a table",
            found="an empty sheet" if sheet.name else "an empty file",
            next_step="compare with the publisher's copy and download the file again",
        )
    if sheet.name is None or looks_like_data(rows):
        raise _no_header(rows, where)


def _no_header(rows: Rows, where: str) -> Quarantined:
    return Quarantined(
        "cannot find a table",
        where=where,
        expected="a header row with ODS CODE and at least "
        f"{_HEADER_CELLS} filled cells",
        found=_what_is_there(rows),
        next_step="check that this is a cancer waiting times table and complete",
    )


def _what_is_there(rows: Rows) -> str:
    widest = max(rows, key=lambda row: len(filled(row)))
    cells = ", ".join(texts(widest)[:6])
    return f"{len(rows):,} rows without one; the fullest begins: {cells}"


def _block(rows: Rows, header: int, table: DeclaredTable | None) -> Block:
    columns = range(len(rows[header]))
    if table is not None:
        columns = range(table.first_col, table.last_col + 1)
    start, group, part = header, None, None
    for i in range(header - 1, max(header - 1 - _PART_REACH, -1), -1):
        cells = texts(rows[i])
        if cells and _PART.match(cells[0]):
            start, part = i, cells[0]
            break
        if i == header - 1 and _is_group(rows[i]):
            start = group = i
        elif cells:
            break
    return Block(start, header, group, len(rows), part, columns, declared=table)


def _is_group(row: Sequence[Any]) -> bool:
    cells = filled(row)
    # Group headers stand over the figures; titles and notes stand at the left edge.
    return bool(cells) and cells[0] >= 3 and not any(is_number(row[c]) for c in cells)


def _name_columns(rows: Rows, blocks: list[Block]) -> None:
    for block in blocks:
        header = rows[block.header]
        group = rows[block.group] if block.group is not None else None
        for c in block.columns:
            name = header[c]
            if is_blank(name) and group is not None:
                name = group[c]
            if not is_blank(name):
                block.names[c] = str(name)
    if not blocks:
        return
    # In some files of 2015 the header over the percentage broke (#VALUE!) from PART B
    # on. A repeated header repeats the first: where all else agrees, so does this cell.
    first = blocks[0].names
    for block in blocks[1:]:
        broken = [c for c, n in block.names.items() if n in ERROR_MARKS]
        if (
            broken
            and block.names.keys() == first.keys()
            and all(
                without_marks(n) == without_marks(first[c])
                for c, n in block.names.items()
                if c not in broken
            )
        ):
            block.names.update((c, first[c]) for c in broken)


def columns_of(rows: Rows) -> list[list[Any]]:
    """The columns of a sheet."""
    width = len(rows[0])
    # Slicing a flat list is thrice as fast as zip(*rows).
    flat = list(chain.from_iterable(rows))
    return [flat[c::width] for c in range(width)]


def classify(
    rows: Rows,
    columns: list[list[Any]],
    block: Block,
    code: int,
    keys: Sequence[int],
    where: str,
) -> BlockRows:
    """What each row of a block is.

    Args:
        rows: The sheet.
        columns: The same by column.
        block: The block, its columns known.
        code: Column of the organisation's code.
        keys: Columns of its name and of what the row is about; the name first.
        where: File and sheet, for messages.

    Raises:
        Quarantined: A row is neither of an organisation, of England, nor text below.
    """
    first = block.header + 1
    odd: set[int] = set()
    for c in (code, *keys):
        cells = columns[c][first : block.end]
        for blank in blanks_in(cells):
            odd.update(_places(cells, blank))
    national, footers, runs = [], [], []
    start = first
    for i in sorted(first + o for o in odd):
        if is_blank(rows[i][code]) and _is_national(rows[i], keys):
            national.append(i)
            continue
        if not is_noise(rows[i]):
            footers.append(i)
        if start < i:
            runs.append(range(start, i))
        start = i + 1
    if start < block.end:
        runs.append(range(start, block.end))
    last = runs[-1][-1] if runs else block.header
    for i in footers:
        if i < last or not _is_footer(rows[i], code, keys):
            raise _neither(rows[i], i, code, keys, block, where)
    return BlockRows(runs, national, footers)


def _places(cells: list[Any], cell: Any) -> Iterator[int]:
    """Where a rare cell stands in a long column; ``index`` searches in C."""
    at = -1
    with contextlib.suppress(ValueError):
        while True:
            at = cells.index(cell, at + 1)
            yield at


def is_noise(row: Sequence[Any]) -> bool:
    """Whether a row is blank but for failed formulas somebody filled down too far."""
    return all(is_blank(cell) or cell in ERROR_MARKS for cell in row)


def _is_national(row: Sequence[Any], keys: Sequence[int]) -> bool:
    name = row[keys[0]]
    if not isinstance(name, str) or not _NATIONAL.match(name):
        return False
    return not any(is_blank(row[k]) for k in keys)


def _is_footer(row: Sequence[Any], code: int, keys: Sequence[int]) -> bool:
    """Text below a table: at its left edge, without figures, and not half a row."""
    cells = [c for c in filled(row) if row[c] not in ERROR_MARKS]
    if any(c > max(keys) or is_number(row[c]) for c in cells):
        return False
    # A code alone, or England without what the row is about, is a damaged row.
    word = str(row[code]).strip()
    if _CODE_LIKE.fullmatch(word) and word.upper() not in _FOOTER_WORDS:
        return False
    return len(cells) <= 2 and not _NATIONAL.match(str(row[keys[0]]))


def _neither(
    row: Sequence[Any],
    index: int,
    code: int,
    keys: Sequence[int],
    block: Block,
    where: str,
) -> Quarantined:
    blank = [without_marks(block.names[c]) for c in (code, *keys) if is_blank(row[c])]
    cells = ", ".join(texts(row)[:5])
    return Quarantined(
        "cannot tell what a row of the table is",
        where=f"{where}, row {index + 1}",
        expected=(
            "a row of an organisation (code, name and all of its kind filled), a row "
            "of England (ALL ENGLISH …, code blank), or text below the table"
        ),
        found=f"'{cells}', blank: {', '.join(blank) or 'nothing'}",
        next_step="compare the row with the publisher's copy; download the file again",
    )
