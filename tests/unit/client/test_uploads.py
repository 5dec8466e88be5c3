"""Uploads that fail at each point they can, and all kinds of owners, with the sandbox's real process."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from itkgui.client import transfer
from itkgui.client.attachments import AttachmentService, NewAttachment
from itkgui.client.bodies import FileBody
from itkgui.client.client import Client
from itkgui.client.credentials import BearerToken
from itkgui.client.exceptions import (
    Cancelled,
    ChecksumMismatch,
    ConnectionFailed,
    ConnectionLost,
    Forbidden,
    ItkError,
    ServerSilent,
    ServerTrouble,
    TransferIncomplete,
)
from itkgui.client.files import inspect
from itkgui.client.sending import AttachmentSender
from itkgui.records.attachment import Attachment, Owner, OwnerKind, Storage
from tests.interop.control import Control
from tests.unit.client.signed_in import MODULE, settings_of

if TYPE_CHECKING:
    from tests.sandbox_process import SandboxProcess

SIZE = 12_000_000


class Desk:
    """A client of the sandbox with a file to attach to a part, and the sandbox's operator beside it."""

    def __init__(self, info: dict[str, Any], control: Control, folder: Path) -> None:
        self.control = control
        self.folder = folder
        self.settings = replace(settings_of(info), read_timeout=5.0)
        self.client = Client(self.settings, BearerToken(info["bearer"]))
        self.service = AttachmentService(self.client)
        self.owner = Owner(
            OwnerKind.COMPONENT, self.client.get("getComponent", {"component": MODULE})["code"], ""
        )
        self.file = folder / "large.bin"
        self.file.write_bytes(bytes(range(256)) * (SIZE // 256))
        self.before, self.stored_before = self.listed(), self.stored()

    def listed(self) -> set[str]:
        return {attachment.code for attachment in self.service.of(self.owner)}

    def attach(self, storage: Storage = Storage.EOS, owner: Owner | None = None) -> Attachment:
        new = NewAttachment(inspect(self.file), "large.bin", "", storage)
        return AttachmentSender(self.client, self.service).attach(owner or self.owner, new)

    def download(self, attachment: Attachment) -> bytes:
        return self.service.download(attachment, self.folder / "down").path.read_bytes()

    def stored(self) -> set[str]:
        return {entry["code"] for entry in self.control.state()["attachments"]}

    def is_as_before(self) -> bool:
        """Tell whether no entry is there that was not, nor any bytes."""
        return self.listed() == self.before and self.stored() == self.stored_before


@pytest.fixture
def desk(sandbox: SandboxProcess, tmp_path: Path) -> Iterator[Desk]:
    with Control(sandbox.info["api_url"]) as control:
        found = Desk(sandbox.info, control, tmp_path)
        yield found
    found.client.close()


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ({"do": "status", "status": 403}, Forbidden),
        ({"do": "status", "status": 500}, ServerTrouble),
        ({"do": "status", "status": 503, "server": "door"}, ServerTrouble),
        ({"do": "expire_token"}, Forbidden),
        ({"do": "reset", "server": "door"}, ConnectionLost),
        ({"do": "reset", "server": "node", "after_bytes": 0}, ConnectionLost),
        ({"do": "reset", "after_bytes": SIZE // 2}, ConnectionLost),
        ({"do": "reset", "side": "answer", "server": "node"}, ConnectionLost),
        ({"do": "commit_then_drop"}, ConnectionFailed),
        ({"do": "truncate", "after_bytes": 1000}, ChecksumMismatch),
    ],
    ids=lambda value: "-".join(map(str, value.values())) if isinstance(value, dict) else "",
)
def test_a_put_that_fails_leaves_nothing(desk: Desk, fault: dict[str, Any], error: type[ItkError]) -> None:
    desk.control.fail("PUT /eos/*", times=None, **fault)
    with pytest.raises(error) as caught:
        desk.attach()
    assert not caught.value.left_behind
    assert desk.is_as_before()


@pytest.mark.parametrize(
    "fault",
    [
        {"do": "reset", "server": "door"},
        {"do": "reset", "after_bytes": SIZE // 2},
        {"do": "commit_then_drop"},
        {"do": "status", "status": 503, "server": "door"},
        {"do": "status", "status": 502, "server": "node"},
    ],
    ids=lambda fault: "-".join(map(str, fault.values())),
)
def test_a_put_that_fails_once_is_sent_again_from_the_start(desk: Desk, fault: dict[str, Any]) -> None:
    desk.control.fail("PUT /eos/*", **fault)
    with transfer.running(transfer.Transfer()) as watched:
        made = desk.attach()
        assert watched.done == SIZE
    stored = desk.control.stored(made.code)
    assert stored is not None
    assert stored["sha256"] == hashlib.sha256(desk.file.read_bytes()).hexdigest()
    desk.service.delete(made)


@pytest.mark.parametrize("do", ["reset", "commit_then_drop"])
def test_a_delete_that_fails_once_is_asked_again(desk: Desk, do: str) -> None:
    made = desk.attach()
    desk.control.fail("DELETE /eos/*", do=do)
    desk.service.delete(made)
    assert desk.is_as_before()


@pytest.mark.parametrize("after", [0, SIZE // 2, SIZE])
def test_a_silent_store_leaves_nothing(desk: Desk, sandbox: SandboxProcess, after: int) -> None:
    settings = replace(desk.settings, read_timeout=1.0)
    client = Client(settings, BearerToken(sandbox.info["bearer"]))
    desk.control.fail("PUT /eos/*", do="stall", server="node", after_bytes=after)
    began = time.perf_counter()
    sender = AttachmentSender(client, AttachmentService(client))
    with pytest.raises(ServerSilent) as caught:
        sender.attach(desk.owner, NewAttachment(inspect(desk.file), "x", "", Storage.EOS))
    assert time.perf_counter() - began < 30
    assert not caught.value.left_behind
    assert desk.is_as_before()
    client.close()


@pytest.mark.parametrize("percent", [1, 50, 99])
def test_a_cancelled_put_leaves_nothing(desk: Desk, percent: int) -> None:
    point = SIZE * percent // 100
    desk.control.fail("PUT /eos/*", do="stall", after_bytes=point)
    watched = transfer.Transfer()

    def cancel() -> None:
        while watched.done < point:
            time.sleep(0.001)
        watched.cancel()

    canceller = threading.Thread(target=cancel)
    canceller.start()
    with transfer.running(watched), pytest.raises(Cancelled) as caught:
        desk.attach()
    canceller.join()
    assert not caught.value.left_behind
    assert desk.is_as_before()


@pytest.mark.parametrize("kind", [OwnerKind.COMPONENT, OwnerKind.TEST_RUN, OwnerKind.SHIPMENT])
@pytest.mark.parametrize("storage", [Storage.FILE, Storage.EOS])
def test_there_and_back_for_each_kind_of_owner(desk: Desk, kind: OwnerKind, storage: Storage) -> None:
    owner = desk.owner
    if kind is OwnerKind.TEST_RUN:
        tests = desk.client.get("getComponent", {"component": MODULE})["tests"]
        owner = Owner(kind, next(run["id"] for test in tests for run in test["testRuns"]), "run")
    elif kind is OwnerKind.SHIPMENT:
        listed = desk.client.pages("listShipmentsByComponent", {"component": MODULE})
        found = next(iter(listed), None) or next(
            iter(desk.client.pages("listShipmentsByInstitution", {"filterMap": {"code": ["CERN"]}}))
        )
        owner = Owner(kind, found["id"], "shipment")
    made = desk.attach(storage, owner)
    assert made in desk.service.of(owner)
    assert desk.download(made) == desk.file.read_bytes()
    desk.service.delete(made)
    assert made.code not in {attachment.code for attachment in desk.service.of(owner)}
    assert desk.control.stored(made.code) is None


def test_files_of_a_batch_can_be_fetched_only(desk: Desk) -> None:
    batch = next(iter(desk.client.pages("listBatches")))
    owner = Owner(OwnerKind.BATCH, batch["id"], "batch")
    fields = {"batch": owner.key, "title": "T", "description": "", "type": "file", "url": "a"}
    made = desk.client.upload("createBatchAttachment", fields, FileBody(desk.file, SIZE), "a.bin", "x/y")
    attachment = Attachment.from_json({"code": made["code"], "type": "file"}, owner)
    assert desk.download(attachment) == desk.file.read_bytes()
    for storage in (Storage.FILE, Storage.EOS):
        with pytest.raises(ValueError, match="batch"):
            desk.attach(storage, owner)
    with pytest.raises(ValueError, match="batch"):
        desk.service.of(owner)
    with pytest.raises(ValueError, match="batch"):
        desk.service.delete(attachment)


@pytest.fixture(params=[Storage.FILE, Storage.EOS])
def kept(request: pytest.FixtureRequest, desk: Desk) -> Iterator[Attachment]:
    found = desk.attach(request.param)
    yield found
    desk.control.clear()
    desk.service.delete(found)


def requests_of(desk: Desk, attachment: Attachment) -> str:
    return "GET /eos/*" if attachment.storage is Storage.EOS else "GET /getComponentAttachment"


@pytest.mark.parametrize(
    "fault",
    [
        {"do": "reset", "after_bytes": 0},
        {"do": "reset", "after_bytes": SIZE // 2},
        {"do": "reset", "after_bytes": SIZE - 1},
        {"do": "truncate", "after_bytes": SIZE // 3},
    ],
    ids=str,
)
def test_a_download_that_breaks_off_goes_on(desk: Desk, kept: Attachment, fault: dict[str, Any]) -> None:
    desk.control.fail(requests_of(desk, kept), side="answer", **fault)
    assert desk.download(kept) == desk.file.read_bytes()
    assert [path.name for path in (desk.folder / "down").iterdir()] == ["large.bin"]


def test_a_download_that_never_comes_whole(desk: Desk, kept: Attachment) -> None:
    desk.control.fail(requests_of(desk, kept), do="truncate", after_bytes=1000, side="answer", times=None)
    with pytest.raises((TransferIncomplete, ConnectionLost)):
        desk.download(kept)
    assert list((desk.folder / "down").iterdir()) == []


def test_garbage_from_eos_is_not_taken(desk: Desk) -> None:
    made = desk.attach()
    desk.control.fail("GET /eos/*", do="garbage", server="node")
    with pytest.raises(ChecksumMismatch):
        desk.download(made)
    assert list((desk.folder / "down").iterdir()) == []
    desk.service.delete(made)
