"""Plays an animation: frames are decoded ahead, a few at a time, and shown when it is their time."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QWidget

from itkgui.client.exceptions import ItkError
from itkgui.client.files import BinaryFile
from itkgui.decoding.animation import load_frames
from itkgui.decoding.image import Painting
from itkgui.decoding.tones import Tone
from itkgui.views.context.view_task import ViewTask
from itkgui.views.previews.preview import PreviewTools

_LATE = 0.1  # seconds: what is later than that is not made up for


class ImagePlayer(QObject):
    """Goes round and round; as many frames are held as come of two calls of the decoder."""

    frame_due = Signal(int, object)
    """Its place, from 0, and its Painting."""
    failed = Signal(object)  # ItkError

    def __init__(self, view: QWidget, tools: PreviewTools) -> None:
        super().__init__(view)
        self._tools = tools
        self._task = ViewTask(view, self._on_failed)
        self._ready: deque[tuple[int, Painting, int]] = deque()
        self._few = 0  # of them, with which more are wanted
        self._due = 0.0  # when the next one is
        self._has_room = asyncio.Event()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._show_next)

    @property
    def is_playing(self) -> bool:
        return self._task.is_running

    @property
    def waiting_ms(self) -> int:
        """Until the next frame; -1 if none is ready."""
        return self._timer.remainingTime()

    def play(
        self, file: BinaryFile, first: int, count: int, room: Callable[[], tuple[int, int]], tone: Tone
    ) -> None:
        """Play one of ``count`` frames from one on; ``room`` tells how large in pixels they are shown."""
        self.stop()
        self._task.start(self._decode(file, first % count, count, room, tone))

    def stop(self) -> None:
        """Stop, and let go of what is decoded ahead."""
        self._task.cancel()
        self._timer.stop()
        self._ready.clear()
        self._due = 0.0

    async def _decode(
        self, file: BinaryFile, number: int, count: int, room: Callable[[], tuple[int, int]], tone: Tone
    ) -> None:
        while True:
            frames = await self._tools.decode(load_frames, file, room(), number, tone)
            for painting, delay in zip(frames.paintings, frames.delays, strict=True):
                self._ready.append((number, painting, delay))
                number = (number + 1) % count
            self._few = len(frames.paintings)
            if len(self._ready) > self._few:
                self._has_room.clear()
            if not self._timer.isActive():
                self._show_next()
            await self._has_room.wait()

    def _show_next(self) -> None:
        if not self._ready:
            return  # it comes as soon as it is decoded
        number, painting, delay = self._ready.popleft()
        if len(self._ready) <= self._few:
            self._has_room.set()
        now = time.monotonic()
        begun = self._due if now - self._due < _LATE else now
        self._due = begun + delay / 1000
        self._timer.start(max(0, round((self._due - now) * 1000)))
        self.frame_due.emit(number, painting)

    def _on_failed(self, error: ItkError) -> None:
        self.stop()
        self.failed.emit(error)
