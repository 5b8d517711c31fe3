"""The doors: what the commands do, say and return."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import ROOT, Warehouse
from tests.integration import support
from tests.integration.conftest import Quick
from tests.integration.support import assert_ended, assert_four_parts, counted

Maker = Callable[..., Warehouse]
EXAMPLES = 7


@pytest.fixture(scope="module")
def loaded(module_warehouses: Maker) -> Warehouse:
    """The examples, loaded by the command of the README; not to be changed."""
    made = module_warehouses()
    done = made.load()
    assert_ended(done, 0)
    assert counted(done)["loaded"] == EXAMPLES
    return made


@pytest.fixture
def copy(loaded: Warehouse, make_warehouse: Maker) -> Warehouse:
    """A copy of the loaded warehouse, to be changed."""
    return make_warehouse(like=loaded)


@pytest.fixture(scope="module")
def inbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two good months and two files that no reader takes."""
    folder = tmp_path_factory.mktemp("inbox")
    support.workbook(folder / "JULY-2025-PROVIDER.xlsx", "2025-07")
    support.sheet_csv(folder / "2025-03" / "5.-31-Day-By-Cancer-Provider-Data.csv")
    (folder / "2025-06.xlsx").write_bytes(b"PK\x03\x04 cut short")
    (folder / "2025-05.csv").write_text("a,b\n1,2\n")
    return folder


@pytest.fixture(scope="module")
def troubled(module_warehouses: Maker, inbox: Path) -> Warehouse:
    """A warehouse after a run in which two of four files were set aside."""
    made = module_warehouses()
    done = made.load("--from", inbox)
    assert_ended(done, 1)
    assert (counted(done)["loaded"], counted(done)["quarantined"]) == (2, 2)
    return made


# ------------------------------------------------------------------- dlt pipeline run


def test_the_help_of_dlt_pipeline_shows_run(loaded: Warehouse) -> None:
    done = loaded.call("dlt", "pipeline", "--help")
    assert_ended(done, 0, "Load files into the warehouse")
    options = loaded.call("dlt", "pipeline", "cancer", "run", "--help").stdout
    for option in ("--from", "--period", "--limit", "--dry-run", "--force"):
        assert option in options
    assert "--retry-failed" in options


def test_every_row_that_was_read_is_in_the_database(loaded: Warehouse) -> None:
    landed = sum(rows for rows, _ in support.raw(loaded).values())
    assert landed == loaded.one("select sum(rows_read) from raw_cancer.files") > 3000
    assert support.orphans(loaded) == 0


def test_a_landing_table_has_its_own_columns_and_no_other(loaded: Warehouse) -> None:
    assert support.odd_columns(loaded) == []


def test_a_second_run_loads_nothing(copy: Warehouse) -> None:
    before = support.raw(copy)
    done = copy.load()
    assert_ended(done, 0)
    assert counted(done)["loaded"] == 0
    assert counted(done)["unchanged"] == EXAMPLES
    assert support.raw(copy) == before
    loads = copy.one("select count(distinct load_id) from raw_cancer.files")
    assert loads == 1


def test_all_pipelines_run_when_none_is_named(copy: Warehouse) -> None:
    done = copy.call("dlt", "pipeline", "run")
    assert_ended(done, 0)
    assert counted(done)["unchanged"] == EXAMPLES


def test_force_reloads_and_changes_no_row(copy: Warehouse) -> None:
    whole = [
        f"select to_jsonb(t) - '_dlt_load_id' from raw_cancer.{t} as t order by 1"
        for t in support.CANCER.tables
    ]
    before = [copy.rows(query) for query in whole]
    ledger = support.ledger(copy)
    done = copy.load("--force")
    assert_ended(done, 0)
    assert counted(done)["loaded"] == EXAMPLES
    assert [copy.rows(query) for query in whole] == before
    assert support.ledger(copy) == ledger
    assert support.orphans(copy) == 0
    loads = copy.rows("select distinct load_id from raw_cancer.files")
    assert len(loads) == 1, "every file rests on the new load"
    assert copy.rows("select distinct _dlt_load_id from raw_cancer.fds_waits") == loads


def test_force_of_an_older_vintage_does_not_make_it_the_current_one(
    quick: Quick, warehouse: Warehouse, tmp_path: Path
) -> None:
    old = support.workbook(tmp_path / "a" / "AUGUST-2025.xlsx", "2025-08", "final")
    new = support.workbook(
        tmp_path / "b" / "AUGUST-2025.xlsx", "2025-08", "final", "RJ1", "RYJ"
    )
    for file in (old, new):
        assert_ended(quick.load(warehouse, "--from", file), 0)
    standing = "select source_file, status from raw_cancer.files order by 1"
    before = warehouse.rows(standing)
    assert [status for _, status in before] == ["superseded", "loaded"]
    assert_ended(quick.load(warehouse, "--from", old, "--force"), 0)
    assert warehouse.rows(standing) == before


def test_a_dry_run_shows_the_plan_and_touches_nothing(
    warehouse: Warehouse,
) -> None:
    done = warehouse.load("--dry-run")
    assert_ended(done, 0, "to load: examples/cancer/2015-07/")
    assert done.stdout.count("to load: ") == EXAMPLES
    touched = "select count(*) from pg_namespace where nspname like 'raw%'"
    assert warehouse.one(touched) == 0
    assert list(warehouse.state.iterdir()) == []


def test_a_dry_run_records_no_run(copy: Warehouse, tmp_path: Path) -> None:
    file = support.workbook(tmp_path / "JULY-2025.xlsx", "2025-07")
    before = [support.raw(copy), support.ledger(copy)]
    done = copy.load("--from", file, "--dry-run")
    assert_ended(done, 0, "to load: ")
    assert [support.raw(copy), support.ledger(copy)] == before
    assert copy.one("select count(*) from raw_cancer.runs") == 1


def test_limit_takes_so_many_files_and_says_how_many_are_left(
    quick: Quick, warehouse: Warehouse, tmp_path: Path
) -> None:
    for sheet, name in ((5, "5.-31-Day-By-Cancer"), (8, "8.-62-Day-By-Cancer")):
        support.sheet_csv(tmp_path / f"{name}-Provider-Data.csv", sheet)
    done = quick.load(warehouse, "--from", tmp_path, "--limit", "1")
    assert_ended(done, 0, "1 file(s) not selected")
    assert counted(done)["loaded"] == 1
    done = quick.load(warehouse, "--from", tmp_path, "--limit", "1")
    assert (counted(done)["loaded"], counted(done)["unchanged"]) == (1, 1)


def test_period_selects_files_by_their_names(
    quick: Quick, warehouse: Warehouse, tmp_path: Path
) -> None:
    for month in ("MARCH", "APRIL"):
        period = "2025-03" if month == "MARCH" else "2025-04"
        support.workbook(tmp_path / f"{month}-2025-PROVIDER.xlsx", period)
    done = quick.load(warehouse, "--period", "2025-04", "--from", tmp_path)
    assert_ended(done, 0, "1 file(s) not selected")
    assert counted(done)["loaded"] == 1
    done = quick.load(warehouse, "--period", "2015-07", "--from", tmp_path)
    assert_ended(done, 0, "2 file(s) not selected")
    assert warehouse.rows("select period_label from raw_cancer.files") == [("2025-04",)]


def test_a_file_that_is_not_of_the_period_asked_for_is_quarantined(
    quick: Quick, warehouse: Warehouse, tmp_path: Path
) -> None:
    file = support.workbook(tmp_path / "workbook.xlsx", "2025-08")
    done = quick.load(warehouse, "--from", file, "--period", "2025-07")
    assert_ended(done, 1)
    assert_four_parts(done.stdout, "workbook.xlsx", "2025-07", "2025-08")
    assert sum(rows for rows, _ in support.raw(warehouse).values()) == 0
    done = quick.load(warehouse, "--from", file, "--period", "2025-08")
    assert_ended(done, 0)
    statuses = warehouse.rows(
        "select status, count(*) from raw_cancer.files group by 1"
    )
    assert statuses == [("loaded", 1)]


def test_retry_failed_takes_only_what_failed(
    quick: Quick, troubled: Warehouse, make_warehouse: Maker, inbox: Path
) -> None:
    copy = make_warehouse(like=troubled)
    done = quick.load(copy, "--from", inbox, "--retry-failed")
    assert_ended(done, 1, "2025-06.xlsx", "2025-05.csv")
    assert counted(done)["quarantined"] == 2
    assert counted(done)["unchanged"] == counted(done)["loaded"] == 0


def test_retry_failed_without_a_path_knows_where_the_files_were(
    quick: Quick, warehouse: Warehouse, tmp_path: Path
) -> None:
    bad, gone = tmp_path / "APRIL-2025.xlsx", tmp_path / "MAY-2025.xlsx"
    bad.write_text("not a workbook")
    gone.write_text("not one either")
    assert_ended(quick.load(warehouse, "--from", tmp_path), 1)
    support.workbook(bad, "2025-04")
    gone.unlink()
    done = quick.load(warehouse, "--retry-failed")
    assert_ended(done, 1)
    assert_four_parts(done.stdout, "MAY-2025.xlsx", "nothing of that name")
    assert (counted(done)["loaded"], counted(done)["failed"]) == (1, 1)


def test_a_quarantined_file_is_told_again_but_not_read_again(
    quick: Quick, troubled: Warehouse, make_warehouse: Maker, inbox: Path
) -> None:
    copy = make_warehouse(like=troubled)
    done = quick.load(copy, "--from", inbox)
    assert_ended(done, 1, "breaks off")
    assert "reading" not in done.stderr
    assert counted(done)["unchanged"] == 2
    done = quick.load(copy, "--from", inbox, "--force")
    assert "reading: 4 files" in done.stderr
    assert counted(done)["loaded"] == counted(done)["quarantined"] == 2


def test_a_success_clears_a_failure(
    quick: Quick, warehouse: Warehouse, tmp_path: Path
) -> None:
    good = support.workbook(tmp_path / "2025-07.xlsx", "2025-07").read_bytes()
    wrong = tmp_path / "2025-05.xlsx"
    wrong.write_bytes(good)
    damaged = tmp_path / "2025-06.xlsx"
    damaged.write_bytes(good[:-500])
    done = quick.load(warehouse, "--from", tmp_path)
    assert_ended(done, 1)
    assert (counted(done)["loaded"], counted(done)["quarantined"]) == (1, 2)
    support.workbook(damaged, "2025-06")
    support.workbook(wrong, "2025-05")
    done = quick.load(warehouse, "--from", tmp_path, "--retry-failed")
    assert_ended(done, 0)
    assert counted(done)["loaded"] == 2
    statuses = warehouse.rows(
        "select status, count(*) from raw_cancer.files group by 1"
    )
    assert statuses == [("loaded", 3)]
    said = quick(warehouse, "hindcast", "runs", "restart").stdout
    assert said == "nothing has to be retried\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("nonsense", "run"), ("there is no pipeline 'nonsense'", "cancer")),
        (("cancer", "run", "--period", "autumn"), ("--period", "autumn")),
        (("cancer", "run", "--from", "no/such/place"), ("no/such/place",)),
    ],
)
def test_a_wrong_call_ends_with_2_and_says_why(
    loaded: Warehouse, arguments: tuple[str, ...], said: tuple[str, ...]
) -> None:
    done = loaded.call("dlt", "pipeline", *arguments)
    assert done.returncode == 2, done.stderr
    assert done.stdout == ""
    assert_four_parts(done.stderr, *said)


@pytest.mark.parametrize(
    "arguments", [("--limit", "-1"), ("--limit", "many"), ("--speed", "9")]
)
def test_a_wrong_option_ends_with_2(
    loaded: Warehouse, arguments: tuple[str, ...]
) -> None:
    done = loaded.load(*arguments)
    assert_ended(done, 2)
    assert arguments[0] in done.stderr


# --------------------------------------------------------------------------- hindcast


def test_status_says_files_rows_periods_and_the_last_run(loaded: Warehouse) -> None:
    done = loaded.call("hindcast", "status")
    rows = loaded.one("select sum(rows_landed) from raw_cancer.files")
    assert_ended(done, 0, "7 loaded", f"{rows:,}", "4 from 2015-07 to 2025-08")
    assert "2025-05, 2025-06, 2025-07" in done.stdout
    assert "(dlt pipeline cancer run)" in done.stdout


def test_status_of_an_empty_database_says_what_to_do_next(warehouse: Warehouse) -> None:
    assert_ended(warehouse.call("hindcast", "status"), 0, "nothing is loaded yet")
    assert (
        warehouse.one("select count(*) from pg_namespace where nspname ~ '^raw'") == 0
    )
    assert_ended(warehouse.call("hindcast", "runs"), 0, "nothing has run yet")


def test_runs_says_what_failed_and_the_command_that_retries_it(
    troubled: Warehouse, make_warehouse: Maker, inbox: Path
) -> None:
    copy = make_warehouse(like=troubled)
    again = copy.call("hindcast", "runs", "restart").stdout.splitlines()
    assert len(again) == 2
    for command in again:
        assert command.startswith(f"dlt pipeline cancer run --from {inbox}/2025-0")
        assert command.endswith(" --retry-failed")
    errors = copy.call("hindcast", "runs", "errors")
    assert_ended(errors, 0, "problems", "2 loaded, 2 quarantined", "breaks off", *again)
    done = copy.call(*again[0].split())
    assert_ended(done, 1)
    assert counted(done)["quarantined"] == 1
    assert len(copy.call("hindcast", "runs", "latest").stdout.splitlines()) == 6
    every = copy.call("hindcast", "runs", "all").stdout
    assert every.count("\n  dlt pipeline cancer run --from") == 2


def test_runs_without_errors_says_so(loaded: Warehouse) -> None:
    assert_ended(loaded.call("hindcast", "runs", "errors"), 0, "no run had errors")
    done = loaded.call("hindcast", "runs", "restart")
    assert_ended(done, 0, "nothing has to be retried")
    assert "7 loaded" in loaded.call("hindcast", "runs").stdout


def test_sql_prints_tables_csv_and_json(loaded: Warehouse) -> None:
    query = "select 1.50 as half, 'a,\"b' as text, null as nothing, 2025 as year"
    table = loaded.call("hindcast", "sql", query)
    assert_ended(table, 0, "half  text  nothing", '1.5  a,"b', "(1 row)")
    assert loaded.call("hindcast", "sql", query, "--format", "csv").stdout == (
        'half,text,nothing,year\n1.50,"a,""b",,2025\n'
    )
    found = json.loads(loaded.call("hindcast", "sql", query, "--format", "json").stdout)
    assert found == [{"half": 1.5, "text": 'a,"b', "nothing": None, "year": 2025}]


@pytest.mark.parametrize(
    "query",
    [
        "create table public.mine (a int)",
        "delete from raw_cancer.files",
        "with gone as (delete from raw_cancer.files returning 1) select * from gone",
        "commit; create table public.mine (a int)",
        "select 1; commit; create table public.mine (a int)",
        "/* select */ copy (select 1) to program 'true'",
    ],
)
def test_sql_is_read_only(loaded: Warehouse, query: str) -> None:
    done = loaded.call("hindcast", "sql", query)
    assert done.returncode == 2, done.stdout
    assert_four_parts(done.stderr, "hindcast sql")
    assert loaded.one("select count(*) from raw_cancer.files") == EXAMPLES
    assert loaded.one("select to_regclass('public.mine')") is None


def test_sql_passes_on_what_postgres_says_of_a_wrong_query(loaded: Warehouse) -> None:
    done = loaded.call("hindcast", "sql", "select * from gold.nowhere")
    assert done.returncode == 2
    assert_four_parts(done.stderr, "gold.nowhere")


def test_url_prints_where_the_warehouse_is(loaded: Warehouse) -> None:
    assert loaded.call("hindcast", "url").stdout.strip() == loaded.url


def test_up_hides_the_password_and_makes_the_raw_tables(warehouse: Warehouse) -> None:
    password = warehouse.url.split(":")[2].split("@")[0]
    for _ in range(2):
        done = warehouse.call("hindcast", "up")
        assert_ended(done, 0, "HINDCAST_DATABASE_URL")
        assert password not in done.stdout + done.stderr
    assert warehouse.one("select count(*) from raw_cancer.legacy_waits") == 0
    done = warehouse.call("hindcast", "down")
    assert_ended(done, 0, "not ours to stop")


def test_period_prints_one_json_line_per_text(loaded: Warehouse) -> None:
    done = loaded.call("hindcast", "period", "Aug-25", "no period", "2024-02")
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["label"] for line in lines] == ["2025-08", None, "2024-02"]
    assert lines[1] == dict.fromkeys(("start", "end", "grain", "label")) | {
        "text": "no period"
    }
    assert lines[2]["end"] == "2024-02-29"


def test_a_wrong_hindcast_call_ends_with_2(loaded: Warehouse) -> None:
    for arguments in (("dance",), ("runs", "never"), ("sql",)):
        assert_ended(loaded.call("hindcast", *arguments), 2, "usage: hindcast")


# ---------------------------------------------------------------- where it is run from


def test_the_commands_work_from_any_folder(copy: Warehouse, tmp_path: Path) -> None:
    done = copy.call("dlt", "pipeline", "cancer", "run", cwd=tmp_path)
    assert_ended(done, 0)
    assert counted(done)["unchanged"] == EXAMPLES
    support.workbook(tmp_path / "months" / "JULY-2025.xlsx", "2025-07")
    done = copy.call(
        "dlt", "pipeline", "cancer", "run", "--from", "months", cwd=tmp_path
    )
    assert counted(done)["loaded"] == 1
    done = copy.call("hindcast", "status", cwd=ROOT / "models")
    assert_ended(done, 0, "8 loaded")


def test_two_checkouts_share_no_state(tmp_path: Path, make_warehouse: Maker) -> None:
    for name in ("one", "other"):
        checkout = tmp_path / name
        checkout.mkdir()
        for part in ("dbt_project.yml", "loaders", ".dlt", "examples"):
            (checkout / part).symlink_to(ROOT / part)
        own = make_warehouse()
        del own.environment["HINDCAST_STATE_DIR"]
        place = ("--from", "examples/cancer/2015-07")
        run = ("dlt", "pipeline", "cancer", "run", *place)
        assert_ended(own.call(*run, cwd=checkout), 0)
        assert "dlt" in {p.name for p in (checkout / ".hindcast").iterdir()}
        assert list(own.state.iterdir()) == []
