"""What changed between months and editions, against the publishers' own files.

The tests read the files for themselves, with csv or calamine and without the loader.
"""

from __future__ import annotations

import itertools
import re
from typing import Any

import pytest

from tests.backtests.published import FOLDER, csv_rows, sheet_rows
from tests.conftest import Warehouse

MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july", "august"),
    *("september", "october", "november", "december"),
)
#: Codes of organisations whose row differs between the first and the revised file.
REVISED = {
    ("Monthly-AE-April-2025.csv", "April-2025-CSV-revised.csv"): (
        *("RBT", "RFS", "RTD", "TOTAL"),
    ),
    ("Monthly-AE-May-2025.csv", "May-2025-CSV-revised.csv"): (
        *("RFS", "RLT", "RTD", "TOTAL"),
    ),
}


def header_of(rows: list[list[Any]], known: str) -> list[str]:
    """The row that has a cell of this name: its cells that are not empty."""
    row = next(r for r in rows if any(str(c).strip() == known for c in r))
    return [" ".join(str(c).split()) for c in row if str(c).strip()]


def month_of(name: str) -> str:
    """The month in the name of a file: ``2025-08``."""
    words = re.split(r"[^a-z0-9]+", name.lower())
    month = next(w for w in words if w in MONTHS)
    year = next(w for w in words if re.fullmatch(r"20\d\d", w))
    return f"{year}-{MONTHS.index(month) + 1:02d}"


def without_footnotes(header: str) -> str:
    return re.sub(r"\s*\[[^\]]*\]", "", header).strip()


# ----------------------------------------------------------------------- revisions


@pytest.mark.parametrize(
    ("before", "after"), REVISED, ids=[before[11:-4] for before, _ in REVISED]
)
def test_what_a_revised_csv_changed_is_told_cell_by_cell(
    real_publications: Warehouse, before: str, after: str
) -> None:
    old, new = (csv_rows(FOLDER / "ae_attendances_csv" / n) for n in (before, after))
    assert old[0] == new[0]
    earlier = {row[1]: row for row in old[1:]}
    expected = {
        (row[1], name, was, now)
        for row in new[1:]
        for name, was, now in zip(new[0], earlier[row[1]], row, strict=True)
        if was != now
    }
    found = real_publications.rows(
        "select row_key, row_label, published_name, value_before, value_after"
        " from gold.publication_revisions where publication = 'ae_attendances'"
        " and change = 'changed' and before_source_file like %s"
        " and after_source_file like %s",
        *(f"%/{before}", f"%/{after}"),
    )
    codes = earlier.keys()
    assert {
        (next(c for c in label.split(" | ") if c in codes), *cell)
        for _, label, *cell in found
    } == expected
    assert len(found) == len(expected)
    assert sorted({org for org, *_ in expected}) == sorted(REVISED[before, after])
    assert len({key for key, *_ in found}) == len(REVISED[before, after]) == 4


def test_files_without_a_later_edition_are_not_revised(
    real_publications: Warehouse,
) -> None:
    assert (
        real_publications.one(
            "select count(*) from gold.publication_revisions where publication in"
            " ('diagnostics_dm01', 'mhsds', 'sickness_absence', 'virtual_wards')"
        )
        == 0
    )


# --------------------------------------------------------------------------- drift


def changes(
    warehouse: Warehouse, publication: str, sheet: str | None = None
) -> list[tuple[str, str, str | None, str | None]]:
    """Drift of a publication: period, change, header before and after."""
    on = f" and d.view_name in ({_views(sheet)})" if sheet else ""
    return [
        (period, change, was, now)
        for period, change, was, now in warehouse.rows(
            "select distinct g.period, g.change, g.previous_published_name,"
            " g.present_published_name from gold.publication_schema_drift as g"
            " inner join raw_publications.table_details as d"
            " on g.publication = d.publication and g.table_name = d.table_name"
            f" where g.publication = '{publication}'{on} order by 1, 2, 3, 4"
        )
    ]


def _views(sheet: str) -> str:
    return (
        "select view_name from raw_publications.table_details"
        " inner join raw_publications.file_tables as t using (table_key)"
        f" where t.source_sheet = '{sheet}'"
    )


def test_diagnostics_do_not_drift(real_publications: Warehouse) -> None:
    assert changes(real_publications, "diagnostics_dm01") == []


def test_footnotes_are_no_drift_and_added_columns_are(
    real_publications: Warehouse,
) -> None:
    files = sorted(
        (FOLDER / "online_consultation").glob("*.xlsx"), key=lambda p: month_of(p.name)
    )
    headers = [
        {without_footnotes(h) for h in header_of(sheet_rows(p, "Table 2"), "GP Code")}
        for p in files
    ]
    expected = set()
    for path, (was, now) in zip(files[1:], itertools.pairwise(headers), strict=True):
        period = month_of(path.name)
        expected |= {(period, "added", h) for h in now - was}
        expected |= {(period, "dropped", h) for h in was - now}
    found = changes(real_publications, "online_consultation", "Table 2")
    assert {
        (period, change, without_footnotes(now or was or ""))
        for period, change, was, now in found
        if change != "new table"
    } == expected
    marks = {
        header
        for path in files
        for header in header_of(sheet_rows(path, "Table 2"), "GP Code")
        if header.startswith("Submissions")
    }
    assert len(marks) > 1, "the footnotes of one column differ between the months"


def test_capacity_by_another_population_is_another_column(
    real_publications: Warehouse,
) -> None:
    capacity = "Virtual Ward Capacity per 100,000 GP registered population"
    found = real_publications.rows(
        "select distinct c.column_name, t.period_start::text, c.published_name"
        " from raw_publications.table_columns as c"
        " inner join raw_publications.table_details as d using (table_key)"
        " inner join raw_publications.file_tables as t using (table_key)"
        " where d.publication = 'virtual_wards' and c.published_name like %s",
        f"{capacity}%",
    )
    adults = {c for c, period, _ in found if period < "2024-04-01"}
    everybody = {c for c, period, _ in found if period >= "2024-04-01"}
    assert len(adults) == len(everybody) == 1
    assert adults != everybody
    assert {period < "2024-04-01" for _, period, n in found if "aged 16" in n} == {True}
    told = changes(real_publications, "virtual_wards", "Virtual Ward Data")
    assert [
        period
        for period, change, _, now in told
        if now
        and now.startswith(capacity)
        and change in ("added", "unit changed", "meaning changed")
    ] == ["2024-05"]
    # The old series ends there: no view goes on with the new figures.
    ((view,),) = real_publications.rows(_views("Virtual Ward Data") + " group by 1")
    assert real_publications.rows(
        f"select max(_period_start) filter (where {adults.pop()} is not null)::text,"
        f" min(_period_start) filter (where {everybody.pop()} is not null)::text"
        f" from raw_publications.{view}"
    ) == [("2024-03-01", "2024-05-01")]


def test_a_column_that_was_split_is_told(real_publications: Warehouse) -> None:
    found = changes(real_publications, "community_health_services", "Table 3")
    assert {(p, now) for p, _, _, now in found if now} >= {
        ("2024-12", "Waiting >52-104 weeks"),
        ("2024-12", "Waiting >104 weeks"),
    }
    assert {
        (change, now) for _, change, was, now in found if was == "Waiting >52 weeks"
    } <= {("dropped", None), ("meaning changed", "Waiting >52-104 weeks")}
    assert {period for period, *_ in found} == {"2024-12"}
