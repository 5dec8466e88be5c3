from __future__ import annotations

import hashlib
import io
import json
import os
import zipfile
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.sandbox_process import SandboxProcess
from tests.unit.sandbox.caller import LONG_STRIP, QUAD, Caller

MISLABELLED = "20UPGPQ4200004"
TARGET = "20UPGM23100002"


def download(api: Caller, serial: str, code: str) -> Any:
    return api.send("GET", "getComponentAttachment", json={"component": serial, "code": code})


def sample(api: Caller, serial: str, name: str) -> bytes:
    entry = next(entry for entry in api.attachments(serial) if entry["filename"] == name)
    response = download(api, serial, entry["code"])
    assert response.status_code == 200
    assert response.headers["Content-Type"] == entry["contentType"]
    content = response.content
    assert isinstance(content, bytes)
    return content


@pytest.mark.parametrize(
    ("name", "content", "content_type"),
    [
        ("note.txt", b"hello", "text/plain"),
        ("empty.bin", b"", "application/octet-stream"),
        ("Prüfung Ω.csv", b"a,b\r\n1,2\r\n", "text/csv; charset=utf-8"),
        ("../../../etc/passwd", b"--boundary--\r\n\r\n--", "dat"),
        ("noise.bin", os.urandom(300_000) + b"\r\n--", "image/x-canon-cr2"),
    ],
)
def test_up_and_down_byte_for_byte(api: Caller, name: str, content: bytes, content_type: str) -> None:
    before = api.get("getComponent", component=TARGET)
    record = api.attach(TARGET, name, content, content_type)
    assert {"awid", "id", "sys", "tagList", "versionName", "name"} <= record.keys()
    after = api.get("getComponent", component=TARGET)
    entry = after["attachments"][-1]
    assert entry["code"] == record["code"]
    assert (entry["filename"], entry["contentType"], entry["type"]) == (name, content_type, "file")
    assert after["sys"]["rev"] == before["sys"]["rev"] + 1
    assert after["sys"]["mts"] > before["sys"]["mts"]
    response = download(api, TARGET, record["code"])
    assert response.content == content
    assert response.headers["Content-Type"] == content_type
    md5, sha1 = (hashlib.new(kind, content).hexdigest() for kind in ("md5", "sha1"))
    assert response.headers["ETag"] == f'"{md5}.{sha1}"'
    disposition = response.headers["Content-Disposition"].encode("latin-1").decode()
    assert disposition == f"inline; filename={name}"


def test_delete_leaves_nothing(api: Caller) -> None:
    code = api.attach(TARGET, "gone.txt", b"x")["code"]
    answer = api.post("deleteComponentAttachment", component=TARGET, code=code)
    assert answer["attachment"]["code"] == code
    assert "token" not in answer
    assert code not in [entry["code"] for entry in api.attachments(TARGET)]
    for command in ("getComponentAttachment", "deleteComponentAttachment"):
        error_map = api.error("POST", command, 400, component=TARGET, code=code)
        assert f"ucl-itkpd-main/{command}/attachmentDoesNotExist" in error_map


def test_a_sample_can_be_deleted(api: Caller) -> None:
    code = api.attachments(MISLABELLED)[0]["code"]
    api.post("deleteComponentAttachment", component=MISLABELLED, code=code)
    assert code not in [entry["code"] for entry in api.attachments(MISLABELLED)]


def test_on_a_test_run(api: Caller) -> None:
    run = api.get("listTestRunsByComponent", filterMap={"serialNumber": TARGET})["itemList"][0]["id"]
    fields = {"testRun": run, "title": "t", "description": "d", "type": "file", "url": "a.txt"}
    response = api.send(
        "POST", "createTestRunAttachment", data=fields, files={"data": ("a.txt", b"abc", "text")}
    )
    code = response.json()["code"]
    assert api.get("getTestRun", testRun=run)["attachments"][-1]["code"] == code
    keys = {"testRun": run, "code": code}
    assert api.send("GET", "getTestRunAttachment", json=keys).content == b"abc"
    assert api.post("deleteTestRunAttachment", **keys)["attachment"]["filename"] == "a.txt"
    assert code not in [entry["code"] for entry in api.get("getTestRun", testRun=run)["attachments"]]


def test_a_link_has_no_bytes(api: Caller) -> None:
    link = "https://example.org/report"
    keys = {"component": TARGET, "title": "t", "description": "d", "type": "link", "url": link}
    code = api.post("createComponentAttachment", **keys)["code"]
    entry = api.attachments(TARGET)[-1]
    assert (entry["code"], entry["type"], entry["url"]) == (code, "link", link)
    assert download(api, TARGET, code).status_code == 400


def test_an_attachment_belongs_to_its_owner(api: Caller) -> None:
    code = api.attachments(QUAD)[0]["code"]
    assert download(api, LONG_STRIP, code).status_code == 400


@pytest.mark.parametrize("absent", ["component", "title", "description", "type", "url", "data"])
def test_a_form_with_a_part_missing(api: Caller, absent: str) -> None:
    fields = {"component": TARGET, "title": "t", "description": "d", "type": "file", "url": "a.txt"}
    fields.pop(absent, None)
    files = {"other" if absent == "data" else "data": ("a.txt", b"abc", "text/plain")}
    response = api.send("POST", "createComponentAttachment", data=fields, files=files)
    assert response.status_code == 400
    assert f"$.{absent}" in json.dumps(response.json())


@pytest.mark.parametrize(
    ("boundary", "body"),
    [
        ("", b"--x\r\n"),
        ("x", b""),
        ("x", b"no delimiter at all"),
        ("x", b'--x\r\nContent-Disposition: form-data; name="data"; filename="a"\r\n\r\nabc'),
        ("x", b"--x\r\n\r\nno name\r\n--x--\r\n"),
        ("x", b"--x\r\nContent-Disposition: form-data; name=a" + b"a" * 20_000),
        (
            "x",
            b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n' + b"a" * 2_000_000 + b"\r\n--x--\r\n",
        ),
        ("x", b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n' * 200 + b"--x--\r\n"),
    ],
)
def test_broken_forms(api: Caller, boundary: str, body: bytes) -> None:
    headers = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
    response = api.send("POST", "createComponentAttachment", data=body, headers=headers)
    assert response.status_code in (400, 413)
    assert response.json()["uuAppErrorMap"]


def test_pictures(api: Caller) -> None:
    with Image.open(io.BytesIO(sample(api, QUAD, "module_front.jpg"))) as picture:
        assert (picture.format, picture.size) == ("JPEG", (1600, 1200))
    with Image.open(io.BytesIO(sample(api, QUAD, "threshold_map.png"))) as picture:
        assert picture.format == "PNG"


def test_documents(api: Caller) -> None:
    assert sample(api, QUAD, "tuning.err") == b""
    assert b"readout" not in sample(api, QUAD, "readout.log")[:1]
    assert json.loads(sample(api, QUAD, "summary.json"))["serialNumber"] == QUAD
    assert sample(api, QUAD, "probe_station.csv").splitlines()[2].startswith(b"time [s],voltage [V]")
    pdf = sample(api, QUAD, "certificate.pdf")
    assert pdf.startswith(b"%PDF-1.4")
    table = int(pdf.split(b"startxref\n")[1].split()[0])
    assert pdf[table : table + 4] == b"xref"
    assert sample(api, QUAD, "dump.dat")


def test_archive(api: Caller) -> None:
    with zipfile.ZipFile(io.BytesIO(sample(api, QUAD, f"{QUAD}_configs.zip"))) as archive:
        assert archive.testzip() is None
        listed = json.loads(archive.read("attachments_info.json"))
        codes = {entry["title"]: entry["data_id"] for entry in listed}
        assert {Path(title).suffix for title in codes} == {".txt", ".json", ".png", ".log"}
        assert json.loads(archive.read(codes["FE1_warm.json"]))["ITKPIXV2"]


def test_what_is_not_what_it_is_called(api: Caller) -> None:
    with pytest.raises(OSError, match="cannot identify"):
        Image.open(io.BytesIO(sample(api, MISLABELLED, "picture.jpg")))
    assert not zipfile.is_zipfile(io.BytesIO(sample(api, MISLABELLED, "archive.zip")))


def test_uploads_stay_inside_the_storage_folder(tmp_path: Path) -> None:
    storage = tmp_path / "kept" / "here"
    with (
        SandboxProcess().start("--components", "10", "--storage", str(storage)) as own,
        Caller(own.info) as api,
    ):
        code = api.attach(QUAD, "../../escape.txt", b"bytes")["code"]
        files = [path for path in tmp_path.rglob("*") if path.is_file()]
        assert all(path.is_relative_to(storage) for path in files)
        # The bytes under a name of the sandbox's own; besides them there are only the records and a mark.
        own_files = ("records.sqlite", "itkgui-sandbox")
        (uploaded,) = [path for path in files if not path.name.startswith(own_files)]
        assert uploaded.name == code
    assert own.returncode == 0
    assert uploaded.read_bytes() == b"bytes"
