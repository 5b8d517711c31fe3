"""Random experiments, resolved in SQL and in plain Python: the same documents."""

from __future__ import annotations

import csv
import hashlib
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Warehouse
from tests.integration import document_oracle as oracle
from tests.integration.conftest import Quick
from tests.integration.document_oracle import Index, Row
from tests.integration.support import assert_ended
from tests.integration.test_documents_resolution import build

#: Small experiments that share nothing, in the csv of one folder.
CASES = 150
ROWS = {"draft": 6, "link": 3, "generation": 2, "essay": 6, "evaluation": 7}
FILES = {
    "draft": ("draft_generation_results", "draft_task_id", "draft_template_id"),
    "link": ("link_generation_results", "link_task_id", "link_template_id"),
    "generation": ("generation_results", "generation_task_id", "generation_template"),
    "essay": ("essay_generation_results", "essay_task_id", "essay_template_id"),
}
EVALUATION = (
    "evaluation_task_id,combo_id,evaluation_template,evaluation_model,"
    "evaluation_status,evaluation_timestamp,eval_response_file,"
    "essay_task_id,generation_task_id"
)
STATUSES = ("success",) * 60 + (" Success", "SUCCESS ", "failed", "", "error")
TIMES = (
    *("{day}T{hour:02}:{minute:02}:00",) * 4,
    *("{day}T{hour:02}:{minute:02}:00.000000", "{day} {hour:02}:{minute:02}:00"),
    *("{day}T{hour:02}:{minute:02}:00Z", "{day}T{later:02}:{minute:02}:00+02:00"),
    " {day}T{hour:02}:{minute:02}:00.000001 ",
)
NO_TIMES = ("", "yesterday", "2025-13-01T00:00:00", "2025-08-20T25:00:00")
#: How one path may be written.
WAYS = ("{}/{}", "{}/{}", "./{}/{}", "{}//{}", "{}/./{}")
NO_PATHS = ("", "gone.txt", "draft_responses", "../{path}", "a/../{path}", "/{path}")
DOCUMENT = (
    "select d.source_kind, d.row_index, d.task_id, d.combo_id, d.template_id,"
    " d.model_id, d.logical_key_id, d.doc_id, d.parent_doc_id, d.raw_chars"
    " from gold.documents as d order by 1, 2, 8"
)
BAD = (
    "select replace(source_csv, '.csv', ''), row_index, coalesce(task_id, ''), reason"
    " from gold.bad_generations order by 1, 2, 3, 4"
)
WRITTEN = (
    "select d.source_kind, d.task_id, coalesce(d.combo_id, ''), d.content_hash,"
    " p.content_hash, p.source_kind"
    " from gold.documents as d left join gold.documents as p"
    " on d.parent_doc_id = p.doc_id order by 1, 2, 3, 4, 5"
)


def plain(path: str) -> str:
    """A path without what changes nothing about it."""
    return path.strip().removeprefix("./").replace("//", "/").replace("/./", "/")


class Experiments:
    """Small random experiments in one folder, and what each response holds."""

    def __init__(self, base: Path, seed: int) -> None:
        self.base = base
        self.draw = random.Random(seed)
        self.responses: dict[str, str | None] = {}
        self.rows: dict[str, list[Row]] = {kind: [] for kind in ROWS}
        #: Paths of rows whose response is yet to come.
        self.awaited: list[str] = []
        #: Rows that were taken out of their csv, with their indexes.
        self.gone: list[tuple[int, Row]] = []
        #: Texts whose file has another name now; nothing that landed is forgotten.
        self.moved: dict[str, str | None] = {}
        self.row_count = 0
        self.grow(range(CASES))

    def grow(self, cases: range) -> None:
        """Appends rows to every csv."""
        for case in cases:
            for kind, most in ROWS.items():
                count = self.draw.randint(0, most)
                rows = [self._row(kind, case) for _ in range(count)]
                if rows and self.draw.random() < 0.1:
                    rows.append(rows[-1])
                self.rows[kind] += rows

    def _row(self, kind: str, case: int) -> Row:
        draw = self.draw
        task = f"{kind}-{case}-{draw.randint(0, 2)}"
        self.row_count += 1
        path = f"{kind}_responses/{self.row_count}.txt"
        made = draw.random()
        if made < 0.85:
            self.responses[path] = f"What {path} says, é."
            path = f"{draw.choice(WAYS).format(*path.split('/', 1))} "
        elif made < 0.9:
            self.responses[path] = None
        elif made < 0.95:
            self.awaited.append(path)
        else:
            path = draw.choice(NO_PATHS).format(path=path)
        time = draw.choice(TIMES * 12 + NO_TIMES)
        hour = draw.randint(0, 3)
        blank = draw.choices(
            (None, "task", "template", "model", "combo"), (90, 1, 1, 1, 1)
        )
        # Templates of each kind: a draft and a link of one had one id in the original.
        row = Row(
            kind,
            task,
            f"combo-{case}-{draw.randint(0, 1)}",
            f"{kind}-template",
            f"model-{draw.randint(0, 1)}",
            draw.choice(STATUSES),
            time.format(
                day="2025-08-20", hour=hour, later=hour + 2, minute=draw.choice((0, 30))
            ),
            path,
        )
        if kind == "evaluation":
            row = row._replace(
                essay=draw.choice(("", f"essay-{case}-{draw.randint(0, 3)}")),
                generation=draw.choice(
                    ("", f"{draw.choice(list(FILES))}-{case}-{draw.randint(0, 2)}")
                ),
            )
        return row._replace(**{blank[0]: draw.choice(("", "  "))}) if blank[0] else row

    def write(self) -> None:
        """Writes every csv and response as they now are."""
        for path, content in self.responses.items():
            file = self.base / "3_generation" / path
            file.parent.mkdir(parents=True, exist_ok=True)
            data = b"a\x00b" if content is None else content.encode()
            if not file.exists() or file.read_bytes() != data:
                file.write_bytes(data)
        folder = self.base / "7_cross_experiment"
        folder.mkdir(exist_ok=True)
        for kind, rows in self.rows.items():
            name, header = "evaluation_results", EVALUATION
            if kind in FILES:
                name, task, template = FILES[kind]
                header = (
                    f"{task},combo_id,{template},generation_model,"
                    "generation_status,generation_timestamp,response_file"
                )
            with (folder / f"{name}.csv").open(
                "w", encoding="utf-8", newline=""
            ) as out:
                width = header.count(",") + 2
                csv.writer(out).writerows(
                    [header.split(","), *(row[1:width] for row in rows)]
                )

    def change(self, index: Index) -> None:
        """What happens to experiments between two loads."""
        for kind, rows in self.rows.items():
            # Rows are taken out, and responses renamed together with their paths.
            self.gone += enumerate(rows[:5])
            self.rows[kind] = [self._renamed(row) for row in rows[5:]]
            self.draw.shuffle(self.rows[kind])
        self.grow(range(0, CASES, 3))
        # Half of what was missing comes, and a few responses are replaced.
        for path in self.awaited[::2]:
            self.responses[path] = f"At last: {path}"
        self.awaited = self.awaited[1::2]
        gone = {plain(row.path) for _, row in self.gone}
        for document in self.draw.sample(index.documents, 20):
            path = plain(document.row.path)
            if path in self.responses and path not in gone:
                self.responses[path] = f"{document.content} More."

    def _renamed(self, row: Row) -> Row:
        old = plain(row.path)
        if old not in self.responses or self.draw.random() < 0.9:
            return row
        path = f"renamed/{old}"
        self.responses[path] = self.moved[old] = self.responses.pop(old)
        (self.base / "3_generation" / old).unlink(missing_ok=True)
        return row._replace(path=path)

    def known(self) -> dict[str, str | None]:
        """Responses under each way their paths are written."""
        return {
            way.format(*path.split("/", 1)): content
            for path, content in {**self.moved, **self.responses}.items()
            for way in WAYS
        }

    def resolved(self, index: Index) -> Index:
        """Adds to the index what the oracle makes of them."""
        rows = {
            kind: [
                *enumerate(rows),
                *(kept for kept in self.gone if kept[1].kind == kind),
            ]
            for kind, rows in self.rows.items()
        }
        oracle.resolve(index, rows, self.known())
        return index


def _load_and_build(
    quick: Quick, warehouse: Warehouse, experiments: Experiments, *words: str
) -> None:
    experiments.write()
    done = quick.load(warehouse, "--from", experiments.base, pipeline="documents")
    assert_ended(done, 0)
    build(quick, warehouse, *words)


def _kind(row: Row) -> str:
    return FILES[row.kind][0] if row.kind in FILES else "evaluation_results"


def _bad(index: Index) -> list[tuple[object, ...]]:
    return sorted((_kind(row), i, row.task, reason) for row, i, reason in index.bad)


def test_ids_parents_and_reasons_are_those_of_plain_python(
    quick: Quick, make_warehouse: Callable[..., Warehouse], tmp_path: Path
) -> None:
    warehouse = make_warehouse()
    experiments = Experiments(tmp_path / "random", seed=6)
    ids = "{documents_attempt_key: row_index, documents_run_id: by hand}"
    _load_and_build(quick, warehouse, experiments, "--vars", ids)
    index = experiments.resolved(Index("by hand"))
    assert warehouse.rows(DOCUMENT) == sorted(
        (
            _kind(d.row),
            d.row_index,
            d.row.task,
            d.row.combo or None,
            d.row.template,
            d.row.model,
            d.logical_key,
            d.doc_id,
            d.parent.doc_id if d.parent else None,
            len(d.content),
        )
        for d in index.documents
    )
    assert warehouse.rows(BAD) == _bad(index)
    # Every reason was met, and every kind became documents.
    assert {reason for _, _, reason in index.bad} == {
        "invalid_row",
        "missing_response_file",
        "unreadable_response_file",
        "unresolved_parent",
        "unresolved_target",
    }
    assert {d.row.kind for d in index.documents} == set(ROWS)
    assert len(index.documents) > 500


def _written(index: Index) -> list[tuple[object, ...]]:
    def digest(text: str) -> str:
        return hashlib.sha256(text.encode()).hexdigest()

    found = [
        (
            _kind(d.row),
            d.row.task,
            d.row.combo,
            digest(d.content),
            digest(d.parent.content) if d.parent else None,
            _kind(d.parent.row) if d.parent else None,
        )
        for d in index.documents
    ]
    return sorted(found, key=lambda row: tuple(str(value) for value in row))


@pytest.mark.parametrize("seed", [1])
def test_build_after_build_what_is_written_stays(
    quick: Quick, make_warehouse: Callable[..., Warehouse], tmp_path: Path, seed: int
) -> None:
    warehouse = make_warehouse()
    experiments = Experiments(tmp_path / "random", seed=seed)
    index = Index("hindcast")
    written: set[str] = set()
    for step in range(3):
        _load_and_build(quick, warehouse, experiments)
        experiments.resolved(index)
        found = sorted(
            warehouse.rows(WRITTEN), key=lambda row: tuple(str(v) for v in row)
        )
        assert found == _written(index), step
        assert warehouse.rows(BAD) == _bad(index), step
        rows = {
            row for (row,) in warehouse.rows("select d::text from gold.documents d")
        }
        assert written <= rows
        written = rows
        experiments.change(index)
