"""The place for a whole list of components: pasted or scanned, looked up together, the unknown ones told."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QTextEdit,
    QVBoxLayout,
    QWidget,
)

from itkgui.client.exceptions import ItkError
from itkgui.client.queries import LookedUp
from itkgui.item_models.known_component_table import LISTED_COLUMNS, ListedComponent
from itkgui.item_models.record_table import RecordTable
from itkgui.records.component import Component
from itkgui.records.identifier_list import complaint_about, written_in
from itkgui.views.column_menu import ColumnButton
from itkgui.views.commands import HERE, offer
from itkgui.views.empty_pane import EmptyPane
from itkgui.views.export_button import ExportButton
from itkgui.views.filter_line import FilterLine
from itkgui.views.record_view import RecordView
from itkgui.views.style import Style, set_role
from itkgui.views.trouble_pane import TroublePane
from itkgui.views.view_context import ViewContext
from itkgui.views.view_task import ViewTask

_MOST = 2000  # identifiers at once
_PROGRESS_MS = 150


class ListView(QWidget):
    """Takes a list on the left and shows on the right what the database knows of it."""

    component_requested = Signal(str)  # key

    def __init__(self, context: ViewContext) -> None:
        super().__init__()
        self._context = context
        self._written: list[str] = []  # what stood in the list, as often as it did
        self._asked: list[str] = []
        self._came: list[Component] = []  # grows on other threads
        self._task = ViewTask(self, self._on_failed)
        self._gaps_task = ViewTask(self, self._on_gaps_failed)
        self._said = ""  # of what was found
        self._timer = QTimer(self)
        self._timer.setInterval(_PROGRESS_MS)
        self._timer.timeout.connect(self._show_progress)
        self.table: RecordTable[ListedComponent] = RecordTable(LISTED_COLUMNS)
        self._build()

    def _build(self) -> None:
        set_role(self, "page")
        self.editor = QPlainTextEdit()
        set_role(self.editor, "serials")
        self.editor.setAccessibleName("Serial numbers, one a line")
        self.editor.setPlaceholderText("Paste or scan serial numbers,\none a line; Ctrl+Enter looks them up")
        self.editor.setTabChangesFocus(True)
        self.editor.textChanged.connect(lambda: self.editor.setExtraSelections([]))
        self.look_up_button, self.clear_button = QPushButton("Look up"), QPushButton("Clear")
        set_role(self.look_up_button, "main")
        self.look_up_button.clicked.connect(self.look_up)
        self.clear_button.clicked.connect(self._on_clear)
        offer(self.editor, "look-up-list", self.look_up, context=HERE)
        buttons = QHBoxLayout()
        buttons.addWidget(self.look_up_button, 1)
        buttons.addWidget(self.clear_button)
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.editor, 1)
        column.addLayout(buttons)

        self.count = QLabel()
        self.count.setTextFormat(Qt.TextFormat.PlainText)
        set_role(self.count, "quiet")
        self.text_filter = FilterLine(self.table)
        self.view = RecordView(self.table, "Components of the list", several=True)
        self.view.set_widths(15, 15, 13, 14, 15, 30, 9, 10, 16)
        self.view.stretch(5)
        for hidden in (2, 7):  # the type says more than the component type, and few have marks
            self.view.setColumnHidden(hidden, True)
        self.view.remember(self._context.memory, "list")
        self.view.record_opened.connect(self._on_opened)
        above = QHBoxLayout()
        above.addWidget(self.count, 1)
        above.addWidget(self.text_filter)
        above.addWidget(ColumnButton(self.view))
        above.addWidget(ExportButton(self.view, "list of components", self._context))
        self.empty = EmptyPane(
            "list",
            "No list yet.",
            "Paste serial numbers, other identifiers or codes, and look them up.",
        )
        self.trouble = TroublePane()
        self.trouble.retry_requested.connect(self.look_up)
        self.rows = QStackedWidget()
        set_role(self.rows, "pane")
        self.rows.addWidget(self.empty)
        self.rows.addWidget(self.view)
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addLayout(above)
        column.addWidget(self.trouble)
        column.addWidget(self.rows, 1)
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.setChildrenCollapsible(False)
        splitter.setHandleWidth(14)
        splitter.addWidget(left)
        splitter.addWidget(right)
        splitter.setStretchFactor(1, 1)
        splitter.setSizes([self.fontMetrics().averageCharWidth() * 22, 10_000])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 14, 18, 14)
        layout.addWidget(splitter)

    def focusInEvent(self, event: QFocusEvent) -> None:
        # No focus proxy: Qt's Tab would skip all that stands before it.
        self.editor.setFocus(event.reason())

    # Looking up --------------------------------------------------------------------------------------------

    def show_list(self, text: str) -> None:
        """Take a list that was pasted elsewhere, and look it up."""
        self.editor.setPlainText("\n".join(written_in(text)))
        self.look_up()

    def look_up(self) -> None:
        """Look up what stands in the list, instead of what was looked up before."""
        self.cancel()
        self.trouble.hide()
        text = self.editor.toPlainText()
        written = written_in(text)
        if not written:
            self.table.replace([])
            self.rows.setCurrentWidget(self.empty)
            self.count.setText("There is no serial number or name in the list." if text.strip() else "")
            return
        asked = list(dict.fromkeys(name for name in written if not complaint_about(name)))
        if len(asked) > _MOST:
            self.count.setText(f"{len(asked):,} are too many; please look up {_MOST:,} at a time.")
            return
        self._written, self._asked, self._came = written, asked, []
        self._mark_lines()
        self.table.replace([])
        self.rows.setCurrentWidget(self.view)
        self._show_progress()
        self._timer.start()
        self._task.start(self._look_up())

    async def _look_up(self) -> None:
        came: list[Component] = self._came
        found = await self._context.worker.call(self._context.database.components, self._asked, came.extend)
        self._timer.stop()
        self._show_found(found)

    def _show_progress(self) -> None:
        """Show the components that have come since; they take their places at the end."""
        fresh = self._came[len(self.table.records) :]
        if fresh:
            self.table.append([ListedComponent(part.label, part) for part in fresh], more=False)
        self.count.setText(f"Looking up {len(self._asked):,}: {len(self._came):,} found so far")

    def _show_found(self, looked_up: LookedUp) -> None:
        complaints = {name: complaint_about(name) for name in self._written}
        wrong = [ListedComponent(name, complaint=said) for name, said in complaints.items() if said]
        unknown = [ListedComponent(name) for name in looked_up.unknown]
        found = [ListedComponent(part.label, part) for part in looked_up.found]
        rows = [*wrong, *unknown, *found]
        self.view.show_records(rows, key=lambda row: row.label)
        counts = (
            (len(found), "found"),
            (len(unknown), "unknown"),
            (len(wrong), "garbled"),
            (len(self._written) - len(rows), "repeated and left out"),
        )
        said = (f"{count:,} {word}" for count, word in counts if count or word == "found")
        self._said = ", ".join(said)
        self._context.messages.notify(
            f"List looked up: {self._said}", "caution" if unknown or wrong else "good"
        )
        self.count.setText(self._said)
        if found:
            self.count.setText(f"{self._said}; looking for gaps…")
            self._gaps_task.start(self._load_gaps(looked_up.found))

    async def _load_gaps(self, components: tuple[Component, ...]) -> None:
        due = await self._context.worker.call(self._context.database.due_of_each, components)
        rows = [
            replace(row, due=due.get(row.component.key)) if row.component else row
            for row in self.table.records
        ]
        self.view.show_records(rows, key=lambda row: row.label)
        self.count.setText(self._said)

    def _on_gaps_failed(self, error: ItkError) -> None:
        self.count.setText(self._said)
        self.trouble.show_error(error)

    def _mark_lines(self) -> None:
        """Underline the lines with something that is meant as a serial number and is none."""
        wavy = QTextCharFormat()
        wavy.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
        wavy.setUnderlineColor(Style.theme.colour("bad"))
        marks = []
        block = self.editor.document().firstBlock()
        while block.isValid():
            if any(map(complaint_about, written_in(block.text()))):
                cursor = QTextCursor(block)
                cursor.movePosition(cursor.MoveOperation.EndOfBlock, cursor.MoveMode.KeepAnchor)
                mark = QTextEdit.ExtraSelection()
                mark.cursor, mark.format = cursor, wavy
                marks.append(mark)
            block = block.next()
        self.editor.setExtraSelections(marks)

    def _on_failed(self, error: ItkError) -> None:
        self._timer.stop()
        self._show_progress()
        self.count.setText(f"{len(self.table.records):,} found so far")
        self.trouble.show_error(error)

    def cancel(self) -> None:
        """Stop looking; what was found so far stays."""
        if self._task.is_running:
            self._task.cancel()
            self._timer.stop()
            self.count.setText(f"Stopped. {len(self.table.records):,} found so far")
        if self._gaps_task.is_running:
            self._gaps_task.cancel()
            self.count.setText(f"{self._said}; gaps not looked for")

    def _on_clear(self) -> None:
        self.cancel()
        self.editor.clear()
        self.table.replace([])
        self.count.setText("")
        self.rows.setCurrentWidget(self.empty)
        self.editor.setFocus()

    def _on_opened(self, row: ListedComponent) -> None:
        if row.component is not None:
            self.component_requested.emit(row.component.key)
