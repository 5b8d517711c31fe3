"""Where a person may put a file that a publisher's server refuses to programs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from loaders.files.looking import Web
from loaders.model import Period
from loaders.periods import find_period
from loaders.publications.entries import Publication
from loaders.publications.linked import Candidate


def folder_of(client: Web, publication: Publication | None) -> Path | None:
    """The inbox folder of a publication."""
    if client.inbox is None or publication is None:
        return client.inbox
    return client.inbox / publication.code


def by_hand_of(
    client: Web, one: Candidate, all_: Sequence[Candidate]
) -> tuple[list[Path], Path | None]:
    """Places where a file stands in for a url, and the one to recommend.

    A name that several urls have, or that states no period, is only known in a folder
    of its period: publishers use one name for many months.
    """
    folder = folder_of(client, one.publication)
    if folder is None:
        return [], None
    places: list[Path] = []
    if one.period:
        places.append(folder / _folder_name(one.period) / one.name)
    alone = [other.name for other in all_].count(one.name) == 1
    if alone and (find_period(one.name, uploaded=False) or not places):
        places.append(folder / one.name)
    return places, places[-1] if places else None


def _folder_name(period: Period) -> str:
    """The label of a period as the name of a folder: ``2025-08``, ``Q1-2025-26``."""
    return re.sub(r"[^A-Za-z0-9]+", "-", period.label)
