"""Parts of a release and its vintages: told by what rows are about, not by names."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa

from loaders.publications.details import ColumnDetails
from loaders.publications.parts import Member, parts
from loaders.publications.read import subjects

NOV = (dt.date(2025, 11, 1), dt.date(2025, 11, 30))


def member(
    key: int, source: str, sample: tuple[int, ...], part: str | None = None
) -> Member:
    name = source.rsplit("!", 1)[-1].removesuffix(".csv")
    return Member(key, f"file {key}", NOV, part, name, source, sample)


def column(name: str, role: str = "dimension") -> ColumnDetails:
    return ColumnDetails(None, name, (), name.lower(), role, "text")


def told(*members: Member) -> dict[int, str]:
    return parts(members, {one.key: "table" for one in members})


def test_an_original_and_its_revision_are_no_parts() -> None:
    same = tuple(range(100))
    assert told(member(1, "a.csv", same), member(2, "b.csv", same)) == {}


def test_files_about_other_subjects_are_parts_of_one_release() -> None:
    devon, dorset = tuple(range(100)), tuple(range(100, 200))
    found = told(member(1, "devon.csv", devon), member(2, "dorset.csv", dorset))
    assert found == {1: "devon", 2: "dorset"}


def test_a_revision_of_a_part_is_that_part_again() -> None:
    devon, dorset = tuple(range(100)), tuple(range(100, 200))
    found = told(
        member(1, "devon.csv", devon),
        member(2, "dorset.csv", dorset),
        member(3, "dorset_v2.csv", dorset[:90]),
    )
    assert found[2] == found[3] != found[1]


def test_members_of_one_zip_are_parts_whatever_they_hold() -> None:
    same = tuple(range(100))
    found = told(member(1, "x.zip!a.csv", same), member(2, "x.zip!b.csv", same))
    assert found == {1: "a", 2: "b"}


def test_members_of_a_later_zip_are_vintages_of_those_of_the_first() -> None:
    same = tuple(range(100))
    found = told(
        member(1, "x.zip!a.csv", same),
        member(2, "x.zip!b.csv", same),
        member(3, "x-revised.zip!a.csv", same),
        member(4, "x-revised.zip!b.csv", same),
    )
    assert found == {1: "a", 3: "a", 2: "b", 4: "b"}


def test_the_registry_decides_where_it_says_something() -> None:
    same = tuple(range(100))
    found = told(member(1, "a.csv", same, "north"), member(2, "b.csv", same, "south"))
    assert found == {1: "north", 2: "south"}


def test_subjects_are_the_labels_of_rows_and_not_their_figures() -> None:
    def batch(figures: list[str]) -> pa.RecordBatch:
        return pa.record_batch(
            [pa.array(["RJ1", "RJ2"]), pa.array(figures), pa.array([2, 3])],
            ["c1", "c2", "_source_row"],
        )

    said = [column("Code"), column("Waiting", "measure")]
    same, other = subjects(batch(["1", "2"]), said), subjects(batch(["7", "8"]), said)
    assert same[0] == other[0]
    assert not set(same[1]) & set(other[1])
    labels, rows = subjects(batch(["1", "2"]), said)
    assert len(labels) == len(rows) == 2
    assert subjects(batch(["1", "2"]), [said[1], said[1]]) == ((), ())


def test_a_database_column_is_nothing_that_rows_are_about() -> None:
    """``_load_id`` and ``_loaded_at`` are others in every file that was exported."""

    def batch(load: str) -> pa.RecordBatch:
        columns = [pa.array(["RJ1", "RJ2"]), pa.array([load] * 2), pa.array(["1", "2"])]
        return pa.record_batch(columns, ["c1", "c2", "c3"])

    said = [column("Code"), column("_load_id"), column("Waiting", "measure")]
    assert subjects(batch("492"), said) == subjects(batch("495"), said)
    said[1] = column("load_id")
    assert subjects(batch("492"), said) != subjects(batch("495"), said)
