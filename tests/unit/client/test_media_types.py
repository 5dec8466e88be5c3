"""What a file is by its content, real files of each kind and pretenders."""

from __future__ import annotations

import gzip
import io
import json
import sqlite3
import struct
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, features

from itkgui.client.media_types import HEAD, UNKNOWN, is_zip_based, media_type_of, suffix_for


def picture(kind: str) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (8, 8), (200, 3, 3)).save(buffer, kind)
    return buffer.getvalue()


def archive() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        file.writestr("a.txt", "text")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (picture("JPEG"), "image/jpeg"),
        (picture("PNG"), "image/png"),
        (picture("GIF"), "image/gif"),
        (picture("TIFF"), "image/tiff"),
        (b"MM\x00*\x00\x00\x00\x08" + bytes(20), "image/tiff"),
        (b"II*\x00\x10\x00\x00\x00CR\x02\x00" + bytes(20), "image/x-canon-cr2"),
        (picture("WEBP"), "image/webp"),
        (picture("BMP"), "image/bmp"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "application/pdf"),
        (archive(), "application/zip"),
        (b"PK\x05\x06" + bytes(18), "application/zip"),
        (gzip.compress(b"text", mtime=0), "application/gzip"),
        (b"root\x00\x00\xf3\xc0\x00\x00\x00\x64" + bytes(50), "application/x-root"),
        (b"\x89HDF\r\n\x1a\n" + bytes(50), "application/x-hdf5"),
        (b'{"a": [1, 2]}', "application/json"),
        (b"\xef\xbb\xbf[1]", "application/json"),
        (b"<!DOCTYPE html><html><body>x</body></html>", "text/html"),
        (b"  \n<HTML><body>", "text/html"),
        (b'<?xml version="1.0"?><!-- c --><svg xmlns="http://www.w3.org/2000/svg"/>', "image/svg+xml"),
        (b'<?xml version="1.0"?><data/>', "text/xml"),
        (b"hello world\n", "text/plain"),
        ("grün 5 µm".encode(), "text/plain"),
        ("grün 5 µm".encode("utf-16"), "text/plain"),
        ("grün 5 µm".encode("latin-1"), "text/plain"),
        ("Prüfung der Drahtbonds – „gut“, 5 µm".encode("cp1252"), "text/plain"),
        ("検査結果は良好です".encode("cp932"), "text/plain"),
        ("grün 5 µm".encode("utf-16-le"), "text/plain"),
        ("grün 5 µm".encode("utf-16-be"), "text/plain"),
        (("grün " * 40).encode() + b"\xff" + ("µm " * 40).encode(), "text/plain"),
        (b"\x1b]0;title\x07\x1b[31mred\x1b[0m\n", "text/plain"),
        (struct.pack("<20H", *range(0, 200, 10)), UNKNOWN),
        (b"U,I\n1,2\n3,4\n", "text/csv"),
        (b"one, two\nwords\n", "text/plain"),
        (b"{not json", "text/plain"),
        (b"BM module list\n1\n", "text/plain"),
        (b"MZ is a laboratory\n", "text/plain"),
        (b"root directory listing\n", "text/plain"),
        (b"import os\nprint(1)\n", "text/plain"),
        (bytes(range(256)) * 3, UNKNOWN),
        (b"\x01\x02\x03\xff\xfe\x00" * 20, UNKNOWN),
        (b"\x00", UNKNOWN),
        (b"", "application/x-empty"),
    ],
)
def test_content_tells(content: bytes, media_type: str) -> None:
    assert media_type_of(content) == media_type


@pytest.mark.parametrize(
    ("content", "name", "media_type"),
    [
        (b"<html><body>Log in</body></html>", "photo.jpg", "text/html"),
        (b"not a picture\n", "photo.png", "text/plain"),
        (b"not an archive\n", "data.zip", "text/plain"),
        (b"a;b\n1;2\n", "data.csv", "text/csv"),
        (b"a\tb\n", "data.TSV", "text/tab-separated-values"),
        (b"# Title\n", "notes.md", "text/markdown"),
        (b"1,2\n3,4\n5,6\n", "data.txt", "text/plain"),
        (bytes(range(256)), "data.csv", UNKNOWN),
    ],
)
def test_a_name_only_tells_texts_apart(content: bytes, name: str, media_type: str) -> None:
    assert media_type_of(content, name) == media_type


def test_a_head_that_is_cut_within_a_character_or_value() -> None:
    text = ("µ" * HEAD).encode()[: HEAD - 1]
    assert media_type_of(text[1:] if text[0] > 0xC2 else text) == "text/plain"
    assert media_type_of(json.dumps({"a": [1] * HEAD}).encode()[:HEAD]) == "application/json"


@pytest.mark.parametrize("start", [b"", b" ", b"<?xml ", b"<?xml?>", b"<!--"])
@pytest.mark.parametrize(
    "unit", [b"<!---->", b"<!-- -->\n", b"<!--", b"<?xml", b"--", b" ", b"[", b'"a",', b"\n"]
)
def test_hostile_content_is_told_in_no_time(start: bytes, unit: bytes) -> None:
    content = start + unit * (200_000 // len(unit)) + b"!"
    began = time.thread_time()
    media_type_of(content)
    media_type_of(content[: HEAD - 1])
    assert time.thread_time() - began < 1


@pytest.mark.parametrize("count", [0, 1, 2, 40, 5000])
def test_comments_before_the_first_tag_are_passed_over(count: int) -> None:
    comments = b"<!---->" * count + b"<!-- > -- -> \n -->\n"
    assert media_type_of(comments + b"<html>") == "text/html"
    assert media_type_of(comments + b"!") == "text/plain"


def tiff(order: str, *tags: tuple[int, int, int | bytes], is_big: bool = False) -> bytes:
    """Build a TIFF with one directory; a tag is its number, its type (2 text, 4 number) and its value."""
    room = 8 if is_big else 4
    word = f"{order}{'Q' if is_big else 'I'}"
    head = {"<": b"II", ">": b"MM"}[order] + struct.pack(f"{order}H", 43 if is_big else 42)
    head += struct.pack(f"{order}HHQ", 8, 0, 16) if is_big else struct.pack(word, 8)
    entries, texts = b"", b""
    start = len(head) + (8 if is_big else 2) + len(tags) * (20 if is_big else 12) + room
    for tag, kind, value in tags:
        if isinstance(value, bytes):
            content = (
                value.ljust(room, b"\0") if len(value) <= room else struct.pack(word, start + len(texts))
            )
            texts += value if len(value) > room else b""
            count = len(value)
        else:
            content, count = struct.pack(word, value), 1
        entries += struct.pack(f"{order}HH", tag, kind) + struct.pack(word, count) + content
    number = struct.pack(f"{order}{'Q' if is_big else 'H'}", len(tags))
    return head + number + entries + bytes(room) + texts + bytes(50)


def raw(maker: bytes, *, in_front: int = 1) -> tuple[tuple[int, int, int | bytes], ...]:
    return (254, 4, in_front), (271, 2, maker + b"\0"), (330, 4, 1000)


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("is_big", [False, True])
def test_kinds_of_tiff(order: str, is_big: bool) -> None:
    def kind(*tags: tuple[int, int, int | bytes]) -> str:
        return media_type_of(tiff(order, *tags, is_big=is_big))

    assert kind() == "image/tiff"
    assert kind(*raw(b"NIKON CORPORATION")) == "image/x-nikon-nef"
    assert kind(*raw(b"SONY")) == "image/x-sony-arw"
    assert kind(*raw(b"SONY"), (50706, 1, b"\1\4\0\0")) == "image/x-adobe-dng"
    assert kind((50706, 1, b"\1\4\0\0")) == "image/x-adobe-dng"
    # What such a camera exports as a TIFF, and what a microscope writes in layers.
    assert kind((254, 4, 0), (271, 2, b"NIKON CORPORATION\0")) == "image/tiff"
    assert kind(*raw(b"NIKON CORPORATION", in_front=0)) == "image/tiff"
    assert kind(*raw(b"Zeiss")) == "image/tiff"


def written(suffix: str) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (64, 64), (200, 3, 3)).save(buffer, suffix)
    return buffer.getvalue()


def test_pictures_that_pillow_writes() -> None:
    buffer = io.BytesIO()
    Image.new("RGB", (8, 8)).save(buffer, "TIFF", big_tiff=True)
    assert buffer.getvalue()[2] == 43
    assert media_type_of(buffer.getvalue()) == "image/tiff"
    if features.check("avif"):
        assert media_type_of(written("AVIF")) == "image/avif"
    assert media_type_of(written("JPEG2000")) == "image/jp2"


def box(brand: bytes, *compatible: bytes) -> bytes:
    content = b"ftyp" + brand + bytes(4) + b"".join(compatible)
    return struct.pack(">I", len(content) + 4) + content + b"\0\0\1\0meta" + bytes(50)


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (box(b"heic", b"mif1", b"heic"), "image/heic"),
        (box(b"mif1", b"mif1", b"heic"), "image/heic"),
        (box(b"mif1", b"mif1", b"avif"), "image/avif"),
        (box(b"mif1", b"mif1"), "image/heif"),
        (box(b"avif", b"avif", b"mif1"), "image/avif"),
        (box(b"crx ", b"crx ", b"isom"), "image/x-canon-cr3"),
        (box(b"isom", b"isom", b"iso2", b"avc1", b"mp41"), "video/mp4"),
        (box(b"mp42", b"mp42", b"isom"), "video/mp4"),
        (box(b"qt  "), "video/quicktime"),
        (b"FUJIFILMCCD-RAW 0201FF159502" + bytes(80), "image/x-fuji-raf"),
        (b"IIRO\x08\0\0\0" + bytes(80), "image/x-olympus-orf"),
        (b"IIRS\x08\0\0\0" + bytes(80), "image/x-olympus-orf"),
        (b"MMOR\0\0\0\x08" + bytes(80), "image/x-olympus-orf"),
        (b"IIU\0\x18\0\0\0" + bytes(80), "image/x-panasonic-rw2"),
        (bytes(512) + b"\x89HDF\r\n\x1a\n" + bytes(50), "application/x-hdf5"),
        (bytes(511) + b"\x89HDF\r\n\x1a\n" + bytes(50), UNKNOWN),
    ],
)
def test_containers_and_raw_images(content: bytes, media_type: str) -> None:
    assert media_type_of(content) == media_type


def packed(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED, streamed: bool = False) -> bytes:
    class Pipe(io.BytesIO):
        """A place that cannot be gone back in: sizes then stand behind the bytes."""

        def seekable(self) -> bool:
            return False

        def seek(self, *_: int) -> int:
            raise io.UnsupportedOperation

        def tell(self) -> int:
            raise io.UnsupportedOperation

    buffer = Pipe() if streamed else io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in members:
            stored = zipfile.ZIP_STORED if name == "mimetype" else method
            archive.writestr(name, content, compress_type=stored)
    return buffer.getvalue()


TYPES = ("[Content_Types].xml", b"<Types/>" * 50)
OFFICE = "application/vnd.openxmlformats-officedocument"


@pytest.mark.parametrize("streamed", [False, True])
@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
@pytest.mark.parametrize(
    ("members", "media_type"),
    [
        ([TYPES, ("word/document.xml", b"<a/>")], f"{OFFICE}.wordprocessingml.document"),
        ([TYPES, ("_rels/.rels", b"x"), ("xl/workbook.xml", b"x")], f"{OFFICE}.spreadsheetml.sheet"),
        ([("_rels/.rels", b"x"), ("ppt/presentation.xml", b"x")], f"{OFFICE}.presentationml.presentation"),
        ([("mimetype", b"application/epub+zip"), ("META-INF/container.xml", b"x")], "application/epub+zip"),
        ([("META-INF/MANIFEST.MF", b"Manifest-Version: 1.0"), ("A.class", b"x")], "application/java-archive"),
        ([("word/notes.txt", b"x")], "application/zip"),
        ([("mimetype", b"evil/type\r\n"), ("a", b"x")], "application/zip"),
        ([("a.npy", b"x"), ("readme.txt", b"x")], "application/zip"),
        ([("run.txt", b"x"), ("META-INF/MANIFEST.MF", b"x")], "application/zip"),
    ],
)
def test_archives_by_their_members(
    members: list[tuple[str, bytes]], media_type: str, method: int, streamed: bool
) -> None:
    content = packed(*members, method=method, streamed=streamed)
    assert media_type_of(content) == media_type
    assert is_zip_based(media_type)


def test_an_archive_within_an_archive_is_not_taken_for_its_members() -> None:
    document = packed(TYPES, ("word/document.xml", b"x"))
    assert media_type_of(packed(("a.docx", document), method=zipfile.ZIP_STORED)) == "application/zip"


@pytest.mark.parametrize("kind", ["text", "spreadsheet"])
def test_open_documents(kind: str) -> None:
    declared = f"application/vnd.oasis.opendocument.{kind}"
    assert media_type_of(packed(("mimetype", declared.encode()), ("content.xml", b"<a/>"))) == declared
    assert is_zip_based(declared)
    assert suffix_for(declared) in (".odt", ".ods")


def test_arrays_and_databases(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.arange(5))
    assert media_type_of((tmp_path / "a.npy").read_bytes()) == "application/x-npy"
    for save in (np.savez, np.savez_compressed):
        save(tmp_path / "a.npz", first=np.arange(5), second=np.zeros((3, 3)))
        assert media_type_of((tmp_path / "a.npz").read_bytes()) == "application/x-npz"
    with sqlite3.connect(tmp_path / "a.db") as database:
        database.execute("create table t (a)")
    database.close()
    assert media_type_of((tmp_path / "a.db").read_bytes()) == "application/vnd.sqlite3"


@settings(deadline=None)
@given(
    st.sampled_from(
        [b"II*\0", b"MM\0*", b"II+\0", b"MM\0+", b"\0\0\0 ftyp", b"PK\3\4", b"PK\3\4" + bytes(26), b""]
    ),
    st.binary(max_size=200),
)
def test_no_content_is_too_odd(start: bytes, rest: bytes) -> None:
    assert "/" in media_type_of(start + rest)


@settings(deadline=None)
@given(st.integers(0, 400), st.integers(0, 400), st.binary(min_size=1, max_size=8))
def test_no_damage_is_too_odd(place: int, cut: int, damage: bytes) -> None:
    for content in (
        tiff("<", *raw(b"NIKON CORPORATION")),
        tiff(">", *raw(b"SONY"), is_big=True),
        packed(TYPES, ("word/document.xml", b"x")),
        box(b"mif1", b"heic"),
    ):
        damaged = content[:place] + damage + content[place + len(damage) :]
        assert "/" in media_type_of(damaged)
        assert "/" in media_type_of(damaged[:cut])


def test_no_archive_takes_long() -> None:
    header = struct.pack("<4s5H3I2H", b"PK\3\4", 20, 8, 0, 0, 0, 0, 0, 0, 0, 0)
    began = time.thread_time()
    media_type_of((header * 3000)[:HEAD])
    assert time.thread_time() - began < 1


def test_puremagic_is_imported_only_when_it_is_asked() -> None:
    program = """
import sys
import itkgui.client.files
from itkgui.client.media_types import media_type_of
for content in (b"GIF89a", b"text", b"PK\\5\\6"):
    media_type_of(content)
print("puremagic" in sys.modules)
media_type_of(b"7z\\xbc\\xaf\\x27\\x1c\\0\\4")
print("puremagic" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True"]
