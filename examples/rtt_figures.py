"""The published RTT figures the examples are made of (``examples/values/rtt-*.csv``).

Stored is a row of bands per provider, commissioner, part and treatment function, as
published. The totals over functions, and all that a workbook prints, follow from these.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from examples.figures import read_csv

TOTAL = "C_999"
OPEN_FROM = 104


@dataclass(frozen=True)
class Pathways:
    """One row of a full extract.

    Attributes:
        provider: Code of the provider.
        commissioner: Code of the commissioner; ``NONC`` is not of England.
        part: ``Part_1A``, ``Part_1B``, ``Part_2``, ``Part_2A`` or ``Part_3``.
        function: Treatment function, ``C_999`` for the total of all.
        bands: Pathways by week waited; ``104`` is the open band.
        unknown: Pathways with an unknown clock start; ``None`` where none is stated.
        total_all: All of them; of new periods (Part_3) the only figure.
    """

    provider: str
    commissioner: str
    part: str
    function: str
    bands: Mapping[int, int]
    unknown: int | None
    total_all: int

    @property
    def known(self) -> int:
        """Pathways with a known clock start."""
        return sum(self.bands.values())


@dataclass(frozen=True)
class Code:
    """A code of the extract: its name and its parent's code and name."""

    name: str
    parent_code: str
    parent_name: str


def read_pathways() -> list[Pathways]:
    """The stored rows of January 2026, and the total over their functions."""
    rows = [
        Pathways(
            *(r["provider"], r["commissioner"], r["part"], r["function"]),
            {int(w): int(n) for w, n in (b.split(":") for b in r["bands"].split())},
            int(r["unknown_clock"]) if r["unknown_clock"] else None,
            int(r["total_all"]),
        )
        for r in read_csv("rtt-2026-01")
    ]
    groups: dict[tuple[str, str, str], list[Pathways]] = {}
    for row in rows:
        groups.setdefault((row.provider, row.commissioner, row.part), []).append(row)
    return [one for group in groups.values() for one in (*group, summed(group, TOTAL))]


def summed(rows: Sequence[Pathways], function: str | None = None) -> Pathways:
    """The sum of some rows, named as the first of them but for the function."""
    bands: dict[int, int] = {}
    for row in rows:
        for week, count in row.bands.items():
            bands[week] = bands.get(week, 0) + count
    unknown = [row.unknown for row in rows if row.unknown is not None]
    return replace(
        rows[0],
        function=function or rows[0].function,
        bands=bands,
        unknown=sum(unknown) if unknown else None,
        total_all=sum(row.total_all for row in rows),
    )


def read_codes() -> dict[tuple[str, str], Code]:
    """Names and parents by kind (``provider`` …) and code."""
    return {
        (r["kind"], r["code"]): Code(r["name"], r["parent_code"], r["parent_name"])
        for r in read_csv("rtt-codes")
    } | {("treatment_function", TOTAL): Code("Total", "", "")}


def quantile(bands: Mapping[int, int], share: float) -> float | None:
    """Weeks by which a share has waited no longer, evenly spread within each week."""
    total = sum(bands.values())
    if not total:
        return None
    wanted, before = share * total, 0
    for week in sorted(bands):
        if before + bands[week] >= wanted:
            return week + (wanted - before) / bands[week]
        before += bands[week]
    raise AssertionError("the last band reaches every share")


def within(bands: Mapping[int, int], weeks: int) -> int:
    """Pathways of at most so many weeks."""
    return sum(n for week, n in bands.items() if week < weeks)


def over(bands: Mapping[int, int], weeks: int) -> int:
    """Pathways of more than so many weeks."""
    return sum(n for week, n in bands.items() if week >= weeks)


def english(rows: Iterable[Pathways], part: str) -> Iterator[Pathways]:
    """The rows of a part that NHS England counts: commissioners of England."""
    return (r for r in rows if r.part == part and r.commissioner != "NONC")
