"""Pages of the FHIR endpoint: Bundles of Organization resources; pure."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from loaders.agreement import agreed_period
from loaders.model import FileRead, Period, SourceFile
from loaders.organisations.layout import ORG_CODE
from loaders.organisations.records import reader_name, table_of, wrong
from loaders.periods import month
from loaders.sheets.names import clean_name

FOUNDATION_TRUST = "RO57"

Record = dict[str, str | bool | None]


def resources(bundle: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    """The organisations of a page, as published, repeated ones too.

    Raises:
        Quarantined: It is no Bundle of organisations; an OperationOutcome says why.
    """
    kind = bundle.get("resourceType")
    entries = bundle.get("entry", [])
    if kind != "Bundle" or not isinstance(entries, list):
        told = bundle.get("issue", "no Bundle with a list of entries")
        raise wrong(name, "a Bundle", f"{kind}: {json.dumps(told)[:300]}")
    found: list[Mapping[str, Any]] = []
    for number, entry in enumerate(entries, 1):
        resource = entry.get("resource") if isinstance(entry, dict) else None
        if not isinstance(resource, dict):
            raise wrong(f"{name}, entry {number}", "a resource", repr(entry)[:200])
        if resource.get("resourceType") != "Organization":
            raise wrong(
                f"{name}, entry {number}",
                "an Organization",
                str(resource.get("resourceType")),
            )
        found.append(resource)
    return found


def code_of(resource: Mapping[str, Any], where: str) -> str:
    """The code of an organisation: its id, else its first identifier.

    Raises:
        Quarantined: Neither is an ODS code.
    """
    identifiers = _dicts(resource.get("identifier"))
    first = next((i.get("value") for i in identifiers), None)
    for value in (resource.get("id"), first):
        if isinstance(value, str) and ORG_CODE.fullmatch(value):
            return value
    raise wrong(
        where, "an ODS code as id or identifier", repr(resource.get("id", first))
    )


def next_link(bundle: Mapping[str, Any]) -> str | None:
    """Where the server says that the next page is; ``None`` when it says nothing."""
    links = [i for i in _dicts(bundle.get("link")) if i.get("relation") == "next"]
    url = links[0].get("url") if links else None
    return url if isinstance(url, str) and url else None


def read(bundle: Mapping[str, Any], file: SourceFile) -> FileRead:
    """Reads one page: one row per entry, ``_source_row`` is its number on the page.

    Raises:
        Quarantined: It is no page of organisations, or nobody says when it was fetched.
    """
    found = resources(bundle, file.name)
    if not found:
        raise wrong(file.name, "at least one organisation", "a page without any")
    records = [
        _record(one, f"{file.name}, entry {i}") for i, one in enumerate(found, 1)
    ]
    page = "fhir_" + clean_name(Path(file.name).stem)
    period, source = _period(bundle, file)
    return FileRead(
        reader=reader_name(),
        period=period,
        period_source=source,
        release_status="unknown",
        basis="fhir",
        is_example=False,
        notes=(),
        tables=[table_of(records, "fhir_organisations", page)],
    )


def _period(bundle: Mapping[str, Any], file: SourceFile) -> tuple[Period, str]:
    """The month the page was given in: of its own time stamp, else of the fetch."""
    meta = bundle.get("meta")
    updated = meta.get("lastUpdated") if isinstance(meta, dict) else None
    stated: list[tuple[Period, str]] = []
    if isinstance(updated, str):
        try:
            date = dt.date.fromisoformat(updated[:10])
        except ValueError as error:
            raise wrong(
                f"{file.name}, meta", "a time as 2025-11-01T…", updated
            ) from error
        stated = [(month(date.year, date.month), "meta.lastUpdated")]
    elif file.published_on:
        return month(file.published_on.year, file.published_on.month), "page"
    return agreed_period(
        stated,
        file.claims,
        file.name,
        lambda p: p.grain == "month",
        "a month, such as 2025-11",
    )


def _record(resource: Mapping[str, Any], where: str) -> Record:
    roles = [e for e in _extensions(resource) if "OrganisationRole" in e["url"]]
    codings = [list(_codings(role)) for role in roles]
    primary = next((c for one in codings for c in one), {})
    every = [c.get("code") for one in codings for c in one]
    telecom = _dicts(resource.get("telecom"))
    active = resource.get("active")
    return {
        "org_code": code_of(resource, where),
        "org_name": _text(resource.get("name")),
        "active": None if active is None else json.dumps(active),
        "primary_role_code": _text(primary.get("code")),
        "primary_role_display": _text(primary.get("display")),
        "is_foundation_trust": FOUNDATION_TRUST in every,
        "last_change_date": _last_change(resource),
        "roles": _json(roles),
        "address": _json(resource.get("address")),
        "phone": _contact(telecom, "phone"),
        "website": _contact(telecom, "url"),
    }


def _last_change(resource: Mapping[str, Any]) -> str | None:
    dated = [e for e in _extensions(resource) if "TypedDateTime" in e["url"]]
    changes = [e for e in dated if "change" in json.dumps(e).lower()]
    for value in _values(changes or dated, ("valueDateTime", "valueDate")):
        return _text(value)
    return None


def _extensions(resource: Mapping[str, Any]) -> list[dict[str, Any]]:
    found = _dicts(resource.get("extension"))
    return [e for e in found if isinstance(e.get("url"), str)]


def _codings(node: object) -> Iterator[Mapping[str, Any]]:
    """Codings at any depth: as ``valueCoding``, or below ``valueCodeableConcept``."""
    yield from (c for c in _values(node, ("valueCoding",)) if isinstance(c, dict))
    for concept in _values(node, ("valueCodeableConcept",)):
        if isinstance(concept, dict):
            yield from _dicts(concept.get("coding"))


def _values(node: object, keys: Sequence[str]) -> Iterator[Any]:
    if isinstance(node, list):
        for one in node:
            yield from _values(one, keys)
    elif isinstance(node, dict):
        yield from (node[key] for key in keys if key in node)
        yield from _values(node.get("extension"), keys)


def _contact(telecom: Sequence[Mapping[str, Any]], system: str) -> str | None:
    return next(
        (_text(t.get("value")) for t in telecom if t.get("system") == system), None
    )


def _dicts(value: object) -> list[dict[str, Any]]:
    return [v for v in value if isinstance(v, dict)] if isinstance(value, list) else []


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value.strip() else None


def _json(value: object) -> str | None:
    return json.dumps(value, ensure_ascii=False) if value else None
