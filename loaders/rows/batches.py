"""Batches of rows on their way to the spool."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from loaders.model import Column

if TYPE_CHECKING:
    import pyarrow as pa


def undisturbed(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Batches made without Python's search for cycles, of which rows have none.

    Thousands of new objects a batch would start it again and again, and cost a third.
    """
    while True:
        was_enabled = gc.isenabled()
        gc.disable()
        try:
            batch = next(batches, None)
        finally:
            if was_enabled:
                gc.enable()
        if batch is None:
            return
        yield batch


def nothing(columns: Sequence[Column]) -> pa.RecordBatch:
    """A batch without rows: a file without any is loaded too, and known."""
    import pyarrow as pa

    names = [*map(str, columns), "_source_row"]
    types = [*[pa.string()] * (len(names) - 1), pa.int32()]
    return pa.record_batch([pa.array([], t) for t in types], names)
