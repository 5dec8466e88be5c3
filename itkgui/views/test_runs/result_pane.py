"""The results, or the properties, of one run: what they are, a field to find some, the chosen one in full."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QToolButton, QVBoxLayout, QWidget

from itkgui.item_models.plain_text import plain_hint
from itkgui.item_models.result_table import ResultRow, ResultTable, whole_text
from itkgui.language import _
from itkgui.views.commands import offer
from itkgui.views.context.view_context import ViewContext
from itkgui.views.style import set_icon, set_role
from itkgui.views.tables.export_button import ExportButton
from itkgui.views.test_runs.result_view import ResultView


class ResultPane(QWidget):
    """Ctrl+F shows only the rows that hold what is typed, Esc all of them again.

    What is typed stays for the next run. The line below the table says what the chosen row has no room for.
    """

    def __init__(self, name: str, context: ViewContext, *, trends: bool = False) -> None:
        """With ``trends`` they are the results: a number can be followed over all runs; else properties."""
        super().__init__()
        self._facts = ""
        kind = "results" if trends else "properties"
        self.table = ResultTable()
        self.view = ResultView(self.table, name, trends=trends)
        self.view.remember(context.memory, f"test-run-{kind}")
        self.said = QLabel()
        self.whole = QLabel()
        for label in (self.said, self.whole):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            set_role(label, "quiet")
        set_role(self.whole, "detail-line")
        self.whole.setMinimumWidth(1)
        self.whole.hide()
        self._build(kind, context, trends)
        self.view.record_chosen.connect(self._show_whole)
        for signal in (self.table.modelReset, self.table.layoutChanged):
            signal.connect(self._show_whole)
        self.table.counts_changed.connect(self._show_count)

    def _build(self, kind: str, context: ViewContext, trends: bool) -> None:
        self.find_field = QLineEdit()
        finding = _("Find in the results") if trends else _("Find in the properties")
        self.find_field.setPlaceholderText(finding)
        self.find_field.setAccessibleName(finding)
        self.find_field.setClearButtonEnabled(True)
        self.find_field.textChanged.connect(self.table.set_filter)
        self.find_field.returnPressed.connect(self._on_found)
        self.find_field.hide()
        self.find_button, self.trend_button, self.open_button = QToolButton(), QToolButton(), QToolButton()
        set_icon(self.find_button, "search", "quiet", 18)
        self.find_button.setToolTip(_("Find (Ctrl+F)"))
        self.find_button.setAccessibleName(finding)
        self.find_button.clicked.connect(self.begin_finding)
        for button, action, text, hint in (
            (
                self.trend_button,
                self.view.trend_action,
                _("Trend"),
                _("How the chosen number went over all runs (Ctrl+T)"),
            ),
            (
                self.open_button,
                self.view.open_action,
                _("Open"),
                _("Show all that the chosen row holds (Enter)"),
            ),
        ):
            button.setText(text)
            button.setToolTip(hint)
            button.clicked.connect(action.trigger)
            button.setEnabled(action.isEnabled())
            action.enabledChanged.connect(button.setEnabled)
        if not trends:
            self.trend_button.hide()
        self.export_button = ExportButton(self.view, kind, context)
        above = QHBoxLayout()
        above.setContentsMargins(14, 2, 8, 2)
        above.addWidget(self.said, 1)
        above.addWidget(self.find_field, 1)
        for button in (self.find_button, self.trend_button, self.open_button, self.export_button):
            set_role(button, "small")
            above.addWidget(button)
        self.room = QVBoxLayout(self)
        self.room.setContentsMargins(0, 0, 0, 0)
        self.room.setSpacing(0)
        self.room.addLayout(above)
        self.room.addWidget(self.view, 1)
        self.room.addWidget(self.whole)
        offer(self, "find-result", self.begin_finding)

    def show_rows(self, rows: Iterable[ResultRow], key: Callable[[ResultRow], object]) -> None:
        """Show other rows, keeping the chosen one."""
        self.view.show_records(rows, key)

    def say(self, facts: str) -> None:
        """Say above the table what there is to say of all rows."""
        self._facts = facts
        self._show_count()

    # Finding ------------------------------------------------------------------------------------------------

    def begin_finding(self) -> None:
        """Let the user type what to find."""
        self.find_field.show()
        self.find_button.hide()
        self.find_field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.find_field.selectAll()

    def end_finding(self) -> None:
        """Show all rows again."""
        self.find_field.clear()
        self.find_field.hide()
        self.find_button.show()
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_found(self) -> None:
        self.view.choose_row(0)
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_count(self) -> None:
        shown, total = self.table.rowCount(), len(self.table.records)
        is_narrowed = bool(self.find_field.text().strip())
        narrowed = _("{shown:,} of {total:,} shown").format(shown=shown, total=total)
        self.said.setText(narrowed if is_narrowed else self._facts)

    def event(self, event: QEvent) -> bool:
        # Else the window would take Esc for its own.
        if event.type() == QEvent.Type.ShortcutOverride and self._ends_finding(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._ends_finding(event):
            self.end_finding()
        else:
            super().keyPressEvent(event)

    def _ends_finding(self, event: QEvent) -> bool:
        is_escape = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape
        return is_escape and not self.find_field.isHidden()

    # The chosen row -----------------------------------------------------------------------------------------

    def _show_whole(self) -> None:
        row = self.view.chosen
        self.whole.setVisible(row is not None)
        if row is not None:
            self.whole.setText(whole_text(row))
            self.whole.setToolTip(plain_hint(self.whole.text()))  # where a low pane has no room for it
            QTimer.singleShot(0, self.view, self._keep_in_sight)  # the table may be lower now

    def _keep_in_sight(self) -> None:
        self.view.scrollTo(self.view.currentIndex())
