"""Shows plain text that is never cut off: it takes as many lines as its width leaves it."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel


class WholeLabel(QLabel):
    """Asks for the height of all its lines at least, where Qt's label would be content with one."""

    def __init__(self) -> None:
        super().__init__()
        self._width = 0  # pixels; 0 until it is laid out
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)

    def minimumSizeHint(self) -> QSize:
        least = super().minimumSizeHint()
        return least.expandedTo(QSize(0, self.heightForWidth(self._width))) if self._width else least

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != self._width:
            self._width = event.size().width()
            self.updateGeometry()
