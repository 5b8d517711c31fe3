"""Lists of organisations: every layout met so far, periods, and every message."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from examples import organisations_files
from loaders.errors import Quarantined
from loaders.model import Claims, FileRead, SourceFile
from loaders.organisations import PIPELINE
from loaders.organisations.lists import kind_in_name
from loaders.periods import month

HEADER = (
    "Organisation Code,Name,National Grouping,Higher Level Health Geography,"
    + "".join(f"Address Line {i}," for i in range(1, 6))
    + "Postcode,Open Date,Close Date,"
    + "".join(f"Column {i}," for i in range(13, 18))
    + "Contact Telephone Number,Column 19,Column 20,Column 21,"
    + "Amended Record Indicator,Column 23,GOR Code,Column 25,Column 26,Column 27"
)
LOOKUP_HEADER = (
    "SICBL22CD,SICBL22CDH,SICBL22NM,ICB22CD,ICB22CDH,ICB22NM,"
    "NHSER22CD,NHSER22CDH,NHSER22NM,ObjectId"
)
LOOKUP_ROW = (
    "E38000006,02P,NHS South Yorkshire ICB - 02P,E54000061,QF7,NHS South Yorkshire "
    "Integrated Care Board,E40000012,Y63,North East and Yorkshire,1"
)


def trust(code="R0A", opened="20171001", closed="", **other: str) -> str:
    """A row of an ODS list; ``c13="x"`` fills the 13th column."""
    cells = [""] * 27
    cells[:4] = [code, "MANCHESTER UNIVERSITY NHS FOUNDATION TRUST", "Y62", "QOP"]
    cells[4:10] = ["COBBETT HOUSE", "OXFORD ROAD", "", "MANCHESTER", "", "M13 9WL"]
    cells[10:12] = [opened, closed]
    cells[17], cells[21], cells[23] = "0300 3309444", "1", "B"
    for key, value in other.items():
        cells[int(key[1:]) - 1] = value
    return ",".join(f'"{cell}"' for cell in cells)


def read(
    data: bytes | str, name: str = "etr_2025-11.csv", claims: Claims | None = None
) -> FileRead:
    data = data.encode() if isinstance(data, str) else data
    given = claims or PIPELINE.claims(name)
    return PIPELINE.read(data, SourceFile(name, name, Path(name), claims=given))


def landed(file: FileRead, table: str) -> list[dict]:
    tables = [t for t in file.tables if t.table == table]
    return [row for t in tables for batch in t.batches for row in batch.to_pylist()]


def refused(data: bytes | str, name: str = "etr_2025-11.csv") -> Quarantined:
    with pytest.raises(Quarantined) as raised:
        read(data, name)
    error = raised.value
    assert all((error.what, error.where, error.expected, error.found, error.next_step))
    return error


# --------------------------------------------------------------------------- ODS lists


def test_a_list_without_a_header_lands_from_its_first_row():
    file = read("\r\n".join([trust(), trust("RW3", "20010401", "20170930")]))
    first, second = landed(file, "ods_organisations")
    assert first == {
        "org_code": "R0A",
        "org_name": "MANCHESTER UNIVERSITY NHS FOUNDATION TRUST",
        "national_grouping": "Y62",
        "health_geography": "QOP",
        "address_1": "COBBETT HOUSE",
        "address_2": "OXFORD ROAD",
        "address_3": None,
        "address_4": "MANCHESTER",
        "address_5": None,
        "postcode": "M13 9WL",
        "open_date": "20171001",
        "close_date": None,
        "telephone": "0300 3309444",
        "amended_indicator": "1",
        "gor_code": "B",
        "other": None,
        "_source_row": 1,
    }
    assert (second["close_date"], second["_source_row"]) == ("20170930", 2)
    assert (file.tables[0].source_table, file.basis) == ("ods_list", "etr")
    assert (file.period.label, file.period_source) == ("2025-11", "name")


def test_a_list_with_a_header_is_the_same_list():
    plain = landed(read(trust()), "ods_organisations")
    headed = landed(read(HEADER + "\r\n" + trust()), "ods_organisations")
    assert headed == [{**plain[0], "_source_row": 2}]


def test_columns_without_a_name_are_kept_by_their_position():
    (row,) = landed(read(trust(c13="F", c27="x y")), "ods_organisations")
    assert json.loads(row["other"]) == {"13": "F", "27": "x y"}


def test_without_a_period_in_its_name_the_latest_date_gives_the_month():
    rows = [trust(opened="20171001", closed="20241231"), trust("RW3", "20241101")]
    file = read("\n".join(rows), "geographic_etr.csv")
    assert (file.period.label, file.period_source) == ("2024-12", "content")
    assert "latest open or close date, 20241231" in file.notes[-1]


def test_periods_a_run_is_limited_to_do_not_date_a_list():
    claims = Claims(selected=(month(2025, 11),))
    file = read(trust(opened="20171001"), "etr.csv", claims)
    assert file.period.label == "2017-10"


@pytest.mark.parametrize("who", ["option", "folder", "page"])
def test_who_gives_a_list_its_month_is_recorded(who):
    claims = Claims(period_by={who: month(2025, 11)})
    file = read(trust(), "etr.csv", claims)
    assert (file.period.label, file.period_source) == ("2025-11", who)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("etr_2025-11.csv", "etr"),
        ("geographic_etr.csv", "etr"),
        ("ets.csv", "ets"),
        ("epraccur (2).csv", "epraccur"),
        ("trusts.csv", None),
        ("metrics.csv", None),
    ],
)
def test_the_kind_of_list_is_in_its_name(name, kind):
    assert kind_in_name(name) == kind


def test_another_number_of_columns_is_refused():
    error = refused(trust() + ',"x"')
    assert error.what == "cannot read the list: it has another number of columns"
    assert (error.where, error.found) == ("etr_2025-11.csv, row 1", "28 columns")


def test_commas_behind_the_last_column_are_no_column():
    assert landed(read(trust() + ",,"), "ods_organisations") == landed(
        read(trust()), "ods_organisations"
    )
    lookup = f"{LOOKUP_HEADER},\n{LOOKUP_ROW},"
    assert len(landed(read(lookup, "lookup.csv"), "icb_lookup")) == 1


def test_a_lookup_from_smaller_areas_is_refused():
    error = refused(f"LSOA21CD,{LOOKUP_HEADER}\nE01000001,{LOOKUP_ROW}", "lookup.csv")
    assert error.what == "cannot read a column of the lookup of ICBs that is not known"
    assert error.found == "also 'LSOA21CD'"


def test_a_row_that_is_cut_off_is_refused():
    error = refused(trust() + "\n" + trust("RW3").rsplit(",", 3)[0])
    assert error.what == "cannot tell which value belongs under which name"
    assert (error.where, error.found) == ("etr_2025-11.csv, row 2", "24 cells")


@pytest.mark.parametrize(
    ("row", "what", "found"),
    [
        (trust("r0a"), "code", "'r0a'"),
        (trust("MANCHESTER UNIVERSITY"), "code", "'MANCHESTER UNIVERSITY'"),
        (trust(""), "code", "nothing"),
        (trust(c2=""), "name", "nothing"),
        (trust(opened="01/10/2017"), "date", "'01/10/2017'"),
        (trust(closed="2017"), "date", "'2017'"),
    ],
)
def test_a_cell_that_is_not_what_it_must_be_is_refused(row, what, found):
    error = refused(trust() + "\n" + row)
    assert error.what == (
        f"cannot trust the rows: one has no {what} where it should stand"
    )
    assert (error.where, error.found) == ("etr_2025-11.csv, row 2", found)


def test_a_date_that_does_not_exist_is_refused():
    error = refused(trust(opened="20171301"), "etr.csv")
    assert error.what == "cannot read a date of the list"
    assert error.found == "'20171301'"


def test_columns_in_another_order_are_refused():
    header = HEADER.replace("Open Date,Close Date", "Close Date,Open Date")
    error = refused(header + "\n" + trust())
    assert error.what == (
        "cannot read the list: its columns are not in the usual order"
    )
    assert (error.where, error.found) == (
        *("etr_2025-11.csv, row 1, cell 11", "'Close Date'"),
    )


def test_a_list_that_nobody_dates_is_refused():
    error = refused(trust(opened=""), "etr.csv")
    assert error.what == "cannot tell the period of the file"
    assert "2025-11" in error.expected


def test_a_year_is_no_month():
    claims = Claims(period_by={"name": month(2025, 11), "folder": month(2025, 10)})
    with pytest.raises(Quarantined, match="cannot trust the period of the file"):
        read(trust(), "etr.csv", claims)


def test_text_alone_is_no_list():
    error = refused("hello, world\nagain\n")
    assert error.what == "cannot find the table"
    assert error.found == "2 rows, the first with: hello, world"


def test_a_header_alone_is_refused():
    assert refused(HEADER).found == "a header without a row"


# ----------------------------------------------------------------------------- lookups


def test_a_lookup_takes_its_year_from_its_columns():
    name = "Sub_ICB_Locations_to_(Region)_(July_2022)_Lookup_in_England.csv"
    file = read(f"\ufeff{LOOKUP_HEADER}\n{LOOKUP_ROW}", name)
    (row,) = landed(file, "icb_lookup")
    assert row == {
        "sub_icb_ons_code": "E38000006",
        "sub_icb_code": "02P",
        "sub_icb_name": "NHS South Yorkshire ICB - 02P",
        "icb_ons_code": "E54000061",
        "icb_code": "QF7",
        "icb_name": "NHS South Yorkshire Integrated Care Board",
        "region_ons_code": "E40000012",
        "region_code": "Y63",
        "region_name": "North East and Yorkshire",
        "_source_row": 2,
    }
    assert (file.period.label, file.period.grain) == ("2022", "year")
    assert file.period_source == "content"


def test_a_name_of_another_year_contradicts_the_columns():
    error = refused(f"{LOOKUP_HEADER}\n{LOOKUP_ROW}", "lookup_2026-04.csv")
    assert error.what == "cannot trust the period of the file"
    assert error.found == "the file (row 1) says 2022, its name says 2026-04"


@pytest.mark.parametrize(
    ("header", "what"),
    [
        (LOOKUP_HEADER.replace("ICB22NM", "ICB23NM", 1), "the year of the lookup"),
        (LOOKUP_HEADER.replace("NHSER22NM", "Cancer"), "a column of the lookup"),
        (LOOKUP_HEADER.replace("NHSER22NM", "ICB22NM"), "two columns of the lookup"),
    ],
)
def test_a_lookup_with_other_columns_is_refused(header, what):
    error = refused(f"{header}\n{LOOKUP_ROW}", "lookup.csv")
    assert what in error.what
    assert error.where == "lookup.csv, row 1"


def test_a_missing_column_of_a_lookup_is_named():
    header, row = LOOKUP_HEADER.split(","), LOOKUP_ROW.split(",")
    del header[4], row[4]
    error = refused(",".join(header) + "\n" + ",".join(row), "lookup.csv")
    assert error.what == "cannot find every column of the lookup of ICBs"
    assert error.found == "none that is icb_code"


def test_a_name_where_a_code_should_stand_is_refused():
    row = LOOKUP_ROW.replace("E54000061", "South Yorkshire")
    error = refused(f"{LOOKUP_HEADER}\n{row}", "lookup.csv")
    assert error.where == "lookup.csv, row 2"
    assert error.found == "'South Yorkshire'"


# ---------------------------------------------------------------------------- examples


@pytest.mark.parametrize("name", organisations_files.files())
def test_the_examples_say_that_they_are(name):
    file = read(organisations_files.files()[name], name.split("/")[1])
    assert file.is_example
    assert file.notes[0].startswith("EXAMPLE: ")


ENTRY = {"name": "C", "successors": [{"code": "R0A", "name": "M"}]}
DOCUMENT = json.dumps(
    {"as_of": "2026-06-30", "orgs": {"RW3": ENTRY}, "nhs_trust_codes": ["R0A"]}
)


def test_the_manifest_tells_the_tables_of_a_csv_and_of_a_json():
    assert PIPELINE.manifest is not None
    seen = {}
    for name, data in (
        ("etr_2025-11.csv", HEADER + "\n" + trust()),
        ("c.json", DOCUMENT),
    ):
        file = SourceFile(name, name, Path(name))
        made = PIPELINE.manifest(data.encode(), file)
        seen[name] = [
            (t["name"], t["data_rows"], t["columns"][0]["clean_name"])
            for t in made["sheets"][0]["tables"]
        ]
    assert seen == {
        "etr_2025-11.csv": [("ods_list", 1, "org_code")],
        "c.json": [("classification", 2, "org_code"), ("successions", 1, "org_code")],
    }
