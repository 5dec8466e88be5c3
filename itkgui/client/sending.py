"""How a file gets to a server: the steps, each by itself so that it can be recorded, and all in turn."""

from __future__ import annotations

import contextlib
import logging
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace

from itkgui.client import transfer
from itkgui.client.attachments import COMMANDS, AttachmentService, Fingerprint, NewAttachment, needed
from itkgui.client.bodies import Adler32, FileBody
from itkgui.client.client import Client
from itkgui.client.eos import url_without_token
from itkgui.client.exceptions import Cancelled, ChecksumMismatch, ItkError, NotReadBack, UnreadableAnswer
from itkgui.records.attachment import Attachment, Owner, Storage
from itkgui.records.json_fields import text

log = logging.getLogger(__name__)

# How long what must not be left half-done may go on after a cancel, in seconds: quitting waits for it.
_GRACE = 10.0


@dataclass(frozen=True)
class Reservation:
    """An entry that was made for bytes to be sent to EOS, and the right to send them, for 5 minutes."""

    entry: Attachment
    url: str
    token: str = field(repr=False)


@dataclass(frozen=True)
class Sought:
    """What tells an entry whose code no answer has told: what was sent, and that it is new.

    ``known`` are the codes of entries that are others; ``person`` is an identity, empty for anybody's.
    """

    title: str
    storages: Collection[Storage]
    known: Collection[str]
    person: str = ""

    def among(self, listed: Iterable[Attachment]) -> list[Attachment]:
        """Return those entries that may be it; only their bytes tell more."""
        title = _spelled(self.title)
        return [
            entry
            for entry in listed
            if entry.code not in self.known
            and entry.storage in self.storages
            and _spelled(entry.title) == title
            and (not self.person or entry.user.identity in ("", self.person))
        ]


def sendable(text: str) -> str:
    """Return a text as JSON and forms can carry it: the names of files may hold halves of characters."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _spelled(title: str) -> str:
    """Return a title without what a server may change in it: blanks, and how letters are composed."""
    return " ".join(unicodedata.normalize("NFC", sendable(title)).split())


class AttachmentSender:
    """Sends files. ``attach`` does all of it; who keeps a record of each step takes the other methods.

    Each method blocks, reports to the thread's Transfer and obeys it, and raises what ProductionDatabase
    says. A target that takes no files raises ValueError.
    """

    def __init__(self, client: Client, attachments: AttachmentService) -> None:
        self._client = client
        self._attachments = attachments

    # The steps ---------------------------------------------------------------------------------------------

    def post(self, owner: Owner, new: NewAttachment) -> tuple[str, Fingerprint]:
        """Send a file to the database; return its code, if the answer tells it, and what was sent.

        The answer is the new binary's record, or the owner's with its own code, or nothing (API reference
        §9.16).
        """
        body = FileBody(new.file.path, new.file.size)
        fields = {
            owner.kind.value: owner.key,
            "title": sendable(new.title),
            "description": sendable(new.description),
            "type": "file",
            "url": sendable(new.file_name),
        }
        command = needed(COMMANDS[owner.kind].create, owner)
        answer = self._client.upload(command, fields, body, new.file_name, new.file.media_type)
        is_of_owner = owner.key in (text(answer, "code"), text(answer, "id"))
        return "" if is_of_owner else text(answer, "code"), Fingerprint(body.size, body.digest)

    def reserve(self, owner: Owner, new: NewAttachment) -> Reservation:
        """Have an entry made for a file that is to go to EOS (API reference §6.2)."""
        needed(COMMANDS[owner.kind].create, owner)
        request = {
            "type": owner.kind.value,
            "id": owner.key,
            "title": sendable(new.title),
            "description": sendable(new.description),
            "filesize": new.file.size,
        }
        transfer.current().check()
        with transfer.shielded(_GRACE):  # a cancel must not lose the answer: the entry is made
            granted = self._client.post("requestUploadEosFile", request)
        if not text(granted, "code"):
            raise UnreadableAnswer("requestUploadEosFile gave no code")
        entry = Attachment.from_json({**granted, "type": Storage.EOS.value}, owner)
        return Reservation(entry, text(granted, "url"), text(granted, "token"))

    def put(self, reservation: Reservation, body: FileBody, media_type: str) -> Fingerprint:
        """Send the bytes of a reserved entry to EOS; return what was sent. The body counts Adler32."""
        transfer.current().check()
        self._client.object_store.put(reservation.url, reservation.token, body, media_type)
        return Fingerprint(body.size, body.digest)

    # All of them -------------------------------------------------------------------------------------------

    def attach(self, owner: Owner, new: NewAttachment) -> Attachment:
        if new.storage is Storage.EOS:
            return self._attach_on_eos(owner, new)
        return self._attach_in_database(owner, new)

    def _attach_in_database(self, owner: Owner, new: NewAttachment) -> Attachment:
        before = {attachment.code for attachment in self._attachments.of(owner)}
        code, sent = self.post(owner, new)
        transfer.current().begin_check()
        if not code:
            return self._read_back(owner, new, sent, before, code)
        entry = Attachment.from_json({"code": code, "type": Storage.FILE.value}, owner)
        with self._withdrawn_on_failure(entry, Cancelled):
            return self._read_back(owner, new, sent, before, code)

    def _read_back(
        self, owner: Owner, new: NewAttachment, sent: Fingerprint, before: set[str], code: str
    ) -> Attachment:
        """Return the entry of a file that was sent to the database, if the server has its bytes."""
        listed = self._attachments.of(owner)
        # Without a code others may be attaching at this moment, so the bytes tell which entry is ours.
        sought = Sought(new.title, [Storage.FILE], before)
        mine = [a for a in listed if a.code == code and code not in before] or sought.among(listed)
        if not mine:
            raise NotReadBack(f"{owner.label} does not list “{new.title}” after it was sent")
        for attachment in mine:
            if self._attachments.fingerprint(attachment) == sent:
                return attachment
        codes = ", ".join(attachment.code for attachment in mine)
        raise ChecksumMismatch(f"the bytes of {codes} differ from those of {new.file.path.name}")

    def _attach_on_eos(self, owner: Owner, new: NewAttachment) -> Attachment:
        reservation = self.reserve(owner, new)
        entry = reservation.entry
        with self._withdrawn_on_failure(entry):
            body = FileBody(new.file.path, new.file.size, Adler32)
            sent = self.put(reservation, body, new.file.media_type)
        transfer.current().begin_check()
        # Who cancels now wants nothing left; any other failure leaves what was sent, to be looked at.
        with self._withdrawn_on_failure(entry, Cancelled):
            listed = self._attachments.of(owner, with_eos_tokens=True)
            shown = next((a for a in listed if a.code == entry.code), None)
            if shown is None:
                raise NotReadBack(f"{owner.label} does not list {entry.code} after it was sent to EOS")
            found = self._attachments.fingerprint(shown, shown.url)
        if found != sent:
            with self._withdrawn_on_failure(entry):
                raise ChecksumMismatch(
                    f"{sent.size} bytes ({sent.digest}) went to EOS, it holds {found.size} ({found.digest})"
                )
        return replace(shown, url=url_without_token(shown.url))

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
                    url, token = self._attachments.delete_entry(entry)
                    if entry.storage is Storage.EOS:
                        rest = f"bytes of entry {entry.code}"
                        self._attachments.delete_bytes(entry.code, url, token)
            except ItkError as second:
                error.left_behind = rest
                error.detail += f"; its {rest} could not be deleted: {second.detail}"
                log.warning("%s could not be deleted: %s", rest, second.detail)
            raise
