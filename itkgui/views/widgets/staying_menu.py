"""A menu in which several things can be ticked before it closes."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QMenu

_TICKS = (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter)


class StayingMenu(QMenu):
    """Ticking an entry leaves the menu open; any other entry closes it as usual."""

    def add_tick(self, text: str, *, ticked: bool, enabled: bool = True) -> QAction:
        """Add an entry that can be ticked; its text is taken as it stands."""
        action = self.addAction(text.replace("&", "&&"))
        action.setCheckable(True)
        action.setChecked(ticked)
        action.setEnabled(enabled)
        return action

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if not self._tick(self.actionAt(event.position().toPoint())):
            super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() not in _TICKS or not self._tick(self.activeAction()):
            super().keyPressEvent(event)

    def _tick(self, action: QAction | None) -> bool:
        if action is None or not action.isCheckable() or not action.isEnabled():
            return False
        action.trigger()
        return True
