"""Whose session it is and how long it lasts: the right part of the window's head."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QWidget

from itkgui.client.database import ProductionDatabase
from itkgui.item_models.plain_text import plain_hint, shown_name
from itkgui.item_models.session_words import words_of
from itkgui.language import _
from itkgui.session_keeper import Outlook, SessionState, outlook_of
from itkgui.views.commands import command, offer
from itkgui.views.style import set_icon, set_role

_ROLES = {"quiet": "session", "caution": "session-caution", "bad": "session-bad"}
_ICONS = {"quiet": "clock", "caution": "warning", "bad": "failed"}


class SessionStrip(QWidget):
    """Name and institute, always in sight, with what a person can do about the session in a menu."""

    sign_out_requested = Signal()
    sign_in_requested = Signal()  # once more: the session has ended
    page_requested = Signal()
    lock_requested = Signal()
    change_requested = Signal()
    changed = Signal()  # it may need other room

    def __init__(self, database: ProductionDatabase) -> None:
        super().__init__()
        self._database, user = database, database.user
        self._state = SessionState.KEPT
        self.session, self.person = QToolButton(), QToolButton()
        self.session.clicked.connect(self._on_clicked)
        set_icon(self.person, "user")
        for button in (self.session, self.person):
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        name = user.name or _("bearer token")
        self.person.setText(shown_name(user.signature or name))
        self.person.setToolTip(plain_hint("\n".join(filter(None, (name, user.home.label)))))
        self.person.setAccessibleName(_("Signed in: {who}").format(who=user.signature or name))
        self.person.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.menu = QMenu(self.person)
        self.page_action = self.menu.addAction(command("person").text, self.page_requested.emit)
        self.lock_action, self.change_action, self.sign_out_action = (
            offer(self, name, signal.emit)
            for name, signal in (
                ("lock", self.lock_requested),
                ("change-person", self.change_requested),
                ("sign-out", self.sign_out_requested),
            )
        )
        self.menu.addActions([self.lock_action, self.change_action])
        self.menu.addSeparator()
        self.menu.addAction(self.sign_out_action)
        self.person.setMenu(self.menu)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self.session)
        layout.addWidget(self.person)
        self.show_outlook(outlook_of(database.client.authenticator))

    def show_outlook(self, outlook: Outlook) -> None:
        """Tell how it stands with the session."""
        self._state = outlook.state
        words = words_of(outlook, self._database.session_ends)
        is_longer = words.text != self.session.text()
        self.session.setText(words.text)
        self.session.setToolTip(plain_hint(words.hint))
        self.session.setAccessibleDescription(words.hint)
        set_icon(self.session, _ICONS[words.tone], words.tone)
        set_role(self.session, _ROLES[words.tone])
        if is_longer:
            self.changed.emit()

    def _on_clicked(self) -> None:
        (self.sign_in_requested if self._state is SessionState.OVER else self.page_requested).emit()
