"""Fixtures: commands without the seconds their imports take, experiments to change."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg2
import pytest

from tests.integration.document_experiment import Experiment, build

if TYPE_CHECKING:
    from tests.conftest import Warehouse

ROOT = Path(__file__).resolve().parents[2]
Done = subprocess.CompletedProcess[str]


class Quick:
    """Runs commands as ``Warehouse.call`` does, in forks of one prepared process."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.measured = folder / "measured"
        self._driver = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("driver.py"))],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=(folder / "driver.log").open("w"),
            text=True,
        )

    def __call__(
        self,
        warehouse: Warehouse,
        *command: str | Path,
        phase: str | None = None,
        kill_after: float | None = None,
    ) -> Done:
        """Runs a command; the code is -9 when it was killed.

        Args:
            warehouse: Against which.
            command: ``dlt …``, ``hindcast …`` or ``dbt …``.
            phase: ``extract``, ``normalize``, ``load`` or ``build``: what to measure.
            kill_after: Seconds after which to kill the process in that phase.
        """
        words = [str(word) for word in command]
        out, err = self.folder / "out", self.folder / "err"
        request = {
            "command": words,
            "environment": warehouse.environment,
            "phase": phase,
            "kill_after": kill_after,
            "measured": str(self.measured),
            "stdout": str(out),
            "stderr": str(err),
        }
        assert self._driver.stdin
        assert self._driver.stdout
        self._driver.stdin.write(f"{json.dumps(request)}\n")
        self._driver.stdin.flush()
        answer = self._driver.stdout.readline()
        assert answer, (self.folder / "driver.log").read_text()
        return Done(words, json.loads(answer), out.read_text(), err.read_text())

    def load(
        self, warehouse: Warehouse, *arguments: str | Path, pipeline: str = "cancer"
    ) -> Done:
        """``dlt pipeline NAME run …``."""
        return self(warehouse, "dlt", "pipeline", pipeline, "run", *arguments)

    def seconds(self) -> float:
        """How long the phase took that was measured last."""
        return float(self.measured.read_text())

    def close(self) -> None:
        """Ends the prepared process."""
        if self._driver.stdin:
            self._driver.stdin.close()
        self._driver.wait(10)


@pytest.fixture(scope="session")
def quick(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Quick]:
    """Runs commands quickly; a few tests call the real programs, to be sure."""
    made = Quick(tmp_path_factory.mktemp("quick"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def built(
    quick: Quick,
    module_warehouses: Callable[..., Warehouse],
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[Warehouse, Path]:
    """The experiment, loaded and built once; tests take copies."""
    made = module_warehouses()
    experiment = Experiment(tmp_path_factory.mktemp("experiment"))
    experiment.load(quick, made)
    build(quick, made)
    return made, experiment.base


@pytest.fixture(scope="module")
def desk(
    built: tuple[Warehouse, Path], module_warehouses: Callable[..., Warehouse]
) -> Warehouse:
    """One database for all copies: dbt parses everything anew for each new name."""
    return module_warehouses(built[0])


@pytest.fixture
def copied(
    server: str, built: tuple[Warehouse, Path], desk: Warehouse
) -> tuple[Warehouse, Experiment]:
    """A copy of the warehouse, and the experiment to be changed and loaded again."""
    original, base = built
    with contextlib.closing(psycopg2.connect(server)) as connection:
        connection.autocommit = True
        name, template = (w.url.rsplit("/", 1)[1] for w in (desk, original))
        with connection.cursor() as cursor:
            cursor.execute(f"drop database {name} with (force)")
            cursor.execute(f"create database {name} template {template}")
    return desk, Experiment(base)
