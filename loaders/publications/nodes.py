"""YAML with line numbers: values are taken from nodes, and faults are collected.

A fault does not stop the reading: whoever corrects a file wants to see all of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from typing import TypeVar

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from loaders.errors import UsageError

_T = TypeVar("_T")


@dataclass(frozen=True)
class Fault:
    """Something wrong at a line: what there should be, and what there is."""

    line: int
    expected: str
    found: str


@dataclass
class Reader:
    """Takes typed values from YAML nodes; collects what is wrong with them."""

    name: str
    faults: list[Fault] = field(default_factory=list)

    def document(self, text: str) -> Node | None:
        """The root node.

        Raises:
            UsageError: It is no YAML.
        """
        try:
            return yaml.compose(text, Loader=yaml.SafeLoader)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark
            line = mark.line + 1 if mark else 1
            column = f", column {mark.column + 1}" if mark else ""
            raise self.error(
                f"line {line}{column}", "yaml", error.problem or "something else"
            ) from error
        except yaml.YAMLError as error:
            raise self.error("line 1", "yaml", str(error)) from error

    def error(self, lines: str, expected: str, found: str) -> UsageError:
        """What is wrong with the file, in four parts."""
        return UsageError(
            "cannot use the registry of publications",
            where=f"{self.name}, {lines}",
            expected=expected,
            found=found,
            next_step="correct the file and run again",
        )

    def finish(self) -> None:
        """Tells all faults at once.

        Raises:
            UsageError: There are some.
        """
        if not self.faults:
            return
        faults = sorted(self.faults, key=lambda one: one.line)
        if len(faults) == 1:
            (one,) = faults
            raise self.error(f"line {one.line}", one.expected, one.found)
        raise self.error(
            ", ".join(f"line {line}" for line in dict.fromkeys(f.line for f in faults)),
            "; ".join(f"line {one.line}: {one.expected}" for one in faults),
            "; ".join(f"line {one.line}: {one.found}" for one in faults),
        )

    def fault(self, node: Node, expected: str, found: str) -> None:
        """Records a fault at a node."""
        self.faults.append(Fault(node.start_mark.line + 1, expected, found))

    # ------------------------------------------------------------------- collections

    def mapping(
        self, node: Node, what: str, keys: Collection[str] | None = None
    ) -> dict[str, Node]:
        """The nodes of a mapping by their keys; unknown and repeated ones are faults.

        Args:
            node: The mapping.
            what: What it describes, for messages.
            keys: The keys that are known; ``None`` allows any.
        """
        if not isinstance(node, MappingNode):
            self.fault(node, f"{what} as keys with values", _shown(node))
            return {}
        found: dict[str, Node] = {}
        for key, value in node.value:
            name = str(key.value)
            if name in found:
                self.fault(key, f"each key of {what} once", f"{name!r} again")
            elif keys is not None and name not in keys:
                known = ", ".join(sorted(keys))
                self.fault(key, f"a key of {what}: {known}", f"{name!r}")
            else:
                found[name] = value
        return found

    def sequence(self, node: Node, what: str) -> Iterator[Node]:
        """The items of a list that is not empty."""
        if not isinstance(node, SequenceNode):
            self.fault(node, f"{what} as a list", _shown(node))
        elif not node.value:
            self.fault(node, f"{what}: at least one", "an empty list")
        else:
            yield from node.value

    def each(
        self, node: Node, what: str, take: Callable[[Node], _T | None]
    ) -> list[_T]:
        """The values of a list that is not empty, those with faults left out."""
        values = (take(item) for item in self.sequence(node, what))
        return [value for value in values if value is not None]

    # ------------------------------------------------------------------------ values

    def text(self, node: Node, what: str) -> str | None:
        """A text that is not empty."""
        if isinstance(node, ScalarNode) and node.tag != "tag:yaml.org,2002:null":
            text = str(node.value).strip()
            if text:
                return text
        self.fault(node, what, _shown(node))
        return None

    def one_of(self, node: Node, what: str, values: Collection[str]) -> str | None:
        """One of some words."""
        text = self.text(node, f"{what}: one of {', '.join(values)}")
        if text is None or text in values:
            return text
        self.fault(node, f"{what}: one of {', '.join(values)}", repr(text))
        return None

    def number(self, node: Node, what: str, allowed: range) -> int | None:
        """A whole number within some bounds."""
        text = str(node.value) if isinstance(node, ScalarNode) else ""
        if re.fullmatch(r"-?\d{1,9}", text) and int(text) in allowed:
            return int(text)
        bounds = f"{allowed.start} to {allowed.stop - 1}"
        self.fault(node, f"{what}: a whole number, {bounds}", _shown(node))
        return None

    def flag(self, node: Node, what: str) -> bool | None:
        """True or false."""
        if isinstance(node, ScalarNode) and node.tag == "tag:yaml.org,2002:bool":
            return str(node.value).lower() in ("true", "yes", "on")
        self.fault(node, f"{what}: true or false", _shown(node))
        return None

    def regex(self, node: Node, what: str, group: str = "") -> re.Pattern[str] | None:
        """A regular expression, upper and lower case alike; perhaps with a group."""
        text = self.text(node, f"{what}: a regular expression")
        if text is None:
            return None
        try:
            pattern = re.compile(text, re.IGNORECASE)
        except re.error as error:
            self.fault(node, f"{what}: a regular expression", f"{text!r}: {error}")
            return None
        if group and group not in pattern.groupindex:
            self.fault(node, f"{what} with a group (?P<{group}>…)", repr(text))
            return None
        return pattern

    def url(self, node: Node, what: str) -> str | None:
        """An address on the web."""
        text = self.text(node, f"{what}: an address that begins with https://")
        if text is None or re.fullmatch(r"https?://[^\s/]+(/\S*)?", text):
            return text
        self.fault(node, f"{what}: an address that begins with https://", repr(text))
        return None


def _shown(node: Node) -> str:
    if isinstance(node, MappingNode):
        return "keys with values"
    if isinstance(node, SequenceNode):
        return "a list" if node.value else "an empty list"
    return repr(node.value) if node.value else "nothing"
