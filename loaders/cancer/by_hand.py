"""Where a person puts a file that the publisher's server refuses to programs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from loaders.cancer.content import claims
from loaders.cancer.links import PeriodPage


@dataclass(frozen=True)
class Named:
    """A file name on the page that links to it."""

    name: str
    page: PeriodPage | None


def places(
    inbox: Path, one: Named, all_: Sequence[Named], *, whole: bool, months: bool
) -> tuple[list[Path], Path]:
    """Where a file stands in for a link, and the place to recommend.

    The publisher uses one name for many months, so a file counts only where it cannot
    be taken for another: always in ``<inbox>/2025-08-final/``; in ``<inbox>/2025-08/``
    when one link of that month has the name; in the inbox itself when one link at all
    has it, or when the name states both month and release.

    Args:
        inbox: The pipeline's inbox.
        one: The link.
        all_: All links of this run, this one included.
        whole: Whether the run looked at every page.
        months: Whether it looked at every page of the month.
    """
    page = one.page
    if page is None:
        return [inbox / one.name], inbox / one.name
    label = page.period.label
    particular = inbox / f"{label}-{page.status}" / one.name
    same_name = [n for n in all_ if n.name == one.name]
    same_month = [n for n in same_name if n.page and n.page.period == page.period]
    said = claims(one.name)
    says_all = (
        said.period_by.get("name") == page.period
        and said.status_by.get("name") == page.status
    )
    found = [particular]
    if months and len(same_month) == 1:
        found.append(inbox / label / one.name)
    if len(same_name) == 1 and (whole or says_all):
        found.append(inbox / one.name)
    # The advice must hold for a later run that looks at this one link only.
    return found, inbox / one.name if says_all else particular
