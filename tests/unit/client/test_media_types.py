"""What a file is by its content, real files of each kind and pretenders."""

from __future__ import annotations

import gzip
import io
import json
import time
import zipfile

import pytest
from PIL import Image

from itkgui.client.media_types import HEAD, UNKNOWN, media_type_of


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
        (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", "image/heif"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "application/pdf"),
        (archive(), "application/zip"),
        (b"PK\x05\x06" + bytes(18), "application/zip"),
        (gzip.compress(b"text"), "application/gzip"),
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
    began = time.perf_counter()
    media_type_of(content)
    media_type_of(content[: HEAD - 1])
    assert time.perf_counter() - began < 1


@pytest.mark.parametrize("count", [0, 1, 2, 40, 5000])
def test_comments_before_the_first_tag_are_passed_over(count: int) -> None:
    comments = b"<!---->" * count + b"<!-- > -- -> \n -->\n"
    assert media_type_of(comments + b"<html>") == "text/html"
    assert media_type_of(comments + b"!") == "text/plain"
