"""Which table of ours a published table is: by its header, whatever it is called."""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools

import pytest

from loaders.publications.identity import RESERVED, Placed, Seen, fitted, resolve
from loaders.publications.maps import MappedColumn, MappedTable

AUG, NOV = dt.date(2025, 8, 1), dt.date(2025, 11, 1)
WAITING = ("month", "up_to_13_weeks", "13_to_52_weeks", "52_to_104_weeks", "over_104")
GENDER = ("month", "male", "female", "indeterminate", "non_binary", "unknown", "total")
_keys = itertools.count(1)


def table(
    period: dt.date,
    sheet: str,
    columns: tuple[str, ...],
    title: str = "",
    order: int = 0,
) -> Seen:
    measures = frozenset(c for c in columns if c not in ("month", "code", "name"))
    return Seen(
        *(next(_keys), f"file of {period}", period, sheet, title),
        *(columns, measures, order),
    )


def names(seen: list[Seen], placed: dict[int, Placed]) -> list[str]:
    return [placed[one.key].table for one in seen]


def test_a_sheet_name_that_moves_to_another_table_does_not_merge_them() -> None:
    """Table 2b was waiting time in August and gender in November; waiting is 2d."""
    seen = [
        table(AUG, "table_2b", WAITING),
        table(NOV, "table_2b", GENDER, order=0),
        table(NOV, "table_2d", WAITING, order=1),
    ]
    placed, _ = resolve("adhd", seen, {}, {})
    august, november_2b, november_2d = names(seen, placed)
    assert august == november_2d != november_2b
    assert placed[seen[2].key].match == "header"
    assert placed[seen[1].key].match == "new"


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_the_order_of_rows_in_the_ledger_changes_nothing(
    order: tuple[int, ...],
) -> None:
    seen = [
        table(AUG, "table_2b", WAITING),
        table(NOV, "table_2b", GENDER, order=0),
        table(NOV, "table_2d", WAITING, order=1),
    ]
    straight, _ = resolve("adhd", seen, {}, {})
    shuffled, _ = resolve("adhd", [seen[i] for i in order], {}, {})
    assert straight == shuffled


def test_tables_with_one_header_are_told_apart_by_their_sheets() -> None:
    columns = ("code", "name", "audiology", "podiatry")
    seen = [
        table(period, sheet, columns, order=i)
        for period in (AUG, NOV)
        for i, sheet in enumerate(("table_4", "table_4a", "table_4b"))
    ]
    placed, _ = resolve("waits", seen, {}, {})
    assert names(seen, placed) == ["table_4", "table_4a", "table_4b"] * 2


def test_a_table_among_twins_that_lost_its_place_is_not_put_into_a_free_one() -> None:
    columns = ("code", "name", "audiology", "podiatry")
    seen = [
        table(AUG, "table_4", columns, order=0),
        table(AUG, "table_4a", columns, order=1),
        table(NOV, "table_9", columns, order=0),
    ]
    placed, _ = resolve("waits", seen, {}, {})
    assert names(seen, placed) == ["table_4", "table_4a", "table_9"]


def test_the_title_tells_twins_apart_when_their_sheets_are_renumbered() -> None:
    columns = ("code", "name", "audiology", "podiatry")
    seen = [
        table(AUG, "table_4", columns, "all waits", 0),
        table(AUG, "table_4a", columns, "waits of 1 week", 1),
        table(NOV, "table_4a", columns, "all waits", 0),
        table(NOV, "table_4b", columns, "waits of 1 week", 1),
    ]
    placed, _ = resolve("waits", seen, {}, {})
    assert names(seen, placed) == ["table_4", "table_4a"] * 2


def test_a_column_more_is_the_same_table_with_a_changed_header() -> None:
    seen = [
        table(AUG, "providers", ("code", "waiting", "treated")),
        table(NOV, "providers", ("code", "waiting", "treated", "cancelled")),
    ]
    placed, (stable,) = resolve("x", seen, {}, {})
    assert placed[seen[1].key] == Placed(
        "providers", "overlap", ("code", "waiting", "treated", "cancelled")
    )
    assert list(stable.columns) == ["code", "waiting", "treated", "cancelled"]


def test_figures_that_have_nothing_in_common_are_never_one_table() -> None:
    seen = [
        table(AUG, "providers", ("code", "name", "waiting")),
        table(NOV, "providers", ("code", "name", "beds")),
    ]
    placed, _ = resolve("x", seen, {}, {})
    assert len(set(names(seen, placed))) == 2


def test_a_name_once_given_stays_when_an_earlier_month_is_loaded_later() -> None:
    november = table(NOV, "providers_new", ("code", "waiting"))
    placed, _ = resolve("x", [november], {}, {})
    given = {november.key: placed[november.key].table}
    august = table(AUG, "providers_old", ("code", "waiting"))
    placed, _ = resolve("x", [november, august], {}, given)
    assert names([november, august], placed) == ["providers_new"] * 2


def mapped(**columns: list[tuple[dt.date, str | None]]) -> MappedTable:
    return MappedTable(
        ((AUG, "*"),),
        {name: MappedColumn("", "", tuple(cells)) for name, cells in columns.items()},
    )


def test_a_reviewed_change_of_meaning_does_not_continue_the_old_column() -> None:
    maps = {
        "wards": mapped(
            code=[(AUG, "code")],
            capacity=[(AUG, "capacity")],
            per_adult=[(AUG, "per_100k"), (NOV, None)],
            per_resident=[(AUG, None), (NOV, "per_100k")],
        )
    }
    seen = [table(p, "data", ("code", "capacity", "per_100k")) for p in (AUG, NOV)]
    placed, _ = resolve("x", seen, maps, {})
    assert [placed[s.key].columns[2] for s in seen] == ["per_adult", "per_resident"]
    assert {placed[s.key].match for s in seen} == {"map"}


def test_an_unexpected_name_never_lands_in_a_column_that_the_map_gave_to_another() -> (
    None
):
    """The map says that ``waiting`` of ours is published as ``on_list`` now."""
    maps = {
        "t": mapped(
            code=[(AUG, "code")],
            waiting=[(AUG, "on_list")],
            treated=[(AUG, "treated")],
        )
    }
    seen = [table(NOV, "t", ("code", "on_list", "treated", "waiting"))]
    placed, _ = resolve("x", seen, maps, {})
    assert placed[seen[0].key] == Placed(
        "t", "overlap", ("code", "waiting", "treated", "waiting_unreviewed")
    )


def test_a_column_called_as_one_of_the_view_gets_a_name_of_its_own() -> None:
    seen = [table(AUG, "t", ("code", "basis", "total"))]
    placed, _ = resolve("x", seen, {}, {})
    assert "basis" in RESERVED
    assert placed[seen[0].key].columns == ("code", "basis_published", "total")


def test_a_table_that_the_map_calls_absent_is_not_taken_for_it() -> None:
    maps = {
        "t": MappedTable(
            ((AUG, "*"), (NOV, None)),
            {"code": MappedColumn("", "", ((AUG, "code"),))},
        )
    }
    seen = [table(AUG, "t", ("code",)), table(NOV, "t", ("code",))]
    placed, _ = resolve("x", seen, maps, {})
    assert placed[seen[0].key].table == "t"
    assert placed[seen[1].key].table != "t"


def test_long_names_fit_and_stay_different() -> None:
    one, other = fitted("a" * 70 + "x"), fitted("a" * 70 + "y")
    assert len(one) == len(other) == 63
    assert one != other


def csv_file(
    name: str,
    rows: dict[int, int],
    period: dt.date = AUG,
    header: tuple[str, ...] = WAITING,
) -> Seen:
    return dataclasses.replace(
        table(period, name, header),
        file_id=f"{name} {period}",
        is_csv=True,
        rows=rows,
    )


def test_csv_files_with_other_figures_about_the_same_are_different_tables() -> None:
    """New and open referrals by age: one header, the same months, other figures."""
    seen = [
        csv_file("new_referrals_age", {m: m + 100 for m in range(13)}),
        csv_file("open_referrals_age", {m: m + 200 for m in range(13)}),
        csv_file("new_referrals_age", {m: m + 300 for m in range(13)}, NOV),
        csv_file("open_referrals_age", {m: m + 400 for m in range(13)}, NOV),
    ]
    placed, _ = resolve("adhd", seen, {}, {})
    assert names(seen, placed) == ["new_referrals_age", "open_referrals_age"] * 2


def test_a_revision_under_another_name_is_the_same_table() -> None:
    first = {trust: trust for trust in range(100)}
    seen = [
        csv_file("monthly_ae", first),
        csv_file("csv", first | {7: 1, 8: 2}),
        csv_file("ae", {trust: trust + 5 for trust in range(100)}, NOV),
    ]
    placed, _ = resolve("ae", seen, {}, {})
    assert len(set(names(seen, placed))) == 1


def test_files_about_other_subjects_are_one_table() -> None:
    seen = [
        csv_file("devon", {n: n for n in range(50)}),
        csv_file("dorset", {n: n for n in range(50, 100)}),
    ]
    placed, _ = resolve("gp", seen, {}, {})
    assert len(set(names(seen, placed))) == 1


FIGURES = tuple(f"waiting_{n}_weeks" for n in range(10))


def labelled(period: dt.date, sheet: str, labels: tuple[str, ...], title: str) -> Seen:
    key = next(_keys)
    measures = frozenset(FIGURES)
    return Seen(
        *(key, f"file {key}", period, sheet, title, (*labels, *FIGURES), measures)
    )


@pytest.mark.parametrize("first", [0, 1])
def test_figures_of_commissioners_are_not_those_of_providers(first: int) -> None:
    """One title, one list of figures, one month: the labels say what they are about."""
    title = "waiting_times"
    both = [
        labelled(AUG, "provider", ("provider_code", "provider_name"), title),
        labelled(
            AUG, "commissioner", ("commissioner_code", "commissioner_name"), title
        ),
    ]
    before = {both[first].key: both[first].sheet_key}
    for known in ({}, before):
        placed, _ = resolve("dm01", both, {}, known)
        assert names(both, placed) == ["provider", "commissioner"]


def test_a_label_renamed_on_a_sheet_of_the_same_name_starts_no_new_table() -> None:
    seen = [
        labelled(AUG, "practices", ("ccg_code",), ""),
        labelled(NOV, "practices", ("sub_icb_code",), ""),
    ]
    placed, _ = resolve("gp", seen, {}, {})
    assert names(seen, placed) == ["practices", "practices"]


def test_two_headers_of_one_month_in_two_files_are_two_tables() -> None:
    seen = [
        labelled(AUG, "by_age", ("month",), ""),
        labelled(AUG, "by_gender", ("month", "note"), ""),
    ]
    placed, _ = resolve("adhd", seen, {}, {})
    assert names(seen, placed) == ["by_age", "by_gender"]


def test_a_name_once_given_gives_way_to_the_reviewed_one() -> None:
    seen = [
        table(AUG, "sheet1", ("code", "waiting")),
        table(NOV, "x", ("code", "waiting")),
    ]
    given = {one.key: "sheet1" for one in seen}
    maps = {"providers": mapped(code=[(AUG, "code")], waiting=[(AUG, "waiting")])}
    placed, _ = resolve("x", seen, maps, given)
    assert names(seen, placed) == ["providers"] * 2
