"""A bar for the seconds in which what was sent can still be taken back."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from itkgui.item_models.plain_text import shown_text
from itkgui.item_models.review_row import ReviewRow
from itkgui.item_models.upload_words import counted
from itkgui.language import _, ngettext
from itkgui.views.commands import WITHIN, offer
from itkgui.views.style import set_icon, set_role

_BEAT_MS = 250


class UndoBar(QFrame):
    """Counts down, and is gone when the time is over; Undo (Ctrl+Z on the page) asks for the rows."""

    undo_requested = Signal(object)  # list of ReviewRow
    focus_left = Signal()  # it had the keys when it went

    def __init__(self) -> None:
        super().__init__()
        set_role(self, "undo")
        self._rows: list[ReviewRow] = []
        self._label, self._end = "", 0.0
        picture = QLabel()
        set_icon(picture, "clock", "caution")
        self.text = QLabel()
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.text.setWordWrap(True)
        self.undo_button = QPushButton(_("Undo"))
        self.undo_button.setToolTip(_("Take them back (Ctrl+Z)"))
        self.undo_button.clicked.connect(self._on_undo)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(14, 6, 14, 6)
        layout.addWidget(picture)
        layout.addWidget(self.text, 1)
        layout.addWidget(self.undo_button)
        self._timer = QTimer(self)
        self._timer.setInterval(_BEAT_MS)
        self._timer.timeout.connect(self._count)
        self.hide()

    def take_key(self, page: QWidget) -> None:
        """Let Ctrl+Z anywhere on a page press the button."""
        offer(page, "undo-upload", self._on_undo, context=WITHIN, is_available=self.isVisible)

    def offer(self, rows: Sequence[ReviewRow], label: str, seconds: float) -> None:
        """Offer to take rows back; those of a moment ago are offered with them until their time is over."""
        self._rows = [*(self._rows if self.isVisible() else ()), *rows]
        self._label, self._end = label, time.monotonic() + seconds
        self._timer.start()
        self._count()
        self.setVisible(bool(self._rows))
        self.undo_button.setFocus()

    def _count(self) -> None:
        left = self._end - time.monotonic()
        if left <= 0:
            self.close_bar()
            return
        runs = sum(row.run is not None for row in self._rows)
        files = counted(runs, len(self._rows) - runs)
        said = ngettext(
            "{files} for {name} goes in {seconds} s", "{files} for {name} go in {seconds} s", len(self._rows)
        )
        self.text.setText(shown_text(said.format(files=files, name=self._label, seconds=math.ceil(left))))

    def close_bar(self) -> None:
        """Offer nothing any more."""
        self._timer.stop()
        self._rows = []
        had_focus = self.undo_button.hasFocus()  # which Qt would give to any button of the window
        self.hide()
        if had_focus:
            self.focus_left.emit()

    def _on_undo(self) -> None:
        rows = self._rows
        self.close_bar()
        if rows:
            self.undo_requested.emit(rows)
