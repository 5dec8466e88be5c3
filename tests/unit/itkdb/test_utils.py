"""Helpers that scripts call by themselves."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
import requests

from itkgui import itkdb
from itkgui.itkdb import utils

_FILES = {name: (itkdb.data / name).read_bytes() for name in ("1x1.jpg", "1x1.sh", "tiny.root")}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (lambda file: file, ("1x1.jpg", "image/jpeg", {})),
        (lambda file: ("b.jpg", file), ("b.jpg", "image/jpeg", {})),
        (lambda file: ("b.jpg", file, "image/x"), ("b.jpg", "image/x", {})),
        (lambda file: ["b.jpg", file, None, {"X-A": "b"}], ("b.jpg", "image/jpeg", {"X-A": "b"})),
    ],
)
def test_the_four_forms_of_a_file(value: Any, expected: tuple[str, str, dict[str, str]]) -> None:
    with (itkdb.data / "1x1.jpg").open("rb") as file:
        for files in ({"data": value(file)}, [("data", value(file))]):
            name, given, media_type, headers = utils.get_file_components(files)
            assert (name, media_type, headers) == expected
            assert given is file


def test_a_file_without_a_name_is_called_as_its_field() -> None:
    assert utils.get_file_components({"data": io.BytesIO(b"a")})[0] == "data"


@pytest.mark.parametrize("files", [None, {}, [], {"a": b"1", "b": b"2"}])
def test_one_file_at_a_time(files: Any) -> None:
    with pytest.raises(ValueError, match="one file"):
        utils.get_file_components(files)


@pytest.mark.parametrize(
    ("name", "media_type", "image", "root", "eos"),
    [
        ("1x1.jpg", "image/jpeg", True, False, True),
        ("1x1.sh", "text/plain", False, False, False),
        ("tiny.root", "application/x-root", False, True, True),
    ],
)
def test_what_a_file_is(name: str, media_type: str, image: bool, root: bool, eos: bool) -> None:
    """By its content, wherever somebody has read to, and without moving it."""
    path = itkdb.data / name
    with path.open("rb") as file:
        file.seek(7)
        for given in ((path, file), (name, io.BytesIO(_FILES[name])), (path, None), ("other.name", file)):
            assert utils.get_mimetype(*given) == media_type
            assert utils.is_image(*given) is image
            assert utils.is_root(*given) is root
            assert utils.is_eos_uploadable(*given) is eos
            assert utils.get_filesize(*given) == len(_FILES[name])
        assert file.tell() == 7


def test_a_name_of_another_file_is_only_a_name(tmp_path: Path) -> None:
    """What is sent is the open file, not one of the same name that happens to lie here."""
    Path("a.jpg").write_bytes(_FILES["1x1.jpg"])
    assert utils.get_mimetype("a.jpg", io.BytesIO(b"text")) == "text/plain"
    assert utils.get_filesize("a.jpg", io.BytesIO(b"text")) == 4


def test_large_files() -> None:
    edge = io.BytesIO(bytes(64_000))
    over = io.BytesIO(bytes(64_001))
    assert not utils.is_largefile("a", edge)
    assert utils.is_largefile("a", over)
    assert utils.is_largefile("a", io.BytesIO(b"abc"), limit=2)
    assert not utils.is_eos_uploadable("a", edge)
    assert utils.is_eos_uploadable("a", over)


@pytest.mark.parametrize(
    ("size", "words"),
    [(0, "0.0B"), (2**8, "256.0B"), (2**16, "64.0KiB"), (2**32, "4.0GiB"), (2**83, "8.0YiB")],
)
def test_sizes_in_words(size: int, words: str) -> None:
    assert utils.sizeof_fmt(size) == words
    assert utils.sizeof_fmt(size, "b") == words[:-1] + "b"


def test_a_query_is_merged() -> None:
    merged = utils.merge_url_query_params("https://a.b/c?x=1&y=2#d", {"y": ["3", "4"], "z": 5})
    assert merged == "https://a.b/c?x=1&y=3&y=4&z=5#d"


def test_a_request_in_print_has_no_secrets() -> None:
    """Weak point 26."""
    secrets = {"accessCode1": "CANARY1", "accessCode2": "CANARY2", "note": "kept"}
    request = requests.Request(
        "POST",
        "https://a.b/c?authz=zteos64:CANARY3",
        json=secrets,
        headers={"authorization": "Basic CANARY4", "Cookie": "CANARY5", "X-Mark": "kept too"},
    )
    printed = utils.pretty_print(request)
    assert "CANARY" not in printed
    assert printed.startswith("Host: a.b\r\nPOST /c?authz=[removed] HTTP/1.1\r\n")
    assert "X-Mark: kept too" in printed
    assert '"note": "kept"' in printed


@pytest.mark.parametrize(
    ("body", "printed"), [(None, ""), (b"\xff\xfe", "<bytes>"), ("a=b", "a=b"), (iter([b"a"]), "<a file>")]
)
def test_a_body_in_print(body: Any, printed: str) -> None:
    request = requests.Request("POST", "https://a.b/").prepare()
    request.body = body
    assert utils.pretty_print(request).rpartition("\r\n")[2] == printed
