"""The registry of publications: its file, its faults, and whose a file is."""

from __future__ import annotations

from pathlib import Path

import pytest

from loaders import project
from loaders.errors import UsageError
from loaders.model import SourceFile
from loaders.publications import registry
from loaders.publications.registry import load

GOOD = """\
publications:
  wards:
    name: Ward Statistics
    frequency: quarterly
    landing_page: https://example.org/wards
    folders: [ward_files]
    files: ['^ward[-_]']
    periods:
      mode: template
      start: 2024-01
      end: current
      months: [1, 4]
      pattern: '/{month_name}-{year}'
      exceptions: {2024-04: '/april'}
      content: range
    release: {lag_weeks: 3, offset_months: 2}
    parts: '_(?P<part>north|south)'
    period_column: _period
    overrides:
      - {sheet: Notes, skip: true}
      - sheet: 'Table \\d'
        header_rows: [3, 4]
        first_data_row: 5
        columns: B:Z
        labels: 2
        keep_wide: true
"""


@pytest.fixture
def given(tmp_path: Path):
    def write(text: str) -> Path:
        path = tmp_path / "publications.yml"
        path.write_text(text, "utf-8")
        return path

    return write


def test_an_entry_is_taken_with_all_it_says(given):
    one = load(given(GOOD)).get("wards")
    assert (one.name, one.frequency, one.licence) == (
        *("Ward Statistics", "quarterly"),
        "OGL-UK-3.0",
    )
    assert one.schedule.start is not None
    assert one.schedule.start.label == "2024-01"
    assert one.schedule.end is None
    assert one.schedule.months == (1, 4)
    assert one.schedule.exceptions == {"2024-04": "/april"}
    assert (one.lag_weeks, one.offset_months) == (3, 2)
    assert (one.part_of("ward_north.csv"), one.part_of("ward.csv")) == ("north", None)
    assert str(one.first_period) == "2024-01-01"
    skipped, shaped = one.overrides
    assert skipped.skip
    assert (shaped.header_rows, shaped.columns) == ((3, 4), "B:Z")
    assert (shaped.labels, shaped.keep_wide) == (2, True)


@pytest.mark.parametrize(
    ("old", "new", "line", "expected", "found"),
    [
        ("    name: Ward Statistics\n", "", 3, "wards with a name", "no name"),
        ("name: Ward Statistics", "name:", 3, "name of wards", "nothing"),
        (
            "frequency: quarterly",
            "frequency: often",
            4,
            "monthly, quarterly",
            "'often'",
        ),
        ("frequency:", "frequencies:", 4, "a key of the publication", "'frequencies'"),
        ("https://example.org/wards", "ftp://x/", 5, "https://", "'ftp://x/'"),
        ("folders: [ward_files]", "folders: []", 6, "at least one", "an empty list"),
        ("'^ward[-_]'", "'^ward('", 7, "a regular expression", "unterminated"),
        ("mode: template", "mode: schedule", 9, "explicit, template", "'schedule'"),
        ("start: 2024-01", "start: FY25-Q1", 10, "Q1 2025/26", "'FY25-Q1'"),
        ("start: 2024-01", "start: 2024-13", 10, "2025-08", "'2024-13'"),
        ("[1, 4]", "[1, 13]", 12, "1 to 12", "'13'"),
        ("/{month_name}-{year}", "/{mont}", 13, "month_name", "{mont}"),
        ("exceptions: {2024-04", "exceptions: {apr", 14, "2025-08", "'apr'"),
        ("lag_weeks: 3", "lag_weeks: soon", 16, "a whole number", "'soon'"),
        ("(?P<part>north|south)", "(north|south)", 17, "(?P<part>", "north"),
        ("skip: true", "skip: 7", 20, "true or false", "'7'"),
        ("[3, 4]", "[4, 3]", 22, "the first and the last row", "[4, 3]"),
        ("B:Z", "2:9", 24, "letters", "'2:9'"),
        ("      start: 2024-01\n", "", 9, "a start for mode template", "none"),
        (
            *("    landing_page: https://example.org/wards\n", ""),
            *(8, "a landing_page for mode template", "none"),
        ),
        (
            *("      pattern: '/{month_name}-{year}'\n", ""),
            *(9, "a pattern for mode template", "none"),
        ),
    ],
)
def test_a_fault_is_told_with_its_line(given, old, new, line, expected, found):
    assert old in GOOD
    with pytest.raises(UsageError) as raised:
        load(given(GOOD.replace(old, new, 1)))
    error = raised.value
    assert error.where == f"publications.yml, line {line}"
    assert expected in error.expected
    assert found in error.found


def test_urls_have_a_period_and_an_address(given):
    text = (
        "publications:\n  a:\n    name: A\n    periods: {mode: explicit}\n    urls:\n"
        "      - url: https://example.org/a.csv\n"
        "      - period: 2025-01\n"
        "        url: a.csv\n"
        "      - {period: 2025-02, url: 'https://example.org/b.csv', enabled: false}\n"
    )
    with pytest.raises(UsageError) as raised:
        load(given(text))
    assert raised.value.where == "publications.yml, line 6, line 8"
    assert "line 6: no period" in raised.value.found
    assert "line 8: 'a.csv'" in raised.value.found
    only = text.replace("url: a.csv", "url: https://example.org/a.csv").replace(
        "- url", "- period: 2024-12\n        url"
    )
    urls = load(given(only)).get("a").urls
    assert [(one.period.label, one.enabled) for one in urls] == [
        *(("2024-12", True), ("2025-01", True), ("2025-02", False)),
    ]


def test_all_faults_are_told_at_once(given):
    with pytest.raises(UsageError) as raised:
        load(given(GOOD.replace("quarterly", "often").replace("[1, 4]", "[]")))
    assert raised.value.where == "publications.yml, line 4, line 12"
    assert "line 12: an empty list" in raised.value.found


@pytest.mark.parametrize(
    ("more", "found"),
    [
        ("  wards:\n    name: Again\n", "'wards' again"),
        ("  other:\n    name: O\n    aliases: [ward_files]\n", "is wards's too"),
        ("  ward_files:\n    name: O\n", "is wards's too"),
        ("  Wards2:\n    name: O\n", "'Wards2'"),
    ],
)
def test_a_name_stands_for_one_publication(given, more, found):
    with pytest.raises(UsageError, match="cannot use the registry") as raised:
        load(given(GOOD + more))
    assert found in raised.value.found


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("publications:\n  a: [", "line 2, column 7"),
        ("", "line 1"),
        ("other: {}\n", "line 1"),
        ("publications: {}\n", "line 1"),
        ("- a\n", "line 1"),
    ],
)
def test_what_is_no_registry_is_refused(given, text, where):
    with pytest.raises(UsageError) as raised:
        load(given(text))
    assert raised.value.where == f"publications.yml, {where}"


def test_a_registry_that_is_not_there_is_told(tmp_path):
    with pytest.raises(UsageError) as raised:
        load(tmp_path / "none.yml")
    assert raised.value.where.endswith("none.yml")


# --------------------------------------------------------------- the shipped registry


def test_the_shipped_registry_is_sound_and_knows_former_names():
    known = load()
    assert known.get("gp_online_consultation").code == "online_consultation"
    assert known.get("bed_overnight").code == "beds_overnight"
    assert known.get("shmi").offset_months == 5
    for one in known:
        assert one.landing_page or one.urls or one.files, one.code


def test_an_unknown_publication_is_answered_with_the_known_ones():
    with pytest.raises(UsageError) as raised:
        load().get("nothing")
    assert "ae_attendances" in raised.value.expected


def test_ones_own_entries_are_added_and_win(given, monkeypatch):
    own = given("publications:\n  mine:\n    name: M\n  shmi:\n    name: My SHMI\n")
    monkeypatch.setattr(project, "setting", lambda *keys, default=None: str(own))
    registry._current.cache_clear()
    try:
        known = load()
        assert known.get("mine").name == "M"
        assert known.get("shmi").name == "My SHMI"
        assert known.get("adhd").name
    finally:
        registry._current.cache_clear()


# ------------------------------------------------------------------ whose a file is


def at(path: str, source: str | None = None, **more: str) -> SourceFile:
    place = Path(path)
    name = (source or path).split("!")[-1].rsplit("/", 1)[-1]
    return SourceFile(source or path, name, place, **more)


@pytest.mark.parametrize(
    ("file", "code", "how"),
    [
        (at("/x/c", "https://h/u/1.csv", publication="adhd"), "adhd", "page"),
        (at("/d/publications/adhd_values/x.csv"), "adhd", "folder"),
        (at("/d/publications/Bed-Overnight/2025-08/x.csv"), "beds_overnight", "folder"),
        (at("/d/publications/2025-08/VW202307.xlsx"), "virtual_wards", "name"),
        (
            at("/d/a.zip", "/d/Regional_CSV_Nov_25.zip!x/one.csv"),
            *("gp_appointments", "name"),
        ),
        (at("/d/publications/New Thing/2025-08/x.csv"), "new_thing", "unregistered"),
        (at("/d/publications/dental_may25_data.csv"), "dental_data", "unregistered"),
        (at("/d/publications/2025-08/1.csv"), "p_1", "unregistered"),
        # What lies above the inbox is no statement about the file.
        (at("/home/msa/inbox/publications/new/x.csv"), "new", "unregistered"),
        (at("/x/c", "https://h/2025/11/dental-May-2025.csv"), "dental", "unregistered"),
    ],
)
def test_a_file_belongs_to_its_page_folder_or_name(file, code, how):
    found, entry, why = load().match(file)
    assert (found, why) == (code, how)
    assert (entry is None) == (how == "unregistered")


def test_a_page_belongs_to_the_entry_with_the_longest_address():
    known = load()
    page = known.get("nhs_england_rtt_wlmds_summary").landing_page
    assert page is not None
    for url in (page, page + "more/?x=1", page.replace("www.", "")):
        (found,) = known.of_url(url)
        assert found.code == "nhs_england_rtt_wlmds_summary"
    shared = known.get("rtt_waiting_times").landing_page
    assert shared is not None
    assert {one.code for one in known.of_url(shared + "rtt-data-2025-26/")} == {
        *("rtt_waiting_times", "nhs_england_rtt_provider_incomplete"),
    }
    assert known.of_url("https://example.org/") == []
