"""The head of an RTT extract: its header found within the first lines."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator

from loaders.errors import Quarantined
from loaders.sheets.textstream import HEADER_WITHIN, Utf8Stream, without_bom


def opened(
    pieces: Iterator[bytes], where: str, is_header: Callable[[list[str]], bool]
) -> tuple[Utf8Stream, list[str], list[str]]:
    """Opens a csv behind its header.

    Args:
        pieces: Its bytes.
        where: The file, for messages.
        is_header: Whether a row is the header.

    Returns:
        The stream from the first data row on, the lines above the header, the header.

    Raises:
        Quarantined: No header within the first lines.
    """
    stream = Utf8Stream(without_bom(pieces), where)
    lines = stream.preamble()
    if not any(line.strip() for line in lines):
        raise _no_header(where, "an empty file")
    for number, line in enumerate(lines):
        cells = next(csv.reader([line]), [])
        if is_header(cells):
            stream.skip_lines(number + 1)
            return stream, lines[:number], cells
    raise _no_header(where, f"lines such as {lines[0][:120]!r}")


def _no_header(where: str, found: str) -> Quarantined:
    return Quarantined(
        "cannot find the header of the full extract",
        where=f"{where}, rows 1 to {HEADER_WITHIN}",
        expected="column names such as Provider Org Code, RTT Part Type",
        found=found,
        next_step="check that this is the full csv extract, and complete",
    )
