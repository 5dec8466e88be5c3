from __future__ import annotations

import http.client
import re
import socket
import threading
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from itkgui.sandbox.eos.object_store import ROOT, path_of_code
from tests.sandbox_process import SandboxProcess
from tests.unit.sandbox.caller import QUAD, Caller, exchange

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


def stored_at_node(api: Caller, content: bytes) -> str:
    """Upload, and return the address from which the node serves it."""
    answer = upload(api, content)
    return str(api.raw("GET", url_with_token(api, answer["code"])).headers["Location"])


@pytest.mark.parametrize(
    ("asked", "start", "stop"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=100-199", 100, 200),
        ("bytes=1000-", 1000, len(CONTENT)),
        ("bytes=-10", len(CONTENT) - 10, len(CONTENT)),
        ("bytes=-999999999", 0, len(CONTENT)),
        ("bytes=10-999999999", 10, len(CONTENT)),
        ("Bytes= 5-9 ", 5, 10),
    ],
)
def test_a_part_of_a_file(api: Caller, asked: str, start: int, stop: int) -> None:
    location = stored_at_node(api, CONTENT)
    part = api.raw("GET", location, headers={"Range": asked})
    assert (part.status_code, part.content) == (206, CONTENT[start:stop])
    assert part.headers["Content-Range"] == f"bytes {start}-{stop - 1}/{len(CONTENT)}"
    assert part.headers["Accept-Ranges"] == "bytes"
    assert part.headers["ETag"].endswith(f':{zlib.adler32(CONTENT):08x}"')


@pytest.mark.parametrize(
    "asked", ["bytes=0-1,5-6", "bytes=9-3", "bytes=-", "bytes=a-b", "lines=1-2", "bytes=0x1-2", ""]
)
def test_what_is_no_single_part_is_answered_with_everything(api: Caller, asked: str) -> None:
    whole = api.raw("GET", stored_at_node(api, CONTENT), headers={"Range": asked})
    assert (whole.status_code, whole.content) == (200, CONTENT)
    assert "Content-Range" not in whole.headers


@pytest.mark.parametrize("asked", [f"bytes={len(CONTENT)}-", f"bytes={10**15}-{10**16}", "bytes=-0"])
def test_a_part_that_is_not_there(api: Caller, asked: str) -> None:
    refused = api.raw("GET", stored_at_node(api, CONTENT), headers={"Range": asked})
    assert refused.status_code == 416
    assert refused.headers["Content-Range"] == f"bytes */{len(CONTENT)}"


def test_a_part_only_of_the_same_file(api: Caller) -> None:
    location = stored_at_node(api, CONTENT)
    etag = str(api.raw("GET", location).headers["ETag"])
    part = api.raw("GET", location, headers={"Range": "bytes=0-9", "If-Range": etag})
    assert (part.status_code, part.content) == (206, CONTENT[:10])
    for other in ('"1:00000000"', f"W/{etag}", "Thu, 10 Nov 2022 21:09:40 GMT"):
        whole = api.raw("GET", location, headers={"Range": "bytes=0-9", "If-Range": other})
        assert (whole.status_code, whole.content) == (200, CONTENT)


def test_only_the_headers(api: Caller) -> None:
    answer = upload(api, CONTENT)
    door = api.raw("HEAD", url_with_token(api, answer["code"]))
    assert (door.status_code, door.content) == (307, b"")
    node = api.raw("HEAD", door.headers["Location"])
    assert (node.status_code, node.content) == (200, b"")
    assert node.headers["Content-Length"] == str(len(CONTENT))
    assert node.headers["OC-Checksum"] == f"Adler32:{zlib.adler32(CONTENT):08x}"
    # The connection is still in step.
    assert api.raw("HEAD", door.headers["Location"]).status_code == 200


def test_an_upload_that_breaks_off_leaves_what_was_there(api: Caller) -> None:
    answer = upload(api, CONTENT)
    headers = {"Authorization": f"Bearer {answer['token']}"}
    location = str(api.raw("PUT", answer["url"], headers=headers).headers["Location"])
    place = urlsplit(location)
    for framing in ("Content-Length: 100", "Transfer-Encoding: chunked"):
        head = f"PUT {place.path}?{place.query} HTTP/1.1\r\nHost: node\r\n{framing}\r\n\r\n5\r\nabcde"
        assert exchange(location, head.encode()) == b""
    broken = f"PUT {place.path}?{place.query} HTTP/1.1\r\nHost: node\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert exchange(location, broken.encode() + b"3\r\nabcX\r\n").startswith(b"HTTP/1.1 400 ")
    door = api.raw("GET", url_with_token(api, answer["code"]))
    assert api.raw("GET", door.headers["Location"]).content == CONTENT


def test_readers_see_one_file_or_the_other_while_it_is_replaced(api: Caller) -> None:
    answer = upload(api, b"0" * 100_000)
    headers = {"Authorization": f"Bearer {answer['token']}"}
    location = str(api.raw("PUT", answer["url"], headers=headers).headers["Location"])
    done = threading.Event()

    def replace() -> None:
        with Caller(api.info) as other:
            for number in range(150):
                other.raw("PUT", location, data=bytes([number]) * 100_000)
        done.set()

    writer = threading.Thread(target=replace)
    writer.start()
    reading = str(api.raw("GET", url_with_token(api, answer["code"])).headers["Location"])
    seen = set()
    while not done.is_set():
        found = api.raw("GET", reading)
        assert found.headers["OC-Checksum"] == f"Adler32:{zlib.adler32(found.content):08x}"
        assert len(found.content) == 100_000
        assert len(set(found.content)) == 1
        seen.add(found.content[0])
    writer.join()
    assert len(seen) > 1


def test_what_was_deleted_stays_deleted(tmp_path: Path) -> None:
    arguments = ("--components", "50", "--storage", str(tmp_path / "storage"))

    def answers(api: Caller) -> list[int]:
        listed = [entry for entry in api.attachments(QUAD, tokens=True) if entry["type"] == "eos"]
        urls = {entry["title"]: entry["url"] for entry in listed}
        return [api.raw("GET", urls[title]).status_code for title in ("scan.root", "flatness_scan.tiff")]

    with SandboxProcess().start(*arguments) as first, Caller(first.info) as api:
        assert answers(api) == [307, 307]
        url = next(entry["url"] for entry in api.attachments(QUAD) if entry["title"] == "scan.root")
        query = {"path": urlsplit(url).path, "permissions": "rwx"}
        token = api.raw("POST", api.info["eos_token_url"], params=query).json()["token"]
        deleted = api.raw("DELETE", url, headers={"Authorization": f"Bearer {token}"})
        assert deleted.status_code == 204
    with SandboxProcess().start(*arguments) as second, Caller(second.info) as api:
        assert answers(api) == [404, 307]
    for process in (first, second):
        assert (process.returncode, process.errors) == (0, "")


def test_both_forms_of_codes_have_their_places() -> None:
    assert path_of_code("78085a6d" * 4) == f"{ROOT}7/8/0/{'78085a6d' * 4}"
    assert path_of_code("78085a6d" * 8) == f"{ROOT}{'78085a6d' * 8}"


def test_the_token_service(api: Caller) -> None:
    answer = upload(api, CONTENT)
    path = urlsplit(answer["url"]).path
    response = api.raw("POST", api.info["eos_token_url"], params={"path": path})
    assert (response.status_code, response.headers["Server"]) == (200, "nginx/1.18.0")
    assert response.headers["Content-Type"] == "application/json"
    assert response.headers["X-Shell2http-Exit-Code"] == "0"
    token = response.json()["token"]
    assert response.json() == {"token": token, "path": path, "permissions": "r", "message": "Ok."}
    bearer = {"Authorization": f"Bearer {token}"}
    assert api.raw("GET", f"{answer['url']}?authz={token}").status_code == 307
    assert api.raw("GET", answer["url"], headers=bearer).status_code == 307
    assert api.raw("PUT", answer["url"], headers=bearer).status_code == 403
    assert api.raw("GET", answer["url"] + "x", headers=bearer).status_code == 403
    again = api.raw("POST", api.info["eos_token_url"], params={"path": path, "permissions": "rw"}).json()
    assert again["permissions"] == "rw"
    bearer = {"Authorization": f"Bearer {again['token']}"}
    assert api.raw("PUT", answer["url"], headers=bearer).status_code == 307


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"path": "/etc/passwd"},
        {"path": f"{ROOT}../../x"},
        {"path": "/eos/atlas/atlascerngroupdisk/x"},
        {"path": f"{ROOT}x", "permissions": "everything"},
    ],
)
def test_the_token_service_refuses(api: Caller, query: dict[str, str]) -> None:
    response = api.raw("POST", api.info["eos_token_url"], params=query)
    assert response.status_code == 400
    assert response.json()["token"] == ""
    assert api.raw("GET", api.info["eos_token_url"], params=query).status_code == 405


@pytest.mark.parametrize("method", ["POST", "PATCH", "OPTIONS"])
def test_other_methods(api: Caller, method: str) -> None:
    assert api.raw(method, api.info["eos_url"]).status_code == 405
