"""The steps that bring a file to a server and prove that it is there, whatever happened at earlier tries."""

from __future__ import annotations

import contextlib
import logging
import math
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Protocol

from itkgui.client import transfer
from itkgui.client.attachments import Fingerprint, NewAttachment
from itkgui.client.database import ProductionDatabase
from itkgui.client.exceptions import (
    Cancelled,
    ChecksumMismatch,
    ConnectionFailed,
    Forbidden,
    ItkError,
    NotFound,
    NotReadBack,
    UnexpectedStatus,
)
from itkgui.client.files import LocalFile
from itkgui.records.attachment import Attachment, Owner, Storage
from itkgui.uploads.sorting import EosAway, SpoolDamaged, StorageRefused, Timing, cause_of, is_answered
from itkgui.uploads.upload import Cause, Step, Upload

log = logging.getLogger(__name__)

_GRACE = 10.0  # seconds that a deletion may go on after a cancel
_FRESH = 30.0  # seconds for which a listing tells what was there before


class Journal(Protocol):
    """Where the steps are recorded; each is on the disk when ``note`` returns."""

    def note(self, upload: Upload, step: Step, **changes: object) -> Upload:
        """Record a step and what is known by then; return the upload as it is now."""

    def claimed(self, owner: Owner) -> frozenset[str]:
        """Return the codes of a target's entries that uploads of this computer have made."""


class Saga:
    """Sends, checks and withdraws files; each method runs on a transfer lane and may be killed at any point.

    Before a request that changes something at the server the journal tells that it may have happened, and
    after the answer what came of it. So the next try knows where to look: an entry whose answer was lost is
    taken for ours only if it is new, has our title, and holds our bytes or none at all.

    A request may take effect after its connection is gone, up to ``late`` seconds later. So what is sent
    once more may arrive twice, which is looked for in the end; before something is taken back, that time is
    waited.

    Methods raise what ProductionDatabase does, SpoolDamaged, StorageRefused and EosAway.
    """

    def __init__(
        self, database: ProductionDatabase, journal: Journal, spool: Path, late: float = Timing.late
    ) -> None:
        self._database = database
        self._journal = journal
        self._spool = spool
        self._late = late
        self._listed: dict[Owner, tuple[float, tuple[str, ...]]] = {}

    # Forward -----------------------------------------------------------------------------------------------

    def send(self, upload: Upload) -> Upload:
        """Bring an upload to Step.SENT, from wherever its last try left it."""
        if upload.step is not Step.NEW:
            upload = self._settle(upload)
        if upload.step is Step.SENT:
            return upload
        new = self._new_attachment(upload)
        # Once an answer was lost, what has come since may be its late effect.
        before = upload.before if upload.was_unclear else self._known_at(upload.target)
        asked = self._journal.note(upload, Step.ASKED, before=before)
        if upload.storage is Storage.EOS:
            return self._send_to_eos(asked, new)
        try:
            code, sent = self._database.sender.post(upload.target, new)
        except ItkError as error:
            self._note_refusal(asked, error)
            raise
        self._compare(asked.with_changes(code=code), sent)
        return self._journal.note(asked, Step.SENT, code=code)

    def check(self, uploads: Sequence[Upload]) -> list[Attachment | ItkError]:
        """Compare what the server holds of uploads to one target, all at Step.SENT; one listing for all.

        Returns for each the entry that is proved to hold its bytes, or what is wrong with it. Raises an error
        that says nothing of a single one, such as a connection that failed.
        """
        listed = self._list(uploads[0].target)
        outcomes: list[Attachment | ItkError] = []
        for upload in uploads:
            # What proves one of them proves no other, as alike as they may be.
            used = {outcome.code for outcome in outcomes if isinstance(outcome, Attachment)}
            rest = [entry for entry in listed if entry.code == upload.code or entry.code not in used]
            outcomes.append(self._checked(upload, rest))
        return outcomes

    # Backward ----------------------------------------------------------------------------------------------

    def withdraw(self, upload: Upload) -> Upload:
        """Remove from the server what there is of an upload; it is at Step.NEW then."""
        is_nameless = upload.step is Step.ASKED or (upload.step is Step.SENT and not upload.code)
        if is_nameless or upload.step is Step.RESERVED:
            transfer.current().pause(self._late)
        if is_nameless:
            upload = self._look(upload)
        if upload.step is not Step.NEW:
            upload = self._remove(upload)
        if upload.was_unclear:
            self._remove_twins(upload, self._list(upload.target))
        return upload

    def _remove(self, upload: Upload) -> Upload:
        """Delete the entry ``code``, then its bytes; it is noted as long as these may stay without it."""
        listed = self._list(upload.target)
        entry = next((entry for entry in listed if entry.code == upload.code), None)
        known = [part for part in upload.left_behind.split(", ") if part != f"entry {upload.code}"]
        if entry is None:
            return self._journal.note(upload, Step.NEW, code="", left_behind=_joined(known))
        on_eos = entry.storage is Storage.EOS
        rest = f"bytes of entry {entry.code}"
        others = [part for part in known if part != rest]
        left = _joined([*others, rest] if on_eos else others)
        upload = self._journal.note(upload, Step.WITHDRAWING, left_behind=left)
        with transfer.shielded(_GRACE):  # the answer alone has the right to delete the bytes
            url, token = self._database.files.delete_entry(entry)
            if on_eos:
                self._database.files.delete_bytes(entry.code, url, token)
        if not on_eos or (url and token):
            left = _joined(others)
        return self._journal.note(upload, Step.NEW, code="", left_behind=left)

    # What earlier tries have left --------------------------------------------------------------------------

    def _settle(self, upload: Upload) -> Upload:
        """Find out what an earlier try has done: it is all there (SENT), or nothing is (NEW)."""
        match upload.step:
            case Step.ASKED:
                return self._look(upload)
            case Step.RESERVED:
                listed = self._list(upload.target)
                entry = next((entry for entry in listed if entry.code == upload.code), None)
                if entry is not None and self._held(entry) == _wanted(upload):
                    return self._journal.note(upload, Step.SENT)
                transfer.current().pause(self._late)
                return self._remove(self._journal.note(upload, Step.WITHDRAWING))
            case Step.WITHDRAWING:
                return self._remove(upload)
            case Step.SENT if upload.tries:
                # It was sent, and a check failed for good or for now: what is there decides.
                outcome = self.check([upload])[0]
                if isinstance(outcome, Attachment):
                    return self._journal.note(upload, Step.SENT, code=outcome.code)
                # A server that showed it late would show it twice.
                return self._remove(self._journal.note(upload, Step.WITHDRAWING, was_unclear=True))
        return upload

    def _look(self, upload: Upload) -> Upload:
        """Look whether the entry that was asked for is there, though its answer was lost."""
        upload = self._journal.note(upload, upload.step, was_unclear=True)
        listed = self._list(upload.target)
        for entry in self._candidates(upload, listed):
            held = self._held(entry)
            if held == _wanted(upload):
                return self._journal.note(upload, Step.SENT, code=entry.code)
            if held is None:  # made for bytes that were never sent
                return self._remove(self._journal.note(upload, Step.WITHDRAWING, code=entry.code))
        return self._journal.note(upload, Step.NEW, code="")

    def _list(self, owner: Owner) -> tuple[Attachment, ...]:
        listed = self._database.files.of(owner, with_eos_tokens=True)
        self._listed[owner] = time.monotonic(), tuple(entry.code for entry in listed)
        return listed

    def _known_at(self, owner: Owner) -> tuple[str, ...]:
        """Return the codes that a target has, as it was listed lately.

        What came there since from elsewhere would be taken for ours only if it had our title and our bytes,
        and then it is as good; so hundreds of files for one target do not ask before each.
        """
        listed_at, codes = self._listed.get(owner, (-math.inf, ()))
        if time.monotonic() - listed_at < _FRESH:
            return codes
        return tuple(entry.code for entry in self._list(owner))

    def _candidates(self, upload: Upload, listed: Iterable[Attachment]) -> list[Attachment]:
        """Return the entries that may be this upload's: new, of its title, and nobody else's."""
        taken = self._journal.claimed(upload.target) | set(upload.before)
        me = self._database.user.identity
        return [
            entry
            for entry in listed
            if entry.code not in taken
            and entry.storage is upload.storage
            and entry.title == upload.title
            and (not me or entry.user.identity in ("", me))
        ]

    def _held(self, entry: Attachment) -> Fingerprint | None:
        """Return what the server holds of an entry, None if it has no bytes."""
        try:
            if entry.storage is Storage.EOS:
                with _at_eos():
                    return self._database.files.fingerprint(entry, entry.url)
            return self._database.files.fingerprint(entry)
        except NotFound:
            return None

    # The parts of going forward ----------------------------------------------------------------------------

    def _send_to_eos(self, asked: Upload, new: NewAttachment) -> Upload:
        try:
            reservation = self._database.sender.reserve(asked.target, new)
        except ItkError as error:
            self._note_refusal(asked, error)
            raise
        reserved = self._journal.note(asked, Step.RESERVED, code=reservation.entry.code)
        try:
            with _at_eos():
                sent = self._database.sender.put(reservation, new)
        except Cancelled:
            raise
        except ItkError:
            settled = self._settle_at_once(reserved)
            if settled.step is Step.SENT:  # only the answer was lost
                return settled
            raise
        self._compare(reserved, sent)
        return self._journal.note(reserved, Step.SENT)

    def _settle_at_once(self, reserved: Upload) -> Upload:
        """Take an entry without bytes away now if that can be done; the next try does it else."""
        try:
            return self._settle(reserved)
        except (ConnectionFailed, NotFound) as error:
            log.info("entry %s is looked after at the next try: %s", reserved.code, error.detail)
        except Cancelled:
            raise
        except ItkError as error:
            log.warning("entry %s is looked after at the next try: %s", reserved.code, error.detail)
        return reserved

    def _note_refusal(self, asked: Upload, error: ItkError) -> None:
        if is_answered(error):
            self._journal.note(asked, Step.NEW)

    def _checked(self, upload: Upload, listed: Sequence[Attachment]) -> Attachment | ItkError:
        if upload.code:
            mine = [entry for entry in listed if entry.code == upload.code]
        else:
            mine = self._candidates(upload, listed)
        if not mine:
            return NotReadBack(f"{upload.target.label} does not list “{upload.title}” after it was sent")
        wanted = _wanted(upload)
        proved = next((entry for entry in mine if self._held(entry) == wanted), None)
        if proved is None:
            codes = ", ".join(entry.code for entry in mine)
            return ChecksumMismatch(f"the bytes of {codes} differ from those of {upload.name}")
        if upload.was_unclear:
            self._remove_twins(upload.with_changes(code=proved.code), listed)
        return proved

    def _remove_twins(self, upload: Upload, listed: Sequence[Attachment]) -> None:
        """Delete what an earlier try, thought lost, has brought there after all."""
        for entry in self._candidates(upload, listed):
            if entry.code != upload.code and self._held(entry) in (_wanted(upload), None):
                log.warning("%s arrived twice: %s is deleted again", upload.title, entry.code)
                self._database.files.delete(entry)

    def _new_attachment(self, upload: Upload) -> NewAttachment:
        path = self._spool / upload.spool_name
        try:
            size = path.stat().st_size
        except OSError as error:
            raise SpoolDamaged(f"{upload.name}: {error.strerror}") from error
        if size != upload.size:
            raise SpoolDamaged(f"{upload.name} has {size} bytes instead of {upload.size}")
        file = LocalFile(path, upload.size, upload.media_type)
        return NewAttachment(file, upload.title, upload.description, upload.storage, upload.name)

    def _compare(self, upload: Upload, sent: Fingerprint) -> None:
        """Take back what was sent if the copy in the spool is not what was dropped any more."""
        if sent == _wanted(upload):
            return
        if upload.code:
            self._remove(self._journal.note(upload, Step.WITHDRAWING, code=upload.code))
        raise SpoolDamaged(f"{upload.name} was sent with the checksum {sent.digest}")


@contextlib.contextmanager
def _at_eos() -> Iterator[None]:
    """Tell trouble with EOS from trouble with the database."""
    try:
        yield
    except (Forbidden, UnexpectedStatus) as error:  # by the object's token, not by the person's rights
        raise StorageRefused(error.detail) from error
    except ItkError as error:
        if cause_of(error, 1) is Cause.PASSING:
            raise EosAway.because_of(error) from error
        raise


def _joined(parts: Iterable[str]) -> str:
    return ", ".join(filter(None, parts))


def _wanted(upload: Upload) -> Fingerprint:
    return Fingerprint(upload.size, upload.adler32 if upload.storage is Storage.EOS else upload.sha256)
