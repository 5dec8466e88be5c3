"""Bodies that stream from disk: their exact bytes, their sums, and files that change under them."""

from __future__ import annotations

import hashlib
import tracemalloc
import zlib
from collections.abc import Iterable
from pathlib import Path

import pytest

from itkgui.client import transfer
from itkgui.client.bodies import Adler32, FileBody, MultipartBody
from itkgui.client.exceptions import Cancelled, FileUnreadable


def joined(body: Iterable[bytes | memoryview]) -> bytes:
    return b"".join(map(bytes, body))


def test_a_body_is_the_file_with_its_sum(tmp_path: Path) -> None:
    content = bytes(range(256)) * 5000
    (tmp_path / "a.bin").write_bytes(content)
    body = FileBody(tmp_path / "a.bin", len(content))
    with transfer.running(transfer.Transfer()) as watched:
        for _ in range(2):  # EOS takes it twice
            assert joined(body) == content
            assert (watched.done, watched.total) == (len(content), len(content))
    assert body.digest == hashlib.sha256(content).hexdigest()


def test_the_checksum_is_of_the_kind_asked_for(tmp_path: Path) -> None:
    content = bytes(range(256)) * 5000
    (tmp_path / "a.bin").write_bytes(content)
    body = FileBody(tmp_path / "a.bin", len(content), Adler32)
    assert joined(body) == content
    assert body.digest == f"{zlib.adler32(content):08x}"


def test_an_empty_body_has_a_sum_too(tmp_path: Path) -> None:
    assert FileBody(tmp_path / "a", 0).digest == hashlib.sha256().hexdigest()
    assert FileBody(tmp_path / "a", 0, Adler32).digest == "00000001"


@pytest.mark.parametrize("announced", [0, 3, 5])
def test_a_file_of_another_size_is_not_sent(tmp_path: Path, announced: int) -> None:
    (tmp_path / "a").write_bytes(b"four")
    with pytest.raises(FileUnreadable):
        list(FileBody(tmp_path / "a", announced))


def test_a_file_that_went_away(tmp_path: Path) -> None:
    with pytest.raises(FileUnreadable):
        list(FileBody(tmp_path / "a", 4))


def test_cancel_stops_it_between_blocks(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(bytes(3_000_000))
    with transfer.running(transfer.Transfer()) as watched:
        blocks = iter(FileBody(tmp_path / "a", 3_000_000))
        next(blocks)
        watched.cancel()
        with pytest.raises(Cancelled):
            next(blocks)


def test_a_form_has_the_recorded_shape(tmp_path: Path) -> None:
    (tmp_path / "test.txt").write_bytes(b"content\r\n")
    fields = {"component": "20U", "title": "T µ", "description": "", "type": "file", "url": "test.txt"}
    form = MultipartBody(fields, FileBody(tmp_path / "test.txt", 9), "test.txt", "text/plain")
    kind, _, boundary = form.content_type.partition("; boundary=")
    assert kind == "multipart/form-data"
    assert len(boundary) == 32
    expected = "".join(
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    )
    expected += (
        f'--{boundary}\r\nContent-Disposition: form-data; name="data"; filename="test.txt"\r\n'
        f"Content-Type: text/plain\r\n\r\ncontent\r\n\r\n--{boundary}--\r\n"
    )
    whole = joined(form)
    assert whole == expected.encode()
    assert len(form) == len(whole)


def test_a_file_name_cannot_break_out_of_its_header(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x")
    name = 'a"; name="type"\r\nX: y.txt'
    whole = joined(MultipartBody({}, FileBody(tmp_path / "a", 1), name, "text/plain"))
    assert b'filename="a%22; name=%22type%22%0D%0AX: y.txt"\r\n' in whole


def test_a_big_form_is_never_in_memory(tmp_path: Path) -> None:
    with (tmp_path / "big").open("wb") as file:
        file.truncate(64_000_000)
    form = MultipartBody({"a": "b"}, FileBody(tmp_path / "big", 64_000_000), "big", "x/y")
    tracemalloc.start()
    try:
        assert sum(map(len, form)) == len(form)
        assert tracemalloc.get_traced_memory()[1] < 3_000_000
    finally:
        tracemalloc.stop()
