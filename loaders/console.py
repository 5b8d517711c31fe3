"""What a run says while it works: a bar on a terminal, plain lines otherwise."""

from __future__ import annotations

import sys
import time
from collections.abc import Container, Sequence
from typing import Any, TextIO

#: Without a terminal, one line per file up to this many files, then at most one a
#: second.
LINES = 40


class Console:
    """Progress on standard error; results go to standard output by ``print_table``."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self.stream = stream or sys.stderr
        self._bar: Any = None
        self._total = 0
        self._done = 0
        self._last = 0.0

    def say(self, text: str) -> None:
        """One line of progress or explanation."""
        if self._bar is not None:
            self._bar.write(text, file=self.stream)
        else:
            self.stream.write(f"{text}\n")
            self.stream.flush()

    def begin(self, what: str, total: int) -> None:
        """Starts counting ``total`` steps of ``what``."""
        self._total, self._done, self._last = total, 0, 0.0
        if self.stream.isatty():
            from tqdm import tqdm

            self._bar = tqdm(total=total, desc=what, unit="file", file=self.stream)
        else:
            self.say(f"{what}: {total} file{'s' if total != 1 else ''}")

    def step(self, text: str) -> None:
        """One step done."""
        self._done += 1
        if self._bar is not None:
            self._bar.set_postfix_str(text[-60:])
            self._bar.update()
            return
        now = time.monotonic()
        if self._total <= LINES or now - self._last >= 1 or self._done == self._total:
            self._last = now
            self.say(f"  {self._done}/{self._total} {text}")

    def end(self) -> None:
        """Ends the bar, if there is one."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None


def table_lines(
    header: Sequence[str],
    rows: Sequence[Sequence[Any]],
    figures: Container[str] = (),
) -> list[str]:
    """An aligned text table; numbers to the right, and columns of figures as texts."""
    texts = [[_text(value) for value in row] for row in rows]
    widths = [
        max([len(name), *(len(row[i]) for row in texts)])
        for i, name in enumerate(header)
    ]
    right = [
        bool(rows)
        and (
            name in figures or all(row[i] is None or _is_number(row[i]) for row in rows)
        )
        for i, name in enumerate(header)
    ]

    def line(values: Sequence[str]) -> str:
        cells = (
            v.rjust(w) if r else v.ljust(w)
            for v, w, r in zip(values, widths, right, strict=True)
        )
        return "  ".join(cells).rstrip()

    return [line(header), line(["-" * w for w in widths]), *map(line, texts)]


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:.6g}"
    return str(value)
