"""Two panes side by side, or above each other where a narrow page or large text leaves too little room."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QWidget

from itkgui.views.memory import Memory
from itkgui.views.split_memory import SplitMemory
from itkgui.views.style import arrange_by_text

_ABOVE = (2, 3)  # shares of the height


class TurningSplitter(QSplitter):
    """Turns at a width in characters, so that large text makes it turn sooner."""

    def __init__(self, first: QWidget, second: QWidget, *, beside_from: int) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._beside_from = beside_from
        self._split: SplitMemory | None = None
        self._panes = (first, second)
        self._beside: list[int] = []  # sizes of before it turned
        self.setChildrenCollapsible(False)
        for pane in self._panes:
            self.addWidget(pane)
        arrange_by_text(self)

    def remember(self, memory: Memory, kind: str) -> None:
        """Share the room as the user left it in a page of this kind."""
        self._split = SplitMemory(self, memory, kind)

    def minimumSizeHint(self) -> QSize:
        """Return the width of the wider of both: where there is no more, one stands below the other."""
        width = max(pane.minimumSizeHint().width() for pane in self._panes)
        return QSize(width, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        is_narrow = event.size().width() < self.fontMetrics().averageCharWidth() * self._beside_from
        way = Qt.Orientation.Vertical if is_narrow else Qt.Orientation.Horizontal
        if way is not self.orientation():
            if is_narrow:
                self._beside = self.sizes()
            self.setOrientation(way)
            self.setSizes([share * event.size().height() for share in _ABOVE] if is_narrow else self._beside)
            if self._split is not None:
                self._split.restore()
        super().resizeEvent(event)
