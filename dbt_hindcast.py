"""dbt plug-in: plain ``dbt build`` uses the same warehouse as dlt and ``hindcast sql``.

dbt loads top-level modules named ``dbt_*`` after it has read the profile. The profile
can read environment variables but can neither parse a connection url nor start a
server, so its credentials are completed here. Only this project's target ``warehouse``
is touched: another project, target or profile in the same environment is left alone.
"""

from __future__ import annotations

import gc
from typing import Any

from dbt.plugins.manager import dbtPlugin

PROJECT = "hindcast"
TARGET = "warehouse"
#: New objects between two searches for cycles. dbt holds its whole project in memory,
#: walks all of it again and again at Python's 700, and loses a tenth of a build.
NEW_OBJECTS = 500_000
#: Commands that never open a connection; the server is not started for them.
OFFLINE_COMMANDS = frozenset({"parse", "list", "ls", "clean", "deps", "init", "debug"})


class HindcastWarehouse(dbtPlugin):  # type: ignore[misc]
    """Completes the credentials of the target ``warehouse``."""

    def initialize(self) -> None:
        """Called by dbt once per command, after profile and project are read."""
        if self.project_name != PROJECT:
            return
        gc.set_threshold(NEW_OBJECTS)
        import click

        context = click.get_current_context(silent=True)
        profile: Any = (context.obj or {}).get("profile") if context else None
        if profile is None or profile.target_name != TARGET:
            return
        if context is not None and context.info_name in OFFLINE_COMMANDS:
            return
        from dbt_common.exceptions import DbtRuntimeError

        from loaders import dataset, warehouse
        from loaders.errors import HindcastError

        try:
            target = warehouse.resolve()
            dataset.ensure_all(target)
        except HindcastError as error:
            raise DbtRuntimeError(str(error)) from error
        credentials = profile.credentials
        credentials.host = target.host
        credentials.port = target.port
        credentials.user = target.user
        credentials.password = target.password
        credentials.database = target.database
        for name, value in target.tls.items():
            setattr(credentials, name, value)


plugins = [HindcastWarehouse]
