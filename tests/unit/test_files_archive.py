from __future__ import annotations

import hashlib
import io
import random
import stat
import zipfile
from pathlib import Path

import pytest

from loaders.errors import Failed, HindcastError, Quarantined
from loaders.files import Problem, Skipped
from loaders.files.archive import Limits, read_bytes, sha256_of
from loaders.files.members import members
from loaders.model import Claims, SourceFile
from loaders.periods import month

SUFFIXES = (".csv", ".xlsx")


def zipped(entries: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as z:
        for name, data in entries.items():
            z.writestr(name, data)
    return buffer.getvalue()


def archive(folder: Path, data: bytes, name: str = "a.zip") -> SourceFile:
    path = folder / name
    path.write_bytes(data)
    return SourceFile(name, name, path)


def listed(file: SourceFile, **options) -> tuple[dict, dict, dict]:
    files, problems, skipped = {}, {}, {}
    for item in members(file, SUFFIXES, **options):
        if isinstance(item, SourceFile):
            files[item.source] = item
        elif isinstance(item, Problem):
            problems[item.source] = item.error
        else:
            assert isinstance(item, Skipped)
            skipped[item.source] = item.reason
    return files, problems, skipped


def test_members_are_read_from_the_zip_and_nothing_is_unpacked(tmp_path):
    data = zipped({"b/x.csv": b"two", "a.CSV": b"one", "b/": b""})
    files, problems, skipped = listed(archive(tmp_path, data))
    assert list(files) == ["a.zip!a.CSV", "a.zip!b/x.csv"]
    assert (problems, skipped) == ({}, {})
    one = files["a.zip!b/x.csv"]
    assert (one.name, one.member) == ("x.csv", "b/x.csv")
    assert read_bytes(one) == b"two"
    assert sha256_of(one) == hashlib.sha256(b"two").hexdigest()
    assert [p.name for p in tmp_path.iterdir()] == ["a.zip"]


def test_what_is_not_data_is_named_with_its_reason(tmp_path):
    data = zipped(
        {
            "read me.pdf": b"",
            "~$a.xlsx": b"",
            ".a.csv": b"",
            "__MACOSX/._a.csv": b"",
            "LICENCE": b"",
        }
    )
    files, problems, skipped = listed(archive(tmp_path, data))
    assert (files, problems) == ({}, {})
    assert skipped == {
        "a.zip!read me.pdf": "its ending is none of .csv, .xlsx, .zip",
        "a.zip!~$a.xlsx": "a lock file of Office",
        "a.zip!.a.csv": "a hidden file",
        "a.zip!__MACOSX/._a.csv": "a side file of macOS",
        "a.zip!LICENCE": "a name without an ending",
    }


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("../../x.csv", "a name that leaves the archive ('..')"),
        ("a\\..\\..\\x.csv", "a name that leaves the archive ('..')"),
        ("/etc/x.csv", "an absolute name"),
        ("C:\\x.csv", "an absolute name"),
    ],
)
def test_a_member_name_that_leads_elsewhere_is_refused_alone(tmp_path, name, found):
    data = zipped({name: b"bad", "good.csv": b"good"})
    files, problems, _ = listed(archive(tmp_path, data))
    assert list(files) == ["a.zip!good.csv"]
    assert [(type(e), e.found) for e in problems.values()] == [(Quarantined, found)]


def test_a_symbolic_link_in_a_zip_is_refused(tmp_path):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as z:
        info = zipfile.ZipInfo("link.csv")
        info.create_system = 3
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        z.writestr(info, "/etc/passwd")
    _, problems, _ = listed(archive(tmp_path, buffer.getvalue()))
    assert problems["a.zip!link.csv"].found == "a symbolic link"


def test_an_encrypted_member_is_refused_with_what_to_do(tmp_path):
    data = bytearray(zipped({"x.csv": b"secret"}))
    for marker, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(marker) + offset] |= 1
    _, problems, _ = listed(archive(tmp_path, bytes(data)))
    assert problems["a.zip!x.csv"].found == "an encrypted member"
    assert "password" in problems["a.zip!x.csv"].next_step


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_members_of_one_name_are_both_refused(tmp_path):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as z:
        z.writestr("x.csv", "one")
        z.writestr("x.csv", "two")
    files, problems, _ = listed(archive(tmp_path, buffer.getvalue()))
    assert files == {}
    assert problems["a.zip!x.csv"].found == "two members of this name"


def test_a_zip_in_a_zip_is_looked_into_once(tmp_path):
    inner = zipped({"x.csv": b"deep"})
    data = zipped({"in!ner.zip": inner, "y.csv": b"flat"})
    files, problems, _ = listed(archive(tmp_path, data))
    assert problems == {}
    assert list(files) == ["a.zip!in!ner.zip!x.csv", "a.zip!y.csv"]
    assert read_bytes(files["a.zip!in!ner.zip!x.csv"]) == b"deep"


def test_a_zip_two_levels_down_is_refused_and_its_neighbours_are_not(tmp_path):
    deepest = zipped({"x.csv": b"deep"})
    data = zipped({"one.zip": zipped({"two.zip": deepest, "y.csv": b"y"})})
    files, problems, _ = listed(archive(tmp_path, data))
    assert list(files) == ["a.zip!one.zip!y.csv"]
    assert list(problems) == ["a.zip!one.zip!two.zip"]
    assert isinstance(problems["a.zip!one.zip!two.zip"], Quarantined)


def test_a_member_that_swells_beyond_reason_is_refused_before_reading(tmp_path):
    file = archive(tmp_path, zipped({"bomb.csv": bytes(2 << 20), "good.csv": b"1"}))
    files, problems, _ = listed(file, limits=Limits(ratio=100, ratio_from=1 << 20))
    assert list(files) == ["a.zip!good.csv"]
    assert "2,097,152 bytes in" in problems["a.zip!bomb.csv"].found


def test_a_member_that_lies_about_its_size_is_stopped_while_it_is_read(tmp_path):
    data = zipped({"bomb.csv": bytes(8 << 20)})
    lie = data.replace((8 << 20).to_bytes(4, "little"), (100).to_bytes(4, "little"))
    assert lie != data
    file = listed(archive(tmp_path, lie))[0]["a.zip!bomb.csv"]
    with pytest.raises(Quarantined):
        read_bytes(file, Limits(file_bytes=1 << 20))


def test_an_archive_of_too_many_members_is_refused_whole(tmp_path):
    data = zipped({f"{n}.csv": b"" for n in range(20)})
    _, problems, _ = listed(archive(tmp_path, data), limits=Limits(members=10))
    assert problems["a.zip"].found == "20 members and 0 bytes"


@pytest.mark.parametrize(
    "data",
    [b"", b"<html>", zipped({"x.csv": b"1" * 99})[:-30]],
    ids=["empty", "web page", "cut short"],
)
def test_what_is_no_whole_zip_is_one_quarantined_archive(tmp_path, data):
    files, problems, _ = listed(archive(tmp_path, data))
    assert files == {}
    assert isinstance(problems["a.zip"], Quarantined)
    assert "damaged or not a zip" in problems["a.zip"].next_step


def test_a_changed_byte_in_a_member_is_found_by_its_checksum(tmp_path):
    data = zipped({"x.csv": b"a,b\n1,2\n"}, zipfile.ZIP_STORED).replace(b"1,2", b"1,3")
    file = listed(archive(tmp_path, data))[0]["a.zip!x.csv"]
    with pytest.raises(Quarantined) as error:
        read_bytes(file)
    assert "CRC" in error.value.found


def test_any_damage_ends_in_one_of_our_errors(tmp_path):
    whole = zipped({"x.csv": b"a,b\n" * 50, "in.zip": zipped({"y.csv": b"y" * 50})})
    chance = random.Random(7)
    refused = 0
    for _ in range(400):
        data = bytearray(whole)
        for _ in range(chance.randint(1, 4)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        try:
            files, problems, _ = listed(archive(tmp_path, bytes(data)))
            refused += bool(problems)
            for file in files.values():
                read_bytes(file)
        except HindcastError as error:
            assert isinstance(error, Quarantined), error
            refused += 1
    assert refused > 100


def test_a_file_that_is_gone_fails_and_says_so(tmp_path):
    with pytest.raises(Failed) as error:
        sha256_of(SourceFile("in/x.csv", "x.csv", tmp_path / "x.csv"))
    assert error.value.where == "in/x.csv"
    assert error.value.found == "No such file or directory"


def test_a_zip_that_changed_after_listing_fails(tmp_path):
    file = listed(archive(tmp_path, zipped({"x.csv": b"1"})))[0]["a.zip!x.csv"]
    archive(tmp_path, zipped({"y.csv": b"1"}))
    with pytest.raises(Failed) as error:
        read_bytes(file)
    assert "changed while" in error.value.found


def test_a_plain_file_above_the_limit_is_quarantined(tmp_path):
    path = tmp_path / "x.csv"
    path.write_bytes(b"123456")
    with pytest.raises(Quarantined, match="too large"):
        read_bytes(SourceFile("x.csv", "x.csv", path), Limits(file_bytes=5))


def test_a_member_name_wins_over_the_zip_name_in_its_claims(tmp_path):
    def claims(name: str) -> Claims:
        found = {"aug": month(2025, 8), "sep": month(2025, 9)}
        return Claims(period_by={"name": found[name[:3]]} if name[:3] in found else {})

    data = zipped({"sep.csv": b"", "x.csv": b""})
    files, _, _ = listed(archive(tmp_path, data, "aug.zip"), claims=claims)
    assert files["aug.zip!sep.csv"].claims.period_by["name"].label == "2025-09"
    assert files["aug.zip!x.csv"].claims.period_by["name"].label == "2025-08"
