"""Errors with four parts: what failed, where, expected and found, what next."""

from __future__ import annotations

import re


class HindcastError(Exception):
    """An error a person can act on.

    Args:
        what: What could not be done, as a clause: "cannot read the workbook".
        where: File, sheet and row, as far as known.
        expected: What would have been right.
        found: What is there instead.
        next_step: What to do now; a command where there is one.
    """

    def __init__(
        self, what: str, *, where: str, expected: str, found: str, next_step: str
    ) -> None:
        self.what = _shown(what)
        self.where = _shown(where)
        self.expected = _shown(expected)
        self.found = _shown(found)
        self.next_step = _shown(next_step)
        super().__init__(self.what)

    @property
    def reason(self) -> str:
        """The first three parts on one line, as the ledger keeps them."""
        return (
            f"{self.what}; where: {self.where}; "
            f"expected: {self.expected}; found: {self.found}"
        )

    def __str__(self) -> str:
        return (
            f"{self.what}\n"
            f"  where:    {self.where}\n"
            f"  expected: {self.expected}\n"
            f"  found:    {self.found}\n"
            f"  next:     {self.next_step}"
        )

    def __reduce__(self) -> tuple[object, ...]:
        # Readers run in worker processes: the default pickling of an exception passes
        # ``args`` positionally and would lose the keyword-only parts.
        parts = (self.what, self.where, self.expected, self.found, self.next_step)
        return (_rebuild, (type(self), *parts))


#: What a terminal would obey, and what the ledger cannot hold.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def _shown(text: str) -> str:
    """A part of an error, which may quote any file, as it can be kept and shown."""
    return _CONTROL.sub("\ufffd", text)


def _rebuild(
    kind: type[HindcastError],
    what: str,
    where: str,
    expected: str,
    found: str,
    next_step: str,
) -> HindcastError:
    return kind(what, where=where, expected=expected, found=found, next_step=next_step)


class Quarantined(HindcastError):
    """The content of a file cannot be trusted: it is set aside, the others go on.

    Raised by readers. Reading the same bytes again gives the same answer, so a
    quarantined file is not read again until its bytes, its name or the reader change.
    """


class Failed(HindcastError):
    """Something around a file failed (network, disk): trying again may help."""


class UsageError(HindcastError):
    """The call itself was wrong: exit code 2."""
