"""A pane for one file that may have the whole window: its keys lead on from file to file, and back."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QToolButton, QWidget

from itkgui.views.commands import is_key_of
from itkgui.views.previews.member_tree import MemberTree
from itkgui.views.previews.preview_content import PreviewContent

_STEPS: dict[int, int] = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
_SIDEWAYS: dict[int, int] = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}


class SteppingPane(QWidget):
    """Emits ``step_wanted`` (±1, and whether the key is held) and ``large_wanted`` while it has the keys.

    ``content`` is what it shows; ``large_button`` is checked while it has the whole window.
    """

    large_wanted = Signal()
    step_wanted = Signal(int, bool)

    steps_sideways = False
    """Whether Left and Right lead on, too, while it has the whole window."""

    content: PreviewContent
    large_button: QToolButton

    def take_keys(self) -> None:
        """Have the keys, or leave them to the members of an archive.

        So too to a field that has to be filled in before anything is shown.
        """
        taker = self.content.key_taker
        has_use = isinstance(taker, QLineEdit | MemberTree)
        (taker if taker is not None and has_use else self).setFocus(Qt.FocusReason.OtherFocusReason)

    def event(self, event: QEvent) -> bool:
        """Take Esc, which leads back from the whole page, before the window would take it for its own."""
        is_escape = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape
        if is_escape and event.type() == QEvent.Type.ShortcutOverride and self.large_button.isChecked():
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, is_large, is_plain = event.key(), self.large_button.isChecked(), not event.modifiers()
        sideways = _SIDEWAYS.get(key, 0) if is_plain and is_large and self.steps_sideways else 0
        if is_key_of(event, "preview") or (key == Qt.Key.Key_Escape and is_large):
            self.large_wanted.emit()
        elif is_plain and key in _STEPS:
            self._step(_STEPS[key], event)
        else:
            event.ignore()
            # Of all that these keys move, only a picture has them first: it is moved if it has no room.
            if self.hasFocus() and (not sideways or self.content.shown_kind == "image"):
                self.content.pass_on(event)
            if sideways and not event.isAccepted():
                self._step(sideways, event)

    def _step(self, by: int, event: QKeyEvent) -> None:
        event.accept()
        self.setFocus()  # not what is shown now: another kind may come
        self.step_wanted.emit(by, event.isAutoRepeat())
