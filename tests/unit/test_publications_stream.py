"""Large csv files read in batches land as they would if they were read whole."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from loaders.errors import Quarantined
from loaders.model import FileRead, SourceFile
from loaders.publications import stream as streaming
from loaders.publications.content import claims
from loaders.publications.read import read

HEADER = "org_code,org_name,waiting,treated\n"
#: Rows: more than the head has, and several batches.
COUNT = 3000


def line(i: int) -> str:
    return f"R{i:04},TRUST {i},{i + 100},{i}\n"


def body(changed: Callable[[int], str | None] = lambda _: None) -> str:
    """Rows of a csv; those that ``changed`` knows are as it says."""
    return "".join(changed(i) or line(i) for i in range(COUNT))


def at(row: int, text: str) -> Callable[[int], str | None]:
    return lambda i: text if i == row else None


def from_row(row: int, text: str) -> Callable[[int], str | None]:
    return lambda i: text if i >= row else None


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streaming, "BLOCK_BYTES", 4096)


def source(folder: Path, content: str | bytes) -> SourceFile:
    path = folder / "Clinic Waits May 2025.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return SourceFile(
        source=str(path), name=path.name, path=path, claims=claims(path.name)
    )


def landed(made: FileRead) -> dict[str, Any]:
    (table,) = made.tables
    rows = [
        row
        for batch in table.batches
        for row in zip(*(c.to_pylist() for c in batch.columns), strict=True)
    ]
    return {
        "rows": rows,
        "columns": [
            (c.clean_name, c.role, c.value_kind) for c in table.details.columns
        ],
        "notes": tuple(table.notes),
        "sample": (table.details.sample, table.details.sample_rows),
        "last_row": table.last_row,
        "period": made.period,
    }


SAME: dict[str, tuple[str | bytes, int]] = {
    "plain": (HEADER + body(), COUNT),
    "lines of windows": ((HEADER + body()).replace("\n", "\r\n"), COUNT),
    "blank lines": (HEADER + body(at(1500, f"{line(1500)}\n\n")), COUNT),
    "lines of commas": (HEADER + body(at(1500, f"{line(1500)},,,\n")), COUNT),
    "line breaks in quotes": (
        HEADER + body(at(1500, 'R1500,"TRUST\r\n1500",1600,1500\n')),
        COUNT,
    ),
    "quotes in quotes": (HEADER + body(at(2500, 'R2500,"T ""x""",1,2\n')), COUNT),
    "bytes of windows": (
        (HEADER + body(at(2500, "R2500,Ynys Môn – x,1,2\n"))).encode("cp1252"),
        COUNT,
    ),
    "sixteen bits a letter": ((HEADER + body()).encode("utf-16"), COUNT),
    "byte order mark": ("\ufeff" + HEADER + body(), COUNT),
    "no line break at the end": ((HEADER + body()).rstrip("\n"), COUNT),
    "marks behind the head": (HEADER + body(at(2500, "R2500,T,*,1\n")), COUNT),
    "texts behind the head": (HEADER + body(from_row(2500, "R,T,none,1\n")), COUNT),
    "figures behind the head": (
        HEADER + body(lambda i: f"R{i:04},T,,{i}\n" if i < 2500 else None),
        COUNT,
    ),
    "notes": (HEADER + body() + '\nSource: NHS\n"Notes: 1, the first"\n', COUNT),
    "padded notes": (HEADER + body() + ",,,\nSource: NHS,,,\nNote 1,,,\n", COUNT),
    "labels in the middle": (HEADER + body(at(1500, "North,,,\n")), COUNT),
    "lines above": (f"Waits,,,\nPeriod: May 2025,,,\n,,,\n{HEADER}{body()}", COUNT),
    "semicolons": ((HEADER + body()).replace(",", ";"), COUNT),
    "codes that look like nothing": (HEADER + "NA,null,1,NaN\n" * COUNT, COUNT),
}


@pytest.mark.parametrize("name", SAME)
def test_what_is_streamed_is_what_is_read_whole(tmp_path: Path, name: str) -> None:
    content, count = SAME[name]
    file = source(tmp_path, content)
    streamed = landed(streaming.stream(file))
    assert len(streamed["rows"]) == count
    assert streamed == landed(read(file.path.read_bytes(), file))


def test_most_of_them_are_not_read_whole(tmp_path: Path) -> None:
    read_whole = {
        name
        for name, (content, _) in SAME.items()
        if "arrow" not in streaming.stream(source(tmp_path, content)).reader
    }
    assert read_whole == {"sixteen bits a letter"}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (HEADER + body(at(2500, "R2500,T,x,1,2\n")), "5 cells"),
        (HEADER + body(at(2500, "R2500,T x, y,1,2\n")), "5 cells"),
        (HEADER + body() + "R9999,TRU", "2 cells"),
        (HEADER + body(at(2500, "R2500,T\0,1,2\n")), "NUL"),
    ],
    ids=["a cell more", "a comma without quotes", "cut short", "not text"],
)
def test_what_cannot_be_trusted_is_refused_either_way(
    tmp_path: Path, content: str, said: str
) -> None:
    file = source(tmp_path, content)
    with pytest.raises(Quarantined, match=said):
        landed(streaming.stream(file))
    with pytest.raises(Quarantined, match=said):
        read(file.path.read_bytes(), file)


def test_rows_shorter_than_the_header_are_blank_at_their_end(tmp_path: Path) -> None:
    """Spreadsheets leave trailing commas out; a column without a name is one too."""
    file = source(tmp_path, HEADER + "R1,T,1,2\nR2,T,3\nR3,T,5,6\n")
    rows = landed(read(file.path.read_bytes(), file))["rows"]
    assert rows[1] == ("R2", "T", "3", None, 3)
    file = source(tmp_path, "org_code,waiting\nR1,1,x\nR2,2,y\nR3,3,z\n")
    rows = landed(read(file.path.read_bytes(), file))["rows"]
    assert rows[0] == ("R1", "1", "x", 2)
