"""Sheets whose rows are hard: totals, sections, figures as text, stray cells.

Every function is one sheet and what a reader must see in it.
"""

from __future__ import annotations

from tests.unit.publication_books import TRUSTS, Layout, Row, Seen

HEADER = ("Code", "Name", "Attendances", "Admissions")
ROWS: list[Row] = [(code, name, 10, 5) for _, code, name in TRUSTS]


def words_of_totals() -> Layout:
    """What is a total of England, and what only sounds like one."""
    rows: list[Row] = [
        HEADER,
        ("-", "England (including independent sector)", 100, 50),
        (None, "ENGLAND TOTAL", 100, 50),
        ("Y61", "East of England", 10, 5),
        ("Y56", "NHS England London", 10, 5),
        ("X24", "Health Education England", 10, 5),
        ("NTX", "Totally Local CIC", 10, 5),
        *ROWS,
        (None, "Grand Total", 100, 50),
    ]
    seen = Seen((1, 1), 4, 11, 8, 4, (2, 3, 12))
    return Layout("words_of_totals", "Data", rows, (seen,))


def total_by_code_only() -> Layout:
    """The country by its code of nine characters, first in the list of areas."""
    rows: list[Row] = [
        ("Area code", "Area name", "Count", "Rate"),
        ("E92000001", "England", 40, 1.5),
        *[(f"E5400000{n}", f"Area {n}", 10, 1.5) for n in range(4)],
    ]
    seen = Seen((1, 1), 3, 6, 4, 4, (2,))
    return Layout("total_by_code_only", "Data", rows, (seen,))


def figures_as_text() -> Layout:
    """Every figure is text, with separators, signs and per cent."""
    rows: list[Row] = [
        ("Table 2: Waits by trust",),
        (),
        HEADER,
        *[(c, n, "1,234", "45.6%") for _, c, n in TRUSTS[:2]],
        *[(c, n, "-5", "£1,020") for _, c, n in TRUSTS[2:]],
    ]
    return Layout("figures_as_text", "T2", rows, (Seen((3, 3), 4, 7, 4, 4),))


def codes_that_are_numbers() -> Layout:
    """Numeric codes and single letters stand where labels stand."""
    rows: list[Row] = [
        ("Specialty code", "Specialty", "Beds"),
        (100, "General Surgery", 5),
        (101, "Urology", 0),
        (110, "Trauma", 3),
    ]
    return Layout("codes_that_are_numbers", "Data", rows, (Seen((1, 1), 2, 4, 3, 3),))


def blank_rows_between_groups() -> Layout:
    """Groups parted by one and two blank rows are one table."""
    rows: list[Row] = [HEADER, *ROWS[:2], (), ROWS[2], (), (), ROWS[3]]
    return Layout(
        "blank_rows_between_groups", "Data", rows, (Seen((1, 1), 2, 8, 4, 4),)
    )


def suppressed_wholly() -> Layout:
    """All figures of the sheet are suppressed."""
    rows: list[Row] = [
        ("Table 9",),
        HEADER,
        *[(c, n, "*", "c") for _, c, n in TRUSTS],
        (),
        ("* suppressed",),
    ]
    seen = Seen((2, 2), 3, 6, 4, 4, footer_first_row=8)
    return Layout("suppressed_wholly", "T9", rows, (seen,))


def strays_around() -> Layout:
    """A date of printing far right and a checker's sum far below are no data."""
    first = (*ROWS[0], None, None, None, None, None, "QA: checked")
    rows: list[Row] = [HEADER, first, *ROWS[1:], *[()] * 12, (None,) * 7 + (40,)]
    return Layout("strays_around", "Data", rows, (Seen((1, 1), 2, 5, 4, 4),))


def no_preamble_wide_labels() -> Layout:
    """Six label columns before one figure."""
    rows: list[Row] = [
        ("Region", "ICB", "Sub ICB", "PCN", "Practice", "Postcode", "List size"),
        *[(r, "QYG", "27D", "U1", n, "CW1 4QJ", 900) for r, _, n in TRUSTS],
    ]
    return Layout("no_preamble_wide_labels", "Data", rows, (Seen((1, 1), 2, 5, 4, 7),))


def merged_regions() -> Layout:
    """Regions merged downward over their trusts."""
    rows: list[Row] = [
        ("Region", "Trust", "Beds"),
        ("North West", "RBT", 1),
        (None, "RJR", 2),
        ("North East and Yorkshire", "RAE", 3),
        (None, "RR8", 4),
        (None, "RCB", 5),
    ]
    seen = Seen((1, 1), 2, 6, 5, 3, fills={"A3": "North West"})
    return Layout("merged_regions", "Data", rows, (seen,), ("A2:A3", "A4:A6"))


def key_and_value_lines() -> Layout:
    """Lines of key and value above the table are not its first rows."""
    rows: list[Row] = [
        ("Title", "Ambulance handovers"),
        ("Period", "October 2025"),
        ("Published", "13 November 2025"),
        ("Trusts", 4),
        HEADER,
        *ROWS,
    ]
    return Layout("key_and_value_lines", "Data", rows, (Seen((5, 5), 6, 9, 4, 4),))


def title_beside_names() -> Layout:
    """The corner over the labels holds the title of the sheet."""
    rows: list[Row] = [
        ("Table 5: Beds by trust", None, "Available", None, "Occupied", None),
        ("Code", "Name", "Day", "Night", "Day", "Night"),
        *[(c, n, 4, 3, 2, 1) for _, c, n in TRUSTS],
    ]
    names = {"A": "Code", "B": "Name", "D": "Available | Night", "E": "Occupied | Day"}
    seen = Seen((1, 2), 3, 6, 4, 6, names=names)
    merged = ("A1:B1", "C1:D1", "E1:F1")
    return Layout("title_beside_names", "T5", rows, (seen,), merged)


def names_over_two_rows() -> Layout:
    """Label names merged downward over both header rows."""
    rows: list[Row] = [
        ("Code", "Name", "Available", None, "Total"),
        (None, None, "Day", "Night", None),
        *[(c, n, 4, 3, 7) for _, c, n in TRUSTS],
    ]
    names = {"A": "Code", "C": "Available | Day", "E": "Total"}
    seen = Seen((1, 2), 3, 6, 4, 5, names=names)
    merged = ("A1:A2", "B1:B2", "C1:D1", "E1:E2")
    return Layout("names_over_two_rows", "Data", rows, (seen,), merged)


def names_wrapped_over_rows() -> Layout:
    """A long name goes on in the cell below, without a merge."""
    rows: list[Row] = [
        ("Provider", "Provider", "Number of", "Percentage"),
        ("code", "name", "patients", "within target"),
        *ROWS,
    ]
    clean = {"A": "provider_code", "C": "number_of_patients"}
    seen = Seen((1, 2), 3, 6, 4, 4, clean_names=clean)
    return Layout("names_wrapped_over_rows", "Data", rows, (seen,))


def narrow_list() -> Layout:
    """Two columns, a few rows, a note that is longer than the table."""
    rows: list[Row] = [
        ("Day", "Calls"),
        ("Monday", 10),
        ("Tuesday", 9),
        (),
        ("Calls are counted when they reach the provider, and repeated ones twice.",),
    ]
    seen = Seen((1, 1), 2, 3, 2, 2, footer_first_row=5)
    return Layout("narrow_list", "Data", rows, (seen,))


def sections() -> Layout:
    """A region alone in its row stands above its trusts: one table, all of it."""
    rows: list[Row] = [
        ("Table 6",),
        HEADER,
        ("North West",),
        *ROWS[:2],
        ("North East and Yorkshire",),
        *ROWS[2:],
    ]
    seen = Seen((2, 2), 3, 8, 6, 4)
    return Layout("sections", "T6", rows, (seen,))


def remark_in_the_middle() -> Layout:
    """A remark between two rows does not end the table."""
    rows: list[Row] = [
        HEADER,
        *ROWS[:2],
        ("The trusts below changed their system during the month.",),
        *ROWS[2:],
    ]
    seen = Seen((1, 1), 2, 6, 5, 4)
    return Layout("remark_in_the_middle", "Data", rows, (seen,))


def two_headers_two_widths() -> Layout:
    """Below the first table stands a wider one with other names and no title."""
    rows: list[Row] = [
        HEADER,
        *ROWS,
        (),
        ("Region code", "Region", "Beds", "Occupied", "Rate"),
        ("Y62", "North West", 5, 4, 0.8),
        ("Y63", "North East and Yorkshire", 5, 3, 0.6),
    ]
    tables = (Seen((1, 1), 2, 5, 4, 4), Seen((7, 7), 8, 9, 2, 5))
    return Layout("two_headers_two_widths", "Data", rows, tables)


def cover_page() -> Layout:
    """Lines of key and value, one of them a number, are a cover and no table."""
    rows: list[Row] = [
        ("Statistical release",),
        ("Published 13 November 2025",),
        (),
        ("Contact", "england.nhsdata@nhs.net"),
        ("Tables", 3),
        ("Next release", "11 December 2025"),
    ]
    return Layout("cover_page", "Cover", rows, (), kind="notes")


def blank_row_in_header() -> Layout:
    """A blank row parts the parents from the names below them."""
    rows: list[Row] = [
        (None, None, "Available", None, "Occupied", None),
        (),
        ("Code", "Name", "Day", "Night", "Day", "Night"),
        *[(c, n, 4, 3, 2, 1) for _, c, n in TRUSTS],
    ]
    names = {"A": "Code", "D": "Available | Night", "E": "Occupied | Day"}
    seen = Seen((1, 3), 4, 7, 4, 6, names=names)
    return Layout("blank_row_in_header", "Beds", rows, (seen,), ("C1:D1", "E1:F1"))
