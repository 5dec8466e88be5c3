"""The two parts of a preview: where one chooses, and what is chosen."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter

from itkgui.views.style import arrange_by_text

_BESIDE_FROM = 80  # letters across, for both of them
_FLAT = 1.6  # as many times as wide as high


class Parts(QSplitter):
    """Beside each other in a flat pane, where both would be too low, else above each other.

    ``beside`` is the first one's share of the width, ``above`` tells its height [pixels] of that of both.
    Emits ``shared`` when they were given their room, which is not done after somebody has moved the handle.
    """

    shared = Signal()

    def __init__(self, beside: float, above: Callable[[int], int]) -> None:
        super().__init__(Qt.Orientation.Vertical)
        self._beside, self._above = beside, above
        self._is_moved = False
        self.setChildrenCollapsible(False)
        self.splitterMoved.connect(self._on_moved)
        arrange_by_text(self)

    def begin(self) -> None:
        """Share the room anew, even if somebody has moved the handle."""
        self._is_moved = False
        self.share()

    def share(self) -> None:
        """Give each part its room, until somebody moves the handle."""
        if not self._is_moved:
            is_beside = self.orientation() is Qt.Orientation.Horizontal
            whole = self.width() if is_beside else self.height()
            first = round(self._beside * whole) if is_beside else self._above(whole)
            self.setSizes([first, whole - first])
            self.shared.emit()

    def _on_moved(self) -> None:
        self._is_moved = True

    def minimumSizeHint(self) -> QSize:
        # As wide as the wider one: if it held both beside each other, it could never turn back.
        parts = [self.widget(place) for place in range(self.count())]
        widths = (part.minimumSizeHint().width() for part in parts if part is not None)
        return QSize(max(widths, default=0), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        width, height = event.size().width(), event.size().height()
        is_flat = width > _FLAT * height and width >= _BESIDE_FROM * self.fontMetrics().averageCharWidth()
        way = Qt.Orientation.Horizontal if is_flat else Qt.Orientation.Vertical
        if way is not self.orientation():
            self.setOrientation(way)
            self._is_moved = False
        super().resizeEvent(event)
        self.share()
