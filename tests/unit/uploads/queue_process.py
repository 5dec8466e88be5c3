"""A queue in a process of its own, which can be killed at any moment and started again in no time."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from itkgui.background.worker import Worker
from itkgui.client.auth import AccessCodes
from itkgui.client.database import ProductionDatabase
from itkgui.embedded_sandbox import sandbox_settings
from itkgui.settings import Settings
from itkgui.uploads.sorting import Timing
from itkgui.uploads.upload import Upload
from itkgui.uploads.upload_queue import UploadQueue

_PATIENCE = 30.0

_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload([__name__])


class Killed(Exception):
    """The process has ended before it answered."""


class QueueProcess:
    """A child that runs the queue in a folder; with ``kill_after`` it kills itself after so many changes."""

    def __init__(self, info: dict[str, Any], folder: Path, timing: Timing, kill_after: int = 0) -> None:
        self._connection, other = _context.Pipe()
        self._process = _context.Process(target=_serve, args=(other, info, folder, timing, kill_after))
        self._process.start()
        other.close()

    @property
    def pid(self) -> int | None:
        return self._process.pid

    def ask(self, method: str, *arguments: Any) -> Any:
        """Call a method of the queue, or ``rows``; raises Killed if the process is no more."""
        try:
            self._connection.send((method, arguments))
            assert self._connection.poll(_PATIENCE), f"no answer to {method}"
            answer, faults = self._connection.recv()
        except (EOFError, ConnectionError):
            self._process.join(_PATIENCE)
            assert self._process.exitcode == -signal.SIGKILL, f"it ended by {self._process.exitcode}"
            raise Killed from None
        assert faults == [], faults
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
    connection: Connection, info: dict[str, Any], folder: Path, timing: Timing, kill_after: int
) -> None:
    asyncio.run(_Server(connection, kill_after).run(info, folder, timing))


class _Server:
    """The child's side: answers one question after another, and tells of what went wrong in the loop."""

    def __init__(self, connection: Connection, kill_after: int) -> None:
        self._connection = connection
        self._left = kill_after
        self._faults: list[str] = []

    async def run(self, info: dict[str, Any], folder: Path, timing: Timing) -> None:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _, context: self._faults.append(repr(context)))
        worker = Worker()
        settings = sandbox_settings(Settings(), info)
        codes = AccessCodes(settings.access_code1, settings.access_code2)
        database = await worker.call(ProductionDatabase.sign_in, settings, codes)
        queue = UploadQueue(database, worker, folder, timing)
        queue.listeners.append(self._count)
        await queue.open()
        asked: asyncio.Queue[tuple[str, tuple[Any, ...]]] = asyncio.Queue()
        loop.add_reader(self._connection.fileno(), self._receive, asked)
        while True:
            method, arguments = await asked.get()
            answer = await _answer(queue, method, arguments)
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

    def _count(self, _: Upload) -> None:
        self._left -= 1
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


async def _answer(queue: UploadQueue, method: str, arguments: tuple[Any, ...]) -> Any:
    if method == "rows":
        return list(queue.uploads)
    found: Callable[..., Any] = getattr(queue, method)
    result = found(*arguments)
    return await result if asyncio.iscoroutine(result) else result
