"""Measures how long the GUI thread keeps the user waiting."""

from __future__ import annotations

import time

from PySide6.QtCore import QObject, Qt, QTimer

INTERVAL_MS = 10


class Heartbeat(QObject):
    """A timer of the GUI thread; what it beats late by is a stall, in milliseconds."""

    def __init__(self) -> None:
        super().__init__()
        self._stalls: list[float] = []
        self._last = 0.0
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(INTERVAL_MS)
        self._timer.timeout.connect(self._on_beat)

    def start(self) -> None:
        self._stalls = []
        self._last = time.perf_counter()
        self._timer.start()

    def stop(self) -> dict[str, float]:
        """Return the median, the 99th percentile and the longest stall so far, in ms."""
        self._timer.stop()
        ordered = sorted(self._stalls) or [0.0]
        return {
            "p50": round(ordered[len(ordered) // 2], 2),
            "p99": round(ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))], 2),
            "max": round(ordered[-1], 2),
        }

    def _on_beat(self) -> None:
        now = time.perf_counter()
        self._stalls.append(max(0.0, (now - self._last) * 1000 - INTERVAL_MS))
        self._last = now
