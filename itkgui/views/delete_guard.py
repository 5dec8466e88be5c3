"""Asks before an attachment is deleted: what it is, of whom, and where else it is used."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout

from itkgui.item_models.moments import local_text
from itkgui.item_models.plain_text import shown_text
from itkgui.records.attachment import Attachment, Storage
from itkgui.records.people import User
from itkgui.views.name_label import NameLabel
from itkgui.views.style import set_role

_MOST_USES = 5  # told one by one


class DeleteGuard(QFrame):
    """Stands in the page, not before it; hidden until it has to ask. Esc keeps the file."""

    confirmed = Signal(object)  # Attachment
    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        set_role(self, "trouble")
        self._attachment: Attachment | None = None
        self.question, self.facts = NameLabel(), NameLabel()
        set_role(self.question, "heading")
        self.delete_button, self.keep_button = QPushButton("Delete for good"), QPushButton("Keep it")
        self.delete_button.clicked.connect(self._on_delete)
        self.keep_button.clicked.connect(self.close_question)
        buttons = QHBoxLayout()
        buttons.addWidget(self.delete_button)
        buttons.addWidget(self.keep_button)
        buttons.addStretch()
        layout = QVBoxLayout(self)
        layout.addWidget(self.question)
        layout.addWidget(self.facts)
        layout.addLayout(buttons)
        self.hide()

    def ask(self, attachment: Attachment, place: str, uses: Sequence[str], user: User) -> None:
        """Ask whether to delete an attachment of ``place``; ``uses`` are where else it is named."""
        self._attachment = attachment
        self.question.say(shown_text(f"Delete “{attachment.display_name}” from {place}?"))
        self.facts.say("\n".join(map(shown_text, _facts(attachment, uses, user))))
        self.show()
        self.keep_button.setFocus()  # Enter, pressed without reading, does no harm

    def close_question(self) -> None:
        """Keep the file."""
        if not self.isHidden():
            self._attachment = None
            self.hide()
            self.closed.emit()

    def _on_delete(self) -> None:
        attachment = self._attachment
        self.close_question()
        if attachment is not None:
            self.confirmed.emit(attachment)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_question()
        elif event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            has_focus = self.keep_button.hasFocus()
            (self.delete_button if has_focus else self.keep_button).setFocus()
        else:
            super().keyPressEvent(event)


def _facts(attachment: Attachment, uses: Sequence[str], user: User) -> list[str]:
    added = " by ".join(filter(None, (local_text(attachment.moment), attachment.user.name)))
    is_own = attachment.user.identity and attachment.user.identity == user.identity
    found = [f"It was added {added}{', which is you' if is_own else ''}."] if added else []
    if uses:
        more = f" and {len(uses) - _MOST_USES} more" if len(uses) > _MOST_USES else ""
        found.append(f"It is used elsewhere too: {', '.join(uses[:_MOST_USES])}{more}.")
    else:
        found.append("No other run or result on this page names it.")
    where = {
        Storage.EOS: "Its entry and its bytes on EOS are removed",
        Storage.FILE: "Its entry and its bytes in the database are removed",
        Storage.LINK: "The link is removed, what it leads to stays",
    }[attachment.storage]
    found.append(f"{where}, for everybody; nobody can undo that.")
    if not user.memberships:
        found.append("Your account belongs to no institution: the database will probably refuse.")
    return found
