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
    """The signed-in person's view state; GUI thread only. Whoever ends the session calls ``close``.

    ``server`` is whose components are spoken of; without one, for somebody without a name, nothing is kept of
    them.
    """

    def __init__(self, state: ViewState, worker: Worker, server: str = "") -> None:
        super().__init__()
        self.state = state
        self._server = server
        self._worker = worker
        self._is_closed = False
        self._saving: asyncio.Task[None] | None = None
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self._on_pause)

    def get(self, key: str, version: int) -> Any:
        """Return what was put by this key; None if nothing was, or of another version."""
        return self.state.get(key, version)

    def put(self, key: str, version: int, value: Any, *, of_entries: bool = False) -> None:
        """Remember a value made of what JSON knows; ``of_entries`` as in ``ViewState.put``."""
        self.state.put(key, version, value, of_entries=of_entries)
        if not self._is_closed:
            self._pause.start()

    def get_here(self, key: str, version: int) -> Any:
        """Return what was put by this key for the present server; None if nothing was."""
        return self.get(f"{key} at {self._server}", version) if self._server else None

    def put_here(self, key: str, version: int, value: Any, *, of_entries: bool = False) -> None:
        """Remember a value that means something on the present server only."""
        if self._server:
            self.put(f"{key} at {self._server}", version, value, of_entries=of_entries)

    async def close(self) -> None:
        """Write what has changed, and nothing by itself after that."""
        self._is_closed = True
        self._pause.stop()
        await self._worker.call(self.state.save)

    def _on_pause(self) -> None:
        self._saving = asyncio.get_event_loop().create_task(self._save())

    async def _save(self) -> None:
        with contextlib.suppress(Cancelled):  # the program ends, and saves by itself
            await self._worker.call(self.state.save)
