"""docs/defects.md: each known defect, and the tests that keep it away."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
PAGE = (ROOT / "docs" / "defects.md").read_text("utf-8")
#: Number and last cell of every line of the table.
DEFECTS = dict(re.findall(r"^\| ([DLPSW]\d+) \|.*\| ([^|]+) \|$", PAGE, re.M))
PYTEST = re.compile(r"tests/\w+/test_\w+\.py::test_\w+")


def _dbt_tests() -> set[str]:
    """Names of data tests and unit tests in every yml, and of singular tests."""
    names = {file.stem for file in (ROOT / "tests" / "dbt").rglob("assert_*.sql")}
    for folder in ("models", "seeds", "tests/dbt"):
        for file in (ROOT / folder).rglob("*.yml"):
            text = file.read_text("utf-8")
            head, _, units = text.partition("\nunit_tests:\n")
            names |= set(re.findall(r"^ {6,}name: (\w+)$", head, re.M))
            names |= set(re.findall(r"^  - name: (\w+)$", units, re.M))
    return names


def _named(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def test_every_defect_has_its_line() -> None:
    ours = [defect for defect in DEFECTS if defect[0] == "D"]
    assert ours == [f"D{number}" for number in range(1, 23)]


@pytest.mark.parametrize("defect", DEFECTS)
def test_the_tests_of_a_defect_exist(defect: str) -> None:
    named = _named(DEFECTS[defect])
    assert named
    in_dbt = [name for name in named if not PYTEST.fullmatch(name)]
    assert set(in_dbt) <= _dbt_tests()
    for name in set(named) - set(in_dbt):
        file, function = name.split("::")
        text = (ROOT / file).read_text("utf-8")
        assert re.search(rf"^def {function}\(", text, re.M), name


@pytest.mark.parametrize("defect", DEFECTS)
def test_a_defect_has_a_test_that_stops(defect: str) -> None:
    cell = DEFECTS[defect].replace(" (warns)", "(warns)")
    assert re.search(r"`(?!\(warns\))", re.sub(r"`[^`]+`\(warns\)", "", cell))
    for name in re.findall(r"`(assert_\w+)`", cell):
        (file,) = (ROOT / "tests" / "dbt").rglob(f"{name}.sql")
        warns = "severity='warn'" in file.read_text("utf-8")
        assert warns == (f"`{name}`(warns)" in cell), name
