"""Databases as sources: their urls, without what must not be written down."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from urllib.parse import parse_qsl, quote, urlencode

from loaders import project
from loaders.errors import UsageError

#: A variable of the environment in the url of a database.
_VARIABLE = re.compile(r"\$\{(\w+)\}")
_SECRET = frozenset({"password", "passfile", "sslpassword"})


def shown(url: str) -> str:
    """The url as people and the ledger see it: without any password."""
    if "://" not in url:
        return url
    # Up to the last @: a password that nobody encoded may hold any character.
    scheme, rest = url.split("://", 1)
    login, at, place = rest.rpartition("@")
    base, _, query = f"{login.split(':', 1)[0]}{at}{place}".partition("?")
    told = urlencode([(k, v) for k, v in parse_qsl(query) if k not in _SECRET])
    return f"{scheme}://{base}{'?' if told else ''}{told}"


def resolved(url: str, configured: Sequence[str] = ()) -> str:
    """The url to connect with.

    Args:
        url: As given, or as the ledger shows it.
        configured: Urls of the settings, which may say more than is shown.

    Raises:
        UsageError: It names a variable that is not set.
    """
    whole = next((one for one in configured if shown(one) == url), url)

    def value(match: re.Match[str]) -> str:
        name = match[1]
        if name not in os.environ:
            raise UsageError(
                "cannot complete the url of a database",
                where=shown(whole),
                expected=f"the environment variable {name}",
                found="it is not set",
                next_step=f"set {name} and run again",
            )
        return quote(os.environ[name], safe="")

    return _VARIABLE.sub(value, whole)


def configured(pipeline: str) -> list[str]:
    """Databases that the settings name for a pipeline: urls, and files in full."""
    named = project.setting("sources", pipeline, "databases", default=[])
    return [
        one if "://" in one else str(project.root() / one) for one in map(str, named)
    ]
