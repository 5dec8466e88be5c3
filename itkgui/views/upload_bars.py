"""Bars above the uploads: what keeps them from arriving, and a button for what helps."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from itkgui.item_models.plain_text import shown_text
from itkgui.item_models.upload_notices import Notice, Remedy
from itkgui.views.style import set_icon, set_role

_ICONS = {"bad": "failed", "caution": "warning", "quiet": "info"}
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

    def show_notices(self, notices: Sequence[Notice]) -> None:
        """Show what is to be done, the most urgent on top."""
        if tuple(notices) == self.notices:
            return
        self.notices = tuple(notices)
        for bar in self._bars:
            self._layout.removeWidget(bar)
            bar.hide()
            bar.deleteLater()
        self._bars = [self._bar(notice) for notice in self.notices[:_MOST]]
        rest = len(self.notices) - len(self._bars)
        if rest:
            more = QLabel(f"and {rest} more, each for other uploads")
            set_role(more, "quiet")
            self._bars.append(more)
        for bar in self._bars:
            self._layout.addWidget(bar)
        self.setVisible(bool(self._bars))

    @property
    def texts(self) -> list[str]:
        """What the bars say, in words."""
        return [" ".join(filter(None, (n.title + ".", n.sentence, n.cure))) for n in self.notices[:_MOST]]

    def button(self, remedy: Remedy) -> QPushButton | None:
        """Return the first button that offers a remedy."""
        buttons = (button for bar in self._bars for button in bar.findChildren(QPushButton))
        return next((button for button in buttons if button.property("remedy") is remedy), None)

    def _bar(self, notice: Notice) -> QFrame:
        bar = QFrame()
        set_role(bar, f"notice-{notice.tone}")
        picture, title, words = QLabel(), QLabel(shown_text(notice.title)), QLabel()
        set_icon(picture, _ICONS[notice.tone], notice.tone, 20)
        words.setText(shown_text(" ".join(filter(None, (notice.sentence, notice.cure)))))
        for label, role in ((title, "notice-title"), (words, "notice-words")):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            label.setMinimumWidth(1)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            set_role(label, role)
        text = QVBoxLayout()
        text.setSpacing(1)
        text.addWidget(title)
        text.addWidget(words)
        words.setVisible(bool(words.text()))
        layout = QHBoxLayout(bar)
        layout.setContentsMargins(12, 7, 8, 7)
        layout.setSpacing(10)
        layout.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(text, 1)
        for remedy in notice.remedies:
            button = QPushButton(notice.swap if remedy is Remedy.SWAP else remedy.value)
            button.setProperty("remedy", remedy)
            button.setAccessibleDescription(notice.title)
            button.clicked.connect(partial(self._on_clicked, remedy, notice))
            layout.addWidget(button)
        return bar

    def _on_clicked(self, remedy: Remedy, notice: Notice) -> None:
        self.remedy_chosen.emit(remedy, notice)
