from __future__ import annotations

import datetime as dt
import io
import zipfile

import pytest

from loaders.errors import Quarantined
from loaders.sheets import workbook
from loaders.sheets.workbook import open_workbook, sniff
from tests.unit import cancer_book as book

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


def refused(data: bytes) -> Quarantined:
    with pytest.raises(Quarantined) as caught:
        list(open_workbook(data, "a.xlsx"))
    assert caught.value.where.startswith("a.xlsx")
    assert caught.value.next_step
    return caught.value


def zipped(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def test_rows_keep_their_position_when_the_first_ones_are_blank():
    sheet = next(open_workbook(book.xlsx({"S": [[], [], ["", "x", 1]]}), "a.xlsx"))
    assert sheet.rows[2][1:] == ["x", 1]
    assert len(sheet.rows) == 3


def test_hidden_sheets_are_read_and_marked():
    data = book.xlsx({"S": [["x"]], "H": [["y"]]}, hidden=["H"])
    assert [(s.name, s.hidden) for s in open_workbook(data, "a.xlsx")] == [
        ("S", False),
        ("H", True),
    ]


def test_dates_come_as_dates():
    data = book.xlsx({"S": [[dt.datetime(2025, 8, 1)]]})
    assert next(open_workbook(data, "a.xlsx")).rows == [[dt.date(2025, 8, 1)]]


def test_tables_declared_in_the_file_are_exact():
    sheets = {"A": [["x"]], "B": book.sheet_31()}
    first, second = open_workbook(book.xlsx(sheets, declare=True), "a.xlsx")
    assert first.tables == ()
    part_a, part_b = second.tables
    assert (part_a.header_row, part_a.first_row, part_a.last_row) == (8, 9, 12)
    assert (part_a.first_col, part_a.last_col, part_a.totals_row) == (1, 14, None)
    assert part_b.header_row == 19


def test_a_totals_row_is_not_data():
    def total(book_):
        table = next(iter(book_["S"].tables.values()))
        table.totalsRowCount = 1

    rows = [["", *"abcdef"], *[["", *range(6)]] * 3]
    rows[0][1] = "ODS"
    data = book.xlsx({"S": rows}, declare=True, change=total)
    table = next(open_workbook(data, "a.xlsx")).tables[0]
    assert (table.last_row, table.totals_row) == (3, 4)


@pytest.mark.parametrize(
    ("data", "kind", "found"),
    [
        (b"", "empty", "an empty file"),
        (b"\r\n \0", "empty", "an empty file"),
        (b"PK\x03\x04 cut short", "truncated_zip", "breaks off"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "encrypted", "password"),
        (OLE, "ole", "OLE file without a workbook"),
        (zipped({"a.csv": b"x"}), "zip", "zip without a workbook"),
        (b"<!DOCTYPE html><html>404", "html", "a web page"),
        (b"%PDF-1.7", "pdf", "a PDF"),
        (b"a,b\n1,2\n", "text", "text"),
    ],
)
def test_what_is_not_a_workbook_is_told_by_its_bytes(data, kind, found):
    assert sniff(data) == kind
    assert found in refused(data).found


def test_kinds_of_workbooks_are_told_by_their_bytes():
    assert sniff(book.xlsx({"S": [["x"]]})) == "xlsx"
    assert sniff(zipped({"xl/workbook.bin": b"x"})) == "xlsb"
    assert sniff(OLE + "Workbook".encode("utf-16-le")) == "xls"


def test_a_workbook_cut_short_is_refused():
    data = book.xlsx({"S": book.sheet_31()})
    assert "breaks off" in refused(data[: len(data) // 2]).found


def test_a_damaged_sheet_is_named():
    good = book.xlsx({"S": [["x"]], "T": [["y"]]})
    with zipfile.ZipFile(io.BytesIO(good)) as archive:
        members = {n: archive.read(n) for n in archive.namelist()}
    members["xl/worksheets/sheet2.xml"] = b"<worksheet><sheetData><row><c"
    error = refused(zipped(members))
    assert error.where == "a.xlsx, sheet 'T'"
    assert "damaged" in error.found


def test_a_zip_that_unpacks_to_too_much_is_refused(monkeypatch):
    monkeypatch.setattr(workbook, "MAX_UNPACKED_BYTES", 1000)
    error = refused(book.xlsx({"S": book.sheet_31()}))
    assert "1,000 bytes" in error.expected


def test_a_member_packed_too_well_is_refused_once_it_is_big(monkeypatch):
    bomb = zipped({"xl/workbook.xml": b"", "xl/worksheets/sheet1.xml": b"0" * 10**6})
    monkeypatch.setattr(workbook, "RATIO_MATTERS_FROM_BYTES", 10**5)
    error = refused(bomb)
    assert "sheet1.xml" in error.where
    assert "1,000,000 bytes packed" in error.found


@pytest.mark.parametrize("member", ["../evil", "a/../../evil", "/etc/x", "C:\\x"])
def test_a_member_that_leads_out_of_the_archive_is_refused(member):
    error = refused(zipped({"xl/workbook.xml": b"", member: b"x"}))
    assert "leads out" in error.found
