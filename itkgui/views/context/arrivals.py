"""Brings what comes in bundles from helper threads to the event loop's thread, where views may be touched."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Generic, TypeVar

import shiboken6
from PySide6.QtCore import QObject

T = TypeVar("T")


class Arrivals(Generic[T]):
    """Called with bundles by any thread; ``deliver`` gets them in the loop's, those that wait together.

    A context manager: after its end, or that of the view, nothing is delivered any more.
    The view may end first: the task that loads learns of that a turn of the loop later.
    """

    def __init__(self, view: QObject, deliver: Callable[[tuple[T, ...]], None]) -> None:
        self._loop = asyncio.get_event_loop()
        self._view = view
        self._deliver = deliver
        self._lock = threading.Lock()
        self._waiting: list[T] = []
        self._is_open = True

    def __call__(self, bundle: tuple[T, ...]) -> None:
        with self._lock:
            is_first = not self._waiting
            self._waiting += bundle
        if is_first and bundle:
            self._loop.call_soon_threadsafe(self._on_loop)

    def _on_loop(self) -> None:
        with self._lock:
            found, self._waiting = tuple(self._waiting), []
        if self._is_open and shiboken6.isValid(self._view):
            self._deliver(found)

    def __enter__(self) -> Arrivals[T]:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._is_open = False
