"""Shipments as tests need them: made behind the program's back, or told by a server that says anything."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from itkgui.settings import Settings
from itkgui.views.shipments.shipment_view import ShipmentView
from itkgui.views.shipments.shipments_view import ShipmentsView
from tests.end2end.plain_server import PlainServer
from tests.gui.person import Person
from tests.unit.client.conftest import Provider, Received, Wire

MARKUP = "<b>big</b> \u202egnp.exe\u202c"


def show_shipments(person: Person) -> ShipmentsView:
    """Go to the place of the shipments, and wait until they are there."""
    view = person.workspace.shipments_view
    person.click(person.workspace.rail.button(view))
    person.until(lambda: not view.list.pane.is_loading, "the shipments")
    return view


def show_shipment(person: Person, shipment_id: str) -> ShipmentView:
    """Open the page of a shipment, and wait until all of it is there."""
    view = person.workspace.shipments_view
    person.workspace.open_shipment(shipment_id)
    person.until(
        lambda: view.shown_page and view.shown_page.shipment and view.shown_page.shipment.id == shipment_id,
        "the shipment",
    )
    assert view.shown_page is not None
    return view.shown_page


class ShippingServer:
    """What a script does with the shipments of one sandbox."""

    def __init__(self, server: PlainServer) -> None:
        self._server = server

    def post(self, command: str, **body: Any) -> dict[str, Any]:
        found: dict[str, Any] = self._server.ask("POST", command, body).json()
        return found

    def whole(self, shipment_id: str) -> dict[str, Any]:
        body = {"shipment": shipment_id, "noEosToken": True}
        found: dict[str, Any] = self._server.ask("GET", "getShipment", body).json()
        return found

    def items(self, shipment_id: str) -> list[dict[str, Any]]:
        return self._all("listShipmentItems", shipment=shipment_id)

    def at(self, institution: str) -> list[dict[str, Any]]:
        return self._all("listShipmentsByInstitution", filterMap={"code": institution})

    def _all(self, command: str, **body: Any) -> list[dict[str, Any]]:
        question = {**body, "pageInfo": {"pageIndex": 0, "pageSize": 1000}}
        found: list[dict[str, Any]] = self._server.ask("GET", command, question).json()["itemList"]
        return found


class OddServer:
    """Servers that answer each command as a test says, and every other list with nothing."""

    def __init__(self, wire: Wire, **answers: Callable[[dict[str, Any]], Any]) -> None:
        self.answers: dict[str, Callable[[dict[str, Any]], Any]] = {"getUser": lambda _: user(), **answers}
        self._wire = wire
        self._provider = Provider(wire)
        self._provider.api = self._reply

    @property
    def settings(self) -> Settings:
        return replace(self._provider.server.settings(), access_code1="one", access_code2="two")

    def _reply(self, request: Received) -> bytes:
        command, body = request.target.strip("/"), request.json or {}
        answer = self.answers[command](body) if command in self.answers else listed()
        return answer if isinstance(answer, bytes) else self._wire.json(answer)


def listed(*items: Any) -> dict[str, Any]:
    return {"itemList": list(items), "pageInfo": {"pageIndex": 0, "pageSize": 1000, "total": len(items)}}


def user(*institutions: str) -> dict[str, Any]:
    return {
        "userIdentity": "12-3456-1",
        "firstName": "Alex",
        "lastName": "Example",
        "institutions": [{"code": code, "name": f"Institute {code}"} for code in institutions],
    }
