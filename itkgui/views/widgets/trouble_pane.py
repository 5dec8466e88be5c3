"""Shows an error where the thing that failed would have been: what happened, what it means, what to do."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from itkgui.item_models.trouble_words import Words, passes_by_itself
from itkgui.language import _
from itkgui.views.context.messages import message_of
from itkgui.views.style import set_icon, set_role
from itkgui.views.widgets.whole_label import WholeLabel


class TroublePane(QFrame):
    """Hidden until there is an error to show; offers to try again where that makes sense."""

    retry_requested = Signal()

    def __init__(self, parent: QWidget | None = None, *, can_retry: bool = True, retry: str = "") -> None:
        """``retry`` stands on the button, instead of the usual words."""
        super().__init__(parent)
        set_role(self, "trouble")
        self._can_retry, self._retry_text = can_retry, retry
        self._is_built = self._passes = self._is_due = False
        self.hide()

    def _build(self) -> None:
        # Few panes ever have an error to show, and every page has several.
        self._is_built = True
        picture = QLabel()
        set_icon(picture, "warning", "bad", 24)
        self._title = WholeLabel()
        set_role(self._title, "heading")
        self._sentence, self._cure, self._details = WholeLabel(), WholeLabel(), QLabel()
        self._details.setTextFormat(Qt.TextFormat.PlainText)
        self._details.setWordWrap(True)
        self._details.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._numbers = WholeLabel()
        self._numbers.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        for label in (self._numbers, self._details):
            set_role(label, "quiet")
        self._retry = QPushButton(self._retry_text or _("Try again"))
        self._retry.clicked.connect(self.retry_requested)
        self._details_button = QPushButton(_("Details"))
        self._details_button.setCheckable(True)
        self._details_button.toggled.connect(self._details.setVisible)

        words = QVBoxLayout()
        words.setSpacing(4)
        for label in (self._title, self._sentence, self._cure, self._numbers):
            words.addWidget(label)
        buttons = QHBoxLayout()
        buttons.addWidget(self._retry)
        buttons.addWidget(self._details_button)
        buttons.addStretch()
        words.addSpacing(4)
        words.addLayout(buttons)
        words.addWidget(self._details)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(14, 12, 14, 12)
        layout.setSpacing(12)
        layout.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(words, 1)

    def show_error(self, error: Words, *, can_retry: bool = True) -> None:
        """Show an error; ``can_retry`` is false for one that would only come again."""
        if not self._is_built:
            self._build()
        message = message_of(error)
        self._title.setText(message.title)
        self._sentence.setText(message.sentence)
        self._cure.setText(message.cure)
        self._numbers.setText(message.numbers)
        self._numbers.setVisible(bool(message.numbers))
        self._details.setText(message.details)
        self._retry.setVisible(self._can_retry and can_retry)
        self._passes = self._can_retry and can_retry and passes_by_itself(error)
        self._is_due = False
        self._details_button.setVisible(bool(message.details))
        self._details_button.setChecked(False)
        self._details.hide()
        self.show()

    def come_back(self) -> None:
        """Try again what the connection or the session kept from being done, as soon as it is seen."""
        if self._passes and not self.isHidden():
            self._is_due = True
            self._retry_if_seen()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        QTimer.singleShot(0, self, self._retry_if_seen)

    def _retry_if_seen(self) -> None:
        if self._is_due and self.isVisible():
            self._is_due = False
            self.retry_requested.emit()

    @property
    def title(self) -> str:
        """The title of the error shown; empty while there is none."""
        return "" if self.isHidden() else self._title.text()
