"""Csv files of one header and one period: editions, parts, or different tables.

A workbook says what its tables are; a csv has nothing but its name, and names of
editions differ as much as those of tables. The rows tell. About other subjects: parts
of one table. About the same with mostly the same figures: editions of one. About the
same with other figures: different tables, such as new and open referrals by age.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from loaders.publications.identity import Seen

#: A revision leaves at least this share of the rows as they were.
SAME_FIGURES = 0.2
#: Files that share this much of what their rows are about are about the same.
SAME_SUBJECT = 0.2


def told_apart(seen: Sequence[Seen]) -> tuple[list[Seen], dict[int, int]]:
    """Gives editions one key, and counts the tables of one header and period.

    Args:
        seen: Tables of one publication.

    Returns:
        The tables, those of csv files under the key of their table; and for each of
        these how many different tables there are, where there are several.
    """
    groups: dict[object, list[Seen]] = defaultdict(list)
    for one in seen:
        if one.is_csv:
            groups[(one.header, one.period)].append(one)
    key_of: dict[int, str] = {}
    count: dict[int, int] = {}
    for group in groups.values():
        if len({one.sheet_key for one in group}) < 2:
            continue
        tables: list[list[Seen]] = []
        for one in sorted(group, key=lambda s: (s.sheet_key, s.key)):
            same = next((t for t in tables if _is_one(one, t)), None)
            if same is None:
                tables.append([one])
            else:
                same.append(one)
        for table in tables:
            for one in table:
                key_of[one.key] = table[0].sheet_key
                if len(tables) > 1:
                    count[one.key] = len(tables)
    return (
        [
            replace(one, sheet_key=key_of[one.key]) if one.key in key_of else one
            for one in seen
        ],
        count,
    )


def _is_one(one: Seen, table: Sequence[Seen]) -> bool:
    return any(
        one.sheet_key == other.sheet_key or _is_same(one.rows, other.rows)
        for other in table
    )


def _is_same(one: Mapping[int, int], other: Mapping[int, int]) -> bool:
    """Whether two samples are of one table."""
    if not one or not other:
        return True
    both = one.keys() & other.keys()
    if len(both) < SAME_SUBJECT * min(len(one), len(other)):
        return True
    equal = sum(one[label] == other[label] for label in both)
    return equal >= SAME_FIGURES * len(both)
