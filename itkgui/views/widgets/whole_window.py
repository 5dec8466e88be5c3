"""Lets a pane have nearly the whole window, for as long as it is in sight."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractScrollArea, QSplitterHandle, QWidget
from shiboken6 import isValid

# What stays: where a scan goes, which server this is, what is told of failures, and what can be undone.
_STAY = ("header", "banner", "footer", "trouble", "undo")


class WholeWindow(QObject):
    """Belongs to a pane; hides what is around it up to the window, and shows just that again.

    Emits ``left`` when the pane went out of sight meanwhile, as when a scan opens another page, and at an Esc
    that nothing in the window wants.
    """

    left = Signal()

    def __init__(self, pane: QWidget) -> None:
        super().__init__(pane)
        self._pane = pane
        self._hidden: list[QWidget] = []
        self._is_on = False
        pane.installEventFilter(self)

    def take(self, wanted: bool) -> None:
        """Give the pane the whole window, or what it had before."""
        if wanted is self._is_on:
            return
        self._is_on = wanted
        window = self._pane.window()
        if wanted:
            window.installEventFilter(self)
        else:
            window.removeEventFilter(self)
        hidden, self._hidden = self._hidden, []
        if wanted:
            self._hide_around()
        for widget in hidden:
            if isValid(widget):
                widget.show()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not self._is_on:
            return False
        if isinstance(event, QKeyEvent):
            return watched is not self._pane and self._takes(event)
        if watched is self._pane and event.type() == QEvent.Type.Hide and not event.spontaneous():
            self.left.emit()
        return False

    def _takes(self, event: QKeyEvent) -> bool:
        """Take Esc before the window would take it for its own."""
        if event.key() != Qt.Key.Key_Escape or event.type() == QEvent.Type.KeyRelease:
            return False
        event.accept()
        if event.type() == QEvent.Type.KeyPress:
            self.left.emit()
        return True

    def _hide_around(self) -> None:
        inner, outer = self._pane, self._pane.parentWidget()
        while outer is not None:
            if not isinstance(outer, QAbstractScrollArea):  # which sees to its own bars
                for widget in outer.children():
                    if isinstance(widget, QWidget) and widget is not inner and _can_go(widget):
                        self._hidden.append(widget)
                        widget.hide()
            if outer.isWindow():
                break
            inner, outer = outer, outer.parentWidget()


def _can_go(widget: QWidget) -> bool:
    is_kept = isinstance(widget, QSplitterHandle) or widget.objectName() in _STAY
    return not (is_kept or widget.isHidden() or widget.isWindow())
