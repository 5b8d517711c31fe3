from __future__ import annotations

import email.utils
import hashlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from loaders.errors import Failed, UsageError
from loaders.files.http import Client, HttpSettings, file_name
from tests.loopback import Answer, Loopback

BOOK = b"PK\x03\x04 a workbook"
FAST = HttpSettings(
    timeout_seconds=5, min_delay_seconds=0, retries=2, backoff_seconds=1
)


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.fixture
def web() -> Iterator[Loopback]:
    server = Loopback()
    yield server
    server.close()


class Clock:
    def __init__(self) -> None:
        self.time = 1_000_000.0
        self.waits: list[float] = []

    def now(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.time += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


def client(
    folder: Path, clock: Clock, settings: HttpSettings = FAST, inbox: Path | None = None
) -> Client:
    return Client(
        settings,
        cache=folder / "cache",
        inbox=inbox,
        now=clock.now,
        sleep=clock.sleep,
    )


def objects(folder: Path) -> set[str]:
    return {p.name for p in (folder / "cache" / "objects").glob("*")}


def leftovers(folder: Path) -> list[Path]:
    return list((folder / "cache" / "tmp").glob("*"))


def test_one_file_name_in_two_months_is_two_contents(web, tmp_path, clock):
    april = web.serve("/2025/06/3.-Data.csv", b"april")
    august = web.serve("/2025/10/3.-Data.csv", b"august")
    with client(tmp_path, clock) as c:
        assert c.fetch(april).path.read_bytes() == b"april"
        assert c.fetch(august).path.read_bytes() == b"august"
        assert c.fetch(april).path.read_bytes() == b"april"
    assert len(objects(tmp_path)) == 2


def test_two_months_with_one_tag_are_not_confused_by_a_304(web, tmp_path, clock):
    tag = {"ETag": '"1"'}
    april = web.serve("/06/3.-Data.csv", Answer(b"april", headers=tag))
    august = web.serve("/10/3.-Data.csv", Answer(b"august", headers=tag))
    with client(tmp_path, clock) as c:
        c.fetch(april)
        c.fetch(august)
        assert c.fetch(april).path.read_bytes() == b"april"
    assert web.asked[-1][1]["If-None-Match"] == '"1"'


def test_unchanged_content_is_confirmed_and_not_sent_again(web, tmp_path, clock):
    headers = {"ETag": '"a"', "Last-Modified": "Thu, 09 Oct 2025 08:30:00 GMT"}
    url = web.serve("/book.xlsx", Answer(BOOK, headers=headers))
    with client(tmp_path, clock) as c:
        first, second = c.fetch(url), c.fetch(url)
    assert first == second
    assert first.sha256 == hashlib.sha256(BOOK).hexdigest() == first.path.name
    asked = web.asked[1][1]
    assert asked["If-None-Match"] == '"a"'
    assert asked["If-Modified-Since"] == headers["Last-Modified"]


@pytest.mark.parametrize("damage", ["deleted", "overwritten"])
def test_a_lost_or_damaged_object_is_downloaded_again(web, tmp_path, clock, damage):
    url = web.serve("/book.xlsx", Answer(BOOK, headers={"ETag": '"a"'}))
    with client(tmp_path, clock) as c:
        path = c.fetch(url).path
        path.unlink() if damage == "deleted" else path.write_bytes(b"PK\x03\x04 other")
        assert c.fetch(url).path.read_bytes() == BOOK
    assert "If-None-Match" not in web.asked[1][1]


def test_a_304_that_nobody_asked_for_is_an_error(web, tmp_path, clock):
    url = web.serve("/book.xlsx", Answer(status=304))
    with client(tmp_path, clock) as c, pytest.raises(Failed) as error:
        c.fetch(url)
    assert "304" in error.value.found


def test_changed_content_under_one_url_keeps_the_old_object(web, tmp_path, clock):
    url = web.serve(
        "/book.xlsx",
        Answer(BOOK + b"1", headers={"ETag": '"1"'}),
        Answer(BOOK + b"2", headers={"ETag": '"2"'}),
    )
    with client(tmp_path, clock) as c:
        first, second = c.fetch(url), c.fetch(url)
    assert first.path.read_bytes() == BOOK + b"1"
    assert second.path.read_bytes() == BOOK + b"2"


def test_a_redirect_is_followed_and_the_url_asked_stays_the_key(web, tmp_path, clock):
    web.serve("/new/book.xlsx", BOOK)
    url = web.serve(
        "/old.xlsx", Answer(status=302, headers={"Location": "/new/book.xlsx"})
    )
    with client(tmp_path, clock) as c:
        fetched = c.fetch(url)
    assert (fetched.url, fetched.name, fetched.size) == (url, "old.xlsx", len(BOOK))


def test_links_of_a_page_are_relative_to_where_a_redirect_led(web, tmp_path, clock):
    web.serve(
        "/new/",
        Answer(
            "£".encode("cp1252"),
            headers={"Content-Type": "text/html; charset=windows-1252", "ETag": '"p"'},
        ),
    )
    url = web.serve("/old", Answer(status=301, headers={"Location": "/new/"}))
    with client(tmp_path, clock) as c:
        first, again = c.page(url), c.page(url)
    assert first == again
    assert (first.url, first.text) == (web.url + "/new/", "£")


def test_a_redirect_without_end_fails(web, tmp_path, clock):
    url = web.serve("/a.csv", Answer(status=302, headers={"Location": "/a.csv"}))
    with client(tmp_path, clock) as c, pytest.raises(Failed, match="cannot download"):
        c.fetch(url)


def test_429_then_200_waits_as_long_as_the_server_asks(web, tmp_path, clock):
    busy = Answer(status=429, headers={"Retry-After": "7"})
    url = web.serve("/book.xlsx", busy, BOOK)
    with client(tmp_path, clock) as c:
        assert c.fetch(url).path.read_bytes() == BOOK
    assert clock.waits == [7.0]


def test_retry_after_may_be_a_date_and_is_capped(web, tmp_path, clock):
    soon = email.utils.formatdate(clock.time + 30, usegmt=True)
    url = web.serve(
        "/book.xlsx",
        Answer(status=503, headers={"Retry-After": soon}),
        Answer(status=503, headers={"Retry-After": "86400"}),
        BOOK,
    )
    with client(tmp_path, clock) as c:
        c.fetch(url)
    assert clock.waits == [30.0, FAST.max_wait_seconds]


def test_503_for_ever_fails_after_the_last_attempt(web, tmp_path, clock):
    url = web.serve("/book.xlsx", Answer(status=503))
    with client(tmp_path, clock) as c, pytest.raises(Failed) as error:
        c.fetch(url)
    assert error.value.found == "503 Service Unavailable (3 attempts)"
    assert clock.waits == [1.0, 2.0]
    assert "run again later" in error.value.next_step
    assert objects(tmp_path) == set()


def test_a_server_that_is_not_there_fails_in_words(web, tmp_path, clock):
    url = web.url
    web.close()
    with client(tmp_path, clock) as c, pytest.raises(Failed) as error:
        c.fetch(url + "/book.xlsx")
    assert "refused" in error.value.found.lower()
    assert "object at 0x" not in str(error.value)


def test_404_is_not_tried_again(web, tmp_path, clock):
    with client(tmp_path, clock) as c, pytest.raises(Failed) as error:
        c.fetch(web.url + "/gone.xlsx")
    assert error.value.found == "404 Not Found"
    assert "moved or withdrawn" in error.value.next_step
    assert web.count("/gone.xlsx") == 1


def test_403_names_the_place_for_a_file_by_hand_and_takes_it(web, tmp_path, clock):
    url = web.serve("/up/AUGUST-2025.xlsx", Answer(status=403))
    inbox = tmp_path / "inbox" / "cancer"
    place = inbox / "2025-08-final" / "AUGUST-2025.xlsx"
    with client(tmp_path, clock, inbox=inbox) as c:
        with pytest.raises(Failed) as error:
            c.fetch(url, by_hand=[place], advice=place)
        assert error.value.next_step == (
            f"download {url} by hand, put it at {place} and run again"
        )
        place.parent.mkdir(parents=True)
        place.write_bytes(BOOK)
        fetched = c.fetch(url, by_hand=[place])
    assert (fetched.url, fetched.via) == (url, "inbox")
    assert fetched.path.read_bytes() == BOOK
    assert web.count("/up/AUGUST-2025.xlsx") == 1


def test_a_saved_error_page_placed_by_hand_is_refused(web, tmp_path, clock):
    place = tmp_path / "book.xlsx"
    place.write_text("<!DOCTYPE html><title>Access denied</title>")
    with client(tmp_path, clock) as c, pytest.raises(Failed, match="cannot download"):
        c.fetch(web.url + "/book.xlsx", by_hand=[place])


@pytest.mark.parametrize(
    ("name", "body", "kind"),
    [
        ("book.xlsx", b"<!DOCTYPE html><html>log in</html>", "text/html"),
        ("book.xlsx", b"\xef\xbb\xbf\n <!-- x --><HTML>", "application/octet-stream"),
        ("data.csv", b"Access denied", "text/html; charset=utf-8"),
        ("data.csv", b"", "text/csv"),
    ],
)
def test_a_web_page_or_nothing_under_a_file_name_is_an_error(
    web, tmp_path, clock, name, body, kind
):
    url = web.serve(f"/{name}", Answer(body, headers={"Content-Type": kind}))
    with client(tmp_path, clock) as c, pytest.raises(Failed) as error:
        c.fetch(url)
    assert error.value.expected == "a workbook, csv or zip"
    assert objects(tmp_path) == set()


def test_a_workbook_said_to_be_html_is_still_a_workbook(web, tmp_path, clock):
    url = web.serve("/b.xlsx", Answer(BOOK, headers={"Content-Type": "text/html"}))
    with client(tmp_path, clock) as c:
        assert c.fetch(url).path.read_bytes() == BOOK


def test_a_download_cut_off_is_tried_again_and_never_kept(web, tmp_path, clock):
    url = web.serve("/a.csv", Answer(b"half", cut=True))
    with client(tmp_path, clock) as c, pytest.raises(Failed) as error:
        c.fetch(url)
    assert "(3 attempts)" in error.value.found
    assert web.count("/a.csv") == 3
    assert objects(tmp_path) == set()
    assert leftovers(tmp_path) == []


def test_a_download_in_chunks_cut_off_is_an_error_too(web, tmp_path, clock):
    chunked = {"Transfer-Encoding": "chunked"}
    url = web.serve("/a.csv", Answer(b"4\r\nhalf\r\n", headers=chunked, cut=True))
    with client(tmp_path, clock) as c, pytest.raises(Failed) as error:
        c.fetch(url)
    assert error.value.found.startswith("4 bytes, then ")
    assert objects(tmp_path) == set()


def test_a_download_cut_off_once_is_whole_the_second_time(web, tmp_path, clock):
    url = web.serve("/a.csv", Answer(b"half", cut=True), b"half and half")
    with client(tmp_path, clock) as c:
        assert c.fetch(url).path.read_bytes() == b"half and half"


def test_a_silent_server_counts_as_an_error(web, tmp_path, clock):
    url = web.serve("/a.csv", Answer(b"late", silent=5))
    settings = HttpSettings(timeout_seconds=0.2, min_delay_seconds=0, retries=0)
    with client(tmp_path, clock, settings) as c, pytest.raises(Failed) as error:
        c.fetch(url)
    assert "timed out" in error.value.found.lower()


def test_a_download_may_not_take_longer_than_the_limit(web, tmp_path, clock):
    url = web.serve("/a.csv", b"x" * 10)
    ticks = iter(range(0, 10**6, 1000))
    settings = HttpSettings(min_delay_seconds=0, retries=0, total_seconds=500)
    c = Client(settings, cache=tmp_path / "cache", now=lambda: next(ticks))
    with c, pytest.raises(Failed, match="cannot download") as error:
        c.fetch(url)
    assert error.value.expected == "a download of at most 500 seconds"


@pytest.mark.parametrize("cut", [True, False])
def test_a_download_above_the_limit_is_refused(web, tmp_path, clock, cut):
    headers = {} if cut else {"Transfer-Encoding": "chunked"}
    body = b"x" * 50 if cut else b"32\r\n" + b"x" * 50 + b"\r\n0\r\n\r\n"
    url = web.serve("/a.csv", Answer(body, headers=headers))
    settings = HttpSettings(min_delay_seconds=0, max_bytes=20)
    with client(tmp_path, clock, settings) as c, pytest.raises(Failed) as error:
        c.fetch(url)
    assert "max_bytes" in error.value.next_step
    assert objects(tmp_path) == set()


def test_requests_to_one_host_keep_their_distance(web, tmp_path, clock):
    urls = [web.serve(f"/{n}.csv", b"x") for n in range(3)]
    settings = HttpSettings(min_delay_seconds=2)
    with client(tmp_path, clock, settings) as c:
        for url in urls:
            c.fetch(url)
    assert clock.waits == [2.0, 2.0]


def test_we_say_who_we_are(web, tmp_path, clock):
    settings = HttpSettings(user_agent="hindcast (ask@example.org)")
    with client(tmp_path, clock, settings) as c:
        c.fetch(web.serve("/a.csv", b"x"))
    assert web.asked[0][1]["User-Agent"] == "hindcast (ask@example.org)"


def test_a_damaged_index_entry_is_as_good_as_none(web, tmp_path, clock):
    url = web.serve("/a.csv", Answer(b"x", headers={"ETag": '"1"'}))
    with client(tmp_path, clock) as c:
        c.fetch(url)
        for entry in (tmp_path / "cache" / "index").iterdir():
            entry.write_text("{")
        assert c.fetch(url).path.read_bytes() == b"x"


def test_the_page_that_links_to_a_file_is_remembered_across_downloads(
    web, tmp_path, clock
):
    url = web.serve("/a.csv", b"x")
    with client(tmp_path, clock) as c:
        c.note_found_on(url, "https://example.org/page/")
        c.fetch(url)
    with client(tmp_path, clock) as c:
        assert c.found_on(url) == "https://example.org/page/"


def test_a_full_or_closed_disk_is_said_to_be_that(web, tmp_path, clock):
    (tmp_path / "cache").write_text("a file where the folder should be")
    with client(tmp_path, clock) as c, pytest.raises(Failed) as error:
        c.fetch(web.serve("/a.csv", b"x"))
    assert error.value.what == "cannot write to the download cache"


PROCESS = """
import sys, pathlib
from loaders.files.http import Client, HttpSettings
settings = HttpSettings(min_delay_seconds=0)
with Client(settings, cache=pathlib.Path(sys.argv[1])) as c:
    for _ in range(20):
        got = c.fetch(sys.argv[2])
        assert len(got.path.read_bytes()) == 300_000, got
"""


def test_two_processes_may_fetch_one_url_at_once(web, tmp_path):
    url = web.serve("/book.xlsx", BOOK.ljust(300_000, b"."))
    both = [
        subprocess.Popen(
            [sys.executable, "-c", PROCESS, str(tmp_path / "cache"), url],
            stderr=subprocess.PIPE,
        )
        for _ in range(2)
    ]
    ends = [(p.communicate(timeout=60)[1].decode(), p.returncode) for p in both]
    assert ends == [("", 0), ("", 0)]
    assert len(objects(tmp_path)) == 1
    assert leftovers(tmp_path) == []


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://e.org/a/b%20c.xlsx?x=1", "b c.xlsx"),
        ("https://e.org/a/..%2F..%2Fetc%2Fpasswd", ".._.._etc_passwd"),
        ("https://e.org/%2e%2e", "unnamed"),
        ("https://e.org", "unnamed"),
    ],
)
def test_a_file_name_from_a_url_is_never_a_path(url, name):
    assert file_name(url) == name


def test_settings_come_from_a_mapping_and_keep_their_defaults():
    settings = HttpSettings.of({"timeout_seconds": 5, "verify_tls": False})
    assert settings == HttpSettings(timeout_seconds=5.0, verify_tls=False)


@pytest.mark.parametrize(
    "wrong",
    [{"retrys": 1}, {"retries": -1}, {"retries": 1.5}, {"verify_tls": "no"}],
)
def test_a_wrong_setting_is_a_wrong_call_that_names_it(wrong):
    with pytest.raises(UsageError) as error:
        HttpSettings.of(wrong)
    assert next(iter(wrong)) in error.value.found
