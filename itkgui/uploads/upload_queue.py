"""The queue as views and the command line see it: rows, what can be done with them, and who hears of it."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Iterable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from itkgui.background.worker import Worker
from itkgui.client.database import ProductionDatabase
from itkgui.client.exceptions import ItkError
from itkgui.records.attachment import Owner, Storage
from itkgui.uploads.dispatcher import Dispatcher
from itkgui.uploads.pace import Progress, share_of
from itkgui.uploads.queue_lock import Holder
from itkgui.uploads.schedule import Hold, server_of
from itkgui.uploads.sorting import Timing
from itkgui.uploads.upload import Upload, UploadState
from itkgui.uploads.upload_store import UploadStore
from itkgui.uploads.wishes import Wishes

R = TypeVar("R")

_STOPPED = (UploadState.FAILED, UploadState.HELD)
_TRIED_AGAIN = (UploadState.WAITING, UploadState.CANCELLING)  # by themselves, later


class UploadQueue:
    """One person's uploads to one server; lives on the thread of an event loop, and works on the worker's.

    A row is on the disk before anything is done for it, and done is only what was read back from the server.
    One process at a time runs the queue of a folder (``is_master``); others may add to it and look at it, and
    take over when that one ends. ``listeners`` hear of every row that has changed. Methods that change rows
    return when that is on the disk, and raise QueueNotWritten if it does not take them; they change all rows
    or none, and return those for which it was still possible.
    """

    def __init__(
        self, database: ProductionDatabase, worker: Worker, folder: Path, timing: Timing | None = None
    ) -> None:
        self.timing = timing or Timing()
        self.listeners: list[Callable[[Upload], None]] = []
        self.trouble: ItkError | None = None  # why it could not be opened
        self._dispatcher = Dispatcher(database, worker, folder, self.timing, self._tell)
        self.spool = self._dispatcher.spool

    async def open(self, *, may_run: bool = True) -> None:
        """Take up what an earlier run has left; unless it may run, look and change rows, but send nothing.

        Raises QueueNotWritten, QueueTooNew, QueueDamaged; then it is empty and takes nothing, with the reason
        in ``trouble``, until it is opened again.
        """
        try:
            await self._dispatcher.open(may_run=may_run)
        except ItkError as error:
            self.trouble = error
            raise
        self.trouble = None

    async def close(self) -> None:
        """End what is under way and let go of the folder; the rest goes on with the next run."""
        if self.trouble is None:
            await self._dispatcher.close()

    @property
    def store(self) -> UploadStore:
        """The file behind it, for history, ledger and handing over. Its methods wait for the disk.

        Raises what ``open`` raised.
        """
        self._check()
        return self._dispatcher.store

    # What there is -----------------------------------------------------------------------------------------

    @property
    def is_master(self) -> bool:
        """Whether this process runs the queue; else another one does."""
        return self._dispatcher.is_master

    @property
    def holder(self) -> Holder | None:
        """Which process runs the queue if it is not this one, as far as that is known."""
        return self._dispatcher.holder

    @property
    def uploads(self) -> Sequence[Upload]:
        """All that has not ended, and what has ended in this run, in the order in which it is sent."""
        return self._dispatcher.rows

    @property
    def awaiting_last_look(self) -> Collection[Upload]:
        """What stands still, in this run or since an earlier one, but of which something may come late."""
        return self._dispatcher.awaiting_last_look

    def get(self, upload_id: str) -> Upload | None:
        return self._dispatcher.row(upload_id)

    def progress(self, upload_id: str) -> Progress | None:
        """Return how far a transfer is, None if nothing of it is being sent; asked by a timer."""
        return self._dispatcher.progress(upload_id)

    def wait(self, upload: Upload) -> float | None:
        """Return in how many seconds an upload is tried that waits for that; None if it waits for no moment.

        0 while another upload tries whether a server is back. Asked by a timer.
        """
        return self._dispatcher.wait(upload) if self.trouble is None else None

    def share_done(self, upload: Upload) -> float:
        """Return how much of an upload has been sent, up to ``NEARLY``; 1 if it is done. Asked by a timer."""
        return share_of(upload, self.progress(upload.id)) or 0.0

    @property
    def is_paused(self) -> bool:
        return self._dispatcher.outlook.is_paused

    @property
    def holds(self) -> Collection[Hold]:
        """What keeps uploads waiting until somebody has done something about it."""
        return self._dispatcher.lessons.holds

    @property
    def disk_trouble(self) -> ItkError | None:
        """Why nothing is sent at the moment, if this computer's disk does not take what is to be recorded."""
        return self._dispatcher.disk_trouble

    def is_flowing(self, owners: Collection[Owner] | None = None) -> bool:
        """Whether more will come in a moment without anybody's doing, to one of these if they are given."""
        if self.is_paused or self.disk_trouble is not None or self._dispatcher.outlook.needs_session:
            return False
        return any(row.is_on_its_way and (owners is None or row.target in owners) for row in self.uploads)

    # What can be done --------------------------------------------------------------------------------------

    async def add(self, uploads: Iterable[Upload]) -> list[Upload]:
        """Take uploads over: from here on each arrives, or the queue says why it has not.

        Those without checksums are copied into the spool first. Nothing leaves before the time for undoing
        is over.
        """
        return await self._do(self._wishes.enter, list(uploads))

    async def undo(self, ids: Collection[str]) -> list[Upload]:
        """Take back what nobody has begun to send, with what belongs to it; return it."""
        return await self._do(self._wishes.undo, self._chosen(ids))

    async def take_back(self, ids: Collection[str]) -> dict[str, str]:
        """Do as ``undo``, but keep the copies of what was taken back: each is told a new id to be sent by."""
        anew = {one: uuid.uuid4().hex for one in ids}
        taken = await self._do(self._wishes.undo, self._chosen(ids), anew)
        return {row.id: anew[row.id] for row in taken if row.id in anew}

    async def cancel(self, ids: Collection[str]) -> list[Upload]:
        """Send nothing further of these, and remove what half-arrived."""
        return await self._do(self._wishes.give_up, self._chosen(ids))

    async def pause(self, ids: Collection[str] | None = None) -> list[Upload]:
        """Let these wait, or all; what is being sent comes to its end."""
        if ids is None:
            self._check()
            await self._dispatcher.set_paused(paused=True)
            return []
        return await self._move(ids, (UploadState.WAITING, UploadState.HELD), UploadState.PAUSED)

    async def resume(self, ids: Collection[str] | None = None) -> list[Upload]:
        if ids is None:
            self._check()
            await self._dispatcher.set_paused(paused=False)
            return []
        return await self._move(ids, (UploadState.PAUSED,), UploadState.WAITING)

    async def retry(self, ids: Collection[str], *, anyway: bool = False) -> list[Upload]:
        """Try these again now, whatever stopped them; ``anyway`` though their target has the same already."""
        rows = await self._do(self._wishes.begin_again, self._chosen(ids), anyway=anyway)
        self._dispatcher.lessons.somebody_is_impatient()
        return rows

    async def retry_all(self, *, anyway: bool = False) -> list[Upload]:
        """Try everything again that failed, that needs somebody, or that waits for its next try."""
        stopped = [
            row
            for row in self.uploads
            if row.state in _STOPPED or (row.trouble and row.state in _TRIED_AGAIN)
        ]
        return await self.retry([row.id for row in stopped], anyway=anyway)

    async def database_answers(self) -> list[Upload]:
        """Try at once what waits since a server was not reached: the database is again, EOS may be."""
        self._dispatcher.lessons.database_answers()
        waiting = [row for row in self.uploads if row.state in _TRIED_AGAIN and row.trouble]
        away = [row.id for row in waiting if row.trouble and server_of(row.trouble.cause)]
        return await self.retry(away) if away and self.is_master else []

    async def keep_in(self, upload_id: str, storage: Storage) -> list[Upload]:
        """Send an upload that was too large, or whose storage is full, to the other storage."""
        return await self._do(self._wishes.begin_again, self._chosen([upload_id]), storage=storage)

    async def move_up(self, upload_id: str) -> None:
        await self._swap(upload_id, -1)

    async def move_down(self, upload_id: str) -> None:
        await self._swap(upload_id, 1)

    def session_renewed(self) -> None:
        """Go on after a new sign-in."""
        self._dispatcher.lessons.session_renewed()

    async def _swap(self, upload_id: str, step: int) -> None:
        waiting = [
            row
            for row in self.uploads
            if row.state in (UploadState.WAITING, UploadState.PAUSED, UploadState.HELD)
        ]
        here = next((number for number, row in enumerate(waiting) if row.id == upload_id), None)
        if here is None or not 0 <= here + step < len(waiting):
            return
        one, other = waiting[here], waiting[here + step]
        await self._do(self._wishes.swap, one, other)

    async def _move(
        self, ids: Collection[str], states: Collection[UploadState], state: UploadState
    ) -> list[Upload]:
        return await self._do(self._wishes.move, self._chosen(ids), states, state)

    async def _do(self, function: Callable[..., R], *arguments: Any, **named: Any) -> R:
        """Run what waits for the disk on a thread, and see what came of it."""
        return await self._dispatcher.on_thread(function, *arguments, **named)

    @property
    def _wishes(self) -> Wishes:
        self._check()
        return self._dispatcher.wishes

    def _check(self) -> None:
        if self.trouble is not None:
            raise type(self.trouble)(self.trouble.detail)

    def _chosen(self, ids: Collection[str]) -> list[Upload]:
        return [row for row in map(self.get, ids) if row is not None]

    def _tell(self, upload: Upload) -> None:
        for listener in list(self.listeners):
            listener(upload)
