"""A list with what is chosen in it beside it: the shape of the page for attachments."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QApplication, QHBoxLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from itkgui.client.exceptions import ItkError
from itkgui.views.style import set_role, set_room
from itkgui.views.tables.record_view import RecordView
from itkgui.views.widgets.empty_pane import EmptyPane
from itkgui.views.widgets.name_label import NameLabel
from itkgui.views.widgets.trouble_pane import TroublePane
from itkgui.views.widgets.turning_splitter import TurningSplitter

_SIDE_BY_SIDE = (84, 58)  # characters, the latter of large text; on a narrower page the detail is below
_LIST_LINES, _DETAIL_LINES = 7, 16  # of text, that they are high


class ListAndDetail(TurningSplitter):
    """Above the list a summary, one tool and bars; an empty pane in its place while there is nothing.

    A page that scrolls, since all of this has no room in it, scrolls to the detail when asked to.
    """

    retry_requested = Signal()

    def __init__(
        self,
        view: RecordView[Any],
        tool: QWidget,
        empty: EmptyPane,
        detail: QWidget,
        shares: tuple[int, int],
        bars: Sequence[QWidget] = (),
    ) -> None:
        left = QWidget()
        super().__init__(left, detail, beside_from=_SIDE_BY_SIDE, shares=shares)
        self.view, self.empty, self._detail = view, empty, detail
        self.core_of_detail = detail  # what must be in sight where the whole of it has no room
        self._scroll = QTimer(self)
        self._scroll.setSingleShot(True)
        self._scroll.setInterval(QApplication.doubleClickInterval())
        self._scroll.timeout.connect(self._scroll_to_detail)
        self.summary = NameLabel()
        self.summary.use_one_line(True)
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
        layout = QVBoxLayout(left)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(above)
        for bar in bars:
            layout.addWidget(bar)
        layout.addWidget(self.trouble)
        layout.addWidget(self.rows, 1)
        set_room(self.rows, least=(0, _LIST_LINES))
        set_room(detail, least=(0, _DETAIL_LINES))

    def bring_detail_into_sight(self) -> None:
        """Let the page scroll to the detail, but not away from below a hand that may click once more."""
        self._scroll.start()

    def _scroll_to_detail(self) -> None:
        if QApplication.mouseButtons():  # what is held must not slip away
            self._scroll.start()
            return
        page = self.parentWidget()
        while page is not None and not isinstance(page, QScrollArea):
            page = page.parentWidget()
        if page is not None and self._detail.isVisible():
            for wanted in (self._detail, self.core_of_detail):
                page.ensureWidgetVisible(wanted, 0, 0)

    def show_failure(self, sentence: str, error: ItkError) -> None:
        """Tell that the list could not be loaded, and why."""
        self.empty.say(sentence)
        self.trouble.show_error(error)
