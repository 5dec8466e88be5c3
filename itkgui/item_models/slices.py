"""Runs long work of the GUI thread a few milliseconds at a time, between the user's events."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer


class Slices(QObject):
    """Works off one generator at a time; starting another gives up the one before.

    Not a thread: one that computes in Python makes the GUI wait for the interpreter at every painted cell.

    ``budget`` is the time of one turn and ``pause`` the time between two, in ms; a step of the generator that
    has begun is not cut short.
    """

    def __init__(self, parent: QObject, *, budget: float, pause: int = 0) -> None:
        super().__init__(parent)
        self._budget = budget / 1000
        self._pause = pause
        self._steps: Generator[None, None, Any] | None = None
        self._then: Callable[[Any], None] | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_turn)

    @property
    def is_running(self) -> bool:
        return self._steps is not None

    def start(
        self,
        steps: Generator[None, None, Any],
        then: Callable[[Any], None] | None = None,
        delay: int = 0,
    ) -> None:
        """Begin with the event loop's next turn, or ``delay`` ms later; call ``then`` with the result."""
        self.stop()
        self._steps, self._then = steps, then
        self._timer.start(delay)

    def finish(self) -> None:
        """Work off what is left at once."""
        while self._steps is not None:
            self._on_turn()

    def stop(self) -> None:
        """Give up what runs; nobody is told."""
        self._timer.stop()
        if self._steps is not None:
            self._steps.close()
            self._steps = self._then = None

    def _on_turn(self) -> None:
        steps = self._steps
        if steps is None:
            return
        end = time.perf_counter() + self._budget
        try:
            while time.perf_counter() < end:
                next(steps)
        except StopIteration as ended:
            then, self._then, self._steps = self._then, None, None
            if then is not None:
                then(ended.value)
        else:
            self._timer.start(self._pause)
