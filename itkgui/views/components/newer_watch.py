"""Asks now and then whether the server has something newer than a page shows."""

from __future__ import annotations

import time
from collections.abc import Callable, Coroutine
from typing import Any

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QWidget

from itkgui.client.exceptions import ItkError
from itkgui.views.context.view_task import ViewTask

_PERIOD_MS = 60_000
_SOONEST = 10.0  # seconds between two questions, however often the window is left and entered


class NewerWatch(QObject):
    """Asks for one page: every minute while it can be seen in the active window, and when that is entered."""

    def __init__(
        self,
        page: QWidget,
        ask: Callable[[], Coroutine[Any, Any, None]],
        on_error: Callable[[ItkError], None],
    ) -> None:
        super().__init__(page)
        self._page, self._ask = page, ask
        self._task = ViewTask(page, on_error)
        self._asked = time.monotonic()
        self.soonest = _SOONEST
        self.timer = QTimer(self)
        self.timer.setInterval(_PERIOD_MS)
        self.timer.timeout.connect(self._on_time)
        self.timer.start()
        page.installEventFilter(self)

    def put_off(self) -> None:
        """Note that the page has just been loaded, and let a question under way go."""
        self._task.cancel()
        self._asked = time.monotonic()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.WindowActivate, QEvent.Type.Show):
            self._on_time()
        return super().eventFilter(watched, event)

    def _on_time(self) -> None:
        can_be_seen = self._page.isVisible() and self._page.isActiveWindow()
        is_due = time.monotonic() - self._asked >= self.soonest
        if can_be_seen and is_due and not self._task.is_running:
            self._asked = time.monotonic()
            self._task.start(self._ask())
