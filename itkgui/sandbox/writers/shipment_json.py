"""Shipments and batches as the production database writes them (API reference §5.7, §5.8)."""

from __future__ import annotations

from itkgui.sandbox.catalogue.batches import BATCH_TYPES
from itkgui.sandbox.catalogue.identifiers import IdKind
from itkgui.sandbox.dates import isoz
from itkgui.sandbox.records import Batch, Shipment
from itkgui.sandbox.world import World
from itkgui.sandbox.writers.component_json import ComponentWriter
from itkgui.sandbox.writers.references import (
    Json,
    address,
    geo,
    kind_ref,
    project_ref,
    ref_id,
    type_ref,
    user_ref,
)


class ShipmentWriter:
    """Turns shipments into JSON."""

    def __init__(self, world: World, components: ComponentWriter) -> None:
        self._world = world
        self._components = components

    def full(self, shipment: Shipment, *, eos_tokens: bool) -> Json:
        """Return the answer of getShipment; its items come by listShipmentItems only (§9, 21)."""
        return {
            **self.item(shipment),
            "scripts": None,
            "user": user_ref(self._world.person(shipment.identity)),
            "history": [
                {
                    "code": step.status,
                    "dateTime": isoz(step.time),
                    "user": user_ref(self._world.person(step.identity)),
                }
                for step in shipment.history
            ],
            "shipmentItems": None,
            "checklist": shipment.checklist,
            "comments": self._components.comments(shipment.comments),
            "attachments": self._components.attachments(shipment.attachments, eos_tokens),
            "sys": {
                "cts": isoz(shipment.created),
                "mts": isoz(max(shipment.modified, shipment.history[-1].time)),
                "rev": len(shipment.history) - 1 + shipment.writes,
            },
        }

    def item(self, shipment: Shipment, *, with_items: bool = False) -> Json:
        """Return an item of the shipment lists."""
        state = shipment.state
        received = shipment.history[-1] if shipment.status.startswith("delivered") else None
        written: Json = {
            "id": self._world.ledger.freight.shipment_id(shipment),
            "name": shipment.name,
            "shipmentNumber": None,
            "trackingNumber": shipment.tracking,
            "shippingService": shipment.service,
            "state": state.code if state else "ready",
            "stateTs": isoz(state.time if state else shipment.created),
            "stateUserIdentity": state.identity if state else shipment.identity,
            "status": shipment.status,
            "type": shipment.type,
            "sender": self._place(shipment.sender),
            "recipient": self._place(shipment.recipient),
            "receivedTs": isoz(received.time) if received else None,
            "cts": isoz(shipment.created),
        }
        if with_items:
            written["shipmentItems"] = self.contents(shipment)
        return written

    def contents(self, shipment: Shipment) -> list[Json]:
        """Return what is in a shipment, and what of it was delivered (null before)."""
        arrived = shipment.status.startswith("delivered")
        return [
            {
                "code": self._world.component_code(component.part),
                "delivered": number not in shipment.missing if arrived else None,
                "component": {
                    **self._components.link(component),
                    "componentType": kind_ref(component.part.kind),
                    "type": type_ref(component.part),
                },
            }
            for number in shipment.items
            for component in (self._world.ledger.component(number),)
        ]

    def _place(self, number: int) -> Json:
        place = self._world.definitions.institutions[number]
        return {
            **geo(place, as_text=self._world.oddities.text_coordinates),
            "address": address(place),
        }


class BatchWriter:
    """Turns batches into JSON."""

    def __init__(self, world: World, components: ComponentWriter) -> None:
        self._world = world
        self._components = components
        self._types = {
            code: {
                "id": world.catalogue.ids.object_id(IdKind.BATCH_TYPE, number, 0),
                "code": code,
                "name": name,
            }
            for number, (code, name, _, _) in enumerate(BATCH_TYPES)
        }

    def item(self, batch: Batch) -> Json:
        """Return an item of listBatches; more than id, number, batchType and state was never recorded."""
        place = self._world.definitions.institutions[batch.place]
        return {
            "id": self._world.ledger.freight.batch_id(batch),
            "number": batch.name,
            "batchType": self._types[batch.type],
            "project": project_ref(batch.project),
            "state": "ready",
            "stateTs": isoz(batch.created),
            "stateUserIdentity": batch.identity,
            "institution": ref_id(place),
            "components": [
                self._components.link(self._world.ledger.component(number)) for number in batch.components
            ],
            "comments": self._components.comments(batch.comments),
            "attachments": self._components.attachments(batch.attachments, with_tokens=False),
            "cts": isoz(batch.created),
            "sys": {
                "cts": isoz(batch.created),
                "mts": isoz(max(batch.created, batch.modified)),
                "rev": batch.writes,
            },
        }
