"""Which PostgreSQL is used: the embedded one by default, another where one is named."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.conftest import BIN, ROOT, Warehouse
from tests.integration import support
from tests.integration.conftest import Done, Quick
from tests.integration.support import assert_ended, assert_four_parts, counted

Maker = Callable[..., Warehouse]
PASSWORD = "p@ss/w:rd%+"
USER = "some-one@corp"
#: One seed, and the tests of it alone.
TARGET = ("--select", "metric_targets", "--indirect-selection", "cautious", "--quiet")


class Embedded:
    """A checkout's embedded server, in a state folder of its own."""

    def __init__(self, state: Path, like: dict[str, str]) -> None:
        self.state = state
        self.environment = {**like, "HINDCAST_STATE_DIR": str(state)}
        self.environment.pop("HINDCAST_DATABASE_URL", None)

    def call(self, *command: str | Path, cwd: Path = ROOT) -> Done:
        return subprocess.run(
            [str(BIN / command[0]), *map(str, command[1:])],
            cwd=cwd,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def pid(self) -> int:
        """Process of the server, as it says itself."""
        return int((self.state / "postgres/postmaster.pid").read_text().split()[0])

    def port(self) -> int:
        return int(json.loads((self.state / "postgres.json").read_text())["port"])


@pytest.fixture(scope="module")
def embedded(
    module_warehouses: Maker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Embedded]:
    """A server of this module alone, up at the beginning."""
    state = tmp_path_factory.mktemp("embedded") / "state"
    made = Embedded(state, module_warehouses().environment)
    assert_ended(made.call("hindcast", "up"), 0, "(embedded)")
    yield made
    made.call("hindcast", "down")


@pytest.fixture
def up(embedded: Embedded) -> Embedded:
    """The same, up again whatever the test before did."""
    embedded.call("hindcast", "up")
    return embedded


def alive(pid: int) -> bool:
    with contextlib.suppress(OSError):
        stat = Path(f"/proc/{pid}/stat").read_text()
        return stat.rsplit(")", 1)[1].split()[0] != "Z"
    return False


# -------------------------------------------------------------------- embedded server


def test_it_listens_on_loopback_alone_and_asks_for_a_password(up: Embedded) -> None:
    import psycopg2

    url = up.call("hindcast", "url").stdout.strip()
    assert url.startswith("postgresql://postgres:")
    with contextlib.closing(psycopg2.connect(url)) as connection:
        cursor = connection.cursor()
        cursor.execute("show listen_addresses")
        assert cursor.fetchone() == ("127.0.0.1",)
    with pytest.raises(psycopg2.OperationalError, match="password authentication"):
        psycopg2.connect(url.replace("postgres:", "postgres:x", 1))
    assert (up.state / "postgres.json").stat().st_mode & 0o077 == 0


def test_down_stops_it_and_the_next_command_starts_it(up: Embedded) -> None:
    pid = up.pid()
    assert up.call("hindcast", "down").stdout == "stopped\n"
    assert not alive(pid)
    assert up.call("hindcast", "down").stdout == "it was not running\n"
    done = up.call("hindcast", "sql", "select 41 + 1 as n", "--format", "csv")
    assert_ended(done, 0, "n\n42\n")


def test_load_build_and_sql_share_it(up: Embedded, tmp_path: Path) -> None:
    file = support.workbook(tmp_path / "AUGUST-2025.xlsx")
    done = up.call("dlt", "pipeline", "cancer", "run", "--from", file)
    assert_ended(done, 0)
    up.call("hindcast", "down")
    assert_ended(up.call("dbt", "build", *TARGET), 0)
    query = (
        "select (select count(*) > 3 from gold.metric_targets) as targets,"
        " (select count(*) from raw_cancer.files) as files"
    )
    done = up.call("hindcast", "sql", query, "--format", "json")
    assert json.loads(done.stdout) == [{"targets": True, "files": 1}]


def test_a_killed_server_recovers(up: Embedded) -> None:
    up.call("hindcast", "up")
    port, pid = up.port(), up.pid()
    os.kill(pid, signal.SIGKILL)
    until = time.monotonic() + 10
    while alive(pid) and time.monotonic() < until:
        time.sleep(0.05)
    done = up.call("hindcast", "sql", "select count(*) from raw_cancer.files")
    assert_ended(done, 0)
    assert up.pid() != pid
    assert up.port() in range(1024, 65536), port


def test_a_stale_pid_of_another_program_is_no_server(up: Embedded) -> None:
    up.call("hindcast", "down")
    stale = up.state / "postgres" / "postmaster.pid"
    stale.write_text(f"{os.getpid()}\n{up.state}/postgres\n0\n{up.port()}\n\n\n\n")
    assert_ended(up.call("hindcast", "sql", "select 1"), 0)
    assert up.pid() != os.getpid()
    assert alive(os.getpid())


def test_a_taken_port_is_left_to_its_owner(up: Embedded) -> None:
    up.call("hindcast", "down")
    port = up.port()
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(("127.0.0.1", port))
        taken.listen()
        assert_ended(up.call("hindcast", "sql", "select 1"), 0)
        assert up.port() != port


def test_two_first_starts_at_once_make_one_server(
    up: Embedded, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    state = tmp_path_factory.mktemp("twice") / "state"
    fresh = Embedded(state, up.environment)
    starting = [
        subprocess.Popen(
            [str(BIN / "hindcast"), "up"],
            cwd=ROOT,
            env=fresh.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    try:
        told = [one.communicate(timeout=60) for one in starting]
        assert [one.returncode for one in starting] == [0, 0], told
        assert told[0][0] == told[1][0]
    finally:
        assert fresh.call("hindcast", "down").stdout == "stopped\n"


def test_data_without_its_password_is_told(up: Embedded) -> None:
    up.call("hindcast", "down")
    kept = up.state / "postgres.json"
    kept.rename(up.state / "kept")
    try:
        done = up.call("hindcast", "sql", "select 1")
        assert done.returncode == 1
        assert_four_parts(done.stderr, "postgres.json")
    finally:
        (up.state / "kept").rename(kept)


# ------------------------------------------------------------------- who may start it


def as_nobody() -> list[str]:
    """How to run a command as an ordinary user, when we are root."""
    if os.geteuid() != 0:
        pytest.skip("these tests are run by an ordinary user already")
    if not shutil.which("setpriv"):
        pytest.skip("there is no setpriv")
    account = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    # A checkout or a Python in root's closed home may be read all the same.
    reading = ["--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"]
    probe = [sys.executable, "-c", "import loaders.cli"]
    for command in (account, [*account, *reading]):
        if not subprocess.run([*command, *probe], cwd=ROOT, check=False).returncode:
            return command
    pytest.skip("an ordinary user cannot reach this checkout")


@pytest.fixture
def home() -> Iterator[Path]:
    """A home of an ordinary user, where he can reach it."""
    with tempfile.TemporaryDirectory() as made:
        if os.geteuid() == 0:
            shutil.chown(made, 65534, 65534)
        yield Path(made)


def test_an_ordinary_user_loads_into_a_server_of_his_own(
    warehouse: Warehouse, home: Path
) -> None:
    account = as_nobody()
    file = support.workbook(home / "AUGUST-2025.xlsx")
    environment = Embedded(home / "state", warehouse.environment).environment
    environment |= {"HOME": str(home), "USER": "nobody"}

    def call(*command: str | Path) -> Done:
        return subprocess.run(
            [*account, str(BIN / command[0]), *map(str, command[1:])],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    try:
        assert_ended(call("hindcast", "up"), 0, "(embedded)")
        done = call("dlt", "pipeline", "cancer", "run", "--from", file)
        assert_ended(done, 0)
        assert counted(done)["loaded"] == 1
        owners = {path.stat().st_uid for path in (home / "state").rglob("*")}
        assert owners == {65534}
        # What another user's server keeps to itself is told, not traced.
        (home / "state").chmod(0o700)
        shutil.chown(home / "state", 0, 0)
        done = call("hindcast", "status")
        assert done.returncode == 1
        assert_four_parts(done.stderr, "files of another user")
        shutil.chown(home / "state", 65534, 65534)
    finally:
        assert call("hindcast", "down").stdout == "stopped\n"


def test_root_starts_it_below_a_closed_folder(
    warehouse: Warehouse, tmp_path: Path
) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root needs to change accounts")
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    own = Embedded(closed / "state", warehouse.environment)
    try:
        assert_ended(own.call("hindcast", "up"), 0)
        assert closed.stat().st_mode & 0o777 == 0o700, "no folder is opened to others"
        assert Path(f"/proc/{own.pid()}").stat().st_uid != 0
    finally:
        assert own.call("hindcast", "down").stdout == "stopped\n"


# ---------------------------------------------------------------- a server of one's own


@pytest.fixture(scope="module")
def outside(module_warehouses: Maker) -> Iterator[Warehouse]:
    """A server that is not ours, with a user and a password of unusual characters."""
    made = module_warehouses()
    made.rows(f'drop role if exists "{USER}"')
    made.rows(f"create role \"{USER}\" login superuser password '{PASSWORD}'")
    yield made
    made.rows(f'alter role "{USER}" nologin')


@pytest.fixture(params=["HINDCAST_DATABASE_URL", "PGHOST"])
def named(request: pytest.FixtureRequest, outside: Warehouse) -> Warehouse:
    """The same, named by a url or by the usual variables."""
    place, database = outside.url.rpartition("@")[2].split("/")
    host, port = place.split(":")
    made = Warehouse(outside.url, outside.state)
    del made.environment["HINDCAST_DATABASE_URL"]
    if request.param == "PGHOST":
        made.environment |= {
            **{"PGHOST": host, "PGPORT": port, "PGUSER": USER},
            **{"PGPASSWORD": PASSWORD, "PGDATABASE": database},
        }
    else:
        login = f"{quote(USER, safe='')}:{quote(PASSWORD, safe='')}"
        made.environment["HINDCAST_DATABASE_URL"] = (
            f"postgresql://{login}@{place}/{database}"
        )
    return made


def test_load_build_and_sql_use_the_server_that_is_named(
    named: Warehouse, tmp_path: Path
) -> None:
    file = support.workbook(tmp_path / "AUGUST-2025.xlsx")
    done = named.load("--from", file, "--force")
    assert_ended(done, 0)
    assert_ended(named.build(*TARGET), 0)
    who = "select current_user, count(*) > 3 from gold.metric_targets"
    done = named.call("hindcast", "sql", who, "--format", "csv")
    assert done.stdout.splitlines()[1:] == [f"{USER},True"]
    done = named.call("hindcast", "up")
    assert PASSWORD not in done.stdout
    assert quote(PASSWORD, safe="") not in done.stdout
    assert not (named.state / "postgres").exists(), "no embedded server is made"


@pytest.mark.parametrize(
    "command",
    [
        ("dlt", "pipeline", "cancer", "run"),
        ("dbt", "build", "--quiet"),
        ("hindcast", "status"),
    ],
    ids=lambda command: command[0],
)
def test_a_wrong_password_is_told_and_never_printed(
    quick: Quick, named: Warehouse, command: tuple[str, ...]
) -> None:
    wrong = "s3cret/%-of@mine"
    for name in ("HINDCAST_DATABASE_URL", "PGPASSWORD"):
        if name in named.environment:
            value = quote(wrong, safe="") if name.startswith("H") else wrong
            old = quote(PASSWORD, safe="") if name.startswith("H") else PASSWORD
            named.environment[name] = named.environment[name].replace(old, value)
    done = quick(named, *command)
    told = done.stdout + done.stderr
    # dbt has only one code for an error that is not a failed test.
    assert done.returncode == (2 if command[0] == "dbt" else 1), told
    assert_four_parts(told, "cannot connect to the warehouse", "password")
    assert "s3cret" not in told
    assert "-of" not in told.replace("-of-", "")


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://me:s3cret@word@127.0.0.1:1/db",
        "postgresql://me:s3cret/word@127.0.0.1:1/db",
        "postgresql://me:s3cret%word@127.0.0.1:1/db",
        "postgresql://me:s3cret?word@127.0.0.1:1/db",
        "host=127.0.0.1 password=s3cret user=me port=word",
        "password=s3cret nonsense",
    ],
)
def test_a_url_that_cannot_be_understood_is_a_wrong_call(
    quick: Quick, warehouse: Warehouse, url: str
) -> None:
    warehouse.environment["HINDCAST_DATABASE_URL"] = url
    done = quick(warehouse, "hindcast", "status")
    assert done.returncode in (1, 2)
    assert_four_parts(done.stderr, "HINDCAST_DATABASE_URL")
    assert "s3cret" not in done.stderr


def test_a_server_that_is_not_there_is_told(quick: Quick, warehouse: Warehouse) -> None:
    warehouse.environment["HINDCAST_DATABASE_URL"] = "postgresql://me:x@127.0.0.1:1/db"
    done = quick.load(warehouse)
    assert done.returncode == 1
    assert_four_parts(done.stderr, "host=127.0.0.1 port=1", "Connection refused")
