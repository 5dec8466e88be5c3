"""Runs the queue: starts on threads what is due, learns from how it ends, and wakes when there is more."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable, Collection, Coroutine, Iterable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from itkgui.background.worker import Call, Lane, Worker
from itkgui.client.database import ProductionDatabase
from itkgui.client.exceptions import Cancelled, ItkError
from itkgui.uploads import schedule
from itkgui.uploads.courier import Courier
from itkgui.uploads.lessons import Lessons
from itkgui.uploads.pace import Pace, Progress
from itkgui.uploads.queue_lock import Holder, QueueLock
from itkgui.uploads.row_mirror import RowMirror
from itkgui.uploads.schedule import CircuitBreaker, Outlook, Server
from itkgui.uploads.sorting import Timing
from itkgui.uploads.spool import Spool
from itkgui.uploads.upload import Upload, UploadState
from itkgui.uploads.upload_store import NotInQueue, UploadStore, WrongMove
from itkgui.uploads.wishes import Wishes
from itkgui.uploads.written_rows import WrittenRows

log = logging.getLogger(__name__)
R = TypeVar("R")

SENT_AT_ONCE = 12  # each to another target
_CHECKED_AT_ONCE = 6  # and one more for each that could be sent, but is not
_COPIED_AT_ONCE = 4  # batches of small files
MOST_CALLS = SENT_AT_ONCE + (SENT_AT_ONCE + _CHECKED_AT_ONCE) + _COPIED_AT_ONCE  # see Lane.UPLOADS
_BREATH = 5e-6  # seconds from one look through all rows to the next, for each of them


class Dispatcher:
    """The running part of UploadQueue, which see: methods named there belong to the loop's thread.

    ``wishes`` wait for the disk, and are done on a thread. Rows come back from the store by its
    ``on_change``, so that what is shown is what is on the disk.
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
        self._lock = QueueLock(folder)
        self._worker = worker
        self._timing = timing
        self._tell = tell
        self._database = database
        self._folder = folder
        self.wishes: Wishes
        self._courier: Courier
        self._mirror = RowMirror(lambda: self._loop.time(), timing)
        self._calls: dict[str, Call[Any]] = {}  # by id; several may share one
        breakers = {name: CircuitBreaker() for name in (Server.DATABASE, Server.EOS)}
        self.outlook = Outlook(self._mirror.due, self._calls, breakers=breakers)
        self.lessons = Lessons(
            self.outlook, self._mirror, lambda: self._loop.time(), self._move, self._pump_soon
        )
        self._closing = asyncio.Event()
        self._forward: set[str] = set()  # ids of those that do not take back
        self._paces: dict[str, Pace] = {}
        self._counts = {"send": 0, "check": 0, "copy": 0}
        self._tasks: set[asyncio.Task[None]] = set()
        self._wake: asyncio.TimerHandle | None = None
        self._is_pumping = False
        self._is_behind = False  # its rows may be as they were before another process had them
        self._pumped_at = 0.0

    # From start to end -------------------------------------------------------------------------------------

    async def open(self, *, may_run: bool = True) -> None:
        self._may_run, self._version = may_run, -1
        self._loop = asyncio.get_running_loop()
        try:
            await self.on_thread(self._open_store)
            try:
                await self._take_over()
            except ItkError:
                await self.on_thread(self.store.close)
                raise
        except ItkError:
            self._lock.release()
            self.is_master = False
            raise
        self._watches = [self._start(self._watch_others()), self._start(self._watch_session())]

    async def close(self) -> None:
        self._closing.set()
        self._wake_at(None)
        works: list[Call[Any] | asyncio.Task[None]] = [*self._calls.values(), *self._watches]
        for work in works:
            work.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)  # their faults were told
        await self.on_thread(self.store.close)
        self._lock.release()
        self.is_master = False

    def _open_store(self) -> None:
        self._lock.check_computer()
        self.store = UploadStore(
            self._folder,
            self._database.user.identity,
            WrittenRows(self._loop, self._on_row),
            may_put_aside=self._may_run and self._lock.try_take(),  # then nobody else is at work with it
            is_shared=self._lock.is_shared,
        )
        self.wishes = Wishes(self.store, self.spool, self._timing)
        self._courier = Courier.to(self._database, self.store, self.spool, self._timing)

    async def _take_over(self) -> None:
        """Run the queue from here on if nobody else does; load what there is if it may be news."""
        was_master = self.is_master
        if not was_master:
            is_mine = self._may_run and await self.on_thread(self._lock.try_take)
            self.holder = None if is_mine else await self.on_thread(self._lock.holder)
            if is_mine:
                await self.on_thread(self._courier.tidy)
            self.is_master = self._is_behind = is_mine
        version = await self.on_thread(self._look)
        if not self._is_behind and (version, self.is_master) == (self._version, was_master):
            return
        self.outlook.is_paused = await self.on_thread(lambda: self.store.is_paused)
        number = await self.on_thread(self.store.changes)  # before the rows, which may be newer
        rows = await self.on_thread(self.store.unfinished)
        is_hurried = any(map(self._mirror.is_hurried, rows))
        for row in rows:
            self._on_row(row, number)
        if is_hurried:
            self.lessons.somebody_is_impatient()
        if self.is_master:
            for row in await self.on_thread(self.store.awaiting_last_look):
                self._on_row(row, number)
        found = {row.id for row in rows}
        await self._refresh(row for row in self._mirror.unsettled if row.id not in found)
        self._version, self._is_behind = version, False
        self._pump_soon()

    async def _refresh(self, rows: Iterable[Upload]) -> None:
        """Look up rows that another process has ended or changed."""
        for row in rows:
            number = await self.on_thread(self.store.changes)
            try:
                self._on_row(await self.on_thread(self.store.get, row.id), number)
            except NotInQueue:
                self._mirror.forget(row.id)

    def _look(self) -> int:
        """Return another number than before if another process has changed the file; care for the rest."""
        self.spool.care()
        if self.is_master:
            self._lock.renew()
        return self.store.version()

    async def _watch_others(self) -> None:
        """Notice rows that another process has added or changed, and that it has ended."""
        while True:
            await asyncio.sleep(self._timing.beat)
            try:
                await self._take_over()
            except ItkError as error:  # a disk that is busy or full for a while must not end the watch
                log.warning("the queue was not looked at: %s", error)

    async def _watch_session(self) -> None:
        """Go on as soon as the session is good again; wrong codes stay wrong."""
        ask, authenticator = self._database.is_session_good, self._database.client.authenticator
        while True:
            await asyncio.sleep(self._timing.session_pause)
            may_be_good = schedule.may_be_over(self.lessons.session_trouble, authenticator.failure)
            if may_be_good and await self._worker.call(ask, lane=Lane.UPLOADS):
                self.lessons.session_renewed()

    # What there is -----------------------------------------------------------------------------------------

    @property
    def rows(self) -> Sequence[Upload]:
        return self._mirror.rows

    def row(self, upload_id: str) -> Upload | None:
        return self._mirror.get(upload_id)

    @property
    def awaiting_last_look(self) -> list[Upload]:
        rows = (*self.rows, *self._mirror.earlier.values())
        return [row for row in rows if row.awaits_last_look]

    def progress(self, upload_id: str) -> Progress | None:
        row, call = self.row(upload_id), self._calls.get(upload_id)
        if row is None or call is None or row.state is not UploadState.SENDING or not call.transfer.total:
            return None
        done = call.transfer.done
        rate = self._paces.setdefault(upload_id, Pace()).note(done, time.monotonic())
        return Progress(done, call.transfer.total, rate)

    def wait(self, upload: Upload) -> float | None:
        return self.outlook.wait_of(upload, self._loop.time())

    def _on_row(self, row: Upload, number: int) -> None:
        if row.state.has_ended and self._mirror.get(row.id) is None:
            self._mirror.keep_in_mind(row, number)
            self._pump_soon()
            if row.awaits_last_look or not row.left_behind:  # else it is shown, for somebody to judge
                return
        if not self._mirror.take(row, number):
            return
        if row.state in (UploadState.CANCELLING, UploadState.CANCELLED) and row.id in self._forward:
            self._calls[row.id].cancel()  # what is at the server by then is taken back
        self._tell(row)
        self._pump_soon()

    # Starting what is due ----------------------------------------------------------------------------------

    def _pump_soon(self) -> None:
        if not self._is_pumping and not self._closing.is_set():
            self._is_pumping = True
            self._loop.call_at(self._pumped_at + len(self.rows) * _BREATH, self._pump)

    def _pump(self) -> None:
        self._is_pumping, self._pumped_at = False, self._loop.time()
        if self._closing.is_set() or not self.is_master or self._is_behind or self.disk_trouble is not None:
            return
        now = self._loop.time()
        rows = (*self.rows, *self._mirror.earlier.values())
        known = [row for row in rows if not row.ended or row.unclear_until or row.id in self._calls]
        for batch in schedule.to_copy(known, self.outlook, now, _COPIED_AT_ONCE - self._counts["copy"]):
            self._begin("copy", batch, self._courier.fetch, batch)
        free = SENT_AT_ONCE - self._counts["send"]
        if (room := free + _CHECKED_AT_ONCE - self._counts["check"]) > 0:
            self._begin_checks(known, now, room)
        for row in schedule.next_to_send(known, self.outlook, now, free):
            probed = self.outlook.begin_probe(row)
            self._begin("send", [row], self._courier.deliver, row, probed=probed)
        self._wake_at(schedule.wakes_at(known, self.outlook, now))

    def _begin_checks(self, known: Sequence[Upload], now: float, room: int) -> None:
        for row in schedule.to_take_back(known, self.outlook, now)[:room]:
            self._begin("check", [row], self._courier.take_back, row, is_forward=False)
            room -= 1
        for row in schedule.to_look_again(known, self.outlook, now)[:room]:
            self._begin("check", [row], self._courier.look_again, row, is_forward=False)
            room -= 1
        for batch in schedule.to_check(known, self.outlook, now)[:room]:
            self._begin("check", batch, self._courier.prove, batch)

    def _wake_at(self, moment: float | None) -> None:
        if self._wake is not None:
            self._wake.cancel()
        self._wake = None if moment is None else self._loop.call_at(moment, self._pump_soon)

    def _begin(
        self,
        what: str,
        rows: list[Upload],
        function: Callable[..., Any],
        argument: Any,
        *,
        is_forward: bool = True,
        probed: Iterable[CircuitBreaker] = (),
    ) -> None:
        call = self._worker.call(function, argument, lane=Lane.UPLOADS)
        self._counts[what] += 1
        self._calls.update({row.id: call for row in rows})
        if is_forward:
            self._forward |= {row.id for row in rows}
        self._start(self._until_done(what, rows, call, probed))

    async def _until_done(
        self, what: str, rows: list[Upload], call: Call[Any], probed: Iterable[CircuitBreaker]
    ) -> None:
        renewals = self.lessons.renewals
        try:
            outcome: Any = (await asyncio.gather(call, return_exceptions=True))[0]
            if isinstance(outcome, ItkError):
                raise outcome
            if isinstance(outcome, BaseException):
                log.error("the queue failed at %s", [row.id for row in rows], exc_info=outcome)
                outcome = await self.on_thread(self._courier.stop, rows, outcome)
            await self.lessons.learn(outcome if isinstance(outcome, list) else [outcome], renewals)
        except Cancelled:
            if not self._closing.is_set():
                await self._let_wait(rows)
        except (WrongMove, NotInQueue) as error:  # somebody, maybe in another process, has changed the row
            log.info("%s", error)
            await self._refresh(rows)
        except ItkError as error:
            await self._after_disk_trouble(rows, error)
        finally:
            self._counts[what] -= 1
            for row in rows:
                self._calls.pop(row.id, None)
                self._paces.pop(row.id, None)
                self._forward.discard(row.id)
            for breaker in probed:
                breaker.is_probing = False
            self._pump_soon()

    async def _let_wait(self, rows: list[Upload]) -> None:
        """Send what was given up on the way once more, unless it is not wanted any more."""
        try:
            await self._move(rows, (UploadState.SENDING,), UploadState.WAITING)
        except ItkError as error:
            await self._after_disk_trouble(rows, error)

    async def _after_disk_trouble(self, rows: list[Upload], error: ItkError) -> None:
        """Rest until the disk takes what is to be recorded; nothing is sent that could not be."""
        log.warning("the queue rests: %s", error)
        self._set_disk_trouble(error)
        while not self._closing.is_set():
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self._closing.wait(), self._timing.disk_pause)
            try:
                await self._move(rows, (UploadState.SENDING,), UploadState.WAITING)
                await self._refresh(rows)
                await self.on_thread(self._courier.tell_all_children)
            except Cancelled:
                return
            except ItkError as again:
                log.info("the queue still rests: %s", again)
            else:
                self._set_disk_trouble(None)
                return

    def _set_disk_trouble(self, error: ItkError | None) -> None:
        self.disk_trouble = error
        self._pump_soon()

    # The queue as a whole ----------------------------------------------------------------------------------

    async def set_paused(self, *, paused: bool) -> None:
        await self.on_thread(self.store.set_paused, paused)
        self.outlook.is_paused = paused
        self._pump_soon()

    # Threads and tasks -------------------------------------------------------------------------------------

    async def _move(
        self, rows: Iterable[Upload], states: Collection[UploadState], state: UploadState, **changes: object
    ) -> None:
        await self.on_thread(self.wishes.move, rows, states, state, **changes)

    async def on_thread(self, function: Callable[..., R], *arguments: Any, **named: Any) -> R:
        return await self._worker.call(lambda: function(*arguments, **named), lane=Lane.QUEUE)

    def _start(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = self._loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._on_task_done)
        return task

    def _on_task_done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (fault := task.exception()) is not None:
            self._loop.call_exception_handler({"message": "the queue failed", "exception": fault})
