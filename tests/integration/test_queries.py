"""The questions of docs/queries.md: every query runs, every answer is right."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from scripts.queries import PAGE, Question, questions
from tests.conftest import ROOT, Warehouse

QUESTIONS = questions(PAGE.read_text("utf-8"))
each_question = pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: q.title)


@pytest.fixture(scope="module")
def examples(module_warehouses: Callable[..., Warehouse]) -> Warehouse:
    """The examples alone, as a new user has them."""
    made = module_warehouses()
    assert made.call("dlt", "pipeline", "run").returncode == 0
    built = made.build("--quiet")
    assert built.returncode == 0, built.stdout
    return made


def test_the_page_has_nineteen_questions() -> None:
    assert len(QUESTIONS) == 19
    assert PAGE.read_text("utf-8").count("```sql") == 19


@each_question
def test_an_answer_is_the_one_shown(real_gold: Warehouse, question: Question) -> None:
    done = real_gold.call("hindcast", "sql", question.sql)
    assert done.stdout.strip() == question.shown.strip(), done.stderr


@each_question
def test_a_question_can_be_asked_of_the_examples(
    examples: Warehouse, question: Question
) -> None:
    done = examples.call("hindcast", "sql", question.sql)
    assert done.returncode == 0, done.stderr


def test_every_table_of_silver_has_statistics_before_it_is_read(
    examples: Warehouse,
) -> None:
    seeds = [file.stem for file in (ROOT / "seeds").rglob("*.csv")]
    without = examples.rows(
        "select relname from pg_stat_user_tables"
        " where schemaname = 'silver' and last_analyze is null and relname <> all(%s)",
        seeds,
    )
    assert without == []
