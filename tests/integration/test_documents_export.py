"""Documents as directories, and what a scan of them says afterwards."""

from __future__ import annotations

import hashlib
import json
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import BIN, ROOT, Warehouse
from tests.integration.conftest import Done, Quick
from tests.integration.support import assert_ended, assert_four_parts
from tests.integration.test_documents_resolution import Experiment, build

Maker = Callable[..., Warehouse]
EXPORT = ("hindcast", "documents", "export", "--to")
#: Responses whose bytes are not those of their text in utf-8, or not only ASCII.
ODD = {
    "draft_responses/d0.txt": "\ufeffWith a mark.\r\n".encode(),
    "draft_responses/d1.txt": "Après l'été, où était la fenêtre? À côté.".encode(
        "utf-16"
    ),
    "draft_responses/d1_again.txt": b"<essay>\r\n The essay. </essay> after\r\n",
    "link_responses/l0.txt": "é\r\nü\r".encode(),
}
PROMPT = b"Write a link.\r\n"
#: Kills itself at a call of os; the words after it are those of the command.
KILLING = """
import os, signal, sys
name, number = sys.argv[1], int(sys.argv[2])
from loaders import cli
from loaders.documents import export_tree
export_tree.GROUP_DOCUMENTS = 1
real, left = getattr(os, name), [number]
def call(*args, **options):
    left[0] -= 1
    if left[0] < 0:
        os.kill(os.getpid(), 9)
    return real(*args, **options)
setattr(os, name, call)
cli.main(sys.argv[4:])
"""
CONSISTENCY = (
    "select count(*), count(*) filter (where has_issue),"
    " count(*) filter (where missing_raw), count(*) filter (where missing_parsed),"
    " count(*) filter (where not missing_prompt),"
    " count(*) filter (where not dir_exists),"
    " count(*) filter (where is_raw_changed)"
    " from gold.documents_consistency_report"
)


@pytest.fixture(scope="module")
def built(
    quick: Quick, module_warehouses: Maker, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Warehouse, Path]:
    """An experiment with responses of all kinds; the tests change no document."""
    made = module_warehouses()
    experiment = Experiment(tmp_path_factory.mktemp("experiment"))
    for path, content in ODD.items():
        (experiment.base / "3_generation" / path).write_bytes(content)
    prompt = experiment.base / "3_generation" / "link_prompts" / "l0.txt"
    prompt.parent.mkdir()
    prompt.write_bytes(PROMPT)
    catalogue = experiment.base / "1_raw" / "draft_templates.csv"
    catalogue.parent.mkdir()
    catalogue.write_text(
        "template_id,template_name,description,active,parser\n"
        "block,a,b,true,essay_block\nt,a,b,true,\n"
    )
    again = list(experiment.rows["draft"][2])
    again[2] = "block"
    experiment.rows["draft"][2] = tuple(again)
    experiment.load(quick, made)
    build(quick, made)
    return made, experiment.base


@pytest.fixture(scope="module")
def warehouse(built: tuple[Warehouse, Path]) -> Warehouse:
    """That of the experiment."""
    return built[0]


@pytest.fixture(scope="module")
def exported(
    quick: Quick, warehouse: Warehouse, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """All documents, exported once; not to be changed."""
    to = tmp_path_factory.mktemp("exported") / "docs"
    assert_ended(quick(warehouse, *EXPORT, to), 0)
    return to


def _contents(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file()
    }


def test_each_document_has_its_directory(
    built: tuple[Warehouse, Path], exported: Path
) -> None:
    warehouse, base = built
    rows = warehouse.rows(
        "select doc_dir, stage, parent_doc_id, source_csv, response_file, content_hash,"
        " t.encoding, t.parsed_text from gold.documents as d"
        " inner join gold.document_texts as t using (doc_dir, stage, content_hash)"
    )
    assert len(rows) == 8
    for folder, stage, parent, csv, response, digest, encoding, parsed in rows:
        made = exported / folder
        root = "4_evaluation" if stage == "evaluation" else "3_generation"
        original = (base / root / response).read_bytes()
        assert hashlib.sha256(original).hexdigest() == digest
        raw = (made / "raw.txt").read_bytes()
        if encoding in ("utf-8", "utf-8-sig"):
            assert raw == original
        else:
            assert raw.decode() == original.decode(encoding)
        assert (made / "parsed.txt").read_bytes().decode() == parsed
        is_link = response == "link_responses/l0.txt"
        assert (made / "prompt.txt").exists() == is_link
        text = (made / "metadata.json").read_text(encoding="utf-8")
        metadata = json.loads(text)
        assert text == json.dumps(metadata, indent=2)
        assert (metadata["source_csv"], metadata["response_file"]) == (csv, response)
        times, more = {
            "draft": ("generation_timestamp", []),
            "essay": ("generation_timestamp", ["parent_task_id"]),
            "evaluation": ("evaluation_timestamp", ["parent_doc_id"]),
        }[stage]
        assert list(metadata) == ["source_csv", "response_file", times, *more]
        assert metadata.get("parent_doc_id", parent) == parent
    contents = _contents(exported)
    assert len(contents) == 3 * len(rows) + 1
    assert {text for name, text in contents.items() if "prompt" in name} == {PROMPT}
    assert b"The essay." in {t for name, t in contents.items() if "parsed" in name}


def test_what_is_there_is_not_touched(
    quick: Quick, warehouse: Warehouse, exported: Path, tmp_path: Path
) -> None:
    docs = tmp_path / "docs"
    shutil.copytree(exported, docs)
    first, second, third = sorted(docs.glob("*/*/*"))[:3]
    (first / "raw.txt").write_text("changed by somebody")
    for file in second.iterdir():
        file.unlink()
    (third / "raw.txt").unlink()
    before = {path: path.stat().st_mtime_ns for path in docs.rglob("*")}
    done = quick(warehouse, *EXPORT, docs)
    assert_ended(done, 1, f"{third.relative_to(docs)}: exists but lacks raw.txt\n")
    assert (
        f"{second.relative_to(docs)}: exists but lacks raw.txt, parsed" in done.stdout
    )
    assert "wrote 0 documents, 0.0 MB" in done.stdout
    assert {path: path.stat().st_mtime_ns for path in docs.rglob("*")} == before
    shutil.rmtree(second)
    shutil.move(third, tmp_path / "away")
    assert_ended(quick(warehouse, *EXPORT, docs), 0, "wrote 2 documents")
    changed = f"{first.relative_to(docs)}/raw.txt"
    assert _contents(docs) == {
        **_contents(exported),
        changed: b"changed by somebody",
    }


def test_some_of_the_documents(
    quick: Quick, warehouse: Warehouse, exported: Path, tmp_path: Path
) -> None:
    docs = tmp_path / "docs"
    assert_ended(quick(warehouse, *EXPORT, docs, "--dry-run"), 0, "would write 8")
    assert not docs.exists()
    words = ("--stage", "essay", "--stage", "draft", "--run-id", "hindcast")
    assert_ended(quick(warehouse, *EXPORT, docs, *words), 0, "wrote 6 documents")
    assert {path.name for path in docs.iterdir()} == {"draft", "essay"}
    assert_ended(quick(warehouse, *EXPORT, docs), 0, "wrote 2 documents")
    assert _contents(docs) == _contents(exported)
    latest = tmp_path / "latest"
    assert_ended(quick(warehouse, *EXPORT, latest, "--latest"), 0)
    assert {str(path.relative_to(latest)) for path in latest.glob("*/*/*")} == {
        place
        for (place,) in warehouse.rows(
            "select doc_dir from gold.documents_latest_report"
        )
    }
    told = quick(warehouse, *EXPORT, tmp_path / "none", "--run-id", "nobodys")
    assert_ended(told, 2)
    assert_four_parts(told.stderr, "no document is chosen")
    assert not (tmp_path / "none").exists()


def test_places_that_are_none(
    quick: Quick, built: tuple[Warehouse, Path], tmp_path: Path
) -> None:
    warehouse, base = built
    (tmp_path / "file").touch()
    before = _contents(base)
    for place in (base, base / "3_generation" / "docs", tmp_path / "file"):
        told = quick(warehouse, *EXPORT, place)
        assert_ended(told, 2)
        assert_four_parts(told.stderr, "cannot export documents to this folder")
    assert _contents(base) == before
    # Nobody may make a folder there, root included.
    told = quick(warehouse, *EXPORT, "/proc/docs")
    assert_ended(told, 1)
    assert_four_parts(told.stderr, "cannot write documents", "/proc/docs")


def test_without_marts_it_says_what_to_build(
    quick: Quick, make_warehouse: Maker, tmp_path: Path
) -> None:
    told = quick(make_warehouse(), *EXPORT, tmp_path / "docs")
    assert_ended(told, 1)
    assert_four_parts(told.stderr, "cannot read the documents", "dbt build")
    assert not (tmp_path / "docs").exists()


def test_a_full_disk_leaves_what_is_whole(
    quick: Quick, warehouse: Warehouse, exported: Path, tmp_path: Path
) -> None:
    docs = tmp_path / "docs"
    sizes = sorted(len(content) for content in _contents(exported).values())
    limit = (sizes[-1] - 1, resource.RLIM_INFINITY)
    told = subprocess.run(
        [str(BIN / "hindcast"), *EXPORT[1:], str(docs)],
        cwd=ROOT,
        env=warehouse.environment,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, limit),
    )
    assert_ended(told, 1)
    assert_four_parts(told.stderr, "cannot write documents", "free some disk space")
    left = _contents(docs)
    assert left.items() <= _contents(exported).items()
    assert not list(docs.glob(".*"))
    assert_ended(quick(warehouse, *EXPORT, docs), 0)
    assert _contents(docs) == _contents(exported)


@pytest.mark.parametrize(
    ("name", "number"), [("write", 10), ("sync", 3), ("rename", 5)]
)
def test_a_killed_export_is_made_up_for(
    quick: Quick,
    warehouse: Warehouse,
    exported: Path,
    tmp_path: Path,
    name: str,
    number: int,
) -> None:
    docs = tmp_path / "docs"
    words = [name, str(number), *EXPORT, str(docs)]
    done = subprocess.run(
        [sys.executable, "-c", KILLING, *words],
        cwd=ROOT,
        env=warehouse.environment,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL
    assert list(docs.glob(".hindcast-*"))
    places = {path.relative_to(docs) for path in docs.glob("[!.]*/*/*")}
    assert 0 < len(places) < 8
    for place in places:
        assert _contents(docs / place) == _contents(exported / place)
    assert_ended(
        quick(warehouse, *EXPORT, docs), 0, f"wrote {8 - len(places)} documents"
    )
    assert _contents(docs) == _contents(exported)
    assert not list(docs.glob(".*"))


def test_two_exports_at_once(
    warehouse: Warehouse, exported: Path, tmp_path: Path
) -> None:
    docs = tmp_path / "docs"
    both = [
        subprocess.Popen(
            [str(BIN / "hindcast"), *EXPORT[1:], str(docs)],
            cwd=ROOT,
            env=warehouse.environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    said = [one.communicate(timeout=60)[0] for one in both]
    assert [one.returncode for one in both] == [0, 0], said
    written = [int(out.split("wrote ", 1)[1].split()[0]) for out in said]
    assert sum(written) == 8
    assert _contents(docs) == _contents(exported)
    assert not list(docs.glob(".*"))


def test_a_scan_says_what_the_tree_lacks(
    quick: Quick, warehouse: Warehouse, exported: Path, tmp_path: Path
) -> None:
    docs = tmp_path / "docs"
    shutil.copytree(exported, docs)
    # What a killed export leaves is no document.
    partial = docs / ".hindcast-1-abc" / "0123456789abcdef"
    partial.mkdir(parents=True)
    (partial / "raw.txt").write_text("half")

    def scan() -> list[tuple[object, ...]]:
        assert_ended(_load(quick, warehouse, docs), 0)
        build(quick, warehouse)
        return warehouse.rows(CONSISTENCY)

    assert scan() == [(8, 0, 0, 0, 1, 0, 0)]
    files = sum(1 for _ in docs.glob("[!.]*/*/*/*"))
    assert warehouse.one("select count(*) from raw_documents.document_files") == files

    # Of none of them the response's own bytes are in raw.txt: one is in utf-16.
    odd, gone, *others = (
        docs / place
        for (place,) in warehouse.rows(
            "select doc_dir from gold.document_texts order by encoding = 'utf-16' desc,"
            " prompt_text is not null, doc_dir"
        )
    )
    (odd / "raw.txt").write_bytes(ODD["draft_responses/d1.txt"])
    shutil.rmtree(gone)
    for document in others[:3]:
        (document / "raw.txt").unlink()
    (others[4] / "parsed.txt").unlink()
    assert scan() == [(8, 6, 4, 2, 1, 1, 1)]
    assert warehouse.rows(
        "select doc_dir, is_raw_changed from gold.documents_consistency_report"
        " where is_raw_changed"
    ) == [(odd.relative_to(docs).as_posix(), True)]


def _load(quick: Quick, warehouse: Warehouse, docs: Path) -> Done:
    return quick.load(warehouse, "--from", docs, pipeline="documents")
