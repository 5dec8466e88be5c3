"""Runs plain functions on threads for coroutines to await, in lanes that never wait for each other."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Generator
from concurrent.futures import Future, ThreadPoolExecutor
from enum import Enum
from typing import Any, Generic, TypeVar

from itkgui.background import ages
from itkgui.client.exceptions import Cancelled, ItkError
from itkgui.client.transfer import Transfer, running
from itkgui.language import N_

T = TypeVar("T")


class Lane(Enum):
    """Where a call waits for its turn; the value is the number of threads."""

    REQUESTS = 4
    """Short questions and other work that somebody at the screen waits for."""
    DECODING = 2
    """Waiting for a decoder, of which there are as many; each may take seconds."""
    TRANSFERS = 3
    """Downloads, which may take minutes: what somebody looks at, small pictures, many that are saved."""
    QUEUE = 1
    """The file of the queue, which waits for the disk and for no server."""
    UPLOADS = 34
    """Files being copied to the spool, sent and compared: as many as the queue has under way at most."""


class NoThread(ItkError):
    """The operating system gives the program no more threads."""

    title = N_("This computer is too busy")
    sentence = N_("This computer starts no more work for the program.")
    cure = N_("Close other programs, then try again.")


class Call(Generic[T]):
    """A function on its way through a lane: await it for the result, read ``transfer`` for the progress.

    It ends in one of: the function's result, its exception, NoThread, or Cancelled. Cancelling the task that
    awaits it cancels the work too.
    """

    def __init__(self, future: Future[T], transfer: Transfer) -> None:
        self._future = future
        self.transfer = transfer

    def __await__(self) -> Generator[Any, None, T]:
        return self._outcome().__await__()

    async def _outcome(self) -> T:
        try:
            return await asyncio.wrap_future(self._future)
        except asyncio.CancelledError:
            self.transfer.cancel()
            raise
        finally:
            ages.note(self.transfer.as_of)

    @property
    def is_done(self) -> bool:
        """Whether the work has ended, in whatever way."""
        return self._future.done()

    def cancel(self) -> None:
        """End the work; an ``await`` on it raises Cancelled. Does nothing to work that has ended."""
        self.transfer.cancel()


class Worker:
    """The threads of all lanes. ``call`` may be used from the event loop's thread only, ``stop`` once."""

    def __init__(self) -> None:
        self._pools = {
            lane: ThreadPoolExecutor(lane.value, thread_name_prefix=lane.name.lower()) for lane in Lane
        }
        self._active: set[Transfer] = set()
        self._stopped = False

    def call(
        self,
        function: Callable[..., T],
        *arguments: Any,
        lane: Lane = Lane.REQUESTS,
    ) -> Call[T]:
        """Start a function on a lane; it reports to, and obeys, the transfer of the returned call."""
        transfer = Transfer()
        if self._stopped:
            return Call(_refused(Cancelled("the program is closing")), transfer)
        self._active.add(transfer)

        def work() -> T:
            with running(transfer):
                transfer.check()
                return function(*arguments)

        try:
            future = self._pools[lane].submit(work)
        except RuntimeError as error:  # a thread was to be started for it
            transfer.cancel()  # it stands in the queue all the same
            self._active.discard(transfer)
            return Call(_refused(NoThread(str(error))), transfer)
        # Not in work(): a call that is given up before its turn never comes to it.
        future.add_done_callback(lambda _future: self._active.discard(transfer))
        return Call(future, transfer)

    def cancel_all(self) -> None:
        """End everything under way, for instance at sign-out; new calls are still taken."""
        for transfer in list(self._active):
            transfer.cancel()

    def stop(self) -> None:
        """Refuse new calls, end what is under way and wait for the threads."""
        self._stopped = True
        self.cancel_all()
        for pool in self._pools.values():
            pool.shutdown(wait=True)


def _refused(error: ItkError) -> Future[Any]:
    refused: Future[Any] = Future()
    refused.set_exception(error)
    return refused
