from __future__ import annotations

import os
import zipfile
from pathlib import Path

import pytest

from loaders import project
from loaders.errors import Failed, Quarantined, UsageError
from loaders.files import Problem, inbox
from loaders.model import Claims, SourceFile
from loaders.periods import month

SUFFIXES = (".csv", ".xlsx")


@pytest.fixture
def root(tmp_path, monkeypatch) -> Path:
    folder = (tmp_path / "project").resolve()
    folder.mkdir()
    monkeypatch.setattr(project, "root", lambda: folder)
    return folder


def put(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode())


def sources(found: list[SourceFile | Problem]) -> list[str]:
    return [item.source for item in found]


def test_a_folder_gives_its_files_in_one_order_at_any_depth(root):
    put(root, "in/b.csv", "in/B/z.xlsx", "in/a/c.CSV", "in/a/b/d.csv")
    found, skipped = inbox.find([root / "in"], SUFFIXES)
    assert sources(found) == ["in/B/z.xlsx", "in/a/b/d.csv", "in/a/c.CSV", "in/b.csv"]
    assert skipped == []


def test_what_is_passed_over_is_said_with_a_reason(root):
    put(root, "in/.DS_Store", "in/~$a.xlsx", "in/README", "in/a.pdf", "in/.git/x.csv")
    found, skipped = inbox.find([root / "in"], SUFFIXES)
    assert found == []
    assert skipped == [
        "in/.DS_Store: a hidden file",
        "in/.git: a hidden folder",
        "in/README: a name without an ending",
        "in/a.pdf: its ending is none of .csv, .xlsx, .zip",
        "in/~$a.xlsx: a lock file of Office",
    ]


def test_a_source_outside_the_project_is_absolute(root, tmp_path):
    put(tmp_path, "else/a.csv")
    found, _ = inbox.find([tmp_path / "else" / "a.csv"], SUFFIXES)
    assert sources(found) == [(tmp_path / "else" / "a.csv").as_posix()]


def test_a_relative_path_is_of_the_current_folder(root, monkeypatch):
    put(root, "in/a.csv")
    monkeypatch.chdir(root / "in")
    found, _ = inbox.find([Path("../in/a.csv")], SUFFIXES)
    assert sources(found) == ["in/a.csv"]


def test_a_missing_path_is_a_wrong_call_before_anything_is_looked_at(root):
    put(root, "in/a.csv")
    with pytest.raises(UsageError) as error:
        inbox.find([root / "in", root / "gone"], SUFFIXES)
    assert error.value.where == str(root / "gone")
    assert error.value.found == "nothing of that name"


def test_loops_of_links_end_and_each_file_comes_once(root):
    put(root, "in/z/a.csv")
    (root / "in" / "z" / "up").symlink_to("..")
    (root / "in" / "a link").symlink_to("z")
    (root / "in" / "a.csv").symlink_to("z/a.csv")
    found, skipped = inbox.find([root / "in"], SUFFIXES)
    assert sources(found) == ["in/z/a.csv"]
    assert skipped == ["in/a.csv: the same file as in/z/a.csv"]


def test_a_linked_folder_outside_is_looked_into(root, tmp_path):
    put(tmp_path, "else/a.csv")
    (root / "in").mkdir()
    (root / "in" / "link").symlink_to(tmp_path / "else")
    found, _ = inbox.find([root / "in"], SUFFIXES)
    assert sources(found) == ["in/link/a.csv"]


def test_a_file_given_twice_is_taken_once(root):
    put(root, "in/a.csv")
    found, skipped = inbox.find([root / "in/a.csv", root / "in"], SUFFIXES)
    assert sources(found) == ["in/a.csv"]
    assert skipped == []


@pytest.mark.parametrize("target", ["nowhere.csv", "a.csv"])
def test_a_link_to_nowhere_or_to_itself_is_a_problem_of_its_own(root, target):
    put(root, "in/b.csv")
    (root / "in" / "a.csv").symlink_to(target)
    found, _ = inbox.find([root / "in"], SUFFIXES)
    assert sources(found) == ["in/a.csv", "in/b.csv"]
    assert isinstance(found[0], Problem)
    assert isinstance(found[0].error, Failed)


def test_a_pipe_is_not_opened(root):
    put(root, "in/b.csv")
    os.mkfifo(root / "in" / "a.csv")
    found, skipped = inbox.find([root / "in"], SUFFIXES)
    assert sources(found) == ["in/b.csv"]
    assert skipped == ["in/a.csv: neither a file nor a folder"]


def test_zips_are_opened_whatever_the_suffixes_and_a_bad_one_stops_no_other(root):
    put(root, "in/bad.zip", "in/c.csv")
    with zipfile.ZipFile(root / "in" / "a.ZIP", "w") as z:
        z.writestr("x/y.csv", "1")
        z.writestr("notes.txt", "1")
    found, skipped = inbox.find([root / "in"], SUFFIXES)
    assert sources(found) == ["in/a.ZIP!x/y.csv", "in/bad.zip", "in/c.csv"]
    assert isinstance(found[1], Problem)
    assert isinstance(found[1].error, Quarantined)
    assert skipped == ["in/a.ZIP!notes.txt: its ending is none of .csv, .xlsx, .zip"]


def test_claims_are_made_by_the_name_alone(root):
    put(root, "2024/aug.csv")

    def claims(name: str) -> Claims:
        return Claims(period_by={"name": month(2025, 8)} if name == "aug.csv" else {})

    found, _ = inbox.find([root / "2024"], SUFFIXES, claims)
    assert isinstance(found[0], SourceFile)
    assert found[0].claims.period_by["name"].label == "2025-08"


def test_a_name_that_is_not_text_can_still_be_stored(root):
    (root / "in").mkdir()
    try:
        Path(os.fsdecode(bytes(root / "in") + b"/caf\xe9.csv")).write_bytes(b"x")
    except OSError:
        pytest.skip("this file system takes only names in UTF-8")
    found, _ = inbox.find([root / "in"], SUFFIXES)
    assert sources(found) == ["in/caf\ufffd.csv"]
    found[0].source.encode()
