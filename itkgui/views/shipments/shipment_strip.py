"""Which shipment is on the screen: its name, its way, how far it is, and its tracking number."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton, QVBoxLayout

from itkgui.item_models.moments import local_text, utc_hint
from itkgui.item_models.plain_text import plain_hint, shown_text
from itkgui.item_models.shipment_table import status_look, status_of, type_text
from itkgui.language import _
from itkgui.records.people import Institution
from itkgui.records.shipment import Shipment
from itkgui.views.commands import offer
from itkgui.views.style import set_icon, set_role
from itkgui.views.widgets.turning_row import TurningRow

_FACTS_LETTERS = 40  # that have a line beside the tracking number
_NO_NUMBER = ("", "n/a", "na", "none", "-")  # what people write where there is none


class ShipmentStrip(QFrame):
    """Always in sight above a shipment; asks for the list, and for the shipment to be loaded again."""

    back_requested = Signal()
    reload_requested = Signal()
    copied = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        set_role(self, "strip")
        self._tracking_number = self._as_of = ""
        self.name, self.way, self.status, self.facts, self.tracking, self.age = (
            QLabel() for _number in range(6)
        )
        for label in (self.name, self.way, self.status, self.facts, self.tracking, self.age):
            label.setTextFormat(Qt.TextFormat.PlainText)
        self.status_icon = QLabel()
        for label in (self.name, self.way, self.facts):
            label.setWordWrap(True)
        for label in (self.name, self.tracking):
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        for label, role in (
            (self.name, "title"),
            (self.way, "heading"),
            (self.status, "pill"),
            (self.facts, "quiet"),
            (self.tracking, "quiet"),
            (self.age, "quiet"),
        ):
            set_role(label, role)
        self.back_button, self.copy_button, self.reload_button = (QToolButton() for _number in range(3))
        for button, icon_name, text, action in (
            (self.back_button, "back", _("Back to the list (Esc)"), self.back_requested.emit),
            (self.copy_button, "copy", _("Copy the tracking number"), self._on_copy),
            (self.reload_button, "reload", _("Load again (F5)"), self.reload_requested.emit),
        ):
            set_icon(button, icon_name, "quiet")
            button.setToolTip(text)
            button.setAccessibleName(text)
            button.clicked.connect(action)
        offer(self, "reload", self.reload_button.click)
        self._build()

    def _build(self) -> None:
        first = QHBoxLayout()
        first.setSpacing(10)
        first.addWidget(self.back_button)
        first.addWidget(self.name, 1)
        first.addWidget(self.status_icon, 0, Qt.AlignmentFlag.AlignVCenter)
        first.addWidget(self.status, 0, Qt.AlignmentFlag.AlignVCenter)
        beside = (self.tracking, self.copy_button, self.age, self.reload_button)
        second = TurningRow(self.facts, *beside, least=_FACTS_LETTERS)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(10, 8, 14, 4)
        lines.setSpacing(2)
        lines.addLayout(first)
        below = QVBoxLayout()
        below.setContentsMargins(8, 0, 0, 0)
        below.setSpacing(0)
        below.addWidget(self.way)
        below.addWidget(second)
        lines.addLayout(below)

    def show_nothing(self, sentence: str) -> None:
        """Name what is being loaded, or was not."""
        self._as_of = ""
        self.name.setText(sentence)
        for label in (self.way, self.facts, self.tracking, self.age):
            label.clear()
            label.setToolTip("")
        for part in (self.status, self.status_icon, self.copy_button):
            part.hide()

    def show_shipment(self, shipment: Shipment) -> None:
        """Show a shipment that has just been loaded."""
        number = f"{shipment.number}  ·  " if shipment.number else ""
        self.name.setText(shown_text(f"{number}{shipment.label}"))
        self.way.setText(shown_text(f"{_place(shipment.sender)}  →  {_place(shipment.recipient)}"))
        self.way.setToolTip(plain_hint(_addresses(shipment)))
        look = status_look(status_of(shipment))
        set_icon(self.status_icon, look.icon, look.tone or "text")
        judged = look.tone in ("good", "bad", "caution")
        set_role(self.status, f"pill-{look.tone}" if judged else "pill")
        self.status.setText(shown_text(look.word))
        facts = (
            type_text(shipment),
            shipment.service or _("service not told"),
            _("prepared {moment}").format(moment=local_text(shipment.created)) if shipment.created else "",
            _("received {moment}").format(moment=local_text(shipment.received)) if shipment.received else "",
        )
        self.facts.setText(shown_text("  ·  ".join(fact for fact in facts if fact)))
        moments = ((_("Prepared"), shipment.created), (_("Received"), shipment.received))
        self.facts.setToolTip("\n".join(f"{what}: {utc_hint(when)}" for what, when in moments if when))
        self._tracking_number = shipment.tracking_number.strip()
        has_number = self._tracking_number.casefold() not in _NO_NUMBER
        told = _("tracking number {number}").format(number=self._tracking_number)
        self.tracking.setText(shown_text(told) if has_number else _("no tracking number"))
        self.copy_button.setVisible(has_number)
        self.status.show()
        self.status_icon.show()
        self._as_of = _("as of {time}").format(time=f"{datetime.now().astimezone():%H:%M}")
        self.tell_renewing(False)

    def tell_renewing(self, is_renewing: bool) -> None:
        """Tell that the shipment is under way again, or no more, beside how old it is."""
        renewing = _("{as_of}, loading again…").format(as_of=self._as_of)
        self.age.setText(renewing if is_renewing else self._as_of)

    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self._tracking_number)
        self.copied.emit(self._tracking_number)


def _place(place: Institution) -> str:
    return place.label or place.id or _("not told")


def _addresses(shipment: Shipment) -> str:
    return "\n\n".join("\n".join((_place(p), *p.address)) for p in (shipment.sender, shipment.recipient))
