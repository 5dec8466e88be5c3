"""A line to search what a preview shows: what is sought, how much was found, the one before, the next."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QLineEdit, QToolButton, QVBoxLayout, QWidget

from itkgui.decoding.text_find import Query
from itkgui.language import _
from itkgui.views.style import set_icon, set_role, set_room

_PAUSE_MS = 150  # after the last key, before the search begins


class FindBar(QWidget):
    """Hidden until somebody wants to find something; Enter goes on, Shift+Enter back, Esc hides it again.

    ``searched`` gets the keys when it closes, if the bar has them. With ``has_choices`` one can ask for the
    case and for a regular expression.
    """

    sought = Signal(object)  # a Query; None where nothing was typed, or the bar was closed
    stepped = Signal(int)  # 1 to the next, -1 to the one before

    def __init__(self, hint: str, searched: QWidget, *, has_choices: bool = False) -> None:
        super().__init__()
        self._searched = searched
        self.box = QLineEdit()
        self.box.setPlaceholderText(hint)
        self.box.setAccessibleName(hint)
        self.box.setToolTip(hint)
        self.box.setClearButtonEnabled(True)
        set_room(self.box, least=(14, 0))
        self.count = QLabel()
        self.count.setTextFormat(Qt.TextFormat.PlainText)
        set_role(self.count, "quiet")
        # For most of what it tells, so that the box keeps its width; the buttons stay where they are anyway.
        set_room(self.count, least=(len(_of(998, "9,999")), 0))
        self.count.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.trouble = QLabel()
        self.trouble.setTextFormat(Qt.TextFormat.PlainText)
        self.trouble.setWordWrap(True)
        self.trouble.setContentsMargins(8, 0, 8, 4)
        set_role(self.trouble, "bad")
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self._ask)
        self.box.textChanged.connect(self._pause.start)
        self.case_button = _button(_("Aa"), _("Upper and lower case matter"), checkable=True)
        self.pattern_button = _button(".*", _("Regular expression"), checkable=True)
        self.previous_button = _button("", _("The one before (Shift+F3)"), icon_name="go-left")
        self.next_button = _button("", _("The next one (F3)"), icon_name="go-right")
        self.close_button = _button("", _("Close (Esc)"), icon_name="close")
        self.previous_button.clicked.connect(lambda: self._step(-1))
        self.next_button.clicked.connect(lambda: self._step(1))
        self.close_button.clicked.connect(self.close_bar)
        row = QHBoxLayout()
        row.setContentsMargins(8, 4, 6, 4)
        row.setSpacing(2)
        row.addWidget(self.box, 1)
        row.addSpacing(4)
        row.addWidget(self.count)
        for choice in (self.case_button, self.pattern_button):
            choice.toggled.connect(self._pause.start)
            row.addWidget(choice)
        row.addSpacing(4)
        for button in (self.previous_button, self.next_button, self.close_button):
            row.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(row)
        layout.addWidget(self.trouble)
        for choice in (self.case_button, self.pattern_button):
            choice.setVisible(has_choices)  # with a parent by now: else a window would have the keys
        self.tell("")
        self.hide()

    @property
    def query(self) -> Query | None:
        """What is looked for; None if nothing was typed, or the bar is closed."""
        if not self.box.text() or self.isHidden():
            return None
        return Query(self.box.text(), self.pattern_button.isChecked(), self.case_button.isChecked())

    def open_bar(self) -> None:
        """Show the bar, ready to be typed in, and look again for what is still in it."""
        was_hidden = self.isHidden()
        self.show()
        self.box.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.box.selectAll()
        if was_hidden and self.query is not None:
            self._ask()

    def close_bar(self) -> None:
        """Hide the bar, and end the search."""
        focus = QApplication.focusWidget()
        if focus is not None and self.isAncestorOf(focus):
            self._searched.setFocus()
        self.hide()
        self.tell("")
        self._ask()

    def tell(self, words: str, *, is_bad: bool = False, can_step: bool = True) -> None:
        """Say what became of the search, and whether there is a next one to go to."""
        self.trouble.hide()
        self.count.setText(words)
        set_role(self.count, "bad" if is_bad else "quiet")
        for button in (self.previous_button, self.next_button):
            button.setEnabled(can_step and self.query is not None)

    def tell_count(self, hits: int, hit: int = -1, *, has_all: bool = True, share: float = 1.0) -> None:
        """Say how many there are, and which of them is shown, from 0; −1 for none.

        ``has_all`` tells whether no more than these are known, ``share`` how much has been searched.
        """
        is_over = share >= 1
        total = f"{hits:,}" if has_all else _("more than {hits:,}").format(hits=hits)
        if not is_over:
            total += f"… {share:.0%}"
        elif not hits:
            total = _("not found")
        words = _of(hit, total) if hit >= 0 else total
        self.tell(words, is_bad=is_over and not hits, can_step=bool(hits))

    def tell_trouble(self, sentence: str) -> None:
        """Say why the search ended."""
        self.tell("", can_step=False)
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
            self._step(-1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
        else:
            super().keyPressEvent(event)

    def _step(self, by: int) -> None:
        if self._pause.isActive():  # what was typed has not been looked for yet
            self._ask()
        else:
            self.stepped.emit(by)

    def _ask(self) -> None:
        self._pause.stop()
        self.sought.emit(self.query)


def _button(text: str, hint: str, *, icon_name: str = "", checkable: bool = False) -> QToolButton:
    button = QToolButton()
    set_role(button, "toggle" if checkable else "tool")
    button.setText(text)
    if icon_name:
        set_icon(button, icon_name)
    button.setToolTip(hint)
    button.setAccessibleName(hint)
    button.setCheckable(checkable)
    return button


def _of(hit: int, total: str) -> str:
    return _("{hit:,} of {total}").format(hit=hit + 1, total=total)
