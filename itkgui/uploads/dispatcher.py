"""Runs the queue: starts on threads what is due, learns from how it ends, and wakes when there is more."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Collection, Coroutine, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from itkgui.background.worker import Call, Lane, Worker
from itkgui.client.database import ProductionDatabase
from itkgui.client.exceptions import Cancelled, ItkError
from itkgui.records.attachment import Storage
from itkgui.uploads import schedule
from itkgui.uploads.courier import Courier, Errand
from itkgui.uploads.pace import Pace, Progress
from itkgui.uploads.queue_file import QueueNotWritten
from itkgui.uploads.queue_lock import Holder, QueueLock
from itkgui.uploads.row_mirror import RowMirror
from itkgui.uploads.run_saga import RunSaga
from itkgui.uploads.saga import Saga
from itkgui.uploads.schedule import CircuitBreaker, Hold, Outlook, Server
from itkgui.uploads.sorting import Timing
from itkgui.uploads.spool import Spool
from itkgui.uploads.upload import MOVES, Cause, Step, Upload, UploadKind, UploadState
from itkgui.uploads.upload_store import NotInQueue, UploadStore, WrongMove

log = logging.getLogger(__name__)
R = TypeVar("R")

SENT_AT_ONCE = 4  # each to another target
_CHECKED_AT_ONCE = 3
_COPIED_AT_ONCE = 1  # a stick reads one file at a time fastest
_BEAT = 1.0  # seconds between two looks at what another process has done
_DISK_PAUSE = 5.0  # seconds before a disk that takes nothing is tried again


class Dispatcher:
    """The running part of UploadQueue, which see: methods named there belong to the loop's thread.

    ``enter``, ``give_up``, ``begin_again``, ``move_all`` and ``swap`` wait for the disk, and run on a thread.
    Rows come back from the store by its ``on_change``, so that what is shown is what is on the disk.
    """

    def __init__(
        self,
        database: ProductionDatabase,
        worker: Worker,
        folder: Path,
        timing: Timing,
        tell: Callable[[Upload], None],
    ) -> None:
        self.spool = Spool(folder / "spool")
        self.store: UploadStore
        self.is_master = False
        self.holder: Holder | None = None
        self.disk_trouble: ItkError | None = None
        self.outlook = Outlook(breakers={name: CircuitBreaker() for name in (Server.DATABASE, Server.EOS)})
        self._lock = QueueLock(folder)
        self._worker = worker
        self._timing = timing
        self._tell = tell
        self._database = database
        self._folder = folder
        self._courier: Courier
        self._mirror = RowMirror(lambda: self._loop.time())
        self._holds: dict[Hold, None] = {}
        self._calls: dict[str, Call[Any]] = {}  # by id; several may share one
        self._paces: dict[str, Pace] = {}
        self._unwanted: set[str] = set()  # cancelled while a thread has them
        self._counts = {"send": 0, "check": 0, "copy": 0}
        self._tasks: set[asyncio.Task[None]] = set()
        self._wake: asyncio.TimerHandle | None = None
        self._is_closing = self._is_pumping = False
        self._version = -1

    # From start to end -------------------------------------------------------------------------------------

    async def open(self, *, may_run: bool = True) -> None:
        self._may_run = may_run
        self._loop = asyncio.get_running_loop()
        await self._on_thread(self._open_store)
        try:
            await self._take_over()
        except ItkError:
            await self._on_thread(self.store.close)
            self._lock.release()
            self.is_master = False
            raise
        self._watch = self._start(self._watch_others())

    async def close(self) -> None:
        self._is_closing = True
        if self._wake is not None:
            self._wake.cancel()
        for call in list(self._calls.values()):
            call.cancel()
        self._watch.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)  # their faults were told
        await self._on_thread(self.store.close)
        self._lock.release()
        self.is_master = False

    def _open_store(self) -> None:
        self.store = UploadStore(
            self._folder,
            self._database.user.identity,
            self._on_row_written,
        )
        errands: dict[UploadKind, Errand] = {
            UploadKind.FILE: Saga(self._database, self.store, self.spool.folder),
            UploadKind.TEST_RUN: RunSaga(self._database, self.store, self.spool.folder),
        }
        self._courier = Courier(self.store, self.spool, errands, self._timing)

    def _on_row_written(self, row: Upload, number: int) -> None:
        self._loop.call_soon_threadsafe(self._on_row, row, number)

    async def _take_over(self) -> None:
        """Run the queue from here on if nobody else does; load what there is in any case."""
        if not self.is_master:
            self.is_master = self._may_run and await self._on_thread(self._lock.try_take)
            self.holder = None if self.is_master else await self._on_thread(self._lock.holder)
            if self.is_master:
                await self._on_thread(self._tidy)
        self._version = await self._on_thread(self.store.version)
        self.outlook.is_paused = await self._on_thread(lambda: self.store.is_paused)
        shown = [row.id for row in self.rows if not row.state.has_ended]
        for row in await self._on_thread(self._fresh_rows, shown):
            self._on_row(row)
        self._pump_soon()

    def _fresh_rows(self, shown: Iterable[str]) -> list[Upload]:
        """Return what has not ended, and what has by now of those that are shown as if they had not."""
        found = self.store.unfinished()
        ended = set(shown) - {row.id for row in found}
        return found + [row for one in ended if (row := self.store.find(one)) is not None]

    def _tidy(self) -> None:
        self.store.recover()
        rows = self.store.unfinished()
        self.spool.sweep({row.id for row in rows})
        for parent in {row.parent for row in rows if row.parent and not row.target.key}:
            self._courier.give_targets(self.store.get(parent))

    async def _watch_others(self) -> None:
        """Notice rows that another process has added or changed, and that it has ended."""
        while True:
            await asyncio.sleep(_BEAT)
            if not self.is_master or self._version != await self._on_thread(self.store.version):
                await self._take_over()

    # What there is -----------------------------------------------------------------------------------------

    @property
    def rows(self) -> Sequence[Upload]:
        return self._mirror.rows

    def row(self, upload_id: str) -> Upload | None:
        return self._mirror.get(upload_id)

    @property
    def holds(self) -> Collection[Hold]:
        return tuple(self._holds)

    def progress(self, upload_id: str) -> Progress | None:
        row, call = self.row(upload_id), self._calls.get(upload_id)
        if row is None or call is None or row.state is not UploadState.SENDING or not call.transfer.total:
            return None
        done = call.transfer.done
        rate = self._paces.setdefault(upload_id, Pace()).note(done, time.monotonic())
        return Progress(done, call.transfer.total, rate)

    def _on_row(self, row: Upload, number: int | None = None) -> None:
        if self._mirror.take(row, number):
            self._tell(row)
            self._pump_soon()

    # Starting what is due ----------------------------------------------------------------------------------

    def _pump_soon(self) -> None:
        if not self._is_pumping and not self._is_closing:
            self._is_pumping = True
            self._loop.call_soon(self._pump)

    def _pump(self) -> None:
        self._is_pumping = False
        if self._is_closing or not self.is_master or self.disk_trouble is not None:
            return
        now = self._loop.time()
        self.outlook.due, self.outlook.busy = self._mirror.due, self._calls
        for row in schedule.to_copy(self.rows, self.outlook, _COPIED_AT_ONCE - self._counts["copy"]):
            self._begin("copy", [row], self._courier.fetch, row)
        for row in schedule.next_to_send(self.rows, self.outlook, now, SENT_AT_ONCE - self._counts["send"]):
            self.outlook.begin_probe(row)
            self._begin("send", [row], self._courier.deliver, row)
        for batch in schedule.to_check(self.rows, self.outlook, now):
            if self._counts["check"] < _CHECKED_AT_ONCE:
                self._begin("check", batch, self._courier.prove, batch)
        for row in schedule.to_take_back(self.rows, self.outlook, now):
            if self._counts["check"] < _CHECKED_AT_ONCE:
                self._begin("check", [row], self._courier.take_back, row)
        self._wake_at(schedule.wakes_at(self.rows, self.outlook, now))

    def _wake_at(self, moment: float | None) -> None:
        if self._wake is not None:
            self._wake.cancel()
        self._wake = None if moment is None else self._loop.call_at(moment, self._pump_soon)

    def _begin(self, what: str, rows: list[Upload], function: Callable[..., Any], *arguments: Any) -> None:
        call = self._worker.call(function, *arguments, lane=Lane.UPLOADS)
        self._counts[what] += 1
        self._calls |= {row.id: call for row in rows}
        self._start(self._until_done(what, rows, call))

    async def _until_done(self, what: str, rows: list[Upload], call: Call[Any]) -> None:
        try:
            outcome = await call
            for row in outcome if isinstance(outcome, list) else [outcome]:
                await self._learn(row)
        except Cancelled:
            pass  # by whom, shows below
        except (WrongMove, NotInQueue) as error:  # another process has changed the row
            log.info("%s", error)
        except ItkError as error:
            await self._after_disk_trouble(rows, error)
        finally:
            self._counts[what] -= 1
            for row in rows:
                self._calls.pop(row.id, None)
                self._paces.pop(row.id, None)
            self.outlook.end_probe(rows)
            self._pump_soon()
        unwanted = [row for row in rows if row.id in self._unwanted]
        if unwanted and not self._is_closing:
            self._unwanted -= {row.id for row in unwanted}
            await self._on_thread(self.give_up, unwanted)

    async def _after_disk_trouble(self, rows: list[Upload], error: ItkError) -> None:
        """Rest until the disk takes what is to be recorded; nothing is sent that could not be."""
        log.warning("the queue rests: %s", error)
        self._set_disk_trouble(error)
        while not self._is_closing:
            await asyncio.sleep(_DISK_PAUSE)
            try:
                await self._on_thread(self.move_all, rows, UploadState.WAITING)
            except QueueNotWritten as again:
                log.info("the queue still rests: %s", again)
            else:
                self._set_disk_trouble(None)
                return

    def _set_disk_trouble(self, error: ItkError | None) -> None:
        self.disk_trouble = error
        self._pump_soon()

    # Learning from how it ended ----------------------------------------------------------------------------

    async def _learn(self, row: Upload) -> None:
        trouble = row.trouble
        if trouble is None:
            self._note_success(row)
            await self._release(row)
            return
        if trouble.cause is Cause.PASSING and row.state is UploadState.WAITING:
            breaker = self.outlook.breakers[schedule.server_of(row)]
            breaker.note_failure(self._loop.time(), max(0.0, row.next_try - time.time()))
        if trouble.cause is Cause.SESSION:
            self.outlook.needs_session = True
        hold = Hold.after(row)
        if hold is not None and hold not in self._holds:
            self._holds[hold] = None
            if trouble.cause is not Cause.SESSION:
                others = [r for r in self.rows if r.state is UploadState.WAITING and hold.concerns(r)]
                await self._on_thread(self.move_all, others, UploadState.HELD, trouble=trouble)

    def _note_success(self, row: Upload) -> None:
        """Let what waited for a server go on as soon as that has answered well."""
        names = [Server.DATABASE] if row.state in (UploadState.CHECKING, UploadState.DONE) else []
        names += [Server.EOS] if names and row.storage is Storage.EOS else []
        for name in names:
            if self.outlook.breakers[name].note_success():
                for other in self.rows:
                    if other.state is UploadState.WAITING and other.trouble is not None:
                        self._mirror.due[other.id] = 0.0

    async def _release(self, row: Upload) -> None:
        """Let go on what was held for the same reason as an upload that has arrived now."""
        if row.state is not UploadState.DONE:
            return
        gone = [
            hold for hold in self._holds if hold.trouble.cause is not Cause.SESSION and hold.concerns(row)
        ]
        for hold in gone:
            del self._holds[hold]
            held = [r for r in self.rows if r.state is UploadState.HELD and r.trouble == hold.trouble]
            await self._on_thread(self.begin_again, held)

    def session_renewed(self) -> None:
        self.outlook.needs_session = False
        for hold in [hold for hold in self._holds if hold.trouble.cause is Cause.SESSION]:
            del self._holds[hold]
        self._pump_soon()

    def forget_holds(self, rows: Iterable[Upload]) -> None:
        """Let these be tried although something of their kind was held."""
        for hold in [hold for hold in self._holds if any(map(hold.concerns, rows))]:
            if hold.trouble.cause is not Cause.SESSION:
                del self._holds[hold]

    # What people want --------------------------------------------------------------------------------------

    async def set_paused(self, *, paused: bool) -> None:
        await self._on_thread(self.store.set_paused, paused)
        self.outlook.is_paused = paused
        self._pump_soon()

    def interrupt(self, row: Upload) -> bool:
        """Stop the thread that has a row, if there is one; the row is given up when it has stopped."""
        call = self._calls.get(row.id)
        if call is None:
            return False
        self._unwanted.add(row.id)
        call.cancel()
        return True

    def enter(self, uploads: Sequence[Upload]) -> list[Upload]:
        now = time.time()
        return self.store.add(
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
        """``kept_as`` tells under which ids copies stay that are to be sent by other rows."""
        for row in map(self._fresh, rows):
            if row is None or row.state.has_ended or row.state is UploadState.CANCELLING:
                continue
            if row.step is Step.NEW and row.state is not UploadState.SENDING:
                self.store.move(row, UploadState.CANCELLED)
                if kept_as and row.id in kept_as:
                    self.spool.pass_on(row.id, kept_as[row.id])
                else:
                    self.spool.drop(row.id)
            else:
                self.store.move(row, UploadState.CANCELLING, next_try=0.0, tries=0)

    def begin_again(self, rows: Iterable[Upload]) -> None:
        for row in map(self._fresh, rows):
            if row is None:
                continue
            if row.state is UploadState.WAITING:
                self.store.change(row, next_try=0.0)
                continue
            state = UploadState.WAITING if self.spool.holds(row) else UploadState.COPYING
            if state in MOVES[row.state]:
                self.store.move(row, state, tries=0, next_try=0.0, trouble=None, left_behind="")

    def move_all(self, rows: Iterable[Upload], state: UploadState, **changes: object) -> None:
        for row in map(self._fresh, rows):
            if row is not None and state in MOVES[row.state]:
                self.store.move(row, state, **changes)

    def swap(self, one: Upload, other: Upload) -> None:
        self.store.change(one, place=other.place)
        self.store.change(other, place=one.place)

    def _fresh(self, row: Upload) -> Upload | None:
        """Return a row as it is on the disk: it may have changed since somebody looked at it."""
        try:
            return self.store.get(row.id)
        except NotInQueue:  # another process has let go of it
            return None

    # Threads and tasks -------------------------------------------------------------------------------------

    async def _on_thread(self, function: Callable[..., R], *arguments: Any, **named: Any) -> R:
        return await self._worker.call(lambda: function(*arguments, **named), lane=Lane.REQUESTS)

    def _start(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = self._loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._on_task_done)
        return task

    def _on_task_done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (fault := task.exception()) is not None:
            self._loop.call_exception_handler({"message": "the queue failed", "exception": fault})
