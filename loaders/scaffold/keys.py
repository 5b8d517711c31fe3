"""Which columns identify a row: a proposal from the rows, for people to judge. Pure."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence

from loaders.scaffold.shapes import WIDE_PERIOD

#: Sets of columns that are tried by size; beyond, columns are dropped one by one.
TRIED = 3_000
#: Names of codes are left out where the codes themselves do.
_LAST = {"name", "description", "desc", "label", WIDE_PERIOD}
_FIRST = {"code", "id"}


def preferred(columns: Sequence[str]) -> list[str]:
    """Columns in the order in which they make a good key: codes, others, names."""

    def rank(column: str) -> int:
        words = {column, column.rsplit("_", 1)[-1]}
        return 0 if words & _FIRST else 2 if words & _LAST else 1

    return sorted(columns, key=rank)


def candidates(rows: Mapping[str, Sequence[str | None]]) -> Iterator[tuple[str, ...]]:
    """Sets of columns that are unique and filled in some rows, smaller sets first.

    Args:
        rows: The cells of each column, all in one order of rows of one file.

    Yields:
        Sets in the order of the columns given. A set that holds another is left out,
        unless the smaller one turned out not to do and the caller asks on.
    """
    count = len(next(iter(rows.values()), ()))
    columns = [c for c in preferred(list(rows)) if all(rows[c])]
    order = {column: place for place, column in enumerate(rows)}

    def unique(chosen: Sequence[str]) -> bool:
        return len(set(zip(*(rows[c] for c in chosen), strict=True))) == count

    if not columns or not count or not unique(columns):
        return
    tried = 0
    for size in range(1, len(columns)):
        for chosen in itertools.combinations(columns, size):
            tried += 1
            if tried > TRIED:
                break
            if unique(chosen):
                yield tuple(sorted(chosen, key=order.__getitem__))
    if tried > TRIED:
        rest = list(columns)
        for column in reversed(columns):
            fewer = [c for c in rest if c != column]
            if fewer and unique(fewer):
                rest = fewer
        yield tuple(sorted(rest, key=order.__getitem__))
    yield tuple(sorted(columns, key=order.__getitem__))
