"""The transport for code that speaks in the terms of requests: any status, hooks, streams, time."""

from __future__ import annotations

import gzip
import threading
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
import requests

from itkgui.client.exceptions import (
    ConnectionLost,
    ItkError,
    ServerSilent,
    ServerUnreachable,
    TransferIncomplete,
    UnreadableAnswer,
)
from itkgui.client.session import Session

if TYPE_CHECKING:
    from tests.unit.client.conftest import ScriptedServer, Wire


def prepared(server: ScriptedServer, method: str = "GET", **options: Any) -> requests.PreparedRequest:
    return requests.Request(method, server.url + "getThing", **options).prepare()


@pytest.fixture
def sessions() -> Iterator[list[Session]]:
    opened: list[Session] = []
    yield opened
    for session in opened:
        session.close()


@pytest.fixture
def respond(sessions: list[Session]) -> Any:
    def call(server: ScriptedServer, method: str = "GET", **options: Any) -> requests.Response:
        sessions.append(Session(server.settings(read_timeout=60.0 if "timeout" in options else 1.0)))
        return sessions[-1].respond(prepared(server, method), **options)

    return call


@pytest.mark.parametrize("status", [200, 201, 204, 302, 304, 400, 401, 403, 404, 413, 415, 451, 500, 503])
def test_a_response_comes_whatever_its_status(wire: Wire, respond: Any, status: int) -> None:
    body = b"" if status in (204, 304) else b'{"a": 1}'
    server = wire.server_of(wire.reply(status, body, Location="/elsewhere", X_Request_Id="1"))
    response = respond(server, "POST")
    assert (response.status_code, response.content) == (status, body)
    assert response.headers["X-Request-Id"] == "1"
    assert response.request.method == "POST"
    assert len(server.received) == 1
    assert not response.history


def test_the_body_of_an_error_comes_whole(wire: Wire, respond: Any) -> None:
    body = b"x" * 3_000_000
    response = respond(wire.server_of(wire.reply(400, body, "text/plain")))
    assert response.content == body
    assert response.text == body.decode()


def test_what_was_prepared_is_sent_as_it_is_and_can_be_sent_again(wire: Wire) -> None:
    server = wire.server_of(wire.reply(200, b"1"))
    session = Session(server.settings())
    called: list[str] = []
    request = prepared(
        server,
        "POST",
        json={"b": 1},
        headers={"X-Own": "yes", "Authorization": "Bearer own"},
        hooks={"response": lambda response, **_: called.append(response.text)},
    )
    for _ in range(2):
        assert session.respond(request).text == "1"
    session.close()
    assert called == []  # they are for whoever prepared it
    assert request.hooks["response"]
    for received in server.received:
        assert received.json == {"b": 1}
        assert received.headers["x-own"] == "yes"
        assert received.headers["authorization"] == "Bearer own"


def test_a_stream_is_read_by_whoever_asked(wire: Wire, respond: Any) -> None:
    gate = threading.Event()

    def answer() -> Iterator[bytes]:
        yield b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nfirst"
        gate.wait(5)
        yield b"later"

    server = wire.server(lambda _: answer())
    response = respond(server, stream=True)
    blocks = response.iter_content(5)
    assert next(blocks) == b"first"
    gate.set()
    assert next(blocks) == b"later"
    assert list(blocks) == []
    response.close()


def test_an_error_is_no_stream(wire: Wire, respond: Any) -> None:
    response = respond(wire.server_of(wire.failure(400, "x/y")), stream=True)
    assert response.status_code == 400
    assert "x/y" in response.json()["uuAppErrorMap"]


def test_reads_are_repeated_and_writes_are_not(wire: Wire, respond: Any) -> None:
    server = wire.server_of(wire.reset, wire.reply(200, b"1"))
    assert respond(server).text == "1"
    assert len(server.received) == 2
    server = wire.server_of(wire.reply(200, b"12", length=5, Connection="close"), wire.reply(200, b"1"))
    assert respond(server).text == "1"
    server = wire.server_of(wire.reset, wire.reply(200, b"1"))
    with pytest.raises(ConnectionLost):
        respond(server, "POST")


def test_a_body_that_stays_cut_is_told(wire: Wire, respond: Any) -> None:
    with pytest.raises(TransferIncomplete):
        respond(wire.server_of(wire.reply(200, b"12", length=5, Connection="close")))


def test_a_body_out_of_all_proportion_is_no_empty_one(wire: Wire, respond: Any) -> None:
    packed = gzip.compress(bytes(210_000_000), 1)
    server = wire.server_of(wire.reply(200, packed, Content_Encoding="gzip"))
    with pytest.raises(UnreadableAnswer):
        respond(server)


def drip(head: bytes, piece: bytes) -> Iterator[bytes]:
    yield head
    while True:
        threading.Event().wait(0.02)
        yield piece


@pytest.mark.parametrize("options", [{}, {"timeout": 0.3}, {"timeout": (1, 0.3)}])
def test_a_body_has_to_come_in_time(wire: Wire, respond: Any, options: dict[str, Any]) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"
    server = wire.server(lambda _: drip(head, b"x"))
    started = time.monotonic()
    with pytest.raises(ServerSilent):
        respond(server, **options)
    assert time.monotonic() - started < 20


@pytest.mark.parametrize("patience", [30, (2, 30), (2, None), (None, None)])
def test_whoever_is_more_patient_than_the_settings_may_be(wire: Wire, patience: Any) -> None:
    def late() -> Iterator[bytes]:
        threading.Event().wait(0.3)
        yield b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n1"
        threading.Event().wait(0.3)
        yield b"2"

    server = wire.server(lambda _: late())
    session = Session(server.settings(read_timeout=0.1))
    assert session.respond(prepared(server), timeout=patience).text == "12"
    session.close()


@pytest.mark.parametrize("timeout", [0, -1, (1, 2, 3), "soon"])
def test_a_time_out_that_is_none_is_an_error(wire: Wire, respond: Any, timeout: Any) -> None:
    server = wire.server_of(wire.reply(200, b"1"))
    if not timeout:  # as if none were given
        assert respond(server, timeout=timeout).text == "1"
        return
    with pytest.raises((ItkError, ValueError)):
        respond(server, timeout=timeout)


def test_no_answer_is_an_error_of_the_tree(wire: Wire, respond: Any) -> None:
    server = wire.server_of(b"")
    server.close()
    with pytest.raises(ServerUnreachable):
        respond(server)
    with pytest.raises(UnreadableAnswer):
        respond(wire.server_of(b"SSH-2.0\r\n\r\n"))


def test_cookies_do_not_travel_from_one_answer_to_the_next_request(wire: Wire) -> None:
    server = wire.server_of(wire.reply(200, b"1", Set_Cookie="a=b; Path=/"))
    session = Session(server.settings())
    for _ in range(2):
        session.respond(prepared(server))
    session.close()
    assert not any("cookie" in request.headers for request in server.received)
