"""What lands of publications, row by row, against the publishers' own files.

The tests read the files for themselves, with csv or calamine and without the loader.
Figures that are written down are printed elsewhere (Open Government Licence v3.0).
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.backtests.published import FOLDER, csv_rows, sheet_rows
from tests.conftest import Warehouse

#: Files that say nowhere of which period they are.
NO_PERIOD = {"System-Mapping.csv", "ePCN.xlsx"}
#: Folders of csv files whose first line is the header.
CSV_FOLDERS = (
    *("ae_attendances_csv", "gp_registered_patients", "gp_appointments_regional_csv"),
    *("mhsds", "sickness_absence"),
)


def csv_files() -> list[Path]:
    return [
        path
        for folder in CSV_FOLDERS
        for path in sorted((FOLDER / folder).glob("*.csv"))
        if path.name not in NO_PERIOD
    ]


def test_every_file_is_loaded_or_said_to_have_no_period(
    real_publications: Warehouse,
) -> None:
    found = {
        name: (status, reason)
        for name, status, reason in real_publications.rows(
            "select file_name, status, reason from raw_publications.files"
        )
    }
    on_disk = {p.name for p in FOLDER.rglob("*") if p.is_file()}
    assert set(found) == on_disk
    quarantined = {n for n, (status, _) in found.items() if status == "quarantined"}
    assert quarantined == NO_PERIOD
    assert {found[n][1].split(";")[0] for n in quarantined} == {
        "cannot tell the period of the file"
    }
    assert {s for s, _ in found.values()} == {"loaded", "superseded", "quarantined"}


def test_rows_read_are_rows_landed_and_rows_in_the_views(
    real_publications: Warehouse,
) -> None:
    files = real_publications.rows(
        "select file_name, rows_read, rows_landed from raw_publications.files"
        " where status != 'quarantined'"
    )
    assert [one for one in files if one[1] != one[2] or not one[1]] == []
    views = dict(
        real_publications.rows(
            "select d.view_name, sum(t.rows_landed)::int"
            " from raw_publications.table_details as d"
            " inner join raw_publications.file_tables as t using (table_key)"
            " group by 1"
        )
    )
    union = " union all ".join(
        f"select '{view}', count(*)::int from raw_publications.\"{view}\""
        for view in views
    )
    assert dict(real_publications.rows(union)) == views
    assert sum(views.values()) == sum(landed for *_, landed in files)


@pytest.fixture(scope="module")
def named(real_publications: Warehouse) -> dict[str, list[tuple[str, str, str]]]:
    """Of each csv file: view, published name and column of what landed, in order."""
    found: dict[str, list[tuple[str, str, str]]] = {}
    for name, view, published, column in real_publications.rows(
        "select f.file_name, d.view_name, c.published_name, c.column_name"
        " from raw_publications.files as f"
        " inner join raw_publications.table_details as d using (_file_id)"
        " inner join raw_publications.table_columns as c using (table_key)"
        " order by d.table_key, c.position"
    ):
        found.setdefault(name, []).append((view, published, column))
    return found


@pytest.mark.parametrize("path", csv_files(), ids=lambda path: path.name)
def test_first_and_last_row_of_a_csv_stand_under_the_published_names(
    real_publications: Warehouse,
    named: dict[str, list[tuple[str, str, str]]],
    path: Path,
) -> None:
    header, *body = csv_rows(path)
    columns = named[path.name]
    ((view,),) = {(view,) for view, *_ in columns}
    landed = real_publications.rows(
        f"select {', '.join(f'{c}' for *_, c in columns)}"
        f' from raw_publications."{view}" where _source_file like %s'
        " order by _source_row",
        f"%/{path.name}",
    )
    assert len(landed) == len(body)
    names = [published for _, published, _ in columns]
    # A column of which no cell holds anything may be left out.
    kept = [i for i, h in enumerate(header) if h.strip() in names]
    assert [header[i].strip() for i in kept] == names
    assert not any(
        row[i].strip() for i in range(len(header)) if i not in kept for row in body
    )
    for ours, theirs in ((landed[0], body[0]), (landed[-1], body[-1])):
        cells = [theirs[i] if i < len(theirs) else "" for i in kept]
        assert [cell or "" for cell in ours] == cells


@pytest.mark.parametrize(
    ("pattern", "sheet", "known"),
    [
        ("diagnostics_dm01/*.xls", "Provider by Test", "Provider Code"),
        ("diagnostics_dm01/*.xls", "Provider", "Provider Code"),
        ("online_consultation/*.xlsx", "Table 2", "GP Code"),
        ("virtual_wards/VW*.xlsx", "Virtual Ward Data", "ICB code"),
    ],
)
def test_rows_of_a_sheet_stand_under_the_published_names(
    real_publications: Warehouse, pattern: str, sheet: str, known: str
) -> None:
    for path in sorted(FOLDER.glob(pattern)):
        rows = sheet_rows(path, sheet)
        at = next(i for i, row in enumerate(rows) if known in map(str, row))
        names = [" ".join(str(c).split()) for c in rows[at]]
        columns = real_publications.rows(
            "select d.view_name, c.published_name, c.column_name"
            " from raw_publications.files as f"
            " inner join raw_publications.table_details as d using (_file_id)"
            " inner join raw_publications.file_tables as t using (table_key)"
            " inner join raw_publications.table_columns as c using (table_key)"
            " where f.file_name = %s and t.source_sheet = %s order by c.position",
            *(path.name, sheet),
        )
        # The label of a group over a spacer names a column that holds nothing.
        columns = [c for c in columns if c[1].rsplit(" | ", 1)[-1] in names]
        last_level = [name.rsplit(" | ", 1)[-1] for _, name, _ in columns]
        assert last_level == [n for n in names if n]
        (view,) = {view for view, *_ in columns}
        landed = real_publications.rows(
            f"select _source_row, {', '.join(c for *_, c in columns)}"
            f' from raw_publications."{view}"'
            " where _source_file like %s and _source_sheet = %s order by 1",
            *(f"%/{path.name}", sheet),
        )
        assert len(landed) > 30
        for row, *ours in (landed[0], landed[-1]):
            cells = [c for c, n in zip(rows[row - 1], names, strict=True) if n]
            assert [same(cell) for cell in ours] == [same(cell) for cell in cells]


def same(cell: object) -> object:
    """A cell to compare: numbers by value, texts without spaces around them."""
    try:
        return round(float(str(cell)), 9)
    except ValueError:
        return " ".join(str(cell or "").split())


# ------------------------------------------------------------------------- figures


def test_list_sizes_are_those_that_are_published(
    real_publications: Warehouse,
) -> None:
    """NHS Digital, Patients Registered at a GP Practice, November 2025."""
    view, code, patients = ours(
        real_publications, "PracPopNov.csv", "CODE", "NUMBER_OF_PATIENTS"
    )
    assert real_publications.rows(
        f"select sum({patients}::numeric)::int, count(*),"
        f" max({patients}) filter (where {code} = 'A81001'),"
        f" max({patients}) filter (where {code} = 'A81002')"
        f" from raw_publications.{view} where _period_start = '2025-11-01'"
    ) == [(63_947_100, 6_200, "3779", "18682")]


def test_online_submissions_are_those_that_are_published(
    real_publications: Warehouse,
) -> None:
    """NHS Digital, Submissions via Online Consultation Systems in General Practice."""
    rows = dict(
        real_publications.rows(
            "select to_char(t.period_start, 'YYYY-MM'), t.rows_landed"
            " from raw_publications.file_tables as t"
            " inner join raw_publications.table_details as d using (table_key)"
            " where d.publication = 'online_consultation'"
            " and t.source_sheet = 'Table 2'"
        )
    )
    known = {"2025-03": 6_213, "2025-07": 6_188, "2025-11": 6_170}
    assert {month: rows[month] for month in known} == known
    name = "Submissions via Online Consultation Systems in General Practice - "
    view, day, morning = ours(
        *(real_publications, f"{name}March 2025.xlsx"),
        *("Day", "Submission time | 08:00 - 09:59"),
    )
    assert real_publications.rows(
        f"select count(*), max({morning}) filter (where {day} = 'Monday')"
        f" from raw_publications.{view} where _period_start = '2025-03-01'"
    ) == [(7, "117679")]


def ours(warehouse: Warehouse, file: str, *published: str) -> tuple[str, ...]:
    """The view of the table of a file that has these names, and our columns."""
    ((view, columns),) = warehouse.rows(
        "select d.view_name, array_agg(c.column_name order by"
        " array_position(%s, c.published_name::text))"
        " from raw_publications.table_details as d"
        " inner join raw_publications.files as f using (_file_id)"
        " inner join raw_publications.table_columns as c using (table_key)"
        " where f.file_name = %s and c.published_name = any(%s)"
        " group by 1 having count(*) = %s",
        *(list(published), file, list(published), len(published)),
    )
    return (view, *columns)
