"""A classification of organisations: their dates, predecessors and successors.

The document has ``as_of`` (a date), ``source``, ``orgs`` (by code) and
``nhs_trust_codes``; a ``note`` may say what else there is to know of it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from loaders.agreement import agreed_period
from loaders.model import FileRead, SourceFile
from loaders.organisations.layout import ORG_CODE
from loaders.organisations.records import reader_name, table_of, wrong
from loaders.periods import month, period_in_name
from loaders.sheets.listing import says_example

KEYS = frozenset(("as_of", "source", "note", "orgs", "nhs_trust_codes"))
_ORG_KEYS = frozenset(
    ("name", "status", "opened", "closed", "predecessors", "successors")
)
_RELATIONS = {"predecessor": "predecessors", "successor": "successors"}

Record = dict[str, str | bool | None]


def read(document: Mapping[str, Any], file: SourceFile) -> FileRead:
    """Reads a classification: one row per code, and one per predecessor or successor.

    ``_source_row`` counts the entries of ``orgs`` and after them the codes that only
    ``nhs_trust_codes`` has; in ``successions`` it counts the links.

    Raises:
        Quarantined: A key, a code or a date is not what it must be.
    """
    name = file.name
    unknown = sorted(document.keys() - KEYS)
    if unknown:
        raise wrong(name, f"the keys {', '.join(sorted(KEYS))}", f"also {unknown[0]!r}")
    orgs, codes = document.get("orgs"), document.get("nhs_trust_codes")
    if not isinstance(orgs, dict) or not isinstance(codes, list) or not orgs:
        raise wrong(
            name,
            "orgs (an object by code) and nhs_trust_codes (a list)",
            f"{type(orgs).__name__} and {type(codes).__name__}",
        )
    trusts = {_code(code, f"{name}, nhs_trust_codes") for code in codes}
    organisations: list[Record] = []
    successions: list[Record] = []
    for key, entry in orgs.items():
        where = f"{name}, orgs, {key}"
        code = _code(key, where)
        if not isinstance(entry, dict) or entry.keys() - _ORG_KEYS:
            raise wrong(where, f"the keys {', '.join(sorted(_ORG_KEYS))}", str(entry))
        organisations.append(
            {
                "org_code": code,
                "org_name": _text(entry, "name", where),
                "status": _text(entry, "status", where),
                "opened": _date(entry, "opened", where),
                "closed": _date(entry, "closed", where),
                "is_nhs_trust": code in trusts,
            }
        )
        successions += _links(code, entry, where)
    only_trusts = [str(code) for code in codes if code not in orgs]
    organisations += [_bare(code) for code in dict.fromkeys(only_trusts)]
    tables = [table_of(organisations, "classification", "classification")]
    if successions:
        tables.append(table_of(successions, "successions", "successions"))
    as_of = dt.date.fromisoformat(_date(document, "as_of", name) or "")
    named = period_in_name(name)
    claims = file.claims
    if named:
        claims = replace(claims, period_by={**claims.period_by, "name": named})
    period, source = agreed_period(
        [(month(as_of.year, as_of.month), "as_of")],
        claims,
        name,
        lambda p: p.grain == "month",
        "a month, such as 2026-06",
    )
    notes = tuple(str(document[key]) for key in ("note", "source") if document.get(key))
    return FileRead(
        reader=reader_name(),
        period=period,
        period_source=source,
        release_status="unknown",
        basis=None,
        is_example=says_example(notes),
        notes=(*notes, f"as of {as_of.isoformat()}"),
        tables=tables,
    )


def _bare(code: str) -> Record:
    """A code of which no more is known than that it is a trust's."""
    nothing: Record = dict.fromkeys(("org_name", "status", "opened", "closed"))
    return {"org_code": code, **nothing, "is_nhs_trust": True}


def _links(code: str, entry: Mapping[str, Any], where: str) -> Iterator[Record]:
    for relation, key in _RELATIONS.items():
        others = entry.get(key, [])
        if not isinstance(others, list):
            raise wrong(f"{where}, {key}", "a list", type(others).__name__)
        for other in others:
            if not isinstance(other, dict):
                raise wrong(f"{where}, {key}", "objects of code and name", str(other))
            yield {
                "org_code": code,
                "relation": relation,
                "other_code": _code(other.get("code"), f"{where}, {key}"),
                "other_name": _text(other, "name", f"{where}, {key}"),
            }


def _code(value: object, where: str) -> str:
    if not isinstance(value, str) or not ORG_CODE.fullmatch(value):
        raise wrong(where, "an ODS code, such as RJ1", repr(value))
    return value


def _text(entry: Mapping[str, Any], key: str, where: str) -> str | None:
    value = entry.get(key)
    if value is not None and not isinstance(value, str):
        raise wrong(f"{where}, {key}", "a text", repr(value))
    return value or None


def _date(entry: Mapping[str, Any], key: str, where: str) -> str | None:
    value = entry.get(key)
    if value is None and key != "as_of":
        return None
    try:
        return dt.date.fromisoformat(str(value)).isoformat()
    except ValueError as error:
        raise wrong(f"{where}, {key}", "a date as 2026-06-30", repr(value)) from error
