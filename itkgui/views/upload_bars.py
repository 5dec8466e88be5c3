"""Bars above the uploads: what keeps them from arriving, and a button for what helps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from itkgui.item_models.plain_text import shown_text
from itkgui.item_models.upload_notices import Notice, Remedy
from itkgui.language import _
from itkgui.views.style import arrange_by_text, set_icon, set_role

_ICONS = {"bad": "failed", "caution": "warning", "quiet": "info"}
_SHARE = 0.45  # of the width, that buttons take beside the words
_MOST = 3  # bars; further ones are counted


class UploadBars(QWidget):
    """Shows notices one above the other; made anew only when they are others."""

    remedy_chosen = Signal(object, object)  # Remedy, Notice

    def __init__(self) -> None:
        super().__init__()
        self.notices: tuple[Notice, ...] = ()
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(6)
        self._bars: list[QWidget] = []
        self.hide()

    def show_notices(self, notices: Sequence[Notice]) -> bool:
        """Show what is to be done, the most urgent on top; return whether there is more than before."""
        if tuple(notices) == self.notices:
            return False
        has_more = len(notices) > len(self.notices)
        self.notices = tuple(notices)
        for bar in self._bars:
            self._layout.removeWidget(bar)
            bar.hide()
            bar.deleteLater()
        self._bars = [_Bar(notice, self._on_clicked) for notice in self.notices[:_MOST]]
        rest = len(self.notices) - len(self._bars)
        if rest:
            more = QLabel(_("and {count} more, each for other uploads").format(count=rest))
            set_role(more, "quiet")
            self._bars.append(more)
        for bar in self._bars:
            self._layout.addWidget(bar)
        self.setVisible(bool(self._bars))
        return has_more

    @property
    def texts(self) -> list[str]:
        """What the bars say, in words."""
        return [" ".join(filter(None, (n.title + ".", n.sentence, n.cure))) for n in self.notices[:_MOST]]

    def button(self, remedy: Remedy) -> QPushButton | None:
        """Return the first button that offers a remedy."""
        buttons = (button for bar in self._bars for button in bar.findChildren(QPushButton))
        return next((button for button in buttons if button.property("remedy") == remedy.value), None)

    def _on_clicked(self, remedy: Remedy, notice: Notice) -> None:
        self.remedy_chosen.emit(remedy, notice)


class _Bar(QFrame):
    """One notice; its buttons are beside the words, or below where there is little room."""

    def __init__(self, notice: Notice, on_clicked: Callable[[Remedy, Notice], None]) -> None:
        super().__init__()
        set_role(self, f"notice-{notice.tone}")
        picture, title, words = QLabel(), QLabel(shown_text(notice.title)), QLabel()
        set_icon(picture, _ICONS[notice.tone], notice.tone, 20)
        words.setText(shown_text(" ".join(filter(None, (notice.sentence, notice.cure)))))
        text = QVBoxLayout()
        text.setSpacing(1)
        for label, role in ((title, "notice-title"), (words, "notice-words")):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            label.setMinimumWidth(1)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            set_role(label, role)
            text.addWidget(label)
        words.setVisible(bool(words.text()))
        self._buttons = buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for remedy in notice.remedies:
            button = QPushButton(notice.word_for(remedy))
            button.setProperty("remedy", remedy.value)
            button.setAccessibleDescription(notice.title)
            button.clicked.connect(partial(on_clicked, remedy, notice))
            buttons.addWidget(button)
        buttons.addStretch(1)
        self._turning = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._turning.setSpacing(6)
        self._turning.addLayout(text, 1)
        self._turning.addLayout(buttons)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 7, 8, 7)
        layout.setSpacing(10)
        layout.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(self._turning, 1)
        arrange_by_text(self)

    def resizeEvent(self, event: QResizeEvent) -> None:
        is_narrow = self._buttons.minimumSize().width() > event.size().width() * _SHARE
        ways = QBoxLayout.Direction
        self._turning.setDirection(ways.TopToBottom if is_narrow else ways.LeftToRight)
        super().resizeEvent(event)
