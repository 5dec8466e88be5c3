"""Shows plain text that is never cut off: it takes as many lines as its width leaves it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel


class WholeLabel(QLabel):
    """Asks for the height of all its lines at least, where Qt's label would be content with one.

    One that ``is_steady`` keeps the height that it once needed until it is cleared, or has another width or
    font: a text that tells of the room beside it would else take a line and give it back forever.
    """

    def __init__(self, *, is_steady: bool = False) -> None:
        super().__init__()
        self._width = 0  # pixels; 0 until it is laid out
        self._is_steady = is_steady
        self._most = 0  # pixels of height that it needed
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)

    def minimumSizeHint(self) -> QSize:
        least = super().minimumSizeHint()
        return least.expandedTo(QSize(0, self.heightForWidth(self._width))) if self._width else least

    def heightForWidth(self, width: int) -> int:
        needed = super().heightForWidth(width)
        if self._is_steady and width == self._width:
            needed = self._most = max(self._most, needed)
        return needed

    def clear(self) -> None:
        self._most = 0
        super().clear()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != self._width:
            self._width, self._most = event.size().width(), 0
            self.updateGeometry()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._most = 0
        super().changeEvent(event)
