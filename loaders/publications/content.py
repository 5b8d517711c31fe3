"""What a file of a publication says of itself: its period, its release, its dates.

Publishers state it in lines above their tables (``Period: January 2025``), on title
sheets (``June 2024 to December 2025``), in titles of tables and in columns of csvs.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from loaders.files.voices import status_word
from loaders.model import Claims, Period
from loaders.periods import find_period, last_month, month, parse_period
from loaders.periods.dates import find_day
from loaders.periods.statements import statements, words_of
from loaders.periods.units import as_financial_year, span

#: A line above a table, with its 1-based place and its cells.
Line = tuple[str, Sequence[object]]

_LABEL = re.compile(
    r"\s*(?:(?P<period>(?:reporting |data |time )?(?:period|month|quarter)"
    r"(?: covered)?)"
    r"|(?P<published>published|(?:publication|published|release) date"
    r"|date (?:of publication|published))"
    r"|(?P<revised>revised|revision date|date revised)"
    r"|(?P<status>(?:release |publication )?status))\s*(?P<colon>:)?\s*(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
#: Longer texts are prose: what they mention is not what the table is about.
_LONGEST_TITLE = 200
#: What may follow the period of a title: signs, and marks such as ``[note 3]``.
_TITLE_ENDS = re.compile(r"(?:\[(?:note)?[\s~\d,]+\]|[\s\])(~.,;:*])*")

#: Columns whose values say when, the most telling first, in lower-case words.
_COLUMNS = (
    r"(?:reporting |measurement |data )?period end(?: date)?",
    r"(?:reporting |data |collection )?period",
    r"(?:appointment |reporting |data |census |activity |calendar )?month",
    r"(?:financial |reporting )?quarter",
    r"(?:extract|census|snapshot|effective snapshot|reporting|data) date",
    r"date",
)


@dataclass(frozen=True)
class Stated:
    """A period that a file states.

    Attributes:
        period: The period; of many the last one.
        cover: From the first to the last.
        place: Where it stands.
        kind: ``label`` (a line that says so), ``span`` (a title page's from and to),
            ``column`` (the one value of a column), ``series`` (the last of several) or
            ``title`` (a title mentions it).
    """

    period: Period
    cover: Period
    place: str
    kind: str


@dataclass(frozen=True)
class Facts:
    """What a file says of itself.

    Attributes:
        periods: What it states, the most telling first.
        published_on: When it was first published.
        revised_on: When it was last revised.
        is_revised: Whether it says that it is a revision, with or without a day.
        statuses: Release statuses, each with its place.
    """

    periods: tuple[Stated, ...] = ()
    published_on: dt.date | None = None
    revised_on: dt.date | None = None
    is_revised: bool = False
    statuses: tuple[tuple[str, str], ...] = ()


@dataclass
class _Found:
    labels: list[Stated] = field(default_factory=list)
    spans: list[Stated] = field(default_factory=list)
    titles: list[Stated] = field(default_factory=list)
    published: list[dt.date] = field(default_factory=list)
    revised: list[dt.date] = field(default_factory=list)
    is_revised: bool = False
    statuses: list[tuple[str, str]] = field(default_factory=list)


def facts(
    lines: Iterable[Line],
    columns: Mapping[str, Iterable[object]] | None = None,
    period_column: str | None = None,
) -> Facts:
    """Gathers what a file says of itself.

    Args:
        lines: Rows above the tables and of sheets without one, each with its place.
        columns: Distinct values of a csv's columns by the published names; those whose
            names do not speak of a time may be left out, see :func:`is_time_column`.
        period_column: The column that counts, where the registry knows it.
    """
    found = _Found()
    for place, cells in lines:
        _line(place, [cell for cell in cells if not _is_blank(cell)], found)
    column = _column(columns or {}, period_column)
    return Facts(
        periods=(
            *found.labels,
            *([column] if column else []),
            *found.spans,
            *found.titles,
        ),
        published_on=min(found.published, default=None),
        revised_on=max(found.revised, default=None),
        is_revised=found.is_revised,
        statuses=tuple(found.statuses),
    )


def _is_blank(cell: object) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def _line(place: str, cells: Sequence[object], found: _Found) -> None:
    if not cells or not isinstance(cells[0], str):
        return
    text = " ".join(cells[0].split())
    label = _LABEL.fullmatch(text)
    rest = label["rest"].strip() if label else ""
    if label and (label["colon"] or (not rest and len(cells) == 2)):
        value = rest or (cells[1] if len(cells) > 1 else "")
        _labelled(label, value, place, found)
    elif len(text) <= _LONGEST_TITLE and any(c.isdigit() for c in text):
        _title(text, place, alone=len(cells) == 1, found=found)


def _labelled(label: re.Match[str], value: object, place: str, found: _Found) -> None:
    if label["period"]:
        period = _spoken(value)
        if period:
            found.labels.append(_stated(period, place, "label"))
    elif label["published"]:
        found.published += _dates(value)
    elif label["revised"]:
        # "Revised: -" and "Revised: n/a" say that it was not.
        when = _dates(value)
        found.revised += when
        found.is_revised |= bool(when) or _spoken(value) is not None
    elif word := status_word(str(value)):
        found.statuses.append((word, place))


def _title(text: str, place: str, *, alone: bool, found: _Found) -> None:
    whole = parse_period(text)
    if whole and whole.grain != "day" and alone and text[0].isalpha():
        kind = "span" if whole.grain == "range" else "title"
        target = found.spans if kind == "span" else found.titles
        target.append(_stated(whole, place, kind))
        return
    if alone and len(text.split()) <= 3 and find_day(text):
        return
    words = words_of(text)
    at_end = any(_TITLE_ENDS.fullmatch(words[s.end :]) for s in statements(words))
    period = find_period(text) if at_end and not text.endswith(".") else None
    if period and period.grain != "day":
        found.titles.append(_stated(period, place, "title"))


def _stated(period: Period, place: str, kind: str) -> Stated:
    cover = as_financial_year(period)
    last = last_month(cover) if cover.grain == "range" else cover
    return Stated(last, cover, place, kind)


def _spoken(value: object) -> Period | None:
    """The period of a value; a day in it stands for its month."""
    period = find_period(value)
    if period and period.grain == "day":
        return month(period.start.year, period.start.month)
    return period


def _dates(value: object) -> list[dt.date]:
    if isinstance(value, dt.datetime):
        return [value.date()]
    if isinstance(value, dt.date):
        return [value]
    if isinstance(value, int | float):
        serial = dt.date(1899, 12, 30) + dt.timedelta(days=min(int(value), 80_000))
        return [serial] if 2000 <= serial.year < 2100 else []
    found = find_day(str(value))
    return [found] if found else []


# ------------------------------------------------------------------------- columns


def _words(name: str) -> str:
    return " ".join(re.split(r"[^a-z0-9]+", name.lower())).strip()


def is_time_column(name: str) -> bool:
    """Whether a column's name speaks of a time, so that its values may be a period."""
    return any(re.fullmatch(pattern, _words(name)) for pattern in _COLUMNS)


def _column(
    columns: Mapping[str, Iterable[object]], period_column: str | None
) -> Stated | None:
    """The period of the most telling column that has one."""
    names = [n for n in columns if period_column and n == period_column]
    for pattern in _COLUMNS:
        names += [n for n in columns if re.fullmatch(pattern, _words(n))]
    for name in dict.fromkeys(names):
        periods = {p for v in columns[name] if v is not None and (p := _spoken(v))}
        if not periods:
            continue
        first = min(periods, key=lambda p: p.start)
        last = max(periods, key=lambda p: p.end)
        place = f"column {name!r}"
        if len(periods) == 1:
            return _stated(last, place, "column")
        return Stated(last, span(first, last) or last, place, "series")
    return None


# --------------------------------------------------------------------------- names


def claims(name: str) -> Claims:
    """What the name of a file claims: its period and its release status."""
    period = find_period(name, uploaded=False)
    status = status_word(" ".join(re.split(r"[^a-z]+", words_of(name))))
    if status is None and re.search(r"(?<![a-z])prov(?![a-z])", words_of(name)):
        status = "provisional"
    return Claims(
        period_by={"name": period} if period else {},
        status_by={"name": status} if status else {},
    )
