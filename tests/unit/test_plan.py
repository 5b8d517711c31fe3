"""The plan: what becomes of a file before it is opened."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from loaders import plan
from loaders.errors import Quarantined, UsageError
from loaders.files import Problem
from loaders.ledger import Known, claim_id
from loaders.model import Claims, FileRead, Period, Pipeline, SourceFile
from loaders.periods import period_in_name
from loaders.plan import Options

AUGUST = Period(dt.date(2025, 8, 1), dt.date(2025, 8, 31), "month", "2025-08")
APRIL = Period(dt.date(2025, 4, 1), dt.date(2025, 4, 30), "month", "2025-04")


def _never(data: bytes, file: SourceFile) -> FileRead:
    raise AssertionError("a plan reads no file")


def _claims(name: str) -> Claims:
    period = period_in_name(name)
    return Claims(period_by={"name": period} if period else {})


PIPELINE = Pipeline("toy", "A toy", {"rows": ("a",)}, (".csv",), _never, _claims)


def _file(folder: Path, name: str, content: bytes) -> SourceFile:
    path = folder / name
    path.write_bytes(content)
    return SourceFile(name, name, path)


def _known(
    content: bytes, status: str = "loaded", **changes: object
) -> dict[str, Known]:
    sha256 = hashlib.sha256(content).hexdigest()
    known = Known(
        *(sha256, sha256, "old.csv", "old.csv", status, "why", "again", "1"),
        *(AUGUST.start, AUGUST.end, "2025-08", "final"),
    )
    return {sha256: replace(known, **changes)}  # type: ignore[arg-type]


def test_a_new_file_is_read(tmp_path: Path) -> None:
    made = plan.make(PIPELINE, Options(), [_file(tmp_path, "a.csv", b"a")], {})
    assert [w.file.name for w in made.work] == ["a.csv"]
    assert made.work[0].sha256 == hashlib.sha256(b"a").hexdigest()


def test_known_content_is_unchanged_whatever_its_name(tmp_path: Path) -> None:
    file = _file(tmp_path, "other name.csv", b"a")
    made = plan.make(PIPELINE, Options(), [file], _known(b"a"))
    assert not made.work
    assert made.ended[0].status == "unchanged"
    assert made.ended[0].reason == "same content as old.csv"


def test_known_content_under_another_month_is_quarantined_by_itself(
    tmp_path: Path,
) -> None:
    file = _file(tmp_path, "APRIL-2025.csv", b"a")
    made = plan.make(PIPELINE, Options(), [file], _known(b"a"))
    (ended,) = made.ended
    assert ended.status == "quarantined"
    # The loaded version keeps its own entry in the ledger.
    assert ended.file_id == claim_id(ended.sha256, file.source) != ended.sha256
    assert "2025-04 (by its name)" in str(ended.error)
    assert "2025-08, loaded from old.csv" in str(ended.error)


def test_force_reads_loaded_content_again_and_knows_it(tmp_path: Path) -> None:
    file = _file(tmp_path, "a.csv", b"a")
    made = plan.make(PIPELINE, Options(force=True), [file], _known(b"a"))
    assert [w.sha256 for w in made.work] == list(_known(b"a"))


@pytest.mark.parametrize(
    ("status", "options", "read"),
    [
        ("quarantined", Options(), False),
        ("quarantined", Options(retry_failed=True), True),
        ("quarantined", Options(force=True), True),
        ("failed", Options(), True),
        ("failed", Options(retry_failed=True), True),
        ("loaded", Options(retry_failed=True), False),
    ],
)
def test_what_ended_badly_is_tried_again_when_that_can_help(
    tmp_path: Path, status: str, options: Options, read: bool
) -> None:
    file = _file(tmp_path, "a.csv", b"a")
    known = _known(b"a", status, source_file="a.csv")
    made = plan.make(PIPELINE, options, [file], known)
    assert bool(made.work) is read


def test_a_quarantined_file_is_read_again_by_a_newer_reader(tmp_path: Path) -> None:
    file = _file(tmp_path, "a.csv", b"a")
    known = _known(b"a", "quarantined", source_file="a.csv", reader_version="0")
    assert plan.make(PIPELINE, Options(), [file], known).work


def test_a_known_quarantine_is_told_again_with_its_reason(tmp_path: Path) -> None:
    file = _file(tmp_path, "a.csv", b"a")
    known = _known(b"a", "quarantined", source_file="a.csv")
    (ended,) = plan.make(PIPELINE, Options(), [file], known).ended
    assert (ended.status, ended.reason, ended.keep) == ("quarantined", "why", False)


def test_a_period_selects_by_what_the_name_says(tmp_path: Path) -> None:
    files = [
        _file(tmp_path, "APRIL-2025.csv", b"a"),
        _file(tmp_path, "AUGUST-2025.csv", b"b"),
    ]
    made = plan.make(PIPELINE, Options(periods=(AUGUST,)), files, {})
    assert [w.file.name for w in made.work] == ["AUGUST-2025.csv"]
    assert made.not_selected == 1


def test_a_silent_name_is_selected_by_its_content_once_read(tmp_path: Path) -> None:
    made = plan.make(
        PIPELINE, Options(periods=(AUGUST,)), [_file(tmp_path, "a.csv", b"a")], {}
    )
    assert made.work[0].file.claims == Claims(selected=(AUGUST,))


def test_a_file_named_by_the_user_is_claimed_to_be_of_the_period(
    tmp_path: Path,
) -> None:
    file = _file(tmp_path, "APRIL-2025.csv", b"a")
    options = Options(periods=(AUGUST,))
    (claimed,) = plan.explicit_with_period([file], [file.path], options)
    made = plan.make(PIPELINE, options, [claimed], {})
    assert made.work[0].file.claims.period_by == {"option": AUGUST, "name": APRIL}


def test_the_limit_counts_files_to_read(tmp_path: Path) -> None:
    files = [_file(tmp_path, f"{c}.csv", c.encode()) for c in "abc"]
    made = plan.make(PIPELINE, Options(limit=1), files, _known(b"a"))
    assert [w.file.name for w in made.work] == ["b.csv"]
    assert made.not_selected == 1


def test_a_problem_ends_as_its_kind_says_and_others_go_on(tmp_path: Path) -> None:
    error = Quarantined("no", where="w", expected="e", found="f", next_step="n")
    found = [Problem("x.zip", error), _file(tmp_path, "a.csv", b"a")]
    made = plan.make(PIPELINE, Options(), found, {})
    assert [one.status for one in made.ended] == ["quarantined"]
    assert len(made.work) == 1


def test_a_period_option_must_be_a_period() -> None:
    with pytest.raises(UsageError, match="--period"):
        plan.parse_options_period("soon")


def test_the_command_of_a_run_can_be_typed_again() -> None:
    options = Options(sources=("my files",), periods=(AUGUST,), limit=2, force=True)
    assert options.command("cancer") == (
        "dlt pipeline cancer run --from 'my files' --period 2025-08 --limit 2 --force"
    )


def test_a_zip_is_retried_as_a_whole() -> None:
    command = plan.retry_command(PIPELINE, "in box/a.zip!b.csv")
    assert command == "dlt pipeline toy run --from 'in box/a.zip' --retry-failed"


def test_a_folder_says_what_its_files_are(tmp_path: Path) -> None:
    folder = tmp_path / "2025-08-final"
    folder.mkdir()
    made = plan.make(PIPELINE, Options(), [_file(folder, "a.csv", b"a")], {})
    claims = made.work[0].file.claims
    assert claims.period_by == {"folder": AUGUST}
    assert claims.status_by == {"folder": "final"}


def test_a_name_of_a_year_does_not_contradict_a_month_of_it(tmp_path: Path) -> None:
    file = _file(tmp_path, "a.csv", b"a")
    year = Period(
        dt.date(2025, 4, 1), dt.date(2026, 3, 31), "financial_year", "2025/26"
    )
    file = replace(file, claims=Claims(period_by={"option": year}))
    made = plan.make(PIPELINE, Options(), [file], _known(b"a"))
    assert [one.status for one in made.ended] == ["unchanged"]


@pytest.mark.parametrize("last_found_counts", [False, True])
def test_a_file_that_is_again_what_it_was_is_read_where_the_last_counts(
    tmp_path: Path, last_found_counts: bool
) -> None:
    pipeline = replace(PIPELINE, last_found_counts=last_found_counts)
    known = _known(b"a", load_sequence=1) | _known(b"b", load_sequence=2)
    file = _file(tmp_path, "old.csv", b"a")
    made = plan.make(pipeline, Options(), [file], known)
    assert len(made.work) == last_found_counts
    # Under another name it is a copy, and the latest version is where it was.
    for again in (_file(tmp_path, "copy.csv", b"a"), _file(tmp_path, "old.csv", b"b")):
        made = plan.make(pipeline, Options(), [again], known)
        assert not made.work
        assert made.ended[0].status == "unchanged"
