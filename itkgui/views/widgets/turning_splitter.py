"""Two panes side by side, or above each other where a narrow page or large text leaves too little room."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QWidget

from itkgui.views.context.memory import Memory
from itkgui.views.style import Style, arrange_by_text
from itkgui.views.widgets.split_memory import SplitMemory

LARGE = 150  # percent of the text size
_ABOVE = (2, 3)  # shares of the height


class TurningSplitter(QSplitter):
    """Turns at a width in characters, so that large text makes it turn sooner.

    ``beside_from`` is that width, and the one for large text, which also leaves little height for two. The
    panes have their ``shares`` of the width, or of the height, as long as no user moved the border in a
    page of this kind.
    """

    def __init__(
        self, first: QWidget, second: QWidget, *, beside_from: tuple[int, int], shares: tuple[int, int]
    ) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._beside_from, self._shares = beside_from, shares
        self._split: SplitMemory | None = None
        self._panes = (first, second)
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
        least = self._beside_from[Style.percent >= LARGE]
        is_narrow = event.size().width() < self.fontMetrics().averageCharWidth() * least
        self.setOrientation(Qt.Orientation.Vertical if is_narrow else Qt.Orientation.Horizontal)
        if self._split is None or self._split.share is None:
            whole = event.size().height() if is_narrow else event.size().width()
            shares = _ABOVE if is_narrow else self._shares
            self.setSizes([share * whole // sum(shares) for share in shares])
        else:
            self._split.restore()
        super().resizeEvent(event)
