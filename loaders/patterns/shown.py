"""How figures of patterns are shown to people; programs get them as they are."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

#: So much of what was asked is shown of an example.
INPUT_SHOWN = 60
#: Dollars below this are shown with four places: a cheap run costs a tenth of a cent.
SMALL = 0.1


def money(value: float | Decimal | None, note: str | None = None) -> str:
    """Dollars; what is not known says so, and why when that is known.

    Args:
        value: Dollars, or nothing.
        note: Why there is no value.
    """
    if value is None:
        return f"unknown ({note})" if note else "unknown"
    amount = float(value)
    places = 4 if 0 < abs(amount) < SMALL else 2
    return f"{'-' if amount < 0 else ''}${abs(amount):,.{places}f}"


def number(value: float | Decimal | None) -> str:
    """A count in full, another number with one place."""
    if value is None:
        return "unknown"
    return f"{value:,}" if isinstance(value, int) else f"{float(value):,.1f}"


def share(part: int, whole: int) -> str:
    """``7 of 9 (77.8%)``."""
    of = f" ({part / whole:.1%})" if whole else ""
    return f"{part:,} of {whole:,}{of}"


def when(value: dt.datetime | None) -> str:
    """A time in UTC, to the minute."""
    if value is None:
        return "unknown"
    return f"{_utc(value):%Y-%m-%d %H:%M}"


def _utc(value: dt.datetime) -> dt.datetime:
    return value.astimezone(dt.UTC) if value.tzinfo else value


def one_line(text: str | None) -> str:
    """A text of a workflow on one line, without what would steer a terminal."""
    return " ".join(re.sub(r"[\x00-\x1f\x7f-\x9f]", " ", text or "").split())


def shortened(text: str | None) -> str:
    """What was asked, cut after ``INPUT_SHOWN`` characters."""
    line = one_line(text)
    return f"{line[:INPUT_SHOWN]}..." if len(line) > INPUT_SHOWN else line


def field(name: str, value: Any, row: Mapping[str, Any]) -> str:
    """A column of a mart, by what its name says it is.

    Args:
        name: Of the column.
        value: In it.
        row: The others, among them the note on savings.
    """
    if "savings" in name and name != "savings_note":
        # The formula of the brief has no window, hence nothing to say of it.
        note = None if name.endswith("_compat") else row.get("savings_note")
        return money(value, note)
    if "cost_with" in name:
        return money(value)
    if isinstance(value, dt.datetime):
        return when(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float | Decimal):
        return number(value)
    if value is None:
        return "unknown" if name.startswith("avg_") else ""
    return one_line(str(value))


def raw(value: Any) -> Any:
    """A value for csv and json: times in UTC as ISO 8601, decimals as numbers."""
    if isinstance(value, dt.datetime):
        return _utc(value).isoformat()
    if isinstance(value, Decimal):
        whole = value == value.to_integral_value()
        return int(value) if whole else float(value)
    return value
