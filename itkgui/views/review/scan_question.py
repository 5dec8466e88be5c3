"""Asks what a scan meant while files for another component wait for a decision."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout

from itkgui.item_models.plain_text import shown_text
from itkgui.language import _
from itkgui.views.commands import offer
from itkgui.views.style import set_icon, set_role


class ScanQuestion(QFrame):
    """Hidden until it asks whether to stay with the files under review, or to open what was scanned."""

    def __init__(self) -> None:
        super().__init__()
        set_role(self, "undo")
        self._then: Callable[[], None] | None = None
        picture = QLabel()
        set_icon(picture, "warning", "caution")
        self.text = QLabel()
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.text.setWordWrap(True)
        self.stay_button, self.open_button = QPushButton(_("Stay")), QPushButton(_("Open"))
        self.stay_button.clicked.connect(self.hide)
        self.open_button.clicked.connect(self._on_open)
        offer(self, "stay-here", self.stay_button.click)
        offer(self, "open-scanned", self.open_button.click)
        buttons = QHBoxLayout()
        buttons.addWidget(self.stay_button)
        buttons.addWidget(self.open_button)
        buttons.addStretch(1)
        words = QVBoxLayout()
        words.addWidget(self.text)
        words.addLayout(buttons)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(14, 6, 14, 6)
        layout.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(words, 1)
        self.hide()

    def ask(self, here: str, scanned: str, then: Callable[[], None]) -> None:
        self._then = then
        said = _("{scanned} was scanned. This sheet waits for you: its files are for {here}.")
        self.text.setText(shown_text(said.format(scanned=scanned, here=here)))
        self.stay_button.setText(shown_text(_("Stay with {here}").format(here=here)))
        self.open_button.setText(shown_text(_("Open {scanned}").format(scanned=scanned)))
        self.show()

    def _on_open(self) -> None:
        self.hide()
        if self._then is not None:
            self._then()
