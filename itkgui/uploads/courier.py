"""Takes uploads through a part of their way, on a thread, and records how that ended."""

from __future__ import annotations

import contextlib
import logging
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from itkgui.client.database import ProductionDatabase
from itkgui.client.exceptions import AnswerError, Cancelled, ItkError
from itkgui.records.attachment import Attachment
from itkgui.uploads import remains
from itkgui.uploads.intake import State, state_of
from itkgui.uploads.queue_file import QueueDamaged, QueueNotWritten
from itkgui.uploads.run_parameters import NotNamed
from itkgui.uploads.run_saga import RunSaga
from itkgui.uploads.saga import Saga
from itkgui.uploads.sorting import (
    FileGrowing,
    NotTheSame,
    ProgramFault,
    ResultsStopped,
    Timing,
    cause_of,
)
from itkgui.uploads.spool import NoCopy, Spool
from itkgui.uploads.twins import Twins
from itkgui.uploads.upload import Cause, Step, Trouble, Upload, UploadKind, UploadState
from itkgui.uploads.upload_store import Changes, NotInQueue, UploadStore, WrongMove

log = logging.getLogger(__name__)

# What says nothing of an upload: it is not wanted, or cannot be recorded, or somebody has changed its row.
_NOT_OF_THE_UPLOAD = (Cancelled, QueueNotWritten, QueueDamaged, WrongMove, NotInQueue)
_PASSING = (Cause.PASSING, Cause.EOS_AWAY, Cause.DOUBTFUL)
_LOOKS_LATER = 4  # tries after which to look again is as urgent as after a last look that failed once
_STATE_AFTER = {
    Cause.PASSING: UploadState.WAITING,
    Cause.EOS_AWAY: UploadState.WAITING,
    Cause.DOUBTFUL: UploadState.WAITING,
    Cause.SESSION: UploadState.WAITING,
    Cause.PERMANENT: UploadState.FAILED,
}


class Errand(Protocol):
    """How one kind of thing is sent, compared and taken back; see Saga."""

    def send(self, upload: Upload) -> Upload: ...

    def check(self, uploads: Sequence[Upload]) -> Sequence[Attachment | str | ItkError]: ...

    def withdraw(self, upload: Upload) -> Upload: ...

    def look_again(self, upload: Upload) -> Upload: ...


class Courier:
    """Does what the queue decides; each method runs on a thread and returns the rows as they are then.

    An error of the servers or of a file ends in the row. Raises Cancelled if the thread's work is cancelled,
    with the row as it was, and QueueNotWritten if the disk does not take what is to be recorded.
    """

    def __init__(
        self,
        store: UploadStore,
        spool: Spool,
        errands: Mapping[UploadKind, Errand],
        twins: Twins,
        timing: Timing,
    ) -> None:
        self._store = store
        self._spool = spool
        self._errands = errands
        self._twins = twins
        self._timing = timing
        self._seen: dict[str, tuple[State, float]] = {}  # files that rest, by id, and since when they do
        self._looks: dict[str, int] = {}  # last looks that failed, by id

    @classmethod
    def to(cls, database: ProductionDatabase, store: UploadStore, spool: Spool, timing: Timing) -> Courier:
        """Return one who brings files and results of tests to a database."""
        errands: dict[UploadKind, Errand] = {
            UploadKind.FILE: Saga(database, store, spool.folder, timing),
            UploadKind.TEST_RUN: RunSaga(database, store, spool.folder, timing),
        }
        return cls(store, spool, errands, Twins(database.files, store), timing)

    def tidy(self) -> None:
        """Take up what a program that has ended has left: rows under way, old copies, files without a run."""
        self._store.recover()
        try:
            self._spool.sweep(self._ids_with_copies)
        except NoCopy as error:
            log.warning("old copies stay: %s", error)
        self.tell_all_children()

    def tell_all_children(self) -> None:
        """Tell files what has become of their results, where an end of the program came before that."""
        for parent in {row.parent for row in self._store.unfinished() if row.parent}:
            with contextlib.suppress(NotInQueue):  # so long ago that it is no longer kept
                self.tell_children(self._store.get(parent))

    def _ids_with_copies(self) -> set[str]:
        return {row.id for row in (*self._store.unfinished(), *self._store.awaiting_last_look())}

    def fetch(self, uploads: Iterable[Upload]) -> list[Upload]:
        """Copy files into the spool, from where they will be sent whatever becomes of the originals.

        One that was written to a moment ago is left for another moment, and others come first.
        """
        fetched: dict[str, Changes] = {}

        def decide(row: Upload) -> Changes | None:
            return fetched[row.id] if row.state is UploadState.COPYING else None

        try:
            for upload in uploads:
                fetched[upload.id] = self._fetched(upload)
        finally:  # who cancels one of them wants the others, whose originals may be gone by the next try
            copied = self._store.change_each(fetched, decide)
        return copied

    def _fetched(self, upload: Upload) -> Changes:
        """Copy a file; return what becomes of its row."""
        if (rest := self._rest_of(upload)) > 0.0:
            was_seen = upload.next_try > 0.0
            trouble = Trouble.of(FileGrowing(upload.source), Cause.PASSING) if was_seen else None
            return {"next_try": time.time() + rest, "trouble": trouble}
        try:
            taken = self._spool.take(Path(upload.source), upload.id, upload.name)
            if upload.sha256 and upload.sha256 != taken.sha256:
                self._spool.let_go(upload.id)
                raise NotTheSame(f"{upload.name} has {taken.size} bytes, it had {upload.size}")
        except _NOT_OF_THE_UPLOAD:
            raise
        except ItkError as error:
            return {"state": UploadState.FAILED, "trouble": Trouble.of(error, Cause.PERMANENT)}
        finally:
            self._seen.pop(upload.id, None)
        return {
            "state": UploadState.WAITING,
            "size": taken.size,
            "sha256": taken.sha256,
            "adler32": taken.adler32,
            "media_type": taken.media_type,
            "next_try": min(upload.added, time.time()) + self._timing.undo,
            "trouble": None,
        }

    def _rest_of(self, upload: Upload) -> float:
        """Return for how many seconds a file has to stay as it is before it is copied.

        Its time may lie in the future, by another computer's clock: then it is watched by this one's.
        """
        state = state_of(Path(upload.source))
        if state is None:  # taking it tells why
            return 0.0
        still = self._timing.still
        rest = still - max(0.0, time.time() - state[1] / 1e9)
        if rest > 0.0:
            seen, since = self._seen.setdefault(upload.id, (state, time.monotonic()))
            if seen == state:
                rest = min(rest, since + still - time.monotonic())
            else:
                self._seen[upload.id] = state, time.monotonic()
        return rest

    def deliver(self, upload: Upload) -> Upload:
        """Send an upload that waits; it is CHECKING then, if all went well."""
        upload = self._store.move(upload, UploadState.SENDING)
        try:
            self._twins.check(upload)
            upload = self._errands[upload.kind].send(upload)
        except _NOT_OF_THE_UPLOAD:
            raise
        except ItkError as error:
            return self._record(upload, error)
        if upload.state is UploadState.CHECKING:
            return upload
        return self._store.move(upload, UploadState.CHECKING)

    def prove(self, uploads: Sequence[Upload]) -> list[Upload]:
        """Compare uploads to one target, all of a kind, with what the server holds."""
        try:
            outcomes = self._errands[uploads[0].kind].check(uploads)
        except _NOT_OF_THE_UPLOAD:
            raise
        except ItkError as error:
            outcomes = [error] * len(uploads)
        codes: dict[str, str] = {}
        failed: list[tuple[Upload, ItkError]] = []
        for upload, outcome in zip(uploads, outcomes, strict=True):
            if isinstance(outcome, ItkError):
                failed.append((upload, outcome))
            else:
                codes[upload.id] = outcome if isinstance(outcome, str) else outcome.code

        def decide(row: Upload) -> Changes | None:
            if row.state is not UploadState.CHECKING:
                return None
            arrived = {"state": UploadState.DONE, "code": codes[row.id], "trouble": None}
            return arrived | {"next_try": self._look_again_at(row)}

        done = self._store.change_each(codes, decide)
        for row in done:
            self._let_go(row)
        rows = [self._with_children(row) for row in done]
        return [*rows, *filter(None, (self._told(upload, error) for upload, error in failed))]

    def _told(self, upload: Upload, error: ItkError) -> Upload | None:
        """Record what is wrong with an upload; return None if it was cancelled meanwhile."""
        try:
            return self._record(upload, error)
        except (WrongMove, NotInQueue) as moved:
            log.info("%s", moved)
            return None

    def _with_children(self, upload: Upload) -> Upload:
        if upload.kind is UploadKind.TEST_RUN:
            self.tell_children(upload)
        return upload

    def tell_children(self, parent: Upload) -> None:
        """Let the files that belong to results follow them: to their run, or not at all, or wait visibly.

        Results that have arrived may turn out to be another run: an equal one, of which only one stays.
        """

        def decide(row: Upload) -> Changes | None:
            has_own_trouble = row.state in (UploadState.FAILED, UploadState.HELD)
            if row.state.has_ended or row.target.key == parent.code != "":
                return None
            if parent.state is UploadState.DONE:
                return {"target": parent.run, "trouble": row.trouble if has_own_trouble else None}
            if row.target.key:
                return None
            if parent.state in (UploadState.CANCELLING, UploadState.CANCELLED):
                return {"state": UploadState.CANCELLING, "next_try": 0.0, "tries": 0}
            if parent.state in (UploadState.HELD, UploadState.FAILED) and not has_own_trouble:
                return {"trouble": Trouble.of(ResultsStopped(parent.name), Cause.PASSING)}
            return None

        children = [row.id for row in self._store.unfinished() if row.parent == parent.id]
        self._store.change_each(children, decide)

    def take_back(self, upload: Upload) -> Upload:
        """Remove from the server what there is of a cancelled upload."""
        try:
            upload = self._errands[upload.kind].withdraw(upload)
        except _NOT_OF_THE_UPLOAD:
            raise
        except ItkError as error:
            upload = self._store.get(upload.id)
            tries = upload.tries + 1
            trouble = Trouble.of(error, _cause(upload, error, tries))
            if trouble.cause in (*_PASSING, Cause.SESSION):
                return self._store.change(
                    upload, tries=tries, trouble=trouble, next_try=self._next_try(error, tries)
                )
            self._let_go(upload)
            return self._store.move(
                upload,
                UploadState.CANCELLED,
                trouble=trouble,
                left_behind=_left_behind(upload),
                next_try=self._look_again_at(upload),
            )
        self._let_go(upload)
        then = self._look_again_at(upload)
        return self._store.move(upload, UploadState.CANCELLED, trouble=None, next_try=then)

    def look_again(self, upload: Upload) -> list[Upload]:
        """Remove what has come late of an upload that stands still, so that it is there once, or not at all.

        If somebody has it tried again meanwhile, that does not wait. Returns no rows, as nothing follows from
        it for others.
        """
        code, outcome = upload.code, dict[str, float]()
        try:
            upload = self._errands[upload.kind].look_again(upload)
            outcome["next_try"] = self._look_again_at(upload)
            self._looks.pop(upload.id, None)
        except _NOT_OF_THE_UPLOAD:
            raise
        except ItkError as error:
            # What is held needs somebody, and is tried again then: nothing is for good.
            may_pass = upload.state is UploadState.HELD or cause_of(error, 1) in (*_PASSING, Cause.SESSION)
            log.log(logging.INFO if may_pass else logging.WARNING, "%s: no last look: %s", upload.name, error)
            failed = self._looks.get(upload.id, 0)
            self._looks[upload.id] = failed + 1
            later = self._next_try(error, _LOOKS_LATER + failed)
            outcome = {"next_try": later} if may_pass else {"next_try": 0.0, "unclear_until": 0.0}
        self._store.change_each([upload.id], lambda row: outcome if row.stands_still else None)
        upload = self._store.get(upload.id)
        if upload.state.has_ended:
            self._let_go(upload)
        if upload.code != code:
            self._with_children(upload)
        return []

    def _look_again_at(self, upload: Upload) -> float:
        """Return when nothing more can come of an upload that ends now, 0 if nothing can anyway."""
        return time.time() + self._timing.settled if upload.was_unclear else 0.0

    def _let_go(self, upload: Upload) -> None:
        """Remove the copy of what has ended, unless results are to be compared once more."""
        if upload.kind is not UploadKind.TEST_RUN or not upload.was_unclear:
            self._spool.let_go(upload.id)

    def stop(self, uploads: Sequence[Upload], fault: BaseException) -> list[Upload]:
        """Let nothing wait for what this program has failed at; a retry looks for what is at the server."""
        trouble = Trouble.of(ProgramFault(repr(fault)), Cause.PERMANENT)
        looked_at = {row.id for row in uploads if row.awaits_last_look}

        def decide(row: Upload) -> Changes | None:
            if row.state.has_ended or row.state is UploadState.FAILED:
                return {"unclear_until": 0.0, "next_try": 0.0} if row.id in looked_at else None
            told = {"trouble": trouble, "next_try": self._look_again_at(row)}
            if row.state is UploadState.CANCELLING:
                return told | {"state": UploadState.CANCELLED, "left_behind": _left_behind(row)}
            return told | {"state": UploadState.FAILED, "tries": row.tries + 1}

        stopped = self._store.change_each([upload.id for upload in uploads], decide)
        return [self._with_children(row) for row in stopped]

    def _record(self, upload: Upload, error: ItkError) -> Upload:
        upload = self._store.get(upload.id)  # with the steps that were noted on the way
        if upload.state not in (UploadState.SENDING, UploadState.CHECKING):
            # Somebody else, maybe another process, has come to an end with it: nothing of that is taken back.
            raise WrongMove(f"{upload.name} is {upload.state.value} by now: {error}")
        tries = upload.tries + 1
        cause = _cause(upload, error, tries)
        log.info("%s (%s) to %s: %s", upload.name, upload.id, upload.target.label, error)
        if cause is Cause.PERMANENT:
            if not isinstance(error, NotNamed):  # by which the file itself has arrived
                upload = self._without_remains(upload)
        elif cause is Cause.STORAGE:
            upload = self._as_it_stands(upload)
        state, then = _STATE_AFTER.get(cause, UploadState.HELD), 0.0
        if cause in _PASSING:
            then = self._next_try(error, tries)
        elif state is not UploadState.WAITING:
            then = self._look_again_at(upload)
        trouble = Trouble.of(error, cause)
        upload = self._store.move(upload, state, tries=tries, trouble=trouble, next_try=then)
        return self._with_children(upload)

    def _without_remains(self, upload: Upload) -> Upload:
        """Leave nothing at the server of what will not be tried again; what stays is noted in the row."""
        if upload.step is Step.NEW and not upload.was_unclear:
            return upload
        try:
            return self._errands[upload.kind].withdraw(upload)
        except _NOT_OF_THE_UPLOAD:
            raise
        except ItkError as error:
            upload = self._store.get(upload.id)
            log.warning("entry %s of %s could not be removed: %s", upload.code, upload.name, error)
            return self._store.change(upload, left_behind=_left_behind(upload))

    def _as_it_stands(self, upload: Upload) -> Upload:
        """Find out whether a storage that is full has taken something: else it can go to the other one."""
        if not upload.step.is_under_way:
            return upload
        try:
            return self._errands[upload.kind].withdraw(upload)
        except _NOT_OF_THE_UPLOAD:
            raise
        except ItkError as error:  # the next try looks
            log.info("%s is looked for at the next try: %s", upload.name, error)
            return self._store.get(upload.id)

    def _next_try(self, error: ItkError, tries: int) -> float:
        asked_for = error.retry_after if isinstance(error, AnswerError) else 0.0
        return time.time() + self._timing.pause_after(tries, asked_for)


def _cause(upload: Upload, error: ItkError, tries: int) -> Cause:
    """Return what kind of trouble it is; doubt needs many tries of which the last one was doubtful too."""
    was_doubtful = upload.trouble is not None and upload.trouble.cause is Cause.DOUBTFUL
    return cause_of(error, tries if was_doubtful else 1)


def _left_behind(upload: Upload) -> str:
    """Return what is, or may be, at the server of an upload that could not be taken back."""
    of_code = remains.run if upload.kind is UploadKind.TEST_RUN else remains.entry
    entry = of_code(upload.code) if upload.code else remains.PERHAPS
    return remains.with_parts(upload.left_behind, entry)
