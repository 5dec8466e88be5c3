"""Runs the requests of one question side by side, on a few threads that obey whoever asked."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor, wait
from functools import partial
from typing import Generic, TypeVar

from itkgui.client import transfer
from itkgui.client.exceptions import SessionExpired
from itkgui.client.transfer import Transfer

T = TypeVar("T")
R = TypeVar("R")

# How many requests one client has under way at once (API reference §9.27).
IN_FLIGHT = 4
_LOOK_AROUND = 0.05  # seconds


class Task(Generic[R]):
    """Work that was handed to a helper; ``result`` waits for it in the thread that asked."""

    def __init__(self, future: Future[R], errand: Transfer) -> None:
        self._future = future
        self._errand = errand

    def result(self) -> R:
        """Return what the function returned, or raise what it raised, Cancelled, or SessionExpired."""
        while not self._future.done():
            wait((self._future,), timeout=_LOOK_AROUND)  # which takes no notice of what close drops
            transfer.current().check()  # the helpers may be busy with another question
        try:
            return self._future.result()
        except CancelledError as error:
            raise SessionExpired("signed out", status=401) from error

    def drop(self) -> None:
        """Stop the work: nobody wants its outcome any more."""
        if not self._future.done():
            self._future.cancel()
            self._errand.cancel()


class _OwnTask(Task[R]):
    """Work that stays with the thread that asked, and is done when the result is wanted."""

    def __init__(self, function: Callable[[], R]) -> None:
        self._function = function

    def result(self) -> R:
        return self._function()

    def drop(self) -> None:
        """Nothing was begun."""


class HelperThreads:
    """A small pool; what runs on it ends when the Transfer of the thread that handed it over is cancelled.

    A helper that hands over work of its own does it itself: waiting for others of the pool could last for
    ever.
    """

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(IN_FLIGHT, thread_name_prefix="itkpd")
        self._local = threading.local()

    def submit(self, function: Callable[[], R]) -> Task[R]:
        """Start a function. Raises SessionExpired after ``close``."""
        if getattr(self._local, "is_helper", False):
            return _OwnTask(function)
        asker = transfer.current()
        errand = Transfer(only_kept=asker.only_kept)

        def call() -> R:
            self._local.is_helper = True
            # A timer of no time: whoever cancels does not wait until this errand has been told.
            with asker.start_when_cancelled(threading.Timer(0, errand.cancel)), transfer.running(errand):
                errand.check()
                asker.check()
                try:
                    return function()
                finally:
                    asker.note_age(errand.as_of)

        try:
            return Task(self._pool.submit(call), errand)
        except RuntimeError as error:  # the pool is shut down
            raise SessionExpired("signed out", status=401) from error

    def each(self, function: Callable[[T], R], items: Iterable[T]) -> list[R]:
        """Call a function for each item, and return the results in the order of the items.

        The first error ends it.
        """
        items = list(items)
        if len(items) < 2:
            return [function(item) for item in items]
        tasks: list[Task[R]] = []
        try:
            tasks.extend(self.submit(partial(function, item)) for item in items)
            return [task.result() for task in tasks]
        finally:
            for task in tasks:
                task.drop()

    def close(self) -> None:
        """Take no more work; what waits is dropped."""
        self._pool.shutdown(wait=False, cancel_futures=True)
