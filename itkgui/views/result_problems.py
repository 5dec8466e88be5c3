"""What stands against sending results of a test, each problem beside its field in the JSON."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from itkgui.item_models.plain_text import shown_text
from itkgui.item_models.problem_table import LaidOut, ProblemTable
from itkgui.records.value_check import ResultProblem
from itkgui.uploads.results import CheckedRun
from itkgui.views.record_view import RecordView
from itkgui.views.style import set_role

_MOST_NAMED = 3  # runs that hold the same


class ResultProblems(QWidget):
    """Shows one run of a dropped file; what is only a caution can be sent all the same, errors cannot.

    ``confirmed`` gives the run that somebody wants sent although there are cautions, or the same results are
    in the database; ``is_confirmed`` tells whether it needs no further word.
    """

    confirmed = Signal(object)  # CheckedRun

    def __init__(self) -> None:
        super().__init__()
        self._run: CheckedRun | None = None
        self._laid_out = LaidOut("", {})
        self.summary = QLabel()
        self.summary.setTextFormat(Qt.TextFormat.PlainText)
        self.summary.setWordWrap(True)
        self.summary.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.summary.setAccessibleName("What the check of the results has found")
        self.send_button = QPushButton("Send all the same")
        self.send_button.clicked.connect(self._on_send)
        self.view = RecordView(ProblemTable(), "Problems of the results")
        self.view.set_widths(18, 32, 14, 16)
        self.view.record_chosen.connect(self._on_problem_chosen)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setAcceptDrops(False)
        self.text.setTabChangesFocus(True)
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setAccessibleName("The results as they are in the file")
        set_role(self.text, "reader")
        head = QHBoxLayout()
        head.addWidget(self.summary, 1)
        head.addWidget(self.send_button)
        self.split = QSplitter()
        self.split.setChildrenCollapsible(False)
        self.split.addWidget(self.view)
        self.split.addWidget(self.text)
        self.split.setStretchFactor(0, 3)
        self.split.setStretchFactor(1, 2)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(head)
        layout.addWidget(self.split, 1)

    def show_run(self, run: CheckedRun, *, is_confirmed: bool = False) -> None:
        """Show a run, its first error chosen."""
        self._run = run
        self._laid_out = LaidOut.of(run.body)
        self.text.setPlainText("\n".join(map(shown_text, self._laid_out.text.split("\n"))))
        problems = [*run.errors, *run.cautions]
        self.view.setVisible(bool(problems))
        self.view.show_records(problems, key=lambda problem: (problem.path, problem.sentence))
        self.summary.setText(shown_text(_summary(run)))
        set_role(self.summary, "bad" if run.errors else "caution" if run.needs_a_word else "heading")
        self.send_button.setVisible(run.can_be_sent and run.needs_a_word)
        self.send_button.setEnabled(not is_confirmed)
        self.send_button.setText("Will be sent all the same" if is_confirmed else "Send all the same")
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

    def _on_send(self) -> None:
        run = self._run
        if run is not None and run.can_be_sent:
            self.show_run(run, is_confirmed=True)
            self.confirmed.emit(run)


def _summary(run: CheckedRun) -> str:
    place = f"{run.title} (number {run.number + 1} of {run.count})" if run.count > 1 else run.title
    if run.errors:
        count = len(run.errors)
        errors = "1 error" if count == 1 else f"{count} errors"
        return f"{place}: {errors}. Correct the file, then drop it again: the database would refuse it."
    if run.duplicates:
        ids = ", ".join(run.duplicates[:_MOST_NAMED]) + (" …" if len(run.duplicates) > _MOST_NAMED else "")
        return f"{place}: the database holds the same results already, as test run {ids}."
    if run.cautions:
        return f"{place}: it can be sent, but look at this first."
    return f"{place}: nothing is wrong with it."
