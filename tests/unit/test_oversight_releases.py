"""Later releases of the Oversight Framework: the column Quarter, and small changes."""

from __future__ import annotations

import pytest

from examples.oversight_files import METRICS_HEADER, csv_of
from loaders.oversight.layout import plain_name
from tests.unit.test_oversight_read import (
    landed,
    read,
    read_rows,
    refused,
    refused_rows,
    rows,
)


def test_the_quarter_column_of_later_releases_states_the_period():
    made = [r | {"Quarter": "Q3 2025/26"} for r in rows()]
    name = "nhs-oversight-framework-acute-trust-data-q3-25-26-v2.csv"
    file = read_rows(made, (*METRICS_HEADER, "Quarter"), name)
    assert (file.period.label, file.period_source) == ("Q3 2025/26", "content")
    assert {r["quarter"] for r in landed(file)} == {"Q3 2025/26"}
    assert file.release_status == "revised"


def test_a_release_repeats_the_earlier_quarters_of_the_year():
    made = [
        r | {"Quarter": quarter}
        for quarter in ("Q1 2025/26", "Q3 2025/26", "Q2 2025/26")
        for r in rows("OF0003")
    ]
    header = (*METRICS_HEADER, "Quarter")
    name = "nhs-oversight-framework-acute-trust-data-q3-25-26.csv"
    file = read_rows(made, header, name)
    assert file.period.label == "Q3 2025/26"
    assert [r["quarter"] for r in landed(file)] == [r["Quarter"] for r in made]
    error = refused_rows(made, header, name.replace("q3", "q2"))
    assert error.what == "cannot trust the period of the file"
    assert "Quarter, row 4" in error.found
    assert "its name says Q2 2025/26" in error.found


def test_commas_behind_the_last_column_and_small_codes_are_no_fault():
    made = rows("OF0003", "OF5000")
    plain = csv_of(METRICS_HEADER, made, None)
    trailing = b"".join(line + b",," + b"\r\n" for line in plain.splitlines())
    assert landed(read(trailing)) == landed(read(plain))
    small = [r | {"Trust_code": r["Trust_code"].lower()} for r in made]
    assert landed(read_rows(small))[0]["trust_code"] == made[0]["Trust_code"].lower()
    held = trailing.replace(b",,\r\n", b",x,\r\n").replace(b",x,", b",,", 1)
    assert refused(held).found == "one without name"


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ("ODS code", "trust_code"),
        ("Trust_sub-type", "trust_subtype"),
        ("Region name", "region"),
        ("MetricID", "metric_id"),
        ("Reporting period", "reporting_date"),
    ],
)
def test_a_renamed_column_is_known(header, column):
    assert plain_name(header) == column


def test_an_unknown_column_may_divide_the_rows_and_is_refused():
    made = [r | {"Age band": "0-17"} for r in rows("OF0003")]
    error = refused_rows(made, (*METRICS_HEADER, "Age band"))
    assert error.what == "cannot read a column of the metrics that is not known"
    assert error.found == "also 'Age band'"
