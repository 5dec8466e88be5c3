"""Answers that are refusals, web pages, noise, or cut short; and writes that lose bytes."""

from __future__ import annotations

import json

import pytest
import requests

from tests.unit.sandbox.caller import QUAD, Caller, exchange
from tests.unit.sandbox.faults.eos_file import CONTENT, address_at_node, stored


def test_a_status_in_the_style_of_each_server(api: Caller) -> None:
    api.fail("* *", "status", times=3, headers={"Retry-After": "1"})
    database = api.send("GET", "listProjects")
    assert (database.status_code, database.headers["Retry-After"]) == (503, "1")
    assert "uu-app-server/serviceUnavailable" in database.json()["uuAppErrorMap"]
    identity = api.raw("POST", api.info["auth_url"] + "grantToken", json={})
    assert identity.status_code == 503
    assert '"uuAppErrorMap" : ' in identity.text
    store = api.raw("PUT", api.info["eos_url"] + "x", data=CONTENT)
    assert (store.status_code, store.headers["Content-Type"]) == (503, "text/plain")


def test_a_status_leaves_everything_as_it_was(api: Caller) -> None:
    before = api.attachments(QUAD)
    api.fail("POST /createComponentAttachment", "status", status=500)
    with pytest.raises(AssertionError):
        api.attach(QUAD, "a.txt", CONTENT)
    assert api.attachments(QUAD) == before


def test_web_pages_instead_of_answers(api: Caller) -> None:
    api.fail("* *", "html", times=2)
    page = api.send("GET", "listProjects")
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "<title>ITk Production Database</title>" in page.text
    page = api.raw("GET", api.info["eos_url"] + "x")
    assert "<title>Maintenance</title>" in page.text


def test_garbage_instead_of_json(api: Caller) -> None:
    api.fail("* *", "garbage", times=3)
    read = api.send("GET", "getComponent", json={"component": QUAD})
    assert read.headers["content-encoding"] == "gzip"
    written = api.send("POST", "requestUploadEosFile", json={})
    granted = api.raw("POST", api.info["auth_url"] + "grantToken", json={})
    for response in (read, written, granted):
        assert response.status_code == 200
        assert response.headers["Content-Type"].startswith("application/json")
        with pytest.raises(requests.JSONDecodeError):
            response.json()


def test_garbage_from_eos_keeps_the_length_and_the_promised_checksum(api: Caller) -> None:
    path, location = address_at_node(api)
    api.raw("PUT", location, data=CONTENT)
    api.fail("GET /eos/*", "garbage")
    spoilt = stored(api, path)
    assert spoilt is not None
    assert len(spoilt) == len(CONTENT)
    assert not any(map(int.__eq__, spoilt, CONTENT))
    assert stored(api, path) == CONTENT


def test_a_server_that_loses_bytes_of_an_upload(api: Caller) -> None:
    path, location = address_at_node(api)
    api.fail("PUT /eos/*", "truncate", after_bytes=300_000)
    assert api.raw("PUT", location, data=CONTENT).status_code == 201
    assert stored(api, path) == CONTENT[:300_000]
    api.fail("POST /createComponentAttachment", "truncate", after_bytes=1000)
    code = api.attach(QUAD, "a.bin", CONTENT)["code"]
    found = api.send("GET", "getComponentAttachment", json={"component": QUAD, "code": code})
    assert found.content == CONTENT[:1000]


@pytest.mark.parametrize("encoding", ["identity", "gzip"])
def test_an_answer_that_is_cut_short(api: Caller, encoding: str) -> None:
    api.fail("GET /getComponent", "truncate", after_bytes=100)
    body = json.dumps({"component": QUAD})
    head = (
        f"GET /getComponent HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {api.bearer}\r\n"
        f"Accept-Encoding: {encoding}\r\nContent-Length: {len(body)}\r\n\r\n{body}"
    )
    answer, _, content = exchange(api.info["api_url"], head.encode(), close=False).partition(b"\r\n\r\n")
    assert len(content) == 100
    promised = next(line for line in answer.lower().split(b"\r\n") if line.startswith(b"content-length:"))
    assert int(promised.partition(b":")[2]) > 1000
    api.fail("GET /getComponent", "truncate", after_bytes=10**9)
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        api.send("GET", "getComponent", json={"component": QUAD})
