"""The steps that bring a file to a server and prove that it is there, whatever happened at earlier tries."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from itkgui.client import transfer
from itkgui.client.attachments import Fingerprint, NewAttachment
from itkgui.client.bodies import Adler32, FileBody
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
from itkgui.uploads.doubt import Doubt, Journal
from itkgui.uploads.entries import Entries, age_of, at_eos, fingerprint_of
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
    stays: computers that have the same upload, from one archive, so agree. An entry on EOS whose bytes may
    come late stays until then, too: without it nobody could find or delete them.

    Methods raise what ProductionDatabase does, SpoolDamaged, StorageRefused and EosAway.
    """

    def __init__(
        self, database: ProductionDatabase, journal: Journal, spool: Path, timing: Timing | None = None
    ) -> None:
        self._database = database
        self._journal = journal
        self._spool = spool
        self._timing = timing or Timing()
        self._doubt = Doubt(database, journal, self._timing)
        self._entries = Entries(database, journal, self._doubt)

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
        outcomes = self._proved(uploads)
        return [self._named(upload, outcome) for upload, outcome in zip(uploads, outcomes, strict=True)]

    def _proved(self, uploads: Sequence[Upload]) -> list[Attachment | ItkError]:
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
        return outcomes

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
        """Remove what has come late of an upload; it is unclear no longer if nothing more can come.

        What is held is still wanted: what has come late is taken for what was sent, if it is.
        """
        if upload.state is UploadState.HELD and upload.step is not Step.SENT:
            upload = self._settle(upload)
        listed = self._entries.of(upload.target)
        own = next((entry for entry in listed if entry.code == upload.code), None)
        has_arrived = upload.state is UploadState.DONE or upload.step is Step.SENT
        upload, kept = self._entries.without_twins(upload, listed, own, keeps=has_arrived)
        if kept is not None and kept.code != upload.code:
            named = self._named(upload, kept)
            upload = self._journal.note(upload, upload.step, code=kept.code)
            if isinstance(named, ItkError):
                raise named
        if remains.unfinished_entries(upload.left_behind):  # it was too early for these a moment ago
            return upload
        return self._doubt.ended(upload)

    # Backward ----------------------------------------------------------------------------------------------

    def withdraw(self, upload: Upload) -> Upload:
        """Remove from the server what there is of an upload; it is at Step.NEW then."""
        if upload.step is Step.ELSEWHERE:
            return self._journal.note(upload, Step.NEW)
        is_nameless = upload.step is Step.ASKED or (upload.step is Step.SENT and not upload.code)
        if is_nameless or upload.step in (Step.RESERVED, Step.WITHDRAWING):
            transfer.current().pause(self._timing.late)
        if is_nameless:
            upload = self._doubt.note(upload, Step.ASKED)
        elif upload.step is Step.RESERVED:
            upload = self._put_aside(upload)
        if is_nameless and upload.since:  # what is there may be another computer's
            upload = self._journal.note(upload, Step.NEW)
        elif is_nameless:
            upload = self._looked_for(upload, is_wanted=False)
        if upload.step is not Step.NEW:  # no bytes were sent for what was asked for, but not reserved
            upload = self._remove(upload) if is_nameless else self._let_go(upload)
        if upload.was_unclear:
            upload, _ = self._entries.without_twins(upload, self._entries.of(upload.target))
        return upload

    def _let_go(self, upload: Upload) -> Upload:
        """Remove an entry, or leave it as long as bytes may come once more."""
        if not self._may_get_bytes(upload):
            return self._remove(upload)
        if upload.parameters:
            take_out_of_run(self._database.client, upload)
        return self._put_aside(upload)

    def _may_get_bytes(self, upload: Upload) -> bool:
        is_doubtful = upload.was_unclear and not self._doubt.is_over(upload)
        return is_doubtful and upload.step is Step.SENT and upload.storage is Storage.EOS

    def _remove(self, upload: Upload, *, has_bytes: bool = True) -> Upload:
        """Delete the entry ``code`` if it is there."""
        listed = self._entries.of(upload.target)
        own = next((entry for entry in listed if entry.code == upload.code), None)
        if own is not None:
            if upload.parameters:
                take_out_of_run(self._database.client, upload)
            upload = self._entries.delete(
                self._journal.note(upload, Step.WITHDRAWING), own, has_bytes=has_bytes
            )
        left = remains.without(upload.left_behind, remains.entry(upload.code))
        return self._journal.note(upload, Step.NEW, code="", left_behind=left)

    # What earlier tries have left --------------------------------------------------------------------------

    def _settle(self, upload: Upload) -> Upload:
        """Find out what an earlier try has done: it is all there (SENT), or nothing is (NEW)."""
        match upload.step:
            case Step.NEW if not upload.since:
                return self._looked_for(upload)
            case Step.NEW | Step.ASKED | Step.ELSEWHERE:
                return self._looked_for(self._doubt.note(upload, upload.step))
            case Step.RESERVED:
                upload = self._recognised(self._doubt.note(upload, Step.RESERVED))
                return upload if upload.step is Step.SENT else self._looked_for(self._put_aside(upload))
            case Step.WITHDRAWING:
                return self._remove(upload)
            case Step.SENT if upload.tries:
                # It was sent, and a check failed for good or for now: what is there decides.
                outcome = self._proved([upload])[0]
                if isinstance(outcome, Attachment):
                    return upload
                if not self._may_get_bytes(upload):  # a server that showed it late would show it twice
                    upload = self._doubt.note(upload, Step.WITHDRAWING)
                return self._let_go(upload)
        return upload

    def _recognised(self, upload: Upload, **known: float) -> Upload:
        """Return a reserved upload as sent, with what is ``known`` then, if its bytes have arrived."""
        listed = self._entries.of(upload.target)
        entry = next((entry for entry in listed if entry.code == upload.code), None)
        if entry is None or not self._entries.is_good(upload, entry):
            return upload
        return self._journal.note(upload, Step.SENT, **known)

    def _put_aside(self, upload: Upload) -> Upload:
        """Leave an entry until no bytes can come any more."""
        upload = self._doubt.note(upload, Step.RESERVED)
        left = remains.with_parts(upload.left_behind, remains.unfinished(upload.code))
        return self._journal.note(upload, Step.NEW, code="", left_behind=left)

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
        reserved = self._journal.note(asked, Step.RESERVED, code=reservation.entry.code)
        body = FileBody(new.file.path, new.file.size, Adler32)
        try:
            with at_eos():
                sent = self._database.sender.put(reservation, body, new.file.media_type)
        except ItkError as error:
            # What was never sent in whole has no effect later.
            if not body.given_out:
                reserved = self._journal.note(reserved, Step.WITHDRAWING, unclear_until=known)
            if isinstance(error, Cancelled):
                raise
            settled = self._settled_at_once(reserved, self._after(body, known), has_bytes=body.is_begun)
            if settled.step is Step.SENT:  # only the answer was lost
                return settled
            if settled.step is Step.RESERVED:
                self._doubt.note(settled, Step.RESERVED)
            raise
        known = self._after(body, known)
        self._compare(reserved.with_changes(unclear_until=known), sent)
        arrived = {"unclear_until": known, "state": UploadState.CHECKING}
        return self._journal.note(reserved, Step.SENT, **arrived)

    def _after(self, body: FileBody, known: float) -> float:
        """Return until when bytes may come late of a body that has arrived; ``known`` is of earlier tries."""
        return known if body.given_out == 1 else self._doubt.until

    def _settled_at_once(self, upload: Upload, until: float, *, has_bytes: bool) -> Upload:
        """Find out what came of an entry now if that can be done; the next try does it else.

        ``until`` is when bytes may come late of one that has them; without ``has_bytes`` none were ever sent.
        """
        try:
            if upload.step is Step.RESERVED:
                return self._recognised(upload, unclear_until=until)
            transfer.current().pause(self._timing.late)
            return self._remove(upload, has_bytes=has_bytes)
        except (ConnectionFailed, NotFound) as error:
            log.info("entry %s is looked after at the next try: %s", upload.code, error.detail)
        except Cancelled:
            raise
        except ItkError as error:
            log.warning("entry %s is looked after at the next try: %s", upload.code, error.detail)
        return upload

    def _note_end(self, asked: Upload, error: ItkError, known: float) -> None:
        """Note what may be there of a try that failed; ``known`` is until when earlier ones take effect."""
        if is_answered(error):
            self._journal.note(asked, Step.NEW, unclear_until=known)
        else:
            self._doubt.note(asked, Step.ASKED)

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
            self._let_go(self._journal.note(upload, Step.SENT, **known))
        raise SpoolDamaged(f"{upload.name} was sent with the checksum {sent.digest}")
