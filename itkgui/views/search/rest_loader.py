"""Loads all that a search finds, at once and on request: tells how far it is, and can be stopped."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QWidget
from shiboken6 import isValid

from itkgui.background.worker import Call
from itkgui.client.database import ProductionDatabase
from itkgui.client.queries import ComponentQuery
from itkgui.language import _
from itkgui.records.component import ComponentSummary
from itkgui.views.context.view_context import ViewContext
from itkgui.views.style import set_room

_PROGRESS_MS = 150


class RestLoader(QWidget):
    """Shown only while it loads."""

    def __init__(self, context: ViewContext) -> None:
        super().__init__()
        self._context = context
        self._call: Call[None] | None = None
        self._rows: list[ComponentSummary] = []
        self._total: int | None = None
        self._words, self.progress, self.stop_button = QLabel(), QProgressBar(), QPushButton(_("Stop"))
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self.progress.setTextVisible(False)
        set_room(self.progress, most=(16, 0))
        self.stop_button.clicked.connect(self.cancel)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for widget in (self._words, self.progress, self.stop_button):
            layout.addWidget(widget)
        self._timer = QTimer(self)
        self._timer.setInterval(_PROGRESS_MS)
        self._timer.timeout.connect(self._show_progress)
        self.hide()

    @property
    def is_running(self) -> bool:
        return self._call is not None

    async def load(self, query: ComponentQuery, total: int | None) -> list[ComponentSummary]:
        """Return all components that a query describes. Raises Cancelled, and what the database raises."""
        rows: list[ComponentSummary] = []
        self._rows, self._total = rows, total
        self.progress.setRange(0, total or 0)
        self._show_progress()
        self.show()
        self._timer.start()
        self._call = call = self._context.worker.call(_collect, self._context.database, query, rows)
        try:
            await call
        finally:
            if self._call is call and isValid(self):  # else it went with its page
                self._call = None
                self._timer.stop()
                self.hide()
        return rows

    def cancel(self) -> None:
        """Stop loading; what came so far is dropped."""
        if self._call is not None:
            self._call.cancel()

    def _show_progress(self) -> None:
        count = len(self._rows)
        words = _("Fetching {count:,}") if self._total is None else _("Fetching {count:,} of {total:,}")
        self._words.setText(words.format(count=count, total=self._total))
        self.progress.setValue(min(len(self._rows), self.progress.maximum()))


def _collect(database: ProductionDatabase, query: ComponentQuery, rows: list[ComponentSummary]) -> None:
    """Add all that is found to a list that others look at meanwhile."""
    rows.extend(database.search_all(query))
