"""Runs a coroutine for one view: a new one replaces the old, and none outlives the view."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from PySide6.QtWidgets import QWidget

from itkgui.background import ages
from itkgui.client.exceptions import Cancelled, ItkError
from itkgui.views.context.age_line import tell_age


class ViewTask:
    """One question a view has open at a time.

    How old the answers are that it used is told at the view's page (``age_line``). An ItkError that the
    coroutine lets through goes to ``on_error``; Cancelled ends it silently; anything else is a fault of the
    program and goes to the event loop's exception handler.
    """

    def __init__(self, view: QWidget, on_error: Callable[[ItkError], None]) -> None:
        self._task: asyncio.Task[None] | None = None
        self._ages = ages.Ages()
        self._view, self._on_error = view, on_error
        view.destroyed.connect(self.cancel)

    def start(self, coroutine: Coroutine[Any, Any, None]) -> None:
        """Run a coroutine instead of the one before."""
        self.cancel()
        with ages.gathered() as self._ages:
            self._task = asyncio.get_event_loop().create_task(coroutine)
        self._task.add_done_callback(self._on_done)

    def cancel(self) -> None:
        """Stop what runs; the view is not told."""
        if self._task is not None:
            self._task.cancel()
            self._task = None

    async def stop(self) -> None:
        """Stop what runs, and wait until it has ended."""
        task = self._task
        self.cancel()
        if task is not None:
            await asyncio.wait({task})

    @property
    def is_running(self) -> bool:
        # Until its end is told, what has ended is still there: it takes nothing more on.
        return self._task is not None and not self._task.done()

    def _on_done(self, task: asyncio.Task[None]) -> None:
        replaced = task is not self._task
        if not replaced:
            self._task = None
        if task.cancelled():
            return
        error = task.exception()
        if error is None and not replaced:
            tell_age(self._view, self, self._ages.oldest)
        if error is None or isinstance(error, Cancelled):
            return
        if not isinstance(error, ItkError):
            task.get_loop().call_exception_handler({"message": "a view's task failed", "exception": error})
        elif not replaced:
            self._on_error(error)
