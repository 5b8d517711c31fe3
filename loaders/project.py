"""Where the project is, where it keeps its things, and its configuration."""

from __future__ import annotations

import os
import tomllib
from functools import cache
from pathlib import Path
from typing import Any


@cache
def root() -> Path:
    """The project's folder: the nearest one above the current folder, else our own.

    ``HINDCAST_PROJECT_DIR`` wins. A checkout is recognised by its ``dbt_project.yml``
    beside a ``loaders`` folder.
    """
    named = os.environ.get("HINDCAST_PROJECT_DIR")
    if named:
        return Path(named).resolve()
    here = Path.cwd().resolve()
    for folder in (here, *here.parents):
        if is_project(folder):
            return folder
    return Path(__file__).resolve().parent.parent


def is_project(folder: Path) -> bool:
    """Whether a folder is the root of a hindcast checkout."""
    return (folder / "dbt_project.yml").is_file() and (folder / "loaders").is_dir()


def state_dir() -> Path:
    """``.hindcast/``: the embedded server, caches and working files; not committed."""
    named = os.environ.get("HINDCAST_STATE_DIR")
    return Path(named).resolve() if named else root() / ".hindcast"


@cache
def config() -> dict[str, Any]:
    """The project's ``.dlt/config.toml``; empty when there is none."""
    path = root() / ".dlt" / "config.toml"
    if not path.is_file():
        return {}
    with path.open("rb") as handle:
        return tomllib.load(handle)


def setting(*keys: str, default: Any = None) -> Any:
    """One value of the configuration, by its path of keys."""
    value: Any = config()
    for key in keys:
        if not isinstance(value, dict) or key not in value:
            return default
        value = value[key]
    return value


def shown(path: Path) -> str:
    """A path as people and the ledger see it: relative to the project when inside."""
    resolved = path.resolve()
    try:
        return resolved.relative_to(root()).as_posix()
    except ValueError:
        return resolved.as_posix()
