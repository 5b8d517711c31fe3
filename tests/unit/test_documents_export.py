"""Directories of an export: whole or not at all, and nothing written elsewhere."""

from __future__ import annotations

import argparse
import errno
import hashlib
import json
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from loaders.documents import export_command, export_tree
from loaders.documents.export_command import Exported, files_of, plan
from loaders.documents.export_source import Texts
from loaders.documents.export_tree import Document, Writing, lacking, place_for
from loaders.documents.folders import STAGES
from loaders.errors import Failed, UsageError

FILES = {"raw.txt": b"raw\r\n", "parsed.txt": b"parsed", "metadata.json": b"{}"}
KEY = "0123456789abcdef"
DOCUMENTS = [
    Document(f"{i:016d}", stage, KEY, 5, is_parsed=True)
    for i, stage in enumerate(("draft", "draft", "essay", "evaluation", "evaluation"))
]
#: What an export calls while it writes, in the order of its first calls.
CALLS = ("mkdir", "open", "write", "sync", "rename")


def _write(root: Path) -> Writing:
    with Writing(root) as writing:
        for document in DOCUMENTS:
            writing.add(document, FILES)
    return writing


def _tree(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file()
    }


WHOLE = {f"{d.place}/{name}": text for d in DOCUMENTS for name, text in FILES.items()}


def _at_call(name: str, number: int, act: Callable[[], Any]) -> Callable[..., Any]:
    """A function of ``os`` that acts at its ``number``-th call, before it is done."""
    real = getattr(os, name)
    calls = iter(range(1_000))

    def call(*args: Any, **options: Any) -> Any:
        if next(calls) == number:
            act()
        return real(*args, **options)

    return call


def test_documents_are_written_whole(tmp_path: Path) -> None:
    writing = _write(tmp_path / "a" / "docs")
    assert _tree(tmp_path / "a" / "docs") == WHOLE
    assert writing.written == {"draft": 2, "essay": 1, "evaluation": 2}
    assert writing.bytes == sum(map(len, WHOLE.values()))
    assert not list((tmp_path / "a" / "docs").glob(".*"))


def test_groups_are_written_as_they_fill(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export_tree, "GROUP_DOCUMENTS", 2)
    with Writing(tmp_path) as writing:
        for i, document in enumerate(DOCUMENTS):
            writing.add(document, FILES)
            assert sum(writing.written.values()) == (i + 1) // 2 * 2
    assert _tree(tmp_path) == WHOLE


@pytest.mark.parametrize("number", [0, 1, 4])
@pytest.mark.parametrize("name", CALLS)
def test_a_killed_export_leaves_whole_directories_and_the_next_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, number: int
) -> None:
    monkeypatch.setattr(export_tree, "GROUP_DOCUMENTS", 1)
    child = os.fork()
    if not child:
        act = lambda: os.kill(os.getpid(), signal.SIGKILL)  # noqa: E731
        setattr(os, name, _at_call(name, number, act))
        _write(tmp_path)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    found = [lacking(tmp_path, document) for document in DOCUMENTS]
    assert set(found) <= {None, ()}
    _write(tmp_path)
    assert _tree(tmp_path) == WHOLE
    assert not list(tmp_path.glob(".*"))


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EACCES, errno.EIO])
@pytest.mark.parametrize("name", CALLS[1:])
def test_a_disk_that_refuses_leaves_whole_directories(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, code: int
) -> None:
    def refuse() -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(export_tree, "GROUP_DOCUMENTS", 1)
    with monkeypatch.context() as patched, pytest.raises(OSError) as raised:
        patched.setattr(os, name, _at_call(name, 4, refuse))
        _write(tmp_path)
    assert raised.value.errno == code
    assert set(_tree(tmp_path)) <= set(WHOLE)
    assert {lacking(tmp_path, document) for document in DOCUMENTS} <= {None, ()}
    assert not list(tmp_path.glob(".*"))
    told = export_tree.disk_error(tmp_path, raised.value)
    assert ("free some disk space" in told.next_step) == (code == errno.ENOSPC)


def test_a_write_that_is_cut_short_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.write
    monkeypatch.setattr(os, "write", lambda handle, data: real(handle, data[:1]))
    _write(tmp_path)
    assert _tree(tmp_path) == WHOLE


def test_of_two_exports_at_once_one_writes_each_document(tmp_path: Path) -> None:
    with Writing(tmp_path) as one:
        with Writing(tmp_path) as other:
            # Neither took the folder of the other for a dead one's.
            assert len(list(tmp_path.glob(".hindcast-*"))) == 2
            one.add(DOCUMENTS[0], FILES)
            other.add(DOCUMENTS[0], {**FILES, "raw.txt": b"other"})
            other.add(DOCUMENTS[2], FILES)
        assert other.written == {"draft": 1, "essay": 1}
    assert one.written == {}
    assert one.met == [DOCUMENTS[0]]
    assert (tmp_path / DOCUMENTS[0].place / "raw.txt").read_bytes() == b"other"
    assert not list(tmp_path.glob(".*"))


def test_what_is_in_the_way_stays(tmp_path: Path) -> None:
    root, outside = tmp_path / "docs", tmp_path / "outside"
    outside.mkdir()
    (root / "draft").mkdir(parents=True)
    (root / "draft" / KEY).symlink_to(outside)
    (root / "essay" / KEY).mkdir(parents=True)
    (root / DOCUMENTS[2].place).write_text("a file")
    (root / "evaluation").symlink_to(outside)
    writing = _write(root)
    assert writing.refused == DOCUMENTS
    assert not list(outside.iterdir())
    assert (root / DOCUMENTS[2].place).read_text() == "a file"
    assert not list(root.glob(".*"))


def test_only_folders_of_dead_exports_are_cleared(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "precious").touch()
    root = tmp_path / "docs"
    (root / ".hindcast-1-abc" / KEY).mkdir(parents=True)
    (root / ".hindcast-notes").mkdir()
    (root / ".hindcast-2-abc").symlink_to(outside)
    _write(root)
    left = sorted(path.name for path in root.glob(".*"))
    assert left == [".hindcast-2-abc", ".hindcast-notes"]
    assert (outside / "precious").exists()


def test_a_plan_counts_what_is_there(tmp_path: Path) -> None:
    _write(tmp_path)
    (tmp_path / DOCUMENTS[0].place / "raw.txt").unlink()
    (tmp_path / DOCUMENTS[1].place / "prompt.txt").touch()
    for name in ("parsed.txt", "metadata.json"):
        (tmp_path / DOCUMENTS[3].place / name).unlink()
    unparsed = Document(DOCUMENTS[3].doc_id, "evaluation", KEY, 5, is_parsed=False)
    new, link = (Document(f"{c}" * 16, "draft", KEY, 5, is_parsed=True) for c in "xy")
    (tmp_path / link.place).symlink_to("nowhere")
    done = Exported(tmp_path, dry_run=True)
    assert plan([*DOCUMENTS[:3], unparsed, new, link], tmp_path, done) == [new]
    assert done.incomplete == [
        f"{DOCUMENTS[0].place}: exists but lacks raw.txt",
        f"{unparsed.place}: exists but lacks metadata.json",
        f"{link.place}: exists but lacks a directory",
    ]
    assert (done.stages["draft"].documents, done.stages["draft"].there) == (4, 1)
    assert done.exit_code == 1


@pytest.mark.parametrize(
    ("stage", "key", "doc_id"),
    [
        ("drafts", KEY, KEY),
        ("..", KEY, KEY),
        ("draft", "../../../../etc/x", KEY),
        ("draft", KEY, ".."),
        ("draft", KEY, "0123456789abcde"),
        ("draft", KEY.upper(), KEY),
        ("draft", KEY, f"{KEY}\n"),
        ("draft", KEY, "٠" * 16),
    ],
)
def test_ids_that_name_no_directory_are_refused(
    stage: str, key: str, doc_id: str
) -> None:
    with pytest.raises(Failed, match="name no directory"):
        Document(doc_id, stage, key, 1, is_parsed=True).checked()


def test_a_tree_has_a_folder_of_its_own(tmp_path: Path) -> None:
    responses = tmp_path / "3_generation"
    responses.mkdir()
    (tmp_path / "link").symlink_to(responses)
    (tmp_path / "file").touch()
    csv = tmp_path / "csv" / "rows.csv"
    csv.parent.mkdir()
    csv.touch()
    for refused in (
        *(tmp_path, responses, responses / "docs", tmp_path / "link" / "docs"),
        *(tmp_path / "file", csv.parent),
    ):
        with pytest.raises(UsageError):
            place_for(refused)
    docs = tmp_path / "docs"
    assert place_for(docs) == docs.resolve()
    _write(docs)
    for beside in (".git", "draft"):
        (docs / beside).mkdir(exist_ok=True)
    (docs / "README.md").touch()
    assert place_for(docs) == docs.resolve()


def _texts(raw: str | None, encoding: str = "utf-8", **more: Any) -> Texts:
    data = (raw or "").encode(encoding)
    made = Texts(
        *(KEY, raw, None, True, None, encoding),
        hashlib.sha256(data).hexdigest(),
        '{"source_csv" : "ü.csv", "response_file" : null}',
    )
    return made._replace(**more)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_utf8_goes_back_to_its_bytes(encoding: str) -> None:
    text = "\ufeffa\r\nb\rc\n\x85\u2028ü\x1a"
    files = files_of(_texts(text, encoding, prompt="p\r\n"))
    assert isinstance(files, dict)
    assert files["raw.txt"] == text.encode(encoding)
    assert files["parsed.txt"] == text.encode()
    assert files["prompt.txt"] == b"p\r\n"
    assert files["metadata.json"].decode() == (
        '{\n  "source_csv": "ü.csv",\n  "response_file": null\n}'
    )
    assert list(json.loads(files["metadata.json"])) == ["source_csv", "response_file"]


def test_other_encodings_become_utf8() -> None:
    files = files_of(_texts("naïve", "utf-16"))
    assert isinstance(files, dict)
    assert files["raw.txt"] == "naïve".encode()
    assert "prompt.txt" not in files


def test_without_a_parsed_text_there_is_no_file_of_it() -> None:
    files = files_of(_texts("raw", is_raw_parsed=False))
    assert set(files) == {"raw.txt", "metadata.json"}
    files = files_of(_texts("raw", is_raw_parsed=False, parsed=""))
    assert isinstance(files, dict)
    assert files["parsed.txt"] == b""


def test_a_text_that_is_not_the_documents_is_not_written() -> None:
    assert "content_hash" in files_of(_texts("raw", content_hash="0" * 64))
    assert "no longer" in files_of(_texts(None))


def test_the_summary_names_some_of_many() -> None:
    done = Exported(Path("docs"), dry_run=False)
    done.stages["draft"] = export_command.Stage(documents=12)
    for document in [DOCUMENTS[0]] * 12:
        done.leave(document, "why")
    lines = done.lines()
    assert lines.count(f"  {DOCUMENTS[0].place}: why") == 10
    assert "  … and 2 more" in lines
    assert lines[2].split() == ["draft", "12", "0", "0", "0", "12"]


def test_the_command_knows_the_stages() -> None:
    parser = argparse.ArgumentParser()
    export_command.configure(parser)
    for stage in STAGES:
        args = parser.parse_args(["export", "--to", "docs", "--stage", stage])
        assert args.stages == [stage]
    assert set(export_command.STAGES) == STAGES
