"""One test run: verdict, curve, results with units, properties, remarks and files."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QSplitter,
    QStackedWidget,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from itkgui.item_models.attachment_table import AttachmentTable
from itkgui.item_models.comments import comment_text
from itkgui.item_models.moments import local_text, utc_hint
from itkgui.item_models.plain_text import plain_hint
from itkgui.item_models.test_run_table import MeasuredTable, value_text, verdict_text, verdict_tone
from itkgui.records.test_run import TestRun
from itkgui.views.empty_pane import EmptyPane
from itkgui.views.record_view import RecordView
from itkgui.views.style import Style, set_role
from itkgui.views.view_task import ViewTask

if TYPE_CHECKING:
    from itkgui.views.plots.plot_pane import PlotPane

RESULTS, PROPERTIES, REMARKS, FILES = range(4)


class TestRunView(QStackedWidget):
    """Shows one run, or what to do while none is chosen."""

    __test__ = False  # not a test case, whatever pytest thinks of the name

    attachment_requested = Signal(object)  # Attachment

    def __init__(self, style: Style) -> None:
        super().__init__()
        self._style = style
        self._curve_task = ViewTask(self, lambda error: self.show_nothing(error.title, error.cure))
        self.plot: PlotPane | None = None  # made when the first curve is shown
        self.empty = EmptyPane("chart", "No test run chosen.", "Choose one in the table to see its results.")
        self._build()

    def _build(self) -> None:
        self.title, self.verdict, self.facts = QLabel(), QLabel(), QLabel()
        for label in (self.title, self.verdict, self.facts):
            label.setTextFormat(Qt.TextFormat.PlainText)
        self.title.setWordWrap(True)
        self.facts.setWordWrap(True)
        set_role(self.title, "heading")
        set_role(self.facts, "quiet")
        first = QHBoxLayout()
        first.addWidget(self.title, 1)
        first.addWidget(self.verdict, 0, Qt.AlignmentFlag.AlignTop)
        head = QVBoxLayout()
        head.setContentsMargins(14, 10, 14, 6)
        head.setSpacing(4)
        head.addLayout(first)
        head.addWidget(self.facts)

        self.results, self.properties = MeasuredTable(), MeasuredTable()
        self.results_view = RecordView(self.results, "Results")
        self.properties_view = RecordView(self.properties, "Properties of the test")
        for view in (self.results_view, self.properties_view):
            view.set_widths(24, 18, 6)
            view.stretch(0)
        self.remarks = QPlainTextEdit()
        self.remarks.setReadOnly(True)
        self.remarks.setAccessibleName("Defects and comments")
        self.remarks.setAcceptDrops(False)
        set_role(self.remarks, "prose")
        self.files = AttachmentTable()
        self.files_view = RecordView(self.files, "Files of this test run")
        self.files_view.set_widths(26, 26)
        for column in (2, 4, 5):
            self.files_view.hideColumn(column)
        self.files_view.record_opened.connect(self.attachment_requested)

        self.tabs = QTabWidget()
        for widget in (self.results_view, self.properties_view, self.remarks, self.files_view):
            self.tabs.addTab(widget, "")
        self.parts = QSplitter(Qt.Orientation.Vertical)
        self.parts.setChildrenCollapsible(False)
        self.parts.addWidget(self.tabs)
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(self.parts, 1)
        self.addWidget(self.empty)
        self.addWidget(page)

    def show_nothing(self, sentence: str, advice: str = "") -> None:
        self.empty.say(sentence, advice)
        self.setCurrentIndex(0)

    def show_run(self, run: TestRun) -> None:
        """Show a run."""
        self.title.setText(run.test_type.label)
        self.title.setToolTip(plain_hint(run.test_type.code))
        self.verdict.setText(verdict_text(run))
        tone = verdict_tone(run)
        set_role(self.verdict, "pill" if tone == "quiet" else f"pill-{tone}")
        facts = (
            local_text(run.date),
            run.stage.label,
            run.institution.label,
            run.user.name,
            f"run {run.run_number}" if run.run_number else "",
        )
        self.facts.setText("  ·  ".join(fact for fact in facts if fact))
        self.facts.setToolTip(utc_hint(run.date))
        self.results.replace(run.results)
        self.properties.replace(run.properties)
        self.files.replace(run.attachments)
        remarks = _remarks(run)
        self.remarks.setPlainText("\n\n".join(remarks) or "No defects and no comments.")
        for tab, text, count in (
            (RESULTS, "Results", len(run.results)),
            (PROPERTIES, "Properties", len(run.properties)),
            (REMARKS, "Remarks", len(remarks)),
            (FILES, "Files", len(run.attachments)),
        ):
            self.tabs.setTabText(tab, f"{text} ({count})" if count else text)
        self._curve_task.start(self._show_curve(run))
        self.setCurrentIndex(1)

    async def _show_curve(self, run: TestRun) -> None:
        # NumPy and pyqtgraph are loaded in the background once the window is up, not at the start.
        from itkgui.views.plots.run_plots import measurement_of

        measurement = measurement_of(run)
        if not measurement.columns and not measurement.grids:
            if self.plot is not None:
                self.plot.hide()
            return
        if self.plot is None:
            from itkgui.views.plots.plot_pane import PlotPane

            self.plot = PlotPane(self._style)
            self.plot.hide()
            self.parts.insertWidget(0, self.plot)  # before the pause: another run may take over in it
            self.parts.setSizes([320, 180])
            await asyncio.sleep(0)  # made in one frame, filled in the next
        self.plot.show_data([measurement])
        self.plot.show()


def _remarks(run: TestRun) -> list[str]:
    defects = [
        f"Defect: {defect.name}"
        + (f" – {defect.description}" if defect.description else "")
        + "".join(f"\n    {key}: {value_text(value)}" for key, value in defect.properties.items())
        for defect in run.defects
    ]
    return defects + [comment_text(comment) for comment in run.comments]
