"""What views keep for the next start: read at once, written beside the GUI a moment after the last change."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any

from PySide6.QtCore import QObject, QTimer

from itkgui.background.worker import Worker
from itkgui.client.exceptions import Cancelled
from itkgui.view_state import ViewState

_PAUSE_MS = 1000


class Memory(QObject):
    """The signed-in person's view state; GUI thread only. Whoever ends the session calls ``state.save``."""

    def __init__(self, state: ViewState, worker: Worker) -> None:
        super().__init__()
        self.state = state
        self._worker = worker
        self._saving: asyncio.Task[None] | None = None
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self._on_pause)

    def get(self, key: str, version: int) -> Any:
        """Return what was put by this key; None if nothing was, or of another version."""
        return self.state.get(key, version)

    def put(self, key: str, version: int, value: Any) -> None:
        """Remember a value made of what JSON knows."""
        self.state.put(key, version, value)
        self._pause.start()

    def _on_pause(self) -> None:
        self._saving = asyncio.get_event_loop().create_task(self._save())

    async def _save(self) -> None:
        with contextlib.suppress(Cancelled):  # the program ends, and saves by itself
            await self._worker.call(self.state.save)
