"""What drafts, links and essays of the examples say: made up, put together by rule.

Six things, what each is about, and how two of them are alike. Nothing is random, so
that two texts with the same parts are the same text.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations


@dataclass(frozen=True)
class Concept:
    """A thing that texts connect with others.

    Attributes:
        name: As a title.
        about: One sentence.
        rule: What it teaches, as the end of a sentence.
    """

    name: str
    about: str
    rule: str


CONCEPTS = {
    "card-catalogue": Concept(
        "Card catalogue",
        "A card catalogue lets one book stand in several places, since a card is cheap "
        "and a shelf is not.",
        "a cheap name may stand where the thing itself cannot",
    ),
    "dry-stone-wall": Concept(
        "Dry stone wall",
        "A dry stone wall holds without mortar because each stone rests on two others.",
        "strength comes from how the parts rest on one another",
    ),
    "gear-ratio": Concept(
        "Gear ratio",
        "A low gear makes nothing for free; it spends the same effort over more turns.",
        "a fixed budget can be spent at another pace",
    ),
    "sourdough-starter": Concept(
        "Sourdough starter",
        "A starter stays lively because most of it is given away before each feeding.",
        "what is kept stays good because the rest is let go",
    ),
    "tide-table": Concept(
        "Tide table",
        "A tide table is worked out a year ahead, and a gauge in the harbour still has "
        "the last word.",
        "a forecast is worth more beside what came",
    ),
    "weather-diary": Concept(
        "Weather diary",
        "A weather diary is a dull line a day, and only the hundredth page is of use.",
        "small notes add up when none is left out",
    ),
}


@dataclass(frozen=True)
class Combo:
    """Concepts that are written about together."""

    concepts: tuple[str, ...]
    level: str
    k_max: int

    @property
    def id(self) -> str:
        """As the experiments make it from what the combo is of."""
        said = "|".join([*sorted(self.concepts), self.level, str(self.k_max)])
        return f"combo_v1_{hashlib.sha256(said.encode()).hexdigest()[:12]}"

    def subjects(self) -> list[Concept]:
        """Its concepts, in order."""
        return [CONCEPTS[name] for name in self.concepts]


COMBOS = (
    Combo(("tide-table", "weather-diary", "gear-ratio"), "sentence", 3),
    Combo(("card-catalogue", "dry-stone-wall", "sourdough-starter"), "sentence", 3),
    Combo(("tide-table", "card-catalogue"), "paragraph", 2),
)
_VERBS = ("Put beside it", "Read next to it", "Held against it", "After it")


def _alike(one: Concept, other: Concept) -> str:
    return (
        f"{one.name} and {other.name.lower()} meet where {one.rule}, and where "
        f"{other.rule}."
    )


def weave(combo: Combo, turn: int = 0) -> str:
    """A draft as prose; another turn begins with another concept."""
    subjects = combo.subjects()
    first, *others = subjects[turn % len(subjects) :] + subjects[: turn % len(subjects)]
    told = [first.about]
    for place, other in enumerate(others):
        verb = _VERBS[(turn + place) % len(_VERBS)]
        about = other.about[0].lower() + other.about[1:]
        told.append(f"{verb}, {about}")
    pairs = [_alike(a, b) for a, b in combinations([first, *others], 2)]
    return " ".join(told) + "\n\n" + " ".join(pairs) + "\n"


def outline(combo: Combo, turn: int = 0, *, closed: bool = True) -> str:
    """A draft that thinks aloud and then marks what counts; perhaps not its end."""
    thoughts = "".join(f"- {c.name}: {c.rule}\n" for c in combo.subjects())
    end = "</essay>\n" if closed else ""
    return f"Plan\n{thoughts}\n<essay>\n{weave(combo, turn)}{end}"


def ideas(combo: Combo, turn: int = 0) -> str:
    """A draft in stages, the last of which counts."""
    blocks = [
        f'<essay-idea stage="{stage}">\n{text}</essay-idea>\n'
        for stage, text in enumerate(
            (f"{combo.subjects()[0].about}\n", weave(combo, turn)), start=1
        )
    ]
    return "\n".join(blocks)


def pairs(combo: Combo) -> str:
    """Links: what each two concepts have to do with each other."""
    return "".join(f"* {_alike(a, b)}\n" for a, b in combinations(combo.subjects(), 2))


def french(combo: Combo) -> str:
    """A draft in a language with accents, which was saved in an older encoding."""
    names = " et ".join(f"« {c.name} »" for c in combo.subjects())
    return (
        f"{names} : une idée déjà éprouvée, répétée à l'été comme à l'hiver.\n"
        "Le relevé de la marée est préparé un an à l'avance, puis vérifié au port ; la "
        "fiche, elle, coûte peu et se déplace où le livre ne peut être rangé.\n"
        "Ce qui a été prévu n'a de valeur que gardé à côté de ce qui est arrivé, même "
        "après des années : voilà la leçon que le système a retenue.\n"
    )


def braid(combo: Combo, draft: str, turn: int = 0) -> str:
    """An essay made of a draft: a title, its text, and an end of its own."""
    subjects = combo.subjects()
    title = " and ".join(c.name.lower() for c in subjects[:2]).capitalize()
    last = subjects[turn % len(subjects)]
    return (
        f"# {title}\n\n{draft.strip()}\n\n"
        f"So the smallest lesson may be the most useful: {last.rule}.\n"
    )


def prompt(subjects: Sequence[Concept], task: str) -> str:
    """What a model was asked."""
    things = "\n".join(f"- {c.name}: {c.about}" for c in subjects)
    return f"{task}\n\nThings to connect:\n{things}\n"
