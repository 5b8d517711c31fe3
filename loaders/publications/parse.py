"""The registry's yaml, checked: every fault is told with its line."""

from __future__ import annotations

import re
import string

from yaml.nodes import Node

from loaders.model import Period
from loaders.periods import parse_period, quarter
from loaders.publications.entries import (
    CONTENTS,
    FREQUENCIES,
    LICENCE,
    MODES,
    Listed,
    Publication,
    Schedule,
)
from loaders.publications.nodes import Reader
from loaders.sheets.tables import Overrides

_KEYS = {
    *("name", "frequency", "landing_page", "licence", "folders", "aliases", "files"),
    *("periods", "urls", "release", "parts", "period_column", "overrides", "notes"),
}
_SCHEDULE_KEYS = {
    *("mode", "start", "end", "months", "pattern", "exceptions", "type", "start_fy"),
    "content",
}
_OVERRIDE_KEYS = {
    *("sheet", "skip", "header_rows", "first_data_row", "last_data_row", "columns"),
    *("labels", "keep_wide"),
}
PLACEHOLDERS = {
    *("landing_page", "month_name", "month", "year", "day", "pub_year", "pub_month"),
    *("pub_month_name", "quarter", "fy", "fy_next"),
}
_CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")
_ROWS = range(1, 1_048_577)


def parse(text: str, name: str) -> list[Publication]:
    """The entries of a registry.

    Args:
        text: The yaml.
        name: Name of the file, for messages.

    Raises:
        UsageError: It is wrong; all faults are told at once, with their lines.
    """
    reader = Reader(name)
    root = reader.document(text)
    if root is None:
        raise reader.error("line 1", "the key publications", "an empty file")
    top = reader.mapping(root, "the registry", {"publications"})
    if "publications" not in top and not reader.faults:
        reader.fault(root, "the key publications", "none")
    found: list[Publication] = []
    owners: dict[str, str] = {}
    if "publications" in top:
        nodes = reader.mapping(top["publications"], "publications")
        if not nodes and not reader.faults:
            reader.fault(top["publications"], "at least one publication", "none")
        for code, node in nodes.items():
            entry = _entry(reader, code, node)
            _own(reader, code, node, code, owners)
            for alias in entry.folders:
                _own(reader, alias, node, code, owners)
            found.append(entry)
    reader.finish()
    return found


def _own(
    reader: Reader, name: str, node: Node, code: str, owners: dict[str, str]
) -> None:
    if name in owners:
        reader.fault(
            node,
            "codes and folders that name one publication",
            f"{name!r} of {code} is {owners[name]}'s too",
        )
    owners.setdefault(name, code)


def _entry(reader: Reader, code: str, node: Node) -> Publication:
    what = f"the publication {code}"
    if not _CODE.fullmatch(code):
        expected = "a code of at most 40 lower-case letters, digits and _"
        reader.fault(node, expected, repr(code))
    found = reader.mapping(node, what, _KEYS)
    if "name" not in found:
        reader.fault(node, f"{what} with a name", "no name")

    def text(key: str) -> str | None:
        return reader.text(found[key], f"{key} of {code}") if key in found else None

    frequency = landing = None
    if "frequency" in found:
        frequency = reader.one_of(found["frequency"], "frequency", FREQUENCIES)
    if "landing_page" in found:
        landing = reader.url(found["landing_page"], "landing_page")
    folders = [
        *_texts(reader, found.get("folders"), "folders"),
        *_texts(reader, found.get("aliases"), "aliases"),
    ]
    files: list[re.Pattern[str]] = []
    if "files" in found:
        files = reader.each(found["files"], "files", lambda n: reader.regex(n, "files"))
    lag, offset = 6, 0
    if "release" in found:
        keys = {"lag_weeks", "offset_months"}
        release = reader.mapping(found["release"], "release", keys)
        if "lag_weeks" in release:
            lag = reader.number(release["lag_weeks"], "lag_weeks", range(105)) or 0
        if "offset_months" in release:
            months = range(-12, 37)
            offset = (
                reader.number(release["offset_months"], "offset_months", months) or 0
            )
    parts = None
    if "parts" in found:
        parts = reader.regex(found["parts"], "parts", group="part")
    overrides: list[Overrides] = []
    if "overrides" in found:
        overrides = reader.each(
            found["overrides"], "overrides", lambda n: _override(reader, n)
        )
    return Publication(
        code=code,
        name=text("name") or code,
        frequency=frequency or "monthly",
        landing_page=landing,
        licence=text("licence") or LICENCE,
        folders=tuple(dict.fromkeys(folders)),
        files=tuple(files),
        schedule=_schedule(reader, code, node, found),
        urls=_urls(reader, found.get("urls")),
        lag_weeks=lag,
        offset_months=offset,
        parts=parts,
        period_column=text("period_column"),
        overrides=tuple(overrides),
    )


def _texts(reader: Reader, node: Node | None, what: str) -> list[str]:
    if node is None:
        return []
    return reader.each(node, what, lambda item: reader.text(item, f"{what}: a name"))


def _urls(reader: Reader, node: Node | None) -> tuple[Listed, ...]:
    def take(item: Node) -> Listed | None:
        found = reader.mapping(item, "a url", {"period", "url", "enabled"})
        if not found:
            return None
        for key in ("period", "url"):
            if key not in found:
                reader.fault(item, f"a url with its {key}", f"no {key}")
        period = _period(reader, found["period"]) if "period" in found else None
        url = reader.url(found["url"], "url") if "url" in found else None
        enabled = (
            reader.flag(found["enabled"], "enabled") if "enabled" in found else True
        )
        return Listed(period, url, enabled is not False) if period and url else None

    return tuple(reader.each(node, "urls", take)) if node is not None else ()


def _period(reader: Reader, node: Node) -> Period | None:
    expected = "a period such as 2025-08, Q1 2025/26 or 2025/26"
    text = reader.text(node, expected)
    if text is None:
        return None
    period = parse_period(text)
    if period is None or period.grain not in ("month", "quarter", "financial_year"):
        reader.fault(node, expected, repr(text))
        return None
    return period


def _schedule(
    reader: Reader, code: str, node: Node, entry: dict[str, Node]
) -> Schedule:
    if "periods" not in entry:
        return Schedule()
    found = reader.mapping(entry["periods"], "periods", _SCHEDULE_KEYS)
    if not found:
        return Schedule()
    mode = "explicit"
    if "mode" in found:
        mode = reader.one_of(found["mode"], "mode", MODES) or mode
    quarters = "type" in found and (
        reader.one_of(found["type"], "type", ("monthly", "fiscal_quarter"))
        == "fiscal_quarter"
    )
    start = end = None
    if "start" in found:
        start = _period(reader, found["start"])
    if "start_fy" in found:
        first = reader.number(found["start_fy"], "start_fy", range(1990, 2100))
        start = quarter(first, 1) if first else None
    if "end" in found and str(found["end"].value) != "current":
        end = _period(reader, found["end"])
    months: list[int] = []
    if "months" in found:
        months = reader.each(
            found["months"],
            "months",
            lambda item: reader.number(item, "months", range(1, 13)),
        )
    pattern = None
    if "pattern" in found:
        pattern = _pattern(reader, found["pattern"])
    exceptions: dict[str, str] = {}
    if "exceptions" in found:
        for key, value in reader.mapping(found["exceptions"], "exceptions").items():
            period, made = parse_period(key), _pattern(reader, value)
            if period is None:
                reader.fault(value, "a period such as 2025-08", repr(key))
            elif made:
                exceptions[period.label] = made
    content = "end"
    if "content" in found:
        content = reader.one_of(found["content"], "content", CONTENTS) or content
    _complete(reader, code, mode, entry, found)
    return Schedule(
        *(mode, start, end, tuple(months), pattern, exceptions, quarters, content)
    )


def _complete(
    reader: Reader,
    code: str,
    mode: str,
    entry: dict[str, Node],
    found: dict[str, Node],
) -> None:
    """What each mode cannot do without."""
    here = entry["periods"]
    if mode in ("template", "discover") and "landing_page" not in entry:
        reader.fault(here, f"a landing_page for mode {mode} of {code}", "none")
    if mode == "template" and "pattern" not in found:
        reader.fault(here, f"a pattern for mode template of {code}", "none")
    if mode == "template" and not {"start", "start_fy"} & found.keys():
        reader.fault(here, f"a start for mode template of {code}", "none")
    if mode == "explicit" and "urls" not in entry:
        reader.fault(here, f"urls for mode explicit of {code}", "none")


def _pattern(reader: Reader, node: Node) -> str | None:
    known = ", ".join(sorted(PLACEHOLDERS))
    expected = f"a pattern with placeholders of {known}"
    text = reader.text(node, expected)
    if text is None:
        return None
    try:
        used = {name for _, name, _, _ in string.Formatter().parse(text) if name}
    except ValueError as error:
        reader.fault(node, expected, f"{text!r}: {error}")
        return None
    if unknown := used - PLACEHOLDERS:
        reader.fault(node, expected, "{" + "}, {".join(sorted(unknown)) + "}")
        return None
    return text


def _override(reader: Reader, node: Node) -> Overrides | None:
    found = reader.mapping(node, "an override", _OVERRIDE_KEYS)
    if not found:
        return None
    sheet = reader.regex(found["sheet"], "sheet") if "sheet" in found else None

    def number(key: str, allowed: range = _ROWS) -> int | None:
        return reader.number(found[key], key, allowed) if key in found else None

    def flag(key: str) -> bool:
        return key in found and reader.flag(found[key], key) is True

    header: list[int] = []
    if "header_rows" in found:
        header = reader.each(
            found["header_rows"],
            "header_rows",
            lambda item: reader.number(item, "header_rows", _ROWS),
        )
        if header and (len(header) != 2 or header[0] > header[1]):
            expected = "header_rows: the first and the last row"
            reader.fault(found["header_rows"], expected, repr(header))
    columns = None
    if "columns" in found:
        columns = reader.text(found["columns"], "columns: letters such as B:Z")
        if columns and not re.fullmatch(r"[A-Z]{1,3}:[A-Z]{1,3}", columns):
            expected = "columns: letters such as B:Z"
            reader.fault(found["columns"], expected, repr(columns))
    return Overrides(
        sheet=sheet.pattern if sheet else "",
        skip=flag("skip"),
        header_rows=(header[0], header[1]) if len(header) == 2 else None,
        first_data_row=number("first_data_row"),
        last_data_row=number("last_data_row"),
        columns=columns,
        labels=number("labels", range(1, 1_000)),
        keep_wide=flag("keep_wide"),
    )
