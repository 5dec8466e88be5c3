"""All test runs of a component in a table, with the chosen one beside it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit

from itkgui.client.exceptions import ItkError
from itkgui.item_models.test_run_table import TestRunTable
from itkgui.records.run_history import Verdict
from itkgui.records.test_run import TestRun
from itkgui.views.empty_pane import EmptyPane
from itkgui.views.list_and_detail import ListAndDetail
from itkgui.views.record_view import RecordView
from itkgui.views.style import Style
from itkgui.views.test_run_view import TestRunView

_IN_THE_DETAIL = (4, 5, 6)  # run number, institute and person: beside the table there is no room for all


class TestHistoryView(ListAndDetail):
    """Told which runs to show; the newest is chosen by itself."""

    __test__ = False  # not a test case, whatever pytest thinks of the name

    attachment_requested = Signal(object)  # Attachment

    def __init__(self, style: Style) -> None:
        self.table = TestRunTable()
        view = RecordView(self.table, "Test runs")
        view.set_widths(15, 20, 18, 18, 5, 12, 16, 5)
        view.stretch(1)
        for column in _IN_THE_DETAIL:
            view.hideColumn(column)
        self.detail = TestRunView(style)
        self.text_filter = QLineEdit()
        self.text_filter.setPlaceholderText("Filter: test type, stage, verdict…")
        self.text_filter.setClearButtonEnabled(True)
        self.text_filter.setAccessibleName("Filter the test runs")
        self.text_filter.setMinimumWidth(view.fontMetrics().averageCharWidth() * 34)
        empty = EmptyPane("clock", "Loading the test runs…")
        super().__init__(view, self.text_filter, empty, self.detail, shares=(6, 4))
        view.record_chosen.connect(self.detail.show_run)
        self.detail.attachment_requested.connect(self.attachment_requested)
        self.text_filter.textChanged.connect(self.table.set_filter)

    def show_runs(self, runs: Sequence[TestRun]) -> None:
        """Show runs, keeping the chosen one if it is still among them."""
        self.trouble.hide()
        self.view.show_records(runs, key=lambda run: run.id)
        counts = {verdict: sum(run.verdict is verdict for run in runs) for verdict in Verdict}
        parts = [f"{count} {verdict.value}" for verdict, count in counts.items() if count]
        self.summary.setText(f"{len(runs)} runs: " + ", ".join(parts) if runs else "")
        if not runs:
            self.empty.say("No tests yet.", "Test runs appear here when they have been uploaded.")
            self.detail.show_nothing("Nothing measured on this component yet.")
            self.rows.setCurrentWidget(self.empty)
            return
        self.rows.setCurrentWidget(self.view)
        if self.view.chosen is None:
            self.view.choose_row(0)

    def show_error(self, error: ItkError) -> None:
        self.show_failure("The test runs could not be loaded.", error)
