from __future__ import annotations

import socket
import time
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.unit.sandbox.caller import QUAD, Caller

SHAPE = {"shape.e002": "The content of shape must be valid."}


def exchange(url: str, sent: bytes) -> bytes:
    """Send raw bytes and return all that comes back until the server closes."""
    place = urlsplit(url)
    with socket.create_connection((place.hostname, place.port or 80), timeout=20) as connection:
        connection.sendall(sent)
        connection.shutdown(socket.SHUT_WR)
        received = b""
        while block := connection.recv(65536):
            received += block
    return received


def test_a_wrong_value(api: Caller) -> None:
    error_map = api.error("GET", "listComponents", 400, project="Fake", pageInfo={"pageSize": 1})
    error = error_map["ucl-itkpd-main/listComponents/invalidDtoIn"]
    assert error["message"] == "DtoIn is not valid."
    assert len(error["id"]) == 32
    rule = {"oneOf.e001": "The value must be one of ['S', 'P', 'CM', 'CE']."}
    assert error["paramMap"] == {"invalidValueKeyMap": {"$": SHAPE, "$.project": rule}}


def test_a_missing_key_and_an_unknown_one(api: Caller) -> None:
    error_map = api.error("GET", "getComponent", 400, pageInfo={"pageSize": 1})
    missing = {"$.component": {"isRequired.e001": "The value is required but missing."}}
    assert error_map["ucl-itkpd-main/getComponent/invalidDtoIn"]["paramMap"] == {
        "unsupportedKeyList": ["$.pageInfo"],
        "invalidValueKeyMap": {"$": SHAPE},
        "missingKeyMap": missing,
    }
    assert error_map["ucl-itkpd-main/getComponent/unsupportedKeys"] == {
        "type": "warning",
        "message": "DtoIn contains unsupported keys.",
        "paramMap": {"unsupportedKeyList": ["$.pageInfo"]},
    }


def test_an_unknown_key_is_a_warning(api: Caller) -> None:
    response = api.send("GET", "getComponent", json={"component": QUAD, "ignoreme": "fake"})
    assert response.status_code == 200
    content = response.json()
    assert content["serialNumber"] == QUAD
    assert content["uuAppErrorMap"] == {
        "ucl-itkpd-main/getComponent/unsupportedKeys": {
            "type": "warning",
            "message": "DtoIn contains unsupported keys.",
            "paramMap": {"unsupportedKeyList": ["$.ignoreme"]},
        }
    }


@pytest.mark.parametrize(
    ("command", "keys"),
    [
        ("getComponent", {"component": [QUAD]}),
        ("getComponent", {"component": QUAD, "noTests": "yes"}),
        ("getTestRunBulk", {"testRun": {"id": 1}}),
        ("getTestRunBulk", {"testRun": [1, 2]}),
        ("listInstitutions", {"pageInfo": {"pageSize": 0}}),
        ("listInstitutions", {"pageInfo": {"pageIndex": -1}}),
        ("listInstitutions", {"pageInfo": {"pageSize": "many"}}),
        ("listComponents", {"filterMap": "P"}),
        ("listComponents", {}),
        ("listComponents", {"filterMap": {"project": "X"}}),
        ("listComponents", {"filterMap": {"propertyFilter": "X"}}),
        ("requestUploadEosFile", {"type": "moon", "id": QUAD, "title": "", "filesize": 1}),
    ],
)
def test_values_of_the_wrong_kind(api: Caller, command: str, keys: dict[str, Any]) -> None:
    error_map = api.error("POST", command, 400, **keys)
    assert f"ucl-itkpd-main/{command}/invalidDtoIn" in error_map


@pytest.mark.parametrize("route", ["aFakeRoute", "", "getcomponent", "more/getUser", "_sandbox/nothing"])
def test_an_unknown_route_shows_the_web_page(api: Caller, route: str) -> None:
    response = api.raw("GET", api.info["api_url"] + route)
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/html")
    assert "<title>ITk Production Database</title>" in response.text
    assert len(response.content) > 12_000


@pytest.mark.parametrize(
    "body", [b"{", b"[]", b'"text"', b"\xff\xfe", b"[" * 100_000, b'{"component": ' + b'{"a":' * 50_000]
)
def test_malformed_json(api: Caller, body: bytes) -> None:
    response = api.send("GET", "getComponent", data=body, headers={"Content-Type": "application/json"})
    assert response.status_code == 400
    assert response.json()["uuAppErrorMap"]


def test_a_body_over_the_limit(api: Caller) -> None:
    response = api.send("POST", "getComponent", data=b" " * (33 * 1024 * 1024))
    assert response.status_code == 413


@pytest.mark.parametrize(
    "sent",
    [
        b"nonsense\r\n\r\n",
        b"GET / HTTP/1.1\r\nContent-Length: many\r\n\r\n",
        b"GET / HTTP/1.1\r\nContent-Length: -5\r\n\r\n",
        b"GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
        b"GET http://[ HTTP/1.1\r\n\r\n",
        b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n\r\n",
    ],
)
def test_malformed_http(api: Caller, sent: bytes) -> None:
    answer = exchange(api.info["api_url"], sent)
    # Without a version in the request there is no status line in the answer, only the page.
    assert answer.split()[1][:1] == b"4" or b"Error code: 400" in answer
    assert api.get("listProjects")


def test_a_client_that_leaves_in_the_middle(api: Caller) -> None:
    head = b"POST /createComponentAttachment HTTP/1.1\r\nContent-Length: 1000\r\n\r\nabc"
    assert exchange(api.info["api_url"], head) == b""
    assert api.get("listProjects")


def test_an_idle_connection_is_closed_after_five_seconds(api: Caller) -> None:
    place = urlsplit(api.info["api_url"])
    with socket.create_connection((place.hostname, place.port or 80), timeout=20) as connection:
        start = time.monotonic()
        assert connection.recv(1) == b""
    assert 4.5 < time.monotonic() - start < 10


def test_headers_of_the_newer_backend(api: Caller) -> None:
    small = api.send("GET", "listProjects")
    assert small.headers["content-type"] == "application/json; charset=utf-8"
    assert small.headers["Server"] == "Apache"
    assert small.headers["Keep-Alive"] == "timeout=5, max=99"
    assert "content-encoding" not in small.headers
    assert "uu.app.bpl" in small.cookies
    large = api.send("GET", "getComponent", json={"component": QUAD})
    assert large.headers["Keep-Alive"] == "timeout=5, max=98"
    assert large.headers["content-encoding"] == "gzip"
    assert large.headers["transfer-encoding"] == "chunked"
    plain = api.send("GET", "getComponent", json={"component": QUAD}, headers={"Accept-Encoding": "identity"})
    assert plain.content == large.content
    assert int(plain.headers["content-length"]) == len(plain.content)


def test_a_connection_ends_after_a_hundred_requests(api: Caller) -> None:
    for left in range(99, 0, -1):
        assert api.send("GET", "listProjects").headers["Keep-Alive"] == f"timeout=5, max={left}"
    assert api.send("GET", "listProjects").headers["Connection"] == "close"
    assert api.send("GET", "listProjects").headers["Keep-Alive"] == "timeout=5, max=99"
