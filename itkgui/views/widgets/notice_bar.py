"""A bar that tells of something to be put right, with buttons for what helps."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from itkgui.item_models.plain_text import shown_text
from itkgui.language import _
from itkgui.views.style import arrange_by_text, set_icon, set_role
from itkgui.views.widgets.whole_label import WholeLabel

_ICONS = {"bad": "failed", "caution": "warning", "quiet": "info"}
_SHARE = 0.45  # of the width, that buttons take beside the words; those that need more stand below


class NoticeBar(QFrame):
    """Hidden until it is given something to say; with ``can_close`` it can be sent away unread."""

    helped = Signal()

    def __init__(
        self, help_text: str = "", *, can_close: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        set_role(self, "notice-caution")
        self._picture, self.title, self.words = QLabel(), WholeLabel(), WholeLabel()
        text = QVBoxLayout()
        text.setSpacing(1)
        for label, role in ((self.title, "notice-title"), (self.words, "notice-words")):
            label.setMinimumWidth(1)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            set_role(label, role)
            text.addWidget(label)
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(8)
        self._buttons.addStretch(1)
        self._turning = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._turning.setSpacing(6)
        self._turning.addLayout(text, 1)
        self._turning.addLayout(self._buttons)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 7, 8, 7)
        layout.setSpacing(10)
        layout.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(self._turning, 1)
        self.close_button = QToolButton()
        self.help_button = self.add_button(help_text)
        self.help_button.clicked.connect(self.helped)
        set_icon(self.close_button, "close", "quiet")
        self.close_button.setAccessibleName(_("Close this notice"))
        self.close_button.setToolTip(_("Close this notice"))
        self.close_button.clicked.connect(self.hide)
        layout.addWidget(self.close_button)
        self.help_button.setVisible(bool(help_text))  # not before: alone each would be a window
        self.close_button.setVisible(can_close)
        arrange_by_text(self)
        self.hide()

    def add_button(self, text: str) -> QPushButton:
        """Add one more button, behind the others."""
        button = QPushButton(text)
        self._buttons.insertWidget(self._buttons.count() - 1, button)
        return button

    def resizeEvent(self, event: QResizeEvent) -> None:
        is_narrow = self._buttons.minimumSize().width() > event.size().width() * _SHARE
        ways = QBoxLayout.Direction
        self._turning.setDirection(ways.TopToBottom if is_narrow else ways.LeftToRight)
        super().resizeEvent(event)

    def say(self, title: str, words: str = "", tone: str = "caution") -> None:
        """Show something, as ``bad``, as a ``caution`` or ``quiet``; with an empty title nothing."""
        set_role(self, f"notice-{tone}")
        set_icon(self._picture, _ICONS[tone], tone, 20)
        self.title.setText(shown_text(title))
        self.words.setText(shown_text(words))
        self.words.setVisible(bool(words))
        self.help_button.setAccessibleDescription(title)
        self.setVisible(bool(title))
