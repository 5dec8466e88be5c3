"""Cancelling: whatever a thread waits for, it is awake at once."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest

from itkgui.client import transfer
from itkgui.client.exceptions import Cancelled, ItkError
from itkgui.client.session import Request, Session

if TYPE_CHECKING:
    from tests.unit.client.conftest import ScriptedServer, Wire

pytestmark = pytest.mark.alone


def ask(server: ScriptedServer) -> Any:
    session = Session(server.settings())
    try:
        return session.json(Request("GET", server.url + "getThing"))
    finally:
        session.close()


def cancelled_after(work: Any, is_blocked: Any) -> float:
    """Run work in a thread, cancel it when it is blocked, and return how many seconds it then took."""
    watched = transfer.Transfer()
    outcome: list[BaseException] = []

    def run() -> None:
        with transfer.running(watched):
            try:
                work()
            except ItkError as error:
                outcome.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    while not is_blocked():
        time.sleep(0.001)
    started = time.monotonic()
    watched.cancel()
    thread.join(30)
    assert not thread.is_alive()
    assert [type(error) for error in outcome] == [Cancelled]
    return time.monotonic() - started


def test_cancel_wakes_a_thread_that_waits_for_an_answer(wire: Wire) -> None:
    server = wire.server_of(wire.silence)
    assert cancelled_after(lambda: ask(server), lambda: server.received) < 0.2


def test_cancel_wakes_a_thread_on_a_kept_connection(wire: Wire) -> None:
    server = wire.server_of(wire.json({}), wire.silence)
    session = Session(server.settings())

    def work() -> None:
        for _ in range(2):
            session.json(Request("GET", server.url))

    assert cancelled_after(work, lambda: len(server.received) == 2) < 0.2
    assert server.connections == 1
    session.close()


def test_cancel_wakes_a_thread_in_the_middle_of_a_body(wire: Wire) -> None:
    def half() -> Any:
        yield b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{"
        while True:
            time.sleep(0.01)
            yield b""

    server = wire.server(lambda _: half())
    assert cancelled_after(lambda: ask(server), lambda: server.received) < 0.2


def test_cancel_ends_the_pause_before_a_busy_server_is_asked_again(wire: Wire) -> None:
    server = wire.server_of(wire.reply(503))
    assert cancelled_after(lambda: ask(server), lambda: len(server.received) == 2) < 0.2


def test_cancel_wakes_a_thread_that_waits_for_a_tls_handshake(wire: Wire) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(5)
        session = Session(wire.server_of(b"").settings())
        taken: list[socket.socket] = []

        def take() -> None:
            taken.append(listener.accept()[0])

        taker = threading.Thread(target=take)
        taker.start()
        url = f"https://127.0.0.1:{listener.getsockname()[1]}/"
        assert cancelled_after(lambda: session.json(Request("GET", url)), lambda: taken) < 0.2
        taker.join()
        taken[0].close()


def test_cancel_wakes_a_thread_that_cannot_connect(wire: Wire) -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener:
        # With its queue full, this server takes no further connection, like one behind a dead network.
        address = listener.getsockname()
        with contextlib.ExitStack() as opened:
            for _ in range(4):
                waiting = opened.enter_context(socket.socket())
                waiting.setblocking(False)
                waiting.connect_ex(address)
            session = Session(wire.server_of(b"").settings())
            request = Request("GET", f"http://127.0.0.1:{address[1]}/")
            begun = threading.Event()

            def work() -> None:
                begun.set()
                session.json(request)

            assert cancelled_after(work, begun.is_set) < 0.3


def test_work_that_is_cancelled_already_sends_nothing(wire: Wire) -> None:
    server = wire.server_of(wire.json({}))
    watched = transfer.Transfer()
    watched.cancel()
    with transfer.running(watched), pytest.raises(Cancelled):
        ask(server)
    assert not server.received
