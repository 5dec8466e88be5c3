"""Lets a pane have the whole page, for as long as the page is open."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QToolButton, QWidget

from itkgui.language import _
from itkgui.views.commands import WITHIN, command, offer


class Enlarging(QObject):
    """Belongs to a page: a button that stays down, or its key, hides what is ``around``; Esc ends it."""

    enlarged = Signal(bool)

    def __init__(self, page: QWidget, button: QToolButton, around: Sequence[QWidget]) -> None:
        super().__init__(page)
        self._button, self._around = button, tuple(around)
        button.setCheckable(True)
        button.toggled.connect(self._show)
        offer(page, "enlarge", button.toggle, context=WITHIN, is_available=button.isVisible)
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
        text = (
            _("Show the list again ({key} or Esc)")
            if is_enlarged
            else _("Enlarge: hide the list beside it ({key})")
        )
        text = text.format(key=command("enlarge").key)
        self._button.setToolTip(text)
        self._button.setAccessibleName(text)
