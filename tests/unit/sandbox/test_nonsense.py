"""A status or a clean end for whatever comes in: nonsense, half of a request, forms nobody would write."""

from __future__ import annotations

import pytest
import requests

from tests.unit.sandbox.caller import HOST, Caller, exchange

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


def test_plain_http_to_the_wrong_port_is_no_trouble(api: Caller) -> None:
    node = api.raw("GET", api.info["eos_url"].partition("/eos/")[0] + "/")
    assert node.status_code == 404
    with pytest.raises(requests.exceptions.SSLError):
        api.raw("GET", api.info["api_url"].replace("http:", "https:"))
    assert api.get("listProjects")
