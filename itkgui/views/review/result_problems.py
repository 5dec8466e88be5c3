"""What stands against sending results of a test, each problem beside its field in the JSON."""

from __future__ import annotations

from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget

from itkgui.item_models.problem_table import LaidOut, ProblemTable
from itkgui.language import _
from itkgui.records.value_check import ResultProblem
from itkgui.uploads.results import CheckedRun
from itkgui.views.style import set_role, set_room
from itkgui.views.tables.record_view import RecordView
from itkgui.views.widgets.turning_splitter import TurningSplitter

_LINES = 6  # of text, that each pane is high at least
_SIDE_BY_SIDE = (120, 100)  # characters; on a narrower page the JSON is below its problems


class ResultProblems(QWidget):
    """Shows one run of a dropped file: its problems in a table, each of which leads to its field."""

    def __init__(self) -> None:
        super().__init__()
        self._run: CheckedRun | None = None
        self._laid_out = LaidOut("", {})
        self.view = RecordView(ProblemTable(), _("Problems of the results"))
        self.view.set_widths(18, 30, 15, 14)
        self.view.stretch(1)
        self.view.record_chosen.connect(self._on_problem_chosen)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setAcceptDrops(False)
        self.text.setTabChangesFocus(True)
        self.text.setCenterOnScroll(True)  # or the last lines would stay at the edge
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setAccessibleName(_("The results as they are in the file"))
        set_role(self.text, "reader")
        self.split = TurningSplitter(self.view, self.text, beside_from=_SIDE_BY_SIDE, shares=(2, 1))
        for pane in (self.view, self.text):
            set_room(pane, least=(0, _LINES))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.split)

    def show_run(self, run: CheckedRun, laid_out: LaidOut) -> None:
        """Show a run as it is laid out, its first error chosen; one that is shown already stays as it is."""
        if run is self._run:
            return
        self._run, self._laid_out = run, laid_out
        self.text.setPlainText(laid_out.text)
        problems = [*run.errors, *run.cautions]
        self.view.setVisible(bool(problems))
        self.view.show_records(problems, key=lambda problem: (problem.path, problem.sentence))
        if problems:
            self.view.choose_row(0)

    def _on_problem_chosen(self, problem: ResultProblem | None) -> None:
        line = self._laid_out.line_of(problem.path) if problem is not None else None
        if line is None:
            self.text.setExtraSelections([])
            return
        cursor = QTextCursor(self.text.document().findBlockByNumber(line))
        cursor.select(QTextCursor.SelectionType.LineUnderCursor)
        cursor.setKeepPositionOnInsert(True)
        self.text.setTextCursor(cursor)
        self.text.centerCursor()
