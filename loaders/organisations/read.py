"""Reads a list of organisations, whichever of its kinds it is; pure."""

from __future__ import annotations

from loaders.model import FileRead, SourceFile
from loaders.organisations import classification, fhir, lists
from loaders.organisations.records import parse, wrong
from loaders.sheets.layout import ColumnRegion, SheetRegion, TableRegion


def read(data: bytes, file: SourceFile) -> FileRead:
    """Reads an ODS list, a lookup of ICBs, a classification or a page of FHIR.

    Args:
        data: Its bytes; what they are decides, not the name.
        file: Its name and what is claimed about it.

    Returns:
        The tables, each ready to land with ``_source_row``.

    Raises:
        Quarantined: Anything in it that cannot be trusted; the message says where.
    """
    return survey(data, file)[0]


def survey(data: bytes, file: SourceFile) -> tuple[FileRead, list[SheetRegion]]:
    """Reads a file and says where its tables stand.

    Raises:
        Quarantined: As :func:`read`.
    """
    if not _is_json(data, file.name):
        found, sheet = lists.survey(data, file)
        return found, [sheet]
    document = parse(data, file.name)
    if "resourceType" in document:
        found = fhir.read(document, file)
    elif document.keys() & {"orgs", "nhs_trust_codes"}:
        found = classification.read(document, file)
    else:
        raise wrong(
            file.name,
            "a classification (orgs, nhs_trust_codes) or a Bundle of FHIR",
            f"the keys {', '.join(sorted(document))[:200]}",
        )
    return found, [_region(found)]


def _is_json(data: bytes, name: str) -> bool:
    start = data[:64].removeprefix(b"\xef\xbb\xbf").lstrip()
    return name.lower().endswith(".json") or start[:1] in (b"{", b"[")


def _region(found: FileRead) -> SheetRegion:
    """The tables of a json document; its rows and columns are counted from 1."""
    regions = []
    for table in found.tables:
        names = [n for b in table.batches for n in b.schema.names if n[0] != "_"]
        columns = tuple(ColumnRegion(i, n, n, "dimension") for i, n in enumerate(names))
        regions.append(
            TableRegion(
                name=table.source_table,
                header_rows=(table.header_row, table.header_row),
                first_data_row=table.first_row,
                last_data_row=table.last_row,
                data_rows=table.rows_read,
                columns=columns,
            )
        )
    return SheetRegion(None, False, "data", tuple(regions))
