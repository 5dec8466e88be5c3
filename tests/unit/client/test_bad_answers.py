"""Answers that are wrong on the wire: each ends in one error of the tree, within its time."""

from __future__ import annotations

import functools
import gzip
import threading
import time
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from itkgui.client.bodies import FileBody
from itkgui.client.downloads import positioned
from itkgui.client.exceptions import (
    AnswerError,
    BadRequest,
    Forbidden,
    ItkError,
    NotTheApi,
    ServerSilent,
    ServerTrouble,
    SessionExpired,
    TooLarge,
    TransferIncomplete,
    UnreadableAnswer,
)
from itkgui.client.files import receive
from tests.unit.client.conftest import CODES

if TYPE_CHECKING:
    from pathlib import Path

    from itkgui.client.client import Client
    from tests.unit.client.conftest import Clients, Provider, Reply, ScriptedServer, Wire

PATIENCE = 0.4
OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"


def raised(
    wire: Wire, client_of: Clients, reply: Callable[[], Reply], patience: float = PATIENCE
) -> ItkError:
    """Ask a server that gives this answer, and return the error; it has to come in time."""
    server = wire.server(lambda _: reply())
    client = client_of(server, read_timeout=patience)
    started = time.monotonic()
    with pytest.raises(ItkError) as caught:
        client.post("setThing", {"a": 1})
    assert time.monotonic() - started < 2 * patience + 20  # it never ends by itself
    assert len(server.received) == 1
    return caught.value


# Time ------------------------------------------------------------------------------------------------------


def drip(begin: bytes, piece: bytes) -> Callable[[], Iterator[bytes]]:
    def answer() -> Iterator[bytes]:
        yield begin
        while True:
            threading.Event().wait(0.05)
            yield piece

    return answer


@pytest.mark.parametrize(
    ("begin", "piece"),
    [
        (b"", b"H"),
        (b"HTTP/1.1 200 O", b"K"),
        (OK, b"X"),
        (OK, b"X-A: b\r\n"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        (OK + b"Content-Length: 1000\r\n\r\n", b" "),
        (OK + b"\r\n", b" "),
        (CHUNKED, b"1\r\n \r\n"),
        (CHUNKED, b"0"),
        (CHUNKED + b"2\r\n{}\r\n0\r\n", b"X-Trailer: a\r\n"),
        (OK + b"Content-Encoding: gzip\r\n\r\n", gzip.compress(b"", mtime=0)),
        (b"HTTP/1.1 400 No\r\n", b"X"),
    ],
    ids=[
        "status",
        "reason",
        "header",
        "headers",
        "provisional",
        "body",
        "no length",
        "chunks",
        "chunk size",
        "trailers",
        "packed nothing",
        "head of an error",
    ],
)
def test_an_answer_that_trickles_in_is_silence(
    wire: Wire, client_of: Clients, begin: bytes, piece: bytes
) -> None:
    assert type(raised(wire, client_of, drip(begin, piece))) is ServerSilent


def test_the_status_of_an_error_counts_though_its_body_never_ends(wire: Wire, client_of: Clients) -> None:
    reply = drip(b"HTTP/1.1 400 No\r\nContent-Length: 1000\r\n\r\n", b" ")
    assert type(raised(wire, client_of, reply)) is BadRequest


def test_a_slow_answer_that_comes_in_time_is_good(wire: Wire, client_of: Clients) -> None:
    def answer() -> Iterator[bytes]:
        for byte in wire.json({"a": 1}, X_Long="x" * 20):
            threading.Event().wait(0.002)
            yield bytes([byte])

    assert client_of(wire.server(lambda _: answer()), read_timeout=3.0).get("getThing") == {"a": 1}


def test_a_large_file_may_take_longer_than_a_silence(wire: Wire, client_of: Clients) -> None:
    def answer() -> Iterator[bytes]:
        yield OK + b"Content-Length: 12\r\n\r\n"
        for _ in range(12):
            threading.Event().wait(0.06)
            yield b"x"

    client = client_of(wire.server(lambda _: answer()), read_timeout=PATIENCE)
    with client.stream("getComponentAttachment", {"code": "x"}) as found:
        assert b"".join(found.blocks()) == b"x" * 12


# Size ------------------------------------------------------------------------------------------------------


@functools.cache
def bomb(encoding: str) -> bytes:
    """Return 600 MB of blanks, packed into half a megabyte, or twice into a few kilobytes."""
    if encoding == "gzip, gzip":
        return gzip.compress(bomb("gzip"))
    packer = zlib.compressobj(9, wbits=31)
    return b"".join(packer.compress(b" " * 6_000_000) for _ in range(100)) + packer.flush()


@pytest.mark.parametrize("encoding", ["gzip", "gzip, gzip"])
def test_a_body_that_unpacks_to_hundreds_of_megabytes_is_left(
    wire: Wire, client_of: Clients, encoding: str
) -> None:
    reply = wire.reply(200, bomb(encoding), Content_Encoding=encoding)
    assert len(reply) < 1_000_000
    tracemalloc.start()
    try:
        error = raised(wire, client_of, lambda: reply, 20.0)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert type(error) is UnreadableAnswer
    assert peak < 500_000_000


def test_a_refusal_that_unpacks_to_hundreds_of_megabytes_is_a_refusal(wire: Wire, client_of: Clients) -> None:
    reply = wire.reply(403, bomb("gzip"), Content_Encoding="gzip")
    assert type(raised(wire, client_of, lambda: reply, 20.0)) is Forbidden


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.1 200 " + b"x" * 1_000_000,
        OK + b"X-Large: " + b"x" * 1_000_000,
        OK + b"X-Many: x\r\n" * 100_000,
        OK + b"x" * 1_000_000,
        CHUNKED + b"0" * 1_000_000,
        CHUNKED + b"2\r\n{}\r\n0\r\n" + b"x" * 1_000_000,
    ],
    ids=["status", "header", "headers", "name", "chunk size", "trailer"],
)
def test_a_megabyte_where_a_line_was_due(wire: Wire, client_of: Clients, head: bytes) -> None:
    error = raised(wire, client_of, lambda: head + b"\r\nConnection: close\r\n\r\n{}")
    assert type(error) is UnreadableAnswer


@pytest.mark.parametrize("size", ["9" * 400, "9" * 5_000, "-5", "0x10", "5, 6", "\u00b2"])
def test_a_length_that_is_none(wire: Wire, client_of: Clients, size: str) -> None:
    reply = OK + f"Content-Length: {size}\r\nConnection: close\r\n\r\n{{}}".encode("latin-1")
    client = client_of(wire.server_of(reply))
    try:
        assert client.get("getThing") == {}
    except ItkError as error:
        assert type(error) in (UnreadableAnswer, ServerSilent)  # noqa: PT017
    try:
        with client.stream("getThing", {}) as answer:
            assert answer.size is None or answer.size > 0
    except ItkError as error:
        assert type(error) is UnreadableAnswer  # noqa: PT017


# Form ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "junk",
    [
        b"{}",
        b"<html><body>no</body></html>",
        b"\r\n" * 50,
        b"\x00" * 100,
        b"HTTP/2.0 200 OK\r\n\r\n{}",
        b"HTTP/1.1 OK 200\r\n\r\n{}",
        b"HTTP/1.1 99 Low\r\n\r\n{}",
        b"220 mail.example ESMTP\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ],
)
def test_what_is_no_http(wire: Wire, client_of: Clients, junk: bytes) -> None:
    assert type(raised(wire, client_of, lambda: iter([junk]))) is UnreadableAnswer


def test_a_hundred_provisional_answers_are_passed_over(wire: Wire, client_of: Clients) -> None:
    reply = b"HTTP/1.1 100 Continue\r\nX-A: b\r\n\r\n" * 100 + wire.json({"a": 1})
    assert client_of(wire.server_of(reply)).post("setThing", {}) == {"a": 1}


@pytest.mark.parametrize(
    "packed",
    [
        gzip.compress(b'{"a": 1}', mtime=0)[:-9],
        gzip.compress(b'{"a": 1}', mtime=0)[:5],
        b"\x1f\x8b" + b"\x00" * 40,
        b'{"a": 1}',
        gzip.compress(b'{"a": 1}', mtime=0)[:-8] + b"\x00" * 8,
        b"",
    ],
    ids=["cut", "head", "damaged", "unpacked", "checksum", "empty"],
)
def test_a_body_that_cannot_be_unpacked(wire: Wire, client_of: Clients, packed: bytes) -> None:
    reply = wire.reply(200, packed, Content_Encoding="gzip", Connection="close")
    client = client_of(wire.server_of(reply))
    if packed:
        with pytest.raises(UnreadableAnswer):
            client.get("getThing")
    else:
        assert client.get("getThing") == {}


@pytest.mark.parametrize("times", [1, 10, 10_000])
def test_bytes_after_the_end_are_not_the_beginning_of_the_next_answer(
    wire: Wire, client_of: Clients, times: int
) -> None:
    long = wire.reply(200, b'{"a": 1}' + wire.json({"a": 2}) * times, length=8)
    client = client_of(wire.server_of(long, wire.json({"a": 3})))
    assert client.get("getThing") == {"a": 1}
    assert client.get("getThing") == {"a": 3}


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed_and_nothing_is_told_to_its_target(
    wire: Wire, client_of: Clients, status: int
) -> None:
    other = wire.server_of(wire.json({}))
    loop = wire.server_of(wire.reply(status, Location="/getThing"))
    away = wire.server_of(wire.reply(status, Location=f"{other.url}getThing"))
    for server in (loop, away):
        client = client_of(server)
        with pytest.raises(NotTheApi):
            client.get("getThing")
        with pytest.raises(NotTheApi):
            client.post("setThing", {})
        assert len(server.received) == 2
    assert not other.received


@pytest.mark.parametrize("status", [400, 404, 500, 503])
def test_a_web_page_with_a_status_is_an_error_of_that_status(
    wire: Wire, client_of: Clients, status: int
) -> None:
    error = raised(wire, client_of, lambda: wire.reply(status, b"<html>no</html>", "text/html"))
    assert isinstance(error, AnswerError)
    assert error.status == status
    assert not isinstance(error, NotTheApi)


@pytest.mark.parametrize(
    "body", [b"", b"{}", b'{"uuAppErrorMap": {}}', b'{"uuAppErrorMap": null}', b'{"uuAppErrorMap": {"": {}}}']
)
def test_a_fault_of_the_server_that_names_no_code(wire: Wire, client_of: Clients, body: bytes) -> None:
    error = raised(wire, client_of, lambda: wire.reply(500, body))
    assert type(error) is ServerTrouble
    assert not any(error.codes)


def test_an_answer_of_401_for_ever_costs_one_renewal(
    wire: Wire, client_of: Clients, provider: Provider, tmp_path: Path
) -> None:
    provider.api = lambda _: wire.failure(401, "uu-oidc/invalidToken")
    client = client_of(provider.server, CODES)
    (tmp_path / "a.txt").write_bytes(b"1234567")

    def upload() -> Any:
        return client.upload("c", {}, FileBody(tmp_path / "a.txt", 7), "a.txt", "text/plain")

    def download() -> Any:
        with client.stream("getThing", {}):
            pass

    calls: list[Callable[[], Any]] = [
        lambda: client.get("getThing"),
        lambda: client.post("setThing", {}),
        lambda: list(client.pages("listThings")),
        upload,
        download,
    ]
    client.sign_in()
    for number, call in enumerate(calls, 1):
        with pytest.raises(SessionExpired):
            call()
        assert provider.grants == 1 + number
        commands = [r.target for r in provider.server.received if "/oidc/" not in r.target]
        assert len(commands) == 2 * number


def test_a_form_that_is_too_large(wire: Wire, client_of: Clients, tmp_path: Path) -> None:
    (tmp_path / "a.bin").write_bytes(b"x" * 5_000_000)
    server = wire.server_of(wire.reply(413, b"<html>too large</html>", "text/html"))
    with pytest.raises(TooLarge):
        client_of(server).upload("c", {}, FileBody(tmp_path / "a.bin", 5_000_000), "a", "text/plain")


def fetch(client: Client, folder: Path) -> Any:
    with client.stream("getComponentAttachment", {"code": "x"}) as answer:
        return receive(positioned(answer.blocks()), answer.size, folder, answer.file_name)


@pytest.mark.parametrize(
    "reply",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\nConnection: close\r\n\r\nxyz",
        CHUNKED + b"3\r\nxyz\r\n",
        OK + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(b"xyz" * 99, mtime=0)[:-3],
        OK + b"Content-Encoding: gzip\r\n\r\nxyz",
    ],
)
def test_a_file_that_is_cut_leaves_nothing_behind(
    wire: Wire, client_of: Clients, tmp_path: Path, reply: bytes
) -> None:
    server: ScriptedServer = wire.server(lambda _: iter([reply]))
    with pytest.raises(TransferIncomplete):
        fetch(client_of(server), tmp_path)
    assert list(tmp_path.iterdir()) == []
