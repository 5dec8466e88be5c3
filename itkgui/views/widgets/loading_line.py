"""A line above a list that says what is being loaded, and can stop it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QWidget

from itkgui.language import _
from itkgui.views.style import set_role


class LoadingLine(QWidget):
    """Hidden until it is shown; asks for stopping, and leaves that to others."""

    stop_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.text = QLabel()
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        set_role(self.text, "quiet")
        progress = QProgressBar()
        progress.setRange(0, 0)
        progress.setTextVisible(False)
        self.stop_button = QPushButton(_("Stop"))
        self.stop_button.clicked.connect(self.stop_requested)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 2, 12, 6)
        layout.addWidget(self.text)
        layout.addWidget(progress, 1)
        layout.addWidget(self.stop_button)
        self.hide()
