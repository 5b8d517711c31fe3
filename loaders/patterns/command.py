"""``hindcast patterns``: five reports, each as a table, as csv or as json."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from loaders.patterns.shown import (
    field,
    money,
    number,
    one_line,
    raw,
    share,
    shortened,
    when,
)

Row = Mapping[str, Any]

SHOWN = 10
REPORTS = {
    "summary": "how many patterns, in how many workflows, and what they would save",
    "top": "the patterns that come most often",
    "high-value": "those that would save something, most first",
    "recent": "those seen for the first time last",
    "details": "all of one pattern: confidence and why, life cycle, examples",
}


def configure(parser: argparse.ArgumentParser) -> None:
    """Adds the reports to the command line."""
    reports = parser.add_subparsers(dest="report", required=True, metavar="REPORT")
    for name, help_ in REPORTS.items():
        report = reports.add_parser(name, help=help_, description=help_)
        if name == "details":
            report.add_argument("signature", metavar="SIGNATURE")
        if name != "summary":
            counted = "examples (5)" if name == "details" else f"patterns ({SHOWN})"
            report.add_argument(
                "--limit", type=_count, metavar="N", help=f"at most so many {counted}"
            )
        report.add_argument(
            "--format", choices=("table", "csv", "json"), default="table"
        )


def _count(text: str) -> int:
    count = int(text)
    if count < 1:
        raise ValueError(text)
    return count


def run(args: argparse.Namespace) -> int:
    """Prints a report.

    Raises:
        Failed: The marts are not there.
        UsageError: The signature is none, or no pattern's.
    """
    from loaders.patterns import marts

    if args.report == "details":
        marts.checked(args.signature)
    with marts.reading() as found:
        if args.report == "summary":
            row = found.summary()
            if args.format == "table":
                print("\n".join(summary_lines(row)))
            else:
                _print(list(row), [row], args.format)
        elif args.report == "details":
            pattern = found.details(args.signature, args.limit or marts.EXAMPLES)
            if args.format == "json":
                print(json.dumps(_raw(pattern), ensure_ascii=False, indent=2))
            elif args.format == "csv":
                _print(FLAT, list(_flat(pattern)), "csv")
            else:
                print("\n".join(details_lines(pattern)))
        else:
            rows = found.ranked(args.report, args.limit or SHOWN)
            if args.format == "table":
                unknown = found.savings_unknown()
                print("\n".join(ranked_lines(args.report, rows, unknown)))
            else:
                _print(found.columns, rows, args.format)
    return 0


# ------------------------------------------------------------------------ for programs


#: Columns of all of a pattern as csv.
FLAT = ["section", "row", "name", "value"]


def _print(header: list[str], rows: Sequence[Row], format_: str) -> None:
    from loaders.report import print_rows

    print_rows(header, [tuple(map(raw, row.values())) for row in rows], format_)


def _raw(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _raw(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_raw(inner) for inner in value]
    return raw(value)


def _flat(pattern: Mapping[str, Any]) -> Iterator[Row]:
    """Sections, places in them, names and values: one csv of all of a pattern."""
    for section, content in pattern.items():
        rows = content if isinstance(content, list) else [content]
        for place, row in enumerate(rows, 1):
            for name, value in row.items():
                yield dict(zip(FLAT, (section, place, name, value), strict=True))


# -------------------------------------------------------------------------- for people


def summary_lines(row: Row) -> list[str]:
    """Lines of ``hindcast patterns summary``."""
    from loaders.patterns.marts import STATUSES

    linked = row["workflows_with_pattern_count"]
    without = row["workflows_without_pattern_count"]
    statuses = [
        f"{row[f'{status}_count']:,} {status}"
        for status in STATUSES
        if row[f"{status}_count"]
    ]
    saved = money(row["potential_monthly_savings_shared"], row["savings_note"])
    unknown = row["savings_unknown_count"]
    if row["potential_monthly_savings_shared"] is not None:
        saved += " a month; what several patterns share is counted once"
        if unknown:
            saved += f"; unknown of {unknown:,} more: {row['savings_note']}"
    lines = {
        "patterns": f"{row['pattern_count']:,}",
        "occurrences": f"{row['occurrence_count']:,}: one for each pattern of each "
        "workflow",
        "workflows": f"{linked + without:,} finished, {linked:,} with a pattern, "
        f"{without:,} without",
        "savings": saved,
        "status": ", ".join(statuses) or "none",
    }
    if row["window_start"] is not None:
        lines["observed"] = (
            f"{when(row['window_start'])} to {when(row['window_end'])}, "
            f"{number(float(row['window_days']))} days"
        )
    return _aligned(lines)


def ranked_lines(report: str, rows: Sequence[Row], unknown: Row) -> list[str]:
    """Lines of ``top``, ``high-value`` and ``recent``.

    Args:
        report: Which.
        rows: Of ``operation_patterns``.
        unknown: Of how many patterns the savings are unknown, and why.
    """
    from loaders.console import table_lines

    table = [_columns(report, row) for row in rows]
    header = list(table[0]) if table else ["pattern"]
    lines = table_lines(header, [list(row.values()) for row in table], RIGHT)
    lines.append(f"({len(rows)} pattern{'s' if len(rows) != 1 else ''})")
    if report == "high-value" and unknown["pattern_count"]:
        why = f": {unknown['notes']}" if unknown["notes"] else ""
        lines.append(f"savings unknown of {unknown['pattern_count']:,} more{why}")
    return lines


#: Columns of texts that are figures.
RIGHT = frozenset(
    {"confidence", "tokens", "cost", "a month", "with a tool", "saved per use"}
)


def _columns(report: str, row: Row) -> Row:
    first = {"pattern": row["pattern_signature"]}
    count = {"occurrences": row["occurrence_count"]}
    confidence = {"confidence": f"{float(row['confidence_score']):.0f}"}
    status = {"status": row["automation_status"]}
    monthly = money(row["potential_monthly_savings"], row["savings_note"])
    if report == "recent":
        seen = {
            "first seen": when(row["created_at"]),
            "last seen": when(row["last_seen"]),
        }
        return {**first, **seen, **count, **confidence, **status}
    if report == "high-value":
        saved = {
            "a month": monthly,
            "saved per use": money(row["savings_per_use"]),
            "cost": money(row["avg_cost_with_llm"]),
            "with a tool": money(row["avg_cost_with_tool"]),
        }
        return {**first, **saved, **count, **confidence, **status}
    figures = {
        "tokens": number(row["avg_tokens_with_llm"]),
        "cost": money(row["avg_cost_with_llm"]),
    }
    return {**first, **count, **confidence, **figures, "saves": monthly, **status}


def details_lines(pattern: Mapping[str, Any]) -> list[str]:
    """Lines of ``hindcast patterns details``."""
    row, statistics = pattern["pattern"], pattern["statistics"]
    fields = {
        name: field(name, value, row)
        for name, value in row.items()
        if name not in ("pattern_signature", "typical_input_pattern")
        and not name.startswith("confidence_")
    }
    lines = [row["pattern_signature"], *_indented(_aligned(fields))]
    lines += ["", f"confidence {float(row['confidence_score']):.0f} of 100"]
    lines += _indented(_aligned(confidence_parts(row, statistics)))
    lines += ["", "characteristics"]
    lines += _indented(_aligned(characteristics(row["typical_input_pattern"])))
    lines += ["", "life cycle"]
    lines += _indented(life_cycle(row, pattern["life_cycle"]))
    return [*lines, "", "examples", *_indented(examples(pattern["examples"]))]


def confidence_parts(row: Row, statistics: Row) -> dict[str, str]:
    """The three parts of the confidence, each with what it rests on."""
    count = row["occurrence_count"]
    timed = statistics["duration_count"]
    variance = statistics["duration_variance"]
    spread = (
        f"durations of {timed:,} workflows with a variance of {number(variance)}"
        if variance is not None and timed > 1
        else f"{timed:,} workflow{'s' if timed != 1 else ''} with a duration, too few"
    )
    return {
        "frequency": f"{float(row['confidence_frequency']):.0f} of 40: {count:,} "
        f"workflow{'s' if count != 1 else ''}",
        "consistency": f"{float(row['confidence_consistency']):.0f} of 30: {spread}",
        "success": f"{float(row['confidence_success']):.0f} of 30: "
        f"{float(statistics['avg_error_count']):.2f} errors and "
        f"{float(statistics['avg_retry_count']):.2f} retries a workflow; "
        f"{share(row['success_count'], count)} succeeded",
    }


def characteristics(text: str | Mapping[str, Any] | None) -> dict[str, str]:
    """The characteristics of all occurrences, each on its line."""
    found = json.loads(text) if isinstance(text, str) else text or {}
    return {name: _listed(value) for name, value in found.items()} or {"none": ""}


def _listed(value: Any) -> str:
    if isinstance(value, Mapping):
        counted = [f"{one_line(name)} {_listed(n)}" for name, n in value.items()]
        return ", ".join(counted) or "none"
    if isinstance(value, list):
        return ", ".join(map(_listed, value)) or "none"
    if isinstance(value, int | float) and not isinstance(value, bool):
        return number(value)
    return "unknown" if value is None else one_line(str(value))


def life_cycle(row: Row, reviews: Sequence[Row]) -> list[str]:
    """How the pattern came to its status."""
    steps = [(when(row["created_at"]), "detected", "first seen in a workflow")]
    for review in reviews:
        said = (review["reviewed_by"], review["review_reason"])
        words = ": ".join(one_line(text) for text in said if text)
        at = when(review["reviewed_at"])
        steps.append((at, review["automation_status"], words))
    return [f"{at}  {status:<11}  {words}".rstrip() for at, status, words in steps]


def examples(rows: Sequence[Row]) -> list[str]:
    """Workflows that show the pattern."""
    from loaders.console import table_lines

    table = [
        (
            row["workflow_key"],
            when(row["seen_at"]),
            row["status"],
            money(row["cost_usd"]),
            shortened(row["nl_input"]) or "(nothing recorded)",
        )
        for row in rows
    ]
    return table_lines(("workflow", "seen", "status", "cost", "asked"), table, RIGHT)


def _aligned(fields: Mapping[str, str]) -> list[str]:
    width = max(map(len, fields))
    return [f"{name:<{width}}  {text}".rstrip() for name, text in fields.items()]


def _indented(lines: Sequence[str]) -> list[str]:
    return [f"  {line}" for line in lines]
