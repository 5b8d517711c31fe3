from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from loaders.errors import UsageError
from loaders.files import Problem, Skipped
from loaders.files.archive import read_bytes
from loaders.files.http import Client, HttpSettings
from loaders.model import SourceFile
from loaders.oversight import PIPELINE
from loaders.periods import parse_period
from tests.loopback import Answer, Loopback

PAGE = "/nhs-oversight-framework/segmentation-and-league-tables/"
UPLOADS = "/wp-content/uploads/2025/09/nhs-oversight-framework-"
FIRST = f"{UPLOADS}acute-trust-data.csv"
LEAGUE = f"{UPLOADS}acute-trust-league-table.csv"
LATER = f"{UPLOADS}mental-health-and-community-trust-data-q3-25-26-v2.csv"


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Iterator[Loopback]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    server = Loopback()
    for path in (FIRST, LEAGUE, LATER):
        server.serve(path, path.encode())
    others = ("/home", "/uploads/manual.pdf", f"{UPLOADS}data-dictionary.csv")
    body = "".join(f'<a href="{p}">x</a>' for p in (FIRST, LEAGUE, LATER, *others))
    server.serve(PAGE, body)
    yield server
    server.close()


def run(web: Loopback, folder: Path, start: str = PAGE, **asked):
    settings = HttpSettings(min_delay_seconds=0, retries=0, timeout_seconds=5)
    url = start if start.startswith("ftp") else web.url + start
    with Client(settings, cache=folder / "cache", inbox=folder / "inbox") as client:
        assert PIPELINE.discover is not None
        return list(PIPELINE.discover(client, url, **asked))


def names(web: Loopback, found: list) -> list[str]:
    return [f.source.removeprefix(web.url) for f in found if isinstance(f, SourceFile)]


def test_every_csv_of_the_framework_is_fetched(web, tmp_path):
    found = run(web, tmp_path)
    assert names(web, found) == [FIRST, LEAGUE, LATER]
    assert read_bytes(found[-1]) == LATER.encode()
    skipped = {
        f.source.rsplit("/", 1)[1]: f.reason for f in found if type(f) is Skipped
    }
    assert skipped == {
        "manual.pdf": "no csv of the Oversight Framework by its name",
        "nhs-oversight-framework-data-dictionary.csv": "its name states no trust type, "
        "data or league table",
    }


def test_a_limit_counts_files_that_are_not_known(web, tmp_path):
    assert names(web, run(web, tmp_path, limit=1)) == [FIRST]
    known = {web.url + FIRST}
    assert names(web, run(web, tmp_path, limit=1, known_urls=known)) == [FIRST, LEAGUE]


def test_another_quarter_in_a_name_is_left(web, tmp_path):
    asked = [parse_period("Q1 2025/26")]
    assert names(web, run(web, tmp_path, periods=asked)) == [FIRST, LEAGUE]


def test_one_file_can_be_named_by_its_url(web, tmp_path):
    assert names(web, run(web, tmp_path, LATER)) == [LATER]


def test_a_file_placed_by_hand_stands_in_for_a_refused_one(web, tmp_path):
    web.serve(FIRST, Answer(status=403))
    (problem, *_) = [f for f in run(web, tmp_path) if isinstance(f, Problem)]
    assert "403" in problem.error.found
    assert (
        "inbox/nhs-oversight-framework-acute-trust-data.csv" in problem.error.next_step
    )
    (tmp_path / "inbox").mkdir()
    (tmp_path / "inbox" / FIRST.rsplit("/", 1)[1]).write_bytes(b"mine")
    found = run(web, tmp_path)
    assert names(web, found) == [FIRST, LEAGUE, LATER]
    first = next(f for f in found if isinstance(f, SourceFile))
    assert read_bytes(first) == b"mine"


def test_a_page_without_a_link_is_a_problem(web, tmp_path):
    web.serve(PAGE, "<p>moved</p>")
    (problem,) = run(web, tmp_path)
    assert problem.error.expected == "links to csvs named nhs-oversight-framework-…"
    web.serve(PAGE, Answer(status=404))
    (problem,) = run(web, tmp_path)
    assert problem.source == web.url + PAGE


def test_only_web_addresses_are_looked_at(web, tmp_path):
    with pytest.raises(UsageError, match="cannot look for files on the web"):
        run(web, tmp_path, "ftp://host/page")
