"""What a pane shows when it has nothing to show: why, and what to do."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from itkgui.views.style import set_icon, set_role
from itkgui.views.widgets.whole_label import WholeLabel

_MARGIN = 8  # pixels, around each part


class _Picture(QLabel):
    """Leaves its room to what is written where there is not enough for both."""

    def __init__(self) -> None:
        super().__init__()
        self.setMinimumHeight(1)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.height() >= self.sizeHint().height():
            super().paintEvent(event)


class EmptyPane(QWidget):
    """A quiet picture with one or two sentences in the middle of the pane, and a button where one helps."""

    def __init__(self, icon_name: str, sentence: str, advice: str = "") -> None:
        super().__init__()
        self._picture = _Picture()
        set_icon(self._picture, icon_name, "quiet", 32)
        self._sentence, self._advice = WholeLabel(), WholeLabel()
        for label, role in ((self._sentence, "heading"), (self._advice, "quiet")):
            label.setMinimumWidth(1)  # a word that is too long must not widen the page
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            set_role(label, role)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, _MARGIN, 24, _MARGIN)
        layout.setSpacing(_MARGIN)
        layout.addStretch(2)
        layout.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addWidget(self._sentence)
        layout.addWidget(self._advice)
        self._end = layout.count()
        layout.addStretch(3)
        self._layout = layout
        self.say(sentence, advice)

    def say(self, sentence: str, advice: str = "", *, has_picture: bool = True) -> None:
        """Tell this; the picture is that of a page on which all is well."""
        self._picture.setVisible(has_picture)
        self._sentence.setText(sentence)
        self._advice.setText(advice)
        self._advice.setVisible(bool(advice))

    def add_button(self, text: str) -> QPushButton:
        """Return a new button below the sentences; whoever asked for it lets it do something."""
        button = QPushButton(text)
        self._layout.insertWidget(self._end, button, 0, Qt.AlignmentFlag.AlignHCenter)
        return button

    @property
    def sentence(self) -> str:
        return self._sentence.text()
