"""The field that takes a scan or a typed name."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QKeyCombination, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit

from itkgui.views.style import set_role

_ADD_FILES = QKeyCombination(Qt.KeyboardModifier.ControlModifier, Qt.Key.Key_U)


class ScanBox(QLineEdit):
    """Leaves to the window the keys that mean something there."""

    def __init__(self) -> None:
        super().__init__()
        set_role(self, "scan")
        self.setPlaceholderText("Scan or type a serial number, name or code")
        self.setAccessibleName("Find a component")
        self.setClearButtonEnabled(True)
        self.setMaxLength(200)
        self.setMinimumWidth(self.fontMetrics().averageCharWidth() * 56)

    def event(self, event: QEvent) -> bool:
        # Qt's own meaning of Ctrl+U is "delete all"; here it adds files.
        if isinstance(event, QKeyEvent) and event.keyCombination() == _ADD_FILES:
            event.ignore()
            return False
        return super().event(event)
