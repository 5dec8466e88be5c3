"""The sandbox fails on demand, as often and as far as it was told, and keeps a log of what it was asked."""

from __future__ import annotations

import contextlib
import hashlib
import http.client
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import jwt
import pytest
import requests

from tests.sandbox_process import SandboxProcess
from tests.unit.sandbox.caller import QUAD, TIMEOUT, Caller, exchange

CONTENT = bytes(range(256)) * 4096
RESET = (ConnectionResetError, requests.ConnectionError)


@pytest.fixture(scope="module")
def server() -> Iterator[SandboxProcess]:
    with SandboxProcess().start("--components", "50") as process:
        yield process
    assert (process.returncode, process.errors) == (0, "")


@pytest.fixture
def api(server: SandboxProcess) -> Iterator[Caller]:
    with Caller(server.info) as caller:
        caller.control("DELETE", "faults")
        caller.control("DELETE", "log")
        yield caller


def until(condition: Callable[[], Any]) -> Any:
    deadline = time.monotonic() + TIMEOUT
    while not (found := condition()):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    return found


def request_upload(api: Caller) -> tuple[str, dict[str, str]]:
    """Return the address at the door and the credential for it."""
    answer = api.post(
        "requestUploadEosFile", type="component", id=QUAD, title="a", description="d", filesize=3
    )
    return str(answer["url"]), {"Authorization": f"Bearer {answer['token']}"}


def address_at_node(api: Caller, method: str = "PUT") -> tuple[str, str]:
    """Return the path of a new upload and the address to which the door sends it."""
    url, headers = request_upload(api)
    first = api.raw(method, url, headers=headers)
    assert first.status_code == 307
    return urlsplit(url).path, str(first.headers["Location"])


def stored(api: Caller, path: str) -> bytes | None:
    """Return what lies on EOS at a path, or None."""
    token = api.raw("POST", api.info["eos_token_url"], params={"path": path}).json()["token"]
    door = api.raw("GET", api.info["eos_url"].partition("/eos/")[0] + path + "?authz=" + token)
    if door.status_code == 404:
        return None
    return bytes(api.raw("GET", door.headers["Location"]).content)


def test_rules_are_listed_with_their_turns_and_cleared(api: Caller) -> None:
    rule = {"match": "GET /listProjects", "do": "status", "status": 429, "times": 2}
    listed = api.control("POST", "faults", [rule])
    assert listed == api.control("GET", "faults")
    assert {key: listed[0][key] for key in rule} == rule
    assert listed[0]["left"] == 2
    assert api.send("GET", "listProjects").status_code == 429
    api.fail("GET /getUser", "html", times=None)
    assert [entry["left"] for entry in api.control("GET", "faults")] == [1, None]
    assert api.send("GET", "listProjects").status_code == 429
    assert api.send("GET", "listProjects").status_code == 200
    assert api.control("DELETE", "faults") == []
    assert api.control("GET", "faults") == []


@pytest.mark.parametrize(
    ("rule", "named"),
    [
        ({"do": "reset"}, '"match"'),
        ({"match": "GET /x"}, '"do"'),
        ({"match": "get /x", "do": "reset"}, '"match"'),
        ({"match": "/x", "do": "reset"}, '"match"'),
        ({"match": "GET /x", "do": "explode"}, '"do"'),
        ({"match": "GET /x", "do": ["reset"]}, '"do"'),
        ({"match": "GET /x", "do": "reset", "after": 3}, '"after"'),
        ({"match": "GET /x", "do": "reset", "after_bytes": -1}, '"after_bytes"'),
        ({"match": "GET /x", "do": "reset", "after_bytes": 1.5}, '"after_bytes"'),
        ({"match": "GET /x", "do": "status", "status": 99}, '"status"'),
        ({"match": "GET /x", "do": "status", "headers": {"A": "b\r\nc"}}, '"headers"'),
        ({"match": "GET /x", "do": "reset", "times": 0}, '"times"'),
        ({"match": "GET /x", "do": "reset", "times": True}, '"times"'),
        ({"match": "GET /x", "do": "reset", "server": "moon"}, '"server"'),
        ({"match": "GET /x", "do": "slow", "ms": "500"}, '"ms"'),
        ("reset", "Rule 2"),
    ],
)
def test_a_wrong_rule_is_refused_with_its_key_and_none_is_added(api: Caller, rule: Any, named: str) -> None:
    good = {"match": "GET /x", "do": "reset"}
    response = api.raw("POST", api.info["api_url"] + "_sandbox/faults", json=[good, rule])
    assert response.status_code == 400
    assert named in response.json()["error"]
    assert api.control("GET", "faults") == []


@pytest.mark.parametrize("body", [b"", b"{", b"{}", b"[" * 100_000, b"3"])
def test_what_is_no_list_of_rules_is_refused(api: Caller, body: bytes) -> None:
    response = api.raw("POST", api.info["api_url"] + "_sandbox/faults", data=body)
    assert response.status_code == 400
    assert response.json()["error"]


def test_the_first_rule_with_turns_acts_and_some_requests_pass_first(api: Caller) -> None:
    api.fail("GET /list*", "status", status=500, skip=1)
    api.fail("* *Projects", "status", status=502, times=2)
    said = [api.send("GET", "listProjects").status_code for _ in range(4)]
    assert said == [502, 500, 502, 200]
    api.fail("POST *", "status", status=500)
    assert api.send("GET", "listProjects").status_code == 200


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


def test_an_upload_that_is_stored_but_never_confirmed(api: Caller) -> None:
    url, headers = request_upload(api)
    api.fail("PUT /eos/*", "commit_then_drop")
    first = api.raw("PUT", url, data=CONTENT, headers=headers)
    with pytest.raises(requests.ConnectionError):
        api.raw("PUT", first.headers["Location"], data=CONTENT)
    assert stored(api, urlsplit(url).path) == CONTENT


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


def test_a_stall_ends_after_its_time(api: Caller) -> None:
    api.fail("GET /listProjects", "stall", ms=300)
    start = time.monotonic()
    assert api.get("listProjects")
    assert 0.3 <= time.monotonic() - start < 5
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
    place = urlsplit(location)
    api.fail(f"{method} /eos/*", "stall")
    head = f"{method} {place.path} HTTP/1.1\r\nHost: node\r\nContent-Length: {len(CONTENT)}\r\n\r\n"
    with socket.create_connection((place.hostname, place.port or 80), timeout=TIMEOUT) as connection:
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
    assert 0.4 <= time.monotonic() - start < 5
    api.fail("GET /eos/*", "slow", ms=100, after_bytes=32 * 1024)
    start = time.monotonic()
    assert stored(api, path) == content
    assert 0.2 <= time.monotonic() - start < 5


def test_stalled_connections_do_not_keep_the_process() -> None:
    with SandboxProcess().start("--components", "10") as process, Caller(process.info) as api:
        api.fail("* *", "stall", times=None)
        place = urlsplit(api.info["api_url"])
        with (
            socket.create_connection((place.hostname, place.port or 80), timeout=TIMEOUT) as half,
            socket.create_connection((place.hostname, place.port or 80), timeout=TIMEOUT) as whole,
        ):
            half.sendall(b"POST /x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nabc")
            whole.sendall(b"GET /x HTTP/1.1\r\nHost: localhost\r\n\r\n")
            until(lambda: len(api.log()) == 2)
            start = time.monotonic()
            process.stop()
            assert time.monotonic() - start < 5
            assert (half.recv(1), whole.recv(1)) == (b"", b"")
    assert (process.returncode, process.errors) == (0, "")


def test_an_expired_bearer_is_replaced_by_a_new_one_only(api: Caller) -> None:
    api.fail("GET /listProjects", "expire_token")
    for command in ("listProjects", "listProjects", "getUser"):
        assert "uu-oidc/invalidToken" in api.error("GET", command, 401)
    codes = {"accessCode1": api.info["access_code1"], "accessCode2": api.info["access_code2"]}
    api.fail("POST *grantToken", "expire_token")
    expired, good = (
        api.raw("POST", api.info["auth_url"] + "grantToken", json=codes).json()["id_token"] for _ in range(2)
    )
    claims = jwt.decode(expired, options={"verify_signature": False})
    assert claims["exp"] < time.time()
    assert claims["exp"] - claims["iat"] == 1800
    api.bearer = expired
    assert "uu-oidc/invalidToken" in api.error("GET", "listProjects", 401)
    api.bearer = good
    assert api.get("listProjects")
    api.info["bearer"] = good


def test_expired_tokens_and_capabilities_of_eos(api: Caller) -> None:
    url, headers = request_upload(api)
    api.fail("PUT /eos/*", "expire_token")
    for _ in range(2):
        assert api.raw("PUT", url, data=b"abc", headers=headers).status_code == 403
    path = urlsplit(url).path
    query = {"path": path, "permissions": "rw"}
    token = api.raw("POST", api.info["eos_token_url"], params=query).json()["token"]
    first = api.raw("PUT", url, data=b"abc", headers={"Authorization": f"Bearer {token}"})
    assert first.status_code == 307
    api.fail("PUT /eos/*", "expire_token", server="node")
    for _ in range(2):
        assert api.raw("PUT", first.headers["Location"], data=b"abc").status_code == 403
    assert stored(api, path) is None


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


def test_the_log_tells_what_was_asked_and_no_secret(api: Caller) -> None:
    path, location = address_at_node(api)
    api.raw("PUT", location, data=b"abc")
    assert stored(api, path) == b"abc"
    exchange(api.info["api_url"], b"nonsense\r\n\r\n")
    entries = api.log()
    told = [(entry["server"], entry["method"], entry["path"], entry["status"]) for entry in entries]
    assert told == [
        ("api", "POST", "/requestUploadEosFile", 200),
        ("door", "PUT", path, 307),
        ("node", "PUT", path, 201),
        ("door", "POST", "/generate-token", 200),
        ("door", "GET", path, 307),
        ("node", "GET", path, 200),
        ("api", "", "", 400),
    ]
    assert (entries[2]["bytes_in"], entries[2]["bytes_out"], entries[5]["bytes_out"]) == (3, 0, 3)
    assert all(set(entry) == set(entries[0]) for entry in entries)
    assert all(entry["fault"] is None and 0 <= entry["ms"] < 60_000 for entry in entries)
    text = json.dumps(entries)
    for secret in ("zteos64", "encURI", "cap.", api.bearer, "Bearer", "authz"):
        assert secret not in text
    assert api.control("DELETE", "log") == []
    assert api.log() == []


def test_the_log_is_bounded(api: Caller) -> None:
    place = urlsplit(api.info["api_url"])
    one = b"GET /x HTTP/1.1\r\nHost: localhost\r\nConnection: %s\r\n\r\n"
    sent = one % b"keep-alive" * 100 + one % b"close"
    for _ in range(100):
        with socket.create_connection((place.hostname, place.port or 80), timeout=TIMEOUT) as connection:
            connection.sendall(sent)
            while connection.recv(1 << 20):
                pass
    assert len(api.log()) == 10_000


def test_what_is_stored_can_be_asked(api: Caller) -> None:
    code = api.attach(QUAD, "a.txt", b"abc")["code"]
    state = api.control("GET", "state")
    (new,) = [entry for entry in state["attachments"] if entry["code"] == code]
    assert (new["size"], new["sha256"][:8]) == (3, "ba7816bf")
    assert new["owner"] == {"kind": "component", "id": QUAD}
    assert (new["title"], new["filename"], new["type"]) == ("a.txt", "a.txt", "file")


def test_records_without_bytes_and_bytes_without_records(api: Caller) -> None:
    keys = {"type": "component", "id": QUAD, "title": "x.root", "description": "", "filesize": 3}
    record = api.post("requestUploadEosFile", **keys)
    code = record["code"]
    assert code in api.control("GET", "state")["orphan_records"]
    headers = {"Authorization": f"Bearer {record['token']}"}
    door = api.raw("PUT", record["url"], data=b"abc", headers=headers)
    assert api.raw("PUT", door.headers["Location"], data=b"abc").status_code == 201
    state = api.control("GET", "state")
    assert code not in state["orphan_records"]
    assert next(entry["size"] for entry in state["attachments"] if entry["code"] == code) == 3
    before = len(state["orphan_bytes"])
    token = api.post("deleteComponentAttachment", component=QUAD, code=code)["token"]
    left = api.control("GET", "state")["orphan_bytes"]
    assert len(left) == before + 1
    assert {"size": 3, "sha256": hashlib.sha256(b"abc").hexdigest()} in [
        {"size": entry["size"], "sha256": entry["sha256"]} for entry in left
    ]
    headers = {"Authorization": f"Bearer {token}"}
    assert api.raw("DELETE", record["url"], headers=headers).status_code == 204
    assert len(api.control("GET", "state")["orphan_bytes"]) == before


@pytest.mark.parametrize(
    ("headers", "method"),
    [
        ({"Host": "itkpd.example.org"}, "GET"),
        ({"Host": "localhost.example.org:80"}, "GET"),
        ({"Host": "10.0.0.1"}, "GET"),
        ({"Origin": "http://127.0.0.1"}, "POST"),
    ],
)
def test_control_paths_are_unknown_to_strangers(api: Caller, headers: dict[str, str], method: str) -> None:
    for path in ("faults", "log", "state"):
        response = api.raw(method, f"{api.info['api_url']}_sandbox/{path}", headers=headers)
        assert response.status_code == 200
        assert response.headers["content-type"].startswith("text/html")
        assert "Access-Control-Allow-Origin" not in response.headers


def test_control_paths_have_their_methods_and_their_port(api: Caller) -> None:
    for host in ("localhost:1", "127.0.0.1", "[::1]:80"):
        response = api.raw("GET", api.info["api_url"] + "_sandbox/faults", headers={"Host": host})
        assert response.json() == []
    response = api.raw("PUT", api.info["api_url"] + "_sandbox/faults", json=[])
    assert (response.status_code, response.headers["allow"]) == (405, "GET, POST, DELETE")
    door = api.info["eos_url"].partition("/eos/")[0]
    assert api.raw("GET", door + "/_sandbox/faults").status_code == 404
    assert api.control("GET", "faults") == []
