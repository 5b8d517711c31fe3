"""Sheets and csvs with one trap each, from many publications.

Every function is one sheet and what a reader must see in it.
"""

from __future__ import annotations

from tests.unit.publication_books import TRUSTS, Layout, Seen, month

HEADER = ("Region code", "Code", "Name", "Attendances", "Admissions")


def zeros_first() -> Layout:
    """A first row of zeros is data."""
    rows = [
        ("Table 4",),
        (),
        HEADER,
        *[(*trust, 0, 0) for trust in TRUSTS[:2]],
        *[(*trust, 1, 2) for trust in TRUSTS[2:]],
    ]
    return Layout("zeros_first", "T4", rows, (Seen((3, 3), 4, 7, 4, 5),))


def names_like_notes() -> Layout:
    """Values that begin like a note do not end the table."""
    names = ("Source Bioscience", "Note Street Surgery", "Total Care Ltd", "1st Care")
    rows = [("Provider", "Tests"), *[(n, 5) for n in names]]
    return Layout("names_like_notes", "Data", rows, (Seen((1, 1), 2, 5, 4, 2),))


def all_text() -> Layout:
    """A table without a figure keeps all its rows."""
    rows = [
        ("Mapping errors",),
        (),
        ("Practice code", "Practice name", "Reason"),
        *[(f"C8204{n}", f"SURGERY {n}", "Not mapped") for n in range(8)],
    ]
    return Layout("all_text", "Errors", rows, (Seen((3, 3), 4, 11, 8, 3),))


def parents_not_merged() -> Layout:
    """A parent stands over its first column only; the next parent ends it."""
    rows = [
        ("Cancer waits",),
        (),
        (None, None, None, "Two week wait", None, None, "62 day wait", None, None),
        (*HEADER[:3], "Total", "Within", "%", "Total", "Within", "%"),
        *[(*trust, 10, 5, 0.5, 4, 1, 0.25) for trust in TRUSTS],
    ]
    names = {
        "C": "Name",
        "D": "Two week wait | Total",
        "F": "Two week wait | %",
        "G": "62 day wait | Total",
        "I": "62 day wait | %",
    }
    return Layout(
        "parents_not_merged", "P", rows, (Seen((3, 4), 5, 8, 4, 9, (), names),)
    )


def parents_centred() -> Layout:
    """A parent centred over three columns without a merge, spacers between groups."""
    rows = [
        (None, None, None, "Available", None, None, None, "Occupied", None),
        (*HEADER[1:3], "Day", "Night", "All", None, "Day", "Night", "All"),
        *[(*trust[1:], 1, 2, 3, None, 1, 1, 2) for trust in TRUSTS],
    ]
    names = {
        "B": "Name",
        "C": "Available | Day",
        "E": "Available | All",
        "G": "Occupied | Day",
        "I": "Occupied | All",
    }
    seen = Seen((1, 2), 3, 6, 4, 8, names=names)
    return Layout("parents_centred", "B", rows, (seen,))


def side_by_side() -> Layout:
    """Two tables beside each other, of different lengths, each with a title."""
    rows = [
        ("By region", None, None, None, "By age", None),
        ("Region", "Count", None, None, "Age band", "Count"),
        ("London", 1, None, None, "0-17", 4),
        ("Midlands", 2, None, None, "18-64", 5),
        ("South West", 3, None, None, "65+", 6),
        ("North West", 4, None, None, None, None),
    ]
    tables = (
        Seen((2, 2), 3, 6, 4, 2, names={"A": "Region", "B": "Count"}),
        Seen((2, 2), 3, 5, 3, 2, names={"E": "Age band", "F": "Count"}),
    )
    return Layout("side_by_side", "Summary", rows, tables)


def stacked_same_header() -> Layout:
    """Two tables below each other with titles of their own and the same columns."""
    block = [("Age band", "Count", "%"), ("0-17", 4, 0.4), ("18+", 6, 0.6)]
    rows = [("Table 2a: Male",), *block, (), ("Table 2b: Female",), *block]
    tables = (Seen((2, 2), 3, 4, 2, 3), Seen((7, 7), 8, 9, 2, 3))
    return Layout("stacked_same_header", "Table 2", rows, tables)


def header_again() -> Layout:
    """The header printed again in the middle, as on a second page, is no data."""
    rows = [
        HEADER,
        *[(*t, 1, 2) for t in TRUSTS],
        HEADER,
        *[(*t, 3, 4) for t in TRUSTS],
    ]
    return Layout("header_again", "Data", rows, (Seen((1, 1), 2, 10, 8, 5),))


def total_after_blank() -> Layout:
    """The total comes last, after a blank row, and is the end of the table."""
    rows = [
        ("Table 1",),
        HEADER,
        *[(*trust, 10, 5) for trust in TRUSTS],
        (),
        (None, None, "England total", 40, 20),
        (),
        ("Source: NHS England",),
    ]
    seen = Seen((2, 2), 3, 6, 4, 5, (8,), footer_first_row=10)
    return Layout("total_after_blank", "T1", rows, (seen,))


def notes_at_once() -> Layout:
    """Notes follow the last row without a blank row between."""
    rows = [
        HEADER,
        *[(*trust, 10, "*") for trust in TRUSTS],
        ("* Numbers below 5 are suppressed.",),
        ("Source: NHS England.",),
    ]
    seen = Seen((1, 1), 2, 5, 4, 5, footer_first_row=6)
    return Layout("notes_at_once", "Data", rows, (seen,))


def ages_for_names() -> Layout:
    """Single years of age are names, though numbers."""
    rows = [
        ("Registered patients by single year of age",),
        (),
        ("Code", "Name", "All ages", *range(31)),
        *[(c, n, 310, *([10] * 31)) for _, c, n in TRUSTS],
    ]
    seen = Seen((3, 3), 4, 7, 4, 34, names={"C": "All ages", "D": "0", "AH": "30"})
    return Layout("ages_for_names", "Ages", rows, (seen,))


def years_as_numbers() -> Layout:
    """Years as numbers are names of periods."""
    rows = [
        ("Deaths by region",),
        (),
        ("Region", 2019, 2020, 2021, 2022),
        ("England", 100, 120, 110, 105),
        ("London", 10, 12, 11, 10),
        ("Midlands", 20, 22, 21, 20),
    ]
    years = ("2019", "2020", "2021", "2022")
    seen = Seen((3, 3), 5, 6, 2, 5, (4,), {"A": "Region"}, periods=years)
    return Layout("years_as_numbers", "1", rows, (seen,))


def financial_years() -> Layout:
    """Financial years in two spellings, one with a mark, before a column of change."""
    years = ("2021-22", "2022-23", "2023/24 [p]")
    rows = [
        ("Measure", "Unit", *years, "Change"),
        ("Finished episodes", "Number", 10, 11, 12, 1),
        ("Day cases", "%", 0.1, 0.2, 0.3, 0.1),
    ]
    seen = Seen(
        (1, 1),
        2,
        3,
        2,
        6,
        names={"A": "Measure", "F": "Change"},
        periods=("2021-22", "2022-23", "2023/24"),
    )
    return Layout("financial_years", "S1", rows, (seen,))


def quarters() -> Layout:
    """Quarters of a year as texts, the last without a value yet."""
    heads = ("Q1 2024-25", "Q2 2024-25", "Q3 2024-25", "Q4 2024-25")
    rows = [
        ("Org code", "Org name", *heads),
        *[(c, n, 1, 2, 3, None) for _, c, n in TRUSTS],
    ]
    seen = Seen((1, 1), 2, 5, 4, 6, periods=heads[:3], dropped_periods=heads[3:])
    return Layout("quarters", "Q", rows, (seen,))


def months_over_measures() -> Layout:
    """Each month stands over two measures."""
    months = [month(2025, n) for n in (8, 9, 10)]
    over = [cell for m in months for cell in (m, None)]
    rows = [
        ("Headcount and FTE",),
        (),
        (None, None, *over),
        ("Org code", "Org name", *(["Headcount", "FTE"] * 3)),
        ("ENG", "England", *([40, 30.5] * 3)),
        *[(c, n, *([10, 7.5] * 3)) for _, c, n in TRUSTS],
    ]
    seen = Seen(
        (3, 4),
        6,
        9,
        4,
        8,
        (5,),
        names={"A": "Org code", "B": "Org name"},
        periods=("2025-08-01", "2025-09-01", "2025-10-01"),
    )
    merged = ("C3:D3", "E3:F3", "G3:H3")
    return Layout("months_over_measures", "2", rows, (seen,), merged)


def units_below_names() -> Layout:
    """A row of units under the names belongs to the header."""
    rows = [
        ("Code", "Name", "Bed days", "Rate", "Cost"),
        (None, None, "Number", "%", "£000s"),
        *[(c, n, 10, 0.1, 5) for _, c, n in TRUSTS],
    ]
    names = {"A": "Code", "C": "Bed days | Number", "D": "Rate | %"}
    return Layout(
        "units_below_names", "Units", rows, (Seen((1, 2), 3, 6, 4, 5, (), names),)
    )


def names_turn_into_totals() -> Layout:
    """Totals of regions among trusts are data, the total of England is not."""
    rows = [
        ("Region", "Code", "Name", "Count"),
        ("England", "ENG", "England", 4),
        ("North West", None, "Total", 2),
        ("North West", "RBT", "Mid Cheshire", 1),
        ("North West", "RJR", "Countess of Chester", 1),
        ("London", None, "Total", 2),
        ("London", "RJ1", "Guy's and St Thomas'", 2),
    ]
    seen = Seen((1, 1), 3, 7, 5, 4, (2,))
    return Layout("names_turn_into_totals", "Data", rows, (seen,))


def marks_everywhere() -> Layout:
    """A column of marks and failed formulas is still a measure, codes stay codes."""
    rows = [
        ("Ethnic group", "Gender", "Value"),
        ("C", "X", "*"),
        ("Z", "1", "#N/A"),
        ("NA", "Unknown", "-"),
        ("A", "2", 5),
    ]
    return Layout("marks_everywhere", "MHSDS", rows, (Seen((1, 1), 2, 5, 4, 3),))


def hidden_lookup() -> Layout:
    """A hidden sheet is read and said to be hidden."""
    rows = [("Code", "Name"), *[(c, n) for _, c, n in TRUSTS]]
    seen = Seen((1, 1), 2, 5, 4, 2)
    return Layout("hidden_lookup", "Lookup", rows, (seen,), hidden=True)


def title_merged_over_all() -> Layout:
    """A title merged over the whole width, right above the names, is no parent."""
    rows = [
        ("Table 3: attendances and admissions by trust, October 2025",),
        (None, None, None, "Emergency care", None),
        HEADER,
        *[(*trust, 1, 2) for trust in TRUSTS],
    ]
    names = {"C": "Name", "E": "Emergency care | Admissions"}
    seen = Seen((2, 3), 4, 7, 4, 5, names=names)
    merged = ("A1:E1", "D2:E2")
    return Layout("title_merged_over_all", "T3", rows, (seen,), merged)


def text_over_figures() -> Layout:
    """A text merged over the figures of a row says why there are none: still a row."""
    rows = [
        HEADER,
        (*TRUSTS[0], "No data submitted", None),
        *[(*trust, 1, 2) for trust in TRUSTS[1:]],
    ]
    seen = Seen((1, 1), 2, 5, 4, 5)
    return Layout("text_over_figures", "Data", rows, (seen,), ("D2:E2",))


def line_breaks_and_marks() -> Layout:
    """Names with line breaks, marks of every spelling and words in brackets."""
    rows = [
        ("Org\nCode", "Name ", "Waits (see note 2)", "Admitted [2, 3]", "Beds\n(G&A)")
        + ("Spells¹", "Rate*", "Stays [note 4]", "(A) Audiology", "(CYP) Audiology"),
        *[(c, n, *([1] * 8)) for _, c, n in TRUSTS],
    ]
    clean = dict(
        zip(
            "ABCDEFGHIJ",
            [
                "org_code",
                "name",
                "waits",
                "admitted",
                "beds_g_and_a",
                "spells",
                "rate",
                "stays",
                "a_audiology",
                "cyp_audiology",
            ],
            strict=True,
        )
    )
    names = {"A": "Org Code", "C": "Waits (see note 2)", "E": "Beds (G&A)"}
    seen = Seen((1, 1), 2, 5, 4, 10, names=names, clean_names=clean)
    return Layout("line_breaks_and_marks", "Data", rows, (seen,))


def far_from_the_corner() -> Layout:
    """A table that starts in the fifth column of the thirtieth row."""
    rows = [
        ("Title",),
        *[()] * 28,
        *[((None,) * 4 + row) for row in (HEADER, *[(*t, 1, 2) for t in TRUSTS])],
    ]
    seen = Seen((30, 30), 31, 34, 4, 5, names={"E": "Region code"})
    return Layout("far_from_the_corner", "Data", rows, (seen,))


def one_row() -> Layout:
    """A table of a single row of data, with codes and dates."""
    rows = [
        ("Org code", "Period", "Count"),
        ("RBT", month(2025, 10), 5),
    ]
    return Layout("one_row", "Data", rows, (Seen((1, 1), 2, 2, 1, 3),))


def twenty_groups() -> Layout:
    """Twenty groups of columns, each with a spacer behind it."""
    groups = [cell for n in range(20) for cell in (f"Group {n}", None, None)]
    rows = [
        (None, None, None, *groups),
        ("Code", "Name", None, *(["All", "FTE", None] * 20)),
        *[(c, n, None, *([2, 1.5, None] * 20)) for _, c, n in TRUSTS],
    ]
    names = {"D": "Group 0 | All", "E": "Group 0 | FTE", "BJ": "Group 19 | FTE"}
    seen = Seen((1, 2), 3, 6, 4, 42, names=names)
    return Layout("twenty_groups", "Staff", rows, (seen,))


def glossary() -> Layout:
    """Terms and what they mean: text for people, no table."""
    rows = [
        ("Notes and definitions",),
        (),
        ("1", "Counts are rounded to the nearest five, so totals may not add up."),
        ("2", "The population is that of mid-2023 published by the ONS in 2024."),
        (),
        ("Contact:", "england.nhsdata@nhs.net"),
        ("Telephone:", "0300 303 5678"),
    ]
    return Layout("glossary", "Notes", rows, (), kind="notes")
