"""A scanner that poses as a keyboard: its keys come to a window as a real one's do, each with its time.

Run as a program it is the scanner's cable: what it is told to type it writes to its output, at a scanner's
pace, whatever the window on the other end is doing. So do X11 and Wayland.
"""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QEvent, QSocketNotifier, Qt
from PySide6.QtGui import QKeyEvent, QWindow

_ENTERS = {"\r": Qt.Key.Key_Return, "\n": Qt.Key.Key_J, "\t": Qt.Key.Key_Tab}
_start = itertools.count(1_000_000, 100_000)  # ms; the time of another scanner is later


class Wedge:
    """Posts all keys of a scan at once, with the times that they would have."""

    def __init__(self, window: QWindow) -> None:
        self._window = window
        self.now = float(next(_start))

    def scan(self, text: str, *, every: float = 8.0, after: float = 1000.0) -> None:
        """Type a text, so many milliseconds from key to key, and ``after`` what was before."""
        for number, char in enumerate(text):
            self.now += every if number else after
            press(self._window, char, self.now)


class WedgeCable:
    """A process at the pace of a scanner; its keys reach the window when that turns to them."""

    def __init__(self, window: QWindow) -> None:
        self._window = window
        pipe = subprocess.PIPE
        self._process = subprocess.Popen([sys.executable, "-m", "tests.wedge"], stdin=pipe, stdout=pipe)
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._told, self._keys = self._process.stdin, self._process.stdout
        self._rest = b""
        os.set_blocking(self._keys.fileno(), False)
        self._notifier = QSocketNotifier(self._keys.fileno(), QSocketNotifier.Type.Read)
        self._notifier.activated.connect(self._on_keys)
        self.ended: list[float] = []  # when the last key of each was pressed, by the monotonic clock

    def type(self, texts: Sequence[tuple[float, str]], *, every: float = 5.0) -> None:
        """Let it type texts, each so many seconds from now, so many milliseconds from key to key."""
        self._told.write(json.dumps([time.monotonic(), texts, every]).encode() + b"\n")
        self._told.flush()

    def close(self) -> None:
        self._notifier.setEnabled(False)
        self._told.close()
        self._process.wait()
        self._keys.close()

    def _on_keys(self) -> None:
        *lines, self._rest = (self._rest + os.read(self._keys.fileno(), 1 << 16)).split(b"\n")
        for line in lines:
            char, moment, is_last = json.loads(line)
            press(self._window, char, moment * 1000)
            if is_last:
                self.ended.append(moment)


def press(window: QWindow, char: str, moment: float) -> None:
    """Post what the key of a character sends to a window, ``moment`` in milliseconds."""
    is_control = char < " " and char not in "\r\t"
    modifiers = Qt.KeyboardModifier.NoModifier
    if is_control:
        modifiers = Qt.KeyboardModifier.ControlModifier
    elif char.isupper():
        modifiers = Qt.KeyboardModifier.ShiftModifier
    key = _ENTERS.get(char, ord(char) + 64 if is_control else ord(char.upper()[0]))
    for kind in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        event = QKeyEvent(kind, int(key), modifiers, char)
        event.setTimestamp(int(moment))
        if kind is QEvent.Type.ShortcutOverride:
            event.ignore()
        QCoreApplication.postEvent(window, event)


def main() -> None:
    """Type what comes on the input until that ends."""
    for line in sys.stdin:
        begun, texts, every = json.loads(line)
        for after, text in texts:
            for number, char in enumerate(text):
                moment = begun + after + number * every / 1000
                time.sleep(max(0.0, moment - time.monotonic()))
                sys.stdout.write(json.dumps([char, moment, number == len(text) - 1]) + "\n")
                sys.stdout.flush()


if __name__ == "__main__":
    main()
