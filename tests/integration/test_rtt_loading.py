"""RTT through the command: killed runs, damaged zips, and which month a file is of."""

from __future__ import annotations

import signal
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from examples import rtt_files
from examples.rtt_figures import read_pathways
from loaders import landing, registry
from tests.conftest import Warehouse
from tests.integration import support
from tests.integration.conftest import Done, Quick
from tests.integration.support import assert_ended, assert_four_parts

Maker = Callable[..., Warehouse]
RTT = registry.get("rtt")
RUN = ("dlt", "pipeline", "rtt", "run", "--from")
MONTHS = {"2026-01": ("20260131", "January-2026"), "2025-12": ("20251231", "Dec-2025")}
#: So many rows are not held in memory: the extract lands by parquet files of its own.
MANY = landing.ROWS_HELD * 11 // 10
STATUSES = "select status, count(*) from raw_rtt.files group by 1 order by 1"


def extract(period: str = "2026-01", rows: int = 20, more: int = 0) -> bytes:
    """A month's full extract of some rows, each repeated until there are many."""
    made = rtt_files.full_extract(read_pathways()[:rows], period, example=False)
    head, body = made.split(b"\r\n", 1)
    return head + b"\r\n" + body * (1 + more // rows)


def zipped(folder: Path, data: bytes, period: str = "2026-01", more: str = "") -> Path:
    """A zip as published, with its one csv."""
    day, month = MONTHS[period]
    folder.mkdir(parents=True, exist_ok=True)
    short = month[:3] + month[-2:]
    path = folder / f"Full-CSV-data-file-{short}-ZIP-4M{more}.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr(f"{day}-RTT-{month}-full-extract{more}.csv", data)
    return path


def load(quick: Quick, warehouse: Warehouse, *arguments: str | Path) -> Done:
    return quick.load(warehouse, "--from", *arguments, pipeline="rtt")


# ---------------------------------------------------------------------- killed runs


@dataclass(frozen=True)
class Scene:
    """A warehouse with December, files to load, and how that ends undisturbed."""

    before: Warehouse
    files: Path
    raw: dict[str, tuple[int, str]]
    ledger: list[tuple[object, ...]]
    seconds: float


@pytest.fixture(scope="module")
def scene(
    quick: Quick, module_warehouses: Maker, tmp_path_factory: pytest.TempPathFactory
) -> Scene:
    before, files = module_warehouses(), tmp_path_factory.mktemp("files")
    december = zipped(tmp_path_factory.mktemp("first"), extract("2025-12"), "2025-12")
    assert_ended(load(quick, before, december), 0)
    zipped(files, extract(more=MANY))
    zipped(files, extract("2025-12", 30), "2025-12", "-revised")
    (files / "Full-CSV-data-file-Nov25.zip").write_bytes(b"PK\x03\x04 cut short")
    done = module_warehouses(like=before)
    assert_ended(quick(done, *RUN, files, phase="load"), 1)
    assert done.rows(STATUSES) == [
        *(("loaded", 2), ("quarantined", 1), ("superseded", 1))
    ]
    raw = support.raw(done, RTT)
    assert raw["pathways"][0] > MANY
    return Scene(before, files, raw, support.ledger(done, RTT), quick.seconds())


@pytest.mark.parametrize(
    ("phase", "share"), [("extract", 0.5), ("normalize", 60), ("load", 0.5)]
)
def test_a_killed_run_loses_and_doubles_nothing(
    quick: Quick, scene: Scene, make_warehouse: Maker, phase: str, share: float
) -> None:
    copy = make_warehouse(like=scene.before)
    after = scene.seconds * share
    done = quick(copy, *RUN, scene.files, phase=phase, kill_after=after)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert copy.rows(STATUSES) == [("loaded", 1)]
    assert support.raw(copy, RTT) == support.raw(scene.before, RTT)
    done = load(quick, copy, scene.files)
    assert_ended(done, 1, "cleared what the interrupted run")
    assert support.raw(copy, RTT) == scene.raw
    assert support.ledger(copy, RTT) == scene.ledger
    assert support.orphans(copy, RTT) == 0
    assert not list((copy.state / "spool").rglob("*.parquet"))


# --------------------------------------------------------------------- damaged zips


def _cut(data: bytes) -> bytes:
    return data[:-40]


def _bad_number(data: bytes) -> bytes:
    head, last = data[:-2].rsplit(b",", 1)
    assert last.isdigit()
    return head + b",12x\r\n"


@pytest.mark.parametrize(
    ("damage", "said"),
    [(_cut, "cut short"), (_bad_number, "12x")],
    ids=["cut", "number"],
)
def test_a_fault_in_the_last_row_of_a_zip_lands_none_of_it(
    quick: Quick,
    scene: Scene,
    make_warehouse: Maker,
    tmp_path: Path,
    damage: Callable[[bytes], bytes],
    said: str,
) -> None:
    copy = make_warehouse(like=scene.before)
    before = support.raw(copy, RTT)
    whole = extract()
    damaged = zipped(tmp_path, damage(whole))
    done = load(quick, copy, damaged)
    assert_ended(done, 1)
    last = whole.count(b"\r\n")
    assert_four_parts(done.stdout, f"row {last}", said)
    assert support.raw(copy, RTT) == before
    assert support.orphans(copy, RTT) == 0
    assert copy.rows(STATUSES) == [("loaded", 1), ("quarantined", 1)]
    assert copy.one(
        "select next_command from raw_rtt.files where status = 'quarantined'"
    ) == (f"dlt pipeline rtt run --from {damaged} --retry-failed")


# -------------------------------------------------------------------- of which month


def test_the_same_content_under_another_months_name_is_set_aside(
    quick: Quick, warehouse: Warehouse, tmp_path: Path
) -> None:
    data = extract()
    assert_ended(load(quick, warehouse, zipped(tmp_path, data)), 0)
    before = support.raw(warehouse, RTT)
    wrong = tmp_path / "wrong" / "20251231-RTT-December-2025-full-extract.csv"
    wrong.parent.mkdir()
    wrong.write_bytes(data)
    for option in ((), ("--force",)):
        done = load(quick, warehouse, wrong, *option)
        assert_ended(done, 1)
        assert_four_parts(done.stdout, wrong.name, "2025-12", "2026-01")
        assert support.raw(warehouse, RTT) == before
        assert warehouse.rows(STATUSES) == [("loaded", 1), ("quarantined", 1)]


@pytest.mark.parametrize("order", [("", "-revised"), ("-revised", "")])
def test_a_revised_file_counts_whichever_was_loaded_first(
    quick: Quick, warehouse: Warehouse, tmp_path: Path, order: tuple[str, str]
) -> None:
    for kind in order:
        data = extract(rows=10 if kind else 5)
        assert_ended(load(quick, warehouse, zipped(tmp_path, data, more=kind)), 0)
    name = "20260131-RTT-January-2026-full-extract"
    assert support.statuses(warehouse, RTT) == [
        (f"{name}-revised.csv", "2026-01", "revised", "loaded"),
        (f"{name}.csv", "2026-01", "unknown", "superseded"),
    ]
    assert warehouse.one("select count(*) from raw_rtt.pathways") == 15
    again = load(quick, warehouse, tmp_path)
    assert support.counted(again, "rtt")["unchanged"] == 2
