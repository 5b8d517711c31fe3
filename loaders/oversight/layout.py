"""Layout of the Oversight Framework files: their columns, under every name met so far.

The publisher describes the columns of the metrics files on its page "NHS oversight
framework: csv metadata file". Columns are matched by name, in any order.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from loaders.model import Column
from loaders.sheets.names import clean_name

_TRUST = ("region", "trust_type", "trust_subtype", "trust_code", "trust_name")

#: Columns of each table in the publisher's order; ``quarter`` came with later releases.
TABLES: Mapping[str, tuple[Column, ...]] = {
    "metrics": (
        *_TRUST,
        *("domain", "sub_domain", "metric_id", "metric_description", "reporting_date"),
        *("units", "value", "median_value", "lower_quartile", "upper_quartile"),
        *("rank", "quarter"),
    ),
    "league_table": (
        *_TRUST,
        *("reporting_date", "average_score", "likely_range_of_average_score"),
        *("segment", "trust_in_financial_deficit", "rank", "likely_range_of_rank"),
        "quarter",
    ),
}
OPTIONAL = frozenset(("quarter",))
#: Columns that hold figures.
MEASURES = frozenset(
    (
        *("value", "median_value", "lower_quartile", "upper_quartile", "rank"),
        *("average_score", "likely_range_of_average_score", "segment"),
        "likely_range_of_rank",
    )
)

_ALIASES = {
    "subdomain": "sub_domain",
    "trust_sub_type": "trust_subtype",
    "region_name": "region",
    "nhs_region": "region",
    "metricid": "metric_id",
    "metric_value": "value",
    "reporting_period": "reporting_date",
    "ods_code": "trust_code",
    "org_code": "trust_code",
    "provider_code": "trust_code",
    "org_name": "trust_name",
    "provider_name": "trust_name",
    "metric": "metric_description",
    "metric_name": "metric_description",
    "unit": "units",
    "median": "median_value",
    "likely_range_of_score": "likely_range_of_average_score",
    "financial_deficit": "trust_in_financial_deficit",
    "in_financial_deficit": "trust_in_financial_deficit",
    "trust_in_deficit": "trust_in_financial_deficit",
}
#: Headers such as ``Reporting_date_colum``: the word says nothing.
_COLUMN_WORD = re.compile(r"_colum(n|ns)?$")


def plain_name(header: str) -> str:
    """The name of a column whatever its case, dashes and blanks: ``sub_domain``."""
    name = _COLUMN_WORD.sub("", clean_name(header))
    return _ALIASES.get(name, name)


def required(table: str) -> list[str]:
    """Columns that every release of a table has."""
    return [str(c) for c in TABLES[table] if c not in OPTIONAL]


def table_of(row: list[str]) -> str | None:
    """The table whose header a row is; ``None`` when it is none."""
    names = {plain_name(cell) for cell in row}
    if "metric_id" in names and names & {"trust_code", "value", "units"}:
        return "metrics"
    if "average_score" in names and names & {"trust_code", "segment", "rank"}:
        return "league_table"
    return None
