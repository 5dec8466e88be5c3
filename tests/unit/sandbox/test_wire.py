"""The sandbox on the wire has the manners of the real servers."""

from __future__ import annotations

import contextlib
import gzip
import http.client
import json
import re
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.sandbox_process import SandboxProcess
from tests.unit.sandbox.caller import HOST, QUAD, TIMEOUT, Caller, exchange


def head_and_body(connection: http.client.HTTPConnection) -> tuple[list[tuple[str, str]], bytes]:
    response = connection.getresponse()
    return response.getheaders(), response.read()


def recorded(api: Caller, method: str, command: str, **keys: Any) -> tuple[dict[str, str], bytes]:
    """Return the headers exactly as they are written, and the body as it travels."""
    place = urlsplit(api.info["api_url"])
    connection = http.client.HTTPConnection(str(place.hostname), place.port, timeout=TIMEOUT)
    headers = {"Authorization": f"Bearer {api.bearer}", "Accept-Encoding": "gzip"}
    with contextlib.closing(connection):
        connection.request(method, f"/{command}", json.dumps(keys), headers)
        written, body = head_and_body(connection)
    return dict(written), body


def test_reads_are_answered_by_the_newer_backend(api: Caller) -> None:
    small, body = recorded(api, "GET", "listProjects")
    assert small["content-type"] == "application/json; charset=utf-8"
    assert small["content-length"] == str(len(body))
    assert (small["Server"], small["Connection"]) == ("Apache", "Keep-Alive")
    assert small["cache-control"] == "max-age=60, private"
    assert small["Set-Cookie"].startswith("uu.app.cbu=")
    assert "content-encoding" not in small
    assert "X-Request-Id" not in small
    large, body = recorded(api, "GET", "getComponent", component=QUAD)
    assert (large["content-encoding"], large["Transfer-Encoding"]) == ("gzip", "chunked")
    assert json.loads(gzip.decompress(body))["serialNumber"] == QUAD
    by_post, _ = recorded(api, "POST", "listProjects")
    assert by_post.keys() == small.keys()


def test_writes_are_answered_by_the_older_backend(api: Caller) -> None:
    keys = {"type": "component", "id": QUAD, "title": "a", "description": "d", "filesize": 3}
    headers, body = recorded(api, "POST", "requestUploadEosFile", **keys)
    assert headers["Content-Type"] == "application/json; charset=UTF-8"
    assert (headers["Content-Encoding"], headers["Content-Length"]) == ("gzip", str(len(body)))
    assert json.loads(gzip.decompress(body))["type"] == "eos"
    assert headers["Vary"] == "User-Agent,Origin,Accept-Encoding"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Permitted-Cross-Domain-Policies"] == "none"
    assert headers["X-Xss-Protection"] == "1; mode=block"
    identifier = re.compile(r"[A-Za-z0-9]{27}-[0-9a-f]{16}-[0-9a-f]{16}-0001")
    assert identifier.fullmatch(headers["X-Request-Id"])
    assert all(name[0].isupper() for name in headers)
    failed, body = recorded(api, "POST", "requestUploadEosFile")
    assert (failed["Connection"], failed["Content-Length"]) == ("close", str(len(body)))
    assert identifier.fullmatch(failed["X-Request-Id"])
    assert failed["X-Request-Id"] != headers["X-Request-Id"]
    assert "Content-Encoding" not in failed


def test_every_peculiarity_of_connections_can_be_switched_off() -> None:
    arguments = ("--components", "10", "--without", "header-styles,idle-close,empty-eos-files")
    with SandboxProcess().start(*arguments) as other, Caller(other.info) as api:
        keys = {"type": "component", "id": QUAD, "title": "a", "description": "d", "filesize": 0}
        headers, body = recorded(api, "POST", "requestUploadEosFile", **keys)
        assert headers["content-type"] == "application/json; charset=utf-8"
        assert headers["Keep-Alive"] == "timeout=3600, max=100"
        assert "X-Request-Id" not in headers
        upload = json.loads(body)
        query = {"path": urlsplit(upload["url"]).path, "permissions": "rw"}
        token = api.raw("POST", api.info["eos_token_url"], params=query).json()["token"]
        bearer = {"Authorization": f"Bearer {token}"}
        first = api.raw("PUT", upload["url"], headers=bearer)
        assert api.raw("PUT", first.headers["Location"], data=b"").status_code == 201
        door = api.raw("GET", upload["url"], headers=bearer)
        assert door.status_code == 307
        node = api.raw("GET", door.headers["Location"])
        assert (node.content, node.headers["Content-Type"]) == (b"", "application/octet-stream")
    assert (other.returncode, other.errors) == (0, "")


def test_only_the_headers_of_a_large_answer(api: Caller) -> None:
    body = json.dumps({"component": QUAD}).encode()
    head = b"HEAD /getComponent HTTP/1.1\r\n" + HOST + b"Authorization: Bearer " + api.bearer.encode()
    head += b"\r\nAccept-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(body) + body
    last = b"GET /x HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n"
    first, _, rest = exchange(api.info["api_url"], head + last, close=False).partition(b"\r\n\r\n")
    assert b"Transfer-Encoding: chunked" in first
    assert rest.startswith(b"HTTP/1.1 200 OK\r\n")


def test_a_connection_ends_after_its_requests(api: Caller) -> None:
    for left in range(100, 0, -1):
        assert api.send("GET", "listProjects").headers["Keep-Alive"] == f"timeout=5, max={left}"
    assert api.send("GET", "listProjects").headers["Connection"] == "close"
    assert api.send("GET", "listProjects").headers["Keep-Alive"] == "timeout=5, max=100"


def test_the_identity_provider_keeps_connections_longer(api: Caller) -> None:
    listed = api.raw("GET", api.info["auth_url"] + "listKeys")
    assert listed.headers["Keep-Alive"] == "timeout=15, max=500"
    assert api.send("GET", "listProjects").headers["Keep-Alive"] == "timeout=5, max=99"


def test_requests_may_come_before_their_answers(api: Caller) -> None:
    one = b"GET /x HTTP/1.1\r\n" + HOST + b"Content-Length: 3\r\n\r\nabc"
    last = b"GET /x HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n"
    answers = exchange(api.info["api_url"], one * 3 + last, close=False)
    assert answers.count(b"HTTP/1.1 200 OK") == 4


def test_old_clients(api: Caller) -> None:
    url = api.info["api_url"]
    plain = exchange(url, b"GET /x HTTP/1.0\r\nAccept-Encoding: gzip\r\n\r\n", close=False)
    assert plain.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b"Connection: close\r\n" in plain
    assert b"chunked" not in plain
    assert plain.endswith(b"</html>")
    stays = b"GET /x HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"
    assert exchange(url, stays + b"GET /x HTTP/1.0\r\n\r\n", close=False).count(b"HTTP/1.1 200") == 2


@pytest.mark.parametrize("end", [b"", b"0\r\n\r\n"])
def test_a_read_from_eos_with_a_lone_transfer_encoding(api: Caller, end: bytes) -> None:
    head = b"GET /eos/x HTTP/1.1\r\n" + HOST + b"transfer-encoding: chunked\r\n"
    answer = exchange(api.info["eos_url"], head + b"\r\n" + end, close=False)
    assert answer.startswith(b"HTTP/1.1 404 ")
    # The chunk that ends the body that is none is no request either.
    found = api.send("GET", "getComponent", json={"component": QUAD, "noEosToken": False}).json()
    url = next(entry["url"] for entry in found["attachments"] if entry["type"] == "eos")
    place = urlsplit(url)
    line = f"GET {place.path}?{place.query} HTTP/1.1\r\n".encode()
    read = line + HOST + b"transfer-encoding: chunked\r\n\r\n"
    last = b"FOO / HTTP/1.1\r\n" + HOST + b"\r\n"
    answers = exchange(url, (read + end) * 2 + last, close=False)
    assert re.findall(rb"HTTP/1.1 (\d+)", answers) == [b"307", b"307", b"405"]
