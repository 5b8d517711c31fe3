"""Fixtures: a warehouse of one's own, the real files, the users' commands."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared" / "data"
BIN = Path(sys.executable).parent
WAREHOUSE_VARIABLES = (
    "HINDCAST_DATABASE_URL",
    "HINDCAST_STATE_DIR",
    "HINDCAST_PROJECT_DIR",
    "DLT_DATA_DIR",
    "PGHOST",
    "PGHOSTADDR",
    "PGPORT",
    "PGDATABASE",
    "PGUSER",
    "PGPASSWORD",
    "PGSERVICE",
)

#: Tests that share the warehouse of all real files, which takes a minute to make.
OF_REAL_FILES = ("tests/backtests/", "tests/integration/test_queries.py")


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """A file's tests run in one process, and so do all tests of the real files."""
    from xdist.scheduler import LoadFileScheduling

    class ByWarehouse(LoadFileScheduling):  # type: ignore[misc]
        def _split_scope(self, nodeid: str) -> str:
            return "real" if nodeid.startswith(OF_REAL_FILES) else nodeid.split("::")[0]

    return ByWarehouse(config, log)


@pytest.fixture(scope="session")
def real_cancer() -> Path:
    """The publisher's own cancer files; tests that need them skip without them."""
    folder = SHARED / "cancer"
    if not folder.is_dir():
        pytest.skip("the real files (../shared/data/cancer) are not on this machine")
    return folder


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A PostgreSQL for this session; yields the url of its maintenance database."""
    from loaders import embedded

    saved = {name: os.environ.pop(name, None) for name in WAREHOUSE_VARIABLES}
    os.environ["HINDCAST_STATE_DIR"] = str(tmp_path_factory.mktemp("server"))
    # The server runs as another account when we are root: let it in.
    for folder in (
        Path(os.environ["HINDCAST_STATE_DIR"]),
        tmp_path_factory.getbasetemp(),
    ):
        folder.chmod(0o755)
    try:
        started = embedded.start()
        yield (
            f"postgresql://{embedded.USER}:{started.password}"
            f"@127.0.0.1:{started.port}/postgres"
        )
        embedded.stop()
    finally:
        for name, value in saved.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value


class Warehouse:
    """An empty database of its own, and the commands run against it."""

    def __init__(self, url: str, state: Path) -> None:
        self.url = url
        self.state = state
        self.environment = {
            **{k: v for k, v in os.environ.items() if k not in WAREHOUSE_VARIABLES},
            "HINDCAST_DATABASE_URL": url,
            "HINDCAST_STATE_DIR": str(state),
            # What dbt has parsed serves all warehouses, and spares seconds each.
            "DBT_TARGET_PATH": str(state.parent / "target"),
            "DBT_LOG_PATH": str(state / "logs"),
            "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        }

    def call(
        self, *command: str | Path, cwd: Path = ROOT, **more: Any
    ) -> subprocess.CompletedProcess[str]:
        """Runs a command of the environment as a user would, whatever its exit code."""
        return subprocess.run(
            [str(BIN / command[0]), *map(str, command[1:])],
            cwd=cwd,
            env={**self.environment, **more.pop("env", {})},
            capture_output=True,
            text=True,
            timeout=more.pop("timeout", 300),
            check=False,
            **more,
        )

    def load(
        self, *arguments: str | Path, pipeline: str = "cancer"
    ) -> subprocess.CompletedProcess[str]:
        """``dlt pipeline NAME run …``."""
        return self.call("dlt", "pipeline", pipeline, "run", *arguments)

    def build(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """``dbt build …``, as plainly as the README has it."""
        return self.call("dbt", "build", *arguments)

    def build_publications(self) -> subprocess.CompletedProcess[str]:
        """What there is of publications and needs no other pipeline, with its tests."""
        return self.build(
            *("--quiet", "--exclude-resource-type", "unit_test"),
            *("--select", "path:models/silver/publications"),
            *("path:models/gold/publications", "path:tests/dbt/publications"),
        )

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """Rows of a query."""
        import psycopg2

        with contextlib.closing(psycopg2.connect(self.url)) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(query, values or None)
                return cursor.fetchall() if cursor.description else []

    def one(self, query: str, *values: Any) -> Any:
        """The single value of a query."""
        ((value,),) = self.rows(query, *values)
        return value


@pytest.fixture
def make_warehouse(
    server: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[..., Warehouse]]:
    """Makes empty databases, or copies of one; drops them afterwards."""
    with warehouses(server, tmp_path_factory) as make:
        yield make


@pytest.fixture
def warehouse(make_warehouse: Callable[..., Warehouse]) -> Warehouse:
    """An empty database."""
    return make_warehouse()


@pytest.fixture(scope="module")
def module_warehouses(
    server: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[..., Warehouse]]:
    """As ``make_warehouse``, for warehouses that a module's tests share."""
    with warehouses(server, tmp_path_factory) as make:
        yield make


@pytest.fixture(scope="session")
def real_gold(
    server: str, real_cancer: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Warehouse]:
    """The real files of every pipeline, loaded and built once for the session.

    Tests that use it run in one process; see ``pytest_xdist_make_scheduler``.
    """
    with warehouses(server, tmp_path_factory) as make:
        made = make()
        books = [a for p in sorted(real_cancer.glob("*.xlsx")) for a in ("--from", p)]
        loads = {"cancer": [*books, "--from", real_cancer / "legacy_csv"]}
        for name in ("rtt", "oversight", "organisations"):
            loads[name] = ["--from", SHARED / name]
        # Nobody publishes histories of agents, or experiments: theirs are the examples.
        for name in ("workflows", "documents"):
            loads[name] = ["--from", ROOT / "examples" / name]
        for name, arguments in loads.items():
            loaded = made.load(*arguments, pipeline=name)
            assert loaded.returncode == 0, loaded.stdout + loaded.stderr
        built = made.build("--quiet")
        assert built.returncode == 0, built.stdout + built.stderr
        yield made


@pytest.fixture(scope="session")
def real_publications(
    server: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Warehouse]:
    """The publishers' own files of publications, loaded and built once."""
    folder = SHARED / "publications"
    if not folder.is_dir():
        pytest.skip("the real files (../shared/data/publications) are not here")
    with warehouses(server, tmp_path_factory) as make:
        made = make()
        loaded = made.load("--from", folder, pipeline="publications")
        # Two of the files state no period, and no other is amiss.
        assert loaded.returncode == 1, loaded.stdout + loaded.stderr
        (counts,) = [
            line.split()[1:6]
            for line in loaded.stdout.splitlines()
            if line.startswith("publications  ")
        ]
        assert counts[3:] == ["2", "0"], loaded.stdout + loaded.stderr
        built = made.build_publications()
        assert built.returncode == 0, built.stdout + built.stderr
        yield made


@contextlib.contextmanager
def warehouses(
    server: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[..., Warehouse]]:
    """Makes empty databases, or copies of one; drops them at the end."""
    import psycopg2

    made: list[str] = []
    connection = psycopg2.connect(server)
    connection.autocommit = True

    def make(like: Warehouse | None = None) -> Warehouse:
        state = tmp_path_factory.mktemp("state")
        name = f"test_{state.name.replace('-', '_')}_{os.getpid()}"
        template = f" template {like.url.rsplit('/', 1)[1]}" if like else ""
        with connection.cursor() as cursor:
            cursor.execute(f"create database {name}{template}")
        made.append(name)
        return Warehouse(f"{server.rsplit('/', 1)[0]}/{name}", state)

    try:
        yield make
    finally:
        with connection.cursor() as cursor:
            for name in made:
                cursor.execute(f"drop database if exists {name} with (force)")
        connection.close()
