"""Versions of one month: all stay, one counts, whatever the order of loading."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from examples import cancer_files
from examples.figures import read_values
from tests.conftest import ROOT, Warehouse
from tests.integration import support
from tests.integration.conftest import Quick
from tests.integration.support import assert_ended, assert_four_parts, counted

Maker = Callable[..., Warehouse]
PUBLISHED = {
    "final": (read_values("2025-08").only("RJ1"), ("878", "969")),
    "provisional": (support.provisional_values(), ("878", "968")),
}
STANDING = "select release_status, status from raw_cancer.files order by 1"
AGREES = """
    select count(*) from raw_cancer.files as f
    inner join (
        select file_id, bool_or(is_current) as is_current
        from silver.silver_cancer__vintages
        group by file_id
    ) as v on f._file_id = v.file_id
    where (f.status = 'loaded') = v.is_current
"""


@pytest.fixture(scope="module")
def months(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """August 2025 twice: as first published and as corrected."""
    folder = tmp_path_factory.mktemp("months")
    return {
        status: cancer_files.write_provider_workbook(
            folder / cancer_files.workbook_name("2025-08", status=status),
            *(values, "2025-08", status),
            example=False,
        )
        for status, (values, _) in PUBLISHED.items()
    }


@pytest.mark.parametrize(
    "order", [("provisional", "final"), ("final", "provisional")], ids=" first, ".join
)
def test_the_final_figures_count_whichever_was_loaded_first(
    quick: Quick,
    warehouse: Warehouse,
    months: dict[str, Path],
    order: tuple[str, str],
) -> None:
    for status in order:
        done = quick.load(warehouse, "--from", months[status])
        assert_ended(done, 0)
    last = "superseded" if order[1] == "provisional" else "loaded"
    assert counted(done)[last] == 1
    assert warehouse.rows(STANDING) == [
        ("final", "loaded"),
        ("provisional", "superseded"),
    ]
    for status, (_, figures) in PUBLISHED.items():
        found = warehouse.rows(
            "select sum(within_31_days::int)::text, sum(total::int)::text"
            " from raw_cancer.treatment_31_day_waits where ods_code = 'RJ1'"
            " and _source_table = 'treatment_31_day_all_cancers'"
            " and treatment_stage = 'ALL STAGES' and _release_status = %s",
            status,
        )
        assert found == [figures], f"the {status} vintage stays in raw"
    again = quick.load(warehouse, "--from", months["final"].parent)
    assert counted(again)["unchanged"] == 2
    # Models are built once, in the order that is the harder one.
    if order[0] == "final":
        own = ("--select", "+cancer_trust_aggregates", "+cancer_target_metrics")
        tests = ("--indirect-selection", "buildable")
        assert_ended(quick(warehouse, "dbt", "build", "--quiet", *own, *tests), 0)
        assert warehouse.rows(
            "select numerator, denominator from gold.cancer_trust_aggregates"
            " where org_code = 'RJ1' and metric_label like '31_day%%'"
        ) == [(878, 969)]
        assert warehouse.rows(
            "select sum(within_target), sum(within_target + outside_target)"
            " from gold.cancer_target_metrics where org_code = 'RJ1'"
            " and metric_label like '31_day%%' and cancer_type not ilike 'all%%'"
        ) == [(878, 969)]
        assert warehouse.one(AGREES) == 2


def test_the_ledger_and_silver_agree_on_what_counts(
    quick: Quick, make_warehouse: Maker, tmp_path: Path
) -> None:
    warehouse = make_warehouse()
    for number, (period, status, codes) in enumerate(
        (
            ("2025-07", "provisional", ("RJ1",)),
            ("2025-07", "provisional", ("RJ1", "RYJ")),
            ("2025-06", "final", ("RJ1",)),
            ("2025-06", "revised", ("RYJ",)),
            ("2025-06", "final", ("RYJ", "RJ1")),
        )
    ):
        file = tmp_path / str(number) / "workbook.xlsx"
        support.workbook(file, period, status, *codes)
        assert_ended(quick.load(warehouse, "--from", file), 0)
    # A workbook whose sheets are only partly replaced still counts.
    assert_ended(quick.load(warehouse, "--from", ROOT / "examples/cancer"), 0)
    sheet = support.sheet_csv(tmp_path / "5.-31-Day-By-Cancer-Provider-Data.csv")
    assert_ended(quick.load(warehouse, "--from", sheet), 0)
    statuses = warehouse.rows(
        "select split_part(replace(source_file, %s, ''), '/', 2), status"
        " from raw_cancer.files where source_file like %s order by 1",
        *(str(tmp_path), f"{tmp_path}/%/workbook.xlsx"),
    )
    assert [status for _, status in statuses] == [
        *("superseded", "loaded", "superseded", "loaded", "superseded")
    ]
    no_tests = ("--exclude-resource-type", "test", "unit_test")
    select = ("--select", "+silver_cancer__vintages", *no_tests)
    assert_ended(quick(warehouse, "dbt", "build", "--quiet", *select), 0)
    assert warehouse.one(AGREES) == warehouse.one(
        "select count(*) from raw_cancer.files"
    )


def test_two_months_with_the_same_file_name_stay_apart(
    quick: Quick, warehouse: Warehouse, tmp_path: Path
) -> None:
    name = "5.-31-Day-By-Cancer-Provider-Data.csv"
    for period in ("2025-03", "2025-02"):
        support.sheet_csv(tmp_path / period / name, 5, period)
    done = quick.load(warehouse, "--from", tmp_path)
    assert_ended(done, 0)
    assert warehouse.rows(
        "select period_label, file_name, status, rows_landed from raw_cancer.files"
        " order by 1"
    ) == [("2025-02", name, "loaded", 78), ("2025-03", name, "loaded", 78)]


def test_the_same_content_at_another_place_is_unchanged(
    quick: Quick, warehouse: Warehouse, tmp_path: Path
) -> None:
    first = support.workbook(tmp_path / "JULY-2025.xlsx", "2025-07")
    (tmp_path / "copy").mkdir()
    second = tmp_path / "copy" / "july.xlsx"
    second.write_bytes(first.read_bytes())
    done = quick.load(warehouse, "--from", tmp_path)
    assert_ended(done, 0)
    assert (counted(done)["loaded"], counted(done)["unchanged"]) == (1, 1)
    done = quick.load(warehouse, "--from", second)
    assert counted(done)["unchanged"] == 1
    assert warehouse.rows("select rows_landed from raw_cancer.files") == [(194,)]
    assert support.orphans(warehouse) == 0


def test_the_same_content_under_a_wrong_month_is_set_aside(
    quick: Quick, warehouse: Warehouse, tmp_path: Path
) -> None:
    right = support.workbook(tmp_path / "JULY-2025.xlsx", "2025-07")
    assert_ended(quick.load(warehouse, "--from", right), 0)
    before = support.raw(warehouse)
    wrong = tmp_path / "JUNE-2025.xlsx"
    wrong.write_bytes(right.read_bytes())
    for option in ((), ("--force",)):
        done = quick.load(warehouse, "--from", wrong, *option)
        assert_ended(done, 1)
        assert_four_parts(done.stdout, "JUNE-2025.xlsx", "2025-06 (by its name)")
        assert support.raw(warehouse) == before
        assert warehouse.rows(
            "select status, count(*), count(distinct sha256) from raw_cancer.files"
            " group by 1 order by 1"
        ) == [("loaded", 1, 1), ("quarantined", 1, 1)]


def test_the_wrong_name_may_come_first(
    quick: Quick, warehouse: Warehouse, tmp_path: Path
) -> None:
    right = support.workbook(tmp_path / "JULY-2025.xlsx", "2025-07")
    (tmp_path / "2025-06.xlsx").write_bytes(right.read_bytes())
    for _ in range(2):
        done = quick.load(warehouse, "--from", tmp_path)
        assert_ended(done, 1, "2025-06.xlsx", "2025-07")
    assert warehouse.rows(
        "select file_name, status from raw_cancer.files order by 1"
    ) == [("2025-06.xlsx", "quarantined"), ("JULY-2025.xlsx", "loaded")]
    assert support.orphans(warehouse) == 0
