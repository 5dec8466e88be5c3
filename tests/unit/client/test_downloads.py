"""Downloads that break off, go silent, crawl, or come back as something else."""

from __future__ import annotations

import re
import threading
import time
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from itkgui.client import transfer
from itkgui.client.downloads import Download, compared_blocks, opened, positioned
from itkgui.client.exceptions import (
    Cancelled,
    ChecksumMismatch,
    ConnectionLost,
    Forbidden,
    ItkError,
    ServerSilent,
    ServerTrouble,
    TransferIncomplete,
    UnexpectedStatus,
)
from itkgui.client.files import receive
from itkgui.client.session import Request, Session

if TYPE_CHECKING:
    from collections.abc import Mapping
    from contextlib import AbstractContextManager

    from itkgui.client.answers import Answer
    from tests.unit.client.conftest import Received, Reply, Wire

CONTENT = bytes(range(256)) * 4
SUM = f"Adler32:{zlib.adler32(CONTENT):08x}"


class Flaky:
    """A server of one file whose connection ends at each of some positions in turn."""

    def __init__(self, wire: Wire, *cuts: int, **settings: Any) -> None:
        self.wire = wire
        self.cuts = list(cuts)
        self.knows_ranges = True
        self.etag = '"1"'
        self.checksum = SUM
        self.content = CONTENT
        self.size = len(CONTENT)
        self.part_headers: dict[str, str] = {}
        self.replies: list[Reply] = []  # instead of the file, from the second question on
        self.server = wire.server(self.answer)
        self.settings = self.server.settings(**settings)
        self.session = Session(self.settings)

    def answer(self, request: Received) -> Reply:
        if self.replies and len(self.server.received) > 1:
            return self.replies.pop(0)
        start = 0
        if self.knows_ranges and (match := re.fullmatch(r"bytes=(\d+)-", request.headers.get("range", ""))):
            assert request.headers["if-range"] == self.etag
            start = int(match[1])
        headers = {"ETag": self.etag, "OC_Checksum": self.checksum}
        if start:
            headers |= {"Content_Range": f"bytes {start}-{self.size - 1}/{self.size}", **self.part_headers}
        whole = self.wire.reply(
            206 if start else 200,
            self.content[start:],
            "",
            self.size - start,
            **{name: text for name, text in headers.items() if text},
        )
        body = self.size - start
        if self.cuts and (cut := self.cuts.pop(0)) < self.size:
            return [whole[: len(whole) - body + cut - start]]
        return whole

    def ask(self, headers: Mapping[str, str]) -> AbstractContextManager[Answer]:
        return self.session.stream(Request("GET", self.server.url, headers=headers))

    def opened(self, patience: float = 5) -> AbstractContextManager[Download]:
        return opened(self.ask, patience)

    def fetch(self, folder: Path) -> bytes:
        with self.opened() as download:
            return receive(download.pieces(), download.size, folder, "a.bin").path.read_bytes()

    @property
    def ranges(self) -> list[str]:
        return [request.headers.get("range", "") for request in self.server.received]


@pytest.fixture
def flaky(wire: Wire) -> Iterator[Flaky]:
    found = Flaky(wire)
    yield found
    found.session.close()


def test_the_rest_is_asked_for_as_often_as_it_comes_nearer(flaky: Flaky, tmp_path: Path) -> None:
    flaky.cuts = [100, 200, 300, 301, 302, 303, 1023]
    with transfer.running(transfer.Transfer()) as watched:
        assert flaky.fetch(tmp_path) == CONTENT
        assert (watched.done, watched.total) == (len(CONTENT), len(CONTENT))
    assert flaky.ranges == ["", *(f"bytes={n}-" for n in (100, 200, 300, 301, 302, 303, 1023))]
    assert [path.name for path in tmp_path.iterdir()] == ["a.bin"]


def test_it_is_given_up_after_some_tries_without_a_new_byte(flaky: Flaky, tmp_path: Path) -> None:
    flaky.cuts = [100] * 99
    with pytest.raises(TransferIncomplete):
        flaky.fetch(tmp_path)
    assert flaky.ranges == ["", *["bytes=100-"] * 3]
    assert list(tmp_path.iterdir()) == []


def test_a_server_without_ranges_begins_anew_once(flaky: Flaky, tmp_path: Path) -> None:
    flaky.knows_ranges = False
    flaky.cuts = [100]
    with transfer.running(transfer.Transfer()) as watched:
        assert flaky.fetch(tmp_path) == CONTENT
        assert watched.done == len(CONTENT)
    flaky.cuts = [100, 200, 300]
    with pytest.raises(TransferIncomplete):
        flaky.fetch(tmp_path)
    assert flaky.ranges == ["", "bytes=100-", "", "bytes=100-", "bytes=200-"]


@pytest.mark.parametrize("etag", ["", 'W/"1"'])
def test_without_a_strong_etag_no_part_is_asked_for(flaky: Flaky, tmp_path: Path, etag: str) -> None:
    flaky.cuts, flaky.etag = [100], etag
    assert flaky.fetch(tmp_path) == CONTENT
    assert flaky.ranges == ["", ""]


def test_the_checksum_is_over_the_whole(flaky: Flaky, tmp_path: Path) -> None:
    flaky.cuts, flaky.checksum = [100], "Adler32:12345678"
    with pytest.raises(ChecksumMismatch):
        flaky.fetch(tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "part", ["bytes 99-1023/1024", "bytes 100-1023/1025", "bytes 100-1023/*", "bytes */1024", "", "100"]
)
def test_another_part_is_not_taken(flaky: Flaky, tmp_path: Path, part: str) -> None:
    flaky.cuts, flaky.part_headers = [100], {"Content_Range": part}
    with pytest.raises(TransferIncomplete, match="another part"):
        flaky.fetch(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_part_of_another_file_is_not_taken(flaky: Flaky, tmp_path: Path) -> None:
    flaky.cuts, flaky.part_headers = [100], {"ETag": '"2"'}
    with pytest.raises(TransferIncomplete, match="another part"):
        flaky.fetch(tmp_path)


def test_a_server_that_gives_a_byte_a_time_is_left(flaky: Flaky, tmp_path: Path) -> None:
    flaky.cuts = list(range(1, 1000))
    with pytest.raises(TransferIncomplete):
        flaky.fetch(tmp_path)
    assert len(flaky.ranges) == 101


def test_a_file_that_changes_meanwhile(flaky: Flaky, tmp_path: Path, wire: Wire) -> None:
    flaky.cuts, flaky.replies = [100], [wire.reply(200, b"shorter", "", ETag='"2"')]
    with pytest.raises(TransferIncomplete, match="it had 1024 bytes, and has 7 now"):
        flaky.fetch(tmp_path)


def test_more_than_was_announced(flaky: Flaky, wire: Wire, tmp_path: Path) -> None:
    part = wire.reply(206, CONTENT, "", ETag='"1"', Content_Range="bytes 100-1023/1024")
    flaky.cuts, flaky.replies = [100], [part]
    with pytest.raises(TransferIncomplete, match="1124 bytes came, 1024 were announced"):
        flaky.fetch(tmp_path)


@pytest.mark.parametrize(
    ("status", "error"),
    [(403, Forbidden), (416, UnexpectedStatus), (500, ServerTrouble), (204, UnexpectedStatus)],
)
def test_a_rest_that_is_refused(
    flaky: Flaky, wire: Wire, tmp_path: Path, status: int, error: type[ItkError]
) -> None:
    flaky.cuts, flaky.replies = [100], [wire.reply(status)]
    with pytest.raises(error):
        flaky.fetch(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_part_that_nobody_asked_for(flaky: Flaky, wire: Wire) -> None:
    flaky.server = wire.server_of(wire.reply(206, b"part", "", Content_Range="bytes 0-3/9"))
    with pytest.raises(UnexpectedStatus), flaky.opened():
        pass


def test_a_server_that_is_down_for_a_while(flaky: Flaky, wire: Wire, tmp_path: Path) -> None:
    flaky.cuts, flaky.replies = [100], [wire.reset, wire.reset, wire.reset, wire.reset]
    assert flaky.fetch(tmp_path) == CONTENT


def test_a_server_that_stays_down(flaky: Flaky, wire: Wire, tmp_path: Path) -> None:
    flaky.cuts, flaky.replies = [100], [wire.reset] * 99
    with pytest.raises(ConnectionLost):
        flaky.fetch(tmp_path)
    assert list(tmp_path.iterdir()) == []


def silent_after(wire: Wire, flaky: Flaky, count: int, until: threading.Event) -> Iterator[bytes]:
    yield wire.reply(200, CONTENT, "", ETag=flaky.etag, OC_Checksum=SUM)[: count - len(CONTENT)]
    until.wait(30)
    yield b""


@pytest.mark.alone
def test_a_silence_is_broken_once(wire: Wire, tmp_path: Path) -> None:
    until = threading.Event()
    flaky = Flaky(wire, read_timeout=0.2)
    first = flaky.answer

    def script(request: Received) -> Reply:
        return silent_after(wire, flaky, 100, until) if not flaky.ranges[1:] else first(request)

    flaky.server = wire.server(script)
    assert flaky.fetch(tmp_path) == CONTENT
    assert flaky.ranges == ["", "bytes=100-"]
    flaky.server = wire.server(
        lambda _: wire.silence if flaky.ranges[1:] else silent_after(wire, flaky, 100, until)
    )
    began = time.perf_counter()
    with pytest.raises(ServerSilent):
        flaky.fetch(tmp_path / "silent")
    assert time.perf_counter() - began < 3
    assert list((tmp_path / "silent").iterdir()) == []
    until.set()
    flaky.session.close()


def test_a_byte_now_and_then_is_no_answer(wire: Wire, tmp_path: Path) -> None:
    over = threading.Event()

    def drops() -> Iterator[bytes]:
        whole = wire.reply(200, CONTENT, "", ETag='"1"')
        yield whole[: -len(CONTENT)]
        for byte in CONTENT:
            over.wait(0.05)
            yield bytes((byte,))

    flaky = Flaky(wire)
    flaky.server = wire.server(lambda _: drops())
    with pytest.raises(ServerSilent, match="only"), flaky.opened(patience=0.3) as download:
        receive(download.pieces(), download.size, tmp_path, "a.bin")
    assert len(flaky.server.received) == 1
    assert list(tmp_path.iterdir()) == []
    over.set()
    flaky.session.close()


@pytest.mark.alone
def test_a_cancel_ends_the_wait_for_another_try(flaky: Flaky, tmp_path: Path) -> None:
    flaky.cuts = [100, 100, 100, 100]
    watched = transfer.Transfer()
    cancelled = 0.0

    def cancel() -> None:
        nonlocal cancelled
        while len(flaky.server.received) < 3:  # the pause that follows takes more than a second
            time.sleep(0.001)
        cancelled = time.perf_counter()
        watched.cancel()

    canceller = threading.Thread(target=cancel)
    canceller.start()
    with transfer.running(watched), pytest.raises(Cancelled):
        flaky.fetch(tmp_path)
    canceller.join()
    assert time.perf_counter() - cancelled < 1
    assert list(tmp_path.iterdir()) == []


def test_a_fingerprint_reads_what_it_must(flaky: Flaky) -> None:
    flaky.checksum = ""
    flaky.cuts = [100]
    with flaky.opened() as download:
        assert download.fingerprint() == (len(CONTENT), SUM.removeprefix("Adler32:"))
    assert flaky.ranges == ["", "bytes=100-"]


def test_an_empty_file(flaky: Flaky, tmp_path: Path) -> None:
    flaky.content, flaky.size, flaky.checksum = b"", 0, "Adler32:00000000"
    assert flaky.fetch(tmp_path) == b""


def test_a_size_that_is_not_told(wire: Wire, flaky: Flaky, tmp_path: Path) -> None:
    flaky.server = wire.server(lambda _: [b"HTTP/1.1 200 OK\r\n\r\n", CONTENT])
    assert flaky.fetch(tmp_path) == CONTENT


def test_a_single_answer_is_compared_too(flaky: Flaky) -> None:
    with flaky.ask({}) as answer:
        pieces = list(positioned(compared_blocks(answer)))
    assert b"".join(block for _, block in pieces) == CONTENT
    assert [start for start, _ in pieces] == [sum(len(b) for _, b in pieces[:n]) for n in range(len(pieces))]
    flaky.checksum = "Adler32:12345678"
    with flaky.ask({}) as answer, pytest.raises(ChecksumMismatch):
        list(compared_blocks(answer))
    flaky.cuts = [100]
    with flaky.ask({}) as answer, pytest.raises(TransferIncomplete):
        list(compared_blocks(answer))
