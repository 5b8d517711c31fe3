"""Pages of publications, and the search through them on a server of this machine."""

from __future__ import annotations

import datetime as dt
import io
import re
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
from loaders.periods import month, parse_period, quarter
from loaders.publications.discovery import discover
from loaders.publications.entries import Publication, Schedule
from loaders.publications.linked import choose_members, sub_pages
from loaders.publications.pages import address, pages, period_of_page, starts
from loaders.publications.registry import Registry, load
from tests.loopback import Answer, Loopback

TODAY = dt.date(2025, 12, 20)


# --------------------------------------------------------------------- pages by the day


def due(code: str, today: dt.date = TODAY) -> dict[str, str]:
    """Addresses of the due pages of a shipped entry by the label of their period."""
    found = pages([load().get(code)], today)
    return {one.period.label if one.period else "": one.url for one in found}


def test_a_template_has_a_page_for_each_month_that_is_over():
    found = due("online_consultation")
    assert list(found)[:2] == ["2025-11", "2025-10"]
    assert list(found)[-1] == "2024-04"
    assert found["2025-10"].endswith("-in-general-practice/october-2025")


@pytest.mark.parametrize(
    ("code", "label", "tail"),
    [
        ("mhsds", "2025-08", "/performance-august-2025"),
        ("pcn_workforce", "2025-06", "/30-june-2025"),
        ("pcn_workforce", "2024-02", "/29-february-2024"),
        ("ldhc_scheme", "2024-03", "/england-march-2024"),
        ("ldhc_scheme", "2024-01", "/january-2024"),
        ("virtual_wards", "2023-07", "/for-july-2023"),
        ("shmi", "2024-12", "/shmi/2025-05"),
    ],
)
def test_the_address_of_a_page_follows_the_pattern(code, label, tail):
    assert due(code)[label].endswith(tail)


def test_the_month_in_the_address_may_be_later_than_that_of_the_data():
    # The page of December holds the data of July.
    assert next(iter(due("shmi"))) == "2025-07"
    assert next(iter(due("shmi", dt.date(2025, 11, 30)))) == "2025-06"


def test_only_the_months_of_a_release_have_a_page():
    assert list(due("adhd")) == ["2025-11", "2025-08", "2025-05"]


def test_a_discontinued_publication_has_no_later_pages():
    assert list(due("out_of_area_mental_health")) == ["2024-03", "2024-02", "2024-01"]


def test_listed_urls_and_searched_pages_are_due_too():
    assert list(due("data_quality")) == ["2024-03"]
    landing = load().get("beds_overnight").landing_page
    assert due("beds_overnight") == {"": landing}


def quarterly() -> Publication:
    schedule = Schedule(
        mode="template",
        start=quarter(2024, 3),
        pattern="{landing_page}/q{quarter}-{fy}-{fy_next}",
        quarters=True,
    )
    return Publication(
        "smoking", "S", landing_page="https://h/s/", schedule=schedule, lag_weeks=8
    )


def test_quarters_are_those_of_the_financial_year():
    found = {one.period.label: one.url for one in pages([quarterly()], TODAY)}  # type: ignore[union-attr]
    assert found == {
        "Q2 2025/26": "https://h/s/q2-2025-26",
        "Q1 2025/26": "https://h/s/q1-2025-26",
        "Q4 2024/25": "https://h/s/q4-2024-25",
        "Q3 2024/25": "https://h/s/q3-2024-25",
    }
    assert (
        period_of_page(quarterly(), "https://h/s/q4-2024-25/", TODAY)
        == (*(quarter(2024, 4),),)[0]
    )
    assert address(quarterly(), quarter(2023, 4)) == "https://h/s/q4-2023-24"


def test_an_absent_page_is_missed_once_its_lag_is_over():
    newest = next(pages([quarterly()], TODAY))
    assert newest.missed_since() == dt.date(2025, 11, 25)


def test_a_page_that_several_entries_share_is_a_start_once():
    found = starts(load())
    assert len(found) == len(set(found))
    assert load().get("rtt_waiting_times").landing_page in found
    assert load().get("data_quality").urls[0].url in found


# -------------------------------------------------------------------------- sub-pages


def test_pages_below_come_newest_first_and_those_beside_are_left():
    base = "https://h/stats/msa/"
    found = [
        Link(base + tail, "")
        for tail in (
            *("msa-data-2024-25/", "about/", "resources/x", "msa-data-2025-26/"),
            *("final-july-2025-provisional-august-2025", "data/", "", "a.xlsx"),
        )
    ]
    found += [Link("https://h/stats/other/may-2025", ""), Link("https://x/may-25", "")]
    dated, others = sub_pages(found, base)
    assert [one.url.removeprefix(base) for one in dated] == [
        *("msa-data-2025-26/", "final-july-2025-provisional-august-2025/"),
        "msa-data-2024-25/",
    ]
    assert [one.url.removeprefix(base) for one in others] == ["data/"]


# ------------------------------------------------------------------------------- zips


def test_of_a_workbook_and_a_csv_with_one_name_the_workbook_is_taken():
    names = ["SHMI_csv/a.csv", "SHMI_xlsx/a.xlsx", "b_csv.csv", "b_xlsx.xlsx", "c.csv"]
    files = [
        SourceFile(f"z.zip!{n}", n.rsplit("/", 1)[-1], Path("z.zip"), member=n)
        for n in names
    ]
    left = Skipped("z.zip!d.pdf", "no data")
    found = list(choose_members([*files, left]))
    taken = [f.source for f in found if isinstance(f, SourceFile)]
    assert taken == ["z.zip!SHMI_xlsx/a.xlsx", "z.zip!b_xlsx.xlsx", "z.zip!c.csv"]
    reasons = {f.source: f.reason for f in found if isinstance(f, Skipped)}
    assert reasons["z.zip!SHMI_csv/a.csv"] == "a.xlsx in this zip holds the same"
    assert found[-1] is left


# -------------------------------------------------------------------------- searching


def linked(*targets: str) -> str:
    """A page with links, each ``url`` or ``url|text``."""
    links = (target.partition("|") for target in targets)
    return "".join(f'<a href="{url}">{text or "x"}</a>' for url, _, text in links)


def zipped(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in members.items():
            archive.writestr(name.replace("__", "."), data)
    return out.getvalue()


@dataclass
class Site:
    web: Loopback
    folder: Path
    found: list[Found] = field(default_factory=list)

    def registry(self, **more: object) -> Registry:
        """An entry ``wards`` by template, and ``beds`` that is searched."""
        template = Schedule(
            "template", start=month(2025, 7), pattern="/{month_name}-{year}"
        )
        wards = Publication(
            "wards", "W", landing_page=f"{self.web.url}/wards", schedule=template
        )
        return Registry({"wards": wards, "beds": self.beds(**more)})

    def beds(self, **more: object) -> Publication:
        values: dict[str, object] = {
            "landing_page": f"{self.web.url}/beds/",
            "schedule": Schedule("discover", start=month(2024, 4)),
            "files": (re.compile("beds-open", re.IGNORECASE),),
            **more,
        }
        return Publication("beds", "B", **values)  # type: ignore[arg-type]

    def page(self, path: str, *targets: str) -> None:
        """A page and the files it links to."""
        self.web.serve(path, linked(*targets))
        for target in targets:
            url = target.partition("|")[0]
            if url.startswith("/up/") and url not in self.web.answers:
                self.web.serve(url, b"a,b\n" + url.encode())

    def run(self, start: str = "/wards", **options: object) -> list[str]:
        settings = HttpSettings(min_delay_seconds=0, retries=0, timeout_seconds=5)
        options.setdefault("registry", self.registry())
        with Client(
            settings, cache=self.folder / "cache", inbox=self.folder / "inbox"
        ) as client:
            self.found = list(
                discover(client, self.web.url + start, today=TODAY, **options)  # type: ignore[arg-type]
            )
        return [self.short(f.source) for f in self.files]

    def short(self, source: str) -> str:
        return source.removeprefix(self.web.url).removeprefix("/up/")

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

    def known(self, *names: str) -> frozenset[str]:
        return frozenset(f"{self.web.url}/up/{name}" for name in names)


@pytest.fixture
def site(tmp_path):
    web = Loopback()
    yield Site(web, tmp_path)
    web.close()


def test_the_files_of_each_due_page_are_taken_newest_first(site):
    site.page("/wards/november-2025", "/up/w-nov.csv", "/up/notes.pdf")
    site.page("/wards/september-2025", "/up/w-sep.csv")
    assert site.run() == ["w-nov.csv", "w-sep.csv"]
    (first, _) = site.files
    assert first.claims.period_by == {"page": month(2025, 11)}
    assert first.publication == "wards"
    assert read_bytes(first) == b"a,b\n/up/w-nov.csv"
    assert site.problems == []
    assert site.skipped == {
        "notes.pdf": "not a workbook, csv or zip",
        "/wards/october-2025": "no page, though expected since 2025-12-12",
        "/wards/august-2025": "no page, though expected since 2025-10-12",
        "/wards/july-2025": "no page, though expected since 2025-09-11",
    }


def test_a_page_that_is_not_due_long_is_not_published_yet(site):
    site.page("/wards/october-2025", "/up/w-oct.csv")
    site.run()
    assert site.skipped["/wards/november-2025"] == "no page yet"


def test_without_any_page_of_the_pattern_the_landing_page_is_searched(site):
    site.page("/wards", "/wards/oct-25")
    site.page("/wards/oct-25/", "/up/w.csv")
    assert site.run() == ["w.csv"]
    assert site.files[0].claims.period_by == {"page": month(2025, 10)}


def test_a_month_asked_for_and_not_published_is_a_problem(site):
    site.page("/wards/october-2025", "/up/w-oct.csv")
    asked = [month(2025, 10), month(2025, 9)]
    assert site.run(periods=asked) == ["w-oct.csv"]
    assert site.files[0].claims.selected == tuple(asked)
    (problem,) = site.problems
    assert problem.error.what == "cannot find 2025-09 on the web"
    assert site.web.count("/wards/november-2025") == 0


def test_the_two_newest_periods_are_always_fetched_again(site):
    names = ["w-nov.csv", "w-oct.csv", "w-sep.csv", "w-aug.csv"]
    for name, label in zip(
        names, ("november", "october", "september", "august"), strict=True
    ):
        site.page(f"/wards/{label}-2025", f"/up/{name}")
    assert site.run(known_urls=site.known(*names[:3])) == [
        *("w-nov.csv", "w-oct.csv", "w-aug.csv"),
    ]
    assert site.skipped["w-sep.csv"] == "loaded before, and of an older period"
    assert site.web.count("/up/w-sep.csv") == 0


def test_a_limit_counts_files_that_are_new(site):
    for label in ("november", "october", "september"):
        site.page(f"/wards/{label}-2025", f"/up/{label}-1.csv", f"/up/{label}-2.csv")
    assert len(site.run(limit=1)) == 1
    assert site.web.count("/wards/september-2025") == 0
    assert len(site.run(limit=1, known_urls=site.known("november-1.csv"))) == 2


def test_a_search_goes_to_the_pages_of_years_and_takes_what_the_entry_names(site):
    site.page("/beds/", "/beds/about/", "/beds/data-2025-26/", "/beds/data-2022-23/")
    site.page(
        "/beds/data-2025-26/",
        "/up/Beds-Open-Q2-2025-26.xlsx",
        "/up/Beds-Open-Q1-2025-26-revised.xlsx",
        "/up/1.csv|Beds-open Q1 2025-26 (revised)",
        "/up/Staff-Q1-2025-26.xlsx",
        "/up/Chart.png",
    )
    assert site.run("/beds/") == [
        *("Beds-Open-Q2-2025-26.xlsx", "1.csv", "Beds-Open-Q1-2025-26-revised.xlsx"),
    ]
    first, by_text, _ = site.files
    assert first.claims.period_by == {"page": parse_period("2025/26")}
    assert by_text.claims.period_by == {"page": quarter(2025, 1)}
    assert by_text.claims.status_by == {"page": "revised"}
    assert site.skipped["Staff-Q1-2025-26.xlsx"].startswith("its name is none of those")
    assert site.skipped["Chart.png"] == "not a workbook, csv or zip"
    # Before the first period of the entry, and beside the releases.
    assert site.web.count("/beds/data-2022-23/") == 0
    assert site.web.count("/beds/about/") == 0


def test_the_final_release_is_taken_before_the_provisional_one(site):
    site.page(
        "/beds/",
        "/up/Beds-Open-May-2025-provisional.csv",
        "/up/Beds-Open-May-2025-final.csv",
        "/up/Beds-Open-June-2025-provisional.csv",
    )
    assert site.run("/beds/") == [
        *("Beds-Open-June-2025-provisional.csv", "Beds-Open-May-2025-final.csv"),
    ]
    assert site.skipped == {
        "Beds-Open-May-2025-provisional.csv": "the final release of 2025-05 is taken"
    }


def test_a_file_of_many_months_is_one_of_the_last(site):
    name = "Beds-Open-April-2024-to-October-2025.csv"
    site.page("/beds/", f"/up/{name}")
    assert site.run("/beds/", periods=[month(2025, 10)]) == [name]
    assert site.problems == []


def test_zips_are_looked_into_and_of_twins_the_workbook_is_taken(site):
    inner = zipped(deep__csv=b"x")
    site.web.serve(
        "/up/w.zip",
        zipped(a__csv=b"x", a__xlsx=b"y", b__csv=b"z", in__zip=inner, notes__docx=b"n"),
    )
    site.page("/wards/november-2025", "/up/w.zip")
    assert site.run() == ["w.zip!a.xlsx", "w.zip!b.csv", "w.zip!in.zip!deep.csv"]
    assert {f.publication for f in site.files} == {"wards"}
    assert site.skipped["w.zip!a.csv"] == "a.xlsx in this zip holds the same"
    assert "its ending is none of" in site.skipped["w.zip!notes.docx"]


def test_a_refused_page_names_the_inbox_of_its_publication(site):
    site.web.serve("/wards/november-2025", Answer(status=403))
    site.page("/wards/october-2025", "/up/w-oct.csv")
    assert site.run() == ["w-oct.csv"]
    (problem,) = site.problems
    assert "inbox/wards/ and run again" in problem.error.next_step


def test_a_refused_file_may_be_placed_into_the_inbox_by_hand(site):
    site.page("/wards/november-2025", "/up/data.csv")
    site.web.serve("/up/data.csv", Answer(status=403))
    assert site.run() == []
    advice = site.problems[0].error.next_step
    # Its name is that of every month, so that the folder has to say which.
    assert "inbox/wards/2025-11/data.csv" in advice
    place = site.folder / "inbox" / "wards" / "2025-11" / "data.csv"
    place.parent.mkdir(parents=True)
    place.write_bytes(b"by,hand\n")
    assert site.run() == ["data.csv"]
    assert read_bytes(site.files[0]) == b"by,hand\n"


def test_a_name_that_states_its_period_may_lie_in_the_folder_itself(site):
    site.page("/wards/november-2025", "/up/w-nov-2025.csv")
    site.web.serve("/up/w-nov-2025.csv", Answer(status=403))
    site.run()
    assert "inbox/wards/w-nov-2025.csv" in site.problems[0].error.next_step


def test_one_file_is_fetched_with_what_its_page_said_in_an_earlier_run(site):
    site.page("/wards/november-2025", "/up/data.csv")
    site.run()
    assert site.run("/up/data.csv") == ["data.csv"]
    (file,) = site.files
    assert file.claims.period_by == {"page": month(2025, 11)}
    assert file.publication == "wards"


def test_a_page_of_one_month_may_be_the_start(site):
    site.page("/wards/november-2025", "/up/data.csv")
    assert site.run("/wards/november-2025") == ["data.csv"]
    assert site.files[0].publication == "wards"
    assert site.files[0].claims.period_by == {"page": month(2025, 11)}


def test_a_page_that_the_registry_does_not_know_is_searched_too(site):
    site.page("/dental/may-2025/", "/up/dental.csv", "/up/a.pdf")
    assert site.run("/dental/may-2025/") == ["dental.csv"]
    assert site.files[0].publication is None
    assert site.files[0].claims.period_by == {"page": month(2025, 5)}


def test_a_page_without_data_is_a_problem(site):
    site.page("/wards/november-2025", "/up/a.pdf")
    site.page("/beds/", "/up/Staff.xlsx")
    site.run()
    (problem,) = site.problems
    assert problem.error.expected == "a link to a workbook, csv or zip"
    site.run("/beds/")
    (problem,) = site.problems
    assert "named like beds-open" in problem.error.expected


def test_a_page_that_fails_does_not_stop_the_others(site):
    site.web.serve("/wards/november-2025", Answer(status=500))
    site.page("/wards/october-2025", "/up/w-oct.csv", "/up/gone.csv")
    site.web.serve("/up/gone.csv", Answer(status=404))
    assert site.run() == ["w-oct.csv"]
    assert [p.source.rsplit("/", 1)[-1] for p in site.problems] == [
        *("november-2025", "gone.csv"),
    ]


def test_an_address_that_is_none_is_a_wrong_call():
    with pytest.raises(UsageError):
        list(discover(None, "ftp://example.org/"))  # type: ignore[arg-type]
