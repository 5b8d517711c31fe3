"""What an export of documents reads: marts of one moment, texts a few at a time."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import psycopg2
import psycopg2.errors

from loaders import warehouse
from loaders.documents.export_tree import Document
from loaders.errors import Failed

if TYPE_CHECKING:
    from psycopg2.extensions import connection as Connection

BUILD = "dbt build --selector documents"
#: How long to wait for a build that is replacing a mart.
LOCK_SECONDS = 60
#: Texts come so many at once, those of more characters one by one: what is in memory
#: does not grow with the number of documents, only with the largest of them.
TEXTS = 200
LARGE_CHARS = 50_000


@dataclass(frozen=True)
class Choice:
    """Which documents are wanted; all without any."""

    stages: tuple[str, ...] = ()
    run_id: str | None = None
    latest: bool = False


class Texts(NamedTuple):
    """The texts of a document; ``parsed`` is ``None`` also where it is the raw one."""

    doc_id: str
    raw: str | None
    parsed: str | None
    is_raw_parsed: bool
    prompt: str | None
    encoding: str | None
    content_hash: str
    metadata: str


@contextlib.contextmanager
def reading() -> Iterator[Source]:
    """The marts of the warehouse in use, all as of one moment.

    Raises:
        Failed: They are not there, or may not be read.
    """
    with contextlib.closing(warehouse.connect(warehouse.resolve())) as connection:
        connection.set_session(isolation_level="REPEATABLE READ", readonly=True)
        # Texts are written in utf-8, whatever the environment wants of a client.
        connection.set_client_encoding("UTF8")
        try:
            with connection.cursor() as cursor:
                cursor.execute(f"set local lock_timeout = '{LOCK_SECONDS}s'")
            yield Source(connection)
        except psycopg2.errors.LockNotAvailable as error:
            raise _unreadable(
                str(error), f"wait until `{BUILD}` has ended, then run it again"
            ) from error
        except psycopg2.Error as error:
            raise _unreadable(
                str(error),
                f"{BUILD}, then the same command again; to read takes the role "
                "hindcast_analyst",
            ) from error


def _unreadable(found: str, next_step: str) -> Failed:
    return Failed(
        "cannot read the documents",
        where="gold.documents, gold.document_texts",
        expected="marts as the models of this version build them, and the right to "
        "read them",
        found=" ".join(found.split()),
        next_step=next_step,
    )


class Source:
    """Documents and their texts, by cursors on the server."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def documents(self, choice: Choice) -> Iterator[Document]:
        """The documents that are wanted, in the order of their directories.

        Raises:
            Failed: One has ids that name no directory.
        """
        conditions: list[str] = ["true"]
        values: list[Any] = []
        if choice.stages:
            conditions.append("stage = any(%s)")
            values.append(list(choice.stages))
        if choice.run_id is not None:
            conditions.append("run_id = %s")
            values.append(choice.run_id)
        if choice.latest:
            conditions.append(
                "doc_id in (select doc_id from gold.documents_latest_report)"
            )
        for row in self._rows(
            10_000,
            "select doc_id, stage, logical_key_id, raw_chars,"
            " parsed_chars is not null from gold.documents"
            f" where {' and '.join(conditions)}"
            ' order by stage, logical_key_id collate "C"',
            values,
        ):
            yield Document(*row).checked()

    def texts(self, wanted: Sequence[Document]) -> Iterator[Texts]:
        """The texts of documents in any order, of those that raw still has."""
        small = [d.doc_id for d in wanted if d.chars <= LARGE_CHARS]
        large = [d.doc_id for d in wanted if d.chars > LARGE_CHARS]
        for ids, at_once in ((small, TEXTS), (large, 1)):
            if not ids:
                continue
            # A parsed text that is the raw one is not sent twice.
            for row in self._rows(
                at_once,
                "select texts.doc_id, raw_text, nullif(parsed_text, raw_text),"
                " coalesce(parsed_text = raw_text, false), prompt_text, encoding,"
                " content_hash, meta_small from gold.document_texts as texts"
                " inner join unnest(%s::text[]) as wanted (doc_id)"
                " on texts.doc_id = wanted.doc_id",
                [ids],
            ):
                yield Texts(*row)

    def _rows(
        self, at_once: int, query: str, values: Sequence[Any]
    ) -> Iterator[tuple[Any, ...]]:
        with self._connection.cursor(f"rows_{at_once}") as cursor:
            cursor.itersize = at_once
            cursor.execute(query, values)
            yield from cursor
