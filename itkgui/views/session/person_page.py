"""Who is signed in: name, institutions and rights, how long the session lasts, where the codes are."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QFrame, QPushButton, QVBoxLayout, QWidget

from itkgui.item_models.membership_table import MembershipTable
from itkgui.item_models.plain_text import shown_text
from itkgui.item_models.session_words import words_of
from itkgui.language import _, ngettext
from itkgui.records.people import Membership
from itkgui.session_keeper import Outlook, outlook_of
from itkgui.views.context.view_context import ViewContext
from itkgui.views.session.session_strip import SessionStrip
from itkgui.views.style import set_role, set_room
from itkgui.views.tables.record_view import RecordView
from itkgui.views.widgets.card import plain_label
from itkgui.views.widgets.empty_pane import EmptyPane
from itkgui.views.widgets.flow_layout import FlowLayout
from itkgui.views.widgets.tall_page import TallPage


class PersonPage(TallPage):
    """What the database says of the person, as of the sign-in; nobody else's page can be opened."""

    forget_codes_requested = Signal()

    def __init__(self, context: ViewContext, strip: SessionStrip) -> None:
        super().__init__(wraps=True)
        self._context = context
        set_role(self, "page")
        user, database = context.database.user, context.database
        self.name = plain_label(
            shown_text(user.name or _("Somebody who signed in with a token that names nobody")), "title"
        )
        facts = (
            user.identity and _("Identity {identity}").format(identity=user.identity),
            user.email,
            user.default_project and _("Project {project}").format(project=user.default_project),
            _("Database {address}").format(address=database.settings.api_url),
        )
        self.facts = plain_label(shown_text("  ·  ".join(filter(None, facts))), "quiet")
        self.session = plain_label()
        self.codes = plain_label("", "quiet")
        self.forget_button = QPushButton(_("Forget the codes"))
        self.forget_button.clicked.connect(self.forget_codes_requested)
        self.lock_button, self.change_button = QPushButton(_("Lock")), QPushButton(_("Change person"))
        self.sign_out_button = QPushButton(_("Sign out"))
        actions = QWidget()
        row = FlowLayout(actions, spacing=8)
        row.setContentsMargins(0, 0, 0, 0)
        for button, action in (
            (self.lock_button, strip.lock_action),
            (self.change_button, strip.change_action),
            (self.sign_out_button, strip.sign_out_action),
        ):
            button.clicked.connect(action.trigger)
            row.addWidget(button)
        row.addWidget(self.forget_button)
        self.table = MembershipTable()
        self.view: RecordView[Membership] = RecordView(self.table, _("Institutions and rights"))
        self.view.set_widths(12, 28, 7, 36, 30)
        self.view.remember(context.memory, "memberships")
        self.view.show_records(user.memberships, key=lambda membership: membership.institution.code)
        set_room(self.view, least=(0, 8))
        count = ngettext("{count} institution", "{count} institutions", len(user.memberships))
        self.heading = plain_label(count.format(count=f"{len(user.memberships):,}"), "heading")
        nowhere = EmptyPane(
            "user",
            _("No institution."),
            _("Without one you can read; ask your institute's ITk contact to have you added."),
        )
        page = self.layout_of_content
        page.setContentsMargins(18, 16, 18, 14)
        page.setSpacing(12)
        page.addWidget(_card(self.name, self.facts))
        page.addWidget(_card(self.session, self.codes, actions))
        page.addWidget(_card(self.heading, self.view if user.memberships else nowhere), 1)
        self.show_outlook(outlook_of(database.client.authenticator))

    def show_outlook(self, outlook: Outlook) -> None:
        """Tell how it stands with the session."""
        words = words_of(outlook, self._context.database.session_ends)
        self.session.setText(words.hint)

    def show_codes(self, place: str) -> None:
        """Tell where the access codes are kept; nowhere by an empty text."""
        told = _("The access codes are kept in {place}, because somebody asked for that at sign-in.")
        self.codes.setText(
            told.format(place=place) if place else _("Access codes are kept nowhere but in memory.")
        )
        self.forget_button.setVisible(bool(place))

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.view.setFocus(event.reason())


def _card(*widgets: QWidget) -> QFrame:
    card = QFrame()
    set_role(card, "card")
    layout = QVBoxLayout(card)
    layout.setContentsMargins(16, 12, 16, 12)
    layout.setSpacing(8)
    for widget in widgets:
        layout.addWidget(widget)
    return card
