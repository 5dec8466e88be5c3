"""The steps that bring a file to a server and prove that it is there, whatever happened at earlier tries."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from itkgui.client import transfer
from itkgui.client.attachments import Fingerprint, NewAttachment
from itkgui.client.database import ProductionDatabase
from itkgui.client.exceptions import (
    BadRequest,
    Cancelled,
    ChecksumMismatch,
    ConnectionFailed,
    ItkError,
    NotFound,
    NotReadBack,
)
from itkgui.client.files import LocalFile
from itkgui.records.attachment import Attachment, Storage
from itkgui.uploads import remains
from itkgui.uploads.entries import Entries, Journal, age_of, at_eos, fingerprint_of
from itkgui.uploads.run_parameters import NotNamed, name_in_run, take_out_of_run
from itkgui.uploads.sorting import SpoolDamaged, Timing, is_answered
from itkgui.uploads.upload import Step, Upload, UploadState

log = logging.getLogger(__name__)


class Saga:
    """Sends, checks and withdraws files; each method runs on a transfer lane and may be killed at any point.

    Before a request that changes something at the server the journal tells that it may have happened, and
    after the answer what came of it. So the next try knows where to look: an entry whose answer was lost is
    taken for ours only if it is new, has our title, and holds our bytes or none at all.

    A request may take effect after its connection is gone: nearly always within ``Timing.late``, which is
    waited before something is taken back, and surely within ``Timing.settled``. What is sent once more may so
    arrive twice. Nobody waits for that, but ``look_again`` must be called when it is over for whatever
    ``was_unclear``, even if it is done, cancelled or failed by then. Of entries that are equal the oldest
    stays: computers that have the same upload, from one archive, so agree.

    Methods raise what ProductionDatabase does, SpoolDamaged, StorageRefused and EosAway.
    """

    def __init__(
        self, database: ProductionDatabase, journal: Journal, spool: Path, timing: Timing | None = None
    ) -> None:
        self._database = database
        self._journal = journal
        self._spool = spool
        self._timing = timing or Timing()
        self._entries = Entries(database, journal)

    # Forward -----------------------------------------------------------------------------------------------

    def send(self, upload: Upload) -> Upload:
        """Bring an upload to Step.SENT, from wherever its last try left it."""
        if upload.step is not Step.NEW or upload.was_unclear or upload.since:
            upload = self._settle(upload)
        if upload.step is Step.SENT:
            return upload
        new = self._new_attachment(upload)
        # Once an answer was lost, what has come since may be its late effect.
        before = upload.before if upload.was_unclear else self._entries.known_at(upload.target)
        known = upload.unclear_until
        asked = self._journal.note(upload, Step.ASKED, before=before, unclear_until=0.0)
        if upload.storage is Storage.EOS:
            return self._send_to_eos(asked, new, known)
        try:
            code, sent = self._database.sender.post(upload.target, new)
        except ItkError as error:
            self._note_end(asked, error, known)
            raise
        self._compare(asked.with_changes(code=code, unclear_until=known), sent)
        arrived = {"code": code, "unclear_until": known, "state": UploadState.CHECKING}
        return self._journal.note(asked, Step.SENT, **arrived)

    def check(self, uploads: Sequence[Upload]) -> list[Attachment | ItkError]:
        """Compare what the server holds of uploads to one target, all at Step.SENT; one listing for all.

        Returns for each the entry that is proved to hold its bytes, or what is wrong with it. Raises an error
        that says nothing of a single one, such as a connection that failed.
        """
        listed = self._entries.of(uploads[0].target)
        outcomes: list[Attachment | ItkError] = []
        for upload in uploads:
            # What proves one of them proves no other, as alike as they may be.
            used = {outcome.code for outcome in outcomes if isinstance(outcome, Attachment)}
            rest = [entry for entry in listed if entry.code == upload.code or entry.code not in used]
            try:
                outcomes.append(self._checked(upload, rest))
            except BadRequest as error:  # what is refused about one says nothing of the others
                outcomes.append(error)
        return [self._named(upload, outcome) for upload, outcome in zip(uploads, outcomes, strict=True)]

    def _named(self, upload: Upload, outcome: Attachment | ItkError) -> Attachment | ItkError:
        """Have the test run name a file that is proved to be there."""
        if not upload.parameters or not isinstance(outcome, Attachment):
            return outcome
        if upload.code not in ("", outcome.code):  # a twin that stays in its place
            take_out_of_run(self._database.client, upload)
        known = self._journal.note(upload, upload.step, code=outcome.code)
        try:
            name_in_run(self._database.client, known, partial(self._journal.codes_beside, known))
        except NotNamed as error:
            return error
        return outcome

    def look_again(self, upload: Upload) -> Upload:
        """Remove what has come late of an upload; it is unclear no longer if nothing more can come."""
        listed = self._entries.of(upload.target)
        own = next((entry for entry in listed if entry.code == upload.code), None)
        has_arrived = upload.state is UploadState.DONE or upload.step is Step.SENT
        upload, kept = self._entries.without_twins(upload, listed, own, keeps=has_arrived)
        if kept is not None and kept.code != upload.code:
            named = self._named(upload, kept)
            upload = self._journal.note(upload, upload.step, code=kept.code)
            if isinstance(named, ItkError):
                raise named
        if not self._entries.is_settled(upload):
            return upload
        return self._journal.note(upload, upload.step, unclear_until=0.0)

    # Backward ----------------------------------------------------------------------------------------------

    def withdraw(self, upload: Upload) -> Upload:
        """Remove from the server what there is of an upload; it is at Step.NEW then."""
        if upload.step is Step.ELSEWHERE:
            return self._journal.note(upload, Step.NEW)
        is_nameless = upload.step is Step.ASKED or (upload.step is Step.SENT and not upload.code)
        if is_nameless or upload.step is Step.RESERVED:
            transfer.current().pause(self._timing.late)
            upload = self._unsure(upload, Step.ASKED if is_nameless else Step.WITHDRAWING)
        if is_nameless and upload.since:  # what is there may be another computer's
            upload = self._journal.note(upload, Step.NEW)
        elif is_nameless:
            upload = self._looked_for(upload, is_wanted=False)
        if upload.step is not Step.NEW:
            upload = self._remove(upload)
        if upload.was_unclear:
            upload, _ = self._entries.without_twins(upload, self._entries.of(upload.target))
        return upload

    def _remove(self, upload: Upload) -> Upload:
        """Delete the entry ``code`` if it is there."""
        listed = self._entries.of(upload.target)
        own = next((entry for entry in listed if entry.code == upload.code), None)
        if own is not None:
            if upload.parameters:
                take_out_of_run(self._database.client, upload)
            upload = self._entries.delete(self._journal.note(upload, Step.WITHDRAWING), own)
        left = remains.without(upload.left_behind, remains.entry(upload.code))
        return self._journal.note(upload, Step.NEW, code="", left_behind=left)

    # What earlier tries have left --------------------------------------------------------------------------

    def _settle(self, upload: Upload) -> Upload:
        """Find out what an earlier try has done: it is all there (SENT), or nothing is (NEW)."""
        match upload.step:
            case Step.NEW if not upload.since:
                return self._looked_for(upload)
            case Step.NEW | Step.ASKED | Step.ELSEWHERE:
                return self._looked_for(self._unsure(upload, upload.step))
            case Step.RESERVED:
                listed = self._entries.of(upload.target)
                entry = next((entry for entry in listed if entry.code == upload.code), None)
                if entry is not None and self._entries.is_good(upload, entry):
                    return self._journal.note(upload, Step.SENT)
                transfer.current().pause(self._timing.late)
                return self._remove(self._unsure(upload, Step.WITHDRAWING))
            case Step.WITHDRAWING:
                return self._remove(upload)
            case Step.SENT if upload.tries:
                # It was sent, and a check failed for good or for now: what is there decides.
                outcome = self.check([upload])[0]
                if isinstance(outcome, Attachment):
                    return self._journal.note(upload, Step.SENT, code=outcome.code)
                # A server that showed it late would show it twice.
                return self._remove(self._unsure(upload, Step.WITHDRAWING))
        return upload

    def _unsure(self, upload: Upload, step: Step) -> Upload:
        """Note that what was asked for until now may take effect later.

        What was noted when a try ended stays: what came since then, while the server was away, is not of it.
        """
        if upload.step is step is Step.ASKED and upload.was_unclear and not upload.since:
            return upload
        until = self._database.client.server_time + self._timing.settled
        return self._journal.note(upload, step, unclear_until=until)

    def _looked_for(self, upload: Upload, *, is_wanted: bool = True) -> Upload:
        """Take an entry that was asked for, though its answer was lost, for what was sent if it is.

        One that came too late for that is as good, unless it is to be deleted.
        """
        listed = self._entries.of(upload.target)
        for entry in sorted(self._entries.candidates(upload, listed), key=age_of):
            if not is_wanted and self._entries.is_late(upload, entry):
                continue
            if self._entries.is_good(upload, entry):
                return self._journal.note(upload, Step.SENT, code=entry.code, storage=entry.storage)
        upload, _ = self._entries.without_twins(upload, listed)
        return self._journal.note(upload, Step.NEW, code="")

    # The parts of going forward ----------------------------------------------------------------------------

    def _send_to_eos(self, asked: Upload, new: NewAttachment, known: float) -> Upload:
        try:
            reservation = self._database.sender.reserve(asked.target, new)
        except ItkError as error:
            self._note_end(asked, error, known)
            raise
        code = reservation.entry.code
        reserved = self._journal.note(asked, Step.RESERVED, code=code, unclear_until=known)
        try:
            with at_eos():
                sent = self._database.sender.put(reservation, new)
        except Cancelled:
            raise
        except ItkError:
            settled = self._settle_at_once(reserved)
            if settled.step is Step.SENT:  # only the answer was lost
                return settled
            raise
        self._compare(reserved, sent)
        return self._journal.note(reserved, Step.SENT, state=UploadState.CHECKING)

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

    def _note_end(self, asked: Upload, error: ItkError, known: float) -> None:
        """Note what may be there of a try that failed; ``known`` is until when earlier ones take effect."""
        if is_answered(error):
            self._journal.note(asked, Step.NEW, unclear_until=known)
        else:
            self._unsure(asked, Step.ASKED)

    def _checked(self, upload: Upload, listed: Sequence[Attachment]) -> Attachment | ItkError:
        mine = [entry for entry in listed if upload.code and entry.code == upload.code]
        mine = mine or self._entries.candidates(upload, listed)
        if not mine:
            return NotReadBack(f"{upload.target.label} does not list “{upload.title}” after it was sent")
        proved = next(
            (entry for entry in sorted(mine, key=age_of) if self._entries.is_good(upload, entry)), None
        )
        if proved is None:
            codes = ", ".join(entry.code for entry in mine)
            return ChecksumMismatch(f"the bytes of {codes} differ from those of {upload.name}")
        if not upload.was_unclear:
            return proved
        _, kept = self._entries.without_twins(upload, listed, proved, keeps=True)
        return kept or proved

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
        if sent == fingerprint_of(upload, upload.storage):
            return
        if upload.code:
            known = {"code": upload.code, "unclear_until": upload.unclear_until}
            self._remove(self._journal.note(upload, Step.WITHDRAWING, **known))
        raise SpoolDamaged(f"{upload.name} was sent with the checksum {sent.digest}")
