"""How connections end, and what is told of them."""

from __future__ import annotations

import subprocess
import sys
import threading
from urllib.parse import urlsplit

import pytest

from tests.sandbox_process import SandboxProcess
from tests.unit.sandbox.caller import QUAD, TIMEOUT, Caller, connect, read_all


def test_an_answer_survives_what_the_client_still_sends(api: Caller) -> None:
    """EOS reads come with a chunk that ends a body they do not have, from some clients in pieces."""
    head = f"GET {urlsplit(api.info['eos_url']).path}x HTTP/1.1\r\nHost: localhost\r\n".encode()
    for _ in range(30):
        with connect(api.info["eos_url"]) as connection:
            connection.sendall(head + b"Transfer-Encoding: chunked\r\n\r\n")
            assert connection.recv(12) == b"HTTP/1.1 403"
            connection.sendall(b"0\r\n\r\n")
            assert b"user access restricted" in read_all(connection)


def test_the_chunk_may_come_in_two_pieces(api: Caller) -> None:
    url = next(str(entry["url"]) for entry in api.attachments(QUAD, tokens=True) if entry["type"] == "eos")
    place = urlsplit(url)
    head = f"GET {place.path}?{place.query} HTTP/1.1\r\nHost: localhost\r\n".encode()
    with connect(url) as connection:
        for _ in range(3):
            connection.sendall(head + b"Transfer-Encoding: chunked\r\n\r\n")
            answer = b""
            while b"\r\n\r\n" not in answer:
                answer += connection.recv(65536)
            assert answer.startswith(b"HTTP/1.1 307")
            connection.sendall(b"0\r\n")
            connection.sendall(b"\r\n")


def test_an_expired_token_is_handed_out_on_demand(api: Caller) -> None:
    url = next(str(entry["url"]) for entry in api.attachments(QUAD) if entry["type"] == "eos")
    service = f"{api.info['eos_token_url']}?path={urlsplit(url).path}"
    api.fail("POST /generate-token", "expire_token")
    spoilt, good = (api.raw("POST", service).json()["token"] for _ in range(2))
    assert api.raw("GET", f"{url}?authz={spoilt}").status_code == 403
    assert api.raw("GET", f"{url}?authz={good}").status_code == 307


def test_garbage_is_noise_for_a_bad_question_too(api: Caller) -> None:
    api.fail("GET /getUser", "garbage")
    response = api.send("GET", "getUser", data=b"{", headers={"Content-Type": "application/json"})
    assert response.status_code == 200
    with pytest.raises(ValueError, match=r"Expecting|decode|codec"):
        response.json()


def test_a_token_behind_an_encoded_question_mark_is_not_logged(api: Caller) -> None:
    api.raw("GET", f"{api.info['eos_url']}x%3Fauthz=zteos64:CANARY")
    text = api.raw("GET", f"{api.info['api_url']}_sandbox/log").text
    assert "/eos/atlas/test/itkpd/x" in text
    assert "CANARY" not in text


def test_a_stalled_request_tells_what_came(api: Caller) -> None:
    api.control("DELETE", "log")
    api.fail("POST /getUser", "stall", after_bytes=10)
    body = b'{"userIdentity": "12-3456-1"}'
    options = {"data": body, "headers": {"Content-Type": "application/json"}}
    thread = threading.Thread(target=api.send, args=("POST", "getUser"), kwargs=options)
    thread.start()
    with Caller(api.info) as other:
        while not any(entry["bytes_in"] >= 10 for entry in other.log()):
            assert thread.is_alive()
        other.control("DELETE", "faults")
    thread.join(TIMEOUT)
    assert not thread.is_alive()


def test_verbose_tells_every_request() -> None:
    with SandboxProcess().start("--components", "50", "--verbose") as process, Caller(process.info) as api:
        api.get("listProjects")
    assert "api GET /listProjects: 200 in " in process.errors


def test_whoever_started_it_is_gone() -> None:
    command = [sys.executable, "-m", "itkgui.sandbox", "--components", "50"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None
    with process.stderr as errors:
        assert process.wait(TIMEOUT) == 1
        assert errors.read() == b""
