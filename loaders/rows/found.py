"""What readers say of a file while its rows go by."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from loaders.errors import Quarantined
from loaders.model import Period
from loaders.rows.vocabulary import Vocabulary

if TYPE_CHECKING:
    import pyarrow as pa

#: With more lines than this that cannot be read, a file is something else.
UNREADABLE_AT_MOST = 10_000

_DAY = r"^\s*[0-9]{4}-[0-9]{2}-[0-9]{2}"
_EPOCH = r"^[0-9]{10}([0-9]{3})?(\.[0-9]+)?$"
_EXAMPLE = r'"example":"\s*example\s*:'


@dataclass
class Found:
    """What is known of a file by now.

    Attributes:
        where: The file, for messages.
        vocabulary: What its pipeline knows of tables.
        notes: What people should know of its tables.
        unreadable: Lines that are no rows: number, text, reason.
        passed_over: Lines that are rows of no table of ours.
        is_example: Whether a row says that it is a hindcast example.
        days: First and last day of its times so far.
    """

    where: str
    vocabulary: Vocabulary
    notes: list[str] = field(default_factory=list)
    unreadable: list[tuple[int, str, str]] = field(default_factory=list)
    passed_over: int = 0
    is_example: bool = False
    days: tuple[dt.date, dt.date] | None = None

    def cannot_read(self, number: int, text: str, reason: str) -> None:
        """Keeps a line that is no row.

        Raises:
            Quarantined: There are too many of them.
        """
        self.unreadable.append((number, text, reason))
        if len(self.unreadable) > UNREADABLE_AT_MOST:
            raise Quarantined(
                "cannot read the lines of the file",
                where=f"{self.where}, up to line {number}",
                expected=f"rows, and at most {UNREADABLE_AT_MOST:,} lines that are "
                "none",
                found=f"more; the last: {text[:200]!r} ({reason})",
                next_step="look at these lines; export the table again",
            )

    def see(self, batch: pa.RecordBatch, table: str) -> None:
        """Takes note of the times of rows, and of examples."""
        import pyarrow.compute as pc

        names = batch.schema.names
        for name in self.vocabulary.times.get(table, ()):
            if name in names:
                for day in _days(batch.column(name)):
                    first, last = self.days or (day, day)
                    self.days = (min(first, day), max(last, day))
        extra = batch.column("extra")
        if not self.is_example and extra.null_count < len(extra):
            said = pc.match_substring_regex(extra, _EXAMPLE, ignore_case=True)
            self.is_example = bool(pc.any(said).as_py())

    @property
    def period(self) -> Period | None:
        """From the first to the last day, as the times are written."""
        if self.days is None:
            return None
        first, last = self.days
        if first == last:
            return Period(first, last, "day", first.isoformat())
        label = f"{first.isoformat()} to {last.isoformat()}"
        return Period(first, last, "range", label)


def _days(times: pa.Array) -> list[dt.date]:
    """The days of times: ISO 8601, or seconds or milliseconds since 1970 as digits."""
    import pyarrow as pa
    import pyarrow.compute as pc

    times = times.drop_null()
    dated = pc.match_substring_regex(times, _DAY)
    trimmed = pc.utf8_ltrim_whitespace(times.filter(dated))
    texts = pc.unique(pc.utf8_slice_codeunits(trimmed, 0, 10)).to_pylist()
    days = []
    for text in texts:
        try:
            days.append(dt.date.fromisoformat(text))
        except ValueError:
            continue
    if pc.all(dated).as_py() is not False:
        return days
    rest = times.filter(pc.invert(dated))
    epochs = rest.filter(pc.match_substring_regex(rest, _EPOCH)).cast(pa.float64())
    for bound in pc.min_max(epochs).as_py().values() if len(epochs) else ():
        seconds = bound / 1000 if bound >= 1e11 else bound
        days.append(dt.datetime.fromtimestamp(seconds, dt.UTC).date())
    return days
