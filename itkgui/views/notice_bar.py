"""A bar that tells of something to be put right, with a button for what helps."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout

from itkgui.item_models.plain_text import shown_text
from itkgui.language import _
from itkgui.views.style import set_icon, set_role


class NoticeBar(QFrame):
    """Hidden until it is given something to say; with ``can_close`` it can be sent away unread."""

    helped = Signal()

    def __init__(self, help_text: str = "", *, can_close: bool = False) -> None:
        super().__init__()
        set_role(self, "notice-caution")
        self._picture, self.title, self.words = QLabel(), QLabel(), QLabel()
        set_icon(self._picture, "warning", "caution", 20)
        text = QVBoxLayout()
        text.setSpacing(1)
        for label, role in ((self.title, "notice-title"), (self.words, "notice-words")):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            label.setMinimumWidth(1)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            set_role(label, role)
            text.addWidget(label)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 7, 8, 7)
        layout.setSpacing(10)
        layout.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(text, 1)
        self.help_button, self.close_button = QPushButton(help_text), QToolButton()
        self.help_button.clicked.connect(self.helped)
        set_icon(self.close_button, "close", "quiet")
        self.close_button.setAccessibleName(_("Close this notice"))
        self.close_button.setToolTip(_("Close this notice"))
        self.close_button.clicked.connect(self.hide)
        layout.addWidget(self.help_button)
        layout.addWidget(self.close_button)
        self.help_button.setVisible(bool(help_text))  # not before: alone each would be a window
        self.close_button.setVisible(can_close)
        self.hide()

    def say(self, title: str, words: str = "", tone: str = "caution") -> None:
        """Show something, as ``bad`` or as a ``caution``; with an empty title nothing."""
        set_role(self, f"notice-{tone}")
        set_icon(self._picture, "failed" if tone == "bad" else "warning", tone, 20)
        self.title.setText(shown_text(title))
        self.words.setText(shown_text(words))
        self.words.setVisible(bool(words))
        self.help_button.setAccessibleDescription(title)
        self.setVisible(bool(title))
