"""Whether a target holds the very bytes already that are about to be sent there."""

from __future__ import annotations

from itkgui.client.attachments import AttachmentService, Fingerprint
from itkgui.client.exceptions import NotFound
from itkgui.records.attachment import Attachment, Storage
from itkgui.uploads.sorting import AlreadyThere
from itkgui.uploads.spool import Spooled
from itkgui.uploads.upload import Step, Upload, UploadKind
from itkgui.uploads.upload_store import UploadStore

_MOST = 50_000_000  # bytes that are read back from the database for a comparison


def holds_same(files: AttachmentService, entry: Attachment, copy: Spooled | Upload) -> bool | None:
    """Tell whether an entry holds the very bytes of a copy; None where that would take too long.

    EOS tells size and checksum; what the database keeps is read back. Blocks. Raises what the server raises.
    """
    if entry.storage is Storage.LINK or entry.size not in (None, copy.size):
        return False
    is_on_eos = entry.storage is Storage.EOS
    if not is_on_eos and copy.size > _MOST:
        return None
    try:
        if not is_on_eos and files.told(entry).size not in (None, copy.size):
            return False
        held = files.fingerprint(entry)
    except NotFound:  # an entry without bytes
        return False
    return held == Fingerprint(copy.size, copy.adler32 if is_on_eos else copy.sha256)


class Twins:
    """Looks before a file is sent for the first time; the review sheet does so for what it has copied.

    What belongs to results is attached to a run of its own, as these say.
    """

    def __init__(self, files: AttachmentService, store: UploadStore) -> None:
        self._files = files
        self._store = store

    def check(self, upload: Upload) -> None:
        """Raise AlreadyThere if somebody has to decide about an upload, and what the database raises.

        The server is asked only if the ledger knows the bytes: whoever has deleted them there may send them.
        """
        is_settled = upload.may_repeat or upload.parent or upload.step is not Step.NEW
        if is_settled or upload.kind is not UploadKind.FILE:
            return
        for twin in self._store.on_their_way(upload.target, upload.sha256):
            if twin.id != upload.id and not _is_besides(twin, upload):
                raise AlreadyThere(f"{twin.name}, “{twin.title}”, is on its way to {upload.target.label}")
        sent = [line for line in self._store.sent_before(upload.sha256) if line.target == upload.target]
        if not sent:
            return
        there = {entry.code: entry for entry in self._files.of(upload.target)}
        for line in sent:
            if line.code in there and not _is_besides(self._store.find(line.id), upload):
                raise AlreadyThere(f"{upload.target.label} has it as “{there[line.code].title}”, {line.code}")


def _is_besides(twin: Upload | None, upload: Upload) -> bool:
    """Tell whether somebody has wanted a twin besides an upload that was there before it."""
    if twin is None or not twin.may_repeat:
        return False
    return (twin.added, twin.place) > (upload.added, upload.place)  # places begin anew in an empty queue
