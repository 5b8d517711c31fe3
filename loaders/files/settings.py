"""How the loaders treat web servers: ``[sources.http]`` of the configuration."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from loaders.errors import UsageError


@dataclass(frozen=True)
class HttpSettings:
    """Settings of :class:`loaders.files.http.Client`.

    Attributes:
        user_agent: Who we say we are.
        timeout_seconds: Silence of a server that counts as an error.
        total_seconds: How long one download may take altogether.
        min_delay_seconds: Between the starts of two requests to one host.
        retries: Further attempts after the first.
        backoff_seconds: Before the first further attempt; doubled each time.
        max_wait_seconds: The longest wait that backoff or ``Retry-After`` may ask.
        max_bytes: Of one download.
        verify_tls: Whether certificates are checked.
    """

    user_agent: str = "hindcast"
    timeout_seconds: float = 60.0
    total_seconds: float = 1800.0
    min_delay_seconds: float = 1.0
    retries: int = 4
    backoff_seconds: float = 1.0
    max_wait_seconds: float = 120.0
    max_bytes: int = 1 << 30
    verify_tls: bool = True

    @classmethod
    def of(cls, mapping: Mapping[str, Any]) -> HttpSettings:
        """Settings from a plain mapping; what it does not name keeps its default.

        Raises:
            UsageError: An unknown name, or a value of the wrong kind or below zero.
        """
        known = {f.name: type(f.default) for f in fields(cls)}
        values: dict[str, Any] = {}
        for name, value in mapping.items():
            if name not in known:
                raise _wrong(f"one of {', '.join(known)}", name)
            values[name] = _typed(name, value, known[name])
        return cls(**values)


def _typed(name: str, value: Any, kind: type) -> Any:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if kind is float and number and value >= 0:
        return float(value)
    if kind is int and number and value >= 0 and value == int(value):
        return int(value)
    if kind in (bool, str) and isinstance(value, kind) and value != "":
        return value
    words = {
        float: "a number from 0",
        int: "a whole number from 0",
        bool: "true or false",
        str: "a text",
    }
    raise _wrong(f"{name} = {words[kind]}", f"{name} = {value!r}")


def _wrong(expected: str, found: str) -> UsageError:
    return UsageError(
        "cannot use the settings for downloads",
        where="[sources.http] in .dlt/config.toml",
        expected=expected,
        found=found,
        next_step="correct the setting and run again",
    )
