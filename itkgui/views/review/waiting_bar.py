"""Leads back to files under review, while somebody looks at something else for a moment."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton

from itkgui.language import _
from itkgui.views.style import set_icon, set_role


class WaitingBar(QFrame):
    """Shown as long as they wait."""

    back_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        set_role(self, "undo")
        picture = QLabel()
        set_icon(picture, "clock", "caution")
        text = QLabel(_("What you are about to send waits for you."))
        text.setTextFormat(Qt.TextFormat.PlainText)
        text.setWordWrap(True)
        self.back_button = QPushButton(_("Back to it"))
        self.back_button.setToolTip(_("Go on with the review (Esc)"))
        self.back_button.clicked.connect(self.back_wanted)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(14, 6, 14, 6)
        layout.addWidget(picture)
        layout.addWidget(text, 1)
        layout.addWidget(self.back_button)
        self.hide()
