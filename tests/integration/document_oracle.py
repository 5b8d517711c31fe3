"""The backfill of documents in plain Python, row by row: what SQL is held against.

It follows the description of the first implementation, and keeps to loops: drafts,
links and combined rows, then essays, then evaluations, each row looking through all
before it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import NamedTuple

KINDS = ("draft", "link", "generation", "essay", "evaluation")
STAGES = {"link": "draft", "generation": "draft"}
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


class Row(NamedTuple):
    """A row of a csv, its columns by what they mean."""

    kind: str
    task: str
    combo: str
    template: str
    model: str
    status: str
    time: str
    path: str
    essay: str = ""
    generation: str = ""


@dataclass
class Document:
    """A document, and what it was made of."""

    doc_id: str
    logical_key: str
    row: Row
    row_index: int
    moment: datetime
    content: str
    parent: Document | None


@dataclass
class Index:
    """All documents so far, and the rows of the last build that are none."""

    run_id: str
    documents: list[Document] = field(default_factory=list)
    bad: list[tuple[Row, int, str]] = field(default_factory=list)


def key_of(*parts: str) -> str:
    """An identifier of the documents' runtime."""
    text = "".join(f"{part}|" for part in parts)
    number = int.from_bytes(hashlib.sha256(text.encode()).digest()[:12])
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = DIGITS[digit] + digits
    return digits.rjust(16, "0")[:16]


def resolve(
    index: Index,
    rows: Mapping[str, Iterable[tuple[int, Row]]],
    responses: Mapping[str, str | None],
) -> None:
    """Adds to the index what a build adds to it; documents of old stay.

    Args:
        index: The documents so far.
        rows: Rows of each kind of csv, with their indexes: of the csv as it now is, and
            those that were in it before.
        responses: Contents by path; None for a file that is no text.
    """
    index.bad = []
    for kind in KINDS:
        # What this build makes of a csv rests on what came before it only.
        made = []
        earlier = _identities(index.documents)
        for row_index, written in rows.get(kind, ()):
            row = _trimmed(written)
            content = responses.get(row.path)
            identity = (*row._replace(path=""), content)
            if identity in earlier and _reason(row, responses) is None:
                earlier.remove(identity)
                continue
            reason = _reason(row, responses)
            if reason is None:
                document = _document(index, row, row_index, str(content))
                if document is not None:
                    made.append(document)
                    continue
                reason = f"unresolved_{'parent' if kind == 'essay' else 'target'}"
            index.bad.append((row, row_index, reason))
        index.documents += made


def _identities(documents: Iterable[Document]) -> list[tuple[str | None, ...]]:
    return [(*d.row._replace(path=""), d.content) for d in documents]


def _trimmed(row: Row) -> Row:
    stripped = Row(*(value.strip() for value in row))
    return stripped._replace(status=stripped.status.lower())


def _moment(text: str) -> datetime | None:
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        return None
    return read.replace(tzinfo=UTC) if read.tzinfo is None else read


def _reason(row: Row, responses: Mapping[str, str | None]) -> str | None:
    needed = (row.task, row.template, row.model)
    if (
        not all(needed)
        or not (row.combo or row.kind == "evaluation")
        or _moment(row.time) is None
        or row.status != "success"
    ):
        return "invalid_row"
    if row.path not in responses:
        return "missing_response_file"
    return "unreadable_response_file" if responses[row.path] is None else None


def _document(index: Index, row: Row, row_index: int, content: str) -> Document | None:
    moment = _moment(row.time)
    assert moment is not None
    stage = STAGES.get(row.kind, row.kind)
    parent = None
    if stage == "essay":
        parent = _parent(index, row, moment)
    elif stage == "evaluation":
        parent = _target(index, row, moment)
    if stage != "draft" and parent is None:
        return None
    rests_on = parent.doc_id if parent else row.combo
    logical_key = key_of(stage, rests_on, row.template, row.model)
    doc_id = key_of(logical_key, index.run_id, str(row_index))
    return Document(doc_id, logical_key, row, row_index, moment, content, parent)


def _best(candidates: Iterable[Document]) -> Document | None:
    """The latest; of one time a draft before a link, then the first row."""
    best = None
    for document in candidates:
        rank = (KINDS.index(document.row.kind), document.row_index)
        if (
            best is None
            or document.moment > best.moment
            or (
                document.moment == best.moment
                and rank < (KINDS.index(best.row.kind), best.row_index)
            )
        ):
            best = document
    return best


def _parent(index: Index, row: Row, moment: datetime) -> Document | None:
    return _best(
        d
        for d in index.documents
        if d.row.kind in ("draft", "link")
        and (d.row.combo, d.row.model) == (row.combo, row.model)
        and d.moment <= moment
    )


def _target(index: Index, row: Row, moment: datetime) -> Document | None:
    for task, kinds in (
        (row.essay, ("essay",)),
        (row.generation, ("draft", "link", "generation")),
    ):
        named = [
            d for d in index.documents if d.row.kind in kinds and d.row.task == task
        ]
        found = _best(d for d in named if d.moment <= moment) or _best(named)
        if task and found:
            return found
    return None
