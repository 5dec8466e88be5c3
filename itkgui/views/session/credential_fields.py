"""The fields for access codes or a bearer token, wherever somebody signs in."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFormLayout, QLabel, QSizePolicy, QStackedWidget, QWidget

from itkgui.client.credentials import AccessCodes, BearerToken, Credentials
from itkgui.client.exceptions import ItkError
from itkgui.language import N_, _
from itkgui.views.style import set_room
from itkgui.views.widgets.secret_field import SecretField

CODES, BEARER = N_("Access codes"), N_("Bearer token")
ROW_GAP = 12
_LABEL = 15  # characters


class CredentialFields(QStackedWidget):
    """A page of fields for each way to sign in; ``method``, which chooses, stands wherever it is put."""

    scanned = Signal(object)  # ScannedIntoIt: a label came into a field

    def __init__(self) -> None:
        super().__init__()
        self.method = QComboBox()
        self.method.addItems([_(CODES), _(BEARER)])
        self.method.currentIndexChanged.connect(self.setCurrentIndex)
        self.code1, self.code2, self.bearer = SecretField(), SecretField(), SecretField()
        for field in (self.code1, self.code2, self.bearer):
            field.scanned.connect(lambda: self.scanned.emit(ScannedIntoIt()))
        for rows in (
            ((_("Access code 1"), self.code1), (_("Access code 2"), self.code2)),
            ((_(BEARER), self.bearer),),
        ):
            page = QWidget()
            form = new_form(page)
            for text, field in rows:
                add_row(form, text, field)
            self.addWidget(page)

    @property
    def has_codes(self) -> bool:
        """Whether access codes are entered, and no token."""
        return self.method.currentIndex() == 0

    @property
    def credentials(self) -> Credentials:
        """What was entered, without blanks around it."""
        if not self.has_codes:
            return BearerToken(self.bearer.text().strip())
        return AccessCodes(self.code1.text().strip(), self.code2.text().strip())

    @property
    def first(self) -> SecretField:
        """The first field of the chosen way."""
        return self.code1 if self.has_codes else self.bearer

    @property
    def next_field(self) -> SecretField | None:
        """The first field of the chosen way that is empty; None if all is there."""
        fields = (self.code1, self.code2) if self.has_codes else (self.bearer,)
        return next((field for field in fields if not field.text()), None)

    def give(self, codes: AccessCodes) -> bool:
        """Fill in codes that were kept; return False where something was typed meanwhile, which stays."""
        if self.code1.text() or self.code2.text():
            return False
        self.method.setCurrentIndex(0)  # access codes
        self.code1.give(codes.code1)
        self.code2.give(codes.code2)
        return True

    def forget(self) -> None:
        """Empty all fields."""
        for field in (self.code1, self.code2, self.bearer):
            field.give("")


class ScannedIntoIt(ItkError):
    """A label was scanned where access codes or a token were asked for."""

    title = N_("That was a scan")
    sentence = N_("A label is no access code: it was taken out of the field, and nothing was sent.")
    cure = N_("Sign in, then scan again.")


def new_form(page: QWidget | None = None) -> QFormLayout:
    """Return a form whose labels stand in one column with those of other such forms."""
    form = QFormLayout() if page is None else QFormLayout(page)
    form.setContentsMargins(0, 0, 0, 0)
    form.setVerticalSpacing(ROW_GAP)
    form.setHorizontalSpacing(ROW_GAP)
    return form


def add_row(form: QFormLayout, text: str, field: QWidget) -> None:
    """Add a field and its label, which sits on the field's middle."""
    label = QLabel(text)
    label.setWordWrap(True)
    set_room(label, least=(_LABEL, 0), most=(_LABEL, 0))
    label.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
    label.setBuddy(field)
    field.setAccessibleName(text)
    form.addRow(label, field)
