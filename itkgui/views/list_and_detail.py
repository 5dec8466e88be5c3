"""A list with what is chosen in it beside it: the shape of the pages for tests and attachments."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from itkgui.client.exceptions import ItkError
from itkgui.views.empty_pane import EmptyPane
from itkgui.views.memory import Memory
from itkgui.views.record_view import RecordView
from itkgui.views.split_memory import SplitMemory
from itkgui.views.style import arrange_by_text, set_role, set_room
from itkgui.views.trouble_pane import TroublePane

_SIDE_BY_SIDE = 84  # characters; on a narrower page the detail is below the list
_LIST_LINES, _DETAIL_LINES = 7, 16  # of text, that they are high


class ListAndDetail(QSplitter):
    """Above the list a summary and one tool; in its place an empty pane while there is nothing to list."""

    retry_requested = Signal()

    def __init__(
        self,
        view: RecordView[Any],
        tool: QWidget,
        empty: EmptyPane,
        detail: QWidget,
        shares: tuple[int, int],
    ) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.view, self.empty = view, empty
        self._split: SplitMemory | None = None
        self.summary = QLabel()
        self.summary.setWordWrap(True)
        set_role(self.summary, "quiet")
        self.trouble = TroublePane()
        self.trouble.retry_requested.connect(self.retry_requested)
        self.rows = QStackedWidget()
        self.rows.addWidget(empty)
        self.rows.addWidget(view)

        above = QHBoxLayout()
        above.setContentsMargins(12, 8, 12, 8)
        above.addWidget(self.summary, 1)
        above.addWidget(tool)
        left = QWidget()
        layout = QVBoxLayout(left)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(above)
        layout.addWidget(self.trouble)
        layout.addWidget(self.rows, 1)
        self.setChildrenCollapsible(False)
        self._parts = (left, detail)
        for part in self._parts:
            self.addWidget(part)
        for place, share in enumerate(shares):
            self.setStretchFactor(place, share)
        set_room(self.rows, least=(0, _LIST_LINES))
        set_room(detail, least=(0, _DETAIL_LINES))
        arrange_by_text(self)

    def remember(self, memory: Memory, kind: str) -> None:
        """Share the room as the user left it in a page of this kind."""
        self._split = SplitMemory(self, memory, kind)

    def show_failure(self, sentence: str, error: ItkError) -> None:
        """Tell that the list could not be loaded, and why."""
        self.empty.say(sentence)
        self.trouble.show_error(error)

    def minimumSizeHint(self) -> QSize:
        """Return the width of the wider of both: where there is no more, one stands below the other."""
        width = max(part.minimumSizeHint().width() for part in self._parts)
        return QSize(width, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        is_narrow = event.size().width() < self.fontMetrics().averageCharWidth() * _SIDE_BY_SIDE
        way = Qt.Orientation.Vertical if is_narrow else Qt.Orientation.Horizontal
        if way is not self.orientation():
            self.setOrientation(way)
            if self._split is not None:
                self._split.restore()
        super().resizeEvent(event)
