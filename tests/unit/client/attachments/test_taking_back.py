"""What failed or was cancelled half-way leaves neither an entry nor bytes, or says what it left."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from itkgui.client import sending, transfer
from itkgui.client.exceptions import (
    Cancelled,
    ChecksumMismatch,
    Forbidden,
    ItkError,
    RedirectRefused,
    ServerSilent,
    ServerTrouble,
    UnexpectedStatus,
    UnreadableAnswer,
)
from itkgui.records.attachment import Storage
from tests.unit.client.attachments.odd_database import OddDatabase

if TYPE_CHECKING:
    from tests.unit.client.conftest import Wire


@pytest.mark.parametrize(
    ("status", "error"),
    [(200, UnexpectedStatus), (403, Forbidden), (500, ServerTrouble), (307, UnreadableAnswer)],
)
def test_a_failed_put_leaves_no_entry(
    odd: OddDatabase, file: Path, wire: Wire, status: int, error: type[ItkError]
) -> None:
    odd.replies["PUT eos"] = wire.reply(status)
    with pytest.raises(error) as caught:
        odd.attach(file, Storage.EOS)
    assert odd.codes == ["old"]
    assert odd.commands()[-2:] == ["POST deleteComponentAttachment", "DELETE eos/0/eos1"]
    assert not caught.value.left_behind


def test_a_put_to_a_foreign_host_leaves_no_entry(odd: OddDatabase, file: Path, wire: Wire) -> None:
    odd.replies["PUT eos"] = wire.reply(307, Location="http://127.0.0.2/eos?encURI=x")
    with pytest.raises(RedirectRefused):
        odd.attach(file, Storage.EOS)
    assert odd.codes == ["old"]


def test_damaged_bytes_on_eos_are_withdrawn(odd: OddDatabase, file: Path, wire: Wire) -> None:
    odd.replies["GET eos"] = wire.reply(200, b"contenT", "", OC_Checksum="Adler32:12345678")
    with pytest.raises(ChecksumMismatch):
        odd.attach(file, Storage.EOS)
    assert odd.codes == ["old"]


@pytest.mark.logs("entry eos1 could not be deleted")
def test_an_entry_that_cannot_be_deleted_is_mentioned(odd: OddDatabase, file: Path, wire: Wire) -> None:
    odd.replies["PUT eos"] = wire.reply(500)
    odd.replies["deleteComponentAttachment"] = wire.reply(502)
    with pytest.raises(ServerTrouble) as caught:
        odd.attach(file, Storage.EOS)
    assert "its entry eos1 could not be deleted" in caught.value.detail
    assert caught.value.left_behind == "entry eos1"


@pytest.mark.logs("bytes of entry eos1 could not be deleted")
def test_bytes_that_cannot_be_deleted_are_mentioned(odd: OddDatabase, file: Path, wire: Wire) -> None:
    odd.replies |= {"PUT eos": wire.reply(500), "DELETE eos": wire.reply(403)}
    with pytest.raises(ServerTrouble) as caught:
        odd.attach(file, Storage.EOS)
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
        odd.attach(file, Storage.EOS)
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
        odd.attach(file, storage)
    assert odd.codes == ["old"]


@pytest.mark.alone
def test_a_dead_network_does_not_hold_up_a_cancel_while_room_on_eos_is_asked_for(
    odd: OddDatabase, file: Path, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "_GRACE", 0.1)
    odd.replies["requestUploadEosFile"] = wire.silence
    began = time.perf_counter()
    with cancelled_at(odd, "POST requestUploadEosFile"), pytest.raises(ServerSilent, match="after a cancel"):
        odd.attach(file, Storage.EOS)
    assert time.perf_counter() - began < odd.server.settings().read_timeout / 2


@pytest.mark.alone
@pytest.mark.logs("entry eos1 could not be deleted: no answer")
def test_a_dead_network_does_not_hold_up_a_cancel_while_an_entry_is_withdrawn(
    odd: OddDatabase, file: Path, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "_GRACE", 0.1)
    odd.replies |= {"PUT eos": wire.silence, "deleteComponentAttachment": wire.silence}
    began = time.perf_counter()
    with cancelled_at(odd, "PUT eos/0/eos1"), pytest.raises(Cancelled) as caught:
        odd.attach(file, Storage.EOS)
    assert time.perf_counter() - began < odd.server.settings().read_timeout / 2
    assert "its entry eos1 could not be deleted: no answer in the 0.1 s" in caught.value.detail
