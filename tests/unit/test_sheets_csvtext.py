from __future__ import annotations

import pytest

from loaders.errors import Quarantined
from loaders.sheets.csvtext import decode, read_csv


def refused(data: bytes) -> Quarantined:
    with pytest.raises(Quarantined) as caught:
        read_csv(data, "a.csv")
    assert caught.value.where.startswith("a.csv")
    return caught.value


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-32"]
)
def test_text_is_decoded_without_loss(encoding):
    text = "Guy’s and St Thomas’ – £5, naïve"
    assert decode(text.encode(encoding), "a.csv")[0] == text


def test_a_few_accents_are_not_taken_for_a_rare_encoding():
    text = "ods_code,name\n" + "RJ1,PLAIN NAME\n" * 500 + "RA7,WOMEN’S\n"
    assert decode(text.encode("cp1252"), "a.csv") == (text, "cp1252")


def test_a_byte_of_no_known_encoding_is_named_with_its_line():
    error = refused(b"a,b\n1,\x81\xff\n")
    assert error.where == "a.csv, line 2"
    assert error.found == "the byte 0x81"


def test_nul_bytes_are_not_text():
    error = refused(b"a,b\n1,\x002\n")
    assert error.where == "a.csv, line 2"
    assert "NUL" in error.found


def test_an_empty_file_is_refused():
    assert refused(b"\xef\xbb\xbf\r\n \r\n").found == "an empty file"


def test_a_quote_that_never_closes_is_refused_at_its_row():
    error = refused(b'a,b\n1,2\n"3,4\n5,6\n')
    assert error.where == "a.csv, row 3"


def test_blank_lines_count_and_a_quoted_newline_is_one_row():
    rows = read_csv(b'a,b\r\n\r\n"x\r\ny",2\r\n3\r\n', "a.csv").rows
    assert rows == [["a", "b"], ["", ""], ["x\r\ny", "2"], ["3", ""]]


def test_the_delimiter_is_the_one_that_makes_a_header_row():
    data = b"title, with, many, commas\nods;name\nRJ1;Guy's, London\n"
    found = read_csv(data, "a.csv", lambda row: row == ["ods", "name"])
    assert found.delimiter == ";"
    assert found.rows[2][:2] == ["RJ1", "Guy's, London"]


def test_how_many_cells_a_row_has_of_its_own_is_known():
    found = read_csv(b"a,b,c\n1,2\n\n1,2,3\n", "x.csv")
    assert found.rows[1] == ["1", "2", ""]
    assert list(found.widths) == [3, 2, 0, 3]
