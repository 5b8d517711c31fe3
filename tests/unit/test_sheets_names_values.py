from __future__ import annotations

import datetime as dt

import pytest

from loaders.sheets.names import (
    clean_name,
    column_index,
    column_letter,
    footnote_marks,
    unique_names,
    without_marks,
)
from loaders.sheets.values import as_text, full_text_array, number_array, text_array


@pytest.mark.parametrize(
    ("header", "clean", "marks"),
    [
        ("ODS CODE (1)", "ods_code", ("(1)",)),
        ("PROVIDER (4) (5)", "provider", ("(4)", "(5)")),
        ("Haematological (a)", "haematological", ("(a)",)),
        ("WITHIN 31 DAYS ", "within_31_days", ()),
        ("Trust's “name”;\n code", "trusts_name_code", ()),
        ("BOARD (ICB)/HUB", "board_icb_hub", ()),
        ("% within 18 weeks¹", "pct_within_18_weeks", ("¹",)),
        ("Total*", "total", ("*",)),
        (" ", "", ()),
    ],
)
def test_a_header_loses_its_marks_and_keeps_its_words(header, clean, marks):
    assert clean_name(header) == clean
    assert footnote_marks(header) == marks


def test_marks_are_taken_off_without_touching_the_rest():
    assert without_marks("CANCER  TYPE (3)") == "CANCER TYPE"


def test_repeated_names_are_numbered_and_never_collide():
    assert unique_names(["a", "a_2", "a", "", ""]) == ["a", "a_2", "a_3", "", ""]


@pytest.mark.parametrize(("index", "letter"), [(0, "A"), (25, "Z"), (26, "AA")])
def test_column_letters_are_those_of_a_spreadsheet(index, letter):
    assert column_letter(index) == letter
    assert column_index(letter) == index


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        *((653.0, "653"), (2.5, "2.5"), (0.759571209800919, "0.759571209800919")),
        *((7, "7"), (True, "TRUE"), ("", None), ("  ", None), (None, None)),
        *((" x ", " x "), ("98.80%", "98.80%"), (dt.date(2025, 8, 1), "2025-08-01")),
        (dt.datetime(2025, 8, 1), "2025-08-01"),
        (dt.datetime(2025, 8, 1, 9, 30), "2025-08-01 09:30:00"),
        (dt.time(9, 30), "09:30:00"),
    ],
)
def test_a_cell_becomes_published_text_alone_and_in_a_column(cell, text):
    assert as_text(cell) == text
    assert text_array([cell]).to_pylist() == [text]
    assert text_array(["a", cell, "b"]).to_pylist() == ["a", text, "b"]


def test_true_is_not_taken_for_one():
    assert text_array([1.0, True]).to_pylist() == ["1", "TRUE"]
    assert number_array([1.0, True]) is None
    assert number_array([True, False]) is None


def test_only_columns_of_numbers_are_numbers():
    assert number_array([1, 2.5]).to_pylist() == [1.0, 2.5]
    assert number_array([1.0, ""]) is None
    assert number_array([1.0, None]) is None
    assert number_array([dt.date(2025, 8, 1)]) is None


def test_a_full_column_may_mix_kinds():
    assert full_text_array(["a", 1.0]).to_pylist() == ["a", "1"]


def test_an_accented_letter_is_its_letter() -> None:
    assert clean_name("Été – café") == "ete_cafe"
