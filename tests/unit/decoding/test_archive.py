"""Archives of all kinds: their rows, their members, and all that is wrong with hostile ones."""

from __future__ import annotations

import bz2
import contextlib
import gzip
import io
import json
import lzma
import os
import random
import struct
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from itkgui.client import scratch
from itkgui.client.files import ArchiveFile, BinaryFile, TextFile, open_file
from itkgui.decoding import archive
from itkgui.decoding.archive import LoadedArchive, extract_member, load_archive
from itkgui.decoding.members import Flag
from itkgui.decoding.undecodable import PasswordNeeded, Undecodable


def opened(folder: Path, content: bytes, name: str = "a.zip") -> ArchiveFile:
    path = folder / name
    path.write_bytes(content)
    found = open_file(path, name)
    assert isinstance(found, ArchiveFile)
    return found


def zipped(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as made:
        for name, content in members.items():
            made.writestr(zipfile.ZipInfo(name, (2026, 9, 1, 12, 30, 0)), content, method)
    return buffer.getvalue()


def tarred(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as made:
        for name, content in members.items():
            entry = tarfile.TarInfo(name)
            entry.size, entry.mtime = len(content), 1_788_000_000
            made.addfile(entry, io.BytesIO(content))
    return buffer.getvalue()


def paths(loaded: LoadedArchive) -> list[str]:
    """Return the rows with their folders."""
    found: list[str] = []
    for name, parent in zip(loaded.names, loaded.parents.tolist(), strict=True):
        found.append(f"{found[parent]}/{name}" if parent >= 0 else name)
    return found


def content_of(file: ArchiveFile, place: int, folder: Path, password: str = "") -> bytes:
    member = extract_member(file, place, folder / "members", password)
    assert member.path.resolve().is_relative_to((folder / "members").resolve())
    return member.path.read_bytes()


SAMPLE = {
    "read me.txt": b"hello\n",
    "data/iv.csv": b"a,b\n1,2\n",
    "data/deep/x.bin": bytes(1000),
    "empty": b"",
}
WRITERS: dict[str, Callable[[], bytes]] = {
    "a.zip": lambda: zipped(SAMPLE),
    "a.tar": lambda: tarred(SAMPLE),
    "a.tar.gz": lambda: gzip.compress(tarred(SAMPLE)),
    "a.tar.bz2": lambda: bz2.compress(tarred(SAMPLE)),
    "a.tar.xz": lambda: lzma.compress(tarred(SAMPLE)),
}


@pytest.mark.parametrize("name", WRITERS)
def test_members_of_every_kind_of_archive(tmp_path: Path, name: str) -> None:
    file = opened(tmp_path, WRITERS[name](), name)
    loaded = load_archive(file)
    assert paths(loaded) == ["read me.txt", "data", "data/iv.csv", "data/deep", "data/deep/x.bin", "empty"]
    assert loaded.members.tolist() == [0, -1, 1, -1, 2, 3]
    assert loaded.sizes.tolist() == [6, -1, 8, -1, 1000, 0]
    assert not loaded.flags.any()
    assert all(20260801_0000 < moment < 20260930_0000 for moment in loaded.moments[loaded.members >= 0])
    for place, content in enumerate(SAMPLE.values()):
        assert content_of(file, place, tmp_path) == content


@pytest.mark.parametrize(
    ("pack", "name"),
    [(gzip.compress, "iv.csv.gz"), (bz2.compress, "iv.csv.bz2"), (lzma.compress, "iv.csv.xz")],
)
def test_a_compressed_file_is_an_archive_of_one(
    tmp_path: Path, pack: Callable[[bytes], bytes], name: str
) -> None:
    file = opened(tmp_path, pack(b"a,b\n1,2\n3,4\n"), name)
    assert load_archive(file).names == ["iv.csv"]
    assert content_of(file, 0, tmp_path) == b"a,b\n1,2\n3,4\n"


def test_an_archive_behind_a_program(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(b"MZ" + bytes(5000) + zipped(SAMPLE))
    file = ArchiveFile(path, "a.zip", path.stat().st_size, "application/zip")
    assert load_archive(file).sizes.max() == 1000
    assert content_of(file, 1, tmp_path) == SAMPLE["data/iv.csv"]


# Names -----------------------------------------------------------------------------------------------------


def test_names_are_restored_from_the_list_of_packers(tmp_path: Path) -> None:
    told = [{"data_id": "64ab", "title": "IV curve.csv", "size": 1}, {"data_id": "no such", "title": "x"}, 7]
    members = {"64ab": b"a,b\n1,2\n", "other": b"", "attachments_info.json": json.dumps(told).encode()}
    loaded = load_archive(opened(tmp_path, zipped(members)))
    assert loaded.names == ["IV curve.csv", "other", "attachments_info.json"]
    assert loaded.paths == {0: "64ab"}


@pytest.mark.parametrize(
    "told", [b"{", b"[" * 10_000, b'{"data_id": 1}', b'[{"data_id": 1, "title": []}]', b""]
)
def test_a_list_of_names_that_is_none_changes_none(tmp_path: Path, told: bytes) -> None:
    loaded = load_archive(opened(tmp_path, zipped({"64ab": b"x", "attachments_info.json": told})))
    assert loaded.names == ["64ab", "attachments_info.json"]


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd",
        "/etc/passwd",
        "..\\..\\x.txt",
        "C:\\Windows\\x.txt",
        "c:x",
        "bell\x07.txt",
        "a\u202egpj.exe",
    ],
)
@pytest.mark.parametrize("pack", [zipped, tarred])
def test_unsafe_names_are_told_and_lead_nowhere(
    tmp_path: Path, pack: Callable[[dict[str, bytes]], bytes], name: str
) -> None:
    file = opened(tmp_path, pack({name: b"content\n", "good.txt": b""}))
    loaded = load_archive(file)
    flags = {
        name: flag
        for name, flag, member in zip(loaded.names, loaded.flags, loaded.members, strict=True)
        if member >= 0
    }
    assert list(flags.values()) == [Flag.UNSAFE, 0]
    before = set(tmp_path.rglob("*"))
    member = extract_member(file, 0, tmp_path / "members")
    assert member.path.read_bytes() == b"content\n"
    assert {path for path in set(tmp_path.rglob("*")) - before if path.is_file()} == {member.path}
    assert member.path.parent.parent == tmp_path / "members"
    assert member.name.isprintable()
    assert not set(member.name) & set('/\\:"')


def test_very_long_names(tmp_path: Path) -> None:
    file = opened(tmp_path, zipped({"n" * 300 + ".txt": b"x\n"}))
    assert len(load_archive(file).names[0]) == 304
    assert len(extract_member(file, 0, tmp_path / "members").path.name) < 200


def test_links_and_devices_in_a_tar_are_not_followed(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as made:
        for kind, target in (
            (tarfile.SYMTYPE, "/etc/passwd"),
            (tarfile.LNKTYPE, "x"),
            (tarfile.FIFOTYPE, ""),
        ):
            entry = tarfile.TarInfo(f"entry {kind!r}")
            entry.type, entry.linkname = kind, target
            made.addfile(entry)
    file = opened(tmp_path, buffer.getvalue(), "a.tar")
    assert set(load_archive(file).flags.tolist()) == {Flag.NO_FILE}
    for place, said in enumerate(("a link to /etc/passwd", "a link to x", "no file with bytes of its own")):
        with pytest.raises(Undecodable) as raised:
            extract_member(file, place, tmp_path / "members")
        assert said in raised.value.sentence


# Too much --------------------------------------------------------------------------------------------------


def test_many_members_in_few_folders(tmp_path: Path) -> None:
    file = opened(tmp_path, zipped({f"folder {n % 7}/member {n}": b"" for n in range(3000)}))
    assert len(load_archive(file).names) == 3007


def test_too_many_members_are_refused_before_they_are_read(tmp_path: Path) -> None:
    entry = struct.pack("<4s6H3L5H2L", b"PK\1\2", 20, 20, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0) + b"x"
    directory = entry * (archive.MOST_ROWS + 1)
    for count in (0xFFFF, 3):  # what the archive says of it
        end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count, count, len(directory), 4, 0)
        with pytest.raises(Undecodable) as raised:
            load_archive(opened(tmp_path, b"PK\3\4" + directory + end))
        assert "more than 200,000 members" in raised.value.sentence


def test_too_many_folders_are_refused(tmp_path: Path) -> None:
    count = archive.MOST_ROWS // 9 + 1
    with pytest.raises(Undecodable) as raised:
        load_archive(opened(tmp_path, zipped({f"{n}/a/b/c/d/e/f/g/h/i": b"" for n in range(count)})))
    assert "folders" in raised.value.sentence


@pytest.mark.parametrize("name", ["bomb.zip", "bomb.gz", "bomb.bz2", "bomb.xz", "bomb.tar.gz"])
def test_bombs_are_refused(tmp_path: Path, name: str) -> None:
    size = archive.HARMLESS + 2_000_000
    zeros = bytes(size)
    packed = {
        "bomb.zip": lambda: zipped({"zeros": zeros}),
        "bomb.gz": lambda: gzip.compress(zeros, 1),
        "bomb.bz2": lambda: bz2.compress(zeros, 1),
        "bomb.xz": lambda: lzma.compress(zeros, preset=0),
        "bomb.tar.gz": lambda: gzip.compress(tarred({"zeros": zeros}), 1),
    }[name]()
    file = opened(tmp_path, packed, name)
    assert len(load_archive(file).names) == 1
    with pytest.raises(Undecodable) as raised:
        extract_member(file, 0, tmp_path / "members")
    assert "of it would become" in raised.value.sentence
    assert "times as much; up to 100 times is unpacked" in raised.value.sentence
    assert not [path for path in (tmp_path / "members").rglob("*") if path.is_file()]


def test_an_archive_that_lies_about_sizes(tmp_path: Path) -> None:
    content = bytearray(zipped({"zeros": bytes(80_000_000)}))
    at = content.rindex(b"PK\1\2")
    struct.pack_into("<L", content, at + 24, 10)
    file = opened(tmp_path, bytes(content))
    assert load_archive(file).sizes.tolist() == [10]
    with pytest.raises(Undecodable):
        extract_member(file, 0, tmp_path / "members")


def test_nests_of_nests_unpack_one_layer_at_a_time(tmp_path: Path) -> None:
    layer = {f"book {n}": bytes(1_000_000) for n in range(16)}
    for _ in range(3):
        layer = {f"lib {n}.zip": zipped(layer) for n in range(16)}
    file: BinaryFile = opened(tmp_path, zipped(layer))
    for depth in range(4):
        assert isinstance(file, ArchiveFile), depth
        file = extract_member(file, 3, tmp_path / "members")
    assert file.size == 1_000_000
    unpacked = sum(path.stat().st_size for path in (tmp_path / "members").rglob("*") if path.is_file())
    assert unpacked < 3_000_000


def test_members_unpacked_long_ago_go_but_no_archive_in_use(tmp_path: Path) -> None:
    folder, count = tmp_path / "members", scratch.MOST + 20
    outer = opened(tmp_path, zipped({"inner.zip": zipped({f"{n}.txt": b"%d" % n for n in range(count)})}))
    inner = extract_member(outer, 0, folder)
    assert isinstance(inner, ArchiveFile)
    os.utime(inner.path.parent, (0, 0))  # looked at first
    members = [extract_member(inner, n, folder) for n in range(count)]
    assert len(list(folder.iterdir())) == scratch.MOST + 1
    assert inner.path.exists()
    assert not members[0].path.exists()
    assert members[-1].path.exists()


# Encryption and damage -------------------------------------------------------------------------------------


def encrypted(name: str, content: bytes, password: str) -> bytes:
    """Return a zip whose member is encrypted the old way (PKWARE's APPNOTE, 6.1)."""
    keys = [0x12345678, 0x23456789, 0x34567890]
    table = [zlib_table(n) for n in range(256)]

    def update(byte: int) -> None:
        keys[0] = table[(keys[0] ^ byte) & 255] ^ keys[0] >> 8
        keys[1] = ((keys[1] + (keys[0] & 255)) * 134775813 + 1) & 0xFFFFFFFF
        keys[2] = table[(keys[2] ^ keys[1] >> 24) & 255] ^ keys[2] >> 8

    for byte in password.encode():
        update(byte)
    plain = zipped({name: content}, zipfile.ZIP_STORED)
    crc = struct.unpack_from("<L", plain, 14)[0]
    secret = bytearray()
    for byte in bytes(11) + bytes([crc >> 24]) + content:
        low = keys[2] | 2
        secret.append(byte ^ ((low * (low ^ 1)) >> 8 & 255))
        update(byte)
    start = 30 + len(name)
    made = bytearray(plain[:start]) + secret + plain[start + len(content) :]
    central = made.index(b"PK\1\2")
    for place in (6, central + 8):
        struct.pack_into("<H", made, place, 1)
    for place in (18, central + 20):
        struct.pack_into("<L", made, place, len(secret))
    end = made.index(b"PK\5\6")
    struct.pack_into("<L", made, end + 16, central)
    return bytes(made)


def zlib_table(number: int) -> int:
    for _ in range(8):
        number = number >> 1 ^ (0xEDB88320 if number & 1 else 0)
    return number


def test_an_encrypted_member_asks_for_its_password(tmp_path: Path) -> None:
    file = opened(tmp_path, encrypted("secret.txt", b"a secret\n", "itk"))
    assert load_archive(file).flags.tolist() == [Flag.ENCRYPTED]
    for password in ("", "wrong", "Itk", "itk "):
        with pytest.raises(PasswordNeeded):
            extract_member(file, 0, tmp_path / "members", password)
    assert content_of(file, 0, tmp_path, "itk") == b"a secret\n"


@pytest.mark.parametrize(
    "method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]
)
def test_damaged_zips(tmp_path: Path, method: int) -> None:
    fuzz(
        tmp_path,
        zipped({"one.txt": b"first line\n" * 50, "folder/two": bytes(range(256)) * 3}, method),
        "application/zip",
    )


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("a.tar", "application/x-tar"),
        ("a.tar.gz", "application/gzip"),
        ("a.tar.bz2", "application/x-bzip2"),
        ("a.tar.xz", "application/x-xz"),
    ],
)
def test_damaged_tars_and_compressed_files(tmp_path: Path, name: str, media_type: str) -> None:
    fuzz(tmp_path, WRITERS[name](), media_type)


def fuzz(folder: Path, content: bytes, media_type: str, password: str = "") -> None:
    """Read damaged copies of an archive: there are its members, or words."""
    dice, refused = random.Random(1), 0
    for _ in range(100):
        damaged = bytearray(content)
        for _ in range(dice.choice((1, 2, 5, 20))):
            damaged[dice.randrange(len(damaged))] = dice.choice((0, 1, 255, dice.randrange(256)))
        if dice.random() < 0.3:
            del damaged[dice.randrange(len(damaged)) :]
        (folder / "a").write_bytes(damaged)
        file = ArchiveFile(folder / "a", "a", len(damaged), media_type)
        try:
            loaded = load_archive(file)
        except Undecodable as error:
            refused += 1
            assert error.sentence.endswith(".")  # noqa: PT017 - one of many
            continue
        for place in loaded.members[loaded.members >= 0].tolist():
            with contextlib.suppress(Undecodable):
                extract_member(file, place, folder / "members", password)
    assert refused > 4


def test_a_member_that_is_gone(tmp_path: Path) -> None:
    file = opened(tmp_path, zipped({"one": b"x"}))
    with pytest.raises(Undecodable, match="member 5"):
        extract_member(file, 5, tmp_path / "members")
    assert isinstance(extract_member(file, 0, tmp_path / "members"), TextFile)
