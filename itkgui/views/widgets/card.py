"""A framed part of a page, below its title."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout

from itkgui.views.style import set_role


class Card(QFrame):
    """Fill ``inside``."""

    def __init__(self, title: str) -> None:
        super().__init__()
        set_role(self, "card")
        head = QLabel(title)
        head.setTextFormat(Qt.TextFormat.PlainText)
        set_role(head, "heading")
        self.inside = QVBoxLayout(self)
        self.inside.setContentsMargins(16, 10, 16, 12)
        self.inside.setSpacing(6)
        self.inside.addWidget(head)

    def add_text(self, text: str = "", role: str = "") -> QLabel:
        """Return a new label below the others, which wraps."""
        label = plain_label(text, role)
        self.inside.addWidget(label)
        return label


def plain_label(text: str = "", role: str = "") -> QLabel:
    """Return a label that wraps, and can be copied from."""
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    label.setWordWrap(True)
    label.setMinimumWidth(1)  # a word that is too long must not widen the page
    if role:
        set_role(label, role)
    return label
