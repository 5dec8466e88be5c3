"""Words and what belongs to them in one row, or in two where a narrow page or large text asks for that."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QApplication, QBoxLayout, QHBoxLayout, QWidget

_GAP = 8  # pixels


class TurningRow(QWidget):
    """Words, and widgets beside them, which go below them where the words would have too little width.

    Those need ``least`` characters of width, or the width that they ask for.
    """

    def __init__(self, first: QWidget, *others: QWidget, least: int = 0) -> None:
        super().__init__()
        self._first, self._second, self._least = first, QWidget(), least
        beside = QHBoxLayout(self._second)
        beside.setContentsMargins(0, 0, 0, 0)
        beside.setSpacing(_GAP)
        for widget in others:
            beside.addWidget(widget)
        beside.addStretch(1)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(_GAP)
        self._row.addWidget(first, 1)
        self._row.addWidget(self._second)

    def minimumSizeHint(self) -> QSize:
        """Return the width of the wider of both: where there is no more, one stands below the other."""
        width = max(widget.minimumSizeHint().width() for widget in (self._first, self._second))
        return QSize(width, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._turn()
        super().resizeEvent(event)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:  # text has another size
            self._turn()
            self.updateGeometry()
        return super().event(event)

    def _turn(self) -> None:
        metrics = QFontMetrics(QApplication.font())
        first = self._least * metrics.averageCharWidth() or self._first.sizeHint().width()
        is_narrow = self.width() < first + _GAP + self._second.minimumSizeHint().width()
        ways = QBoxLayout.Direction
        way = ways.TopToBottom if is_narrow else ways.LeftToRight
        if self._row.direction() is not way:  # to set it asks for a layout even where nothing changes
            self._row.setDirection(way)
