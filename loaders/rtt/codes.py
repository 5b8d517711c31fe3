"""The codes of a full extract and their names, collected while its rows pass."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from loaders.rtt.layout import ExtractLayout

if TYPE_CHECKING:
    import pyarrow as pa

#: A code, its name, its parent's code and name.
Code = tuple[str | None, ...]

#: What ``extract_codes`` says of each kind: code, name, parent's code, parent's name.
_KINDS = {
    "provider": (
        *("provider_org_code", "provider_org_name"),
        *("provider_parent_code", "provider_parent_name"),
    ),
    "commissioner": (
        *("commissioner_org_code", "commissioner_org_name"),
        *("commissioner_parent_code", "commissioner_parent_name"),
    ),
    "rtt_part": ("rtt_part_type", "rtt_part_description"),
    "treatment_function": ("treatment_function_code", "treatment_function_name"),
}


def collect(
    codes: dict[str, dict[Code, int]],
    layout: ExtractLayout,
    batch: pa.RecordBatch,
    numbers: Any,
) -> None:
    """Notes each combination of code and names that was not met before.

    Args:
        codes: What was met, by kind, with the row; it grows.
        layout: The columns of the extract.
        batch: Some of its rows.
        numbers: Their 1-based numbers in the file.
    """
    import pyarrow as pa

    for kind, wanted in _KINDS.items():
        columns = [c for c in wanted if c in layout.columns]
        table = pa.Table.from_batches([batch.select(columns)])
        table = table.append_column("_source_row", pa.array(numbers))
        groups = table.group_by(columns, use_threads=False)
        known = codes.setdefault(kind, {})
        found = groups.aggregate([("_source_row", "min")]).to_pydict()
        for i, row in enumerate(found["_source_row_min"]):
            code = tuple(found[c][i] if c in columns else None for c in wanted)
            known.setdefault(code, row)


def codes_batch(codes: dict[str, dict[Code, int]]) -> pa.RecordBatch:
    """The rows of ``extract_codes``: each combination once, at its first row."""
    import pyarrow as pa

    columns = ("code_kind", "code", "name", "parent_code", "parent_name")
    rows: list[tuple[Any, ...]] = [
        (row, kind, *code, *(None,) * (4 - len(code)))
        for kind, met in codes.items()
        for code, row in sorted(met.items(), key=lambda item: item[1])
    ]
    arrays = [pa.array(c) for c in zip(*rows, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, names=["_source_row", *columns])
