"""What the measurements share: a server of their own, and commands on the clock."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Container, Iterator
from contextlib import contextmanager
from pathlib import Path

from loaders import embedded

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
#: The real files; what needs them is left out where they are absent.
SHARED = ROOT.parent / "shared" / "data"


@contextmanager
def warehouse() -> Iterator[tuple[str, dict[str, str]]]:
    """An embedded server of the benchmark's own; yields its url and environment."""
    with tempfile.TemporaryDirectory(prefix="hindcast-bench-") as folder:
        Path(folder).chmod(0o755)
        os.environ["HINDCAST_STATE_DIR"] = folder
        server = embedded.start()
        url = (
            f"postgresql://{embedded.USER}:{server.password}"
            f"@127.0.0.1:{server.port}/{embedded.DATABASE}"
        )
        # Without kept bytecode each command would compile all of dlt and dbt anew.
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        environment = {
            **os.environ,
            "HINDCAST_DATABASE_URL": url,
            "DBT_TARGET_PATH": f"{folder}/target",
            "DBT_LOG_PATH": f"{folder}/logs",
        }
        try:
            yield url, environment
        finally:
            embedded.stop()


def timed(environment: dict[str, str], *command: str) -> float:
    """Seconds that a command of the environment takes; ends the run if it fails."""
    return measured(environment, *command)[0]


def measured(
    environment: dict[str, str], *command: str, allowed: Container[int] = (0,)
) -> tuple[float, int]:
    """Seconds that a command takes, and the peak memory of its process in MB.

    Args:
        environment: Of the command.
        command: A program of the environment, and its arguments.
        allowed: Exit codes that do not end the run; 1 where files may be set aside.
    """
    with tempfile.TemporaryFile() as said:
        started = time.monotonic()
        process = subprocess.Popen(
            [str(BIN / command[0]), *command[1:]],
            cwd=ROOT,
            env=environment,
            stdout=said,
            stderr=said,
        )
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.monotonic() - started
        # Popen did not wait itself, and would complain.
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in allowed:
            said.seek(0)
            text = said.read().decode(errors="replace")
            raise SystemExit(f"{' '.join(command)} failed:\n{text}")
    return round(seconds, 2), usage.ru_maxrss // 1024
