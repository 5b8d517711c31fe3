"""Urls of databases: shown without passwords, completed from the environment."""

from __future__ import annotations

import pytest

from loaders.errors import HindcastError
from loaders.files import databases


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://u:secret@h:5432/d", "postgresql://u@h:5432/d"),
        ("postgres://u:se@cr:et/secret@h/d", "postgres://u@h/d"),
        ("postgresql://h/d?user=u&password=secret", "postgresql://h/d?user=u"),
        ("postgresql:///d", "postgresql:///d"),
        ("postgresql://u:${SECRET}@h/d", "postgresql://u@h/d"),
        ("inbox/workflows/a.db", "inbox/workflows/a.db"),
    ],
)
def test_urls_are_shown_without_passwords(url: str, shown: str) -> None:
    assert databases.shown(url) == shown


def test_a_url_takes_its_password_from_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HISTORY_PASSWORD", "p@ss/w")
    named = "postgresql://u:${HISTORY_PASSWORD}@h/d"
    whole = "postgresql://u:p%40ss%2Fw@h/d"
    assert databases.resolved(named) == whole
    # A source as the ledger has it is the one of the settings.
    assert databases.resolved("postgresql://u@h/d", [named]) == whole
    monkeypatch.delenv("HISTORY_PASSWORD")
    with pytest.raises(HindcastError, match="complete the url") as raised:
        databases.resolved(named)
    assert "HISTORY_PASSWORD" in raised.value.expected
