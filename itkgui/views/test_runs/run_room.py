"""How filters, table and run share the room of the tests' page: side by side, in rows, or the run alone."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from itkgui.views.context.memory import Memory
from itkgui.views.style import arrange_by_text
from itkgui.views.test_runs.enlarging import Enlarging
from itkgui.views.test_runs.run_filter_bar import RunFilterBar
from itkgui.views.test_runs.run_list import RunList
from itkgui.views.test_runs.test_run_view import TestRunView
from itkgui.views.widgets.turning_splitter import TurningSplitter

_SHARES = (652, 562)  # of table and run, in the pixels of a small screen
_SIDE_BY_SIDE = (85, 85)  # characters, at any size of text; on a narrower page the run is below the table
_LOW = 20  # lines of text; on a lower page the filters take no room above the run


class RunRoom(QWidget):
    """The button in the head of the run gives it the whole room."""

    enlarged = Signal(bool)

    def __init__(self, bar: RunFilterBar, runs: RunList, detail: TestRunView, memory: Memory) -> None:
        super().__init__()
        self._bar, self._runs = bar, runs
        self.parts = TurningSplitter(runs, detail, beside_from=_SIDE_BY_SIDE, shares=_SHARES)
        self.parts.remember(memory, "tests")
        self._enlarging = Enlarging(self, detail.head.enlarge_button, (bar, runs))
        self._enlarging.enlarged.connect(self.enlarged)
        self._lines = QVBoxLayout(self)
        self._lines.setContentsMargins(0, 0, 0, 0)
        self._lines.setSpacing(0)
        self._lines.addWidget(bar)
        self._lines.addWidget(self.parts, 1)
        arrange_by_text(self)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        is_low = event.size().height() < _LOW * self.fontMetrics().lineSpacing()
        home = self._runs.lines if is_low else self._lines
        if home.indexOf(self._bar) < 0:
            home.insertWidget(0, self._bar)
