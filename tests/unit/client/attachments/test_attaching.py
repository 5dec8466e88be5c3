"""Which entry is the new one, and whether the server holds what was sent."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from itkgui.client import transfer
from itkgui.client.database import NewAttachment
from itkgui.client.exceptions import (
    BadRequest,
    ChecksumMismatch,
    FileUnreadable,
    NotReadBack,
    UnreadableAnswer,
)
from itkgui.client.files import inspect
from itkgui.records.attachment import Storage
from tests.unit.client.attachments.odd_database import OWNER, OddDatabase

if TYPE_CHECKING:
    from tests.unit.client.conftest import Received, Reply, Wire


@pytest.mark.parametrize("answers", ["record", "owner", "bare owner", "nothing"])
def test_the_new_entry_is_found_whatever_the_write_answers(
    odd: OddDatabase, file: Path, answers: str
) -> None:
    odd.create_answers = answers
    new = NewAttachment(inspect(file), "T", "", Storage.FILE)
    assert odd.database.sender.post(OWNER, new)[0] == ("new1" if answers == "record" else "")
    assert odd.attach(file).code == "new2"


@pytest.mark.parametrize("storage", [Storage.FILE, Storage.EOS])
def test_a_title_may_be_spelled_otherwise_by_the_server(
    odd: OddDatabase, file: Path, storage: Storage
) -> None:
    odd.create_answers, odd.title = "nothing", "Cafe\u0301 \ufffd"
    new = NewAttachment(inspect(file), " Caf\xe9  \udce9 ", "\udce9", storage, "\udce9.txt")
    assert odd.database.attach(OWNER, new).title == odd.title


def test_without_a_code_the_bytes_tell_which_entry_is_ours(odd: OddDatabase, file: Path) -> None:
    odd.create_answers = "nothing"
    odd.bytes["other"] = b"not ours"
    original = odd.createComponentAttachment

    def create(request: Received) -> Reply:
        odd.entries.append({"code": "other", "title": "T", "type": "file"})  # somebody else, at this moment
        return original(request)

    odd.createComponentAttachment = create  # type: ignore[method-assign]
    assert odd.attach(file).code == "new2"


def test_an_entry_on_eos_of_somebody_else_is_not_taken_for_ours(odd: OddDatabase, file: Path) -> None:
    odd.create_answers = "nothing"
    original = odd.createComponentAttachment

    def create(request: Received) -> Reply:
        odd.entries.append(
            {"code": "eos1", "title": "T", "type": "eos", "url": f"{odd.server.url}eos/0/eos1"}
        )
        return original(request)

    odd.createComponentAttachment = create  # type: ignore[method-assign]
    assert odd.attach(file).code == "new2"


@pytest.mark.parametrize("answers", ["record", "nothing"])
def test_a_file_that_the_server_does_not_show(odd: OddDatabase, file: Path, answers: str) -> None:
    odd.keeps, odd.create_answers = False, answers
    with pytest.raises(NotReadBack):
        odd.attach(file)


def test_an_entry_on_eos_that_the_server_does_not_show(odd: OddDatabase, file: Path) -> None:
    odd.keeps = False
    with pytest.raises(NotReadBack):
        odd.attach(file, Storage.EOS)


@pytest.mark.parametrize("kept", [b"contenT", b"content and more", b""])
def test_a_file_that_the_server_holds_otherwise(odd: OddDatabase, file: Path, kept: bytes) -> None:
    odd.bytes["new1"] = kept
    with pytest.raises(ChecksumMismatch):
        odd.attach(file)


def test_a_file_that_is_refused(odd: OddDatabase, file: Path, wire: Wire) -> None:
    odd.replies["createComponentAttachment"] = wire.failure(400, "x/createComponentAttachment/invalidDtoIn")
    with pytest.raises(BadRequest):
        odd.attach(file)
    assert odd.codes == ["old"]


def test_a_file_that_changes_while_it_is_sent(odd: OddDatabase, file: Path) -> None:
    new = NewAttachment(inspect(file), "T", "", Storage.FILE)
    file.write_bytes(b"longer content")
    with pytest.raises(FileUnreadable):
        odd.database.attach(OWNER, new)


@pytest.mark.parametrize("granted", [{}, {"code": None}, {"code": ""}])
def test_an_upload_that_is_granted_without_a_code(
    odd: OddDatabase, file: Path, wire: Wire, granted: Any
) -> None:
    odd.replies["requestUploadEosFile"] = wire.json(granted)
    with pytest.raises(UnreadableAnswer):
        odd.attach(file, Storage.EOS)


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
        odd.attach(file, storage)
    assert seen == {write: False, read: True}
