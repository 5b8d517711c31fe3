"""From the publisher's pages to raw rows, by the command, against a local server."""

from __future__ import annotations

from pathlib import Path

from examples import cancer_files
from tests.conftest import Warehouse
from tests.integration import support
from tests.integration.conftest import Quick
from tests.integration.support import assert_ended
from tests.integration.test_discovery import TOP, UPLOADS, Site, page, site

__all__ = ["site"]
NAME = "August-2025-Provider-Workbook.xlsx"


def test_published_months_are_found_fetched_and_loaded_once(
    site: Site, quick: Quick, warehouse: Warehouse, tmp_path: Path
) -> None:
    support.ask_at_once(warehouse, tmp_path)
    site.overview(_2025_26=[page("august", "final"), page("august", "provisional")])
    for status in ("final", "provisional"):
        book = cancer_files.provider_workbook(period="2025-08", status=status)
        target = f"{UPLOADS}/{status}/{NAME}"
        site.month_page(page("august", status), {target: book})
    start = site.web.url + TOP
    assert_ended(quick.load(warehouse, "--from", start), 0)
    found = warehouse.rows(
        "select release_status, status, source_file like %s, period_label"
        " from raw_cancer.files order by 1",
        f"{site.web.url}%",
    )
    # One name, two files: each is known by its url and its content.
    assert found == [
        ("final", "loaded", True, "2025-08"),
        ("provisional", "superseded", True, "2025-08"),
    ]
    assert_ended(quick.load(warehouse, "--from", start), 0)
    assert warehouse.one("select count(*) from raw_cancer.files") == 2


def test_a_workbook_under_the_page_of_another_month_is_quarantined(
    site: Site, quick: Quick, warehouse: Warehouse, tmp_path: Path
) -> None:
    support.ask_at_once(warehouse, tmp_path)
    site.overview(_2025_26=[page("july", "final")])
    book = cancer_files.provider_workbook(period="2025-08")
    site.month_page(page("july"), {f"{UPLOADS}/7/Provider-Workbook.xlsx": book})
    done = quick.load(warehouse, "--from", site.web.url + TOP)
    assert_ended(done, 1, "the page it was published on says 2025-07")
    assert warehouse.one("select count(*) from raw_cancer.fds_waits") == 0
