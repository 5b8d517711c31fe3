"""Errors that quote files: what they say can be shown and kept."""

from __future__ import annotations

import pickle

from loaders.errors import Quarantined


def test_what_an_error_quotes_can_be_shown_and_kept() -> None:
    """Names of columns come from any file: Postgres has no NUL, a terminal obeys."""
    error = Quarantined(
        "cannot read",
        where="a\udcff.csv",
        expected="text",
        found="a\0b\x1b[2Jc\nd\te\u00e4",
        next_step="look",
    )
    for one in (error, pickle.loads(pickle.dumps(error))):  # noqa: S301 - our own
        assert one.found == "a\ufffdb\ufffd[2Jc\nd\te\u00e4"
        assert one.where == "a\ufffd.csv"
        one.reason.encode()
