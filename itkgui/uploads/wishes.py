"""What people want done with rows of the queue, as changes on the disk; what is under way follows these."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from itkgui.uploads.sorting import Timing
from itkgui.uploads.spool import Spool
from itkgui.uploads.upload import Step, Upload, UploadKind, UploadState
from itkgui.uploads.upload_store import NotInQueue, UploadStore, WrongMove

# What nobody works at; a thread that has a row in another state must not lose it.
_AT_REST = (UploadState.FAILED, UploadState.HELD, UploadState.PAUSED, UploadState.CANCELLED)


class Wishes:
    """Changes rows for UploadQueue and Dispatcher; methods wait for the disk, and raise QueueNotWritten.

    Each looks at a row as it is on the disk, since it may have changed after somebody looked at it; what is
    not possible any more is left as it is.
    """

    def __init__(self, store: UploadStore, spool: Spool, timing: Timing) -> None:
        self._store = store
        self._spool = spool
        self._timing = timing

    def enter(self, uploads: Sequence[Upload]) -> list[Upload]:
        now = time.time()
        return self._store.add(
            [
                upload.with_changes(
                    added=now,
                    next_try=now + self._timing.undo,
                    state=UploadState.WAITING if upload.sha256 else UploadState.COPYING,
                )
                for upload in uploads
            ]
        )

    def give_up(self, rows: Iterable[Upload], kept_as: Mapping[str, str] | None = None) -> None:
        """Cancel rows, and with results the files that belong to them and know no run yet.

        ``kept_as`` tells under which ids the copies stay that are to be sent by other rows.
        """
        kept_as = kept_as or {}
        for row in rows:
            while (fresh := self._fresh(row)) is not None and not self._is_given_up(fresh, kept_as):
                pass  # it has gone on at this very moment
            if row.kind is UploadKind.TEST_RUN:
                self.give_up(self._children(row), kept_as)

    def _is_given_up(self, row: Upload, kept_as: Mapping[str, str]) -> bool:
        if row.state.has_ended or row.state is UploadState.CANCELLING:
            return True
        is_untouched = (
            row.step is Step.NEW
            and not row.was_unclear
            and row.state not in (UploadState.COPYING, UploadState.SENDING, UploadState.CHECKING)
        )
        try:
            if is_untouched:
                self._store.move_all([row], UploadState.CANCELLED, at=[Step.NEW])
                if row.id in kept_as:
                    self._spool.pass_on(row.id, kept_as[row.id])
                else:
                    self._spool.drop(row.id)
            else:
                self._store.move(row, UploadState.CANCELLING, next_try=0.0, tries=0)
        except (WrongMove, NotInQueue):
            return False
        return True

    def _children(self, parent: Upload) -> list[Upload]:
        return [row for row in self._store.unfinished() if row.parent == parent.id and not row.target.key]

    def begin_again(self, rows: Iterable[Upload]) -> None:
        for row in self._with_parents(rows):
            fresh = self._fresh(row)
            if fresh is not None and fresh.state in (UploadState.WAITING, UploadState.CANCELLING):
                self._store.change(fresh, next_try=0.0)
            elif fresh is not None and fresh.state in _AT_REST:
                state = UploadState.WAITING if self._spool.holds(fresh) else UploadState.COPYING
                if fresh.may_become(state):
                    self._store.move(fresh, state, tries=0, next_try=0.0, trouble=None)

    def _with_parents(self, rows: Iterable[Upload]) -> Iterator[Upload]:
        """Yield rows, and before files that know no run yet the results that they belong to."""
        for row in rows:
            parent = self._store.find(row.parent) if row.parent and not row.target.key else None
            if parent is not None and parent.state is UploadState.DONE:
                yield self._store.change(row, target=parent.run)
                continue
            if parent is not None:
                yield parent
            yield row

    def move(
        self, rows: Iterable[Upload], states: Collection[UploadState], state: UploadState, **changes: object
    ) -> None:
        """Move those rows to a state that are in one of some states."""
        for row in rows:
            fresh = self._fresh(row)
            if fresh is not None and fresh.state in states:
                with contextlib.suppress(WrongMove):  # it has gone on at this very moment
                    self._store.move(fresh, state, **changes)

    def swap(self, one: Upload, other: Upload) -> None:
        self._store.change(one, place=other.place)
        self._store.change(other, place=one.place)

    def _fresh(self, row: Upload) -> Upload | None:
        try:
            return self._store.get(row.id)
        except NotInQueue:  # another process has let go of it
            return None
