"""The left half of the tests' page: how loading goes, what went wrong, and below it the table of runs."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from itkgui.views.style import set_room
from itkgui.views.test_runs.run_filter_bar import RunFilterBar
from itkgui.views.test_runs.run_pages import RunPages
from itkgui.views.test_runs.run_table_view import RunTableView
from itkgui.views.widgets.loading_line import LoadingLine
from itkgui.views.widgets.trouble_pane import TroublePane

_LEAST_LINES = 7  # of text, that the table is high


class RunList(QWidget):
    """Only puts these together; the page says what they show. On a low page the filters stand above them."""

    def __init__(self, view: RunTableView, bar: RunFilterBar) -> None:
        super().__init__()
        self.loading = LoadingLine()
        self.trouble = TroublePane()
        self.rows = RunPages(view, bar)
        set_room(self.rows, least=(0, _LEAST_LINES))
        self.lines = layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.loading)
        layout.addWidget(self.trouble)
        layout.addWidget(self.rows, 1)
