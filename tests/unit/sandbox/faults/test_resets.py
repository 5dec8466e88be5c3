"""Connections that break before or after a write is done; whoever asks first meets the same faults."""

from __future__ import annotations

import contextlib
import http.client
import time
from urllib.parse import urlsplit

import pytest
import requests

from tests.unit.sandbox.caller import QUAD, TIMEOUT, Caller, exchange
from tests.unit.sandbox.faults.eos_file import CONTENT, RESET, address_at_node, request_upload, stored


@pytest.mark.parametrize("after", [0, 100_000, len(CONTENT), 10**9])
def test_a_reset_in_an_upload(api: Caller, after: int) -> None:
    path, location = address_at_node(api)
    api.fail("PUT /eos/*", "reset", after_bytes=after)
    with pytest.raises(RESET):
        api.raw("PUT", location, data=CONTENT)
    entry = api.log()[-1]
    assert (entry["server"], entry["method"], entry["path"]) == ("node", "PUT", path)
    assert (entry["status"], entry["fault"]) == (None, "reset")
    assert entry["bytes_in"] == min(after, len(CONTENT))
    assert stored(api, path) is None


def test_a_reset_is_a_reset_and_no_end(api: Caller) -> None:
    api.fail("GET /listProjects", "reset")
    with pytest.raises(ConnectionResetError):
        exchange(api.info["api_url"], b"GET /listProjects HTTP/1.1\r\nHost: localhost\r\n\r\n", close=False)


def test_a_reset_in_an_answer(api: Caller) -> None:
    path, location = address_at_node(api)
    api.raw("PUT", location, data=CONTENT)
    # The door has no bytes that could be counted: the rule waits for the node.
    api.fail("GET /eos/*", "reset", after_bytes=5000)
    with pytest.raises(requests.exceptions.ChunkedEncodingError, match="reset"):
        stored(api, path)
    entry = api.log()[-1]
    assert (entry["server"], entry["status"], entry["bytes_out"]) == ("node", 200, 5000)


def test_a_small_write_that_is_reset_is_not_done(api: Caller) -> None:
    before = api.get("getComponent", component=QUAD)["sys"]["rev"]
    api.fail("POST /requestUploadEosFile", "reset", after_bytes=10**6)
    with pytest.raises(RESET):
        request_upload(api)
    assert api.get("getComponent", component=QUAD)["sys"]["rev"] == before


def test_a_write_whose_answer_is_lost_is_done(api: Caller) -> None:
    before = api.get("getComponent", component=QUAD)["sys"]["rev"]
    for number, rule in enumerate(({"do": "commit_then_drop"}, {"do": "reset", "side": "answer"}), 1):
        api.fail("POST /requestUploadEosFile", **rule)
        with pytest.raises(requests.ConnectionError):
            request_upload(api)
        assert api.log()[-1]["status"] is None
        assert api.get("getComponent", component=QUAD)["sys"]["rev"] == before + number


def test_a_write_may_be_done_after_its_connection_has_ended(api: Caller) -> None:
    before = api.get("getComponent", component=QUAD)["sys"]["rev"]
    api.fail("POST /requestUploadEosFile", "drop_then_commit", ms=10**8)
    with pytest.raises(requests.ConnectionError):
        request_upload(api)
    assert api.get("getComponent", component=QUAD)["sys"]["rev"] == before
    api.control("DELETE", "faults")
    deadline = time.monotonic() + TIMEOUT
    while api.get("getComponent", component=QUAD)["sys"]["rev"] == before:
        assert time.monotonic() < deadline


def test_an_upload_that_is_stored_but_never_confirmed(api: Caller) -> None:
    url, headers = request_upload(api)
    api.fail("PUT /eos/*", "commit_then_drop")
    first = api.raw("PUT", url, data=CONTENT, headers=headers)
    with pytest.raises(requests.ConnectionError):
        api.raw("PUT", first.headers["Location"], data=CONTENT)
    assert stored(api, urlsplit(url).path) == CONTENT


def test_faults_of_whoever_asks_first(api: Caller) -> None:
    url, headers = request_upload(api)
    place = urlsplit(url)

    def ask() -> http.client.HTTPResponse:
        connection = http.client.HTTPConnection(str(place.hostname), place.port, timeout=TIMEOUT)
        with contextlib.closing(connection):
            connection.putrequest("PUT", place.path)
            for name, value in (headers | {"Expect": "100-continue", "Content-Length": "1000000"}).items():
                connection.putheader(name, value)
            connection.endheaders()
            response = connection.getresponse()
            response.read()
            return response

    api.fail("PUT /eos/*", "status", status=500)
    assert ask().status == 500
    api.fail("PUT /eos/*", "reset", server="door")
    with pytest.raises(ConnectionResetError):
        ask()
    # No byte of the body comes to the door: this one waits for the node.
    api.fail("PUT /eos/*", "reset", after_bytes=10)
    response = ask()
    assert response.status == 307
    with pytest.raises(RESET):
        api.raw("PUT", str(response.getheader("Location")), data=CONTENT)
