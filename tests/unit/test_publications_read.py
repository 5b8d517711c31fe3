"""What is kept of a table beside its rows: keys by which it is known again."""

from __future__ import annotations

from pathlib import Path

import pytest

from loaders.model import SourceFile, TableRead
from loaders.publications.content import claims
from loaders.publications.read import read

ROWS = "org_code,waiting,treated\nR1,10,1\nR2,20,2\nR3,30,3\n"


def made(content: str, name: str = "Clinic Waits May 2025.csv") -> TableRead:
    file = SourceFile(source=name, name=name, path=Path(name), claims=claims(name))
    (table,) = read(content.encode(), file).tables
    return table


@pytest.mark.parametrize(
    ("title", "key"),
    [
        ("Table 2b: Waits by age, May 2025", "waits_by_age"),
        ("Table 2d - Waits by age, August 2025", "waits_by_age"),
        ("Table 10 Waits by age", "waits_by_age"),
        ("Figure 3.1: Waits by age", "waits_by_age"),
        ("Waits by age", "waits_by_age"),
        ("Tables of waits by age", "tables_of_waits_by_age"),
    ],
)
def test_the_number_of_a_table_is_no_part_of_its_title(title: str, key: str) -> None:
    table = made(f'"{title}"\n\n{ROWS}')
    assert table.title == title
    assert table.details.title_key == key


def test_texts_with_delimiters_of_their_own_do_not_choose_the_delimiter() -> None:
    lines = "".join(f"R{i},waits; beds; staff\n" for i in range(20))
    table = made(f"org_code,about\n{lines}")
    assert [c.clean_name for c in table.details.columns] == ["org_code", "about"]
    assert table.rows_read == 20
