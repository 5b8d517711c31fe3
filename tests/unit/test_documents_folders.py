"""Folders as one source: what is taken, what is new, and what is no text."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Any

import pytest

from loaders import project
from loaders.documents import PIPELINE, folders, texts
from loaders.documents.folders import Version
from loaders.documents.read import is_streamed, stream
from loaders.errors import Failed, UsageError
from loaders.files import Problem, inbox
from loaders.model import Asking, SourceFile
from tests.unit.workflow_files import rows_of

DRY = Asking(None, None)
ID = "0123456789abcdef"


def _find(path: Path) -> tuple[list[SourceFile], list[str]]:
    assert PIPELINE.databases is not None
    found, skipped = inbox.find(
        [path], PIPELINE.suffixes, whole=PIPELINE.databases.folder
    )
    assert not [one for one in found if isinstance(one, Problem)]
    return [one for one in found if isinstance(one, SourceFile)], skipped


def _fetch(path: Path) -> SourceFile:
    (file,), _ = _find(path)
    (fetched,) = folders.fetch(file, DRY)
    assert isinstance(fetched, SourceFile)
    return fetched


def _landed(path: Path) -> list[dict[str, Any]]:
    (table,) = texts.stream(_fetch(path)).tables
    return rows_of(table)


def _write(path: Path, data: bytes = b"text") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def test_a_root_is_one_source_with_all_below_it(tmp_path: Path) -> None:
    base = tmp_path / "exp"
    _write(base / "3_generation" / "draft_responses" / "a.txt")
    _write(base / "3_generation" / "links_prompts" / "deep" / "b.txt")
    _write(base / "7_cross_experiment" / "r.csv")
    found, _ = _find(tmp_path)
    assert [file.path for file in found] == [
        base / "3_generation",
        base / "7_cross_experiment" / "r.csv",
    ]
    rows = _landed(base / "3_generation")
    assert [(row["base"], row["root"], row["path"]) for row in rows] == [
        (str(base), "3_generation", "draft_responses/a.txt"),
        (str(base), "3_generation", "links_prompts/deep/b.txt"),
    ]


def test_a_folder_below_a_root_has_the_paths_of_the_root(tmp_path: Path) -> None:
    folder = tmp_path / "exp" / "3_generation" / "draft_responses"
    _write(folder / "a.txt")
    (row,) = _landed(folder)
    assert (row["base"], row["root"], row["path"]) == (
        *(str(tmp_path / "exp"), "3_generation", "draft_responses/a.txt"),
    )


def test_a_folder_of_texts_leaves_the_rest_to_be_looked_into(tmp_path: Path) -> None:
    folder = tmp_path / "exp" / "answers" / "evaluations"
    _write(folder / "a.txt")
    _write(folder / "scores.csv")
    _write(folder / "more" / "b.txt")
    found, _ = _find(tmp_path)
    assert [file.path for file in found] == [
        folder,
        folder / "more",
        folder / "scores.csv",
    ]
    (fetched,) = folders.fetch(found[0], DRY)
    assert isinstance(fetched, SourceFile)
    version: Version = fetched.details
    assert (version.base, version.root) == (str(tmp_path / "exp"), "answers")
    assert [text.path for text in version.texts] == ["evaluations/a.txt"]


def test_a_listing_is_what_paths_hold(tmp_path: Path) -> None:
    root = tmp_path / "3_generation"
    text = _write(root / "d" / "a.txt", b"one")
    first = _fetch(root).sha256
    os.utime(text, (0, 0))
    assert _fetch(root).sha256 == first
    _write(text, b"two")
    changed = _fetch(root).sha256
    text.rename(root / "d" / "b.txt")
    assert len({first, changed, _fetch(root).sha256}) == 3


def test_links_and_other_files_are_passed_over(tmp_path: Path) -> None:
    root = tmp_path / "exp" / "3_generation"
    _write(root / "d" / "a.txt")
    _write(root / "d" / "picture.png")
    _write(root / "d" / ".hidden.txt")
    secret = _write(tmp_path / "secret.txt", b"secret")
    (root / "d" / "link.txt").symlink_to(secret)
    (root / "up").symlink_to(tmp_path)
    os.mkfifo(root / "d" / "pipe.txt")
    fetched = _fetch(root)
    assert [text.path for text in fetched.details.texts] == ["d/a.txt"]
    made = texts.stream(fetched)
    assert len(rows_of(made.tables[0])) == 1
    assert made.notes == ("4 files are no texts, or links: passed over",)


def test_a_link_beside_texts_is_not_followed(tmp_path: Path) -> None:
    folder = tmp_path / "exp" / "answers"
    _write(folder / "a.txt")
    _write(folder / "scores.csv")
    (folder / "dangling.txt").symlink_to(tmp_path / "nowhere")
    (folder / "link.txt").symlink_to(_write(tmp_path / "secret" / "s.bin"))
    found, _ = _find(folder)
    assert [file.path for file in found] == [folder, folder / "scores.csv"]
    (fetched,) = folders.fetch(found[0], DRY)
    assert isinstance(fetched, SourceFile)
    made = texts.stream(fetched)
    assert [row["path"] for row in rows_of(made.tables[0])] == ["answers/a.txt"]
    assert made.notes == ("2 files are no texts, or links: passed over",)


def test_the_same_texts_elsewhere_are_another_source(tmp_path: Path) -> None:
    found = set()
    for experiment in ("one", "two"):
        _write(tmp_path / experiment / "3_generation" / "d" / "a.txt")
        _write(tmp_path / experiment / "docs" / "draft" / ID / ID / "raw.txt")
        found |= {
            _fetch(tmp_path / experiment / name).sha256
            for name in ("3_generation", "docs")
        }
    assert len(found) == 4


def test_names_that_print_alike_are_told_apart(tmp_path: Path) -> None:
    folder = tmp_path / "3_generation" / "d"
    folder.mkdir(parents=True)
    for name in (b"a\xff.txt", b"a\xfe.txt", b"b\xff.txt"):
        try:
            (folder / os.fsdecode(name)).write_bytes(name)
        except OSError:
            pytest.skip("this file system has names in utf-8 only")
    rows = _landed(tmp_path / "3_generation")
    assert [row["path"] for row in rows] == [
        *("d/a%FE.txt", "d/a%FF.txt", "d/b\ufffd.txt"),
    ]


def test_a_time_that_no_calendar_has_is_left_out() -> None:
    assert texts._time(2.0**60) is None
    assert texts._time(0) == "1970-01-01T00:00:00+00:00"


@pytest.mark.parametrize(
    ("data", "content", "encoding", "flags"),
    [
        (b"", "", "utf-8", None),
        ("\u00e4\u4e2d".encode(), "\u00e4\u4e2d", "utf-8", None),
        ("\u00e4".encode("utf-8-sig"), "\u00e4", "utf-8-sig", None),
        ("\u00e4".encode("utf-16"), "\u00e4", "utf-16", None),
        ("\u00e4".encode("utf-32"), "\u00e4", "utf-32", None),
        (b"a\0b", None, None, "nul_bytes"),
        ("a\0b".encode("utf-16"), None, "utf-16", "nul_bytes"),
        (b"\xff\xfea", None, "utf-16", "unreadable"),
        (bytes(range(128, 256)) * 9, None, None, "unreadable"),
    ],
)
def test_content(
    data: bytes, content: str | None, encoding: str | None, flags: str | None
) -> None:
    made = texts.content_of(data)
    assert made.text == (None if content is None else content.encode())
    assert (made.encoding, made.flags) == (encoding, flags)


def test_a_sure_guess_is_taken_and_named() -> None:
    novel = "吾輩は猫である。名前はまだ無い。どこで生れたかとんと見当がつかぬ。"
    made = texts.content_of(novel.encode("shift_jis"))
    assert made.text == novel.encode()
    assert (made.encoding, made.flags) == ("cp932", "guessed_encoding")


def test_a_guess_that_is_not_sure_is_not_taken() -> None:
    made = texts.content_of("Der Zug fährt über die Brücke".encode("cp1252"))
    assert (made.text, made.flags) == (None, "unreadable")


def test_sizes_are_of_bytes_and_characters(tmp_path: Path) -> None:
    _write(tmp_path / "3_generation" / "d" / "a.txt", "\u00e4\u4e2d".encode())
    (row,) = _landed(tmp_path / "3_generation")
    assert (row["bytes"], row["chars"], row["content"]) == ("5", "2", "\u00e4\u4e2d")
    assert row["modified_at"].endswith("+00:00")


def test_what_goes_and_changes_while_it_is_read_is_looked_at_again(
    tmp_path: Path,
) -> None:
    root = tmp_path / "3_generation"
    gone, other = _write(root / "d" / "a.txt"), _write(root / "d" / "b.txt")
    fetched = _fetch(root)
    gone.unlink()
    other.write_bytes(b"changed")
    made = texts.stream(fetched)
    (row,) = rows_of(made.tables[0])
    assert row["content"] == "changed"
    assert made.details.listing == ""
    assert made.remark == "not still: 2 changed meanwhile, run again"


def test_what_may_not_be_read_is_said(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may read everything")
    text = _write(tmp_path / "3_generation" / "d" / "a.txt")
    text.chmod(0)
    (row,) = _landed(tmp_path / "3_generation")
    assert row["flags"] == "unreadable"
    assert "sha256" not in row


def test_large_texts_are_batches_of_their_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(texts, "BATCH_BYTES", 10)
    for name in "abc":
        _write(tmp_path / "3_generation" / "d" / f"{name}.txt", b"x" * 11)
    (table,) = texts.stream(_fetch(tmp_path / "3_generation")).tables
    numbers = [batch.column("_source_row").to_pylist() for batch in table.batches]
    assert numbers == [[1], [2], [3]]
    assert table.last_row == 3


def test_too_long_a_text_is_known_by_its_hash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texts, "LONGEST", 3)
    assert texts.content_of(b"four").flags == "too_long"
    assert texts.content_of(b"abc").flags is None


def test_too_long_a_text_is_never_held(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(texts, "LONGEST", 3)
    monkeypatch.setattr(texts, "content_of", lambda _: pytest.fail("it was read"))
    _write(tmp_path / "3_generation" / "d" / "a.txt", b"four")
    fetched = _fetch(tmp_path / "3_generation")
    made = texts.stream(fetched)
    (row,) = rows_of(made.tables[0])
    assert (row["flags"], row["bytes"]) == ("too_long", "4")
    assert row["sha256"] == hashlib.sha256(b"four").hexdigest()
    assert made.remark is None


def test_an_example_says_so_in_a_file_of_its_own(tmp_path: Path) -> None:
    root = tmp_path / "3_generation"
    _write(root / "d" / "a.txt", b"example: of an answer\n")
    assert not texts.stream(_fetch(root)).is_example
    _write(root / "EXAMPLE.txt", b"example: all of it is made up\n")
    assert texts.stream(_fetch(root)).is_example


def test_a_tree_of_documents_is_known_by_its_structure(tmp_path: Path) -> None:
    docs = tmp_path / "docs"
    document = docs / "draft" / ID / ID
    _write(document / "raw.txt", b"one")
    _write(document / "metadata.json", b"{}")
    (docs / "essay" / ID / ID).mkdir(parents=True)
    # What is left of a document whose directory was deleted.
    (docs / "draft" / ID[::-1]).mkdir()
    _write(docs / "notes.txt")
    (found,), _ = _find(tmp_path)
    assert found.path == docs
    made = texts.stream(_fetch(docs))
    (table,) = made.tables
    rows = rows_of(table)
    assert table.table == "document_files"
    assert [(r["stage"], r["doc_id"], r.get("file_name")) for r in rows] == [
        ("draft", ID, "metadata.json"),
        ("draft", ID, "raw.txt"),
        ("essay", ID, None),
    ]
    assert rows[1]["bytes"] == "3"
    assert rows[1]["docs_root"] == str(docs)


def test_the_roots_are_a_setting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(project, "setting", lambda *_, default: ["answers"])
    _write(tmp_path / "answers" / "d" / "a.txt")
    (found,), _ = _find(tmp_path)
    assert found.path == tmp_path / "answers"
    monkeypatch.setattr(project, "setting", lambda *_, default: "answers")
    with pytest.raises(UsageError, match="roots"):
        folders.roots()


def test_a_text_given_by_itself_has_its_place() -> None:
    assert folders.place_of("exp/3_generation/d/a.txt") == (
        *("exp", "3_generation", "d/a.txt"),
    )
    assert folders.place_of("x.zip!4_evaluation/d/a.txt") == (
        *("x.zip", "4_evaluation", "d/a.txt"),
    )
    assert folders.place_of("exp/answers/d/a.txt") == ("exp", "answers", "d/a.txt")


def test_one_text_is_known_by_its_place_and_content(tmp_path: Path) -> None:
    """Equal texts of several paths, which csvs name, are several."""
    first = _write(tmp_path / "exp.zip" / "a.txt")
    second = _write(tmp_path / "exp.zip" / "b.txt")
    found = set()
    for path in (first, second):
        (fetched,) = folders.fetch(SourceFile(str(path), path.name, path), DRY)
        assert isinstance(fetched, SourceFile)
        assert is_streamed(fetched)
        (row,) = rows_of(stream(fetched).tables[0])
        assert row["path"] == f"exp.zip/{path.name}"
        found.add(fetched.sha256)
    assert len(found) == 2
    (fetched,) = folders.fetch(SourceFile(str(first), "a.txt", first), DRY)
    assert isinstance(fetched, SourceFile)
    first.write_bytes(b"changed")
    with pytest.raises(Failed, match="changes while it is read"):
        stream(fetched)


@pytest.mark.parametrize("name", ["a/b", "", "/"])
def test_a_root_is_the_name_of_a_folder(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(project, "setting", lambda *_, default: [*default, name])
    with pytest.raises(UsageError, match="cannot use the settings"):
        folders.roots()
