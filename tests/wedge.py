"""A scanner that poses as a keyboard: its keys come to a window as a real one's do, each with its time."""

from __future__ import annotations

import itertools
import time

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeyEvent, QWindow

_ENTERS = {"\r": Qt.Key.Key_Return, "\n": Qt.Key.Key_J, "\t": Qt.Key.Key_Tab}
_start = itertools.count(1_000_000, 100_000)  # ms; the time of another scanner is later


class Wedge:
    """Posts key events, from any thread; with ``is_slow`` it takes as long as it says."""

    def __init__(self, window: QWindow, *, is_slow: bool = False) -> None:
        self._window = window
        self._is_slow = is_slow
        self.now = float(next(_start))

    def scan(self, text: str, *, every: float = 8.0, after: float = 1000.0) -> None:
        """Type a text, so many milliseconds from key to key, and ``after`` what was before."""
        for number, char in enumerate(text):
            pause = every if number else after
            self.now += pause
            if self._is_slow:
                time.sleep(pause / 1000)
                self.now = time.perf_counter() * 1000
            self._stroke(char)

    def _stroke(self, char: str) -> None:
        is_control = char < " " and char not in "\r\t"
        modifiers = Qt.KeyboardModifier.NoModifier
        if is_control:
            modifiers = Qt.KeyboardModifier.ControlModifier
        elif char.isupper():
            modifiers = Qt.KeyboardModifier.ShiftModifier
        key = _ENTERS.get(char, ord(char) + 64 if is_control else ord(char.upper()[0]))
        for kind in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            event = QKeyEvent(kind, int(key), modifiers, char)
            event.setTimestamp(int(self.now))
            if kind is QEvent.Type.ShortcutOverride:
                event.ignore()
            QCoreApplication.postEvent(self._window, event)
