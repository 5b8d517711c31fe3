"""The periods of the publishers' own urls and files.

``publication_periods.csv`` was checked by eye against what each file says: its release
lines, title sheet or columns. Files without a period have none there.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from loaders.errors import Quarantined
from loaders.model import SourceFile
from loaders.periods import financial_year, find_period, months_later, parse_period
from loaders.publications.content import Line, claims, facts, is_time_column
from loaders.publications.registry import load
from loaders.publications.settle import settle
from loaders.sheets.workbook import open_workbook

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT.parent / "shared" / "data" / "publications"
TRUTH = Path(__file__).with_name("publication_periods.csv")

pytestmark = pytest.mark.skipif(
    not FOLDER.is_dir(),
    reason="the real files (../shared/data/publications) are not on this machine",
)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", errors="replace") as handle:
        return list(csv.DictReader(handle))


# ------------------------------------------------------------------------------- urls


def is_right(publication: str, truth: str, url: str) -> bool:
    """Whether the period found in a url is the one that the golden list means.

    Its labels are in mixed notations:

    - ``2025-03`` is that month; of a range it is the first or the last one;
    - ``FY2024-25`` is a financial year, or for a quarter the year it is in;
    - ``FY25-Q2`` names the year by its end for beds and by its start for cancelled
      operations, so that the quarter and year of the url itself count;
    - the pages of the SHMI are named by their month of release;
    - one annual file is labelled by the month in which its name says that it was
      published: its data are those of 2023-24.
    """
    found = find_period(url)
    if found is None:
        return False
    if "Published-May-2024" in url:
        return truth == "2024-05" and found == financial_year(2023)
    if truth.startswith("FY") and "-Q" in truth:
        number, year = truth[-1], url.split(f"Q{truth[-1]}-")[1][:7]
        return found == parse_period(f"Q{number} {year}")
    if truth.startswith("FY"):
        year = financial_year(int(truth[2:6]))
        return year.start <= found.start and found.end <= year.end
    if publication == "shmi":
        found = months_later(found, -load().get("shmi").offset_months)
    month = parse_period(truth)
    assert month is not None
    if found.grain == "range":
        return month.start == found.start or month.end == found.end
    return found == month


def test_every_golden_url_has_its_period():
    golden = rows(FOLDER / "url_period_golden.csv")
    assert len(golden) == 157
    wrong = [
        (row["url"], row["period"], find_period(row["url"]))
        for row in golden
        if not is_right(row["publication"], row["period"], row["url"])
    ]
    assert wrong == []


# ------------------------------------------------------------------------------ files


def lines(path: Path) -> Iterator[Line]:
    for sheet in open_workbook(path.read_bytes(), path.name):
        for number, cells in enumerate(sheet.rows[:30], 1):
            yield f"sheet {sheet.name}, row {number}", cells


def columns(path: Path, period_column: str | None) -> dict[str, set[Any]]:
    values: dict[str, set[Any]] = defaultdict(set)
    for row in rows(path):
        for name, value in row.items():
            if name and (name == period_column or is_time_column(name)):
                values[name].add(value)
    return values


def all_files() -> list[Path]:
    return sorted(p for p in FOLDER.glob("*/*") if p.is_file())


def test_the_list_has_every_file():
    listed = {(row["folder"], row["file"]) for row in rows(TRUTH)}
    assert {(p.parent.name, p.name) for p in all_files()} == listed


@pytest.mark.parametrize("row", rows(TRUTH), ids=lambda row: row["file"])
def test_a_file_is_of_the_period_that_it_says(row):
    path = FOLDER / row["folder"] / row["file"]
    file = SourceFile(str(path), path.name, path, claims=claims(path.name))
    code, publication, how = load().match(file)
    assert publication is not None, code
    assert how == "folder"
    if path.suffix == ".csv":
        column = publication.period_column
        said = facts([], columns(path, column), column)
    else:
        said = facts(lines(path))
    if not row["period"]:
        with pytest.raises(Quarantined) as raised:
            settle(file, said, publication)
        assert raised.value.what == "cannot tell the period of the file"
        assert "--period YYYY-MM" in raised.value.next_step
        return
    settled = settle(file, said, publication)
    assert (settled.period.label, settled.release_status) == (
        *(row["period"], row["status"]),
    )
    assert str(settled.published_on or "") == row["published_on"]
