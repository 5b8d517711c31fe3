"""The published figures the examples are made of (``examples/values/``).

Stored are the smallest ones, a row of bands per organisation, route or stage, and
cancer type. Totals, percentages and the rows over all cancers, routes, stages and
organisations are sums of these, as they are in the published files.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

FOLDER = Path(__file__).resolve().parent / "values"


@dataclass(frozen=True)
class Figure:
    """The bands of one published row that is not a sum of others.

    Attributes:
        table: As in ``layout.toml``, for instance ``treatment_31_day_by_cancer``.
        ods_code: Provider or commissioner.
        route_or_stage: As printed; empty where the sheet has none.
        category: Cancer type, modality or referral reason, as printed.
        bands: People (or halves of them) per waiting time band.
    """

    table: str
    ods_code: str
    route_or_stage: str
    category: str
    bands: tuple[float, ...]

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What makes the row unique within a month."""
        return (self.table, self.ods_code, self.route_or_stage, self.category)


@dataclass(frozen=True)
class Values:
    """Figures of one month and basis, and the organisations in published order."""

    basis: str
    names: Mapping[str, str]
    figures: tuple[Figure, ...]

    def changed(self, *figures: Figure) -> Values:
        """Returns a copy where these figures replace or join the ones stored."""
        merged = {f.key: f for f in self.figures} | {f.key: f for f in figures}
        return replace(self, figures=tuple(merged.values()))

    def only(self, *ods_codes: str) -> Values:
        """Returns a copy with these organisations alone."""
        names = {code: self.names[code] for code in self.names if code in ods_codes}
        kept = tuple(f for f in self.figures if f.ods_code in names)
        return replace(self, names=names, figures=kept)

    def copies(self, times: int) -> Values:
        """Returns every organisation ``times`` over, for tests of volume.

        The copies get made-up codes (``X0001`` on), so the result is no example.
        """
        codes = {
            (code, n): f"X{n * len(self.names) + i:04d}"
            for n in range(times)
            for i, code in enumerate(self.names)
        }
        return replace(
            self,
            names={new: self.names[code] for (code, _), new in codes.items()},
            figures=tuple(
                replace(f, ods_code=codes[f.ods_code, n])
                for n in range(times)
                for f in self.figures
            ),
        )


def read_values(period: str = "2025-08", basis: str = "provider") -> Values:
    """Reads the stored figures of a month.

    Args:
        period: ``YYYY-MM``: 2025-03 (sheets 3, 5 and 8 only), 2025-04 or 2025-08.
        basis: ``provider``, or for 2025-08 also ``commissioner``.
    """
    organisations = read_csv("organisations")
    return Values(
        basis=basis,
        names={o["ods_code"]: o["name"] for o in organisations if o["basis"] == basis},
        figures=tuple(
            Figure(
                row["table"],
                row["ods_code"],
                row["route_or_stage"],
                row["category"],
                bands_of(row["bands"]),
            )
            for row in read_csv(f"{basis}-{period}")
        ),
    )


def read_csv(name: str) -> list[dict[str, str]]:
    """Reads a file of ``examples/values/`` by its name without ``.csv``."""
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def bands_of(text: str) -> tuple[float, ...]:
    """Reads the bands of a stored row, for instance ``11.5 2.5 5.5``."""
    return tuple(float(part) for part in text.split())
