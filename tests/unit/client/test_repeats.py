"""What is sent again, when, and how often; what never is; connections that the server has closed."""

from __future__ import annotations

import gzip
import logging
import threading
import time
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime
from typing import TYPE_CHECKING

import pytest

from itkgui.client.exceptions import (
    ConnectionLost,
    ServerTrouble,
    TooManyRequests,
    UnexpectedStatus,
    UnreadableAnswer,
)
from itkgui.client.session import Request, Session
from tests.unit.client.conftest import ask

if TYPE_CHECKING:
    from tests.unit.client.conftest import Reply, ScriptedServer, Wire


@pytest.fixture
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("itkgui.client.session._FIRST_PAUSE", 0.02)


@pytest.mark.usefixtures("short_pauses")
def test_a_busy_server_is_asked_again(wire: Wire) -> None:
    server = wire.server_of(wire.reply(503), wire.reply(502), wire.json({"a": 1}))
    assert ask(server) == {"a": 1}
    assert len(server.received) == 3


@pytest.mark.usefixtures("short_pauses")
def test_a_server_that_stays_busy_is_left_alone(wire: Wire) -> None:
    server = wire.server_of(wire.reply(504))
    with pytest.raises(ServerTrouble):
        ask(server)
    assert len(server.received) == 3


def test_a_fault_of_the_server_is_not_asked_again(wire: Wire) -> None:
    server = wire.server_of(wire.reply(500))
    with pytest.raises(ServerTrouble):
        ask(server)
    assert len(server.received) == 1


@pytest.mark.parametrize("reply", [503, "reset"])
def test_a_write_is_never_repeated(wire: Wire, reply: object) -> None:
    server = wire.server_of(wire.reset if reply == "reset" else wire.reply(503))
    with pytest.raises((ServerTrouble, ConnectionLost)):
        ask(server, "POST")
    assert len(server.received) == 1


@pytest.mark.alone
def test_a_broken_connection_is_repeated_at_once(wire: Wire) -> None:
    server = wire.server_of(wire.reset, wire.json({"a": 1}))
    started = time.monotonic()
    assert ask(server) == {"a": 1}
    assert time.monotonic() - started < 0.25


def test_a_connection_that_always_breaks_is_lost(wire: Wire) -> None:
    with pytest.raises(ConnectionLost):
        ask(wire.server_of(wire.reset))


def test_connections_are_kept_and_a_dropped_one_is_replaced(wire: Wire) -> None:
    server = wire.server_of(
        wire.json({}), wire.json({}), wire.reply(200, b"{}", Connection="close"), wire.json({"a": 1})
    )
    session = Session(server.settings())
    for _ in range(3):
        session.json(Request("GET", server.url))
    assert server.connections == 1
    assert session.json(Request("GET", server.url)) == {"a": 1}
    assert server.connections == 2
    session.close()


# Bodies that end early -------------------------------------------------------------------------------------

CUT: list[bytes] = [
    b'HTTP/1.1 200 OK\r\nContent-Length: 100\r\nConnection: close\r\n\r\n{"a": 1}',
    b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n8\r\n{"a": 1}\r\n',
    b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 90\r\nConnection: close\r\n\r\n"
    + gzip.compress(b'{"a": "bcdefgh"}')[:-9],
]


@pytest.mark.parametrize("cut", CUT, ids=["length", "chunks", "packed"])
def test_a_read_whose_body_breaks_is_repeated_like_one_whose_connection_does(wire: Wire, cut: bytes) -> None:
    server = wire.server_of(cut, wire.json({"a": 1}))
    assert ask(server) == {"a": 1}
    server = wire.server_of(cut)
    with pytest.raises(UnreadableAnswer):
        ask(server)
    assert len(server.received) == 3


@pytest.mark.parametrize("cut", CUT, ids=["length", "chunks", "packed"])
def test_a_write_whose_answer_breaks_is_not_repeated(wire: Wire, cut: bytes) -> None:
    server = wire.server_of(cut)
    with pytest.raises(UnreadableAnswer):
        ask(server, "POST")
    assert len(server.received) == 1


def test_an_answer_that_is_whole_but_no_json_is_not_asked_for_again(wire: Wire) -> None:
    server = wire.server_of(wire.reply(200, b"[1, 2"))
    with pytest.raises(UnreadableAnswer):
        ask(server)
    assert len(server.received) == 1


# Pauses ----------------------------------------------------------------------------------------------------


def in_seconds(seconds: float) -> str:
    return format_datetime(datetime.now(timezone.utc) + timedelta(seconds=seconds), usegmt=True)


@pytest.mark.usefixtures("short_pauses")
@pytest.mark.parametrize("status", [429, 503])
def test_a_server_is_left_alone_for_as_long_as_it_asks(wire: Wire, status: int) -> None:
    server = wire.server_of(wire.reply(status, Retry_After="1"), wire.json({"a": 1}))
    started = time.monotonic()
    assert ask(server) == {"a": 1}
    assert 1 <= time.monotonic() - started < 30


@pytest.mark.usefixtures("short_pauses")
def test_a_date_is_understood_too(wire: Wire) -> None:
    server = wire.server_of(wire.reply(429, Retry_After=in_seconds(2)), wire.json({"a": 1}))
    started = time.monotonic()
    assert ask(server) == {"a": 1}
    assert 0.5 < time.monotonic() - started < 30


@pytest.mark.alone
@pytest.mark.usefixtures("short_pauses")
@pytest.mark.parametrize(
    "nonsense", ["", "soon", "-5", "1.5", "\u00b2", "Fri, 99 Foo 2026", ",", "Mon, 01 Jan 0001 00:00:00 GMT"]
)
def test_nonsense_is_no_reason_to_wait(wire: Wire, nonsense: str) -> None:
    started = time.monotonic()
    server = wire.server_of(wire.reply(429, Retry_After=nonsense), wire.json({"a": 1}))
    assert ask(server) == {"a": 1}
    assert time.monotonic() - started < 0.6


@pytest.mark.parametrize("long", ["61", "9" * 400, "in 90 s", "in 30 years"])
def test_a_pause_that_nobody_would_wait_for_is_told_at_once(wire: Wire, long: str) -> None:
    dates = {"in 90 s": in_seconds(90), "in 30 years": in_seconds(10**9)}
    server = wire.server_of(wire.reply(429, Retry_After=dates.get(long, long)))
    started = time.monotonic()
    with pytest.raises(TooManyRequests) as caught:
        ask(server)
    assert time.monotonic() - started < 30
    assert caught.value.retry_after > 60
    assert len(server.received) == 1


@pytest.mark.usefixtures("short_pauses")
def test_pauses_grow_and_differ(wire: Wire, caplog: pytest.LogCaptureFixture) -> None:
    moments: list[float] = []

    def busy(_: object) -> Reply:
        moments.append(time.monotonic())
        return wire.reply(503)

    server = wire.server(busy)
    with caplog.at_level(logging.INFO):
        for _ in range(2):
            with pytest.raises(ServerTrouble):
                ask(server)
    told = [
        record.args[0]
        for record in caplog.records
        if isinstance(record.args, tuple) and "again" in record.msg
    ]
    first, second, third, fourth = (float(str(pause)) for pause in told)
    assert 0.02 <= first <= 0.03 >= third >= 0.02
    assert 0.08 <= second <= 0.12 >= fourth >= 0.08
    assert (first, second) != (third, fourth)
    assert moments[1] - moments[0] >= first
    assert moments[2] - moments[1] >= second


# Connections that the server has closed --------------------------------------------------------------------


def closing(wire: Wire, delay: float) -> ScriptedServer:
    """Start a server that closes each connection a moment after its answer, without having said so."""

    def answer() -> Iterator[bytes]:
        yield wire.json({"a": 1})
        threading.Event().wait(delay)

    return wire.server(lambda _: answer())


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("delay", [0.0, 0.001, 0.01])
def test_a_connection_that_the_server_closes_is_never_the_users_affair(
    wire: Wire, method: str, delay: float
) -> None:
    server = closing(wire, delay)
    session = Session(server.settings())
    for n in range(60):
        assert session.json(Request(method, server.url)) == {"a": 1}
        threading.Event().wait(n * 0.0003)  # so that one question meets the very moment
    session.close()
    if method == "POST":
        assert len(server.received) == 60


@pytest.mark.parametrize(
    ("keep_alive", "connections"),
    [
        ("timeout=5, max=99", 1),
        ("Max=1,Timeout = 15", 1),
        ("timeout=5", 1),
        ("", 4),
        ("timeout=1, max=99", 4),  # it may be over by the time the next request arrives
        ("timeout=5, max=0", 4),
        ("timeout=soon", 4),
        ("max=99", 4),
    ],
)
def test_a_write_goes_over_a_kept_connection_only_if_the_server_has_promised_to_keep_it(
    wire: Wire, keep_alive: str, connections: int
) -> None:
    server = wire.server_of(wire.reply(200, b"{}", Keep_Alive=keep_alive))
    session = Session(server.settings())
    for _ in range(4):
        session.json(Request("POST", server.url))
    session.close()
    assert server.connections == connections


def test_what_follows_a_provisional_answer_is_not_taken_for_the_next_one(wire: Wire) -> None:
    """A server that sends 103 unasked has its real answer still to come."""
    is_asked_again = threading.Event()

    def answer() -> Iterator[bytes]:
        yield b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
        is_asked_again.wait(0.3)
        yield wire.json({"answer": "to the first question"})

    replies: list[Reply] = [answer(), wire.json({"answer": "to the second"})]
    server = wire.server(lambda _: replies.pop(0))
    session = Session(server.settings())
    with pytest.raises(UnexpectedStatus):
        session.json(Request("PUT", server.url))
    assert session.json(Request("GET", server.url)) == {"answer": "to the second"}
    is_asked_again.set()
    session.close()
