"""Shipments in rows, and what is in one, and what became of it, in rows."""

from __future__ import annotations

from collections.abc import Iterable

from itkgui.item_models.columns import Look, look_column, moment_column
from itkgui.item_models.moments import sort_key
from itkgui.item_models.record_table import Column, RecordTable
from itkgui.language import N_, _
from itkgui.records.people import Institution
from itkgui.records.shipment import Shipment, ShipmentItem, ShipmentStep

DELETED = "deleted"


# In the order of a shipment's life (API reference §5.8, §9.22).
_LOOKS = {
    "prepared": Look(N_("prepared"), "parcel"),
    "inTransit": Look(N_("in transit"), "shipment", "accent"),
    "delivered": Look(N_("delivered"), "passed", "good"),
    "deliveredIncomplete": Look(N_("delivered incomplete"), "warning", "caution"),
    "undelivered": Look(N_("undelivered"), "failed", "bad"),
    DELETED: Look(N_("deleted"), "deleted", "quiet"),
}
STATUSES = tuple(_LOOKS)
_TYPES = {
    "domestic": N_("domestic"),
    "intraContinental": N_("within the continent"),
    "continental": N_("to another continent"),
}


def status_look(status: str) -> Look:
    """Return how to tell a status, also one that nobody knows."""
    if status:
        return _LOOKS.get(status) or Look(status, "info", as_given=True)
    return Look(N_("status unknown"), "info")


def status_of(shipment: Shipment) -> str:
    """Return a shipment's status; a deleted one has no other."""
    return DELETED if shipment.is_deleted else shipment.status


def type_text(shipment: Shipment) -> str:
    """Return how far a shipment goes, in words."""
    return _(_TYPES[shipment.type]) if shipment.type in _TYPES else shipment.type


def newest_first(shipments: Iterable[Shipment]) -> list[Shipment]:
    """Return shipments by the time they were prepared; the server promises no order."""
    return sorted(shipments, key=lambda shipment: sort_key(shipment.created), reverse=True)


def _look(shipment: Shipment) -> Look:
    return status_look(status_of(shipment))


def _place_hint(place: Institution) -> str:
    return "\n".join((place.label, *place.address))


SHIPMENT_COLUMNS: tuple[Column[Shipment], ...] = (
    look_column(N_("Status"), _look),
    Column(N_("Shipment"), lambda s: s.label, hint=lambda s: s.label),
    Column(N_("From"), lambda s: s.sender.code or s.sender.label, hint=lambda s: _place_hint(s.sender)),
    Column(
        N_("To"), lambda s: s.recipient.code or s.recipient.label, hint=lambda s: _place_hint(s.recipient)
    ),
    moment_column(N_("Prepared"), lambda s: s.created),
    moment_column(N_("Received"), lambda s: s.received),
    Column(N_("Tracking number"), lambda s: s.tracking_number),
    Column(N_("Service"), lambda s: s.service),
    Column(N_("Goes"), type_text),
)


class ShipmentTable(RecordTable[Shipment]):
    """Shipments of a component or of an institution."""

    def __init__(self) -> None:
        super().__init__(SHIPMENT_COLUMNS)


_ARRIVAL = {
    True: Look(N_("yes"), "passed", "good"),
    False: Look(N_("missing"), "failed", "bad"),
    None: Look(N_("not yet"), "clock", "quiet"),
}

ITEM_COLUMNS: tuple[Column[ShipmentItem], ...] = (
    Column(
        N_("Component"),
        lambda i: i.component.label or _("not told"),
        monospace=True,
        hint=lambda i: i.component.alternative_identifier,
    ),
    look_column(N_("Arrived"), lambda i: _ARRIVAL[i.is_delivered], export=lambda i: i.is_delivered),
    Column(N_("Component type"), lambda i: i.component.component_type.label),
    Column(N_("Type"), lambda i: i.component.type.label),
)


class ShipmentItemTable(RecordTable[ShipmentItem]):
    """What is in a shipment."""

    def __init__(self) -> None:
        super().__init__(ITEM_COLUMNS)


STEP_COLUMNS: tuple[Column[ShipmentStep], ...] = (
    moment_column(N_("When"), lambda s: s.moment),
    look_column(N_("Became"), lambda s: status_look(s.status)),
    Column(N_("By"), lambda s: s.user.name or _("not told")),
)


class ShipmentStepTable(RecordTable[ShipmentStep]):
    """What became of a shipment."""

    def __init__(self) -> None:
        super().__init__(STEP_COLUMNS)
