"""``insight_metrics_long`` against DuckDB: the same rows and windows, a table each.

Ours is the node as ``dbt run`` builds it: hooks, table, three indexes and statistics.
DuckDB gets plain windows on two threads, writes the same columns and a checkpoint.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

from bench import insight_rows

KEYS = "metric_id, period, disagg_key"
COHORTS = {
    "overall": KEYS,
    "in_trust_type": f"{KEYS}, trust_type",
    "in_subtype": f"{KEYS}, trust_type, trust_subtype",
}
POINTS = ("min", "q1", "median", "q3", "max")


def duckdb_query() -> str:
    """The windows and quartiles in DuckDB's own words."""
    cohorts, quartiles, joins = [], [], []
    for name, keys in COHORTS.items():
        bound = " and ".join(f"{k} is not null" for k in keys.split(", "))
        cohorts.append(
            f"{name} as (select {keys}, count(*) as size,"
            f" quantile_cont(value, [0.0, 0.25, 0.5, 0.75, 1.0]) as points"
            f" from ranked where {bound} group by {keys})"
        )
        quartiles += [f"{name}.size as cohort_size_{name}"]
        quartiles += [
            f"{name}.points[{i}] as cohort_{point}_{name}"
            for i, point in enumerate(POINTS, 1)
        ]
        joins.append(f"left join {name} using ({keys})")
    percentiles = ", ".join(
        f"percent_rank() over (partition by {keys} order by score) as percentile_{name}"
        for name, keys in COHORTS.items()
    )
    return f"""
        create or replace table insight_metrics_long as
        with ranked as (
            select * exclude (source_file),
                case when higher_is_better then value else -value end as score
            from metric_values_base where valid_sample and value is not null
        ),
        {", ".join(cohorts)},
        windowed as (
            select *, {percentiles},
                rank() over (partition by {KEYS} order by score desc) as rank_overall,
                rank() over (partition by {KEYS}, region_name order by score desc)
                    as regional_rank,
                count(*) over (partition by {KEYS}, region_name) as regional_size
            from ranked
        )
        select windowed.* exclude (score), {", ".join(quartiles)},
            md5(domain || period) as partition_version,
            now() as last_refreshed_at
        from windowed {" ".join(joins)}
        union all by name
        select * exclude (source_file), md5(domain || period) as partition_version,
            now() as last_refreshed_at
        from metric_values_base where not valid_sample and value is not null
    """


def _prepare(url: str, folder: Path, rows: int) -> Any:
    """The same rows in a DuckDB file and in Postgres."""
    import duckdb
    import psycopg2

    table = insight_rows.table(rows)
    database = duckdb.connect(str(folder / "peer.duckdb"))
    database.execute("set threads = 2")
    database.register("arrow_rows", table)
    database.execute("create table metric_values_base as select * from arrow_rows")
    csv = folder / "rows.csv"
    database.execute(f"copy metric_values_base to '{csv}' (header false)")
    kinds = {"string": "text", "double": "double precision", "bool": "boolean"}
    columns = ", ".join(
        f"{field.name} "
        + (
            "numeric(18, 1)"
            if field.name in ("numerator", "denominator")
            else kinds.get(str(field.type), "date")
        )
        for field in table.schema
    )
    with psycopg2.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute("create schema if not exists gold; create schema silver")
        cursor.execute(f"create table gold.metric_values_base ({columns})")
        with csv.open("rb") as handle:
            copy = "copy gold.metric_values_base from stdin (format csv)"
            cursor.copy_expert(copy, handle, 1 << 20)
        cursor.execute(
            "create table silver.int_metric_partitions as select domain, period,"
            " md5(domain || period) as partition_version"
            " from gold.metric_values_base group by domain, period"
        )
        cursor.execute("analyze gold.metric_values_base")
    connection.close()
    csv.unlink()
    return database


def _ours(environment: dict[str, str], dbt: Path, root: Path) -> float:
    model = ["-s", "insight_metrics_long", "--full-refresh", "--quiet"]
    done = subprocess.run(
        [str(dbt), "run", *model],
        cwd=root,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"dbt run failed:\n{done.stdout}\n{done.stderr}")
    results = Path(environment["DBT_TARGET_PATH"]) / "run_results.json"
    (node,) = [
        result
        for result in json.loads(results.read_text())["results"]
        if result["unique_id"].endswith(".insight_metrics_long")
    ]
    return float(node["execution_time"])


def measure(
    url: str, environment: dict[str, str], root: Path, dbt: Path, rows: int, rounds: int
) -> dict[str, Any]:
    """Medians of both, in alternating order, and the sums of what they wrote."""
    import psycopg2

    ours, peer = [], []
    with tempfile.TemporaryDirectory() as name:
        database = _prepare(url, Path(name), rows)

        def duck() -> None:
            started = time.perf_counter()
            database.execute(duckdb_query())
            database.execute("checkpoint")
            peer.append(time.perf_counter() - started)

        def postgres() -> None:
            ours.append(_ours(environment, dbt, root))

        for number in range(rounds):
            for run in (duck, postgres) if number % 2 else (postgres, duck):
                run()
        check = (
            "select count(*), count(rank_overall), sum(rank_overall),"
            " sum(regional_rank * case when region_name is null then 0 else 1 end),"
            " round(cast(sum(percentile_overall) as numeric), 3),"
            " round(cast(sum(cohort_median_overall) as numeric), 1)"
            " from {}insight_metrics_long"
        )
        theirs = database.execute(
            check.format("").replace("numeric)", "decimal(18, 6))")
        ).fetchone()
        with psycopg2.connect(url) as connection, connection.cursor() as cursor:
            cursor.execute(check.format("gold."))
            found = cursor.fetchone()
        connection.close()
        if [float(x) for x in theirs] != [float(x) for x in found]:
            raise SystemExit(f"the tables differ: ours {found}, DuckDB's {theirs}")
        database.close()
    by_round = [round(a / b, 2) for a, b in zip(ours, peer, strict=True)]
    return {
        "rows": rows,
        "rounds": rounds,
        "ours_seconds": round(statistics.median(ours), 1),
        "duckdb_seconds": round(statistics.median(peer), 1),
        "ratio": round(statistics.median(ours) / statistics.median(peer), 2),
        "ratio_by_round": by_round,
        "load_average": round(os.getloadavg()[0], 1),
    }
