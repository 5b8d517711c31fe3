"""Links of the RTT pages, and the search through them on a server of this machine."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from loaders.errors import UsageError
from loaders.files import Problem, Skipped
from loaders.files.archive import read_bytes
from loaders.files.http import Client, HttpSettings
from loaders.files.links import Link
from loaders.files.looking import Found
from loaders.model import SourceFile
from loaders.periods import month
from loaders.rtt.discovery import discover
from loaders.rtt.links import Published, chosen, classify, year_page
from tests.loopback import Answer, Loopback

ROOT = Path(__file__).resolve().parents[2]
PUBLISHED = ROOT.parent / "shared" / "data" / "rtt" / "published_urls_rtt.json"
SITE = "https://www.england.nhs.uk/statistics"
TOP = "/statistics/statistical-work-areas/rtt-waiting-times/"
UP = "/statistics/wp-content/uploads/"
MEMBER = "RTT-full-extract.csv"


def known(name: str, text: str = "") -> Published:
    found = classify(Link(SITE + UP + name, text))
    assert isinstance(found, Published)
    return found


@pytest.mark.skipif(
    not PUBLISHED.is_file(), reason="the real addresses are not on this machine"
)
def test_every_real_address_is_an_extract_of_its_month():
    months = json.loads(PUBLISHED.read_text("utf-8"))["months"]
    assert len(months) == 49
    for label, url in months.items():
        found = classify(Link(url, ""))
        assert isinstance(found, Published), url
        revision = 2 if "revised-2" in url else int("revised" in url)
        assert (found.kind, found.period.label) == ("extract", label)
        assert found.revision == revision


@pytest.mark.parametrize(
    ("name", "text", "kind", "label"),
    [
        ("Full-CSV-data-file-Oct15-ZIP-2M-1.zip", "", "extract", "2015-10"),
        ("data-1.zip", "Full CSV data file Apr16 (ZIP, 2M)", "extract", "2016-04"),
        (
            "RTT-Overview-Timeseries-Including-Estimates-for-Missing-Trusts-"
            "Dec25-XLS-115K-6jPlxd.xlsx",
            *("", "overview", "2025-12"),
        ),
    ],
)
def test_a_file_is_known_by_its_name_or_its_link(name, text, kind, label):
    found = known(name, text)
    assert (found.kind, found.period.label) == (kind, label)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("Incomplete-Provider-Jan26-XLSX-9M-77.xlsx", "another layout"),
        ("Admitted-Commissioner-Jan26.xls", "another layout"),
        ("Full-CSV-data-file-Sep15.zip", "before October 2015"),
        ("Full-CSV-data-file.zip", "states no month"),
        ("Jan26-RTT-statistical-press-notice-PDF-442K.pdf", "not a workbook"),
    ],
)
def test_other_files_are_left_with_a_reason(name, reason):
    found = classify(Link(SITE + UP + name, ""))
    assert isinstance(found, str)
    assert reason in found


def test_of_a_month_the_latest_revision_counts_then_the_last_name():
    names = [
        "Full-CSV-data-file-Jul25-ZIP-4M-zzz.zip",
        "Full-CSV-data-file-Jul25-ZIP-4M-revised-2.zip",
        "Full-CSV-data-file-Jul25-ZIP-4M-revised.zip",
        "Full-CSV-data-file-Jul25-ZIP-4M-aaa.zip",
    ]
    found = [known(name) for name in names]
    for taken, wanted in (
        (found, names[1]),
        (found[2:], names[2]),
        ([found[0], found[3]], names[0]),
        (found[::-1], names[1]),
    ):
        (best,), rest = chosen(taken)
        assert best.url.endswith(wanted)
        assert len(rest) == len(taken) - 1


def test_years_are_recognised_by_their_page():
    page = f"{SITE}/rtt-waiting-times/rtt-data-2025-26/"
    for url in (page, page[:-1] + "?x=1", page + "more/"):
        found = year_page(url)
        assert found is not None
        assert (found[0], found[1].label) == (page, "2025/26")
    assert year_page(f"{SITE}/rtt-data-2025-27/") is None


# ---------------------------------------------------------------------------- searching


def zipped(text: str, *more: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in (MEMBER, *more):
            archive.writestr(name, text)
    return out.getvalue()


def extract(label: str) -> str:
    return f"{UP}Full-CSV-data-file-{label}.zip"


@dataclass
class Site:
    web: Loopback
    folder: Path
    found: list[Found] = field(default_factory=list)

    def years(self, **pages: list[str]) -> None:
        paths = []
        for label, files in pages.items():
            path = f"{TOP}rtt-data-{label.strip('_').replace('_', '-')}/"
            paths.append(path)
            self.web.serve(path, linked(*files))
            for one in files:
                self.web.serve(one, zipped(one) if one.endswith("zip") else b"PK\3\4x")
        self.web.serve(TOP, linked("/about/", *paths))

    def run(self, start: str = TOP, **options) -> list[str]:
        settings = HttpSettings(min_delay_seconds=0, retries=0, timeout_seconds=5)
        inbox = self.folder / "inbox"
        with Client(settings, cache=self.folder / "cache", inbox=inbox) as client:
            self.found = list(discover(client, self.web.url + start, **options))
        return [self.short(f.source) for f in self.files]

    def short(self, source: str) -> str:
        return source.removeprefix(self.web.url + UP + "Full-CSV-data-file-")

    @property
    def files(self) -> list[SourceFile]:
        return [f for f in self.found if isinstance(f, SourceFile)]

    @property
    def problems(self) -> list[Problem]:
        return [f for f in self.found if isinstance(f, Problem)]

    @property
    def skipped(self) -> dict[str, str]:
        return {
            self.short(f.source): f.reason for f in self.found if isinstance(f, Skipped)
        }


def linked(*targets: str) -> str:
    return "".join(f'<p><a href="{t}">{t.rsplit("/", 1)[-1]}</a>' for t in targets)


@pytest.fixture
def site(tmp_path):
    web = Loopback()
    yield Site(web, tmp_path)
    web.close()


def test_files_come_newest_first_with_the_claims_of_their_page(site):
    site.years(
        _2025_26=[extract("Jan26"), extract("Apr25-revised")],
        _2024_25=[extract("Mar25"), f"{UP}Notes.pdf"],
    )
    assert site.run() == [
        f"Jan26.zip!{MEMBER}",
        f"Apr25-revised.zip!{MEMBER}",
        f"Mar25.zip!{MEMBER}",
    ]
    first, second, _ = site.files
    assert first.claims.period_by["page"].label == "2026-01"
    assert first.claims.status_by == {}
    assert second.claims.status_by == {"page": "revised"}
    assert read_bytes(first).decode().endswith("Jan26.zip")
    assert list(site.skipped.values()) == ["not a workbook, csv or zip"]
    assert site.problems == []


def test_one_release_of_a_month_and_the_newest_overview_are_taken(site):
    overview = f"{UP}RTT-Overview-Timeseries-%s.xlsx"
    site.years(
        _2025_26=[
            *(extract("Jul25"), extract("Jul25-revised"), extract("Jul25-revised-2")),
            *(overview % "Nov25", overview % "Dec25"),
        ]
    )
    taken = site.run()
    assert taken[1] == f"Jul25-revised-2.zip!{MEMBER}"
    assert taken[0].endswith("Timeseries-Dec25.xlsx")
    assert len(taken) == 2
    assert site.skipped["Jul25.zip"] == "a later release of 2025-07 is taken"
    assert site.web.count(extract("Jul25")) == 0


def test_known_files_of_older_months_are_not_fetched_again(site):
    months = ["Jan26", "Dec25", "Nov25", "Oct25"]
    site.years(_2025_26=[extract(m) for m in months])
    sources = [f"{site.web.url}{extract(m)}!{MEMBER}" for m in months[:3]]
    taken = site.run(known_urls=frozenset(sources))
    assert taken == [f"{m}.zip!{MEMBER}" for m in ("Jan26", "Dec25", "Oct25")]
    assert site.skipped == {"Nov25.zip": "loaded before, and of an older month"}


def test_a_limit_counts_files_that_are_new(site):
    months = ["Jan26", "Dec25", "Nov25"]
    site.years(_2025_26=[extract(m) for m in months])
    known = frozenset([f"{site.web.url}{extract('Jan26')}!{MEMBER}"])
    assert len(site.run(limit=1)) == 1
    assert site.run(limit=1, known_urls=known) == [
        f"{m}.zip!{MEMBER}" for m in ("Jan26", "Dec25")
    ]


def test_months_asked_for_are_taken_from_their_year_alone(site):
    site.years(_2025_26=[extract("Jan26")], _2024_25=[extract("Mar25")])
    asked = [month(2025, 3), month(2025, 2)]
    assert site.run(periods=asked) == [f"Mar25.zip!{MEMBER}"]
    assert site.files[0].claims.selected == tuple(asked)
    assert site.web.count(f"{TOP}rtt-data-2025-26/") == 0
    (problem,) = site.problems
    assert problem.error.what == "cannot find 2025-02 on the web"
    assert problem.error.expected == "a full extract for 2025-02"
    assert problem.error.found == "full extracts for 2025-03 to 2025-03"


def test_other_members_of_a_zip_are_named_and_left(site):
    site.years(_2025_26=[extract("Jan26")])
    site.web.serve(extract("Jan26"), zipped("x", "notes.csv"))
    assert site.run() == [f"Jan26.zip!{MEMBER}"]
    assert site.skipped == {
        "Jan26.zip!notes.csv": f"the full extract of this zip is {MEMBER}"
    }


def test_a_page_of_a_year_or_one_file_may_be_the_start(site):
    site.years(_2025_26=[extract("Jan26")], _2024_25=[extract("Mar25")])
    assert site.run(f"{TOP}rtt-data-2024-25/") == [f"Mar25.zip!{MEMBER}"]
    assert site.run(extract("Jan26")) == [f"Jan26.zip!{MEMBER}"]


def test_a_page_that_fails_does_not_stop_the_others(site):
    site.years(_2025_26=[extract("Jan26")], _2024_25=[extract("Mar25")])
    site.web.serve(f"{TOP}rtt-data-2025-26/", Answer(status=500))
    site.web.serve(extract("Mar25"), Answer(status=404))
    assert site.run() == []
    assert [p.source.rsplit("/", 2)[-2] for p in site.problems] == [
        "rtt-data-2025-26",
        "uploads",
    ]


def test_pages_without_the_links_they_are_known_for_are_problems(site):
    site.web.serve(TOP, linked("/about/"))
    site.run()
    (problem,) = site.problems
    assert problem.error.expected == "a link to a page of a financial year"
    site.years(_2025_26=[f"{UP}Notes.pdf"])
    site.run()
    (problem,) = site.problems
    assert problem.error.expected == "a link to a full csv extract"


def test_a_refused_file_may_be_placed_into_the_inbox_by_hand(site):
    site.years(_2025_26=[extract("Jan26")])
    site.web.serve(extract("Jan26"), Answer(status=403))
    assert site.run() == []
    assert "inbox/Full-CSV-data-file-Jan26.zip" in site.problems[0].error.next_step
    (site.folder / "inbox").mkdir()
    place = site.folder / "inbox" / "Full-CSV-data-file-Jan26.zip"
    place.write_bytes(zipped("by hand"))
    assert site.run() == [f"Jan26.zip!{MEMBER}"]


def test_an_address_that_is_none_is_a_wrong_call():
    with pytest.raises(UsageError):
        list(discover(None, "ftp://example.org/"))  # type: ignore[arg-type]
