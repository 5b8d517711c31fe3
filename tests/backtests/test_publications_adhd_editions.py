"""Two editions of one publication whose sheets were numbered anew.

Source of every figure: ADHD Management Information, NHS England, August and November
2025 (Open Government Licence v3.0).
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.backtests import adhd_editions as adhd
from tests.conftest import SHARED, Warehouse, warehouses

VALUES = SHARED / "publications" / "adhd_values"


@pytest.fixture(scope="module")
def editions(
    server: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Warehouse]:
    """Both editions and a csv, loaded and built."""
    if not VALUES.is_dir():
        pytest.skip("the real files (../shared/data/publications) are not here")
    folder = tmp_path_factory.mktemp("editions") / "adhd"
    name = "ADHD_summary_{}25.xlsx".format
    adhd.write(VALUES, folder / name("Aug"), "2025-08", adhd.AUGUST)
    adhd.write(VALUES, folder / name("Nov"), "2025-11", adhd.NOVEMBER)
    (folder / "ADHD_Nov25.csv").write_text(adhd.CSV)
    with warehouses(server, tmp_path_factory) as make:
        made = make()
        done = made.load("--from", folder, pipeline="publications")
        assert done.returncode == 0, done.stdout + done.stderr
        done = made.build_publications()
        assert done.returncode == 0, done.stdout + done.stderr
        yield made


@pytest.fixture(scope="module")
def tables(editions: Warehouse) -> dict[tuple[str, str], str]:
    """The view of each sheet of each edition."""
    return {
        (period, sheet): view
        for period, sheet, view in editions.rows(
            "select to_char(t.period_start, 'YYYY-MM'), t.source_sheet, d.view_name"
            " from raw_publications.table_details as d"
            " inner join raw_publications.file_tables as t using (table_key)"
            " where t.source_sheet is not null"
        )
    }


@pytest.mark.parametrize("number", [2, 3, 4])
def test_what_a_sheet_counts_decides_and_not_its_number(
    tables: dict[tuple[str, str], str], number: int
) -> None:
    august_2b = tables["2025-08", f"Table {number}b"]
    assert august_2b == tables["2025-11", f"Table {number}d"]
    assert august_2b != tables["2025-11", f"Table {number}b"]
    assert (
        tables["2025-08", f"Table {number}a"] == tables["2025-11", f"Table {number}a"]
    )


def test_no_two_sheets_of_an_edition_are_one_table(
    tables: dict[tuple[str, str], str],
) -> None:
    for edition in ("2025-08", "2025-11"):
        views = [view for (period, _), view in tables.items() if period == edition]
        assert len(views) == len(set(views)) >= 6


def test_every_figure_lands_under_the_name_it_had(
    editions: Warehouse, tables: dict[tuple[str, str], str]
) -> None:
    for edition, sheets in (("2025-08", adhd.AUGUST), ("2025-11", adhd.NOVEMBER)):
        for sheet in sheets:
            view = tables[edition, sheet.name]
            columns = [
                name
                for (name,) in editions.rows(
                    "select c.column_name from raw_publications.table_columns as c"
                    " inner join raw_publications.file_tables as t using (table_key)"
                    " where t.source_sheet = %s and t.period_start = %s::date"
                    " order by c.position",
                    *(sheet.name, f"{edition}-01"),
                )
            ]
            landed = editions.rows(
                f"select {', '.join(columns)} from raw_publications.{view}"
                " where _period_start = %s::date order by _source_row",
                f"{edition}-01",
            )
            assert [(month[:7], *map(int, rest)) for month, *rest in landed] == [
                (f"{month:%Y-%m}", *figures)
                for month, figures in adhd.values(VALUES, sheet, edition)
            ]


def test_a_total_is_the_sum_of_its_ages_in_every_row(
    editions: Warehouse, tables: dict[tuple[str, str], str]
) -> None:
    ((rows, wrong),) = editions.rows(
        "select count(*), count(*) filter (where abs(total::int - (age_0_to_4::int"
        " + age_5_to_17::int + age_18_to_24::int + age_25_and_over::int"
        " + unknown::int)) > 0) from raw_publications." + tables["2025-11", "Table 2a"]
    )
    assert (rows, wrong) == (26, 0)


def test_a_restated_month_shows_before_and_after(
    editions: Warehouse, tables: dict[tuple[str, str], str]
) -> None:
    table = tables["2025-11", "Table 2a"].removeprefix("adhd__")
    found = {
        period: (before, after)
        for period, before, after in editions.rows(
            "select period, value_before, value_after from gold.publication_revisions"
            " where publication = 'adhd' and table_name = %s"
            " and column_name = 'total' and change = 'changed'",
            table,
        )
    }
    assert found["2025-06"] == ("491470", "513880")
    assert found["2024-09"] == ("334570", "334525")
    months = {
        f"{m:%Y-%m}": f for m, f in adhd.values(VALUES, adhd.AUGUST[0], "2025-08")
    }
    later = {
        f"{m:%Y-%m}": f for m, f in adhd.values(VALUES, adhd.NOVEMBER[0], "2025-11")
    }
    assert found == {
        month: (str(months[month][-1]), str(later[month][-1]))
        for month in months.keys() & later.keys()
        if months[month][-1] != later[month][-1]
    }


def test_codes_that_look_like_marks_stay_in_the_dimensions(
    editions: Warehouse,
) -> None:
    (view,) = {
        view
        for (view,) in editions.rows(
            "select d.view_name from raw_publications.table_details as d"
            " inner join raw_publications.files as f using (_file_id)"
            " where f.file_name = 'ADHD_Nov25.csv'"
        )
    }
    assert editions.rows(
        "select breakdown, primary_level, value"
        f" from raw_publications.{view} order by _source_row"
    ) == [
        ("Ethnicity", "C", "24015"),
        ("Ethnicity", "Z", "53905"),
        ("Gender", "X", "6585"),
        ("Gender", "1", "250985"),
        ("Gender", "9", "*"),
        ("Age Group", "Unknown", "0"),
    ]
    assert dict(
        editions.rows(
            "select c.column_name, c.role from raw_publications.table_columns as c"
            " inner join raw_publications.table_details as d using (table_key)"
            " where d.view_name = %s and c.column_name in ('primary_level', 'value')",
            view,
        )
    ) == {"primary_level": "dimension", "value": "measure"}


def test_a_csv_may_print_its_dates_in_two_ways(editions: Warehouse) -> None:
    """As they were printed, and of one period; silver reads each notation."""
    ((landed, period),) = editions.rows(
        "select array_agg(distinct r.c2 order by r.c2), max(f.period_start)::text"
        " from raw_publications.files as f"
        " inner join raw_publications.table_details as d using (_file_id)"
        " inner join raw_publications.rows_16_landed as r"
        " on d.table_key = r._table_key where f.file_name = 'ADHD_Nov25.csv'"
    )
    assert landed == ["2025-09-30", "30/09/2025"]
    assert period == "2025-11-01"
