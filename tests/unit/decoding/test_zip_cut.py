"""Zip archives that were cut off: the members before the cut are listed and read."""

from __future__ import annotations

import io
import random
import zipfile
from pathlib import Path

import pytest

from itkgui.decoding.archive import extract_member, load_archive
from itkgui.decoding.members import Flag
from itkgui.decoding.undecodable import Undecodable
from tests.unit.decoding.test_archive import content_of, encrypted, opened, paths, zipped

DEFLATED, STORED = zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED
NOISE = random.Random(6)
MEMBERS = {f"data/{number:02}-ä.bin": NOISE.randbytes(3_000) for number in range(18)}
CUT = "This archive is cut off: {} can be read."


class OneWay(io.BytesIO):
    """A stream that is written once, as to a pipe: a packer has to put the sizes behind its members."""

    def seekable(self) -> bool:
        return False

    def seek(self, offset: int, whence: int = 0, /) -> int:
        raise io.UnsupportedOperation(f"seek {offset} {whence}")

    def tell(self) -> int:
        raise io.UnsupportedOperation("tell")


def streamed(members: dict[str, bytes], method: int, *, is_wide: bool = False) -> bytes:
    stream = OneWay()
    with zipfile.ZipFile(stream, "w", method) as made:
        for name, content in members.items():
            with made.open(name, "w", force_zip64=is_wide) as member:
                member.write(content)
    return stream.getvalue()


def written_twice(members: dict[str, bytes]) -> bytes:
    """Return an archive with the sizes both before and behind each member, as some packers leave it."""
    parts = []
    for name, content in members.items():
        one = bytearray(zipped({name: content}, STORED))
        one = one[: one.index(b"PK\1\2")]
        one[6] |= 8
        crc_and_sizes = bytes(one[14:26])
        parts.append(bytes(one) + b"PK\7\x08" + crc_and_sizes)
    return b"".join(parts)


@pytest.mark.parametrize(
    "whole",
    [
        zipped(MEMBERS),
        zipped(MEMBERS, STORED),
        streamed(MEMBERS, DEFLATED),
        streamed(MEMBERS, STORED),
        streamed(MEMBERS, DEFLATED, is_wide=True),
        written_twice(MEMBERS),
    ],
    ids=[
        "sizes before",
        "stored",
        "sizes behind",
        "stored, behind",
        "large sizes behind",
        "sizes twice",
    ],
)
def test_two_thirds_of_a_file_show_two_thirds_of_its_members(whole: bytes, tmp_path: Path) -> None:
    file = opened(tmp_path, whole[: 2 * len(whole) // 3])
    loaded = load_archive(file)
    count = int((loaded.members >= 0).sum())
    assert 10 <= count <= 12
    assert loaded.damage == CUT.format(f"{count} members")
    names = list(MEMBERS)[:count]
    assert paths(loaded) == ["data", *names]
    assert loaded.sizes.tolist() == [-1] + [3_000] * count
    for place in (0, count - 1):
        assert content_of(file, place, tmp_path) == MEMBERS[names[place]]


def test_cut_within_the_directory_loses_no_member(tmp_path: Path) -> None:
    whole = zipped(MEMBERS)
    loaded = load_archive(opened(tmp_path, whole[:-100]))
    assert loaded.damage == CUT.format("18 members")
    assert load_archive(opened(tmp_path, whole)).damage == ""


def test_directory_of_an_inner_archive_is_not_taken_for_that_of_the_outer(tmp_path: Path) -> None:
    inner = zipped({"inner.txt": b"inner\n"})
    whole = zipped({"first.txt": b"first\n", "inner.zip": inner, "last.bin": bytes(9)}, STORED)
    end_of_inner = whole.index(inner) + len(inner)
    for cut in (end_of_inner, end_of_inner + 20):
        file = opened(tmp_path, whole[:cut])
        loaded = load_archive(file)
        assert paths(loaded) == ["first.txt", "inner.zip"]
        assert loaded.damage == CUT.format("2 members")
        assert content_of(file, 1, tmp_path) == inner


def test_marks_in_the_content_are_no_end_of_a_member(tmp_path: Path) -> None:
    content = (b"PK\7\x08" + bytes(12)) * 100_000 + streamed({"x": b"inner"}, STORED)
    whole = streamed({"tricky.bin": content, "next": b"next"}, STORED)
    file = opened(tmp_path, whole[:-30])
    assert paths(load_archive(file)) == ["tricky.bin", "next"]
    assert content_of(file, 0, tmp_path) == content


def test_encrypted_members_before_the_cut_are_unlocked(tmp_path: Path) -> None:
    whole = encrypted("secret.txt", b"secret\n", "open sesame")
    file = opened(tmp_path, whole[: whole.index(b"PK\1\2")])
    loaded = load_archive(file)
    assert loaded.flags.tolist() == [Flag.ENCRYPTED]
    assert content_of(file, 0, tmp_path, "open sesame") == b"secret\n"


def test_nothing_whole_before_the_cut_is_told(tmp_path: Path) -> None:
    with pytest.raises(Undecodable, match="the directory at its end is missing"):
        load_archive(opened(tmp_path, zipped(MEMBERS)[:1_000]))


def test_every_cut_is_read_or_told(tmp_path: Path) -> None:
    whole = streamed({"a": b"1" * 60, "b/c": b"", "d": NOISE.randbytes(40)}, DEFLATED)
    counts = []
    for cut in range(4, len(whole)):
        file = opened(tmp_path, whole[:cut])
        try:
            loaded = load_archive(file)
        except Undecodable:
            counts.append(0)
            continue
        members = loaded.members[loaded.members >= 0].tolist()
        for place in members:
            extract_member(file, place, tmp_path / "members")
        counts.append(len(members))
    assert counts == sorted(counts)
    assert set(counts) == {0, 1, 2, 3}
