"""The client: what it makes of answers, files on their way to EOS and to the database, duplicates."""

from __future__ import annotations

import errno
import io
import json
import logging
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from itkgui import itkdb
from itkgui.client import transfer
from itkgui.client.exceptions import Cancelled
from tests.unit.client.conftest import Received, Reply, Wire
from tests.unit.itkdb.conftest import Connect

_FIELDS = {"component": "c0de", "title": "T", "description": "D", "type": "file", "url": "u"}
_PICTURE = (itkdb.data / "1x1.jpg").read_bytes()


@pytest.mark.parametrize(
    ("answer", "decoded"),
    [
        ({"serialNumber": "20U", "uuAppErrorMap": {}}, {"serialNumber": "20U"}),
        ({"itemList": [{"id": "1"}], "uuAppErrorMap": {}}, [{"id": "1"}]),
        ({"itemList": None}, []),
        ({"testRunList": [{"id": "1"}]}, [{"id": "1"}]),
        ({"dtoSample": {"component": None}}, {"component": None}),
        ({"a": 1, "uuAppErrorMap": "#<UuApp::Oidc::Session:0x00>"}, {"a": 1}),
    ],
)
def test_an_answer_is_what_its_keys_say(wire: Wire, connect: Connect, answer: Any, decoded: Any) -> None:
    found = connect(wire.server_of(wire.json(answer))).get("thing")
    assert (type(found), found) == (type(decoded), decoded)


def test_nothing_is_an_empty_object(wire: Wire, connect: Connect) -> None:
    assert connect(wire.server_of(wire.reply(200, b""))).post("thing", json={}) == {}


def test_a_web_page_is_an_error(wire: Wire, connect: Connect) -> None:
    """Weak point 30, also where JSON or a file is announced by the command."""
    server = wire.server_of(wire.reply(200, b"<!doctype html><title>Log in</title>", "text/html"))
    for command in ("getComponent", "getComponentAttachment"):
        with pytest.raises(itkdb.exceptions.NotTheApi):
            connect(server).get(command)


def test_an_attached_web_page_is_a_file(wire: Wire, connect: Connect) -> None:
    page = wire.reply(200, b"<html>mine</html>", "text/html", Content_Disposition='inline; filename="a.html"')
    file = connect(wire.server_of(page)).get("getComponentAttachment", json={"component": "c", "code": "d"})
    assert isinstance(file, itkdb.models.TextFile)
    assert file.content == b"<html>mine</html>"


def test_a_file_is_left_on_the_wire_until_it_is_written(wire: Wire, connect: Connect) -> None:
    server = wire.server_of(wire.reply(200, b"{}", Content_Disposition="inline; filename=a.json"))
    file = connect(server).get("getTestRunAttachment", json={"testRun": "t", "code": "c"})
    assert isinstance(file, itkdb.models.TextFile)
    assert server.received[0].headers["accept-encoding"] == "identity"
    assert file.request.url == f"{server.url}getTestRunAttachment"


def test_a_file_that_breaks_off_is_an_error(wire: Wire, connect: Connect) -> None:
    head = wire.reply(200, b"half", "text/plain", length=100, Connection="close")
    client = connect(wire.server_of([head]))
    with pytest.raises(itkdb.exceptions.TransferFailed):
        client.get("getComponentAttachment", json={"component": "c", "code": "d"})


class Store:
    """A database that hands out tokens for EOS, and EOS beside it, whose answers the test decides."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self.eos = {"PUT": wire.reply(201), "DELETE": wire.reply(204), "GET": wire.reply(200)}
        self.deletion = b""
        self.database = wire.server(self._asked)
        self.store = wire.server(lambda request: self.eos[request.method])

    def _asked(self, request: Received) -> bytes:
        record = {"code": "abc", "type": "eos", "url": f"{self.store.url}eos/abc"}
        if request.target == "/requestUploadEosFile":
            return self._wire.json(record | {"token": "zteos64:SECRET"})
        if request.target.startswith("/delete"):
            return self.deletion or self._wire.json({"attachment": record, "token": "zteos64:ALSO"})
        return self._wire.json({"code": "stored"})

    @property
    def commands(self) -> list[str]:
        return [request.target for request in self.database.received]


@pytest.fixture
def store(wire: Wire) -> Store:
    return Store(wire)


@pytest.mark.parametrize("owner", ["component", "testRun", "shipment"])
def test_an_upload_to_eos_says_nothing_wrong_and_nothing_secret(
    store: Store, connect: Connect, caplog: pytest.LogCaptureFixture, owner: str
) -> None:
    """Weak points 23 and 27: the form's own fields are no surprise, and tokens stay out of the log."""
    caplog.set_level(logging.DEBUG)
    fields = {owner: "c0de", "title": "T", "description": "D", "type": "file", "url": "u"}
    client = connect(store.database, use_eos=True)
    command = f"create{owner[0].upper()}{owner[1:]}Attachment"
    record = client.post(command, data=fields, files={"data": ("a.jpg", io.BytesIO(_PICTURE))})
    assert record["code"] == "abc"
    assert store.database.received[0].json == {
        "type": owner,
        "id": "c0de",
        "title": "T",
        "description": "D",
        "filesize": len(_PICTURE),
    }
    assert client._response is not None
    assert client._response.eos_response.status_code == 201  # type: ignore[attr-defined]
    (put,) = store.store.received
    assert (put.method, put.body, put.headers["content-type"]) == ("PUT", _PICTURE, "image/jpeg")
    assert put.headers["authorization"] == "Bearer zteos64:SECRET"
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert "SECRET" not in caplog.text


def test_a_failed_upload_takes_its_entry_back(store: Store, connect: Connect) -> None:
    """Weak point 22."""
    store.eos["PUT"] = b"HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n"
    client = connect(store.database, use_eos=True)
    with pytest.raises(itkdb.exceptions.Forbidden) as caught:
        client.post(
            "createComponentAttachment", data=_FIELDS, files={"data": ("a.jpg", io.BytesIO(_PICTURE))}
        )
    assert store.commands == ["/requestUploadEosFile", "/deleteComponentAttachment"]
    assert store.database.received[1].json == {"component": "c0de", "code": "abc"}
    assert "SECRET" not in str(caught.value)


class Broken(io.BytesIO):
    """A file whose disk fails when it is read as a whole."""

    name = "a.jpg"

    def read(self, size: int | None = -1) -> bytes:
        if (size or -1) > 100_000:
            raise OSError(errno.EIO, "broken disk")
        return super().read(size)


def test_a_cancelled_upload_takes_its_entry_back(store: Store, connect: Connect, wire: Wire) -> None:
    watched = transfer.Transfer()

    def asked(request: Received) -> Reply:
        if request.method == "DELETE":
            return wire.reply(204)
        watched.cancel()
        return wire.silence

    store.store = wire.server(asked)
    client = connect(store.database, use_eos=True)
    with transfer.running(watched), pytest.raises(Cancelled):
        client.post(
            "createComponentAttachment", data=_FIELDS, files={"data": ("a.jpg", io.BytesIO(_PICTURE))}
        )
    assert store.commands == ["/requestUploadEosFile", "/deleteComponentAttachment"]


class Interrupted(Broken):
    """A file at which somebody presses Ctrl-C while it is sent."""

    def read(self, size: int | None = -1) -> bytes:
        if (size or -1) > 100_000:
            raise KeyboardInterrupt
        return super().read(size)


def test_an_interrupted_upload_takes_its_entry_back(store: Store, connect: Connect) -> None:
    client = connect(store.database, use_eos=True)
    with pytest.raises(KeyboardInterrupt):
        client.post("createComponentAttachment", data=_FIELDS, files={"data": Interrupted(_PICTURE)})
    assert store.commands == ["/requestUploadEosFile", "/deleteComponentAttachment"]


@pytest.mark.logs("entry abc may be left behind")
def test_an_entry_that_cannot_be_taken_back_is_told(store: Store, connect: Connect, wire: Wire) -> None:
    store.eos["PUT"] = wire.reply(403)
    store.deletion = wire.reply(500)
    with pytest.raises(itkdb.exceptions.Forbidden, match="Its entry abc could not be deleted"):
        connect(store.database, use_eos=True).post(
            "createComponentAttachment", data=_FIELDS, files={"data": ("a.jpg", io.BytesIO(_PICTURE))}
        )


def test_eos_and_its_redirects_are_followed_to_trusted_hosts_only(store: Store, connect: Connect) -> None:
    away = b"HTTP/1.1 307 Go\r\nLocation: http://evil.example/\r\nContent-Length: 0\r\n\r\n"
    store.eos |= {"PUT": away, "GET": away}
    client = connect(store.database, use_eos=True)
    with pytest.raises(itkdb.exceptions.Redirect):
        client.post(
            "createComponentAttachment", data=_FIELDS, files={"data": ("a.jpg", io.BytesIO(_PICTURE))}
        )
    with pytest.raises(itkdb.exceptions.Redirect):
        client.get(f"{store.store.url}eos/abc?authz=zteos64:SECRET")


def test_a_link_is_made_with_eos_as_well(store: Store, connect: Connect) -> None:
    client = connect(store.database, use_eos=True)
    client.post("createComponentAttachment", data=_FIELDS | {"type": "link", "url": "https://example.org"})
    assert store.commands == ["/createComponentAttachment"]
    assert b"url=https%3A%2F%2Fexample.org" in store.database.received[0].body


def test_a_deletion_needs_no_option(store: Store, connect: Connect, wire: Wire) -> None:
    """Weak point 24; what is on EOS goes too, and is not missed if it was never there."""
    client = connect(store.database)
    body = {"component": "c0de", "code": "abc"}
    answer = client.post("deleteComponentAttachment", json=body)
    assert answer["attachment"]["code"] == "abc"
    assert [request.method for request in store.store.received] == ["DELETE"]
    assert store.store.received[0].headers["authorization"] == "Bearer zteos64:ALSO"
    store.eos["DELETE"] = wire.reply(404)
    assert client.post("deleteComponentAttachment", json=body)["attachment"]["code"] == "abc"


@pytest.mark.parametrize("use_eos", [False, True])
def test_a_file_that_cannot_be_read_is_not_the_servers_fault(
    store: Store, connect: Connect, use_eos: bool
) -> None:
    client = connect(store.database, use_eos=use_eos)
    with pytest.raises(itkdb.exceptions.FileProblem, match="broken disk"):
        client.post("createComponentAttachment", data=_FIELDS, files={"data": Broken(_PICTURE)})
    assert ("/deleteComponentAttachment" in store.commands) is use_eos


def test_a_file_is_streamed_to_the_database(store: Store, connect: Connect) -> None:
    """The body is read from the open file while it is sent, wherever somebody has read to."""
    file = io.BytesIO(b"two words")
    file.seek(4)
    client = connect(store.database)
    assert client.post("createComponentAttachment", data=_FIELDS, files={"data": ("a.txt", file)}) == {
        "code": "stored"
    }
    (sent,) = store.database.received
    assert int(sent.headers["content-length"]) == len(sent.body)
    assert b'name="data"; filename="a.txt"\r\nContent-Type: text/plain\r\n\r\ntwo words\r\n' in sent.body
    assert b'name="title"\r\n\r\nT\r\n' in sent.body


@pytest.mark.parametrize(
    "files",
    [
        {"data": ("a.txt", "a text")},
        {"data": ("a.txt", b"a text")},
        {"data": ("a.txt", io.StringIO("a text"))},
        {"data": ("a.txt", io.BytesIO(b"a text"), "text/plain", {"X-More": "1"})},
        [("data", ("a.txt", b"a text"))],
    ],
)
def test_every_form_of_a_file_arrives(store: Store, connect: Connect, files: Any) -> None:
    connect(store.database).post("createComponentAttachment", data=_FIELDS, files=files)
    assert b"\r\n\r\na text\r\n" in store.database.received[0].body


def test_several_files_are_refused_for_eos(store: Store, connect: Connect) -> None:
    client = connect(store.database, use_eos=True)
    with pytest.raises(ValueError, match="one file, not 2"):
        client.post("createComponentAttachment", data=_FIELDS, files={"data": b"a", "more": b"b"})


def test_the_check_for_duplicates_leaves_the_body_alone(wire: Wire, connect: Connect) -> None:
    """Weak point 29: a run that differs twice, a body without properties, and nothing is cast in place."""
    run = {
        "id": "1",
        "passed": True,
        "problems": False,
        "results": [],
        "properties": [{"code": "N", "value": 7}],
    }

    def script(request: Received) -> bytes:
        if request.target == "/uploadTestRunResults":
            return wire.json({"testRun": {"id": "2"}})
        items = [{"id": "1"}] if request.target == "/listTestRunsByComponent" else [run]
        return wire.json({"itemList": items, "uuAppErrorMap": {}})

    client = connect(wire.server(script))
    body: dict[str, Any] = {
        "component": "20U",
        "testType": "T",
        "passed": False,
        "problems": True,
        "results": {},
    }
    assert client.post("uploadTestRunResults", json=body, allow_duplicate=False)["testRun"]["id"] == "2"
    body |= {"passed": True, "problems": False, "properties": {"N": "7"}}
    before = json.dumps(body)
    with pytest.raises(itkdb.exceptions.DuplicateTestRuns, match="1"):
        client.post("uploadTestRunResults", json=body, allow_duplicate=False)
    assert json.dumps(body) == before
    with pytest.raises(ValueError, match="json"):
        client.post("uploadTestRunResults", allow_duplicate=False)


def _slowly(wire: Wire, body: bytes, piece: int) -> Iterator[bytes]:
    """Send a file so that its head is read long before its last byte has left."""
    yield wire.reply(200, b"", "application/octet-stream", length=len(body))
    for start in range(0, len(body), piece):
        threading.Event().wait(0.02)
        yield body[start : start + piece]


def test_a_file_on_eos_may_take_a_while(wire: Wire, store: Store, connect: Connect) -> None:
    body = b"one line\n" * 10_000
    slow = wire.server(lambda _: _slowly(wire, body, 20_000))
    with connect(store.database).get(f"{slow.url}eos/abc?authz=x") as file:
        assert file.content == body


@pytest.mark.parametrize("place", ["eos/abc?authz=x", "getComponentAttachment"])
def test_a_file_that_comes_byte_by_byte_is_not_waited_for(
    wire: Wire, store: Store, connect: Connect, place: str
) -> None:
    slow = wire.server(lambda _: _slowly(wire, b"x" * 10_000, 1))
    client = connect(store.database if place.startswith("eos") else slow)
    with pytest.raises(itkdb.exceptions.ServerSilent):
        client.get(f"{slow.url}{place}", timeout=0.5)
