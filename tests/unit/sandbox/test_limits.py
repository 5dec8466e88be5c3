"""What is too slow, too large or too much for the sandbox, and what it takes of memory."""

from __future__ import annotations

import contextlib
import os
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.sandbox_process import SandboxProcess
from tests.unit.sandbox.caller import HOST, QUAD, TIMEOUT, Caller, connect

MIB = 1024 * 1024


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("limits") / "storage"


@pytest.fixture(scope="module")
def options(folder: Path) -> tuple[str, ...]:
    return ("--components", "50", "--storage", str(folder), "--largest-upload", "2")


@dataclass
class Dawdler:
    """A client that sends something, then a little now and then, and waits for its end."""

    at: str
    says: bytes
    trickles: bytes
    soonest: float  # seconds from the start to the end
    answer: bytes
    received: bytes = b""
    took: float = 0.0

    def run(self) -> None:
        start = time.monotonic()
        with connect(self.at) as connection, contextlib.suppress(ConnectionError):
            connection.sendall(self.says)
            connection.settimeout(0.2)
            while time.monotonic() - start < TIMEOUT:
                try:
                    block = connection.recv(65536)
                except TimeoutError:
                    connection.sendall(self.trickles)
                    continue
                if not block:
                    break
                self.received += block
        self.took = time.monotonic() - start


def test_the_slow_and_the_idle_are_cut_off_while_ten_thousand_come_and_go(api: Caller) -> None:
    url, door = api.info["api_url"], api.info["eos_url"]
    head = b"POST /getComponent HTTP/1.1\r\n" + HOST
    too_slow = b"HTTP/1.1 408 "
    chunked = head + b"Transfer-Encoding: chunked\r\n\r\n"
    clients = {
        "idle": Dawdler(url, b"", b"", 4.5, b""),
        "idle at the door": Dawdler(door, b"", b"", 4.5, b""),
        "idle after an answer": Dawdler(
            url, b"GET /x HTTP/1.1\r\n" + HOST + b"\r\n", b"", 4.5, b"HTTP/1.1 200 "
        ),
        "silent head": Dawdler(url, head, b"", 9.5, too_slow),
        "slow head": Dawdler(url, head + b"X: ", b"y", 9.5, too_slow),
        "slow headers": Dawdler(url, head, b"X: y\r\n", 9.5, too_slow),
        "silent body": Dawdler(url, head + b"Content-Length: 9\r\n\r\nabc", b"", 9.5, too_slow),
        "slow body": Dawdler(url, head + b"Content-Length: 99999\r\n\r\n", b"y", 9.5, too_slow),
        "slow chunks": Dawdler(url, chunked, b"1\r\na\r\n", 9.5, too_slow),
    }
    threads = [threading.Thread(target=client.run) for client in clients.values()]
    for thread in threads:
        thread.start()
    for number in range(10_000):
        with connect(url) as connection:
            if number % 50 == 0:
                connection.sendall(b"GET /x HTTP/1.1\r\n" + HOST + b"\r\n")
                assert connection.recv(12) == b"HTTP/1.1 200"
    for thread in threads:
        thread.join(TIMEOUT)
    for name, client in clients.items():
        assert client.soonest <= client.took < client.soonest + 5, name
        assert client.received.startswith(client.answer), name
        assert client.answer or not client.received, name


def test_an_upload_over_the_limit_is_refused(api: Caller, folder: Path) -> None:
    big = b"x" * (3 * MIB)

    def chunks() -> Iterator[bytes]:
        for _ in range(3):
            yield big[:MIB]

    url = api.info["eos_url"] + "x"
    for body in (big, chunks()):
        response = api.raw("PUT", url, data=body)
        assert (response.status_code, response.headers["Content-Type"]) == (413, "text/plain")
    fields = {"component": QUAD, "title": "a", "description": "d", "type": "file", "url": "a"}
    response = api.send("POST", "createComponentAttachment", data=fields, files={"data": ("a", big)})
    assert response.status_code == 413
    assert response.json()["uuAppErrorMap"]
    assert list((folder / "incoming").iterdir()) == []


def test_gigabytes_are_not_read_to_refuse_them(api: Caller) -> None:
    head = b"PUT /eos/x HTTP/1.1\r\n" + HOST + b"Content-Length: 9000000000\r\n\r\n"
    block = b"x" * MIB
    sent = 0
    with connect(api.info["eos_url"]) as connection:
        connection.sendall(head)
        with contextlib.suppress(ConnectionError):
            while sent < 1024 * MIB:
                connection.sendall(block)
                sent += len(block)
    assert sent < 200 * MIB
    with connect(api.info["eos_url"]) as connection:
        connection.sendall(head.replace(b"\r\n\r\n", b"\r\nExpect: 100-continue\r\n\r\n"))
        assert connection.recv(65536).startswith(b"HTTP/1.1 4")


def test_a_json_body_over_its_limit() -> None:
    with SandboxProcess().start("--components", "10") as other, Caller(other.info) as api:
        assert api.send("POST", "getComponent", data=b" " * (33 * MIB)).status_code == 413
    assert (other.returncode, other.errors) == (0, "")


@pytest.mark.skipif(sys.platform != "linux", reason="reads the memory of the process where Linux shows it")
def test_idle_connections_take_little_memory(api: Caller, sandbox: SandboxProcess) -> None:
    def resident() -> int:
        pages = Path(f"/proc/{sandbox.process.pid}/statm").read_text().split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE")

    # So that what the first connections need once is there already.
    api.send("GET", "getComponent", json={"component": QUAD})
    before = resident()
    with contextlib.ExitStack() as stack:
        for _ in range(400):
            connection = stack.enter_context(connect(api.info["api_url"]))
            connection.sendall(b"GET /x HTTP/1.1\r\n" + HOST + b"\r\n")
            assert connection.recv(12) == b"HTTP/1.1 200"
        assert (resident() - before) / 400 < 100 * 1024
