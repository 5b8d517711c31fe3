from __future__ import annotations

from pathlib import Path

import pytest

from loaders.cancer.by_hand import Named, places
from loaders.cancer.links import (
    DataFile,
    PeriodPage,
    classify,
    period_page,
    year_of,
    year_page,
)
from loaders.files.links import absolute, links, page_url, same_site
from loaders.periods import month

SITE = "https://www.england.nhs.uk/statistics/cwt/"
NOW, BEFORE = month(2025, 8), month(2017, 7)


def test_links_are_absolute_and_come_once_with_their_text():
    html = """
    <a name="top">no link</a> <!-- <a href="/comment">x</a> -->
    <a href="a b.xlsx#part"><span>Provider</span>
       workbook</a> <a href="?x=1&amp;y=2">q</a><a href='/up/a%20b.csv'>c
    <a href="a%20b.xlsx">again</a> <a href="mailto:x@example.org">m</a>
    <a href="javascript:void(0)">j</a> <a href="https://[bad">b</a> <A HREF=//E.org/z>z
    """
    assert [(one.url, one.text) for one in links(html, SITE)] == [
        (SITE + "a%20b.xlsx", "Provider workbook"),
        (SITE + "?x=1&y=2", "q"),
        ("https://www.england.nhs.uk/up/a%20b.csv", "c"),
        ("https://e.org/z", "z"),
    ]


def test_links_follow_the_base_of_the_page():
    assert links('<base href="/b/"><a href="x.csv">x</a>', SITE)[0].url == (
        "https://www.england.nhs.uk/b/x.csv"
    )


def test_a_plain_http_link_to_the_own_host_is_taken_as_encrypted():
    assert (
        absolute("http://www.england.nhs.uk/a", SITE) == "https://www.england.nhs.uk/a"
    )
    assert absolute("http://example.org/a", SITE) == "http://example.org/a"


def test_the_host_counts_with_and_without_www():
    assert same_site("https://england.nhs.uk/x", SITE)
    assert not same_site("https://england.nhs.uk.example.org/x", SITE)


@pytest.mark.parametrize(
    ("tail", "label", "status"),
    [
        (
            "cancer-waiting-times-for-august-2025-26-provisional/",
            "2025-08",
            "provisional",
        ),
        ("cancer-waiting-times-for-august-2025-26-final", "2025-08", "final"),
        ("cancer-waiting-times-for-january-2025-26-final/", "2026-01", "final"),
        ("cancer-waiting-times-for-march-2023-24-final/?x=1#y", "2024-03", "final"),
        ("cancer-waiting-times-for-april-2024-25-final/", "2024-04", "final"),
        (
            "provider-based-cancer-waiting-times-for-march-2021-22-provisional",
            "2022-03",
            "provisional",
        ),
    ],
)
def test_a_month_page_follows_the_financial_year(tail, label, status):
    page = period_page(SITE + tail)
    assert page is not None
    assert (page.period.label, page.status) == (label, status)


@pytest.mark.parametrize(
    "tail",
    [
        "cancer-waiting-times-for-smarch-2025-26-final/",
        "cancer-waiting-times-for-august-2025-27-final/",
        "cancer-waiting-times-for-august-2025-26-revised/",
        "cancer-waiting-times-for-august-2025-26-final/more/",
        "xcancer-waiting-times-for-august-2025-26-final/",
    ],
)
def test_other_addresses_are_no_month_pages(tail):
    assert period_page(SITE + tail) is None


def test_year_pages_have_one_spelling_and_need_a_digit():
    year = SITE + "2025-26-monthly-cancer-waiting-times-statistics/"
    for spelling in (year, year[:-1], year + "?x=1", year + "below/"):
        assert year_page(spelling) == year
    assert year_page(SITE + "monthly-cancer-waiting-times-statistics/") is None
    assert (year_of(year), year_of(SITE + "x-statistics-2/")) == (2025, 0)
    assert page_url(year + "/?a#b") == year


@pytest.mark.parametrize(
    ("name", "text", "period", "kind"),
    [
        (
            "AUGUST-2025-CWT-CRS-PROVIDER-WORKBOOK-FINAL.xlsx",
            "",
            NOW,
            DataFile("workbook", "provider"),
        ),
        (
            "AUGUST-2025-CWT-CRS-COMMISSIONER-WORKBOOK-FINAL-1.XLSX",
            "",
            NOW,
            DataFile("workbook", "commissioner"),
        ),
        ("Book1.xls", "Provider workbook", BEFORE, DataFile("workbook", "provider")),
        (
            "3.-28-Day-FDS-By-Route-Provider-Data-1.csv",
            "",
            NOW,
            DataFile("sheet", "provider"),
        ),
        (
            "8. 62-Day By Cancer Commissioner Data.csv",
            "",
            NOW,
            DataFile("sheet", "commissioner"),
        ),
        (
            "13.-62-Day-Wait-Provider-Data.csv",
            "",
            BEFORE,
            DataFile("sheet", "provider"),
        ),
        ("CWT-August-2025-Provider-CSVs.zip", "", NOW, DataFile("zip", "provider")),
    ],
)
def test_a_data_file_is_known_by_its_name_or_its_link(name, text, period, kind):
    assert classify(name, text, period) == kind


@pytest.mark.parametrize(
    ("name", "text", "period", "reason"),
    [
        ("13.-Provider-Data.csv", "", NOW, "sheet 13 is none"),
        ("15.-Provider-Data.csv", "", NOW, "sheet 15 is none"),
        ("1.-Front-Provider-Data.csv", "", NOW, "sheet 1 is none"),
        ("August-3.-Provider-Data.csv", "", NOW, "without the number of its sheet"),
        ("3.-28-Day-Data.csv", "", NOW, "neither provider nor commissioner"),
        ("CWT-CRS-Provider-Time-Series-Apr-2021.xlsx", "", NOW, "a time series"),
        ("CWT-CRS-2025-Data-Extract-Provider.xlsx", "", NOW, "a data extract"),
        ("August-2025-Monthly-Combined-CSV.csv", "Provider", NOW, "a combined csv"),
        ("Press-Notice-Provider.pdf", "", NOW, "not a workbook"),
        ("Notes-Provider.docx", "", NOW, "not a workbook"),
    ],
)
def test_what_is_no_table_is_left_with_its_reason(name, text, period, reason):
    found = classify(name, text, period)
    assert isinstance(found, str)
    assert reason in found


FINAL = PeriodPage(SITE + "f/", NOW, "final")
PROVISIONAL = PeriodPage(SITE + "p/", NOW, "provisional")
OTHER = PeriodPage(SITE + "o/", month(2025, 4), "final")
SHEET = "3.-Provider-Data.csv"


def by_hand(name: str, *pages: PeriodPage, whole: bool = True) -> tuple[list[str], str]:
    named = [Named(name, page) for page in pages]
    found, advice = places(Path("in"), named[0], named, whole=whole, months=whole)
    return [p.as_posix() for p in found], advice.as_posix()


def test_a_name_of_one_link_may_lie_in_the_inbox_itself():
    found, _ = by_hand(SHEET, FINAL)
    assert found == [f"in/2025-08-final/{SHEET}", f"in/2025-08/{SHEET}", f"in/{SHEET}"]


def test_a_name_of_two_months_needs_the_folder_of_its_month():
    found, _ = by_hand(SHEET, FINAL, OTHER)
    assert found == [f"in/2025-08-final/{SHEET}", f"in/2025-08/{SHEET}"]


def test_a_name_of_two_releases_needs_the_folder_of_its_release():
    assert by_hand(SHEET, FINAL, PROVISIONAL)[0] == [f"in/2025-08-final/{SHEET}"]


def test_a_run_that_saw_only_some_pages_takes_no_unclear_name_from_the_inbox():
    found, advice = by_hand(SHEET, FINAL, whole=False)
    assert found == [f"in/2025-08-final/{SHEET}"]
    assert advice == f"in/2025-08-final/{SHEET}"


def test_a_name_that_says_month_and_release_may_always_lie_in_the_inbox():
    name = "AUGUST-2025-CWT-CRS-PROVIDER-WORKBOOK-FINAL.xlsx"
    found, advice = by_hand(name, FINAL, whole=False)
    assert found == [f"in/2025-08-final/{name}", f"in/{name}"]
    assert advice == f"in/{name}"
