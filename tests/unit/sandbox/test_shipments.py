"""Shipments and batches (API reference §5.7, §5.8)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.sandbox.caller import Caller
from tests.unit.sandbox.test_registration import HYBRID

SHIPMENT = {"sender": "UCSC", "recipient": "CERN", "type": "continental", "name": "Hybrids for CERN"}


@pytest.fixture
def hybrids(api: Caller) -> list[str]:
    return [str(api.post("registerComponent", **HYBRID)["component"]["code"]) for _ in range(2)]


def location(api: Caller, code: str) -> str:
    return str(api.get("getComponent", component=code)["currentLocation"]["code"])


def test_a_shipment_from_packing_to_arrival(api: Caller, hybrids: list[str]) -> None:
    # The first one takes a child with it.
    api.post("createDummyChildren", component=hybrids[0])
    child = api.get("getComponent", component=hybrids[0])["children"][0]["component"]["code"]
    made = api.post("createShipment", **SHIPMENT, shipmentItems=hybrids, comments=["fragile"])
    assert {item["code"] for item in made["shipmentItems"]} == set(hybrids)
    found = api.get("getShipment", shipment=made["id"])
    assert (found["status"], found["type"], found["shipmentItems"]) == ("prepared", "continental", None)
    assert isinstance(found["sender"]["latitude"], str)
    assert [entry["comment"] for entry in found["comments"]] == ["fragile"]
    assert api.get("getComponent", component=hybrids[0])["shipmentDestination"]["code"] == "CERN"

    api.post("setShipmentStatus", shipment=made["id"], status="inTransit")
    travelling = api.get("getComponent", component=hybrids[1])
    assert (travelling["inTransit"], travelling["currentLocation"]["code"]) == (True, "UCSC")

    checklist = {
        "type": "DEFAULT",
        "questionList": [{"code": "Q01", "text": "Packaged well?", "value": True}],
    }
    items = [{"code": hybrids[0], "delivered": True}, {"code": hybrids[1], "delivered": False}]
    keys = {"status": "deliveredIncomplete", "shipmentItems": items, "checklist": checklist}
    api.post("setShipmentStatus", shipment=made["id"], **keys)
    found = api.get("getShipment", shipment=made["id"])
    assert [step["code"] for step in found["history"]] == ["prepared", "inTransit", "deliveredIncomplete"]
    assert found["checklist"] == checklist
    listed = api.get("listShipmentItems", shipment=made["id"])["itemList"]
    assert {item["code"]: item["delivered"] for item in listed} == {hybrids[0]: True, hybrids[1]: False}
    assert [location(api, code) for code in (hybrids[0], child, hybrids[1])] == ["CERN", "CERN", "UCSC"]
    arrived = api.get("getComponent", component=hybrids[0])
    assert (arrived["shipmentDestination"], arrived["inTransit"]) == (None, None)
    assert len(arrived["locations"]) == 2
    at_cern = api.get(
        "listComponents",
        filterMap={"project": "S", "currentLocation": ["CERN"], "institute": ["UCSC"]},
    )
    assert hybrids[0] in {item["code"] for item in at_cern["itemList"]}
    errors = api.error("POST", "setShipmentStatus", 400, shipment=made["id"], status="delivered")
    assert list(errors) == ["ucl-itkpd-main/setShipmentStatus/shipmentIsClosed"]


def test_shipments_are_found_from_both_ends(api: Caller, hybrids: list[str]) -> None:
    made = api.post("createShipment", **SHIPMENT, shipmentItems=hybrids)["id"]

    def listed(**keys: Any) -> set[str]:
        return {item["id"] for item in api.get("listShipmentsByInstitution", **keys)["itemList"]}

    assert made in listed(filterMap={"code": "UCSC"})
    assert made in listed(filterMap={"recipient": ["CERN"], "status": "prepared"}, outputType="full")
    assert made in listed(code="UCSC", status="prepared")
    assert made not in listed(filterMap={"code": "UCSC", "status": "delivered"})
    assert made not in listed(filterMap={"code": "BNL"})
    of_component = api.get("listShipmentsByComponent", component=hybrids[0])["itemList"]
    assert [item["id"] for item in of_component] == [made]
    missing = api.error("GET", "listShipmentsByInstitution", 400)
    assert "listShipmentsByInstitution/invalidDtoIn" in next(iter(missing))


def test_a_shipment_is_changed_and_deleted(api: Caller, hybrids: list[str]) -> None:
    made = api.post("createShipment", **SHIPMENT, shipmentItems=hybrids[:1])["id"]
    changes = {"name": "All of them", "trackingNumber": "T-1", "shipmentItems": hybrids}
    api.post("updateShipment", shipment=made, **changes)
    found = api.get("getShipment", shipment=made)
    assert (found["name"], found["trackingNumber"]) == ("All of them", "T-1")
    assert api.get("listShipmentItems", shipment=made)["pageInfo"]["total"] == 2

    def listed(code: str) -> list[str]:
        return [item["id"] for item in api.get("listShipmentsByComponent", component=code)["itemList"]]

    assert [listed(code) for code in hybrids] == [[made], [made]]
    api.post("updateShipment", shipment=made, shipmentItems=hybrids[1:])
    assert [listed(code) for code in hybrids] == [[], [made]]
    assert api.get("getComponent", component=hybrids[0])["shipmentDestination"] is None
    api.error("POST", "updateShipment", 400, shipment=made, recipient="UCSC")
    api.post("deleteShipment", shipment=made)
    assert api.get("getShipment", shipment=made)["state"] == "deleted"
    assert api.get("getComponent", component=hybrids[0])["shipmentDestination"] is None
    api.post("createShipment", **SHIPMENT, shipmentItems=hybrids)


def test_what_cannot_be_shipped(api: Caller, hybrids: list[str]) -> None:
    def fails(**keys: Any) -> str:
        (key,) = api.error("POST", "createShipment", 400, **(SHIPMENT | keys))
        return key.removeprefix("ucl-itkpd-main/createShipment/")

    assert fails(shipmentItems=[]) == "invalidDtoIn"
    assert fails(shipmentItems=hybrids, recipient="UCSC") == "invalidDtoIn"
    assert fails(shipmentItems=hybrids, type="by camel") == "invalidDtoIn"
    assert fails(shipmentItems=["20USBHX9999999"]) == "componentDoesNotExist"
    assert fails(shipmentItems=hybrids, sender="MPP") == "componentAtDifferentLocation"
    parent = api.post("registerComponent", **HYBRID)["component"]["code"]
    api.post("createDummyChildren", component=parent)
    child = api.get("getComponent", component=parent)["children"][0]["component"]["code"]
    assert fails(shipmentItems=[child]) == "componentIsAssembled"
    api.post("deleteComponent", component=parent)
    assert fails(shipmentItems=[parent]) == "componentIsNotReady"
    api.post("createShipment", **SHIPMENT, shipmentItems=hybrids[:1])
    assert fails(shipmentItems=hybrids) == "componentInTransit"
    assert list(api.error("GET", "getShipment", 400, shipment="0" * 24)) == [
        "ucl-itkpd-main/getShipment/shipmentDaoGetFailed"
    ]


def test_sample_shipments_tell_how_parts_came(api: Caller) -> None:
    chips = api.get(
        "listComponents",
        filterMap={"project": "P", "componentType": ["FE_CHIP"]},
        pageInfo={"pageSize": 60},
    )["itemList"]
    moved = [chip for chip in chips if chip["institution"]["code"] != chip["currentLocation"]["code"]]
    assert moved
    for chip in moved[:10]:
        (shipment,) = api.get("listShipmentsByComponent", component=chip["code"])["itemList"]
        assert shipment["sender"]["code"] == chip["institution"]["code"]
        assert shipment["recipient"]["code"] == chip["currentLocation"]["code"]
        full = api.get("getShipment", shipment=shipment["id"])
        times = [step["dateTime"] for step in full["history"]]
        assert times == sorted(times)
        assert times[0] > chip["cts"]
        assert [question["code"] for question in full["checklist"]["questionList"]] == [
            f"Q{number:02d}" for number in range(1, 16)
        ]
        locations = api.get("getComponent", component=chip["code"])["locations"]
        assert [place["dateTime"] for place in locations] == [chip["cts"], times[-1]]


def test_files_hang_on_shipments_and_batches(api: Caller, hybrids: list[str]) -> None:
    shipment = api.post("createShipment", **SHIPMENT, shipmentItems=hybrids)["id"]
    batch = api.post("createBatch", project="S", batchType="HYBRID_BATCH", number=f"B-{hybrids[0]}")["id"]
    api.post("addBatchComponent", id=batch, component=hybrids[0])
    for kind, owner in (("Shipment", shipment), ("Batch", batch)):
        key = kind.lower()
        fields = {key: owner, "title": "list", "description": "", "type": "file", "url": "list.txt"}
        part = ("list.txt", b"one\ntwo\n", "text/plain")
        answer = api.send("POST", f"create{kind}Attachment", data=fields, files={"data": part})
        assert answer.status_code == 200, answer.text
        code = answer.json()["code"]
        keys = {key: owner, "code": code}
        assert api.send("GET", f"get{kind}Attachment", json=keys).content == b"one\ntwo\n"
        stored = api.send("GET", "uu-app-binarystore/getBinaryData", json={"code": code})
        assert stored.content == b"one\ntwo\n"
        assert api.get("uu-app-binarystore/listBinaries")["itemList"][0]["code"] == code
        api.post(f"delete{kind}Attachment", **keys)
        assert api.send("GET", f"get{kind}Attachment", json=keys).status_code == 400
        gone = api.send("GET", "uu-app-binarystore/getBinaryData", json={"code": code})
        assert gone.status_code == 400


def test_deleted_sample_files_are_gone_everywhere(api: Caller) -> None:
    serial = "20UPGM23700003"
    total = api.get("uu-app-binarystore/listBinaries")["pageInfo"]["total"]
    entry = next(entry for entry in api.attachments(serial) if entry["type"] == "file")
    api.post("deleteComponentAttachment", component=serial, code=entry["code"])
    response = api.send("GET", "uu-app-binarystore/getBinaryData", json={"code": entry["code"]})
    assert response.status_code == 400
    assert api.get("uu-app-binarystore/listBinaries")["pageInfo"]["total"] == total - 1


def test_children_are_where_their_parents_are(api: Caller) -> None:
    for project in ("P", "S"):
        page = api.get(
            "listComponents", filterMap={"project": project}, outputType="full", pageInfo={"pageSize": 3000}
        )
        place = {item["id"]: item["currentLocation"]["code"] for item in page["itemList"]}
        children = [item for item in page["itemList"] if item["parents"] and item["cts"] < "2026"]
        assert children
        for item in children:
            assert item["currentLocation"]["code"] == place[item["parents"][0]["component"]]
            times = [move["dateTime"] for move in item["locations"] or ()]
            assert times == sorted(times)


def test_batches_keep_to_their_rules(api: Caller, hybrids: list[str]) -> None:
    name = f"C-{hybrids[0]}"
    keys = {"project": "S", "batchType": "HYBRID_BATCH", "number": name}
    batch = api.post("createBatch", **keys)["id"]
    assert "batchAlreadyExists" in next(iter(api.error("POST", "createBatch", 400, **keys)))
    wrong = keys | {"batchType": "PIXEL_POPULATED_PCB_BATCH"}
    assert "invalidDtoIn" in next(iter(api.error("POST", "createBatch", 400, **wrong)))
    foreign = api.error("POST", "addBatchComponent", 400, id=batch, component="20UPGM23800001")
    assert "componentProjectMismatch" in next(iter(foreign))
    foreign = api.error("POST", "createBatch", 400, **(keys | {"number": "X"}), components=["20UPGM23800001"])
    assert "componentProjectMismatch" in next(iter(foreign))
    api.post("addBatchComponent", id=batch, component=hybrids[0])
    again = api.error("POST", "addBatchComponent", 400, id=batch, component=hybrids[0])
    assert "componentAlreadyInBatch" in next(iter(again))
    assert [entry["number"] for entry in api.get("getComponent", component=hybrids[0])["batches"]] == [name]
    modules = api.get("listBatches", filterMap={"project": "S", "batchType": ["MODULE_BATCH"]})["itemList"]
    assert modules
    assert {entry["batchType"]["code"] for entry in modules} == {"MODULE_BATCH"}


def test_files_of_the_sample_data(api: Caller) -> None:
    listed = api.get("listShipmentsByInstitution", filterMap={"code": "UCSC", "status": "delivered"})
    wholes = (api.get("getShipment", shipment=item["id"], noEosToken=False) for item in listed["itemList"])
    found = next(whole for whole in wholes if len(whole["attachments"]) == 2)
    packing, photo = found["attachments"]
    keys = {"shipment": found["id"], "code": packing["code"]}
    lines = api.send("GET", "getShipmentAttachment", json=keys).text.splitlines()
    items = api.get("listShipmentItems", shipment=found["id"])["itemList"]
    assert [line.split(",")[1] for line in lines[1:]] == [item["component"]["serialNumber"] for item in items]
    assert found["history"][0]["dateTime"] < packing["dateTime"] < found["history"][1]["dateTime"]
    assert (photo["type"], photo["title"]) == ("eos", "box_on_arrival.jpg")
    picture = api.session.get(photo["url"], timeout=30)
    assert picture.content.startswith(b"\xff\xd8\xff")
    removed = api.post("deleteShipmentAttachment", shipment=found["id"], code=photo["code"])
    assert [entry["code"] for entry in api.get("getShipment", shipment=found["id"])["attachments"]] == [
        packing["code"]
    ]
    left = {entry["name"] for entry in api.control("GET", "state")["orphan_bytes"]}
    assert photo["code"] in left, "its bytes stay until the client deletes them"
    assert removed["token"]
