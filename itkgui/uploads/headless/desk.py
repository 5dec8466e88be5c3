"""Somebody's queue for the time of one command: opened, watched until nothing goes on, closed."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from itkgui.background.worker import Lane, Worker
from itkgui.client.database import ProductionDatabase
from itkgui.exit_codes import ExitCode
from itkgui.uploads.headless.telling import Teller, looked_for_later, row_lines
from itkgui.uploads.queue_lock import QueueLock
from itkgui.uploads.sorting import Timing
from itkgui.uploads.upload import Cause, Upload, UploadState
from itkgui.uploads.upload_queue import UploadQueue

T = TypeVar("T")

_LOOK = 0.2  # seconds
_SOON = 5.0  # seconds, in which a last look that is due is waited for
_LONGEST = 15.0  # seconds, after which it is not waited for any longer
_STANDING = (UploadState.FAILED, UploadState.HELD, UploadState.PAUSED)


class Desk:
    """The queue, and what is said of it; methods belong to the loop's thread."""

    def __init__(
        self, database: ProductionDatabase, queue: UploadQueue, worker: Worker, teller: Teller
    ) -> None:
        self.database = database
        self.queue = queue
        self.teller = teller
        self.is_run = True  # whether this process, or another one, runs the queue
        self._worker = worker

    async def do(self, function: Callable[..., T], *arguments: Any) -> T:
        """Run what waits for a disk or a server."""
        return await self._worker.call(function, *arguments, lane=Lane.UPLOADS)

    async def until_settled(self, ids: Sequence[str]) -> list[Upload]:
        """Wait until none of some uploads goes on by itself; return them as they are then.

        Each is told when it has ended. Uploads that wait for their next try are waited for.
        """
        changed = asyncio.Event()
        wanted, told = set(ids), set[str]()

        def listen(row: Upload) -> None:
            if row.id in wanted:
                changed.set()

        self.queue.listeners.append(listen)
        try:
            while True:
                changed.clear()
                rows = {row.id: row for row in self.queue.uploads if row.id in wanted}
                for row in rows.values():
                    if row.id not in told and (row.state.has_ended or row.state is UploadState.FAILED):
                        told.add(row.id)
                        self.teller.say(*row_lines(row))
                if all(self._is_settled(row, rows) for row in rows.values()):
                    break
                self.teller.progress(self.queue, ids)
                with contextlib.suppress(asyncio.TimeoutError):
                    await asyncio.wait_for(changed.wait(), _LOOK)
        finally:
            self.queue.listeners.remove(listen)
        settled = await self._on_disk(ids)
        for row in settled:
            if row.id not in told:
                self.teller.say(*row_lines(row))
        return settled

    async def until_looked_at(self) -> None:
        """Wait for the queue's last looks that are due in a moment, but not for long."""
        if not self.queue.is_master:  # whoever runs it looks
            return
        deadline = time.monotonic() + _LONGEST
        while self._looks_soon and time.monotonic() < deadline:
            self.teller.if_interrupted = looked_for_later(self.queue.awaiting_last_look)
            await asyncio.sleep(_LOOK)

    async def after_last_looks(self, rows: Sequence[Upload]) -> list[Upload]:
        """Return rows as they are now, and tell those again of which another part is left at the server.

        Says if last looks are still to come.
        """
        later = self.queue.awaiting_last_look if self.queue.is_master else ()
        self.teller.tell(awaiting_last_look=[row.id for row in later])
        if later:
            self.teller.remark(looked_for_later(later))
        left = {row.id: row.left_behind for row in rows}
        found = await self._on_disk(list(left))
        for row in found:
            if row.left_behind != left[row.id]:
                self.teller.say(*row_lines(row))
        return found

    @property
    def _looks_soon(self) -> bool:
        return any(row.next_try - time.time() < _SOON for row in self.queue.awaiting_last_look)

    async def _on_disk(self, ids: Sequence[str]) -> list[Upload]:
        found = [await self.do(self.queue.store.find, one) for one in ids]
        return [row for row in found if row is not None]

    def _is_settled(self, row: Upload, others: dict[str, Upload]) -> bool:
        if row.state.has_ended or row.state in _STANDING:
            return True
        if row.state is not UploadState.WAITING:
            return False
        parent = others.get(row.parent) or self.queue.get(row.parent)
        if parent is not None and not row.target.key and parent.state is not UploadState.DONE:
            return parent.state is UploadState.CANCELLED or self._is_settled(parent, others)
        needs_session = any(hold.trouble.cause is Cause.SESSION for hold in self.queue.holds)
        return self.queue.is_paused or needs_session


def code_of(rows: Sequence[Upload]) -> ExitCode:
    """Return how it went with uploads of which none goes on."""
    states = {row.state for row in rows}
    if states & {UploadState.FAILED, UploadState.CANCELLED}:
        return ExitCode.FAILED
    return ExitCode.DONE if states <= {UploadState.DONE} else ExitCode.NEEDS_YOU


@contextlib.asynccontextmanager
async def opened(
    database: ProductionDatabase, folder: Path, teller: Teller, *, may_run: bool
) -> AsyncIterator[Desk]:
    """Open a queue; it runs here if it may, and if no other process runs it.

    Nothing can be taken back on a command line, so that nothing waits for it. Raises what UploadQueue.open
    does.
    """
    worker = Worker()
    try:
        queue = UploadQueue(database, worker, folder, Timing(undo=0.0))
        await queue.open(may_run=may_run)
        try:
            yield Desk(database, queue, worker, teller)
        finally:
            await queue.close()
    finally:
        worker.stop()


def runs_elsewhere(folder: Path) -> bool:
    """Tell whether some process runs a queue."""
    lock = QueueLock(folder)
    if not lock.try_take():
        return True
    lock.release()
    return False
