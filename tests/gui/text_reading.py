"""Somebody who reads one text after another, by keyboard."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from itkgui.views.previews.text import TextPreview
from tests.gui.previewing import Viewer

KEY = Qt.Key
NO_KEY, SHIFT, CONTROL = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
)


@cache
def long_log() -> str:
    """Return 400 000 lines."""
    return "".join(f"2024-01-01T12:00:00 [ info  ] scan {n} of chip {n % 7}\n" for n in range(400_000))


class Reader:
    """Shows texts and waits for what is in sight of them; ``preview`` is what shows the present one."""

    def __init__(self, viewer: Viewer) -> None:
        self._viewer = viewer
        self.folder = viewer.folder
        self.preview: TextPreview

    def until(self, condition: Callable[[], object]) -> None:
        self._viewer.until(condition)

    def show(self, name: str, text: bytes | str) -> TextPreview:
        content = text.encode() if isinstance(text, str) else text
        self.preview = self._viewer.look_at(content, name, TextPreview)
        self.preview.activateWindow()  # else it gets no shortcuts
        self.until(self.preview.isActiveWindow)
        self.settle()
        return self.preview

    @property
    def is_settled(self) -> bool:
        return self.preview.is_settled

    def settle(self) -> None:
        self.until(lambda: self.is_settled)

    def keys(self, *pressed: tuple[Qt.Key, Qt.KeyboardModifier]) -> None:
        for key, modifier in pressed:
            QTest.keyClick(self.preview.reader, key, modifier)
        self.settle()

    def look_for(self, wanted: str, *, pattern: bool = False) -> None:
        QTest.keyClick(self.preview.reader, Qt.Key.Key_F, CONTROL)
        pane, bar = self.preview.pane, self.preview.pane.find_bar
        bar.pattern_button.setChecked(pattern)
        QTest.keyClicks(bar.box, wanted)
        self.until(lambda: pane.query == bar.query)
        self.until(lambda: not pane.is_finding and self.is_settled)

    @property
    def in_sight(self) -> list[str]:
        """The rows on the screen that are loaded."""
        reader = self.preview.reader
        rows = [reader.pages.row(number) for number in range(reader.top, reader.last + 1)]
        return [row.text for row in rows if row is not None]

    def copied(self) -> str:
        """Press Ctrl+C and return what was copied."""
        clipboard = QGuiApplication.clipboard()
        clipboard.clear()
        QTest.keyClick(self.preview.reader, Qt.Key.Key_C, CONTROL)
        self.until(clipboard.text)
        return clipboard.text()
