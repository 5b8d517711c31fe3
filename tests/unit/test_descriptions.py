"""Whoever reads a mart finds out what a row is and what each column means."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import ROOT

MODELS = ROOT / "models"
PIPELINES = ("cancer", "rtt", "oversight", "organisations", "publications")
DOC = re.compile(r"{{\s*doc\('(\w+)'\)\s*}}")
#: The last sentence of a description says what one row is.
GRAIN = re.compile(r"(?:^|[.?!)] )One row per [^.]+\.$")


def _doc_blocks() -> dict[str, str]:
    pages = (path.read_text("utf-8") for path in MODELS.rglob("*.md"))
    block = re.compile(r"{% docs (\w+) %}(.*?){% enddocs %}", re.S)
    return {name: text for page in pages for name, text in block.findall(page)}


BLOCKS = _doc_blocks()


def _described() -> Iterator[tuple[str, dict[str, Any]]]:
    for path in [*MODELS.rglob("*.yml"), *(ROOT / "seeds").glob("*.yml")]:
        content = yaml.safe_load(path.read_text("utf-8"))
        for one in [*content.get("models", []), *content.get("seeds", [])]:
            assert one["name"] == path.stem, f"{path} describes {one['name']}"
            yield one["name"], one


DESCRIBED = dict(_described())


def _text(node: dict[str, Any]) -> str:
    """A description as people read it: on one line, its doc blocks filled in."""
    filled = DOC.sub(lambda m: BLOCKS[m[1]], node.get("description") or "")
    return " ".join(filled.split())


def _tables() -> list[Path]:
    return sorted([*MODELS.rglob("*.sql"), *(ROOT / "seeds").glob("*.csv")])


@pytest.mark.parametrize("path", _tables(), ids=lambda path: str(path.stem))
def test_a_table_says_its_grain_and_what_its_columns_mean(path: Path) -> None:
    assert path.with_suffix(".yml").exists(), "its yml is to lie beside it"
    model = DESCRIBED[path.stem]
    assert GRAIN.search(_text(model)), _text(model)[-120:]
    columns = {column["name"]: _text(column) for column in model["columns"]}
    assert len(columns) == len(model["columns"]), "a column is described twice"
    assert [name for name, text in columns.items() if not text] == []
    if path.suffix == ".csv":
        header = path.read_text("utf-8").splitlines()[0]
        assert list(columns) == header.split(",")


def _own_words(model: dict[str, Any]) -> dict[str, str]:
    return {column["name"]: _text(column) for column in model["columns"]}


@pytest.mark.parametrize("name", sorted(DESCRIBED))
def test_a_description_says_more_than_the_name(name: str) -> None:
    def bare(text: str) -> str:
        return re.sub(r"[^a-z0-9]", "", text.lower())

    columns = _own_words(DESCRIBED[name])
    assert [c for c, text in columns.items() if bare(text) == bare(c)] == []


def test_every_doc_block_is_used() -> None:
    used = {
        name
        for path in [*MODELS.rglob("*.yml"), *(ROOT / "seeds").glob("*.yml")]
        for name in DOC.findall(path.read_text("utf-8"))
    }
    assert sorted(BLOCKS.keys() - used - {"__overview__"}) == []


def test_the_overview_names_tables_that_exist() -> None:
    text = (MODELS / "overview.md").read_text("utf-8")
    rows = [line.split("|")[2] for line in text.splitlines() if line.startswith("| ")]
    named = set(re.findall(r"`([a-z]+_[a-z_]+)`", " ".join(rows)))
    columns = {"source_file"}
    raw = {f"raw_{p}" for p in PIPELINES}
    assert named - columns - raw <= DESCRIBED.keys()
    assert "trust_scorecard" in named
