"""A queue in a process of its own, which can be killed at any moment and started again in no time."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from types import FrameType
from typing import Any

import itkgui.uploads
from itkgui.background.worker import Worker
from itkgui.client.credentials import AccessCodes
from itkgui.client.database import ProductionDatabase
from itkgui.client.exceptions import ItkError
from itkgui.embedded_sandbox import sandbox_settings
from itkgui.settings import Settings
from itkgui.uploads.hand_over import export_rows, import_rows
from itkgui.uploads.sorting import Timing
from itkgui.uploads.upload_queue import UploadQueue
from tests.forking import forking

_PATIENCE = 30.0

_context = forking(__name__, "jwt")  # which else each child would load when it signs in


class Killed(Exception):
    """The process has ended before it answered."""


class QueueProcess:
    """A child that runs the queue in a folder; with ``kill_after`` it kills itself after so many lines.

    Those of the uploads' own code are counted, on all threads: it may end between any two things it does.
    Its computer's clock may be wrong by some ``hours``.
    """

    def __init__(
        self, info: dict[str, Any], folder: Path, timing: Timing, kill_after: int = 0, hours: int = 0
    ) -> None:
        self._connection, other = _context.Pipe()
        self._process = _context.Process(target=_serve, args=(other, info, folder, timing, kill_after, hours))
        self._process.start()
        other.close()

    @property
    def pid(self) -> int | None:
        return self._process.pid

    def ask(self, method: str, *arguments: Any) -> Any:
        """Call a method of the queue or of ``_Deeds``; raises what that does, or Killed if it is no more."""
        try:
            self._connection.send((method, arguments))
            assert self._connection.poll(_PATIENCE), f"no answer to {method}"
            answer, faults = self._connection.recv()
        except (EOFError, ConnectionError):
            self._process.join(_PATIENCE)
            assert self._process.exitcode == -signal.SIGKILL, f"it ended by {self._process.exitcode}"
            raise Killed from None
        assert faults == [], faults
        if isinstance(answer, ItkError):
            raise answer
        return answer

    def ends_within(self, seconds: float) -> bool:
        """Let it work for a while; tell whether it has ended in that time."""
        self._process.join(seconds)
        return self._process.exitcode is not None

    def kill(self) -> None:
        """End it as a power cut does."""
        self._process.kill()
        self._process.join(_PATIENCE)
        self._connection.close()

    def close(self) -> None:
        """End it as somebody who quits does."""
        try:
            self.ask("close")
        except Killed:
            self._connection.close()
            return
        self._process.join(_PATIENCE)
        self._connection.close()


def _serve(
    connection: Connection, info: dict[str, Any], folder: Path, timing: Timing, kill_after: int, hours: int
) -> None:
    _set_clock(hours)
    if kill_after:
        _Executioner(kill_after).begin()
    asyncio.run(_Server(connection).run(info, folder, timing))


def _set_clock(hours: int, real: Callable[[], float] = time.time) -> None:
    """Let this process believe that its computer's clock was set."""
    time.time = lambda: real() + hours * 3600.0


class _Executioner:
    """Ends its own process as a power cut does, in the middle of the uploads' work."""

    def __init__(self, lines: int) -> None:
        self._left = lines
        self._folder = str(Path(itkgui.uploads.__file__).parent)

    def begin(self) -> None:
        threading.settrace(self._enter)
        sys.settrace(self._enter)

    def _enter(self, frame: FrameType, _event: str, _argument: Any) -> Any:
        return self._step if frame.f_code.co_filename.startswith(self._folder) else None

    def _step(self, _frame: FrameType, _event: str, _argument: Any) -> Any:
        self._left -= 1
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return self._step


class _Deeds:
    """What else is asked of the queue, by name."""

    def __init__(self, queue: UploadQueue, worker: Worker, database: ProductionDatabase) -> None:
        self._queue = queue
        self._worker = worker
        self._database = database
        self._server = database.settings.api_url

    async def go_on(self) -> bool:
        """Do what people do when nothing is sent: sign in again, and let go on what was paused."""
        self._queue.session_renewed()
        if self._queue.is_paused:
            await self._queue.resume()
        return True

    async def pause_all(self) -> None:
        await self._queue.pause()

    async def resume_all(self) -> None:
        await self._queue.resume()

    async def cancel(self, ids: list[str]) -> list[str]:
        return [row.id for row in await self._queue.cancel(ids)]

    async def undo(self, ids: list[str]) -> list[str]:
        return [row.id for row in await self._queue.undo(ids)]

    async def hand_over(self, ids: list[str], path: Path) -> Any:
        queue, moment = self._queue, self._database.client.server_time
        what = (queue.store, queue.spool, ids, path, self._server, moment)
        return await self._worker.call(export_rows, *what)

    async def take_over(self, path: Path) -> Any:
        queue = self._queue
        return await self._worker.call(import_rows, path, queue.store, queue.spool, self._server)

    def set_clock(self, hours: int) -> None:
        _set_clock(hours)

    def waiting_long(self) -> list[str]:
        """Return what is not tried within a second: a clock that was set can have made a wait longer."""
        return [row.id for row in self._queue.uploads if (self._queue.wait(row) or 0.0) > 1.0]


class _Server:
    """The child's side: answers one question after another, and tells of what went wrong in the loop."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._faults: list[str] = []

    async def run(self, info: dict[str, Any], folder: Path, timing: Timing) -> None:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _, context: self._faults.append(repr(context)))
        worker = Worker()
        settings = sandbox_settings(Settings(), info)
        codes = AccessCodes(settings.access_code1, settings.access_code2)
        database = await worker.call(ProductionDatabase.sign_in, settings, codes)
        queue = UploadQueue(database, worker, folder, timing)
        await queue.open()
        deeds = _Deeds(queue, worker, database)
        asked: asyncio.Queue[tuple[str, tuple[Any, ...]]] = asyncio.Queue()
        loop.add_reader(self._connection.fileno(), self._receive, asked)
        while True:
            method, arguments = await asked.get()
            found: Callable[..., Any] = getattr(deeds, method, None) or getattr(queue, method)
            answer = await _outcome(partial(found, *arguments))
            if method == "close":
                worker.stop()
            self._connection.send((answer, self._faults))
            if method == "close":
                return

    def _receive(self, asked: asyncio.Queue[tuple[str, tuple[Any, ...]]]) -> None:
        try:
            asked.put_nowait(self._connection.recv())
        except EOFError:  # nobody is there any more
            os.kill(os.getpid(), signal.SIGKILL)


async def _outcome(deed: Callable[[], Any]) -> Any:
    try:
        result = deed()
        return await result if asyncio.iscoroutine(result) else result
    except ItkError as error:
        return error
