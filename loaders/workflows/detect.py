"""Patterns of a workflow in plain Python: the rules that the models evaluate in SQL.

Both read the seeds ``pattern_*_rules``. The marts are made in SQL
(``int_workflow_signatures``); this is for what has no warehouse: the preview of a dry
run, the tests that hold the two together, and the loop that the benchmark compares
with. Texts are lower-cased in ASCII alone, as ``macros/pattern_rules.sql`` does it, so
that the outcome depends on no locale.
"""

from __future__ import annotations

import csv
import re
import string
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from loaders import project

LAYERS = ("input", "error", "template")
#: Words of a text: letters of alphabets belong to them, and so do underscores. Signs,
#: and scripts that write words without blanks, separate.
_BETWEEN_WORDS = re.compile(r"[^a-z0-9_\u00c0-\u1fff]+")
#: Words of a name such as adw_test_iso: underscores separate them.
_BETWEEN_WORDS_OF_NAME = re.compile(r"[^a-z0-9\u00c0-\u1fff]+")
_LOWER = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)


@dataclass(frozen=True)
class Found:
    """A pattern of a workflow.

    Attributes:
        signature: ``category:subcategory:target``.
        layer: Where it was found first: one of ``LAYERS``.
        rule_id: The rule that found it.
    """

    signature: str
    layer: str
    rule_id: str


@dataclass(frozen=True)
class _Subject:
    """One text of a workflow, as letters and as words with blanks around them."""

    text: str
    words: str

    @classmethod
    def of(cls, text: str | None, *, is_name: bool = False) -> _Subject:
        lower = (text or "").translate(_LOWER)
        between = _BETWEEN_WORDS_OF_NAME if is_name else _BETWEEN_WORDS
        return cls(lower, f" {between.sub(' ', lower).strip(' ')} ")


@dataclass(frozen=True)
class _Rule:
    rule_id: str
    output: str | None
    by_words: bool
    subject: str
    regex: re.Pattern[str] | None
    also: re.Pattern[str] | None

    @classmethod
    def of(cls, row: Mapping[str, str]) -> _Rule:
        by_words = row["match"] == "words"

        def compiled(text: str | None) -> re.Pattern[str] | None:
            if not text:
                return None
            return re.compile(f" ({text}) " if by_words else text, re.ASCII)

        return cls(
            row["rule_id"],
            row["output"] or None,
            by_words,
            row.get("subject") or "",
            compiled(row["regex"]),
            compiled(row.get("also")),
        )

    def finds(self, subject: _Subject, also_in: _Subject | None = None) -> bool:
        text = subject.words if self.by_words else subject.text
        if self.regex is not None and self.regex.search(text) is None:
            return False
        if self.also is None:
            return True
        other = also_in or subject
        beside = other.words if self.by_words else other.text
        return self.also.search(beside) is not None


@dataclass(frozen=True)
class Rules:
    """A set of rules, each list by priority.

    Attributes:
        categories: Rules that give an input its category.
        parts: Rules of subcategory and target, by category.
        errors: Rules for error messages; all that match count.
        templates: Rules for the names of templates; the first that matches counts.
    """

    categories: tuple[_Rule, ...]
    parts: Mapping[tuple[str, str], tuple[_Rule, ...]]
    errors: tuple[_Rule, ...]
    templates: tuple[_Rule, ...]

    @classmethod
    def load(cls, rule_set: str = "strict", folder: Path | None = None) -> Rules:
        """The rules of a set.

        Args:
            rule_set: ``strict`` or ``compat``.
            folder: Where the seeds are; those of the project by default.
        """
        folder = folder or project.root() / "seeds"
        by_part: dict[tuple[str, str], list[_Rule]] = {}
        for row in _rows(folder / "pattern_signature_rules.csv", rule_set):
            of_part = by_part.setdefault((row["part"], row["category"]), [])
            of_part.append(_Rule.of(row))
        parts = {key: tuple(rules) for key, rules in by_part.items()}
        return cls(
            parts.pop(("category", ""), ()),
            parts,
            _rules(folder / "pattern_error_rules.csv", rule_set),
            _rules(folder / "pattern_template_rules.csv", rule_set),
        )

    def signatures(
        self, nl_input: str | None, error: str | None, template: str | None
    ) -> list[str]:
        """The patterns of a workflow, each once, in the order of :meth:`find`."""
        return [found.signature for found in self.find(nl_input, error, template)]

    def find(
        self, nl_input: str | None, error: str | None, template: str | None
    ) -> list[Found]:
        """The patterns of a workflow and what found them.

        Args:
            nl_input: What was asked for.
            error: Its error message.
            template: The name of its template.
        """
        named = _Subject.of(template, is_name=True)
        found: dict[str, Found] = {}
        for one in (
            *self._of_input(_Subject.of(nl_input), named),
            *self._of_error(error),
            *self._of_template(named),
        ):
            # A pattern found twice counts where it was found first.
            found.setdefault(one.signature, one)
        return list(found.values())

    def _of_input(self, asked: _Subject, named: _Subject) -> Iterable[Found]:
        rule = next((rule for rule in self.categories if rule.finds(asked)), None)
        if rule is None or rule.output is None:
            return
        category = rule.output
        parts = [category]
        for part in ("subcategory", "target"):
            for one in self.parts.get((part, category), ()):
                subject = named if one.subject == "template" else asked
                if one.finds(subject, asked):
                    parts.append(one.output or "")
                    break
        if len(parts) == 3:
            yield Found(":".join(parts), "input", rule.rule_id)

    def _of_error(self, error: str | None) -> Iterable[Found]:
        if not error:
            return
        message = _Subject.of(error)
        for rule in self.errors:
            if rule.output and rule.finds(message):
                yield Found(rule.output, "error", rule.rule_id)

    def _of_template(self, named: _Subject) -> Iterable[Found]:
        rule = next((rule for rule in self.templates if rule.finds(named)), None)
        if rule is not None and rule.output:
            yield Found(rule.output, "template", rule.rule_id)


def _rows(path: Path, rule_set: str) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as handle:
        rows = [row for row in csv.DictReader(handle) if row["rule_set"] == rule_set]
    return sorted(rows, key=lambda row: int(row["priority"]))


def _rules(path: Path, rule_set: str) -> tuple[_Rule, ...]:
    return tuple(_Rule.of(row) for row in _rows(path, rule_set))
