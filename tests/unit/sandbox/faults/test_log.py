"""The log of what the sandbox was asked, and the list of what it holds."""

from __future__ import annotations

import hashlib
import json

from tests.unit.sandbox.caller import QUAD, Caller, connect, exchange, read_all
from tests.unit.sandbox.faults.eos_file import address_at_node, stored


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
    one = b"GET /x HTTP/1.1\r\nHost: localhost\r\nConnection: %s\r\n\r\n"
    sent = one % b"keep-alive" * 100 + one % b"close"
    for _ in range(100):
        with connect(api.info["api_url"]) as connection:
            connection.sendall(sent)
            read_all(connection)
    assert len(api.log()) == 10_000


def test_what_is_stored_can_be_asked(api: Caller) -> None:
    code = api.attach(QUAD, "a.txt", b"abc")["code"]
    state = api.control("GET", "state")
    (new,) = [entry for entry in state["attachments"] if entry["code"] == code]
    assert (new["size"], new["sha256"][:8]) == (3, "ba7816bf")
    assert new["owner"] == {"kind": "component", "id": QUAD}
    assert (new["title"], new["filename"], new["type"]) == ("a.txt", "a.txt", "file")


def test_records_without_bytes_and_bytes_without_records(api: Caller) -> None:
    record = api.request_upload()
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
