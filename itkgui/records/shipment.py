"""Shipments: parts on their way from one institution to another (API reference §5.8)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from itkgui.records.attachment import Attachment, Owner, OwnerKind, attachments_of
from itkgui.records.comment import Comment, comments_of
from itkgui.records.component import ComponentSummary
from itkgui.records.json_fields import Json, Shape, child, objects, text, timestamp, unreadable
from itkgui.records.people import Institution, User, user

_SHAPES = {
    **dict.fromkeys(("sender", "recipient", "user", "checklist", "sys"), Shape.OBJECT),
    **dict.fromkeys(("history", "shipmentItems", "comments", "attachments"), Shape.LIST),
}


@dataclass(frozen=True)
class ShipmentStep:
    """One change of a shipment's status."""

    status: str
    moment: datetime | None
    user: User

    @classmethod
    def from_json(cls, data: Json) -> ShipmentStep:
        return cls(text(data, "code"), timestamp(data, "dateTime"), user(data))


@dataclass(frozen=True)
class ShipmentItem:
    """A part in a shipment; ``is_delivered`` is None before it arrived."""

    component: ComponentSummary
    is_delivered: bool | None

    @classmethod
    def from_json(cls, data: Json) -> ShipmentItem:
        delivered = data.get("delivered")
        component = child(data, "component") or {"code": data.get("code")}
        return cls(ComponentSummary.from_json(component), delivered if isinstance(delivered, bool) else None)


@dataclass(frozen=True)
class Question:
    """A line of the check-list that is filled in on arrival; ``answer`` is yes or no, text, or None."""

    code: str
    text: str
    answer: bool | str | None

    @classmethod
    def from_json(cls, data: Json) -> Question:
        value = data.get("value")
        answer = value if isinstance(value, bool) else text(data, "value") or None
        return cls(text(data, "code"), text(data, "text"), answer)


@dataclass(frozen=True, kw_only=True)
class Shipment:
    """A shipment as lists have it, or whole; ``items`` are known of a whole one only.

    ``status`` is prepared, inTransit, delivered or deliveredIncomplete; its ``state`` tells a deleted one.
    ``number`` is the server's own, and empty in all that was recorded.
    """

    id: str
    name: str
    number: str
    status: str
    type: str
    state: str
    sender: Institution
    recipient: Institution
    tracking_number: str
    service: str
    user: User
    created: datetime | None
    received: datetime | None
    history: tuple[ShipmentStep, ...]
    items: tuple[ShipmentItem, ...]
    checklist: tuple[Question, ...]
    comments: tuple[Comment, ...]
    attachments: tuple[Attachment, ...]
    unreadable: tuple[str, ...] = ()
    raw: Json = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def from_json(cls, data: Json) -> Shipment:
        shipment_id, name = text(data, "id"), text(data, "name")
        owner = Owner(OwnerKind.SHIPMENT, shipment_id, name or shipment_id)
        checklist = child(data, "checklist")
        return cls(
            id=shipment_id,
            name=name,
            number=text(data, "shipmentNumber"),
            status=text(data, "status"),
            type=text(data, "type"),
            state=text(data, "state"),
            sender=Institution.from_json(child(data, "sender")),
            recipient=Institution.from_json(child(data, "recipient")),
            tracking_number=text(data, "trackingNumber"),
            service=text(data, "shippingService"),
            user=user(data),
            created=timestamp(data, "cts") or timestamp(child(data, "sys"), "cts"),
            received=timestamp(data, "receivedTs"),
            history=tuple(map(ShipmentStep.from_json, objects(data, "history"))),
            items=tuple(map(ShipmentItem.from_json, objects(data, "shipmentItems"))),
            checklist=tuple(map(Question.from_json, objects(checklist, "questionList"))),
            comments=comments_of(data),
            attachments=tuple(attachments_of(data, owner)),
            unreadable=unreadable(data, _SHAPES),
            raw=data,
        )

    @property
    def label(self) -> str:
        return self.name or self.id

    @property
    def is_deleted(self) -> bool:
        return self.state not in ("ready", "")

    @property
    def owner(self) -> Owner:
        """This shipment as the target of an upload."""
        return Owner(OwnerKind.SHIPMENT, self.id, self.label)
