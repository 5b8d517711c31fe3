"""The examples of publications: small files in the layouts of ten publications.

Tests import the functions of the modules below to make the variants they need: another
month, drift (``Sheet.add``, ``rename``, ``move``, ``drop``), zips, and the shapes of
``publications_shapes``. The figures are in ``examples/values/publications/``.
"""

from __future__ import annotations

from collections.abc import Mapping

from examples import (
    publications_beds,
    publications_community,
    publications_csvs,
    publications_digital,
    publications_emergency,
    publications_england,
)


def files() -> Mapping[str, bytes]:
    """Every example of a publication by its path below ``examples/``."""
    return {
        **publications_emergency.files(),
        **publications_digital.files(),
        **publications_england.files(),
        **publications_community.files(),
        **publications_beds.files(),
        **publications_csvs.files(),
    }
