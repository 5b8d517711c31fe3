"""Reading a version of a database: what was fetched, as rows that land."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from loaders.files.voices import is_example_line
from loaders.model import FileRead, SourceFile, TableRead
from loaders.rows.shape import Shaper
from loaders.rows.vocabulary import SAID
from loaders.workflows.database import Fetched, Version
from loaders.workflows.kinds import VOCABULARY
from loaders.workflows.tables import JSON_COLUMNS

#: Where a table of a database lands, if not in one of its own name.
LANDS = {
    "workflow_history_archive": "workflow_history",
    "cost_savings_log": "cost_savings",
    "pattern_approvals": "pattern_reviews",
    "pattern_review_history": "pattern_reviews",
}
#: A byte that Postgres cannot hold, or the mark of one that was no text.
_TELLING = "\\x00|\ufffd"


def stream(file: SourceFile) -> FileRead:
    """A version of a database, table by table, lazily."""
    version: Version = file.details
    read = FileRead(
        *(version.kind, None, "none", "unknown", None, False, (), []),
        details=version,
    )
    read.tables = [
        TableRead(
            table=LANDS.get(one.table.lower(), one.table.lower()),
            source_table=one.table.lower(),
            sheet=one.table,
            part=None,
            title=None,
            header_row=0,
            first_row=1,
            last_row=one.rows,
            rows_read=one.rows,
            notes=(),
            batches=_batches(file.path, one, read),
        )
        for one in version.tables
    ]
    return read


def _batches(path: Path, one: Fetched, read: FileRead) -> Iterator[pa.RecordBatch]:
    table = LANDS.get(one.table.lower(), one.table.lower())
    shaper = Shaper(VOCABULARY, table, is_whole=False)
    places = VOCABULARY.places(table, one.columns)
    lower = [name.lower() for name in one.columns]
    row = 0
    with path.open("rb") as handle:
        handle.seek(one.offset)
        for batch in pa.ipc.open_stream(handle):
            if "example" in lower:
                said = _texts(batch.column(lower.index("example")))
                read.is_example |= any(map(is_example_line, filter(None, said)))
            numbers = range(row + 1, row + batch.num_rows + 1)
            row += batch.num_rows
            yield _shaped(shaper, one.columns, places, batch.columns, numbers)


def _shaped(
    shaper: Shaper,
    names: Sequence[str],
    places: Sequence[str | None],
    columns: Sequence[pa.Array],
    numbers: Sequence[int],
) -> pa.RecordBatch:
    """A batch of a landing table; columns of plain text are passed on as they are.

    All batches of a table have the same columns, empty or not: those that have a place,
    and what is said of the rows.
    """
    plain: dict[str, pa.Array] = {}
    rest: list[int] = []
    for i, (place, column) in enumerate(zip(places, columns, strict=True)):
        if column.null_count == len(column):
            continue
        text = None if place is None or place in JSON_COLUMNS else _plain(column)
        if place is None or text is None:
            rest.append(i)
        else:
            plain[place] = text
    others = [names[i] for i in rest]
    if VOCABULARY.places(shaper.table, others) != [places[i] for i in rest]:
        # Without the others a column would stand for one of them.
        plain, rest = {}, list(range(len(names)))
        others = list(names)
    batch = shaper.columns(others, [_texts(columns[i]) for i in rest], numbers)
    made = {**plain, **dict(zip(batch.schema.names, batch.columns, strict=True))}
    nothing = pa.nulls(len(numbers), pa.string())
    wanted = [*filter(None, places), *map(str, SAID), "_source_row"]
    return pa.record_batch([made.get(name, nothing) for name in wanted], wanted)


def _plain(column: pa.Array) -> pa.Array | None:
    """The column as text, if that is all there is to it."""
    try:
        text = column.cast(pa.string())
    except pa.ArrowInvalid:
        return None
    found = pc.match_substring_regex(text, _TELLING)
    return None if pc.any(found).as_py() else text


def _texts(column: pa.Array) -> list[str | None]:
    return [
        None if value is None else value.decode("utf-8", "replace")
        for value in column.to_pylist()
    ]
