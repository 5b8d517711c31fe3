"""``hindcast documents export``: a directory for each document, written once."""

from __future__ import annotations

import argparse
import hashlib
import json
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from loaders.console import Console
    from loaders.documents.export_source import Choice, Source, Texts
    from loaders.documents.export_tree import Document

STAGES = ("draft", "essay", "evaluation")
HELP = "write a directory for each document: its texts and its metadata"
#: So many places are named of each thing that is not as it should be.
NAMED = 10
#: Encodings that a text goes back to, byte for byte.
_SAME_BYTES = ("utf-8", "utf-8-sig")


def configure(parser: argparse.ArgumentParser) -> None:
    """Adds the command to those of documents."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    export = actions.add_parser(
        "export",
        help=HELP,
        description="Below DIR a directory for each document: STAGE/LOGICAL_KEY_ID/"
        "DOC_ID/raw.txt, parsed.txt, prompt.txt where one is known, and metadata.json. "
        "What exists is skipped, never changed or deleted. `dlt pipeline documents run "
        "--from DIR` scans it back for documents_consistency_report. Exit code 0: all "
        "well; 1: some document has no complete directory; 2: wrong call.",
    )
    export.add_argument("--to", required=True, metavar="DIR", help="root of the tree")
    export.add_argument(
        "--stage",
        dest="stages",
        action="append",
        default=[],
        choices=STAGES,
        help="only documents of this stage; may be repeated",
    )
    export.add_argument("--run-id", metavar="R", help="only documents of this run")
    export.add_argument(
        "--latest", action="store_true", help="only the latest of each logical key"
    )
    export.add_argument(
        "--dry-run", action="store_true", help="show what would be written"
    )


def run(args: argparse.Namespace) -> int:
    """Exports and prints the summary.

    Raises:
        UsageError: The folder is none for documents, or no document is chosen.
        Failed: The warehouse or the disk would not.
    """
    from loaders.documents.export_source import Choice

    choice = Choice(tuple(args.stages), args.run_id, args.latest)
    done = export(args.to, choice, dry_run=args.dry_run)
    print("\n".join(done.lines()))
    return done.exit_code


@dataclass
class Stage:
    """Counts of a stage."""

    documents: int = 0
    written: int = 0
    there: int = 0
    incomplete: int = 0
    failed: int = 0


@dataclass
class Exported:
    """What an export did, and what it found in its way.

    Attributes:
        incomplete: Directories that exist, with what they lack; left as they are.
        failed: Documents that could not be written, with the reason.
    """

    to: Path
    dry_run: bool
    stages: dict[str, Stage] = field(default_factory=dict)
    incomplete: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    bytes: int = 0
    seconds: float = 0.0

    @property
    def exit_code(self) -> int:
        """1 when some document that was chosen has no complete directory."""
        return int(bool(self.incomplete or self.failed))

    def lines(self) -> list[str]:
        """The summary."""
        from loaders import project
        from loaders.console import table_lines

        would = "to write" if self.dry_run else "written"
        header = ("stage", "documents", would, "there already", "incomplete", "failed")
        rows = [
            (name, s.documents, s.written, s.there, s.incomplete, s.failed)
            for name, s in sorted(self.stages.items())
        ]
        lines = table_lines(header, rows)
        for title, places in (
            (
                "incomplete, and left as they are; one that is moved away is written "
                "anew",
                self.incomplete,
            ),
            ("failed", self.failed),
        ):
            if places:
                lines += ["", f"{title}:", *(f"  {place}" for place in places[:NAMED])]
            if len(places) > NAMED:
                lines.append(f"  … and {len(places) - NAMED:,} more")
        written = sum(stage.written for stage in self.stages.values())
        said = (
            f"would write {written:,} documents to {project.shown(self.to)}"
            if self.dry_run
            else f"wrote {written:,} documents, {self.bytes / 1e6:,.1f} MB, to "
            f"{project.shown(self.to)} in {self.seconds:.1f} s"
        )
        return [*lines, "", said]

    def leave(self, document: Document, reason: str) -> None:
        """A document that was to be written, and cannot be."""
        self.stages[document.stage].failed += 1
        self.failed.append(f"{document.place}: {reason}")


def export(
    to: str | Path,
    choice: Choice,
    *,
    dry_run: bool = False,
    console: Console | None = None,
) -> Exported:
    """Writes the directories of documents that are not there yet.

    Raises:
        UsageError: The folder is none for documents, or no document is chosen.
        Failed: The warehouse or the disk would not.
    """
    from loaders.console import Console
    from loaders.documents import export_tree
    from loaders.documents.export_source import reading

    started = time.monotonic()
    done = Exported(Path(to), dry_run)
    console = console or Console()
    try:
        done.to = export_tree.place_for(to)
        with reading() as source:
            wanted = plan(source.documents(choice), done.to, done)
            if not done.stages:
                raise _nothing(choice)
            if wanted and not dry_run:
                console.say(f"documents: {len(wanted):,} to write")
                _write(source, wanted, done, console)
    except OSError as error:
        raise export_tree.disk_error(done.to, error) from error
    if dry_run:
        for document in wanted:
            done.stages[document.stage].written += 1
    done.seconds = time.monotonic() - started
    return done


def plan(documents: Iterable[Document], root: Path, done: Exported) -> list[Document]:
    """Those that have no directory; the others are counted.

    Raises:
        OSError: The tree may not be looked into.
    """
    from loaders.documents.export_tree import lacking

    wanted = []
    for document in documents:
        stage = done.stages.setdefault(document.stage, Stage())
        stage.documents += 1
        lacks = lacking(root, document)
        if lacks is None:
            wanted.append(document)
        elif lacks:
            stage.incomplete += 1
            done.incomplete.append(
                f"{document.place}: exists but lacks {', '.join(lacks)}"
            )
        else:
            stage.there += 1
    return wanted


def _write(
    source: Source, wanted: Sequence[Document], done: Exported, console: Console
) -> None:
    from loaders.documents.export_tree import Writing

    waiting = {document.doc_id: document for document in wanted}
    told = time.monotonic()
    with Writing(done.to) as writing:
        for texts in source.texts(wanted):
            document = waiting.pop(texts.doc_id)
            files = files_of(texts)
            if isinstance(files, str):
                done.leave(document, files)
            else:
                writing.add(document, files)
            if time.monotonic() - told >= TOLD_SECONDS:
                told = time.monotonic()
                console.say(f"  {len(wanted) - len(waiting):,} of {len(wanted):,}")
    for document in waiting.values():
        done.leave(document, "its text is no longer in raw_documents.text_files")
    for document in writing.refused:
        done.leave(document, "a link or a file is in the place of a directory")
    for document in writing.met:
        done.stages[document.stage].there += 1
    for name, count in writing.written.items():
        done.stages[name].written += count
    done.bytes = writing.bytes


#: One line of progress in so many seconds.
TOLD_SECONDS = 5


def files_of(texts: Texts) -> dict[str, bytes] | str:
    """The files of a document; in words, why there are none.

    A response in utf-8 goes back to its bytes, its byte order mark included. One in
    another encoding is written in utf-8, as it landed.
    """
    from loaders.documents.export_tree import METADATA, PARSED, PROMPT, RAW

    if texts.raw is None:
        return "its text is no longer in raw_documents.text_files"
    encoding = texts.encoding if texts.encoding in _SAME_BYTES else None
    raw = texts.raw.encode(encoding or "utf-8")
    if encoding and hashlib.sha256(raw).hexdigest() != texts.content_hash:
        return "its text is another than content_hash says"
    files = {RAW: raw}
    if texts.is_raw_parsed:
        files[PARSED] = texts.raw.encode()
    elif texts.parsed is not None:
        files[PARSED] = texts.parsed.encode()
    if texts.prompt is not None:
        files[PROMPT] = texts.prompt.encode()
    metadata = json.dumps(json.loads(texts.metadata), ensure_ascii=False, indent=2)
    files[METADATA] = metadata.encode()
    return files


def _nothing(choice: Choice) -> Exception:
    from loaders.documents.export_source import BUILD
    from loaders.errors import Failed, UsageError

    if choice.stages or choice.run_id is not None:
        return UsageError(
            "cannot export: no document is chosen",
            where="the call",
            expected="a stage and a run that documents have",
            found="no document of both"
            if choice.stages and choice.run_id is not None
            else "no document of it",
            next_step='hindcast sql "select run_id, stage, count(*) from '
            'gold.documents group by 1, 2"',
        )
    return Failed(
        "cannot export: there is no document",
        where="gold.documents",
        expected="documents of an experiment that was loaded and built",
        found="none",
        next_step=f"dlt pipeline documents run, then {BUILD}",
    )
