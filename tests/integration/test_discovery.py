from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from loaders import project
from loaders.cancer import PIPELINE
from loaders.cancer.discovery import discover
from loaders.errors import Failed, UsageError
from loaders.files import Problem, Skipped, discovered
from loaders.files.archive import read_bytes
from loaders.files.http import Client, HttpSettings
from loaders.files.looking import Found
from loaders.model import SourceFile
from loaders.periods import month
from tests.loopback import Answer, Loopback

TOP = "/cancer-waiting-times/monthly-data-and-summaries/"
UPLOADS = "/wp-content/uploads/sites/2"
SHEET = "3.-28-Day-FDS-By-Route-Provider-Data.csv"


def year(label: str) -> str:
    return f"{TOP}{label}-monthly-cancer-waiting-times-statistics/"


def page(name: str, status: str = "final", label: str = "2025-26") -> str:
    return f"{year(label)}cancer-waiting-times-for-{name}-{label}-{status}/"


def book(text: str) -> bytes:
    return b"PK\x03\x04" + text.encode()


def linked(*targets: str) -> str:
    return "".join(f'<p><a href="{t}">{t.rsplit("/", 1)[-1]}</a>' for t in targets)


@dataclass
class Site:
    """The statistics pages, as the publisher builds them."""

    web: Loopback
    folder: Path
    inbox: Path
    found: list[Found] = field(default_factory=list)

    def overview(self, **years: list[str]) -> None:
        labels = {key.strip("_").replace("_", "-"): v for key, v in years.items()}
        self.web.serve(TOP, linked("/home", *(year(label) for label in labels)))
        for label, pages in labels.items():
            self.web.serve(year(label), linked(*pages))

    def month_page(self, path: str, files: dict[str, bytes | Answer]) -> None:
        self.web.serve(path, linked(*files))
        for target, answer in files.items():
            self.web.serve(target, answer)

    def run(self, start: str | None = None, **options) -> list[str]:
        settings = HttpSettings(min_delay_seconds=0, retries=0, timeout_seconds=5)
        with Client(settings, cache=self.folder / "cache", inbox=self.inbox) as client:
            start = start or self.web.url + TOP
            self.found = list(discover(client, start, **options))
        return [self.short(f.source) for f in self.files]

    def short(self, source: str) -> str:
        return source.removeprefix(self.web.url).removeprefix(UPLOADS)

    @property
    def files(self) -> list[SourceFile]:
        return [f for f in self.found if isinstance(f, SourceFile)]

    @property
    def problems(self) -> dict[str, Problem]:
        return {self.short(f.source): f for f in self.found if isinstance(f, Problem)}

    @property
    def skipped(self) -> dict[str, str]:
        return {
            self.short(f.source): f.reason for f in self.found if isinstance(f, Skipped)
        }


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    web = Loopback()
    yield Site(web, tmp_path, tmp_path / "inbox" / "cancer")
    web.close()


def four_months(site: Site) -> None:
    """April to July 2025, one csv each, all of one name."""
    names = ["april", "may", "june", "july"]
    site.overview(_2025_26=[page(n) for n in names])
    for n, name in enumerate(names, start=4):
        site.month_page(page(name), {f"{UPLOADS}/{n}/{SHEET}": name.encode()})


def test_one_file_name_in_four_months_is_four_files_with_their_own_content(site):
    four_months(site)
    assert site.run() == [f"/{n}/{SHEET}" for n in (7, 6, 5, 4)]
    got = {f.claims.period_by["page"].label: read_bytes(f) for f in site.files}
    assert got == {
        "2025-07": b"july",
        "2025-06": b"june",
        "2025-05": b"may",
        "2025-04": b"april",
    }
    assert {f.name for f in site.files} == {SHEET}
    assert site.problems == {}


def test_final_and_provisional_pages_are_both_taken_newest_month_first(site):
    site.overview(
        _2024_25=[page("march", "final", "2024-25")],
        _2025_26=[page("april", "provisional"), page("april")[:-1], page("may")],
    )
    for path, n in (
        (page("march", "final", "2024-25"), 1),
        (page("april", "provisional"), 2),
        (page("april"), 3),
        (page("may"), 4),
    ):
        site.month_page(path, {f"{UPLOADS}/{n}-PROVIDER-WORKBOOK.xlsx": book(str(n))})
    site.run()
    assert [
        (f.claims.period_by["page"].label, f.claims.status_by["page"])
        for f in site.files
    ] == [
        ("2025-05", "final"),
        ("2025-04", "final"),
        ("2025-04", "provisional"),
        ("2025-03", "final"),
    ]
    assert {f.published_on for f in site.files} == {None}


def test_csvs_of_a_workbook_that_stands_beside_them_are_left_as_twins(site):
    site.overview(_2025_26=[page("august")])
    site.month_page(
        page("august"),
        {
            f"{UPLOADS}/AUGUST-2025-CWT-CRS-PROVIDER-WORKBOOK-FINAL.xlsx": book("p"),
            f"{UPLOADS}/{SHEET}": b"twin",
            f"{UPLOADS}/3.-Commissioner-Data.csv": b"commissioner",
            f"{UPLOADS}/13.-Provider-Data.csv": b"no such sheet",
            f"{UPLOADS}/CWT-Provider-Time-Series.xlsx": book("series"),
            f"{UPLOADS}/Notes.pdf": b"notes",
        },
    )
    assert site.run() == [
        "/AUGUST-2025-CWT-CRS-PROVIDER-WORKBOOK-FINAL.xlsx",
        "/3.-Commissioner-Data.csv",
    ]
    assert site.skipped == {
        f"/{SHEET}": "the provider workbook of this page holds the same tables",
        "/13.-Provider-Data.csv": "sheet 13 is none of the tables, which are sheets 2 "
        "to 11",
        "/CWT-Provider-Time-Series.xlsx": "a time series: the same numbers in another "
        "layout",
        "/Notes.pdf": "not a workbook, csv or zip",
    }
    assert site.web.count(f"{UPLOADS}/{SHEET}") == 0


def test_a_zip_of_csvs_is_looked_into_by_the_same_rules(site):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as z:
        z.writestr("csv/3.-Provider-Data.csv", "three")
        z.writestr("csv/13.-Provider-Data.csv", "thirteen")
        z.writestr("csv/5.-Data.csv", "five")
    site.overview(_2025_26=[page("august")])
    path = f"{UPLOADS}/August Provider CSVs.zip"
    site.web.serve(page("august"), linked(path))
    site.web.serve(path.replace(" ", "%20"), buffer.getvalue())
    assert site.run() == [
        "/August%20Provider%20CSVs.zip!csv/3.-Provider-Data.csv",
        "/August%20Provider%20CSVs.zip!csv/5.-Data.csv",
    ]
    assert read_bytes(site.files[0]) == b"three"
    assert site.files[0].claims.period_by["page"].label == "2025-08"
    assert list(site.skipped) == [
        "/August%20Provider%20CSVs.zip!csv/13.-Provider-Data.csv"
    ]


def test_the_two_newest_months_are_looked_at_again_and_known_older_ones_are_not(site):
    four_months(site)
    site.run()
    known = {f.source for f in site.files} - {f"{site.web.url}{UPLOADS}/4/{SHEET}"}
    asked = len(site.web.asked)
    assert site.run(known_urls=known) == [f"/{n}/{SHEET}" for n in (7, 6, 4)]
    assert f"{UPLOADS}/5/{SHEET}" not in [path for path, _ in site.web.asked[asked:]]
    assert site.skipped == {f"/5/{SHEET}": "loaded before, and of an older month"}


def test_a_limit_counts_files_that_are_not_known(site):
    four_months(site)
    assert site.run(limit=1) == [f"/7/{SHEET}"]
    known = {f.source for f in site.files}
    assert site.run(limit=1, known_urls=known) == [f"/7/{SHEET}", f"/6/{SHEET}"]


def test_only_the_months_asked_for_are_fetched(site):
    four_months(site)
    assert site.run(periods=[month(2025, 5)]) == [f"/5/{SHEET}"]
    assert site.web.count(page("june")) == 0
    assert site.files[0].claims.selected == (month(2025, 5),)


def test_a_month_without_a_page_is_said_to_be_absent(site):
    four_months(site)
    assert site.run(periods=[month(2030, 1)]) == []
    (problem,) = site.problems.values()
    assert problem.error.what == "cannot find 2030-01 on the web"
    assert problem.error.found == "pages for 2025-04 to 2025-07"


def test_a_failing_year_month_or_file_does_not_stop_the_others(site):
    gone = f"{UPLOADS}/gone-PROVIDER-WORKBOOK.xlsx"
    login = f"{UPLOADS}/login-PROVIDER-WORKBOOK.xlsx"
    good = f"{UPLOADS}/good-PROVIDER-WORKBOOK.xlsx"
    site.overview(_2024_25=[], _2025_26=[page("may"), page("june"), page("july")])
    site.web.serve(year("2024-25"), Answer(status=500))
    site.month_page(page("july"), {gone: Answer(status=404), login: b"<html>log in"})
    site.web.serve(page("june"), Answer(status=403))
    site.month_page(page("may"), {good: book("may")})
    assert site.run() == ["/good-PROVIDER-WORKBOOK.xlsx"]
    assert set(site.problems) == {
        year("2024-25"),
        page("june"),
        "/gone-PROVIDER-WORKBOOK.xlsx",
        "/login-PROVIDER-WORKBOOK.xlsx",
    }
    assert all(isinstance(p.error, Failed) for p in site.problems.values())
    assert "open " in site.problems[page("june")].error.next_step


@pytest.mark.parametrize("level", ["top", "year", "month"])
def test_a_page_whose_layout_has_changed_is_a_problem_and_not_an_empty_run(site, level):
    site.overview(_2025_26=[page("may")])
    site.month_page(page("may"), {})
    if level != "month":
        path = TOP if level == "top" else year("2025-26")
        site.web.serve(path, "<p>We have moved!")
    assert site.run() == []
    (problem,) = site.problems.values()
    assert problem.error.what == "cannot find what the page should link to"


def test_a_file_refused_by_the_server_is_taken_from_the_inbox_on_the_next_run(site):
    site.overview(_2025_26=[page("may")])
    url = f"{UPLOADS}/{SHEET}"
    site.month_page(page("may"), {url: Answer(status=403)})
    assert site.run() == []
    place = site.inbox / "2025-05-final" / SHEET
    assert str(place) in site.problems[f"/{SHEET}"].error.next_step
    place.parent.mkdir(parents=True)
    place.write_bytes(b"by hand")
    assert site.run() == [f"/{SHEET}"]
    assert read_bytes(site.files[0]) == b"by hand"
    assert site.files[0].claims.status_by == {"page": "final"}


def test_a_file_in_the_inbox_stands_for_no_url_when_two_have_its_name(site):
    four_months(site)
    site.inbox.mkdir(parents=True)
    (site.inbox / SHEET).write_bytes(b"of which month?")
    site.run()
    assert {read_bytes(f) for f in site.files} == {b"july", b"june", b"may", b"april"}


def test_a_file_in_the_inbox_stands_for_the_only_url_of_its_name(site):
    site.overview(_2025_26=[page("may")])
    site.month_page(page("may"), {f"{UPLOADS}/{SHEET}": Answer(status=403)})
    site.inbox.mkdir(parents=True)
    (site.inbox / SHEET).write_bytes(b"by hand")
    assert site.run() == [f"/{SHEET}"]


def test_one_file_by_its_url_keeps_what_its_page_said(site):
    site.overview(_2025_26=[page("may", "provisional")])
    path = f"{UPLOADS}/{SHEET}"
    site.month_page(page("may", "provisional"), {path: Answer(status=503)})
    assert site.run() == []
    site.web.serve(path, b"may")
    assert site.run(site.web.url + path) == [f"/{SHEET}"]
    claims = site.files[0].claims
    assert claims.period_by["page"].label == "2025-05"
    assert claims.status_by == {"page": "provisional"}


def test_the_page_of_one_month_may_be_the_start(site):
    four_months(site)
    assert site.run(site.web.url + page("may")[:-1]) == [f"/5/{SHEET}"]
    assert site.run(site.web.url + year("2025-26"), limit=1) == [f"/7/{SHEET}"]
    assert site.web.count(TOP) == 0


def test_a_url_linked_from_two_pages_is_taken_under_the_month_it_names(site):
    path = f"{UPLOADS}/APRIL-2025-PROVIDER-WORKBOOK.xlsx"
    site.overview(_2025_26=[page("april"), page("may")])
    for name in ("april", "may"):
        site.month_page(page(name), {path: book("april")})
    site.run()
    assert [f.claims.period_by["page"].label for f in site.files] == ["2025-04"]
    assert "linked from" in site.skipped["/APRIL-2025-PROVIDER-WORKBOOK.xlsx"]


def test_pages_of_other_sites_are_not_followed(site):
    abroad = "http://example.org" + page("may")
    site.overview(_2025_26=[page("april"), abroad])
    site.month_page(page("april"), {f"{UPLOADS}/{SHEET}": b"april"})
    assert site.run() == [f"/{SHEET}"]
    assert site.problems == {}


def test_a_start_that_is_no_web_address_is_a_wrong_call(site):
    with pytest.raises(UsageError):
        site.run("ftp://example.org/")


def test_the_projects_own_settings_cache_and_inbox_are_used(site, monkeypatch):
    settings = {("sources", "http"): {"user_agent": "us", "min_delay_seconds": 0}}
    monkeypatch.setattr(project, "root", lambda: site.folder)
    monkeypatch.setattr(project, "state_dir", lambda: site.folder / "state")
    monkeypatch.setattr(
        project, "setting", lambda *keys, default=None: settings.get(keys, default)
    )
    four_months(site)
    site.web.serve(f"{UPLOADS}/5/{SHEET}", Answer(status=403))
    (site.inbox / "2025-05").mkdir(parents=True)
    (site.inbox / "2025-05" / SHEET).write_bytes(b"by hand")
    skipped: list[str] = []
    known = {f"{site.web.url}{UPLOADS}/4/{SHEET}"}
    site.found = discovered(
        replace(PIPELINE, discover=discover),
        site.web.url + TOP,
        known=known,
        skipped=skipped,
    )
    assert [read_bytes(f) for f in site.files] == [b"july", b"june", b"by hand"]
    assert skipped == [f"{min(known)}: loaded before, and of an older month"]
    assert site.web.asked[0][1]["User-Agent"] == "us"
    assert list((site.folder / "state" / "cache" / "http" / "objects").iterdir())
