"""Requests over real sockets: repetition, time-outs, cancelling, and every way an answer can be wrong."""

from __future__ import annotations

import contextlib
import gzip
import logging
import socket
import ssl
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import requests

from itkgui.client.exceptions import (
    AnswerError,
    BadRequest,
    ComponentNotFound,
    Conflict,
    Forbidden,
    NotFound,
    NotTheApi,
    ServerSilent,
    ServerTrouble,
    ServerUnreachable,
    SessionExpired,
    TestRunNotFound,
    TlsFailed,
    TooLarge,
    TooManyRequests,
    UnexpectedStatus,
    UnreadableAnswer,
)
from itkgui.client.local_server import HostUnknown
from itkgui.client.session import Request, Session
from tests.unit.client.conftest import ask

if TYPE_CHECKING:
    from tests.unit.client.conftest import Wire


def test_a_read_is_a_get_with_a_json_body(wire: Wire) -> None:
    server = wire.server_of(wire.json({"answer": 42}))
    assert ask(server) == {"answer": 42}
    (request,) = server.received
    assert (request.method, request.target, request.json) == ("GET", "/getThing", {"a": 1})
    assert request.headers["user-agent"].startswith("itkgui/")


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, BadRequest),
        (401, SessionExpired),
        (403, Forbidden),
        (404, NotFound),
        (409, Conflict),
        (413, TooLarge),
        (418, UnexpectedStatus),
        (429, TooManyRequests),
        (500, ServerTrouble),
        (302, NotTheApi),
        (304, NotTheApi),
    ],
)
@pytest.mark.parametrize(
    "body", [b"", b"{}", b"<html>no</html>", b'{"uuAppErrorMap": "text"}', b"[1", b"null"]
)
def test_each_status_has_its_error_whatever_the_body(
    wire: Wire, status: int, error: type[AnswerError], body: bytes
) -> None:
    server = wire.server_of(wire.reply(status, body if status != 304 else b"", X_Request_Id="request-1"))
    with pytest.raises(error) as caught:
        ask(server)
    assert type(caught.value) is error
    assert caught.value.status == status
    assert caught.value.request_id == "request-1"
    assert "getThing" in caught.value.detail
    assert caught.value.detail.endswith(" (request request-1)")  # so it is in the log too


def test_number_of_the_report_stands_in_for_that_of_the_request(wire: Wire) -> None:
    report = {"id": "047c", "type": "error", "message": "No."}
    warning = {"id": "1", "type": "warning", "message": "Hm."}
    body = {"uuAppErrorMap": {"a/b/unsupportedKeys": warning, "a/b/invalidDtoIn": report}}
    with pytest.raises(BadRequest) as caught:  # as the newer backend, which sends no header
        ask(wire.server_of(wire.json(body, 400)))
    assert caught.value.request_id == "047c"
    secret = wire.server_of(wire.json({}, 400, X_Request_Id="token=cAnary"))
    with pytest.raises(BadRequest) as caught:
        ask(secret)
    assert "cAnary" not in f"{caught.value} {caught.value.request_id}"


@pytest.mark.parametrize(
    ("status", "code", "error"),
    [
        (400, "cern-itkpd-main/getComponent/componentDoesNotExist", ComponentNotFound),
        (400, "ucl-itkpd-main/getComponent/componentDoesNotExist", ComponentNotFound),
        (400, "ucl-itkpd-main/getTestRun/testRunDaoGetFailed", TestRunNotFound),
        (400, "ucl-itkpd-main/getComponent/testRunDoesNotExist", TestRunNotFound),
        (401, "uu-app-workspace/authorization/userIsNotAuthorized", Forbidden),
        (403, "uu-app-workspace/authorization/userIsNotAuthorized", Forbidden),
        (400, "ucl-itkpd-main/listComponents/invalidDtoIn", BadRequest),
    ],
)
def test_codes_of_the_server_make_errors_precise(
    wire: Wire, status: int, code: str, error: type[AnswerError]
) -> None:
    with pytest.raises(AnswerError) as caught:
        ask(wire.server_of(wire.failure(status, code + " ")))
    assert type(caught.value) is error
    assert caught.value.codes == (code.partition("/")[2],)
    assert caught.value.has_code(code.rpartition("/")[2])


def test_a_refusal_names_the_fields(wire: Wire) -> None:
    parameters = {
        "unsupportedKeyList": ["$.pageInfo"],
        "invalidValueKeyMap": {"$.project": {"oneOf.e001": "The value must be one of ['S', 'P']."}},
        "missingKeyMap": {"$.component": {"isRequired.e001": "The value is required but missing."}},
    }
    reply = wire.failure(400, "x/listComponents/invalidDtoIn", "DtoIn is not valid.", paramMap=parameters)
    with pytest.raises(BadRequest) as caught:
        ask(wire.server_of(reply))
    for word in (
        "DtoIn is not valid.",
        "$.project",
        "one of ['S', 'P']",
        "$.component",
        "required but missing",
    ):
        assert word in caught.value.detail


def test_warnings_are_logged_and_do_no_harm(wire: Wire, caplog: pytest.LogCaptureFixture) -> None:
    entry = {"type": "warning", "message": "Unsupported.", "paramMap": {"unsupportedKeyList": ["$.odd"]}}
    with caplog.at_level(logging.WARNING):
        answer = ask(wire.server_of(wire.json({"uuAppErrorMap": {"ucl/getThing/unsupportedKeys": entry}})))
    assert "uuAppErrorMap" in answer
    assert "getThing/unsupportedKeys: Unsupported. unsupported: $.odd" in caplog.text


@pytest.mark.parametrize("body", [b"<!DOCTYPE html><html></html>", b"", b"{}"])
def test_a_web_page_is_not_the_api(wire: Wire, body: bytes) -> None:
    with pytest.raises(NotTheApi):
        ask(wire.server_of(wire.reply(200, body, "text/html; charset=utf-8")))


def test_a_web_page_that_claims_to_be_json_is_not_the_api(wire: Wire) -> None:
    with pytest.raises(NotTheApi):
        ask(wire.server_of(wire.reply(200, b"\n <html></html>")))


@pytest.mark.parametrize(
    "body",
    [
        b'{"a": [1, 2',
        b"[]",
        b"null",
        b'"text"',
        b"12",
        b"\xff\xfe\x00",
        b"[" * 100_000,
        b"{'a': 1}",
        b"9" * 9000,
    ],
)
def test_what_is_no_json_object_is_unreadable(wire: Wire, body: bytes) -> None:
    with pytest.raises(UnreadableAnswer):
        ask(wire.server_of(wire.reply(200, body)))


@pytest.mark.parametrize("content_type", ["application/json", ""])
def test_an_empty_body_is_an_empty_object(wire: Wire, content_type: str) -> None:
    assert ask(wire.server_of(wire.reply(200, b"", content_type))) == {}


@pytest.mark.parametrize(
    "reply",
    [
        b'HTTP/1.1 200 OK\r\nContent-Length: 100\r\nConnection: close\r\n\r\n{"a": 1}',
        b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n8\r\n{"a": 1}\r\n',
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\nxyz\r\n{}\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\nConnection: close\r\n\r\n{}{}",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n"
        + gzip.compress(b'{"a": "bcdefgh"}')[:-14],
        b"SSH-2.0-OpenSSH_9.6\r\nConnection: close\r\n\r\n",
        b"HTTP/1.1 999999 OK\r\nConnection: close\r\n\r\n",
    ],
    ids=["short", "chunk missing", "chunk damaged", "no gzip", "gzip cut", "no http", "no status"],
)
def test_a_damaged_answer_is_unreadable(wire: Wire, reply: bytes) -> None:
    with pytest.raises(UnreadableAnswer):
        ask(wire.server_of(reply))


def test_a_packed_answer_is_unpacked(wire: Wire) -> None:
    reply = wire.reply(200, gzip.compress(b'{"a": "\xc2\xb5"}'), Content_Encoding="gzip")
    assert ask(wire.server_of(reply)) == {"a": "µ"}


def test_each_thread_has_its_own_connection(wire: Wire) -> None:
    server = wire.server_of(wire.json({}))
    session = Session(server.settings())
    for _ in range(3):
        thread = threading.Thread(target=session.json, args=(Request("GET", server.url),))
        thread.start()
        thread.join()
    assert server.connections == 3
    session.close()


def test_silence_ends_in_time(wire: Wire) -> None:
    with pytest.raises(ServerSilent):
        ask(wire.server_of(wire.silence), read_timeout=0.1)


def test_a_byte_now_and_then_is_silence_too(wire: Wire) -> None:
    def drip() -> Any:
        yield b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"
        while True:
            yield b" "
            time.sleep(0.01)

    started = time.monotonic()
    with pytest.raises(ServerSilent):
        ask(wire.server(lambda _: drip()), read_timeout=0.2)
    assert time.monotonic() - started < 20


def test_nobody_there(wire: Wire) -> None:
    server = wire.server_of(b"")
    server.close()
    with pytest.raises(ServerUnreachable):
        ask(server)


def test_no_such_host(wire: Wire) -> None:
    session = Session(wire.server_of(b"").settings())
    with pytest.raises(HostUnknown):
        session.json(Request("GET", "http://no-such-host.invalid/"))


@pytest.mark.parametrize("url", ["http://", "ftp://127.0.0.1/", "http://[::1", "text", "http://a..b/"])
def test_an_impossible_address_is_an_error_of_the_tree(wire: Wire, url: str) -> None:
    session = Session(wire.server_of(b"").settings())
    with pytest.raises(ServerUnreachable):
        session.json(Request("GET", url))


def serve_once(listener: socket.socket, speak: Any) -> threading.Thread:
    """Take one connection in a thread of its own, and do with it what the test says."""

    def run() -> None:
        connection, _ = listener.accept()
        with connection, contextlib.suppress(OSError):
            speak(connection)

    listener.settimeout(5)
    thread = threading.Thread(target=run)
    thread.start()
    return thread


def test_tls_to_a_server_without_it(wire: Wire) -> None:
    session = Session(wire.server_of(b"").settings())
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = serve_once(listener, lambda connection: connection.sendall(b"HTTP/1.1 400 No\r\n\r\n"))
        with pytest.raises(TlsFailed):
            session.json(Request("GET", f"https://127.0.0.1:{listener.getsockname()[1]}/"))
        server.join()


def test_tls_to_a_server_that_nobody_vouches_for(wire: Wire, certificate: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    session = Session(wire.server_of(b"").settings())
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = serve_once(listener, lambda connection: context.wrap_socket(connection, server_side=True))
        with pytest.raises(TlsFailed):
            session.json(Request("GET", f"https://127.0.0.1:{listener.getsockname()[1]}/"))
        server.join()


@pytest.mark.parametrize("stream", [False, True])
def test_who_speaks_in_the_terms_of_requests_gets_the_body(wire: Wire, stream: bool) -> None:
    server = wire.server_of(wire.json({"a": 1}), wire.failure(400, "a/b/c"))
    session = Session(server.settings())
    prepared = requests.Request("GET", server.url).prepare()
    response = session.respond(prepared, stream=stream)
    assert response.raw.closed is not stream
    assert response.json() == {"a": 1}
    assert session.respond(prepared, stream=stream).json()["uuAppErrorMap"]
    session.close()


def test_redirects_are_not_followed(wire: Wire) -> None:
    other = wire.server_of(wire.json({}))
    server = wire.server_of(wire.reply(302, Location=other.url), wire.reply(302, Location="http://[bad"))
    for _ in range(2):
        with pytest.raises(NotTheApi):
            ask(server)
    assert not other.received


def test_the_users_environment_stays_out_of_loopback(
    wire: Wire, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login me password canary\n")
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1/")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/no/such/file")
    server = wire.server_of(wire.reply(200, b"{}", Set_Cookie="a=b"))
    session = Session(server.settings())
    for _ in range(2):
        session.json(Request("GET", server.url, bearer="token"))
    session.json(Request("GET", server.url))
    assert [request.headers.get("authorization") for request in server.received] == ["Bearer token"] * 2 + [
        None
    ]
    assert not any("cookie" in request.headers for request in server.received)
    session.close()


def test_a_proxy_of_the_environment_is_used_for_other_hosts(
    wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy = wire.server_of(wire.json({"by": "proxy"}))
    monkeypatch.setenv("http_proxy", proxy.url)
    session = Session(proxy.settings())
    assert session.json(Request("GET", "http://database.invalid/getThing")) == {"by": "proxy"}
    assert proxy.received[0].target == "http://database.invalid/getThing"
    session.close()


def test_a_file_of_certificates_that_is_missing(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/no/such/file")
    session = Session(wire.server_of(b"").settings())
    with pytest.raises(TlsFailed):
        session.json(Request("GET", "https://database.invalid/"))


def test_the_server_s_time_is_what_its_latest_answer_told(wire: Wire) -> None:
    told = iter(["Thu, 26 Nov 2026 10:00:00 GMT", "no date"])
    server = wire.server(lambda _: wire.reply(200, b"{}", "application/json", Date=next(told)))
    session = Session(server.settings())
    request = Request("GET", f"{server.url}getThing")
    assert abs(session.server_time() - time.time()) < 60
    session.json(request)
    assert 0 <= session.server_time() - 1795687200 < 60
    session.json(request)
    assert 0 <= session.server_time() - 1795687200 < 60, "an answer without a date tells nothing new"
    session.close()
