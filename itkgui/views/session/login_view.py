"""Sign-in: which server, and with access codes or a bearer token."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from itkgui.client.credentials import AccessCodes
from itkgui.client.exceptions import ItkError
from itkgui.item_models.plain_text import shown_text
from itkgui.language import N_, _
from itkgui.settings import PRODUCTION_API_URL, PRODUCTION_AUTH_URL, Settings
from itkgui.views.commands import WITHIN, command, offer
from itkgui.views.session.credential_fields import ROW_GAP, CredentialFields, add_row, new_form
from itkgui.views.session.keyring_row import KeyringRow
from itkgui.views.style import set_icon, set_role, set_room
from itkgui.views.widgets.tall_page import TallPage, bring_into_sight
from itkgui.views.widgets.trouble_pane import TroublePane

PRODUCTION, OTHER, SANDBOX = N_("Production database"), N_("Other server"), N_("Sandbox (practice)")
OTHER_BANNER = N_("TEST SERVER: not the production database")


class LoginView(QWidget):
    """The form. It emits what was entered and is told how it went; it never signs in by itself."""

    sign_in_requested = Signal(object, object)  # Settings, Credentials
    sandbox_requested = Signal()
    server_changed = Signal()

    def __init__(self, settings: Settings, codes_from: str = "") -> None:
        super().__init__()
        self._settings = settings
        self._codes_from = codes_from
        self._sandbox: Settings | None = None
        self._sandbox_banner = ""
        self._build()
        self._show_addresses(settings)
        self._offer_server(settings)

    def _build(self) -> None:
        set_role(self, "page")
        card = QFrame()
        set_role(card, "card")
        set_room(card, least=(40, 0), most=(72, 0))

        logo = QLabel()
        logo.setPixmap(self.windowIcon().pixmap(44, 44))
        title = QLabel(_("Sign in to the ITk Production Database"))
        title.setWordWrap(True)
        set_role(title, "title")
        head = QHBoxLayout()
        head.setSpacing(14)
        head.addWidget(logo)
        head.addWidget(title, 1)

        self.server = QComboBox()
        for name in (PRODUCTION, OTHER, SANDBOX):
            self.server.addItem(_(name), name)
        self.server.currentIndexChanged.connect(self._on_server_changed)
        self.api_url, self.auth_url = QLineEdit(), QLineEdit()
        self.api_url.textChanged.connect(self._show_banner)
        for field in (self.api_url, self.auth_url):  # the host, which is given the codes, stays in sight
            field.editingFinished.connect(partial(field.setCursorPosition, 0))
        self._addresses = QWidget()
        addresses = new_form(self._addresses)
        add_row(addresses, _("Database"), self.api_url)
        add_row(addresses, _("Identity provider"), self.auth_url)

        self.fields = CredentialFields()
        self.method, self.bearer = self.fields.method, self.fields.bearer
        self.code1, self.code2 = self.fields.code1, self.fields.code2
        for field in (self.code1, self.code2):
            field.textChanged.connect(self._show_origin)
        self.keyring_row = KeyringRow()
        self.method.currentIndexChanged.connect(self._show_keyring)
        self.method.currentIndexChanged.connect(self._show_origin)
        self._origin = QLabel()
        self._origin.setTextFormat(Qt.TextFormat.PlainText)
        self._origin.setWordWrap(True)
        set_role(self._origin, "quiet")
        self.refill_button = QPushButton(_("Fill in the sandbox's own codes"))
        set_role(self.refill_button, "link")
        self.refill_button.clicked.connect(self._on_refill)

        self.trouble = TroublePane(can_retry=False)
        self.fields.scanned.connect(self.trouble.show_error)
        self.method.currentIndexChanged.connect(self.trouble.hide)
        self.sign_in_button = QPushButton(_("Sign in"))
        set_role(self.sign_in_button, "main")
        self.sign_in_button.clicked.connect(self.sign_in)
        self.sandbox_button = QPushButton(_("No account? Practise in the sandbox"))
        set_role(self.sandbox_button, "link")
        set_icon(self.sandbox_button, "sandbox", "accent")
        self.sandbox_button.clicked.connect(lambda: self._choose_server(SANDBOX))
        buttons = QHBoxLayout()
        buttons.addWidget(self.sandbox_button)
        buttons.addStretch()
        buttons.addWidget(self.sign_in_button)

        choices = new_form()
        add_row(choices, _("Server"), self.server)
        choices.addRow(self._addresses)
        add_row(choices, _("Sign in with"), self.method)
        inner = QVBoxLayout(card)
        inner.setContentsMargins(30, 26, 30, 24)
        inner.setSpacing(ROW_GAP)
        inner.addLayout(head)
        inner.addSpacing(4)
        inner.addLayout(choices)
        inner.addWidget(self.fields)
        inner.addWidget(self._origin)
        inner.addWidget(self.refill_button, 0, Qt.AlignmentFlag.AlignLeft)
        inner.addWidget(self.keyring_row)
        inner.addWidget(self.trouble)
        inner.addLayout(buttons)

        # Not while a list hangs open: that has the keys then, and is a window of its own.
        offer(card, "sign-in", self._on_enter, context=WITHIN)

        self.look_button = QToolButton()
        self.look_button.setText(_("Text size and look"))
        self.look_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.menu = QMenu(self.look_button)
        self.look_button.setMenu(self.menu)
        self.settings_button = QToolButton()
        self.settings_button.setText(_("Settings"))
        offer(self, "settings", self.settings_button.click)
        self.settings_button.setToolTip(_("Settings (Ctrl+,)"))
        below = QHBoxLayout()
        below.addStretch()
        self.diagnosis_button = QToolButton()
        self.diagnosis_button.setText(command("diagnosis").text)
        self.diagnosis_button.setToolTip(command("diagnosis").hint)
        below.addWidget(self.diagnosis_button)
        below.addWidget(self.settings_button)
        below.addWidget(self.look_button)

        across = QHBoxLayout()
        across.addStretch(1)
        across.addWidget(card, 50)  # up to what it wants at most
        across.addStretch(1)
        self.banner = QLabel()
        set_role(self.banner, "banner")
        self.banner.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.banner)
        page = TallPage(wraps=True)
        page.layout_of_content.addStretch(2)
        page.layout_of_content.addLayout(across)
        page.layout_of_content.addStretch(3)
        layout.addWidget(page, 1)
        layout.addLayout(below)

    # What the window tells -----------------------------------------------------------------------------

    def use_settings(self, settings: Settings) -> None:
        """Take up settings that were changed; another address is offered instead of what was chosen."""
        before, self._settings = self._settings, settings
        is_elsewhere = (before.api_url, before.auth_url) != (settings.api_url, settings.auth_url)
        if is_elsewhere:
            self._show_addresses(settings)
            if self._chosen_server != SANDBOX:
                self._offer_server(settings)

    def _show_addresses(self, settings: Settings) -> None:
        for field, address in ((self.api_url, settings.api_url), (self.auth_url, settings.auth_url)):
            field.setText(address)
            field.setCursorPosition(0)

    def _offer_server(self, settings: Settings) -> None:
        is_usual = settings.is_production and settings.auth_url == PRODUCTION_AUTH_URL
        self._choose_server(PRODUCTION if is_usual else OTHER)
        self._on_server_changed()

    def use_sandbox(self, settings: Settings, banner: str) -> None:
        """Offer a sandbox that is ready, its codes filled in, so that one click signs in."""
        self._sandbox, self._sandbox_banner = settings, banner
        self._choose_server(SANDBOX)
        self._on_server_changed()
        self.take_focus()

    def lose_sandbox(self) -> None:
        """Offer the sandbox no more as it was: the next sign-in there starts another."""
        self._sandbox, self._sandbox_banner = None, ""
        self.banner.hide()
        if self._chosen_server == SANDBOX:
            self.take_codes_back()

    def take_focus(self) -> None:
        """Give the focus to what is to be typed next, or to the button if all is there."""
        (self.fields.next_field or self.sign_in_button).setFocus()

    def set_busy(self, what: str = "") -> None:
        """Show that something is under way (``"Signing in…"``), or with an empty text that it has ended."""
        self.sign_in_button.setText(what or _("Sign in"))
        for widget in (self.sign_in_button, self.server, self.method, self.fields, self.sandbox_button):
            widget.setEnabled(not what)

    def show_error(self, error: ItkError) -> None:
        self.set_busy()
        self.trouble.show_error(error)
        self.fields.first.setFocus()
        QTimer.singleShot(0, self, self._show_way_on)  # once the error has its room

    def _show_way_on(self) -> None:
        """Let the button not be below the page because of an error, nor the field above it."""
        bring_into_sight(self.sign_in_button)
        bring_into_sight(self.fields.first)

    def refill(self) -> None:
        """Fill in the codes that go with the chosen server; what was typed gives way only to a sandbox's."""
        chosen = self._chosen_server
        source = self._settings
        note = _("Access codes taken from {place}.").format(place=self._codes_from)
        if chosen == SANDBOX and self._sandbox is not None:
            source, note = self._sandbox, _("The sandbox's own codes are filled in: just sign in.")
            self.method.setCurrentIndex(0)  # access codes
        elif any(field.text() and not field.is_given for field in (self.code1, self.code2)):
            self.take_codes_back()  # they belong to another server
            return
        self.code1.give(source.access_code1)
        self.code2.give(source.access_code2)
        self._tell_origin(note if source.access_code1 else "")

    def forget(self) -> None:
        """Empty the fields that hold secrets."""
        self._origin.clear()
        self.fields.forget()

    def give_codes(self, codes: AccessCodes, place: str) -> None:
        """Fill in codes that were kept; what was typed meanwhile stays."""
        if self.fields.give(codes):
            self._tell_origin(_("Access codes taken from {place}: just sign in.").format(place=place))
            self.take_focus()

    def take_codes_back(self) -> None:
        """Empty the fields that were filled in, and not typed."""
        for field in (self.code1, self.code2):
            if field.is_given:
                field.give("")
        self._tell_origin("")

    def _tell_origin(self, note: str) -> None:
        self._origin.setText(shown_text(note))
        self._show_origin()

    def _show_origin(self) -> None:
        """Tell where the codes are from as long as they are; offer a sandbox's own instead of others."""
        entered = (self.code1.text(), self.code2.text())
        if self.offers_sandbox and self._sandbox is not None:
            is_told = entered == (self._sandbox.access_code1, self._sandbox.access_code2)
        else:
            is_told = bool(self._origin.text()) and (self.code1.is_given or self.code2.is_given)
        self._origin.setVisible(is_told and self.fields.has_codes and bool(self._origin.text()))
        self.refill_button.setVisible(self.offers_sandbox and not is_told and self.fields.has_codes)

    def _on_refill(self) -> None:
        self.trouble.hide()
        self.refill()
        self.take_focus()

    @property
    def identity_provider(self) -> str:
        """The identity provider of the chosen server, empty if there is none yet."""
        try:
            return self._chosen_settings().auth_url
        except ValueError:
            return ""

    # What the user does --------------------------------------------------------------------------------

    def _on_enter(self) -> None:
        """Sign in, wherever in the form the keys are, except on a button that does something else."""
        focus = QApplication.focusWidget()
        (focus if isinstance(focus, QPushButton) else self.sign_in_button).click()

    def sign_in(self) -> None:
        """Emit what was entered; a sandbox that is not there yet, or did not start, is asked for again."""
        self.trouble.hide()
        if self._chosen_server == SANDBOX and self._sandbox is None:
            self.sandbox_requested.emit()
            return
        try:
            settings = self._chosen_settings()
        except ValueError as error:
            wrong = ItkError(str(error))
            wrong.title, wrong.sentence = _("Server address not usable"), f"{error}."
            wrong.cure = _("Correct the address: it looks like https://server.example/path/")
            self.show_error(wrong)
            return
        self.sign_in_requested.emit(settings, self.fields.credentials)

    @property
    def offers_sandbox(self) -> bool:
        """Whether the chosen server is a sandbox that runs."""
        return self._chosen_server == SANDBOX and self._sandbox is not None

    @property
    def _chosen_server(self) -> str:
        """One of the three, as it is declared."""
        return str(self.server.currentData())

    def _choose_server(self, name: str) -> None:
        self.server.setCurrentIndex(self.server.findData(name))

    def _chosen_settings(self) -> Settings:
        chosen = self._chosen_server
        if chosen == SANDBOX and self._sandbox is not None:
            return self._sandbox
        if chosen == PRODUCTION:
            return replace(self._settings, api_url=PRODUCTION_API_URL, auth_url=PRODUCTION_AUTH_URL)
        return replace(
            self._settings, api_url=self.api_url.text().strip(), auth_url=self.auth_url.text().strip()
        )

    def _on_server_changed(self) -> None:
        chosen = self._chosen_server
        self._addresses.setVisible(chosen == OTHER)
        self.sandbox_button.setVisible(chosen != SANDBOX)
        self._show_banner()
        self._show_keyring()
        self.trouble.hide()
        self.server_changed.emit()
        if chosen == SANDBOX and self._sandbox is None:
            self.sandbox_requested.emit()
        else:
            self.refill()

    def _show_keyring(self) -> None:
        self.keyring_row.setVisible(self._chosen_server != SANDBOX and self.fields.has_codes)

    def _show_banner(self) -> None:
        """Tell, on top of all, that the server is not the production database."""
        address = self.api_url.text().strip()
        is_production = address.rstrip("/") + "/" == PRODUCTION_API_URL
        host = address.partition("://")[2].partition("/")[0].rpartition("@")[2]
        other = "" if is_production else "  ·  ".join(filter(None, (_(OTHER_BANNER), shown_text(host))))
        banner = {SANDBOX: self._sandbox_banner, OTHER: other}.get(self._chosen_server, "")
        self.banner.setText(banner)
        self.banner.setVisible(bool(banner))
