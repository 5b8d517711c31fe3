"""Classifications of organisations: what lands, and what is refused and where."""

from __future__ import annotations

import json

import pytest

from tests.unit.test_organisations_read import landed, read, refused


def document(**changes) -> str:
    made = {
        "as_of": "2026-06-30",
        "source": "ODS ORD API",
        "nhs_trust_codes": ["RW3", "R0A"],
        "orgs": {
            "RW3": {
                "name": "CENTRAL MANCHESTER",
                "status": "former",
                "opened": "2001-04-01",
                "closed": "2017-10-01",
                "predecessors": [{"code": "RQ7", "name": "CHILDREN'S"}],
                "successors": [{"code": "R0A", "name": "MANCHESTER UNIVERSITY"}],
            },
            "N5E8H": {
                "name": "SURREY HEARTLANDS",
                "status": "former",
                "opened": None,
                "closed": "2026-01-31",
                "predecessors": [],
                "successors": [],
            },
        },
    }
    return json.dumps(made | changes)


def test_a_classification_lands_every_code_of_either_list():
    file = read(document(), "ods_classification.json")
    rows = landed(file, "classification")
    assert [(r["org_code"], r["is_nhs_trust"], r["_source_row"]) for r in rows] == [
        ("RW3", True, 1),
        ("N5E8H", False, 2),
        ("R0A", True, 3),
    ]
    assert (rows[0]["opened"], rows[0]["closed"]) == ("2001-04-01", "2017-10-01")
    assert (rows[2]["org_name"], rows[2]["status"]) == (None, None)
    assert landed(file, "successions") == [
        {
            "org_code": "RW3",
            "relation": "predecessor",
            "other_code": "RQ7",
            "other_name": "CHILDREN'S",
            "_source_row": 1,
        },
        {
            "org_code": "RW3",
            "relation": "successor",
            "other_code": "R0A",
            "other_name": "MANCHESTER UNIVERSITY",
            "_source_row": 2,
        },
    ]
    assert (file.period.label, file.period_source) == ("2026-06", "content")
    assert "as of 2026-06-30" in file.notes
    assert not file.is_example


ENTRY = json.loads(document())["orgs"]["RW3"]


@pytest.mark.parametrize(
    ("text", "where", "found"),
    [
        (document()[:-20], "c.json, line 1", "Expecting"),
        ("[1]", "c.json", "list"),
        ('{"a": 1}', "c.json", "the keys a"),
        (document(more=1), "c.json", "also 'more'"),
        (document(orgs=[]), "c.json", "list and list"),
        (document(as_of="June"), "c.json, as_of", "'June'"),
        (document(as_of=None), "c.json, as_of", "None"),
        (document(nhs_trust_codes=["R 1"]), "c.json, nhs_trust_codes", "'R 1'"),
        (document(orgs={"RW3": {"x": 1}}), "c.json, orgs, RW3", "{'x': 1}"),
        (
            document(orgs={"RW3": ENTRY | {"closed": "2017"}}),
            "c.json, orgs, RW3, closed",
            "'2017'",
        ),
        (
            document(orgs={"RW3": ENTRY | {"name": 5}}),
            "c.json, orgs, RW3, name",
            "5",
        ),
        (
            document(orgs={"RW3": ENTRY | {"successors": "R0A"}}),
            "c.json, orgs, RW3, successors",
            "str",
        ),
        (
            document(orgs={"RW3": ENTRY | {"successors": ["R0A"]}}),
            "c.json, orgs, RW3, successors",
            "R0A",
        ),
        (
            document(orgs={"RW3": ENTRY | {"successors": [{"name": "x"}]}}),
            "c.json, orgs, RW3, successors",
            "None",
        ),
    ],
)
def test_a_broken_classification_is_refused_where_it_breaks(text, where, found):
    error = refused(text, "c.json")
    assert error.what == "cannot read the json document"
    assert error.where == where
    assert found in error.found


def test_a_name_that_contradicts_its_date_is_refused():
    error = refused(document(), "classification-2025-01.json")
    assert error.found == "the file (as_of) says 2026-06, its name says 2025-01"
