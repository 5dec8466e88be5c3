"""Shipments in rows, and what is in one, and what became of it, in rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from itkgui.item_models.moments import local_text, sort_key, utc_hint
from itkgui.item_models.record_table import Column, RecordTable
from itkgui.records.people import Institution
from itkgui.records.shipment import Shipment, ShipmentItem, ShipmentStep

DELETED = "deleted"


@dataclass(frozen=True)
class StatusLook:
    """How a status is told: in a word, by an icon and by a colour of the palette."""

    word: str
    icon: str
    tone: str = ""


# In the order of a shipment's life (API reference §5.8, §9.22).
_LOOKS = {
    "prepared": StatusLook("prepared", "parcel"),
    "inTransit": StatusLook("in transit", "shipment", "accent"),
    "delivered": StatusLook("delivered", "passed", "good"),
    "deliveredIncomplete": StatusLook("delivered incomplete", "warning", "caution"),
    "undelivered": StatusLook("undelivered", "failed", "bad"),
    DELETED: StatusLook("deleted", "deleted", "quiet"),
}
STATUSES = tuple(_LOOKS)
_TYPES = {
    "domestic": "domestic",
    "intraContinental": "within the continent",
    "continental": "to another continent",
}


def status_look(status: str) -> StatusLook:
    """Return how to tell a status, also one that nobody knows."""
    return _LOOKS.get(status) or StatusLook(status or "status unknown", "info")


def status_of(shipment: Shipment) -> str:
    """Return a shipment's status; a deleted one has no other."""
    return DELETED if shipment.is_deleted else shipment.status


def type_text(shipment: Shipment) -> str:
    """Return how far a shipment goes, in words."""
    return _TYPES.get(shipment.type, shipment.type)


def newest_first(shipments: Iterable[Shipment]) -> list[Shipment]:
    """Return shipments by the time they were prepared; the server promises no order."""
    return sorted(shipments, key=lambda shipment: sort_key(shipment.created), reverse=True)


def _look(shipment: Shipment) -> StatusLook:
    return status_look(status_of(shipment))


def _place_hint(place: Institution) -> str:
    return "\n".join((place.label, *place.address))


SHIPMENT_COLUMNS: tuple[Column[Shipment], ...] = (
    Column(
        "Status",
        lambda s: _look(s).word,
        icon=lambda s: _look(s).icon,
        tone=lambda s: _look(s).tone,
    ),
    Column("Shipment", lambda s: s.label, hint=lambda s: s.label),
    Column("From", lambda s: s.sender.code or s.sender.label, hint=lambda s: _place_hint(s.sender)),
    Column("To", lambda s: s.recipient.code or s.recipient.label, hint=lambda s: _place_hint(s.recipient)),
    Column(
        "Prepared",
        lambda s: local_text(s.created),
        export=lambda s: s.created,
        unit="UTC",
        hint=lambda s: utc_hint(s.created),
    ),
    Column(
        "Received",
        lambda s: local_text(s.received),
        export=lambda s: s.received,
        unit="UTC",
        hint=lambda s: utc_hint(s.received),
    ),
    Column("Tracking number", lambda s: s.tracking_number),
    Column("Service", lambda s: s.service),
    Column("Goes", type_text),
)


class ShipmentTable(RecordTable[Shipment]):
    """Shipments of a component or of an institution."""

    def __init__(self) -> None:
        super().__init__(SHIPMENT_COLUMNS)


_ARRIVAL = {
    True: StatusLook("yes", "passed", "good"),
    False: StatusLook("missing", "failed", "bad"),
    None: StatusLook("not yet", "clock", "quiet"),
}

ITEM_COLUMNS: tuple[Column[ShipmentItem], ...] = (
    Column(
        "Component",
        lambda i: i.component.label or "not told",
        monospace=True,
        hint=lambda i: i.component.alternative_identifier,
    ),
    Column(
        "Arrived",
        lambda i: _ARRIVAL[i.is_delivered].word,
        icon=lambda i: _ARRIVAL[i.is_delivered].icon,
        tone=lambda i: _ARRIVAL[i.is_delivered].tone,
        export=lambda i: i.is_delivered,
    ),
    Column("Component type", lambda i: i.component.component_type.label),
    Column("Type", lambda i: i.component.type.label),
)


class ShipmentItemTable(RecordTable[ShipmentItem]):
    """What is in a shipment."""

    def __init__(self) -> None:
        super().__init__(ITEM_COLUMNS)


STEP_COLUMNS: tuple[Column[ShipmentStep], ...] = (
    Column(
        "When",
        lambda s: local_text(s.moment),
        export=lambda s: s.moment,
        unit="UTC",
        hint=lambda s: utc_hint(s.moment),
        falling=True,
    ),
    Column(
        "Became",
        lambda s: status_look(s.status).word,
        icon=lambda s: status_look(s.status).icon,
        tone=lambda s: status_look(s.status).tone,
    ),
    Column("By", lambda s: s.user.name or "not told"),
)


class ShipmentStepTable(RecordTable[ShipmentStep]):
    """What became of a shipment."""

    def __init__(self) -> None:
        super().__init__(STEP_COLUMNS)
