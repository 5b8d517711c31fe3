"""The second run of any pipeline finds nothing to do and changes no row."""

from __future__ import annotations

import pytest

from loaders import registry
from tests.conftest import Warehouse
from tests.integration import support
from tests.integration.conftest import Quick
from tests.integration.support import assert_ended, counted


@pytest.mark.parametrize("name", registry.MODULES)
def test_the_examples_load_once(quick: Quick, warehouse: Warehouse, name: str) -> None:
    pipeline = registry.get(name)
    first = quick.load(warehouse, pipeline=name)
    assert_ended(first, 0)
    ended = counted(first, name)
    # An original beside its revision has landed too.
    loaded = ended["loaded"] + ended["superseded"]
    assert ended["loaded"] > 0
    landed = [
        f"select '{t}', array_agg(t.xmin::text order by t.ctid)"
        f" from {pipeline.dataset}.{t}_landed as t"
        for t in pipeline.tables
    ]
    stored = warehouse.rows(" union all ".join(landed))
    rows, ledger = support.raw(warehouse, pipeline), support.ledger(warehouse, pipeline)
    again = quick.load(warehouse, pipeline=name)
    assert_ended(again, 0)
    told = counted(again, name)
    assert (told["loaded"], told["unchanged"], told["rows"]) == (0, loaded, 0)
    assert warehouse.rows(" union all ".join(landed)) == stored
    # Reading every file again replaces its rows by the same ones.
    forced = quick.load(warehouse, "--force", pipeline=name)
    assert_ended(forced, 0)
    assert support.raw(warehouse, pipeline) == rows
    assert support.ledger(warehouse, pipeline) == ledger
    assert support.orphans(warehouse, pipeline) == 0
