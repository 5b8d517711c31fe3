"""The metric layer is built by partition: what did not change is not written again."""

from __future__ import annotations

import contextlib
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg2
import pytest

from examples import cancer_files, rtt_files
from examples.rtt_figures import Pathways, read_pathways
from tests.conftest import BIN, ROOT, Warehouse
from tests.integration import support
from tests.integration.conftest import Done, Quick
from tests.integration.support import assert_ended

Maker = Callable[..., Warehouse]
Partitions = dict[tuple[str, str], list[str]]
LONG = "gold.insight_metrics_long"
#: What the metric layer rests on, without tests: these change no mart.
BUILD = (
    *("dbt", "build", "--quiet", "--select", "+insight_metrics_latest"),
    *("--exclude-resource-type", "test", "unit_test"),
)
#: All that dbt reads of a project.
PROJECT = ("dbt_project.yml", "selectors.yml", "macros", "models", "seeds", "tests/dbt")
LISTS = f"""
    select period, denominator
    from {LONG}
    where metric_id = 'rtt_pct_within_18' and org_code = 'RJ1'
        and rtt_part_type = 'Part_2' and treatment_function_code = 'C_999'
    order by period
"""
STAGES = f"""
    select release_status, numerator, denominator
    from {LONG}
    where metric_id = 'cancer_31d_pct_within_target' and org_code = 'RJ1'
        and period = '2025-08' and cancer_type is null and referral_route = 'ALL ROUTES'
"""
OTHERS = """
    select count(*) from pg_stat_activity
    where datname = current_database() and pid != pg_backend_pid()
        and backend_type = 'client backend'
"""
WAITING = f"{OTHERS} and wait_event_type = 'Lock'"


def waiting_lists() -> list[Pathways]:
    """Waiting lists of all providers and the totals of their treatment functions."""
    return [r for r in read_pathways() if (r.part, r.function) == ("Part_2", "C_999")]


def extract(
    folder: Path, period: str, rows: Iterable[Pathways], more: str = ""
) -> Path:
    """A month of RTT."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{period.replace('-', '')}-RTT-full-extract{more}.csv"
    path.write_bytes(rtt_files.full_extract(rows, period, example=False))
    return path


def stored(warehouse: Warehouse) -> Partitions:
    """Which transactions wrote the rows of each partition, and how many rows it has."""
    return {
        (domain, period): [str(rows), *written]
        for domain, period, rows, written in warehouse.rows(
            "select domain, period, count(*), array_agg(distinct xmin::text)"
            f" from {LONG} group by 1, 2"
        )
    }


def written_again(before: Partitions, after: Partitions) -> set[tuple[str, str]]:
    """Partitions that are new, gone or written by another transaction."""
    return {k for k in before.keys() | after.keys() if before.get(k) != after.get(k)}


@dataclass(frozen=True)
class Built:
    """Two months of cancer and of RTT, a quarter of oversight: loaded and built."""

    warehouse: Warehouse
    rows: tuple[int, str]
    stored: Partitions


@pytest.fixture(scope="module")
def built(
    quick: Quick, module_warehouses: Maker, tmp_path_factory: pytest.TempPathFactory
) -> Built:
    folder, warehouse = tmp_path_factory.mktemp("metrics"), module_warehouses()
    support.workbook(folder / "cancer" / "JULY-2025.xlsx", "2025-07")
    cancer_files.write_provider_workbook(
        *(folder / "cancer" / "AUGUST-2025.xlsx", support.provisional_values()),
        *("2025-08", "provisional"),
        example=False,
    )
    for period in ("2025-12", "2026-01"):
        extract(folder / "rtt", period, waiting_lists())
    for name in ("cancer", "rtt"):
        done = quick.load(warehouse, "--from", folder / name, pipeline=name)
        assert_ended(done, 0)
    for name in ("oversight", "organisations"):
        assert_ended(quick.load(warehouse, pipeline=name), 0)
    assert_ended(quick(warehouse, *BUILD), 0)
    partitions = stored(warehouse)
    assert {domain for domain, _ in partitions} == {"cancer", "oversight", "rtt"}
    assert warehouse.rows(STAGES) == [("provisional", 878, 968)]
    return Built(warehouse, support.checksum(warehouse, LONG), partitions)


def test_a_second_build_changes_no_row(quick: Quick, built: Built) -> None:
    assert_ended(quick(built.warehouse, *BUILD), 0)
    assert stored(built.warehouse) == built.stored
    assert support.checksum(built.warehouse, LONG) == built.rows


def test_corrected_months_replace_their_partitions_as_a_full_refresh_would(
    quick: Quick, built: Built, make_warehouse: Maker, tmp_path: Path
) -> None:
    copy = make_warehouse(like=built.warehouse)
    before = copy.rows(LISTS)
    fewer = [r for r in waiting_lists() if r.commissioner != _largest("RJ1")]
    revised = extract(tmp_path, "2025-12", fewer, "-revised")
    assert_ended(quick.load(copy, "--from", revised, pipeline="rtt"), 0)
    final = support.workbook(tmp_path / "AUGUST-2025.xlsx", "2025-08", "final")
    assert_ended(quick.load(copy, "--from", final), 0)
    assert_ended(quick(copy, *BUILD), 0)
    assert written_again(built.stored, stored(copy)) == {
        *(("cancer", "2025-08"), ("rtt", "2025-12"))
    }
    assert copy.rows(STAGES) == [("final", 878, 969)]
    (december, smaller), january = copy.rows(LISTS)
    assert (december, january) == ("2025-12", before[1])
    assert smaller < before[0][1]
    rows = support.checksum(copy, LONG)
    assert_ended(quick(copy, *BUILD, "--full-refresh"), 0)
    assert support.checksum(copy, LONG) == rows


def _largest(provider: str) -> str:
    own = [r for r in waiting_lists() if r.provider == provider]
    return max(own, key=lambda r: r.known).commissioner


# --------------------------------------------------------------------- changed rules


def build_with(
    quick: Quick, warehouse: Warehouse, folder: Path, seed: str, old: str, new: str
) -> Done:
    """Builds from a copy of the project in which one row of a seed is another."""
    for name in PROJECT:
        source = ROOT / name
        copy = shutil.copytree if source.is_dir() else shutil.copy
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        copy(source, folder / name)
    path = folder / "seeds" / f"{seed}.csv"
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")
    return quick(
        *(warehouse, *BUILD, "--project-dir", folder),
        *("--profiles-dir", ROOT / "profiles", "--target-path", folder / "target"),
    )


def test_a_changed_target_rebuilds_its_domain_alone(
    quick: Quick, built: Built, make_warehouse: Maker, tmp_path: Path
) -> None:
    copy = make_warehouse(like=built.warehouse)
    met = (
        f"select distinct target_value, target_met from {LONG} where org_code = 'RJ1'"
        " and metric_id = 'cancer_31d_pct_within_target' and cancer_type is null"
    )
    assert copy.rows(met) == [(0.96, False)]
    row = "cancer_31d_pct_within_target,standard,{},2023-10-01"
    seed = ("metric_targets", row.format("0.96"), row.format("0.5"))
    assert_ended(build_with(quick, copy, tmp_path, *seed), 0)
    assert copy.rows(met) == [(0.5, True)]
    changed = {k for k in built.stored if k[0] == "cancer"}
    assert len(changed) == 2
    assert written_again(built.stored, stored(copy)) == changed


def test_a_changed_direction_turns_the_percentiles_of_its_domain(
    quick: Quick, built: Built, make_warehouse: Maker, tmp_path: Path
) -> None:
    copy = make_warehouse(like=built.warehouse)
    before = percentiles(copy)
    assert len(set(before.values())) == len(before) > 3, "no two are equal"
    label = "rtt_pct_over_52,,,Waiting list: share waiting over 52 weeks,rtt,ratio,raw,"
    seed = ("metric_catalogue", f"{label}false", f"{label}true")
    assert_ended(build_with(quick, copy, tmp_path, *seed), 0)
    turned = {org: pytest.approx(1 - before[org]) for org in before}
    assert percentiles(copy) == turned
    changed = {k for k in built.stored if k[0] == "rtt"}
    assert len(changed) == 2
    assert written_again(built.stored, stored(copy)) == changed


def percentiles(warehouse: Warehouse) -> dict[Any, float]:
    """Percentiles of the providers' shares of long waits in January 2026."""
    return dict(
        warehouse.rows(
            f"select org_code, percentile_overall from {LONG}"
            " where metric_id = 'rtt_pct_over_52' and period = '2026-01'"
            " and entity_level = 'provider' and rtt_part_type = 'Part_2'"
            " and treatment_function_code = 'C_999' and percentile_overall is not null"
        )
    )


# ---------------------------------------------------------------------- killed builds


def test_a_build_killed_between_delete_and_insert_leaves_the_old_rows(
    quick: Quick, built: Built, make_warehouse: Maker, tmp_path: Path
) -> None:
    copy = make_warehouse(like=built.warehouse)
    revised = extract(tmp_path, "2026-01", waiting_lists()[:-5], "-revised")
    assert_ended(quick.load(copy, "--from", revised, pipeline="rtt"), 0)
    assert_ended(quick(copy, *BUILD, "--exclude", "insight_metrics_long+"), 0)
    with contextlib.closing(psycopg2.connect(copy.url)) as other:
        # Stale rows are deleted, then new ones are computed, which needs the targets.
        other.cursor().execute("lock table gold.metric_targets")
        build = subprocess.Popen(
            [str(BIN / "dbt"), "build", "--quiet", "--select", "insight_metrics_long"],
            cwd=ROOT,
            env=copy.environment,
            stdout=subprocess.DEVNULL,
        )
        until = time.monotonic() + 60
        while not copy.one(WAITING) and time.monotonic() < until:
            time.sleep(0.1)
        assert copy.one(WAITING) == 1
        build.kill()
        assert build.wait() == -signal.SIGKILL
    while copy.one(OTHERS) and time.monotonic() < until:
        time.sleep(0.1)
    assert stored(copy) == built.stored
    assert support.checksum(copy, LONG) == built.rows
    assert_ended(quick(copy, *BUILD), 0)
    assert written_again(built.stored, stored(copy)) == {("rtt", "2026-01")}
