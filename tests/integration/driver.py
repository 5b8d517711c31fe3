"""Runs the commands in forked processes, and kills them where a test wants it.

``python tests/integration/driver.py`` reads one JSON request per line and answers each
with one line. What takes seconds to import is imported once; each command is then the
real function of its command line, in a process, an environment and a folder of its own.
A request may name a phase and a time: so long after that phase began, the process gets
SIGKILL, at the latest when the phase ends.
"""

from __future__ import annotations

import functools
import importlib
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

HEAVY = (
    *("dlt._workspace.cli._dlt", "dlt.destinations.impl.postgres.postgres"),
    *("dlt.destinations.impl.postgres.factory", "dlt.load.load"),
    *("dlt.normalize.normalize", "dlt.extract.extract", "adbc_driver_postgresql.dbapi"),
    *("pyarrow.parquet", "pyarrow.csv", "psycopg2.extras", "python_calamine"),
    *("loaders.run", "loaders.landing", "loaders.report", "loaders.cancer.read"),
    *("dbt.cli.main", "dbt.task.build", "dbt.adapters.postgres", "dbt_hindcast"),
)


def _kill_after(seconds: float) -> None:
    time.sleep(seconds)
    os.kill(os.getpid(), signal.SIGKILL)


def _watch(owner: Any, name: str, request: dict[str, Any]) -> None:
    """Measures the calls of a method; kills the process during one, when asked to."""
    method: Callable[..., Any] = getattr(owner, name)

    @functools.wraps(method)
    def watched(*args: Any, **options: Any) -> Any:
        after = request["kill_after"]
        if after is not None:
            threading.Thread(target=_kill_after, args=(after,), daemon=True).start()
        started = time.monotonic()
        try:
            return method(*args, **options)
        finally:
            seconds = time.monotonic() - started
            Path(request["measured"]).write_text(str(seconds))
            if after is not None:
                os.kill(os.getpid(), signal.SIGKILL)

    setattr(owner, name, watched)


def _main(command: list[str]) -> int:
    sys.argv = command
    if command[0] == "dlt":
        from dlt._workspace.cli._dlt import _main

        return int(_main() or 0)
    if command[0] == "hindcast":
        from loaders.cli import main

        return main(command[1:])
    from dbt.cli.main import cli

    return int(cli() or 0)


def _run(request: dict[str, Any]) -> int:
    for number, name in ((1, "stdout"), (2, "stderr")):
        os.dup2(os.open(request[name], os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
    os.environ.clear()
    os.environ.update(request["environment"])
    if request["phase"]:
        if request["phase"] == "build":
            from dbt.task.build import BuildTask

            _watch(BuildTask, "execute_nodes", request)
        else:
            from dlt.pipeline.pipeline import Pipeline

            _watch(Pipeline, request["phase"], request)
    try:
        return _main(request["command"])
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else int(bool(ended.code))


def _answer(request: dict[str, Any]) -> int:
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    code = 70
    try:
        code = _run(request)
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def main() -> None:
    """Answers requests until there are no more."""
    for module in HEAVY:
        importlib.import_module(module)
    for line in sys.stdin:
        sys.stdout.write(f"{json.dumps(_answer(json.loads(line)))}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
