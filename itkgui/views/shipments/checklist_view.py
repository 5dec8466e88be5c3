"""The check-list that is filled in when a shipment arrives: questions in words, answers as what they mean."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QStackedWidget, QVBoxLayout, QWidget

from itkgui.item_models.checklist_table import ChecklistTable, answers_of
from itkgui.item_models.plain_text import shown_text
from itkgui.language import _, ngettext
from itkgui.records.shipment import Question
from itkgui.views.style import set_role, set_room
from itkgui.views.tables.record_view import RecordView
from itkgui.views.widgets.empty_pane import EmptyPane

_LONG = 40  # characters of an answer that a row has no room for


class ChecklistView(QStackedWidget):
    """Answers of more than a few words stand below the table in full."""

    def __init__(self) -> None:
        super().__init__()
        self.table = ChecklistTable()
        self.view = RecordView(self.table, _("Check-list"))
        self.view.set_widths(6, 44, 40)
        self.summary = QLabel()
        self.summary.setTextFormat(Qt.TextFormat.PlainText)
        set_role(self.summary, "heading")
        self.remarks = QPlainTextEdit()
        self.remarks.setReadOnly(True)
        self.remarks.setAcceptDrops(False)
        self.remarks.setTabChangesFocus(True)
        self.remarks.setAccessibleName(_("Answers in full"))
        set_room(self.remarks, most=(0, 5))
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(14, 10, 14, 12)
        layout.setSpacing(8)
        layout.addWidget(self.summary)
        layout.addWidget(self.view, 1)
        layout.addWidget(self.remarks)
        self.empty = EmptyPane("check", "")
        self.addWidget(self.empty)
        self.addWidget(page)

    def show_checklist(self, checklist: Sequence[Question], *, has_arrived: bool) -> None:
        answers = answers_of(checklist)
        if not answers:
            advice = (
                _("Nobody filled it in.") if has_arrived else _("It is filled in when the shipment arrives.")
            )
            self.empty.say(_("No check-list."), advice)
            self.setCurrentIndex(0)
            return
        self.view.show_records(answers, key=lambda answer: answer.question.code)
        bad = sum(answer.is_bad for answer in answers)
        count = ngettext("{count} question", "{count} questions", len(answers)).format(count=len(answers))
        open_count = sum(answer.is_open for answer in answers)
        verdicts = []
        if bad:
            said = ngettext("{count} not as it should be", "{count} not as they should be", bad)
            verdicts.append(said.format(count=bad))
        if open_count:
            said = ngettext("{count} not answered", "{count} not answered", open_count)
            verdicts.append(said.format(count=open_count))
        verdict = ", ".join(verdicts) or _("all as it should be")
        self.summary.setText(f"{count}: {verdict}")
        long = [answer for answer in answers if len(answer.words) > _LONG or "\n" in answer.words]
        self.remarks.setPlainText("\n\n".join(f"{shown_text(a.asked)}\n{_lines(a.words)}" for a in long))
        self.remarks.setVisible(bool(long))
        self.setCurrentIndex(1)


def _lines(text: str) -> str:
    return "\n".join(map(shown_text, text.splitlines()))
