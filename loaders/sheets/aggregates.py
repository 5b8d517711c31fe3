"""Rows that are totals of all: told by their labels, never by their figures."""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from typing import Any

from loaders.periods import parse_period
from loaders.sheets.cells import BLANK, is_aggregate_label, kind
from loaders.sheets.columns import FoundColumn

#: Columns that say where or by whom: total in one of them is a total of all.
_ORGANISATION = re.compile(
    r"(?:^|_)(?:provider|commissioner|org|organisation|trust|region|regional|icb|ics"
    r"|stp|ccg|pcn|practice|hospital|system|area|authority|country|geography)(?:_|$)"
)
#: What stands beside "England" in a column of codes.
_NATIONAL_CODE = re.compile(r"E92\d{6}|ENG", re.IGNORECASE)
#: Whether a label is worth a closer look.
_MAY_SAY = re.compile(r"total|england|national|^\s*(?:all\s|[-–—]\s*$)", re.IGNORECASE)


def aggregate_rows(
    rows: Sequence[int], columns: Sequence[FoundColumn], raw: Sequence[Sequence[Any]]
) -> list[int]:
    """Rows whose labels say total or England and name nothing else.

    Where columns of organisations say so, the others may name what is counted: all
    English providers by stage of treatment are national rows still.
    """
    labels = [
        (bool(_ORGANISATION.search(column.clean_name)), values)
        for column, values in zip(columns, raw, strict=True)
        if column.role == "dimension"
    ]
    candidates: set[int] = set()
    for _, values in labels:
        said = {
            v
            for v in set(values)
            if isinstance(v, str)
            and _MAY_SAY.search(v)
            and (is_aggregate_label(v) or _is_dash(v))
        }
        if said:
            candidates |= {i for i, v in enumerate(values) if v in said}
    places = [values for is_place, values in labels if is_place]
    return [
        rows[i]
        for i in candidates
        if _is_aggregate([values[i] for _, values in labels])
        or _is_aggregate([values[i] for values in places], least=1)
    ]


def _is_aggregate(labels: list[Any], least: int = 0) -> bool:
    said = dashes = 0
    for label in labels:
        what = kind(label)
        if what == BLANK or _is_time(label) or _is_national_code(label):
            continue
        if not isinstance(label, str):
            return False
        if is_aggregate_label(label):
            said += 1
        elif _is_dash(label):
            dashes += 1
        else:
            return False
    return said >= least and said + dashes > 0


def _is_national_code(label: object) -> bool:
    return isinstance(label, str) and bool(_NATIONAL_CODE.fullmatch(label.strip()))


def _is_dash(label: object) -> bool:
    return isinstance(label, str) and label.strip() in {"-", "–", "—"}


_MONTHS = frozenset(name.lower() for name in calendar.month_name if name)


def _is_time(label: object) -> bool:
    """Whether a label only says when: a year, a month, a date."""
    if not isinstance(label, str):
        return True
    plain = label.strip().lower()
    return plain in _MONTHS or parse_period(plain) is not None
