"""Calls that read shipments: of a component, of an institution, and one as a whole."""

from __future__ import annotations

from dataclasses import replace

from itkgui.client.calls import Calls
from itkgui.records.component import ComponentSummary
from itkgui.records.shipment import Shipment, ShipmentItem


class ShipmentCalls(Calls):
    """The calls about shipments."""

    def shipments_of(self, component: ComponentSummary, *, refresh: bool = False) -> tuple[Shipment, ...]:
        """Return the shipments that a component is or was in, as the list has them: without their history.

        ``refresh``, here and below, asks the server even if a cache has the answer.
        """
        question = {"component": component.key}
        pages = self._client.pages("listShipmentsByComponent", question, refresh=refresh)
        return tuple(map(Shipment.from_json, pages))

    def shipments_at(
        self, institution: str, status: str = "", *, with_deleted: bool = False, refresh: bool = False
    ) -> tuple[Shipment, ...]:
        """Return what comes to or goes from an institution (by its code), those of one status or all.

        A status is prepared, inTransit, delivered or deliveredIncomplete.
        """
        states = ["ready", "deleted"] if with_deleted else ["ready"]
        filters: dict[str, object] = {"code": institution, "state": states}
        if status:
            filters["status"] = status
        pages = self._client.pages("listShipmentsByInstitution", {"filterMap": filters}, refresh=refresh)
        return tuple(map(Shipment.from_json, pages))

    def shipment(self, shipment_id: str, *, refresh: bool = False) -> Shipment:
        """Return a shipment with its items, history, check-list, comments and attachments.

        The items come by a question of their own (API reference §9.21), asked at the same time. Raises
        BadRequest if there is no such shipment.
        """
        whole: Shipment
        whole, items = self._together(
            lambda: self._shipment(shipment_id, refresh=refresh),
            lambda: self._shipment_items(shipment_id, refresh=refresh),
        )
        return replace(whole, items=items or whole.items)

    def _shipment(self, shipment_id: str, *, refresh: bool = False) -> Shipment:
        """Return a shipment without its items."""
        question = {"shipment": shipment_id, "noEosToken": True}
        answer = self._client.get("getShipment", question, refresh=refresh)
        return Shipment.from_json({**answer, "id": shipment_id})  # which its attachments are asked for by

    def _shipment_items(self, shipment_id: str, *, refresh: bool) -> tuple[ShipmentItem, ...]:
        pages = self._client.pages("listShipmentItems", {"shipment": shipment_id}, refresh=refresh)
        return tuple(map(ShipmentItem.from_json, pages))
