"""Notices a scanner that types a label into a field which is for something else, such as a secret."""

from __future__ import annotations

import time

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from itkgui.scanning.beginnings import beginning
from itkgui.scanning.burst import Beginning, BurstDetector

_ENDINGS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab)


class StrayScan:
    """Looks at one key after another, and holds none back.

    Only what begins as labels do is a scan: a secret may be typed as fast, by a program that keeps them.
    """

    def __init__(self) -> None:
        self.before = ""  # what stood in the field when it began
        self._now = ""
        self._detector: BurstDetector[None] = BurstDetector(self._judge)
        self._beginning = Beginning.OTHER

    def press(self, event: QKeyEvent, now: str) -> None:
        """Take a key that is going to a field, where ``now`` stands."""
        self._now = now
        text = event.text()
        if len(text) == 1 and text.isprintable():
            self._detector.press(text, _moment(event), None)

    def is_ended_by(self, event: QKeyEvent) -> bool:
        """Tell whether a key is the ending of a scan that has just come."""
        is_ending = event.key() in _ENDINGS and self._detector.expects(_moment(event))
        return is_ending and self._detector.is_certain and self._beginning is Beginning.LABEL

    def forget(self) -> None:
        """Begin anew."""
        self._detector.flush()

    def _judge(self, text: str) -> Beginning:
        if len(text) == 1:
            self.before = self._now
        self._beginning = beginning(text)
        return self._beginning


def _moment(event: QKeyEvent) -> float:
    return float(event.timestamp()) or time.perf_counter() * 1000
