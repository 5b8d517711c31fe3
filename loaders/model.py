"""The few types that files, readers, the ledger and the run share."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

if TYPE_CHECKING:
    import pyarrow as pa

    from loaders.files import Problem, Skipped

#: A column of a landing table: its name when it is text, else name and Postgres type.
Column = str | tuple[str, str]

#: Takes the files of one zip and gives those to load, with a word on the others.
Choose = Callable[
    [Iterable["SourceFile | Problem | Skipped"]],
    "Iterator[SourceFile | Problem | Skipped]",
]

#: Of a folder and what lies in it: the entries left to look into when it is one source,
#: ``None`` when it is not.
Whole = Callable[[Path, Sequence["os.DirEntry[str]"]], "list[os.DirEntry[str]] | None"]

RELEASE_STATUSES = ("provisional", "final", "revised", "unknown")


@dataclass(frozen=True)
class Period:
    """A stretch of time a publication speaks about; both ends are included.

    Attributes:
        start: First day.
        end: Last day.
        grain: ``month``, ``quarter``, ``year``, ``financial_year``, ``week``, ``day``,
            ``range``.
        label: How the mart names it; ``YYYY-MM`` for a month.
    """

    start: dt.date
    end: dt.date
    grain: str
    label: str


@dataclass(frozen=True)
class Claims:
    """What others say a file is, before it is opened; checked against its content.

    Attributes:
        period_by: Claimed period by who claims it: ``page``, ``option``, ``folder`` or
            ``name``.
        status_by: Claimed release status by who claims it: ``page``, ``folder`` or
            ``name``.
        selected: Periods the run was limited to; empty means all.
    """

    period_by: Mapping[str, Period] = field(default_factory=dict)
    status_by: Mapping[str, str] = field(default_factory=dict)
    selected: tuple[Period, ...] = ()


@dataclass(frozen=True)
class SourceFile:
    """A file to load: where it is, where it came from, what is claimed about it.

    Attributes:
        source: Provenance as stored in ``_source_file``: the url, or the path relative
            to the project (absolute when outside it); zip members as ``zip!member``.
        name: File name alone, for instance ``8.-62-Day.csv``.
        path: Where the bytes are on this machine.
        member: Name inside ``path`` when that is a zip, else ``None``.
        claims: What page, option and name say about it.
        published_on: Publication date when known.
        publication: Code of the publication whose page led to it, where a pipeline has
            several.
        sha256: Of its content, where whoever fetched it has computed it already.
        details: What whoever fetched it knows of it, for its reader.
    """

    source: str
    name: str
    path: Path
    member: str | None = None
    claims: Claims = field(default_factory=Claims)
    published_on: dt.date | None = None
    publication: str | None = None
    sha256: str | None = None
    details: Any = None


@dataclass
class TableRead:
    """One table found in a file, ready to land.

    Attributes:
        table: Landing table, for instance ``fds_waits``.
        source_table: The publisher's table it holds, for instance ``fds_by_route``;
            vintages are chosen per period, basis and source table.
        sheet: Sheet name; ``None`` in a csv.
        part: The PART line above it, where a sheet holds several.
        title: Title of the table as published.
        header_row: 1-based row of the column names.
        first_row: 1-based first data row.
        last_row: 1-based last row that lands, aggregates included.
        rows_read: Rows the reader saw between ``first_row`` and ``last_row`` that are
            rows of the table (blank lines are not).
        notes: Notes and footers that belong to it, as published.
        batches: Arrow batches with the columns of the landing table (a subset is fine)
            and ``_source_row`` (1-based). May be an iterator for large files.
        key: Its key in the warehouse, given when it is landed.
        details: What else its pipeline keeps of it (``Extension.record``).
    """

    table: str
    source_table: str
    sheet: str | None
    part: str | None
    title: str | None
    header_row: int
    first_row: int
    last_row: int
    rows_read: int
    notes: tuple[str, ...]
    batches: Iterable[pa.RecordBatch]
    key: int = -1
    details: Any = None


@dataclass
class FileRead:
    """What a reader made of one file.

    Attributes:
        reader: Reader name and version, for instance ``calamine 0.9.1``.
        period: Period the rows belong to; ``None`` where nothing in the file is dated
            and its pipeline does not need it to be. A streaming reader may set it with
            its last batch.
        period_source: ``content``, ``option``, ``page``, ``folder`` or ``name``;
            ``none`` without a period.
        release_status: One of ``RELEASE_STATUSES``.
        basis: ``provider``, ``commissioner`` or ``None`` where it has no meaning.
        is_example: The file says of itself that it is a hindcast example.
        notes: Preamble and other text of the file, as published.
        tables: The tables to land.
        published_on: Publication date that the file states, where its page does not.
        details: What else its pipeline keeps of it (``Extension.record``).
        remark: What people should know of a file that loads, said after "files that
            are".
    """

    reader: str
    period: Period | None
    period_source: str
    release_status: str
    basis: str | None
    is_example: bool
    notes: tuple[str, ...]
    tables: list[TableRead]
    published_on: dt.date | None = None
    details: Any = None
    remark: str | None = None


@dataclass(frozen=True)
class Extension:
    """What a pipeline keeps in the warehouse beside the ledger and the landed rows.

    Attributes:
        tables: Its tables: columns with their Postgres types, keys included.
        record: Writes them, in the transaction in which a load becomes part of the
            record: a cursor, the pipeline's dataset, the files that loaded.
        settle: Optional: brings what rests on reviewed files of the project up to
            date; called after every ``record`` and whenever the warehouse is made
            ready.
    """

    tables: Mapping[str, Mapping[str, str]]
    record: Callable[[Any, str, Sequence[tuple[str, FileRead]], str], None]
    settle: Callable[[Any, str], None] | None = None


@dataclass(frozen=True)
class Asking:
    """What a run gives a pipeline that asks databases for what is new.

    Attributes:
        warehouse: A connection to what is loaded; ``None`` where there is no warehouse.
        folder: Takes what is fetched, until the run ends; ``None`` in a dry run, which
            keeps nothing.
        afresh: Everything is wanted, not only what is new.
    """

    warehouse: Any
    folder: Path | None
    afresh: bool = False


@dataclass(frozen=True)
class Databases:
    """How a pipeline reads what it asks for news, rather than reading its bytes.

    Databases, and folders of so many files that together they are one source.

    Attributes:
        schemes: How the url of a server begins, for instance ``postgresql://``.
        is_one: Whether a file is a database, or a folder that is one source.
        fetch: Fetches what is new in a server (a url) or a file: one file with its
            ``sha256`` and ``details``, or a problem. A database with nothing new is
            given with the ``sha256`` of what was loaded last.
        folder: Of a folder that is one source: what in it is none of that source; else
            ``None``. Given a folder and what lies in it.
    """

    schemes: tuple[str, ...]
    is_one: Callable[[SourceFile], bool]
    fetch: Callable[
        [str | SourceFile, Asking], Iterator[SourceFile | Problem | Skipped]
    ]
    folder: Whole | None = None


class Preview(Protocol):
    """What a dry run finds in the files that it would load."""

    def add(self, read: FileRead) -> None:
        """Takes a file, its batches included; one that raises counts for nothing."""

    def lines(self) -> list[str]:
        """What was found, for people."""


@dataclass(frozen=True)
class Pipeline:
    """A folder under ``loaders/``: how its files are found, read and landed.

    Attributes:
        name: ``cancer``; dataset ``raw_cancer``.
        title: One line for people.
        tables: Columns of each landing table without provenance: a name for text, or
            a name with a Postgres type (``bigint``, ``double precision``, ``date``).
        suffixes: Lower-case file name endings that this pipeline takes from a folder.
        read: Turns bytes into tables; pure, raises ``Quarantined``.
        stream: Instead of ``read`` for large files: opens the file itself and leaves
            batches lazy, so that memory does not grow with the file.
        streams: Optional: which files are streamed; all where there is a ``stream``.
        claims: What a file name says about its content.
        choose: Optional: which of a zip's data files are taken; the others are passed
            over with a reason.
        preview: Optional: what a dry run tells beside the files; given the ``--limit``.
        manifest: Optional: what ``read`` sees, with the keys of ``hindcast manifest``.
        discover: Optional: finds and fetches files published on the web.
        databases: Optional: how it reads databases.
        starts: Optional: the pages where it starts, where the settings name none.
        file_format: How rows are handed to dlt: ``parquet``, or ``csv`` where they are
            text, which Postgres reads faster than it is encoded for ADBC.
        extension: Optional: what it keeps beside the ledger and the landed rows.
        accumulates: Every file adds to what is known, and none takes the place of
            another: rows are merged by the models. Examples alone give way, to the
            first real file.
        last_found_counts: Of the versions of a file the one found last counts, also
            where it is an old one again; else loading that makes it no newer.
        echoes: Tables of what we wrote ourselves and read back. A file of them is no
            real one beside which examples would give way.
        reader_version: Raise it when a change of the reader may change what lands.
    """

    name: str
    title: str
    tables: Mapping[str, tuple[Column, ...]]
    suffixes: tuple[str, ...]
    read: Callable[[bytes, SourceFile], FileRead]
    claims: Callable[[str], Claims]
    discover: Callable[..., Iterator[SourceFile | Problem | Skipped]] | None = None
    databases: Databases | None = None
    stream: Callable[[SourceFile], FileRead] | None = None
    starts: Callable[[], list[str]] | None = None
    streams: Callable[[SourceFile], bool] | None = None
    choose: Choose | None = None
    manifest: Callable[[bytes, SourceFile], dict[str, Any]] | None = None
    preview: Callable[[int | None], Preview] | None = None
    extension: Extension | None = None
    file_format: Literal["parquet", "csv"] = "parquet"
    accumulates: bool = False
    last_found_counts: bool = False
    echoes: tuple[str, ...] = ()
    reader_version: str = "1"

    @property
    def dataset(self) -> str:
        """Schema of its raw tables."""
        return f"raw_{self.name}"
