"""Names of files and paths that somebody might lead out of the sandbox's storage with."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest

from tests.unit.sandbox.caller import QUAD, Caller, exchange

TRICKS = [
    "../x",
    "..%2fx",
    "%2e%2e/%2e%2e/x",
    "%252e%252e%252fx",
    "a/../../../x",
    "a//b",
    "./x",
    "x/",
    "\\..\\x",
    "%5c..%5cx",
    "C:x",
    "NUL",
    "~",
    "%ff",
    quote("ä/\u202e"),
    "x" * 2000,
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("names") / "storage"


@pytest.fixture(scope="module")
def options(folder: Path) -> tuple[str, ...]:
    return ("--components", "50", "--storage", str(folder))


def everything_below(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("trick", TRICKS)
def test_no_path_leads_out_of_the_storage(api: Caller, folder: Path, trick: str) -> None:
    before = everything_below(folder.parent)
    upload = api.request_upload()
    # Its token is good for everything below this address.
    below = upload["url"].rpartition("/")[0]
    head = f"PUT {urlsplit(below).path}/{trick} HTTP/1.1\r\nHost: x\r\n"
    sent = f"{head}Authorization: Bearer {upload['token']}\r\nContent-Length: 3\r\n\r\nabc".encode()
    door = exchange(below, sent)
    status = int(door.split()[1])
    assert status in (307, 400, 403, 404, 414)
    if status == 307:
        location = re.search(rb"Location: (\S+)", door)
        assert location is not None
        assert api.raw("PUT", location[1].decode(), data=b"abc").status_code == 201
    for command in ("getComponentAttachment", "deleteComponentAttachment", "getTestRunAttachment"):
        key = "testRun" if "TestRun" in command else "component"
        assert api.send("POST", command, json={key: QUAD, "code": trick}).status_code == 400
    new = everything_below(folder.parent) - before
    objects = {name for name in new if re.fullmatch(r"storage/objects/[0-9a-f]{2}/[0-9a-f]{64}", name)}
    assert len(objects) == (1 if status == 307 else 0)
    assert all(name.startswith("storage/") for name in new)


@pytest.mark.parametrize(
    "disposition",
    [
        'form-data; name="data"; filename="../../../escape"',
        'form-data; name="data"; filename="a\\"b"',
        "form-data; name=\"data\"; filename*=utf-8''%2e%2e%2fescape",
        "form-data; name=\"data\"; filename*0*=utf-8''a; filename*1=b; filename*x=c",
        "form-data; name=\"data\"; filename*=nonsense''%ff%fe",
        'form-data; name="data"; filename*=%',
        'form-data; name="data"; filename="' + "x" * 5000 + '"',
        "form-data; name*0=da; name*1=ta; filename=x",
        "form-data; name; filename",
        "form-data",
        "",
        ';;;=;"',
        'form-data; name="data"; filename="\x00"',
        'form-data; name="data"; filename="\u202ex\ud7ff"',
    ],
)
@pytest.mark.parametrize("boundary", ["boundary=b", "boundary*0*=b"])
def test_odd_forms(api: Caller, folder: Path, disposition: str, boundary: str) -> None:
    fields = {"component": QUAD, "title": "t", "description": "d", "type": "file", "url": "u"}
    parts = [
        f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}' for name, text in fields.items()
    ]
    content = "Content-Type: a\r\n b;c\r\n\r\nabc"
    parts.append(f"--b\r\nContent-Disposition: {disposition}\r\n{content}\r\n--b--\r\n")
    body = "\r\n".join(parts).encode()
    headers = {"Content-Type": f"multipart/form-data; {boundary}"}
    response = api.send("POST", "createComponentAttachment", data=body, headers=headers)
    assert response.status_code in (200, 400)
    if response.status_code == 200:
        keys = {"component": QUAD, "code": response.json()["code"]}
        assert api.send("GET", "getComponentAttachment", json=keys).content == b"abc"
    assert {entry.name for entry in folder.parent.iterdir()} == {folder.name}
