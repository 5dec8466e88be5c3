"""Shows text that may hold names without a blank to break at, of any length."""

from __future__ import annotations

import re

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy

from itkgui.item_models.plain_text import plain_hint

_WORD = re.compile(r"\S+")


class NameLabel(QLabel):
    """Plain text in as many lines as it needs; a word too long for a line loses its middle.

    The tool tip then has the whole. The text never asks for more width than there is. It can be made to have
    one line, which ends in dots where there is more, or has them in its middle.
    """

    def __init__(self) -> None:
        super().__init__()
        self._whole = ""
        self._room = 0  # pixels; 0 until it is laid out
        self._has_one_line = False
        self._dots = Qt.TextElideMode.ElideRight
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        policy = self.sizePolicy()
        policy.setHorizontalPolicy(QSizePolicy.Policy.Ignored)
        self.setSizePolicy(policy)

    def say(self, text: str) -> None:
        """Show a text, which may be of anybody."""
        self._whole = text
        self._fit()

    def use_one_line(self, has_one_line: bool, dots: Qt.TextElideMode = Qt.TextElideMode.ElideRight) -> None:
        """Take one line, with dots where there is more, or as many as the text needs."""
        self._has_one_line, self._dots = has_one_line, dots
        self.setWordWrap(not has_one_line)
        self._fit()

    def _fit(self) -> None:
        text = self._whole
        if self._room and self._has_one_line:
            text = self.fontMetrics().elidedText(text, self._dots, self._room)
        elif self._room:
            text = _WORD.sub(lambda word: self._fitting(word[0]), text)
        if text != self.text():
            self.setText(text)
        self.setToolTip(plain_hint(self._whole) if text != self._whole else "")

    def _fitting(self, word: str) -> str:
        return self.fontMetrics().elidedText(word, Qt.TextElideMode.ElideMiddle, self._room)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._room = self.contentsRect().width()
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit()
