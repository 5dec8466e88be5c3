"""The place of the table of test runs: the table, or why it shows none and what to do."""

from __future__ import annotations

from PySide6.QtWidgets import QStackedWidget, QWidget

from itkgui.language import N_, _
from itkgui.views.test_runs.run_filter_bar import RunFilterBar
from itkgui.views.test_runs.run_table_view import RunTableView
from itkgui.views.widgets.empty_pane import EmptyPane

_CLEAR = N_("Clear the filter")


class RunPages(QStackedWidget):
    """Follows the table: a filter that nothing matches is told, with the button that takes it off."""

    def __init__(self, view: RunTableView, bar: RunFilterBar) -> None:
        super().__init__()
        self._view, self._bar = view, bar
        self.empty = EmptyPane("clock", "")
        self.no_match = EmptyPane("search", "")
        self.reveal_button = self.no_match.add_button(_(_CLEAR))
        self.reveal_button.clicked.connect(self._on_reveal)
        for page in (self.empty, self.no_match, view):
            self.addWidget(page)
        view.runs_table.counts_changed.connect(self.show_page)

    def say(self, sentence: str, advice: str = "") -> None:
        """Tell why there are no runs, or not yet; shown only if there are none."""
        self.empty.say(sentence, advice)
        self.show_page()

    def show_page(self) -> None:
        table = self._view.runs_table
        page: QWidget = self._view
        if not table.runs:
            page = self.empty
        elif not table.rowCount():
            page = self.no_match
            is_filter = self._bar.wanted.is_narrowing
            self.no_match.say(_("No run matches.") if is_filter else _("All runs are superseded or deleted."))
            self.reveal_button.setText(_(_CLEAR) if is_filter else _("Show them"))
        self.setCurrentWidget(page)

    def _on_reveal(self) -> None:
        self._bar.reveal()
        self._view.setFocus()
