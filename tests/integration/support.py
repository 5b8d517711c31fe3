"""What the integration tests share: files to load, and ways to compare warehouses."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from examples import cancer_files
from examples.figures import Values, read_values
from loaders import registry
from loaders.model import Pipeline

if TYPE_CHECKING:
    from tests.conftest import Warehouse

CANCER = registry.get("cancer")
LEDGER = ("files", "file_tables", "runs", "run_files")
ORIGIN = ("_source_table", "_source_part", "basis")
PROVENANCE = (
    *("_file_id", "_source_file", "_source_sheet", "_source_row", "_period_start"),
    *("_period_end", "_release_status", "_published_on", "_loaded_at", "_dlt_load_id"),
)
#: What differs between two loads or builds of the same file, and says nothing of its
#: rows.
NOT_CONTENT = (
    *("_dlt_load_id", "_loaded_at", "load_id", "loaded_at", "run_id"),
    "last_refreshed_at",
)


def workbook(
    path: Path, period: str = "2025-08", status: str = "final", *codes: str
) -> Path:
    """A small workbook of one trust, or of those named."""
    values = read_values("2025-08").only(*(codes or ("RJ1",)))
    options = {"sheets": (3, 5, 8), "example": False}
    return cancer_files.write_provider_workbook(path, values, period, status, **options)


def sheet_csv(path: Path, sheet: int = 5, period: str = "2025-03") -> Path:
    """One sheet of one trust, as the publisher offers it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    values = read_values("2025-03").only("RJ1")
    path.write_bytes(cancer_files.sheet_csv(values, sheet, period, example=False))
    return path


def provisional_values() -> Values:
    """August 2025 before one more patient of RJ1 turned out to have waited less."""
    values = read_values("2025-08").only("RJ1")
    (figure,) = [
        f
        for f in values.figures
        if f.table == "treatment_31_day_by_cancer"
        and (f.route_or_stage, f.category) == ("Subsequent Treatment", "Breast")
    ]
    within, after, *rest = figure.bands
    return values.changed(
        type(figure)(
            figure.table,
            figure.ods_code,
            figure.route_or_stage,
            figure.category,
            (within, after - 1, *rest),
        )
    )


def ask_at_once(warehouse: Warehouse, folder: Path, more: str = "") -> None:
    """Sets the settings of a warehouse's commands: no pauses between two requests."""
    (folder / ".dlt").mkdir()
    settings = f"[sources.http]\nmin_delay_seconds = 0\nretries = 0\n{more}"
    (folder / ".dlt" / "config.toml").write_text(settings)
    warehouse.environment["HINDCAST_PROJECT_DIR"] = str(folder)
    warehouse.environment["NO_PROXY"] = "127.0.0.1"


def assert_four_parts(text: str, *said: str) -> None:
    """An error says what, where, what was expected and found, and what to do next."""
    for part in ("where:", "expected:", "found:", "next:"):
        assert part in text, f"no {part!r} in: {text}"
    assert "Traceback" not in text
    for one in said:
        assert one in text, f"{one!r} is not in: {text}"


def assert_ended(done: subprocess.CompletedProcess[str], code: int, *said: str) -> None:
    """A command ended with this code and said this, without a traceback."""
    told = done.stdout + done.stderr
    assert done.returncode == code, told
    assert "Traceback" not in told, told
    for one in said:
        assert one in told, f"{one!r} is not in: {told}"


def counted(
    done: subprocess.CompletedProcess[str], pipeline: str = "cancer"
) -> dict[str, int]:
    """The closing summary of a run of one pipeline, as a dictionary."""
    lines = done.stdout.splitlines()
    (row,) = [line.split() for line in lines if line.startswith(f"{pipeline}  ")]
    header = lines[0].split()
    return {
        name: int(float(value.replace(",", "")))
        for name, value in zip(header[1:], row[1:], strict=True)
    }


def checksum(warehouse: Warehouse, table: str) -> tuple[int, str]:
    """Number of rows of a table, and a hash of all their content, in any order."""
    without = " ".join(f"- '{name}'" for name in NOT_CONTENT)
    ((rows, digest),) = warehouse.rows(
        "select count(*), md5(coalesce(string_agg(h, '' order by h), '')) from"
        f" (select md5((to_jsonb(t) {without})::text) as h from {table} as t) as hashed"
    )
    return rows, digest


def raw(
    warehouse: Warehouse, pipeline: Pipeline = CANCER
) -> dict[str, tuple[int, str]]:
    """Every landed row, whichever load brought it."""
    return {t: checksum(warehouse, f"{pipeline.dataset}.{t}") for t in pipeline.tables}


def gold(warehouse: Warehouse) -> dict[str, tuple[int, str]]:
    """Every mart."""
    return {
        name: checksum(warehouse, f"gold.{name}")
        for (name,) in warehouse.rows(
            "select table_name from information_schema.tables"
            " where table_schema = 'gold' order by 1"
        )
    }


def ledger(
    warehouse: Warehouse, pipeline: Pipeline = CANCER
) -> list[tuple[object, ...]]:
    """What the ledger says of every file version, apart from when and by which run."""
    return warehouse.rows(
        "select _file_id, source_file, status, reason, rows_landed, period_label,"
        " release_status, rank() over (order by load_sequence),"
        f" (select sum(t.rows_landed) from {pipeline.dataset}.file_tables as t"
        " where t._file_id = f._file_id and t.load_id = f.load_id)"
        f" from {pipeline.dataset}.files as f order by 1"
    )


def statuses(
    warehouse: Warehouse, pipeline: Pipeline = CANCER
) -> list[tuple[object, ...]]:
    """How each file ended: its name, period, release and status."""
    return warehouse.rows(
        "select file_name, period_label, release_status, status"
        f" from {pipeline.dataset}.files order by 1, 2, 3, 4"
    )


def orphans(warehouse: Warehouse, pipeline: Pipeline = CANCER) -> int:
    """Landed rows that no file of the ledger rests on."""
    return sum(
        warehouse.one(
            f"select count(*) from {pipeline.dataset}.{table}_landed as r"
            f" where not exists (select 1 from {pipeline.dataset}.file_tables as t"
            f" inner join {pipeline.dataset}.files as f on t._file_id = f._file_id"
            " where t.table_key = r._table_key and f.load_id = t.load_id"
            " and f.status in ('loaded', 'superseded'))"
        )
        for table in pipeline.tables
    )


def odd_columns(warehouse: Warehouse) -> list[tuple[object, ...]]:
    """Columns of the raw tables that are not those of the pipeline, or missing."""
    wanted = set()
    for table, columns in CANCER.tables.items():
        own = [c if isinstance(c, str) else c[0] for c in columns]
        wanted |= {(table, c) for c in (*ORIGIN, *own, *PROVENANCE)}
        wanted |= {(f"{table}_landed", c) for c in (*own, "_table_key", "_source_row")}
    found = warehouse.rows(
        "select table_name, column_name from information_schema.columns"
        " where table_schema = 'raw_cancer' and table_name like '%%waits%%'"
    )
    return sorted(wanted.symmetric_difference(found))
