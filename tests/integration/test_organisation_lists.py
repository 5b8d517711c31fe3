"""Organisations through the command: pages of the register, and newer lists."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from examples import organisations_files
from loaders import registry
from tests.conftest import Warehouse
from tests.integration import support
from tests.integration.conftest import Done, Quick
from tests.integration.support import assert_ended, assert_four_parts, counted
from tests.loopback import Answer, Loopback
from tests.unit.test_organisations_fhir import BASE, page

ORGANISATIONS = registry.get("organisations")
SETTINGS = '[sources.organisations]\nroles = ["RO197"]\npage_size = 2\n'


class Register:
    """The FHIR endpoint on this machine, and the project's settings for it."""

    def __init__(self, web: Loopback, quick: Quick, warehouse: Warehouse) -> None:
        self.web, self.quick, self.warehouse = web, quick, warehouse

    def serve(self, *pages: bytes | Answer) -> None:
        for i, body in enumerate(pages):
            self.web.serve(self.path(i), body)

    def path(self, number: int) -> str:
        return f"{BASE}?roleCode=RO197&_count=2&_offset={2 * number}"

    def load(self) -> Done:
        url = self.web.url + BASE
        return self.quick.load(self.warehouse, "--from", url, pipeline="organisations")

    def codes(self) -> list[str]:
        return [
            code
            for (code,) in self.warehouse.rows(
                "select org_code from raw_organisations.fhir_organisations order by 1"
            )
        ]


@pytest.fixture
def register(quick: Quick, warehouse: Warehouse, tmp_path: Path) -> Iterator[Register]:
    support.ask_at_once(warehouse, tmp_path, SETTINGS)
    web = Loopback()
    yield Register(web, quick, warehouse)
    web.close()


def test_pages_land_until_one_is_short_and_once_only(register: Register) -> None:
    register.serve(page("R0A", "R0B"), page("R0C", "R0D"), page("R0E"))
    done = register.load()
    assert_ended(done, 0)
    assert counted(done, "organisations")["loaded"] == 3
    assert register.codes() == ["R0A", "R0B", "R0C", "R0D", "R0E"]
    assert len(register.web.asked) == 3
    before = support.raw(register.warehouse, ORGANISATIONS)
    again = register.load()
    assert_ended(again, 0)
    told = counted(again, "organisations")
    assert (told["loaded"], told["unchanged"]) == (0, 3)
    assert support.raw(register.warehouse, ORGANISATIONS) == before
    assert len(register.web.asked) == 6, "the register is asked again, page by page"


def test_a_page_that_changed_lands_beside_its_earlier_content(
    register: Register,
) -> None:
    register.serve(page("R0A", "R0B"), page("R0C"))
    assert_ended(register.load(), 0)
    register.serve(page("R0A", "R0B"), page("R0C", "R0D"), page())
    done = register.load()
    assert_ended(done, 0)
    told = counted(done, "organisations")
    assert (told["loaded"], told["unchanged"]) == (1, 1)
    assert register.codes() == ["R0A", "R0B", "R0C", "R0C", "R0D"]


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Answer(b"ill", status=503), "503 Service Unavailable"),
        (b'{"resourceType": "OperationOutcome"}', "OperationOutcome"),
    ],
)
def test_a_page_that_fails_is_told_and_none_of_the_role_lands(
    register: Register, answer: Answer | bytes, said: str
) -> None:
    register.serve(page("R0A", "R0B"), answer)
    done = register.load()
    assert_ended(done, 1)
    assert_four_parts(done.stdout + done.stderr, said)
    assert register.codes() == []
    register.serve(page("R0A", "R0B"), page("R0C"))
    assert_ended(register.load(), 0)
    assert register.codes() == ["R0A", "R0B", "R0C"]


def test_the_newer_list_wins_whichever_was_loaded_first(
    quick: Quick, warehouse: Warehouse, tmp_path: Path
) -> None:
    for month, name in (("2025-12", "GUYS NEWER NAME"), ("2025-10", "GUYS OLD NAME")):
        file = tmp_path / f"etr_{month}.csv"
        file.write_bytes(_list(RJ1=name, RYJ="" if month == "2025-12" else "ST MARYS"))
        done = quick.load(warehouse, "--from", file, pipeline="organisations")
        assert_ended(done, 0)
    select = ("--select", "+dim_organisations", "--exclude-resource-type", "unit_test")
    assert_ended(quick(warehouse, "dbt", "build", "--quiet", *select, "test"), 0)
    assert warehouse.rows(
        "select org_code, org_name, is_in_ods_list from gold.dim_organisations"
        " where org_code in ('RJ1', 'RYJ') order by 1"
    ) == [("RJ1", "GUYS NEWER NAME", True), ("RYJ", "ST MARYS", True)]


def _list(**names: str) -> bytes:
    """A list of trusts with other names; who has none is left out."""
    text = organisations_files.ods_list().decode().split("\r\n", 1)[1]
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    for row in csv.reader(io.StringIO(text)):
        name = names.get(row[0], row[1])
        if name:
            writer.writerow([row[0], name, *row[2:]])
    return out.getvalue().encode()
