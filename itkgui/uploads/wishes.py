"""What people want done with rows of the queue, as changes on the disk; what is under way follows these."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from itkgui.records.attachment import Owner, Storage, with_ending
from itkgui.uploads.hand_over import is_handed_over
from itkgui.uploads.sorting import Timing
from itkgui.uploads.spool import Spool
from itkgui.uploads.upload import Step, Upload, UploadKind, UploadState
from itkgui.uploads.upload_store import Changes, UploadStore

# What nobody works at; a thread that has a row in another state must not lose it.
_AT_REST = (UploadState.FAILED, UploadState.HELD, UploadState.PAUSED, UploadState.CANCELLED)


class Wishes:
    """Changes rows for UploadQueue and Dispatcher; methods wait for the disk, and raise QueueNotWritten.

    Each changes all of its rows in one go, or none, and returns those that it has changed. It looks at a row
    as it is on the disk, since it may have changed after somebody looked at it; what is not possible any more
    is left as it is.
    """

    def __init__(self, store: UploadStore, spool: Spool, timing: Timing) -> None:
        self._store = store
        self._spool = spool
        self._timing = timing

    def enter(self, uploads: Sequence[Upload]) -> list[Upload]:
        """Add rows; those whose copy is not there, or not any more, are copied first."""
        now = time.time()
        waiting = {"state": UploadState.WAITING, "next_try": now + self._timing.undo}
        copying = {"state": UploadState.COPYING, "next_try": 0.0}
        return self._store.add(
            [
                upload.with_changes(added=now, **(waiting if self._spool.holds(upload) else copying))
                for upload in uploads
            ]
        )

    def undo(self, rows: Iterable[Upload], kept_as: Mapping[str, str] | None = None) -> list[Upload]:
        """Cancel those rows of which nothing was tried yet.

        ``kept_as`` tells under which ids the copies stay that are to be sent by other rows.
        """
        return self._give_up(rows, lambda row: row.is_untouched, kept_as or {})

    def give_up(self, rows: Iterable[Upload]) -> list[Upload]:
        """Cancel rows, however far they are."""
        return self._give_up(rows, lambda _: True, {})

    def _give_up(
        self, rows: Iterable[Upload], is_wanted: Callable[[Upload], bool], kept_as: Mapping[str, str]
    ) -> list[Upload]:
        """Cancel rows, and with results the files that belong to them and know no run yet."""
        # Results come before their files.
        chosen = [row.id for row in sorted(rows, key=lambda row: row.kind is not UploadKind.TEST_RUN)]
        wanted, runs = set(chosen), set[str]()

        def decide(row: Upload) -> Changes | None:
            follows = row.parent in runs and not row.target.key
            if row.state.has_ended or row.state is UploadState.CANCELLING:
                return None
            if not follows and not (row.id in wanted and is_wanted(row)):
                return None
            if row.kind is UploadKind.TEST_RUN:
                runs.add(row.id)
            return _given_up(row)

        children = [row.id for row in self._store.unfinished() if row.parent in wanted]
        gone = self._store.change_each([*chosen, *children], decide)
        for row in gone:
            if row.state is not UploadState.CANCELLED:
                continue  # whoever works at it removes the copy
            if row.id in kept_as:
                self._spool.pass_on(row.id, kept_as[row.id])
            else:
                self._spool.let_go(row.id)
        return gone

    def begin_again(
        self, rows: Iterable[Upload], *, anyway: bool = False, storage: Storage | None = None
    ) -> list[Upload]:
        """Let rows be tried again: ``anyway`` though the target has the same, or in another storage.

        With files that know no run yet, the results are that they belong to; while these are being taken
        back, their files stay cancelled. What was cancelled after it was looked at stays so, and what another
        computer has is left to that.
        """
        seen = {row.id: row for row in rows}
        ids, runs, going = list[str](), dict[str, Owner](), set[str]()
        for row in seen.values():
            parent = self._store.find(row.parent) if row.parent and not row.target.key else None
            if parent is not None and parent.state is UploadState.DONE:
                runs[parent.id] = parent.run
            elif parent is not None:
                ids.append(parent.id)
            ids.append(row.id)

        def decide(row: Upload) -> Changes | None:
            was_cancelled = seen.get(row.id, row).state is not row.state is UploadState.CANCELLED
            if row.state is UploadState.CANCELLING:
                going.add(row.id)
            if was_cancelled or is_handed_over(row) or (row.parent in going and not row.target.key):
                return None
            wanted: dict[str, object] = {}
            if row.id in seen:  # not for results that only go along
                if storage is not None and row.step is not Step.NEW:
                    return None
                wanted |= {"may_repeat": True} if anyway else {}
                wanted |= {"storage": storage} if storage is not None else {}
                is_looked_for = row.was_unclear or row.since  # by its title
                if storage is Storage.EOS and not is_looked_for:
                    wanted["title"] = with_ending(row.title, row.name)
            if row.parent in runs and not row.target.key:
                wanted["target"] = runs[row.parent]
            if row.state in (UploadState.WAITING, UploadState.CANCELLING):
                return {**wanted, "next_try": 0.0}
            if row.state not in _AT_REST:
                return None
            has_copy = self._spool.holds(row) or not row.may_become(UploadState.COPYING)
            state = UploadState.WAITING if has_copy else UploadState.COPYING
            return {**wanted, "state": state, "tries": 0, "next_try": 0.0, "trouble": None}

        return self._store.change_each(ids, decide)

    def move(
        self, rows: Iterable[Upload], states: Collection[UploadState], state: UploadState, **changes: object
    ) -> list[Upload]:
        """Move those rows to a state that are in one of some states."""

        def decide(row: Upload) -> Changes | None:
            if row.state not in states:
                return None
            # What was held has no next try, but maybe a last look, which is not to be waited for.
            due = {"next_try": 0.0} if row.state is UploadState.HELD else {}
            return {**due, **changes, "state": state}

        return self._store.change_each([row.id for row in rows], decide)

    def swap(self, one: Upload, other: Upload) -> list[Upload]:
        """Let two rows change places."""
        places = {one.id: other.place, other.id: one.place}
        return self._store.change_each(places, lambda row: {"place": places[row.id]})


def _given_up(row: Upload) -> Changes:
    """Return what becomes of a row that is not wanted any more."""
    is_worked_at = row.state in (UploadState.COPYING, UploadState.SENDING, UploadState.CHECKING)
    if row.step is Step.NEW and not row.was_unclear and not is_worked_at:
        return {"state": UploadState.CANCELLED}
    return {"state": UploadState.CANCELLING, "next_try": 0.0, "tries": 0}
