"""Metric values for the benchmark of ``insight_metrics_long``, the same every time.

Shaped like months of waiting lists: eight metrics over their pathway parts and 24
treatment functions, 200 trusts of three types in seven regions and 317 independent
providers without type. One cohort has about 175 organisations; a tenth of the rows is
too small to be ranked, and values tie where denominators are small.
"""

from __future__ import annotations

from typing import Any

#: metric, unit, higher is better, pathway parts.
METRICS = (
    ("rtt_pct_within_18", "ratio", True, ("Part_2", "Part_2A")),
    ("rtt_pct_over_52", "ratio", False, ("Part_2", "Part_2A")),
    ("rtt_pct_over_65", "ratio", False, ("Part_2", "Part_2A")),
    ("rtt_median_weeks_waiting", "weeks", False, ("Part_2", "Part_2A")),
    ("rtt_p92_weeks_waiting", "weeks", False, ("Part_2", "Part_2A")),
    ("rtt_compliance_18w", "ratio", True, ("Part_1A", "Part_1B")),
    ("rtt_p95_weeks_completed", "weeks", False, ("Part_1A", "Part_1B")),
    ("rtt_unknown_clock_start_rate", "ratio", False, ("Part_1A", "Part_1B")),
)
TRUSTS, PROVIDERS, FUNCTIONS, MONTHS = 200, 517, 24, 90
TYPES = ("Acute trust", "Mental health and community trust", "Ambulance trust")
REGIONS = (
    "East of England",
    "London",
    "Midlands",
    "North East and Yorkshire",
    "North West",
    "South East",
    "South West",
)


def _texts(values: list[str], codes: Any) -> Any:
    import pyarrow as pa

    return pa.DictionaryArray.from_arrays(pa.array(codes), pa.array(values)).cast(
        pa.string()
    )


def table(rows: int) -> Any:
    """``rows`` metric values as an Arrow table with the columns of the base."""
    import datetime as dt

    import numpy as np
    import pyarrow as pa
    import pyarrow.compute  # noqa: F401

    rng = np.random.default_rng(20260101)
    parts = [(i, part) for i, metric in enumerate(METRICS) for part in metric[3]]
    series = len(parts) * FUNCTIONS
    # How many organisations have a function: many in few, few in many.
    reach = np.concatenate(
        [rng.uniform(0.5, 0.9, TRUSTS), rng.uniform(0.02, 0.2, PROVIDERS - TRUSTS)]
    )
    present = rng.random((series, PROVIDERS)) < reach[None, :]
    serie, org = np.nonzero(present)
    months = -(-rows // len(serie))
    first = MONTHS - months if months < MONTHS else 0
    month = np.repeat(np.arange(first, first + months), len(serie))[:rows]
    serie, org = np.tile(serie, months)[:rows], np.tile(org, months)[:rows]
    metric = np.array([i for i, _ in parts])[serie // FUNCTIONS]
    function = serie % FUNCTIONS
    denominator = np.floor(np.exp(rng.normal(5.5, 2, rows))) + 1
    numerator = np.floor(denominator * rng.beta(6, 4, rows))
    unit = np.array([m[1] for m in METRICS])[metric]
    ratio = unit == "ratio"
    value = np.where(ratio, numerator / denominator, rng.gamma(4, 4, rows))
    starts = [dt.date(2018 + m // 12, m % 12 + 1, 1) for m in range(first + months)]
    ends = [
        (d.replace(day=28) + dt.timedelta(4)).replace(day=1) - dt.timedelta(1)
        for d in starts
    ]
    codes = [f"R{i:03X}" if i < TRUSTS else f"N{i:03X}" for i in range(PROVIDERS)]
    names = [f"ORGANISATION NUMBER {i} NHS FOUNDATION TRUST" for i in range(PROVIDERS)]
    kind = np.where(org < TRUSTS, org % 3, 0)
    size = np.where(org < TRUSTS, org // 3 % 4, 0)
    no_type = pa.array(org >= TRUSTS)
    functions = [f"C_{100 + i}" for i in range(FUNCTIONS - 1)] + ["C_999"]
    keys = [
        f"~ | ~ | {part} | {code} | provider" for _, part in parts for code in functions
    ]
    part_names = sorted({part for _, part in parts})
    part = np.array([part_names.index(p) for _, p in parts])[serie // FUNCTIONS]
    nothing = pa.nulls(rows, pa.string())

    def typed(values: list[str], index: Any) -> Any:
        found = _texts(values, index)
        return pa.compute.if_else(no_type, pa.scalar(None, pa.string()), found)

    labels = [f"Waiting times: {m[0]}" for m in METRICS]
    subtypes = [f"{t} - subtype {s}" for t in TYPES for s in range(4)]
    files = [f"https://www.example.org/rtt/{d:%Y-%m}-full-extract.zip" for d in starts]
    valid = denominator >= 20
    higher = np.array([m[2] for m in METRICS])[metric]
    target = pa.array(np.where(metric == 0, 0.92, np.nan), from_pandas=True)
    met = pa.array(value >= 0.92, mask=metric != 0)
    return pa.table(
        {
            "period": _texts([f"{d:%Y-%m}" for d in starts], month),
            "period_start": pa.array(np.array(starts, "datetime64[D]")[month]),
            "period_end": pa.array(np.array(ends, "datetime64[D]")[month]),
            "metric_id": _texts([m[0] for m in METRICS], metric),
            "metric_label": _texts(labels, metric),
            "domain": _texts(["rtt"], np.zeros(rows, np.int8)),
            "org_code": _texts(codes, org),
            "org_name": _texts(names, org),
            "region_name": typed(list(REGIONS), org % 7),
            "trust_type": typed(list(TYPES), kind),
            "trust_subtype": typed(subtypes, kind * 4 + size),
            "referral_route": nothing,
            "cancer_type": nothing,
            "rtt_part_type": _texts(part_names, part),
            "treatment_function_code": _texts(functions, function),
            "entity_level": _texts(["provider"], np.zeros(rows, np.int8)),
            "value": value,
            "unit": _texts(["ratio", "weeks"], (~ratio).astype(np.int8)),
            "numerator": pa.array(numerator, mask=~ratio),
            "denominator": denominator,
            "valid_sample": valid,
            "target_value": target,
            "target_met": met,
            "higher_is_better": higher,
            "is_rollup": np.zeros(rows, bool),
            "rollup_method": nothing,
            "disagg_key": _texts(keys, serie),
            "release_status": _texts(["final"], np.zeros(rows, np.int8)),
            "source_file": _texts(files, month),
            "is_example": np.zeros(rows, bool),
        }
    )
