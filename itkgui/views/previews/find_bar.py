"""Asks what to find in a text, and tells how often it is there."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QToolButton, QVBoxLayout, QWidget

from itkgui.decoding.text_find import MOST_HITS, Found, Query
from itkgui.views.style import set_icon, set_role, set_room

_PAUSE_MS = 150  # after the last key before the text is searched


class FindBar(QWidget):
    """Hidden until somebody wants to find something; Esc hides it again."""

    changed = Signal(object)  # a Query, or None
    stepped = Signal(int)
    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.box = QLineEdit()
        self.box.setPlaceholderText("Find")
        self.box.setAccessibleName("Find in the text")
        self.box.setClearButtonEnabled(True)
        set_room(self.box, least=(14, 0))
        self.count = QLabel()
        set_role(self.count, "quiet")
        # For most of what it tells, so that the box keeps its width; the buttons stay where they are anyway.
        set_room(self.count, least=(len("999 of 9,999"), 0))
        self.count.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.trouble = QLabel()
        self.trouble.setTextFormat(Qt.TextFormat.PlainText)
        self.trouble.setWordWrap(True)
        self.trouble.setContentsMargins(8, 0, 8, 4)
        set_role(self.trouble, "bad")
        self.trouble.hide()
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(lambda: self.changed.emit(self.query))
        self.box.textChanged.connect(self._pause.start)
        row = QHBoxLayout()
        row.setContentsMargins(8, 4, 6, 4)
        row.setSpacing(2)
        row.addWidget(self.box, 1)
        row.addSpacing(4)
        row.addWidget(self.count)
        self.case_button = self._button("Aa", "Upper and lower case matter", checkable=True)
        self.pattern_button = self._button(".*", "Regular expression", checkable=True)
        for button in (self.case_button, self.pattern_button):
            button.toggled.connect(self._pause.start)
            row.addWidget(button)
        row.addSpacing(4)
        self.previous_button = self._button("", "The one before (Shift+F3)", icon_name="go-left")
        self.next_button = self._button("", "The next one (F3)", icon_name="go-right")
        self.close_button = self._button("", "Close (Esc)", icon_name="close")
        for button, action in (
            (self.previous_button, lambda: self.stepped.emit(-1)),
            (self.next_button, lambda: self.stepped.emit(1)),
            (self.close_button, self.close_bar),
        ):
            button.clicked.connect(action)
            row.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(row)
        layout.addWidget(self.trouble)
        self.tell(None)
        self.hide()

    @property
    def query(self) -> Query | None:
        """What is looked for; None if nothing was typed, or the bar is closed."""
        if not self.box.text() or self.isHidden():
            return None
        return Query(self.box.text(), self.pattern_button.isChecked(), self.case_button.isChecked())

    def open_bar(self) -> None:
        was_hidden = self.isHidden()
        self.show()
        self.box.setFocus()
        self.box.selectAll()
        if was_hidden and self.query is not None:
            self.changed.emit(self.query)

    def close_bar(self) -> None:
        self._pause.stop()
        self.hide()
        self.changed.emit(None)
        self.closed.emit()

    def tell(self, found: Found | None, hit: int = -1) -> None:
        """Tell how many there are so far, and which of them is shown."""
        self.trouble.hide()
        hits = len(found.starts) if found is not None else 0
        for button in (self.previous_button, self.next_button):
            button.setEnabled(bool(hits))
        if found is None:
            self.count.setText("")
            return
        total = f"{hits:,}" if hits < MOST_HITS else f"more than {MOST_HITS:,}"
        if not found.is_complete:
            total += f"… {found.position / max(1, found.size):.0%}"
        if hits:
            self.count.setText(f"{hit + 1:,} of {total}" if hit >= 0 else total)
        else:
            self.count.setText("not found" if found.is_complete else total)
        set_role(self.count, "quiet" if hits or not found.is_complete else "bad")

    def tell_trouble(self, sentence: str) -> None:
        """Tell why the search ended."""
        self.count.setText("")
        self.trouble.setText(sentence)
        self.trouble.show()

    def event(self, event: QEvent) -> bool:
        is_escape = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape
        if event.type() == QEvent.Type.ShortcutOverride and is_escape:
            event.accept()  # else the window's Esc has it
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_bar()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            is_back = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            self.stepped.emit(-1 if is_back else 1)
        else:
            super().keyPressEvent(event)

    def _button(self, text: str, hint: str, *, icon_name: str = "", checkable: bool = False) -> QToolButton:
        button = QToolButton()
        set_role(button, "toggle" if checkable else "tool")
        button.setText(text)
        if icon_name:
            set_icon(button, icon_name)
        button.setToolTip(hint)
        button.setAccessibleName(hint)
        button.setCheckable(checkable)
        return button
