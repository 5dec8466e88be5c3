"""The sandbox on the wire: manners of the real servers, and a status or a clean end for whatever comes in."""

from __future__ import annotations

import contextlib
import gzip
import http.client
import json
import os
import re
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
import requests

from tests.sandbox_process import SandboxProcess
from tests.unit.sandbox.caller import QUAD, TIMEOUT, Caller, connect, exchange

HOST = b"Host: localhost\r\n"
MIB = 1024 * 1024


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SandboxProcess]:
    folder = tmp_path_factory.mktemp("wire") / "storage"
    with SandboxProcess().start(
        "--components", "50", "--storage", str(folder), "--largest-upload", "2"
    ) as process:
        process.info["folder"] = folder
        yield process
    assert (process.returncode, process.errors) == (0, "")


@pytest.fixture
def api(server: SandboxProcess) -> Iterator[Caller]:
    with Caller(server.info) as caller:
        yield caller


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


LONG = b"a" * 20_000


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"nonsense\r\n\r\n", 400),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400),
        (b"GET /x\r\n\r\n", 400),
        (b"GET /x HTTP/1.1\r\n\r\n", 400),
        (b"GET /x HTTP/1.1\r\n" + HOST * 2 + b"\r\n", 400),
        (b"GET /x HTTP/2.0\r\n" + HOST + b"\r\n", 505),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
        (b"GET /x HTTP/1.one\r\n" + HOST + b"\r\n", 400),
        (b"GET x HTTP/1.1\r\n" + HOST + b"\r\n", 400),
        (b"GET * HTTP/1.1\r\n" + HOST + b"\r\n", 400),
        (b"CONNECT localhost:80 HTTP/1.1\r\n" + HOST + b"\r\n", 400),
        (b"GET http://[ HTTP/1.1\r\n" + HOST + b"\r\n", 400),
        (b"GET /a%00b HTTP/1.1\r\n" + HOST + b"\r\n", 400),
        (b"GET /a%0d%0aX:%20y HTTP/1.1\r\n" + HOST + b"\r\n", 400),
        (b"GET /a\x00b HTTP/1.1\r\n" + HOST + b"\r\n", 400),
        (b"G\x00ET /x HTTP/1.1\r\n" + HOST + b"\r\n", 400),
        (b"GET /x?" + b"a&" * 300 + b" HTTP/1.1\r\n" + HOST + b"\r\n", 400),
        (b"GET /" + LONG + b" HTTP/1.1\r\n" + HOST + b"\r\n", 414),
        (b"GET /x HTTP/1.1\r\n" + HOST + b"X: " + LONG + b"\r\n\r\n", 431),
        (b"GET /x HTTP/1.1\r\n" + HOST + b"X: y\r\n" * 200 + b"\r\n", 431),
        (b"GET /x HTTP/1.1\r\n" + HOST + (b"X: " + b"y" * 10_000 + b"\r\n") * 9 + b"\r\n", 431),
        (b"GET /x HTTP/1.1\r\n" + HOST + b"X : y\r\n\r\n", 400),
        (b"GET /x HTTP/1.1\r\n" + HOST + b" folded\r\n\r\n", 400),
        (b"GET /x HTTP/1.1\r\n" + HOST + b"X: a\x00b\r\n\r\n", 400),
        (b"GET /x HTTP/1.1\r\n" + HOST + b"X: a\rb\r\n\r\n", 400),
        (b"GET /x HTTP/1.1\r\n" + HOST + b"no colon\r\n\r\n", 400),
        (b"GET /x HTTP/1.1\r\n" + HOST + b"Content-Length: many\r\n\r\n", 400),
        (b"GET /x HTTP/1.1\r\n" + HOST + b"Content-Length: -5\r\n\r\n", 400),
        (b"GET /x HTTP/1.1\r\n" + HOST + b"Content-Length: +5\r\n\r\nabcde", 400),
        (b"GET /x HTTP/1.1\r\n" + HOST + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef", 400),
        (b"GET /x HTTP/1.1\r\n" + HOST + b"Content-Length: " + b"9" * 40 + b"\r\n\r\n", 400),
        (b"GET /x HTTP/1.1\r\n" + HOST + b"Content-Length: " + b"9" * 18 + b"\r\n\r\n", 413),
        (
            b"GET /x HTTP/1.1\r\n"
            + HOST
            + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            400,
        ),
        (b"GET /x HTTP/1.0\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        (b"GET /x HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501),
        (b"GET /x HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\nxyz\r\n", 400),
        (b"GET /x HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\n-5\r\nabcde\r\n", 400),
        (b"GET /x HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\n0x3\r\nabc\r\n", 400),
        (b"GET /x HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabcdef\r\n", 400),
        (b"GET /x HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\n3;" + LONG, 400),
        (b"GET /x HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\nfffffffff\r\nabc", 413),
        (
            b"GET /x HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\n0\r\n" + b"A: b\r\n" * 99,
            431,
        ),
        (b"GET /x HTTP/1.1\r\n" + HOST + b"Expect: a-miracle\r\nContent-Length: 5\r\n\r\nabcde", 417),
        (b"BREW /x HTTP/1.1\r\n" + HOST + b"\r\n", 200),
        (b"TRACE /x HTTP/1.1\r\n" + HOST + b"\r\n", 200),
        (b"\r\n\r\nGET /x HTTP/1.1\r\n" + HOST + b"\r\n", 200),
        (b"GET http://localhost:1/x HTTP/1.1\r\n" + HOST + b"\r\n", 200),
        (b"GET //x HTTP/1.1\r\n" + HOST + b"\r\n", 200),
        (b"GET /%ff%fe%2e%2e%2f..;/\xff HTTP/1.1\r\n" + HOST + b"\r\n", 200),
    ],
)
def test_whatever_comes_in_gets_a_status(api: Caller, sent: bytes, status: int) -> None:
    answer = exchange(api.info["api_url"], sent)
    assert answer.startswith(b"HTTP/1.1 %d " % status), answer[:200]
    assert answer.count(b"HTTP/1.1 ") == 1
    assert api.get("listProjects")


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"\r\n" * 100,
        b"GET /x HT",
        b"GET /x HTTP/1.1\r\nHost: lo",
        b"POST /createComponentAttachment HTTP/1.1\r\n" + HOST + b"Content-Length: 1000\r\n\r\nabc",
        b"POST /x HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\n5\r\nab",
        b"POST /x HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\n5",
    ],
)
def test_a_client_that_leaves_in_the_middle(api: Caller, sent: bytes) -> None:
    answer = exchange(api.info["api_url"], sent)
    assert not answer or answer.startswith(b"HTTP/1.1 400 ")
    assert api.get("listProjects")


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


def test_an_upload_over_the_limit_is_refused(api: Caller) -> None:
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
    folder: Path = api.info["folder"]
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
def test_idle_connections_take_little_memory(api: Caller, server: SandboxProcess) -> None:
    def resident() -> int:
        pages = Path(f"/proc/{server.process.pid}/statm").read_text().split()[1]
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


TRICKS = [
    "../x",
    "..%2fx",
    "%2e%2e/%2e%2e/x",
    "%252e%252e%252fx",
    "a/../../../x",
    "a//b",
    "./x",
    "x/",
    "\\..\\x",
    "%5c..%5cx",
    "C:x",
    "NUL",
    "~",
    "%ff",
    quote("ä/\u202e"),
    "x" * 2000,
]


def everything_below(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("trick", TRICKS)
def test_no_path_leads_out_of_the_storage(api: Caller, trick: str) -> None:
    place: Path = api.info["folder"].parent
    before = everything_below(place)
    keys = {"type": "component", "id": QUAD, "title": "a", "description": "d", "filesize": 3}
    upload = api.post("requestUploadEosFile", **keys)
    # Good for everything below this folder.
    folder = upload["url"].rpartition("/")[0]
    head = f"PUT {urlsplit(folder).path}/{trick} HTTP/1.1\r\nHost: x\r\n"
    sent = f"{head}Authorization: Bearer {upload['token']}\r\nContent-Length: 3\r\n\r\nabc".encode()
    door = exchange(folder, sent)
    status = int(door.split()[1])
    assert status in (307, 400, 403, 404, 414)
    if status == 307:
        location = re.search(rb"Location: (\S+)", door)
        assert location is not None
        assert api.raw("PUT", location[1].decode(), data=b"abc").status_code == 201
    for command in ("getComponentAttachment", "deleteComponentAttachment", "getTestRunAttachment"):
        key = "testRun" if "TestRun" in command else "component"
        assert api.send("POST", command, json={key: QUAD, "code": trick}).status_code == 400
    new = everything_below(place) - before
    objects = {name for name in new if re.fullmatch(r"storage/objects/[0-9a-f]{2}/[0-9a-f]{64}", name)}
    assert len(objects) == (1 if status == 307 else 0)
    assert all(name.startswith("storage/") for name in new)


@pytest.mark.parametrize(
    "disposition",
    [
        'form-data; name="data"; filename="../../../escape"',
        'form-data; name="data"; filename="a\\"b"',
        "form-data; name=\"data\"; filename*=utf-8''%2e%2e%2fescape",
        "form-data; name=\"data\"; filename*0*=utf-8''a; filename*1=b; filename*x=c",
        "form-data; name=\"data\"; filename*=nonsense''%ff%fe",
        'form-data; name="data"; filename*=%',
        'form-data; name="data"; filename="' + "x" * 5000 + '"',
        "form-data; name*0=da; name*1=ta; filename=x",
        "form-data; name; filename",
        "form-data",
        "",
        ';;;=;"',
        'form-data; name="data"; filename="\x00"',
        'form-data; name="data"; filename="\u202ex\ud7ff"',
    ],
)
@pytest.mark.parametrize("boundary", ["boundary=b", "boundary*0*=b"])
def test_odd_forms(api: Caller, disposition: str, boundary: str) -> None:
    fields = {"component": QUAD, "title": "t", "description": "d", "type": "file", "url": "u"}
    parts = [
        f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}' for name, text in fields.items()
    ]
    content = "Content-Type: a\r\n b;c\r\n\r\nabc"
    parts.append(f"--b\r\nContent-Disposition: {disposition}\r\n{content}\r\n--b--\r\n")
    body = "\r\n".join(parts).encode()
    headers = {"Content-Type": f"multipart/form-data; {boundary}"}
    response = api.send("POST", "createComponentAttachment", data=body, headers=headers)
    assert response.status_code in (200, 400)
    if response.status_code == 200:
        keys = {"component": QUAD, "code": response.json()["code"]}
        assert api.send("GET", "getComponentAttachment", json=keys).content == b"abc"
    folder: Path = api.info["folder"]
    assert {entry.name for entry in folder.parent.iterdir()} == {folder.name}


def test_plain_http_to_the_wrong_port_is_no_trouble(api: Caller) -> None:
    node = api.raw("GET", api.info["eos_url"].partition("/eos/")[0] + "/")
    assert node.status_code == 404
    with pytest.raises(requests.exceptions.SSLError):
        api.raw("GET", api.info["api_url"].replace("http:", "https:"))
    assert api.get("listProjects")
