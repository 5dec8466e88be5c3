from __future__ import annotations

import http.client
import re
import socket
import zlib
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.sandbox_process import SandboxProcess
from tests.unit.sandbox.caller import QUAD, Caller

TARGET = "20UPGM23700003"
CONTENT = bytes(range(256)) * 700


def request_upload(api: Caller, size: int) -> dict[str, Any]:
    answer = api.post(
        "requestUploadEosFile", type="component", id=TARGET, title="a.bin", description="d", filesize=size
    )
    assert isinstance(answer, dict)
    return answer


def put(api: Caller, url: str, token: str, content: Any) -> Any:
    """Do both hops; the second one without any credential."""
    first = api.raw("PUT", url, data=content, headers={"Authorization": f"Bearer {token}"})
    if first.status_code != 307:
        return first
    return api.raw("PUT", first.headers["Location"], data=content)


def upload(api: Caller, content: bytes) -> dict[str, Any]:
    answer = request_upload(api, len(content))
    response = put(api, answer["url"], answer["token"], content)
    assert (response.status_code, response.reason) == (201, "CREATED")
    return answer


def url_with_token(api: Caller, code: str, serial: str = TARGET) -> str:
    return next(str(entry["url"]) for entry in api.attachments(serial, tokens=True) if entry["code"] == code)


def test_the_record_is_there_before_the_bytes(api: Caller) -> None:
    before = api.get("getComponent", component=TARGET)
    answer = request_upload(api, 125)
    code = answer["code"]
    assert (answer["type"], answer["filesize"], answer["filename"], answer["contentType"]) == (
        "eos",
        125,
        code,
        None,
    )
    assert answer["userIdentity"] == "12-3456-1"
    assert answer["url"] == f"{api.info['eos_url']}{code[0]}/{code[1]}/{code[2]}/{code}"
    assert answer["token"].startswith("zteos64:")
    after = api.get("getComponent", component=TARGET)
    entry = after["attachments"][-1]
    assert (entry["code"], entry["url"], entry["title"]) == (code, answer["url"], "a.bin")
    assert after["sys"]["rev"] == before["sys"]["rev"] + 1
    assert after["sys"]["mts"] > entry["dateTime"]
    assert api.raw("GET", url_with_token(api, code)).status_code == 404


def test_upload_and_download(api: Caller) -> None:
    answer = request_upload(api, len(CONTENT))
    headers = {"Authorization": f"Bearer {answer['token']}"}
    first = api.raw("PUT", answer["url"], data=CONTENT, headers=headers)
    assert (first.status_code, first.reason, first.content) == (307, "TEMPORARY_REDIRECT", b"")
    assert re.fullmatch(r'"\d{18}:00000000"', first.headers["ETag"])
    location = first.headers["Location"]
    assert urlsplit(location).port != urlsplit(answer["url"]).port
    assert "?encURI=%26cap.sym%3D" in location
    assert first.headers["X-Accel-Redirect"].startswith("/internal_redirect/")
    assert api.raw("PUT", location, data=CONTENT).status_code == 201

    door = api.raw("GET", url_with_token(api, answer["code"]))
    assert door.status_code == 307
    node = api.raw("GET", door.headers["Location"])
    checksum = f"{zlib.adler32(CONTENT):08x}"
    assert node.content == CONTENT
    assert node.headers["Content-Type"] == "application/octet-stream"
    assert node.headers["OC-Checksum"] == f"Adler32:{checksum}"
    assert node.headers["ETag"] == door.headers["ETag"]
    assert node.headers["ETag"].endswith(f':{checksum}"')
    assert "Content-Disposition" not in node.headers
    assert "Last-Modified" in node.headers


def test_chunked_upload(api: Caller) -> None:
    def blocks() -> Iterator[bytes]:
        for start in range(0, len(CONTENT), 10_000):
            yield CONTENT[start : start + 10_000]

    answer = request_upload(api, len(CONTENT))
    first = api.raw(
        "PUT", answer["url"], data=blocks(), headers={"Authorization": f"Bearer {answer['token']}"}
    )
    assert api.raw("PUT", first.headers["Location"], data=blocks()).status_code == 201
    door = api.raw("GET", url_with_token(api, answer["code"]))
    assert api.raw("GET", door.headers["Location"]).content == CONTENT


def test_an_empty_file_is_answered_at_the_door(api: Caller) -> None:
    answer = upload(api, b"")
    door = api.raw("GET", url_with_token(api, answer["code"]))
    assert (door.status_code, door.content, door.headers["Content-Length"]) == (200, b"", "0")
    assert "Content-Type" not in door.headers
    assert door.headers["ETag"].endswith(':00000000"')


def test_delete_takes_two_steps(api: Caller) -> None:
    answer = upload(api, CONTENT)
    url = url_with_token(api, answer["code"])
    deleted = api.post("deleteComponentAttachment", component=TARGET, code=answer["code"])
    assert deleted["attachment"]["type"] == "eos"
    # Only the record is gone: the bytes are the client's business (API reference §6.4).
    assert api.raw("GET", url).status_code == 307
    headers = {"Authorization": f"Bearer {deleted['token']}"}
    response = api.raw("DELETE", deleted["attachment"]["url"], headers=headers)
    assert (response.status_code, response.content) == (204, b"")
    assert api.raw("GET", url).status_code == 404
    assert api.raw("DELETE", deleted["attachment"]["url"], headers=headers).status_code == 404


def test_files_of_the_catalogue_lie_on_eos_too(api: Caller) -> None:
    entry = next(entry for entry in api.attachments(QUAD, tokens=True) if entry["title"] == "scan.root")
    door = api.raw("GET", entry["url"])
    assert api.raw("GET", door.headers["Location"]).content.startswith(b"root")


def test_tokens_are_checked(api: Caller) -> None:
    answer = request_upload(api, 3)
    url, token = answer["url"], answer["token"]
    tampered = token[:20] + ("A" if token[20] != "A" else "B") + token[21:]
    read_only = url_with_token(api, answer["code"]).partition("authz=")[2]
    for wrong in (
        "",
        "zteos64:",
        "zteos64:MDAwMDAw",
        tampered,
        api.bearer,
        read_only,
        "zteos64:" + "%3d" * 9,
    ):
        assert put(api, url, wrong, b"abc").status_code == 403
    assert put(api, url, token.replace("%3d", "="), b"abc").status_code == 201
    headers = {"Authorization": f"Bearer {token}"}
    assert api.raw("DELETE", url, headers=headers).status_code == 403
    # The token covers its folder, and nothing else (API reference §6.5).
    folder, _, name = url.rpartition("/")
    assert put(api, f"{folder}/neighbour", token, b"abc").status_code == 201
    other = folder[:-1] + ("0" if folder[-1] != "0" else "1")
    assert put(api, f"{other}/{name}", token, b"abc").status_code == 403
    assert put(api, f"{folder}/../../../../escape", token, b"abc").status_code in (403, 404)


def test_a_capability_is_for_one_request(api: Caller) -> None:
    answer = upload(api, b"abc")
    location = str(api.raw("GET", url_with_token(api, answer["code"])).headers["Location"])
    assert api.raw("GET", location).status_code == 200
    assert api.raw("PUT", location, data=b"x").status_code == 403
    assert api.raw("GET", location.partition("?")[0]).status_code == 403
    assert api.raw("GET", location.replace(answer["code"], answer["code"][::-1])).status_code == 403


def test_tokens_expire() -> None:
    arguments = ("--components", "100", "--eos-token-lifetime", "0")
    with SandboxProcess().start(*arguments) as other, Caller(other.info) as api:
        answer = request_upload(api, 3)
        assert put(api, answer["url"], answer["token"], b"abc").status_code == 403
    assert other.returncode == 0


def test_whoever_asks_first_is_redirected_before_the_body(api: Caller) -> None:
    answer = request_upload(api, 10**9)
    place = urlsplit(answer["url"])
    connection = http.client.HTTPConnection(str(place.hostname), place.port, timeout=20)
    try:
        connection.putrequest("PUT", place.path)
        connection.putheader("Authorization", f"Bearer {answer['token']}")
        connection.putheader("Expect", "100-continue")
        connection.putheader("Content-Length", str(10**9))
        connection.endheaders()
        response = connection.getresponse()
        assert response.status == 307
        assert response.getheader("Connection") == "close"
        response.read()
    finally:
        connection.close()


def test_the_node_lets_the_body_come(api: Caller) -> None:
    answer = request_upload(api, 3)
    headers = {"Authorization": f"Bearer {answer['token']}"}
    location = urlsplit(api.raw("PUT", answer["url"], data=b"abc", headers=headers).headers["Location"])
    head = (
        f"PUT {location.path}?{location.query} HTTP/1.1\r\nHost: node\r\n"
        "Content-Length: 3\r\nExpect: 100-continue\r\n\r\n"
    )
    with socket.create_connection((location.hostname, location.port or 80), timeout=20) as connection:
        connection.sendall(head.encode())
        assert connection.recv(1000).startswith(b"HTTP/1.1 100 ")
        connection.sendall(b"abc")
        assert connection.recv(1000).startswith(b"HTTP/1.1 201 CREATED")


@pytest.mark.parametrize("method", ["POST", "PATCH", "OPTIONS"])
def test_other_methods(api: Caller, method: str) -> None:
    assert api.raw(method, api.info["eos_url"]).status_code == 405
