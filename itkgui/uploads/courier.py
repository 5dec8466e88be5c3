"""Takes uploads through a part of their way, on a thread, and records how that ended."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

from itkgui.client.exceptions import AnswerError, Cancelled, ItkError
from itkgui.records.attachment import Attachment, Owner, OwnerKind
from itkgui.uploads.sorting import Timing, cause_of
from itkgui.uploads.spool import Spool
from itkgui.uploads.upload import Cause, Step, Trouble, Upload, UploadKind, UploadState
from itkgui.uploads.upload_store import UploadStore

log = logging.getLogger(__name__)

_STATE_AFTER = {
    Cause.PASSING: UploadState.WAITING,
    Cause.SESSION: UploadState.WAITING,
    Cause.PERMANENT: UploadState.FAILED,
}


class Errand(Protocol):
    """How one kind of thing is sent, compared and taken back; see Saga."""

    def send(self, upload: Upload) -> Upload: ...

    def check(self, uploads: Sequence[Upload]) -> Sequence[Attachment | str | ItkError]: ...

    def withdraw(self, upload: Upload) -> Upload: ...


class Courier:
    """Does what the queue decides; each method runs on a thread and returns the rows as they are then.

    An error of the servers or of a file ends in the row. Raises Cancelled if the thread's work is cancelled,
    with the row as it was, and QueueNotWritten if the disk does not take what is to be recorded.
    """

    def __init__(
        self, store: UploadStore, spool: Spool, errands: Mapping[UploadKind, Errand], timing: Timing
    ) -> None:
        self._store = store
        self._spool = spool
        self._errands = errands
        self._timing = timing

    def fetch(self, upload: Upload) -> Upload:
        """Copy a file into the spool, from where it will be sent whatever becomes of the original."""
        try:
            taken = self._spool.take(Path(upload.source), upload.id, upload.name)
        except Cancelled:
            raise
        except ItkError as error:
            trouble = Trouble.of(error, Cause.PERMANENT)
            return self._store.move(upload, UploadState.FAILED, trouble=trouble)
        return self._store.move(
            upload,
            UploadState.WAITING,
            size=taken.size,
            sha256=taken.sha256,
            adler32=taken.adler32,
            media_type=taken.media_type,
        )

    def deliver(self, upload: Upload) -> Upload:
        """Send an upload that waits; it is CHECKING then, if all went well."""
        upload = self._store.move(upload, UploadState.SENDING)
        try:
            upload = self._errands[upload.kind].send(upload)
        except Cancelled:
            raise
        except ItkError as error:
            return self._record(upload, error)
        return self._store.move(upload, UploadState.CHECKING)

    def prove(self, uploads: Sequence[Upload]) -> list[Upload]:
        """Compare uploads to one target, all of a kind, with what the server holds."""
        try:
            outcomes = self._errands[uploads[0].kind].check(uploads)
        except Cancelled:
            raise
        except ItkError as error:
            return [self._record(upload, error) for upload in uploads]
        rows = []
        for upload, outcome in zip(uploads, outcomes, strict=True):
            if isinstance(outcome, ItkError):
                rows.append(self._record(upload, outcome))
                continue
            code = outcome if isinstance(outcome, str) else outcome.code
            rows.append(self._store.move(upload, UploadState.DONE, code=code, trouble=None, next_try=0.0))
            self._spool.drop(upload.id)
            rows += self.give_targets(rows[-1]) if upload.kind is UploadKind.TEST_RUN else ()
        return rows

    def give_targets(self, parent: Upload) -> list[Upload]:
        """Tell the files of a test run which run they belong to, if there is one by now."""
        if parent.state is not UploadState.DONE:
            return []
        run = Owner(OwnerKind.TEST_RUN, parent.code, parent.title)
        orphans = [row for row in self._store.unfinished() if row.parent == parent.id and not row.target.key]
        return [self._store.change(row, target=run) for row in orphans]

    def take_back(self, upload: Upload) -> Upload:
        """Remove from the server what there is of a cancelled upload."""
        try:
            upload = self._errands[upload.kind].withdraw(upload)
        except Cancelled:
            raise
        except ItkError as error:
            upload = self._store.get(upload.id)
            tries = upload.tries + 1
            trouble = Trouble.of(error, cause_of(error, tries))
            if trouble.cause in (Cause.PASSING, Cause.SESSION):
                return self._store.change(
                    upload, tries=tries, trouble=trouble, next_try=self._next_try(error, tries)
                )
            left = f"entry {upload.code}" if upload.code else "an entry of this title"
            return self._store.move(upload, UploadState.CANCELLED, trouble=trouble, left_behind=left)
        return self._store.move(upload, UploadState.CANCELLED, trouble=None)

    def _record(self, upload: Upload, error: ItkError) -> Upload:
        upload = self._store.get(upload.id)  # with the steps that were noted on the way
        tries = upload.tries + 1
        cause = cause_of(error, tries)
        log.info("%s (%s) to %s: %s", upload.name, upload.id, upload.target.label, error)
        if cause is Cause.PERMANENT:
            upload = self._without_remains(upload)
        return self._store.move(
            upload,
            _STATE_AFTER.get(cause, UploadState.HELD),
            tries=tries,
            trouble=Trouble.of(error, cause),
            next_try=self._next_try(error, tries) if cause is Cause.PASSING else 0.0,
        )

    def _without_remains(self, upload: Upload) -> Upload:
        """Leave nothing at the server of what will not be tried again; what stays is noted in the row."""
        if upload.step is Step.NEW:
            return upload
        try:
            return self._errands[upload.kind].withdraw(upload)
        except Cancelled:
            raise
        except ItkError as error:
            upload = self._store.get(upload.id)
            log.warning("entry %s of %s could not be removed: %s", upload.code, upload.name, error)
            left = f"entry {upload.code}" if upload.code else "an entry of this title"
            return self._store.change(upload, left_behind=left)

    def _next_try(self, error: ItkError, tries: int) -> float:
        asked_for = error.retry_after if isinstance(error, AnswerError) else 0.0
        return time.time() + self._timing.pause_after(tries, asked_for)
