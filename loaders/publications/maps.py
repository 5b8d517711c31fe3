"""Reviewed maps: what only people can know about the tables of a publication.

``maps/<publication>/tables.csv`` and ``columns.csv`` say, by period, which published
table is which of ours and which published column is which of ours: renames, splits, a
changed meaning. A heading ``YYYY-MM`` is the first month from which its column holds,
until the next heading; the first holds for earlier months too. ``-1`` is absent, an
empty cell is as under the heading before.
"""

from __future__ import annotations

import csv
import datetime as dt
import functools
import hashlib
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from loaders import project
from loaders.errors import UsageError

ABSENT = "-1"
ANY = "*"
TABLES, COLUMNS = "tables.csv", "columns.csv"
_HEADS = {TABLES: ("table",), COLUMNS: ("table", "column", "unit", "note")}
_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")
_NAME = re.compile(r"[a-z0-9_]+")
#: Postgres cuts names here; ``<publication>__<table>`` has to fit.
MAX_NAME = 63


@dataclass(frozen=True)
class MappedColumn:
    """A column of ours through time.

    Attributes:
        unit: What it counts, in words; for people and for drift reports.
        note: Why the map says so.
        published: Published clean name from each period on; ``None`` is absent.
    """

    unit: str
    note: str
    published: tuple[tuple[dt.date, str | None], ...]

    def at(self, period: dt.date) -> str | None:
        """The published name that holds in a period."""
        return _at(self.published, period)


@dataclass(frozen=True)
class MappedTable:
    """A table of ours through time.

    Attributes:
        keys: Key of the sheet or title from each period on: ``*`` is any, ``None`` is
            absent.
        columns: Its columns in their order.
    """

    keys: tuple[tuple[dt.date, str | None], ...]
    columns: Mapping[str, MappedColumn] = field(default_factory=dict)

    def key_at(self, period: dt.date) -> str | None:
        """The key of its sheet in a period; ``None`` when there is no such table."""
        return _at(self.keys, period)

    def header_at(self, period: dt.date) -> dict[str, str]:
        """Our column by the published one, in a period."""
        found = ((c.at(period), name) for name, c in self.columns.items())
        return {published: name for published, name in found if published is not None}


#: Tables of one publication, by name.
Maps = Mapping[str, MappedTable]


def _at(cells: Sequence[tuple[dt.date, str | None]], period: dt.date) -> str | None:
    value = cells[0][1] if cells else None
    for start, cell in cells:
        if start > period:
            break
        value = cell
    return value


def folder() -> Path:
    """Where the maps are: ``maps/`` of the project, or what the settings name."""
    return project.root() / str(project.setting("hindcast", "maps", default="maps"))


def digest(publication: str) -> str:
    """A hash of the maps of a publication."""
    found = hashlib.sha256()
    for name in (TABLES, COLUMNS):
        path = folder() / publication / name
        found.update(path.read_bytes() if path.is_file() else b"-")
    return found.hexdigest()[:16]


def publications() -> list[str]:
    """Publications that have maps."""
    base = folder()
    if not base.is_dir():
        return []
    return sorted(p.name for p in base.iterdir() if (p / TABLES).is_file())


def load(publication: str) -> Maps:
    """The maps of a publication; empty where it has none.

    Raises:
        UsageError: A map is not well formed; all that is wrong with it is said at once.
    """
    return _load(folder() / publication, digest(publication))


@functools.lru_cache(256)
def _load(place: Path, _digest: str) -> Maps:
    if not (place / TABLES).is_file():
        return {}
    problems: list[str] = []
    tables = _read(place / TABLES, problems)
    columns = _read(place / COLUMNS, problems)
    made: dict[str, dict[str, MappedColumn]] = {}
    for line, row, cells in columns.rows:
        table, column, unit, note = row
        if table not in {r[0] for _, r, _ in tables.rows}:
            problems.append(f"{COLUMNS} line {line}: no table {table!r} in {TABLES}")
        if not _NAME.fullmatch(column) or len(column) > MAX_NAME:
            problems.append(f"{COLUMNS} line {line}: {column!r} is no column name")
        if column in made.setdefault(table, {}):
            problems.append(f"{COLUMNS} line {line}: {table}.{column} stands twice")
        made[table][column] = MappedColumn(unit, note, cells)
    result = {}
    for line, (table,), cells in tables.rows:
        if not _NAME.fullmatch(table) or len(f"{place.name}__{table}") > MAX_NAME:
            problems.append(f"{TABLES} line {line}: {table!r} is no table name")
        if table in result:
            problems.append(f"{TABLES} line {line}: {table} stands twice")
        result[table] = MappedTable(cells, made.get(table, {}))
    for table, mapped in result.items():
        for period in columns.periods:
            named = [c.at(period) for c in mapped.columns.values()]
            twice = {n for n in named if n is not None and named.count(n) > 1}
            if twice:
                problems.append(
                    f"{COLUMNS} {period:%Y-%m}: {table} takes {sorted(twice)[0]} twice"
                )
    if problems:
        raise UsageError(
            f"cannot use the maps of {place.name}",
            where=project.shown(place),
            expected="tables.csv (table, then a column per month from which it holds) "
            "and columns.csv (table, column, unit, note, then the same)",
            found="; ".join(problems),
            next_step="correct the csv, then run again",
        )
    return result


@dataclass
class Sheet:
    """A map as its csv: headings after the fixed ones, and rows with their lines."""

    periods: list[dt.date]
    rows: list[tuple[int, tuple[str, ...], tuple[tuple[dt.date, str | None], ...]]]


def _read(path: Path, problems: list[str]) -> Sheet:
    fixed = _HEADS[path.name]
    text = path.read_text("utf-8-sig") if path.is_file() else ",".join(fixed)
    lines = list(csv.reader(io.StringIO(text, newline="")))
    head = lines[0] if lines else []
    if tuple(head[: len(fixed)]) != fixed:
        problems.append(f"{path.name} line 1: it begins {head[:4]}, not {list(fixed)}")
        return Sheet([], [])
    periods = []
    for cell in head[len(fixed) :]:
        match = _MONTH.fullmatch(cell)
        if not match:
            problems.append(f"{path.name} line 1: {cell!r} is no month YYYY-MM")
            return Sheet([], [])
        periods.append(dt.date(int(match[1]), int(match[2]), 1))
    if periods != sorted(set(periods)):
        problems.append(f"{path.name} line 1: the months do not ascend")
    sheet = Sheet(periods, [])
    for number, line in enumerate(lines[1:], 2):
        if not any(line):
            continue
        if len(line) != len(head):
            problems.append(
                f"{path.name} line {number}: {len(line)} cells, not {len(head)}"
            )
            continue
        cells: list[tuple[dt.date, str | None]] = []
        for period, cell in zip(periods, line[len(fixed) :], strict=True):
            if cell == "" and not cells:
                problems.append(f"{path.name} line {number}: its first cell is empty")
            elif cell:
                cells.append((period, None if cell == ABSENT else cell))
        sheet.rows.append((number, tuple(line[: len(fixed)]), tuple(cells)))
    return sheet


def save(publication: str, maps: Maps) -> list[Path]:
    """Writes the maps of a publication, each csv whole or not at all.

    Returns:
        The files that changed.
    """
    place = folder() / publication
    place.mkdir(parents=True, exist_ok=True)
    tables = [((name,), t.keys) for name, t in maps.items()]
    columns = [
        ((name, column, c.unit, c.note), c.published)
        for name, t in maps.items()
        for column, c in t.columns.items()
    ]
    changed = []
    for name, rows in ((TABLES, tables), (COLUMNS, columns)):
        text = _text(_HEADS[name], rows)
        path = place / name
        if path.is_file() and path.read_text("utf-8") == text:
            continue
        draft = path.with_suffix(".tmp")
        draft.write_text(text, "utf-8")
        draft.replace(path)
        changed.append(path)
    return changed


def _text(
    fixed: Sequence[str],
    rows: Iterable[tuple[tuple[str, ...], tuple[tuple[dt.date, str | None], ...]]],
) -> str:
    rows = list(rows)
    periods = sorted({period for _, cells in rows for period, _ in cells})
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*fixed, *(f"{p:%Y-%m}" for p in periods)])
    for key, cells in rows:
        by_period = dict(cells)
        line, last = [], object()
        for i, period in enumerate(periods):
            if period in by_period:
                value = ABSENT if by_period[period] is None else by_period[period]
            else:
                # Under the first heading every row says what it is.
                value = ABSENT if i == 0 else ""
            line.append("" if value == last else value)
            last = value or last
        writer.writerow([*key, *line])
    return out.getvalue()
