"""A line to search what a preview shows: what is sought, how much was found, the one before, the next."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QLineEdit, QToolButton, QWidget

from itkgui.views.style import set_icon, set_role

_TYPING_MS = 250  # without a key pressed, after which the search begins


class FindRow(QWidget):
    """Asks for a search when somebody stops typing; Enter goes on, Shift+Enter back, Escape ends it.

    When it closes, ``searched`` gets the keys back, if the row has them.
    """

    sought = Signal(str)
    stepped = Signal(int)  # 1 to the next, -1 to the one before
    closed = Signal()

    def __init__(self, hint: str, searched: QWidget) -> None:
        super().__init__()
        self._searched = searched
        self._asked = ""
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(_TYPING_MS)
        self._typing.timeout.connect(self._ask)
        self.line = QLineEdit()
        self.line.setPlaceholderText(hint)
        self.line.setAccessibleName(hint)
        self.line.setToolTip(hint)
        self.line.textChanged.connect(self._typing.start)
        self.told = QLabel()
        self.told.setTextFormat(Qt.TextFormat.PlainText)
        set_role(self.told, "quiet")
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 2, 6, 2)
        row.setSpacing(4)
        row.addWidget(self.line, 1)
        row.addWidget(self.told)
        for icon_name, text, action in (
            ("go-left", "The one before (Shift+Enter)", lambda: self._step(-1)),
            ("go-right", "The next (Enter)", lambda: self._step(1)),
            ("close", "End the search (Escape)", self.close_row),
        ):
            button = QToolButton()
            set_role(button, "tool")
            set_icon(button, icon_name)
            button.setToolTip(text)
            button.setAccessibleName(text)
            button.clicked.connect(action)
            row.addWidget(button)
        self.hide()

    def open_row(self) -> None:
        """Show the line, ready to be typed in."""
        self.show()
        self.line.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.line.selectAll()

    def close_row(self) -> None:
        self._typing.stop()
        self._asked = ""
        self.tell("")
        focus = QApplication.focusWidget()
        if focus is not None and self.isAncestorOf(focus):
            self._searched.setFocus()
        self.hide()
        self.closed.emit()

    def tell(self, words: str) -> None:
        """Say how much was found."""
        self.told.setText(words)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._step(-1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
        elif event.key() == Qt.Key.Key_Escape:
            self.close_row()
        else:
            super().keyPressEvent(event)

    def _step(self, by: int) -> None:
        if self.line.text() == self._asked:
            self.stepped.emit(by)
        else:
            self._ask()

    def _ask(self) -> None:
        self._typing.stop()
        self._asked = self.line.text()
        self.sought.emit(self._asked)
