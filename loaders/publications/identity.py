"""Which table of ours a published table is, and which column a published column.

A table is known by its header: the set of its clean column names. The name of its sheet
and its title only decide between tables of one header. Measures that have nothing in
common are never one table. Nothing here reads a clock or a database.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from loaders.publications.maps import ANY, MAX_NAME, MappedTable, Maps
from loaders.publications.twins import told_apart
from loaders.sheets.names import clean_name

#: Of all columns of two headers, this share must be in both to call one the other's
#: successor.
ENOUGH_IN_COMMON = 0.5
#: With the same sheet or title, less is enough: a table that doubles its columns.
ENOUGH_WITH_KEY = 0.3
#: Columns that every view has besides the published ones.
RESERVED = frozenset({"basis"})


@dataclass(frozen=True)
class Seen:
    """A table found in a file.

    Attributes:
        key: Its table key.
        file_id: The file.
        period: First day of the file's period.
        sheet_key: Key of its sheet, or of its file where that is a csv.
        title_key: Key of its title; empty without one.
        columns: Clean names by position.
        measures: Those of them that hold figures.
        order: Its place among the file's tables.
        is_csv: Whether its file is a csv: nothing but the file's name is its title.
        rows: A sample of its rows: their hashes by those of their labels.
    """

    key: int
    file_id: str
    period: dt.date
    sheet_key: str
    title_key: str
    columns: tuple[str, ...]
    measures: frozenset[str]
    order: int = 0
    is_csv: bool = False
    rows: Mapping[int, int] = field(default_factory=dict)

    @property
    def header(self) -> frozenset[str]:
        """The names whatever their order."""
        return frozenset(self.columns)


@dataclass
class Stable:
    """A table of ours while the tables of a publication are gone through.

    Attributes:
        name: Its name without the publication.
        mapped: Its reviewed map, if any.
        keys: Sheet and title keys it has had.
        headers: Headers it has had.
        last: The latest of them.
        measures: Figures of the latest.
        columns: Our columns in their order.
        first: Its first period.
        in_period: By period, the headers of its tables by their sheet keys.
    """

    name: str
    mapped: MappedTable | None = None
    keys: set[str] = field(default_factory=set)
    headers: set[frozenset[str]] = field(default_factory=set)
    last: frozenset[str] = frozenset()
    measures: frozenset[str] = frozenset()
    columns: dict[str, None] = field(default_factory=dict)
    first: dt.date | None = None
    in_period: dict[dt.date, dict[str, frozenset[str]]] = field(default_factory=dict)

    def expected(self, period: dt.date) -> frozenset[str]:
        """The header it should have in a period."""
        if self.mapped is not None and self.mapped.columns:
            return frozenset(self.mapped.header_at(period))
        return self.last


@dataclass(frozen=True)
class Placed:
    """What became of a table.

    Attributes:
        table: The table of ours.
        match: ``map``, ``header``, ``overlap`` or ``new``.
        columns: Our column for each of its positions.
    """

    table: str
    match: str
    columns: tuple[str, ...]


def header_id(columns: Iterable[str]) -> str:
    """Fingerprint of a header: its names whatever their order."""
    return hashlib.sha256("\n".join(sorted(columns)).encode()).hexdigest()[:16]


def resolve(
    publication: str,
    seen: Iterable[Seen],
    maps: Maps,
    before: Mapping[int, str],
) -> tuple[dict[int, Placed], list[Stable]]:
    """Places every table of a publication.

    Args:
        publication: Its code.
        seen: All its tables in the warehouse.
        maps: Its reviewed maps.
        before: Names of unmapped tables from an earlier settlement by table key: a name
            that was given stays, whatever is loaded later.

    Returns:
        What became of each table by its key, and our tables in their order.
    """
    tables = {name: _from_map(name, mapped) for name, mapped in maps.items()}
    placed: dict[int, Placed] = {}
    by_file: dict[tuple[dt.date, str], list[Seen]] = defaultdict(list)
    seen, twins = told_apart(list(seen))
    for one in seen:
        by_file[one.period, one.file_id].append(one)
    # Names from before first, so that their headers are known whatever is loaded
    # earlier in time now.
    for files in (True, False):
        for _, found in sorted(by_file.items(), key=lambda item: item[0]):
            found.sort(key=lambda one: one.order)
            old = {
                one.key: before[one.key]
                for one in found
                if before.get(one.key) and before[one.key] not in maps
            }
            if files and not old:
                continue
            if not files and any(one.key in placed for one in found):
                continue
            _place_file(publication, found, tables, placed, old, twins)
    return placed, list(tables.values())


def _from_map(name: str, mapped: MappedTable) -> Stable:
    keys = {k for _, k in mapped.keys if k and k != ANY}
    return Stable(name, mapped, keys, columns=dict.fromkeys(mapped.columns))


def _place_file(
    publication: str,
    found: Sequence[Seen],
    tables: dict[str, Stable],
    placed: dict[int, Placed],
    old: Mapping[int, str],
    twins: Mapping[int, int],
) -> None:
    alike = Counter(one.header for one in found)
    candidates = []
    for one in found:
        for stable in tables.values():
            count = max(alike[one.header], twins.get(one.key, 1))
            score = _score(one, stable, tables, count)
            if score is not None:
                candidates.append((score, -one.order, stable.name, one))
    taken: set[str] = set()
    # The best fit first; each table of ours is in a file once.
    for score, _, name, one in sorted(candidates, key=lambda c: c[:3], reverse=True):
        if one.key in placed or name in taken:
            continue
        if one.key in old and tables[name].mapped is None:
            # It keeps its name, unless the reviewed map knows it by another.
            continue
        taken.add(name)
        placed[one.key] = _join(one, tables[name], "overlap" if score[0] < 2 else "")
    for one in found:
        if one.key in placed:
            continue
        name = old.get(one.key) or _new_name(publication, one, found, tables)
        known = name in tables
        stable = tables.setdefault(name, Stable(name))
        taken.add(name)
        match = ("" if one.header in stable.headers else "overlap") if known else "new"
        placed[one.key] = _join(one, stable, match)


def _score(
    one: Seen, stable: Stable, tables: Mapping[str, Stable], alike: int
) -> tuple[float, ...] | None:
    """How well a table fits one of ours; ``None`` when it cannot be that."""
    key = stable.mapped.key_at(one.period) if stable.mapped else ANY
    if key is None:
        return None
    expected = stable.expected(one.period)
    keys = stable.keys if key in (None, ANY) else {key}
    same_title = bool(one.title_key) and one.title_key in keys
    same_key = same_title or one.sheet_key in keys
    exact = one.header == expected or one.header in stable.headers
    if exact:
        rivals = sum(
            one.header == other.expected(one.period) or one.header in other.headers
            for other in tables.values()
        )
        # Where several tables have this header, only its place tells which it is.
        if (alike > 1 or rivals > 1) and not same_key:
            return None
        return (2, same_title, same_key, one.header == expected)
    if not expected:
        # A map without columns knows its table by the key alone.
        return (0, same_title, same_key, 0) if same_key else None
    common = len(one.header & expected)
    share = common / len(one.header | expected)
    if share < (ENOUGH_WITH_KEY if same_key else ENOUGH_IN_COMMON):
        return None
    if one.measures and stable.measures and not one.measures & stable.measures:
        return None
    if alike > 1 and not same_key:
        return None
    # A title is often that of the whole workbook: it does not make two sheets one.
    if one.sheet_key not in stable.keys and not _may_follow(one, stable, expected):
        return None
    return (1, same_key, share, same_title)


def _may_follow(one: Seen, stable: Stable, expected: frozenset[str]) -> bool:
    """Whether a table under another name may be one of ours with a changed header.

    Labels that go while others come are another subject: the figures of commissioners
    stand under the same names as those of providers. And a header changes from one
    period to the next; two headers of one period are two tables.
    """
    come = one.header - expected - one.measures
    gone = expected - one.header - stable.measures
    there = stable.in_period.get(one.period, {})
    return not (come and gone) and all(h == one.header for h in there.values())


def _join(one: Seen, stable: Stable, match: str) -> Placed:
    """Counts a table among those of ours, and names its columns."""
    expected = stable.expected(one.period)
    if not match:
        in_map = stable.mapped is not None and one.header == expected
        match = "map" if in_map else "header"
    columns = _columns(one, stable)
    stable.keys |= {k for k in (one.sheet_key, one.title_key) if k}
    stable.headers.add(one.header)
    stable.last = one.header
    stable.measures = one.measures or stable.measures
    stable.columns |= dict.fromkeys(columns)
    stable.first = min(stable.first or one.period, one.period)
    stable.in_period.setdefault(one.period, {})[one.sheet_key] = one.header
    return Placed(stable.name, match, columns)


def _columns(one: Seen, stable: Stable) -> tuple[str, ...]:
    named = stable.mapped.header_at(one.period) if stable.mapped else {}
    ours = set(stable.mapped.columns) if stable.mapped else set()
    taken = {named[c] for c in one.columns if c in named}
    result = []
    for published in one.columns:
        name = named.get(published)
        if name is None:
            name = f"{published}_published" if published in RESERVED else published
            # The map knows a column of this name that is another one in this period:
            # what is published lands beside it until someone has looked.
            while name in ours or name in taken:
                name = fitted(f"{name}_unreviewed")
            taken.add(name)
        result.append(name)
    return tuple(result)


def fitted(name: str, room: int = MAX_NAME) -> str:
    """A name that Postgres does not cut: the end of a long one is its hash."""
    if len(name.encode()) <= room:
        return name
    mark = hashlib.sha256(name.encode()).hexdigest()[:6]
    return f"{name[: room - 7].rstrip('_')}_{mark}"


def _new_name(
    publication: str, one: Seen, found: Sequence[Seen], tables: Mapping[str, Stable]
) -> str:
    """A name for a table of ours: its sheet's, and its title's where that is taken."""
    sheet = clean_name(one.sheet_key) or "table"
    title = clean_name(one.title_key)
    several = sum(other.sheet_key == one.sheet_key for other in found) > 1
    room = MAX_NAME - len(publication) - 2
    both = f"{sheet}_{title}" if title and title != sheet else sheet
    names = [both] if several else [sheet, both]
    names += [f"{sheet}_{n}" for n in range(2, len(tables) + 3)]
    fits = (fitted(name.removeprefix(f"{publication}_"), room) for name in names)
    return next(name for name in fits if name and name not in tables)
