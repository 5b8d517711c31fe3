"""The doors: ``dlt pipeline [NAME] run`` and the ``hindcast`` command.

This module is imported by every dlt process of the environment (entry point group
``dlt``), so it imports nothing heavy; each command imports what it needs.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from dlt.common.configuration import plugins

from loaders import project
from loaders.errors import Failed, HindcastError, UsageError

RUN_HELP = "Load files into the warehouse: all pipelines, or the one named before `run`"


def _use_own_dlt_folder() -> None:
    """Lets ``dlt pipeline NAME info`` find our runs, and keeps checkouts apart."""
    here = Path.cwd().resolve()
    if any(project.is_project(folder) for folder in (here, *here.parents)):
        os.environ.setdefault("DLT_DATA_DIR", str(project.state_dir() / "dlt"))


@plugins.hookimpl(specname="plug_cli")
@plugins.only_host("dlt")
def plug_cli(host: str) -> Any:
    """The plugin hook of dlt: adds ``run`` below ``dlt pipeline``."""
    _use_own_dlt_folder()
    return RunCommand


class RunCommand:
    """``dlt pipeline [NAME] run``."""

    command = "run"
    parent = "pipeline"
    compose = "replace"
    help_string = RUN_HELP
    description = (
        "Loads what is new: files already loaded are recognised by their content. "
        "Name the pipeline before `run`: `dlt pipeline cancer run`. Without --from it "
        "takes inbox/NAME, or examples/NAME when that is empty. "
        "Exit code 0: all well; 1: some file failed or was quarantined; 2: wrong call."
    )
    docs_url = None

    def configure_parser(self, parser: argparse.ArgumentParser) -> None:
        """Adds the options of a run."""
        add_run_options(parser)

    def execute(self, args: argparse.Namespace) -> None:
        """Runs and exits with the code of the run."""
        raise SystemExit(guarded(run_pipelines, args.pipeline_name, args))


def add_run_options(parser: argparse.ArgumentParser) -> None:
    """The options that the contract of the commands names."""
    parser.add_argument(
        "--from",
        dest="sources",
        action="append",
        default=[],
        metavar="PATH",
        help="a file, a folder, or the url of a publication page; may be repeated",
    )
    parser.add_argument(
        "--period",
        dest="periods",
        action="append",
        default=[],
        metavar="YYYY-MM",
        help="only this month; may be repeated",
    )
    parser.add_argument(
        "--limit", type=_count, metavar="N", help="load at most N files per pipeline"
    )
    parser.add_argument(
        "--dry-run",
        action="store_true",
        help="show what would be loaded; touch nothing",
    )
    parser.add_argument(
        "--force",
        action="store_true",
        help="load again what is loaded or failed; changes no row unless the file did",
    )
    parser.add_argument(
        "--retry-failed",
        action="store_true",
        help="take only the files that failed or were quarantined",
    )


def _count(text: str) -> int:
    number = int(text)
    if number < 0:
        raise ValueError(text)
    return number


def guarded(command: Callable[..., int], *args: Any) -> int:
    """Runs a command; a known error is told in its four parts, without a traceback."""
    try:
        return command(*args)
    except HindcastError as error:
        sys.stderr.write(f"{error}\n")
        return 2 if isinstance(error, UsageError) else 1
    except PermissionError as error:
        told = Failed(
            "cannot use a file of this checkout",
            where=str(error.filename or project.state_dir()),
            expected="files of the user who runs this",
            found="files of another user",
            next_step="run as that user, or set HINDCAST_STATE_DIR to your own folder",
        )
        sys.stderr.write(f"{told}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("interrupted; the next run clears what this one left\n")
        return 130
    except BrokenPipeError:
        # The reader of our output (head, less) has seen enough.
        with contextlib.suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def run_pipelines(name: str | None, args: argparse.Namespace) -> int:
    """Runs one pipeline, or all when ``name`` is ``None``; prints the summary."""
    from loaders import plan, registry, run, summary

    options = plan.Options(
        sources=tuple(args.sources),
        periods=tuple(plan.parse_options_period(text) for text in args.periods),
        limit=args.limit,
        dry_run=args.dry_run,
        force=args.force,
        retry_failed=args.retry_failed,
    )
    chosen = [registry.get(name)] if name else registry.all_pipelines()
    if len(chosen) > 1 and options.sources:
        raise UsageError(
            "cannot tell which pipeline the files belong to",
            where="the call",
            expected="a pipeline named before `run` when --from is given",
            found="dlt pipeline run --from …",
            next_step=f"dlt pipeline {chosen[0].name} run --from {options.sources[0]}",
        )
    results = [run.run(pipeline, options) for pipeline in chosen]
    print("\n".join(summary.summary_lines(results)))
    return max(result.exit_code for result in results)


def _up(args: argparse.Namespace) -> int:
    from loaders import dataset, warehouse

    target = warehouse.resolve()
    dataset.ensure_all(target)
    print(f"warehouse: {target.url(hide_password=True)} ({target.origin})")
    return 0


def _down(args: argparse.Namespace) -> int:
    from loaders import embedded, warehouse

    if warehouse.origin() != "embedded":
        print(f"the warehouse is set by {warehouse.origin()}; it is not ours to stop")
        return 0
    print("stopped" if embedded.stop() else "it was not running")
    return 0


def _url(args: argparse.Namespace) -> int:
    from loaders import warehouse

    print(warehouse.resolve().url())
    return 0


def _sql(args: argparse.Namespace) -> int:
    from loaders import report

    return report.sql(args.query, args.format)


def _status(args: argparse.Namespace) -> int:
    from loaders import report

    print("\n".join(report.status()))
    return 0


def _runs(args: argparse.Namespace) -> int:
    from loaders import report

    print("\n".join(report.runs(args.which)))
    return 0


def _accept(args: argparse.Namespace) -> int:
    from loaders.publications.accept import accept
    from loaders.publications.naming import from_environment

    namer = from_environment() if args.suggest else None
    changes, written = accept(args.publication, args.table, namer)
    print("\n".join(changes) or "nothing to accept: the maps say what is loaded")
    for path in written:
        print(f"wrote {project.shown(path)}")
    if written:
        print("review the maps, correct names, run `dbt build`, then commit them")
    return 0


def _manifest(args: argparse.Namespace) -> int:
    from loaders import report

    made = report.manifest(Path(args.file), lambda text: print(text, file=sys.stderr))
    if args.format == "json":
        import json

        print(json.dumps(made, ensure_ascii=False, indent=2, default=str))
    else:
        import yaml

        print(
            yaml.safe_dump(made, allow_unicode=True, sort_keys=False, width=100), end=""
        )
    return 0


def _period(args: argparse.Namespace) -> int:
    import json

    from loaders.periods import find_period

    for text in args.text:
        period = find_period(text)
        print(
            json.dumps(
                {
                    "text": text,
                    "start": period.start.isoformat() if period else None,
                    "end": period.end.isoformat() if period else None,
                    "grain": period.grain if period else None,
                    "label": period.label if period else None,
                },
                ensure_ascii=False,
            )
        )
    return 0


def _export(args: argparse.Namespace) -> int:
    from loaders.export import command

    to = Path(args.to) if args.to else None
    print(command.export(to, args.publication).line())
    return 0


def _scaffold(args: argparse.Namespace) -> int:
    from loaders.scaffold import command

    to = Path(args.to) if args.to else None
    made = command.scaffold(args.publication, to, args.table, force=args.force)
    print("\n".join(made.lines()))
    return 0


def _patterns(args: argparse.Namespace) -> int:
    from loaders.patterns import command

    return command.run(args)


def _documents(args: argparse.Namespace) -> int:
    from loaders.documents import export_command

    return export_command.run(args)


def parser() -> argparse.ArgumentParser:
    """The ``hindcast`` command line."""
    top = argparse.ArgumentParser(
        prog="hindcast", description="The warehouse, its ledger and its files."
    )
    from loaders import __version__
    from loaders.documents import export_command
    from loaders.patterns import command as patterns

    top.add_argument("--version", action="version", version=f"hindcast {__version__}")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def add(name: str, run: Callable[..., int], help_: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=help_, description=help_)
        sub.set_defaults(run=run)
        return sub

    add("status", _status, "per pipeline: files by status, periods, rows, last run")
    runs = add("runs", _runs, "what ran, what failed and why, and how to retry it")
    runs.add_argument(
        "which",
        nargs="?",
        default="latest",
        choices=("latest", "all", "errors", "restart"),
        help="latest run of each pipeline (default), all, those with errors, or only "
        "the commands that retry what failed",
    )
    sql = add("sql", _sql, "run a query against the warehouse in use (read only)")
    sql.add_argument(
        "query", help='for instance "select * from gold.dim_organisations"'
    )
    sql.add_argument("--format", choices=("table", "csv", "json"), default="table")
    patterns.configure(
        add("patterns", _patterns, "what agents do again and again, and what it costs")
    )
    export_command.configure(
        add("documents", _documents, "LLM documents: write their directories")
    )
    add("up", _up, "start the embedded server, and create missing raw tables")
    add("down", _down, "stop the embedded server")
    add("url", _url, "print the connection url, password included")
    accept = add("accept", _accept, "write the loaded headers into the reviewed maps")
    accept.add_argument("publication", metavar="PUBLICATION")
    accept.add_argument("--table", metavar="T", help="only this table of ours")
    accept.add_argument(
        "--suggest",
        action="store_true",
        help="ask the model at HINDCAST_LLM_URL to name what is new, in the notes",
    )
    manifest = add("manifest", _manifest, "show what the reader sees in a file")
    manifest.add_argument("file", metavar="FILE")
    manifest.add_argument("--format", choices=("yaml", "json"), default="yaml")
    period = add("period", _period, "show how a text is understood as a period")
    period.add_argument("text", nargs="+", metavar="TEXT")
    export = add(
        "export", _export, "write gold and silver as Parquet, with a catalogue"
    )
    export.add_argument(
        "--publication", metavar="P", help="only what belongs to this publication"
    )
    export.add_argument(
        "--to", metavar="DIR", help="folder to replace with the export (export/)"
    )
    scaffold = add("scaffold", _scaffold, "write silver models of a publication")
    scaffold.add_argument("publication", metavar="PUBLICATION")
    scaffold.add_argument("--table", metavar="T", help="only this stable table")
    scaffold.add_argument(
        "--to", metavar="DIR", help="folder (models/silver/publications/PUBLICATION)"
    )
    scaffold.add_argument(
        "--force", action="store_true", help="write anew what is there already"
    )
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point of ``hindcast``."""
    args = parser().parse_args(arguments)
    return guarded(args.run, args)
