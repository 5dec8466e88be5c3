"""What speaks against sending the chosen files as they are, in words, and the ways out."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QVBoxLayout

from itkgui.item_models.plain_text import shown_text
from itkgui.item_models.review_table import ReviewRow
from itkgui.uploads.targets import Doubt, Finding, Home
from itkgui.views.flow_layout import FlowLayout
from itkgui.views.style import set_role

_MOST = 3  # findings in words
_HERE = "It belongs here all the same"


class ReviewDoubts(QFrame):
    """Hidden while there is nothing to say.

    That a file belongs to a component although it names another one takes two clicks.
    """

    changed = Signal()
    removal_wanted = Signal(object)  # list of ReviewRow
    retry_wanted = Signal(object)  # list of ReviewRow
    other_wanted = Signal(str, object)  # a component's name, list of ReviewRow

    def __init__(self) -> None:
        super().__init__()
        self._rows: Sequence[ReviewRow] = ()
        self._home: Home | None = None
        self._other = ""
        self.text = QLabel()
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.text.setWordWrap(True)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.text.setAccessibleName("What to know before sending")
        self.other_button, self.here_button = QPushButton(), QPushButton(_HERE)
        self.skip_button, self.again_button = QPushButton("Skip it"), QPushButton("Add it anyway")
        self.retry_button = QPushButton("Try again")
        self.other_button.clicked.connect(
            lambda: self.other_wanted.emit(self._other, self._rows_naming(self._other))
        )
        self.here_button.clicked.connect(self._on_here)
        self.skip_button.clicked.connect(lambda: self.removal_wanted.emit(self._rows_with(*_THERE)))
        self.again_button.clicked.connect(self._on_again)
        self.retry_button.clicked.connect(lambda: self.retry_wanted.emit(self._rows_with(Doubt.PROBLEM)))
        buttons = FlowLayout(spacing=8)
        for button in (
            self.other_button,
            self.here_button,
            self.skip_button,
            self.again_button,
            self.retry_button,
        ):
            buttons.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 8, 10, 8)
        layout.setSpacing(8)
        layout.addWidget(self.text)
        layout.addLayout(buttons)
        self.hide()

    def show_rows(self, rows: Sequence[ReviewRow], home: Home) -> None:
        """Show what there is to say about some rows."""
        if [row.id for row in rows] != [row.id for row in self._rows]:
            self._disarm()
        self._rows, self._home = rows, home
        said: dict[str, Finding] = {}
        for row in rows:
            for finding in row.findings:
                said.setdefault(finding.sentence, finding)
        waiting = [finding for row in rows for finding in row.open_doubts]
        strangers = [finding for finding in waiting if finding.doubt is Doubt.OTHER_COMPONENT]
        is_there = any(finding.doubt in _THERE for finding in waiting)
        is_broken = any(row.problem is not None for row in rows)
        by_weight = sorted(said.values(), key=lambda finding: finding not in waiting)
        sentences = [finding.sentence for finding in by_weight[:_MOST]]
        if len(by_weight) > _MOST:
            sentences.append(f"And {len(by_weight) - _MOST} more: choose fewer files to read them.")
        self.text.setText("\n".join(map(shown_text, sentences)))
        set_role(self, "doubt-bad" if waiting or is_broken else "doubt")
        self._other = strangers[0].other if strangers else ""
        self.other_button.setText(f"Go to {self._other} instead")
        self.other_button.setVisible(bool(strangers))
        self.here_button.setVisible(bool(strangers))
        self.skip_button.setVisible(is_there)
        self.again_button.setVisible(is_there)
        self.retry_button.setVisible(is_broken)
        self.setVisible(bool(sentences))

    def _rows_with(self, *doubts: Doubt) -> list[ReviewRow]:
        return [row for row in self._rows if any(finding.doubt in doubts for finding in row.findings)]

    def _rows_naming(self, other: str) -> list[ReviewRow]:
        return [row for row in self._rows if any(finding.other == other for finding in row.open_doubts)]

    def _disarm(self) -> None:
        self.here_button.setText(_HERE)
        set_role(self.here_button, "")

    def _on_here(self) -> None:
        if self.here_button.text() == _HERE and self._home is not None:
            self.here_button.setText(f"Yes, attach it to {self._home.label}, not to {self._other}")
            set_role(self.here_button, "danger")
            return
        self._disarm()
        for row in self._rows_with(Doubt.OTHER_COMPONENT):
            row.belongs_here = True
        self.changed.emit()

    def _on_again(self) -> None:
        for row in self._rows_with(*_THERE):
            row.is_wanted_again = True
        self.changed.emit()


_THERE = (Doubt.THERE_ALREADY, Doubt.TWICE)
