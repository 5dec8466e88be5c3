"""What this program has put on the clipboard, when it ends."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication

_OWN = ("offscreen", "minimal")  # whose clipboard is this process's alone, though Qt does not say so


def leave_clipboard() -> None:
    """Let go of what lies on the clipboard, but for its text, which the desktop may keep.

    Qt would take data that were made in Python apart after the interpreter has ended, and crash.
    """
    clipboard = QGuiApplication.clipboard()
    if not (clipboard.ownsClipboard() or QGuiApplication.platformName() in _OWN):
        return
    text = clipboard.text()
    clipboard.clear()
    if text:
        clipboard.setText(text)
