"""The only list of pipelines."""

from __future__ import annotations

import importlib
from functools import cache

from loaders.errors import UsageError
from loaders.model import Pipeline

#: Name and the module that holds ``PIPELINE``, in the order ``dlt pipeline run`` takes.
MODULES = {
    "cancer": "loaders.cancer",
    "rtt": "loaders.rtt",
    "oversight": "loaders.oversight",
    "organisations": "loaders.organisations",
    "publications": "loaders.publications",
    "workflows": "loaders.workflows",
    "documents": "loaders.documents",
}


@cache
def get(name: str) -> Pipeline:
    """One pipeline by its name.

    Raises:
        UsageError: There is none of that name.
    """
    if name not in MODULES:
        raise UsageError(
            f"there is no pipeline {name!r}",
            where="dlt pipeline NAME run",
            expected=f"one of: {', '.join(MODULES)}",
            found=name,
            next_step="dlt pipeline run  (all of them)",
        )
    pipeline: Pipeline = importlib.import_module(MODULES[name]).PIPELINE
    return pipeline


def all_pipelines() -> list[Pipeline]:
    """Every pipeline, in order."""
    return [get(name) for name in MODULES]
