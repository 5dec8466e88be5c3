"""Brings rows that threads have written to the event loop's thread, those that wait in one turn of it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable

from itkgui.uploads.upload import Upload


class WrittenRows:
    """Called by any thread with a row and the number of its change; ``take`` gets them in the loop's thread.

    A turn of the loop for each would be felt where 1,000 rows are written at once.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, take: Callable[[Upload, int], None]) -> None:
        self._loop = loop
        self._take = take
        self._lock = threading.Lock()
        self._waiting: list[tuple[Upload, int]] = []

    def __call__(self, row: Upload, number: int) -> None:
        with self._lock:
            is_first = not self._waiting
            self._waiting.append((row, number))
        if is_first:
            self._loop.call_soon_threadsafe(self._take_all)

    def _take_all(self) -> None:
        with self._lock:
            found, self._waiting = self._waiting, []
        for row, number in found:
            self._take(row, number)
