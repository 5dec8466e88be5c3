"""Attachments on a database and an EOS that answer oddly, lose bytes, or fail half-way."""

from __future__ import annotations

import contextlib
import re
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from itkgui.client import attachments, transfer
from itkgui.client.auth import BearerToken
from itkgui.client.database import NewAttachment, ProductionDatabase
from itkgui.client.downloads import LargerThanAllowed
from itkgui.client.exceptions import (
    BadRequest,
    Cancelled,
    ChecksumMismatch,
    FileUnreadable,
    Forbidden,
    ItkError,
    LinkOnly,
    NotReadBack,
    RedirectRefused,
    ServerSilent,
    ServerTrouble,
    TransferIncomplete,
    UnexpectedStatus,
    UnreadableAnswer,
)
from itkgui.client.files import inspect
from itkgui.records.attachment import Attachment, Owner, OwnerKind, Storage

if TYPE_CHECKING:
    from tests.unit.client.conftest import Received, Reply, Wire

OWNER = Owner(OwnerKind.COMPONENT, "c" * 32, "20U")
TOKEN = "zteos64:canary%3d"


class OddDatabase:
    """A database with one component, and an EOS behind the same door; each answer can be replaced."""

    def __init__(self, wire: Wire) -> None:
        self.wire = wire
        self.entries: list[dict[str, Any]] = [{"code": "old", "title": "T", "type": "file"}]
        self.bytes: dict[str, bytes] = {"old": b"old"}
        self.replies: dict[str, Reply] = {}
        self.create_answers: str = "record"
        self.keeps = True
        self.server = wire.server(self.answer)
        self.database = ProductionDatabase.sign_in(self.server.settings(), BearerToken("opaque"))

    def answer(self, request: Received) -> Reply:
        command = request.target.strip("/").partition("?")[0]
        if command.startswith("eos/"):
            command = f"{request.method} eos"
        if command in self.replies:
            return self.replies[command]
        return getattr(self, command.replace(" ", "_"))(request)  # type: ignore[no-any-return]

    def commands(self) -> list[str]:
        return [f"{r.method} {r.target.strip('/').partition('?')[0]}" for r in self.server.received]

    def listProjects(self, _: Received) -> Reply:  # noqa: N802
        return self.wire.json({"itemList": []})

    def getComponent(self, request: Received) -> Reply:  # noqa: N802
        assert request.json["component"] == OWNER.key
        entries = [dict(entry) for entry in self.entries]
        if request.json["noEosToken"] is False:
            for entry in entries:
                if entry["type"] == "eos":
                    entry["url"] += f"?authz={TOKEN}"
        return self.wire.json({"code": OWNER.key, "attachments": entries or None})

    def createComponentAttachment(self, request: Received) -> Reply:  # noqa: N802
        match = re.search(rb'filename="([^"]*)"\r\n.*?\r\n\r\n(.*)\r\n--', request.body, re.DOTALL)
        assert match is not None
        code = f"new{len(self.entries)}"
        if self.keeps:
            self.entries.append({"code": code, "title": "T", "type": "file", "filename": match[1].decode()})
            self.bytes.setdefault(code, match[2])
        answers: dict[str, Any] = {
            "record": {"code": code, "contentType": "text/plain"},
            "owner": {"component": {"code": OWNER.key, "attachments": self.entries}},
            "nothing": {},
        }
        return self.wire.json(answers[self.create_answers])

    def getComponentAttachment(self, request: Received) -> Reply:  # noqa: N802
        return self.wire.reply(
            200, self.bytes[request.json["code"]], Content_Disposition="inline; filename=a.txt"
        )

    def deleteComponentAttachment(self, request: Received) -> Reply:  # noqa: N802
        entry = next(entry for entry in self.entries if entry["code"] == request.json["code"])
        self.entries.remove(entry)
        return self.wire.json({"attachment": entry, **({"token": TOKEN} if entry["type"] == "eos" else {})})

    def requestUploadEosFile(self, request: Received) -> Reply:  # noqa: N802
        entry = {"code": "eos1", "title": request.json["title"], "type": "eos"}
        entry["url"] = f"{self.server.url}eos/0/eos1"
        if self.keeps:
            self.entries.append(entry)
        return self.wire.json({**entry, "token": TOKEN})

    def PUT_eos(self, request: Received) -> Reply:  # noqa: N802
        self.bytes["eos1"] = request.body
        return self.wire.reply(201)

    def GET_eos(self, _: Received) -> Reply:  # noqa: N802
        content = self.bytes["eos1"]
        return self.wire.reply(200, content, "", OC_Checksum=f"Adler32:{zlib.adler32(content):08x}")

    def DELETE_eos(self, _: Received) -> Reply:  # noqa: N802
        return self.wire.reply(204 if self.bytes.pop("eos1", None) else 404)

    @property
    def codes(self) -> list[str]:
        return [str(entry["code"]) for entry in self.entries]


@pytest.fixture
def odd(wire: Wire) -> Iterator[OddDatabase]:
    found = OddDatabase(wire)
    yield found
    found.database.sign_out()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "a.txt"
    path.write_bytes(b"content")
    return path


def attach(odd: OddDatabase, file: Path, storage: Storage = Storage.FILE) -> Attachment:
    return odd.database.attach(OWNER, NewAttachment(inspect(file), "T", "", storage))


@pytest.mark.parametrize("answers", ["record", "owner", "nothing"])
def test_the_new_entry_is_found_whatever_the_write_answers(
    odd: OddDatabase, file: Path, answers: str
) -> None:
    odd.create_answers = answers
    assert attach(odd, file).code == "new1"


def test_without_a_code_the_bytes_tell_which_entry_is_ours(odd: OddDatabase, file: Path) -> None:
    odd.create_answers = "nothing"
    odd.bytes["other"] = b"not ours"
    original = odd.createComponentAttachment

    def create(request: Received) -> Reply:
        odd.entries.append({"code": "other", "title": "T", "type": "file"})  # somebody else, at this moment
        return original(request)

    odd.createComponentAttachment = create  # type: ignore[method-assign]
    assert attach(odd, file).code == "new2"


def test_an_entry_on_eos_of_somebody_else_is_not_taken_for_ours(odd: OddDatabase, file: Path) -> None:
    odd.create_answers = "nothing"
    original = odd.createComponentAttachment

    def create(request: Received) -> Reply:
        odd.entries.append(
            {"code": "eos1", "title": "T", "type": "eos", "url": f"{odd.server.url}eos/0/eos1"}
        )
        return original(request)

    odd.createComponentAttachment = create  # type: ignore[method-assign]
    assert attach(odd, file).code == "new2"


@pytest.mark.parametrize("answers", ["record", "nothing"])
def test_a_file_that_the_server_does_not_show(odd: OddDatabase, file: Path, answers: str) -> None:
    odd.keeps, odd.create_answers = False, answers
    with pytest.raises(NotReadBack):
        attach(odd, file)


@pytest.mark.parametrize("kept", [b"contenT", b"content and more", b""])
def test_a_file_that_the_server_holds_otherwise(odd: OddDatabase, file: Path, kept: bytes) -> None:
    odd.bytes["new1"] = kept
    with pytest.raises(ChecksumMismatch):
        attach(odd, file)


def test_a_file_that_is_refused(odd: OddDatabase, file: Path, wire: Wire) -> None:
    odd.replies["createComponentAttachment"] = wire.failure(400, "x/createComponentAttachment/invalidDtoIn")
    with pytest.raises(BadRequest):
        attach(odd, file)
    assert odd.codes == ["old"]


def test_a_file_that_changes_while_it_is_sent(odd: OddDatabase, file: Path) -> None:
    new = NewAttachment(inspect(file), "T", "", Storage.FILE)
    file.write_bytes(b"longer content")
    with pytest.raises(FileUnreadable):
        odd.database.attach(OWNER, new)


@pytest.mark.parametrize(
    ("status", "error"),
    [(200, UnexpectedStatus), (403, Forbidden), (500, ServerTrouble), (307, UnreadableAnswer)],
)
def test_a_failed_put_leaves_no_entry(
    odd: OddDatabase, file: Path, wire: Wire, status: int, error: type[ItkError]
) -> None:
    odd.replies["PUT eos"] = wire.reply(status)
    with pytest.raises(error) as caught:
        attach(odd, file, Storage.EOS)
    assert odd.codes == ["old"]
    assert odd.commands()[-2:] == ["POST deleteComponentAttachment", "DELETE eos/0/eos1"]
    assert not caught.value.left_behind


def test_a_put_to_a_foreign_host_leaves_no_entry(odd: OddDatabase, file: Path, wire: Wire) -> None:
    odd.replies["PUT eos"] = wire.reply(307, Location="http://127.0.0.2/eos?encURI=x")
    with pytest.raises(RedirectRefused):
        attach(odd, file, Storage.EOS)
    assert odd.codes == ["old"]


@pytest.mark.logs("entry eos1 could not be deleted")
def test_an_entry_that_cannot_be_deleted_is_mentioned(odd: OddDatabase, file: Path, wire: Wire) -> None:
    odd.replies["PUT eos"] = wire.reply(500)
    odd.replies["deleteComponentAttachment"] = wire.reply(502)
    with pytest.raises(ServerTrouble) as caught:
        attach(odd, file, Storage.EOS)
    assert "its entry eos1 could not be deleted" in caught.value.detail
    assert caught.value.left_behind == "entry eos1"


@pytest.mark.logs("bytes of entry eos1 could not be deleted")
def test_bytes_that_cannot_be_deleted_are_mentioned(odd: OddDatabase, file: Path, wire: Wire) -> None:
    odd.replies |= {"PUT eos": wire.reply(500), "DELETE eos": wire.reply(403)}
    with pytest.raises(ServerTrouble) as caught:
        attach(odd, file, Storage.EOS)
    assert caught.value.left_behind == "bytes of entry eos1"
    assert odd.codes == ["old"]


@contextlib.contextmanager
def cancelled_at(odd: OddDatabase, command: str) -> Iterator[None]:
    """Cancel the work of the block as soon as a command has reached the server."""
    watched = transfer.Transfer()

    def cancel() -> None:
        while command not in odd.commands():
            time.sleep(0.001)
        watched.cancel()

    canceller = threading.Thread(target=cancel)
    canceller.start()
    with transfer.running(watched):
        yield
    canceller.join()


def test_a_cancelled_put_leaves_no_entry(odd: OddDatabase, file: Path, wire: Wire) -> None:
    odd.replies["PUT eos"] = wire.silence
    with cancelled_at(odd, "PUT eos/0/eos1"), pytest.raises(Cancelled):
        attach(odd, file, Storage.EOS)
    assert odd.codes == ["old"]


@pytest.mark.parametrize(
    ("storage", "read"),
    [
        (Storage.FILE, "GET getComponentAttachment"),
        (Storage.EOS, "GET eos/0/eos1"),
    ],
)
def test_a_cancel_while_it_is_compared_leaves_no_entry(
    odd: OddDatabase, file: Path, wire: Wire, storage: Storage, read: str
) -> None:
    odd.replies |= {"getComponentAttachment": wire.silence, "GET eos": wire.silence}
    with cancelled_at(odd, read), pytest.raises(Cancelled):
        attach(odd, file, storage)
    assert odd.codes == ["old"]


def test_a_dead_network_does_not_hold_up_a_cancel_while_room_on_eos_is_asked_for(
    odd: OddDatabase, file: Path, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attachments, "_GRACE", 0.1)
    odd.replies["requestUploadEosFile"] = wire.silence
    began = time.perf_counter()
    with cancelled_at(odd, "POST requestUploadEosFile"), pytest.raises(ServerSilent, match="after a cancel"):
        attach(odd, file, Storage.EOS)
    assert time.perf_counter() - began < odd.server.settings().read_timeout / 2


@pytest.mark.logs("entry eos1 could not be deleted: no answer")
def test_a_dead_network_does_not_hold_up_a_cancel_while_an_entry_is_withdrawn(
    odd: OddDatabase, file: Path, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attachments, "_GRACE", 0.1)
    odd.replies |= {"PUT eos": wire.silence, "deleteComponentAttachment": wire.silence}
    began = time.perf_counter()
    with cancelled_at(odd, "PUT eos/0/eos1"), pytest.raises(Cancelled) as caught:
        attach(odd, file, Storage.EOS)
    assert time.perf_counter() - began < odd.server.settings().read_timeout / 2
    assert "its entry eos1 could not be deleted: no answer in the 0.1 s" in caught.value.detail


@pytest.mark.parametrize(
    ("storage", "write", "read"),
    [
        (Storage.FILE, "createComponentAttachment", "getComponentAttachment"),
        (Storage.EOS, "PUT_eos", "GET_eos"),
    ],
)
def test_a_transfer_tells_when_it_compares(
    odd: OddDatabase, file: Path, monkeypatch: pytest.MonkeyPatch, storage: Storage, write: str, read: str
) -> None:
    watched = transfer.Transfer()
    seen: dict[str, bool] = {}

    def noting(name: str) -> Callable[[Received], Reply]:
        original: Callable[[Received], Reply] = getattr(odd, name)

        def answer(request: Received) -> Reply:
            seen[name] = watched.is_checking
            return original(request)

        return answer

    for name in (write, read):
        monkeypatch.setattr(odd, name, noting(name))
    with transfer.running(watched):
        attach(odd, file, storage)
    assert seen == {write: False, read: True}


def test_damaged_bytes_on_eos_are_withdrawn(odd: OddDatabase, file: Path, wire: Wire) -> None:
    odd.replies["GET eos"] = wire.reply(200, b"contenT", "", OC_Checksum="Adler32:12345678")
    with pytest.raises(ChecksumMismatch):
        attach(odd, file, Storage.EOS)
    assert odd.codes == ["old"]


def test_an_entry_on_eos_that_the_server_does_not_show(odd: OddDatabase, file: Path) -> None:
    odd.keeps = False
    with pytest.raises(NotReadBack):
        attach(odd, file, Storage.EOS)


@pytest.mark.parametrize("granted", [{}, {"code": None}, {"code": ""}])
def test_an_upload_that_is_granted_without_a_code(
    odd: OddDatabase, file: Path, wire: Wire, granted: Any
) -> None:
    odd.replies["requestUploadEosFile"] = wire.json(granted)
    with pytest.raises(UnreadableAnswer):
        attach(odd, file, Storage.EOS)


def fetched(odd: OddDatabase, folder: Path, **changes: Any) -> bytes:
    odd.entries.append({"code": "x", "title": "Note", "type": "file", **changes})
    attachment = next(a for a in odd.database.attachments(OWNER) if a.code == "x")
    return odd.database.download(attachment, folder).path.read_bytes()


def test_a_link_has_no_bytes(odd: OddDatabase, tmp_path: Path) -> None:
    with pytest.raises(LinkOnly) as caught:
        fetched(odd, tmp_path, type="link", url="https://a.example/")
    assert caught.value.detail == "https://a.example/"


def test_a_name_from_the_server_stays_in_the_folder(odd: OddDatabase, tmp_path: Path, wire: Wire) -> None:
    name = 'inline; filename="../../evil.txt"'
    odd.replies["getComponentAttachment"] = wire.reply(200, b"bytes", Content_Disposition=name)
    assert fetched(odd, tmp_path / "a" / "b") == b"bytes"
    assert [path.name for path in (tmp_path / "a" / "b").iterdir()] == ["evil.txt"]
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_nothing_is_left_of_a_download_that_is_cut(odd: OddDatabase, tmp_path: Path, wire: Wire) -> None:
    odd.replies["getComponentAttachment"] = wire.reply(200, b"bytes", length=50, Connection="close")
    with pytest.raises(TransferIncomplete):
        fetched(odd, tmp_path / "down")
    assert list((tmp_path / "down").iterdir()) == []


def test_nothing_is_left_of_a_download_that_is_damaged(odd: OddDatabase, tmp_path: Path, wire: Wire) -> None:
    odd.replies["GET eos"] = wire.reply(200, b"bytes", "", ETag='"1:12345678"')
    with pytest.raises(ChecksumMismatch):
        fetched(odd, tmp_path / "down", type="eos", url=f"{odd.server.url}eos/0/x")
    assert list((tmp_path / "down").iterdir()) == []


def test_the_rest_of_a_download_is_asked_for_at_a_fresh_address(
    odd: OddDatabase, tmp_path: Path, wire: Wire
) -> None:
    def answer(_: Received) -> Reply:
        headers = odd.server.received[-1].headers
        if "range" in headers:
            assert (headers["range"], headers["if-range"]) == ("bytes=4-", '"1:00000000"')
            return wire.reply(206, b" text", "", Content_Range="bytes 4-8/9")
        sums = {"OC_Checksum": f"Adler32:{zlib.adler32(b'some text'):08x}", "ETag": '"1:00000000"'}
        return [wire.reply(200, b"some", "", length=9, **sums)]

    odd.GET_eos = answer  # type: ignore[method-assign]
    assert fetched(odd, tmp_path, type="eos", url=f"{odd.server.url}eos/0/x") == b"some text"
    assert odd.commands()[-4:] == ["GET getComponent", "GET eos/0/x"] * 2


def test_a_download_that_is_cancelled(odd: OddDatabase, tmp_path: Path, wire: Wire) -> None:
    watched = transfer.Transfer()

    def slow() -> Iterator[bytes]:
        yield b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\nContent-Disposition: inline\r\n\r\nsome"
        while not watched.done:
            time.sleep(0.001)
        watched.cancel()
        while True:
            time.sleep(0.01)
            yield b""

    odd.replies["getComponentAttachment"] = slow()
    with transfer.running(watched), pytest.raises(Cancelled):
        fetched(odd, tmp_path / "down")
    assert list((tmp_path / "down").iterdir()) == []


def test_deleting_what_has_no_bytes_on_eos(odd: OddDatabase) -> None:
    odd.entries.append({"code": "x", "title": "T", "type": "eos", "url": f"{odd.server.url}eos/0/x"})
    odd.database.delete_attachment(odd.database.attachments(OWNER)[1])
    assert odd.codes == ["old"]


@pytest.mark.logs("the server gave no token to delete x from EOS")
def test_a_delete_without_a_token_leaves_the_bytes(odd: OddDatabase, wire: Wire) -> None:
    odd.entries.append({"code": "x", "title": "T", "type": "eos", "url": f"{odd.server.url}eos/0/x"})
    attachment = odd.database.attachments(OWNER)[1]
    odd.replies["deleteComponentAttachment"] = wire.reply()
    odd.database.delete_attachment(attachment)
    assert not any(command.startswith("DELETE") for command in odd.commands())


def test_bytes_on_eos_that_cannot_be_deleted(odd: OddDatabase, wire: Wire) -> None:
    odd.entries.append({"code": "x", "title": "T", "type": "eos", "url": f"{odd.server.url}eos/0/x"})
    odd.replies["DELETE eos"] = wire.reply(403)
    with pytest.raises(Forbidden):
        odd.database.delete_attachment(odd.database.attachments(OWNER)[1])


# How large a file is ----------------------------------------------------------------------------------------


def old_entry(odd: OddDatabase) -> Attachment:
    return Attachment.from_json(odd.entries[0], OWNER)


@pytest.mark.parametrize(
    ("reply", "size"),
    [
        ((206, b"o", {"Content_Range": "bytes 0-0/12345"}), 12345),
        ((200, b"the server knows no ranges", {}), 26),
        ((416, b"", {"Content_Range": "bytes */0"}), 0),
        ((206, b"o", {"Content_Range": "bytes 0-0/*"}), None),
        ((206, b"o", {}), None),
    ],
)
def test_size_is_what_the_head_of_an_answer_tells(
    odd: OddDatabase, reply: tuple[int, bytes, dict[str, str]], size: int | None
) -> None:
    status, body, headers = reply
    odd.replies["getComponentAttachment"] = odd.wire.reply(status, body, "text/plain", None, **headers)
    assert odd.database.attachment_size(old_entry(odd)) == size


def test_size_that_the_record_tells_costs_no_request(odd: OddDatabase) -> None:
    told = Attachment.from_json({"code": "old", "type": "file", "filesize": 125}, OWNER)
    before = len(odd.server.received)
    assert odd.database.attachment_size(told) == 125
    assert len(odd.server.received) == before


@pytest.mark.parametrize("filesize", [-1, "many", None, [], float("nan"), True])
def test_size_that_is_none_is_unknown(filesize: object) -> None:
    assert Attachment.from_json({"filesize": filesize}, OWNER).size is None


def test_file_that_grows_over_what_is_allowed_is_given_up(odd: OddDatabase, tmp_path: Path) -> None:
    content = b"x" * 50_000
    odd.replies["getComponentAttachment"] = (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\n" + content
    )
    with pytest.raises(LargerThanAllowed) as caught:
        odd.database.download(old_entry(odd), tmp_path, most=49_999)
    assert caught.value.size is None
    assert list(tmp_path.iterdir()) == []
