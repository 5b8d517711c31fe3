"""What the README and `make run` tell people to type does what they say."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable

import pytest

from loaders import registry
from tests.conftest import ROOT, Warehouse
from tests.integration import support

README = (ROOT / "README.md").read_text()


@pytest.fixture(scope="module")
def examples(module_warehouses: Callable[..., Warehouse]) -> Warehouse:
    """The examples, loaded and built as `make run` does."""
    made = module_warehouses()
    assert made.call("dlt", "pipeline", "run").returncode == 0
    built = made.build("--quiet")
    assert built.returncode == 0, built.stdout
    return made


def _queries() -> list[tuple[str, str]]:
    found = []
    for block in README.split("```")[1::2]:
        match = re.match(r'\n\$ \.venv/bin/(hindcast sql ".*?")\n(.*)', block, re.S)
        if match:
            found.append((match[1], match[2]))
    return found


def test_the_readme_has_three_queries() -> None:
    assert len(_queries()) == 3


@pytest.mark.parametrize("number", range(3))
def test_a_query_of_the_readme_gives_the_rows_it_shows(
    examples: Warehouse, number: int
) -> None:
    command, shown = _queries()[number]
    done = examples.call(*shlex.split(command))
    assert done.stdout.rstrip() == shown.rstrip(), done.stderr


def test_what_make_run_suggests_can_be_typed(examples: Warehouse) -> None:
    from scripts.next_steps import TRY

    told = []
    for command in TRY:
        words = shlex.split(command, comments=True)
        done = examples.call(words[0].removeprefix(".venv/bin/"), *words[1:])
        assert done.returncode == 0, done.stderr
        told.append(done.stdout)
    scorecard, status, again = told
    for metric in ("cancer_31d_pct_within_target", "rtt_pct_within_18"):
        assert metric in scorecard
    for pipeline in registry.all_pipelines():
        assert pipeline.name in status
        told_again = support.counted(done, pipeline.name)
        assert told_again["unchanged"] > told_again["loaded"] == 0, again


def test_the_readme_is_short_and_its_links_lead_somewhere() -> None:
    assert len(README.splitlines()) <= 110
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        assert target.startswith("http") or (ROOT / target).exists(), target
