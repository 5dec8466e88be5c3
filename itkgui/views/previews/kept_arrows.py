"""Arrow keys that stay in what is in a file, also where it has an end."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent


def keep_arrows(event: QKeyEvent) -> None:
    """Take Up and Down, which a view leaves at its first and last row: around it they choose another file."""
    if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
        event.accept()
