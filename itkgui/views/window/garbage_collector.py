"""Collects garbage on the GUI thread only, a little at a time."""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

_INTERVAL_MS = 1000
_THRESHOLDS = (5_000, 10, 10)  # new objects, then rounds of the younger generation


class GarbageCollector(QObject):
    """Takes over from Python's automatic collection while it lives.

    That one runs on whichever thread happens to allocate. A widget caught in a reference cycle would then be
    destroyed off the GUI thread, which Qt does not survive.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._was_automatic = gc.isenabled()
        gc.disable()
        self._timer = QTimer(self)
        self._timer.setInterval(_INTERVAL_MS)
        self._timer.timeout.connect(self._on_timeout)
        self._timer.start()

    def settle(self) -> None:
        """Leave all that was loaded so far out of later collections, which makes them short.

        What is garbage of it stays: 900 objects of 190,000, and looking for them would take 60 ms.
        """
        gc.freeze()

    def stop(self) -> None:
        """Give the work back to Python, if that did it."""
        self._timer.stop()
        gc.unfreeze()
        if self._was_automatic:
            gc.enable()

    def _on_timeout(self) -> None:
        counts = gc.get_count()
        for generation in (2, 1, 0):
            if counts[generation] > _THRESHOLDS[generation]:
                gc.collect(generation)
                return
