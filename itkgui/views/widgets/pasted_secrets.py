"""Clears from the clipboard what was pasted as a secret, if it is still there."""

from __future__ import annotations

import re

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QClipboard, QGuiApplication

_KEEP_MS = 30_000  # long enough to paste it into the right field after a wrong one
_MODES = (QClipboard.Mode.Clipboard, QClipboard.Mode.Selection)  # the latter by the middle button, on X11
_CONTROL = re.compile(r"[\x00-\x1f\u2028\u2029]")  # for which a field of one line takes a blank


class PastedSecrets(QObject):
    """Belongs to one field for secrets. A clipboard that another program has filled since is left alone."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._secrets: set[str] = set()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_KEEP_MS)
        self._timer.timeout.connect(self.clear)

    def note(self, before: str, after: str) -> None:
        """Look whether an edit of the field was a paste."""
        if len(after) - len(before) < 2:  # typed
            return
        for mode in _MODES:
            found = _clip(mode)
            if found and found in after:
                self._secrets.add(found)
                self._timer.start()

    def clear(self) -> None:
        """Empty the clipboard now where it still holds what was pasted."""
        self._timer.stop()
        secrets, self._secrets = self._secrets, set()
        for mode in _MODES:
            if secrets and _clip(mode) in secrets:
                QGuiApplication.clipboard().clear(mode)


def _clip(mode: QClipboard.Mode) -> str:
    if mode is QClipboard.Mode.Selection and not QGuiApplication.clipboard().supportsSelection():
        return ""
    return _CONTROL.sub(" ", QGuiApplication.clipboard().text(mode)).strip()
