"""Servers that hang or crawl, and what ends it: time, the rules' end, the client's, the process's."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.sandbox_process import SandboxProcess
from tests.unit.sandbox.caller import TIMEOUT, Caller, connect
from tests.unit.sandbox.faults.eos_file import CONTENT, address_at_node, stored


def until(condition: Callable[[], Any]) -> Any:
    deadline = time.monotonic() + TIMEOUT
    while not (found := condition()):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    return found


def test_a_stall_ends_after_its_time(api: Caller) -> None:
    api.fail("GET /listProjects", "stall", ms=300)
    start = time.monotonic()
    assert api.get("listProjects")
    assert 0.3 <= time.monotonic() - start < TIMEOUT
    assert api.log()[-1]["ms"] >= 300


def test_a_stall_ends_when_the_rules_are_cleared(api: Caller) -> None:
    path, location = address_at_node(api)
    api.fail("PUT /eos/*", "stall", after_bytes=1000)
    statuses: list[int] = []

    def upload() -> None:
        with Caller(api.info) as other:
            statuses.append(other.raw("PUT", location, data=CONTENT).status_code)

    sender = threading.Thread(target=upload)
    sender.start()
    try:
        stalled = until(lambda: [entry for entry in api.log() if entry["fault"] == "stall"])[0]
        assert (stalled["path"], stalled["status"]) == (path, None)
    finally:
        api.control("DELETE", "faults")
        sender.join(TIMEOUT)
    assert statuses == [201]
    assert stored(api, path) == CONTENT


@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_a_stall_ends_when_the_client_leaves(api: Caller, method: str) -> None:
    _, location = address_at_node(api)
    api.fail(f"{method} /eos/*", "stall")
    path = urlsplit(location).path
    head = f"{method} {path} HTTP/1.1\r\nHost: node\r\nContent-Length: {len(CONTENT)}\r\n\r\n"
    with connect(location) as connection:
        # Bytes that nobody reads do not hide that the client has gone.
        connection.sendall(head.encode() + CONTENT[:1000])
        until(lambda: api.log()[-1]["fault"])

    def has_ended() -> bool:
        return bool(api.log()[-1]["ms"] == api.log()[-1]["ms"])

    until(has_ended)


def test_a_slow_upload_and_a_slow_download(api: Caller) -> None:
    path, location = address_at_node(api)
    content = CONTENT[: 64 * 1024]
    api.fail("PUT /eos/*", "slow", ms=100)
    start = time.monotonic()
    assert api.raw("PUT", location, data=content).status_code == 201
    assert 0.4 <= time.monotonic() - start < TIMEOUT
    api.fail("GET /eos/*", "slow", ms=100, after_bytes=32 * 1024)
    start = time.monotonic()
    assert stored(api, path) == content
    assert 0.2 <= time.monotonic() - start < TIMEOUT


def test_stalled_connections_do_not_keep_the_process() -> None:
    with SandboxProcess().start("--components", "10") as process, Caller(process.info) as api:
        api.fail("* *", "stall", times=None)
        with connect(api.info["api_url"]) as half, connect(api.info["api_url"]) as whole:
            half.sendall(b"POST /x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nabc")
            whole.sendall(b"GET /x HTTP/1.1\r\nHost: localhost\r\n\r\n")
            until(lambda: len(api.log()) == 2)
            start = time.monotonic()
            process.stop()
            assert time.monotonic() - start < TIMEOUT
            assert (half.recv(1), whole.recv(1)) == (b"", b"")
    assert (process.returncode, process.errors) == (0, "")
