"""The FHIR endpoint: pages walked on a local server, and what a page lands."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from loaders import project
from loaders.errors import Quarantined, UsageError
from loaders.files import Problem
from loaders.files.http import Client, HttpSettings
from loaders.model import FileRead, SourceFile
from loaders.organisations import PIPELINE
from loaders.organisations.discovery import discover
from tests.loopback import Answer, Loopback

BASE = "/fhir/Organization"
ROLES = "https://fhir.nhs.uk/England/StructureDefinition/Extension-England-"


def organisation(code: str, *roles: tuple[str, str], **more: Any) -> dict[str, Any]:
    """A resource in the shape of the ODS endpoint."""
    extensions: list[dict[str, Any]] = [
        {
            "url": f"{ROLES}OrganisationRole",
            "extension": [
                {
                    "url": "roleCode",
                    "valueCodeableConcept": {
                        "coding": [{"code": role, "display": display}]
                    },
                },
                {"url": "active", "valueBoolean": True},
            ],
        }
        for role, display in roles or (("RO197", "NHS TRUST"),)
    ]
    extensions.append(
        {
            "url": f"{ROLES}TypedDateTime",
            "extension": [
                {"url": "type", "valueString": "lastChangeDate"},
                {"url": "dateTime", "valueDateTime": "2025-03-31"},
            ],
        }
    )
    return {
        "resourceType": "Organization",
        "id": code,
        "active": True,
        "name": f"TRUST {code}",
        "extension": extensions,
        "telecom": [
            {"system": "phone", "value": "020 7188 7188"},
            {"system": "url", "value": "https://trust.example"},
        ],
        "address": [{"city": "LONDON", "postalCode": "SE1 7EH"}],
        **more,
    }


def bundle(*resources: dict[str, Any], **more: Any) -> bytes:
    made = {
        "resourceType": "Bundle",
        "type": "searchset",
        "entry": [{"resource": r} for r in resources],
    }
    return json.dumps(made | more).encode()


def page(*codes: str, **more: Any) -> bytes:
    return bundle(*map(organisation, codes), **more)


@dataclass
class Endpoint:
    web: Loopback
    folder: Path
    found: list = field(default_factory=list)

    def path(self, role: str, offset: int, count: int = 2) -> str:
        return f"{BASE}?roleCode={role}&_count={count}&_offset={offset}"

    def serve(
        self, *pages: bytes | Answer, role: str = "RO197", count: int = 2
    ) -> None:
        for i, body in enumerate(pages):
            self.web.serve(self.path(role, i * count, count), body)

    def run(self, start: str = BASE, **asked) -> list[str]:
        settings = HttpSettings(
            min_delay_seconds=0, retries=1, backoff_seconds=0, timeout_seconds=5
        )
        asked = {"roles": ["RO197"], "page_size": 2} | asked
        url = start if "://" in start else self.web.url + start
        with Client(settings, cache=self.folder / "cache") as client:
            self.found = list(discover(client, url, **asked))
        return [f.name for f in self.files]

    @property
    def files(self) -> list[SourceFile]:
        return [f for f in self.found if isinstance(f, SourceFile)]

    @property
    def problems(self) -> list[Problem]:
        return [f for f in self.found if isinstance(f, Problem)]

    def codes(self) -> list[str]:
        return [
            row["org_code"]
            for f in self.files
            for row in rows(PIPELINE.read(f.path.read_bytes(), f))
        ]


@pytest.fixture
def endpoint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Endpoint]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    web = Loopback()
    yield Endpoint(web, tmp_path)
    web.close()


def rows(file: FileRead) -> list[dict[str, Any]]:
    return [row for batch in file.tables[0].batches for row in batch.to_pylist()]


# -------------------------------------------------------------------------- the walk


def test_pages_are_asked_for_until_one_is_short(endpoint):
    endpoint.serve(page("R0A", "R0B"), page("R0C", "R0D"), page("R0E"))
    assert endpoint.run() == [
        "Organization-RO197-page-0001.json",
        "Organization-RO197-page-0002.json",
        "Organization-RO197-page-0003.json",
    ]
    assert endpoint.codes() == ["R0A", "R0B", "R0C", "R0D", "R0E"]
    assert [f.source for f in endpoint.files] == [
        endpoint.web.url + endpoint.path("RO197", offset) for offset in (0, 2, 4)
    ]
    assert len(endpoint.web.asked) == 3


def test_an_empty_last_page_lands_nothing(endpoint):
    endpoint.serve(page("R0A", "R0B"), page())
    assert endpoint.run() == ["Organization-RO197-page-0001.json"]
    assert endpoint.problems == []


def test_each_role_is_walked_for_itself(endpoint):
    endpoint.serve(page("R0A"))
    endpoint.serve(page("R0A01", "R0A02"), page("R0A03"), role="RO198")
    endpoint.run(roles=["RO197", "RO198"])
    assert endpoint.codes() == ["R0A", "R0A01", "R0A02", "R0A03"]


def test_the_next_link_is_followed_where_there_is_one(endpoint):
    more = f"{BASE}?cursor=abc"
    endpoint.serve(page("R0A", link=[{"relation": "next", "url": more}]))
    endpoint.web.serve(more, page("R0B", link=[{"relation": "self", "url": more}]))
    endpoint.run()
    assert endpoint.codes() == ["R0A", "R0B"]
    assert endpoint.files[1].source == endpoint.web.url + more


def test_a_server_that_gives_smaller_pages_is_walked_by_its_total(endpoint):
    endpoint.web.serve(endpoint.path("RO197", 0), page("R0A", total=3))
    endpoint.web.serve(endpoint.path("RO197", 1), page("R0B", "R0C", total=3))
    endpoint.web.serve(endpoint.path("RO197", 3), page(total=3))
    endpoint.run()
    assert endpoint.codes() == ["R0A", "R0B", "R0C"]


def test_repeated_entries_land_as_often_as_they_are_published(endpoint):
    endpoint.serve(page("R0A", "R0B"), page("R0B", "R0C"), page())
    endpoint.run()
    assert endpoint.codes() == ["R0A", "R0B", "R0B", "R0C"]


def test_a_server_that_repeats_itself_is_not_asked_for_ever(endpoint):
    endpoint.serve(page("R0A", "R0B"), page("R0B", "R0A"))
    assert endpoint.run() == []
    (problem,) = endpoint.problems
    assert problem.source == endpoint.web.url + endpoint.path("RO197", 2)
    assert problem.error.found == "organisations it gave before"


def test_a_walk_that_breaks_off_lands_nothing_of_its_role(endpoint):
    endpoint.serve(page("R0A", "R0B"), Answer(b"ill", status=503))
    endpoint.serve(page("R0A01"), role="RO198")
    assert endpoint.run(roles=["RO197", "RO198"]) == [
        "Organization-RO198-page-0001.json"
    ]
    (problem,) = endpoint.problems
    assert problem.source == endpoint.web.url + endpoint.path("RO197", 2)
    assert problem.error.found == "503 Service Unavailable (2 attempts)"


def test_a_page_that_is_tried_again_is_taken(endpoint):
    endpoint.web.serve(endpoint.path("RO197", 0), Answer(status=503), page("R0A"))
    endpoint.run()
    assert endpoint.codes() == ["R0A"]


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (b"<html><body>log in</body></html>", "a web page"),
        (b'{"resourceType": "Bundle", "entry": [', "Expecting value"),
        (
            b'{"resourceType": "OperationOutcome", "issue": [{"code": "throttled"}]}',
            'OperationOutcome: [{"code": "throttled"}]',
        ),
        (bundle(), "none"),
        (page("not a code"), "'not a code'"),
        (
            page("R0A", link=[{"relation": "next", "url": "https://else.example/x"}]),
            "https://else.example/x",
        ),
    ],
)
def test_an_answer_that_is_no_page_is_a_problem(endpoint, body, found):
    endpoint.serve(body)
    assert endpoint.run() == []
    assert found in endpoint.problems[0].error.found


def test_a_limit_ends_the_walk(endpoint):
    endpoint.serve(page("R0A", "R0B"), page("R0C", "R0D"), page("R0E"))
    endpoint.run(limit=2, roles=["RO197", "RO198"])
    assert endpoint.codes() == ["R0A", "R0B", "R0C", "R0D"]


def test_an_address_may_say_role_size_and_start(endpoint):
    endpoint.web.serve(endpoint.path("RO198", 6, 3), page("R0A01"))
    names = endpoint.run(endpoint.path("RO198", 6, 3), roles=["RO197"])
    assert names == ["Organization-RO198-page-0003.json"]


def test_roles_and_page_size_are_settings(endpoint, monkeypatch):
    settings = {"roles": ["RO198"], "page_size": 5, "discover": False}
    monkeypatch.setattr(project, "setting", lambda *keys, default: settings)
    endpoint.web.serve(endpoint.path("RO198", 0, 5), page("R0A01"))
    with Client(HttpSettings(min_delay_seconds=0), cache=endpoint.folder) as client:
        assert PIPELINE.discover is not None
        found = list(PIPELINE.discover(client, endpoint.web.url + BASE))
    assert [f.name for f in found] == ["Organization-RO198-page-0001.json"]


@pytest.mark.parametrize(
    ("start", "asked"),
    [
        ("ftp://host/fhir", {}),
        (BASE, {"roles": []}),
        (BASE, {"page_size": 5000}),
        (f"{BASE}?_count=many", {}),
        (f"{BASE}?_offset=-5", {}),
    ],
)
def test_a_wrong_call_is_told_before_anything_is_asked(endpoint, start, asked):
    with pytest.raises(UsageError, match="cannot ask for organisations on the web"):
        endpoint.run(start, **asked)
    assert endpoint.web.asked == []


# -------------------------------------------------------------------------- one page


def read(data: bytes, name: str = "Organization-RO197-page-0001.json") -> FileRead:
    return PIPELINE.read(data, SourceFile(name, name, Path(name)))


STAMPED = {"meta": {"lastUpdated": "2025-11-20T10:00:00Z"}}


def test_a_page_lands_one_row_per_entry():
    trust = organisation("R0A", ("RO197", "NHS TRUST"), ("RO57", "FOUNDATION TRUST"))
    file = read(bundle(trust, organisation("R0B"), **STAMPED))
    first, second = rows(file)
    roles, address = json.loads(first.pop("roles")), json.loads(first.pop("address"))
    assert first == {
        "org_code": "R0A",
        "org_name": "TRUST R0A",
        "active": "true",
        "primary_role_code": "RO197",
        "primary_role_display": "NHS TRUST",
        "is_foundation_trust": True,
        "last_change_date": "2025-03-31",
        "phone": "020 7188 7188",
        "website": "https://trust.example",
        "_source_row": 1,
    }
    assert len(roles) == 2
    assert address[0]["postalCode"] == "SE1 7EH"
    assert second["is_foundation_trust"] is False
    (table,) = file.tables
    assert table.source_table == "fhir_organization_ro197_page_0001"
    assert (file.period.label, file.period_source) == ("2025-11", "content")


def test_a_code_may_be_an_identifier():
    given = organisation("0b3c-uuid", identifier=[{"value": "R0A"}])
    assert rows(read(bundle(given, **STAMPED)))[0]["org_code"] == "R0A"


def test_what_an_organisation_does_not_say_is_null():
    bare = {"resourceType": "Organization", "id": "R0A"}
    (row,) = rows(read(bundle(bare, **STAMPED)))
    assert {k for k, v in row.items() if v is not None} == {
        "org_code",
        "is_foundation_trust",
        "_source_row",
    }


def test_a_fetched_page_is_of_the_month_of_its_fetch(endpoint):
    endpoint.serve(page("R0A"))
    endpoint.run()
    (file,) = endpoint.files
    assert file.published_on is not None
    found = PIPELINE.read(file.path.read_bytes(), file)
    assert found.period_source == "page"
    assert found.period.start == file.published_on.replace(day=1)


@pytest.mark.parametrize(
    ("data", "where", "what"),
    [
        (page("R0A"), "page.json", "cannot tell the period of the file"),
        (bundle(**STAMPED), "page.json", "cannot read the json document"),
        (
            bundle({"resourceType": "Patient"}, **STAMPED),
            "page.json, entry 1",
            "cannot read the json document",
        ),
        (
            json.dumps({"resourceType": "Bundle", "entry": ["x"]}).encode(),
            "page.json, entry 1",
            "cannot read the json document",
        ),
        (
            page("R0A", meta={"lastUpdated": "yesterday"}),
            "page.json, meta",
            "cannot read the json document",
        ),
        (
            page("R0A", "R-1", **STAMPED),
            "page.json, entry 2",
            "cannot read the json document",
        ),
    ],
)
def test_a_page_that_cannot_be_trusted_is_refused(data, where, what):
    with pytest.raises(Quarantined) as raised:
        read(data, "page.json")
    assert (raised.value.where, raised.value.what) == (where, what)
