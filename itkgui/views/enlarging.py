"""Lets a pane have the whole page, for as long as the page is open."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QToolButton, QWidget

KEYS = "Ctrl+E"
_HINTS = {False: f"Enlarge: hide the list beside it ({KEYS})", True: f"Show the list again ({KEYS} or Esc)"}


class Enlarging(QObject):
    """Belongs to a page: a button that stays down, or its key, hides what is ``around``; Esc ends it."""

    enlarged = Signal(bool)

    def __init__(self, page: QWidget, button: QToolButton, around: Sequence[QWidget]) -> None:
        super().__init__(page)
        self._button, self._around = button, tuple(around)
        button.setCheckable(True)
        button.toggled.connect(self._show)
        shortcut = QShortcut(QKeySequence(KEYS), page)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)  # of two pages the one in use
        shortcut.activated.connect(button.toggle)
        page.installEventFilter(self)
        self._tell(False)

    def eventFilter(self, _page: QObject, event: QEvent) -> bool:
        """Take Esc, which no widget in the page wanted, before the window would take it for its own."""
        if not self._button.isChecked() or not isinstance(event, QKeyEvent):
            return False
        if event.key() != Qt.Key.Key_Escape or event.type() == QEvent.Type.KeyRelease:
            return False
        event.accept()
        if event.type() == QEvent.Type.KeyPress:
            self._button.setChecked(False)
        return True

    def _show(self, is_enlarged: bool) -> None:
        for widget in self._around:
            widget.setVisible(not is_enlarged)
        self._tell(is_enlarged)
        self.enlarged.emit(is_enlarged)

    def _tell(self, is_enlarged: bool) -> None:
        self._button.setToolTip(_HINTS[is_enlarged])
        self._button.setAccessibleName(_HINTS[is_enlarged])
