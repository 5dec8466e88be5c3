"""A sentence above what a preview shows: something is not as it should be."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from itkgui.views.style import set_role


class CautionBar(QWidget):
    """Takes no room while there is nothing to say."""

    def __init__(self) -> None:
        super().__init__()
        self._label = QLabel()
        self._label.setTextFormat(Qt.TextFormat.PlainText)
        self._label.setWordWrap(True)
        set_role(self._label, "pill-caution")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 1, 8, 3)
        layout.addWidget(self._label)
        self.hide()

    def say(self, sentence: str) -> None:
        """Show a sentence; none hides the bar."""
        self._label.setText(sentence)
        self.setVisible(bool(sentence))

    @property
    def sentence(self) -> str:
        return self._label.text()
