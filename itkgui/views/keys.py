"""Keys that mean the same in more than one field."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget


def on_ctrl_enter(field: QWidget, action: Callable[[], None]) -> None:
    """Do something on Ctrl+Enter in a field where Enter alone begins a line; either Enter key will do."""
    for keys in ("Ctrl+Return", "Ctrl+Enter"):
        shortcut = QShortcut(QKeySequence(keys), field)
        shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
        shortcut.activated.connect(action)
