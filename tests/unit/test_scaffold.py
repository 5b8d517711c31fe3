"""Scaffolded models: what a column becomes, what identifies a row, names, texts."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from loaders.scaffold import command, keys, names, sql, yml
from loaders.scaffold.shapes import (
    ROW,
    Occurrence,
    TableShape,
    column_shape,
    table_shape,
)
from tests.conftest import BIN, ROOT

KNOWN = {
    "publication": "ae_attendances",
    "table": "providers",
    "view": "ae_attendances__providers",
    "title": "Attendances by {{ provider }}",
    "publication_title": "A&E attendances",
}
LONG = "number_of_referrals_" + "which_waited_longer_" * 2


def shape(*columns: tuple[str, str, str], key: tuple[str, ...] = ()) -> TableShape:
    made = table_shape(
        KNOWN,
        [name for name, *_ in columns],
        [Occurrence(n, n.upper(), role, kind) for n, role, kind in columns],
    )
    return made.with_facts(9, [], key, without_aggregates=False)


TABLE = shape(
    ("org_code", "dimension", "text"),
    ("order", "dimension", "text"),
    ("period", "period", "text"),
    ("census_date", "dimension", "date"),
    ("all", "measure", "number"),
    (LONG, "measure", "mixed"),
    key=("org_code", "order"),
)
WIDE = shape(
    ("org_code", "dimension", "text"),
    ("published_period", "period", "text"),
    ("period_start", "period", "date"),
    ("period_end", "period", "date"),
    ("value", "measure", "number"),
    key=("org_code", "period_start"),
)


@pytest.mark.parametrize(
    ("found", "is_measure", "is_date"),
    [
        ([("measure", "number"), ("measure", "mixed")], True, False),
        # It is blank in one month: that says nothing.
        ([("measure", "number"), ("dimension", "empty")], True, False),
        ([("measure", "empty")], True, False),
        # A text in one month: kept as text, so that nothing is lost.
        ([("measure", "number"), ("dimension", "text")], False, False),
        ([("dimension", "date"), ("dimension", "date")], False, True),
        ([("dimension", "date"), ("dimension", "text")], False, False),
        ([], False, False),
    ],
)
def test_a_column_is_a_figure_or_a_day_where_it_always_was(
    found: list[tuple[str, str]], is_measure: bool, is_date: bool
) -> None:
    made = column_shape("x", [Occurrence("x", "X", role, kind) for role, kind in found])
    assert (made.is_measure, made.is_date) == (is_measure, is_date)


# ------------------------------------------------------------------ what is a key


def first_key(**rows: list[str | None]) -> tuple[str, ...] | None:
    return next(keys.candidates(rows), None)


def test_the_smallest_set_of_columns_is_the_key() -> None:
    assert first_key(a=["1", "1", "2"], b=["x", "y", "x"], c=["p", "p", "q"]) == (
        "a",
        "b",
    )
    assert first_key(a=["1", "1", "2"], b=["x", "y", "z"]) == ("b",)


def test_a_code_comes_before_its_name() -> None:
    assert first_key(org_name=["A", "B"], org_code=["1", "2"]) == ("org_code",)


def test_a_blank_or_repeated_row_leaves_no_key() -> None:
    assert first_key(a=["1", None], b=["", "2"]) is None
    assert first_key(a=["1", "1"], b=["x", "x"]) is None
    assert first_key() is None


def test_after_a_key_that_will_not_do_comes_the_next() -> None:
    found = list(keys.candidates({"a": ["1", "2"], "b": ["x", "y"]}))
    assert found == [("a",), ("b",), ("a", "b")]


def test_many_columns_are_dropped_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "TRIED", 2)
    rows: dict[str, list[str | None]] = {c: ["0"] * 4 for c in "abcdef"}
    rows["c"], rows["e"] = ["0", "0", "1", "1"], ["0", "1", "0", "1"]
    assert first_key(**rows) == ("c", "e")


# ------------------------------------------------------------------------- the names


def test_names_are_given_once_and_need_no_quotes() -> None:
    given = names.Names(TABLE)
    assert given.of["order"] == "published_order"
    assert given.of["period"] == "published_period"
    assert given.second["all"] == "published_all_mark"
    assert given.second["census_date"] == "census_date_as_published"
    everything = [*given.of.values(), *given.second.values()]
    assert len(set(everything)) == len(everything)
    assert max(map(len, everything)) <= names.MAX_NAME
    assert given.second[LONG].endswith("_mark")


def test_a_name_that_begins_with_a_digit_needs_no_quotes_in_silver() -> None:
    text = sql.model(shape(("100_general_surgery", "measure", "number")))
    assert "nhs_number('published.\"100_general_surgery\"')" in text
    assert "as published_100_general_surgery," in text


def test_a_mark_does_not_take_the_name_of_a_column() -> None:
    given = names.Names(
        shape(("a", "measure", "number"), ("a_mark", "dimension", "text"))
    )
    assert given.of["a_mark"] == "a_mark"
    assert given.second["a"] == "a_mark_2"


def test_long_names_stay_apart_and_fit() -> None:
    first, second = (names.shortened(f"{'a' * 80}{n}") for n in (1, 2))
    assert first != second
    assert len(first) <= names.MAX_NAME
    assert len(names.check_name(TABLE, "has_one_row_per_key")) <= names.MAX_NAME


def test_periods_that_became_rows_keep_their_own_days() -> None:
    text = sql.model(WIDE)
    assert "vintages.period_start as release_period_start," in text
    # Cells of other tables may be read as well: they must not fail as dates.
    assert "{{ published_date('published.period_start') }} as period_start," in text


# ------------------------------------------------------------------------- the texts


def test_a_model_has_figures_with_their_marks() -> None:
    text = sql.model(TABLE)
    for line in (
        "select * from {{ source('raw_publications', 'ae_attendances__providers') }}",
        "nullif({{ clean_text('published.org_code') }}, '') as org_code,",
        "{{ published_date('published.census_date') }} as census_date,",
        "{{ nhs_number('published.\"all\"') }} as published_all,",
        "{{ nhs_mark('published.\"all\"') }} as published_all_mark,",
        "on {{ file_vintage_join() }}",
        "published._source_row as source_row\n    from published",
    ):
        assert line in text
    assert max(map(len, text.splitlines())) <= sql.WIDTH


def test_the_yml_describes_each_column_of_the_model_and_no_other() -> None:
    for table in (TABLE, WIDE):
        (made,) = yaml.safe_load(yml.model(table))["models"]
        given = names.Names(table)
        described = [c["name"] for c in made["columns"]]
        assert len(set(described)) == len(described)
        assert {*given.of.values(), *given.second.values()} <= set(described)
        text = sql.model(table)
        select = text[text.index("    select\n", text.index("final as")) :]
        select = select[: select.index("    from published")]
        made_names = [
            line.rstrip(",").split(" as ")[-1].split(".")[-1].strip()
            for line in select.splitlines()
            if line.endswith(",") or " as " in line or line.strip().startswith("as ")
        ]
        assert [n for n in made_names if n in described] == described
        assert all(c["description"] for c in made["columns"])


def test_the_yml_has_tests_of_key_marks_and_dates() -> None:
    (made,) = yaml.safe_load(yml.model(TABLE))["models"]
    tests: dict[str, Any] = {k: v for t in made["data_tests"] for k, v in t.items()}
    assert tests["unique_grain"]["arguments"]["columns"] == [
        *("file_id", "org_code", "published_order"),
    ]
    assert len(tests["marks_are_known"]["arguments"]["columns"]) == 2
    assert (
        "census_date is not null"
        in tests["holds_on_every_row"]["arguments"]["condition"]
    )
    columns = {c["name"]: c for c in made["columns"]}
    assert columns["census_date"]["data_tests"] == ["not_null"]
    assert "data_tests" not in columns["org_code"]
    assert made["description"].endswith(
        "One row per file, org code and published order."
    )


def test_totals_stand_apart_where_only_they_break_the_key() -> None:
    table = TABLE.with_facts(9, ["org_code"], ["org_code"], without_aggregates=True)
    (made,) = yaml.safe_load(yml.model(table))["models"]
    assert made["data_tests"][0]["unique_grain"]["config"] == {
        "where": "not is_aggregate"
    }
    by_row = TABLE.with_facts(9, [], [ROW], without_aggregates=False)
    assert "[file_id, source_row]" in str(
        yaml.safe_load(yml.model(by_row))["models"][0]["data_tests"][0]
    ).replace("'", "")


def test_what_a_publisher_writes_is_no_template() -> None:
    for text in (yml.model(TABLE), yml.sources([TABLE])):
        assert "{{ provider" not in text
        assert "provider" in text


def test_sources_describe_the_columns_of_the_view() -> None:
    (source,) = yaml.safe_load(yml.sources([TABLE, WIDE]))["sources"]
    first = source["tables"][0]
    described = [c["name"] for c in first["columns"]]
    assert described[:4] == ["_source_table", "_source_part", "basis", "org_code"]
    assert described[-2:] == ["_dlt_load_id", "_is_aggregate"]


def test_the_models_pass_the_linter(tmp_path: Path) -> None:
    shutil.copy(ROOT / ".sqlfluff", tmp_path)
    shutil.copytree(ROOT / "macros", tmp_path / "macros")
    far = replace(
        TABLE, view=f"ae_attendances__{'by_provider_' * 4}", columns=WIDE.columns[:2]
    )
    for table in (TABLE, WIDE, far):
        (tmp_path / f"model_{len(table.columns)}.sql").write_text(sql.model(table))
    done = subprocess.run(
        [str(BIN / "sqlfluff"), "lint", *map(str, tmp_path.glob("model_*.sql"))],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout


# ------------------------------------------------------------------------- the files


def written(folder: Path, *tables: TableShape, force: bool = False) -> list[str]:
    made = command._write(list(tables), list(tables), folder, folder, force=force)
    return sorted(path.name for path in made.written)


def test_files_are_written_once_and_never_over_what_is_there(tmp_path: Path) -> None:
    model = "silver_ae_attendances__providers"
    assert written(tmp_path, TABLE) == [
        *("_ae_attendances_sources.yml", f"{model}.sql", f"{model}.yml"),
    ]
    (tmp_path / f"{model}.sql").write_text("mine")
    assert written(tmp_path, TABLE) == []
    assert (tmp_path / f"{model}.sql").read_text() == "mine"
    assert f"{model}.sql" in written(tmp_path, TABLE, force=True)
    assert (tmp_path / f"{model}.sql").read_text() == sql.model(TABLE)


def test_a_table_that_came_later_declares_its_own_source(tmp_path: Path) -> None:
    later = table_shape({**KNOWN, "view": "ae_attendances__systems"}, [], [])
    written(tmp_path, TABLE)
    assert "_ae_attendances__systems_source.yml" in written(tmp_path, TABLE, later)
    assert written(tmp_path, TABLE, later) == []


def test_a_source_that_is_declared_elsewhere_is_not_declared_again(
    tmp_path: Path,
) -> None:
    (tmp_path / "_by_hand.yml").write_text(yml.sources([TABLE]))
    assert written(tmp_path, TABLE) == [
        *(
            "silver_ae_attendances__providers.sql",
            "silver_ae_attendances__providers.yml",
        ),
    ]
