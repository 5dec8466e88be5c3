"""A small form to sign in to what is open already: over it, or in place of it while it is locked."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from itkgui.client.credentials import AccessCodes
from itkgui.client.exceptions import ItkError
from itkgui.item_models.plain_text import shown_text
from itkgui.language import _
from itkgui.views.session.credential_fields import ROW_GAP, CredentialFields, add_row, new_form
from itkgui.views.style import set_icon, set_role, set_room
from itkgui.views.widgets.secret_field import SecretField
from itkgui.views.widgets.trouble_pane import TroublePane

_SHARE = 50  # of the width, up to what it wants at most, beside 1 of the empty places left and right


class SignInCard(QFrame):
    """Emits what was entered and is told how it went; it never signs in by itself."""

    submitted = Signal(object)  # Credentials

    def __init__(self, icon_name: str, title: str, button: str) -> None:
        super().__init__()
        set_role(self, "card")
        set_room(self, least=(40, 0), most=(64, 0))
        picture, self.title, self.words = QLabel(), QLabel(title), QLabel()
        set_icon(picture, icon_name, "accent", 28)
        set_role(self.title, "title")
        for label in (self.title, self.words):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(picture)
        head.addWidget(self.title, 1)
        self.fields = CredentialFields()
        choices = new_form()
        add_row(choices, _("Sign in with"), self.fields.method)
        self._take: Callable[[], object] = lambda: None
        self._take_text = ""
        self.take_button = QPushButton()
        set_role(self.take_button, "link")
        self.take_button.hide()
        self.take_button.clicked.connect(self._on_take)
        kept = QHBoxLayout()
        kept.addWidget(self.take_button)
        kept.addStretch()
        self.trouble = TroublePane(can_retry=False)
        self.fields.scanned.connect(self.trouble.show_error)
        self._button_text = button
        self.button, self.other_button = QPushButton(button), QPushButton()
        set_role(self.button, "main")
        set_role(self.other_button, "link")
        self.other_button.hide()
        self.button.clicked.connect(self.submit)
        for field in (self.fields.code1, self.fields.code2, self.fields.bearer):
            field.returnPressed.connect(partial(self._on_return, field))
        self.buttons = QHBoxLayout()
        self.buttons.addWidget(self.other_button)
        self.buttons.addStretch()
        self.buttons.addWidget(self.button)
        inner = QVBoxLayout(self)
        inner.setContentsMargins(26, 22, 26, 20)
        inner.setSpacing(ROW_GAP)
        inner.addLayout(head)
        inner.addWidget(self.words)
        inner.addLayout(choices)
        inner.addWidget(self.fields)
        inner.addLayout(kept)
        inner.addWidget(self.trouble)
        inner.addLayout(self.buttons)

    def put_in(self, page: QWidget) -> None:
        """Stand in the middle of a page, somewhat above that."""
        across = QHBoxLayout()
        across.addStretch(1)
        across.addWidget(self, _SHARE)
        across.addStretch(1)
        layout = QVBoxLayout(page)
        layout.setContentsMargins(6, 6, 6, 6)
        layout.addStretch(2)
        layout.addLayout(across)
        layout.addStretch(3)

    def call(self, title: str, button: str) -> None:
        """Give it another title, and its button another text."""
        self.title.setText(title)
        self._button_text = button
        self.button.setText(button)

    def say(self, words: str) -> None:
        """Tell what this is about."""
        self.words.setText(shown_text(words))

    def begin(self, *, with_codes: bool) -> None:
        """Be as if nobody had entered anything; ``with_codes`` or with a token, which one signs in anew."""
        self.set_busy()
        self.trouble.hide()
        self.fields.forget()
        self.fields.method.setCurrentIndex(0 if with_codes else 1)

    def offer_kept(self, place: str, take: Callable[[], object]) -> None:
        """Offer codes that are kept in the keyring ``place``, by ``take``; nothing where that is empty."""
        self._take = take
        self._take_text = shown_text(_("Take the codes from {place}").format(place=place))
        self._show_taking(is_waiting=False)
        self.take_button.setVisible(bool(place))

    def give_codes(self, codes: AccessCodes) -> None:
        """Fill in the codes that were kept, unless some are typed meanwhile."""
        self._show_taking(is_waiting=False)
        if self.fields.give(codes):
            self.take_focus()

    def _on_take(self) -> None:
        self.trouble.hide()
        self._show_taking(is_waiting=True)
        self._take()

    def _show_taking(self, *, is_waiting: bool) -> None:
        waiting = _("Waiting for the keyring, which may ask for its password…")
        self.take_button.setText(waiting if is_waiting else self._take_text)
        self.take_button.setEnabled(not is_waiting)

    def take_focus(self) -> None:
        """Give the focus to what is to be typed next."""
        (self.fields.next_field or self.button).setFocus(Qt.FocusReason.OtherFocusReason)

    def submit(self) -> None:
        """Emit what was entered."""
        self.trouble.hide()
        self.submitted.emit(self.fields.credentials)

    def _on_return(self, field: SecretField) -> None:
        following = self.fields.next_field
        if following is not None and following is not field:
            following.setFocus()
        else:
            self.button.click()

    def set_busy(self, what: str = "") -> None:
        """Show that something is under way, or with an empty text that it has ended."""
        self.button.setText(what or self._button_text)
        for widget in (self.button, self.fields, self.fields.method, self.other_button):
            widget.setEnabled(not what)

    def show_error(self, error: ItkError) -> None:
        self.set_busy()
        self._show_taking(is_waiting=False)
        self.trouble.show_error(error)
        self.fields.first.setFocus(Qt.FocusReason.OtherFocusReason)
