"""The left of the tray: the list as it was pasted, scanned or typed, an entry a line."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Signal
from PySide6.QtGui import QKeyEvent, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QPushButton, QTextEdit, QVBoxLayout, QWidget

from itkgui.language import _
from itkgui.records.identifier_list import complaint_about, written_in
from itkgui.views.commands import HERE, offer
from itkgui.views.style import Style, set_role
from itkgui.views.widgets.dropped import pastes_files

_SERIAL = "20UPGM23800001"  # one is as wide as another


class SerialEditor(QPlainTextEdit):
    """Breaks no serial number, which would be misread: it has room for one, and what is longer scrolls.

    Files that are pasted it leaves to the page.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and pastes_files(event):
            event.ignore()
            return False
        return super().event(event)

    def minimumSizeHint(self) -> QSize:
        return super().minimumSizeHint().expandedTo(QSize(self._width_of(_SERIAL), 0))

    def _width_of(self, text: str) -> int:
        self.ensurePolished()
        around, frame = 2 * round(self.document().documentMargin()), self.contentsMargins()
        beside = frame.left() + frame.right() + self.verticalScrollBar().sizeHint().width()
        return self.fontMetrics().horizontalAdvance(text) + self.cursorWidth() + around + beside


class TrayEntry(QWidget):
    """Takes any text: what stands between the entries does not matter."""

    look_up_wanted = Signal()
    cleared = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.editor = SerialEditor()
        set_role(self.editor, "serials")
        self.editor.setAccessibleName(_("Serial numbers, one a line"))
        self.editor.setPlaceholderText(
            _("Paste or scan serial numbers,\none a line; Ctrl+Enter looks them up")
        )
        self.editor.setTabChangesFocus(True)
        self.editor.textChanged.connect(lambda: self.editor.setExtraSelections([]))
        self.look_up_button, self.clear_button = QPushButton(_("Look up")), QPushButton(_("Clear"))
        set_role(self.look_up_button, "main")
        self.look_up_button.clicked.connect(self.look_up_wanted)
        self.clear_button.clicked.connect(self._on_clear)
        offer(self.editor, "look-up-list", self.look_up_wanted.emit, context=HERE)
        buttons = QHBoxLayout()
        buttons.addWidget(self.look_up_button, 1)
        buttons.addWidget(self.clear_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.editor, 1)
        column.addLayout(buttons)

    @property
    def written(self) -> list[str]:
        """The entries, as often as they are written."""
        return written_in(self.editor.toPlainText())

    @property
    def text(self) -> str:
        return self.editor.toPlainText()

    def show_text(self, text: str) -> None:
        self.editor.setPlainText(text)

    def add(self, *names: str) -> None:
        """Put entries at the end; what is being typed stays what it is."""
        text = self.text
        between = "" if not text or text.endswith("\n") else "\n"
        cursor = QTextCursor(self.editor.document())
        cursor.movePosition(cursor.MoveOperation.End)
        cursor.insertText("".join((between, *(f"{name}\n" for name in names))))

    def _on_clear(self) -> None:
        self.editor.clear()
        self.cleared.emit()
        self.editor.setFocus()

    def mark(self) -> None:
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
