"""Commands about shipments (API reference §5.8)."""

from __future__ import annotations

from typing import Any

from itkgui.sandbox import dates
from itkgui.sandbox.commands.command_table import Call, Command, Json, as_texts, keys, page
from itkgui.sandbox.commands.finding import Finder
from itkgui.sandbox.errors import CommandError
from itkgui.sandbox.ledger.component import Component
from itkgui.sandbox.records import Comment, Move, Shipment, ShipmentStep, State
from itkgui.sandbox.roles import not_authorized
from itkgui.sandbox.world import World
from itkgui.sandbox.writers.shipment_json import ShipmentWriter

_TYPES = "one-of=domestic,intraContinental,continental"
_STATUSES = "one-of=prepared,inTransit,delivered,deliveredIncomplete"
_CREATE = (
    f"sender*:text recipient*:text type*:{_TYPES} name:text shipmentItems*:texts status:{_STATUSES} "
    "trackingNumber:text shippingService:text comments:texts"
)
_UPDATE = (
    f"shipment*:text name:text type:{_TYPES} trackingNumber:text shippingService:text shipmentItems:texts "
    "recipient:text"
)
_STATUS = f"shipment*:text status*:{_STATUSES} shipmentItems:objects checklist:object"
# What may follow what; nothing follows a delivery.
_FOLLOWING = {
    "prepared": ("inTransit", "delivered", "deliveredIncomplete"),
    "inTransit": ("prepared", "delivered", "deliveredIncomplete"),
}


def commands(world: World, finder: Finder, writer: ShipmentWriter) -> tuple[Command, ...]:
    """Return the commands of this module."""
    shipments = _Shipments(world, finder, writer)
    at_place = "filterMap:object code:text recipient:texts status:texts outputType:text pageInfo:page"
    return (
        Command("getShipment", keys("shipment*:text noEosToken:flag"), shipments.one),
        Command("listShipmentsByInstitution", keys(at_place), shipments.at_institution),
        Command(
            "listShipmentsByComponent",
            keys("component*:text status:texts pageInfo:page"),
            shipments.of_component,
        ),
        Command("listShipmentItems", keys("shipment*:text pageInfo:page"), shipments.items),
        Command("createShipment", keys(_CREATE), shipments.create, read=False),
        Command("updateShipment", keys(_UPDATE), shipments.update, read=False),
        Command("deleteShipment", keys("shipment*:text"), shipments.delete, read=False),
        Command("setShipmentStatus", keys(_STATUS), shipments.set_status, read=False),
    )


class _Shipments:
    def __init__(self, world: World, finder: Finder, writer: ShipmentWriter) -> None:
        self._world = world
        self._ledger = world.ledger
        self._finder = finder
        self._writer = writer

    def one(self, call: Call) -> Json:
        shipment = self._finder.shipment("getShipment", call.text("shipment"))
        return self._writer.full(shipment, eos_tokens=not call.flag("noEosToken", default=True))

    def at_institution(self, call: Call) -> Json:
        """List what comes or goes at "code", what goes to "recipient", or from one to the other."""
        command = "listShipmentsByInstitution"
        newer = "filterMap" in call.keys
        filters = call.filter_map(("code", "recipient", "status", "state")) if newer else call.keys
        senders, recipients = (
            {self._finder.institution(command, code) for code in as_texts(filters.get(key))}
            for key in ("code", "recipient")
        )
        if not senders and not recipients:
            raise call.problems.lacking("$.filterMap.code" if newer else "$.code")
        found = [
            shipment
            for shipment in self._ledger.freight.shipments_touching(senders | recipients)
            # Alone, a code asks for whatever comes or goes there.
            if (not recipients and senders & {shipment.sender, shipment.recipient})
            or (shipment.recipient in recipients and (not senders or shipment.sender in senders))
        ]
        full = call.text("outputType") == "full"
        return self._page(call, self._filtered(found, filters), with_items=full)

    def of_component(self, call: Call) -> Json:
        component = self._finder.component("listShipmentsByComponent", call.text("component"))
        found = list(reversed(self._ledger.freight.shipments_of(component.number)))
        return self._page(call, self._filtered(found, call.keys), with_items=False)

    def items(self, call: Call) -> Json:
        shipment = self._finder.shipment("listShipmentItems", call.text("shipment"))
        contents = self._writer.contents(shipment)
        chosen, info = page(call, len(contents))
        return {"itemList": contents[chosen], "pageInfo": info}

    def create(self, call: Call) -> Json:
        command, identity = "createShipment", call.caller.identity
        sender = self._finder.institution(command, call.text("sender"))
        recipient = self._finder.institution(command, call.text("recipient"))
        self._world.roles.need_presence(command, identity, sender)
        _need_distance(call, sender, recipient)
        items = self._items(call, command, sender)
        time = dates.now()
        status = call.text("status", "prepared")
        if status not in _FOLLOWING:
            message = f"The value must be one of {list(_FOLLOWING)}."
            raise call.problems.refused("$.status", "oneOf.e001", message)
        steps = [ShipmentStep("prepared", time, identity)]
        if status != "prepared":
            steps.append(ShipmentStep(status, time, identity))
        shipment = self._ledger.add_shipment(
            name=call.text("name"),
            sender=sender,
            recipient=recipient,
            type=call.text("type"),
            items=items,
            identity=identity,
            created=time,
            history=tuple(steps),
            tracking=call.text("trackingNumber") or None,
            service=call.text("shippingService") or None,
            comments=tuple(
                Comment(self._ledger.new_id(time), time, identity, text) for text in call.texts("comments")
            ),
        )
        return self._answer(shipment)

    def update(self, call: Call) -> Json:
        command = "updateShipment"
        shipment = self._open(call, command)
        self._need_end(call, shipment.sender)
        changes: dict[str, Any] = {}
        renamed = {"name": "name", "type": "type", "trackingNumber": "tracking", "shippingService": "service"}
        for key, field in renamed.items():
            if key in call.keys:
                changes[field] = call.text(key)
        if "recipient" in call.keys:
            changes["recipient"] = self._finder.institution(command, call.text("recipient"))
            _need_distance(call, shipment.sender, changes["recipient"])
        if "shipmentItems" in call.keys:
            changes["items"] = self._items(call, command, shipment.sender, shipment)
        return self._answer(self._ledger.write(shipment, dates.now(), **changes))

    def delete(self, call: Call) -> Json:
        shipment = self._open(call, "deleteShipment")
        self._need_end(call, shipment.sender)
        time = dates.now()
        state = State("deleted", time, call.caller.identity)
        return self._answer(self._ledger.write(shipment, time, state=state))

    def set_status(self, call: Call) -> Json:
        """The sender sends; that it has arrived is for the recipient to say."""
        command, identity = "setShipmentStatus", call.caller.identity
        shipment = self._open(call, command)
        status = call.text("status")
        arrived = status.startswith("delivered")
        self._need_end(call, shipment.recipient if arrived else shipment.sender)
        if status not in _FOLLOWING[shipment.status]:
            message = f"A shipment that is {shipment.status} cannot become {status}."
            raise CommandError(f"{command}/invalidStatus", message)
        time = dates.now()
        changes: dict[str, Any] = {"history": (*shipment.history, ShipmentStep(status, time, identity))}
        if "checklist" in call.keys:
            changes["checklist"] = call.keys["checklist"]
        if arrived:
            changes["missing"] = self._missing(call, shipment)
            for number in shipment.items:
                if number not in changes["missing"]:
                    self._arrive(self._ledger.component(number), shipment.recipient, time, identity)
        return self._answer(self._ledger.write(shipment, time, **changes))

    def _missing(self, call: Call, shipment: Shipment) -> tuple[int, ...]:
        """Return the items that did not arrive; what is not mentioned did."""
        missing = set()
        for entry in call.keys.get("shipmentItems") or ():
            component = self._finder.component("setShipmentStatus", str(entry.get("code")))
            if component.number not in shipment.items:
                message = "The component is not in this shipment."
                raise CommandError("setShipmentStatus/shipmentItemDoesNotExist", message)
            delivered = entry.get("delivered", True)
            if not isinstance(delivered, bool):
                message = "The value must be a boolean."
                raise call.problems.refused("$.shipmentItems.delivered", "boolean.e001", message)
            if not delivered:
                missing.add(component.number)
        return tuple(sorted(missing))

    def _arrive(self, component: Component, place: int, time: int, identity: str) -> None:
        """Move a component, and all that is built into it."""
        locations = (*component.locations, Move(place, time, identity))
        self._ledger.write(component, time, locations=locations)
        for slot in component.slots:
            if slot.child is not None:
                self._arrive(self._ledger.component(slot.child), place, time, identity)

    def _open(self, call: Call, command: str) -> Shipment:
        """Return a shipment that can still change."""
        shipment = self._finder.shipment(command, call.text("shipment"))
        if not shipment.is_open:
            raise CommandError(f"{command}/shipmentIsClosed", "The shipment is delivered or deleted.")
        return shipment

    def _need_end(self, call: Call, place: int) -> None:
        if not self._world.roles.belongs(call.caller.identity, place):
            raise not_authorized("The user does not belong to the institution at this end of the shipment.")

    def _items(self, call: Call, command: str, sender: int, own: Shipment | None = None) -> tuple[int, ...]:
        """Return the numbers of components that can leave the sender; what is built into them goes along."""
        numbers = []
        for identifier in call.texts("shipmentItems"):
            component = self._finder.component(command, identifier)
            if component.locations[-1].place != sender:
                message = f"The component {identifier} is not at the sender."
                raise CommandError(f"{command}/componentAtDifferentLocation", message)
            if component.state.code != "ready":
                raise CommandError(
                    f"{command}/componentIsNotReady", f"The component {identifier} is deleted."
                )
            if component.parents:
                message = f"The component {identifier} is part of another one."
                raise CommandError(f"{command}/componentIsAssembled", message)
            for other in self._ledger.freight.shipments_of(component.number):
                if other.is_open and (own is None or other.number != own.number):
                    message = f"The component {identifier} is in another shipment."
                    raise CommandError(f"{command}/componentInTransit", message)
            numbers.append(component.number)
        if not numbers:
            raise call.problems.refused("$.shipmentItems", "array.e003", "The array must not be empty.")
        return tuple(dict.fromkeys(numbers))

    def _filtered(self, shipments: list[Shipment], filters: Json) -> list[Shipment]:
        statuses, states = as_texts(filters.get("status")), as_texts(filters.get("state"))
        return [
            shipment
            for shipment in shipments
            if (not statuses or shipment.status in statuses)
            and (not states or (shipment.state.code if shipment.state else "ready") in states)
        ]

    def _page(self, call: Call, shipments: list[Shipment], *, with_items: bool) -> Json:
        chosen, info = page(call, len(shipments))
        items = [self._writer.item(shipment, with_items=with_items) for shipment in shipments[chosen]]
        return {"itemList": items, "pageInfo": info}

    def _answer(self, shipment: Shipment) -> Json:
        # Tools read id and shipmentItems; the rest was never recorded (API reference §9, 25).
        written = self._writer.full(shipment, eos_tokens=False)
        return written | {"shipmentItems": self._writer.contents(shipment)}


def _need_distance(call: Call, sender: int, recipient: int) -> None:
    if sender == recipient:
        message = "Sender and recipient must differ."
        raise call.problems.refused("$.recipient", "notEqual.e001", message)
