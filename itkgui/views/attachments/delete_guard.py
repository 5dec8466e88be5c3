"""Asks before attachments are deleted: what they are, of whom, and where else they are used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPlainTextEdit, QPushButton, QVBoxLayout

from itkgui.item_models.moments import local_text
from itkgui.item_models.plain_text import shown_text
from itkgui.item_models.review_status import doubt_of_rights
from itkgui.language import _, ngettext
from itkgui.records.attachment import Attachment, Storage
from itkgui.records.people import User
from itkgui.views.style import set_role, set_room
from itkgui.views.widgets.name_label import NameLabel

_MOST_USES = 5  # told one by one
_LINES = 3  # of the list of many files, that are in sight at least


@dataclass(frozen=True)
class Doomed:
    """An attachment that may be deleted, where it is in words, and where else it is named."""

    attachment: Attachment
    place: str
    uses: Sequence[str]


class DeleteGuard(QFrame):
    """Stands in the page, not before it; hidden until it has to ask. Esc keeps the files."""

    confirmed = Signal(object)  # list[Attachment]
    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        set_role(self, "trouble")
        self._attachments: list[Attachment] = []
        self.question, self.facts = NameLabel(), NameLabel()
        set_role(self.question, "heading")
        self.files: QPlainTextEdit | None = None
        """Names several; made with the first question about them, as every page has a guard."""
        self.delete_button, self.keep_button = QPushButton(_("Delete for good")), QPushButton(_("Keep it"))
        self.delete_button.clicked.connect(self._on_delete)
        self.keep_button.clicked.connect(self.close_question)
        buttons = QHBoxLayout()
        buttons.addWidget(self.delete_button)
        buttons.addWidget(self.keep_button)
        buttons.addStretch()
        self._lines = QVBoxLayout(self)
        self._lines.addWidget(self.question)
        self._lines.addWidget(self.facts)
        self._lines.addLayout(buttons)
        self.hide()

    def ask(self, doomed: Sequence[Doomed], user: User) -> None:
        """Ask whether to delete one attachment, or several, each of which is named."""
        self._attachments = [one.attachment for one in doomed]
        is_one = len(doomed) == 1
        if is_one:
            name, place = doomed[0].attachment.display_name, doomed[0].place
            self.question.say(shown_text(_("Delete “{name}” from {place}?").format(name=name, place=place)))
            facts = _facts(doomed[0], user)
        else:
            count = len(doomed)
            said = ngettext("Delete these {count:,} files?", "Delete these {count:,} files?", count)
            self.question.say(said.format(count=count))
            self._list_files("\n".join(shown_text(_line(one, user)) for one in doomed))
            has_links = any(one.attachment.storage is Storage.LINK for one in doomed)
            facts = [_("Their entries and bytes are removed, for everybody; nobody can undo that.")]
            facts += [_("What links lead to stays.")] if has_links else []
        if user.signature:
            facts.append(_("You delete as {who}.").format(who=user.signature))
        if doubt := doubt_of_rights(user):
            facts.append(doubt)
        self.facts.say("\n".join(map(shown_text, facts)))
        if self.files is not None:
            self.files.setVisible(not is_one)
        self.keep_button.setText(_("Keep it") if is_one else _("Keep them"))
        self.show()
        self.keep_button.setFocus()  # Enter, pressed without reading, does no harm

    def _list_files(self, lines: str) -> None:
        if self.files is None:
            self.files = QPlainTextEdit()
            self.files.setReadOnly(True)
            self.files.setAccessibleName(_("The files to be deleted"))
            self.files.setTabChangesFocus(True)
            set_room(self.files, least=(0, _LINES))
            self._lines.insertWidget(1, self.files)
        self.files.setPlainText(lines)

    def close_question(self) -> None:
        """Keep the files."""
        if not self.isHidden():
            self._attachments = []
            self.hide()
            self.closed.emit()

    def _on_delete(self) -> None:
        attachments = self._attachments
        self.close_question()
        if attachments:
            self.confirmed.emit(attachments)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_question()
        elif event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            has_focus = self.keep_button.hasFocus()
            (self.delete_button if has_focus else self.keep_button).setFocus()
        else:
            super().keyPressEvent(event)


def _line(doomed: Doomed, user: User) -> str:
    attachment, uses = doomed.attachment, doomed.uses
    facts = [attachment.display_name, _("from {place}").format(place=doomed.place)]
    if attachment.user.name and not _is_own(attachment, user):
        facts.append(_("added by {name}").format(name=attachment.user.name))
    if uses:
        facts.append(_("used elsewhere too: {uses}").format(uses=_uses_text(uses)))
    return "  ·  ".join(facts)


def _is_own(attachment: Attachment, user: User) -> bool:
    return bool(attachment.user.identity) and attachment.user.identity == user.identity


def _uses_text(uses: Sequence[str]) -> str:
    names, more = ", ".join(uses[:_MOST_USES]), len(uses) - _MOST_USES
    if more <= 0:
        return names
    return ngettext("{names} and {count} more", "{names} and {count} more", more).format(
        names=names, count=more
    )


def _facts(doomed: Doomed, user: User) -> list[str]:
    attachment, uses = doomed.attachment, doomed.uses
    moment = local_text(attachment.moment) if attachment.moment else ""
    name = attachment.user.name
    found = [_how_added(moment, name, _is_own(attachment, user)).format(time=moment, name=name)]
    if uses:
        found.append(_("It is used elsewhere too: {uses}.").format(uses=_uses_text(uses)))
    else:
        found.append(_("No other run or result on this page names it."))
    removed = {
        Storage.EOS: _("Its entry and its bytes on EOS are removed, for everybody; nobody can undo that."),
        Storage.FILE: _(
            "Its entry and its bytes in the database are removed, for everybody; nobody can undo that."
        ),
        Storage.LINK: _("The link is removed, what it leads to stays, for everybody; nobody can undo that."),
    }[attachment.storage]
    return [*filter(None, found), removed]


def _how_added(moment: str, name: str, is_own: bool) -> str:
    if moment and name:
        return (
            _("It was added {time} by {name}, which is you.")
            if is_own
            else _("It was added {time} by {name}.")
        )
    if name:
        return _("It was added by {name}, which is you.") if is_own else _("It was added by {name}.")
    if moment:
        return _("It was added {time}, which is you.") if is_own else _("It was added {time}.")
    return ""
