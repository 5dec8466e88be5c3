"""Somebody who looks at one file after another, in a pane of its own with real decoders."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QAbstractScrollArea, QApplication
from pytestqt.qtbot import QtBot

from itkgui.client.files import open_file
from itkgui.views.previews.preview import Preview
from itkgui.views.previews.preview_content import PreviewContent
from tests.gui.person import words

P = TypeVar("P", bound=Preview)


class Viewer:
    """Chooses files and waits until they are shown, or told of."""

    def __init__(self, qtbot: QtBot, content: PreviewContent, folder: Path) -> None:
        self.qtbot = qtbot
        self.content = content
        self.folder = folder

    def until(self, condition: Callable[[], object]) -> None:
        self.qtbot.waitUntil(lambda: bool(condition()))

    def look_at(self, content: bytes | Path, name: str, kind: type[P]) -> P:
        """Choose a file and return what shows it."""
        path = content if isinstance(content, Path) else self.folder / name
        if isinstance(content, bytes):
            path.write_bytes(content)
        self.content.show_file(open_file(path, name))
        self.until(lambda: self.content.shown_kind)
        found = self.content.currentWidget()
        assert isinstance(found, kind)
        return found

    def told_of(self, content: bytes, name: str) -> str:
        """Choose a file that cannot be shown, and return the sentence about it."""
        path = self.folder / name
        path.write_bytes(content)
        self.content.show_file(open_file(path, name))
        self.until(self.content.trouble.isVisible)
        return words(self.content.trouble)

    def wheel(self, area: QAbstractScrollArea, spot: QPoint, notches: int) -> None:
        """Turn the wheel at a spot while Ctrl is held."""
        keys, phase = Qt.KeyboardModifier.ControlModifier, Qt.ScrollPhase.NoScrollPhase
        place = QPointF(area.viewport().mapToGlobal(spot))
        turn, none = QPoint(0, 120 * notches), Qt.MouseButton.NoButton
        event = QWheelEvent(QPointF(spot), place, QPoint(), turn, none, keys, phase, False)
        QApplication.sendEvent(area.viewport(), event)
