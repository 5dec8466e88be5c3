"""Downloads of attachments, and how large a file is before it is fetched."""

from __future__ import annotations

import time
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from itkgui.client import transfer
from itkgui.client.downloads import LargerThanAllowed
from itkgui.client.exceptions import Cancelled, LinkOnly, NotTheApi, TransferIncomplete
from itkgui.records.attachment import Attachment
from tests.unit.client.attachments.odd_database import OWNER, OddDatabase

if TYPE_CHECKING:
    from tests.unit.client.conftest import Received, Reply, Wire


def test_a_link_has_no_bytes(odd: OddDatabase, tmp_path: Path) -> None:
    with pytest.raises(LinkOnly) as caught:
        odd.fetch(tmp_path, type="link", url="https://a.example/")
    assert caught.value.detail == "https://a.example/"


def test_a_name_from_the_server_stays_in_the_folder(odd: OddDatabase, tmp_path: Path, wire: Wire) -> None:
    name = 'inline; filename="../../evil.txt"'
    odd.replies["getComponentAttachment"] = wire.reply(200, b"bytes", Content_Disposition=name)
    assert odd.fetch(tmp_path / "a" / "b") == b"bytes"
    assert [path.name for path in (tmp_path / "a" / "b").iterdir()] == ["evil.txt"]
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_the_rest_of_a_download_is_asked_for_at_a_fresh_address(
    odd: OddDatabase, tmp_path: Path, wire: Wire
) -> None:
    def answer(_: Received) -> Reply:
        headers = odd.server.received[-1].headers
        if "range" in headers:
            assert (headers["range"], headers["if-range"]) == ("bytes=4-", '"1:00000000"')
            return wire.reply(206, b" text", "", Content_Range="bytes 4-8/9")
        sums = {"OC_Checksum": f"Adler32:{zlib.adler32(b'some text'):08x}", "ETag": '"1:00000000"'}
        return [wire.reply(200, b"some", "", length=9, **sums)]

    odd.GET_eos = answer  # type: ignore[method-assign]
    assert odd.fetch(tmp_path, type="eos", url=f"{odd.server.url}eos/0/x") == b"some text"
    assert odd.commands()[-4:] == ["GET getComponent", "GET eos/0/x"] * 2


PAGE = b"<html><body>Down for maintenance</body></html>"


@pytest.mark.parametrize("media_type", ["text/html; charset=utf-8", "text/plain", "application/json"])
def test_what_is_no_answer_of_eos_is_not_taken_for_the_file(
    odd: OddDatabase, tmp_path: Path, wire: Wire, media_type: str
) -> None:
    odd.replies["GET eos"] = wire.reply(200, PAGE, media_type)
    entry = {"type": "eos", "url": f"{odd.server.url}eos/0/x"}
    with pytest.raises(NotTheApi, match="came instead of a file"):
        odd.fetch(tmp_path, **entry)
    assert list(tmp_path.iterdir()) == []
    listed = next(a for a in odd.database.attachments(OWNER) if a.code == "x")
    with pytest.raises(NotTheApi):
        odd.database.attachment_size(listed)


def test_a_page_of_html_that_is_kept_on_eos_is_a_file(odd: OddDatabase, tmp_path: Path, wire: Wire) -> None:
    odd.replies["GET eos"] = wire.reply(200, PAGE, "application/octet-stream")
    assert odd.fetch(tmp_path, type="eos", url=f"{odd.server.url}eos/0/x") == PAGE


@pytest.mark.parametrize("told", [{}, {"OC_Checksum": f"Adler32:{zlib.adler32(PAGE):08x}"}])
def test_without_a_checksum_the_listed_size_must_agree(
    odd: OddDatabase, tmp_path: Path, wire: Wire, told: dict[str, str]
) -> None:
    odd.replies["GET eos"] = wire.reply(200, PAGE, "application/octet-stream", None, **told)
    entry = {"type": "eos", "url": f"{odd.server.url}eos/0/x", "filesize": len(PAGE) + 1}
    if told:
        assert odd.fetch(tmp_path, **entry) == PAGE
        return
    with pytest.raises(TransferIncomplete, match="the database lists"):
        odd.fetch(tmp_path, **entry)
    assert list(tmp_path.iterdir()) == []


def test_a_download_that_is_cancelled(odd: OddDatabase, tmp_path: Path, wire: Wire) -> None:
    watched = transfer.Transfer()

    def slow() -> Iterator[bytes]:
        yield b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\nContent-Disposition: inline\r\n\r\nsome"
        while not watched.done:
            time.sleep(0.001)
        watched.cancel()
        while True:
            time.sleep(0.01)
            yield b""

    odd.replies["getComponentAttachment"] = slow()
    with transfer.running(watched), pytest.raises(Cancelled):
        odd.fetch(tmp_path / "down")
    assert list((tmp_path / "down").iterdir()) == []


@pytest.mark.parametrize(
    ("reply", "size"),
    [
        ((206, b"o", {"Content_Range": "bytes 0-0/12345"}), 12345),
        ((200, b"the server knows no ranges", {}), 26),
        ((416, b"", {"Content_Range": "bytes */0"}), 0),
        ((206, b"o", {"Content_Range": "bytes 0-0/*"}), None),
        ((206, b"o", {}), None),
    ],
)
def test_size_is_what_the_head_of_an_answer_tells(
    odd: OddDatabase, reply: tuple[int, bytes, dict[str, str]], size: int | None
) -> None:
    status, body, headers = reply
    odd.replies["getComponentAttachment"] = odd.wire.reply(status, body, "text/plain", None, **headers)
    assert odd.database.attachment_size(odd.old_entry) == size


def test_size_that_the_record_tells_costs_no_request(odd: OddDatabase) -> None:
    told = Attachment.from_json({"code": "old", "type": "file", "filesize": 125}, OWNER)
    before = len(odd.server.received)
    assert odd.database.attachment_size(told) == 125
    assert len(odd.server.received) == before


@pytest.mark.parametrize("filesize", [-1, "many", None, [], float("nan"), True])
def test_size_that_is_none_is_unknown(filesize: object) -> None:
    assert Attachment.from_json({"filesize": filesize}, OWNER).size is None


def test_file_that_grows_over_what_is_allowed_is_given_up(odd: OddDatabase, tmp_path: Path) -> None:
    content = b"x" * 50_000
    odd.replies["getComponentAttachment"] = (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\n" + content
    )
    with pytest.raises(LargerThanAllowed) as caught:
        odd.database.download(odd.old_entry, tmp_path, most=49_999)
    assert caught.value.size is None
    assert list(tmp_path.iterdir()) == []
