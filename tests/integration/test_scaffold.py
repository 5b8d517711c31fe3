"""From files to silver models that build, and names proposed for review."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from tests.chat_model import ChatModel
from tests.conftest import BIN, ROOT, Warehouse
from tests.integration.conftest import Done, Quick
from tests.integration.support import assert_ended, assert_four_parts

Maker = Callable[..., Warehouse]
#: All that dbt and the linter read of a project.
PROJECT = (
    *("dbt_project.yml", "selectors.yml", ".sqlfluff", "profiles", "macros", "models"),
    *("seeds", "tests/dbt"),
)
VIEW = "clinic_waits__clinic_waits"
MODEL = f"silver_{VIEW}"
HEADER = "Org Code,Org Name,Age Band,Order,Seen On,All,Waiting (1),Comment\n"
APRIL = f"""{HEADER}R01,TRUST 1,0-17,1,2025-04-01,110,12,
R01,TRUST 1,18+,2,2025-04-02,210,*,
R02,TRUST 2,0-17,1,2025-04-03,"1,310",14.5,late
R02,TRUST 2,18+,2,2025-04-04,0,,
"""
MAY = APRIL.replace("2025-04", "2025-05").replace("1,310", "1,311")


@dataclass(frozen=True)
class Scene:
    """A project of its own, and a warehouse with two months of a publication."""

    warehouse: Warehouse
    project: Path

    @property
    def models(self) -> Path:
        return self.project / "models" / "silver" / "publications" / "clinic_waits"

    @property
    def maps(self) -> Path:
        return self.project / "maps" / "clinic_waits"


@pytest.fixture(scope="module")
def scene(
    quick: Quick, module_warehouses: Maker, tmp_path_factory: pytest.TempPathFactory
) -> Scene:
    made, project = module_warehouses(), tmp_path_factory.mktemp("project")
    for name in PROJECT:
        source = ROOT / name
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        copy = shutil.copytree if source.is_dir() else shutil.copy
        copy(source, project / name)
    made.environment["HINDCAST_PROJECT_DIR"] = str(project)
    made.environment["DBT_TARGET_PATH"] = str(project / "target")
    inbox = tmp_path_factory.mktemp("inbox") / "clinic_waits"
    inbox.mkdir()
    (inbox / "Clinic-Waits-April-2025.csv").write_text(APRIL)
    (inbox / "Clinic-Waits-May-2025.csv").write_text(MAY)
    assert_ended(quick.load(made, "--from", inbox, pipeline="publications"), 0)
    return Scene(made, project)


def dbt(quick: Quick, scene: Scene, *words: str) -> Done:
    folders = ("--project-dir", scene.project, "--profiles-dir", ROOT / "profiles")
    return quick(scene.warehouse, "dbt", *words, *folders)


# ------------------------------------------------------------------------- the models


@pytest.fixture(scope="module")
def built(scene: Scene, quick: Quick) -> Scene:
    """The scene with its scaffolded model built and tested."""
    done = quick(scene.warehouse, "hindcast", "scaffold", "clinic_waits")
    assert_ended(done, 0, f"{MODEL}.sql", f"dbt build --select +{MODEL}")
    select = ("--select", "silver_publications__vintages", MODEL)
    assert_ended(dbt(quick, scene, "build", "--quiet", *select), 0)
    return scene


def test_a_scaffolded_model_builds_with_types_and_marks(built: Scene) -> None:
    found = built.warehouse.rows(
        "select org_code, age_band, published_order, seen_on::text, published_all,"
        " published_all_mark, waiting, waiting_mark, comment, is_current"
        f" from silver.{MODEL} where period = '2025-05' order by 1, 2"
    )
    assert found == [
        ("R01", "0-17", *found[0][2:3], "2025-05-01", 110, None, 12, None, None, True),
        ("R01", "18+", *found[1][2:3], "2025-05-02", 210, None, None, "*", None, True),
        (
            "R02",
            "0-17",
            *found[2][2:3],
            "2025-05-03",
            1311,
            None,
            14.5,
            None,
            "late",
            True,
        ),
        (
            "R02",
            "18+",
            *found[3][2:3],
            "2025-05-04",
            0,
            None,
            None,
            "blank",
            None,
            True,
        ),
    ]
    assert built.warehouse.one(f"select count(*) from silver.{MODEL}") == 8


def test_its_key_is_the_smallest_that_the_rows_have(built: Scene) -> None:
    text = (built.models / f"{MODEL}.yml").read_text()
    assert "One row per file and seen on." in text.replace("\n     ", "")
    source = (built.models / "_clinic_waits_sources.yml").read_text()
    assert f"name: {VIEW}" in source


def test_it_passes_the_linter(built: Scene) -> None:
    done = subprocess.run(
        [str(BIN / "sqlfluff"), "lint", str(built.models)],
        cwd=built.project,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout


def test_what_was_corrected_by_hand_stays(built: Scene, quick: Quick) -> None:
    file = built.models / f"{MODEL}.yml"
    before = file.read_text()
    file.write_text(f"{before}# reviewed\n")
    try:
        done = quick(built.warehouse, "hindcast", "scaffold", "clinic_waits")
        assert_ended(done, 0, "kept", "--force")
        assert file.read_text().endswith("# reviewed\n")
    finally:
        file.write_text(before)


def test_a_publication_is_exported_by_itself(
    built: Scene, quick: Quick, tmp_path: Path
) -> None:
    done = quick(
        *(built.warehouse, "hindcast", "export", "--publication", "clinic_waits"),
        *("--to", tmp_path / "out"),
    )
    assert_ended(done, 0, "exported 1 datasets, 8 rows")
    (row,) = pq.read_table(tmp_path / "out" / "catalogue.parquet").to_pylist()
    assert (row["dataset"], row["publication"]) == (MODEL, "clinic_waits")
    assert (str(row["first_period"]), str(row["last_period"])) == (
        *("2025-04-01", "2025-05-31"),
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nothing",), "clinic_waits"),
        (("clinic_waits", "--table", "no"), "clinic_waits"),
    ],
)
def test_what_is_not_loaded_is_told(
    scene: Scene, quick: Quick, words: tuple[str, ...], said: str
) -> None:
    done = quick(scene.warehouse, "hindcast", "scaffold", *words)
    assert_ended(done, 2, "cannot scaffold", said)
    assert_four_parts(done.stderr)


# -------------------------------------------------------------------- proposed names

ANSWER = {
    "table": {"name": "waits_by_age", "description": "Waits by provider and age."},
    "columns": {
        "all": {"name": "appointment_count", "description": "All appointments."},
        "waiting": {"name": "org_name"},
        "comment": {"name": "Not a name"},
    },
}


@pytest.fixture
def model(scene: Scene) -> Iterator[ChatModel]:
    made = ChatModel(json.dumps(ANSWER))
    scene.warehouse.environment |= {
        "HINDCAST_LLM_URL": made.url,
        "HINDCAST_LLM_MODEL": "small",
        "HINDCAST_LLM_KEY": "sk-very-secret",
        "NO_PROXY": "127.0.0.1",
    }
    shutil.rmtree(scene.maps, ignore_errors=True)
    yield made
    made.close()
    for name in ("URL", "MODEL", "KEY"):
        scene.warehouse.environment.pop(f"HINDCAST_LLM_{name}")
    shutil.rmtree(scene.maps, ignore_errors=True)


def notes(scene: Scene) -> dict[str, str]:
    with (scene.maps / "columns.csv").open(newline="") as file:
        return {row["column"]: row["note"] for row in csv.DictReader(file)}


def landed(scene: Scene) -> list[tuple[Any, ...]]:
    """Rows, columns and views of the publication."""
    return scene.warehouse.rows(
        f"select to_jsonb(v)::text from raw_publications.{VIEW} as v"
        " union all select view_name || ordinal || column_name"
        " from raw_publications.known_columns order by 1"
    )


def test_proposals_go_into_the_notes_and_nowhere_else(
    scene: Scene, quick: Quick, model: ChatModel
) -> None:
    before = landed(scene)
    done = quick(scene.warehouse, "hindcast", "accept", "clinic_waits", "--suggest")
    assert_ended(
        *(done, 0, "suggested: clinic_waits.all: suggested_name: appointment_count"),
        "refused: clinic_waits.waiting: 'org_name' is the name of another column",
        "refused: clinic_waits.comment: 'Not a name' is no snake_case name",
    )
    assert "sk-very-secret" not in done.stdout + done.stderr
    found = notes(scene)
    assert found.pop("all") == "suggested_name: appointment_count; All appointments."
    assert set(found.values()) == {""}
    assert landed(scene) == before
    ((_, _, body),) = model.asked
    told = json.loads(body["messages"][1]["content"])
    assert told["headers"]["waiting"] == "Waiting (1)"
    assert 1 <= len(told["rows"]) <= 3
    # What is in the maps is not asked for again.
    again = quick(scene.warehouse, "hindcast", "accept", "clinic_waits", "--suggest")
    assert_ended(again, 0)
    assert len(model.asked) == 1


def test_without_an_answer_nothing_is_accepted(
    scene: Scene, quick: Quick, model: ChatModel
) -> None:
    model.status = 503
    done = quick(scene.warehouse, "hindcast", "accept", "clinic_waits", "--suggest")
    assert_ended(done, 1, "cannot ask for names", "status 503")
    assert_four_parts(done.stderr)
    assert not scene.maps.exists()


def test_it_is_off_by_default(scene: Scene, quick: Quick, model: ChatModel) -> None:
    assert_ended(quick(scene.warehouse, "hindcast", "accept", "clinic_waits"), 0)
    assert model.asked == []
    assert set(notes(scene).values()) == {""}
    del scene.warehouse.environment["HINDCAST_LLM_URL"]
    done = quick(scene.warehouse, "hindcast", "accept", "clinic_waits", "--suggest")
    assert_ended(done, 2, "cannot suggest names", "HINDCAST_LLM_URL is not set")
    assert_four_parts(done.stderr)
    scene.warehouse.environment["HINDCAST_LLM_URL"] = model.url
