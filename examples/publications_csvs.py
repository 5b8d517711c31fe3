"""Publications that are csv files: list sizes, appointments, mental health, sickness.

All are rows as published; a csv has no room for a title, so its first line says that it
is an example.
"""

from __future__ import annotations

import calendar
from collections.abc import Mapping, Sequence

from examples.output import zip_bytes
from examples.publications_sheets import (
    Cell,
    Change,
    csv_text,
    lines,
    values,
)
from loaders.periods import month

REGIONS = ("Devon", "Dorset", "Somerset")
APPOINTMENTS_SAYS = "July and August 2021, GPs, and some waits only"
MENTAL_HEALTH_SAYS = "England, 1 ICB and 4 providers, and 3 groups of measures only"
SICKNESS_SAYS = "9 organisations only"


def list_sizes(
    release: str = "2025-11",
    *,
    period: str | None = None,
    example: bool = True,
    change: Change | None = None,
) -> bytes:
    """Patients registered at practices.

    Args:
        release: Whose figures: ``2025-10``, ``2025-11``, or ``2021-01``, when the
            columns were named after clinical commissioning groups.
        period: ``YYYY-MM`` of the extract; that of the release by default.
        example: Whether a first line says that this is an example.
        change: Changes the rows before they are written.
    """
    rows = _table(f"gp-patients-{release}")
    if period:
        for row in rows[1:]:
            row[1] = f"{period}-01"
    return csv_text(rows, _practices(rows) if example else None, change)


def practice_mapping(*, example: bool = True) -> bytes:
    """Practices with the organisations above them, of September 2020."""
    rows = _table("gp-mapping-2020-09")
    return csv_text(rows, _practices(rows) if example else None)


def _practices(rows: Sequence[Sequence[Cell]]) -> str:
    return f"{len(rows) - 1} practices only"


def appointments(
    region: str = "Devon", *, example: bool = True, change: Change | None = None
) -> bytes:
    """Appointments of a region: Devon, Dorset or Somerset."""
    rows = _table(f"gp-appointments-{region.lower()}")
    return csv_text(rows, APPOINTMENTS_SAYS if example else None, change)


def appointments_zip(
    flat: Sequence[str] = ("Devon", "Dorset"),
    nested: Sequence[str] = ("Somerset",),
    *,
    example: bool = True,
) -> bytes:
    """Regional files of one release in a zip, some of them in a zip of their own."""
    members = {
        _member(region): appointments(region, example=example) for region in flat
    }
    for region in nested:
        inner = {_member(region): appointments(region, example=example)}
        members[f"Regional_CSV_{region}.zip"] = zip_bytes(inner)
    return zip_bytes(members)


def _member(region: str) -> str:
    return f"Regional_CSV_{region}.csv"


def mental_health(
    release: str = "2024-08", *, example: bool = True, change: Change | None = None
) -> bytes:
    """Four-week waits of the mental health services data set, with marks ``*``.

    Args:
        release: ``2024-07`` or ``2024-08``.
        example: Whether a first line says that this is an example.
        change: Changes the rows before they are written.
    """
    rows = _table(f"mhsds-{release}")
    return csv_text(rows, MENTAL_HEALTH_SAYS if example else None, change)


def sickness(
    release: str = "2024-06",
    *,
    period: str | None = None,
    example: bool = True,
    change: Change | None = None,
) -> bytes:
    """Sickness absence of a month.

    Args:
        release: Whose figures: ``2024-04``, ``2024-05`` or ``2024-06``.
        period: ``YYYY-MM`` in the column DATE; that of the release by default.
        example: Whether a first line says that this is an example.
        change: Changes the rows before they are written.
    """
    rows = _table(f"sickness-{release}")
    if period:
        last = month(int(period[:4]), int(period[5:])).end
        for row in rows[1:]:
            row[0] = f"{last:%d/%m/%Y}"
    return csv_text(rows, SICKNESS_SAYS if example else None, change)


def _table(name: str) -> list[list[Cell]]:
    """A stored table, texts as published, the names first."""
    rows = values(name)
    return lines(list(rows[0]), *(list(row.values()) for row in rows))


def files() -> Mapping[str, bytes]:
    """The csv examples by their paths below ``examples/``."""
    made: dict[str, bytes] = {}
    lists = "publications/gp_registered_patients"
    for release in ("2025-10", "2025-11"):
        short = calendar.month_abbr[int(release[5:])]
        made[f"{lists}/PracPop{short}{release[:4]}.csv"] = list_sizes(release)
    made[f"{lists}/gp-reg-pat-prac-all.csv"] = list_sizes("2021-01")
    made[f"{lists}/gp-reg-pat-prac-map.csv"] = practice_mapping()
    regional = "publications/gp_appointments/Appointments_GP_Regional_CSV_Aug_2021"
    made[f"{regional}.zip"] = appointments_zip()
    for release, name in (
        ("2024-07", "MHSDS Data_4WW_JulPerf_2024_v2.csv"),
        ("2024-08", "MHSDS Data_4WW_AugPerf_2024.csv"),
    ):
        made[f"publications/mhsds/{name}"] = mental_health(release)
    for release in ("2024-04", "2024-05", "2024-06"):
        name = f"nhs_sickness_absence_{release}.csv"
        made[f"publications/sickness_absence/{name}"] = sickness(release)
    return made
