"""Tables of publications the samples do not hold: what a reader must see in them."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

import pytest

from loaders.sheets import csvtext, workbook
from loaders.sheets.manifest import describe
from loaders.sheets.names import without_marks
from loaders.sheets.tables import read_tables
from loaders.sheets.wide import LandedTable, to_land
from loaders.sheets.workbook import Sheet
from tests.unit import (
    publication_bodies,
    publication_layouts,
    publication_periods,
    publication_traps,
)
from tests.unit.publication_books import Layout, Seen

MODULES = (
    publication_layouts,
    publication_periods,
    publication_bodies,
    publication_traps,
)
LAYOUTS: list[Layout] = [
    build()
    for module in MODULES
    for name, build in vars(module).items()
    if getattr(build, "__module__", "") == module.__name__ and name[0] != "_"
]


def period_text(published: str) -> str:
    """A period's heading without its mark; a date is its month, as Nov-25."""
    plain_text = without_marks(published).split("[")[0].strip()
    try:
        return datetime.date.fromisoformat(plain_text[:10]).strftime("%b-%y")
    except ValueError:
        return plain_text


def landed_column(lands: LandedTable, name: str) -> list[Any]:
    if name == "_source_row":
        return lands.batch.column(lands.batch.num_columns - 1).to_pylist()
    names = [column.clean_name for column in lands.columns]
    if name not in names:
        return []
    return lands.batch.column(names.index(name)).to_pylist()


def differences(seen: Seen, table: dict[str, Any], lands: LandedTable) -> list[str]:
    columns = {c["letter"]: c for c in table["columns"] if c["role"] != "spacer"}
    footer = next(iter(table["footer_rows"]), None)
    facts: list[tuple[str, Any, Any]] = [
        ("header_rows", list(seen.header_rows), table["header_rows"]),
        ("first_data_row", seen.first_data_row, table["first_data_row"]),
        ("last_data_row", seen.last_data_row, table["last_data_row"]),
        ("data_rows", seen.data_rows, table["data_rows"]),
        ("aggregate_rows", list(seen.aggregate_rows), table["aggregate_rows"]),
        ("columns", seen.columns, len(columns)),
        ("is_wide", bool(seen.periods or seen.period_starts), lands.is_wide),
    ]
    if seen.period_starts:
        starts = dict.fromkeys(landed_column(lands, "period_start"))
        facts.append(("period_starts", list(seen.period_starts), list(starts)))
    if not lands.is_wide:
        facts.append(("columns landed", seen.columns, len(lands.columns)))
        numbers = landed_column(lands, "_source_row")
        for place, expected in seen.fills.items():
            letter, row = place[0], int(place[1:])
            name = columns[letter]["clean_name"]
            filled = landed_column(lands, name)[numbers.index(row)]
            facts.append((place, expected, filled))
    stated = [period_text(p) for p in (*seen.periods, *seen.dropped_periods)]
    dropped = [period_text(p) for p in lands.dropped_periods]
    if seen.periods:
        heads = [c["name"] for c in columns.values() if c["role"] == "period"]
        levels = [[period_text(level) for level in head.split(" | ")] for head in heads]
        read_as = [next((t for t in ts if t in stated), ts[0]) for ts in levels]
        facts.append(("periods", stated, list(dict.fromkeys(read_as))))
    facts.append(("dropped_periods", stated[len(seen.periods) :], dropped))
    if seen.footer_first_row:
        facts.append(("footer", seen.footer_first_row, footer))
    for key, stated in (("name", seen.names), ("clean_name", seen.clean_names)):
        for letter, expected in stated.items():
            found = columns[letter][key] if letter in columns else None
            facts.append((f"{key} of {letter}", expected, found))
    return [f"{what}: expected {e}, is {f}" for what, e, f in facts if e != f]


def read(data: bytes, name: str, sheet: str | None) -> tuple[dict[str, Any], list[Any]]:
    """A sheet of the manifest, and its tables as they land."""
    if sheet is None:
        pages = [Sheet(None, False, list(csvtext.read_csv(data, name).rows))]
    else:
        pages = list(workbook.open_workbook(data, name))
    found = next(read_tables(page) for page in pages if page.name == sheet)
    told = next(s for s in describe(data, name)["sheets"] if s["sheet"] == sheet)
    return told, [to_land(table, None) for table in found.tables]


def wrong(data: bytes, name: str, sheet: str | None, seen: Sequence[Seen]) -> list[str]:
    told, lands = read(data, name, sheet)
    if len(told["tables"]) != len(seen):
        return [f"{len(told['tables'])} tables, expected {len(seen)}"]
    triples = zip(seen, told["tables"], lands, strict=True)
    return [text for triple in triples for text in differences(*triple)]


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda p: p.name)
def test_the_tables_are_read_as_they_stand(layout: Layout) -> None:
    data = layout.workbook()
    told, _ = read(data, f"{layout.name}.xlsx", layout.sheet)
    assert (told["kind"], told["hidden"]) == (layout.kind, layout.hidden)
    differs = wrong(data, f"{layout.name}.xlsx", layout.sheet, layout.tables)
    assert not differs, "\n  ".join([layout.name, *differs])


def test_a_csv_may_have_lines_above_a_total_and_notes_below():
    text = """Title:,Ambulance handovers,,
Period:,October 2025,,
,,,
Code,Name,Handovers,% in 15 minutes
RBT,"Mid Cheshire, NHS",10,50%
RR8,Leeds,"1,020",-
Total,,"1,030",
,,,
Source: NHS England,,,
"""
    data = text.encode("cp1252")
    names = {"A": "Code", "D": "% in 15 minutes"}
    seen = Seen((4, 4), 5, 6, 2, 4, (7,), names, footer_first_row=9)
    assert wrong(data, "publication.csv", None, [seen]) == []


def test_a_csv_may_name_its_columns_in_two_rows():
    text = """,,Adult,,Child,
Code,Name,Beds,Occupied,Beds,Occupied
RBT,Mid Cheshire,10,5,4,2
RR8,Leeds,20,15,8,7
"""
    data = text.encode()
    names = {"B": "Name", "D": "Adult | Occupied", "E": "Child | Beds"}
    seen = Seen((1, 2), 3, 4, 2, 6, names=names)
    assert wrong(data, "publication.csv", None, [seen]) == []


def test_a_csv_may_be_wide():
    text = """Org code;Measure;Apr-24;May-24;Jun-24
RBT;Beds;1;2;
RR8;Beds;3;;
"""
    data = text.encode()
    kept, dropped = ("Apr-24", "May-24"), ("Jun-24",)
    seen = Seen((1, 1), 2, 3, 2, 5, periods=kept, dropped_periods=dropped)
    assert wrong(data, "publication.csv", None, [seen]) == []


def test_a_tidy_csv_has_no_aggregates_in_a_breakdown():
    text = """BREAKDOWN,PRIMARY_LEVEL,MEASURE,VALUE
England,England,M1,10
Region,Y62,M1,4
Region,Y63,M1,6
"""
    told, _ = read(text.encode(), "tidy.csv", None)
    assert [t["data_rows"] + len(t["aggregate_rows"]) for t in told["tables"]] == [3]


def test_notes_may_follow_the_last_row_of_a_csv_at_once():
    text = """Code,Count
RBT,1
RR8,*
* Numbers below 5 are suppressed.
"Source: NHS England, 2025"
"""
    seen = Seen((1, 1), 2, 3, 2, 2, footer_first_row=4)
    assert wrong(text.encode(), "publication.csv", None, [seen]) == []


def test_a_csv_may_hold_two_tables_of_different_widths():
    text = """Table 1
Code,Count
RBT,1
RR8,2

Table 2
Region,Beds,Rate
Y62,3,0.5
Y63,3,0.6
"""
    tables = [Seen((2, 2), 3, 4, 2, 2), Seen((7, 7), 8, 9, 2, 3)]
    assert wrong(text.encode(), "publication.csv", None, tables) == []
