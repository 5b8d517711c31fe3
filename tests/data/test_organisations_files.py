"""The publishers' own lists of organisations: every row, each of its own period."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from examples import organisations_files
from loaders.model import FileRead, SourceFile
from loaders.organisations import PIPELINE

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT.parent / "shared" / "data" / "organisations"
LOOKUP_2022 = (
    "Sub_ICB_Locations_to_Integrated_Care_Boards_to_NHS_England_(Region)_(July_2022)"
    "_Lookup_in_England.csv"
)

pytestmark = pytest.mark.skipif(
    not FOLDER.is_dir(),
    reason="the real files (../shared/data/organisations) are not on this machine",
)


def read(name: str) -> FileRead:
    path = FOLDER / name
    return PIPELINE.read(path.read_bytes(), SourceFile(name, name, path))


def rows(file: FileRead, table: str) -> list[dict[str, Any]]:
    tables = [t for t in file.tables if t.table == table]
    return [row for t in tables for batch in t.batches for row in batch.to_pylist()]


@pytest.mark.parametrize(
    ("name", "count", "period", "source"),
    [
        ("etr_2025-11.csv", 273, "2025-11", "name"),
        ("etr_earlier_vintage.csv", 210, "2024-12", "content"),
        ("geographic_etr.csv", 218, "2023-06", "content"),
    ],
)
def test_every_trust_of_a_list_lands_once(name, count, period, source):
    file = read(name)
    found = rows(file, "ods_organisations")
    assert len(found) == len({r["org_code"] for r in found}) == count
    assert file.tables[0].rows_read == count
    assert (file.period.label, file.period_source, file.basis) == (
        period,
        source,
        "etr",
    )


@pytest.mark.parametrize(
    ("name", "year", "icbs"),
    [("icb_region_lookup.csv", "2026", 36), (LOOKUP_2022, "2022", 42)],
)
def test_lookups_have_106_sub_icbs_in_seven_regions(name, year, icbs):
    file = read(name)
    found = rows(file, "icb_lookup")
    assert (len(found), len({r["icb_code"] for r in found})) == (106, icbs)
    assert len({r["region_code"] for r in found}) == 7
    assert (file.period.label, file.period.grain) == (year, "year")


def test_the_classification_has_every_code_and_link():
    file = read("ods_classification.json")
    found = rows(file, "classification")
    assert len(found) == len({r["org_code"] for r in found}) == 582
    assert sum(r["is_nhs_trust"] for r in found) == 556
    links = rows(file, "successions")
    assert len(links) == 312
    into_manchester = {
        r["org_code"]
        for r in links
        if r["relation"] == "successor" and r["other_code"] == "R0A"
    }
    assert into_manchester == {"RM2", "RW3"}
    assert file.period.label == "2026-06"


def test_the_example_list_holds_published_facts_alone():
    with (FOLDER / "etr_2025-11.csv").open(newline="", encoding="utf-8") as handle:
        published = {row[0]: row for row in csv.reader(handle)}
    text = organisations_files.ods_list().decode()
    _, *made = csv.reader(text.splitlines())
    assert len(made) == 22
    for row in made:
        assert [c for c in row if c] == [
            c for i, c in enumerate(published[row[0]]) if row[i]
        ]


def test_the_example_classification_holds_published_facts_alone():
    published = json.loads((FOLDER / "ods_classification.json").read_text("utf-8"))
    made = json.loads(organisations_files.classification())
    assert made["as_of"] == published["as_of"]
    assert made["orgs"].items() <= published["orgs"].items()
    assert set(made["nhs_trust_codes"]) <= set(published["nhs_trust_codes"])


def test_the_example_lookup_holds_published_facts_alone():
    with (FOLDER / LOOKUP_2022).open(newline="", encoding="utf-8-sig") as handle:
        published = {tuple(row[:9]) for row in csv.reader(handle)}
    text = organisations_files.icb_lookup().decode("utf-8-sig")
    _, *made = csv.reader(text.splitlines())
    assert {tuple(row[:9]) for row in made} <= published
