"""Experiments as they lie about: zips, copies, files that are none, odd texts."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

from tests.conftest import Warehouse
from tests.integration.conftest import Done, Quick
from tests.integration.support import assert_ended

HEADER = (
    "draft_task_id,combo_id,draft_template_id,generation_model,generation_status,"
    "generation_timestamp,response_file\n"
)
BUILD = ("dbt", "build", "--quiet", "--selector", "documents")
DOCUMENTS = "select task_id, raw_chars from gold.documents order by task_id"
LEDGER = "select file_name, status, reason from raw_documents.files"


def _row(task: str, path: str) -> str:
    return f"{task},c,d,m,success,2025-08-21T10:00:00,{path}\n"


def _write(path: Path, data: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def _experiment(base: Path, texts: dict[str, bytes]) -> Path:
    """An experiment of drafts, a task for each text."""
    for name, data in texts.items():
        _write(base / "3_generation" / "draft_responses" / name, data)
    rows = [_row(name, f"draft_responses/{name}") for name in texts]
    _write(base / "7_cross_experiment" / "drafts.csv", HEADER + "".join(rows))
    return base


def _load(
    quick: Quick, warehouse: Warehouse, *words: str | Path, code: int = 0
) -> Done:
    done = quick.load(warehouse, "--from", *words, pipeline="documents")
    assert_ended(done, code)
    return done


def _build(quick: Quick, warehouse: Warehouse) -> None:
    assert_ended(quick(warehouse, *BUILD), 0)


def test_files_that_are_none_stop_no_others(
    quick: Quick, warehouse: Warehouse, tmp_path: Path
) -> None:
    base = _experiment(tmp_path / "exp", {"a.txt": b"a"})
    results = base / "7_cross_experiment"
    _write(results / "nuls.csv", b"\0" * 1000)
    _write(results / "binary.csv", bytes(range(256)) * 9)
    _write(results / "empty.csv", b"")
    _write(results / "header.csv", HEADER.replace("draft", "link"))
    (results / "dangling.csv").symlink_to(tmp_path / "nowhere")
    (results / "folder.csv").mkdir()
    os.mkfifo(results / "pipe.csv")
    done = _load(quick, warehouse, base, code=1)
    assert "\0" not in done.stdout
    assert dict(row[:2] for row in warehouse.rows(LEDGER)) == {
        **dict.fromkeys(("3_generation", "drafts.csv", "header.csv"), "loaded"),
        **dict.fromkeys(("nuls.csv", "binary.csv", "empty.csv"), "quarantined"),
        "dangling.csv": "failed",
    }
    for name, status, reason in warehouse.rows(LEDGER):
        if status != "loaded":
            assert reason.count("; ") >= 4, (name, reason)


def test_texts_are_kept_to_the_byte_whatever_their_size(
    quick: Quick, warehouse: Warehouse, tmp_path: Path
) -> None:
    odd = {
        **{"empty.txt": b"", "end.txt": b"a\n\\.\nb", "null.txt": b"\\N"},
        **{"quotes.txt": b'"a",""', "breaks.txt": b"a\r\nb\rc\n"},
        "large.txt": b"word " * 20_000_000,
    }
    base = _experiment(tmp_path / "exp", odd)
    _load(quick, warehouse, base)
    _build(quick, warehouse)
    found = "select task_id, raw_text from gold.documents inner join"
    found += " gold.document_texts using (doc_id)"
    # Not compared by assert: it would print a hundred megabytes.
    texts = {name: text.encode() for name, text in warehouse.rows(found)}
    assert texts.keys() == odd.keys()
    assert [name for name in odd if texts[name] != odd[name]] == []
    sizes = {name: len(data) for name, data in odd.items()}
    assert dict(warehouse.rows(DOCUMENTS)) == sizes


def test_a_zip_of_an_experiment_has_each_text_at_its_path(
    quick: Quick, warehouse: Warehouse, tmp_path: Path
) -> None:
    """Two responses may be alike: each is named by a row of its own."""
    base = _experiment(tmp_path / "exp", {"a.txt": b"same", "b.txt": b"same"})
    with zipfile.ZipFile(tmp_path / "exp.zip", "w") as zipped:
        for path in sorted(base.rglob("*.*")):
            zipped.write(path, path.relative_to(tmp_path))
    _load(quick, warehouse, tmp_path / "exp.zip")
    _build(quick, warehouse)
    assert warehouse.rows(DOCUMENTS) == [("a.txt", 4), ("b.txt", 4)]
    _load(quick, warehouse, tmp_path / "exp.zip")
    landed = "select files_loaded, files_unchanged from raw_documents.runs"
    assert warehouse.rows(f"{landed} order by run_number desc limit 1") == [(0, 3)]


def test_texts_of_a_copy_are_those_of_the_copy(
    quick: Quick, warehouse: Warehouse, tmp_path: Path
) -> None:
    """Its csv differs, and other experiments have other texts of the same paths."""
    bases: list[str | Path] = []
    for name, text in (("one", b"1"), ("two", b"22"), ("copy!of one", b"1")):
        base = _experiment(tmp_path / name, {"a.txt": text})
        csv = base / "7_cross_experiment" / "drafts.csv"
        _write(csv, HEADER + _row(name, "draft_responses/a.txt"))
        bases += ["--from", base]
    # Some of them twice: a folder is one source, however it was reached.
    _load(quick, warehouse, *bases[1:], "--from", base / "3_generation")
    _build(quick, warehouse)
    assert warehouse.rows(DOCUMENTS) == [("copy!of one", 1), ("one", 1), ("two", 2)]
    assert warehouse.one("select count(*) from gold.bad_generations") == 0


def test_a_folder_is_one_file_of_a_run(
    quick: Quick, warehouse: Warehouse, tmp_path: Path
) -> None:
    base = _experiment(tmp_path / "exp", {"a.txt": b"a", "b.txt": b"b"})
    _load(quick, warehouse, base, "--limit", "1")
    assert [row[0] for row in warehouse.rows(LEDGER)] == ["3_generation"]
    done = _load(quick, warehouse, base, "--dry-run")
    assert "drafts.csv" in done.stdout
    assert len(warehouse.rows(LEDGER)) == 1
    _load(quick, warehouse, base)
    assert [row[1] for row in warehouse.rows(LEDGER)] == ["loaded"] * 2


def test_a_folder_that_failed_can_be_tried_again(
    quick: Quick, warehouse: Warehouse, tmp_path: Path
) -> None:
    base = _experiment(tmp_path / "exp", {"a.txt": b"a"})
    results = base / "7_cross_experiment"
    _write(results / "later.csv", b"")
    _load(quick, warehouse, base, code=1)
    _write(results / "later.csv", HEADER + _row("later", "draft_responses/a.txt"))
    done = quick.load(warehouse, "--retry-failed", pipeline="documents")
    assert_ended(done, 0)
    assert warehouse.one("select count(*) from raw_documents.result_rows") == 2


def test_the_order_of_loads_is_not_that_of_clocks(
    quick: Quick, warehouse: Warehouse, tmp_path: Path
) -> None:
    """The id of a load is its time: here the clock runs backwards."""
    base = tmp_path / "exp"
    for task, text in (("first", b"1"), ("second", b"22")):
        _experiment(base, {"a.txt": text})
        csv = base / "7_cross_experiment" / "drafts.csv"
        _write(csv, HEADER + _row(task, "draft_responses/a.txt"))
        _load(quick, warehouse, base)
    for table in ("files", "file_tables"):
        warehouse.rows(
            f"update raw_documents.{table}"
            " set load_id = cast(9999999999 - cast(load_id as numeric) as varchar)"
            " returning 1"
        )
    _build(quick, warehouse)
    assert warehouse.rows(DOCUMENTS) == [("first", 1), ("second", 2)]
