"""Attachments on the wire: list, fetch, send and delete them, on the database itself or on EOS."""

from __future__ import annotations

import contextlib
import hashlib
import logging
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from itkgui.client import downloads, transfer
from itkgui.client.answers import Answer
from itkgui.client.bodies import Adler32, FileBody
from itkgui.client.client import Client
from itkgui.client.downloads import Ask, Download, Told, announced_checksum
from itkgui.client.eos import choose_storage, url_without_token
from itkgui.client.exceptions import (
    Cancelled,
    ChecksumMismatch,
    ItkError,
    LinkOnly,
    NotFound,
    NotReadBack,
    TransferIncomplete,
    UnreadableAnswer,
)
from itkgui.client.files import BinaryFile, LocalFile, inspect, receive
from itkgui.records.attachment import Attachment, Owner, OwnerKind, Storage, attachments_of, given_name
from itkgui.records.json_fields import child, text
from itkgui.settings import Settings

log = logging.getLogger(__name__)

# How long what must not be left half-done may go on after a cancel, in seconds: quitting waits for it.
_GRACE = 10.0


@dataclass(frozen=True)
class NewAttachment:
    """A file to be attached, where its bytes shall go, and what people read about it.

    On EOS the file's name is forgotten (API reference §6.2): people, and downloads, have the title for it.
    """

    file: LocalFile
    title: str
    description: str
    storage: Storage

    @classmethod
    def of(
        cls,
        path: Path | str,
        title: str = "",
        description: str = "",
        storage: Storage | None = None,
        *,
        size_limit: int = Settings.eos_size_limit,
    ) -> NewAttachment:
        """Look at a file, and choose what is not given: its name for a title, and where it belongs.

        Pictures, ROOT files and what is over ``size_limit`` (bytes) belong on EOS (API reference §6.1).
        Raises FileMissing, NotAFile, FileUnreadable, FileEmpty.
        """
        file = inspect(Path(path))
        chosen = storage or choose_storage(file.size, file.media_type, size_limit)[0]
        return cls(file, title or file.path.name, description, chosen)


@dataclass(frozen=True)
class _Commands:
    """The commands for the attachments of one kind of owner (API reference §5.5); empty: there is none."""

    fetch: str
    read_owner: str = ""
    create: str = ""
    delete: str = ""


_COMMANDS = {
    OwnerKind.COMPONENT: _Commands(
        "getComponentAttachment", "getComponent", "createComponentAttachment", "deleteComponentAttachment"
    ),
    OwnerKind.TEST_RUN: _Commands(
        "getTestRunAttachment", "getTestRun", "createTestRunAttachment", "deleteTestRunAttachment"
    ),
    OwnerKind.SHIPMENT: _Commands(
        "getShipmentAttachment", "getShipment", "createShipmentAttachment", "deleteShipmentAttachment"
    ),
    OwnerKind.BATCH: _Commands("getBatchAttachment"),
}


class AttachmentService:
    """Does for ProductionDatabase what concerns attachments; what it raises stands there.

    Of a batch only ``download`` of a file in the database itself is possible; all else raises ValueError.
    """

    def __init__(self, client: Client) -> None:
        self._client = client

    def of(self, owner: Owner, *, with_eos_tokens: bool = False) -> tuple[Attachment, ...]:
        """Return what the server lists now; EOS tokens in the urls live 5 minutes (API reference §6.5)."""
        body: dict[str, object] = {owner.kind.value: owner.key, "noEosToken": not with_eos_tokens}
        if owner.kind is OwnerKind.COMPONENT:
            body["noTests"] = True
        command = _needed(_COMMANDS[owner.kind].read_owner, owner)
        return tuple(attachments_of(self._client.get(command, body, refresh=True), owner))

    def download(self, attachment: Attachment, folder: Path, most: int | None = None) -> BinaryFile:
        with self._opened(attachment) as download:
            name = given_name(download.file_name) or attachment.display_name
            return receive(download.pieces_up_to(most), download.size, folder, name)

    def told(self, attachment: Attachment, url: str = "") -> Told:
        """Return what its server tells of an attachment; ``url`` is where EOS has it, with a fresh token."""
        if attachment.storage is Storage.LINK:
            return Told(None)
        if attachment.storage is Storage.EOS:
            return downloads.told_by(
                partial(self._client.object_store.get, url) if url else partial(self._ask_eos, attachment)
            )
        if attachment.size is not None:
            return Told(attachment.size)
        return downloads.told_by(partial(self._ask_database, attachment))

    def attach(self, owner: Owner, new: NewAttachment) -> Attachment:
        _needed(_COMMANDS[owner.kind].create, owner)
        if new.storage is Storage.EOS:
            return self._attach_on_eos(owner, new)
        return self._attach_in_database(owner, new)

    def delete(self, attachment: Attachment) -> None:
        # The database drops its entry and leaves the bytes to the client (API reference §6.4).
        url, token = self._delete_entry(attachment)
        if attachment.storage is Storage.EOS:
            self._delete_bytes(attachment.code, url, token)

    def _delete_entry(self, attachment: Attachment) -> tuple[str, str]:
        """Delete an entry; return where its bytes are on EOS, and the token to delete them."""
        owner = attachment.owner
        command = _needed(_COMMANDS[owner.kind].delete, owner)
        answer = self._client.post(command, {owner.kind.value: owner.key, "code": attachment.code})
        return text(child(answer, "attachment"), "url"), text(answer, "token")

    def _delete_bytes(self, code: str, url: str, token: str) -> None:
        if not (url and token):
            log.warning("the server gave no token to delete %s from EOS: its bytes stay", code)
            return
        with contextlib.suppress(NotFound):  # an entry whose upload failed has no bytes
            self._client.object_store.delete(url, token)

    def _opened(self, attachment: Attachment) -> AbstractContextManager[Download]:
        """Open an attachment's bytes, wherever they are."""
        if attachment.storage is Storage.LINK:
            raise LinkOnly(attachment.url)
        ask = self._ask_eos if attachment.storage is Storage.EOS else self._ask_database
        return self._download(partial(ask, attachment))

    def _download(self, ask: Ask) -> AbstractContextManager[Download]:
        return downloads.opened(ask, self._client.settings.read_timeout)

    @contextlib.contextmanager
    def _ask_eos(self, attachment: Attachment, headers: Mapping[str, str]) -> Iterator[Answer]:
        # The token in an address lives 5 minutes (API reference §6.5), so each time has a fresh one.
        listed = self.of(attachment.owner, with_eos_tokens=True)
        fresh = next((entry for entry in listed if entry.code == attachment.code), None)
        if fresh is None:
            raise NotFound(f"{attachment.owner.label} has no attachment {attachment.code} any more")
        with self._client.object_store.get(fresh.url, headers) as answer:
            _check_size(answer, fresh.size)
            yield answer

    def _ask_database(
        self, attachment: Attachment, headers: Mapping[str, str]
    ) -> AbstractContextManager[Answer]:
        owner = attachment.owner
        question = {owner.kind.value: owner.key, "code": attachment.code}
        return self._client.stream(_COMMANDS[owner.kind].fetch, question, headers)

    def _attach_in_database(self, owner: Owner, new: NewAttachment) -> Attachment:
        before = {attachment.code for attachment in self.of(owner)}
        body = FileBody(new.file.path, new.file.size)
        fields = {
            owner.kind.value: owner.key,
            "title": new.title,
            "description": new.description,
            "type": "file",
            "url": new.file.path.name,
        }
        answer = self._client.upload(
            _COMMANDS[owner.kind].create, fields, body, new.file.path.name, new.file.media_type
        )
        transfer.current().begin_check()
        code = text(answer, "code")
        if not code:
            return self._read_back(owner, new, body, before, code)
        entry = Attachment.from_json({"code": code, "type": Storage.FILE.value}, owner)
        with self._withdrawn_on_failure(entry, Cancelled):
            return self._read_back(owner, new, body, before, code)

    def _read_back(
        self, owner: Owner, new: NewAttachment, body: FileBody, before: set[str], code: str
    ) -> Attachment:
        """Return the entry of a file that was sent to the database, if the server has its bytes."""
        added = [a for a in self.of(owner) if a.code not in before and a.storage is Storage.FILE]
        # The answer is the new binary's record, or the owner's, or nothing (API reference §9.16); without
        # the code in it, others may be attaching at this moment, so the bytes tell which entry is ours.
        mine = [a for a in added if a.code == code] or [a for a in added if a.title == new.title]
        if not mine:
            raise NotReadBack(f"{owner.label} does not list “{new.title}” after it was sent")
        for attachment in mine:
            if self._digest(attachment) == (body.size, body.digest):
                return attachment
        codes = ", ".join(attachment.code for attachment in mine)
        raise ChecksumMismatch(f"the bytes of {codes} differ from those of {new.file.path.name}")

    def _digest(self, attachment: Attachment) -> tuple[int, str]:
        """Read an attachment's bytes from the server, and return their count and SHA-256."""
        size, digest = 0, hashlib.sha256()
        with self._opened(attachment) as download:
            for position, block in download.pieces():
                if position == 0:
                    digest = hashlib.sha256()
                digest.update(block)
                size = position + len(block)
        return size, digest.hexdigest()

    def _attach_on_eos(self, owner: Owner, new: NewAttachment) -> Attachment:
        request = {
            "type": owner.kind.value,
            "id": owner.key,
            "title": new.title,
            "description": new.description,
            "filesize": new.file.size,
        }
        transfer.current().check()
        with transfer.shielded(_GRACE):  # a cancel must not lose the answer: the entry is made
            granted = self._client.post("requestUploadEosFile", request)
        code = text(granted, "code")
        if not code:
            raise UnreadableAnswer("requestUploadEosFile gave no code")
        entry = Attachment.from_json({**granted, "type": Storage.EOS.value}, owner)
        body = FileBody(new.file.path, new.file.size, Adler32)
        store = self._client.object_store
        with self._withdrawn_on_failure(entry):
            transfer.current().check()
            store.put(text(granted, "url"), text(granted, "token"), body, new.file.media_type)
        transfer.current().begin_check()
        # Who cancels now wants nothing left; any other failure leaves what was sent, to be looked at.
        with self._withdrawn_on_failure(entry, Cancelled):
            listed = next((a for a in self.of(owner, with_eos_tokens=True) if a.code == code), None)
            if listed is None:
                raise NotReadBack(f"{owner.label} does not list {code} after it was sent to EOS")
            with self._download(partial(store.get, listed.url)) as stored:
                found = stored.fingerprint()
        if found != (body.size, body.digest):
            with self._withdrawn_on_failure(entry):
                raise ChecksumMismatch(
                    f"{body.size} bytes ({body.digest}) went to EOS, it holds {found[0]} ({found[1]})"
                )
        return replace(listed, url=url_without_token(listed.url))

    @contextlib.contextmanager
    def _withdrawn_on_failure(self, entry: Attachment, failure: type[ItkError] = ItkError) -> Iterator[None]:
        """Delete an entry of which nobody wants to know any more.

        On EOS it is made before its bytes (API reference §6.2).
        """
        try:
            yield
        except failure as error:
            rest = f"entry {entry.code}"
            try:
                with transfer.shielded(_GRACE):  # also after a cancel
                    url, token = self._delete_entry(entry)
                    if entry.storage is Storage.EOS:
                        rest = f"bytes of entry {entry.code}"
                        self._delete_bytes(entry.code, url, token)
            except ItkError as second:
                error.left_behind = rest
                error.detail += f"; its {rest} could not be deleted: {second.detail}"
                log.warning("%s could not be deleted: %s", rest, second.detail)
            raise


def _check_size(answer: Answer, listed: int | None) -> None:
    """Hold the size of a whole file against the one the database lists, where no checksum tells more."""
    is_told = None not in (listed, answer.size) and not announced_checksum(answer)
    if answer.status == 200 and is_told and answer.size != listed:
        raise TransferIncomplete(f"EOS has {answer.size} bytes, the database lists {listed}")


def _needed(command: str, owner: Owner) -> str:
    if not command:
        raise ValueError(f"the database has no such command for a {owner.kind.value}")
    return command
