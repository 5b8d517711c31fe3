"""What ``hindcast patterns`` says: figures, notes, examples, messages."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from loaders.cli import parser
from loaders.console import table_lines
from loaders.errors import UsageError
from loaders.patterns import command, marts, shown

NOTE = "window of 3.2 days is under 7"
AT = dt.datetime(2025, 11, 3, 9, 30, tzinfo=dt.timezone(dt.timedelta(hours=2)))


def _pattern(**changed: Any) -> dict[str, Any]:
    return {
        "pattern_signature": "test:pytest:backend",
        "pattern_type": "test",
        "occurrence_count": 1234,
        "confidence_score": Decimal("70"),
        "confidence_frequency": Decimal("20"),
        "confidence_consistency": Decimal("30"),
        "confidence_success": Decimal("20"),
        "avg_tokens_with_llm": 6000,
        "avg_cost_with_llm": Decimal("0.603333"),
        "avg_tokens_with_tool": 300,
        "avg_cost_with_tool": Decimal("0.030167"),
        "potential_monthly_savings": Decimal("1719.5"),
        "potential_monthly_savings_shared": None,
        "potential_monthly_savings_compat": Decimal("0"),
        "savings_note": None,
        "success_count": 2,
        "automation_status": "detected",
        "created_at": AT,
        "last_seen": AT,
        "typical_input_pattern": '{"keywords": ["test", "run"], "input_length": null}',
        "savings_per_use": Decimal("0.573166"),
        **changed,
    }


STATISTICS = {
    "duration_count": 3,
    "duration_variance": Decimal("16.67"),
    "avg_error_count": Decimal("0.3333"),
    "avg_retry_count": Decimal("0.3333"),
}
NONE_UNKNOWN = {"pattern_count": 0, "notes": None}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("183844.066"), "$183,844.07"),
        (Decimal("0.603333"), "$0.60"),
        (Decimal("0.002"), "$0.0020"),
        (0, "$0.00"),
        (-1.5, "-$1.50"),
        (None, "unknown"),
    ],
)
def test_dollars_are_shown_as_people_write_them(value: Any, text: str) -> None:
    assert shown.money(value) == text


def test_savings_that_are_not_known_say_why_and_are_never_zero() -> None:
    unknown = _pattern(potential_monthly_savings=None, savings_note=NOTE)
    lines = command.ranked_lines("top", [unknown], NONE_UNKNOWN)
    assert f"unknown ({NOTE})" in lines[2]
    assert "$0.00" not in lines[2]
    assert (
        shown.field("potential_monthly_savings", None, unknown) == f"unknown ({NOTE})"
    )
    # The formula of the brief looks at no window.
    compat = shown.field("potential_monthly_savings_compat", None, unknown)
    assert compat == "unknown"


def test_an_average_that_is_not_known_is_unknown() -> None:
    assert shown.field("avg_tokens_with_llm", None, {}) == "unknown"
    assert shown.field("avg_cost_with_llm", None, {}) == "unknown"
    assert shown.field("reviewed_by", None, {}) == ""
    assert shown.field("is_rejected", False, {}) == "no"


def test_characteristics_are_told_name_by_name() -> None:
    text = '{"keywords": {"run": 9, "test": 1200}, "files_mentioned": {}, "words": []}'
    assert command.characteristics(text) == {
        "keywords": "run 9, test 1,200",
        "files_mentioned": "none",
        "words": "none",
    }


def test_what_was_asked_is_cut_after_sixty_characters() -> None:
    assert shown.shortened("x" * 60) == "x" * 60
    assert shown.shortened("x" * 61) == "x" * 60 + "..."
    assert shown.shortened(None) == ""


def test_a_text_of_a_workflow_cannot_steer_the_terminal() -> None:
    assert shown.shortened("one\x1b[2Jtwo\n\nthree\x9b") == "one [2Jtwo three"


def test_times_are_shown_and_told_in_utc() -> None:
    assert shown.when(AT) == "2025-11-03 07:30"
    assert shown.raw(AT) == "2025-11-03T07:30:00+00:00"


def test_programs_get_numbers_as_they_are() -> None:
    assert shown.raw(Decimal("0.603333")) == 0.603333
    assert repr(shown.raw(Decimal("6000.00"))) == "6000"
    assert shown.raw(None) is None


def test_figures_that_are_texts_stand_to_the_right() -> None:
    lines = table_lines(["what", "cost"], [("a", "$1.00"), ("b", "$12.00")], {"cost"})
    assert lines[2:] == ["a      $1.00", "b     $12.00"]


def test_top_shows_counts_in_full_and_the_savings() -> None:
    header, _, row, count = command.ranked_lines("top", [_pattern()], NONE_UNKNOWN)
    assert header.split() == [
        *("pattern", "occurrences", "confidence", "tokens", "cost", "saves", "status"),
    ]
    assert row.split() == [
        *("test:pytest:backend", "1,234", "70", "6,000", "$0.60", "$1,719.50"),
        "detected",
    ]
    assert count == "(1 pattern)"


def test_high_value_says_of_how_many_the_savings_are_unknown() -> None:
    unknown = {"pattern_count": 12, "notes": NOTE}
    lines = command.ranked_lines("high-value", [], unknown)
    assert lines[-2:] == ["(0 patterns)", f"savings unknown of 12 more: {NOTE}"]


def test_the_summary_counts_workflows_once() -> None:
    row = {
        "pattern_count": 9,
        "occurrence_count": 14,
        "workflows_with_pattern_count": 10,
        "workflows_without_pattern_count": 2,
        "potential_monthly_savings_shared": None,
        "savings_unknown_count": 9,
        "savings_note": NOTE,
        "window_start": AT,
        "window_end": AT,
        "window_days": Decimal("3.2"),
        **{f"{status}_count": 0 for status in marts.STATUSES},
        "detected_count": 8,
        "active_count": 1,
    }
    said = "\n".join(command.summary_lines(row))
    assert "12 finished, 10 with a pattern, 2 without" in said
    assert f"savings      unknown ({NOTE})" in said
    assert "8 detected, 1 active" in said
    assert "3.2 days" in said
    some = row | {"potential_monthly_savings_shared": 12.5, "savings_unknown_count": 1}
    said = "\n".join(command.summary_lines(some))
    assert "$12.50 a month" in said
    assert f"unknown of 1 more: {NOTE}" in said


def test_each_part_of_the_confidence_says_what_it_rests_on() -> None:
    parts = command.confidence_parts(_pattern(occurrence_count=3), STATISTICS)
    assert parts == {
        "frequency": "20 of 40: 3 workflows",
        "consistency": "30 of 30: durations of 3 workflows with a variance of 16.7",
        "success": "20 of 30: 0.33 errors and 0.33 retries a workflow; "
        "2 of 3 (66.7%) succeeded",
    }
    one = STATISTICS | {"duration_count": 1, "duration_variance": 0}
    parts = command.confidence_parts(_pattern(), one)
    assert "1 workflow with a duration, too few" in parts["consistency"]


def test_details_have_all_fields_the_life_cycle_and_short_examples() -> None:
    example = {
        "workflow_key": "a0000001",
        "seen_at": AT,
        "status": "completed",
        "cost_usd": None,
        "nl_input": "y" * 70,
    }
    review = {
        "reviewed_at": AT,
        "automation_status": "candidate",
        "reviewed_by": "a team",
        "review_reason": "weekly",
    }
    pattern = _pattern()
    lines = command.details_lines(
        {
            "pattern": pattern,
            "statistics": STATISTICS,
            "life_cycle": [review],
            "examples": [example],
        }
    )
    said = "\n".join(lines)
    for name in pattern.keys() - {"pattern_signature", "typical_input_pattern"}:
        if not name.startswith("confidence_"):
            assert f"\n  {name}" in said
    assert "keywords      test, run" in said
    assert "input_length  unknown" in said
    assert "2025-11-03 07:30  detected     first seen in a workflow" in said
    assert "2025-11-03 07:30  candidate    a team: weekly" in said
    assert lines[-1].endswith("y" * 60 + "...")
    assert "  unknown  yyy" in lines[-1]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("test:pytest", "2 parts"),
        ("test", "1 part in"),
        ("", "1 part in ''"),
        ("test:pytest:backend:more", "4 parts"),
        ("test::backend", "an empty part"),
        ("invalid:pytest:backend", "the category 'invalid'"),
    ],
)
def test_what_is_no_signature_is_refused_and_says_why(text: str, found: str) -> None:
    with pytest.raises(UsageError) as raised:
        marts.checked(text)
    assert found in raised.value.found
    assert "category:subcategory:target" in raised.value.expected
    assert "hindcast patterns top" in raised.value.next_step


def test_a_signature_may_be_written_in_capitals() -> None:
    assert marts.checked("  TEST:PYTEST:BACKEND ") == "test:pytest:backend"


@pytest.mark.parametrize(
    "words",
    [["patterns"], ["patterns", "worst"], ["patterns", "details"]],
)
def test_a_report_must_be_named(words: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        parser().parse_args(words)
    assert ended.value.code == 2


@pytest.mark.parametrize("limit", ["0", "-1", "many"])
def test_a_limit_is_a_number_from_one(
    limit: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        parser().parse_args(["patterns", "top", "--limit", limit])
    assert "--limit" in capsys.readouterr().err
