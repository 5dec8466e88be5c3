"""Shipments and batches by a script."""

from __future__ import annotations

from typing import Any

import pytest

from tests.interop import parts

_QUESTIONS: dict[str, bool | str] = {f"Q{number:02d}": True for number in range(1, 16)}
_CHECKLIST = {
    "type": "DEFAULT",
    "questionList": [
        {"code": code, "text": f"Question {code}", "value": value}
        for code, value in (_QUESTIONS | {"Q13": "35", "Q15": "all well"}).items()
    ],
}


@pytest.fixture
def items(client: Any) -> list[Any]:
    return [parts.register_module(client) for _ in range(2)]


def read(client: Any, shipment: Any) -> Any:
    return client.get("getShipment", json={"shipment": shipment["id"]})


def set_status(client: Any, shipment: Any, status: str, **more: Any) -> None:
    client.post("setShipmentStatus", json={"shipment": shipment["id"], "status": status} | more)


def place_of(client: Any, item: Any) -> str:
    return str(parts.component(client, item["code"])["currentLocation"]["code"])


def test_a_shipment_is_prepared(client: Any, items: list[Any], user: Any) -> None:
    more = {"trackingNumber": "N/A", "shippingService": "by hand", "comments": ["handle with care"]}
    made = parts.ship(client, items, status="prepared", **more)
    assert len(made["shipmentItems"]) == 2
    found = read(client, made)
    assert (found["id"], found["name"], found["type"]) == (made["id"], "tried by a test", "continental")
    assert (found["sender"]["code"], found["recipient"]["code"]) == (parts.HOME, parts.ABROAD)
    assert (found["status"], found["trackingNumber"]) == ("prepared", "N/A")
    assert found["shippingService"] == "by hand"
    assert [entry["code"] for entry in found["history"]] == ["prepared"]
    assert [comment["comment"] for comment in found["comments"]] == ["handle with care"]
    assert found["user"]["userIdentity"] == user.identity
    assert isinstance(found["sender"]["latitude"], str)
    listed = client.get("listShipmentItems", json={"shipment": made["id"]})
    assert sorted(entry["component"]["serialNumber"] for entry in listed) == sorted(
        item["serialNumber"] for item in items
    )


def test_a_delivered_shipment_moves_its_items(client: Any, items: list[Any]) -> None:
    made = parts.ship(client, items)
    set_status(client, made, "inTransit")
    assert parts.component(client, items[0]["code"])["inTransit"] is True
    delivered = [{"code": entry["code"], "delivered": True} for entry in made["shipmentItems"]]
    set_status(client, made, "delivered", shipmentItems=delivered, checklist=_CHECKLIST)
    found = read(client, made)
    assert [entry["code"] for entry in found["history"]] == ["prepared", "inTransit", "delivered"]
    answers = {entry["code"]: entry["value"] for entry in found["checklist"]["questionList"]}
    assert (answers["Q01"], answers["Q13"], answers["Q15"]) == (True, "35", "all well")
    for item in items:
        after = parts.component(client, item["code"])
        assert after["currentLocation"]["code"] == parts.ABROAD
        assert after["institution"]["code"] == parts.HOME
        assert not after["inTransit"]


def test_an_incomplete_delivery_moves_what_came(client: Any, items: list[Any]) -> None:
    made = parts.ship(client, items)
    set_status(client, made, "inTransit")
    came, missed = made["shipmentItems"]
    delivered = [{"code": came["code"], "delivered": True}, {"code": missed["code"], "delivered": False}]
    set_status(client, made, "deliveredIncomplete", shipmentItems=delivered, checklist=_CHECKLIST)
    assert read(client, made)["status"] == "deliveredIncomplete"
    assert sorted(place_of(client, item) for item in items) == sorted([parts.ABROAD, parts.HOME])


def test_shipments_are_found_by_institution_and_component(client: Any, items: list[Any]) -> None:
    made = parts.ship(client, items)
    by_sender = client.get("listShipmentsByInstitution", json={"filterMap": {"code": parts.HOME}})
    assert made["id"] in [entry["id"] for entry in by_sender]
    narrow = {"filterMap": {"recipient": [parts.ABROAD], "status": "prepared"}}
    found = list(client.post("listShipmentsByInstitution", json=narrow))
    assert made["id"] in [entry["id"] for entry in found]
    assert {entry["status"] for entry in found} == {"prepared"}
    by_part = list(client.get("listShipmentsByComponent", json={"component": items[0]["code"]}))
    assert [entry["id"] for entry in by_part] == [made["id"]]


def test_a_shipment_is_changed_and_deleted(client: Any, items: list[Any]) -> None:
    made = parts.ship(client, items)
    client.post("updateShipment", json={"shipment": made["id"], "trackingNumber": "1Z-0815"})
    assert read(client, made)["trackingNumber"] == "1Z-0815"
    client.post("deleteShipment", json={"shipment": made["id"]})
    listed = client.get(
        "listShipmentsByInstitution", json={"filterMap": {"code": parts.HOME, "state": ["ready"]}}
    )
    assert made["id"] not in [entry["id"] for entry in listed]


@pytest.mark.parametrize("change", [{"type": "by balloon"}, {"recipient": "NOWHERE"}])
def test_a_wrong_shipment_is_refused(
    package: Any, client: Any, items: list[Any], change: dict[str, str]
) -> None:
    with pytest.raises(package.exceptions.BadRequest):
        parts.ship(client, items, **change)


def test_components_join_a_batch(client: Any, items: list[Any]) -> None:
    number = f"TRIED-{items[0]['serialNumber']}"
    body = {"project": "S", "batchType": "MODULE_BATCH", "number": number}
    made = client.post("createBatch", json=body)
    filters = {"filterMap": {"project": "S", "batchType": ["MODULE_BATCH"]}}
    (found,) = [batch for batch in client.get("listBatches", json=filters) if batch["number"] == number]
    assert found["batchType"]["code"] == "MODULE_BATCH"
    assert made.get("id", found["id"]) == found["id"]
    for item in items:
        client.post("addBatchComponent", json={"id": found["id"], "component": item["serialNumber"]})
    for item in items:
        batches = parts.component(client, item["code"])["batches"]
        assert [(entry["number"], entry["batchType"]["code"]) for entry in batches] == [
            (number, "MODULE_BATCH")
        ]


def test_a_part_is_registered_into_a_batch(client: Any) -> None:
    first = parts.register_module(client)
    number = f"BORN-{first['serialNumber']}"
    client.post("createBatch", json={"project": "S", "batchType": "MODULE_BATCH", "number": number})
    born = parts.register_module(client, batches={"MODULE_BATCH": number})
    assert [entry["number"] for entry in born["batches"]] == [number]
