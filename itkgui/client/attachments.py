"""Attachments on the wire: list, fetch, compare and delete them, on the database itself or on EOS."""

from __future__ import annotations

import contextlib
import hashlib
import logging
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from itkgui.client import downloads
from itkgui.client.answers import Answer
from itkgui.client.client import Client
from itkgui.client.downloads import Ask, Download, Told, announced_checksum
from itkgui.client.eos import choose_storage
from itkgui.client.exceptions import BadRequest, ItkError, LinkOnly, NotFound, TransferIncomplete
from itkgui.client.files import BinaryFile, LocalFile, inspect, receive
from itkgui.records.attachment import Attachment, Owner, OwnerKind, Storage, attachments_of, given_name
from itkgui.records.json_fields import child, text
from itkgui.settings import Settings

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class NewAttachment:
    """A file to be attached, where its bytes shall go, and what people read about it.

    ``name`` is what the file is called at the server, if not as here. On EOS that is forgotten (API reference
    §6.2): people, and downloads, have the title for it.
    """

    file: LocalFile
    title: str
    description: str
    storage: Storage
    name: str = ""

    @property
    def file_name(self) -> str:
        return self.name or self.file.path.name

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
class Fingerprint:
    """By what bytes are told apart: their count, and a checksum in hexadecimal.

    That is SHA-256 for what the database keeps, and Adler-32, which EOS tells itself, for what is there.
    """

    size: int
    digest: str


@dataclass(frozen=True)
class Commands:
    """The commands for the attachments of one kind of owner (API reference §5.5); empty: there is none."""

    fetch: str
    read_owner: str = ""
    create: str = ""
    delete: str = ""


COMMANDS = {
    OwnerKind.COMPONENT: Commands(
        "getComponentAttachment", "getComponent", "createComponentAttachment", "deleteComponentAttachment"
    ),
    OwnerKind.TEST_RUN: Commands(
        "getTestRunAttachment", "getTestRun", "createTestRunAttachment", "deleteTestRunAttachment"
    ),
    OwnerKind.SHIPMENT: Commands(
        "getShipmentAttachment", "getShipment", "createShipmentAttachment", "deleteShipmentAttachment"
    ),
    OwnerKind.BATCH: Commands("getBatchAttachment"),
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
        command = needed(COMMANDS[owner.kind].read_owner, owner)
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

    def fingerprint(self, attachment: Attachment, url: str = "") -> Fingerprint:
        """Return what the server holds of an attachment; ``url`` is where EOS has it, with a fresh token.

        Raises NotFound where there are no bytes.
        """
        if attachment.storage is Storage.EOS:
            ask = partial(self._client.object_store.get, url) if url else partial(self._ask_eos, attachment)
            with self._download(ask) as stored:
                return Fingerprint(*stored.fingerprint())
        size, digest = 0, hashlib.sha256()
        with self._opened(attachment) as download:
            for position, block in download.pieces():
                if position == 0:
                    digest = hashlib.sha256()
                digest.update(block)
                size = position + len(block)
        return Fingerprint(size, digest.hexdigest())

    def delete(self, attachment: Attachment) -> None:
        # The database drops its entry and leaves the bytes to the client (API reference §6.4).
        try:
            url, token = self.delete_entry(attachment)
        except (BadRequest, NotFound):
            # How the server says that there is none was never recorded (API reference §3.3): its list tells.
            if any(listed.code == attachment.code for listed in self.of(attachment.owner)):
                raise
            return
        if attachment.storage is Storage.EOS:
            try:
                self.delete_bytes(attachment.code, url, token)
            except ItkError as error:
                error.left_behind = f"bytes of entry {attachment.code}"
                raise

    def delete_entry(self, attachment: Attachment) -> tuple[str, str]:
        """Delete an entry; return where its bytes are on EOS, and the token to delete them."""
        owner = attachment.owner
        command = needed(COMMANDS[owner.kind].delete, owner)
        answer = self._client.post(command, {owner.kind.value: owner.key, "code": attachment.code})
        return text(child(answer, "attachment"), "url"), text(answer, "token")

    def delete_bytes(self, code: str, url: str, token: str) -> None:
        """Delete what an entry had on EOS, with what ``delete_entry`` gave."""
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
        return self._client.stream(COMMANDS[owner.kind].fetch, question, headers)


def _check_size(answer: Answer, listed: int | None) -> None:
    """Hold the size of a whole file against the one the database lists, where no checksum tells more."""
    is_told = None not in (listed, answer.size) and not announced_checksum(answer)
    if answer.status == 200 and is_told and answer.size != listed:
        raise TransferIncomplete(f"EOS has {answer.size} bytes, the database lists {listed}")


def needed(command: str, owner: Owner) -> str:
    """Return a command of ``COMMANDS``; raises ValueError if there is none."""
    if not command:
        raise ValueError(f"the database has no such command for a {owner.kind.value}")
    return command
