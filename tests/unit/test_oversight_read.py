"""Oversight Framework files: layouts met so far, periods, revisions, every message."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from examples.oversight_files import (
    LEAGUE_HEADER,
    LEAGUE_NAME,
    METRICS_HEADER,
    METRICS_NAME,
    csv_of,
    league,
    metrics,
)
from loaders.errors import Quarantined
from loaders.model import FileRead, SourceFile
from loaders.oversight import PIPELINE
from loaders.oversight.layout import plain_name
from loaders.oversight.read import named

TRUSTS = ("RJ1", "RP6")


def rows(*ids: str) -> list[dict[str, str]]:
    """Published rows of two trusts, all metrics or some."""
    return [
        dict(r)
        for r in metrics()
        if r["Trust_code"] in TRUSTS and (not ids or r["Metric_ID"] in ids)
    ]


def read(data: bytes, name: str = METRICS_NAME, **more) -> FileRead:
    path = more.pop("path", Path(name))
    claims = PIPELINE.claims(name)
    return PIPELINE.read(data, SourceFile(name, name, path, claims=claims, **more))


def read_rows(
    made: list[dict[str, str]], header=METRICS_HEADER, name: str = METRICS_NAME
) -> FileRead:
    return read(csv_of(header, made, None), name)


def landed(file: FileRead) -> list[dict[str, str | None]]:
    return [row for batch in file.tables[0].batches for row in batch.to_pylist()]


def refused(data: bytes, name: str = METRICS_NAME) -> Quarantined:
    with pytest.raises(Quarantined) as raised:
        read(data, name)
    error = raised.value
    assert all((error.what, error.where, error.expected, error.found, error.next_step))
    return error


def refused_rows(made, header=METRICS_HEADER, name: str = METRICS_NAME) -> Quarantined:
    return refused(csv_of(header, made, None), name)


# ------------------------------------------------------------------------ what it reads


def test_metrics_land_as_published_with_their_rows():
    file = read_rows(rows("OF0003", "OF5000"))
    (table,) = file.tables
    assert (table.table, table.source_table) == ("metrics", "metrics")
    assert (table.header_row, table.first_row, table.last_row) == (1, 2, 5)
    assert (file.period.label, file.period_source) == ("Q1 2025/26", "content")
    assert (file.basis, file.release_status, file.is_example) == (
        "acute",
        "unknown",
        False,
    )
    first = landed(file)[0]
    assert first == {
        "region": "London",
        "trust_type": "Acute trust",
        "trust_subtype": "Acute - Teaching",
        "trust_code": "RJ1",
        "trust_name": "Guy's and St Thomas' NHS Foundation Trust",
        "domain": "Access to services",
        "sub_domain": "Elective care",
        "metric_id": "OF0003",
        "metric_description": "Percentage of patients waiting over 52 weeks for "
        "elective treatment",
        "reporting_date": "Jun-25",
        "units": "percent",
        "value": first["value"],
        "median_value": "2.4",
        "lower_quartile": "1.33",
        "upper_quartile": "3.32",
        "rank": first["rank"],
        "_source_row": 2,
    }


@pytest.mark.parametrize("value", ["4.01", "4.0", "NA", "-0.5", "1,024", "*"])
def test_a_value_is_the_text_that_was_published(value):
    made = rows("OF0003", "OF5000")
    made[0]["Value"] = value
    assert landed(read_rows(made))[0]["value"] == value


def test_blank_cells_are_null_and_their_rows_stay():
    made = rows("OF0003", "OF5000", "OF5005", "OF5007")
    made[0]["Value"] = " "
    found = landed(read_rows(made))
    assert found[0]["value"] is None
    blank = [r["metric_id"] for r in found if r["reporting_date"] is None]
    assert blank == ["OF5005", "OF5005", "OF5007", "OF5007"]


def test_both_units_of_one_metric_stay():
    found = landed(read_rows(rows("OF0048", "OF5000")))
    assert {
        (r["trust_code"], r["units"]) for r in found if r["metric_id"] == "OF0048"
    } == {
        ("RJ1", "rate"),
        ("RP6", "count"),
    }


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ("Sub-domain", "sub_domain"),
        ("sub_domain", "sub_domain"),
        ("Sub domain", "sub_domain"),
        ("Metric_description", "metric_description"),
        ("Metric description", "metric_description"),
        ("Reporting_date_colum", "reporting_date"),
        ("reporting date column", "reporting_date"),
        (" TRUST CODE ", "trust_code"),
        ("Org_code", "trust_code"),
        ("Quarter", "quarter"),
        ("Likely_range_of_average_score", "likely_range_of_average_score"),
    ],
)
def test_a_column_is_known_by_every_spelling_of_its_name(header, column):
    assert plain_name(header) == column


def test_the_order_of_columns_is_free():
    made = rows("OF0003", "OF5000")
    assert landed(read_rows(made, METRICS_HEADER[::-1])) == landed(read_rows(made))


def test_a_league_table_is_known_by_its_header():
    file = read_rows(league(), LEAGUE_HEADER, LEAGUE_NAME)
    (table,) = file.tables
    assert (table.table, table.source_table, table.rows_read) == (
        *("league_table", "league_table"),
        12,
    )
    assert (file.period.label, file.basis) == ("Q1 2025/26", "acute")
    found = {r["trust_code"]: r for r in landed(file)}
    assert (found["RJ1"]["average_score"], found["RJ1"]["rank"]) == ("2.0", "15.0")
    assert found["RJ1"]["likely_range_of_rank"] is None


def test_without_any_date_the_name_states_the_quarter():
    made = [r | {"Reporting_date": ""} for r in rows()]
    name = "nhs-oversight-framework-acute-trust-data-q2-25-26.csv"
    file = read_rows(made, name=name)
    assert (file.period.label, file.period_source) == ("Q2 2025/26", "name")


def test_dates_of_single_metrics_do_not_state_the_period():
    made = rows("OF0003", "OF0048", "OF0082")
    assert {r["Reporting_date"] for r in made} != {"Q1 2025/26"}
    error = refused_rows(made)
    assert error.what == "cannot tell the period of the file"


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("nhs-oversight-framework-acute-trust-data-q3-25-26.csv", {}),
        ("nhs-oversight-framework-acute-trust-data-q3-25-26-v1.csv", {}),
        (
            "nhs-oversight-framework-acute-trust-data-q3-25-26-v2.csv",
            {"name": "revised"},
        ),
        ("nhs-oversight-framework-acute-trust-data-v3.csv", {"name": "revised"}),
    ],
)
def test_a_second_version_is_a_revision(name, status):
    assert PIPELINE.claims(name).status_by == status


def test_a_revision_in_a_folder_of_final_files_is_a_revision():
    name = "nhs-oversight-framework-acute-trust-data-v2.csv"
    claims = PIPELINE.claims(name)
    claims = replace(claims, status_by={**claims.status_by, "folder": "final"})
    data = csv_of(METRICS_HEADER, rows(), None)
    file = PIPELINE.read(data, SourceFile(name, name, Path(name), claims=claims))
    assert file.release_status == "revised"


@pytest.mark.parametrize(
    ("name", "claim"),
    [
        (METRICS_NAME, ("acute", "metrics")),
        (LEAGUE_NAME, ("acute", "league_table")),
        (
            "nhs-oversight-framework-non-acute-hospital-trust-data.csv",
            ("non_acute_hospital", "metrics"),
        ),
        (
            "Oversight Framework Mental Health and Community Trust League Table.csv",
            ("mental_health_and_community", "league_table"),
        ),
        ("Oversight-Framework-Ambulance-trusts-data-q3.csv", ("ambulance", "metrics")),
        ("my-download.csv", None),
    ],
)
def test_a_name_claims_type_and_table(name, claim):
    assert named(name) == claim


@pytest.mark.parametrize(
    ("types", "basis"),
    [
        (["Ambulance trust"], "ambulance"),
        (["Mental health and community trust"], "mental_health_and_community"),
        (["Non-acute hospital trust"], "non_acute_hospital"),
        (["Acute trust", "Ambulance trusts"], "acute+ambulance"),
    ],
)
def test_the_basis_is_the_type_of_trust(types, basis):
    made = rows("OF5000", "OF0003")
    for i, row in enumerate(made):
        row["Trust_type"] = types[i % len(types)]
    assert read_rows(made, name="any.csv").basis == basis


def test_a_line_above_the_header_says_that_it_is_an_example():
    file = read(csv_of(METRICS_HEADER, rows(), "EXAMPLE: two trusts"))
    assert file.is_example
    assert file.notes == ("EXAMPLE: two trusts",)
    assert (file.tables[0].header_row, file.tables[0].first_row) == (2, 3)


def test_blank_lines_are_no_rows():
    data = csv_of(METRICS_HEADER, rows("OF5000"), None) + b"\r\n,,,,,,,,,,,,,,,\r\n"
    assert read(data).tables[0].rows_read == 2


def test_the_manifest_tells_where_each_column_lands():
    data = csv_of(METRICS_HEADER, rows(), "EXAMPLE: two trusts")
    file = SourceFile(METRICS_NAME, METRICS_NAME, Path(METRICS_NAME))
    assert PIPELINE.manifest is not None
    made = PIPELINE.manifest(data, file)
    assert made["period"] == {
        "start": "2025-04-01",
        "end": "2025-06-30",
        "grain": "quarter",
        "source": "content",
    }
    (table,) = made["sheets"][0]["tables"]
    assert (table["header_rows"], table["first_data_row"]) == ([2, 2], 3)
    assert table["data_rows"] == len(rows())
    assert [c["name"] for c in table["columns"]] == list(METRICS_HEADER)
    assert table["columns"][11] == {
        "letter": "L",
        "name": "Value",
        "clean_name": "value",
        "role": "measure",
    }


# --------------------------------------------------------------------- what it refuses


def test_an_unknown_column_has_to_be_looked_at():
    made = [r | {"Confidence": "high"} for r in rows()]
    error = refused_rows(made, (*METRICS_HEADER, "Confidence"))
    assert error.what == "cannot read a column of the metrics that is not known"
    assert error.where == f"{METRICS_NAME}, row 1"
    assert error.found == "also 'Confidence'"


def test_a_missing_column_is_named():
    header = [n for n in METRICS_HEADER if n != "Upper_quartile"]
    error = refused_rows(rows(), header)
    assert error.what == "cannot find every column of the metrics"
    assert error.found == "none that is upper_quartile"


def test_two_columns_of_one_meaning_are_refused():
    made = [r | {"org code": "X"} for r in rows()]
    error = refused_rows(made, (*METRICS_HEADER, "org code"))
    assert error.what == "cannot tell two columns of the metrics apart"
    assert error.found == "'Trust_code' and 'org code'"


@pytest.mark.parametrize(
    ("column", "value", "what"),
    [
        ("Trust_code", "", "trust code"),
        ("Trust_code", "Total", "trust code"),
        ("Trust_type", " ", "trust type"),
        ("Metric_ID", "Elective care", "metric id"),
        ("Units", "", "unit"),
    ],
)
def test_a_row_without_its_keys_is_refused(column, value, what):
    made = rows("OF5000", "OF0003")
    made[2][column] = value
    error = refused_rows(made, name="any.csv")
    assert error.what == (
        f"cannot trust the rows: one has no {what} where it should stand"
    )
    assert error.where == "any.csv, row 4"
    assert error.found == (repr(value) if value.strip() else "nothing")


@pytest.mark.parametrize(("cut", "cells"), [(b",2.4,", 14), (b",more,", 18)])
def test_a_row_of_another_length_is_refused(cut, cells):
    lines = csv_of(METRICS_HEADER, rows("OF0003", "OF5000"), None).split(b"\r\n")
    lines[2] = (
        b",".join(lines[2].split(b",")[:14]) if cells == 14 else lines[2] + b",more,"
    )
    error = refused(b"\r\n".join(lines))
    assert error.what == "cannot tell which value belongs under which name"
    assert error.where == f"{METRICS_NAME}, row 3"
    assert (error.expected, error.found) == (
        "16 cells, as in row 1",
        f"{cells} cells",
    )


def test_a_quarter_that_is_none_is_refused():
    made = [r | {"Quarter": "Q3 2025/26"} for r in rows()]
    made[3]["Quarter"] = "third"
    error = refused_rows(made, (*METRICS_HEADER, "Quarter"))
    assert error.what == "cannot read the quarter of a row"
    assert error.where == f"{METRICS_NAME}, row 5"
    assert error.found == "'third'"


def test_a_quarter_that_the_name_contradicts_is_refused():
    name = "nhs-oversight-framework-acute-trust-data-q3-25-26.csv"
    error = refused_rows(rows(), name=name)
    assert error.what == "cannot trust the period of the file"
    assert "its name says Q3 2025/26" in error.found
    assert "Reporting_date, row" in error.found


def test_a_month_is_no_quarter():
    made = [r | {"Reporting_date": ""} for r in rows()]
    error = refused_rows(made, name="acute-2025-06.csv")
    assert error.what == "cannot tell the period of the file"
    assert error.found == "its name says 2025-06"
    assert "Q1 2025/26" in error.expected


def test_another_type_or_table_than_the_name_says_is_refused():
    error = refused_rows(rows(), name=METRICS_NAME.replace("acute", "ambulance"))
    assert error.what == "cannot trust what the file is"
    assert error.expected == "metrics of ambulance trusts, as its name says"
    assert error.found == "metrics of Acute trust"
    error = refused_rows(league(), LEAGUE_HEADER, METRICS_NAME)
    assert error.found == "league table of Acute trust"


def test_a_header_alone_is_refused():
    error = refused_rows([])
    assert error.what == "cannot read the table"
    assert error.found == "a header without a row"


def test_another_csv_is_refused():
    error = refused(b"ODS CODE,TOTAL\r\nRJ1,5\r\n", "cancer.csv")
    assert error.what == "cannot find the table"
    assert error.found == "2 rows, the first with: ODS CODE, TOTAL"
